//! The citations that a response gives, held against what is here: is the document known, is it in force, does it speak of
//! what it is cited for?
//!
//! `shelf` finds the documents that a citation may mean: by address, DOI, PMID or a body's own number where it gives
//! one, else by body, year and topic. Where several may be meant they are listed, and none is chosen. A document that is not
//! here is `unknown`, which says nothing about whether it exists. What a known document says is looked for in that
//! document alone, and held against the statement like any passage against a claim.

mod shelf;

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::appraisal::Judge;
use super::{Coverage, Error as EvidenceError, Ranked, coverage};
use crate::appraise::Kind as Difference;
use crate::appraise::hint::Stance;
use crate::claim::citation::{self, Cited};
use crate::claim::{Claim, LONGEST, Statement};
use crate::corpus::{Day, Standing, Status, VersionId};
use crate::index::{Error as IndexError, Snapshot};
use crate::retrieve::{self, Among, Search};
use shelf::Shelf;

/// Most documents that are listed for one citation.
pub const MOST_DOCUMENTS: usize = 10;

/// Why citations cannot be checked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// They cannot be listed.
    #[error(transparent)]
    Text(#[from] citation::Error),
    /// The snapshot could not be read.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
}

impl From<IndexError> for Error {
    fn from(error: IndexError) -> Error {
        Error::Evidence(EvidenceError::Index(error))
    }
}

/// Whether the document that a citation means is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It is, or the corpus names it and says what replaced it.
    Known,
    /// It is not here. It may well exist.
    Unknown,
    /// It may be one of several.
    Ambiguous,
}

impl Known {
    /// Its name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Known::Known => "known",
            Known::Unknown => "unknown",
            Known::Ambiguous => "ambiguous",
        }
    }
}

/// What a document was found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A DOI.
    Doi,
    /// A PMID.
    Pmid,
    /// A body's own number.
    Code,
    /// The publisher's address.
    Url,
    /// Body, year and the words of a title or a topic.
    Name,
    /// Body and year, and what it is cited for.
    Statement,
}

impl By {
    /// Its name in answers.
    pub fn name(self) -> &'static str {
        match self {
            By::Doi => "doi",
            By::Pmid => "pmid",
            By::Code => "code",
            By::Url => "url",
            By::Name => "name",
            By::Statement => "statement",
        }
    }
}

/// Why a citation needs a second look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remark {
    /// It names no edition, and several are here: the one in force was read.
    EditionNotNamed,
    /// The edition that it names is not here; others of the document are, and are listed.
    OtherEdition,
    /// The edition is named in the corpus, and its text is not here.
    NotHeld,
}

impl Remark {
    /// Its name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Remark::EditionNotNamed => "edition_not_named",
            Remark::OtherEdition => "other_edition",
            Remark::NotHeld => "not_held",
        }
    }
}

/// Whether the cited document speaks of the statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// A passage of it is about just this, and no detail was found to differ. That is not yet support.
    Addressed,
    /// None of its passages here is about just this.
    NotAddressed,
    /// A passage is about just this, and differs in a number, a direction, whom it is about, or a grade.
    Differs,
    /// There is no statement, or no one document, or no text of it.
    NotChecked,
}

impl Says {
    /// Its name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Says::Addressed => "addressed",
            Says::NotAddressed => "not_addressed",
            Says::Differs => "differs",
            Says::NotChecked => "not_checked",
        }
    }
}

/// A version that a citation may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// The version; it need not be held.
    pub id: VersionId,
    /// Where it stands on the day of the request.
    pub standing: Standing,
}

/// One citation, checked.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The citation.
    pub cited: Cited,
    /// Whether its document is here.
    pub known: Known,
    /// What that was told by.
    pub by: Option<By>,
    /// The versions that it may mean, ordered by id; of an unknown edition, the others of its document.
    pub documents: Vec<Linked>,
    /// The status of the edition that it means, where that is one, or all that it may mean have the same.
    pub status: Option<Status>,
    /// The edition that replaced it.
    pub superseded_by: Option<VersionId>,
    /// Why it needs a second look.
    pub remarks: Vec<Remark>,
    /// The statement that was checked, by its place: the first of those that it is given for.
    pub statement: Option<usize>,
    /// Whether the document speaks of it.
    pub says: Says,
    /// How far the passage covers the statement.
    pub coverage: Option<Coverage>,
    /// The passage that speaks of it most.
    pub passage: Option<Ranked>,
}

/// A response's statements with its citations, checked.
#[derive(Clone, Debug)]
pub struct Citations {
    /// The statements, in the order of the text.
    pub statements: Vec<Statement>,
    /// The citations, in the order of the text.
    pub checked: Vec<Checked>,
}

/// The citations of a response, held against a snapshot; editions are judged on `as_of`, or as the corpus stands today.
///
/// # Errors
/// [`Error`] where the text is too long or gives too many citations, or the snapshot cannot be read.
pub fn citations(snapshot: &Snapshot, text: &str, as_of: Option<Date>) -> Result<Citations, Error> {
    let found = citation::find(text)?;
    let shelf = Shelf::of(snapshot);
    let check = Check { snapshot, shelf: &shelf, statements: &found.statements, day: as_of.into() };
    let checked = found.cited.into_iter().map(|cited| check.checked(cited)).collect::<Result<_, _>>()?;
    Ok(Citations { statements: found.statements, checked })
}

struct Check<'a> {
    snapshot: &'a Snapshot,
    shelf: &'a Shelf,
    statements: &'a [Statement],
    day: Day,
}

/// The versions that a citation may mean, before editions are looked at.
struct Meant {
    by: By,
    versions: Vec<VersionId>,
    /// Whether all of them are editions of one document that fits the year, where one is named.
    one: bool,
    other_edition: bool,
}

impl Check<'_> {
    fn checked(&self, cited: Cited) -> Result<Checked, Error> {
        let statement = cited.statements.first().copied();
        let claim = statement.and_then(|at| self.claim(at, &cited));
        let meant = self.meant(&cited, claim.as_ref())?;
        let mut checked = self.linked(cited, meant);
        checked.statement = statement;
        if let (Some(claim), Known::Known) = (&claim, checked.known) {
            self.read(claim, &mut checked)?;
        }
        Ok(checked)
    }

    /// The statement as a claim, without the citation's own words.
    fn claim(&self, at: usize, cited: &Cited) -> Option<Claim> {
        let statement = self.statements.get(at)?;
        let said = statement.claim().replace(cited.text.as_str(), " ");
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        let said = ["According to the ,", "According to ,", "As per the ,", "Per the ,", "Per ,"]
            .iter()
            .find_map(|lead| said.strip_prefix(lead))
            .unwrap_or(&said)
            .replace("()", "");
        let short: String = said.trim().chars().take(LONGEST).collect();
        let claim = Claim::new(&short).ok()?;
        let context: String = statement.context().chars().take(LONGEST).collect();
        claim.with_context(&context).ok()
    }

    /// What a citation may mean: by what it gives to be followed, then by its name, then by what it is cited for.
    fn meant(&self, cited: &Cited, claim: Option<&Claim>) -> Result<Option<Meant>, Error> {
        let named = &cited.named;
        if let Some((by, versions)) = self.shelf.by_address(named) {
            let dated = self.shelf.of_years(&versions, &named.years);
            let versions = if dated.is_empty() { versions } else { dated };
            let one = self.shelf.is_one(&versions);
            return Ok(Some(Meant { by, versions, one, other_edition: false }));
        }
        let held = self.shelf.by_bodies(&named.bodies);
        let dated = self.shelf.of_years(&held, &named.years);
        if let Some(meant) = self.named(&dated, cited, claim)? {
            return Ok(Some(meant));
        }
        if named.years.is_empty() {
            return Ok(None);
        }
        let other = self.named(&held, cited, claim)?.filter(|meant| meant.one && meant.by == By::Name);
        Ok(other.map(|meant| Meant { other_edition: true, ..meant }))
    }

    /// Of these versions those that a citation's words, or what it is cited for, speak of.
    fn named(&self, among: &[VersionId], cited: &Cited, claim: Option<&Claim>) -> Result<Option<Meant>, Error> {
        if among.is_empty() {
            return Ok(None);
        }
        let fitting = self.shelf.by_topic(among, cited);
        if !fitting.is_empty() {
            let one = self.shelf.is_one(&fitting);
            return Ok(Some(Meant { by: By::Name, versions: fitting, one, other_edition: false }));
        }
        let topical = self.shelf.has_topic(cited);
        let Some(claim) = claim else { return Ok(self.undecided(among, cited, topical)) };
        let asked = if topical { Claim::new(&format!("{} {}", cited.named.words, claim.text())).ok() } else { None };
        let versions = self.speaking(among, asked.as_ref().unwrap_or(claim))?;
        if versions.is_empty() {
            return Ok(self.undecided(among, cited, topical));
        }
        let one = self.shelf.is_one(&versions);
        Ok(Some(Meant { by: By::Statement, versions, one, other_edition: false }))
    }

    /// A body and a year that fit several documents, or one of which nothing says that it is meant.
    fn undecided(&self, among: &[VersionId], cited: &Cited, topical: bool) -> Option<Meant> {
        let listed = !topical && !cited.named.years.is_empty() && among.len() <= MOST_DOCUMENTS;
        listed.then(|| Meant { by: By::Name, versions: among.to_vec(), one: false, other_edition: false })
    }

    /// The versions of which a passage is about just this.
    fn speaking(&self, among: &[VersionId], claim: &Claim) -> Result<Vec<VersionId>, Error> {
        let Some(model) = coverage::Model::of(self.snapshot.engine().ranker) else { return Ok(Vec::new()) };
        let search = Search::of(self.snapshot, claim)?;
        let held: BTreeSet<VersionId> = among.iter().filter(|id| self.has_text(id)).cloned().collect();
        if held.is_empty() {
            return Ok(Vec::new());
        }
        let found = retrieve::search(self.snapshot, &search, Among::Alone(&held), LOOKED_AT)?;
        let about = found.iter().filter(|one| model.judged(std::iter::once(&one.features)) == Coverage::Addressed);
        let all: BTreeSet<VersionId> = about.map(|one| one.passage.id.version().clone()).collect();
        Ok(all.into_iter().collect())
    }

    fn has_text(&self, id: &VersionId) -> bool {
        self.snapshot.entry(id).is_some_and(|entry| entry.passages() > 0)
    }

    /// Says of a citation what can be said of the versions that it may mean.
    fn linked(&self, cited: Cited, meant: Option<Meant>) -> Checked {
        let mut checked = Checked {
            cited,
            known: Known::Unknown,
            by: None,
            documents: Vec::new(),
            status: None,
            superseded_by: None,
            remarks: Vec::new(),
            statement: None,
            says: Says::NotChecked,
            coverage: None,
            passage: None,
        };
        let Some(meant) = meant else { return checked };
        let standing = |id: &VersionId| self.snapshot.catalogue().standing(id, self.day);
        let linked = |id: &VersionId| Linked { id: id.clone(), standing: standing(id) };
        checked.documents = meant.versions.iter().take(MOST_DOCUMENTS).map(linked).collect();
        checked.by = Some(meant.by);
        if meant.other_edition {
            checked.remarks.push(Remark::OtherEdition);
            return checked;
        }
        checked.known = if meant.one { Known::Known } else { Known::Ambiguous };
        if !meant.one {
            return checked;
        }
        let mut statuses = checked.documents.iter().map(|one| one.standing.status);
        let first = statuses.next();
        let same = statuses.all(|status| Some(status) == first);
        let edition = self.shelf.is_one_edition(&meant.versions);
        if edition || same {
            checked.status = first;
            let mut successors = checked.documents.iter().map(|one| one.standing.successor.as_ref());
            checked.superseded_by = successors.next().flatten().cloned();
        }
        if !edition {
            checked.remarks.push(Remark::EditionNotNamed);
        }
        if !checked.documents.iter().any(|one| self.has_text(&one.id)) {
            checked.remarks.push(Remark::NotHeld);
        }
        checked
    }

    /// Looks in the known document for what it is cited for.
    fn read(&self, claim: &Claim, checked: &mut Checked) -> Result<(), Error> {
        let held = || checked.documents.iter().filter(|one| self.has_text(&one.id));
        let several = checked.remarks.contains(&Remark::EditionNotNamed);
        let in_force = |one: &&Linked| !several || one.standing.status == Status::Current;
        let mut versions: BTreeSet<VersionId> = held().filter(in_force).map(|one| one.id.clone()).collect();
        if versions.is_empty() {
            versions = held().map(|one| one.id.clone()).collect();
        }
        let (Some(model), false) = (coverage::Model::of(self.snapshot.engine().ranker), versions.is_empty()) else {
            return Ok(());
        };
        let search = Search::of(self.snapshot, claim)?;
        let found = retrieve::search(self.snapshot, &search, Among::Alone(&versions), coverage::FIRST)?;
        checked.says = Says::NotAddressed;
        checked.coverage = Some(model.judged(found.iter().map(|one| &one.features)));
        let likely = |one: &&retrieve::Found| model.probability(&one.features);
        let best = found.iter().rev().max_by(|one, other| likely(one).total_cmp(&likely(other)));
        let Some(best) = best.filter(|_| checked.coverage != Some(Coverage::NotAddressed)) else { return Ok(()) };
        let standing = self.snapshot.catalogue().standing(best.passage.id.version(), self.day);
        let mut ranked = Ranked::new(best.clone(), standing);
        ranked.rationale = retrieve::rationale(&search, ranked.found.passage.text());
        ranked.appraisal = Judge::new(self.snapshot, claim, found.iter()).appraise(&ranked.found);
        if checked.coverage == Some(Coverage::Addressed) {
            let place = |kind| kind == Difference::Jurisdiction;
            let against = ranked.appraisal.hint.is_some_and(|hint| hint.stance == Stance::Contradicts);
            let differs = against || ranked.appraisal.differences.iter().any(|one| !place(one.kind));
            checked.says = if differs { Says::Differs } else { Says::Addressed };
        }
        checked.passage = Some(ranked);
        Ok(())
    }
}

/// Passages that are looked at to tell which document a statement is from.
const LOOKED_AT: usize = 20;
