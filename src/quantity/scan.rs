//! Finds the amounts of a text: numbers with bounds, ranges, pairs and units, and how often.

use super::amount::{Amount, Kind};
use super::bound::Bound;
use super::cursor::{Cursor, Number, UnitRead};
use super::measure::{Atom, Measure};
use super::period::Period;
use super::token::Token;
use super::vocabulary::{Lexeme, W};
use super::{Comparator, label};

/// Amounts above which a text is read no further: a page of a dose table holds fewer.
const MOST: usize = 1_000;

/// A text's tokens with its amounts, in order.
pub struct Amounts {
    /// Its words, numbers and signs.
    pub tokens: Vec<Token>,
    /// Its amounts.
    pub amounts: Vec<Amount>,
}

/// Reads every amount of a text. Linear in its length; at most [`MOST`] amounts.
pub fn amounts(text: &str) -> Amounts {
    let cursor = Cursor::of(text);
    let mut found: Vec<Amount> = Vec::new();
    let mut at = 0;
    while at < cursor.tokens.len() && found.len() < MOST {
        at = cursor.step(at, &mut found).max(at + 1);
    }
    inherit(&cursor, &mut found);
    Amounts { tokens: cursor.tokens, amounts: found }
}

impl Cursor<'_> {
    /// Reads what begins at this token and gives the token that reading goes on at.
    fn step(&self, at: usize, found: &mut Vec<Amount>) -> usize {
        if let Some(period) = self.period(at) {
            found.push(self.timed(at, &period, Kind::Period));
            return period.next;
        }
        if let Some(number) = self.number(at) {
            return self.measured(at, &number, found);
        }
        // "two drinks a day", "servings per week": a period whose number stands before the noun.
        let after_noun =
            found.last().is_some_and(|last| at <= last.tokens.end + 3 && last.unit.is_none_or(|unit| !unit.is_time()));
        let per = self.is(at, W::Per) || (self.is(at, W::A) && after_noun && !self.is(at.wrapping_sub(1), W::For));
        if let Some((atom, next)) = self.time_at(at + 1).filter(|_| per) {
            // "2 or more per year": so often, where no noun stands between.
            let bare = found.last().is_some_and(|last| last.tokens.end == at && last.unit.is_none() && last.low > 0.0);
            if let Some(last) = found.pop_if(|last| bare && last.kind == Kind::Measured) {
                let often = Period { low: 1.0 / last.high, high: 1.0 / last.low, half: 0.0, atom, next, counted: true };
                let timed = self.timed(at, &often, Kind::Period);
                let (range, tokens) = (last.range.start..timed.range.end, last.tokens.start..timed.tokens.end);
                let comparator = mirrored(last.comparator);
                found.push(Amount { range, tokens, comparator, said: comparator, ..timed });
                return next;
            }
            found.push(self.timed(
                at,
                &Period { low: 1.0, high: 1.0, half: 0.0, atom, next, counted: true },
                Kind::Period,
            ));
            return next;
        }
        at + 1
    }

    /// A period as an amount, with its bound. At least twice a day is at most every 12 hours.
    fn timed(&self, at: usize, period: &Period, kind: Kind) -> Amount {
        let before = self.bound_before(at);
        let mut comparator = match period.counted {
            true => mirrored(before.comparator),
            // "at least every 2 years": no longer than that between two.
            false if before.comparator == Comparator::AtLeast => Comparator::AtMost,
            false => before.comparator,
        };
        let mut end = period.next;
        if self.is(end, W::Or) && self.is(end + 2, W::Often) {
            comparator = match self.word(end + 1) {
                Some(W::More) => Comparator::AtMost,
                Some(W::Less) => Comparator::AtLeast,
                _ => comparator,
            };
            end += 3;
        } else if let Some(after) = self.bound_after(end).filter(|_| !period.counted) {
            comparator = after.comparator;
            end = after.at;
        }
        let start = if before.comparator == Comparator::Equal { at } else { before.at };
        let unit = Some(period.measure());
        let amount = Amount {
            kind,
            low: period.low,
            high: period.high,
            half: period.half,
            unit,
            rough: before.rough,
            ..self.blank(start, end)
        };
        Amount { comparator: if amount.is_range() { Comparator::Equal } else { comparator }, ..amount }
    }

    /// An amount of these tokens, nothing of it read.
    fn blank(&self, start: usize, end: usize) -> Amount {
        let byte = |at: usize| self.tokens.get(at).map_or(0, |token| token.start);
        let last = end.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(0, |token| token.end);
        Amount {
            kind: Kind::Measured,
            low: 0.0,
            high: 0.0,
            over: None,
            comparator: Comparator::Equal,
            said: Comparator::Equal,
            open: false,
            loose: false,
            begins: false,
            rough: false,
            age: false,
            unit: None,
            half: 0.0,
            range: byte(start)..last,
            tokens: start..end,
        }
    }

    /// The amount whose number begins at this token.
    fn measured(&self, at: usize, number: &Number, found: &mut Vec<Amount>) -> usize {
        if let Some((amount, next)) = self.ratio(at, number) {
            found.extend(amount);
            return next;
        }
        if number.share {
            found.extend(self.share_of(at, number.next, 100.0 * number.value));
            return number.next;
        }
        let Body { mut amount, per, next } = self.body(at, number);
        let (start, end) = self.bound(at, next, &mut amount);
        amount.unit = amount.unit.or_else(|| self.unit_of_list(next));
        let blank = self.blank(start, end);
        (amount.range, amount.tokens) = (blank.range, blank.tokens);
        if self.stands_between(&amount) {
            amount.kind = Kind::Period;
        }
        let nothing = amount.unit.is_none_or(Measure::is_bare) && amount.high == 0.0 && number.spelled;
        if nothing || self.is_label(at, number, &amount, next) {
            return next;
        }
        match per {
            Some(atom) => self.push_with_period(at, next, amount, atom, found),
            None => found.push(amount),
        }
        end.max(next)
    }

    /// Number, range, pair and unit, without what bounds them.
    fn body(&self, at: usize, number: &Number) -> Body {
        let (low, high) = (number.value, number.value);
        let amount = Amount { low, high, half: number.half, ..self.blank(at, number.next) };
        let unit = self.unit(number.next);
        let unit_end = unit.map_or(number.next, |unit| unit.next);
        let mut body = if let Some((spread, after)) = self.spread(unit_end) {
            let unit = unit.or_else(|| self.unit(after));
            let next = self.unit(after).map_or(after, |unit| unit.next);
            let amount = Amount { low: low - spread, high: high + spread, ..amount };
            Body { amount: with_unit(amount, unit), per: None, next }
        } else if let Some(end) = self.upper_end(at, number, unit_end) {
            self.ranged(amount, unit, &end)
        } else {
            let amount = with_unit(amount, unit.or_else(|| self.unit_of_falling_pair(unit_end)));
            Body { amount, per: unit.and_then(|unit| unit.per), next: unit_end }
        };
        if let Some((over, after)) = self.second_of_pair(&body.amount, body.next, body.amount.unit.is_some()) {
            let unit = self.unit(after);
            body.amount.over = Some(over);
            body.next = unit.map_or(after, |unit| unit.next);
            body.amount = with_unit(body.amount, unit);
        }
        body
    }

    /// A range, with the unit of its lower end where both have one.
    fn ranged(&self, amount: Amount, unit: Option<UnitRead>, end: &UpperEnd) -> Body {
        let second = self.unit(end.next);
        // "6 months through 12 years": the upper end in the unit of the lower.
        let scale = match (unit, second) {
            (Some(one), Some(other)) if one.measure.dimension() == other.measure.dimension() => {
                other.measure.factor() / one.measure.factor()
            }
            _ => 1.0,
        };
        let (high, half) = (end.value * scale, amount.half.min(end.half));
        let amount = with_unit(Amount { high, open: end.open, half, ..amount }, unit.or(second));
        let per = second.and_then(|unit| unit.per).or(unit.and_then(|unit| unit.per));
        Body { amount, per, next: second.map_or(end.next, |unit| unit.next) }
    }

    /// "90 to 80 mg" is no range, but its first number is of the second's unit.
    fn unit_of_falling_pair(&self, at: usize) -> Option<UnitRead> {
        let joined = self.sign(at, '-') || self.is(at, W::To);
        let unit = self.digits(at + 1).filter(|_| joined).and_then(|_| self.unit(at + 2))?;
        Some(UnitRead { per: None, ..unit })
    }

    /// Reads what bounds an amount; the tokens that it then begins with and ends before.
    fn bound(&self, at: usize, next: usize, amount: &mut Amount) -> (usize, usize) {
        let (aged, mut end) = self.of_age(next);
        let before = self.bound_before(at);
        let beside = self.bound_after(end);
        let after = beside.or_else(|| self.bound_after_bracket(end));
        amount.age = aged || before.age || after.is_some_and(|after| after.age);
        amount.rough = before.rough;
        if let Some(after) = after.filter(|_| !is_upper(&before)) {
            amount.comparator = after.comparator;
            end = beside.map_or(end, |after| after.at);
        } else {
            (amount.comparator, amount.loose) = (before.comparator, before.loose);
            amount.begins = matches!(self.word(before.at), Some(W::Start | W::From));
        }
        // "Started at 100 mg" is a dose, "starts at 45" a bound.
        if amount.begins && amount.unit.is_some_and(Measure::is_dose) {
            amount.comparator = Comparator::Equal;
        }
        amount.said = amount.comparator;
        if amount.is_range() {
            amount.comparator = Comparator::Equal;
        }
        let stepped = before.comparator != Comparator::Equal || before.age || before.rough;
        (if stepped { before.at } else { at }, end)
    }

    /// "at 5-year intervals", "at intervals of 5 years"
    fn stands_between(&self, amount: &Amount) -> bool {
        let (start, end) = (amount.tokens.start, amount.tokens.end);
        let apart = self.word_before(start, 1) == Some(W::Of) && self.word_before(start, 2) == Some(W::Interval);
        amount.unit.is_some_and(Measure::is_time) && (self.is(end, W::Interval) || apart)
    }

    /// "20 mg/day" as an amount and the time that it is for; "3/day" as three times in one.
    fn push_with_period(&self, at: usize, next: usize, amount: Amount, atom: Atom, found: &mut Vec<Amount>) {
        let once = Period { low: 1.0, high: 1.0, half: 0.0, atom, next, counted: true };
        let (range, tokens) = (amount.range.clone(), amount.tokens.clone());
        if amount.unit.is_some_and(|unit| unit.code() == "1") && amount.low > 0.0 {
            let often = Period { low: 1.0 / amount.high, high: 1.0 / amount.low, ..once };
            found.push(Amount { tokens, range, ..self.timed(at, &often, Kind::Period) });
            return;
        }
        let comparator = Comparator::Equal;
        found.push(amount);
        found.push(Amount { range, tokens, comparator, said: comparator, ..self.timed(next, &once, Kind::Total) });
    }

    /// The unit of a list's last number: "at 0 and 6 months", "11 or 12 years".
    fn unit_of_list(&self, at: usize) -> Option<Measure> {
        let joined = matches!(self.word(at), Some(W::And | W::Or)) || self.sign(at, ',');
        let from = at + 1 + usize::from(self.sign(at, ',') && matches!(self.word(at + 1), Some(W::And | W::Or)));
        let last = self.number(from).filter(|last| joined && !last.share)?;
        self.unit(last.next).map(|unit| unit.measure).filter(|unit| unit.is_time() || unit.is_dose())
    }

    /// "± 0.5", "plus or minus 2": the spread, and where reading goes on.
    fn spread(&self, at: usize) -> Option<(f64, usize)> {
        let spelled = self.is(at, W::Plus) && self.is(at + 1, W::Or) && self.is(at + 2, W::Minus);
        let signs = self.sign(at, '+') && self.sign(at + 1, '/') && self.sign(at + 2, '-');
        let next = at + if spelled || signs { 3 } else { usize::from(self.sign(at, '±')) };
        let (spread, _) = self.digits(next).filter(|_| next > at)?;
        Some((spread, next + 1))
    }

    /// The upper end of a range that begins with `number`.
    fn upper_end(&self, at: usize, number: &Number, unit_end: usize) -> Option<UpperEnd> {
        let joint = unit_end;
        let words = match self.word(joint) {
            Some(W::To | W::Through | W::Until) => 1,
            Some(W::And) if self.between(at) => 1,
            Some(W::Or) if self.number(joint + 1).is_some_and(|next| next.value == number.value + 1.0) => 1,
            Some(W::Up) if self.is(joint + 1, W::To) && joint == number.next => 2,
            _ if self.sign(joint, '-') => 1,
            _ => return None,
        };
        let mut from = joint + words;
        from += usize::from(self.is(from, W::Age));
        let mut open = false;
        if self.is(from, W::Less) && self.is(from + 1, W::Than) {
            (open, from) = (true, from + 2);
        } else if self.sign(from, '<') || self.is(from, W::Under) {
            (open, from) = (true, from + 1);
        } else if self.sign(from, '≤') {
            from += 1;
        }
        let high = self.number(from).filter(|high| !high.share)?;
        // "80 mg to 4 weeks" is no range; "6 months to 2 years" is.
        let factor = match (self.unit(number.next), self.unit(high.next)) {
            (Some(low), Some(high)) if low.measure.dimension() == high.measure.dimension() => {
                high.measure.factor() / low.measure.factor()
            }
            (Some(_), Some(_)) => return None,
            _ => 1.0,
        };
        (high.value * factor > number.value).then_some(UpperEnd {
            value: high.value,
            half: high.half,
            open,
            next: high.next,
        })
    }

    /// Whether "between" stands before this number.
    fn between(&self, at: usize) -> bool {
        let stepped =
            (1..5).find(|back| !matches!(self.word_before(at, *back), Some(W::The | W::Of | W::Age | W::About)));
        stepped.is_some_and(|back| self.word_before(at, back) == Some(W::Between))
    }

    /// The second number of "140/90", "130 over 80", "120–129/70–79".
    fn second_of_pair(&self, amount: &Amount, next: usize, has_unit: bool) -> Option<((f64, f64), usize)> {
        let over = self.is(next, W::Over) && (50.0..300.0).contains(&amount.low);
        if has_unit || !(self.sign(next, '/') || over) {
            return None;
        }
        let mut from = next + 1;
        while ['<', '>', '≤', '≥', '='].iter().any(|sign| self.sign(from, *sign)) {
            from += 1;
        }
        let (low, _) = self.digits(from)?;
        let mut end = from + 1;
        let mut high = low;
        let joined = self.sign(end, '-') || self.is(end, W::To);
        if let Some((value, _)) = self.digits(end + 1).filter(|(value, _)| amount.is_range() && joined && *value > low)
        {
            (high, end) = (value, end + 2);
        }
        // "1/2/2024" is a date.
        if self.sign(end, '/') && self.glued(end) && self.digits(end + 1).is_some() {
            return None;
        }
        (!over || (low < amount.low && low >= 20.0)).then_some(((low, high), end))
    }

    /// "1 in 5", "one out of ten", "30:2", "1/2": a share or a ratio. `None` inside: a clock time or the like.
    fn ratio(&self, at: usize, number: &Number) -> Option<(Option<Amount>, usize)> {
        let next = number.next;
        let out = usize::from(self.spells(next, "out") && self.is(next + 1, W::Of));
        if self.is(next, W::In) || out == 1 {
            let whole = self.number(next + 1 + out).filter(|whole| !whole.share && self.unit(whole.next).is_none())?;
            let fits = whole.value >= 2.0 && number.value < whole.value && !(1900.0..=2100.0).contains(&whole.value);
            let unitless =
                self.unit(next).is_none() && !self.is(whole.next, W::Doses) && whole.next < self.tokens.len() + 1;
            return (fits && unitless && number.value.fract() == 0.0).then(|| {
                let share = self.share_of(at, whole.next, 100.0 * number.value / whole.value);
                (share, whole.next)
            });
        }
        let colon = self.sign(next, ':') && self.glued(next) && self.glued(next + 1);
        if let Some((other, _)) = self.digits(next + 1).filter(|_| colon) {
            // "8:00", "08:30"
            let clock = self.text_of(next + 1).len() == 2
                && self.text_of(next + 1).starts_with(['0', '3', '4', '5'])
                && number.value < 25.0;
            let amount = Amount {
                kind: Kind::Ratio,
                low: number.value / other,
                high: number.value / other,
                ..self.blank(at, next + 2)
            };
            return Some(((!clock && other > 0.0).then_some(amount), next + 2));
        }
        let slash = self.sign(next, '/') && self.glued(next) && self.glued(next + 1);
        let (other, _) = self.digits(next + 1).filter(|_| slash && !self.sign(next + 2, '/'))?;
        let part = number.value < other && other <= 20.0 && number.value.fract() == 0.0;
        part.then(|| (self.share_of(at, next + 2, 100.0 * number.value / other), next + 2))
    }

    /// A share of a whole, in percent.
    fn share_of(&self, at: usize, end: usize, percent: f64) -> Option<Amount> {
        let before = self.bound_before(at);
        let start = if before.comparator == Comparator::Equal { at } else { before.at };
        let unit = Some(Measure::of(Atom::of("%")?));
        let (comparator, loose) = (before.comparator, before.loose);
        Some(Amount { low: percent, high: percent, unit, comparator, loose, rough: true, ..self.blank(start, end) })
    }

    /// "of age", "old" after a unit of time: the token after it.
    fn of_age(&self, at: usize) -> (bool, usize) {
        let tied = usize::from(self.sign(at, '-') && self.glued(at));
        if self.is(at + tied, W::Old) {
            return (true, at + tied + 1);
        }
        if self.is(at, W::Of) && self.is(at + 1, W::Age) {
            return (true, at + 2);
        }
        (false, at)
    }

    /// Whether the number names or dates something and measures nothing.
    fn is_label(&self, at: usize, number: &Number, amount: &Amount, next: usize) -> bool {
        amount.unit.is_none() && label::is_label(self, at, number, amount, next)
    }
}

/// Whether a bound before the number already closes it from above: "up to 5 or more" keeps the first.
fn is_upper(bound: &Bound) -> bool {
    matches!(bound.comparator, Comparator::AtMost | Comparator::Less)
}

/// At least so often is at most so long between two.
fn mirrored(comparator: Comparator) -> Comparator {
    match comparator {
        Comparator::Less => Comparator::More,
        Comparator::AtMost => Comparator::AtLeast,
        Comparator::Equal => Comparator::Equal,
        Comparator::AtLeast => Comparator::AtMost,
        Comparator::More => Comparator::Less,
    }
}

/// An amount without its bounds, the time that it is given for, and where reading goes on.
struct Body {
    amount: Amount,
    per: Option<Atom>,
    next: usize,
}

/// An amount in this unit, where it has none yet.
fn with_unit(amount: Amount, unit: Option<UnitRead>) -> Amount {
    Amount { unit: amount.unit.or(unit.map(|unit| unit.measure)), ..amount }
}

/// The upper end of a range.
struct UpperEnd {
    value: f64,
    half: f64,
    open: bool,
    next: usize,
}

/// An amount in brackets is the one before it in other words, and so is its bound: "≥ 126 mg/dL (7.0 mmol/L)".
fn inherit(cursor: &Cursor<'_>, found: &mut [Amount]) {
    for at in 1..found.len() {
        let (before, rest) = found.split_at_mut(at);
        let (Some(outer), Some(inner)) = (before.last(), rest.first_mut()) else { continue };
        let opens =
            inner.tokens.start.checked_sub(1).is_some_and(|open| cursor.sign(open, '(') && open == outer.tokens.end);
        let plain =
            inner.is_point() && inner.kind == Kind::Measured && outer.kind == Kind::Measured && !outer.is_range();
        if opens
            && plain
            && inner.unit.is_some()
            && matches!(cursor.lexeme(inner.tokens.end), None | Some(Lexeme::Word(_)))
        {
            (inner.comparator, inner.loose) = (outer.comparator, outer.loose);
        }
    }
}
