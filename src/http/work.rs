//! The gate in front of the searches: as many at once as there are cores, a short queue, and a plain "busy" beyond it.
//!
//! Searches are ordinary code that keeps a core; they run on threads of their own so that accepting and answering go on.
//! A thread takes its next piece of work straight from the queue ([`super::turns`]): were it handed over by the async
//! runtime, a flood of refused calls would stand between two searches. A call is admitted once and then has a few of its
//! items under way, so that no core rests and a batch never holds up a single claim by more than these. Callers take turns,
//! and no single one may have the last quarter of the places, so whoever sends much waits for themselves. What is searched
//! is none of this module's business.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::limits::Caller;
use super::problem::{Kind, Problem};
use super::turns::Turns;

/// Items of one call under way for each core: one that is being answered, and one that is next, so that no core rests while
/// the first of them takes long.
const UNDER_WAY: usize = 2;

tokio::task_local! {
    /// Whose request a task answers. The guard sets it, so that every surface that asks for a place is told apart
    /// without a word of its own.
    static CALLER: Caller;
}

/// Answers a request as this caller's.
pub(super) async fn on_behalf_of<F: Future>(caller: Caller, answering: F) -> F::Output {
    CALLER.scope(caller, answering).await
}

/// Admits calls and runs their work.
#[derive(Clone, Debug)]
pub struct Gate {
    turns: Arc<Turns>,
    cores: usize,
    calls: Pool,
    batches: Pool,
    batches_at_work: Arc<Semaphore>,
    streams: Pool,
}

/// How many calls of each form are admitted.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    /// Calls with one claim, running or waiting.
    pub calls: usize,
    /// Batches, running or waiting.
    pub batches: usize,
    /// Batches that run at once: each holds its results until the last is there.
    pub batches_at_work: usize,
    /// Streams.
    pub streams: usize,
}

/// Places of one form, and how many of them each caller has.
#[derive(Clone, Debug)]
struct Pool {
    free: Arc<Semaphore>,
    held: Arc<Mutex<HashMap<Caller, usize>>>,
    /// What one caller may hold of them.
    share: usize,
}

/// A place of a pool; free again when it is dropped.
#[derive(Debug)]
struct Place {
    caller: Caller,
    held: Arc<Mutex<HashMap<Caller, usize>>>,
    _free: OwnedSemaphorePermit,
}

impl Pool {
    fn new(places: usize) -> Pool {
        let places = places.clamp(1, Semaphore::MAX_PERMITS);
        Pool { free: Arc::new(Semaphore::new(places)), held: Arc::default(), share: places - places / 4 }
    }

    fn take(&self, caller: &Caller, full: &str) -> Result<Place, Problem> {
        let busy = |detail: &str| Problem::new(Kind::Busy, detail);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        // Work without a caller is our own, and is not shared out.
        if *caller != Caller::Nobody && held.get(caller).is_some_and(|held| *held >= self.share) {
            return Err(busy("Too many calls of this caller wait already. Try again in a moment."));
        }
        let free = Arc::clone(&self.free).try_acquire_owned().map_err(|_| busy(full))?;
        *held.entry(caller.clone()).or_default() += 1;
        Ok(Place { caller: caller.clone(), held: Arc::clone(&self.held), _free: free })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&self.caller) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                held.remove(&self.caller);
            }
        }
    }
}

/// A call that was admitted; its place is free again when it is dropped.
#[derive(Debug)]
pub struct Admitted {
    turns: Arc<Turns>,
    at_once: usize,
    place: Place,
    _at_work: Option<OwnedSemaphorePermit>,
}

impl Gate {
    /// A gate that runs `cores` pieces of work at once.
    ///
    /// The threads end when the gate and all that it admitted are dropped.
    pub fn new(cores: usize, places: Places) -> Gate {
        Gate {
            turns: Arc::new(Turns::start(cores)),
            cores: cores.max(1),
            calls: Pool::new(places.calls),
            batches: Pool::new(places.batches),
            batches_at_work: Arc::new(Semaphore::new(places.batches_at_work.clamp(1, Semaphore::MAX_PERMITS))),
            streams: Pool::new(places.streams),
        }
    }

    /// Admits a call that waits for its whole answer.
    ///
    /// # Errors
    /// [`Kind::Busy`] at once where the queue is full.
    pub fn admit(&self) -> Result<Admitted, Problem> {
        self.place(&self.calls, "The queue of searches is full. Try again in a moment.")
    }

    /// Admits a batch, which waits here until few enough others are at work.
    ///
    /// # Errors
    /// [`Kind::Busy`] at once where too many wait already.
    pub async fn admit_batch(&self) -> Result<Admitted, Problem> {
        let mut batch = self.place(&self.batches, "The queue of batches is full. Try again in a moment.")?;
        let at_work = Arc::clone(&self.batches_at_work).acquire_owned().await.map_err(Problem::internal)?;
        batch._at_work = Some(at_work);
        Ok(batch)
    }

    /// Admits a stream, which has one piece of work at a time and may last.
    ///
    /// # Errors
    /// [`Kind::Busy`] at once where there are too many.
    pub fn admit_stream(&self) -> Result<Admitted, Problem> {
        self.place(&self.streams, "Too many streams are open. Try again later, or send a batch.")
    }

    fn place(&self, pool: &Pool, full: &str) -> Result<Admitted, Problem> {
        let caller = CALLER.try_with(Caller::clone).unwrap_or(Caller::Nobody);
        let place = pool.take(&caller, full)?;
        Ok(Admitted { turns: Arc::clone(&self.turns), at_once: UNDER_WAY * self.cores, place, _at_work: None })
    }
}

impl Admitted {
    /// Runs one piece of work when a core is free.
    ///
    /// # Errors
    /// [`Kind::Internal`] where it panics; the service goes on.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        self.begin(work).result().await
    }

    /// How many pieces of work it may have under way.
    pub(super) fn at_once(&self) -> usize {
        self.at_once
    }

    /// Runs pieces of work, several at once, and hands over what they give in their order.
    ///
    /// # Errors
    /// The first one that `take` gives; what is not begun then stays undone. A piece that panics is handed over as
    /// [`Kind::Internal`].
    pub(super) async fn in_order<T: Send + 'static, W: FnOnce() -> T + Send + 'static>(
        &self,
        pieces: impl IntoIterator<Item = W>,
        mut take: impl FnMut(usize, Result<T, Problem>) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let mut pieces = pieces.into_iter();
        let mut under_way = VecDeque::with_capacity(self.at_once);
        for at in 0.. {
            let free = self.at_once - under_way.len();
            under_way.extend(pieces.by_ref().take(free).map(|piece| self.begin(piece)));
            let Some(next) = under_way.pop_front() else { break };
            take(at, next.result().await)?;
        }
        Ok(())
    }

    /// Puts one piece of work into the queue, for callers that have several under way.
    pub(super) fn begin<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Begun<T> {
        let (done, result) = oneshot::channel();
        self.turns.wait_for(&self.place.caller, move || {
            // Nobody waits for a client that has gone away in the meantime.
            if !done.is_closed() {
                let _ = done.send(work());
            }
        });
        Begun(result)
    }
}

/// A piece of work in the queue; not begun any more once this is dropped.
#[derive(Debug)]
pub(super) struct Begun<T>(oneshot::Receiver<T>);

impl<T> Begun<T> {
    /// Waits for it.
    ///
    /// # Errors
    /// As [`Admitted::run`].
    pub(super) async fn result(self) -> Result<T, Problem> {
        self.0.await.map_err(|_| Problem::internal("a search panicked"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Places = Places { calls: 1, batches: 1, batches_at_work: 1, streams: 1 };

    #[tokio::test]
    async fn a_full_queue_is_said_at_once() {
        let gate = Gate::new(1, ONE);
        let first = gate.admit().expect("a place");
        assert_eq!(gate.admit().expect_err("full").kind(), Kind::Busy);
        assert!(gate.admit_stream().is_ok(), "streams have their own places");
        assert!(gate.admit_batch().await.is_ok(), "and so have batches");
        drop(first);
        assert!(gate.admit().is_ok());
    }

    #[tokio::test]
    async fn a_panic_frees_its_core() {
        let call = Gate::new(1, ONE).admit().expect("a place");
        let result = call.run(|| std::panic::panic_any("a fault that the test wants")).await;
        assert_eq!(result.map(|(): ()| ()).expect_err("a problem").kind(), Kind::Internal);
        assert_eq!(call.run(|| 1).await.expect("runs"), 1);
    }

    #[tokio::test]
    async fn pieces_run_side_by_side_and_are_told_in_order() {
        let call = Gate::new(2, ONE).admit().expect("a place");
        let (release, held) = std::sync::mpsc::channel::<()>();
        let held = Arc::new(Mutex::new(Some(held)));
        let pieces = (0..9).map(|at| {
            let (release, held) = (release.clone(), Arc::clone(&held));
            move || match at {
                // The first waits for the second: on one thread neither would end.
                0 => drop(held.lock().expect("whole").take().map(|held| held.recv())),
                1 => drop(release.send(())),
                5 => std::panic::panic_any("a fault that the test wants"),
                _ => {}
            }
        });
        let mut told = Vec::new();
        call.in_order(pieces, |at, done| {
            told.push((at, done.is_ok()));
            Ok(())
        })
        .await
        .expect("told");
        assert_eq!(told, (0..9).map(|at| (at, at != 5)).collect::<Vec<_>>());
        let first = call.in_order([|| 1, || 2], |_, _| Err(Problem::new(Kind::Busy, "enough"))).await;
        assert_eq!(first.expect_err("the first").kind(), Kind::Busy);
    }

    #[tokio::test]
    async fn no_caller_can_have_every_place() {
        let gate = Gate::new(1, Places { calls: 8, ..ONE });
        let admit = |last: u8| {
            let caller = Caller::at(std::net::IpAddr::from([192, 0, 2, last]));
            let gate = gate.clone();
            on_behalf_of(caller, async move { gate.admit() })
        };
        let mut greedy = Vec::new();
        for _ in 0..6 {
            greedy.push(admit(1).await.expect("a place"));
        }
        assert_eq!(admit(1).await.expect_err("its share is taken").kind(), Kind::Busy);
        let other = admit(2).await.expect("a place for another");
        greedy.pop();
        assert!(admit(1).await.is_ok(), "given back");
        drop((other, greedy));
        assert!(gate.calls.held.lock().expect("whole").is_empty(), "nobody is remembered");
    }
}
