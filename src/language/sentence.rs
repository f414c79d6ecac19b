//! Sentence boundaries: Unicode's (UAX #29), with the clinical cases that it gets wrong put together again.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// Abbreviations whose full stop ends no sentence, in lower case and without it.
const ABBREVIATIONS: &[&str] = &[
    "e.g", "i.e", "vs", "cf", "dr", "mr", "mrs", "ms", "prof", "st", "approx", "ca", "no", "nos", "fig", "figs", "eq",
    "ref", "refs", "vol", "ed", "eds", "pp", "p", "et al", "al", "spp", "sp", "var", "subsp", "inc", "ltd", "co",
    "dept", "u.s", "u.k", "ph.d", "m.d", "max", "min", "resp", "incl", "excl", "sect", "ch", "chap", "tab", "viz",
    "b.i.d", "t.i.d", "q.i.d", "p.o", "i.v", "i.m", "s.c", "n.b", "a.m", "p.m",
];

/// Bytes above which nothing more is joined to a sentence.
const LONGEST: usize = 2_000;

/// Byte ranges of the sentences of `text`, without the white space around them.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    for (start, piece) in text.split_sentence_bound_indices().flat_map(part_from_note) {
        let trimmed = piece.trim();
        if trimmed.is_empty() {
            continue;
        }
        let from = start + (piece.len() - piece.trim_start().len());
        let end = from + trimmed.len();
        match found.last_mut() {
            Some(last) if open => last.end = end,
            _ => found.push(from..end),
        }
        let length = end - found.last().map_or(from, |last| last.start);
        // Looking back is bounded: no sentence of a guideline is longer, and a stranger's text may never end one.
        open = length < LONGEST
            && continues(&text[found.last().map_or(from, |last| last.start)..end], text.get(end..).unwrap_or_default());
    }
    found
}

/// Parts a sentence and its bracketed note ("Offer it. [2011, amended 2019]") from the sentence after the note.
fn part_from_note((start, piece): (usize, &str)) -> impl Iterator<Item = (usize, &str)> {
    let end = piece.find(". [").and_then(|open| Some(open + piece.get(open..)?.find("] ")? + 1)).unwrap_or(0);
    let (noted, rest) = piece.split_at(end);
    [(start, noted), (start + end, rest)].into_iter()
}

/// Whether what follows belongs to the same sentence.
fn continues(sentence: &str, rest: &str) -> bool {
    let next = rest.trim_start().chars().next();
    // "[2011, amended 2019]" and a closing bracket belong to what they follow.
    if next.is_some_and(|c| matches!(c, ')' | ']' | '[')) && !rest.starts_with("\n\n") {
        return true;
    }
    if open_bracket(sentence) {
        return true;
    }
    let Some(stem) = sentence.strip_suffix('.') else { return false };
    let last = stem.rsplit([' ', '(', '[', '\n', '\u{a0}']).next().unwrap_or_default();
    let lower = last.to_lowercase();
    if ABBREVIATIONS.contains(&lower.as_str()) {
        return true;
    }
    // "S. aureus", "J. Smith": a single capital, unless it ends a grade such as "Grade A." or "hepatitis B."
    let mut letters = last.chars();
    let single = letters.next().is_some_and(char::is_uppercase) && letters.next().is_none();
    single && next.is_some_and(char::is_lowercase)
}

/// Whether a bracket was opened and not closed, within what a sentence may reasonably hold.
fn open_bracket(sentence: &str) -> bool {
    let depth = sentence.chars().fold(0i32, |depth, c| match c {
        '(' => depth + 1,
        ')' => (depth - 1).max(0),
        _ => depth,
    });
    let since = sentence.rfind('(').map_or(0, |at| sentence.len() - at);
    depth > 0 && since < 200
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = sentences(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn plain_sentences() {
        check("One. Two!  Three?", &["One.", "Two!", "Three?"]);
        check("", &[]);
        check("  no end ", &["no end"]);
    }

    #[test]
    fn clinical_stops_end_no_sentence() {
        check(
            "Use NSAIDs, e.g. Ibuprofen 400 mg, vs. Placebo. Then stop.",
            &["Use NSAIDs, e.g. Ibuprofen 400 mg, vs. Placebo.", "Then stop."],
        );
        check("Infection with S. aureus is common. Treat it.", &["Infection with S. aureus is common.", "Treat it."]);
        check("Seen by Dr. House in the U.S. Army.", &["Seen by Dr. House in the U.S. Army."]);
        check("A dose of 2.5 mg is given. Next.", &["A dose of 2.5 mg is given.", "Next."]);
        check("Offer it. [2011, amended 2019] Review it.", &["Offer it. [2011, amended 2019]", "Review it."]);
        check(
            "Grade A. Vaccinate against hepatitis B. Then rest.",
            &["Grade A.", "Vaccinate against hepatitis B.", "Then rest."],
        );
        let endless = sentences(&"Dr. ".repeat(20_000)).len();
        assert!(endless >= 30, "{endless}");
        check("Do it (see Table 1. It is long). Go.", &["Do it (see Table 1. It is long).", "Go."]);
    }
}
