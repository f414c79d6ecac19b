//! Grades as printed, with their system.
//!
//! Letters of different systems are never put on one scale: USPSTF's C is an individual decision, ADA's C is a kind of
//! evidence. A grade is read only where its own words stand beside the statement; nothing is inferred from a mood.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde::{Deserialize, Serialize};

use crate::corpus::PartialDate;
use crate::language::pattern;

/// Which way a recommendation points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Do it.
    For,
    /// Do not do it.
    Against,
    /// An individual decision.
    Either,
    /// The evidence does not suffice to say; never to be read as "against".
    Insufficient,
}

impl Direction {
    /// The direction with this name.
    pub fn named(name: &str) -> Option<Direction> {
        Some(match name.trim().to_lowercase().as_str() {
            "for" => Direction::For,
            "against" => Direction::Against,
            "either" => Direction::Either,
            "insufficient" => Direction::Insufficient,
            _ => return None,
        })
    }
}

/// A grade, as the publisher prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grade {
    /// The grade system, e.g. `USPSTF`.
    pub system: Option<String>,
    /// Which edition of the system, where its letters changed their meaning.
    pub system_version: Option<String>,
    /// The code in that system, e.g. `B`, `COR 1`, `strong`.
    pub code: String,
    /// Which way the recommendation points.
    pub direction: Option<Direction>,
    /// Strength in the system's words.
    pub strength: Option<String>,
    /// Certainty or level of evidence in the system's words.
    pub certainty: Option<String>,
    /// The printed words.
    pub verbatim: String,
}

static STRENGTH_CERTAINTY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(strong|conditional|weak)\s+recommendation(?:\s+(for|against))?(?:[\s,;:–—(-]+(?:based on\s+)?(very low|low|moderate|high)(?:\s+to\s+(?:low|moderate|high))?[\s-]*(?:certainty|quality)?(?:\s+(?:of\s+)?(?:the\s+)?evidence)?)?",
    )
});
static CERTAINTY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(very low|low|moderate|high)[\s-]+(?:certainty|quality)(?:[\s-]+(?:of\s+)?evidence)?")
});
static VA_DOD: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\((strong|weak)\s+(for|against)\s*[|)]|\((neither for nor against)\s*[|)]"));
static USPSTF: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:\(|\b)(?:Grade:?\s*([ABCDI])\b|([ABCD]) recommendation\b|(I) statement\b)"));
static ACC_AHA: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:COR|class of recommendation|class)\s*:?\s*(1|2a|2b|3|I|IIa|IIb|III)\b(?:\s*:?\s*(no benefit|harm))?(?:[\s,;(/]*(?:LOE|level of evidence|level)\s*:?\s*(A|B(?:-N?R)?|C(?:-(?:LD|EO))?)\b)?",
    )
});
static CLASS_OF_SOMETHING_ELSE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:NYHA|Killip|CCS|Child|Child-Pugh|functional|WHO|ASA|pregnancy)[\s(-]*class|class \S+ (?:antiarrhythmic|drug|agent|obesity|device|symptom|heart|angina)",
    )
});
static CDC: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\(?recommendation category:?\s*([AB])\s*[,;]\s*(?:evidence|recommendation)? ?type:?\s*([1-4](?:\s*(?:and|or|–|-)\s*[1-4])?)\)?",
    )
});
static ADA: LazyLock<Regex> = LazyLock::new(|| pattern(r"[.)]\s+([ABCE])$"));
static HIV: LazyLock<Regex> = LazyLock::new(|| pattern(r"\(([ABC])(I{1,3})\)"));
static KDIGO: LazyLock<Regex> = LazyLock::new(|| pattern(r"\(([12])([ABCD])\)"));

/// Reads the grade printed with a statement: what a digest states, else what stands in the words.
///
/// `system` is the document's declared grade system; letters that mean something only within one system are read only
/// where it is declared.
pub(super) fn read(
    text: &str,
    path: &[String],
    system: Option<&str>,
    stated: Option<&str>,
    certainty: Option<&str>,
) -> Option<Grade> {
    if let Some(stated) = stated {
        return from_statement(stated, system, certainty);
    }
    let heading = path.last().map(String::as_str).unwrap_or_default();
    in_words(text, system).or_else(|| if heading.len() < 120 { in_words(heading, system) } else { None })
}

fn from_statement(stated: &str, system: Option<&str>, certainty: Option<&str>) -> Option<Grade> {
    let stated = stated.trim();
    if stated.is_empty() || stated.eq_ignore_ascii_case("none printed") {
        return None;
    }
    let read = in_words(stated, system);
    let letter = (stated.len() <= 2).then(|| uspstf(stated)).filter(|_| system == Some("USPSTF")).flatten();
    let mut grade = letter.or(read).unwrap_or_else(|| Grade {
        system: system.map(str::to_owned),
        system_version: None,
        code: stated.to_owned(),
        direction: None,
        strength: None,
        certainty: None,
        verbatim: stated.to_owned(),
    });
    grade.verbatim = stated.to_owned();
    if let Some(system) = system {
        grade.system = Some(system.to_owned());
    }
    grade.certainty = certainty.map(str::to_lowercase).or(grade.certainty);
    Some(grade)
}

fn in_words(text: &str, system: Option<&str>) -> Option<Grade> {
    let named = |name: &str| system == Some(name);
    cdc(text)
        .or_else(|| va_dod(text))
        .or_else(|| strength_certainty(text, system))
        .or_else(|| uspstf_in(text, system))
        .or_else(|| acc_aha(text, system))
        .or_else(|| if named("ADA") { letter(&ADA, text, "ADA") } else { None })
        .or_else(|| if named("HHS HIV") { pair(&HIV, text, "HHS HIV") } else { None })
        .or_else(|| if named("KDIGO") { pair(&KDIGO, text, "KDIGO") } else { None })
}

fn grade(system: &str, code: impl Into<String>, verbatim: &str) -> Grade {
    let verbatim = verbatim.trim().to_owned();
    Grade {
        system: Some(system.to_owned()),
        system_version: None,
        code: code.into(),
        direction: None,
        strength: None,
        certainty: None,
        verbatim,
    }
}

fn strength_certainty(text: &str, system: Option<&str>) -> Option<Grade> {
    let found = STRENGTH_CERTAINTY.captures(text)?;
    let strength = found[1].to_lowercase();
    let certainty = found.get(3).map(|m| m.as_str()).or_else(|| {
        let rest = text.get(found.get(0)?.end()..)?;
        // "(strong recommendation; very low-certainty evidence)": within the same breath or not at all.
        let near: String = rest.chars().take(60).collect();
        CERTAINTY.captures(&near).and_then(|c| c.get(1)).and_then(|m| rest.get(m.start()..m.end()))
    });
    let mut read = grade(system.unwrap_or("GRADE"), strength.clone(), &found[0]);
    read.direction = found.get(2).and_then(|m| Direction::named(m.as_str()));
    read.strength = Some(strength);
    read.certainty = certainty.map(str::to_lowercase);
    Some(read)
}

fn va_dod(text: &str) -> Option<Grade> {
    let found = VA_DOD.captures(text)?;
    let verbatim = found[0].trim_matches(['(', ')', '|', ' ']).to_owned();
    let mut read = grade("VA/DoD", verbatim.to_lowercase(), &verbatim);
    read.strength = found.get(1).map(|m| m.as_str().to_lowercase());
    read.direction = match found.get(2) {
        Some(direction) => Direction::named(direction.as_str()),
        None => Some(Direction::Either),
    };
    Some(read)
}

fn uspstf_in(text: &str, system: Option<&str>) -> Option<Grade> {
    // Without the declared system "Grade D" may be anybody's: in some it is the weakest evidence in favour.
    if system != Some("USPSTF") {
        return None;
    }
    let found = USPSTF.captures(text)?;
    let letter = found.iter().skip(1).flatten().next()?.as_str();
    if several(&USPSTF, text) {
        return None;
    }
    uspstf(letter).map(|read| Grade { verbatim: found[0].trim_matches(['(', ' ']).to_owned(), ..read })
}

/// Which definitions a USPSTF letter has, by the date of the statement.
///
/// Source: USPSTF, "Grade Definitions": prior to May 2007, May 2007 to July 2012, after July 2012. C meant "no
/// recommendation" before 2007, "recommends against routinely" until 2012, and an individual decision since.
fn uspstf_definitions(published: PartialDate) -> &'static str {
    let day = published.first_day();
    if day < jiff::civil::date(2007, 5, 1) {
        "prior to May 2007"
    } else if day < jiff::civil::date(2012, 8, 1) {
        "May 2007 to July 2012"
    } else {
        "after July 2012"
    }
}

/// Adds which edition of its system a grade belongs to, where that changes what it means.
pub(super) fn dated(grade: Grade, published: Option<PartialDate>) -> Grade {
    let uspstf = grade.system.as_deref() == Some("USPSTF");
    let system_version = published.filter(|_| uspstf).map(|date| uspstf_definitions(date).to_owned());
    // The letter's direction is read by today's definitions: for an older C it would be a guess.
    let older = system_version.as_deref().is_some_and(|version| version != "after July 2012");
    let direction = grade.direction.filter(|_| !(older && grade.code == "C"));
    Grade { system_version, direction, ..grade }
}

/// Source: USPSTF grade definitions after July 2012.
fn uspstf(letter: &str) -> Option<Grade> {
    let direction = match letter {
        "A" | "B" => Direction::For,
        "C" => Direction::Either,
        "D" => Direction::Against,
        "I" => Direction::Insufficient,
        _ => return None,
    };
    Some(Grade { direction: Some(direction), ..grade("USPSTF", letter, letter) })
}

/// Whether a text prints more than one grade: which of them goes with which words cannot be told.
fn several(form: &Regex, text: &str) -> bool {
    let mut printed = form.find_iter(text).map(|found| found.as_str().trim_matches(['(', ' ']));
    let first = printed.next();
    printed.any(|other| Some(other) != first)
}

/// A match with the word before it and the word after it.
fn around<'a>(text: &'a str, found: &Captures<'_>) -> &'a str {
    let Some(whole) = found.get(0) else { return "" };
    let before = text.get(..whole.start()).unwrap_or_default().trim_end();
    let start = before.rfind(' ').map_or(0, |at| at + 1);
    let after = text.get(whole.end()..).unwrap_or_default();
    let skipped = after.len() - after.trim_start().len();
    let end = after.trim_start().find(' ').map_or(text.len(), |at| whole.end() + skipped + at);
    text.get(start..end).unwrap_or_default()
}

/// Source: ACC/AHA class of recommendation and level of evidence, 2019 form; ESC prints roman classes.
fn acc_aha(text: &str, system: Option<&str>) -> Option<Grade> {
    let declared = match system {
        Some(system @ ("ACC/AHA" | "ESC")) => Some(system),
        Some(_) => return None,
        None => None,
    };
    // "NYHA class III" and "class III antiarrhythmic" are no grades; one with its level of evidence is surely one.
    let gradelike = |found: &Captures<'_>| !CLASS_OF_SOMETHING_ELSE.is_match(around(text, found));
    let mut all: Vec<Captures<'_>> = ACC_AHA.captures_iter(text).filter(gradelike).collect();
    all.sort_by_key(|found| found.get(3).is_none());
    let found = all.into_iter().next()?;
    // "class 3" of something else: without a declared system the level of evidence must be printed too.
    if declared.is_none() && (found.get(3).is_none() || !found[0].contains("COR")) {
        return None;
    }
    let class = found[1].to_owned();
    let against = matches!(class.as_str(), "3" | "III");
    let mut read = grade(declared.unwrap_or("ACC/AHA"), format!("COR {class}"), &found[0]);
    if declared == Some("ESC") {
        read.code = format!("Class {class}");
    }
    read.strength = found.get(2).map(|m| m.as_str().to_lowercase());
    read.certainty = found.get(3).map(|m| format!("LOE {}", m.as_str()));
    read.direction = Some(if against { Direction::Against } else { Direction::For });
    Some(read)
}

/// Source: CDC Clinical Practice Guideline for Prescribing Opioids for Pain, 2022 (ACIP-adapted GRADE).
fn cdc(text: &str) -> Option<Grade> {
    let found = CDC.captures(text)?;
    let category = found[1].to_uppercase();
    let mut read = grade("CDC-GRADE", category.clone(), found[0].trim_matches(['(', ')']));
    read.strength = Some(if category == "A" { "applies to all persons" } else { "individual decision" }.to_owned());
    read.certainty = Some(format!("evidence type {}", &found[2]));
    Some(read)
}

fn letter(form: &Regex, text: &str, system: &str) -> Option<Grade> {
    form.captures(text).map(|found| grade(system, &found[1], &found[1]))
}

fn pair(form: &Regex, text: &str, system: &str) -> Option<Grade> {
    let found = form.captures(text)?;
    let mut read = grade(system, format!("{}{}", &found[1], &found[2]), &found[0]);
    read.strength = Some(found[1].to_owned());
    read.certainty = Some(found[2].to_owned());
    Some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, system: Option<&str>, expected: Option<(&str, &str, Option<&str>)>) {
        let found = read(text, &[], system, None, None);
        let found =
            found.as_ref().map(|g| (g.system.as_deref().unwrap_or_default(), g.code.as_str(), g.certainty.as_deref()));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn grades_in_words() {
        check(
            "Offer it (strong recommendation, moderate-certainty evidence).",
            None,
            Some(("GRADE", "strong", Some("moderate"))),
        );
        check("Conditional recommendation; very low certainty", None, Some(("GRADE", "conditional", Some("very low"))));
        check(
            "… are maximized (recommendation category: B, evidence type: 2).",
            None,
            Some(("CDC-GRADE", "B", Some("evidence type 2"))),
        );
        check("Screen all adults. (B recommendation)", Some("USPSTF"), Some(("USPSTF", "B", None)));
        check(
            "CRT is recommended in NYHA class III heart failure (Class I, Level A).",
            Some("ESC"),
            Some(("ESC", "Class I", Some("LOE A"))),
        );
        check("We recommend it (Strong for | Reviewed, New-replaced)", None, Some(("VA/DoD", "strong for", None)));
        check("COR 2a, LOE B-NR", None, Some(("ACC/AHA", "COR 2a", Some("LOE B-NR"))));
        check("Class I, Level A", Some("ESC"), Some(("ESC", "Class I", Some("LOE A"))));
        check("Start ART (AI).", Some("HHS HIV"), Some(("HHS HIV", "AI", Some("I"))));
    }

    #[test]
    fn letters_without_their_system_are_no_grade() {
        check("Start ART (AI).", None, None);
        check("NYHA class III heart failure", Some("ESC"), None);
        check("Class III antiarrhythmic drugs should be used with care.", Some("ACC/AHA"), None);
        check("Offer corticosteroids. (Grade D)", None, None);
        check("Patients with Grade I hypertension should be treated.", None, None);
        check(
            "An individual decision (C recommendation), but against it at 60 (D recommendation).",
            Some("USPSTF"),
            None,
        );
        check("Vitamin B recommendation level", Some("ADA"), None);
        check("Hepatitis A, B and C.", None, None);
    }

    #[test]
    fn insufficient_is_not_against() {
        let grade = read("", &[], Some("USPSTF"), Some("I"), None).expect("a grade");
        assert_eq!(grade.direction, Some(Direction::Insufficient));
        assert_eq!(read("", &[], Some("ADA"), Some("none printed"), None), None);
    }

    #[test]
    fn a_letter_is_read_by_the_definitions_of_its_day() {
        let read = |date: &str| {
            let grade = read("", &[], Some("USPSTF"), Some("C"), None).expect("a grade");
            let grade = dated(grade, date.parse().ok());
            (grade.system_version, grade.direction)
        };
        assert_eq!(read("2022-04-26"), (Some("after July 2012".to_owned()), Some(Direction::Either)));
        assert_eq!(read("2009"), (Some("May 2007 to July 2012".to_owned()), None));
        assert_eq!(read("2002"), (Some("prior to May 2007".to_owned()), None));
    }

    #[test]
    fn a_stated_grade_is_kept_as_printed() {
        let grade = read("", &[], Some("ACC/AHA"), Some("COR 3: Harm, LOE B-R"), None).expect("a grade");
        assert_eq!((grade.code.as_str(), grade.strength.as_deref()), ("COR 3", Some("harm")));
        assert_eq!((grade.direction, grade.verbatim.as_str()), (Some(Direction::Against), "COR 3: Harm, LOE B-R"));
    }
}
