//! The file and the connections to it.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use super::{Error, migrations};

/// How long a call waits for another program that writes to the same file.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most connections that are kept for reading.
const MOST_READERS: usize = 4;
/// How every SQLite file begins.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// One connection that writes and some that read.
pub(super) struct Connections {
    path: PathBuf,
    writer: Mutex<Connection>,
    /// Idle ones: a reader takes one, or opens another, and gives it back. Readers wait neither for each other nor for
    /// the writer.
    readers: Mutex<Vec<Connection>>,
    notes: Vec<String>,
}

impl Connections {
    pub(super) fn open(path: &Path) -> Result<Connections, Error> {
        let mut notes = Vec::new();
        prepare(path, &mut notes)?;
        let writer = open_writer(path, &mut notes).map_err(|error| not_a_database(path, error))?;
        Ok(Connections { path: path.to_owned(), writer: Mutex::new(writer), readers: Mutex::new(Vec::new()), notes })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn notes(&self) -> &[String] {
        &self.notes
    }

    pub(super) fn read<T>(&self, run: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        let idle = lock(&self.readers).pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => self.open_reader()?,
        };
        // One transaction: all that a call reads is of one moment.
        let result = connection.transaction().map_err(Error::from).and_then(|transaction| run(&transaction));
        let mut readers = lock(&self.readers);
        if readers.len() < MOST_READERS {
            readers.push(connection);
        }
        result
    }

    pub(super) fn write<T>(&self, run: impl FnOnce(&Transaction<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let mut writer = lock(&self.writer);
        // At once the only one who writes: what is read in between cannot be out of date when the write comes.
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result = run(&transaction)?;
        transaction.commit()?;
        Ok(result)
    }

    /// Runs what cannot run in a transaction. No idle reader holds an old state of the file meanwhile.
    pub(super) fn alone<T>(&self, run: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        let writer = lock(&self.writer);
        lock(&self.readers).clear();
        run(&writer)
    }

    fn open_reader(&self) -> Result<Connection, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        settle(&connection)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    }
}

/// A panic of another thread left no transaction open: it was rolled back as it unwound.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Looks at what stands at the path before anything is written there, makes the file where there is none, and closes it
/// to others.
fn prepare(path: &Path, notes: &mut Vec<String>) -> Result<(), Error> {
    let failed = |source| Error::File { path: path.to_owned(), source };
    let not_ours = |why: &str| Error::NotOurs { path: path.to_owned(), why: why.to_owned() };
    if path.is_dir() {
        return Err(not_ours("it is a folder; name a file in it"));
    }
    match fs::File::open(path) {
        Ok(file) => {
            let mut start = Vec::new();
            file.take(MAGIC.len() as u64).read_to_end(&mut start).map_err(failed)?;
            if !start.is_empty() && start != MAGIC {
                return Err(not_ours("it is no SQLite database"));
            }
            close_to_others(path, notes);
            Ok(())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => make(path).map_err(failed),
        Err(error) => Err(failed(error)),
    }
}

#[cfg(unix)]
fn make(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    // SQLite gives the files that it makes beside this one the same permissions.
    fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)?;
    Ok(())
}

#[cfg(not(unix))]
fn make(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
    Ok(())
}

#[cfg(unix)]
fn close_to_others(path: &Path, notes: &mut Vec<String>) {
    use std::os::unix::fs::PermissionsExt;
    let open = |mode: u32| mode & 0o077 != 0;
    let Ok(facts) = fs::metadata(path) else { return };
    if open(facts.permissions().mode()) && fs::set_permissions(path, fs::Permissions::from_mode(0o600)).is_err() {
        notes.push(format!(
            "others on this machine may read {}, and its permissions cannot be changed: set them to 0600",
            path.display()
        ));
    }
}

#[cfg(not(unix))]
fn close_to_others(_path: &Path, _notes: &mut Vec<String>) {}

fn open_writer(path: &Path, notes: &mut Vec<String>) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    settle(&connection)?;
    // Before anything is changed: is it ours, and may we write it?
    migrations::look(&connection, path)?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if !mode.eq_ignore_ascii_case("wal") {
        notes.push(format!(
            "the file system of {} cannot keep a write-ahead log, so reading waits for writing: put the file on a local disk",
            path.display()
        ));
    }
    migrations::apply(&mut connection, path)?;
    Ok(connection)
}

/// What every connection needs; none of it is kept in the file.
fn settle(connection: &Connection) -> Result<(), Error> {
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(64);
    connection.pragma_update(None, "foreign_keys", true)?;
    // `INSERT OR REPLACE` deletes, and only with this do triggers see it.
    connection.pragma_update(None, "recursive_triggers", true)?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(())
}

/// Says in plain words that a file only begins like a database.
fn not_a_database(path: &Path, error: Error) -> Error {
    let code = match &error {
        Error::Database(error) => error.sqlite_error_code(),
        _ => None,
    };
    match code {
        Some(ErrorCode::NotADatabase) => {
            Error::NotOurs { path: path.to_owned(), why: "it is no SQLite database".to_owned() }
        }
        Some(ErrorCode::DatabaseCorrupt) => {
            Error::NotOurs { path: path.to_owned(), why: "it is a damaged SQLite database; restore a copy".to_owned() }
        }
        _ => error,
    }
}
