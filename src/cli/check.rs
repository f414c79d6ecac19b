//! `groundline check`: evidence on the terminal.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use jiff::civil::Date;
use serde_json::json;

use super::output::{self, Style};
use super::settings::{KeepGaps, Lexicons};
use super::{Done, Failure, Where, lines, split, usage};
use crate::claim::{Claim, Statement};
use crate::corpus::Status;
use crate::evidence::{self, Options};
use crate::index::{Recorder, Snapshot};
use crate::view;
use crate::view::claims::{CheckResponse, name};
use crate::view::native::{EvidenceResponse, EvidenceView, ResultView};

#[derive(Args)]
pub(super) struct Check {
    /// The claims: a statement, or a few key words
    #[arg(value_name = "CLAIM", required_unless_present_any = ["jsonl", "file"], conflicts_with_all = ["jsonl", "file"])]
    claims: Vec<String>,
    /// A whole response, Markdown or plain text, which is split into its claims; `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "jsonl")]
    file: Option<PathBuf>,
    /// Search also what is not worth checking in that response
    #[arg(long, requires = "file")]
    all: bool,
    /// A file of claims, one JSON object a line ({"id":…,"claim":…}); `-` for standard input
    #[arg(long, value_name = "FILE")]
    jsonl: Option<PathBuf>,
    /// Write the answers to this file and go on where it ends; what it has already must answer the same claims
    #[arg(long, value_name = "OUT", requires = "jsonl")]
    resume: Option<PathBuf>,
    /// Write a row a passage, for spreadsheets, instead of JSON lines
    #[arg(long, requires = "jsonl", conflicts_with = "resume")]
    csv: bool,
    /// How many passages a claim, 1 to 100
    #[arg(short, default_value_t = 5)]
    k: usize,
    /// Judge editions as on this day
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    /// Only this publisher; may be given several times
    #[arg(long)]
    publisher: Vec<String>,
    /// Only this pack; may be given several times
    #[arg(long)]
    pack: Vec<String>,
    /// Only documents published in this year or later
    #[arg(long, value_name = "YEAR")]
    year_min: Option<i16>,
    /// Only documents with this status: current, superseded or retired
    #[arg(long, value_name = "STATUS", value_parser = status)]
    status: Vec<Status>,
    /// Say nothing of what the passages mean for a claim: for a blind review
    #[arg(long)]
    no_hints: bool,
    #[command(flatten)]
    keep_gaps: KeepGaps,
    #[command(flatten)]
    lexicons: Lexicons,
    #[command(flatten)]
    place: Where,
}

/// What claims are answered from, and where those that find nothing are counted.
pub(super) struct Source {
    pub(super) snapshot: Arc<Snapshot>,
    gaps: Recorder,
}

fn status(name: &str) -> Result<Status, String> {
    match name {
        "current" => Ok(Status::Current),
        "superseded" => Ok(Status::Superseded),
        "retired" => Ok(Status::Retired),
        other => Err(format!("{other:?} is no status: current, superseded or retired")),
    }
}

impl Check {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        let mut options = self.options();
        // For a reader; a pipeline gets what a service gives unasked.
        options.include.counter = options.hints && !json && self.jsonl.is_none();
        if options.k == 0 || options.k > evidence::MOST_PASSAGES {
            return Err(usage(evidence::Error::K(options.k)));
        }
        let claims: Vec<Claim> =
            self.claims.iter().map(|text| Claim::new(text)).collect::<Result<_, _>>().map_err(usage)?;
        let response = self.file.as_deref().map(split::read).transpose()?;
        let folders = self.place.folders()?;
        let (lexicon, rejected) = self.lexicons.open()?;
        let store = folders.answering()?.asked_with(lexicon);
        let snapshot = folders.snapshot(&store)?;
        let from = Source { snapshot, gaps: Recorder::start(store.root(), self.keep_gaps.wanted()?) };
        if let Some(path) = &self.jsonl {
            let wanted = lines::Wanted { claims: path, csv: self.csv, resume: self.resume.as_deref() };
            let done = lines::run(from, &wanted, &options)?;
            return Ok(if rejected == 0 { done } else { Done::WithRejects });
        }
        if let Some((_, statements)) = response {
            let done = self.run_response(&from, &statements, &options, json)?;
            return Ok(if rejected == 0 { done } else { Done::WithRejects });
        }
        let mut results = Vec::new();
        for claim in &claims {
            results.push(answer(&from, None, claim, &options)?);
        }
        let response = EvidenceResponse::new(&from.snapshot, results);
        let done = if json { output::json(&response)? } else { output::text(&page(&response, Style::of_stdout()))? };
        Ok(if rejected == 0 { done } else { Done::WithRejects })
    }

    /// Answers the claims of a response; one that is too long to be asked is named, and the others are answered.
    fn run_response(
        &self,
        from: &Source,
        statements: &[Statement],
        options: &Options,
        json: bool,
    ) -> Result<Done, Failure> {
        let (mut results, mut rejects) = (Vec::new(), 0usize);
        for (at, statement) in statements.iter().enumerate() {
            if !self.all && !statement.is_checkworthy() {
                continue;
            }
            let claim = Claim::new(statement.claim()).and_then(|claim| claim.with_context(statement.context()));
            results.push(match claim {
                Ok(claim) => answer(from, Some(name(at)), &claim, options)?,
                Err(error) => {
                    rejects += 1;
                    output::talk(&format!("groundline: {}: {error}", name(at)));
                    let problem = json!({
                        "type": "urn:groundline:problem:invalid",
                        "title": "The request is not valid",
                        "status": 422,
                        "detail": error.to_string(),
                        "instance": format!("#/claims/{at}"),
                    });
                    ResultView::failed(Some(name(at)), None, problem)
                }
            });
        }
        let checked = CheckResponse::new(&from.snapshot, statements, results);
        if json {
            output::json(&checked)?;
        } else {
            output::text(&response_page(checked, Style::of_stdout()))?;
        }
        Ok(if rejects == 0 { Done::Fully } else { Done::WithRejects })
    }

    fn options(&self) -> Options {
        let mut options = Options { k: self.k, as_of: self.as_of, packs: self.pack.clone(), ..Options::default() };
        options.filters.publisher = self.publisher.clone();
        options.filters.year_min = self.year_min;
        options.filters.status = self.status.clone();
        options.hints = !self.no_hints;
        options
    }
}

pub(super) fn answer(
    from: &Source,
    id: Option<String>,
    claim: &Claim,
    options: &Options,
) -> Result<ResultView, Failure> {
    let started = Instant::now();
    let snapshot = &*from.snapshot;
    let evidence = evidence::gather(snapshot, claim, options).map_err(|error| match error {
        evidence::Error::Index(error) => Failure::Failed(error.into()),
        other => usage(other),
    })?;
    from.gaps.record(&snapshot.manifest().id, claim.text(), view::ending(&evidence));
    Ok(ResultView::of(snapshot, id, claim.text(), &evidence, started.elapsed().as_secs_f64() * 1000.0))
}

/// The answer to a whole response for a person: each claim with its evidence, and how much was left out.
fn response_page(checked: CheckResponse, style: Style) -> String {
    let skipped = checked.claims.len() - checked.results.len();
    let CheckResponse { schema, snapshot, engine, claims, results } = checked;
    let places: std::collections::BTreeMap<String, (usize, usize)> =
        claims.into_iter().map(|claim| (claim.id, (claim.start, claim.end))).collect();
    let mut out = String::new();
    let line = format!("{} claims, {skipped} other statements not searched", results.len());
    let _ = writeln!(out, "{}", style.quiet(&line));
    let mut response = EvidenceResponse { schema, snapshot, engine, results };
    for result in &mut response.results {
        let id = result.id.clone().unwrap_or_default();
        let (start, end) = places.get(&id).copied().unwrap_or_default();
        let claim = result.claim.take().unwrap_or_default();
        result.claim = Some(format!("{id} ({start}–{end}) {claim}"));
    }
    out + &page(&response, style)
}

/// The answer for a person.
fn page(response: &EvidenceResponse, style: Style) -> String {
    let mut out = String::new();
    for result in &response.results {
        let claim = result.claim.as_deref().unwrap_or_default();
        // Writing to a string cannot fail, here and below.
        let _ = write!(out, "\n{}", output::wrapped(&style.strong(claim), ""));
        let coverage = match result.coverage {
            Some("addressed") => "addressed by the corpus",
            Some("partly") => "addressed in part",
            Some("out_of_scope") => "out of this corpus's scope",
            None => "not asked: it is too long to be one claim",
            _ => "not addressed: the passages below only share words with it",
        };
        let line = format!("{coverage} · {:.1} ms · snapshot {}", result.took_ms, response.snapshot.id);
        let _ = writeln!(out, "{}\n", style.quiet(&line));
        if result.passages.is_empty() && result.coverage.is_some() {
            out.push_str(
                "  Nothing in this corpus addresses the claim. That is no sign that the claim is right or wrong.\n",
            );
        }
        for conflict in &result.conflicts {
            let sides = conflict.sides.each_ref().map(|side| side.publisher.clone().unwrap_or_default());
            let told = format!("⚠ guidelines in force may disagree: {} ({})", sides.join(" and "), conflict.cause);
            let _ = writeln!(out, "    {}\n    {}", style.warn(&told), conflict.message);
            let _ = writeln!(out, "    {}\n", style.quiet(&conflict.passages.join(" · ")));
        }
        for passage in &result.passages {
            card(&mut out, passage, style);
        }
    }
    let _ = writeln!(out, "{}", style.quiet(view::INTENDED_USE));
    out
}

fn card(out: &mut String, shown: &EvidenceView, style: Style) {
    let passage = &shown.passage;
    let document = &passage.document;
    let mut facts: Vec<String> = vec![document.publisher.clone().unwrap_or_else(|| document.id.clone())];
    // Two editions without a date would look alike.
    facts.push(document.year.map_or_else(|| format!("edition {}", document.version), |year| year.to_string()));
    facts.extend(document.jurisdiction.clone());
    if let Some(grade) = &passage.grade {
        let system = grade.system.as_deref().map(|system| format!("{system} ")).unwrap_or_default();
        facts.push(format!("{system}grade {}", grade.verbatim));
    }
    let _ = writeln!(out, "{:>2}  {}", shown.rank, style.strong(&facts.join(" · ")));
    if let Some(title) = &document.title {
        out.push_str(&style.quiet(&output::wrapped(title, "    ")));
    }
    for flag in &shown.flags {
        let _ = writeln!(out, "    {}", style.warn(&format!("⚠ {}", flag.message)));
    }
    if let Some(hint) = &shown.hint {
        let _ = writeln!(out, "    {}", style.quiet(&format!("hint: {} ({:.2})", hint.stance, hint.confidence)));
    }
    if let Some(replacement) = &shown.replacement {
        let (id, version) = (&replacement.document.id, &replacement.document.version);
        let _ = writeln!(
            out,
            "    {}",
            style.warn(&format!("⚠ {id}@{version} replaces it and says nothing that fits this claim"))
        );
    }
    if let Some(lead) = &passage.lead {
        out.push_str(&style.quiet(&output::wrapped(lead, "    ")));
    }
    // Quotation marks are for the guideline's own words; a digest's are ours.
    let words = if passage.notice.is_some() { passage.quote.clone() } else { format!("“{}”", passage.quote) };
    out.push_str(&output::wrapped(&words, "    "));
    if let Some(caution) = &document.caution {
        let _ = writeln!(out, "    {}", style.warn(caution));
    }
    let mut place: Vec<String> = Vec::new();
    let headings = passage.locator.section.iter().filter(|heading| Some(*heading) != document.title.as_ref());
    let headings = headings.map(String::as_str).collect::<Vec<_>>().join(" › ");
    if !headings.is_empty() {
        place.push(format!("§ {headings}"));
    }
    if let Some(page) = &passage.locator.page {
        place.push(format!("p. {}", page.label.clone().unwrap_or_else(|| (page.index + 1).to_string())));
    }
    place.extend(passage.locator.place.clone());
    place.push(passage.id.clone());
    out.push_str(&style.quiet(&output::wrapped(&place.join(" · "), "    ")));
    if !shown.duplicates.is_empty() {
        let others: Vec<&str> = shown.duplicates.iter().map(|other| other.id.as_str()).collect();
        out.push_str(&style.quiet(&output::wrapped(&format!("the same in {}", others.join(", ")), "    ")));
    }
    if let Some(url) = &passage.links.source {
        let _ = writeln!(out, "    {}", style.quiet(url));
    }
    if let Some(notice) = passage.notice {
        let _ = writeln!(out, "    {}", style.quiet(notice));
    }
    out.push('\n');
}
