//! Tells a statement that recommends from one that informs.
//!
//! By wording, sentence by sentence: what a study found, what others recommended and what a panel considered inform and
//! recommend nothing ([`super::report`]). Which way a statement points is [`super::direction`]'s, its grade
//! [`super::grade`]'s, and which words belong to one statement [`super::units`]'s.

use std::sync::LazyLock;

use regex::Regex;

use super::{grade, report};
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
        r"(?i)\b(?:(?:is|are|be)\s+(?:\(?(?:not|no longer|strongly|conditionally|also|routinely|generally|only|usually|therefore|currently|absolutely|highly|specifically)\)?,?\s+)*(?:recommended|suggested|advised|advisable|contra-?indicated|indicated (?:for|in|if|when|to|as)|preferred)|should\b|must\b|shall\b|ought to|recommend(?:s|ed)? against|(?:may|can|could) (?:also )?be considered|(?:is|are) to be (?:avoided|given|used)|[;.,:–] (?:do not|don[’']t|never) \w+|(?:is|are) the (?:treatment|drug|test|method)s? of choice|(?:the |usual |maximum )?recommended (?:\w+ ){0,3}(?:dose|dosage|dosing|regimen|schedule|interval)s?\b[^.;]{0,80}\b(?:is|are)\b)",
    )
});
/// Verbs that open an instruction and scarcely anything else.
const VERBS: &str = "administer|advise|aim|allow|apply|arrange|ask|aspirate|assess|assist|avoid|be (?:sure|aware|careful|calm)|begin|breastfeed|brush|carry|choose|clarify|cleanse|collect|combine|commence|communicate|conduct|confirm|consider|continue|counsel|decide|deliver|demonstrate|describe|determine|discard|discontinue|discuss|disinfect|dispose|dissolve|distinguish|divide|don['’]t|do not|eat|educate|elevate|elicit|eliminate|emphasi[sz]e|encourage|ensure|establish|evaluate|examine|exclude|expect|explain|explore|feel|fill|find out|flush|follow|gather|give|identify|immuni[sz]e|immobili[sz]e|implement|improve|inform|inflate|initiate|inject|insert|inspect|instruct|intubate|investigate|involve|irrigate|keep|learn|leave|lift|listen|look|maintain|make|manage|minimi[sz]e|mix|never|notify|observe|obtain|offer|palpate|pay attention|perform|prefer|prepare|prescribe|prevent|promote|propose|protect|provide|prioriti[sz]e|pull|push|put|raise|reassess|reassure|re-?evaluate|recommend|reduce|refer|remind|remove|repeat|replace|respect|restrict|resuscitate|rinse|rotate|rule out|seek|select|send|show|soak|speak|start|stabili[sz]e|stop|strengthen|suspect|suggest|swab|switch|take|talk|taper|teach|tell|throw|tie|titrate|transfer|treat|try|turn|uncover|urge|use|vaccinate|ventilate|verify|wait|warn|wash|wear|wipe|withhold|always";
/// Verbs that are nouns as often.
const NOUNS: &str = "contact|consult|cover|decrease|delay|feed|guide|help|massage|press|answer|call|care|challenge|change|check|drink|exercise|focus|hold|increase|insulate|limit|measure|monitor|order|pause|place|plan|point|position|practi[cs]e|praise|pre-?test|record|report|rest|return|review|schedule|screen|set|store|suction|supplement|supply|support|target|test|visit|watch|weigh|work";

/// Verbs that are adjectives as often: only with what they are done to.
const ADJECTIVES: &str = "(?:lower|fast|close|dry|clean|clear|cool|open|empty) (?:the|your|his|her|their|an?|all|any|it|them|both|each|hands?|skin|wounds?|airways?|eyes?|up|off|area|surfaces|and disinfect)";

static IMPERATIVE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)^\W{{0,3}}(?:(?:please|then|also|always|never|first|next|\w{{3,}}ly|if (?:possible|necessary|needed|available|indicated)),? )*(?:(?:{VERBS}|{ADJECTIVES})|(?P<noun>{NOUNS}))\b(?P<next>[-:]?\s*[\w(]*)"
    ))
});
/// An instruction after what it depends on: "If the child is convulsing, check blood glucose."
static AFTER_CONDITION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)(?:^\W{{0,3}}(?:if|when|for|in|after|before|until|once|during|while|where|unless|as|at|to|with|on|because|instead of)\b[^.:;?!]{{2,160}}[,:] ?|^[^.:;?!]{{2,60}}: )(?:then |please |always |also |immediately |(?:\w+ly),? )?(?:(?:{VERBS}|{ADJECTIVES})|(?P<noun>{NOUNS}))\b(?P<next>[-:]?\s*[\w(]*)"
    ))
});
static NO_VERB: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:[-:]|\s*(?:of|is|are|was|were|has|have|had|may|can|could|will|would|among|between|than|rates?|results?|box|names?|groups?|requests?|orders?|no|yes|ed|or drug)\b)",
    )
});
static NO_NOUN_VERB: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:[-:]|\s*$|\s*(?:of|in|is|are|was|were|has|have|had|may|can|could|will|would|should|among|between|by|from|to|and|or|than|at|on|set|tests?|items?|plans?|type|types|status|date|data|number|list|name|care|providers?|workers?|staff|groups?|results?|rates?|strips?|kits?|performance|positivity|measures?|questions?|tools?|period|with(?:in)?|that|information|abnormal|history|users?|audience|specialty|population|requests?|person|level|dose|time|years?|days?|in|tracing|precautions?|isolation)\b)",
    )
});
/// A cell that refuses what its column or row names.
static REFUSED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^(?:contra-?indicated|not recommended|do not (?:use|give|administer)|avoid)\b"));
/// A cell that holds figures and nothing else.
static FIGURES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)^(?:(?:ref|NA|N/A|—|–|-)|[<>≤≥~−-]?\s?\d[\d,.]*%?(?:\s?\([^)]*\d[^)]*\))?[*†§¶,\s]*)$")
});
/// The first words of a list item under "clinicians should:".
static BARE_VERB: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)^\W{{0,3}}(?:not |only |also |always |never |be |have |\w+ly )?(?:{VERBS}|{NOUNS}|be|have|get|go|receive|undergo|see|stay|sleep|sit|participate)\b"
    ))
});
static DIRECTIVE_LEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\b(?:should|must|to|do not|don[’']t|avoid|never|not)|\b(?:should|must|recommends?|advises?|suggests?|recommended|advised|counsel\w*|advise|do)\b[^.?!]{0,120}(?:following|follows?|steps|measures|on|about|that|to|below|[a-z]+ing))\s*[:.…]*\s*$",
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
        r"(?i)\b(?:evidence (?:is|was) (?:currently )?(?:insufficient|lacking,? and|not sufficient) [^.]{0,30}\b(?:recommend|assess|determine|make)|insufficient evidence (?:to (?:recommend|assess|determine|make|support)|for (?:or against|a recommendation))|no recommendation (?:can|could|is) )",
    )
});

/// Whether one sentence, list item or cell recommends something.
pub(super) fn advises(text: &str, setting: &Setting<'_>) -> bool {
    let text = text.trim();
    if text.ends_with('?') || report::informs(text, setting) {
        return false;
    }
    if ACTOR.is_match(text) || INSUFFICIENT.is_match(text) {
        return true;
    }
    let plain = report::without_asides(text);
    let words = plain.split_whitespace().count();
    // Running text begins with a capital; an item may begin as it likes.
    let opens = setting.lead.is_some() || plain.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase);
    (words >= 4 && ADVICE.is_match(&plain)) || (words >= 2 && opens && instructs(&plain))
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
        && BARE_VERB.is_match(text)
        && !lead.trim_end().ends_with('?')
        && !report::informs(lead, setting)
}

/// An imperative at the beginning, or after the condition under which it holds.
pub(super) fn instructs(text: &str) -> bool {
    [&IMPERATIVE, &AFTER_CONDITION].into_iter().any(|form| {
        form.captures(text).is_some_and(|found| {
            let next = found.name("next").map_or("", |next| next.as_str());
            let denied = if found.name("noun").is_some() { &NO_NOUN_VERB } else { &NO_VERB };
            !denied.is_match(next)
        })
    })
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
