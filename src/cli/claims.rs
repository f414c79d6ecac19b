//! `groundline eval claims`: is the passage that settles a claim among the first?

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};

use super::eval::failure;
use super::runs::{self, Saving};
use super::settings::Lexicons;
use super::{Done, Failure, Where, output, usage};
use crate::eval::Error;
use crate::eval::claims::{self, Beside, Changed, File, GoldClaim, Report, Split};
use crate::eval::figures::{Figure, Maker, Row};
use crate::eval::saved::Measure;
use crate::index::Snapshot;

#[derive(Args)]
pub(super) struct Claims {
    /// TSV; its header tells its form: `id claim file location supporting_text stance`, `id claim gold split`, or
    /// `id set of claim` for changed forms of claims
    #[arg(long, value_name = "FILE")]
    claims: PathBuf,
    /// Which half of the claims, where they have two [possible values: tune, report]
    #[arg(long, value_name = "SPLIT")]
    split: Option<Split>,
    /// Which set of changed claims [default: each of them]
    #[arg(long, value_name = "NAME")]
    set: Option<String>,
    /// The plain claims of changed ones, with their gold; may be given several times
    #[arg(long, value_name = "FILE")]
    plain: Vec<PathBuf>,
    /// Show each claim's rank
    #[arg(long)]
    each: bool,
    #[command(flatten)]
    saving: Saving,
    #[command(flatten)]
    lexicons: Lexicons,
    #[command(flatten)]
    place: Where,
}

impl Claims {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        match claims::open(&self.claims).map_err(failure)? {
            File::Claims(claims) => self.run_plain(&claims, json),
            File::Changed(changed) => self.run_changed(&changed, json),
        }
    }

    fn run_plain(&self, claims: &[GoldClaim], json: bool) -> Result<Done, Failure> {
        let name = self.claims.display();
        if self.set.is_some() || !self.plain.is_empty() {
            let message = "--set and --plain go with changed claims (id set of claim)";
            return Err(usage(anyhow::anyhow!("{name} holds plain claims: {message}")));
        }
        let claims = self.half(claims)?;
        let before = self.saving.before()?;
        let snapshot = self.snapshot()?;
        let report = claims::measure(&snapshot, &claims).map_err(failure)?;
        tell(&report);
        let maker = Maker::of(&snapshot);
        let comparison = self.saving.settle(Measure::Claims, maker.clone(), report.rows.clone(), before.as_ref())?;
        if json {
            let mut object = plain_json(&report, &maker);
            if let Some(comparison) = &comparison {
                object.insert("against".to_owned(), runs::comparison_json(comparison));
            }
            output::json(&object)?;
        } else {
            let mut out = if self.each { ranks(&report.rows) } else { String::new() };
            let _ = write!(
                out,
                "{:<13} {}, {}\n{}",
                "claims",
                report.rows.len(),
                maker.ranker,
                runs::as_text(&report.rows)
            );
            let _ = write!(out, "{}", counted(&report));
            if report.hints.of > 0 {
                let claims::Hints { of, given, right } = report.hints;
                let _ = writeln!(out, "hints         {given} of {of} passages that settle, {right} right");
            }
            if let Some(comparison) = &comparison {
                out.push_str(&runs::comparison_text(comparison));
            }
            output::text(&out)?;
        }
        Ok(done(report.has_rejects()))
    }

    fn run_changed(&self, changed: &[Changed], json: bool) -> Result<Done, Failure> {
        let plain = self.plain_claims()?;
        let mut sets = claims::sets(changed, &plain, self.split);
        if let Some(name) = &self.set {
            let known = sets.iter().map(|set| set.name.as_str()).collect::<Vec<_>>().join(", ");
            sets.retain(|set| set.name == *name);
            if sets.is_empty() {
                return Err(usage(anyhow::anyhow!("{} has no set {name:?}; it has {known}", self.claims.display())));
            }
        }
        if sets.iter().all(|set| set.changed.is_empty()) {
            return Err(usage(Error::Nothing(self.claims.clone())));
        }
        let before = self.saving.before()?;
        let snapshot = self.snapshot()?;
        let (mut rows, mut out, mut objects, mut rejects) = (Vec::new(), String::new(), Vec::new(), false);
        for set in &sets {
            if set.elsewhere > 0 {
                let (name, number) = (&set.name, set.elsewhere);
                output::talk(&format!(
                    "groundline: {name}: {number} left out, as their plain claims are in no --plain file"
                ));
            }
            let beside = claims::beside(&snapshot, set, &plain).map_err(failure)?;
            tell(&beside.plain);
            tell(&Report { stale: Vec::new(), missing: Vec::new(), ..beside.changed.clone() });
            rejects |= beside.plain.has_rejects() || beside.changed.has_rejects();
            out.push_str(&self.beside_text(&set.name, &beside));
            objects.push(beside_json(&set.name, set.elsewhere, &beside));
            rows.extend(beside.changed.rows);
        }
        let maker = Maker::of(&snapshot);
        let comparison = self.saving.settle(Measure::Claims, maker.clone(), rows, before.as_ref())?;
        if json {
            let against = comparison.as_ref().map(runs::comparison_json);
            let (snapshot, ranker) = (&maker.snapshot, &maker.ranker);
            output::json(&json!({"snapshot": snapshot, "ranker": ranker, "sets": objects, "against": against}))?;
        } else {
            out.push_str(&comparison.as_ref().map(runs::comparison_text).unwrap_or_default());
            output::text(&format!("{}\n{out}", maker.ranker))?;
        }
        Ok(done(rejects))
    }

    /// The claims of the split that was asked for.
    fn half(&self, claims: &[GoldClaim]) -> Result<Vec<GoldClaim>, Failure> {
        let Some(split) = self.split else { return Ok(claims.to_vec()) };
        if claims.iter().all(|claim| claim.split.is_none()) {
            return Err(usage(anyhow::anyhow!("{} has no column of splits: leave out --split", self.claims.display())));
        }
        let half: Vec<GoldClaim> = claims.iter().filter(|claim| claim.split == Some(split)).cloned().collect();
        if half.is_empty() { Err(usage(Error::Nothing(self.claims.clone()))) } else { Ok(half) }
    }

    /// The claims of all files of plain claims; no id may stand in two of them.
    fn plain_claims(&self) -> Result<Vec<GoldClaim>, Failure> {
        if self.plain.is_empty() {
            let name = self.claims.display();
            return Err(usage(anyhow::anyhow!(
                "{name} holds changed claims: name the file of the plain ones with --plain"
            )));
        }
        let mut all: Vec<GoldClaim> = Vec::new();
        for path in &self.plain {
            for claim in claims::read(path).map_err(failure)? {
                if all.iter().any(|other| other.id == claim.id) {
                    let (id, path) = (&claim.id, path.display());
                    return Err(usage(anyhow::anyhow!(
                        "{path}: claim {id:?} stands in another file of plain claims too"
                    )));
                }
                all.push(claim);
            }
        }
        Ok(all)
    }

    fn snapshot(&self) -> Result<std::sync::Arc<Snapshot>, Failure> {
        let folders = self.place.folders()?;
        let store = folders.answering()?.asked_with(self.lexicons.open()?.0);
        folders.snapshot(&store)
    }

    fn beside_text(&self, set: &str, beside: &Beside) -> String {
        let (changed, plain) = (&beside.changed.rows, &beside.plain.rows);
        let mut out = format!("\n{set}: {} changed forms of {} claims\n", changed.len(), plain.len());
        if self.each {
            for row in changed {
                let was = plain.iter().find(|plain| row.of.as_ref() == Some(&plain.id)).and_then(|plain| plain.rank);
                let (id, of) = (&row.id, row.of.as_deref().unwrap_or_default());
                let _ = writeln!(out, "{id:<8} {of:<8} {} {}", place(was), place(row.rank));
            }
        }
        out.push_str(&runs::differences_text(["plain", "changed"], &beside.differences));
        out + &counted(&beside.plain)
    }
}

fn done(rejects: bool) -> Done {
    if rejects { Done::WithRejects } else { Done::Fully }
}

/// Says what could not be measured, and why.
fn tell(report: &Report) {
    for id in &report.missing {
        output::talk(&format!("groundline: the file of claim {id} is in no document of this snapshot"));
    }
    for stale in &report.stale {
        let (claim, passage) = (&stale.claim, &stale.passage);
        output::talk(&format!("groundline: claim {claim}: this snapshot has no passage {passage} (stale label)"));
    }
    for one in &report.left_out {
        output::talk(&format!("groundline: claim {} is left out: {}", one.id, one.reason));
    }
}

/// How many labels are stale and how many claims were left out, where there are some.
fn counted(report: &Report) -> String {
    let line = |number: usize, name: &str| {
        if number == 0 { String::new() } else { format!("{name:<13} {number}\n") }
    };
    line(report.stale.len(), "stale labels") + &line(report.left_out.len(), "left out")
}

fn place(rank: Option<usize>) -> String {
    rank.map_or("  –".to_owned(), |rank| format!("{rank:>3}"))
}

fn ranks(rows: &[Row]) -> String {
    let line = |row: &Row| {
        let first = row.first.as_deref().unwrap_or("no passage");
        format!("{:<8} {}  {first}\n", row.id, place(row.rank))
    };
    rows.iter().map(line).collect()
}

fn plain_json(report: &Report, maker: &Maker) -> Map<String, Value> {
    let mut object = Map::new();
    object.insert("n".to_owned(), json!(report.rows.len()));
    object.extend(runs::as_json(&report.rows));
    object.insert(
        "hint".to_owned(),
        json!({"of": report.hints.of, "given": report.hints.given, "right": report.hints.right}),
    );
    object.insert("ranker".to_owned(), json!(maker.ranker));
    object.insert("snapshot".to_owned(), json!(maker.snapshot));
    object.extend(rejects_json(report));
    let each = |row: &Row| json!({"id": row.id, "rank": row.rank, "first": row.first, "ndcg@10": row.figures.get(&Figure::Ndcg10)});
    object.insert("claims".to_owned(), report.rows.iter().map(each).collect());
    object
}

fn beside_json(set: &str, elsewhere: usize, beside: &Beside) -> Value {
    let mut object = Map::new();
    object.insert("set".to_owned(), json!(set));
    object.insert("n".to_owned(), json!(beside.changed.rows.len()));
    object.insert("elsewhere".to_owned(), json!(elsewhere));
    object.insert("plain".to_owned(), Value::Object(runs::as_json(&beside.plain.rows)));
    object.insert("changed".to_owned(), Value::Object(runs::as_json(&beside.changed.rows)));
    object.insert("figures".to_owned(), runs::differences_json(["plain", "changed"], &beside.differences));
    object.extend(rejects_json(&beside.changed));
    Value::Object(object)
}

fn rejects_json(report: &Report) -> Map<String, Value> {
    let stale = report.stale.iter().map(|one| json!({"claim": one.claim, "passage": one.passage}));
    let left_out = report.left_out.iter().map(|one| json!({"claim": one.id, "reason": one.reason}));
    [
        ("missing".to_owned(), json!(report.missing)),
        ("stale".to_owned(), stale.collect()),
        ("left_out".to_owned(), left_out.collect()),
    ]
    .into_iter()
    .collect()
}
