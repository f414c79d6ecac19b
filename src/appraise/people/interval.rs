//! Intervals of ages, rates and risks: half-open, with the ends that the words state.

/// Values from `low` to below `high`, in years, mL/min or percent.
///
/// A word such as "teenagers" has soft ends: `wide` is what some would call so, `core` what everybody would. A number has
/// the same for both.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// What everybody would call so.
    pub core: (f64, f64),
    /// What some would call so.
    pub wide: (f64, f64),
    /// Whether it is read from numbers.
    pub printed: bool,
    /// Whether the lower and the upper end are stated, not only implied.
    pub stated: (bool, bool),
}

impl Interval {
    /// An interval read from numbers; an end that is not stated is 0 or infinite.
    pub(super) fn printed(low: Option<f64>, high: Option<f64>) -> Interval {
        let ends = (low.unwrap_or(0.0), high.unwrap_or(f64::INFINITY));
        Interval { core: ends, wide: ends, printed: true, stated: (low.is_some(), high.is_some()) }
    }

    /// An interval that a word stands for.
    pub(super) const fn meant(core: (f64, f64), wide: (f64, f64)) -> Interval {
        Interval { core, wide, printed: false, stated: (false, false) }
    }

    /// Whether no value can be both.
    ///
    /// Two words are told apart by what everybody means ("teenagers" and "adults" meet at 18 and 19, and are still two
    /// groups); a number beside a word by what some may mean.
    pub(super) fn apart(&self, other: &Interval) -> bool {
        let (one, two) = match (self.printed, other.printed) {
            (false, false) => (self.core, other.core),
            _ => (self.wide, other.wide),
        };
        one.1 <= two.0 || two.1 <= one.0
    }

    /// What both hold.
    fn with(&self, other: &Interval) -> Interval {
        let both = |one: (f64, f64), other: (f64, f64)| (one.0.max(other.0), one.1.min(other.1));
        let stated = |end: fn(&Interval) -> bool| end(self) || end(other);
        Interval {
            core: both(self.core, other.core),
            wide: both(self.wide, other.wide),
            printed: self.printed || other.printed,
            stated: (stated(|one| one.stated.0), stated(|one| one.stated.1)),
        }
    }

    /// Whether every value of this one is one of the other's.
    pub(super) fn within(&self, other: &Interval) -> bool {
        self.wide.0 >= other.wide.0 && self.wide.1 <= other.wide.1
    }
}

/// Several intervals with those dropped that hold another: "adults aged 40 to 75" means the latter.
///
/// A word within two printed ends bounds them no further: "young people aged 6 months to 24 years" are of these ages.
pub(super) fn narrowest(intervals: &[Interval]) -> Vec<Interval> {
    const YEAR: f64 = 1.0;
    let ended = |one: &Interval| one.printed && one.stated == (true, true);
    let inside =
        |one: &Interval, other: &Interval| one.core.0 + YEAR >= other.wide.0 && one.core.1 <= other.wide.1 + YEAR;
    let says_less = |one: &&Interval| one.printed || !intervals.iter().any(|other| ended(other) && inside(one, other));
    let intervals: Vec<Interval> = intervals.iter().filter(says_less).copied().collect();
    let holds_another = |at: usize, one: &Interval| {
        intervals.iter().enumerate().any(|(other_at, other)| {
            // Of two equal ones the first stays, and of a number and a word the number.
            let same = one.within(other);
            let first = other_at < at && other.printed == one.printed;
            other_at != at && other.within(one) && (!same || other.printed && !one.printed || first)
        })
    };
    let left = intervals.iter().enumerate().filter(|(at, one)| !holds_another(*at, one)).map(|(_, one)| *one);
    left.fold(Vec::new(), |mut all: Vec<Interval>, one| {
        // "Adults younger than 50": two that overlap bound each other.
        match all.iter_mut().find(|known| !known.apart(&one)) {
            Some(known) => *known = known.with(&one),
            None => all.push(one),
        }
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_ends_hold_whatever_word_stands_beside_them() {
        let printed = Interval { stated: (true, true), ..Interval::printed(Some(0.5), Some(25.0)) };
        let young = Interval::meant((0.0, 5.0), (0.0, 11.0));
        let grown = Interval::meant((18.0, 20.0), (18.0, 22.0));
        assert_eq!(narrowest(&[grown, printed]), [printed]);
        assert_eq!(narrowest(&[young, printed]), [printed]);
    }

    #[test]
    fn numbers_are_apart_exactly_and_words_by_what_all_mean() {
        let number = |low, high| Interval::printed(Some(low), Some(high));
        assert!(number(40.0, 60.0).apart(&number(60.0, 70.0)));
        assert!(!number(40.0, 61.0).apart(&number(60.0, 70.0)));
        let teens = Interval::meant((13.0, 18.0), (10.0, 20.0));
        let adults = Interval::meant((18.0, f64::INFINITY), (18.0, f64::INFINITY));
        assert!(teens.apart(&adults));
        assert!(!teens.apart(&number(18.0, 19.0)));
    }

    #[test]
    fn the_narrower_is_meant() {
        let adults = Interval::meant((18.0, f64::INFINITY), (18.0, f64::INFINITY));
        let some = Interval::printed(Some(40.0), Some(76.0));
        assert_eq!(narrowest(&[adults, some]), [some]);
        assert_eq!(narrowest(&[some, some]), [some]);
        let children = Interval::meant((0.0, 18.0), (0.0, 18.0));
        assert_eq!(narrowest(&[adults, children]).len(), 2);
    }
}
