//! Changed forms of claims beside the plain ones: what does another wording of the same claim cost?

use std::collections::{BTreeMap, BTreeSet};

use super::{Changed, GoldClaim, Report, Split, measure};
use crate::eval::Error;
use crate::eval::compare::Difference;
use crate::eval::figures::{Figure, Row};
use crate::eval::saved::differences;
use crate::index::Snapshot;

/// Claims that were changed in one way.
#[derive(Clone, Debug, PartialEq)]
pub struct Set {
    /// How: `typo`, `lay`, …
    pub name: String,
    /// The changed claims, with the gold of their plain ones.
    pub changed: Vec<GoldClaim>,
    /// Number of changed claims whose plain claim is not among those given; those of another split are not counted.
    pub elsewhere: usize,
}

/// What was measured of one set.
#[derive(Clone, Debug)]
pub struct Beside {
    /// The changed claims.
    pub changed: Report,
    /// Their plain claims, each once.
    pub plain: Report,
    /// Plain against changed, over the pairs of which both were measured.
    pub differences: Vec<(Figure, Difference)>,
}

/// Gives changed claims the gold of their plain ones, set by set in the order of the file; of one split where one is named.
pub fn sets(changed: &[Changed], plain: &[GoldClaim], split: Option<Split>) -> Vec<Set> {
    let known: BTreeMap<&str, &GoldClaim> = plain.iter().map(|claim| (claim.id.as_str(), claim)).collect();
    let mut sets: Vec<Set> = Vec::new();
    for one in changed {
        if !sets.iter().any(|set| set.name == one.set) {
            sets.push(Set { name: one.set.clone(), changed: Vec::new(), elsewhere: 0 });
        }
        let Some(set) = sets.iter_mut().find(|set| set.name == one.set) else { continue };
        match known.get(one.of.as_str()) {
            None => set.elsewhere += 1,
            Some(plain) if split.is_some() && plain.split != split => {}
            Some(plain) => set.changed.push(GoldClaim {
                id: one.id.clone(),
                of: Some(one.of.clone()),
                claim: one.claim.clone(),
                ..(*plain).clone()
            }),
        }
    }
    sets
}

/// Measures a set and the plain claims that it was made of.
///
/// # Errors
/// [`Error`] where the snapshot cannot be read.
pub fn beside(snapshot: &Snapshot, set: &Set, plain: &[GoldClaim]) -> Result<Beside, Error> {
    let of: BTreeSet<&str> = set.changed.iter().filter_map(|claim| claim.of.as_deref()).collect();
    let plain: Vec<GoldClaim> = plain.iter().filter(|claim| of.contains(claim.id.as_str())).cloned().collect();
    let (changed, plain) = (measure(snapshot, &set.changed)?, measure(snapshot, &plain)?);
    let rows: BTreeMap<&str, &Row> = plain.rows.iter().map(|row| (row.id.as_str(), row)).collect();
    let pairs: Vec<(&Row, &Row)> = changed.rows.iter().filter_map(|row| Some((*rows.get(row.unit())?, row))).collect();
    let differences = differences(&pairs);
    Ok(Beside { changed, plain, differences })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::claims::Gold;

    fn plain(id: &str, split: Split) -> GoldClaim {
        let gold = Gold::Words { file: format!("{id}.md"), supporting: "words".to_owned(), stance: None };
        GoldClaim { id: id.to_owned(), of: None, claim: "plain".to_owned(), split: Some(split), gold }
    }

    fn changed(id: &str, set: &str, of: &str) -> Changed {
        let [id, set, of, claim] = [id, set, of, "changed"].map(str::to_owned);
        Changed { id, set, of, claim }
    }

    #[test]
    fn changed_claims_take_the_gold_of_their_plain_ones() {
        let plain = [plain("c1", Split::Tune), plain("c2", Split::Report)];
        let changed = [
            changed("r1", "typo", "c1"),
            changed("r2", "lay", "c2"),
            changed("r3", "typo", "c2"),
            changed("r4", "typo", "g9"),
        ];
        let check = |split: Option<Split>, expected: &[(&str, &[&str], usize)]| {
            let found = sets(&changed, &plain, split);
            let found: Vec<(&str, Vec<&str>, usize)> = found
                .iter()
                .map(|set| (set.name.as_str(), set.changed.iter().map(|one| one.id.as_str()).collect(), set.elsewhere))
                .collect();
            let expected: Vec<(&str, Vec<&str>, usize)> =
                expected.iter().map(|(name, ids, elsewhere)| (*name, ids.to_vec(), *elsewhere)).collect();
            assert_eq!(found, expected, "{split:?}");
        };
        check(None, &[("typo", &["r1", "r3"], 1), ("lay", &["r2"], 0)]);
        check(Some(Split::Tune), &[("typo", &["r1"], 1), ("lay", &[], 0)]);
        let set = &sets(&changed, &plain, Some(Split::Report))[0].changed[0];
        assert_eq!((set.of.as_deref(), set.claim.as_str(), &set.gold), (Some("c2"), "changed", &plain[1].gold));
    }
}
