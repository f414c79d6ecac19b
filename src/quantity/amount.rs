//! One amount of a text: what it bounds, in what unit, how finely it was printed.

use std::ops::Range;

use super::{Comparator, Measure};

/// What kind of number it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An amount of something: `75 mg`, `65 years`, `2 doses`.
    Measured,
    /// The time between two: `every 3 years`, `twice daily` (every 12 h). `low` and `high` are counts of `unit`.
    Period,
    /// The same, of a total that is given for that time: the day of `20 mg/day`. How often it is taken is not said.
    Total,
    /// One number to another of the same kind: `30:2`, `1:1,000`.
    Ratio,
}

/// One amount as it stands in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Amount {
    /// What kind of number it is.
    pub kind: Kind,
    /// The number, or the lower end of a range, in `unit`.
    pub low: f64,
    /// The upper end of a range; equal to `low` for a single number.
    pub high: f64,
    /// The second number of a pair such as `140/90`, lower and upper end.
    pub over: Option<(f64, f64)>,
    /// How it bounds. A range is `Equal`.
    pub comparator: Comparator,
    /// The bound that is printed, also before a range: "at least 1 to 6 months".
    pub said: Comparator,
    /// Whether the upper end of a range is left out: `1% to less than 2%`.
    pub open: bool,
    /// Whether the bound is said in a word that people use loosely: `over 65`.
    pub loose: bool,
    /// Whether the bound is where something begins: `starts at 50`, `from 45`.
    pub begins: bool,
    /// Whether it is printed as a rough one: `about 75`.
    pub rough: bool,
    /// Whether its words say that it is an age: `65 years old`, `aged 40`.
    pub age: bool,
    /// Its unit, where one is written.
    pub unit: Option<Measure>,
    /// Half of the worth of the last printed digit, in `unit`.
    pub half: f64,
    /// Bytes of the text that it was read from, comparator and unit included.
    pub range: Range<usize>,
    /// Its tokens, comparator and unit included.
    pub tokens: Range<usize>,
}

impl Amount {
    /// Whether both ends are printed and differ.
    pub fn is_range(&self) -> bool {
        self.low < self.high
    }

    /// Whether it is a single number without a bound.
    pub fn is_point(&self) -> bool {
        !self.is_range() && self.comparator == Comparator::Equal
    }
}
