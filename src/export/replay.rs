//! Replay: is the evidence that verdicts were given on still what the same snapshot answers?
//!
//! Each stored request is run again by the caller on the snapshot that answered it, and the results are compared field by
//! field. `took_ms` and `built_at` are left out, because they tell of the machine and the moment, not of the answer. Another
//! snapshot is never taken in place of one that is not there.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::artifact::Artifact;
use crate::meaning::QueryVector;

/// Fields that tell of the machine and the moment.
const LEFT_OUT: [&str; 2] = ["took_ms", "built_at"];

/// Most differences that are listed for one search; their number is counted on.
pub const MOST_LISTED: usize = 20;

/// Most characters that are shown of a value.
const MOST_SHOWN: usize = 240;

/// Why a request could not be run again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// The snapshot is not on this machine.
    #[error("snapshot unavailable: {0}")]
    SnapshotUnavailable(String),
    /// The request was refused or failed; the reason repeats none of its text.
    #[error("the search failed: {0}")]
    Failed(String),
}

/// What became of a replay.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Replay {
    /// Whether every search gave the same.
    pub identical: bool,
    /// How many searches there are.
    pub searches: usize,
    /// How many of them gave the same.
    pub same: usize,
    /// Snapshots that are not on this machine, each once.
    pub snapshots_unavailable: Vec<String>,
    /// The searches that did not give the same, in the order of the artifact.
    pub different: Vec<Search>,
}

/// A search that did not give the same.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Search {
    /// The review.
    pub review: String,
    /// The claim within it.
    pub claim: String,
    /// The snapshot that answered.
    pub snapshot: String,
    /// What became of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What became of one search that did not give the same.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// Its snapshot is not on this machine.
    SnapshotUnavailable,
    /// It could not be run.
    Failed {
        /// Why.
        reason: String,
    },
    /// It gave something else.
    Different {
        /// How many values differ.
        count: usize,
        /// The first of them, at most [`MOST_LISTED`].
        differences: Vec<Difference>,
    },
}

/// A value that differs.
#[derive(Clone, PartialEq, Serialize)]
pub struct Difference {
    /// Where it stands in the result (RFC 6901).
    pub pointer: String,
    /// What the artifact has; `null` where nothing, and long texts are cut.
    pub stored: Value,
    /// What was answered now.
    pub now: Value,
}

impl fmt::Debug for Difference {
    /// The place alone: the values can hold words of a claim.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "[{}]", self.pointer)
    }
}

/// The vectors of claims that took a model to make, as the artifact keeps them.
pub fn query_vectors(artifact: &Artifact) -> Vec<QueryVector> {
    let traces = artifact.bundle.evidence.iter().filter_map(|record| record.result.pointer("/trace/vectors"));
    let listed = traces.filter_map(Value::as_array).flatten();
    listed.filter_map(|one| QueryVector::deserialize(one).ok()).collect()
}

/// Runs every stored request again with `run`, which gets the request and the id of its snapshot, and compares the results.
pub fn compare(artifact: &Artifact, mut run: impl FnMut(&Value, &str) -> Result<Value, ReplayError>) -> Replay {
    let mut unavailable = BTreeSet::new();
    let mut different = Vec::new();
    let evidence = &artifact.bundle.evidence;
    for record in evidence {
        let snapshot = record.snapshot_id();
        let outcome = match run(&record.request, snapshot) {
            Ok(now) => {
                let mut found = Found::default();
                found.compare(&mut String::new(), Some(&record.result), Some(&now));
                (found.count > 0).then_some(Outcome::Different { count: found.count, differences: found.listed })
            }
            Err(ReplayError::SnapshotUnavailable(_)) => {
                unavailable.insert(snapshot.to_owned());
                Some(Outcome::SnapshotUnavailable)
            }
            Err(ReplayError::Failed(reason)) => Some(Outcome::Failed { reason }),
        };
        if let Some(outcome) = outcome {
            let (review, claim) = (record.review.clone(), record.claim.clone());
            different.push(Search { review, claim, snapshot: snapshot.to_owned(), outcome });
        }
    }
    Replay {
        identical: different.is_empty(),
        searches: evidence.len(),
        same: evidence.len() - different.len(),
        snapshots_unavailable: unavailable.into_iter().collect(),
        different,
    }
}

#[derive(Default)]
struct Found {
    count: usize,
    listed: Vec<Difference>,
}

impl Found {
    fn compare(&mut self, pointer: &mut String, stored: Option<&Value>, now: Option<&Value>) {
        match (stored, now) {
            (Some(Value::Object(stored)), Some(Value::Object(now))) => self.compare_fields(pointer, stored, now),
            (Some(Value::Array(stored)), Some(Value::Array(now))) => {
                for at in 0..stored.len().max(now.len()) {
                    self.below(pointer, &at.to_string(), stored.get(at), now.get(at));
                }
            }
            _ if stored == now => {}
            _ => self.add(pointer, stored, now),
        }
    }

    fn compare_fields(&mut self, pointer: &mut String, stored: &Map<String, Value>, now: &Map<String, Value>) {
        let added = now.keys().filter(|key| !stored.contains_key(*key));
        for key in stored.keys().chain(added).filter(|key| !LEFT_OUT.contains(&key.as_str())) {
            self.below(pointer, &key.replace('~', "~0").replace('/', "~1"), stored.get(key), now.get(key));
        }
    }

    fn below(&mut self, pointer: &mut String, token: &str, stored: Option<&Value>, now: Option<&Value>) {
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(token);
        self.compare(pointer, stored, now);
        pointer.truncate(length);
    }

    fn add(&mut self, pointer: &str, stored: Option<&Value>, now: Option<&Value>) {
        self.count += 1;
        if self.listed.len() < MOST_LISTED {
            self.listed.push(Difference { pointer: pointer.to_owned(), stored: bounded(stored), now: bounded(now) });
        }
    }
}

/// The value, or what can be shown of it.
fn bounded(value: Option<&Value>) -> Value {
    let cut = |text: &str| -> String { text.chars().take(MOST_SHOWN).chain("…".chars()).collect() };
    match value {
        None => Value::Null,
        Some(Value::String(text)) if text.chars().count() > MOST_SHOWN => cut(text).into(),
        Some(value @ (Value::Array(_) | Value::Object(_))) => {
            let text = value.to_string();
            if text.chars().count() > MOST_SHOWN { cut(&text).into() } else { value.clone() }
        }
        Some(value) => value.clone(),
    }
}

impl fmt::Display for Replay {
    /// For a terminal: one line of the whole, then what differs, with claims named by their ids.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.identical {
            return write!(out, "identical: {} of {} searches", self.same, self.searches);
        }
        if !self.snapshots_unavailable.is_empty() {
            writeln!(out, "snapshot unavailable: {}", self.snapshots_unavailable.join(", "))?;
        }
        write!(out, "identical: {} of {} searches", self.same, self.searches)?;
        for search in &self.different {
            write!(out, "\n{} {}: ", search.review, search.claim)?;
            match &search.outcome {
                Outcome::SnapshotUnavailable => write!(out, "snapshot unavailable: {}", search.snapshot)?,
                Outcome::Failed { reason } => write!(out, "could not be run: {reason}")?,
                Outcome::Different { count, differences } => {
                    let plural = if *count == 1 { "" } else { "s" };
                    write!(out, "{count} difference{plural}")?;
                    for one in differences {
                        write!(out, "\n  {}: {} is now {}", one.pointer, one.stored, one.now)?;
                    }
                    if *count > differences.len() {
                        write!(out, "\n  and {} more", count - differences.len())?;
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use serde_json::json;

    use super::*;
    use crate::export::artifact;
    use crate::export::tests::bundle;

    fn artifact() -> Artifact {
        let mut out = Cursor::new(Vec::new());
        artifact::write(&bundle(), &mut out).unwrap();
        artifact::read(out.get_ref()).unwrap()
    }

    /// Replays with what is stored, changed by `edit`.
    fn replayed(edit: impl Fn(&mut Value)) -> Replay {
        let artifact = artifact();
        let mut results = artifact.bundle.evidence.iter();
        compare(&artifact, |request, snapshot| {
            let record = results.next().unwrap();
            assert_eq!((request, snapshot), (&record.request, record.snapshot_id()));
            let mut now = record.result.clone();
            now["took_ms"] = json!(3.1);
            edit(&mut now);
            Ok(now)
        })
    }

    #[test]
    fn time_alone_is_no_difference() {
        let replay = replayed(|_| {});
        assert!(replay.identical);
        assert_eq!(replay.to_string(), "identical: 6 of 6 searches");
        assert_eq!(
            serde_json::to_value(&replay).unwrap(),
            json!({"identical": true, "searches": 6, "same": 6, "snapshots_unavailable": [], "different": []})
        );
    }

    #[test]
    fn differences_are_pointed_at() {
        let replay = replayed(|now| {
            if let Some(score) = now.pointer_mut("/passages/0/score") {
                *score = json!(0.5);
            }
            now["a/b~"] = json!("new");
        });
        let stored = bundle().evidence[0].result["passages"][0]["score"].clone();
        let Outcome::Different { count, differences } = &replay.different[0].outcome else { panic!() };
        assert_eq!(*count, 2);
        assert_eq!(differences[0], Difference { pointer: "/passages/0/score".into(), stored, now: json!(0.5) });
        assert_eq!(differences[1], Difference { pointer: "/a~1b~0".into(), stored: Value::Null, now: json!("new") });
        assert!(replay.to_string().contains("r-3f9a1c04be77 c1: 2 differences\n  /passages/0/score: "));
        assert!(!replay.identical && replay.same == 0);
    }

    #[test]
    fn many_differences_are_counted_and_few_are_listed() {
        let replay = replayed(|now| now["passages"] = json!(vec![json!({"quote": "x".repeat(1000)}); 50]));
        let Outcome::Different { count, differences } = &replay.different[0].outcome else { panic!() };
        assert!(*count > MOST_LISTED && differences.len() == MOST_LISTED, "{count}");
        assert!(differences.iter().all(|one| one.now.to_string().chars().count() < 400));
        assert!(replay.to_string().contains(&format!("and {} more", count - MOST_LISTED)));
    }

    #[test]
    fn a_snapshot_that_is_not_there_is_named() {
        let artifact = artifact();
        let replay = compare(&artifact, |_, snapshot| Err(ReplayError::SnapshotUnavailable(snapshot.to_owned())));
        let ids: BTreeSet<_> = artifact.bundle.evidence.iter().map(|record| record.snapshot_id().to_owned()).collect();
        assert_eq!(replay.snapshots_unavailable, Vec::from_iter(ids.clone()));
        assert!(replay.to_string().starts_with(&format!("snapshot unavailable: {}\n", Vec::from_iter(ids).join(", "))));
        assert!(replay.different.iter().all(|search| search.outcome == Outcome::SnapshotUnavailable));
        let replay = compare(&artifact, |_, _| Err(ReplayError::Failed("refused".into())));
        assert_eq!(replay.different[0].outcome, Outcome::Failed { reason: "refused".into() });
        assert_eq!(serde_json::to_value(&replay.different[0]).unwrap()["outcome"], "failed");
    }
}
