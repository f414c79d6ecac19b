//! The gate in front of the searches: as many at once as there are cores, a short queue, and a plain "busy" beyond it.
//!
//! Searches are ordinary code that keeps a core; they run on the blocking threads so that accepting and answering go
//! on. A call is admitted once and then runs its items one by one, so a batch never holds up a single claim by more
//! than one item. What is searched is none of this module's business.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::problem::{Kind, Problem};

/// Admits calls and runs their work.
#[derive(Clone, Debug)]
pub struct Gate {
    running: Arc<Semaphore>,
    calls: Arc<Semaphore>,
    streams: Arc<Semaphore>,
}

/// A call that was admitted; its place is free again when it is dropped.
#[derive(Debug)]
pub struct Admitted {
    running: Arc<Semaphore>,
    _place: OwnedSemaphorePermit,
}

impl Gate {
    /// A gate that runs `cores` pieces of work at once and admits `calls` calls and `streams` streams.
    pub fn new(cores: usize, calls: usize, streams: usize) -> Gate {
        let semaphore = |places: usize| Arc::new(Semaphore::new(places.clamp(1, Semaphore::MAX_PERMITS)));
        Gate { running: semaphore(cores), calls: semaphore(calls), streams: semaphore(streams) }
    }

    /// Admits a call that waits for its whole answer.
    ///
    /// # Errors
    /// [`Kind::Busy`] at once where the queue is full.
    pub fn admit(&self) -> Result<Admitted, Problem> {
        self.place(&self.calls, "The queue of searches is full. Try again in a moment.")
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
        Ok(Admitted { running: Arc::clone(&self.running), _place: place })
    }
}

impl Admitted {
    /// Runs one piece of work when a core is free.
    ///
    /// # Errors
    /// [`Kind::Internal`] where it panics; the service goes on.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let core = Arc::clone(&self.running).acquire_owned().await.map_err(Problem::internal)?;
        let task = tokio::task::spawn_blocking(move || {
            let result = work();
            // Released here and not by the waiting call: a client that goes away must not free a core that is in use.
            drop(core);
            result
        });
        // What a panic says may quote the claim; that it happened and where is in the panic hook's output.
        task.await.map_err(|_| Problem::internal("a search panicked"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_queue_is_said_at_once() {
        let gate = Gate::new(1, 1, 1);
        let first = gate.admit().expect("a place");
        assert_eq!(gate.admit().expect_err("full").kind(), Kind::Busy);
        assert!(gate.admit_stream().is_ok(), "streams have their own places");
        drop(first);
        assert!(gate.admit().is_ok());
    }

    #[tokio::test]
    async fn a_panic_frees_its_core() {
        let call = Gate::new(1, 1, 1).admit().expect("a place");
        let result = call.run(|| std::panic::panic_any("a fault that the test wants")).await;
        assert_eq!(result.map(|(): ()| ()).expect_err("a problem").kind(), Kind::Internal);
        assert_eq!(call.run(|| 1).await.expect("runs"), 1);
    }
}
