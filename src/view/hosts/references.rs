//! The editions that an answer cites, as entries of a bibliography: CSL-JSON, BibTeX, RIS.
//!
//! One entry an edition, in the order of first citation, whichever claims it is cited for; its note says which those are,
//! what came out for them, and whether the edition has been replaced. A result without passages gets an entry whose
//! title says so: these formats have no other place for it.

use serde_json::Value;

use super::super::bibliography::{self, Day, Work};
use super::super::document::DocumentView;
use super::super::native::{EvidenceResponse, EvidenceView};
use super::{name, shown, words};

/// CSL-JSON items.
pub(super) fn csl(answer: &EvidenceResponse) -> Value {
    bibliography::csl(&works(answer), None)
}

/// A BibTeX database.
pub(super) fn bibtex(answer: &EvidenceResponse) -> String {
    bibliography::bibtex(&works(answer), None)
}

/// RIS records.
pub(super) fn ris(answer: &EvidenceResponse) -> String {
    bibliography::ris(&works(answer), None)
}

/// One edition and what it is cited for.
struct Cited<'a> {
    first: &'a EvidenceView,
    pages: Vec<String>,
    grades: Vec<String>,
    claims: Vec<String>,
}

fn works(answer: &EvidenceResponse) -> Vec<Work> {
    let mut cited: Vec<(String, Cited<'_>)> = Vec::new();
    let mut without = Vec::new();
    for (at, result) in answer.results.iter().enumerate() {
        let claim = name(at, result);
        if shown(result).next().is_none() {
            without.push(statement(at, &claim, &words::of_result(result)));
        }
        let told = format!("{claim} ({}; coverage: {})", result.status, result.coverage.unwrap_or("null"));
        for (_, one) in shown(result) {
            let id = version(&one.passage.document);
            let place = cited.iter().position(|(known, _)| *known == id).unwrap_or_else(|| {
                let new = Cited { first: one, pages: Vec::new(), grades: Vec::new(), claims: Vec::new() };
                cited.push((id, new));
                cited.len() - 1
            });
            if let Some((_, cited)) = cited.get_mut(place) {
                cited.add(one, &told);
            }
        }
    }
    let works = cited.into_iter().map(|(id, cited)| cited.work(id));
    works.chain(without).collect()
}

impl Cited<'_> {
    fn add(&mut self, one: &EvidenceView, claim: &str) {
        let page = one.passage.locator.page.as_ref();
        let page = page.map(|page| page.label.clone().unwrap_or_else(|| (page.index + 1).to_string()));
        let grade = one.passage.grade.as_ref().map(|grade| grade.verbatim.clone());
        for (list, new) in
            [(&mut self.pages, page), (&mut self.grades, grade), (&mut self.claims, Some(claim.to_owned()))]
        {
            list.extend(new.filter(|new| !list.contains(new)));
        }
    }

    fn work(self, id: String) -> Work {
        let document = &self.first.passage.document;
        let mut note: Vec<String> = words::mark(self.first).into_iter().collect();
        note.extend(document.caution.as_ref().map(|caution| format!("Currency: {caution}")));
        note.extend(self.first.passage.notice.map(|notice| notice.trim_end_matches('.').to_owned()));
        if !self.grades.is_empty() {
            note.push(format!("Grades as printed: {}", self.grades.join("; ")));
        }
        note.push(format!("Cited for claims: {}", self.claims.join("; ")));
        Work {
            id,
            title: document.title.clone().unwrap_or_else(|| document.id.clone()),
            publisher: document.publisher.clone(),
            year: document.year,
            published: document.published.as_deref().and_then(day),
            url: document.url.clone(),
            edition: Some(document.version.clone()),
            page: Some(self.pages.join(", ")).filter(|pages| !pages.is_empty()),
            note: Some(format!("{}.", note.join(". "))),
            jurisdiction: document.jurisdiction.clone(),
        }
    }
}

/// An entry that says that there is nothing to cite.
fn statement(at: usize, claim: &str, said: &str) -> Work {
    let id = format!("groundline-nothing-to-cite-{}", at + 1);
    Work { id, title: format!("Nothing to cite for claim {claim}. {said}"), ..Work::default() }
}

fn version(document: &DocumentView) -> String {
    format!("{}@{}", document.id, document.version)
}

/// A date that is known to the day.
fn day(text: &str) -> Option<Day> {
    let mut parts = text.split('-');
    let day = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    parts.next().is_none().then_some(day)
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn an_edition_is_cited_once_with_what_must_be_known() {
        let mut answer = sample::answer();
        let mut again = answer.results[0].clone();
        again.id = Some("q9".to_owned());
        again.coverage = Some("partly");
        answer.results.push(again);
        let works = works(&answer);
        let ids: Vec<&str> = works.iter().map(|work| work.id.as_str()).collect();
        assert_eq!(
            ids,
            ["uspstf-aaa@2019", "uspstf-aaa@2014", "groundline-nothing-to-cite-2", "groundline-nothing-to-cite-3"]
        );
        let note = works[1].note.as_deref().expect("a note");
        assert!(note.starts_with("SUPERSEDED by uspstf-aaa@2019."), "{note}");
        assert!(note.contains("q1 (ok; coverage: addressed); q9 (ok; coverage: partly)"), "{note}");
        assert!(works[2].title.contains("neither support nor contradiction"), "{}", works[2].title);
        assert_eq!(works[0].published, Some((2019, 12, 10)));
    }

    #[test]
    fn dates_known_in_part_are_no_days() {
        assert_eq!(day("2019-12-10"), Some((2019, 12, 10)));
        for part in ["2019", "2019-12", "", "2019-12-10-1", "x-1-1"] {
            assert_eq!(day(part), None, "{part}");
        }
    }
}
