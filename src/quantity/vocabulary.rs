//! The words that amounts are written with: numerals, units, bounds, periods, and the words that make a number a label.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use super::measure::Atom;
use super::numeral::NUMERALS;
use super::token::key_of;

/// What a word does in an amount.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Lexeme {
    /// `seven`
    Cardinal(f64),
    /// `hundred`, `dozen`
    Scale(f64),
    /// `half`, `quarter`, `thirds`
    Part(f64),
    /// `twice`
    Times(f64),
    /// `weekly`: the time between two, as a count of an atom.
    Every(f64, Atom),
    /// `TID`: times a day
    Latin(f64),
    /// `mg`
    Unit(Atom),
    /// A word of the grammar.
    Word(W),
}

/// Words of the grammar, each standing for its synonyms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum W {
    A,
    Of,
    The,
    In,
    To,
    Through,
    Until,
    And,
    Or,
    Between,
    From,
    At,
    As,
    Least,
    Most,
    No,
    More,
    Less,
    Than,
    Equal,
    Minimum,
    Maximum,
    Up,
    Over,
    Under,
    Before,
    After,
    Exceed,
    Within,
    Every,
    Per,
    Other,
    About,
    Age,
    Old,
    Start,
    Plus,
    Minus,
    By,
    TimesOf,
    Often,
    Point,
    Square,
    Hg,
    Interval,
    Degrees,
    Cent,
    Label,
    Call,
    MonthName,
    Valent,
    Pack,
    Divided,
    Doses,
    For,
    Body,
}

const WORDS: &[(W, &[&str])] = &[
    (W::A, &["a", "an"]),
    (W::Of, &["of"]),
    (W::The, &["the", "this", "that"]),
    (W::In, &["in"]),
    (W::To, &["to"]),
    (W::Through, &["through", "thru"]),
    (W::Until, &["until", "till"]),
    (W::And, &["and"]),
    (W::Or, &["or"]),
    (W::Between, &["between"]),
    (W::From, &["from"]),
    (W::At, &["at"]),
    (W::As, &["as"]),
    (W::Least, &["least"]),
    (W::Most, &["most"]),
    (W::No, &["no", "not", "never", "without"]),
    (W::More, &["more", "greater", "higher", "older", "longer", "later", "larger", "bigger", "heavier"]),
    (W::Less, &["less", "fewer", "lower", "younger", "shorter", "smaller", "earlier", "sooner"]),
    (W::Than, &["than"]),
    (W::Equal, &["equal"]),
    (W::Minimum, &["minimum"]),
    (W::Maximum, &["maximum", "max"]),
    (W::Up, &["up", "upwards", "upward"]),
    (W::Over, &["over", "above", "beyond", "past"]),
    (W::Under, &["under", "below"]),
    (W::Before, &["before"]),
    (W::After, &["after"]),
    (W::Exceed, &["exceed", "exceeds", "exceeding", "exceeded"]),
    (W::Within, &["within"]),
    (W::Every, &["every", "each"]),
    (W::Per, &["per"]),
    (W::Other, &["other", "alternate", "second"]),
    (W::About, &["about", "around", "approximately", "roughly", "approx", "nearly", "almost", "some", "circa"]),
    (W::Age, &["age", "ages", "aged"]),
    (W::Old, &["old"]),
    (W::Start, &["start", "starts", "starting", "begin", "begins", "beginning", "started", "begun"]),
    (W::Plus, &["plus"]),
    (W::Minus, &["minus"]),
    (W::By, &["by"]),
    (W::TimesOf, &["times", "time"]),
    (W::Often, &["often", "frequently", "frequent"]),
    (W::Point, &["point"]),
    (W::Square, &["square", "squared"]),
    (W::Hg, &["hg"]),
    (W::Interval, &["interval", "intervals"]),
    (W::Degrees, &["degree", "degrees"]),
    (W::Cent, &["cent"]),
    (
        W::Label,
        &[
            "section",
            "sections",
            "table",
            "tables",
            "figure",
            "fig",
            "recommendation",
            "recommendations",
            "statement",
            "statements",
            "step",
            "steps",
            "grade",
            "grades",
            "stage",
            "stages",
            "class",
            "classes",
            "type",
            "types",
            "category",
            "categories",
            "phase",
            "phases",
            "level",
            "levels",
            "group",
            "groups",
            "chapter",
            "chapters",
            "page",
            "pages",
            "pp",
            "part",
            "parts",
            "number",
            "numbers",
            "item",
            "items",
            "row",
            "rows",
            "box",
            "appendix",
            "version",
            "edition",
            "volume",
            "issue",
            "article",
            "question",
            "tier",
            "cor",
            "loe",
            "ref",
            "reference",
            "refs",
            "line",
            "zone",
            "title",
            "code",
            "icd",
            "doi",
            "pmid",
            "isbn",
            "arm",
            "cohort",
            "factor",
            "serotype",
            "serotypes",
            "supplement",
            "figures",
            "hsv",
            "hiv",
            "omega",
            "rec",
            "visit",
            "annex",
            "module",
            "schedule",
        ],
    ),
    (W::Call, &["call", "dial", "phone", "ring", "text", "calling", "dialing", "dialling", "texting", "fax", "tel"]),
    (
        W::MonthName,
        &[
            "january",
            "february",
            "march",
            "april",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
            "jan",
            "feb",
            "mar",
            "apr",
            "jun",
            "jul",
            "aug",
            "sep",
            "sept",
            "oct",
            "nov",
            "dec",
        ],
    ),
    (W::Valent, &["valent", "st", "nd", "rd", "th", "am", "pm", "o'clock"]),
    (W::Pack, &["pack"]),
    (W::Divided, &["divided", "split"]),
    (W::Doses, &["dose", "doses"]),
    (W::For, &["for", "lasting", "lasts", "last"]),
    (W::Body, &["body", "bodyweight", "weight"]),
];

/// What is a number word beside the numerals.
const CARDINALS: &[(&str, f64)] = &[("single", 1.0)];

/// `m` for a million is left out: it is a metre, a month or a million.
const SCALES: &[(&str, f64)] =
    &[("hundred", 100.0), ("thousand", 1000.0), ("million", 1e6), ("dozen", 12.0), ("couple", 2.0)];
const PARTS: &[(&str, f64)] = &[
    ("half", 0.5),
    ("halves", 0.5),
    ("third", 1.0 / 3.0),
    ("thirds", 1.0 / 3.0),
    ("quarter", 0.25),
    ("quarters", 0.25),
    ("½", 0.5),
    ("¼", 0.25),
    ("¾", 0.75),
    ("⅓", 1.0 / 3.0),
    ("⅔", 2.0 / 3.0),
];
const TIMES: &[(&str, f64)] = &[("once", 1.0), ("twice", 2.0), ("thrice", 3.0)];

/// The time between two. "Biweekly", "bimonthly" and "biannual" are left out: each means two things.
const EVERY: &[(&str, f64, &str)] = &[
    ("hourly", 1.0, "h"),
    ("daily", 1.0, "d"),
    ("nightly", 1.0, "d"),
    ("weekly", 1.0, "wk"),
    ("fortnightly", 2.0, "wk"),
    ("monthly", 1.0, "mo"),
    ("quarterly", 3.0, "mo"),
    ("semiannual", 6.0, "mo"),
    ("semiannually", 6.0, "mo"),
    ("yearly", 1.0, "a"),
    ("annual", 1.0, "a"),
    ("annually", 1.0, "a"),
    ("biennial", 2.0, "a"),
    ("biennially", 2.0, "a"),
    ("triennial", 3.0, "a"),
    ("triennially", 3.0, "a"),
];

/// Times a day of the prescriber's Latin. "od" is left out: it is also the right eye.
const LATIN: &[(&str, f64)] = &[
    ("qd", 1.0),
    ("qhs", 1.0),
    ("qam", 1.0),
    ("qpm", 1.0),
    ("bid", 2.0),
    ("bd", 2.0),
    ("tid", 3.0),
    ("tds", 3.0),
    ("qid", 4.0),
    ("qds", 4.0),
    ("qod", 0.5),
];

/// Keys are hashes already, of constants that a test keeps apart.
#[derive(Default)]
pub struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

/// A map from the key of a word.
pub type KeyMap<T> = HashMap<u64, T, BuildHasherDefault<KeyHasher>>;

static LEXEMES: LazyLock<KeyMap<Lexeme>> = LazyLock::new(|| {
    let mut map = KeyMap::default();
    let mut add = |word: &str, lexeme| {
        map.insert(key_of(word), lexeme);
    };
    for (atom, spellings) in Atom::all() {
        spellings.iter().for_each(|spelling| add(spelling, Lexeme::Unit(atom)));
    }
    for (word, words) in WORDS {
        words.iter().for_each(|spelling| add(spelling, Lexeme::Word(*word)));
    }
    NUMERALS.iter().chain(CARDINALS).for_each(|(word, value)| add(word, Lexeme::Cardinal(*value)));
    SCALES.iter().for_each(|(word, value)| add(word, Lexeme::Scale(*value)));
    PARTS.iter().for_each(|(word, value)| add(word, Lexeme::Part(*value)));
    TIMES.iter().for_each(|(word, value)| add(word, Lexeme::Times(*value)));
    LATIN.iter().for_each(|(word, value)| add(word, Lexeme::Latin(*value)));
    for (word, count, code) in EVERY {
        if let Some(atom) = Atom::of(code) {
            add(word, Lexeme::Every(*count, atom));
        }
    }
    map
});

/// What the word with this key does, if anything.
pub(super) fn lexeme(key: u64) -> Option<Lexeme> {
    LEXEMES.get(&key).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_stands_twice() {
        let words = WORDS.iter().flat_map(|(_, words)| words.iter().copied());
        let named = NUMERALS
            .iter()
            .chain(CARDINALS)
            .chain(SCALES)
            .chain(PARTS)
            .chain(TIMES)
            .chain(LATIN)
            .map(|(word, _)| *word);
        let units = Atom::all().flat_map(|(_, spellings)| spellings.iter().copied());
        let all: Vec<&str> = words.chain(named).chain(units).chain(EVERY.iter().map(|(word, ..)| *word)).collect();
        // "second" is a unit of time and "every second year"; "quarter" and "third" are parts. The grammar decides.
        let mut seen = std::collections::BTreeSet::new();
        let twice: Vec<&&str> = all.iter().filter(|word| !seen.insert(**word)).collect();
        assert_eq!(twice, [&"second"]);
        assert!(EVERY.iter().all(|(_, _, code)| Atom::of(code).is_some()));
    }
}
