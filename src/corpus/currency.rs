//! How far a version's status can be trusted on a day.
//!
//! The status follows from confirmed edges; the currency says whether anybody has looked lately, and what the publisher
//! itself says about the edition. It is derived from dated observations in the sidecar (`last_checked`, `cadence`,
//! `notices`), never typed.

use std::fmt;
use std::str::FromStr;

use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Status, VersionFacts};

/// How far the status of a version can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Currency {
    /// Compared with the publisher's page within the publisher's cadence.
    Confirmed,
    /// In force, and the publisher says that a new edition is being made.
    UpdateInProgress,
    /// Changed by its publisher as evidence arrives; compared within the cadence.
    Living,
    /// Not in force yet: a draft, or a file that was fetched and no editor has confirmed.
    Draft,
    /// Withdrawn by its publisher without a successor.
    Withdrawn,
    /// In dispute before a court or between authorities.
    LegallyContested,
    /// Never compared with the publisher's page, or longer ago than its cadence.
    Unknown,
}

/// What a publisher, or an authority above it, says about an edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// A new edition is being made.
    UpdateInProgress,
    /// The document is changed as evidence arrives.
    Living,
    /// This text is a draft.
    Draft,
    /// The edition is in dispute.
    LegallyContested,
}

/// A dated observation about an edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What was observed.
    pub kind: NoticeKind,
    /// The first day on which it held.
    pub since: Option<Date>,
    /// The last day on which it held.
    pub until: Option<Date>,
    /// The page that says so.
    pub source: Option<String>,
}

impl Notice {
    /// Whether it holds on a day.
    fn holds(&self, day: Date) -> bool {
        self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day <= until)
    }
}

/// How long one comparison with the publisher's page can be trusted: an ISO 8601 duration of days, weeks, months and years.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cadence(String);

impl Cadence {
    /// The last day on which a check made on `checked` counts.
    pub fn holds_until(&self, checked: Date) -> Date {
        self.0.parse::<Span>().ok().and_then(|span| checked.checked_add(span).ok()).unwrap_or(Date::MAX)
    }
}

impl Default for Cadence {
    /// A year: of guideline recommendations, 92 % are still valid after one (CMAJ 2014;186:1211).
    fn default() -> Cadence {
        Cadence("P1Y".to_owned())
    }
}

impl FromStr for Cadence {
    type Err = String;

    fn from_str(text: &str) -> Result<Cadence, String> {
        let fault = || format!("{text:?} is no duration: write P1M, P1Y or P18M (ISO 8601)");
        let span: Span = text.parse().map_err(|_| fault())?;
        let whole_days = span.get_hours() == 0 && span.get_minutes() == 0 && span.get_seconds() == 0;
        if span.is_positive() && whole_days && text.starts_with('P') {
            Ok(Cadence(text.to_owned()))
        } else {
            Err(fault())
        }
    }
}

impl TryFrom<String> for Cadence {
    type Error = String;

    fn try_from(text: String) -> Result<Cadence, String> {
        text.parse()
    }
}

impl From<Cadence> for String {
    fn from(cadence: Cadence) -> String {
        cadence.0
    }
}

impl fmt::Display for Cadence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How far the status of a version can be trusted on `day`; `None` for a superseded one, whose status says all.
pub fn currency(facts: &VersionFacts, status: Status, day: Date) -> Option<Currency> {
    let said = |kind| facts.notices.iter().any(|notice| notice.kind == kind && notice.holds(day));
    match status {
        Status::Superseded => return None,
        Status::Retired => return Some(Currency::Withdrawn),
        Status::Current => {}
    }
    if said(NoticeKind::LegallyContested) {
        return Some(Currency::LegallyContested);
    }
    if said(NoticeKind::Draft) {
        return Some(Currency::Draft);
    }
    let fresh = confirmed_until(facts).is_some_and(|until| day <= until);
    Some(match fresh {
        false => Currency::Unknown,
        true if said(NoticeKind::UpdateInProgress) => Currency::UpdateInProgress,
        true if said(NoticeKind::Living) => Currency::Living,
        true => Currency::Confirmed,
    })
}

/// The last day on which the last comparison with the publisher's page counts; `None` where there was none.
pub fn confirmed_until(facts: &VersionFacts) -> Option<Date> {
    let checked = facts.last_checked?;
    Some(facts.cadence.clone().unwrap_or_default().holds_until(checked))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn facts(
        checked: Option<Date>,
        cadence: &str,
        notices: &[(NoticeKind, Option<Date>, Option<Date>)],
    ) -> VersionFacts {
        let notices = notices.iter().map(|(kind, since, until)| Notice {
            kind: *kind,
            since: *since,
            until: *until,
            source: None,
        });
        VersionFacts {
            last_checked: checked,
            cadence: cadence.parse().ok(),
            notices: notices.collect(),
            ..VersionFacts::bare("a@1".parse().expect("a good id"))
        }
    }

    fn check(facts: &VersionFacts, status: Status, day: Date, expected: Option<Currency>) {
        assert_eq!(currency(facts, status, day), expected, "{facts:?} {status:?} {day}");
    }

    #[test]
    fn a_check_holds_for_the_publishers_cadence_and_not_a_day_longer() {
        let checked = facts(Some(date(2026, 1, 31)), "P1M", &[]);
        check(&checked, Status::Current, date(2026, 2, 28), Some(Currency::Confirmed));
        check(&checked, Status::Current, date(2026, 3, 1), Some(Currency::Unknown));
        let by_default = facts(Some(date(2025, 6, 1)), "", &[]);
        check(&by_default, Status::Current, date(2026, 6, 1), Some(Currency::Confirmed));
        check(&by_default, Status::Current, date(2026, 6, 2), Some(Currency::Unknown));
        check(&facts(None, "P1Y", &[]), Status::Current, date(2026, 1, 1), Some(Currency::Unknown));
    }

    #[test]
    fn what_the_publisher_says_counts_while_it_holds() {
        let checked = Some(date(2026, 1, 1));
        let living = facts(checked, "P3M", &[(NoticeKind::Living, None, None)]);
        check(&living, Status::Current, date(2026, 2, 1), Some(Currency::Living));
        // A living document that nobody has looked at lately may have stopped living.
        check(&living, Status::Current, date(2026, 12, 1), Some(Currency::Unknown));
        let contested =
            facts(checked, "P1Y", &[(NoticeKind::LegallyContested, Some(date(2026, 3, 16)), Some(date(2026, 9, 1)))]);
        check(&contested, Status::Current, date(2026, 3, 15), Some(Currency::Confirmed));
        check(&contested, Status::Current, date(2026, 3, 16), Some(Currency::LegallyContested));
        check(&contested, Status::Current, date(2026, 9, 2), Some(Currency::Confirmed));
        let renewed = facts(checked, "P1Y", &[(NoticeKind::UpdateInProgress, None, None)]);
        check(&renewed, Status::Current, date(2026, 3, 15), Some(Currency::UpdateInProgress));
    }

    #[test]
    fn a_status_that_says_all_needs_no_more() {
        let facts = facts(Some(date(2026, 1, 1)), "P1Y", &[]);
        check(&facts, Status::Superseded, date(2026, 1, 2), None);
        check(&facts, Status::Retired, date(2026, 1, 2), Some(Currency::Withdrawn));
    }

    #[test]
    fn cadences_are_durations_of_whole_days() {
        for good in ["P1Y", "P18M", "P2W", "P30D", "P1Y6M"] {
            assert_eq!(good.parse::<Cadence>().map(|cadence| cadence.to_string()), Ok(good.to_owned()));
        }
        for bad in ["", "1 year", "P0D", "-P1Y", "PT5H", "yearly"] {
            assert!(bad.parse::<Cadence>().is_err(), "{bad:?}");
        }
    }
}
