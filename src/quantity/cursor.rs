//! The tokens of a text with what each word does in an amount, and the questions that every part of the grammar asks.

use super::measure::{Atom, Measure};
use super::token::{Token, TokenKind, key_of, tokens};
use super::vocabulary::{Lexeme, W, lexeme};

/// A text as tokens, each word with its part in the grammar.
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: Vec<Token>,
    lexemes: Vec<Option<Lexeme>>,
}

/// A number and where reading goes on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number {
    pub(super) value: f64,
    pub(super) half: f64,
    pub(super) next: usize,
    /// A share of a whole: `half of`, `two thirds`.
    pub(super) share: bool,
    /// Spelled in letters.
    pub(super) spelled: bool,
}

/// A unit, the time that it is given per, and where reading goes on.
#[derive(Clone, Copy, Debug)]
pub(super) struct UnitRead {
    pub(super) measure: Measure,
    pub(super) per: Option<Atom>,
    pub(super) next: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn of(text: &'a str) -> Cursor<'a> {
        let tokens = tokens(text);
        let lexemes = tokens.iter().map(|token| if token.key == 0 { None } else { lexeme(token.key) }).collect();
        Cursor { text, tokens, lexemes }
    }

    pub(super) fn lexeme(&self, at: usize) -> Option<Lexeme> {
        self.lexemes.get(at).copied().flatten()
    }

    pub(super) fn word(&self, at: usize) -> Option<W> {
        match self.lexeme(at) {
            Some(Lexeme::Word(word)) => Some(word),
            _ => None,
        }
    }

    /// The grammar word `back` places before `at`, within the same sentence.
    pub(super) fn word_before(&self, at: usize, back: usize) -> Option<W> {
        at.checked_sub(back).and_then(|at| self.word(at))
    }

    pub(super) fn is(&self, at: usize, word: W) -> bool {
        self.word(at) == Some(word)
    }

    pub(super) fn sign(&self, at: usize, sign: char) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is(sign))
    }

    pub(super) fn glued(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.glued)
    }

    /// The text of one token.
    pub(super) fn text_of(&self, at: usize) -> &'a str {
        self.tokens.get(at).and_then(|token| self.text.get(token.start..token.end)).unwrap_or_default()
    }

    pub(super) fn digits(&self, at: usize) -> Option<(f64, f64)> {
        match self.tokens.get(at)?.kind {
            TokenKind::Number { value, half } => Some((value, half)),
            _ => None,
        }
    }

    /// The number that begins at this token, in digits or in letters.
    pub(super) fn number(&self, at: usize) -> Option<Number> {
        if let Some((value, half)) = self.digits(at) {
            let mut number = Number { value, half, next: at + 1, share: false, spelled: false };
            // "36 0/7 weeks": days of a week of pregnancy, of which the completed week is what is compared.
            let week =
                self.digits(at + 1).is_some() && self.sign(at + 2, '/') && self.digits(at + 3) == Some((7.0, 0.5));
            if week && !self.glued(at + 1) {
                return Some(Number { next: at + 4, ..number });
            }
            if let Some(Lexeme::Part(part)) = self.lexeme(at + 1).filter(|_| !self.text_of(at + 1).is_ascii()) {
                return Some(Number { value: value + part, half: 0.0, next: at + 2, ..number });
            }
            if let Some(Lexeme::Scale(scale)) = self.lexeme(at + 1) {
                number = Number { value: value * scale, half: half * scale, next: at + 2, ..number };
            }
            return Some(number);
        }
        let article = self.is(at, W::A);
        let first = at + usize::from(article);
        match self.lexeme(first)? {
            Lexeme::Part(part) => self.share(first, part),
            Lexeme::Scale(scale) if article => {
                let next = first + 1 + usize::from(scale == 2.0 && self.is(first + 1, W::Of));
                Some(Number { value: scale, half: 0.5, next, share: false, spelled: true })
            }
            Lexeme::Cardinal(_) | Lexeme::Scale(_) if !article => self.spelled(first),
            _ => None,
        }
    }

    /// `half of`, `a quarter of`, `half an hour`.
    fn share(&self, at: usize, part: f64) -> Option<Number> {
        // "half an hour", "half a tablet": a part of one thing, which the unit after it names.
        let of_one = self.is(at + 1, W::A);
        let half = Number { value: part, half: 0.0, next: at + 1 + usize::from(of_one), share: !of_one, spelled: true };
        // "a quarter" alone is three months, a coin or a district; only "of" makes a share of it. "Half" needs none.
        let said = of_one || self.is(at + 1, W::Of) || (part == 0.5 && self.is(at + 1, W::The));
        (said || !self.text_of(at).is_ascii()).then_some(half)
    }

    /// `five hundred`, `twenty-four`, `two thirds`, `one and a half`.
    fn spelled(&self, at: usize) -> Option<Number> {
        let (mut total, mut current, mut next, mut last) = (0.0, 0.0, at, 0.0);
        loop {
            let tied = next > at && self.sign(next, '-') && self.glued(next) && self.glued(next + 1);
            let from = next + usize::from(tied);
            match self.lexeme(from) {
                // "twenty-four", and no sum of "one two".
                Some(Lexeme::Cardinal(value)) if next == at || ((20.0..100.0).contains(&last) && value < 10.0) => {
                    current += value;
                    last = value;
                }
                Some(Lexeme::Cardinal(value)) if last >= 100.0 => {
                    current += value;
                    last = value;
                }
                Some(Lexeme::Scale(scale)) if scale >= 12.0 && last < 100.0 => {
                    current = if current == 0.0 { scale } else { current * scale };
                    if scale >= 1000.0 {
                        total += std::mem::take(&mut current);
                    }
                    last = scale;
                }
                Some(Lexeme::Part(part)) if part < 0.5 && last < 4.0 && next > at => {
                    let share = Number { value: current * part, half: 0.0, next: from + 1, share: true, spelled: true };
                    return Some(share);
                }
                Some(Lexeme::Word(W::And))
                    if last >= 100.0 && matches!(self.lexeme(from + 1), Some(Lexeme::Cardinal(_))) =>
                {
                    next = from + 1;
                    continue;
                }
                _ => break,
            }
            next = from + 1;
        }
        let mut value = total + current;
        if self.is(next, W::And) && self.is(next + 1, W::A) && self.lexeme(next + 2) == Some(Lexeme::Part(0.5)) {
            value += 0.5;
            next += 3;
        }
        (next > at).then_some(Number { value, half: 0.5, next, share: false, spelled: true })
    }

    /// The unit that begins at this token.
    pub(super) fn unit(&self, at: usize) -> Option<UnitRead> {
        // "81-mg", "10-year"
        let at = at + usize::from(self.sign(at, '-') && self.glued(at) && self.glued(at + 1));
        let (top, mut next) = self.top(at)?;
        let mut measure = Measure::of(top);
        let mut per = None;
        while let Some((below, after)) = self.below(next) {
            next = after;
            // "20 mg a day" is an amount and how long it is for; "60 mL/min" is one thing.
            if below.is_schedule() {
                per = Some(below);
                break;
            }
            // "/1.73 m2" is part of the name of a filtration rate; "mg/m2" is a dose for a body's surface.
            let surface = Measure::of(below).code() == "m2" && self.digits(next - 2).is_some();
            if !surface {
                measure.divide(below);
            }
        }
        Some(UnitRead { measure, per, next })
    }

    fn top(&self, at: usize) -> Option<(Atom, usize)> {
        if self.sign(at, '%') {
            return Some((Atom::of("%")?, at + 1));
        }
        if let Some((power, next)) = self.power(at) {
            let counted = matches!(self.lexeme(next), Some(Lexeme::Unit(atom)) if Measure::of(atom).code() == "1");
            return Some((power, next + usize::from(counted)));
        }
        // "50,000/mm3", "100 per minute": a bare count in a volume or a time.
        if (self.sign(at, '/') || self.is(at, W::Per)) && self.below(at).is_some() {
            return Some((Atom::of("1")?, at));
        }
        if let Some(temperature) = self.temperature(at) {
            return Some(temperature);
        }
        match self.lexeme(at)? {
            Lexeme::Unit(atom) if self.spelled_well(at) => match Measure::of(atom).code() {
                "mm" if self.is(at + 1, W::Hg) => Some((Atom::of("mm[Hg]")?, at + 2)),
                "cm" if self.text_of(at + 1) == "H2O" => Some((Atom::of("cm[H2O]")?, at + 2)),
                _ => Some((atom, at + 1)),
            },
            Lexeme::Word(W::Pack) => {
                let at = at + 1 + usize::from(self.sign(at + 1, '-'));
                matches!(self.lexeme(at), Some(Lexeme::Unit(atom)) if Measure::of(atom).code() == "a")
                    .then_some((Atom::of("a{pack}")?, at + 1))
            }
            Lexeme::Word(W::Per) if self.is(at + 1, W::Cent) => Some((Atom::of("%")?, at + 2)),
            _ => None,
        }
    }

    /// One more denominator: `/kg`, `per day`, `a week`, `/1.73 m2`, `per kilogram of body weight`.
    fn below(&self, at: usize) -> Option<(Atom, usize)> {
        let divides = self.sign(at, '/') || self.is(at, W::Per);
        let a_time = self.is(at, W::A) || self.is(at, W::Every);
        if !divides && !a_time {
            return None;
        }
        let number = usize::from(divides && self.digits(at + 1).is_some());
        let from = at + 1 + number;
        let Some(Lexeme::Unit(atom)) = self.lexeme(from).filter(|_| self.spelled_well(from)) else { return None };
        // "150 mg 3 per day" has none; "per 100 mL" is read as per mL of no use, so only 1.73 m2 may carry a number.
        if (a_time && !atom.is_schedule()) || (number > 0 && Measure::of(atom).code() != "m2") {
            return None;
        }
        let mut next = from + 1;
        let of = usize::from(self.is(next, W::Of));
        if self.is(next + of, W::Body) {
            next += of + 1;
            next += usize::from(self.is(next, W::Body));
        }
        Some((atom, next))
    }

    /// `× 10^9`, `x 10⁹`, `*10(9)`
    fn power(&self, at: usize) -> Option<(Atom, usize)> {
        let times = self.sign(at, '×') || self.sign(at, '*') || self.text_of(at) == "x";
        if !times || self.digits(at + 1)?.0 != 10.0 {
            return None;
        }
        let (exponent, next) = match self.text_of(at + 2) {
            "^" => (self.digits(at + 3)?.0, at + 4),
            "(" if self.sign(at + 4, ')') => (self.digits(at + 3)?.0, at + 5),
            "³" => (3.0, at + 3),
            "⁶" => (6.0, at + 3),
            "⁹" => (9.0, at + 3),
            "¹²" => (12.0, at + 3),
            _ => return None,
        };
        let code = [(3.0, "10*3"), (6.0, "10*6"), (9.0, "10*9"), (12.0, "10*12")];
        let (_, code) = code.iter().find(|(power, _)| *power == exponent)?;
        Some((Atom::of(code)?, next))
    }

    /// `°C`, `degrees Fahrenheit`, `38 C`
    fn temperature(&self, at: usize) -> Option<(Atom, usize)> {
        let sign = self.sign(at, '°') || self.sign(at, 'º') || self.text_of(at) == "º" || self.is(at, W::Degrees);
        let from = at + usize::from(sign);
        let code = match self.text_of(from) {
            "C" | "c" if sign => "Cel",
            "F" | "f" if sign => "[degF]",
            // A bare capital is a temperature where the number is one of a body.
            "C" if self.body_heat(at, 30.0..45.0) => "Cel",
            "F" if self.body_heat(at, 90.0..115.0) => "[degF]",
            "Celsius" | "celsius" | "centigrade" | "℃" => "Cel",
            "Fahrenheit" | "fahrenheit" | "℉" => "[degF]",
            _ => return None,
        };
        Some((Atom::of(code)?, from + 1))
    }

    fn body_heat(&self, at: usize, of: std::ops::Range<f64>) -> bool {
        at.checked_sub(1).and_then(|at| self.digits(at)).is_some_and(|(value, _)| of.contains(&value))
    }

    /// Units whose case tells them from something else: "Mg" is magnesium, "G" a gauge, "H" a drug, "met" a verb.
    fn spelled_well(&self, at: usize) -> bool {
        let text = self.text_of(at);
        let ends = !self.tokens.get(at).is_some_and(|token| token.kind == TokenKind::Name)
            || text.ends_with('2')
            || text.ends_with('3');
        ends && match text {
            "l" | "L" | "U" => true,
            "Mg" | "met" | "u" | "Met" | "HR" | "HRS" => false,
            _ => text.chars().count() > 1 || text.chars().all(char::is_lowercase),
        }
    }

    /// Whether the word at this place has this spelling.
    pub(super) fn spells(&self, at: usize, word: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.key == key_of(word))
    }
}
