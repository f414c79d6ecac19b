//! Threads that search, and the order in which they do: callers take turns.
//!
//! Each caller has a queue of its own, and the queues are served one piece of work at a time, round and round. So a
//! caller with hundreds of claims under way waits for its own, and another's single claim waits for at most one piece of
//! work of each caller that is busy.

use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use super::limits::Caller;

/// One piece of work.
type Job = Box<dyn FnOnce() + Send>;

/// The queues and the threads that empty them. The threads end when this is dropped and the queues are empty.
#[derive(Debug)]
pub(super) struct Turns(Arc<Shared>);

#[derive(Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    more: Condvar,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shared")
    }
}

#[derive(Default)]
struct Waiting {
    /// Callers with work, each once, the next one first.
    callers: VecDeque<Caller>,
    /// Their work; none of the queues is empty.
    jobs: HashMap<Caller, VecDeque<Job>>,
    closed: bool,
}

impl Waiting {
    fn put(&mut self, caller: &Caller, job: Job) {
        match self.jobs.get_mut(caller) {
            Some(queue) => queue.push_back(job),
            None => {
                self.jobs.insert(caller.clone(), VecDeque::from([job]));
                self.callers.push_back(caller.clone());
            }
        }
    }

    /// The next piece of work; its caller goes to the end of the round.
    fn take(&mut self) -> Option<Job> {
        let caller = self.callers.pop_front()?;
        let queue = self.jobs.get_mut(&caller)?;
        let job = queue.pop_front();
        if queue.is_empty() {
            self.jobs.remove(&caller);
        } else {
            self.callers.push_back(caller);
        }
        job
    }
}

impl Turns {
    /// Starts so many threads, at least one.
    pub(super) fn start(threads: usize) -> Turns {
        let shared = Arc::new(Shared::default());
        for _ in 0..threads.max(1) {
            let shared = Arc::clone(&shared);
            if let Err(error) = thread::Builder::new().name("search".to_owned()).spawn(move || shared.work()) {
                tracing::error!(%error, "a search thread cannot be started");
            }
        }
        Turns(shared)
    }

    /// Has a piece of work done when it is its caller's turn. What it says when it panics goes nowhere.
    pub(super) fn wait_for(&self, caller: &Caller, job: impl FnOnce() + Send + 'static) {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner).put(caller, Box::new(job));
        self.0.more.notify_one();
    }
}

impl Drop for Turns {
    fn drop(&mut self) {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.0.more.notify_all();
    }
}

impl Shared {
    /// Does work until there is none and never will be.
    fn work(&self) {
        while let Some(job) = self.next() {
            // A panic ends one answer, not the thread; what it says may quote the claim and stays in the panic hook's output.
            let _ = catch_unwind(AssertUnwindSafe(job));
        }
    }

    fn next(&self) -> Option<Job> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(job) = waiting.take() {
                return Some(job);
            }
            if waiting.closed {
                return None;
            }
            waiting = self.more.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    fn caller(last: u8) -> Caller {
        Caller::at(std::net::IpAddr::from([192, 0, 2, last]))
    }

    #[test]
    fn callers_take_turns() {
        let turns = Turns::start(1);
        let (begin, begun) = mpsc::channel::<()>();
        // Holds the one thread until everything is in the queues.
        turns.wait_for(&Caller::Nobody, move || {
            let _ = begun.recv();
        });
        let (say, said) = mpsc::channel();
        for (who, number) in [(1, 0), (1, 1), (1, 2), (1, 3), (2, 0), (3, 0), (2, 1)] {
            let say = say.clone();
            turns.wait_for(&caller(who), move || {
                let _ = say.send((who, number));
            });
        }
        drop((say, begin));
        let order: Vec<(u8, u8)> = said.iter().collect();
        assert_eq!(order, [(1, 0), (2, 0), (3, 0), (1, 1), (2, 1), (1, 2), (1, 3)]);
    }

    #[test]
    fn what_waits_is_still_done_when_the_last_owner_goes() {
        let turns = Turns::start(2);
        let (say, said) = mpsc::channel();
        for number in 0..100 {
            let say = say.clone();
            turns.wait_for(&caller(1), move || {
                if number % 10 == 3 {
                    // As a panic, without the lines that a panic prints.
                    std::panic::resume_unwind(Box::new("a fault that the test wants"));
                }
                let _ = say.send(number);
            });
        }
        drop((turns, say));
        assert_eq!(said.iter().count(), 90, "a panic ends its own work alone");
    }
}
