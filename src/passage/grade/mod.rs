//! Grades as printed, with their system.
//!
//! Letters of different systems are never put on one scale: USPSTF's C is an individual decision, ADA's C is a kind of
//! evidence. A grade is read only where its own words stand beside the statement; nothing is inferred from a mood, and
//! two different grades in one statement are none.

mod classes;
mod letters;
mod mark;
mod scale;
mod words;

use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::corpus::PartialDate;

pub(super) use mark::{closes, only};
pub(super) use scale::Scales;

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

/// Reads the grade printed with a statement: what a digest states, else what stands in the words.
///
/// Letters that mean something only within one system are read only where the document declares or explains it. A
/// heading grades what stands under it where it is a grade and nothing else.
pub(super) fn read(
    text: &str,
    path: &[String],
    scales: &Scales,
    stated: Option<&str>,
    certainty: Option<&str>,
) -> Option<Grade> {
    if let Some(stated) = stated {
        return from_statement(stated, scales, certainty);
    }
    let heading = path.last().map(String::as_str).filter(|heading| only(heading).is_some());
    in_words(text, scales).or_else(|| in_words(heading?, scales))
}

fn from_statement(stated: &str, scales: &Scales, certainty: Option<&str>) -> Option<Grade> {
    let stated = stated.trim();
    if stated.is_empty() || stated.eq_ignore_ascii_case("none printed") {
        return None;
    }
    let system = scales.declared();
    let letter = (stated.len() <= 2).then(|| letters::uspstf(stated)).filter(|_| system == Some("USPSTF")).flatten();
    let mut grade = letter.or_else(|| in_words(stated, scales)).unwrap_or_else(|| Grade {
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

fn in_words(text: &str, scales: &Scales) -> Option<Grade> {
    letters::cdc(text)
        .or_else(|| words::va_dod(text))
        .or_else(|| words::research_only(text, scales.declared()))
        .or_else(|| words::strength_and_certainty(text, scales.declared()))
        .or_else(|| letters::uspstf_in(text, scales))
        .or_else(|| classes::read(text, scales))
        .or_else(|| letters::ada(text, scales))
        .or_else(|| letters::paired(text, scales))
        .or_else(|| letters::acip(text, scales))
}

/// A grade with its system, code and printed words, and nothing else known of it.
fn grade(system: &str, code: impl Into<String>, verbatim: &str) -> Grade {
    Grade {
        system: Some(system.to_owned()),
        system_version: None,
        code: code.into(),
        direction: None,
        strength: None,
        certainty: None,
        verbatim: verbatim.trim_matches(['(', ')', '[', ']', '|', ' ']).to_owned(),
    }
}

/// Whether a text prints more than one grade of a form: which of them goes with which words cannot be told.
fn several(form: &Regex, text: &str) -> bool {
    let bare = |found: regex::Match<'_>| found.as_str().trim_matches(['(', ')', '.', ' ']).to_lowercase();
    let mut printed = form.find_iter(text).map(bare);
    let first = printed.next();
    printed.any(|other| Some(&other) != first.as_ref())
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

#[cfg(test)]
mod tests;
