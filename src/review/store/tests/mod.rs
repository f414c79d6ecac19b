//! Tests of the store, by what must hold: a file of its own each, and a clock that goes on by a second a call.

mod blind;
mod claims;
mod crash;
mod drafts;
mod erasing;
mod file;
mod impact;
mod reviews;
mod verdicts;
mod verifying;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::review::digest::sha256;
use crate::review::record::{
    ClaimOrigin, ErrorMark, Feedback, Harm, Origin, Pin, PinRole, Review, Severity, Task, Trail, Verdict, VerdictRecord,
};
use crate::review::taxonomy::Taxonomy;

/// 2026-01-01T00:00:00Z, in milliseconds.
const START: i64 = 1_767_225_600_000;
/// The response that most tests judge.
const TEXT: &str = "Screen adults from 45 years. Treat above 140 mm Hg – always. Give aspirin to all.";

/// Goes on by a second whenever it is asked.
struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        let seconds = self.0.fetch_add(1, Ordering::SeqCst);
        Timestamp::from_millisecond(START + seconds * 1000).expect("a time")
    }
}

/// A store in a folder of its own, with the reviewers `ann`, `ben` and `eva`.
struct Desk {
    folder: TempDir,
    store: Store,
}

impl std::ops::Deref for Desk {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(Ticking(AtomicI64::new(0)))
}

fn desk() -> Desk {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("reviews.db");
    let store = Store::open_with(&path, Taxonomy::embedded(), clock()).expect("a store");
    for (id, role) in [("ann", "physician"), ("ben", "pharmacist"), ("eva", "editor")] {
        let new = NewReviewer { id: Some(id.to_owned()), name: id.to_uppercase(), role: role.to_owned() };
        store.add_reviewer(&new).expect("a reviewer");
    }
    Desk { folder, store }
}

impl Desk {
    fn path(&self) -> PathBuf {
        self.folder.path().join("reviews.db")
    }

    /// A review of [`TEXT`] with its three sentences as claims.
    fn review(&self) -> Review {
        let claim = |start, end| NewClaim {
            start,
            end,
            claim: None,
            context: Some("Advice for adults".into()),
            origin: ClaimOrigin::Suggested,
            checkworthy: true,
        };
        let new = NewReview {
            text: TEXT.into(),
            claims: vec![claim(0, 28), claim(29, 60), claim(61, 81)],
            ..NewReview::default()
        };
        self.create(&new).expect("a review")
    }

    fn give(&self, review: &str, claim: &str, reviewer: &str, verdict: NewVerdict) -> VerdictRecord {
        self.add_verdict(review, claim, reviewer, &verdict).expect("a verdict")
    }

    fn assign(&self, review: &str, reviewer: &str, task: Task) {
        let new = NewAssignment { reviewer: reviewer.to_owned(), task, blind: None };
        self.store.assign(review, &new).expect("an assignment");
    }

    /// Another program at the same file.
    fn raw(&self) -> Connection {
        Connection::open(self.path()).expect("the file")
    }
}

fn pin(passage: &str) -> Pin {
    Pin { passage: passage.to_owned(), passage_sha256: sha256(passage), role: PinRole::Contradicts }
}

fn contradicted() -> NewVerdict {
    NewVerdict {
        verdict: Some(Verdict::Contradicted),
        snapshot: "snap-1".to_owned(),
        evidence: vec![pin("body-x@2021#rec-1")],
        ..NewVerdict::default()
    }
}

fn supported() -> NewVerdict {
    NewVerdict { verdict: Some(Verdict::Supported), ..contradicted() }
}

fn not_addressed(search: &str) -> NewVerdict {
    NewVerdict {
        verdict: Some(Verdict::NotAddressed),
        evidence: Vec::new(),
        trail: Some(Trail { searches: vec![search.into()], documents_considered: 9, ..Trail::default() }),
        ..contradicted()
    }
}

fn after(previous: &VerdictRecord, new: NewVerdict) -> NewVerdict {
    NewVerdict { previous: Some(previous.id.clone()), ..new }
}

/// Pointer and detail of a refusal.
fn field<T: std::fmt::Debug>(result: Result<T, Error>) -> (String, String) {
    match result {
        Err(Error::Field { pointer, detail }) => (pointer, detail),
        other => panic!("no field is named: {other:?}"),
    }
}
