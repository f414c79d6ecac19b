//! Groups of people whose advice is not everybody's: pregnancy and childhood, in claims and over passages.
//!
//! Seen in titles and populations, and only to rank: whether a population *fits* a claim is not asked here.

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
/// Beginnings of words that speak of children.
const CHILDHOOD: [&str; 14] = [
    "child",
    "infan",
    "newborn",
    "neonat",
    "pediatric",
    "paediatric",
    "adolescen",
    "toddler",
    "baby",
    "babies",
    "teen",
    "boy",
    "girl",
    "preschool",
];
/// Words of a population that is wider than the group it names.
const WIDER: [&str; 4] = ["adult", "persons", "people", "men"];

/// The groups that a text speaks of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    /// Pregnancy, birth and the time after it.
    pub pregnancy: bool,
    /// Children and adolescents.
    pub childhood: bool,
}

impl Groups {
    /// The groups that a claim, or what was said around it, names.
    pub fn named_in(claim: &str, context: Option<&str>) -> Groups {
        let texts = [Some(claim), context];
        let speaks = |words: &[&str]| texts.iter().flatten().any(|text| named(text, words));
        Groups { pregnancy: speaks(&PREGNANCY), childhood: speaks(&CHILDHOOD) }
    }

    /// The groups that a passage is for and nobody else, by its document's title and its own population.
    pub fn of_passage(title: &str, population: &str) -> Groups {
        let only = |words: &[&str]| [title, population].iter().any(|text| named(text, words) && !named(text, &WIDER));
        Groups { pregnancy: only(&PREGNANCY), childhood: only(&CHILDHOOD) }
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

    fn check(title: &str, population: &str, pregnancy: bool, childhood: bool) {
        assert_eq!(Groups::of_passage(title, population), Groups { pregnancy, childhood }, "{title} | {population}");
    }

    #[test]
    fn advice_for_a_group_alone_is_told_from_advice_for_all() {
        check("Aspirin to prevent preeclampsia", "", true, false);
        check("Aspirin", "pregnant women at high risk", true, false);
        check("Aspirin", "", false, false);
        check("Hepatitis C", "adults, pregnant women among them", false, false);
        check("Otitis media in children", "", false, true);
        check("Depression", "adolescents and adults", false, false);
    }

    #[test]
    fn a_claim_names_a_group_itself_or_by_what_stands_around_it() {
        let named = |claim: &str, context| Groups::named_in(claim, context);
        assert!(named("Aspirin in pregnancy prevents preeclampsia.", None).pregnancy);
        assert!(named("Is aspirin safe?", Some("I am pregnant.")).pregnancy);
        assert_eq!(named("Aspirin prevents heart attacks.", None), Groups::default());
        assert!(named("Honey for a baby", None).childhood);
    }
}
