//! The pinned guidelines as a bibliography.
//!
//! One entry an edition: those that verdicts which count rest on, in the order of their ids, with the pages and grades of
//! the pinned passages. The day of access is the day of the last verdict that pins the edition.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::{Bundle, Judged, Lookup, Shown};
use crate::view::bibliography::{self, Day, Work};

/// The pinned editions as CSL-JSON; an array of items.
pub fn csl(bundle: &Bundle) -> Value {
    let items = pinned(bundle).into_iter().map(|(work, day)| bibliography::csl(&[work], Some(day)));
    Value::Array(items.flat_map(|items| items.as_array().cloned().unwrap_or_default()).collect())
}

/// The pinned editions as a BibTeX database.
pub fn bibtex(bundle: &Bundle) -> String {
    let entries = pinned(bundle).into_iter().map(|(work, day)| bibliography::bibtex(&[work], Some(day)));
    entries.collect::<Vec<_>>().join("\n")
}

/// The pinned editions as RIS records.
pub fn ris(bundle: &Bundle) -> String {
    pinned(bundle).into_iter().map(|(work, day)| bibliography::ris(&[work], Some(day))).collect()
}

/// What is gathered of an edition.
struct Edition<'a> {
    first: Shown<'a>,
    pages: Vec<String>,
    places: Vec<&'a str>,
    grades: Vec<String>,
    last: Timestamp,
}

/// The editions that verdicts rest on, with the day on which each was last looked at.
pub(crate) fn pinned(bundle: &Bundle) -> Vec<(Work, Day)> {
    let lookup = Lookup::new(bundle);
    let mut editions: BTreeMap<String, Edition> = BTreeMap::new();
    let judged = bundle.reviews.iter().flat_map(Judged::of);
    for verdict in judged.filter(|one| !one.claim.removed).flat_map(|one| one.verdicts) {
        for shown in verdict.evidence.iter().filter_map(|pin| lookup.pinned(verdict, pin)) {
            let edition = editions.entry(shown.version_id()).or_insert_with(|| Edition {
                first: shown,
                pages: Vec::new(),
                places: Vec::new(),
                grades: Vec::new(),
                last: verdict.at,
            });
            edition.last = edition.last.max(verdict.at);
            add(&mut edition.pages, shown.page());
            add(&mut edition.places, shown.place());
            add(&mut edition.grades, shown.grade_words());
        }
    }
    editions.into_iter().map(|(id, edition)| (work(id, &edition), day(edition.last))).collect()
}

fn add<T: PartialEq>(list: &mut Vec<T>, one: Option<T>) {
    list.extend(one.filter(|one| !list.contains(one)));
}

fn work(id: String, edition: &Edition) -> Work {
    let shown = edition.first;
    let published = shown.published().and_then(|day| day.parse::<Date>().ok());
    Work {
        title: shown.title().unwrap_or(&id).to_owned(),
        publisher: shown.publisher().map(str::to_owned),
        year: shown.year(),
        published: published
            .and_then(|date| Some((date.year(), u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?))),
        url: shown.document_url().map(str::to_owned),
        edition: shown.edition().map(str::to_owned),
        page: (!edition.pages.is_empty()).then(|| edition.pages.join(", ")),
        note: note(edition),
        jurisdiction: shown.jurisdiction().map(str::to_owned),
        id,
    }
}

fn note(edition: &Edition) -> Option<String> {
    let shown = edition.first;
    let mut parts = Vec::new();
    match (shown.not_in_force(), shown.superseded_by()) {
        (Some("retired"), _) => parts.push("Withdrawn without a successor".to_owned()),
        (Some(_), Some(by)) => parts.push(format!("Replaced by {by}")),
        (Some(_), None) => parts.push("Replaced by a newer edition".to_owned()),
        (None, _) => {}
    }
    parts.extend((!edition.grades.is_empty()).then(|| format!("As printed: {}", edition.grades.join(", "))));
    parts.extend((!edition.pages.is_empty()).then(|| format!("p. {}", edition.pages.join(", "))));
    parts.extend((!edition.places.is_empty()).then(|| edition.places.join("; ")));
    parts.extend(
        shown.is_digest().then(|| "Read in a summary by Groundline, not in the guideline's own words".to_owned()),
    );
    (!parts.is_empty()).then(|| parts.join(". "))
}

fn day(at: Timestamp) -> Day {
    let date = at.to_zoned(TimeZone::UTC).date();
    (date.year(), date.month().unsigned_abs(), date.day().unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::tests::bundle;

    #[test]
    fn editions_stand_once_with_pages_grades_and_what_replaced_them() {
        let bundle = bundle();
        let works: Vec<Work> = pinned(&bundle).into_iter().map(|(work, _)| work).collect();
        let ids: Vec<&str> = works.iter().map(|work| work.id.as_str()).collect();
        assert_eq!(
            ids,
            ["escape-society@2024", "uspstf-aspirin@2016", "uspstf-aspirin@2022", "uspstf-colorectal-screening@2021"]
        );
        assert_eq!(works[0].page.as_deref(), Some("iv"));
        assert_eq!(works[0].published, Some((2024, 2, 29)));
        assert!(
            works[1]
                .note
                .as_deref()
                .unwrap()
                .starts_with("Replaced by uspstf-aspirin@2022. As printed: USPSTF grade B")
        );
        assert!(works[2].note.as_deref().unwrap().ends_with("not in the guideline's own words"));
        assert_eq!(pinned(&bundle)[2].1, (2026, 11, 21));
        assert_eq!(csl(&bundle).as_array().unwrap().len(), 4);
        assert_eq!(ris(&bundle).matches("ER  - \r\n").count(), 4);
        assert_eq!(bibtex(&bundle).matches("@techreport{").count(), 4);
    }
}
