//! Times the reading and the comparison of numbers, and the whole appraisal of a pair.
//!
//! `cargo bench --bench appraise` prints what a claim and a passage of 250 words take to read, and what a pair takes to
//! compare once both are read: a claim with three numbers and a passage with the numbers of a dense dose table. Then what all of
//! a pair takes (numbers, people, direction, words, hint), for passages of 40 words, as recommendations have them, and of 250.

use std::hint::black_box;
use std::io::Write;
use std::time::{Duration, Instant};

use groundline::appraise::amounts::{Reading, compare};
use groundline::appraise::{Asked, Subject};
use groundline::claim::Claim;
use groundline::document::{Builder, Limits};
use groundline::passage::passage_of_whole;

/// Rounds of which the median is told.
const ROUNDS: usize = 1001;
const CLAIM: &str =
    "Adults aged 40 to 75 with a systolic blood pressure of 140 mm Hg or more should take 81 mg of aspirin daily.";
const PASSAGE: &str = "Screen adults aged 40 to 70 years who have overweight or obesity for prediabetes every 3 years, with a fasting \
     glucose of 126 mg/dL (7.0 mmol/L) or higher as the threshold for diabetes. In adults with hypertension start drug treatment \
     at a blood pressure of 140/90 mm Hg or higher and treat to a goal below 130/80 mm Hg if it is tolerated. ";
const DENSE: &str =
    "Give amoxicillin 500 mg three times daily for 5 to 7 days, below 20 kg 30 mg/kg every 8 hours, maximum 3 g/day. ";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout().lock();
    let claim = Claim::new(CLAIM)?;
    writeln!(out, "read a claim                          {:>10.1?}", median(|| Reading::of_claim(black_box(&claim))))?;
    for (name, text) in [("usual", PASSAGE), ("dense", DENSE)] {
        let passage: String = text.split_whitespace().cycle().take(250).collect::<Vec<_>>().join(" ");
        let read = median(|| Reading::of_passage(black_box(&passage), &["Recommendations"]));
        let (one, other) = (Reading::of_claim(&claim), Reading::of_passage(&passage, &["Recommendations"]));
        let pair = median(|| compare(black_box(&one), black_box(&other)));
        writeln!(out, "read a {name} passage of 250 words     {read:>10.1?}, {} numbers", other.len())?;
        writeln!(out, "compare the claim with it             {pair:>10.1?}")?;
    }
    let asked = Asked::of(&claim);
    for words in [40, 250] {
        let mut builder = Builder::new("bench/1", &Limits::default());
        builder.paragraph(&PASSAGE.split_whitespace().cycle().take(words).collect::<Vec<_>>().join(" "));
        let document = builder.finish();
        let passage = passage_of_whole(&document, &"bench@1".parse()?).ok_or("no passage")?;
        let (title, about) = (Some("Hypertension: Screening and Treatment"), 0.8);
        let subject =
            Subject { passage: &passage, title, scope: None, publisher: None, jurisdiction: Some("US"), about };
        let pair = median(|| asked.appraise(black_box(&subject)));
        writeln!(out, "appraise a pair, {words:3} words            {pair:>10.1?}")?;
    }
    Ok(())
}

/// The median time of something that is done again and again.
fn median<T>(mut what: impl FnMut() -> T) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let started = Instant::now();
            let _ = black_box(what());
            started.elapsed()
        })
        .collect();
    times.sort();
    times[ROUNDS / 2]
}
