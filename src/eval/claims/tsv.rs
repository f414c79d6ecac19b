//! Reads files of claims; their header tells which form they have.
//!
//! - `id claim file location supporting_text stance`: the contract's form, the words that settle a claim.
//! - `id claim gold split …`: passages that settle it, `passage id:grade` joined by `|`, or `-` where none is held.
//! - `id set of claim`: changed forms of claims whose gold stands elsewhere.
//!
//! Columns are parted by tabs; further columns of the second form are notes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::str::FromStr;

use super::{Changed, Gold, GoldClaim, Grade, Split};
use crate::appraise::stance::Stance;
use crate::eval::Error;
use crate::passage::PassageId;

/// Header of the contract's form.
const WORDS: [&str; 6] = ["id", "claim", "file", "location", "supporting_text", "stance"];
/// How the header of claims with passages begins.
const PASSAGES: [&str; 4] = ["id", "claim", "gold", "split"];
/// Header of changed claims.
const CHANGED: [&str; 4] = ["id", "set", "of", "claim"];

/// A file of claims.
#[derive(Clone, Debug)]
pub enum File {
    /// Claims with what settles them.
    Claims(Vec<GoldClaim>),
    /// Changed forms of claims.
    Changed(Vec<Changed>),
}

/// Reads a file of any form.
///
/// # Errors
/// [`Error`] names the file and the line.
pub fn open(path: &Path) -> Result<File, Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
    let header: Vec<&str> = text.lines().next().unwrap_or_default().split('\t').map(str::trim).collect();
    let rows = Rows { path, text: &text };
    if header == CHANGED {
        return Ok(File::Changed(rows.each(changed, |row| &row.id)?));
    }
    let row = if header.starts_with(&PASSAGES) {
        passages
    } else if header == WORDS {
        words
    } else if text.trim().is_empty() {
        return Err(Error::Nothing(path.to_owned()));
    } else {
        let known = [&WORDS[..], &PASSAGES, &CHANGED].map(|names| names.join(" "));
        let reason = format!("an unknown header; known are, parted by tabs: {}", known.join("; "));
        return Err(Error::Line { path: path.to_owned(), line: 1, reason });
    };
    Ok(File::Claims(rows.each(row, |row| &row.id)?))
}

/// Reads claims with what settles them.
///
/// # Errors
/// [`Error`] names the file and the line; a file of changed claims is refused.
pub fn read(path: &Path) -> Result<Vec<GoldClaim>, Error> {
    match open(path)? {
        File::Claims(claims) => Ok(claims),
        File::Changed(_) => {
            let reason = "changed claims (id set of claim): their gold stands with the plain ones".to_owned();
            Err(Error::Line { path: path.to_owned(), line: 1, reason })
        }
    }
}

/// The id and the claim of each line of a TSV whose first two columns they are.
///
/// # Errors
/// [`Error`] names the file and the line.
pub(in crate::eval) fn named(path: &Path) -> Result<Vec<(String, String)>, Error> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::Unreadable { path: path.to_owned(), source })?;
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty()) {
        let mut fields = line.split('\t');
        let (Some(id), Some(claim)) = (fields.next(), fields.next()) else {
            let reason = "fewer than two columns (id and claim come first)".to_owned();
            return Err(Error::Line { path: path.to_owned(), line: at + 1, reason });
        };
        found.push((id.trim().to_owned(), claim.trim().to_owned()));
    }
    if found.is_empty() { Err(Error::Nothing(path.to_owned())) } else { Ok(found) }
}

struct Rows<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Rows<'_> {
    /// Reads every line below the header; no id may stand there twice.
    fn each<T>(&self, read: impl Fn(&[&str]) -> Result<T, String>, id: impl Fn(&T) -> &str) -> Result<Vec<T>, Error> {
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        for (at, line) in self.text.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty()) {
            let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
            let wrong = |reason: String| Error::Line { path: self.path.to_owned(), line: at + 1, reason };
            let row = read(&fields).map_err(wrong)?;
            if id(&row).is_empty() {
                return Err(wrong("the id is empty".to_owned()));
            }
            if !seen.insert(id(&row).to_owned()) {
                return Err(wrong(format!("the id {:?} stands here twice", id(&row))));
            }
            found.push(row);
        }
        if found.is_empty() { Err(Error::Nothing(self.path.to_owned())) } else { Ok(found) }
    }
}

fn fields_missing(found: usize, names: &[&str]) -> String {
    format!("{found} fields instead of {} ({})", names.len(), names.join(" "))
}

fn words(fields: &[&str]) -> Result<GoldClaim, String> {
    let [id, claim, file, _location, supporting, stance] = fields else {
        return Err(fields_missing(fields.len(), &WORDS));
    };
    let stance = match stance.trim() {
        "" | "-" => None,
        "SUPPORT" => Some(Stance::Supports),
        "CONTRADICT" => Some(Stance::Contradicts),
        "NEI" => Some(Stance::Neutral),
        other => return Err(format!("the stance {other:?} is none of SUPPORT, CONTRADICT, NEI")),
    };
    let gold = Gold::Words { file: (*file).to_owned(), supporting: (*supporting).to_owned(), stance };
    Ok(GoldClaim { id: (*id).to_owned(), of: None, claim: (*claim).to_owned(), split: None, gold })
}

fn passages(fields: &[&str]) -> Result<GoldClaim, String> {
    let [id, claim, gold, split, ..] = fields else { return Err(fields_missing(fields.len(), &PASSAGES)) };
    let gold = Gold::Passages(graded(gold)?);
    Ok(GoldClaim { id: (*id).to_owned(), of: None, claim: (*claim).to_owned(), split: Some(split.parse()?), gold })
}

fn changed(fields: &[&str]) -> Result<Changed, String> {
    let [id, set, of, claim] = fields else { return Err(fields_missing(fields.len(), &CHANGED)) };
    if set.is_empty() || of.is_empty() {
        return Err("the set or the plain claim's id is empty".to_owned());
    }
    let [id, set, of, claim] = [id, set, of, claim].map(|field| (*field).to_owned());
    Ok(Changed { id, set, of, claim })
}

/// Passages with their grades; none for `-`.
fn graded(gold: &str) -> Result<BTreeMap<PassageId, Grade>, String> {
    let mut found = BTreeMap::new();
    if gold == "-" {
        return Ok(found);
    }
    for part in gold.split('|') {
        let (id, grade) =
            part.rsplit_once(':').ok_or_else(|| format!("{part:?} is no gold: write `passage id:grade`, or `-`"))?;
        let grade = match grade {
            "2" => Grade::Settles,
            "1" => Grade::Helps,
            other => return Err(format!("the grade {other:?} is neither 2 (settles) nor 1 (helps)")),
        };
        let id: PassageId = id.parse().map_err(|error| format!("{error}"))?;
        if let Some(id) = found.insert(id.clone(), grade).map(|_| id) {
            return Err(format!("{id} stands here twice"));
        }
    }
    Ok(found)
}

impl FromStr for Split {
    type Err = String;

    fn from_str(name: &str) -> Result<Split, String> {
        match name {
            "tune" => Ok(Split::Tune),
            "report" => Ok(Split::Report),
            other => Err(format!("{other:?} is no split: tune or report")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<File, Error> {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), text).expect("written");
        open(file.path())
    }

    fn claims(text: &str) -> Vec<GoldClaim> {
        match of(text) {
            Ok(File::Claims(claims)) => claims,
            other => panic!("{other:?}"),
        }
    }

    fn fails(text: &str, expected: &str) {
        let error = of(text).expect_err(text).to_string();
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn claims_with_passages_are_read() {
        let found = claims(
            "id\tclaim\tgold\tsplit\tnote\nc1\tRest.\ta@1#rec-1:2|a@1#p-0:1\ttune\tclose\r\n\nc2\tRun.\t-\treport\n",
        );
        let Gold::Passages(gold) = &found[0].gold else { panic!("{:?}", found[0].gold) };
        let gold: Vec<(String, Grade)> = gold.iter().map(|(id, grade)| (id.to_string(), *grade)).collect();
        assert_eq!(gold, [("a@1#p-0".to_owned(), Grade::Helps), ("a@1#rec-1".to_owned(), Grade::Settles)]);
        assert_eq!((found[0].split, found[1].split), (Some(Split::Tune), Some(Split::Report)));
        assert!(matches!(&found[1].gold, Gold::Passages(none) if none.is_empty()));
    }

    #[test]
    fn changed_claims_are_read_and_are_no_plain_ones() {
        let text = "id\tset\tof\tclaim\nr1\ttypo\tc1\tRset.\n";
        let Ok(File::Changed(found)) = of(text) else { panic!("not read") };
        let expected = ["r1", "typo", "c1", "Rset."].map(str::to_owned);
        assert_eq!([&found[0].id, &found[0].set, &found[0].of, &found[0].claim], expected.each_ref());
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), text).expect("written");
        let error = read(file.path()).expect_err("changed claims").to_string();
        assert!(error.contains(":1: changed claims"), "{error}");
    }

    #[test]
    fn a_wrong_line_is_named() {
        let words = "id\tclaim\tfile\tlocation\tsupporting_text\tstance\n";
        let passages = "id\tclaim\tgold\tsplit\n";
        fails("", "holds nothing to measure");
        fails(words, "holds nothing to measure");
        fails("id\tclaim\n1\tonly two\n", ":1: an unknown header; known are, parted by tabs: id claim file");
        fails("id\tclaim\tdocument\tsplit\n1\ta\tb\ttune\n", ":1: an unknown header");
        fails(&format!("{words}1\tonly two\n"), ":2: 2 fields instead of 6");
        fails(&format!("{passages}1\tx\t-\n"), ":2: 3 fields instead of 4");
        fails(&format!("{passages}1\tx\t-\tdev\n"), ":2: \"dev\" is no split: tune or report");
        fails(&format!("{passages}1\tx\t\ttune\n"), ":2: \"\" is no gold: write `passage id:grade`, or `-`");
        fails(&format!("{passages}1\tx\ta@1#b:3\ttune\n"), "the grade \"3\" is neither 2 (settles) nor 1 (helps)");
        fails(&format!("{passages}1\tx\ta@1#b\ttune\n"), "is no gold");
        fails(&format!("{passages}1\tx\ta#b:2\ttune\n"), ":2: ");
        fails(&format!("{passages}1\tx\ta@1:2\ttune\n"), "is no passage id");
        fails(&format!("{passages}1\tx\ta@1#b:2|a@1#b:1\ttune\n"), "a@1#b stands here twice");
        fails(&format!("{passages}1\tx\t-\ttune\n1\ty\t-\ttune\n"), ":3: the id \"1\" stands here twice");
        fails(&format!("{passages}\tx\t-\ttune\n"), ":2: the id is empty");
        fails("id\tset\tof\tclaim\nr1\ttypo\t\tRset.\n", ":2: the set or the plain claim's id is empty");
    }
}
