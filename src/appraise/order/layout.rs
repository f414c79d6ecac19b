//! A text's words and numbers where they stand, each with its neighbours.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::LazyLock;

use crate::quantity::{Token, TokenKind, key_of, tokenise};

/// A text's words and numbers, in order.
#[derive(Clone, Default)]
pub(super) struct Layout {
    pub(super) text: String,
    pub(super) places: Vec<Place>,
    neighbours: Vec<Neighbours>,
}

/// The words may be a patient's, so they are not shown.
impl fmt::Debug for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Layout({} places)", self.places.len())
    }
}

/// The nearest words on either side of a place, before it and behind it; 0 where there is none.
#[derive(Clone, Copy, Debug, Default)]
struct Neighbours {
    /// Those that tell something.
    telling: [[u64; 4]; 2],
    /// Those of grammar.
    small: [[u64; 2]; 2],
}

/// A word or a number where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) key: u64,
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A number.
    Number,
    /// A word that may name something.
    Name,
    /// A word that says what a number is of, but changes no places: a unit, a group of people.
    Mark,
    /// A word of grammar: neighbours are known by it a little.
    Small,
    /// The end of a sentence.
    Edge,
}

/// Words of a claim and of a passage that are looked at: more than a statement has.
const MOST: usize = 90;
const MOST_OF_PASSAGE: usize = 260;
/// What a neighbour counts for by its distance.
const BY_DISTANCE: [f32; 4] = [1.0, 0.8, 0.6, 0.4];
/// What a word of grammar counts for beside another word.
const SMALL: f32 = 0.4;
/// Letters of a name, at least; of fewer only an abbreviation is one.
const SHORTEST: usize = 4;

const SMALL_WORDS: &str = "a an the of in to for with and or at by on as is are was were be been if than that this from not no may should can \
                           must who which when where then up per each either both about it its";
const MARKS: &str = "day days week weeks month months year years hour hours minute minutes mg ml mcg g kg mmol mol dl l mmhg daily once twice \
                     every after before below above over under until between within people patients adults children women men aged older \
                     younger females males girls boys age low high dose first second more less least most";

static SMALL_KEYS: LazyLock<BTreeSet<u64>> = LazyLock::new(|| SMALL_WORDS.split_whitespace().map(key_of).collect());
static MARK_KEYS: LazyLock<BTreeSet<u64>> = LazyLock::new(|| MARKS.split_whitespace().map(key_of).collect());

impl Layout {
    /// Reads a claim.
    pub(super) fn of_claim(text: &str) -> Layout {
        Layout::read(text, MOST)
    }

    /// Reads a passage.
    pub(super) fn of_passage(text: &str) -> Layout {
        Layout::read(text, MOST_OF_PASSAGE)
    }

    fn read(text: &str, most: usize) -> Layout {
        let places = places(text, most);
        let neighbours = (0..places.len()).map(|at| neighbours(&places, at)).collect();
        Layout { text: text.to_owned(), places, neighbours }
    }

    /// Whether a word or a number stands in the text.
    pub(super) fn has(&self, key: u64) -> bool {
        self.places.iter().any(|place| place.key == key)
    }

    /// The share of this text's names and numbers that another has.
    pub(super) fn shared(&self, other: &Layout) -> f32 {
        let (mut all, mut held) = (0, 0);
        for place in self.places.iter().filter(|place| matches!(place.kind, Kind::Number | Kind::Name)) {
            all += 1;
            held += usize::from(other.has(place.key));
        }
        held as f32 / all.max(1) as f32
    }

    /// How alike the neighbours of two places are; the two details themselves count for one and the same.
    pub(super) fn likeness(&self, at: usize, other: &Layout, there: usize, pair: [u64; 2]) -> f32 {
        let (Some(one), Some(two)) = (self.neighbours.get(at), other.neighbours.get(there)) else { return 0.0 };
        let same = |a: u64, b: u64| a != 0 && (a == b || (pair.contains(&a) && pair.contains(&b)));
        let row = |one: &[u64], two: &[u64], worth: f32| -> f32 {
            let weight = |at: usize| BY_DISTANCE.get(at).copied().unwrap_or_default();
            let of = |(near, key): (usize, &u64)| {
                let far = two.iter().position(|other| same(*key, *other))?;
                Some(worth * weight(near).min(weight(far)))
            };
            one.iter().enumerate().filter_map(of).sum()
        };
        let side = |side: usize| {
            row(&one.telling[side], &two.telling[side], 1.0) + row(&one.small[side], &two.small[side], SMALL)
        };
        side(0) + side(1)
    }
}

/// The words and numbers of a text, as far as `most`.
fn places(text: &str, most: usize) -> Vec<Place> {
    let mut found = Vec::new();
    for token in tokenise(text) {
        if token.fresh && !found.is_empty() {
            found.push(Place { key: 1, kind: Kind::Edge, start: token.start, end: token.start });
        }
        if let Some(place) = place(text, &token) {
            found.push(place);
        }
        if found.len() >= most {
            break;
        }
    }
    found
}

fn place(text: &str, token: &Token) -> Option<Place> {
    let word = text.get(token.start..token.end).unwrap_or_default();
    let abbreviates = || word.len() > 1 && word.chars().all(char::is_uppercase);
    let (key, kind) = match token.kind {
        TokenKind::Number { value, .. } => (value.to_bits(), Kind::Number),
        TokenKind::Word if SMALL_KEYS.contains(&token.key) => (token.key, Kind::Small),
        TokenKind::Word if MARK_KEYS.contains(&token.key) => (token.key, Kind::Mark),
        TokenKind::Word if word.len() < SHORTEST && !abbreviates() => (token.key, Kind::Mark),
        TokenKind::Word => (key_of(root(word)), Kind::Name),
        TokenKind::Name => (token.key, Kind::Name),
        TokenKind::Sign(sign @ ('<' | '>' | '≤' | '≥' | '%')) => (u64::from(u32::from(sign)), Kind::Mark),
        TokenKind::Sign(_) => return None,
    };
    Some(Place { key, kind, start: token.start, end: token.end })
}

/// A word without its ending: "starts" is "started".
fn root(word: &str) -> &str {
    const ENDINGS: [&str; 5] = ["ing", "ed", "es", "s", "e"];
    let rest = |ending: &&str| word.strip_suffix(*ending).filter(|root| root.len() >= SHORTEST);
    ENDINGS.iter().find_map(rest).unwrap_or(word)
}

/// What stands around a place within its sentence.
fn neighbours(places: &[Place], at: usize) -> Neighbours {
    const REACH: usize = 12;
    let mut found = Neighbours::default();
    for side in 0..2 {
        let (mut telling, mut small) = (0, 0);
        for further in 1..=REACH {
            let next = if side == 0 { at.checked_sub(further) } else { at.checked_add(further) };
            let Some(place) = next.and_then(|next| places.get(next)) else { break };
            let (row, count): (&mut [u64], &mut usize) = match place.kind {
                Kind::Edge => break,
                Kind::Small => (&mut found.small[side], &mut small),
                _ => (&mut found.telling[side], &mut telling),
            };
            if let Some(free) = row.get_mut(*count) {
                *free = place.key;
                *count += 1;
            }
        }
    }
    found
}
