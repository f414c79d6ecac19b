//! Times the reading of a claim and the opinion on a passage of 120 words.
//!
//! `cargo bench --bench stance` prints the median and the best of what a claim takes to read, what a passage takes whose words are
//! known and whose words are new, and what the reasons take.

use std::hint::black_box;
use std::io::Write;
use std::time::{Duration, Instant};

use groundline::appraise::stance::{Classifier, Judge, Reading, signals};

/// Rounds of which the median is told.
const ROUNDS: usize = 1_001;
const CLAIM: &str = "Adults aged 40 to 75 with high blood pressure should take 75 to 100 mg of aspirin a day to lower the risk of stroke.";
const TITLE: &str = "Aspirin use to prevent cardiovascular disease: preventive medication";
const PASSAGE: &str = "The decision to initiate low-dose aspirin use for the primary prevention of cardiovascular disease in adults aged \
    40 to 59 years who have a 10% or greater 10-year risk should be an individual one. Evidence indicates that the net \
    benefit of aspirin use in this group is small. Persons who are not at increased risk for bleeding and are willing to \
    take low-dose aspirin daily are more likely to benefit. We found no reduction in mortality from stroke. \
    The committee recommends against initiating low-dose aspirin use for the primary prevention of disease in adults 60 \
    years or older. Bleeding increases with age, and aspirin raises the risk of gastrointestinal bleeding, intracranial \
    bleeding and haemorrhagic stroke, although serious harms were rare in trials.";

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let started = Instant::now();
    let claim = Reading::of_claim(CLAIM);
    black_box(Classifier.opinion(&claim, TITLE, PASSAGE));
    writeln!(out, "first of all, tables read         {:>10.1?}", started.elapsed())?;
    let mut tell = |what: &str, (fastest, median): (Duration, Duration)| {
        writeln!(out, "{what:<33} {median:>10.1?}, at best {fastest:.1?}")
    };
    tell("read a claim", times(|_| Reading::of_claim(black_box(CLAIM))))?;
    let words = PASSAGE.split_whitespace().count();
    tell(&format!("a passage of {words} words"), times(|_| Classifier.opinion(&claim, TITLE, black_box(PASSAGE))))?;
    tell("its reasons", times(|_| Classifier.reasons(&claim, TITLE, black_box(PASSAGE))))?;
    tell("its signals alone", times(|_| signals(&claim, TITLE, black_box(PASSAGE))))?;
    let fresh: Vec<String> = (0..ROUNDS).map(changed).collect();
    tell("a passage whose words are new", times(|round| Classifier.opinion(&claim, TITLE, black_box(&fresh[round]))))
}

/// The passage with each word of five letters or more made another, which no text had before.
fn changed(round: usize) -> String {
    let letters = |mut number: usize| {
        let mut text = String::new();
        for _ in 0..3 {
            text.push(char::from(b'a' + (number % 26) as u8));
            number /= 26;
        }
        text
    };
    let one = |word: &str| if word.len() < 5 { word.to_owned() } else { format!("{}{word}", letters(round)) };
    PASSAGE.split_whitespace().map(one).collect::<Vec<_>>().join(" ")
}

/// The shortest and the median time of something that is done again and again.
fn times<T>(mut what: impl FnMut(usize) -> T) -> (Duration, Duration) {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|round| {
            let started = Instant::now();
            black_box(what(round));
            started.elapsed()
        })
        .collect();
    times.sort();
    (times[0], times[ROUNDS / 2])
}
