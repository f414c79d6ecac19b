//! What bounds a number: the words and signs before it ("at least", "no more than", "≥") and after it ("or older", "+").

use super::Comparator;
use super::cursor::Cursor;
use super::vocabulary::W;

/// A bound, and the token that it begins with (before the number) or ends before (after it).
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound {
    pub(super) comparator: Comparator,
    /// "over 65": people mean 65 too as often as not.
    pub(super) loose: bool,
    pub(super) at: usize,
    /// "aged", "age" stood between the bound and the number, or alone before it.
    pub(super) age: bool,
    /// "about".
    pub(super) rough: bool,
}

impl Comparator {
    /// The bound that "not" makes of it: no more than is at most.
    fn negated(self) -> Comparator {
        match self {
            Comparator::More => Comparator::AtMost,
            Comparator::Less => Comparator::AtLeast,
            Comparator::AtLeast => Comparator::Less,
            Comparator::AtMost => Comparator::More,
            Comparator::Equal => Comparator::Equal,
        }
    }
}

impl Cursor<'_> {
    /// What stands before the number that begins at token `number`.
    pub(super) fn bound_before(&self, number: usize) -> Bound {
        let mut at = number;
        let (mut age, mut rough) = (false, false);
        // Between a bound and its number: "over the age of 65", "at least about 3", "aged ≥ 65".
        for _ in 0..5 {
            let Some(before) = at.checked_sub(1) else { break };
            match self.word(before) {
                Some(W::Age) => age = true,
                Some(W::About) => rough = true,
                Some(W::The | W::Of | W::A) => {}
                _ if self.sign(before, '~') || self.sign(before, '≈') => rough = true,
                // "aged: 65", "≥ -"
                _ => break,
            }
            at = before;
        }
        // Words that were stepped over count only where they lead to a bound or say an age.
        let plain = Bound {
            comparator: Comparator::Equal,
            loose: false,
            at: if age || rough { at } else { number },
            age,
            rough,
        };
        let Some((comparator, loose, first)) = self.comparator_ending(at) else { return plain };
        let age = age || self.word_before(first, 1) == Some(W::Age);
        Bound { comparator, loose, at: first, age, rough }
    }

    /// The comparator whose last token stands just before `at`, with its first token.
    fn comparator_ending(&self, at: usize) -> Option<(Comparator, bool, usize)> {
        use Comparator::{AtLeast, AtMost, Less, More};
        let last = at.checked_sub(1)?;
        if let Some((sign, first)) = self.sign_ending(last) {
            return Some((sign, false, first));
        }
        let before = |back: usize| self.word_before(last, back);
        let negated = |comparator: Comparator, loose: bool, first: usize| match self.word_before(first, 1) {
            Some(W::No) => Some((comparator.negated(), false, first - 1)),
            _ => Some((comparator, loose, first)),
        };
        match self.word(last)? {
            W::Least if before(1) == Some(W::At) => Some((AtLeast, false, last - 1)),
            W::Most if before(1) == Some(W::At) => Some((AtMost, false, last - 1)),
            W::Than => match before(1)? {
                W::More => negated(More, false, last - 1),
                W::Less => negated(Less, false, last - 1),
                _ => None,
            },
            // "greater than or equal to"
            W::To if before(1) == Some(W::Equal) && before(2) == Some(W::Or) => {
                let than = usize::from(before(3) == Some(W::Than));
                match before(3 + than)? {
                    W::More | W::Over => Some((AtLeast, false, last - 3 - than)),
                    W::Less | W::Under => Some((AtMost, false, last - 3 - than)),
                    _ => None,
                }
            }
            W::To if before(1) == Some(W::Up) => Some((AtMost, false, last - 1)),
            W::Over => negated(More, true, last),
            W::Under => negated(Less, true, last),
            W::Before => Some((Less, false, last)),
            W::After if self.is(at, W::Age) => Some((More, false, last)),
            W::Exceed => {
                let to = usize::from(before(1) == Some(W::To));
                let not = before(1 + to) == Some(W::No);
                if not { Some((AtMost, false, last - 1 - to)) } else { Some((More, false, last)) }
            }
            W::Minimum => Some((AtLeast, false, last)),
            W::Maximum => Some((AtMost, false, last)),
            W::Within | W::Through | W::Until => Some((AtMost, false, last)),
            W::From => Some((AtLeast, false, if before(1) == Some(W::Start) { last - 1 } else { last })),
            W::At if before(1) == Some(W::Start) => Some((AtLeast, false, last - 1)),
            // "in women starting age 40"
            W::Start if self.is(at, W::Age) => Some((AtLeast, false, last)),
            _ => None,
        }
    }

    /// `≥`, `<=`, `=>`, with its first token.
    fn sign_ending(&self, last: usize) -> Option<(Comparator, usize)> {
        let sign = |at: usize, c: char| self.sign(at, c);
        if sign(last, '=') {
            let first = last.checked_sub(1)?;
            return match () {
                () if sign(first, '>') => Some((Comparator::AtLeast, first)),
                () if sign(first, '<') => Some((Comparator::AtMost, first)),
                () => None,
            };
        }
        let comparator = match () {
            () if sign(last, '≥') => Comparator::AtLeast,
            () if sign(last, '≤') => Comparator::AtMost,
            () if sign(last, '>') || sign(last, '›') => Comparator::More,
            () if sign(last, '<') || sign(last, '‹') => Comparator::Less,
            () => return None,
        };
        Some((comparator, last))
    }

    /// What stands after the amount whose last token is before `at`.
    pub(super) fn bound_after(&self, at: usize) -> Option<Bound> {
        let bound = |comparator, at, age| Some(Bound { comparator, loose: false, at, age, rough: false });
        if self.sign(at, '+') && self.glued(at) && self.digits(at + 1).is_none() {
            return bound(Comparator::AtLeast, at + 1, false);
        }
        // "65 plus"
        if self.is(at, W::Plus)
            && self.number(at + 1).is_none()
            && self.word(at + 1).is_none()
            && !self.follows_word(at + 1)
        {
            return bound(Comparator::AtLeast, at + 1, false);
        }
        if !matches!(self.word(at), Some(W::Or | W::And)) {
            return None;
        }
        let age = matches!(self.text_of(at + 1), "older" | "younger");
        let comparator = match self.word(at + 1)? {
            W::More | W::Over | W::Up => Comparator::AtLeast,
            W::Less | W::Under => Comparator::AtMost,
            _ => return None,
        };
        // "5 mg or more than 10 mg", "60 and over 80" go on with another number.
        if self.is(at + 2, W::Than) || self.number(at + 2).is_some() {
            return None;
        }
        bound(comparator, at + 2, age)
    }

    /// Whether an ordinary word stands here: "65 plus a statin" is no bound.
    fn follows_word(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.key != 0 && !token.fresh)
    }

    /// The same, where a bracket stands between: "39 °C (102.2 °F) or higher".
    pub(super) fn bound_after_bracket(&self, at: usize) -> Option<Bound> {
        if !self.sign(at, '(') {
            return None;
        }
        let close = (at + 1..at + 12).find(|at| self.sign(*at, ')'))?;
        self.bound_after(close + 1)
    }
}
