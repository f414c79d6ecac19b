//! How a build makes vectors: those of a network side by side, each only once, and counted for whoever waits.
//!
//! Documents are prepared by several threads at once, and one document may have most of the passages. So the cores are
//! shared by slots: a thread takes one for the passages of its document, and whatever is free helps it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::Error;
use super::cache::{self, Cache};
use super::vectors::context;
use crate::meaning::{Encoder, Matrix};
use crate::passage::Passage;

/// How far the vectors of a build are.
#[derive(Debug, Default)]
pub struct Tally {
    documents: AtomicUsize,
    found: AtomicUsize,
    kept: AtomicUsize,
    computed: AtomicUsize,
    began: OnceLock<Instant>,
    announced: AtomicUsize,
}

/// The tally at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Vectors that were computed.
    pub computed: usize,
    /// Vectors that were there already.
    pub kept: usize,
    /// Vectors in all, as far as can be told by now.
    pub expected: usize,
    /// The time that is left, as far as can be told.
    pub left: Option<Duration>,
}

impl Tally {
    /// Says beforehand how many passages there are, each with a vector; without, that is told from the documents so far.
    pub fn announce(&self, passages: usize) {
        self.announced.store(passages, Ordering::Relaxed);
    }

    /// How far it is with `documents` in all, of which `done` are done; `None` where no network is at work.
    pub fn progress(&self, documents: usize, done: usize) -> Option<Progress> {
        let load = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        let (found, kept, computed, met) =
            (load(&self.found), load(&self.kept), load(&self.computed), load(&self.documents));
        if found == 0 {
            return None;
        }
        // Documents to come have as many passages as those that are known.
        let to_come = documents.saturating_sub(met.max(done));
        let expected = (found + to_come * found / met.max(1)).max(load(&self.announced));
        let open = expected.saturating_sub(kept + computed);
        let each =
            self.began.get().filter(|_| computed > 0).map(|began| began.elapsed().as_secs_f64() / computed as f64);
        let left = each.map(|each| Duration::from_secs_f64(each * open as f64));
        Some(Progress { computed, kept, expected, left })
    }
}

/// The encoders of a build.
#[derive(Debug)]
pub struct Encoding {
    encoders: Vec<(Arc<dyn Encoder>, Option<Cache>)>,
    slots: Slots,
    tally: Arc<Tally>,
}

impl Encoding {
    /// These encoders; what a costly one makes is kept below `caches`.
    pub(super) fn new(encoders: &[Arc<dyn Encoder>], caches: Option<&Path>, tally: Arc<Tally>) -> Encoding {
        let cache = |one: &dyn Encoder| caches.filter(|_| one.is_costly()).map(|root| Cache::open(root, one));
        let encoders = encoders.iter().map(|one| (Arc::clone(one), cache(one.as_ref()))).collect();
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Encoding { encoders, slots: Slots::new(cores), tally }
    }

    /// How far it is.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The encoders, in their order.
    pub fn encoders(&self) -> impl Iterator<Item = &Arc<dyn Encoder>> {
        self.encoders.iter().map(|(encoder, _)| encoder)
    }

    /// The vectors of the passages of a document with this title, by the encoder of a place.
    pub(super) fn matrix(&self, at: usize, title: &str, passages: &[&Passage]) -> Result<Matrix, Error> {
        let Some((encoder, cache)) = self.encoders.get(at) else { return Ok(Matrix::new(1)?) };
        let encoder = encoder.as_ref();
        let row = |passage: &Passage| -> Result<Matrix, Error> {
            let mut row = Matrix::new(encoder.dimensions())?;
            row.push(&encoder.passage(&context(title, passage), passage.text())?)?;
            Ok(row)
        };
        let mut matrix = Matrix::new(encoder.dimensions())?;
        if !encoder.is_costly() {
            for passage in passages {
                matrix.append(&row(passage)?)?;
            }
            return Ok(matrix);
        }
        let mut rows = self.known(encoder, cache.as_ref(), title, passages);
        let open: Vec<usize> = (0..passages.len()).filter(|at| !rows.contains_key(at)).collect();
        let computed = self.slots.side_by_side(&open, |at| {
            let Some(passage) = passages.get(at) else { return Matrix::new(encoder.dimensions()).map_err(Error::from) };
            self.tally.began.get_or_init(Instant::now);
            let row = row(passage)?;
            if let Some(cache) = cache {
                cache.keep(cache::key(encoder, &context(title, passage), passage.text()), &row);
            }
            self.tally.computed.fetch_add(1, Ordering::Relaxed);
            Ok(row)
        })?;
        rows.extend(computed);
        for row in rows.values() {
            matrix.append(row)?;
        }
        Ok(matrix)
    }

    /// The rows that are kept, by the place of their passage.
    fn known(
        &self,
        encoder: &dyn Encoder,
        cache: Option<&Cache>,
        title: &str,
        passages: &[&Passage],
    ) -> BTreeMap<usize, Matrix> {
        let found = |passage: &Passage| {
            cache?.find(&cache::key(encoder, &context(title, passage), passage.text()), encoder.dimensions())
        };
        let rows: BTreeMap<usize, Matrix> =
            passages.iter().enumerate().filter_map(|(at, passage)| Some((at, found(passage)?))).collect();
        self.tally.kept.fetch_add(rows.len(), Ordering::Relaxed);
        self.tally.found.fetch_add(passages.len(), Ordering::Relaxed);
        self.tally.documents.fetch_add(1, Ordering::Relaxed);
        rows
    }
}

/// How many threads may compute at once.
#[derive(Debug)]
struct Slots {
    free: Mutex<usize>,
    changed: Condvar,
}

/// The right to compute, given back when dropped.
struct Slot<'a>(&'a Slots);

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.changed.notify_one();
    }
}

impl Slots {
    fn new(count: usize) -> Slots {
        Slots { free: Mutex::new(count.max(1)), changed: Condvar::new() }
    }

    /// Waits for a slot.
    fn take(&self) -> Slot<'_> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self.changed.wait_while(free, |free| *free == 0).unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
        Slot(self)
    }

    /// A slot, where one is free.
    fn try_take(&self) -> Option<Slot<'_>> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        *free = free.checked_sub(1)?;
        Some(Slot(self))
    }

    /// What `work` gives for each item, with the item: by this thread, and by as many more as there are slots for, also
    /// those that become free meanwhile. The first failure ends it.
    fn side_by_side<R: Send>(
        &self,
        items: &[usize],
        work: impl Fn(usize) -> Result<R, Error> + Sync,
    ) -> Result<Vec<(usize, R)>, Error> {
        if items.is_empty() {
            return Ok(Vec::new());
        }
        let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
        let one = || -> Option<Result<(usize, R), Error>> {
            let item = *items.get(next.fetch_add(1, Ordering::Relaxed)).filter(|_| !failed.load(Ordering::Relaxed))?;
            let result = work(item).map(|result| (item, result));
            failed.fetch_or(result.is_err(), Ordering::Relaxed);
            Some(result)
        };
        let hand = |slot: Slot<'_>| {
            let done: Vec<_> = std::iter::from_fn(&one).collect();
            drop(slot);
            done
        };
        let own = self.take();
        let all = std::thread::scope(|scope| {
            let (mut hands, mut done) = (Vec::new(), Vec::new());
            loop {
                while next.load(Ordering::Relaxed) + 1 < items.len()
                    && let Some(slot) = self.try_take()
                {
                    hands.push(scope.spawn(|| hand(slot)));
                }
                let Some(result) = one() else { break };
                done.push(result);
            }
            drop(own);
            for hand in hands {
                // A panic in a thread is a panic here.
                done.extend(hand.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
            done
        });
        all.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_worked_on_once_with_any_number_of_slots() {
        for (slots, count) in [(1, 5), (2, 1), (4, 100), (16, 3), (3, 0)] {
            let slots = Slots::new(slots);
            let items: Vec<usize> = (0..count).collect();
            let (busy, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
            let free = *slots.free.lock().expect("a lock");
            let found = slots.side_by_side(&items, |at| {
                most.fetch_max(busy.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::yield_now();
                busy.fetch_sub(1, Ordering::SeqCst);
                Ok(at * 2)
            });
            let found: BTreeMap<usize, usize> = found.expect("no failure").into_iter().collect();
            assert_eq!(found, items.iter().map(|at| (*at, at * 2)).collect());
            assert!(most.into_inner() <= free);
            assert_eq!(*slots.free.lock().expect("a lock"), free, "every slot came back");
        }
    }

    #[test]
    fn the_first_failure_ends_the_work() {
        let slots = Slots::new(2);
        let items: Vec<usize> = (0..1_000).collect();
        let done = AtomicUsize::new(0);
        let failed = slots.side_by_side(&items, |at| {
            done.fetch_add(1, Ordering::Relaxed);
            if at == 3 { Err(Error::Busy("here".into())) } else { Ok(()) }
        });
        assert!(matches!(failed, Err(Error::Busy(_))));
        assert!(done.into_inner() < 1_000);
        assert_eq!(*slots.free.lock().expect("a lock"), 2);
    }

    #[test]
    fn what_is_left_is_told_from_what_is_known() {
        let tally = Tally::default();
        assert_eq!(tally.progress(10, 0), None);
        tally.documents.store(2, Ordering::Relaxed);
        tally.found.store(20, Ordering::Relaxed);
        tally.kept.store(5, Ordering::Relaxed);
        let expected = Progress { computed: 0, kept: 5, expected: 100, left: None };
        assert_eq!(tally.progress(10, 1), Some(expected));
        tally.computed.store(15, Ordering::Relaxed);
        tally.began.set(Instant::now()).expect("not yet");
        let progress = tally.progress(10, 8).expect("progress");
        assert_eq!((progress.computed, progress.expected), (15, 40));
        assert!(progress.left.is_some());
        assert_eq!(tally.progress(2, 2).and_then(|progress| progress.left), Some(Duration::ZERO));
    }
}
