//! The forms that the file has had, and the steps from each to the next.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::Error;

/// `GLRV`: says whose file it is.
const APPLICATION: i64 = 0x474c_5256;
/// The steps, in order: after the first `n` of them the file has form `n`, its `user_version`.
const STEPS: [&str; 1] = [include_str!("schema-1.sql")];

/// The newest form that this program knows.
const KNOWN: i64 = STEPS.len() as i64;

/// Refuses a file of another program, or of a newer one of ours, before anything in it is changed.
pub(super) fn look(connection: &Connection, path: &Path) -> Result<(), Error> {
    let (application, found) = (number(connection, "application_id")?, number(connection, "user_version")?);
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let empty = application == 0 && found == 0 && tables == 0;
    if application != APPLICATION && !empty {
        return Err(Error::NotOurs { path: path.to_owned(), why: "it is a database of another program".to_owned() });
    }
    if found > KNOWN {
        return Err(Error::Newer { path: path.to_owned(), found, known: KNOWN });
    }
    Ok(())
}

/// Brings the file to the newest form, whole or not at all.
pub(super) fn apply(connection: &mut Connection, path: &Path) -> Result<(), Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another program may have been here while this one waited for its turn.
    look(&transaction, path)?;
    let found = usize::try_from(number(&transaction, "user_version")?).unwrap_or(0);
    if found < STEPS.len() {
        for step in STEPS.iter().skip(found) {
            transaction.execute_batch(step)?;
        }
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", KNOWN)?;
    }
    transaction.commit()?;
    Ok(())
}

fn number(connection: &Connection, pragma: &str) -> Result<i64, Error> {
    Ok(connection.pragma_query_value(None, pragma, |row| row.get(0))?)
}
