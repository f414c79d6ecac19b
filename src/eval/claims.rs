//! Is the passage that settles a claim among the first? Measured on claims with the words that settle them.
//!
//! The form is the contract's (section 3): a TSV `id claim file location supporting_text stance`, and a hit is a passage of
//! that file that holds at least 60 % of the supporting text's words, or lies at 80 % within it. Passages of more than 300
//! words do not count.

use std::collections::BTreeMap;
use std::path::Path;

use crate::claim::Claim;
use crate::evidence::{self, Options};
use crate::index::Snapshot;

use super::{Error, mean};

/// Passages asked for, at which recall is measured beside 5.
const DEPTH: usize = 20;
/// Words above which a passage does not count as a hit.
const LONGEST: usize = 300;

/// One claim with the words that settle it.
#[derive(Clone, Debug)]
pub struct GoldClaim {
    /// Its id.
    pub id: String,
    /// The claim.
    pub claim: String,
    /// Name of the content file that settles it.
    pub file: String,
    /// The words in that file.
    pub supporting: String,
    /// `SUPPORT`, `CONTRADICT` or something else.
    pub stance: String,
}

/// Where the words that settle one claim were found.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The claim's id.
    pub id: String,
    /// Rank of the first hit, from 1.
    pub rank: Option<usize>,
    /// Id of the passage shown first.
    pub first: Option<String>,
}

/// The figures of one run.
#[derive(Clone, Debug)]
pub struct Report {
    /// One outcome a claim.
    pub outcomes: Vec<Outcome>,
    /// Claims whose file is in no snapshot entry.
    pub missing: Vec<String>,
}

impl Report {
    /// Share of claims with a hit among the first `depth`.
    pub fn recall(&self, depth: usize) -> f64 {
        mean(&self.hits(depth))
    }

    /// 1 for each claim with a hit among the first `depth`, 0 for the others.
    pub fn hits(&self, depth: usize) -> Vec<f64> {
        self.outcomes.iter().map(|one| f64::from(u8::from(one.rank.is_some_and(|rank| rank <= depth)))).collect()
    }

    /// Mean reciprocal rank within the passages asked for.
    pub fn mrr(&self) -> f64 {
        mean(&self.outcomes.iter().map(|one| one.rank.map_or(0.0, |rank| 1.0 / rank as f64)).collect::<Vec<_>>())
    }
}

/// Reads a TSV of claims.
///
/// # Errors
/// [`Error`] names the file and the line.
pub fn read(path: &Path) -> Result<Vec<GoldClaim>, Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
    let mut claims = Vec::new();
    for (at, line) in text.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty()) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [id, claim, file, _location, supporting, stance] = fields.as_slice() else {
            let reason =
                format!("{} fields instead of 6 (id claim file location supporting_text stance)", fields.len());
            return Err(Error::Line { path: path.to_owned(), line: at + 1, reason });
        };
        let [id, claim, file, supporting, stance] =
            [id, claim, file, supporting, stance].map(|field| field.trim().to_owned());
        claims.push(GoldClaim { id, claim, file, supporting, stance });
    }
    if claims.is_empty() { Err(Error::Nothing(path.to_owned())) } else { Ok(claims) }
}

/// The id and the claim of each line of a TSV whose first two columns they are.
///
/// # Errors
/// [`Error`] names the file and the line.
pub(super) fn named(path: &Path) -> Result<Vec<(String, String)>, Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty()) {
        let mut fields = line.split('\t');
        let (Some(id), Some(claim)) = (fields.next(), fields.next()) else {
            let reason = "fewer than two columns (id and claim come first)".to_owned();
            return Err(Error::Line { path: path.to_owned(), line: at + 1, reason });
        };
        found.push((id.trim().to_owned(), claim.trim().to_owned()));
    }
    if found.is_empty() { Err(Error::Nothing(path.to_owned())) } else { Ok(found) }
}

/// Asks a snapshot about each claim.
///
/// # Errors
/// [`Error`] where a claim cannot be asked or the snapshot cannot be read.
pub fn measure(snapshot: &Snapshot, claims: &[GoldClaim]) -> Result<Report, Error> {
    let options = Options { k: DEPTH, ..Options::default() };
    let file_of: BTreeMap<String, &str> = snapshot
        .entries()
        .filter_map(|entry| Some((entry.facts.id.to_string(), entry.facts.file.as_deref()?)))
        .collect();
    let mut report = Report { outcomes: Vec::new(), missing: Vec::new() };
    for gold in claims {
        if !file_of.values().any(|file| *file == gold.file) {
            report.missing.push(gold.id.clone());
        }
        let Ok(claim) = Claim::new(&gold.claim) else { continue };
        let answer = evidence::gather(snapshot, &claim, &options)?;
        let hit = |ranked: &evidence::Ranked| {
            let passage = &ranked.found.passage;
            let file = file_of.get(&passage.id.version().to_string());
            file.is_some_and(|file| *file == gold.file) && settles(passage.text(), &gold.supporting)
        };
        let rank = answer.passages.iter().position(hit).map(|at| at + 1);
        let first = answer.passages.first().map(|ranked| ranked.found.passage.id.to_string());
        report.outcomes.push(Outcome { id: gold.id.clone(), rank, first });
    }
    Ok(report)
}

/// Whether a passage holds the words, or lies within them.
fn settles(passage: &str, supporting: &str) -> bool {
    if passage.split_whitespace().count() > LONGEST {
        return false;
    }
    let (passage, supporting) = (words(passage), words(supporting));
    let common: usize =
        supporting.iter().map(|(word, count)| passage.get(word).map_or(0, |there| *there.min(count))).sum();
    let size = |words: &BTreeMap<String, usize>| words.values().sum::<usize>().max(1);
    common as f64 >= 0.6 * size(&supporting) as f64 || common as f64 >= 0.8 * size(&passage) as f64
}

fn words(text: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *counts.entry(word.to_lowercase()).or_default() += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hit_holds_the_words_or_lies_within_them() {
        assert!(settles("WHO suggests a follow up every 3–6 months. More words.", "a follow up every 3–6 months"));
        assert!(settles("every 3–6 months", "WHO suggests a follow up every 3–6 months for patients under control"));
        assert!(!settles(
            "WHO suggests treatment for patients",
            "a follow up every 3–6 months for those under control"
        ));
        assert!(!settles(&"word ".repeat(301), "word"));
    }

    #[test]
    fn a_wrong_line_is_named() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), "id\tclaim\n1\tonly two\n").expect("written");
        let error = read(file.path()).expect_err("a wrong line").to_string();
        assert!(error.contains(":2: 2 fields instead of 6"), "{error}");
    }
}
