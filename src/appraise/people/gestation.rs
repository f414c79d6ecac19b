//! Gestational age in weeks: how far a pregnancy is.
//!
//! A number of weeks is one where the words say so ("28 weeks of gestation", "34 weeks pregnant", "week 8" of a text on
//! pregnancy). How long a treatment lasts, how old a baby is, and when somebody was born or is to be delivered is none.

use std::sync::LazyLock;

use std::ops::Range;

use super::bound::bound;
use super::field::{Field, Kinds, pregnancy};
use super::interval::Interval;
use super::measure::Measured;
use super::token::{Token, WordList, among, words};

/// Weeks of the longest pregnancy that is written of.
const LONGEST: f64 = 44.0;
/// Trimesters: up to 13 weeks and 6 days, up to 27 and 6, and from 28 (ACOG's definition of gestational age and term).
const TRIMESTERS: [(Kinds, f64, f64); 3] =
    [(pregnancy::FIRST, 0.0, 14.0), (pregnancy::SECOND, 14.0, 28.0), (pregnancy::THIRD, 28.0, LONGEST)];

/// Words of a text on pregnancy.
static OF_PREGNANCY: WordList = LazyLock::new(|| {
    words(
        "pregnant pregnancy gestation gestational trimester antenatal prenatal gravid amniotic fetus fetal foetal \
    obstetric placenta preeclampsia expectant antepartum",
    )
});
/// What happens at a week and is not the pregnancy that the text is about, or somebody who is born.
static OTHER: WordList = LazyLock::new(|| {
    words(
        "born birth deliver delivered delivery labor labour preterm infant newborn neonate baby miscarriage loss abortion \
    induce induced induction postpartum breastfeeding weaning cesarean caesarean prior previous history treatment therapy within every per aged",
    )
});

/// Every gestational age of a text: the weeks, and the trimesters that they lie in.
pub(super) fn gestations(cut: &[Token<'_>]) -> Vec<Measured> {
    let on_pregnancy = cut.iter().any(|token| among(&OF_PREGNANCY, token.word));
    let mut found: Vec<Measured> = Vec::new();
    for at in (0..cut.len()).filter(|_| on_pregnancy) {
        let known = found.last().is_some_and(|last| last.tokens.contains(&at));
        let Some((weeks, tokens)) = (!known).then(|| read(cut, at)).flatten() else { continue };
        let kinds = kinds_of_weeks(&weeks);
        found.push(Measured { field: Field::Pregnancy, interval: None, kinds, tokens: tokens.clone() });
        found.push(Measured { field: Field::Gestation, interval: Some(weeks), kinds: 0, tokens });
    }
    found
}

/// The weeks that a number at a token stands for.
fn read(cut: &[Token<'_>], at: usize) -> Option<(Interval, Range<usize>)> {
    let token = cut.get(at)?;
    let word = |at: Option<usize>| {
        at.and_then(|at| cut.get(at)).filter(|other| other.sentence == token.sentence).map_or("", |token| token.word)
    };
    let bounds = bound(cut, at)?;
    let (before, after) = (bounds.from.checked_sub(1), bounds.number + 1);
    let unit_before = word(before) == "week";
    let unit_after = matches!(word(Some(after)), "week" | "wk");
    let named = [after + 1, after + 2].into_iter().any(|at| {
        matches!(word(Some(at)), "gestation" | "gestational" | "pregnancy" | "pregnant" | "gravid")
            && (at == after + 1 || matches!(word(Some(after + 1)), "of" | "'" | "into"))
    });
    let first = if unit_before { before? } else { bounds.from };
    let lead = word(first.checked_sub(1));
    let placed = matches!(
        lead,
        "at" | "before"
            | "after"
            | "from"
            | "until"
            | "till"
            | "beyond"
            | "past"
            | "between"
            | "in"
            | "during"
            | "through"
            | "to"
    ) || bounds.from < at;
    if lead == "for" && !named {
        return None;
    }
    let said_age = (1..=4).filter_map(|back| first.checked_sub(back)).any(|at| word(Some(at)) == "gestational");
    let of_else = word(Some(after + 1)) == "of" && !named
        || matches!(word(Some(after + 1)), "old" | "after" | "postpartum" | "before");
    if !(unit_after && (named || said_age || placed && !of_else) || unit_before && placed) {
        return None;
    }
    let left = cut.get(first.saturating_sub(4)..first)?;
    let other = |word: &str| among(&OTHER, word) || word == "age" && !said_age;
    if left.iter().any(|before| before.sentence == token.sentence && other(before.word)) {
        return None;
    }
    let (mut low, mut high) = bounds.ends(1.0);
    let rest = (after..after + 6).map(|at| word(Some(at))).collect::<Vec<_>>();
    let onward = rest.windows(2).any(|two| matches!(two, ["or" | "and", "later" | "beyond" | "more" | "after"]))
        || rest.contains(&"onward")
        || rest.contains(&"onwards");
    let earlier = rest.windows(2).any(|two| matches!(two, ["or", "earlier" | "less"]));
    match lead {
        _ if low.is_none() || high.is_none() => {}
        _ if onward => high = None,
        _ if earlier => low = None,
        "after" | "from" | "beyond" | "past" if bounds.from == bounds.number => high = None,
        "before" => (low, high) = (None, bounds.low),
        "until" | "till" | "through" => low = None,
        _ => {}
    }
    let possible = |end: Option<f64>| end.is_none_or(|end| (1.0..=LONGEST).contains(&end));
    let end = if unit_after { after + 1 } else { bounds.to };
    (possible(low) && possible(high)).then(|| (Interval::printed(low, high), first..end.max(bounds.to)))
}

fn kinds_of_weeks(weeks: &Interval) -> Kinds {
    let touches = |low: f64, high: f64| weeks.wide.0 < high && low < weeks.wide.1;
    TRIMESTERS.iter().filter(|(_, low, high)| touches(*low, *high)).fold(0, |all, (kinds, ..)| all | kinds)
}

/// The weeks that trimesters stand for; `None` where it is not some of them and nothing else.
pub(super) fn weeks_of_kinds(kinds: Kinds) -> Option<Interval> {
    if kinds & !pregnancy::PREGNANT != 0 || kinds == pregnancy::PREGNANT {
        return None;
    }
    let rows = || TRIMESTERS.iter().filter(|(kind, ..)| kind & kinds != 0);
    let (low, high) = (rows().next()?.1, rows().next_back()?.2);
    Some(Interval::meant((low, high), (low, high)))
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;

    fn check(text: &str, expected: &[(f64, f64)]) {
        let lower = text.to_ascii_lowercase();
        let found: Vec<(f64, f64)> =
            gestations(&tokens(text, &lower)).iter().filter_map(|one| Some(one.interval?.wide)).collect();
        assert_eq!(found, expected, "{text}");
    }

    const END: f64 = f64::INFINITY;

    #[test]
    fn weeks_as_people_write_them() {
        check("at 24 to 28 weeks of gestation", &[(24.0, 29.0)]);
        check("in pregnancy at 20 weeks or later", &[(20.0, END)]);
        check("She is 34 weeks pregnant", &[(34.0, 35.0)]);
        check("before 16 weeks of gestation", &[(0.0, 16.0)]);
        check("pregnant women after 12 weeks", &[(12.0, END)]);
        check("in week 8, with low amniotic fluid", &[(8.0, 9.0)]);
        check("pregnant people between 32 and 36 weeks", &[(32.0, 37.0)]);
        check("a gestational age of 30 weeks", &[(30.0, 31.0)]);
        check("pregnant at 36 weeks' gestation", &[(36.0, 37.0)]);
        check("less than 20 weeks of gestation", &[(0.0, 20.0)]);
    }

    #[test]
    fn other_weeks_are_none() {
        for text in [
            "at 12 weeks",
            "in pregnancy, treat for 6 weeks",
            "pregnant women every 4 weeks",
            "pregnancy, and delivery at 37 weeks",
            "preterm birth before 37 weeks of gestation",
            "infants born before 32 weeks of gestation",
            "pregnant; review after 2 weeks of treatment",
            "pregnancy; 6 weeks postpartum",
        ] {
            check(text, &[]);
        }
    }
}
