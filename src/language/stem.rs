//! The one form under which the inflections and spellings of a word are searched for.

use std::cell::RefCell;
use std::collections::HashMap;

use tantivy::tokenizer::{Language, Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer};

use super::spelling;

/// What stands for a word in the index; `word` in lower case.
///
/// English stems, British ones folded to American. Number words are digits; short words and words with digits stay.
pub(super) fn stem(word: &str) -> String {
    if let Some(digits) = number_word(word) {
        return digits.to_owned();
    }
    if word.len() <= 3 || word.bytes().any(|b| b.is_ascii_digit()) || is_kept(word) {
        return word.to_owned();
    }
    let known = KNOWN.with_borrow(|known| known.get(word).cloned());
    known.unwrap_or_else(|| {
        let stem = american(english(word));
        KNOWN.with_borrow_mut(|known| {
            if known.len() >= MOST_KNOWN {
                known.clear();
            }
            known.insert(word.to_owned(), stem.clone());
        });
        stem
    })
}

fn american(stem: String) -> String {
    spelling::american(&stem).map(str::to_owned).unwrap_or(stem)
}

/// First byte of a word's stem, without the cost of stemming: stemming never changes a word's first letter, save that a
/// number word counts as its digits. Folding may ("oestrogen"); see [`spelling::british_first`].
pub(super) fn first(word: &str) -> Option<u8> {
    number_word(word).unwrap_or(word).bytes().next()
}

/// Words whose stem is another word: acronyms that look like plurals, brands that look like inflections.
///
/// Found by stemming every word of capitals (4 to 6 letters) and every one-word drug name of `lexicon/drugs.tsv` beside
/// all words of the starter corpus and of two public sets of abstracts, and reading those whose stem is that of another
/// word, inflections and salts of the same thing aside. No two generic names share a stem. Acronyms that are ordinary
/// words in lower case are [`is_other_in_capitals`]'s.
fn is_kept(word: &str) -> bool {
    matches!(
        word,
        "apoe" | "ards" | "rantes" | "sars" | "sirs" | "socs" // against apo, ard, rant, sar, sir, soc
        | "aviane" | "evenity" | "infed" | "migranal" | "ovide" | "regaine" | "vaxelis"
    )
}

/// Whether capitals make this another word than its lower case: AIDS is no aid.
pub(super) fn is_other_in_capitals(word: &str) -> bool {
    matches!(word, "AIDS" | "TENS")
}

/// Stems that a thread remembers: a language uses few words most of the time, and finding a stem takes longer than finding a
/// word.
const MOST_KNOWN: usize = 4_096;

thread_local! {
    static KNOWN: RefCell<HashMap<String, String>> = RefCell::new(HashMap::new());
    /// One a thread: a stemmer is costly to make and cannot be shared.
    static STEMMER: RefCell<TextAnalyzer> =
        RefCell::new(TextAnalyzer::builder(Whole::default()).filter(Stemmer::new(Language::English)).build());
}

/// The stem by the rules of English alone.
pub fn english(word: &str) -> String {
    STEMMER.with_borrow_mut(|stemmer| {
        let mut stream = stemmer.token_stream(word);
        if stream.advance() { stream.token().text.clone() } else { word.to_owned() }
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflections_and_spellings_have_one_stem() {
        let check = |words: &[&str]| {
            let stems: Vec<String> = words.iter().map(|word| stem(word)).collect();
            assert!(stems.iter().all(|one| *one == stems[0]), "{words:?}: {stems:?}");
        };
        check(&["tumour", "tumours", "tumor", "tumors"]);
        check(&["oestrogen", "oestrogens", "estrogen"]);
        check(&["organisation", "organisations", "organise", "organizations", "organized"]);
        check(&["leukaemias", "leukemia"]);
        check(&["haemodialysis", "hemodialysis"]);
        check(&["paediatric", "pediatric", "paediatrics"]);
    }

    #[test]
    fn words_that_only_look_alike_have_stems_of_their_own() {
        let check = |one: &str, other: &str| assert_ne!(stem(one), stem(other), "{one} {other}");
        check("sars", "sar");
        check("evenity", "even");
        check("hydroxyzine", "hydralazine");
    }
}
