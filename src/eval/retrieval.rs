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

use super::Error;
use super::figures::{Figure, Maker, Row, asked, summary};
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
    /// What answered.
    pub maker: Maker,
    /// Number of judged queries.
    pub queries: usize,
    /// One row a judged query: nDCG and reciprocal rank at 10, recall at 100.
    pub rows: Vec<Row>,
    /// Milliseconds a query, sorted.
    pub millis: Vec<f64>,
    /// The ranking.
    pub run: Vec<RunLine>,
}

impl Report {
    /// Mean nDCG at 10.
    pub fn ndcg_at_10(&self) -> f64 {
        self.mean(Figure::Ndcg10)
    }

    /// Mean recall at 100.
    pub fn recall_at_100(&self) -> f64 {
        self.mean(Figure::Recall100)
    }

    /// Mean reciprocal rank at 10.
    pub fn mrr_at_10(&self) -> f64 {
        self.mean(Figure::Mrr10)
    }

    fn mean(&self, figure: Figure) -> f64 {
        summary(&self.rows, figure).map_or(0.0, |summary| summary.mean)
    }
}

/// A percentile of sorted times; 0 of none.
pub fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).copied().unwrap_or_default()
}

/// Times of the asking alone.
#[derive(Clone, Debug)]
pub struct Timing {
    /// Best documents that were asked for.
    pub top: usize,
    /// Times that each query was asked again, after a first time that does not count.
    pub rounds: usize,
    /// Milliseconds a query, sorted.
    pub millis: Vec<f64>,
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
pub struct Collection {
    queries: Vec<Query>,
    judgements: Judgements,
    /// Its documents, each one passage.
    pub snapshot: Snapshot,
    names: BTreeMap<VersionId, String>,
}

impl Collection {
    /// Indexes a data set in a store of its own.
    ///
    /// # Errors
    /// [`Error`] names the file that is missing or wrong.
    pub fn open(dataset: &Path, split: &str, store: &Store) -> Result<Collection, Error> {
        let judgements = read_qrels(&dataset.join("qrels").join(format!("{split}.tsv")))?;
        let queries = read_lines(&dataset.join("queries.jsonl"))?;
        let corpus = [dataset.join("corpus.jsonl"), dataset.join("corpus.jsonl.gz")];
        let corpus = corpus.iter().find(|path| path.exists()).unwrap_or(&corpus[0]);
        let documents = read_lines(corpus)?;
        let (snapshot, names) = index(&documents, store)?;
        Ok(Collection { queries, judgements, snapshot, names })
    }

    /// Texts of the queries of the split.
    pub fn queries(&self) -> impl Iterator<Item = &str> {
        self.judged().map(|(query, _)| query.text.as_str())
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
    let report = Collection::open(dataset, split, store)?.measure()?;
    if report.queries == 0 { Err(Error::Nothing(dataset.to_owned())) } else { Ok(report) }
}

impl Collection {
    /// Ranks the documents for each judged query.
    ///
    /// # Errors
    /// [`Error`] where the snapshot cannot be read.
    pub fn measure(&self) -> Result<Report, Error> {
        let maker = Maker::of(&self.snapshot);
        let mut report = Report { maker, queries: 0, rows: Vec::new(), millis: Vec::new(), run: Vec::new() };
        for (query, judged) in self.judged() {
            let Ok(claim) = Claim::new(&query.text) else { continue };
            let started = Instant::now();
            let found = retrieve::ask(&self.snapshot, &claim, DEPTH)?;
            report.millis.push(started.elapsed().as_secs_f64() * 1000.0);
            let named = |one: &Placed| (self.name(one.candidate.row).to_owned(), one.score);
            let ranked: Vec<(String, f64)> = found.iter().map(named).collect();
            score(&mut report, query, judged, &ranked);
        }
        report.millis.sort_by(f64::total_cmp);
        Ok(report)
    }

    /// Asks each judged query for the best `top` documents, once for warmth and then `rounds` times, one after another.
    ///
    /// # Errors
    /// [`Error`] where the snapshot cannot be read.
    pub fn time(&self, top: usize, rounds: usize) -> Result<Timing, Error> {
        let claims: Vec<Claim> = self.queries().filter_map(|text| Claim::new(text).ok()).collect();
        let mut timing = Timing { top, rounds, millis: Vec::with_capacity(rounds * claims.len()) };
        for round in 0..=rounds {
            for claim in &claims {
                let started = Instant::now();
                retrieve::ask(&self.snapshot, claim, top)?;
                if round > 0 {
                    timing.millis.push(started.elapsed().as_secs_f64() * 1000.0);
                }
            }
        }
        timing.millis.sort_by(f64::total_cmp);
        Ok(timing)
    }
}

/// Gain of the first `depth`, each divided by the logarithm of its place, as trec_eval has it.
pub(super) fn discounted(gains: &[f64], depth: usize) -> f64 {
    gains.iter().take(depth).enumerate().map(|(at, gain)| gain / ((at + 2) as f64).log2()).sum()
}

fn score(report: &mut Report, query: &Query, judged: &BTreeMap<String, i64>, ranked: &[(String, f64)]) {
    let gain = |document: &String| judged.get(document).copied().unwrap_or_default().max(0) as f64;
    let mut ideal: Vec<f64> = judged.values().map(|grade| (*grade).max(0) as f64).collect();
    ideal.sort_by(|a, b| b.total_cmp(a));
    let gains: Vec<f64> = ranked.iter().map(|(document, _)| gain(document)).collect();
    let relevant = ideal.iter().filter(|gain| **gain > 0.0).count();
    if relevant == 0 {
        return;
    }
    report.queries += 1;
    let rank = gains.iter().position(|gain| *gain > 0.0).map(|at| at + 1);
    let found = gains.iter().take(DEPTH).filter(|gain| **gain > 0.0).count();
    let figures = [
        (Figure::Ndcg10, discounted(&gains, 10) / discounted(&ideal, 10)),
        (Figure::Recall100, found as f64 / relevant as f64),
        (Figure::Mrr10, rank.filter(|rank| *rank <= 10).map_or(0.0, |rank| 1.0 / rank as f64)),
    ];
    let gold: Vec<String> = judged.iter().map(|(document, grade)| format!("{document}:{grade}")).collect();
    report.rows.push(Row {
        id: query.id.clone(),
        of: None,
        asked: asked([query.text.as_str()].into_iter().chain(gold.iter().map(String::as_str))),
        rank,
        first: ranked.first().map(|(document, _)| document.clone()),
        figures: figures.into(),
    });
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
    let published = store.build("0", false, None, |writer: &mut Writer| {
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
        assert_eq!((report.rows[0].id.as_str(), report.rows[0].rank), ("q1", Some(1)));
        let collection =
            Collection::open(folder.path(), "test", &Store::new(folder.path().join("other"))).expect("a collection");
        assert_eq!(collection.time(10, 3).expect("times").millis.len(), 3);
    }

    #[test]
    fn a_missing_file_is_named() {
        let error =
            measure(Path::new("/nonexistent"), "test", &Store::new("/nonexistent")).expect_err("no data").to_string();
        assert!(error.contains("/nonexistent/qrels/test.tsv"), "{error}");
    }
}
