//! Search terms: what a claim and a passage have in common when they say the same thing in the same words.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use tantivy::tokenizer::{Language, Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer};
use unicode_normalization::UnicodeNormalization;

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

/// Whether a word carries no topic of its own; `word` in lower case.
pub fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.contains(&word)
}

/// The terms of a text, in order: lower case, accents and Greek letters folded, English stems.
///
/// A hyphenated compound gives its parts and its joined form (`il-6`: `il`, `6`, `il6`), because writers do not agree on
/// the hyphen. Numbers keep their decimals (`7.5`) and lose their thousands separators (`1,000` is `1000`).
pub fn terms(text: &str) -> Vec<Term> {
    let mut found = Vec::new();
    each_form(text, &mut |form, range, position| {
        found.push(Term { text: stem(form), range, position });
    });
    found
}

/// Which of some terms a text holds; much cheaper than reading all of its terms.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    terms: BTreeSet<String>,
    /// First bytes of the terms: stemming never changes a word's first letter (a number word counts as its digits).
    first: BTreeSet<u8>,
}

impl Wanted {
    /// Looks for these terms.
    pub fn new(terms: impl IntoIterator<Item = String>) -> Wanted {
        let terms: BTreeSet<String> = terms.into_iter().collect();
        let first = terms.iter().filter_map(|term| term.bytes().next()).collect();
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
            let first = number_word(form).unwrap_or(form).bytes().next();
            if first.is_some_and(|first| self.first.contains(&first)) {
                let stemmed = stem(form);
                if let Some(term) = self.terms.get(stemmed.as_str()) {
                    found.push((term.as_str(), place));
                }
            }
        });
        found
    }
}

/// Calls `take` with each searchable form of each word, its bytes and its position.
fn each_form(text: &str, take: &mut dyn FnMut(&str, Range<usize>, usize)) {
    for (position, word) in words(text).into_iter().enumerate() {
        let folded = fold(&text[word.clone()]);
        let mut push = |form: &str| {
            if !form.is_empty() && form.len() <= LONGEST {
                take(form, word.clone(), position);
            }
        };
        if !folded.contains('-') {
            push(&folded);
            continue;
        }
        let parts: Vec<&str> = folded.split('-').filter(|part| !part.is_empty()).collect();
        for part in &parts {
            push(part);
        }
        if (2..=3).contains(&parts.len()) {
            push(&parts.concat());
        }
    }
}

thread_local! {
    /// One a thread: a stemmer is costly to make and cannot be shared.
    static STEMMER: RefCell<TextAnalyzer> =
        RefCell::new(TextAnalyzer::builder(Whole::default()).filter(Stemmer::new(Language::English)).build());
}

/// Hands a whole word to a filter chain.
#[derive(Clone, Default)]
struct Whole {
    token: Token,
}

struct WholeStream<'a> {
    token: &'a mut Token,
    done: bool,
}

impl Tokenizer for Whole {
    type TokenStream<'a> = WholeStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WholeStream<'a> {
        self.token.reset();
        self.token.text.push_str(text);
        WholeStream { token: &mut self.token, done: false }
    }
}

impl TokenStream for WholeStream<'_> {
    fn advance(&mut self) -> bool {
        !std::mem::replace(&mut self.done, true)
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

fn stem(word: &str) -> String {
    if let Some(digits) = number_word(word) {
        return digits.to_owned();
    }
    if word.len() <= 3 || word.bytes().any(|b| b.is_ascii_digit()) {
        return word.to_owned();
    }
    STEMMER.with_borrow_mut(|stemmer| {
        let mut stream = stemmer.token_stream(word);
        if stream.advance() { stream.token().text.clone() } else { word.to_owned() }
    })
}

/// Numbers in words and in digits are one term: "three months" is "3 months". Not "one", which mostly counts nothing.
fn number_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "two" => "2",
        "three" => "3",
        "four" => "4",
        "five" => "5",
        "six" => "6",
        "seven" => "7",
        "eight" => "8",
        "nine" => "9",
        "ten" => "10",
        "eleven" => "11",
        "twelve" => "12",
        "fifteen" => "15",
        "eighteen" => "18",
        "twenty" => "20",
        "thirty" => "30",
        "forty" => "40",
        "fifty" => "50",
        "sixty" => "60",
        "seventy" => "70",
        "eighty" => "80",
        "ninety" => "90",
        _ => return None,
    })
}

/// Byte ranges of words: letters and digits, with inner apostrophes, hyphens, and decimal points or commas between digits.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start: Option<usize> = None;
    let mut previous = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next).unwrap_or(' ');
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
            '\u{2010}' | '\u{2011}' => out.push('-'),
            '\'' | '’' => out.push('\''),
            '·' => out.push('.'),
            'µ' | 'μ' if word.chars().count() <= 3 => out.push('u'),
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
    }

    #[test]
    fn numbers_keep_their_value() {
        check("140/90 mm Hg", &["140", "90", "mm", "hg"]);
        check("7.5 % of 1,000 and 40–75", &["7.5", "of", "1000", "and", "40", "75"]);
        check("40-75 years", &["40", "75", "year"]);
        check("A1c ≥6.5%.", &["a1c", "6.5"]);
        check("three to six months", &["3", "to", "6", "month"]);
    }

    #[test]
    fn hostile_text_is_just_text() {
        check(&"(".repeat(5000), &[]);
        check(&"x".repeat(5000), &[]);
        check("a AND (b OR c:*) \"", &["a", "and", "b", "or", "c"]);
    }
}
