//! Ranking on public sets in the BEIR layout: `corpus.jsonl[.gz]`, `queries.jsonl`, `qrels/SPLIT.tsv`.
//!
//! nDCG with linear gain and log2 discount, as trec_eval computes it; recall at 100; reciprocal rank at 10.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::Instant;

use flate2::read::GzDecoder;
use serde::Deserialize;

use super::{Error, mean};
use crate::claim::Claim;
use crate::corpus::{VersionFacts, VersionId, side_by_side};
use crate::document::{Builder, Limits};
use crate::index::{Encoding, Entry, Reading, Sheet, Snapshot, Store, Writer};
use crate::passage::{Passage, passage_of_whole};
use crate::retrieve::{self, Placed};

/// Passages ranked for each query.
const DEPTH: usize = 100;
/// Documents that are prepared side by side before they are written.
const AT_ONCE: usize = 256;

/// One line of a TREC run.
#[derive(Clone, Debug)]
pub struct RunLine {
    /// The query.
    pub query: String,
    /// The document.
    pub document: String,
    /// Its rank, from 1.
    pub rank: usize,
    /// Its score.
    pub score: f64,
}

/// The figures of one run.
#[derive(Clone, Debug)]
pub struct Report {
    /// Number of judged queries.
    pub queries: usize,
    /// nDCG at 10, a query each.
    pub ndcg: Vec<f64>,
    /// Recall at 100, a query each.
    pub recall: Vec<f64>,
    /// Reciprocal rank at 10, a query each.
    pub reciprocal_rank: Vec<f64>,
    /// Milliseconds a query, sorted.
    pub millis: Vec<f64>,
    /// The ranking.
    pub run: Vec<RunLine>,
}

impl Report {
    /// Mean nDCG at 10.
    pub fn ndcg_at_10(&self) -> f64 {
        mean(&self.ndcg)
    }

    /// Mean recall at 100.
    pub fn recall_at_100(&self) -> f64 {
        mean(&self.recall)
    }

    /// Mean reciprocal rank at 10.
    pub fn mrr_at_10(&self) -> f64 {
        mean(&self.reciprocal_rank)
    }

    /// A percentile of the time a query takes, in milliseconds.
    pub fn percentile(&self, percent: usize) -> f64 {
        let at = (self.millis.len() * percent / 100).min(self.millis.len().saturating_sub(1));
        self.millis.get(at).copied().unwrap_or_default()
    }
}

/// One line of a data set: a query or a document.
#[derive(Deserialize)]
pub struct Query {
    #[serde(rename = "_id")]
    pub(super) id: String,
    #[serde(default)]
    title: String,
    pub(super) text: String,
}

/// Documents of a query with their grades of relevance.
type Judgements = BTreeMap<String, BTreeMap<String, i64>>;

/// A data set, indexed.
pub(super) struct Collection {
    queries: Vec<Query>,
    judgements: Judgements,
    pub(super) snapshot: Snapshot,
    names: BTreeMap<VersionId, String>,
}

impl Collection {
    /// Indexes a data set in a store of its own.
    pub(super) fn open(dataset: &Path, split: &str, store: &Store) -> Result<Collection, Error> {
        let judgements = read_qrels(&dataset.join("qrels").join(format!("{split}.tsv")))?;
        let queries = read_lines(&dataset.join("queries.jsonl"))?;
        let corpus = [dataset.join("corpus.jsonl"), dataset.join("corpus.jsonl.gz")];
        let corpus = corpus.iter().find(|path| path.exists()).unwrap_or(&corpus[0]);
        let documents = read_lines(corpus)?;
        let (snapshot, names) = index(&documents, store)?;
        Ok(Collection { queries, judgements, snapshot, names })
    }

    /// The queries of the split, with their judgements.
    pub(super) fn judged(&self) -> impl Iterator<Item = (&Query, &BTreeMap<String, i64>)> {
        self.queries.iter().filter_map(|query| Some((query, self.judgements.get(&query.id)?)))
    }

    /// The data set's name of the document in a row.
    pub(super) fn name(&self, row: u32) -> &str {
        let id = self.snapshot.lists().and_then(|lists| lists.version(row));
        id.and_then(|id| self.names.get(id)).map_or("", String::as_str)
    }
}

/// Indexes a data set in a store of its own and ranks its documents for each judged query of a split, as the store does.
///
/// # Errors
/// [`Error`] names the file that is missing or wrong.
pub fn measure(dataset: &Path, split: &str, store: &Store) -> Result<Report, Error> {
    let collection = Collection::open(dataset, split, store)?;
    let mut report = Report {
        queries: 0,
        ndcg: Vec::new(),
        recall: Vec::new(),
        reciprocal_rank: Vec::new(),
        millis: Vec::new(),
        run: Vec::new(),
    };
    for (query, judged) in collection.judged() {
        let Ok(claim) = Claim::new(&query.text) else { continue };
        let started = Instant::now();
        let found = retrieve::ask(&collection.snapshot, &claim, DEPTH)?;
        report.millis.push(started.elapsed().as_secs_f64() * 1000.0);
        let named = |one: &Placed| (collection.name(one.candidate.row).to_owned(), one.score);
        let ranked: Vec<(String, f64)> = found.iter().map(named).collect();
        score(&mut report, query, judged, &ranked);
    }
    report.millis.sort_by(f64::total_cmp);
    if report.queries == 0 { Err(Error::Nothing(dataset.to_owned())) } else { Ok(report) }
}

fn score(report: &mut Report, query: &Query, judged: &BTreeMap<String, i64>, ranked: &[(String, f64)]) {
    let gain = |document: &String| judged.get(document).copied().unwrap_or_default().max(0) as f64;
    let discounted = |gains: &[f64]| -> f64 {
        gains.iter().take(10).enumerate().map(|(at, gain)| gain / ((at + 2) as f64).log2()).sum()
    };
    let mut ideal: Vec<f64> = judged.values().map(|grade| (*grade).max(0) as f64).collect();
    ideal.sort_by(|a, b| b.total_cmp(a));
    let gains: Vec<f64> = ranked.iter().map(|(document, _)| gain(document)).collect();
    let best = discounted(&ideal);
    let relevant = ideal.iter().filter(|gain| **gain > 0.0).count();
    if relevant == 0 {
        return;
    }
    report.queries += 1;
    report.ndcg.push(if best > 0.0 { discounted(&gains) / best } else { 0.0 });
    report.recall.push(gains.iter().take(DEPTH).filter(|gain| **gain > 0.0).count() as f64 / relevant as f64);
    let first = gains.iter().take(10).position(|gain| *gain > 0.0);
    report.reciprocal_rank.push(first.map_or(0.0, |at| 1.0 / (at + 1) as f64));
    let lines = ranked.iter().enumerate().map(|(at, (document, score))| RunLine {
        query: query.id.clone(),
        document: document.clone(),
        rank: at + 1,
        score: *score,
    });
    report.run.extend(lines);
}

/// One version a document, one passage a version; names are mapped back because theirs need not be ids of ours.
fn index(documents: &[Query], store: &Store) -> Result<(Snapshot, BTreeMap<VersionId, String>), Error> {
    let mut names = BTreeMap::new();
    let published = store.build("0", false, |writer: &mut Writer| {
        let named =
            documents.iter().enumerate().filter_map(|(at, line)| Some((format!("d{at:08}@1").parse().ok()?, line)));
        let named: Vec<(VersionId, &Query)> = named.collect();
        let encoding = writer.encoding();
        encoding.tally().announce(named.len());
        for some in named.chunks(AT_ONCE) {
            for sheet in side_by_side(some, |(id, line)| sheet(id.clone(), line, &encoding)) {
                writer.add(sheet?)?;
            }
        }
        names.extend(named.into_iter().map(|(id, line)| (id, line.id.clone())));
        Ok::<(), crate::index::Error>(())
    })?;
    Ok((store.open(&published.manifest.id)?, names))
}

fn sheet(id: VersionId, line: &Query, encoding: &Encoding) -> Result<Sheet, crate::index::Error> {
    let passages: Vec<Passage> = whole(&id, line).into_iter().collect();
    let mut facts = VersionFacts::bare(id);
    facts.title = Some(line.title.clone());
    let entry = Entry { facts, reading: Some(reading(passages.len())) };
    Sheet::new(entry, None, &passages, encoding)
}

fn whole(id: &VersionId, line: &Query) -> Option<Passage> {
    let mut builder = Builder::new("beir/1", &Limits::default());
    builder.paragraph(&line.text);
    passage_of_whole(&builder.finish(), id)
}

fn reading(passages: usize) -> Reading {
    let (reader, title, defects) = ("beir/1".to_owned(), None, Vec::new());
    Reading::Read { reader, title, characters: 0, pages: 0, passages, recommendations: 0, defects }
}

fn open(path: &Path) -> Result<Box<dyn BufRead>, Error> {
    let file = File::open(path).map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
    let zipped = path.extension().is_some_and(|ending| ending == "gz");
    let input: Box<dyn Read> = if zipped { Box::new(GzDecoder::new(file)) } else { Box::new(file) };
    Ok(Box::new(BufReader::new(input)))
}

fn read_lines(path: &Path) -> Result<Vec<Query>, Error> {
    let mut lines = Vec::new();
    let at = |line: usize, reason: String| Error::Line { path: path.to_owned(), line, reason };
    for (number, line) in open(path)?.lines().enumerate() {
        let line = line.map_err(|error| at(number + 1, error.to_string()))?;
        if !line.trim().is_empty() {
            lines.push(serde_json::from_str(&line).map_err(|error| at(number + 1, error.to_string()))?);
        }
    }
    Ok(lines)
}

fn read_qrels(path: &Path) -> Result<Judgements, Error> {
    let mut judgements = Judgements::new();
    let mut seen = BTreeSet::new();
    let wrong = |line: usize, reason: &str| Error::Line { path: PathBuf::from(path), line, reason: reason.to_owned() };
    for (number, line) in open(path)?.lines().enumerate().skip(1) {
        let line = line.map_err(|error| wrong(number + 1, &error.to_string()))?;
        if line.trim().is_empty() {
            continue;
        }
        let fields: Vec<&str> = line.split('\t').collect();
        let [query, document, grade] = fields.as_slice() else {
            return Err(wrong(number + 1, "expected query-id, corpus-id and score, parted by tabs"));
        };
        let grade = grade.trim().parse().map_err(|_| wrong(number + 1, "the score is no whole number"))?;
        if seen.insert((query.to_string(), document.to_string())) {
            judgements.entry(query.to_string()).or_default().insert(document.to_string(), grade);
        }
    }
    Ok(judgements)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_set_is_ranked_and_scored() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("qrels")).expect("a folder");
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("written");
        write(
            "corpus.jsonl",
            "{\"_id\":\"a/1\",\"title\":\"Aspirin\",\"text\":\"Aspirin prevents strokes.\"}\n{\"_id\":\"b\",\"text\":\"Statins lower cholesterol.\"}\n",
        );
        write(
            "queries.jsonl",
            "{\"_id\":\"q1\",\"text\":\"do statins lower cholesterol\"}\n{\"_id\":\"q2\",\"text\":\"unjudged\"}\n",
        );
        write("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\tb\t1\n");
        let report = measure(folder.path(), "test", &Store::new(folder.path().join("index"))).expect("a report");
        assert_eq!(
            (report.queries, report.ndcg_at_10(), report.recall_at_100(), report.mrr_at_10()),
            (1, 1.0, 1.0, 1.0)
        );
        assert_eq!(report.run[0].document, "b");
    }

    #[test]
    fn a_missing_file_is_named() {
        let error =
            measure(Path::new("/nonexistent"), "test", &Store::new("/nonexistent")).expect_err("no data").to_string();
        assert!(error.contains("/nonexistent/qrels/test.tsv"), "{error}");
    }
}
