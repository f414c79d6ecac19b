//! Passages that were read lately: most claims of a batch find passages that another claim found, and decoding a stored
//! record takes longer than ranking it.
//!
//! Two generations, each of bounded size: what is asked for moves to the young one; when that is full the old one is
//! dropped. A snapshot never changes, so nothing here grows stale.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::passage::Passage;

/// Bytes of text that one generation holds.
const MOST: usize = 16 << 20;
/// What a passage takes beside its text, in bytes, by estimate.
const BESIDE: usize = 1 << 10;

/// Passages by row, the lately read ones.
#[derive(Default)]
pub(super) struct Recent {
    kept: RwLock<Generations>,
}

#[derive(Default)]
struct Generations {
    young: HashMap<u32, Arc<Passage>>,
    old: HashMap<u32, Arc<Passage>>,
    bytes: usize,
}

impl Recent {
    /// The passages of some rows, in their order; what is not here is read, and kept.
    pub(super) fn of<E>(&self, rows: &[u32], read: impl Fn(u32) -> Result<Passage, E>) -> Result<Vec<Arc<Passage>>, E> {
        let known: Vec<Option<(Arc<Passage>, bool)>> = {
            let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
            rows.iter().map(|row| kept.find(*row)).collect()
        };
        let mut fresh = Vec::new();
        let mut passages = Vec::with_capacity(rows.len());
        for (row, known) in rows.iter().zip(known) {
            let (passage, is_young) = match known {
                Some(known) => known,
                None => (Arc::new(read(*row)?), false),
            };
            if !is_young {
                fresh.push((*row, Arc::clone(&passage)));
            }
            passages.push(passage);
        }
        if !fresh.is_empty() {
            let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
            fresh.into_iter().for_each(|(row, passage)| kept.keep(row, passage, MOST));
        }
        Ok(passages)
    }
}

impl Generations {
    /// The passage of a row, and whether it is young.
    fn find(&self, row: u32) -> Option<(Arc<Passage>, bool)> {
        let young = self.young.get(&row).map(|passage| (passage, true));
        let (passage, is_young) = young.or_else(|| self.old.get(&row).map(|passage| (passage, false)))?;
        Some((Arc::clone(passage), is_young))
    }

    fn keep(&mut self, row: u32, passage: Arc<Passage>, most: usize) {
        let bytes = passage.text().len() + BESIDE;
        if self.bytes + bytes > most {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        if self.young.insert(row, passage).is_none() {
            self.bytes += bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::document::{Builder, Limits};
    use crate::passage::passage_of_whole;

    fn passage(row: u32) -> Passage {
        let mut builder = Builder::new("test/1", &Limits::default());
        builder.paragraph(&format!("Passage of row {row}."));
        passage_of_whole(&builder.finish(), &"a@1".parse().expect("an id")).expect("a passage")
    }

    #[test]
    fn a_row_is_read_once_and_rows_keep_their_order() {
        let (recent, read) = (Recent::default(), RefCell::new(Vec::new()));
        let ask = |rows: &[u32]| {
            let passages = recent.of(rows, |row| {
                read.borrow_mut().push(row);
                Ok::<_, ()>(passage(row))
            });
            let texts: Vec<String> = passages.expect("readable").iter().map(|one| one.text().to_owned()).collect();
            assert_eq!(texts, rows.iter().map(|row| passage(*row).text().to_owned()).collect::<Vec<_>>());
        };
        ask(&[3, 1]);
        ask(&[1, 2, 3, 1]);
        assert_eq!(*read.borrow(), [3, 1, 2]);
        assert_eq!(recent.of(&[9], |_| Err("damaged")).map(|_| ()), Err("damaged"));
    }

    #[test]
    fn what_is_kept_is_bounded_and_what_is_asked_for_again_stays() {
        let mut kept = Generations::default();
        let most = 10 * (BESIDE + 100);
        for row in 0..1_000 {
            kept.keep(row, Arc::new(passage(row)), most);
            if let Some((first, is_young)) = kept.find(0)
                && !is_young
            {
                kept.keep(0, first, most);
            }
            assert!(kept.young.len() + kept.old.len() <= 22);
        }
        assert!(kept.find(0).is_some() && kept.find(999).is_some() && kept.find(500).is_none());
    }
}
