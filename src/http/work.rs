//! The gate in front of the searches: as many at once as there are cores, a short queue, and a plain "busy" beyond it.
//!
//! Searches are ordinary code that keeps a core; they run on threads of their own so that accepting and answering go on.
//! A thread takes its next piece of work straight from the queue: were it handed over by the async runtime, a flood of
//! refused calls would stand between two searches. A call is admitted once and then runs its items one by one, so a
//! batch never holds up a single claim by more than one item. What is searched is none of this module's business.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::problem::{Kind, Problem};

/// One piece of work.
type Job = Box<dyn FnOnce() + Send>;

/// Admits calls and runs their work.
#[derive(Clone, Debug)]
pub struct Gate {
    jobs: Sender<Job>,
    calls: Arc<Semaphore>,
    batches: Arc<Semaphore>,
    batches_at_work: Arc<Semaphore>,
    streams: Arc<Semaphore>,
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

/// A call that was admitted; its place is free again when it is dropped.
#[derive(Debug)]
pub struct Admitted {
    jobs: Sender<Job>,
    _place: OwnedSemaphorePermit,
    _at_work: Option<OwnedSemaphorePermit>,
}

impl Gate {
    /// A gate that runs `cores` pieces of work at once.
    ///
    /// The threads end when the gate and all that it admitted are dropped.
    pub fn new(cores: usize, places: Places) -> Gate {
        let (jobs, queue) = channel();
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..cores.max(1) {
            let queue = Arc::clone(&queue);
            if let Err(error) = thread::Builder::new().name("search".to_owned()).spawn(move || work(&queue)) {
                tracing::error!(%error, "a search thread cannot be started");
            }
        }
        let semaphore = |places: usize| Arc::new(Semaphore::new(places.clamp(1, Semaphore::MAX_PERMITS)));
        Gate {
            jobs,
            calls: semaphore(places.calls),
            batches: semaphore(places.batches),
            batches_at_work: semaphore(places.batches_at_work),
            streams: semaphore(places.streams),
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

    fn place(&self, places: &Arc<Semaphore>, full: &str) -> Result<Admitted, Problem> {
        let place = Arc::clone(places).try_acquire_owned().map_err(|_| Problem::new(Kind::Busy, full))?;
        Ok(Admitted { jobs: self.jobs.clone(), _place: place, _at_work: None })
    }
}

/// Takes jobs until no one is left who could send one.
fn work(queue: &Mutex<Receiver<Job>>) {
    loop {
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        // A panic ends one answer, not the thread; what it says may quote the claim and stays in the panic hook's output.
        let _ = catch_unwind(AssertUnwindSafe(job));
    }
}

impl Admitted {
    /// Runs one piece of work when a core is free.
    ///
    /// # Errors
    /// [`Kind::Internal`] where it panics; the service goes on.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let (done, result) = oneshot::channel();
        let job = Box::new(move || {
            // Nobody waits for a client that has gone away in the meantime.
            if !done.is_closed() {
                let _ = done.send(work());
            }
        });
        self.jobs.send(job).map_err(|_| Problem::internal("there are no search threads"))?;
        result.await.map_err(|_| Problem::internal("a search panicked"))
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
}
