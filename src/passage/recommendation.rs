//! Tells a statement that recommends from one that informs, and which way it points.
//!
//! By wording alone, and conservatively: an opinion about other people's recommendations ("the study recommends") is
//! running text. Grades are read in [`super::grade`].

use std::sync::LazyLock;

use regex::Regex;

use super::Direction;
use crate::language::pattern;

/// Words up to which a block counts as a recommendation rather than as prose that mentions one.
const LONGEST: usize = 130;

static ACTOR: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:\b(?i:we|uspstf|task force|cdc|acip|aap|acog|panel|group|gdg|committee|guideline|the (?:acs|ada|aha|acc|nccn|idsa|aasld))|\bWHO)\s+(?i:also\s+|strongly\s+|conditionally\s+|now\s+|currently\s+|therefore\s+|do(?:es)? not\s+)?(?i:recommends?|suggests?|advises?|concludes?)\b",
    )
});
static ADVICE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:(?:is|are|be) (?:not |no longer |strongly |conditionally |also |routinely |generally )*(?:recommended|suggested|advised|contraindicated|indicated|preferred)|should(?: not| never| always| also| only| be| generally| routinely| consider| continue| avoid| receive)*\b|must (?:not|be|never)\b|recommend(?:s|ed)? against|suggest(?:s|ed)? against)",
    )
});
static IMPERATIVE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(?:DO NOT|Do not|Don't|Never|Always|Avoid|Offer|Consider|Screen|Give|Use|Start|Stop|Refer|Prescribe|Administer|Initiate|Discontinue|Continue|Monitor|Test|Treat|Vaccinate|Assess|Evaluate|Check|Measure|Counsel|Repeat|Obtain|Order|Provide|Ensure|Recommend|Advise|Perform)\b)",
    )
});
static NUMBERED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^(?:\W{0,3})recommendation\s+(?:no\.?\s*)?(\d{1,3}(?:\.\d{1,3}){0,3}[a-z]?)\b"));
static NEGATIVE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:(?:recommend|suggest|advise)(?:s|ed)? (?:against|not\b|avoid)|(?:should|must) (?:not|never|no longer|rarely|seldom)\b|(?:should|must) be (?:stopped|discontinued|withheld|avoided|omitted)|do(?:es)? not (?:recommend|suggest|give|use|offer|start|screen|prescribe|administer|induce)|(?:is|are) (?:not|no longer)\s+(?:\w+\s+){0,2}(?:recommended|advised|indicated|suggested)|contraindicated|avoid(?:ed|ing|ance)?\b)",
    )
});
/// What looks negative and is only a condition or an aim: "unless contraindicated", "to avoid neural tube defects".
static CONDITION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:unless|if not|where not|when not|not) (?:\w+ )?contraindicated|\bto avoid\b|\b(?:if|when|where) [^.;,]{0,60}contraindicated",
    )
});
/// Advice to do something, where no negation stands in it.
static POSITIVE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:(?:recommends?|suggests?) (?:that|the|a|an|using|use|offering|starting|screening|initiat\w+|treat\w+)\b|(?:is|are) (?:\w+ly )?(?:recommended|suggested|advised|indicated)\b|should (?:\w+ly )?(?:be (?:offered|given|used|started|treated|screened|considered|counselled|counseled|tested|monitored)|receive|have|get|take|start)\b)",
    )
});
static NEGATIVE_IMPERATIVE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:DO NOT|Do not|Don't|Never|Avoid|Stop|Discontinue)\b"));
static INSUFFICIENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:evidence is (?:currently )?insufficient|insufficient evidence to (?:recommend|assess|determine)|no recommendation (?:can|could|is|was))",
    )
});
static EITHER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:neither for nor against|for or against|individual(?:ized|ised)? (?:decision|one)|shared (?:clinical )?decision)",
    )
});

/// Whether a block's words recommend something.
pub(super) fn recommends(text: &str, graded: bool, boxed: bool) -> bool {
    if text.split_whitespace().count() > LONGEST {
        return false;
    }
    let advises = ADVICE.is_match(text) || IMPERATIVE.is_match(text);
    ACTOR.is_match(text) || ((graded || boxed || NUMBERED.is_match(text)) && advises) || graded || advises_first(text)
}

/// Whether the first sentence advises: "Statins are recommended for …".
fn advises_first(text: &str) -> bool {
    let first = crate::language::sentences(text).into_iter().next().and_then(|range| text.get(range)).unwrap_or(text);
    first.split_whitespace().count() >= 5
        && !first.ends_with('?')
        && (ADVICE.is_match(first) || IMPERATIVE.is_match(first))
}

/// Which way a statement points, or `None` where it does not recommend or points both ways.
pub(super) fn direction(text: &str) -> Option<Direction> {
    if INSUFFICIENT.is_match(text) {
        return Some(Direction::Insufficient);
    }
    let plain = CONDITION.replace_all(text, " ");
    if NEGATIVE.is_match(&plain) || NEGATIVE_IMPERATIVE.is_match(&plain) {
        // "X is recommended; Y is contraindicated": say nothing rather than half of it.
        let rest = NEGATIVE.replace_all(&plain, " ");
        let both = POSITIVE.is_match(&rest) || ACTOR.find_iter(&plain).count() > 1;
        return if both { None } else { Some(Direction::Against) };
    }
    if EITHER.is_match(text) {
        return Some(Direction::Either);
    }
    let positive = ACTOR.is_match(&plain) || ADVICE.is_match(&plain) || IMPERATIVE.is_match(&plain);
    positive.then_some(Direction::For)
}

/// The number printed with a recommendation: in its words, or as its heading.
pub(super) fn printed_number(text: &str, heading: Option<&str>) -> Option<String> {
    let number = |text: &str| NUMBERED.captures(text).map(|found| found[1].to_lowercase());
    number(text).or_else(|| heading.and_then(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, recommends_: bool, direction_: Option<Direction>) {
        assert_eq!((recommends(text, false, false), direction(text)), (recommends_, direction_), "{text}");
    }

    #[test]
    fn statements_that_recommend() {
        check("WHO suggests against the use of systemic corticosteroids.", true, Some(Direction::Against));
        check("The USPSTF recommends screening adults aged 45 to 75 years.", true, Some(Direction::For));
        check("Statins are recommended for all patients of 40 years of age and older.", true, Some(Direction::For));
        check("DO NOT give ibuprofen to children with severe dehydration.", true, Some(Direction::Against));
        check("NVP is not recommended for basic or expanded PEP regimens.", true, Some(Direction::Against));
        check("We recommend not using low-dose dopamine to treat acute kidney injury.", true, Some(Direction::Against));
        check("We recommend avoiding NSAIDs in patients with an eGFR below 30.", true, Some(Direction::Against));
        check("Short-acting nifedipine should no longer be used in pregnancy.", true, Some(Direction::Against));
        check(
            "ACE inhibitors should be discontinued as soon as pregnancy is detected.",
            true,
            Some(Direction::Against),
        );
        check("Aspirin should rarely be used in adults over 70 years.", true, Some(Direction::Against));
        check("ACE inhibitors should be given to all patients unless contraindicated.", true, Some(Direction::For));
        check("Women should take folic acid daily to avoid neural tube defects.", true, Some(Direction::For));
        check("Offer thromboprophylaxis to pregnant women hospitalized with SCD.", true, Some(Direction::For));
        check(
            "Current evidence is insufficient to assess the balance of benefits and harms.",
            false,
            Some(Direction::Insufficient),
        );
    }

    #[test]
    fn statements_that_inform() {
        check("The prevalence of adult hypertension was 47.7%.", false, None);
        check("Atrial fibrillation is the most common arrhythmia in the United States.", false, None);
        check("Clinicians who recommend cannabis see many patients.", false, None);
        check("Should adults be screened every year for this condition?", false, Some(Direction::For));
    }

    #[test]
    fn a_statement_that_points_both_ways_has_no_direction() {
        let text = "WHO recommends paracetamol for pain. WHO recommends against ibuprofen.";
        assert_eq!(direction(text), None);
        assert_eq!(direction("Warfarin is recommended for mechanical valves; other drugs are contraindicated."), None);
        assert_eq!(direction("It is not currently recommended; patients should be counselled."), None);
    }

    #[test]
    fn printed_numbers() {
        assert_eq!(printed_number("Recommendation 3. Start low.", None).as_deref(), Some("3"));
        assert_eq!(printed_number("Start low.", Some("Recommendation 12a")).as_deref(), Some("12a"));
        assert_eq!(printed_number("The recommendation 3 years ago was another.", None), None);
    }
}
