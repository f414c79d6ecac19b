//! Is the passage that settles a claim among the first? Measured on claims whose passages, or the words that settle them,
//! are known.
//!
//! In the contract's form (section 3), a TSV `id claim file location supporting_text stance`, a hit is a passage of that
//! file that holds at least 60 % of the supporting text's words, or lies at 80 % within it; passages of more than 300 words
//! do not count. In ours, `id claim gold split`, a hit is a passage of grade 2 (it settles the claim), or of grade 1 (it
//! helps) where the claim has no other. In both, a passage that an answer folds into another is found at that one's place.

mod robust;
mod score;
mod tsv;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::figures::{Figure, Row, asked, summary};
use super::{Error, mean};
use crate::appraise::stance::Stance;
use crate::claim::Claim;
use crate::evidence::{self, Coverage, Evidence, Options, Ranked};
use crate::index::Snapshot;
use crate::passage::{Passage, PassageId};

pub use robust::{Beside, Set, beside, sets};
pub(super) use tsv::named;
pub use tsv::{File, open, read};

/// Passages asked for.
const DEPTH: usize = 20;

/// How far a passage settles a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// It settles a part or a special case, or gives the reason without the statement.
    Helps,
    /// Read alone with its headings, it shows the claim's main point right or wrong.
    Settles,
}

impl Grade {
    /// Its gain: linear, as trec_eval has it.
    fn gain(self) -> f64 {
        match self {
            Grade::Helps => 1.0,
            Grade::Settles => 2.0,
        }
    }
}

/// Which half a claim belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// Looked at while ranking is changed.
    Tune,
    /// Kept for figures.
    Report,
}

/// What settles a claim.
#[derive(Clone, Debug, PartialEq)]
pub enum Gold {
    /// Words in a content file.
    Words {
        /// The file's name.
        file: String,
        /// The words.
        supporting: String,
        /// Which way they point for the claim, where the file says so.
        stance: Option<Stance>,
    },
    /// Passages; none where no answer is held.
    Passages(BTreeMap<PassageId, Grade>),
}

/// One claim with what settles it.
#[derive(Clone, Debug, PartialEq)]
pub struct GoldClaim {
    /// Its id.
    pub id: String,
    /// The plain claim of which it is a changed form.
    pub of: Option<String>,
    /// The claim.
    pub claim: String,
    /// Which half it belongs to, where there are two.
    pub split: Option<Split>,
    /// What settles it.
    pub gold: Gold,
}

impl GoldClaim {
    /// Whether an answer is held.
    pub fn is_answered(&self) -> bool {
        !matches!(&self.gold, Gold::Passages(none) if none.is_empty())
    }

    /// A digest of the claim and its gold.
    fn asked(&self) -> String {
        let gold = match &self.gold {
            Gold::Words { file, supporting, .. } => vec![file.clone(), supporting.clone()],
            Gold::Passages(passages) => passages.iter().map(|(id, grade)| format!("{id}:{}", grade.gain())).collect(),
        };
        asked([self.claim.as_str()].into_iter().chain(gold.iter().map(String::as_str)))
    }
}

/// A changed form of a claim, which means the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// Its id.
    pub id: String,
    /// How it was changed: `typo`, `lay`, …
    pub set: String,
    /// The plain claim's id.
    pub of: String,
    /// The claim.
    pub claim: String,
}

/// A gold passage that the snapshot does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// The claim's id.
    pub claim: String,
    /// The passage.
    pub passage: PassageId,
}

/// A claim that could not be measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Its id.
    pub id: String,
    /// Why.
    pub reason: String,
}

/// The figures of one run.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// One row a claim that was measured.
    pub rows: Vec<Row>,
    /// Claims whose file is in no snapshot entry; each counts as a miss.
    pub missing: Vec<String>,
    /// Gold passages that the snapshot does not hold: they count neither for nor against.
    pub stale: Vec<Stale>,
    /// Claims that could not be measured.
    pub left_out: Vec<LeftOut>,
    /// Hints on the passages that settle claims whose stance is known.
    pub hints: Hints,
}

/// Hints that support or contradict, given on passages that do one or the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// Passages that were found and whose stance is known.
    pub of: usize,
    /// Hints given.
    pub given: usize,
    /// Hints that are right.
    pub right: usize,
}

impl Hints {
    fn add(&mut self, stance: Stance, ranked: &Ranked) {
        let hint = ranked.appraisal.hint.map(|hint| hint.stance).filter(|stance| *stance != Stance::Neutral);
        self.of += 1;
        self.given += usize::from(hint.is_some());
        self.right += usize::from(hint == Some(stance));
    }
}

impl Report {
    /// Share of claims with a hit among the first `depth`.
    pub fn recall(&self, depth: usize) -> f64 {
        let answered = self.rows.iter().filter(|row| row.figures.contains_key(&Figure::Hit1));
        let hit = |row: &Row| f64::from(u8::from(row.rank.is_some_and(|rank| rank <= depth)));
        mean(&answered.map(hit).collect::<Vec<_>>())
    }

    /// The mean of a figure; 0 where no claim has it.
    pub fn mean(&self, figure: Figure) -> f64 {
        summary(&self.rows, figure).map_or(0.0, |summary| summary.mean)
    }

    /// Whether something was left out or is stale.
    pub fn has_rejects(&self) -> bool {
        !self.stale.is_empty() || !self.left_out.is_empty()
    }
}

/// Asks a snapshot about each claim.
///
/// # Errors
/// [`Error`] where the snapshot cannot be read.
pub fn measure(snapshot: &Snapshot, claims: &[GoldClaim]) -> Result<Report, Error> {
    let files = snapshot.entries().filter_map(|entry| Some((entry.facts.id.to_string(), entry.facts.file.clone()?)));
    let asker = Asker { snapshot, files: files.collect() };
    let mut report = Report::default();
    for gold in claims {
        asker.measure(gold, &mut report)?;
    }
    Ok(report)
}

struct Asker<'a> {
    snapshot: &'a Snapshot,
    /// Content file of each version.
    files: BTreeMap<String, String>,
}

impl Asker<'_> {
    fn measure(&self, gold: &GoldClaim, report: &mut Report) -> Result<(), Error> {
        let left_out = |reason: String| LeftOut { id: gold.id.clone(), reason };
        let claim = match Claim::new(&gold.claim) {
            Ok(claim) => claim,
            Err(error) => {
                report.left_out.push(left_out(error.to_string()));
                return Ok(());
            }
        };
        let held = match &gold.gold {
            Gold::Words { file, .. } => {
                if !self.files.values().any(|held| held == file) {
                    report.missing.push(gold.id.clone());
                }
                BTreeMap::new()
            }
            Gold::Passages(passages) => self.held(&gold.id, passages, &mut report.stale)?,
        };
        if let Gold::Passages(all) = &gold.gold
            && all.values().max() != held.values().max()
        {
            let reason = "the snapshot holds none of the passages that would be a hit".to_owned();
            report.left_out.push(left_out(reason));
            return Ok(());
        }
        let deep = Options { k: DEPTH, ..Options::default() };
        let answer = evidence::gather(self.snapshot, &claim, &deep)?;
        // Coverage is said of as many passages as an answer has by itself.
        let coverage = evidence::gather(self.snapshot, &claim, &Options::default())?.coverage;
        let first = answer.passages.first().map(|ranked| ranked.found.passage.id.to_string());
        let (rank, figures) = match &gold.gold {
            Gold::Words { file, supporting, .. } => self.by_words(&answer, file, supporting),
            Gold::Passages(_) => by_passages(&answer, &held),
        };
        if let (Gold::Words { stance: Some(stance), .. }, Some(rank)) = (&gold.gold, rank) {
            report.hints.add(*stance, &answer.passages[rank - 1]);
        }
        let figures = if gold.is_answered() { with_coverage(figures, coverage) } else { addressed(coverage) };
        let (id, of) = (gold.id.clone(), gold.of.clone());
        report.rows.push(Row { id, of, asked: gold.asked(), rank, first, figures });
        Ok(())
    }

    /// The gold passages that the snapshot holds; the others are named.
    fn held(
        &self,
        claim: &str,
        gold: &BTreeMap<PassageId, Grade>,
        stale: &mut Vec<Stale>,
    ) -> Result<BTreeMap<PassageId, Grade>, Error> {
        let mut held = BTreeMap::new();
        for (id, grade) in gold {
            if self.snapshot.passage(id)?.is_some() {
                held.insert(id.clone(), *grade);
            } else {
                stale.push(Stale { claim: claim.to_owned(), passage: id.clone() });
            }
        }
        Ok(held)
    }

    fn by_words(&self, answer: &Evidence, file: &str, supporting: &str) -> (Option<usize>, Figures) {
        let hit = |passage: &Passage| {
            let held = self.files.get(&passage.id.version().to_string());
            held.is_some_and(|held| held == file) && score::settles(passage.text(), supporting)
        };
        let rank = answer.passages.iter().position(|ranked| said(ranked).any(hit)).map(|at| at + 1);
        (rank, ranked_figures(rank))
    }
}

type Figures = BTreeMap<Figure, f64>;

/// What is said at one place of an answer: the passage that is shown, and those that it stands for.
fn said(ranked: &Ranked) -> impl Iterator<Item = &Passage> {
    std::iter::once(&ranked.found.passage).chain(&ranked.duplicates).map(Arc::as_ref)
}

fn by_passages(answer: &Evidence, gold: &BTreeMap<PassageId, Grade>) -> (Option<usize>, Figures) {
    let places: Vec<Vec<&PassageId>> =
        answer.passages.iter().map(|ranked| said(ranked).map(|passage| &passage.id).collect()).collect();
    let score::Graded { rank, ndcg } = score::graded(&places, gold);
    let mut figures = ranked_figures(rank);
    figures.insert(Figure::Ndcg10, ndcg);
    (rank, figures)
}

/// The figures that a rank gives.
fn ranked_figures(rank: Option<usize>) -> Figures {
    let within = |depth: usize| f64::from(u8::from(rank.is_some_and(|rank| rank <= depth)));
    [
        (Figure::Hit1, within(1)),
        (Figure::Recall5, within(5)),
        (Figure::Recall10, within(10)),
        (Figure::Recall20, within(DEPTH)),
        (Figure::Mrr, rank.map_or(0.0, |rank| 1.0 / rank as f64)),
    ]
    .into()
}

fn with_coverage(mut figures: Figures, coverage: Coverage) -> Figures {
    let missed = matches!(coverage, Coverage::NotAddressed | Coverage::OutOfScope);
    figures.insert(Figure::NotAddressed, f64::from(u8::from(missed)));
    figures
}

fn addressed(coverage: Coverage) -> Figures {
    [(Figure::Addressed, f64::from(u8::from(coverage == Coverage::Addressed)))].into()
}
