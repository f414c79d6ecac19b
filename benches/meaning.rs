//! Times the static encoder and the exact search among vectors.
//!
//! `cargo bench --bench meaning` prints what a claim and a passage of 100 words take to encode, and what the search for
//! the nearest 100 takes among 10,000 and 100,000 vectors that a fixed sequence draws.

use std::hint::black_box;
use std::io::Write;
use std::time::{Duration, Instant};

use groundline::meaning::{Encoder, Error, Matrix, StaticEncoder, normalise};

/// Rounds of which the median is told.
const ROUNDS: usize = 101;
const CLAIM: &str = "Adults aged 40 to 75 with high blood pressure should take 75 to 100 mg of aspirin a day.";
const TITLE: &str = "Aspirin use to prevent cardiovascular disease: preventive medication";
const HEADING: &str = "Recommendation summary";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout().lock();
    let started = Instant::now();
    let encoder = StaticEncoder::embedded()?;
    writeln!(out, "read the table and test it       {:>10.1?}", started.elapsed())?;
    let started = Instant::now();
    encoder.digest();
    writeln!(out, "its digest                       {:>10.1?}", started.elapsed())?;
    let passage: String = CLAIM.split_whitespace().cycle().take(100).collect::<Vec<_>>().join(" ");
    let claim = median(|| encoder.query(black_box(CLAIM)));
    writeln!(out, "encode a claim                   {claim:>10.1?}")?;
    let passage = median(|| encoder.passage(&[TITLE, HEADING], black_box(&passage)));
    writeln!(out, "encode a passage of 100 words    {passage:>10.1?}")?;
    for rows in [10_000, 100_000] {
        let (matrix, query) = drawn(rows, encoder.dimensions())?;
        let all = median(|| Ok(matrix.nearest(black_box(&query), 100, |_| true)));
        let some = median(|| Ok(matrix.nearest(black_box(&query), 100, |row| row % 10 == 0)));
        writeln!(out, "nearest 100 of {rows:>7}           {all:>10.1?}, of every tenth {some:.1?}")?;
    }
    Ok(())
}

/// The median time of something that is done again and again.
fn median<T>(mut what: impl FnMut() -> Result<T, Error>) -> Duration {
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

/// Rows and a query in directions that a fixed sequence draws.
fn drawn(rows: usize, dimensions: usize) -> Result<(Matrix, Vec<f32>), Error> {
    let mut state = 1u64;
    let mut vector = || {
        let mut vector: Vec<f32> = (0..dimensions)
            .map(|_| {
                // The upper half of a linear congruential generator (Knuth's MMIX).
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 40) as f32 / (1u64 << 24) as f32 - 0.5
            })
            .collect();
        normalise(&mut vector);
        vector
    };
    let mut matrix = Matrix::new(dimensions)?;
    for _ in 0..rows {
        matrix.push(&vector())?;
    }
    Ok((matrix, vector()))
}
