//! A first draft of feedback for a model's team: what is wrong, why, and how to put it right.
//!
//! It is put together from what a reviewer decided (verdict, error codes) and from what an answer says of the pinned passage
//! (its words, place, edition, and the details in which it differs from the claim). It knows nothing else: where nothing is
//! known, nothing is said, a quotation stands whole or not at all, and a summary in our words is called one. Nothing is
//! kept: a person edits it first.

#[cfg(test)]
mod tests;
mod words;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::record::{ErrorMark, Feedback, Private, Verdict};
use super::taxonomy::Taxonomy;
use words::{quoted, shortened};

/// Longest quotation in a draft, in code points; a longer one is pointed at instead.
const LONGEST_QUOTE: usize = 4000;
/// Most of a claim's words that a draft repeats, in code points.
const LONGEST_CLAIM: usize = 240;
/// Longest words of a detail that are set against each other, in code points.
const LONGEST_DETAIL: usize = 160;
/// Most details that a draft names.
const MOST_DETAILS: usize = 6;

/// What a draft is made of: the body of `POST /v1/feedback/draft`.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Basis {
    /// The verdict.
    pub verdict: Verdict,
    /// What is wrong with the claim.
    #[serde(default)]
    pub errors: Vec<ErrorMark>,
    /// The claim's words.
    #[serde(default)]
    pub claim: Private,
    /// The pinned passage.
    #[serde(default)]
    pub passage: Option<Passage>,
    /// The edition that replaced it, or that edition's passage.
    #[serde(default)]
    pub replacement: Option<Passage>,
    /// In what the pinned passage differs from the claim.
    #[serde(default)]
    pub flags: Vec<Flag>,
}

/// What a draft uses of a passage in an answer (contract, section 4); the rest is passed over.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Passage {
    /// Its words; empty where an edition alone is known.
    pub quote: String,
    /// The edition.
    pub document: Document,
    /// Where it stands.
    pub locator: Locator,
    /// Its grade as printed.
    pub grade: Option<Grade>,
    /// Where it can be read.
    pub links: Links,
}

/// What a draft uses of an edition.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Document {
    /// The document.
    pub id: String,
    /// The edition.
    pub version: String,
    /// Its title.
    pub title: Option<String>,
    /// Who issued it.
    pub publisher: Option<String>,
    /// Year of publication.
    pub year: Option<i32>,
    /// `current`, `superseded` or `retired`.
    pub status: Option<String>,
    /// The edition that replaces it.
    pub superseded_by: Option<String>,
    /// `primary`, or `digest` for a summary in our words.
    pub tier: Option<String>,
    /// The publisher's page.
    pub url: Option<String>,
}

/// What a draft uses of a place.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Locator {
    /// The page.
    pub page: Option<Page>,
    /// Where in the original a summary's statement stands.
    pub place: Option<String>,
}

/// A page.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Page {
    /// Its printed label.
    pub label: Option<String>,
}

/// A grade as printed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Grade {
    /// Whose grades these are.
    pub system: Option<String>,
    /// The printed words.
    pub verbatim: String,
}

/// Where a passage can be read.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Links {
    /// The publisher's page, at the passage.
    pub source: Option<String>,
}

/// A detail in which a passage differs from the claim. Its words may be a patient's: its `Debug` gives the kind alone.
#[derive(Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Flag {
    /// `quantity_mismatch`, `population_mismatch` and so on.
    pub kind: String,
    /// Which detail.
    pub field: Option<String>,
    /// The claim's words.
    pub claim: Option<String>,
    /// The passage's words.
    pub evidence: Option<String>,
    /// The edition that replaced the passage's.
    pub superseded_by: Option<String>,
}

impl std::fmt::Debug for Flag {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Flag({:?})", self.kind)
    }
}

/// A draft of feedback. Each field is empty where nothing is known for it.
pub fn draft(basis: &Basis, taxonomy: &Taxonomy) -> Feedback {
    let field = |sentences: Vec<String>| {
        let mut told: Vec<String> = Vec::new();
        for sentence in sentences {
            if !sentence.is_empty() && !told.contains(&sentence) {
                told.push(sentence);
            }
        }
        Private(told.join(" "))
    };
    Feedback { what: field(basis.what(taxonomy)), why: field(basis.why()), fix: field(basis.fix()) }
}

impl Basis {
    fn what(&self, taxonomy: &Taxonomy) -> Vec<String> {
        let mut told = vec![self.opening()];
        if self.finds_fault() {
            told.extend(self.details().map(Flag::difference));
        }
        told.push(self.marks(taxonomy));
        told
    }

    /// What the verdict says of the claim.
    fn opening(&self) -> String {
        let claim = quoted(shortened(self.claim.as_str(), LONGEST_CLAIM).trim_end_matches('.'));
        let claim = if claim.is_empty() { "The claim".to_owned() } else { claim };
        let source = self.passage.as_ref().and_then(Passage::source);
        match (self.verdict, source) {
            (Verdict::Supported, _) => String::new(),
            (Verdict::Contradicted, Some(source)) => format!("{claim} is contradicted by {source}."),
            (Verdict::Contradicted, None) => format!("{claim} is contradicted."),
            (Verdict::Partly, Some(source)) => format!("{claim} is only in part what {source} says."),
            (Verdict::Partly, None) => format!("{claim} is only in part right."),
            (Verdict::NotAddressed, _) => format!("Nothing that was searched addresses {}.", lower(&claim)),
            (Verdict::Outdated, Some(source)) => match self.fate() {
                Fate::InForce => format!("{claim} is out of date."),
                Fate::Replaced => format!("{claim} follows {source}, which has been replaced{}.", self.by_what()),
                Fate::Withdrawn => format!("{claim} follows {source}, which has been withdrawn."),
            },
            (Verdict::Outdated, None) => format!("{claim} is out of date."),
        }
    }

    /// The error codes, the worst first.
    fn marks(&self, taxonomy: &Taxonomy) -> String {
        let mut marks: Vec<&ErrorMark> = self.errors.iter().collect();
        marks.sort_by_key(|mark| std::cmp::Reverse(mark.severity));
        let told = marks.iter().filter_map(|mark| {
            let label = &taxonomy.error(&mark.code)?.label;
            Some(format!("{} ({})", lower(label), mark.severity.name()))
        });
        let told: Vec<String> = told.collect();
        match told.as_slice() {
            [] => String::new(),
            [one] => format!("Error: {one}."),
            many => format!("Errors: {}.", many.join("; ")),
        }
    }

    fn why(&self) -> Vec<String> {
        if self.verdict == Verdict::NotAddressed {
            return vec![
                "What was searched is listed with the verdict. This does not say that the claim is false.".to_owned(),
            ];
        }
        let Some(passage) = &self.passage else { return Vec::new() };
        let mut told = vec![passage.told()];
        match self.fate() {
            Fate::InForce => {}
            Fate::Withdrawn => told.push("This edition has been withdrawn.".to_owned()),
            Fate::Replaced => {
                let by = self.by_what();
                told.push(format!("This edition has been replaced{by}."));
                told.extend(self.replacement.as_ref().filter(|one| !one.quote.trim().is_empty()).map(Passage::told));
            }
        }
        told
    }

    fn fix(&self) -> Vec<String> {
        let mut told = Vec::new();
        match self.verdict {
            Verdict::NotAddressed => told.push("Name a source that says so, or leave it out.".to_owned()),
            Verdict::Outdated => told.push(self.edition_in_force()),
            Verdict::Supported | Verdict::Contradicted | Verdict::Partly => {}
        }
        if self.finds_fault() {
            told.extend(self.details().filter_map(|flag| flag.remedy(&self.errors)));
        }
        for mark in &self.errors {
            told.push(self.remedy(&mark.code, told.is_empty()));
        }
        let contradicts = matches!(self.verdict, Verdict::Contradicted | Verdict::Partly);
        if told.iter().all(String::is_empty) && contradicts && self.passage.is_some() {
            told.push("Say what the passage says.".to_owned());
        }
        told
    }

    /// What to do about a kind of error where no detail says more.
    fn remedy(&self, code: &str, alone: bool) -> String {
        let passage = self.passage.is_some() && self.verdict != Verdict::Supported;
        let sentence = match code {
            "OUTDATED" if self.verdict == Verdict::Outdated => "",
            "OUTDATED" => return self.edition_in_force(),
            "WRONG_POPULATION" => "Say for whom it holds.",
            "OVERGENERALISED" => "Say under which conditions it holds.",
            "WRONG_JURISDICTION" => "Say whose guidance it is.",
            "CERTAINTY_INFLATED" => "Say how firm the recommendation is.",
            "CAUSAL_UNSUPPORTED" => "Do not call it a cause.",
            "OMISSION_CRITICAL" | "OMISSION_MINOR" => "Add what was left out.",
            "MISSED_CONTRAINDICATION" => "Name who must not have it.",
            "CITATION_MISMATCH" => "Cite a source that says so, or leave the citation out.",
            "FABRICATED" => "Leave it out, or name a source that can be found.",
            "UNSAFE_ADVICE" => "Take the advice out.",
            "NEGATED" if passage => "Turn it round, as the passage has it.",
            "WRONG_UNIT" if passage && alone => "Give the unit of the passage.",
            "WRONG_DOSE" | "WRONG_THRESHOLD" | "WRONG_ROUTE_OR_FREQUENCY" if passage && alone => {
                "Give the numbers of the passage."
            }
            "FACT_WRONG" if passage && alone => "Say what the passage says.",
            _ => "",
        };
        sentence.to_owned()
    }

    fn edition_in_force(&self) -> String {
        let Some(replacement) = self.replacement.as_ref().filter(|_| self.fate() == Fate::Replaced) else {
            return match self.fate() {
                Fate::InForce if self.verdict == Verdict::Outdated => self.follow_the_pinned(),
                Fate::InForce => "Follow the edition in force.".to_owned(),
                Fate::Replaced | Fate::Withdrawn => "Follow guidance that is in force.".to_owned(),
            };
        };
        match (replacement.source(), replacement.link()) {
            (Some(source), Some(link)) => format!("Follow the edition in force: {source}, {link}"),
            (Some(source), None) => format!("Follow the edition in force: {source}."),
            (None, _) => "Follow the edition in force.".to_owned(),
        }
    }

    /// A claim is outdated and the passage pinned for it is in force: that passage is what to follow.
    fn follow_the_pinned(&self) -> String {
        match self.passage.as_ref().filter(|passage| passage.document.status.as_deref() == Some("current")) {
            Some(_) => "Say what the passage says.".to_owned(),
            None => "Follow the edition in force.".to_owned(),
        }
    }

    /// Whether the verdict says that something differs, so that details in which the passage differs are worth telling.
    fn finds_fault(&self) -> bool {
        matches!(self.verdict, Verdict::Contradicted | Verdict::Partly | Verdict::Outdated)
    }

    fn details(&self) -> impl Iterator<Item = &Flag> {
        self.flags.iter().filter(|flag| flag.is_told()).take(MOST_DETAILS)
    }

    /// What has become of the pinned passage's edition.
    fn fate(&self) -> Fate {
        let document = self.passage.as_ref().map(|passage| &passage.document);
        let flagged = |kind: &str| self.flags.iter().any(|flag| flag.kind == kind);
        let status = document.and_then(|document| document.status.as_deref());
        if status == Some("superseded") || flagged("superseded") {
            Fate::Replaced
        } else if status == Some("retired") || flagged("retired") {
            Fate::Withdrawn
        } else {
            Fate::InForce
        }
    }

    /// ` by …`, where it is known what replaced the pinned passage's edition.
    fn by_what(&self) -> String {
        let document = self.passage.as_ref().map(|passage| &passage.document);
        let named = || document.and_then(|document| document.superseded_by.clone());
        let flagged = || self.flags.iter().find_map(|flag| flag.superseded_by.clone());
        let by = self.replacement.as_ref().and_then(Passage::source).or_else(named).or_else(flagged);
        by.map(|by| format!(" by {by}")).unwrap_or_default()
    }
}

/// What has become of an edition.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// Nothing is said against it.
    InForce,
    /// Another took its place.
    Replaced,
    /// It was withdrawn.
    Withdrawn,
}

impl Passage {
    /// Publisher, or title, and year, or edition; `None` where none of them is known.
    fn source(&self) -> Option<String> {
        let document = &self.document;
        let known = |text: &&str| !text.trim().is_empty();
        let named = document.publisher.as_deref().filter(known).or(document.title.as_deref().filter(known));
        let named = named.or(Some(document.id.as_str()).filter(known))?;
        let named = shortened(named, LONGEST_CLAIM);
        let edition = document.year.map(|year| year.to_string());
        let edition = edition.or_else(|| Some(document.version.clone()).filter(|version| known(&version.as_str())));
        Some(edition.map_or(named.clone(), |edition| format!("{named} ({})", shortened(&edition, 40))))
    }

    /// Source, place and grade, its words, and where to read it.
    fn told(&self) -> String {
        let mut head: Vec<String> = self.source().into_iter().collect();
        let page = self.locator.page.as_ref().and_then(|page| page.label.as_deref());
        head.extend(page.map(|label| format!("p. {}", shortened(label, 40))));
        head.extend(self.locator.place.as_deref().map(|place| shortened(place, 120)));
        head.extend(self.grade.as_ref().and_then(Grade::told));
        if self.document.tier.as_deref() == Some("digest") {
            head.push("in Groundline's summary".to_owned());
        }
        let words = self.quote.trim();
        let quote = if words.chars().count() > LONGEST_QUOTE { String::new() } else { quoted(words) };
        let parts: Vec<String> = [head.join(", "), quote].into_iter().filter(|part| !part.is_empty()).collect();
        let told = parts.join(": ");
        match self.link() {
            Some(link) if !told.is_empty() => format!("{told} {link}"),
            _ => told,
        }
    }

    /// The publisher's page. A link into our own reader helps nobody elsewhere.
    fn link(&self) -> Option<&str> {
        let links = [self.links.source.as_deref(), self.document.url.as_deref()];
        let web = |link: &&str| (link.starts_with("https://") || link.starts_with("http://")) && link.len() < 2000;
        links.into_iter().flatten().find(|link| web(link) && !link.contains(char::is_whitespace))
    }
}

impl Grade {
    /// The grade as printed, led by its system where the printed words do not name it.
    fn told(&self) -> Option<String> {
        let printed = shortened(&self.verbatim, 120);
        if printed.is_empty() {
            return None;
        }
        let letter = printed.chars().count() == 1;
        let printed = if letter { format!("grade {printed}") } else { printed };
        match self.system.as_deref().filter(|system| !system.is_empty() && !printed.contains(system)) {
            Some(system) => Some(format!("{} {printed}", shortened(system, 40))),
            None => Some(printed),
        }
    }
}

impl Flag {
    /// Whether both sides are known, in words short enough to be set against each other.
    fn is_told(&self) -> bool {
        let short = |text: &Option<String>| {
            text.as_ref().is_some_and(|text| !text.trim().is_empty() && text.chars().count() <= LONGEST_DETAIL)
        };
        short(&self.claim) && short(&self.evidence)
    }

    fn sides(&self) -> (String, String) {
        let side = |text: &Option<String>| shortened(text.as_deref().unwrap_or_default(), LONGEST_DETAIL);
        (side(&self.claim), side(&self.evidence))
    }

    /// The claim's words against the passage's.
    fn difference(&self) -> String {
        let (claim, evidence) = self.sides();
        let field = self.field.as_deref().map(|field| shortened(&field.replace('_', " "), 40)).unwrap_or_default();
        match self.kind.as_str() {
            "direction_mismatch" if field == "order" => {
                format!("The claim puts {}, the passage {evidence}.", quoted(&claim))
            }
            "direction_mismatch" => "The claim points one way, the passage the other.".to_owned(),
            "jurisdiction" => format!("The claim names {}, the passage is {evidence}.", quoted(&claim)),
            "grade_mismatch" => format!("The claim says {}, the passage is {evidence}.", quoted(&claim)),
            "quantity_mismatch" | "unit_mismatch" | "population_mismatch" => {
                let about = if field.is_empty() { String::new() } else { format!(" ({field})") };
                format!("The claim says {}, the passage {}{about}.", quoted(&claim), quoted(&evidence))
            }
            _ => String::new(),
        }
    }

    /// How to put the detail right, where the reviewer marked an error that this detail bears out.
    fn remedy(&self, errors: &[ErrorMark]) -> Option<String> {
        let marked = |codes: &[&str]| errors.iter().any(|mark| codes.contains(&mark.code.as_str()));
        let (claim, evidence) = self.sides();
        let numbers = ["WRONG_THRESHOLD", "WRONG_DOSE", "WRONG_ROUTE_OR_FREQUENCY", "WRONG_UNIT"];
        match self.kind.as_str() {
            // The passage may bound the other side of the same limit: its words in the claim's place would turn that round.
            "quantity_mismatch" | "unit_mismatch" if opposed(&claim, &evidence) => None,
            "quantity_mismatch" if marked(&numbers) => {
                Some(format!("Instead of {} say {}.", quoted(&claim), quoted(&evidence)))
            }
            "unit_mismatch" if marked(&["WRONG_UNIT"]) => {
                Some(format!("Put right the unit of {}: the passage has {}.", quoted(&claim), quoted(&evidence)))
            }
            "population_mismatch" if marked(&["WRONG_POPULATION", "OVERGENERALISED"]) => {
                Some(format!("Say for whom it holds: {}.", quoted(&evidence)))
            }
            _ => None,
        }
    }
}

/// Whether two amounts bound from different sides: "15,000 or higher", "15,000 or lower".
fn opposed(one: &str, other: &str) -> bool {
    const UP: [&str; 12] =
        ["≥", ">", "above", "over", "more", "higher", "greater", "least", "older", "from", "exceed", "longer"];
    const DOWN: [&str; 12] =
        ["≤", "<", "below", "under", "less", "lower", "fewer", "most", "younger", "up to", "within", "shorter"];
    let bounds = |text: &str| {
        let text = text.to_lowercase();
        // "No more than" bounds from above.
        let turned = text.contains("no ") || text.contains("not ");
        let (up, down) = (UP.iter().any(|word| text.contains(word)), DOWN.iter().any(|word| text.contains(word)));
        if turned { (down, up) } else { (up, down) }
    };
    let ((up, down), (others_up, others_down)) = (bounds(one), bounds(other));
    up && others_down || down && others_up
}

/// A phrase as it stands within a sentence: abbreviations and quotations are left as they are.
fn lower(phrase: &str) -> String {
    let mut letters = phrase.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().chain(phrase.chars().skip(1)).collect()
        }
        _ => phrase.to_owned(),
    }
}
