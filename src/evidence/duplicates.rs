//! The same rule printed on many pages, or in two documents, is one passage of an answer.
//!
//! Two passages are the same where their words are the same in the same order, articles, prepositions and punctuation
//! aside, and one may have a label before them or a grade after them. One other word, number or comparison is enough to
//! keep them apart: of two drugs in otherwise equal sentences, neither may be hidden. A digest and the guideline that it
//! sums up are never folded, and neither are an edition and what replaced it: which of them speaks is the editions'
//! business.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::Scope;
use crate::corpus::{Status, Tier, VersionId};
use crate::index::Snapshot;
use crate::passage::{Direction, Passage, PassageId, PassageKind};
use crate::retrieve::Found;

/// Words below which a passage says too little apart from its heading: then the headings must be equal too.
const BRIEF: usize = 12;
/// Most words of a label before, or of a grade after, the words that both passages have.
const LABEL: usize = 5;
/// Words that carry nothing here.
const EMPTY: [&str; 16] =
    ["a", "an", "the", "of", "in", "for", "to", "with", "that", "is", "are", "be", "by", "on", "at", "as"];
/// Words that a label or a grade does not have: what they add turns the statement round or bounds it.
const TURNING: [&str; 22] = [
    "no",
    "not",
    "never",
    "without",
    "against",
    "avoid",
    "except",
    "unless",
    "nor",
    "cannot",
    "stop",
    "only",
    "if",
    "or",
    "and",
    "but",
    "do",
    "who",
    "when",
    "until",
    "than",
    "insufficient",
];

/// What each kept passage stands for besides itself.
pub(super) type Folded = BTreeMap<PassageId, Vec<Arc<Passage>>>;

/// Folds passages that say the same: of each group the one that is best located stays, at the best one's place.
pub(super) fn fold(snapshot: &Snapshot, scope: &Scope, found: Vec<Found>) -> (Vec<Found>, Folded) {
    let mut groups: Vec<Vec<(Found, Words)>> = Vec::new();
    for one in found {
        let words = Words::of(snapshot, scope, &one.passage);
        match groups.iter_mut().find(|group| group[0].1.same(&words, snapshot, scope)) {
            Some(group) => group.push((one, words)),
            None => groups.push(vec![(one, words)]),
        }
    }
    let (mut kept, mut folded) = (Vec::with_capacity(groups.len()), Folded::new());
    for mut group in groups {
        // The best found one leads; the best located one speaks, with the leader's score.
        let best = group.iter().map(|(one, _)| one.score).fold(f64::MIN, f64::max);
        let speaker = (0..group.len()).max_by_key(|at| (located(&group[*at].0.passage), std::cmp::Reverse(*at)));
        let (mut speaker, _) = group.remove(speaker.unwrap_or_default());
        speaker.score = best;
        if !group.is_empty() {
            let mut others: Vec<Arc<Passage>> = group.into_iter().map(|(one, _)| one.passage).collect();
            others.sort_by(|a, b| a.id.cmp(&b.id));
            folded.insert(speaker.passage.id.clone(), others);
        }
        kept.push(speaker);
    }
    (kept, folded)
}

/// How well a passage can be found again and weighed: graded, a recommendation, numbered, on a page.
fn located(passage: &Passage) -> (bool, bool, bool, bool) {
    (
        passage.grade.is_some(),
        passage.kind == PassageKind::Recommendation,
        passage.id.part().starts_with("rec-") || passage.place.is_some(),
        passage.page.is_some() || passage.anchor.is_some(),
    )
}

/// What is compared of a passage.
struct Words {
    version: VersionId,
    tier: Tier,
    status: Status,
    all: Sequence,
    lead: Sequence,
    heading: Option<String>,
    grade: Option<String>,
    direction: Option<Direction>,
}

impl Words {
    fn of(snapshot: &Snapshot, scope: &Scope, passage: &Passage) -> Words {
        let version = passage.id.version().clone();
        Words {
            tier: snapshot.entry(&version).map(|entry| entry.facts.tier).unwrap_or_default(),
            status: scope.status(snapshot, &version).0,
            all: words(passage.text()),
            lead: words(passage.lead.as_deref().unwrap_or_default()),
            heading: passage.path.last().cloned(),
            grade: passage.grade.as_ref().map(|grade| grade.code.clone()),
            direction: passage.direction,
            version,
        }
    }

    fn same(&self, other: &Words, snapshot: &Snapshot, scope: &Scope) -> bool {
        let brief = self.all.words.len().min(other.all.words.len()) < BRIEF;
        self.tier == other.tier
            && self.status == other.status
            && alike(&self.all, &other.all)
            && self.lead.all().eq(other.lead.all())
            && (!brief || self.heading == other.heading)
            && no_other(self.grade.as_ref(), other.grade.as_ref())
            && no_other(self.direction, other.direction)
            && !self.replaced_by(other, snapshot, scope)
            && !other.replaced_by(self, snapshot, scope)
    }

    fn replaced_by(&self, other: &Words, snapshot: &Snapshot, scope: &Scope) -> bool {
        self.version != other.version
            && snapshot.catalogue().descendants(&self.version, scope.day).contains(&other.version)
    }
}

/// Whether two values do not contradict each other.
fn no_other<T: PartialEq>(a: Option<T>, b: Option<T>) -> bool {
    a.is_none() || b.is_none() || a == b
}

/// Whether the shorter one is the longer one without a label before it and a grade after it.
fn alike(a: &Sequence, b: &Sequence) -> bool {
    let (short, long) = if a.words.len() <= b.words.len() { (a, b) } else { (b, a) };
    let (words, all) = (short.words.len(), long.words.len());
    if words == 0 || all > words + 2 * LABEL {
        return false;
    }
    let label = |from: usize, to: usize| to - from <= LABEL && !long.of(from..to).any(|word| TURNING.contains(&word));
    let digits = |word: &str| word.contains(|c: char| c.is_ascii_digit());
    (0..=all - words).any(|at| {
        let end = at + words;
        long.of(at..end).eq(short.all()) && label(0, at) && label(end, all) && !long.of(end..all).any(digits)
    })
}

/// The words of a text in order, in lower case, as places in one string: an answer compares some forty passages.
struct Sequence {
    text: String,
    words: Vec<Range<usize>>,
}

impl Sequence {
    fn all(&self) -> impl Iterator<Item = &str> {
        self.of(0..self.words.len())
    }

    fn of(&self, which: Range<usize>) -> impl Iterator<Item = &str> {
        self.words[which].iter().map(|place| &self.text[place.clone()])
    }
}

/// Words, numbers and comparisons in lower case, without those that carry nothing; a decimal number is one word.
fn words(text: &str) -> Sequence {
    let text = text.to_lowercase();
    let mut words = Vec::with_capacity(text.len() / 5);
    let mut end = |start: usize, end: usize| {
        let whole = &text[start..end];
        let start = end - whole.trim_start_matches('.').len();
        let bare = whole.trim_matches('.');
        if !bare.is_empty() && !EMPTY.contains(&bare) {
            words.push(start..start + bare.len());
        }
    };
    let mut start = 0;
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() || c == '.' {
            continue;
        }
        end(start, at);
        start = at + c.len_utf8();
        if matches!(c, '<' | '>' | '≤' | '≥' | '=' | '±' | '+' | '%' | '/' | '−' | '–') {
            end(at, start);
        }
    }
    end(start, text.len());
    Sequence { text, words }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: &str, b: &str, expected: bool) {
        assert_eq!(alike(&words(a), &words(b)), expected, "{a} | {b}");
        assert_eq!(alike(&words(b), &words(a)), expected, "{b} | {a}");
    }

    #[test]
    fn labels_grades_articles_and_punctuation_make_no_other_rule() {
        let rule = "Give amoxicillin 50 mg/kg to adults for 5 days.";
        check(rule, "Give amoxicillin 50 mg/kg, to the adults, for 5 days", true);
        check(rule, "Recommendation 3. Give amoxicillin 50 mg/kg to adults for 5 days", true);
        check(rule, "Give amoxicillin 50 mg/kg to adults for 5 days (strong, low certainty)", true);
    }

    #[test]
    fn one_word_number_or_comparison_makes_another_rule() {
        let rule = "Give amoxicillin 50 mg/kg to adults for 5 days.";
        check(rule, "Give ampicillin 50 mg/kg to adults for 5 days.", false);
        check(rule, "Give amoxicillin 40 mg/kg to adults for 5 days.", false);
        check(rule, "Do not give amoxicillin 50 mg/kg to adults for 5 days.", false);
        check(rule, "Give amoxicillin 50 mg/kg to adults for 5 days unless pregnant.", false);
        check(rule, "Give amoxicillin 50 mg/kg to adults for 5 days; 10 days severe.", false);
        check("treat if eGFR < 30 mL/min", "treat if eGFR > 30 mL/min", false);
        check("treat at 7.0 mmol/L", "treat at 70 mmol/L", false);
        check("", "", false);
    }
}
