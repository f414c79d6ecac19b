//! A run's rows as JSON lines, and what differs between a saved run and this one.
//!
//! One object a line: `measure`, `id`, `of` (the plain claim of a changed one), `asked`, `rank`, `first`, `figures`,
//! `snapshot`, `engine`, `ranker`. The form holds no claim text.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Error;
use super::compare::{Difference, Pair};
use super::figures::{Figure, Maker, Row};

/// What was measured: figures of the one cannot be compared with figures of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// Claims with the passages that settle them.
    Claims,
    /// Queries of a public set.
    Retrieval,
}

/// The rows of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What was measured.
    pub measure: Measure,
    /// What answered.
    pub maker: Maker,
    /// A row a claim or query.
    pub rows: Vec<Row>,
}

#[derive(Serialize, Deserialize)]
struct Line {
    measure: Measure,
    #[serde(flatten)]
    row: Row,
    #[serde(flatten)]
    maker: Maker,
}

/// A saved run beside this one.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// What answered in the saved run.
    pub before: Maker,
    /// Number of claims that both have.
    pub compared: usize,
    /// Claims that only this run has.
    pub only_now: Vec<String>,
    /// Claims that only the saved run has.
    pub only_before: Vec<String>,
    /// Claims that both have under the same id, with other words or another gold; they are not compared.
    pub changed: Vec<String>,
    /// The figures that both have.
    pub figures: Vec<(Figure, Difference)>,
}

impl Run {
    /// The run as JSON lines.
    ///
    /// # Errors
    /// Where a figure is no number.
    pub fn to_lines(&self) -> Result<String, serde_json::Error> {
        let mut lines = String::new();
        for row in &self.rows {
            let line = Line { measure: self.measure, row: row.clone(), maker: self.maker.clone() };
            lines.push_str(&serde_json::to_string(&line)?);
            lines.push('\n');
        }
        Ok(lines)
    }

    /// Reads a saved run.
    ///
    /// # Errors
    /// [`Error`] names the file and the line: no such object, an id twice, lines of two runs.
    pub fn read(path: &Path) -> Result<Run, Error> {
        let text =
            std::fs::read_to_string(path).map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
        let mut run: Option<Run> = None;
        let mut seen = BTreeSet::new();
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let wrong = |reason: String| Error::Line { path: path.to_owned(), line: at + 1, reason };
            let Line { measure, row, maker } =
                serde_json::from_str(line).map_err(|error| wrong(format!("no line that --save writes: {error}")))?;
            if !seen.insert(row.id.clone()) {
                return Err(wrong(format!("{:?} stands here twice", row.id)));
            }
            match &mut run {
                None => run = Some(Run { measure, maker, rows: vec![row] }),
                Some(run) if run.measure == measure && run.maker == maker => run.rows.push(row),
                Some(_) => return Err(wrong("a line of another run than those before it".to_owned())),
            }
        }
        run.ok_or_else(|| Error::Nothing(path.to_owned()))
    }

    /// This run beside an earlier one, claim by claim.
    ///
    /// # Errors
    /// [`Error::OtherMeasure`] where the two measured different things, [`Error::NoCommon`] where they share no claim.
    pub fn against(&self, before: &Run) -> Result<Comparison, Error> {
        if self.measure != before.measure {
            return Err(Error::OtherMeasure);
        }
        let earlier: BTreeMap<&str, &Row> = before.rows.iter().map(|row| (row.id.as_str(), row)).collect();
        let ours: BTreeSet<&str> = self.rows.iter().map(|row| row.id.as_str()).collect();
        let (mut both, mut only_now, mut changed) = (Vec::new(), Vec::new(), Vec::new());
        for now in &self.rows {
            match earlier.get(now.id.as_str()) {
                None => only_now.push(now.id.clone()),
                Some(before) if before.asked != now.asked => changed.push(now.id.clone()),
                Some(before) => both.push((*before, now)),
            }
        }
        let missing = before.rows.iter().filter(|row| !ours.contains(row.id.as_str()));
        let only_before = missing.map(|row| row.id.clone()).collect();
        if both.is_empty() {
            return Err(Error::NoCommon);
        }
        let figures = differences(&both);
        Ok(Comparison { before: before.maker.clone(), compared: both.len(), only_now, only_before, changed, figures })
    }
}

/// What differs in each figure that both rows of some pair have.
pub(super) fn differences(pairs: &[(&Row, &Row)]) -> Vec<(Figure, Difference)> {
    let of = |figure: Figure| {
        let values = pairs.iter().filter_map(|(before, now)| {
            let (was, is) = (*before.figures.get(&figure)?, *now.figures.get(&figure)?);
            Some(Pair { unit: now.unit(), before: was, now: is })
        });
        Some((figure, Difference::of(&values.collect::<Vec<_>>())?))
    };
    Figure::ALL.into_iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, asked: &str, hit: f64) -> Row {
        let rank = (hit > 0.0).then_some(1);
        let figures = [(Figure::Hit1, hit)].into();
        Row { id: id.to_owned(), of: None, asked: asked.to_owned(), rank, first: None, figures }
    }

    fn run(snapshot: &str, rows: Vec<Row>) -> Run {
        let maker = Maker { snapshot: snapshot.to_owned(), engine: "0 x".to_owned(), ranker: "lexical".to_owned() };
        Run { measure: Measure::Claims, maker, rows }
    }

    fn read(text: &str) -> Result<Run, Error> {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), text).expect("written");
        Run::read(file.path())
    }

    #[test]
    fn a_run_is_read_back_as_it_was_saved() {
        let mut saved = run("s", vec![row("a", "1", 1.0), row("b", "2", 0.1 + 0.2)]);
        saved.rows[1].of = Some("a".to_owned());
        let lines = saved.to_lines().expect("lines");
        assert_eq!(lines.lines().count(), 2);
        assert!(lines.starts_with(r#"{"measure":"claims","id":"a","asked":"1","rank":1,"#), "{lines}");
        assert_eq!(read(&lines).expect("a run"), saved);
    }

    #[test]
    fn what_is_no_run_is_refused_with_its_line() {
        let check = |text: &str, expected: &str| {
            let error = read(text).expect_err(text).to_string();
            assert!(error.contains(expected), "{error}");
        };
        let good = run("s", vec![row("a", "1", 1.0)]).to_lines().expect("lines");
        let other = run("t", vec![row("b", "1", 1.0)]).to_lines().expect("lines");
        check("", "holds nothing to measure");
        check("not json\n", ":1: no line that --save writes");
        check(&good.replace("hit@1", "hit@2"), "\"hit@2\" is no figure");
        check(&format!("{good}{good}"), ":2: \"a\" stands here twice");
        check(&format!("{good}\n{other}"), ":3: a line of another run");
    }

    #[test]
    fn two_runs_are_compared_over_the_claims_that_both_have() {
        let ids: Vec<String> = (0..30).map(|at| format!("c{at}")).collect();
        let all = |hit: f64| ids.iter().map(|id| row(id, "1", hit)).collect::<Vec<_>>();
        let (mut before, mut now) = (all(0.0), all(1.0));
        before.push(row("gone", "1", 1.0));
        now.push(row("new", "1", 1.0));
        before.push(row("reworded", "1", 1.0));
        now.push(row("reworded", "2", 0.0));
        let (before, now) = (run("s", before), run("t", now));
        let found = now.against(&before).expect("a comparison");
        assert_eq!((found.compared, found.before.snapshot.as_str()), (30, "s"));
        assert_eq!((&found.only_now[..], &found.only_before[..]), (&["new".to_owned()][..], &["gone".to_owned()][..]));
        assert_eq!(found.changed, ["reworded"]);
        let [(Figure::Hit1, change)] = found.figures[..] else { panic!("{:?}", found.figures) };
        assert_eq!((change.before, change.now, change.interval), (0.0, 1.0, (1.0, 1.0)));
        assert!(change.p < 0.01, "{change:?}");
        let back = before.against(&now).expect("a comparison").figures[0].1;
        assert_eq!((back.p, back.change()), (change.p, -1.0));
        let same = now.against(&now).expect("a comparison").figures[0].1;
        assert_eq!((same.p, same.change()), (1.0, 0.0));
    }

    #[test]
    fn runs_that_share_nothing_are_not_compared() {
        let one = run("s", vec![row("a", "1", 1.0)]);
        assert!(matches!(one.against(&run("s", vec![row("b", "1", 1.0)])), Err(Error::NoCommon)));
        let other = Run { measure: Measure::Retrieval, ..one.clone() };
        assert!(matches!(one.against(&other), Err(Error::OtherMeasure)));
    }
}
