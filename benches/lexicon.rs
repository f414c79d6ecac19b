//! Times the lexicon: reading its rows, making its links, expanding claims.
//!
//! `lexicon FILE` takes a claim a line and prints the times; `cargo bench --bench lexicon -- FILE`.

use std::io::{Error, Write};
use std::time::{Duration, Instant};

use groundline::lexicon::Lexicon;

/// How often each claim is expanded.
const ROUNDS: usize = 20;

fn main() -> Result<(), Error> {
    // `cargo bench` adds an argument of its own.
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let path = arguments.next().ok_or_else(|| Error::other("say which file has the claims, one a line"))?;
    let claims = std::fs::read_to_string(path)?;
    let mut out = std::io::stdout().lock();
    let started = Instant::now();
    let lexicon = Lexicon::with(Vec::new());
    let rows = lexicon.rows().len();
    let read = started.elapsed();
    lexicon.prepare();
    let linked = started.elapsed() - read;
    writeln!(out, "{rows} rows read in {read:.2?}, linked in {linked:.2?}")?;
    let mut times: Vec<Duration> = Vec::new();
    let mut expansions = 0;
    for claim in claims.lines().cycle().take(ROUNDS * claims.lines().count()) {
        let started = Instant::now();
        expansions += lexicon.expand(claim, None).len();
        times.push(started.elapsed());
    }
    times.sort();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    let each = expansions as f64 / times.len().max(1) as f64;
    writeln!(
        out,
        "{} claims, {each:.1} expansions each, {:.1?} (p50), {:.1?} (p99)",
        times.len() / ROUNDS,
        at(50),
        at(99)
    )
}
