//! Searches in a process that serves one client: as many at once as there are cores, and a bound on those that wait.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Error, Place, Searches, Soon};

/// Calls that run or wait; a client that has more under way is not read from until one is answered (see `stdio`).
pub(super) const CALLS: usize = 64;

/// Threads of this process, `cores` at work at once.
pub fn threads(cores: usize) -> Arc<dyn Searches> {
    let semaphore = |places: usize| Arc::new(Semaphore::new(places.clamp(1, Semaphore::MAX_PERMITS)));
    Arc::new(Threads { cores: semaphore(cores), calls: semaphore(CALLS) })
}

struct Threads {
    cores: Arc<Semaphore>,
    calls: Arc<Semaphore>,
}

struct Held {
    cores: Arc<Semaphore>,
    _call: OwnedSemaphorePermit,
}

impl Searches for Threads {
    fn admit(&self, _: bool) -> Soon<'_, Result<Box<dyn Place>, Error>> {
        Box::pin(async {
            let call = Arc::clone(&self.calls).try_acquire_owned().map_err(|_| Error::Busy)?;
            Ok(Box::new(Held { cores: Arc::clone(&self.cores), _call: call }) as Box<dyn Place>)
        })
    }
}

impl Place for Held {
    fn run(&self, job: Box<dyn FnOnce() + Send>) -> Soon<'_, Result<(), Error>> {
        Box::pin(async {
            let core = Arc::clone(&self.cores).acquire_owned().await.map_err(|_| Error::Failed)?;
            let work = tokio::task::spawn_blocking(move || {
                // Held by the work itself: it goes on where nobody waits for it any more.
                let _core = core;
                job();
            });
            work.await.map_err(|_| Error::Failed)
        })
    }
}
