//! `groundline eval conflicts`: are guidelines that disagree told apart from those that do not?

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::eval::failure;
use super::{Done, Failure, Where, output};
use crate::eval::conflicts::{self, Figures, Held};

#[derive(Args)]
pub(super) struct Conflicts {
    /// JSONL with id and claim a line; with `passages` (two ids) and `conflict` (true or false) of a labelled triple
    #[arg(long, value_name = "FILE")]
    claims: PathBuf,
    /// Write instead what was measured of each two passages, one pair a line: what the comparison is fitted on
    #[arg(long)]
    measures: bool,
    #[command(flatten)]
    place: Where,
}

impl Conflicts {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        let folders = self.place.folders()?;
        let snapshot = folders.snapshot(&folders.answering()?)?;
        let all = conflicts::held(&snapshot, &self.claims).map_err(failure)?;
        if self.measures {
            return output::text(&all.iter().map(|one| line(one).to_string() + "\n").collect::<String>());
        }
        let Figures { conflicts, others, unlabelled } = conflicts::figures(&all);
        let of = |[pairs, told]: [usize; 2]| json!({"pairs": pairs, "told": told});
        if json {
            return output::json(
                &json!({"conflicts": of(conflicts), "others": of(others), "unlabelled": of(unlabelled)}),
            );
        }
        let row = |name: &str, [pairs, told]: [usize; 2]| format!("{name:13} {pairs:5} pairs, {told:4} told\n");
        output::text(&(row("conflicts", conflicts) + &row("no conflicts", others) + &row("unlabelled", unlabelled)))
    }
}

fn line(one: &Held) -> serde_json::Value {
    let measures = one.measures().into_iter().map(|(name, value)| (name.to_owned(), json!(value)));
    json!({
        "id": one.id,
        "claim": one.claim,
        "passages": one.passages,
        "conflict": one.conflict,
        "likelihood": one.found.as_ref().map(|found| found.likelihood),
        "may_be_told": one.found.as_ref().is_some_and(|found| found.may_be_told()),
        "told": one.is_told(),
        "reason": one.found.as_ref().map(|found| found.reason.as_str()),
        "measures": measures.collect::<serde_json::Map<_, _>>(),
    })
}
