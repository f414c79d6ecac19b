//! What is known of one word, whatever text it stands in: its stem, its vector and weight, on which side it stands.
//!
//! A word's vector is the sum of the rows of its pieces in the static table, its weight the length of that sum, which
//! falls with how common the word is: no counts of a corpus are needed. Words of passages are kept, as most of a
//! passage's words are those of others; words of claims are looked up and not kept.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use super::lists;
use super::opposites::{Kind, Opposites, Signs};
use crate::language::english_stem;
use crate::meaning::{Encoder, StaticEncoder};

/// Most words that are kept; each takes about 800 bytes.
const MOST_KEPT: usize = 20_000;
/// Most bytes of a word that is kept.
const LONGEST_KEPT: usize = 40;
/// What a component of 1 is kept as.
pub(super) const ONE: f32 = 32_767.0;

/// A word.
#[derive(Debug)]
pub(super) struct Word {
    /// In lower case.
    pub(super) lower: Box<str>,
    /// Its English stem; short words and words with digits stay, "two" is "2".
    pub(super) stem: Box<str>,
    /// Its stem's hash: most words differ, and that is told without a look at their letters.
    hash: u64,
    /// Its direction, components times [`ONE`]; empty where the table knows no piece of it. Whole numbers add up alike
    /// on every machine.
    pub(super) unit: Box<[i16]>,
    /// How much it weighs; 0 for stop words, 1 for content words that the table does not know.
    pub(super) weight: f64,
    /// Whether it says something by itself: neither a stop word nor a single letter.
    pub(super) content: bool,
    /// Whether it is a number.
    pub(super) number: bool,
    /// Whether it negates what follows.
    pub(super) cue: bool,
    /// Whether it begins another clause.
    pub(super) boundary: bool,
    /// Whether it tells of something found.
    pub(super) finding: bool,
    /// Whether it tells of something sought.
    pub(super) purpose: bool,
    /// Its number in the table of opposites.
    pub(super) opposite: Option<u16>,
    /// Its sides there.
    pub(super) signs: Signs,
    /// Whether it turns a statement round.
    pub(super) turns: bool,
    /// Whether it says a direction, turning round or not.
    pub(super) directed: bool,
}

impl Word {
    /// Reads a word, which is in lower case.
    fn new(lower: &str, encoder: Option<&StaticEncoder>) -> Word {
        let stem = stem(lower);
        let content = lower.starts_with(is_digit) || (!lists::is_stop(lower) && lower.chars().nth(1).is_some());
        let (unit, length) = encoder.map_or_else(Default::default, |encoder| direction(lower, encoder));
        // A word that no piece covers is rare: it weighs as much as a heavy one.
        let weight = if !content { 0.0 } else { Some(length).filter(|length| *length > 0.0).unwrap_or(1.0) };
        let table = Opposites::embedded();
        let opposite = table.find(&stem);
        let signs = opposite.map(|number| table.signs(number).to_vec()).unwrap_or_default();
        let side = side(&signs, Kind::Direction);
        let cue = lists::is_negation(lower, &stem);
        let turn = lists::is_turn(lower);
        Word {
            unit,
            weight,
            content,
            number: stem.starts_with(is_digit),
            cue,
            boundary: lists::is_boundary(lower),
            finding: lists::is_finding(lower),
            purpose: lists::is_purpose(lower),
            opposite,
            turns: side < 0 || turn || cue,
            directed: side != 0 || turn || cue,
            signs,
            lower: lower.into(),
            hash: hash(&stem),
            stem: stem.into(),
        }
    }

    /// Whether two words have one stem.
    pub(super) fn is_same(&self, other: &Word) -> bool {
        self.hash == other.hash && self.stem == other.stem
    }

    /// The cosine of two words' vectors, not below 0.
    pub(super) fn near(&self, other: &Word) -> f32 {
        let product = self.unit.iter().zip(&other.unit).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum::<i32>();
        product.max(0) as f32 / (ONE * ONE)
    }

    /// What short forms are compared by: without hyphens and the "s" of a plural.
    pub(super) fn is_short_form(&self, short: &str) -> bool {
        let end = self.lower.trim_end_matches('s');
        end.len() >= short.len() && end.chars().filter(|c| *c != '-').eq(short.chars())
    }
}

/// The 64-bit FNV-1a hash of a stem.
fn hash(stem: &str) -> u64 {
    stem.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// 1 or -1 where a word has a side of a kind, otherwise 0.
pub(super) fn side(signs: &[(Kind, i8)], kind: Kind) -> i8 {
    signs.iter().find(|(one, _)| *one == kind).map_or(0, |(_, side)| *side)
}

pub(super) fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// What the inflections of a word, in lower case, are compared by.
pub(super) fn stem(lower: &str) -> String {
    if let Some(digits) = lists::digits(lower) {
        return digits.to_owned();
    }
    let is_short = lower.chars().nth(3).is_none();
    if is_short || lower.contains(is_digit) { lower.to_owned() } else { english_stem(lower) }
}

/// A word's direction, components times [`ONE`], and the length of its vector.
fn direction(lower: &str, encoder: &StaticEncoder) -> (Box<[i16]>, f64) {
    let parts: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let sum = encoder.word(&parts);
    let length = sum.iter().map(|component| f64::from(*component).powi(2)).sum::<f64>().sqrt();
    if length <= 0.0 || !length.is_finite() {
        return Default::default();
    }
    // No sum of products of two such directions, nor a part of one, leaves 32 bits: the product of their lengths is the
    // most that it can be, and that is half of them.
    let unit = sum.iter().map(|component| (f64::from(*component) / length * f64::from(ONE)).round() as i16).collect();
    (unit, length)
}

/// Every word that passages had so far, up to [`MOST_KEPT`].
pub(super) struct Words {
    encoder: Option<Arc<StaticEncoder>>,
    kept: RwLock<HashMap<Box<str>, Arc<Word>>>,
}

impl Words {
    /// The words of this program, with the vectors of the embedded table.
    pub(super) fn embedded() -> &'static Words {
        static WORDS: OnceLock<Words> = OnceLock::new();
        WORDS.get_or_init(|| Words { encoder: StaticEncoder::embedded().ok(), kept: RwLock::default() })
    }

    /// Whether the table of vectors can be used; without it nothing is said.
    pub(super) fn is_usable(&self) -> bool {
        self.encoder.as_ref().is_some_and(|encoder| encoder.dimensions() > 0)
    }

    /// Reads words in lower case. Those that are new are kept if `keep` says so and there is room.
    pub(super) fn read(&self, lower: &[&str], keep: bool) -> Vec<Arc<Word>> {
        let known: Vec<Option<Arc<Word>>> = {
            let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
            lower.iter().map(|word| kept.get(*word).cloned()).collect()
        };
        let mut fresh: HashMap<&str, Arc<Word>> = HashMap::new();
        let words = known.into_iter().zip(lower).map(|(found, lower)| {
            let new = || Arc::new(Word::new(lower, self.encoder.as_deref()));
            found.unwrap_or_else(|| Arc::clone(fresh.entry(lower).or_insert_with(new)))
        });
        let words = words.collect();
        if keep && !fresh.is_empty() {
            let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
            for (lower, word) in fresh {
                if kept.len() < MOST_KEPT && lower.len() <= LONGEST_KEPT {
                    kept.insert(lower.into(), word);
                }
            }
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(lower: &str) -> Arc<Word> {
        Words::embedded().read(&[lower], false).remove(0)
    }

    #[test]
    fn a_word_is_read_whatever_text_it_stands_in() {
        assert!(Words::embedded().is_usable());
        let (lowers, not, two) = (word("lowers"), word("not"), word("two"));
        assert_eq!((&*lowers.stem, lowers.turns, lowers.directed, lowers.content), ("lower", true, true, true));
        assert!(not.cue && not.turns && !not.content && not.weight == 0.0);
        assert!(&*two.stem == "2" && two.number);
        assert!(word("increases").directed && !word("increases").turns);
        assert!(word("protects").turns && word("protects").opposite.is_some());
        assert_eq!(word("ꙮꙮ").weight, 1.0, "a word without pieces weighs as much as a rare one");
    }

    #[test]
    fn words_that_mean_much_the_same_are_near() {
        let near = |a: &str, b: &str| word(a).near(&word(b));
        assert!((near("aspirin", "aspirin") - 1.0).abs() < 1e-3);
        assert!(near("heart", "cardiac") > near("heart", "telomerase"));
        assert!(word("telomerase").weight > word("patients").weight);
        assert_eq!(near("ꙮꙮ", "aspirin"), 0.0);
    }

    #[test]
    fn words_are_kept_to_a_bound() {
        let words = Words { encoder: None, kept: RwLock::default() };
        let long = "x".repeat(LONGEST_KEPT + 1);
        let read = words.read(&["aspirin", "aspirin", &long], true);
        assert!(Arc::ptr_eq(&read[0], &read[1]));
        words.read(&["claim"], false);
        assert_eq!(words.kept.read().expect("kept").len(), 1);
        assert!(!words.is_usable());
    }

    #[test]
    fn short_forms_lose_hyphens_and_plurals() {
        let check =
            |one: &str, short: &str, expected: bool| assert_eq!(word(one).is_short_form(short), expected, "{one}");
        check("ssris", "ssri", true);
        check("covid-19", "covid19", true);
        check("ssri", "ssr", false);
        check("crp", "crpx", false);
    }
}
