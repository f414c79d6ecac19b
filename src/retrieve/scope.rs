//! Advice for pregnancy is not the first answer to a claim that names none.
//!
//! Such a claim is about adults in general, as answers to patients are; what is only for pregnancy still counts, and less.
//! The same for advice on children cost more claims than it gained: their guidelines are asked about without saying so.
//! Whether a population *fits* a claim is not asked here.

/// What a passage for another group loses in score. Chosen on the dev split of the starter's claims.
const OTHER_GROUP: f64 = 0.8;

/// Beginnings of words that speak of pregnancy, birth and the time after it.
const PREGNANCY: [&str; 21] = [
    "pregnan",
    "gestation",
    "antenatal",
    "prenatal",
    "postpartum",
    "preeclampsia",
    "eclampsia",
    "obstetric",
    "fetal",
    "fetus",
    "trimester",
    "breastfe",
    "lactat",
    "maternal",
    "mother",
    "labor",
    "labour",
    "birth",
    "conceive",
    "conception",
    "abortion",
];
/// Words of a population that is wider than the group it names.
const WIDER: [&str; 4] = ["adult", "persons", "people", "men"];

/// Whether a claim, or what was said around it, speaks of pregnancy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pregnancy(bool);

impl Pregnancy {
    /// Reads a claim and its context.
    pub(super) fn of(claim: &str, context: Option<&str>) -> Pregnancy {
        Pregnancy(named(claim, &PREGNANCY) || context.is_some_and(|context| named(context, &PREGNANCY)))
    }

    /// What a passage keeps of its score, by its document's title and its own population.
    pub(super) fn weight(self, title: &str, population: &str) -> f64 {
        let about = |text: &str| named(text, &PREGNANCY) && !named(text, &WIDER);
        if !self.0 && (about(title) || about(population)) { OTHER_GROUP } else { 1.0 }
    }
}

/// Whether a text has a word that begins so.
fn named(text: &str, beginnings: &[&str]) -> bool {
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    words.any(|word| beginnings.iter().any(|beginning| word.starts_with(beginning)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_for_pregnancy_counts_less_where_none_is_named() {
        let check = |claim: &str, title: &str, population: &str, whole: bool| {
            let weight = Pregnancy::of(claim, None).weight(title, population);
            assert_eq!(weight == 1.0, whole, "{claim} | {title} | {population}");
        };
        check("Aspirin prevents heart attacks.", "Aspirin to prevent preeclampsia", "", false);
        check("Aspirin prevents heart attacks.", "Aspirin", "pregnant women at high risk", false);
        check("Aspirin in pregnancy prevents preeclampsia.", "Aspirin to prevent preeclampsia", "", true);
        check("Screen for hepatitis C once.", "Hepatitis C", "adults, pregnant women among them", true);
        assert_eq!(Pregnancy::of("Is aspirin safe?", Some("I am pregnant.")), Pregnancy(true));
    }
}
