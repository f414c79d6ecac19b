//! Who a claim says has spoken, for which country, and with which grade; and whether a passage's own differ.
//!
//! "NICE recommends" is not settled by an American guideline, and "a grade A recommendation" not by a grade B. A claim
//! that names nobody is compared with nothing. Grades are compared within one system alone.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::language::pattern;
use crate::passage::Grade;

/// What differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The passage speaks for another country.
    Jurisdiction,
    /// The passage's grade is another.
    Grade,
}

/// A difference between what a claim names and what a passage is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What differs.
    pub kind: Kind,
    /// The claim's words.
    pub claim: String,
    /// The passage's grade as printed, or its jurisdiction.
    pub evidence: String,
}

/// What a claim names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Jurisdiction, as documents name theirs, with the claim's words.
    jurisdiction: Option<(&'static str, Range<usize>)>,
    /// Words of a publisher's name.
    body: Option<&'static str>,
    grade: Option<(Code, Range<usize>)>,
}

/// A grade that a claim names.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Code {
    /// USPSTF's letter.
    Letter(char),
    /// ACC/AHA's or ESC's class: `1`, `2a`, `2b`, `3`.
    Class(String),
    /// Strong, or conditional, which some call weak.
    Strong(bool),
}

/// Bodies that answers name: a pattern, a part of the publisher's name in lower case, and the jurisdiction.
const BODIES: &[(&str, &str, &str)] = &[
    (r"\bUSPSTF\b|\b(?i:(?:US |U\.S\. |United States )?preventive services task force)\b", "preventive services", "US"),
    (r"\bCDC\b|\b(?i:centers for disease control)\b", "centers for disease control", "US"),
    (r"\bACIP\b|\b(?i:advisory committee on immunization practices)\b", "immunization practices", "US"),
    (r"\bFDA\b|\b(?i:food and drug administration)\b", "food and drug", "US"),
    (r"\bADA\b|\b(?i:american diabetes association)\b", "american diabetes association", "US"),
    (r"\b(?:ACC/AHA|AHA/ACC)\b|\bAHA\b|\b(?i:american heart association)\b", "american heart association", "US"),
    (r"\bACC\b|\b(?i:american college of cardiology)\b", "american college of cardiology", "US"),
    (r"\bACP\b|\b(?i:american college of physicians)\b", "american college of physicians", "US"),
    (r"\bACS\b|\b(?i:american cancer society)\b", "american cancer society", "US"),
    (r"\bAAP\b|\b(?i:american academy of pediatrics)\b", "academy of pediatrics", "US"),
    (r"\bACOG\b|\b(?i:american college of obstetricians)\b", "obstetricians", "US"),
    (r"\bACG\b|\b(?i:american college of gastroenterology)\b", "college of gastroenterology", "US"),
    (r"\bIDSA\b|\b(?i:infectious diseases society of america)\b", "infectious diseases society", "US"),
    (r"\bVA/DoD\b", "veterans affairs", "US"),
    (r"\bWHO\b|\b(?i:world health organi[sz]ation)\b", "world health organization", "INT"),
    (r"\bKDIGO\b", "kidney disease: improving", "INT"),
    (r"\bGOLD\b (?:report|guideline|strategy|recommend)", "chronic obstructive lung", "INT"),
    (r"\bGINA\b", "initiative for asthma", "INT"),
    (r"\bESC\b|\b(?i:european society of cardiology)\b", "european society of cardiology", "EU"),
    (r"\bNICE\b|\b(?i:national institute for health and care excellence)\b", "care excellence", "GB"),
    (r"\bNHS\b|\bMHRA\b|\bUKHSA\b|\bSIGN\b guideline", "", "GB"),
    (r"\bNHMRC\b", "national health and medical research", "AU"),
    (r"\b(?i:health canada)\b|\bCCS\b guideline|\bDiabetes Canada\b", "", "CA"),
];

/// Countries as claims name them: only where the claim places its advice there.
const PLACES: &[(&str, &str)] = &[
    (
        r"\b(?i:in|within) (?i:the )?(?:US|USA|U\.S\.|United States|America)\b|\bU\.?S\.? (?:guid|recommend|adult)|\b(?:American|US) guid(?:eline|ance)",
        "US",
    ),
    (
        r"\b(?i:in|within|across) (?i:the )?(?:UK|U\.K\.|United Kingdom|Britain|England|Scotland|Wales)\b|\b(?:UK|British) guid(?:eline|ance)",
        "GB",
    ),
    (r"\b(?i:in|within|across) (?i:the )?(?:EU|Europe|European Union)\b|\bEuropean guid(?:eline|ance)", "EU"),
    (r"\b(?i:in|within|across) Canada\b|\bCanadian guid(?:eline|ance)", "CA"),
    (r"\b(?i:in|within|across) Australia\b|\bAustralian guid(?:eline|ance)", "AU"),
];

static NAMED: LazyLock<Vec<Regex>> = LazyLock::new(|| BODIES.iter().map(|(names, _, _)| pattern(names)).collect());
static PLACED: LazyLock<Vec<Regex>> = LazyLock::new(|| PLACES.iter().map(|(names, _)| pattern(names)).collect());
static LETTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:\b(?i:grade(?: of)?):? ?[“\x22']?(?P<a>[ABCDI])\b|\b(?P<b>[ABCDI])[”\x22']?[ -](?i:grade|recommendation|statement)\b)",
    )
});
static CLASS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b(?i:class|COR)(?i: of recommendation)? (?P<c>(?i:III|IIa|IIb|I|1|2a|2b|3))\b"));
static STRENGTH: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?P<s>strong|conditional|weak)(?:ly)?[- ]+recommend(?:ation|s|ed)?\b"));

impl Source {
    /// What a claim names.
    pub fn of_claim(text: &str) -> Source {
        let first = |patterns: &[Regex]| {
            let found = patterns.iter().enumerate().filter_map(|(at, one)| Some((at, one.find(text)?.range())));
            let found: Vec<_> = found.collect();
            // Two bodies or two countries: which of them the claim is about cannot be told.
            let [(at, range)] = found.as_slice() else { return (None, found.len()) };
            (Some((*at, range.clone())), 1)
        };
        let (body, bodies) = first(&NAMED);
        let (place, places) = first(&PLACED);
        let placed = place.and_then(|(at, range)| Some((PLACES.get(at)?.1, range)));
        let of_body = body.clone().and_then(|(at, range)| Some((BODIES.get(at)?.2, range)));
        let jurisdiction = if bodies > 1 || places > 1 { None } else { of_body.or(placed) };
        Source { jurisdiction, body: body.and_then(|(at, _)| Some(BODIES.get(at)?.1)), grade: grade(text) }
    }

    /// Whether the claim names nothing that could differ.
    pub fn is_empty(&self) -> bool {
        self.jurisdiction.is_none() && self.grade.is_none()
    }

    /// What of it differs from a passage's document and grade.
    pub fn differences(
        &self,
        claim: &str,
        publisher: Option<&str>,
        jurisdiction: Option<&str>,
        grade: Option<&Grade>,
    ) -> Vec<Difference> {
        let said = |range: &Range<usize>| claim.get(range.clone()).unwrap_or_default().trim().to_owned();
        let mut found = Vec::new();
        if let (Some((named, range)), Some(own)) = (&self.jurisdiction, jurisdiction)
            && !same_place(named, own)
        {
            found.push(Difference { kind: Kind::Jurisdiction, claim: said(range), evidence: own.to_owned() });
        }
        let publisher = publisher.unwrap_or_default().to_lowercase();
        let same_body = self.body.is_none_or(|body| publisher.contains(body));
        if let (Some((code, range)), Some(grade)) = (&self.grade, grade)
            && same_body
            && code.agrees(grade) == Some(false)
        {
            found.push(Difference { kind: Kind::Grade, claim: said(range), evidence: grade.verbatim.clone() });
        }
        found
    }
}

/// What an international body says holds in a country, too; what a country's body says does not hold for the world.
fn same_place(named: &str, own: &str) -> bool {
    named.eq_ignore_ascii_case(own) || (own == "INT" && named != "INT")
}

fn grade(text: &str) -> Option<(Code, Range<usize>)> {
    if let Some(found) = LETTER.captures(text) {
        let letter = found.name("a").or_else(|| found.name("b"))?.as_str().chars().next()?;
        return Some((Code::Letter(letter), found.get(0)?.range()));
    }
    if let Some(found) = CLASS.captures(text) {
        return Some((Code::Class(class(&found["c"])), found.get(0)?.range()));
    }
    let found = STRENGTH.captures(text)?;
    Some((Code::Strong(found["s"].eq_ignore_ascii_case("strong")), found.get(0)?.range()))
}

/// A class in arabic figures.
fn class(printed: &str) -> String {
    match printed.to_lowercase().as_str() {
        "i" => "1".to_owned(),
        "iia" => "2a".to_owned(),
        "iib" => "2b".to_owned(),
        "iii" => "3".to_owned(),
        other => other.to_owned(),
    }
}

impl Code {
    /// Whether a passage's grade is this one; `None` where their systems differ.
    fn agrees(&self, grade: &Grade) -> Option<bool> {
        let system = grade.system.as_deref();
        match self {
            Code::Letter(letter) => (system == Some("USPSTF")).then(|| grade.code == letter.to_string()),
            Code::Class(named) => {
                let own = grade.code.strip_prefix("COR ").or_else(|| grade.code.strip_prefix("Class "))?;
                Some(class(own) == *named)
            }
            Code::Strong(strong) => match grade.strength.as_deref().or(Some(grade.code.as_str()))? {
                "strong" => Some(*strong),
                "conditional" | "weak" => Some(!strong),
                _ => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grade(system: &str, code: &str, strength: Option<&str>) -> Grade {
        let system = Some(system.to_owned());
        let strength = strength.map(str::to_owned);
        let (code, verbatim) = (code.to_owned(), code.to_owned());
        Grade { system, system_version: None, code, direction: None, strength, certainty: None, verbatim }
    }

    fn check(claim: &str, of: (&str, &str), printed: Option<Grade>, expected: &[(Kind, &str, &str)]) {
        let found = Source::of_claim(claim).differences(claim, Some(of.0), Some(of.1), printed.as_ref());
        let found: Vec<_> = found.iter().map(|one| (one.kind, one.claim.as_str(), one.evidence.as_str())).collect();
        assert_eq!(found, expected, "{claim}");
    }

    const TASK_FORCE: (&str, &str) = ("US Preventive Services Task Force", "US");

    #[test]
    fn advice_for_another_country_is_told_apart() {
        let jurisdiction = |claim, evidence| [(Kind::Jurisdiction, claim, evidence)];
        check("NICE recommends bowel screening from 50.", TASK_FORCE, None, &jurisdiction("NICE", "US"));
        check("In the UK, screening starts at 50.", TASK_FORCE, None, &jurisdiction("In the UK", "US"));
        check("WHO advises this for all adults.", TASK_FORCE, None, &jurisdiction("WHO", "US"));
        check("In the US, adults should be screened.", TASK_FORCE, None, &[]);
        check("The UK says so.", ("World Health Organization", "INT"), None, &[]);
        check("Adults who smoke should stop.", TASK_FORCE, None, &[]);
        check("It would be nice to know who recommends this.", TASK_FORCE, None, &[]);
        check("Unlike NICE, the USPSTF recommends it.", TASK_FORCE, None, &[]);
        check("ESC and AHA agree.", ("European Society of Cardiology", "EU"), None, &[]);
    }

    #[test]
    fn grades_are_compared_within_their_system() {
        let b = || Some(grade("USPSTF", "B", Some("moderate")));
        check("This is a grade A recommendation.", TASK_FORCE, b(), &[(Kind::Grade, "grade A", "B")]);
        check("The USPSTF gives it a “B” grade.", TASK_FORCE, b(), &[]);
        check("The USPSTF gives this a B recommendation.", TASK_FORCE, b(), &[]);
        check("Vitamin D is good.", TASK_FORCE, b(), &[]);
        let class = |code| Some(grade("ACC/AHA", code, None));
        let cardiology = ("American College of Cardiology / American Heart Association", "US");
        check("Statins are a Class I recommendation.", cardiology, class("COR 1"), &[]);
        check(
            "Statins are a class IIb recommendation.",
            cardiology,
            class("COR 1"),
            &[(Kind::Grade, "class IIb", "COR 1")],
        );
        check("This is a grade A recommendation.", cardiology, class("COR 1"), &[]);
        let panel = ("World Health Organization", "INT");
        let conditional = || Some(grade("GRADE", "conditional", Some("conditional")));
        check(
            "WHO strongly recommends it.",
            panel,
            conditional(),
            &[(Kind::Grade, "strongly recommends", "conditional")],
        );
        check("This is a weak recommendation.", panel, conditional(), &[]);
        check("The USPSTF strongly recommends it.", panel, conditional(), &[]);
    }
}
