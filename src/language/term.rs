//! Search terms: what a claim and a passage have in common when they say the same thing in the same words.

use std::collections::BTreeSet;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::spelling::british_first;
use super::stem::{first, is_other_in_capitals, stem};

/// One search term with the words it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The form that is searched for.
    pub text: String,
    /// Bytes of the original text that it stands for.
    pub range: Range<usize>,
    /// Position among the words of the text; forms of one word share it.
    pub position: usize,
}

/// Longest word that is searched for, in bytes; longer ones are noise (hashes, base64) and are passed over.
const LONGEST: usize = 60;

/// Words that carry no topic. Negations and comparisons are not among them: "not", "no", "over", "under" decide a claim.
const STOP_WORDS: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "been", "being", "but", "by", "can", "could", "did", "do", "does",
    "for", "from", "had", "has", "have", "he", "her", "his", "how", "i", "if", "in", "into", "is", "it", "its", "may",
    "might", "of", "on", "or", "our", "she", "so", "such", "that", "the", "their", "them", "then", "there", "these",
    "they", "this", "those", "to", "was", "we", "were", "what", "when", "which", "who", "will", "with", "would", "you",
    "your", "also", "than",
];

/// Words that carry no topic in what is asked, beside the stop words: who asks, and that something is asked. A guideline's
/// "should" recommends, so these are left out of claims alone. Negations ("don't", "cannot") are not among them.
const ASKING_WORDS: &[&str] = &[
    "am", "any", "cent", "doing", "having", "him", "hers", "im", "ive", "me", "mine", "must", "my", "myself", "ought",
    "ours", "per", "percent", "please", "shall", "should", "theirs", "us", "whats", "where", "whether", "whom",
    "whose", "why", "yours",
];

/// Whether a word carries no topic of its own; `word` in lower case.
pub fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.contains(&word)
}

/// Whether a word carries no topic in what is asked; `word` in lower case.
pub fn is_asking_word(word: &str) -> bool {
    is_stop_word(word) || ASKING_WORDS.contains(&word)
}

/// The terms of a text, in order: lower case, accents and Greek letters folded, English stems in American spelling.
///
/// A hyphenated compound gives its parts and its joined form (`il-6`: `il`, `6`, `il6`), because writers do not agree on
/// the hyphen; an amount that is written together gives its parts too (`75mg`). Numbers keep their decimals (`7.5`) and
/// lose their thousands separators (`1,000` is `1000`).
pub fn terms(text: &str) -> Vec<Term> {
    let mut found = Vec::new();
    each_form(text, &mut |form, range, position| {
        found.push(Term { text: form.term(), range, position });
    });
    found
}

/// The terms of what is asked: those of [`terms`] without words that carry no topic there.
pub fn asked_terms(text: &str) -> Vec<Term> {
    let mut found = Vec::new();
    each_form(text, &mut |form, range, position| {
        if !is_asking_word(form.text) {
            found.push(Term { text: form.term(), range, position });
        }
    });
    found
}

/// Calls `take` with each term of a text, and the word as it is written there, in lower case.
pub fn each_term(text: &str, mut take: impl FnMut(&str, &str)) {
    each_form(text, &mut |form, _, _| take(form.text, &form.term()));
}

/// A word as it is written and compared, before stemming: lower case, accents folded, no possessive.
pub fn folded(word: &str) -> String {
    fold(word)
}

/// A searchable form of a word.
struct Form<'a> {
    text: &'a str,
    /// Not to be stemmed, whatever it looks like.
    kept: bool,
}

impl Form<'_> {
    fn term(&self) -> String {
        if self.kept { self.text.to_owned() } else { stem(self.text) }
    }
}

/// Which of some terms a text holds; much cheaper than reading all of its terms.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    terms: BTreeSet<String>,
    /// First bytes of the words that can have these terms.
    first: BTreeSet<u8>,
}

impl Wanted {
    /// Looks for these terms.
    pub fn new(terms: impl IntoIterator<Item = String>) -> Wanted {
        let terms: BTreeSet<String> = terms.into_iter().collect();
        let first = terms.iter().flat_map(|term| [term.bytes().next(), british_first(term)]).flatten().collect();
        Wanted { terms, first }
    }

    /// Those of the terms that stand in `text`.
    pub fn in_text(&self, text: &str) -> BTreeSet<&str> {
        self.places_in(text).into_iter().map(|(term, _)| term).collect()
    }

    /// The same in the order of the text, each as often as it stands there, with its place among the words.
    pub fn places_in(&self, text: &str) -> Vec<(&str, usize)> {
        let mut found = Vec::new();
        each_form(text, &mut |form, _, place| {
            if first(form.text).is_some_and(|first| self.first.contains(&first))
                && let Some(term) = self.terms.get(form.term().as_str())
            {
                found.push((term.as_str(), place));
            }
        });
        found
    }
}

/// Calls `take` with each searchable form of each word, its bytes and its position.
fn each_form(text: &str, take: &mut dyn FnMut(Form<'_>, Range<usize>, usize)) {
    for (position, range) in words(text).into_iter().enumerate() {
        let word = &text[range.clone()];
        let folded = fold(word);
        let mut push = |text: &str, kept: bool| {
            if !text.is_empty() && text.len() <= LONGEST {
                take(Form { text, kept }, range.clone(), position);
            }
        };
        if let Some((number, units)) = amount(&folded) {
            push(number, false);
            for unit in units {
                push(unit, false);
            }
        }
        if !folded.contains('-') {
            push(&folded, false);
            if is_other_in_capitals(word) {
                push(&folded, true);
            }
            continue;
        }
        let parts: Vec<&str> = folded.split('-').filter(|part| !part.is_empty()).collect();
        for part in &parts {
            push(part, false);
        }
        if (2..=3).contains(&parts.len()) {
            push(&parts.concat(), false);
        }
    }
}

/// The number and the unit's words of an amount that is written as one word: `75mg`, `140mmhg`.
fn amount(folded: &str) -> Option<(&str, &'static [&'static str])> {
    if !folded.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let end = folded.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = folded.split_at(end);
    let words: &[&str] = match unit {
        "mg" => &["mg"],
        "g" => &["g"],
        "kg" => &["kg"],
        "mcg" => &["mcg"],
        "ug" => &["ug"],
        "ml" => &["ml"],
        "l" => &["l"],
        "cm" => &["cm"],
        "mm" => &["mm"],
        "mmhg" => &["mm", "hg"],
        "mmol" => &["mmol"],
        "iu" => &["iu"],
        "h" | "hr" | "hrs" => &["hour"],
        "min" => &["min"],
        "wk" | "wks" => &["week"],
        "yr" | "yrs" => &["year"],
        _ => return None,
    };
    Some((number, words))
}

/// Byte ranges of words: letters and digits, with inner apostrophes, hyphens, and decimal points or commas between digits.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start: Option<usize> = None;
    let mut previous = ' ';
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        // Seen by nobody, so it ends no word.
        if is_invisible(c) {
            continue;
        }
        let next = chars.clone().map(|(_, next)| next).find(|next| !is_invisible(*next)).unwrap_or(' ');
        let inner = start.is_some() && is_joint(previous, c, next);
        if c.is_alphanumeric() || inner {
            start.get_or_insert(at);
        } else if let Some(from) = start.take() {
            found.push(from..at);
        }
        previous = c;
    }
    if let Some(from) = start {
        found.push(from..text.len());
    }
    found
}

/// Soft hyphens, and characters of no width.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

fn is_joint(previous: char, c: char, next: char) -> bool {
    match c {
        '\'' | '’' => previous.is_alphabetic() && next.is_alphabetic(),
        '-' | '\u{2010}' | '\u{2011}' => {
            previous.is_alphanumeric() && next.is_alphanumeric() && !(previous.is_numeric() && next.is_numeric())
        }
        '.' | ',' | '·' => previous.is_ascii_digit() && next.is_ascii_digit(),
        _ => false,
    }
}

/// Lower case without accents, Greek letters spelled out, superscripts as digits, possessives and separators dropped.
fn fold(word: &str) -> String {
    if word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return word.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(word.len());
    for c in word.nfkd() {
        match c {
            '\u{300}'..='\u{36f}' => {}
            _ if is_invisible(c) => {}
            '\u{2010}' | '\u{2011}' => out.push('-'),
            '\'' | '’' => out.push('\''),
            '·' => out.push('.'),
            'µ' | 'μ' if word.chars().filter(|c| !is_invisible(*c)).count() <= 3 => out.push('u'),
            _ if c.is_ascii() => out.push(c.to_ascii_lowercase()),
            _ => match greek(c) {
                Some(name) => out.push_str(name),
                None => out.extend(c.to_lowercase()),
            },
        }
    }
    let numeric = out.starts_with(|c: char| c.is_ascii_digit());
    let out = if numeric { thousands(&out) } else { out };
    out.strip_suffix("'s").map(str::to_owned).unwrap_or(out).replace('\'', "")
}

/// `1,000` is `1000`; `7,5` is left as two figures would be read: a comma that does not part thousands becomes a point.
fn thousands(number: &str) -> String {
    let groups: Vec<&str> = number.split(',').collect();
    let grouped = groups.len() > 1
        && groups[1..].iter().all(|group| group.len() == 3 || group.starts_with(|c: char| !c.is_ascii_digit()));
    if grouped { groups.concat() } else { number.replace(',', ".") }
}

fn greek(c: char) -> Option<&'static str> {
    const NAMES: [&str; 25] = [
        "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
        "xi", "omicron", "pi", "rho", "sigma", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
    ];
    let lower = c.to_lowercase().next().unwrap_or(c);
    let index = u32::from(lower).checked_sub(u32::from('α'))?;
    NAMES.get(usize::try_from(index).ok()?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = terms(text).into_iter().map(|term| term.text).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn words_are_folded_and_stemmed() {
        check("Screening adults", &["screen", "adult"]);
        check("Sjögren’s β-blockers", &["sjogren", "beta", "blocker", "betablock"]);
        check("IL-6 and COVID-19", &["il", "6", "il6", "and", "covid", "19", "covid19"]);
        check("µg or 5 μg", &["ug", "or", "5", "ug"]);
        check("haemodialysis in tumours", &["hemodialysi", "in", "tumor"]);
    }

    #[test]
    fn marks_of_type_do_not_part_words() {
        check("hyper\u{ad}tension e\u{fb03}cacy", &["hypertens", "efficaci"]);
        check("140\u{a0}mm\u{202f}Hg", &["140", "mm", "hg"]);
        check("kg/m², H₂O and CO₂", &["kg", "m2", "h2o", "and", "co2"]);
        check(
            "beta\u{2011}blocker, beta\u{2010}blocker",
            &["beta", "blocker", "betablock", "beta", "blocker", "betablock"],
        );
        check("TNF-α, α-tocopherol", &["tnf", "alpha", "tnfalpha", "alpha", "tocopherol", "alphatocopherol"]);
        check("patients’ “smart” quotes", &["patient", "smart", "quot"]);
        check("Stop aspirin.Take a statin;then wait", &["stop", "aspirin", "take", "a", "statin", "then", "wait"]);
        check("**Do not** _give_ `aspirin`", &["do", "not", "give", "aspirin"]);
        check("\u{ad}\u{200b} \u{ad}", &[]);
    }

    #[test]
    fn capitals_make_another_word_only_where_they_must() {
        check("AIDS and hearing aids", &["aid", "aids", "and", "hear", "aid"]);
        check("SCREENING ADULTS", &["screen", "adult"]);
        check("SARS or sars", &["sars", "or", "sars"]);
    }

    #[test]
    fn what_asks_is_no_topic_and_what_denies_is_one() {
        let check = |text: &str, expected: &[&str]| {
            let found: Vec<String> = asked_terms(text).into_iter().map(|term| term.text).collect();
            assert_eq!(found, expected, "{text:?}");
        };
        check("Should I take aspirin every day?", &["take", "aspirin", "everi", "day"]);
        check("Does my father not need it?", &["father", "not", "need"]);
        check("DON'T GIVE ASPIRIN", &["dont", "give", "aspirin"]);
        check("no more than 5 per cent", &["no", "more", "5"]);
        check("immunotherapy TNBC", &["immunotherapi", "tnbc"]);
    }

    #[test]
    fn wanted_words_are_found_in_any_spelling() {
        let wanted = Wanted::new(["estrogen", "3", "tumor"].map(str::to_owned));
        let found = |text: &str| wanted.in_text(text).into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!(found("Oestrogens in three tumours"), "3 estrogen tumor");
        assert_eq!(found("estrogen"), "estrogen");
        assert_eq!(found("others"), "");
    }

    #[test]
    fn numbers_keep_their_value() {
        check("140/90 mm Hg", &["140", "90", "mm", "hg"]);
        check("7.5 % of 1,000 and 40–75", &["7.5", "of", "1000", "and", "40", "75"]);
        check("40-75 years", &["40", "75", "year"]);
        check("A1c ≥6.5%.", &["a1c", "6.5"]);
        check("three to six months", &["3", "to", "6", "month"]);
        check("75mg, 140mmHg", &["75", "mg", "75mg", "140", "mm", "hg", "140mmhg"]);
        check("5fu and 3tc", &["5fu", "and", "3tc"]);
    }

    #[test]
    fn hostile_text_is_just_text() {
        check(&"(".repeat(5000), &[]);
        check(&"x".repeat(5000), &[]);
        check("a AND (b OR c:*) \"", &["a", "and", "b", "or", "c"]);
    }
}
