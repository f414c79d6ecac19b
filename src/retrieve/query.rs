//! The claim's terms, how rare each is, and the query that they make.

use std::collections::{BTreeMap, BTreeSet};

use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, ConstScoreQuery, Occur, Query, TermQuery, TermSetQuery};
use tantivy::schema::{Field, IndexRecordOption};

use super::scope::Pregnancy;
use crate::claim::Claim;
use crate::corpus::VersionId;
use crate::index::{Error, Fields, Snapshot};
use crate::language::{self, Wanted, is_stop_word};
use crate::quantity;

/// Most distinct terms of one query; of a longer text the rarest count.
const MOST_TERMS: usize = 64;
/// Weight of a term in the title, beside 1 in the flat field. Tuned on SciFact's train split.
const TITLE: f32 = 0.3;
/// Weight of a term in the headings above a passage.
const HEADING: f32 = 0.2;
/// Weight of a number that stands with the same unit in both.
const QUANTITY: f32 = 0.5;
/// Weight of a term that stands only in what was said around the claim.
const CONTEXT: f32 = 0.2;

/// One term of a claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The form that is searched for.
    pub term: String,
    /// The claim's own spelling.
    pub surface: String,
    /// Inverse document frequency (BM25's form), over all passages.
    pub idf: f64,
    /// Whether any passage holds it.
    pub known: bool,
    /// Words of the claim that this term stands for; a compound's joined form stands for its parts too.
    pub position: usize,
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Search {
    /// Terms of the claim, in the order of the claim.
    pub asked: Vec<Asked>,
    /// Terms that stand only in the context.
    context: Vec<String>,
    /// Exact tokens of the claim's numbers.
    pub quantities: Vec<String>,
    /// The claim's terms, ready to be looked for in a text.
    pub(super) wanted: Wanted,
    /// The claim's vector by each encoder of the snapshot, in the order of [`Snapshot::meanings`].
    pub vectors: Vec<Vec<f32>>,
    /// Whether the claim speaks of pregnancy.
    pub(super) pregnancy: Pregnancy,
}

impl Search {
    /// Reads a claim against the term statistics of a snapshot.
    ///
    /// # Errors
    /// [`Error`] where the index cannot be read.
    pub fn of(snapshot: &Snapshot, claim: &Claim) -> Result<Search, Error> {
        let searcher = snapshot.searcher();
        let fields = snapshot.fields();
        let passages = searcher.num_docs() as f64;
        let mut seen = BTreeSet::new();
        let mut asked = Vec::new();
        for term in language::terms(claim.text()) {
            if is_stop_word(&term.text) || !seen.insert(term.text.clone()) {
                continue;
            }
            let frequency = searcher.doc_freq(&Term::from_field_text(fields.flat, &term.text))? as f64;
            let idf = (1.0 + (passages - frequency + 0.5) / (frequency + 0.5)).ln();
            let surface = claim.text().get(term.range.clone()).unwrap_or_default().to_owned();
            asked.push(Asked { term: term.text, surface, idf, known: frequency > 0.0, position: term.position });
        }
        rarest(&mut asked);
        let context = claim.context().map(|context| context_terms(context, &seen)).unwrap_or_default();
        let mut quantities = quantity::tokens(claim.text());
        quantities.sort();
        quantities.dedup();
        quantities.truncate(MOST_TERMS);
        let wanted = Wanted::new(asked.iter().map(|asked| asked.term.clone()));
        let pregnancy = Pregnancy::of(claim.text(), claim.context());
        let vectors = snapshot.meanings().iter().map(|meaning| meaning.encoder.query(claim.text()));
        let vectors = vectors.collect::<Result<_, _>>()?;
        Ok(Search { asked, context, quantities, wanted, vectors, pregnancy })
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.asked.iter().all(|asked| !asked.known)
    }

    /// The terms as one line, for the trail of what was searched.
    pub fn line(&self) -> String {
        let terms = self.asked.iter().map(|asked| asked.term.as_str());
        terms.chain(self.quantities.iter().map(String::as_str)).collect::<Vec<_>>().join(" ")
    }

    /// The query over the index's fields, within `versions` where given.
    pub(super) fn query(&self, fields: Fields, versions: Option<&BTreeSet<VersionId>>) -> Box<dyn Query> {
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for asked in self.asked.iter().filter(|asked| asked.known) {
            for (field, weight) in [(fields.flat, 1.0), (fields.title, TITLE), (fields.heading, HEADING)] {
                clauses.push((Occur::Should, weighted(field, &asked.term, weight)));
            }
        }
        for term in &self.context {
            clauses.push((Occur::Should, weighted(fields.flat, term, CONTEXT)));
        }
        for token in &self.quantities {
            clauses.push((Occur::Should, weighted(fields.quantity, token, QUANTITY)));
        }
        let wanted = BooleanQuery::new(clauses);
        match versions {
            None => Box::new(wanted),
            Some(versions) => {
                let terms = versions.iter().map(|id| Term::from_field_text(fields.version, &id.to_string()));
                let within = ConstScoreQuery::new(Box::new(TermSetQuery::new(terms)), 0.0);
                Box::new(BooleanQuery::new(vec![(Occur::Must, Box::new(wanted)), (Occur::Must, Box::new(within))]))
            }
        }
    }
}

fn weighted(field: Field, term: &str, weight: f32) -> Box<dyn Query> {
    let query = TermQuery::new(Term::from_field_text(field, term), IndexRecordOption::WithFreqs);
    Box::new(BoostQuery::new(Box::new(query), weight))
}

/// Keeps the rarest terms, in the order of the claim.
fn rarest(asked: &mut Vec<Asked>) {
    if asked.len() <= MOST_TERMS {
        return;
    }
    let mut order: Vec<usize> = (0..asked.len()).collect();
    order.sort_by(|a, b| asked[*b].idf.total_cmp(&asked[*a].idf).then(a.cmp(b)));
    let keep: BTreeSet<usize> = order.into_iter().take(MOST_TERMS).collect();
    let mut at = 0;
    asked.retain(|_| {
        at += 1;
        keep.contains(&(at - 1))
    });
}

/// The most frequent terms of the context that the claim itself does not have.
fn context_terms(context: &str, claim: &BTreeSet<String>) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for term in language::terms(context) {
        if !is_stop_word(&term.text) && !claim.contains(&term.text) {
            *counts.entry(term.text).or_default() += 1;
        }
    }
    let mut terms: Vec<(String, usize)> = counts.into_iter().collect();
    terms.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    terms.into_iter().take(MOST_TERMS / 2).map(|(term, _)| term).collect()
}
