//! How often: "every 3 to 5 years", "twice daily", "q8h", "b.i.d.", "at 5-year intervals", read as the time between two.

use super::cursor::{Cursor, Number};
use super::measure::{Atom, Measure};
use super::vocabulary::{Lexeme, W};

/// The time between two, as a range of counts of one unit of time, and where reading goes on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Period {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) half: f64,
    pub(super) atom: Atom,
    pub(super) next: usize,
    /// Said as times in a span ("twice a week"): a bound on it bounds the time between the other way round.
    pub(super) counted: bool,
}

impl Period {
    pub(super) fn measure(&self) -> Measure {
        Measure::of(self.atom)
    }
}

impl Cursor<'_> {
    /// The period that begins at this token.
    pub(super) fn period(&self, at: usize) -> Option<Period> {
        if self.is(at, W::Every) {
            return self.every(at + 1);
        }
        match self.lexeme(at) {
            Some(Lexeme::Every(count, atom)) => return Some(plain(count, atom, at + 1)),
            Some(Lexeme::Latin(times)) => return times_a_day(times, at + 1),
            Some(Lexeme::Times(times)) => {
                return self.times(at + 1, times, times).map(|period| Period { counted: true, ..period });
            }
            _ => {}
        }
        self.latin(at).or_else(|| self.number_of_times(at))
    }

    /// What follows "every": a number and a unit of time, "other" and one, or one alone.
    fn every(&self, at: usize) -> Option<Period> {
        // "every 1 to 2 years", "every six months"
        if let Some(number) = self.number(at) {
            let (high, next) = self.until(&number).unwrap_or((number.value, number.next));
            let (atom, next) = self.time_at(next)?;
            return Some(Period { low: number.value, high, half: number.half, atom, next, counted: false });
        }
        if self.is(at, W::Other) {
            let (atom, next) = self.time_at(at + 1)?;
            return Some(plain(2.0, atom, next));
        }
        let (atom, next) = self.time_at(at)?;
        Some(plain(1.0, atom, next))
    }

    /// "3 times a week", "two to three times daily".
    fn number_of_times(&self, at: usize) -> Option<Period> {
        let number = self.number(at)?;
        let (high, next) = self.until(&number).unwrap_or((number.value, number.next));
        // "5-yearly", "3-monthly"
        let tied = self.sign(next, '-') && self.glued(next);
        if let Some(Lexeme::Every(count, atom)) = self.lexeme(next + 1).filter(|_| tied) {
            let (low, high) = (count * number.value, count * high);
            return Some(Period { low, high, half: number.half, atom, next: next + 2, counted: false });
        }
        if !self.is(next, W::TimesOf) {
            return None;
        }
        self.times(next + 1, number.value, high).map(|period| Period { counted: true, ..period })
    }

    /// After "twice" or "3 times": a span, or how often that is done.
    fn times(&self, at: usize, low: f64, high: f64) -> Option<Period> {
        if low <= 0.0 {
            return None;
        }
        let tied = usize::from(self.sign(at, '-') || self.sign(at, '/'));
        let per = tied + usize::from(matches!(self.word(at + tied), Some(W::A | W::Per)));
        let spans = |count: f64, atom: Atom, half: f64, next: usize| {
            Some(Period { low: count / high, high: count / low, half, atom, next, counted: true })
        };
        if let Some(Lexeme::Every(count, atom)) = self.lexeme(at + tied) {
            return spans(count, atom, 0.0, at + tied + 1);
        }
        if self.is(at, W::Every) {
            let every = self.every(at + 1)?;
            let (low, high) = (every.low / high, every.high / low);
            return Some(Period { low, high, ..every });
        }
        let (atom, next) = self.time_at(at + per).filter(|_| per > 0)?;
        spans(1.0, atom, 0.0, next)
    }

    /// "q8h", "q4-6h", "b.i.d.", "q.d."
    fn latin(&self, at: usize) -> Option<Period> {
        let text = self.text_of(at);
        if let Some(rest) = text.strip_prefix('q').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
            return self.every_q(rest, at);
        }
        // Letters with full stops, all glued: at most five of them.
        if text.len() != 1 || !self.sign(at + 1, '.') || !self.glued(at + 1) {
            return None;
        }
        let mut letters = [0u8; 4];
        let (mut count, mut next) = (0, at);
        while count < 4 && self.text_of(next).len() == 1 && (next == at || self.glued(next)) && !self.sign(next, '.') {
            letters[count] = self.text_of(next).as_bytes()[0].to_ascii_lowercase();
            count += 1;
            next += 1;
            if !(self.sign(next, '.') && self.glued(next)) {
                break;
            }
            next += 1;
        }
        let times = match &letters[..count] {
            b"qd" => 1.0,
            b"bid" | b"bd" => 2.0,
            b"tid" | b"tds" => 3.0,
            b"qid" | b"qds" => 4.0,
            b"qod" => 0.5,
            _ => return None,
        };
        times_a_day(times, next)
    }

    /// "q8h", "q4-6h", "q 12 h" being rare and left out.
    fn every_q(&self, rest: &str, at: usize) -> Option<Period> {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let low: f64 = rest.get(..digits)?.parse().ok()?;
        let unit = rest.get(digits..)?;
        let (high, unit, next) = if unit.is_empty() && self.sign(at + 1, '-') {
            (self.digits(at + 2)?.0, self.text_of(at + 3), at + 4)
        } else {
            (low, unit, at + 1)
        };
        let code = match unit {
            "h" | "hr" | "hrs" | "hours" | "H" => "h",
            "d" | "days" | "D" => "d",
            "w" | "wk" | "wks" | "W" | "weeks" => "wk",
            "mo" | "months" | "m" => "mo",
            _ => return None,
        };
        let atom = Atom::of(code)?;
        (low > 0.0).then_some(Period { low, high: high.max(low), half: 0.5, atom, next, counted: false })
    }

    /// The upper end of "2 to 3", "4–6", "one or two", after a number.
    fn until(&self, number: &Number) -> Option<(f64, usize)> {
        let joined = self.sign(number.next, '-') || matches!(self.word(number.next), Some(W::To | W::Or));
        let high = self.number(number.next + 1).filter(|high| joined && high.value > number.value)?;
        Some((high.value, high.next))
    }

    /// A unit of time at this token.
    pub(super) fn time_at(&self, at: usize) -> Option<(Atom, usize)> {
        let at = at + usize::from(self.sign(at, '-') && self.glued(at));
        match self.lexeme(at)? {
            Lexeme::Unit(atom)
                if atom.is_time()
                    && (self.text_of(at).len() > 1 || self.text_of(at) == "h" || self.text_of(at) == "d") =>
            {
                Some((atom, at + 1))
            }
            // "every morning" is read by nobody differently from "daily"; left to the words.
            _ => None,
        }
    }
}

fn plain(count: f64, atom: Atom, next: usize) -> Period {
    Period { low: count, high: count, half: 0.0, atom, next, counted: false }
}

fn times_a_day(times: f64, next: usize) -> Option<Period> {
    let atom = Atom::of("h")?;
    Some(Period { low: 24.0 / times, high: 24.0 / times, half: 0.0, atom, next, counted: true })
}
