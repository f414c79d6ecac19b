//! What was last decided of each claim, and the passages that it rests on.

use std::collections::BTreeMap;

use super::{Bundle, Shown, sha256_hex};
use crate::review::record::{EvidenceRecord, Pin, Review, ReviewClaim, Task, Verdict, VerdictRecord};

/// A claim with the verdicts that count.
pub(crate) struct Judged<'a> {
    pub(crate) review: &'a Review,
    pub(crate) claim: &'a ReviewClaim,
    /// The latest of each person, in the order of their first; what was taken back is not among them.
    pub(crate) verdicts: Vec<&'a VerdictRecord>,
}

/// What became of a claim.
pub(crate) enum Outcome<'a> {
    /// Nobody has judged it.
    Undecided,
    /// This counts: an adjudicator's decision, the only verdict, or the first of several that agree.
    Decided(&'a VerdictRecord),
    /// Reviewers differ, and nobody has decided between them.
    Differ,
}

impl<'a> Judged<'a> {
    /// The claims of a review in its order; those that were taken out come last, and only with a verdict.
    pub(crate) fn of(review: &'a Review) -> Vec<Judged<'a>> {
        let mut latest: BTreeMap<&str, Vec<&VerdictRecord>> = BTreeMap::new();
        let mut places: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for verdict in &review.verdicts {
            let of_claim = latest.entry(&verdict.claim).or_default();
            let place = *places.entry((&verdict.claim, &verdict.reviewer.id)).or_insert(of_claim.len());
            match of_claim.get_mut(place) {
                Some(earlier) => *earlier = verdict,
                None => of_claim.push(verdict),
            }
        }
        let mut claims: Vec<Judged> = review
            .claims
            .iter()
            .map(|claim| {
                let mut verdicts = latest.remove(claim.id.as_str()).unwrap_or_default();
                verdicts.retain(|one| one.verdict.is_some());
                Judged { review, claim, verdicts }
            })
            .collect();
        claims.retain(|one| !one.claim.removed || !one.verdicts.is_empty());
        claims.sort_by_key(|one| one.claim.removed);
        claims
    }

    pub(crate) fn outcome(&self) -> Outcome<'a> {
        if let Some(decision) = self.verdicts.iter().rev().find(|one| one.task == Task::Adjudicate) {
            return Outcome::Decided(decision);
        }
        match self.verdicts.as_slice() {
            [] => Outcome::Undecided,
            [first, others @ ..] if others.iter().all(|one| one.verdict == first.verdict) => Outcome::Decided(first),
            _ => Outcome::Differ,
        }
    }

    /// The verdict that counts, with the record that gave it.
    pub(crate) fn decided(&self) -> Option<(Verdict, &'a VerdictRecord)> {
        match self.outcome() {
            Outcome::Decided(record) => record.verdict.map(|verdict| (verdict, record)),
            Outcome::Undecided | Outcome::Differ => None,
        }
    }
}

/// Finds the stored evidence of claims and the passages of pins.
pub(crate) struct Lookup<'a> {
    by_claim: BTreeMap<&'a str, BTreeMap<&'a str, OfClaim<'a>>>,
    anywhere: Passages<'a>,
}

/// What was answered for a claim, oldest first, and the passages in it.
#[derive(Default)]
struct OfClaim<'a> {
    records: Vec<&'a EvidenceRecord>,
    passages: Passages<'a>,
}

/// Passages by their id and the digest of their words.
type Passages<'a> = BTreeMap<&'a str, BTreeMap<&'a str, Shown<'a>>>;

impl<'a> Lookup<'a> {
    pub(crate) fn new(bundle: &'a Bundle) -> Lookup<'a> {
        let mut lookup = Lookup { by_claim: BTreeMap::new(), anywhere: BTreeMap::new() };
        for record in &bundle.evidence {
            let of_claim = lookup.by_claim.entry(&record.review).or_default().entry(&record.claim).or_default();
            of_claim.records.push(record);
            for shown in Shown::all(&record.result) {
                // The latest search of the claim tells best how the passage was shown.
                of_claim.passages.entry(shown.id()).or_default().insert(shown.quote_sha256(), shown);
                lookup.anywhere.entry(shown.id()).or_default().entry(shown.quote_sha256()).or_insert(shown);
            }
        }
        lookup
    }

    fn get(&self, review: &str, claim: &str) -> Option<&OfClaim<'a>> {
        self.by_claim.get(review)?.get(claim)
    }

    /// What was answered for the claim, oldest first.
    pub(crate) fn of_claim(&self, review: &str, claim: &str) -> &[&'a EvidenceRecord] {
        self.get(review, claim).map_or(&[], |of_claim| &of_claim.records)
    }

    /// The record that a verdict was given on: the latest of its snapshot that shows what it pins, else the latest of its
    /// snapshot.
    pub(crate) fn of_verdict(&self, verdict: &VerdictRecord) -> Option<&'a EvidenceRecord> {
        let of_snapshot = || {
            self.of_claim(&verdict.review, &verdict.claim)
                .iter()
                .rev()
                .filter(|one| one.snapshot_id() == verdict.snapshot)
        };
        let shows = |record: &EvidenceRecord, pin: &Pin| Shown::all(&record.result).any(|one| one.id() == pin.passage);
        of_snapshot()
            .find(|one| verdict.evidence.iter().all(|pin| shows(one, pin)))
            .or_else(|| of_snapshot().next())
            .copied()
    }

    /// The passage of a pin as it was shown; `None` where no stored evidence holds words with the digest that was pinned.
    pub(crate) fn pinned(&self, verdict: &VerdictRecord, pin: &Pin) -> Option<Shown<'a>> {
        let among =
            |passages: &Passages<'a>| passages.get(pin.passage.as_str())?.get(pin.passage_sha256.as_str()).copied();
        let own = self.get(&verdict.review, &verdict.claim).and_then(|of_claim| among(&of_claim.passages));
        let found = own.or_else(|| among(&self.anywhere))?;
        // The words themselves are what is quoted, so they are what has to have the digest.
        (sha256_hex(found.quote().as_bytes()) == pin.passage_sha256).then_some(found)
    }
}

impl EvidenceRecord {
    /// The id of the snapshot that answered.
    pub(crate) fn snapshot_id(&self) -> &str {
        self.snapshot.get("id").and_then(serde_json::Value::as_str).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::tests::bundle;

    #[test]
    fn the_last_word_of_each_person_counts() {
        let bundle = bundle();
        let names: Vec<(String, Vec<String>, Option<&str>)> = Judged::of(&bundle.reviews[0])
            .iter()
            .map(|one| {
                let verdicts = one.verdicts.iter().map(|v| format!("{}={}", v.reviewer.id, v.verdict.unwrap().name()));
                (one.claim.id.clone(), verdicts.collect(), one.decided().map(|(verdict, _)| verdict.name()))
            })
            .collect();
        let row = |claim: &str, verdicts: &[&str], decided| {
            (claim.to_owned(), verdicts.iter().map(ToString::to_string).collect::<Vec<_>>(), decided)
        };
        assert_eq!(
            names,
            [
                row("c1", &["r7=contradicted", "r9=partly", "lead=contradicted"], Some("contradicted")),
                row("c2", &["r7=outdated", "r9=outdated"], Some("outdated")),
                row("c3", &["r7=supported", "r9=partly"], None),
                row("c4", &["r7=not_addressed"], Some("not_addressed")),
                row("c5", &[], None),
                row("c6", &["r7=supported"], Some("supported")),
            ]
        );
    }

    #[test]
    fn a_quotation_without_its_digest_is_not_given() {
        let mut bundle = bundle();
        let verdict = bundle.reviews[0].verdicts[0].clone();
        let pin = verdict.evidence[0].clone();
        assert_eq!(Lookup::new(&bundle).pinned(&verdict, &pin).unwrap().id(), pin.passage);
        for record in &mut bundle.evidence {
            for passage in record.result["passages"].as_array_mut().unwrap() {
                passage["quote"] = "Start aspirin at once.".into();
            }
        }
        assert!(Lookup::new(&bundle).pinned(&verdict, &pin).is_none());
    }
}
