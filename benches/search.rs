//! Times ranking against a bare BM25 query on the very same index, for `benches/search.py` to put beside other engines.
//!
//! `search text DATASET SPLIT ROUNDS` indexes a data set in the BEIR layout and asks each judged query, one after another
//! on one thread, once for warmth and `ROUNDS` times for the clock: the ten best by a bare Tantivy BM25 query over the one
//! flat field; by our lexical ranking with the same terms; by the embedded default; and a whole answer of five by that
//! default, with editions, duplicates and reasons. `search hybrid DATASET SPLIT ROUNDS DIMENSIONS...` times exact searches
//! for the nearest 100 among generated vectors, as many as there are passages, for each number of dimensions, and then the
//! embedded default with the last of these searches beside it. The queries' vectors of that search are generated too, so
//! that what a model takes to make one is not in the figure. One line of JSON for each.

use std::hint::black_box;
use std::io::{Error, Write};
use std::path::Path;
use std::time::Instant;

use groundline::claim::Claim;
use groundline::eval::retrieval::{Collection, percentile};
use groundline::evidence::{self, Options};
use groundline::index::{Ranker, Ranking, Snapshot, Store};
use groundline::language::{is_stop_word, terms};
use groundline::meaning::{Matrix, StaticEncoder, normalise};
use groundline::retrieve;
use serde_json::json;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, Term};

/// Best passages that are asked for.
const TOP: usize = 10;
/// Nearest vectors that are asked for.
const NEAREST: usize = 100;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    // `cargo bench` adds an argument of its own.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let usage = "say `text DATASET SPLIT ROUNDS` or `hybrid DATASET SPLIT ROUNDS DIMENSIONS...`";
    let [mode, dataset, split, rounds, dimensions @ ..] = arguments.as_slice() else {
        return Err(Error::other(usage).into());
    };
    let scratch = tempfile::tempdir()?;
    let dataset = Path::new(dataset);
    let open = |name: &str, ranker: Ranker| {
        let ranking = Ranking::new(Some(ranker), vec![StaticEncoder::embedded()?]);
        let store = Store::new(scratch.path().join(name)).ranked(ranking);
        Ok::<_, Box<dyn std::error::Error>>(Collection::open(dataset, split, &store)?)
    };
    let rounds = rounds.parse()?;
    let default = open("static", Ranker::Static)?;
    match mode.as_str() {
        "text" => {
            let lexical = open("lexical", Ranker::Lexical)?;
            let asked = Asked::of(&lexical, rounds);
            asked.time("bare tantivy, same index", |_, claim| asked.bare(claim))?;
            asked.time("groundline lexical", |_, claim| asked.rank(claim))?;
            let asked = Asked::of(&default, rounds);
            asked.time("groundline static", |_, claim| asked.rank(claim))?;
            asked.time("groundline static, whole answer", |_, claim| asked.answer(claim))
        }
        "hybrid" => Asked::of(&default, rounds).hybrid(dimensions),
        _ => Err(Error::other(usage).into()),
    }
}

struct Asked<'a> {
    snapshot: &'a Snapshot,
    claims: Vec<Claim>,
    rounds: usize,
}

impl<'a> Asked<'a> {
    fn of(collection: &'a Collection, rounds: usize) -> Asked<'a> {
        let claims = collection.queries().filter_map(|text| Claim::new(text).ok()).collect();
        Asked { snapshot: &collection.snapshot, claims, rounds }
    }

    /// Asks every claim in every round, and tells what it took.
    fn time(&self, name: &str, ask: impl Fn(usize, &Claim) -> Outcome) -> Outcome {
        let mut millis = Vec::with_capacity(self.rounds * self.claims.len());
        for round in 0..=self.rounds {
            for (at, claim) in self.claims.iter().enumerate() {
                let started = Instant::now();
                ask(at, claim)?;
                if round > 0 {
                    millis.push(started.elapsed().as_secs_f64() * 1000.0);
                }
            }
        }
        millis.sort_by(f64::total_cmp);
        let (p50, p99) = (percentile(&millis, 50), percentile(&millis, 99));
        let passages = self.snapshot.manifest().passages;
        let line = json!({"engine": name, "passages": passages, "queries": self.claims.len(), "p50": p50, "p99": p99});
        writeln!(std::io::stdout().lock(), "{line}")?;
        Ok(())
    }

    fn rank(&self, claim: &Claim) -> Outcome {
        black_box(retrieve::ask(self.snapshot, claim, TOP)?);
        Ok(())
    }

    fn answer(&self, claim: &Claim) -> Outcome {
        black_box(evidence::gather(self.snapshot, claim, &Options::default())?);
        Ok(())
    }

    /// The best by a bare query.
    fn bare(&self, claim: &Claim) -> Outcome {
        let searcher = self.snapshot.searcher();
        let best = TopDocs::with_limit(TOP).order_by_score();
        black_box(searcher.search(&self.query(&searcher, claim), &best)?);
        Ok(())
    }

    /// Any of the claim's terms, in the flat field alone.
    fn query(&self, searcher: &Searcher, claim: &Claim) -> BooleanQuery {
        let field = self.snapshot.fields().flat;
        let mut words: Vec<String> = terms(claim.text()).into_iter().map(|term| term.text).collect();
        words.retain(|word| !is_stop_word(word));
        words.sort();
        words.dedup();
        let known = |term: &Term| searcher.doc_freq(term).is_ok_and(|frequency| frequency > 0);
        let terms = words.into_iter().map(|word| Term::from_field_text(field, &word)).filter(known);
        let clauses = terms.map(|term| {
            let query: Box<dyn Query> = Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
            (Occur::Should, query)
        });
        BooleanQuery::new(clauses.collect())
    }

    fn hybrid(&self, dimensions: &[String]) -> Outcome {
        let mut drawn = Drawn(1);
        let mut stores = Vec::new();
        for dimensions in dimensions {
            let dimensions: usize = dimensions.parse()?;
            let mut matrix = Matrix::new(dimensions)?;
            for _ in 0..self.snapshot.manifest().passages {
                matrix.push(&drawn.vector(dimensions))?;
            }
            let queries: Vec<Vec<f32>> = self.claims.iter().map(|_| drawn.vector(dimensions)).collect();
            stores.push((matrix, queries));
        }
        for (matrix, queries) in &stores {
            self.time(&format!("vectors, {} dimensions", matrix.dimensions()), |at, _| {
                black_box(matrix.nearest(&queries[at], NEAREST, |_| true));
                Ok(())
            })?;
        }
        let Some((matrix, queries)) = stores.last() else { return Ok(()) };
        self.time(&format!("static and {} dimensions", matrix.dimensions()), |at, claim| {
            black_box(matrix.nearest(&queries[at], NEAREST, |_| true));
            self.rank(claim)
        })
    }
}

/// Directions that a fixed sequence draws.
struct Drawn(u64);

impl Drawn {
    fn vector(&mut self, dimensions: usize) -> Vec<f32> {
        let mut vector: Vec<f32> = (0..dimensions)
            .map(|_| {
                // The upper bits of a linear congruential generator (Knuth's MMIX).
                self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (self.0 >> 40) as f32 / (1_u64 << 24) as f32 - 0.5
            })
            .collect();
        normalise(&mut vector);
        vector
    }
}
