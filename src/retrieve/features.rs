//! The second stage: what is measured of each passage that the first stage let through.
//!
//! Everything is taken from the index's lists, so no passage is read for it. The names and their order are the model's:
//! see `training/README.md`.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::query::Search;
use crate::index::{Error, Lists, Part};
use crate::passage::PassageKind;

/// Names of the features, in order.
pub const NAMES: [&str; COUNT] = [
    "words",
    "words_of_best",
    "share",
    "share_of_rare",
    "rarest",
    "inside",
    "title",
    "heading",
    "alternatives",
    "quantities",
    "other_quantities",
    "meaning",
    "meaning_of_best",
    "dense",
    "dense_of_best",
    "first_by_words",
    "first_by_meaning",
    "recommendation",
    "table_row",
    "list",
    "note",
    "length",
    "brief",
    "pregnancy",
    "childhood",
    "document",
];
/// How many there are.
pub const COUNT: usize = 26;

/// The features of one passage for one claim, in the order of [`NAMES`].
pub type Features = [f32; COUNT];

/// Words below which a passage says too little to settle anything.
const FEWEST_WORDS: u16 = 6;
/// Highest worth of a term's frequency (see [`Lists::each`]) in all three fields.
const MOST_WORTH: f32 = 2.2 * 1.5;
/// The rarest words of a claim that are looked at apart.
const RAREST: usize = 2;

/// How much of a claim a passage covers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Overlap {
    /// Share of the claim's rarity (sum of inverse document frequencies) that stands in the passage or above it, 0 to 1.
    pub share: f32,
    /// The same without the claim's numbers: a passage with another dose is about the claim all the same.
    pub topic: f32,
}

/// A passage of the first stage.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Its row in the index.
    pub row: u32,
    /// What is measured of it.
    pub features: Features,
    /// What it shares with the claim.
    pub overlap: Overlap,
}

/// What the first stage says of the passages.
pub(super) struct Stage<'a> {
    /// Score of each passage by words.
    pub(super) words: &'a [f32],
    /// Similarity of each passage by each meaning that the snapshot has: the embedded one, then the dense one.
    pub(super) meanings: [Option<&'a [f32]>; 2],
    /// The rows beside which a passage is measured, whether they may be given or not; in order.
    pub(super) pool: &'a [u32],
}

impl Stage<'_> {
    /// The scores of some rows: by words, then by each meaning, empty where the snapshot does not have it.
    fn of(&self, rows: &[u32]) -> [Vec<f32>; 3] {
        let value = |scores: &[f32], row: u32| scores.get(row as usize).copied().unwrap_or_default();
        [Some(self.words), self.meanings[0], self.meanings[1]]
            .map(|scores| scores.map(|scores| rows.iter().map(|row| value(scores, *row)).collect()).unwrap_or_default())
    }
}

/// What a passage is measured by that depends on others.
struct Beside {
    /// Best score by words and by each meaning.
    most: [f32; 3],
    /// Scores by words, and by the best meaning that there is, best first and equal ones in the order of rows.
    order: [Vec<(f32, u32)>; 2],
    /// The two best scores by words of each document's passages.
    documents: BTreeMap<usize, (f32, f32)>,
}

impl Beside {
    fn of(lists: &Lists, stage: &Stage<'_>) -> Beside {
        let scores = stage.of(stage.pool);
        let order = |scores: &[f32]| {
            let mut order: Vec<(f32, u32)> = scores.iter().copied().zip(stage.pool.iter().copied()).collect();
            order.sort_by(better);
            order
        };
        let top = |scores: &Vec<f32>| scores.iter().copied().fold(0.0, f32::max);
        let mut documents: BTreeMap<usize, (f32, f32)> = BTreeMap::new();
        for (row, score) in stage.pool.iter().zip(&scores[0]) {
            let (first, second) = documents.entry(lists.version_number(*row)).or_default();
            if score > first {
                (*first, *second) = (*score, *first);
            } else if score > second {
                *second = *score;
            }
        }
        let dense = usize::from(!scores[2].is_empty());
        Beside { most: scores.each_ref().map(top), order: [order(&scores[0]), order(&scores[1 + dense])], documents }
    }

    /// One over the place of a score among the others, which begins at 1; 0 where there are no scores.
    fn reciprocal(&self, which: usize, score: f32, row: u32) -> f32 {
        let order = &self.order[which];
        let place = order.partition_point(|other| better(other, &(score, row)).is_lt());
        if order.is_empty() { 0.0 } else { 1.0 / (1.0 + place as f32) }
    }

    /// The best score by words of another passage of its document: is the document about the claim?
    fn support(&self, document: usize, score: f32) -> f32 {
        let (first, second) = self.documents.get(&document).copied().unwrap_or_default();
        if score == first { second } else { first }
    }
}

fn better(a: &(f32, u32), b: &(f32, u32)) -> Ordering {
    b.0.total_cmp(&a.0).then(a.1.cmp(&b.1))
}

/// Measures passages; `rows` in order.
pub(super) fn measured(
    lists: &Lists,
    search: &Search,
    stage: &Stage<'_>,
    rows: &[u32],
) -> Result<Vec<Candidate>, Error> {
    let held = Held::of(lists, search, rows)?;
    let words: Vec<Word> = Word::of(search);
    let [by_words, by_meaning @ ..] = stage.of(rows);
    let beside = Beside::of(lists, stage);
    let attainable = MOST_WORTH
        * search.asked.iter().filter(|asked| asked.known || asked.corrected).map(|asked| asked.idf).sum::<f32>();
    let closest = usize::from(!by_meaning[1].is_empty());
    let mut found = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        let Some(traits) = lists.traits(*row) else { continue };
        let cover = Cover::of(&words, &held, at);
        let meaning = |which: usize| by_meaning[which].get(at).copied().unwrap_or_default();
        let flag = |holds: bool| f32::from(u8::from(holds));
        let quantities = share(held.quantities[at] as f32, search.quantities.len() as f32);
        let features: Features = [
            share(by_words[at], attainable),
            share(by_words[at], beside.most[0]),
            cover.overlap.share,
            cover.rare,
            cover.rarest,
            cover.inside,
            cover.title,
            cover.heading,
            cover.alternatives,
            quantities,
            flag(!search.quantities.is_empty() && quantities == 0.0 && traits.quantities > 0),
            meaning(0),
            meaning(0) - beside.most[1],
            meaning(1),
            meaning(1) - beside.most[2],
            beside.reciprocal(0, by_words[at], *row),
            beside.reciprocal(1, meaning(closest), *row),
            flag(traits.kind == PassageKind::Recommendation),
            flag(traits.kind == PassageKind::TableRow),
            flag(traits.kind == PassageKind::List),
            flag(traits.kind == PassageKind::Note),
            (1.0 + f32::from(traits.words)).ln() / 5.5,
            flag(traits.words < FEWEST_WORDS),
            flag(traits.groups.pregnancy && !search.groups.pregnancy),
            flag(traits.groups.childhood && !search.groups.childhood),
            share(beside.support(lists.version_number(*row), by_words[at]), beside.most[0]),
        ];
        found.push(Candidate { row: *row, features, overlap: cover.overlap });
    }
    Ok(found)
}

/// A part of a whole; 0 of nothing.
pub(super) fn share(part: f32, whole: f32) -> f32 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// Which terms each passage holds, and where.
struct Held {
    /// How often each of the claim's terms stands in each passage: anywhere, in the title, in the headings.
    own: Vec<Vec<[u32; 3]>>,
    /// Share of each alternative's rarity that each passage holds, in the order of [`Search::alternatives`].
    others: Vec<Vec<f32>>,
    /// How many of the claim's numbers each passage holds.
    quantities: Vec<u32>,
}

impl Held {
    fn of(lists: &Lists, search: &Search, rows: &[u32]) -> Result<Held, Error> {
        let mut held = Held { own: Vec::new(), others: Vec::new(), quantities: vec![0; rows.len()] };
        for asked in &search.asked {
            let mut counts = vec![[0; 3]; rows.len()];
            if asked.known {
                for (field, part) in [Part::Flat, Part::Title, Part::Heading].into_iter().enumerate() {
                    lists.among(part, &asked.term, rows, |at, count| counts[at][field] = count)?;
                }
            }
            held.own.push(counts);
        }
        for other in search.alternatives() {
            let mut shares = vec![0.0; rows.len()];
            let all: f32 = other.terms.iter().map(|(_, idf)| idf).sum();
            for (term, idf) in &other.terms {
                lists.among(Part::Flat, term, rows, |at, _| shares[at] += share(*idf, all))?;
            }
            held.others.push(shares);
        }
        for token in &search.quantities {
            lists.among(Part::Quantity, token, rows, |at, _| held.quantities[at] += 1)?;
        }
        Ok(held)
    }
}

/// A word of the claim.
struct Word {
    /// Its forms, by place in [`Search::asked`], each with its inverse document frequency.
    forms: Vec<(usize, f32)>,
    /// What may stand for it, by place among the alternatives, each with its weight.
    others: Vec<(usize, f32)>,
    rarity: f32,
    known: bool,
    number: bool,
    /// Whether it is among the rarest that are known.
    rarest: bool,
}

impl Word {
    fn of(search: &Search) -> Vec<Word> {
        let mut words = Vec::new();
        let mut alternatives = 0;
        for unit in &search.units {
            let others: Vec<(usize, f32)> =
                unit.alternatives.iter().enumerate().map(|(at, other)| (alternatives + at, other.weight)).collect();
            alternatives += unit.alternatives.len();
            let (start, own) = (unit.own.start, &search.asked[unit.own.clone()]);
            let mut next = start;
            for forms in own.chunk_by(|a, b| a.position == b.position) {
                let most = |known: bool| {
                    forms
                        .iter()
                        .filter(|form| !known || form.known || form.corrected)
                        .map(|form| form.idf)
                        .fold(0.0, f32::max)
                };
                let known = most(true);
                words.push(Word {
                    forms: forms.iter().enumerate().map(|(at, form)| (next + at, form.idf)).collect(),
                    others: others.clone(),
                    rarity: if known > 0.0 { known } else { most(false) },
                    known: known > 0.0,
                    number: forms.iter().all(|form| is_number(&form.term)),
                    rarest: false,
                });
                next += forms.len();
            }
        }
        let mut order: Vec<usize> = (0..words.len()).filter(|at| words[*at].known && !words[*at].number).collect();
        order.sort_by(|a, b| words[*b].rarity.total_cmp(&words[*a].rarity).then(a.cmp(b)));
        for at in order.into_iter().take(RAREST) {
            words[at].rarest = true;
        }
        words
    }
}

fn is_number(term: &str) -> bool {
    term.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// How much of the claim one passage covers, in several ways.
#[derive(Default)]
struct Cover {
    overlap: Overlap,
    /// By the squares of rarity: its rarest words decide.
    rare: f32,
    /// Of the rarest words alone.
    rarest: f32,
    /// In the passage's own words.
    inside: f32,
    title: f32,
    heading: f32,
    /// By other words alone.
    alternatives: f32,
}

impl Cover {
    fn of(words: &[Word], held: &Held, at: usize) -> Cover {
        let mut all = Cover::default();
        let (mut total, mut topic, mut squares, mut rarest) = (0.0, 0.0, 0.0, 0.0);
        for word in words {
            let best = |holds: &dyn Fn([u32; 3]) -> bool| {
                let forms = word.forms.iter().filter(|(form, _)| holds(held.own[*form][at]));
                forms.map(|(_, idf)| *idf).fold(0.0, f32::max).min(word.rarity)
            };
            let own = best(&|[anywhere, _, _]| anywhere > 0);
            let other = word.others.iter().map(|(other, weight)| weight * held.others[*other][at]).fold(0.0, f32::max);
            let present = own.max(other * word.rarity);
            all.overlap.share += present;
            total += word.rarity;
            if !word.number {
                all.overlap.topic += present;
                topic += word.rarity;
            }
            all.rare += present * word.rarity;
            squares += word.rarity * word.rarity;
            if word.rarest {
                all.rarest += present;
                rarest += word.rarity;
            }
            all.inside += best(&|[anywhere, title, heading]| anywhere > title + heading);
            all.title += best(&|[_, title, _]| title > 0);
            all.heading += best(&|[_, _, heading]| heading > 0);
            all.alternatives += present - own;
        }
        let overlap = Overlap { share: share(all.overlap.share, total), topic: share(all.overlap.topic, topic) };
        Cover {
            overlap: if topic > 0.0 { overlap } else { Overlap { topic: overlap.share, ..overlap } },
            rare: share(all.rare, squares),
            rarest: share(all.rarest, rarest),
            inside: share(all.inside, total),
            title: share(all.title, total),
            heading: share(all.heading, total),
            alternatives: share(all.alternatives, total),
        }
    }
}
