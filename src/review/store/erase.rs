//! A review's texts go, out of the file's bytes too; hashes, labels and pins stay.
//!
//! What goes: the response, its prompt, title, metadata and the names that the importing file gave it; the claims' words,
//! forms and contexts; feedback, remarks, searches and drafts; and of kept evidence all but ids, digests, ranks and
//! standings, as a request is the claim, and flags and reasons repeat its words.
//!
//! SQLite overwrites what it deletes (`secure_delete`), but may leave copies where it moved a row from page to page. So the
//! file is written anew (`VACUUM`) and the write-ahead log cut to nothing. That this has to be done is kept in the file:
//! where the program dies meanwhile, the next one that opens it does it.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde_json::{Map, Value};

use super::rows::{json, moment, text};
use super::{Error, Store};

/// What stays of a request: how was searched, not for what.
const OF_A_REQUEST: [&str; 5] = ["k", "as_of", "packs", "filters", "include"];
/// What stays of a result.
const OF_A_RESULT: [&str; 3] = ["status", "coverage", "conflict"];
/// What stays of a passage in a result.
const OF_A_PASSAGE: [&str; 4] = ["id", "rank", "score", "quote_sha256"];
/// What stays of its edition.
const OF_AN_EDITION: [&str; 4] = ["id", "version", "status", "superseded_by"];

impl Store {
    /// Erases a review and says when. Once more changes nothing.
    ///
    /// When this returns, the texts are gone from the file, unless another program reads it for longer than a call waits:
    /// then they are gone from every answer, and from the file once it is opened again or another review is erased.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Database`].
    pub fn erase(&self, review: &str) -> Result<Timestamp, Error> {
        let now = self.now();
        let at = self.write(|transaction| {
            let mut statement = transaction.prepare_cached("SELECT erased_at FROM reviews WHERE id = ?1")?;
            let erased: Option<Option<i64>> = statement.query_row([review], |row| row.get(0)).optional()?;
            match erased {
                None => Err(Error::missing("review", review)),
                Some(Some(at)) => Ok(at),
                Some(None) => {
                    forget(transaction, review, now)?;
                    Ok(now)
                }
            }
        })?;
        self.finish_erasing()?;
        moment(at)
    }

    /// Clears erased texts out of the file where that is still to be done.
    pub(super) fn finish_erasing(&self) -> Result<(), Error> {
        let pending = self.read(|connection| {
            let sql = "SELECT EXISTS (SELECT 1 FROM chores WHERE name = 'scrub')";
            Ok(connection.query_row(sql, [], |row| row.get::<_, bool>(0))?)
        })?;
        if !pending {
            return Ok(());
        }
        match self.inner.connections.alone(scrub) {
            Ok(true) => {}
            Ok(false) => tracing::warn!("erased texts stay in the file until no other program reads it"),
            Err(error) => tracing::warn!(%error, "erased texts could not be cleared out of the file yet"),
        }
        Ok(())
    }
}

pub(super) fn forget(transaction: &Transaction<'_>, review: &str, now: i64) -> Result<(), Error> {
    transaction.execute(
        "UPDATE reviews SET erased_at = ?2, changed_at = max(changed_at, ?2), title = '', text = '', prompt = NULL, \
         metadata = '{}', source_name = NULL, source_id = NULL WHERE id = ?1",
        params![review, now],
    )?;
    for sql in [
        "UPDATE claims SET text = '', claim = '', context = '' WHERE review = ?1",
        "DELETE FROM verdict_texts WHERE verdict IN (SELECT id FROM verdicts WHERE review = ?1)",
        "DELETE FROM drafts WHERE review = ?1",
        "UPDATE assessments SET note = NULL WHERE review = ?1",
    ] {
        transaction.execute(sql, [review])?;
    }
    forget_evidence(transaction, review)?;
    transaction.execute("INSERT OR IGNORE INTO chores (name) VALUES ('scrub')", [])?;
    Ok(())
}

fn forget_evidence(transaction: &Transaction<'_>, review: &str) -> Result<(), Error> {
    let mut statement = transaction.prepare("SELECT seq, request, result FROM evidence WHERE review = ?1")?;
    let read =
        |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?));
    let kept: Vec<(i64, String, String)> = statement.query_map([review], read)?.collect::<Result<_, _>>()?;
    for (seq, request, result) in kept {
        let request = only(&json("a kept request", &request)?, &OF_A_REQUEST);
        let result = result_without_words(&json("a kept result", &result)?);
        transaction.execute(
            "UPDATE evidence SET request = ?2, result = ?3 WHERE seq = ?1",
            params![seq, text("/request", &request)?, text("/result", &result)?],
        )?;
    }
    Ok(())
}

fn result_without_words(result: &Value) -> Value {
    let mut kept = only(result, &OF_A_RESULT);
    for list in ["passages", "counter"] {
        let Some(passages) = result.get(list).and_then(Value::as_array) else { continue };
        let bare = |passage: &Value| {
            let mut bare = only(passage, &OF_A_PASSAGE);
            bare["document"] = only(passage.get("document").unwrap_or(&Value::Null), &OF_AN_EDITION);
            bare
        };
        kept[list] = passages.iter().map(bare).collect();
    }
    kept
}

/// An object with these of its members alone.
fn only(value: &Value, members: &[&str]) -> Value {
    let member = |name: &&str| Some(((*name).to_owned(), value.get(*name)?.clone()));
    Value::Object(members.iter().filter_map(member).collect::<Map<_, _>>())
}

/// Writes the file anew and cuts the log; whether both could be done.
fn scrub(connection: &Connection) -> Result<bool, Error> {
    // The new file is put together beside the old one: on disk, as it may be large; what is erased is not in it.
    connection.pragma_update(None, "temp_store", "FILE")?;
    let written = connection.execute_batch("VACUUM").map_err(Error::from);
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    written?;
    if !is_cut(connection)? {
        return Ok(false);
    }
    connection.execute("DELETE FROM chores WHERE name = 'scrub'", [])?;
    Ok(true)
}

/// Moves the write-ahead log into the file and cuts it to nothing; `false` where somebody still reads from it.
fn is_cut(connection: &Connection) -> Result<bool, Error> {
    let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(busy == 0)
}
