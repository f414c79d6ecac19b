//! Work on many files at once, with results in the order of the files.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Threads at once: beyond these the disk is what is waited for.
const MOST_THREADS: usize = 8;

/// What `work` gives for each item, in the order of the items, on as many threads as there are cores.
pub(crate) fn side_by_side<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get).min(MOST_THREADS);
    let next = AtomicUsize::new(0);
    let hand = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { return done };
            done.push((at, work(item)));
        }
    };
    let mut done = std::thread::scope(|scope| {
        let hands: Vec<_> = (1..threads.min(items.len())).map(|_| scope.spawn(hand)).collect();
        let mut done = hand();
        for other in hands {
            // A panic in a thread is a panic here.
            done.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        done
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_stand_in_the_order_of_the_items() {
        for count in [0, 1, 2, 1000] {
            let items: Vec<usize> = (0..count).collect();
            let expected: Vec<usize> = items.iter().map(|item| item * 2).collect();
            assert_eq!(side_by_side(&items, |item| item * 2), expected);
        }
    }
}
