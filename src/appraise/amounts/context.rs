//! The words around an amount, by which its counterpart is found: near words weigh more than far ones.

use crate::appraise::role::{self, Cues};
use crate::quantity::{Amount, Token, TokenKind};

/// Content words looked at on each side.
const REACH: usize = 10;

/// A word, cut to what its forms share; or an amount beside the one in question.
pub(super) type Key = u32;

/// Words with what each is worth, by key. The worth of all is `sum`.
#[derive(Clone, Debug, Default)]
pub(super) struct Context {
    words: Vec<(Key, f32)>,
    sum: f32,
}

impl Context {
    /// Words at their distances; of a word that stands twice the nearer counts.
    pub(super) fn of(mut words: Vec<(Key, f32)>) -> Context {
        words.sort_by(|one, other| one.0.cmp(&other.0).then(other.1.total_cmp(&one.1)));
        words.dedup_by_key(|word| word.0);
        let sum = words.iter().map(|word| word.1).sum();
        Context { words, sum }
    }

    /// The share of this context's worth that the other holds, 0 to 1. Nothing around it: 0.
    pub(super) fn share_in(&self, other: &Context) -> f32 {
        if self.sum == 0.0 {
            return 0.0;
        }
        let (mut one, mut two, mut shared) = (0, 0, 0.0);
        while let (Some(mine), Some(theirs)) = (self.words.get(one), other.words.get(two)) {
            match mine.0.cmp(&theirs.0) {
                std::cmp::Ordering::Less => one += 1,
                std::cmp::Ordering::Greater => two += 1,
                std::cmp::Ordering::Equal => {
                    shared += mine.1.min(theirs.1);
                    (one, two) = (one + 1, two + 1);
                }
            }
        }
        shared / self.sum
    }
}

/// The key of a word that says what a text is about; `None` for words that stand everywhere.
pub(super) fn key(text: &str, token: &Token, cues: Cues) -> Option<Key> {
    let word = matches!(token.kind, TokenKind::Word | TokenKind::Name);
    if !word || cues & role::STOP != 0 {
        return None;
    }
    let word = text.get(token.start..token.end)?;
    (word.len() >= 3 || token.kind == TokenKind::Name || word.chars().all(char::is_uppercase)).then(|| prefix(word))
}

/// The first six letters: "screening" and "screened", "diabetes" and "diabetic" are one.
pub(super) fn prefix(word: &str) -> Key {
    let letters = word.chars().take(6).flat_map(char::to_lowercase);
    // A plural of a short word is its singular: "doses", "dose".
    let hash = prefix_of(letters);
    let singular = word.len() <= 6 && word.len() >= 4 && word.ends_with(['s', 'S']) && !word.ends_with("ss");
    if singular { prefix(&word[..word.len() - 1]) } else { hash }
}

fn prefix_of(letters: impl Iterator<Item = char>) -> Key {
    letters.fold(0x811c_9dc5_u32, |hash, letter| (hash ^ letter as u32).wrapping_mul(0x0100_0193))
}

/// What an amount beside the one in question is worth: "1.2 mcg at 4 to 8 years, 1.8 mcg at 9 to 13 years".
const NEIGHBOUR: f32 = 0.35;

/// The amounts before and after one, as keys, where its sentence has them.
pub(super) fn neighbours(tokens: &[Token], all: &[Amount], at: usize) -> Vec<(Key, f32)> {
    let parted = |from: usize, to: usize| {
        tokens.get(from..=to.min(tokens.len() - 1)).is_none_or(|between| between.iter().any(|token| token.fresh))
    };
    let before = at.checked_sub(1).and_then(|before| all.get(before));
    let before = before.filter(|before| !parted(before.tokens.end, all[at].tokens.start));
    let after = all.get(at + 1).filter(|after| !parted(all[at].tokens.end, after.tokens.start));
    let sides = [(before, 1), (after, 2)];
    sides.iter().filter_map(|(amount, side)| Some((amount_key((*amount)?) ^ side, NEIGHBOUR))).collect()
}

/// One key for one amount, in whatever unit it is printed.
fn amount_key(amount: &Amount) -> Key {
    let base = |value: f64| amount.unit.map_or(value, |unit| unit.in_base(value));
    let digits = [amount.low, amount.high].map(|value| format!("{:.4e}", base(value)));
    prefix_of(digits.iter().flat_map(|digits| digits.chars()))
}

/// What stands around the tokens `from..to`, no further than the sentence.
pub(super) fn around(
    keys: &[Option<Key>],
    tokens: &[Token],
    from: usize,
    to: usize,
    mut words: Vec<(Key, f32)>,
) -> Context {
    words.reserve(2 * REACH);
    let (mut distance, mut count) = (0.0f32, 0);
    for at in (0..from).rev() {
        step(&mut words, keys, tokens, at, &mut distance, &mut count);
        if count >= REACH || tokens[at].fresh {
            break;
        }
    }
    (distance, count) = (0.0, 0);
    for at in to..tokens.len() {
        if count >= REACH || tokens[at].fresh {
            break;
        }
        step(&mut words, keys, tokens, at, &mut distance, &mut count);
    }
    Context::of(words)
}

fn step(
    words: &mut Vec<(Key, f32)>,
    keys: &[Option<Key>],
    tokens: &[Token],
    at: usize,
    distance: &mut f32,
    count: &mut usize,
) {
    if let Some(key) = keys[at] {
        words.push((key, 1.0 / (1.0 + *distance / 3.0)));
        *distance += 1.0;
        *count += 1;
        return;
    }
    // What a comma parts is further away, and what a semicolon parts further still.
    if let TokenKind::Sign(sign) = tokens[at].kind {
        *distance += match sign {
            ',' | '(' | ')' => 0.7,
            ';' | '|' => 3.0,
            _ => 0.0,
        };
    }
}
