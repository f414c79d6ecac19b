//! Grades in letters: USPSTF, CDC, ADA, HHS HIV, IDSA, KDIGO and ACIP.

use std::sync::LazyLock;

use regex::Regex;

use super::{Direction, Grade, Scales, grade, several};
use crate::language::pattern;

static USPSTF: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:\(|\b)(?:Grade:?\s*([ABCDI])\b(?: (?:recommendation|statement))?|([ABCD]) (?:recommendation|grade)\b|(I) [Ss]tatement\b|(?:grade|Grade) \| ([ABCDI])\b|rated ([ABCDI])\b)",
    )
});
static CDC: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\(?(?:recommendation )?category:?\s*([AB])\s*[,;|)]\s*\(?(?:evidence|recommendation)? ?type:?\s*([1-4](?:\s*(?:and|or|–|-)\s*[1-4])?)\)?",
    )
});
static ADA: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:[.)]\s+|\()([ABCE])\)?\s*$"));
static NUMERAL_PAIR: LazyLock<Regex> = LazyLock::new(|| pattern(r"[(\[]([A-E])-?(I{1,3})[)\]]"));
static KDIGO: LazyLock<Regex> = LazyLock::new(|| pattern(r"\(([12])([ABCD])\)"));
static SHARED_DECISION: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\bshared clinical decision[- ]?making\b"));
static ACIP_CATEGORY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\(?(?:recommendation )?category:? ([AB])\b( recommendation)?\)?"));
static ROUTINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:recommends? (?:\w+ ){0,3}routine(?:ly)?|routine(?:ly)? (?:vaccination|immuni[sz]ation|use) (?:\w+ ){0,8}(?:is|are) recommended|(?:is|are) routinely recommended|recommended (?:\w+ ){0,3}routinely)\b",
    )
});
static RISK_BASED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\brisk[- ]based (?:vaccination|recommendation|immuni[sz]ation)"));

/// The grade that a USPSTF statement prints.
pub(super) fn uspstf_in(text: &str, scales: &Scales) -> Option<Grade> {
    // Without the system "Grade D" may be anybody's: in some it is the weakest evidence in favour.
    if !scales.has("USPSTF") || several(&USPSTF, text) {
        return None;
    }
    let found = USPSTF.captures(text)?;
    let letter = found.iter().skip(1).flatten().next()?.as_str();
    uspstf(letter).map(|read| Grade { verbatim: found[0].trim_matches(['(', ' ']).to_owned(), ..read })
}

/// Source: USPSTF grade definitions after July 2012.
pub(super) fn uspstf(letter: &str) -> Option<Grade> {
    let direction = match letter {
        "A" | "B" => Direction::For,
        "C" => Direction::Either,
        "D" => Direction::Against,
        "I" => Direction::Insufficient,
        _ => return None,
    };
    Some(Grade { direction: Some(direction), ..grade("USPSTF", letter, letter) })
}

/// Source: CDC Clinical Practice Guideline for Prescribing Opioids for Pain, 2022 (ACIP-adapted GRADE).
pub(super) fn cdc(text: &str) -> Option<Grade> {
    if several(&CDC, text) {
        return None;
    }
    let found = CDC.captures(text)?;
    let category = found[1].to_uppercase();
    let mut read = grade("CDC-GRADE", category.clone(), &found[0]);
    read.strength = Some(if category == "A" { "applies to all persons" } else { "individual decision" }.to_owned());
    read.certainty = Some(format!("evidence type {}", &found[2]));
    Some(read)
}

/// Source: ADA Standards of Care, evidence-grading system: the letter is the evidence, at the end of the statement.
pub(super) fn ada(text: &str, scales: &Scales) -> Option<Grade> {
    let found = ADA.captures(text).filter(|_| scales.has("ADA"))?;
    Some(grade("ADA", &found[1], &found[1]))
}

/// Grades of strength and evidence side by side: HHS HIV (AI to CIII), IDSA (A-I to E-III), KDIGO (1A to 2D).
pub(super) fn paired(text: &str, scales: &Scales) -> Option<Grade> {
    let system = ["HHS HIV", "IDSA"].into_iter().find(|system| scales.has(system));
    let (form, system) = match system {
        Some(system) => (&NUMERAL_PAIR, system),
        None if scales.has("KDIGO") => (&KDIGO, "KDIGO"),
        None => return None,
    };
    if several(form, text) {
        return None;
    }
    let found = form.captures(text)?;
    // HHS has three letters; IDSA's D and E advise against.
    let beyond = matches!(&found[1], "D" | "E");
    if system == "HHS HIV" && beyond {
        return None;
    }
    let mut read = grade(system, format!("{}{}", &found[1], &found[2]), &found[0]);
    read.strength = Some(found[1].to_owned());
    read.certainty = Some(found[2].to_owned());
    read.direction = beyond.then_some(Direction::Against);
    Some(read)
}

/// Source: ACIP recommendation categories; shared clinical decision-making is not a recommendation against.
pub(super) fn acip(text: &str, scales: &Scales) -> Option<Grade> {
    if !scales.has("ACIP") && !text.contains("ACIP") {
        return None;
    }
    if let Some(found) = SHARED_DECISION.find(text) {
        let code = "shared clinical decision-making";
        return Some(Grade { direction: Some(Direction::Either), ..grade("ACIP", code, found.as_str()) });
    }
    if let Some(found) = ACIP_CATEGORY.captures(text).filter(|_| !several(&ACIP_CATEGORY, text)) {
        return Some(grade("ACIP", format!("category {}", found[1].to_uppercase()), &found[0]));
    }
    let worded = |form: &Regex, code: &str| form.find(text).map(|found| grade("ACIP", code, found.as_str()));
    worded(&RISK_BASED, "risk-based").or_else(|| worded(&ROUTINE, "routine").filter(|_| !text.contains("not")))
}
