//! `groundline corpus gaps`: how many claims found nothing, and which, where the operator had them kept.

use std::collections::BTreeMap;

use clap::Args;
use jiff::civil::Date;
use serde_json::json;

use crate::cli::output::{self, Style};
use crate::cli::{Done, Failure, Where};
use crate::index::{self, Asked, Counts};

/// Claims that are shown to a person, the most frequent.
const SHOWN: usize = 50;

#[derive(Args)]
pub(in crate::cli) struct Gaps {
    /// Only from this day on
    #[arg(long, value_name = "DATE")]
    since: Option<Date>,
    #[command(flatten)]
    place: Where,
}

/// A claim that was asked more than once is one line.
struct Repeated<'a> {
    claim: &'a str,
    count: usize,
    last: &'a Asked,
}

impl Gaps {
    pub(super) fn run(&self, json: bool) -> Result<Done, Failure> {
        let gaps = index::Gaps::read(&self.place.folders()?.index, self.since)?;
        let mut days: BTreeMap<Date, Counts> = BTreeMap::new();
        let mut total = Counts::default();
        for ((day, _), counts) in &gaps.counts {
            days.entry(*day).or_default().add(counts);
            total.add(counts);
        }
        let claims = by_frequency(&gaps.claims);
        if json {
            let rows = gaps.counts.iter().map(|((day, snapshot), counts)| {
                let mut row = json!({"day": day, "snapshot": snapshot});
                if let (Some(row), Ok(serde_json::Value::Object(counts))) =
                    (row.as_object_mut(), serde_json::to_value(counts))
                {
                    row.extend(counts);
                }
                row
            });
            let claims = claims.iter().map(|one| {
                let last = one.last;
                json!({"claim": one.claim, "count": one.count, "ending": last.ending, "last": last.day, "snapshot": last.snapshot})
            });
            return output::json(&json!({
                "since": self.since, "total": total, "days": rows.collect::<Vec<_>>(),
                "claims": claims.collect::<Vec<_>>(),
            }));
        }
        if days.is_empty() {
            output::talk("groundline: no claim is on record for these days");
        }
        output::text(&page(&days, &total, &claims, Style::of_stdout()))
    }
}

/// Claims that differ in case and spaces alone are one; the most frequent first.
fn by_frequency(claims: &[Asked]) -> Vec<Repeated<'_>> {
    let mut found: BTreeMap<String, Repeated<'_>> = BTreeMap::new();
    for asked in claims {
        let key = asked.claim.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let one = found.entry(key).or_insert(Repeated { claim: &asked.claim, count: 0, last: asked });
        one.count += 1;
        one.last = asked;
    }
    let mut found: Vec<Repeated<'_>> = found.into_values().collect();
    found.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.claim.cmp(b.claim)));
    found
}

fn page(days: &BTreeMap<Date, Counts>, total: &Counts, claims: &[Repeated<'_>], style: Style) -> String {
    let head =
        format!("{:<10} {:>8} {:>14} {:>12} {:>13}", "day", "asked", "not addressed", "no evidence", "out of scope");
    let mut out = format!("{}\n", style.strong(&head));
    let mut row = |name: &str, counts: &Counts| {
        let Counts { asked, not_addressed, no_evidence, out_of_scope } = counts;
        out.push_str(&format!("{name:<10} {asked:>8} {not_addressed:>14} {no_evidence:>12} {out_of_scope:>13}\n"));
    };
    for (day, counts) in days {
        row(&day.to_string(), counts);
    }
    row("all", total);
    if !claims.is_empty() {
        out.push_str(&format!("\n{}\n", style.strong("claims that found nothing, as kept")));
    }
    for one in claims.iter().take(SHOWN) {
        // What somebody pasted may hold anything; a terminal gets its characters and no commands.
        let claim: String = one.claim.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        out.push_str(&format!("{:>5}  {claim}\n", one.count));
    }
    out
}
