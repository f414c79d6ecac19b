//! `--resume`: goes on with a file of answers that a crash, a full disk or a ctrl-c left unfinished.
//!
//! Answers stand in the order of the claims, so what is there already is compared with the claims line by line before
//! anything is added: the ids, the claims and the snapshot must fit. A last line that is not whole is cut off and
//! answered again.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use anyhow::Context;
use serde::Deserialize;

use super::lines::{Input, id_of};
use super::{Failure, output, usage};

/// Longest line of an answer that is read back: 100 passages of the longest kind fit.
const LONGEST_ANSWER: u64 = 64 << 20;

/// What is answered already.
pub(super) struct Answered {
    /// The file, to be written at its end; `None` for standard output.
    pub(super) out: Option<File>,
    /// How many lines.
    pub(super) lines: u64,
    /// How many of them are errors.
    pub(super) rejected: u64,
}

/// What of an answer is compared.
#[derive(Deserialize)]
struct Line {
    id: Option<String>,
    claim: Option<String>,
    status: String,
    snapshot: SnapshotName,
}

#[derive(Deserialize)]
struct SnapshotName {
    id: String,
}

/// What of a claim is compared.
#[derive(Deserialize)]
struct Asked {
    id: Option<String>,
    claim: Option<String>,
}

/// Reads a file of answers beside the claims, and leaves both where the next answer goes.
pub(super) fn check(path: &Path, input: &mut Input, snapshot: &str) -> Result<Answered, Failure> {
    let opened = OpenOptions::new().read(true).append(true).create(true).open(path);
    let mut file = opened.with_context(|| format!("{} cannot be opened", path.display())).map_err(Failure::Usage)?;
    let mut answers = BufReader::new(file.try_clone().with_context(|| format!("{} cannot be read", path.display()))?);
    let mut answered = Answered { out: None, lines: 0, rejected: 0 };
    let (mut whole, mut line) = (0, Vec::new());
    loop {
        line.clear();
        let read = answers.by_ref().take(LONGEST_ANSWER).read_until(b'\n', &mut line)?;
        if read == 0 {
            break;
        }
        if !line.ends_with(b"\n") {
            if read as u64 == LONGEST_ANSWER {
                return Err(other(path, answered.lines, "is too long for an answer"));
            }
            output::talk(&format!(
                "groundline: the last line of {} is not whole: it is answered again",
                path.display()
            ));
            break;
        }
        let answer: Line = serde_json::from_slice(&line)
            .map_err(|_| other(path, answered.lines, "is no answer of `check --jsonl`"))?;
        if answer.snapshot.id != snapshot {
            return Err(other(path, answered.lines, "was answered from another snapshot than the one in use"));
        }
        let Some(claim) = input.next().context("the claims cannot be read")? else {
            return Err(other(path, answered.lines, "has no claim: this file has more answers than there are claims"));
        };
        if !fits(&answer, claim.as_deref()) {
            return Err(other(path, answered.lines, "answers another claim than the one in its place"));
        }
        answered.lines += 1;
        answered.rejected += u64::from(answer.status == "error");
        whole += read as u64;
    }
    file.set_len(whole).and_then(|()| file.seek(SeekFrom::End(0)).map(drop)).context("the answers cannot be cut")?;
    Ok(Answered { out: Some(file), ..answered })
}

/// Whether an answer belongs to a claim. One that was rejected has no claim, and perhaps no id.
fn fits(answer: &Line, claim: Option<&[u8]>) -> bool {
    let rejected = answer.status == "error";
    let Some(bytes) = claim else { return rejected };
    match serde_json::from_slice::<Asked>(bytes) {
        Ok(asked) => answer.id == asked.id && (rejected || answer.claim == asked.claim),
        Err(_) => rejected && answer.id == id_of(bytes),
    }
}

fn other(path: &Path, before: u64, what: &str) -> Failure {
    usage(anyhow::anyhow!("{}:{} {what}; write to a new file", path.display(), before + 1))
}
