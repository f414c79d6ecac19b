//! Tells a statement that recommends from one that informs.
//!
//! By wording, sentence by sentence: what a study found, what others recommended and what a panel considered inform and
//! recommend nothing ([`super::report`]). Which way a statement points is [`super::direction`]'s, its grade
//! [`super::grade`]'s, and which words belong to one statement [`super::units`]'s.

use std::sync::LazyLock;

use regex::Regex;

use super::{grade, imperative, report};
use crate::language::pattern;

/// Words above which nothing is one statement.
pub(super) const LONGEST: usize = 180;

/// What is known of a statement besides its own words.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Setting<'a> {
    /// Headings above it, the outermost first.
    pub(super) path: &'a [String],
    /// What introduces it.
    pub(super) lead: Option<&'a str>,
    /// Who speaks; what a named other body recommends is a report.
    pub(super) publisher: Option<&'a str>,
}

static ACTOR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:\b(?i:we|uspstf|task force|cdc|acip|hicpac|aap|acog|panel|group|gdg|committee|(?:this|the|these|updated|present|current) guidelines?|the (?:acs|ada|aha|acc|nccn|idsa|aasld))|\bWHO|\bNICE|\bKDIGO|\bESC)\s+(?i:(?:also|strongly|conditionally|now|currently|therefore|continues? to|do(?:es)? not|still)\s+)*(?i:recommends?|suggests?|advises?)\b",
    )
});
static ADVICE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:(?:is|are|be)\s+(?:\(?(?:not|no longer|strongly|conditionally|also|routinely|generally|only|usually|therefore|currently|absolutely|highly|specifically)\)?,?\s+)*(?:recommended|suggested|advised|advisable|contra-?indicated|indicated (?:for|in|if|when|to|as)|preferred|encouraged to|urged to)|should\b|must\b|shall\b|ought to|recommend(?:s|ed)? against|(?:may|can|could) (?:also )?be considered|(?:is|are) to be (?:administered|assessed|avoided|continued|discontinued|evaluated|given|immuni[sz]ed|isolated|monitored|offered|performed|referred|repeated|screened|started|stopped|taken|tested|treated|used|vaccinated)|[;.,:–] (?:do not|don[’']t|never) \w+|(?:is|are) the (?:treatment|drug|test|method)s? of choice|(?:the |usual |maximum )?recommended (?:\w+ ){0,3}(?:dose|dosage|dosing|regimen|schedule|interval)s?\b[^.;]{0,80}\b(?:is|are)\b|(?:is|are) (?:\w+ )?warranted\b|(?:suggested|recommended) for use\b[^.;]{0,120}\binclude|(?:appears?|seems?) (?:to be )?(?:warranted|indicated|advisable)|(?:is|are) not (?:routinely )?indicated\b|first-line (?:\w+ ){1,3}(?:is|are)\b|needs? (?:urgent|immediate|emergency|prompt) \w+|needs? to be (?:\w+ ){0,4}\w+ed\b|it is (?:\w+ly )?(?:reasonable|prudent|imperative|essential|crucial) (?:to\b|that\b)|(?:may|can|could|might) be reasonable to)|^\W*(?:section prompt: )?recommended [\w ]{1,40}: \w|^\W*(?:not )?recommended (?:for|in|if|when)\b|^\W*(?:the )?(?:usual |maximum )?recommended (?:\w+ ){0,3}dos(?:e|age)\b[^.;]{0,200}\b(?:is|are)\b",
    )
});
/// Letters that every statement of advice holds, instructions aside: a cheap look before the costly ones.
static HINT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i-u:recommend|suggest|advis|indicated|prefer|should|must|shall|ought to|considered|to be |reasonable|do not|don(?:'|’)t |never|of choice|first-line|insufficient|lacking|not sufficient|encouraged|urged|warranted|imperative that|essential that|crucial that|needs? )",
    )
});
/// A cell that refuses what its column or row names.
static REFUSED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^(?:contra-?indicated|not recommended|do not (?:use|give|administer)|avoid)\b"));
/// A cell that holds figures and nothing else.
static FIGURES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^(?:(?:ref|NA|N/A|—|–|-)|[<>≤≥~−-]?\s?\d[\d,.]*%?(?:\s?\([^)]*\d[^)]*\))?[*†§¶,\s]*)$")
});
static DIRECTIVE_LEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\b(?:should|must|to|do not|don[’']t|avoid|never|not)|\b(?:should|must|recommends?|advises?|suggests?|recommended|advised|counsel\w*|advise|do)\b[^.?!]{0,120}(?:following|follows?|steps|measures|on|about|that|to|below|[a-z]+ing))\s*[:.…]*\s*$",
    )
});
/// An introduction that says nothing before its items do: "Look for:".
static LEFT_OPEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\b(?:following(?: \w+)?|follows|points|steps|measures|mind|needed|for|that|to|about|on|of|if|when|how|with|by|from|include|including|as|or|and)|^\W*\w+)\s*:$",
    )
});
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:\W{0,3})recommendation\s+(?:no\.?\s*)?(\d{1,3}(?:\.\d{1,3}){0,3}[a-z]?)\b(?:\s*[.:)–—]|\s+[A-Z(]|\s*$)",
    )
});
static OTHER_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:(?P<r>R\s?\d{1,3}(?:\.\d{1,3}){0,2}[a-z]?)|(?P<d>\d{1,2}(?:\.\d{1,3}){2,3}))[.:)]?\s+(?:[A-Z])")
});
static INSUFFICIENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:evidence (?:is|was) (?:currently )?(?:insufficient|lacking,? and|not sufficient) [^.]{0,30}\b(?:recommend|assess|determine|make)|insufficient evidence (?:to (?:recommend|assess|determine|make|support)|for (?:or against|a recommendation))|no recommendation (?:can|could|is) |only in (?:the context of )?(?:rigorous )?research\b)",
    )
});

/// Whether one sentence, list item or cell recommends something.
pub(super) fn advises(text: &str, setting: &Setting<'_>) -> bool {
    let text = text.trim();
    !text.ends_with('?') && asks(text, setting) && !report::informs(text, setting)
}

/// Whether the words are those of advice, whoever's advice it is.
fn asks(text: &str, setting: &Setting<'_>) -> bool {
    let hinted = HINT.is_match(text);
    if hinted && (ACTOR.is_match(text) || INSUFFICIENT.is_match(text)) {
        return true;
    }
    let plain = if hinted { report::without_asides(text) } else { text.into() };
    let words = plain.split_whitespace().take(4).count();
    // Running text begins with a capital; an item may begin as it likes.
    let opens = setting.lead.is_some() || plain.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase);
    (hinted && words == 4 && ADVICE.is_match(&plain))
        || (words >= 2 && opens && !report::prompts(&plain) && imperative::instructs(&plain))
}

/// Whether a list item recommends: by itself, or because of what introduces the list.
pub(super) fn item_advises(text: &str, setting: &Setting<'_>) -> bool {
    let first = crate::language::sentences(text);
    first.into_iter().filter_map(|range| text.get(range)).any(|one| advises(one, setting))
        || (completes(text, setting) && !report::informs(text, setting))
}

/// Whether an item completes a directive introduction: "Clinicians should:" – "assess pain at each visit".
pub(super) fn completes(text: &str, setting: &Setting<'_>) -> bool {
    let lead = setting.lead.unwrap_or_default();
    DIRECTIVE_LEAD.is_match(lead)
        && imperative::bare(text)
        && !lead.trim_end().ends_with('?')
        && !report::informs(lead, setting)
}

/// Whether a row of a table recommends: one of its cells does.
pub(super) fn row_advises(text: &str, setting: &Setting<'_>) -> bool {
    // A survey's or a trial's row: what was asked or measured, with its figures.
    if cells(text).filter(|(_, cell)| FIGURES.is_match(cell)).count() >= 3 {
        return false;
    }
    cells(text).any(|(head, cell)| {
        let named = head.to_lowercase().starts_with("recommendation") && cell.split_whitespace().count() >= 4;
        let polar = super::direction::negative_head(head) && cell.split_whitespace().count() >= 2;
        let said = crate::language::sentences(cell).into_iter().filter_map(|range| cell.get(range));
        ((named || polar) && grade::only(cell).is_none() && !report::informs(cell, setting))
            || REFUSED.is_match(cell)
            || said.into_iter().any(|one| advises(one, setting))
    })
}

/// A row's cells with their heads, as the document writes rows: `Head: cell | Head: cell`.
pub(super) fn cells(row: &str) -> impl Iterator<Item = (&str, &str)> {
    row.split(" | ").map(|part| match part.split_once(": ") {
        Some((head, cell)) if head.split_whitespace().count() <= 12 => (head.trim(), cell.trim()),
        _ => ("", part.trim()),
    })
}

/// Whether an introduction leaves it to its items to say what is to be done: "Clinicians should:".
pub(super) fn left_open(text: &str) -> bool {
    DIRECTIVE_LEAD.is_match(text) || LEFT_OPEN.is_match(text) || !imperative::instructs(text)
}

/// Whether a block opens with a number that only statements carry.
pub(super) fn numbered(text: &str) -> bool {
    NUMBERED.is_match(text) || OTHER_NUMBER.is_match(text)
}

/// The number printed with a recommendation: in its words, or as its heading.
pub(super) fn printed_number(text: &str, heading: Option<&str>) -> Option<String> {
    let number = |text: &str| NUMBERED.captures(text).map(|found| found[1].to_lowercase());
    number(text).or_else(|| heading.and_then(number))
}

/// Whether a statement says that the evidence does not suffice.
pub(super) fn insufficient(text: &str) -> bool {
    INSUFFICIENT.is_match(text)
}

/// Whether a body that speaks recommends or suggests here.
pub(super) fn spoken(text: &str) -> usize {
    ACTOR.find_iter(text).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: bool) {
        assert_eq!(advises(text, &Setting::default()), expected, "{text}");
    }

    #[test]
    fn statements_that_recommend() {
        for text in [
            "WHO suggests against the use of systemic corticosteroids.",
            "The USPSTF recommends screening adults aged 45 to 75 years.",
            "Statins are recommended for all patients of 40 years of age and older.",
            "DO NOT give ibuprofen to children with severe dehydration.",
            "NVP is not recommended for basic or expanded PEP regimens.",
            "We recommend not using low-dose dopamine to treat acute kidney injury.",
            "Short-acting nifedipine should no longer be used in pregnancy.",
            "Offer thromboprophylaxis to pregnant women hospitalized with SCD.",
            "Current evidence is insufficient to assess the balance of benefits and harms.",
            "If the child is convulsing, check blood glucose.",
            "For children with severe pneumonia: refer urgently to hospital.",
            "Give oxygen.",
            "Monitor serum potassium every 3 months.",
            "Tell your doctor if you have an infection.",
            "The recommended dose of the drug in adults is 40 mg every other week.",
            "Live vaccines are contraindicated in severe immunodeficiency.",
            "ACIP also recommends that the vaccine be considered for all other children.",
            "Acute pain needs to be appropriately treated.",
            "A trial of the drug appears warranted.",
            "It is imperative that patients at risk be screened.",
            "The use of this agent in children cannot be recommended.",
            "Providers are encouraged to register these women.",
            "Imaging studies should be obtained in all children.",
            "Providers should check http://example.org for interactions before the first dose.",
            "Suspicious letters should be recognized and steps taken.",
            "[Section Prompt: The drug should not be used in renal failure.]",
            "Routine imaging is not indicated for a first seizure.",
            "ACIP continues to recommend hepatitis A vaccine for routine use.",
        ] {
            check(text, true);
        }
    }

    #[test]
    fn statements_that_inform() {
        for text in [
            "The prevalence of adult hypertension was 47.7%.",
            "Clinicians who recommend cannabis see many patients.",
            "Should adults be screened every year for this condition?",
            "The 2014 panel recommended a threshold of 150 mmHg.",
            "The panel considered that clinicians should weigh the burden of monitoring.",
            "Future research should compare these regimens.",
            "These results should not be interpreted as evidence of harm.",
            "Questions or messages regarding errors in formatting should be addressed to the editor.",
            "Use of trade names does not imply endorsement.",
            "Test results were available within two days.",
            "[Technical Note: This section should be presented to all users.]",
            "Users should not rely on this document.",
            "It should be noted that most trials were small.",
            "Awareness was indicated by a yes response.",
            "Studies suggest that early treatment helps.",
            "Patients in whom aspirin is recommended have a higher risk of bleeding.",
            "A total of 40% of respondents believed that masks should be worn.",
            "To learn more about safe injections, please visit our pages.",
            "For dilution, please refer to the summary of product information.",
            "[Section Prompt: Select the regimen that applies]",
            "The amount of tissue that needs to be removed is small.",
            "The quick look decides whether the child needs immediate support.",
            "Aspirin may reduce the risk of colorectal cancer.",
            "A strong recommendation is one for which most people should receive the course of action.",
        ] {
            check(text, false);
        }
    }

    #[test]
    fn what_another_body_recommends_is_a_report() {
        let text = "The USPSTF recommends screening at age 45.";
        let by = |publisher| advises(text, &Setting { publisher: Some(publisher), ..Setting::default() });
        assert!(by("US Preventive Services Task Force"));
        assert!(!by("Veterans Health Administration"));
        let text = "We recommend screening at age 45.";
        assert!(advises(text, &Setting { publisher: Some("Anybody"), ..Setting::default() }));
    }

    #[test]
    fn items_complete_their_introduction() {
        let item = |lead, text| item_advises(text, &Setting { lead: Some(lead), ..Setting::default() });
        assert!(item("Clinicians should:", "assess pain at each visit"));
        assert!(item("Patients are advised to do the following:", "rest for two days"));
        assert!(!item("The risk factors are:", "use of tobacco"));
        assert!(!item("Refer to hospital if:", "fever lasts more than 7 days"));
    }

    #[test]
    fn a_row_recommends_where_a_cell_does() {
        let row = |text| row_advises(text, &Setting::default());
        assert!(row("COR: 1 | LOE: B-R | Recommendation: In adults with AF, anticoagulation is beneficial."));
        assert!(row("Drug: Nystatin | Instructions: Oral thrush: give 4 times daily"));
        assert!(row("Group: Infants | Avoid: Honey and cow's milk"));
        assert!(!row("Age: 65 or older | Dose: 5 mg"));
        assert!(!row("Group: Men | Should stay home, %: 66.4"));
    }

    #[test]
    fn printed_numbers() {
        assert_eq!(printed_number("Recommendation 3. Start low.", None).as_deref(), Some("3"));
        assert_eq!(printed_number("Recommendation 3 In patients", None).as_deref(), Some("3"));
        assert_eq!(printed_number("Start low.", Some("Recommendation 12a")).as_deref(), Some("12a"));
        assert_eq!(printed_number("The recommendation 3 years ago was another.", None), None);
        assert!(numbered("1.2.4 Offer lifestyle advice.") && numbered("R5. Screen once."));
        assert!(!numbered("2.5 mg daily was given."));
    }
}
