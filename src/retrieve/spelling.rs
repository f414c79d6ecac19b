//! Words of a claim that no passage has as they are written: typing errors, words run together, words torn apart.
//!
//! Only what is unknown is touched, save that two words which are written as one elsewhere may be found so too. A word is
//! left alone where it may well be meant: a number, an acronym, a word of the lexicon (one drug is never taken for another),
//! an English word that the passages happen not to have.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use super::query::{Alternative, Asked, Origin, rarity};
use crate::index::{Error, Lists, Near};
use crate::language::{self, is_stop_word};
use crate::lexicon::Lexicon;
use crate::meaning::VOCABULARY;

/// Most words of one claim that are corrected.
const MOST_CORRECTIONS: usize = 8;
/// Fewest letters of a word that is corrected, and of one that may hold two errors.
const FEWEST_LETTERS: usize = 5;
const LETTERS_FOR_TWO: usize = 8;
/// Most letters of a word that is looked at: nobody means a longer one.
const MOST_LETTERS: usize = 30;
/// Fewest letters of each half of a word that is parted, of a pair that is joined, and of each half of the pair.
const FEWEST_OF_HALF: usize = 4;
const FEWEST_OF_PAIR: usize = 5;
const FEWEST_OF_JOINED: usize = 2;
/// Fewest versions that have each half of a word that is parted.
const FEWEST_VERSIONS: u32 = 2;
/// How much more often the first of two words equally near must be written for the second to be left out.
const CLEARLY: u32 = 8;

/// How nearly these mean what the claim's word means.
const CORRECTED: f32 = 0.8;
const RUN_TOGETHER: f32 = 0.9;

/// English words, whole ones of the vocabulary of the static vectors: those of clinical and of general texts.
static ENGLISH: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let words = VOCABULARY.lines();
    words.filter(|word| word.len() >= 3 && word.bytes().all(|byte| byte.is_ascii_lowercase())).collect()
});
/// Endings of inflected words, and what stands there without them.
const INFLECTIONS: [(&str, &str); 9] =
    [("s", ""), ("es", ""), ("ies", "y"), ("d", ""), ("ed", ""), ("ied", "y"), ("ing", ""), ("ing", "e"), ("ly", "")];

/// Beginnings that turn a word into its opposite or make it another thing: "hypotension" is no slip of "hypertension".
const OPPOSITES: [(&str, &str); 6] =
    [("hypo", "hyper"), ("inter", "intra"), ("ante", "anti"), ("a", ""), ("un", ""), ("in", "")];

/// Denials as they are written in haste, without their apostrophe; with it they are known by the apostrophe.
const DENIALS: [&str; 18] = [
    "arent", "cannot", "cant", "couldnt", "didnt", "doesnt", "dont", "hadnt", "hasnt", "havent", "isnt", "mustnt",
    "neednt", "shouldnt", "wasnt", "werent", "wont", "wouldnt",
];

/// What may stand for a stretch of a claim, with its bytes.
type Other = (Range<usize>, Alternative);

/// What may have been meant by the words of a claim that no passage has.
///
/// # Errors
/// [`Error`] where the index cannot be read.
pub(super) fn corrections(lists: &Lists, lexicon: &Lexicon, text: &str, asked: &[Asked]) -> Result<Vec<Other>, Error> {
    let shouted = language::is_all_capitals(text);
    let mut found = Vec::new();
    let mut corrected = 0;
    for forms in asked.chunk_by(|a, b| a.position == b.position) {
        let Some(first) = forms.first().filter(|_| forms.iter().any(|form| !form.known)) else { continue };
        let word = language::folded(text.get(first.range.clone()).unwrap_or_default());
        let Some(part) = unknown_part(forms, &word) else { continue };
        if corrected == MOST_CORRECTIONS || !is_mistakable(&first.surface, part, shouted, lexicon) {
            continue;
        }
        corrected += 1;
        let others = match parted(lists, part)? {
            Some(halves) => vec![(halves, Origin::Parted, RUN_TOGETHER)],
            None => meant(lists, part)?,
        };
        for (words, origin, weight) in others {
            // The rest of a compound stays what it is.
            let words = word.replacen(part, &words, 1).replace('-', " ");
            if let Some(other) = alternative(lists, &first.surface, words, origin, weight)? {
                found.push((first.range.clone(), other));
            }
        }
    }
    Ok(found)
}

/// The word that no passage has, or the one such part of a compound.
fn unknown_part<'a>(forms: &[Asked], word: &'a str) -> Option<&'a str> {
    let unknown = |part: &str| {
        let stem = language::terms(part).into_iter().next().map(|term| term.text);
        forms.iter().any(|form| !form.known && Some(&form.term) == stem.as_ref())
    };
    let mut parts = word.split('-').filter(|part| unknown(part));
    parts.next().filter(|_| parts.next().is_none())
}

/// Neighbouring words that other texts write as one: "beta blocker" and "betablocker".
///
/// # Errors
/// [`Error`] where the index cannot be read.
pub(super) fn joined(lists: &Lists, text: &str, asked: &[Asked]) -> Result<Vec<Other>, Error> {
    let words: Vec<&[Asked]> = asked.chunk_by(|a, b| a.position == b.position).collect();
    let mut found = Vec::new();
    for pair in words.windows(2) {
        let [[left], [right]] = pair else { continue };
        let between = text.get(left.range.end..right.range.start).unwrap_or_default();
        let halves = [left, right].map(|half| language::folded(text.get(half.range.clone()).unwrap_or_default()));
        let pair: usize = halves.iter().map(String::len).sum();
        // Two numbers are not one: "140 90".
        let written = halves.iter().all(|half| half.len() >= FEWEST_OF_JOINED || half.parse::<f64>().is_ok());
        let letters = halves[0].starts_with(|c: char| c.is_alphabetic());
        if between != " " || !written || !letters || pair < FEWEST_OF_PAIR {
            continue;
        }
        let range = left.range.start..right.range.end;
        let surface = text.get(range.clone()).unwrap_or_default();
        if let Some(other) = alternative(lists, surface, halves.concat(), Origin::Joined, RUN_TOGETHER)? {
            found.push((range, other));
        }
    }
    Ok(found)
}

/// Whether a word that no passage has may be mistyped; `word` as it is compared.
fn is_mistakable(surface: &str, word: &str, shouted: bool, lexicon: &Lexicon) -> bool {
    let capitals = surface.chars().skip(1).any(char::is_uppercase);
    (FEWEST_LETTERS..=MOST_LETTERS).contains(&word.len())
        && word.bytes().all(|byte| byte.is_ascii_lowercase())
        && (shouted || !capitals)
        && !surface.contains(['\'', '’'])
        && !DENIALS.contains(&word)
        && !is_english(word)
        && lexicon.explain(word, None).is_empty()
}

fn is_english(word: &str) -> bool {
    let inflected = |(ending, instead): &(&str, &str)| {
        word.strip_suffix(ending).is_some_and(|base| ENGLISH.contains(format!("{base}{instead}").as_str()))
    };
    ENGLISH.contains(word) || INFLECTIONS.iter().any(inflected)
}

/// Whether one word denies the other, or is another thing by its beginning alone.
fn are_opposites(one: &str, other: &str) -> bool {
    let begin = |one: &str, other: &str, (left, right): &(&str, &str)| {
        let rests = one.strip_prefix(left).zip(other.strip_prefix(right));
        rests.is_some_and(|(a, b)| if right.is_empty() { a == b } else { a.get(..2) == b.get(..2) })
    };
    OPPOSITES.iter().any(|pair| begin(one, other, pair) || begin(other, one, pair))
}

/// The two words that were run together; the pair whose rarer half is written most often.
fn parted(lists: &Lists, word: &str) -> Result<Option<String>, Error> {
    let mut best: Option<(u32, String)> = None;
    for at in FEWEST_OF_HALF..=word.len().saturating_sub(FEWEST_OF_HALF) {
        let (left, right) = word.split_at(at);
        if is_stop_word(left) || is_stop_word(right) {
            continue;
        }
        let versions = lists.written(left)?.min(lists.written(right)?);
        if versions >= FEWEST_VERSIONS && best.as_ref().is_none_or(|(most, _)| versions > *most) {
            best = Some((versions, format!("{left} {right}")));
        }
    }
    Ok(best.map(|(_, words)| words))
}

/// The words that were meant by a mistyped one: the nearest, two where nothing chooses between them.
fn meant(lists: &Lists, word: &str) -> Result<Vec<(String, Origin, f32)>, Error> {
    let mut near = lists.near(word, 1)?;
    if near.is_empty() && word.len() >= LETTERS_FOR_TWO {
        near = lists.near(word, 2)?;
        near.retain(|one| begins_alike(&one.word, word));
    }
    near.retain(|one| !are_opposites(&one.word, word) && !language::is_asking_word(&one.word));
    // The first letter is seldom mistyped.
    near.sort_by(|a, b| {
        let first = |one: &Near| !begins_alike(&one.word, word);
        first(a).cmp(&first(b)).then(b.versions.cmp(&a.versions)).then(a.word.cmp(&b.word))
    });
    let mut chosen: Vec<(String, u32)> = Vec::new();
    let mut stems = BTreeSet::new();
    for one in near {
        let stem = language::terms(&one.word).into_iter().next().map(|term| term.text).unwrap_or_default();
        if stems.insert(stem) {
            chosen.push((one.word, one.versions));
        }
    }
    if let [(first, most), (second, versions), ..] = chosen.as_slice()
        && (versions.saturating_mul(CLEARLY) <= *most || begins_alike(first, word) != begins_alike(second, word))
    {
        chosen.truncate(1);
    }
    chosen.truncate(2);
    let weight = if chosen.len() == 1 { CORRECTED } else { CORRECTED / 2.0 };
    Ok(chosen.into_iter().map(|(word, _)| (word, Origin::Correction, weight)).collect())
}

fn begins_alike(one: &str, other: &str) -> bool {
    one.bytes().next() == other.bytes().next()
}

/// Other words as an alternative; nothing where no passage has one of them.
fn alternative(
    lists: &Lists,
    surface: &str,
    words: String,
    origin: Origin,
    weight: f32,
) -> Result<Option<Alternative>, Error> {
    let mut terms = Vec::new();
    for term in language::terms(&words) {
        let (idf, known) = rarity(Some(lists), &term.text)?;
        if !known {
            return Ok(None);
        }
        terms.push((term.text, idf));
    }
    Ok(Some(Alternative { surface: surface.to_owned(), words, terms, weight, origin }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opposites_are_told_from_slips() {
        let check = |one: &str, other: &str, expected: bool| {
            assert_eq!((are_opposites(one, other), are_opposites(other, one)), (expected, expected), "{one} {other}");
        };
        check("hypotension", "hypertension", true);
        check("hypertenson", "hypotension", true);
        check("asymptomatic", "symptomatic", true);
        check("untreated", "treated", true);
        check("intramural", "intermural", true);
        check("hypertenion", "hypertension", false);
        check("aspirin", "asprin", false);
        check("intravenous", "intravenos", false);
    }

    #[test]
    fn words_that_may_be_meant_are_left_alone() {
        let lexicon = Lexicon::embedded();
        let check = |surface: &str, expected: bool| {
            let word = language::folded(surface);
            assert_eq!(is_mistakable(surface, &word, false, &lexicon), expected, "{surface}");
        };
        check("hypertenion", true);
        check("Asprin", true);
        check("hydroxyzine", false);
        check("helmets", false);
        check("shouldn't", false);
        check("shouldnt", false);
        check("NSAIDz", false);
        check("abcd", false);
        check("il17a", false);
        check(&"x".repeat(31), false);
    }
}
