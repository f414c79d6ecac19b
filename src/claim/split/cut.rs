//! Cuts a block into statements: its sentences, and the halves of a sentence that a semicolon joins.
//!
//! Nothing else is cut: "A or B", what hangs on "if" or "unless", and what "and" or "but" join stay whole, because half of
//! them may say what the text does not. A half that leans on the other is read alone only together with it.

use std::ops::Range;

use super::clause::{self, Shape};
use super::lines::trimmed;
use super::sentence::{self, is_emoji, sentences};

/// A statement's words within its run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) words: Range<usize>,
    /// The words that its meaning needs: its own, or its whole sentence.
    pub(super) sense: Range<usize>,
    /// The first of its sentence, so that a half is not taken for a sentence.
    pub(super) first: bool,
}

/// Parts of a sentence beyond which it is left whole.
const MOST_PARTS: usize = 12;
/// Words with which a half begins that says nothing without the half before.
const LEANING: &[&str] = &[
    "if not",
    "it",
    "its",
    "they",
    "their",
    "if so",
    "otherwise",
    "or",
    "else",
    "then",
    "that is",
    "that's",
    "this is",
    "this",
    "that",
    "these",
    "those",
    "in practice",
    "in that case",
    "nor",
    "neither",
    "instead",
    "so",
    "thus",
    "hence",
    "therefore",
    "e.g",
    "i.e",
    "namely",
];
/// Words with which a half begins that may hold for what follows it too.
const CONDITIONS: &[&str] =
    &["if", "unless", "when", "where", "while", "although", "though", "provided", "once", "until", "for"];

/// The statements of a run of words; a comma or semicolon that only closes an item is outside of them.
pub(super) fn pieces(text: &str, within: &Range<usize>, item: bool) -> Vec<Piece> {
    let run = text.get(within.clone()).unwrap_or_default();
    let mut found = Vec::new();
    for sentence in sentences(run) {
        let mut whole = tidy(text, &(sentence.start + within.start..sentence.end + within.start));
        if item {
            let words = text.get(whole.clone()).unwrap_or_default();
            whole.end = whole.start + words.trim_end_matches([',', ';', ' ']).len();
        }
        if whole.is_empty() {
            continue;
        }
        let parts = parts(text, &whole);
        let mut leaning = false;
        for (at, part) in parts.iter().enumerate() {
            let words = text.get(part.clone()).unwrap_or_default();
            let fragment = clause::shape(after_label(words)) == Shape::Fragment && super::lines::label(words).is_none();
            leaning =
                at > 0 && (leaning || leans(words) || fragment) || parts.len() > 1 && at == 0 && is_conditional(words);
            // What leans is read with all that comes before it in its sentence, and no more.
            let sense = if at > 0 && leaning { whole.start..part.end } else { part.clone() };
            found.push(Piece { words: part.clone(), sense, first: at == 0 });
        }
    }
    found
}

/// A range without marks of citation, emoji and signs at its ends; empty where nothing is a letter or a digit.
fn tidy(text: &str, range: &Range<usize>) -> Range<usize> {
    let mut range = trimmed(text, range);
    while let Some(cut) = mark_at_end(text.get(range.clone()).unwrap_or_default()) {
        range.end -= cut;
        range = trimmed(text, &range);
    }
    let words = text.get(range.clone()).unwrap_or_default();
    let drawn = |c: char| {
        is_emoji(c) && !matches!(c, '❌' | '✗' | '✘' | '✓' | '✔' | '✅' | '⛔') && c != '🚫'
            || matches!(c, '\u{fe0f}' | '\u{200d}' | '\u{20e3}' | '→' | '*' | '_' | '#' | '|')
            || c.is_whitespace()
    };
    let start = range.start + (words.len() - words.trim_start_matches(drawn).len());
    let end = range.start + words.trim_end_matches(drawn).len();
    let range = trimmed(text, &(start..end.max(start)));
    let spoken =
        text.get(range.clone()).is_some_and(|words| words.chars().any(|c| c.is_alphabetic() || c.is_ascii_digit()));
    if spoken { range } else { range.start..range.start }
}

/// Bytes of a mark of citation at the end of a text, where something stands before it.
fn mark_at_end(text: &str) -> Option<usize> {
    if text.ends_with(['¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹']) {
        let bare = text.trim_end_matches(['¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹', '⁰']);
        // After a full stop it is a mark, after a letter a power: "10 kg/m²".
        return bare.ends_with(['.', '!', '?']).then(|| text.len() - bare.len());
    }
    let open = text.ends_with([']', '】']).then(|| text.rfind(['[', '【'])).flatten()?;
    let mark = text.get(open..)?;
    let whole = sentence::citation(mark)? == mark.chars().count();
    let before = text.get(..open)?.trim_end();
    (whole && before.ends_with(['.', '!', '?', '”', '"', ']', '】'])).then_some(mark.len())
}

/// The parts of a sentence between its semicolons, where each of them says something; else the sentence.
fn parts(text: &str, whole: &Range<usize>) -> Vec<Range<usize>> {
    let words = text.get(whole.clone()).unwrap_or_default();
    let (mut parts, mut from, mut depth) = (Vec::new(), whole.start, 0usize);
    for (at, c) in words.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ';' if depth == 0 && words.get(at + 1..).is_some_and(|rest| rest.starts_with(char::is_whitespace)) => {
                parts.push(tidy(text, &(from..whole.start + at)));
                from = whole.start + at + 1;
            }
            _ => {}
        }
    }
    parts.push(tidy(text, &(from..whole.end)));
    let said: Vec<&str> = parts.iter().map(|part| text.get(part.clone()).unwrap_or_default()).collect();
    if parts.len() < 2 || parts.len() > MOST_PARTS || !stand(&said) {
        return vec![whole.clone()];
    }
    parts
}

/// Whether the parts of a sentence can each be a statement: as a clause, as a refusal, or as a terse line with a number
/// or a label. What "and" or "or" closes is a list.
fn stand(parts: &[&str]) -> bool {
    let listed = parts.last().is_some_and(|last| {
        let words = clause::words(last);
        let joined = words.first().is_some_and(|word| matches!(word.as_str(), "and" | "or"));
        joined && clause::shape(words.get(1..).unwrap_or_default().join(" ").as_str()) == Shape::Fragment
    });
    let states = |part: &&str| {
        let after = after_label(part);
        let terse =
            clause::words(part).len() >= 2 && (part.contains(|c: char| c.is_ascii_digit()) || after.len() < part.len());
        clause::shape(after) != Shape::Fragment || negates(after) || conditional_clause(after) || terse
    };
    let rest = parts.get(1..).unwrap_or_default();
    let instructs = parts.len() == 2 && rest.iter().all(|part| clause::shape(part) == Shape::Instruction);
    !listed && (parts.iter().all(states) || instructs)
}

fn after_label(part: &str) -> &str {
    super::lines::label(part).and_then(|label| part.get(label.len()..)).unwrap_or(part)
}

fn negates(part: &str) -> bool {
    let words = clause::words(part);
    words.len() >= 2
        && words.first().is_some_and(|word| matches!(word.as_str(), "no" | "not" | "never" | "don't" | "avoid"))
}

/// "if not, cut the dose": a condition and then a clause.
fn conditional_clause(part: &str) -> bool {
    let (before, after) = part.split_once(',').unwrap_or((part, ""));
    is_conditional(before) && clause::shape(after) != Shape::Fragment
}

fn is_conditional(part: &str) -> bool {
    clause::words(part).first().is_some_and(|word| CONDITIONS.contains(&word.as_str()))
}

fn leans(part: &str) -> bool {
    let words = clause::words(part).join(" ");
    LEANING.iter().any(|lead| words.strip_prefix(lead).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found = pieces(text, &(0..text.len()), true);
        let found: Vec<&str> = found.into_iter().map(|piece| &text[piece.words]).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn clauses_at_a_semicolon_are_parted() {
        check("It is rare; its mortality, however, is high.", &["It is rare", "its mortality, however, is high."]);
        check("Lay film over it; do not wrap a limb.", &["Lay film over it", "do not wrap a limb."]);
        check("10 d if < 2 y; 7 d if 2–5 y; 5–7 d if ≥ 6 y.", &["10 d if < 2 y", "7 d if 2–5 y", "5–7 d if ≥ 6 y."]);
        check(
            "Effusion may last 3 mo; no antibiotics for that.",
            &["Effusion may last 3 mo", "no antibiotics for that."],
        );
    }

    #[test]
    fn lists_choices_conditions_and_contrasts_stay_whole() {
        for whole in [
            "Causes include flu; colds; and allergies.",
            "Give A (5 mg; once), or B.",
            "Use aspirin or, if it is not tolerated, clopidogrel.",
            "Start at 40, but not in people who have had it.",
            "It is not a cure but it helps.",
            "Screen unless they are over 75, and stop then.",
        ] {
            check(whole, &[whole]);
        }
    }

    #[test]
    fn what_leans_is_read_with_what_it_leans_on() {
        let text = "Choose another drug if you can; if not, cut the dose; check the INR on day 3.";
        let pieces = pieces(text, &(0..text.len()), false);
        let senses: Vec<&str> = pieces.iter().map(|piece| &text[piece.sense.clone()]).collect();
        assert_eq!(senses[0], "Choose another drug if you can");
        assert_eq!(senses[1], "Choose another drug if you can; if not, cut the dose");
        assert_eq!(senses[2], text, "what follows a condition may hang on it");
    }

    #[test]
    fn marks_at_the_ends_are_left_out() {
        check("It is safe.[1] 🎉 Use it. ¹", &["It is safe.", "Use it."]);
        check("The BMI is 30 kg/m² or more [2].", &["The BMI is 30 kg/m² or more [2]."]);
        check("Over 30 kg/m²", &["Over 30 kg/m²"]);
        check("👍 … 🎉", &[]);
    }
}
