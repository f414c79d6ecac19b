//! Numbers that name, date or point to something and measure nothing: "stage 3", "2016", "[12]", "call 911".

use super::amount::Amount;
use super::cursor::{Cursor, Number};
use super::token::TokenKind;
use super::vocabulary::W;

/// Whether this unitless number is none that could be compared.
pub(super) fn is_label(cursor: &Cursor<'_>, at: usize, number: &Number, amount: &Amount, next: usize) -> bool {
    is_named(cursor, at, amount, next)
        || is_dated(cursor, at, number, amount, next)
        || is_mark(cursor, at, number, next)
}

/// "stage 3", "Table 2.1", "call 911", "$5", "90s", "3rd", "20-valent", "3HP".
fn is_named(cursor: &Cursor<'_>, at: usize, amount: &Amount, next: usize) -> bool {
    let before = cursor.word_before(at, 1);
    let open = usize::from(at > 0 && (cursor.sign(at - 1, '(') || cursor.sign(at - 1, '#')));
    let before = before.or_else(|| cursor.word_before(at, 1 + open));
    // "types 1 and 2", "grade 2 or 3"
    let joined = matches!(before, Some(W::And | W::Or | W::To)) && cursor.digits(at.wrapping_sub(2)).is_some();
    let before = if joined { cursor.word_before(at, 3) } else { before };
    let small = amount.low < 100.0 && amount.comparator == super::Comparator::Equal;
    let labelled = before == Some(W::Label) && small;
    let called = before == Some(W::Call) && amount.low.fract() == 0.0;
    let priced = at > 0 && ['$', '£', '€', '#', '§', '№'].iter().any(|sign| cursor.sign(at - 1, *sign));
    let tied = cursor.sign(next, '-') && cursor.glued(next) && cursor.is(next + 1, W::Valent);
    let glued =
        cursor.glued(next) && cursor.tokens.get(next).is_some_and(|token| token.key != 0) && !is_share(cursor, next);
    labelled || called || priced || tied || glued || cursor.is(next, W::Valent)
}

/// A vulgar fraction glued to the number is part of it.
fn is_share(cursor: &Cursor<'_>, at: usize) -> bool {
    !cursor.text_of(at).is_ascii()
}

/// "2016", "January 5", "5 March 2024".
fn is_dated(cursor: &Cursor<'_>, at: usize, number: &Number, amount: &Amount, next: usize) -> bool {
    let year = |value: f64| (1900.0..=2100.0).contains(&value) && value.fract() == 0.0;
    let four = !number.spelled && cursor.text_of(at).len() == 4;
    let month = cursor.word_before(at, 1) == Some(W::MonthName) || cursor.is(next, W::MonthName);
    // "May" is a month only before a day and a year.
    let may = at > 0 && cursor.text_of(at - 1) == "May" && (cursor.sign(next, ',') || amount.low > 31.0);
    (four && year(amount.low)) || ((month || may) && amount.low <= 31.0) || (month && year(amount.low))
}

/// "[12]", "(3)", "1." at the head of a line, "1-800-…".
fn is_mark(cursor: &Cursor<'_>, at: usize, number: &Number, next: usize) -> bool {
    let whole = number.value.fract() == 0.0 && !number.spelled;
    let listed = cursor.tokens.get(at).is_some_and(|token| token.fresh)
        && (cursor.sign(next, '.') || cursor.sign(next, ')'))
        && cursor.glued(next)
        && cursor.tokens.get(next + 1).is_some_and(|token| token.key != 0 && !token.glued);
    let bracketed = at > 0 && cursor.sign(at - 1, '(') && cursor.sign(next, ')');
    let phone = cursor.sign(next, '-')
        && cursor.glued(next)
        && cursor.digits(next + 1).is_some()
        && cursor.sign(next + 2, '-')
        && cursor.glued(next + 2);
    whole && (listed || bracketed || phone || in_citation(cursor, at))
}

/// Whether the number stands in square brackets among numbers alone.
fn in_citation(cursor: &Cursor<'_>, at: usize) -> bool {
    let of_citation = |at: usize| match cursor.tokens.get(at).map(|token| token.kind) {
        Some(TokenKind::Number { value, .. }) => value.fract() == 0.0,
        Some(TokenKind::Sign(sign)) => matches!(sign, ',' | '-' | ';'),
        _ => false,
    };
    let open = (0..at).rev().take(12).find(|at| !of_citation(*at)).is_some_and(|at| cursor.sign(at, '['));
    open && (at + 1..at + 13).find(|at| !of_citation(*at)).is_some_and(|at| cursor.sign(at, ']'))
}
