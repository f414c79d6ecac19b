//! Numbers with units, in one written form, so that "75 to 100 mg", "75–100mg" and "75-100 mg" meet in the index.
//!
//! What is read here is the number, its unit and its comparator. What a number *means* (a dose, a threshold, an age) and
//! whether two of them agree is left to the appraisal of a claim.
//!
//! Two readers stand here. [`tokens`] and [`quantities`] make what built snapshots hold, so what they find must not
//! change from one edition of the program to the next. [`amounts`] reads all that people write, with periods, numerals and
//! composed units, for comparing two texts; nothing of it is stored.

mod amount;
mod analyte;
mod bound;
mod cursor;
mod label;
mod measure;
mod number;
mod numeral;
mod period;
mod scan;
mod token;
mod unit;
mod vocabulary;

use std::ops::Range;

pub use amount::{Amount, Kind};
pub use analyte::{Analyte, Converted};
pub use measure::{Dimension, Measure};
pub use numeral::number_word;
pub use scan::{Amounts, amounts};
pub use token::{Token, TokenKind, key_of, tokens as tokenise};
pub use unit::Unit;
pub use vocabulary::KeyMap;

/// How a number bounds what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparator {
    /// `<`, under, below, less than
    Less,
    /// `≤`, up to, at most
    AtMost,
    /// nothing said
    Equal,
    /// `≥`, at least, or older
    AtLeast,
    /// `>`, over, more than
    More,
}

/// One number or range as it stands in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// The number, or the lower end of a range.
    pub low: f64,
    /// The upper end of a range; equal to `low` for a single number.
    pub high: f64,
    /// The second number of a pair such as `140/90`.
    pub over: Option<f64>,
    /// How it bounds.
    pub comparator: Comparator,
    /// Its unit, where one is written.
    pub unit: Option<Unit>,
    /// Bytes of the text that it was read from, unit included.
    pub range: Range<usize>,
}

/// Reads every quantity of a text, in order.
pub fn quantities(text: &str) -> Vec<Quantity> {
    number::scan(text)
}

/// Index tokens of every quantity in a text: `140/90`, `75mg`, `75-100mg`, `7%`, `65a`.
///
/// Durations also give their length in days (`4wk` and `28d` share `28d`), masses their value in milligrams, so that one
/// amount written in two units is one token. A number without a unit gives no token: its bare digits are a word already.
pub fn tokens(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for quantity in quantities(text) {
        if let Some(over) = quantity.over {
            found.push(format!("{}/{}", plain(quantity.low), plain(over)));
        }
        let Some(unit) = quantity.unit else { continue };
        let ends = if quantity.low == quantity.high { vec![quantity.low] } else { vec![quantity.low, quantity.high] };
        for end in ends {
            let (value, base) = unit.in_base(end);
            found.push(format!("{}{base}", plain(value)));
        }
    }
    found
}

/// A number without trailing zeros, at most six decimals.
fn plain(value: f64) -> String {
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod index_tests;
#[cfg(test)]
mod tests;
