//! How far reading may run ahead of writing, in bytes.
//!
//! Documents are written in the order of their ids. While one is read slowly, those after it wait in memory; a few
//! megabytes of them may, so that one slow document stops nobody, and no more, so that memory stays bounded.

use std::sync::{Condvar, Mutex, PoisonError};

/// Bytes that may wait before readers pause.
const MOST: usize = 8 << 20;

/// Counts what was read and not yet written.
#[derive(Debug, Default)]
pub(super) struct Backlog {
    held: Mutex<Held>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Held {
    bytes: usize,
    closed: bool,
}

/// Closes the backlog when dropped.
pub(super) struct Closing<'a>(&'a Backlog);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.change(|held| held.closed = true);
    }
}

impl Backlog {
    /// Waits until there is room, or nothing will be written any more.
    ///
    /// Called before a document is taken up, never between taking and handing over: documents are taken up in order, so
    /// the one that all others wait for is always on its way.
    pub(super) fn wait_for_room(&self) {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.changed.wait_while(held, |held| held.bytes >= MOST && !held.closed));
    }

    pub(super) fn add(&self, bytes: usize) {
        self.change(|held| held.bytes += bytes);
    }

    pub(super) fn remove(&self, bytes: usize) {
        self.change(|held| held.bytes = held.bytes.saturating_sub(bytes));
    }

    pub(super) fn closing(&self) -> Closing<'_> {
        Closing(self)
    }

    fn change(&self, change: impl FnOnce(&mut Held)) {
        change(&mut self.held.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;

    /// Whether a thread that waits for room goes on, at once or after `act`.
    fn check(waiting: usize, act: fn(&Backlog), expected: (bool, bool)) {
        let backlog = Backlog::default();
        backlog.add(waiting);
        std::thread::scope(|scope| {
            let (told, room) = channel();
            let waits = &backlog;
            scope.spawn(move || {
                waits.wait_for_room();
                told.send(()).expect("somebody listens");
            });
            let at_once = room.recv_timeout(Duration::from_millis(100)).is_ok();
            act(&backlog);
            let later = at_once || room.recv_timeout(Duration::from_secs(5)).is_ok();
            assert_eq!((at_once, later), expected, "{waiting} bytes");
        });
    }

    #[test]
    fn readers_pause_while_much_waits_and_never_for_ever() {
        check(MOST - 1, |_| {}, (true, true));
        check(MOST, |backlog| backlog.remove(1), (false, true));
        check(2 * MOST, |backlog| drop(backlog.closing()), (false, true));
    }
}
