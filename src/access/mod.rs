//! Who may ask for what: bearer tokens with scopes, and the browser sessions that begin with one.
//!
//! Reading order: [`Scope`] (what a token allows), [`Record`] (what is kept of one), [`Tokens`] (the file), [`Access`]
//! (what a service asks with each request). A token is shown once, when it is made; the file holds its digest. Nothing
//! here knows HTTP.
//!
//! A token is 256 random bits of the system's own generator, so its plain SHA-256 is enough to keep: slow, salted hashes
//! protect secrets that can be guessed, and there is nothing to guess here. What is compared is digests, in a time that
//! does not depend on where they differ.

mod file;
mod scope;
mod session;
mod token;

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;

pub use file::Tokens;
pub use scope::{Scope, Scopes};
pub use session::Sessions;
pub use token::{Lifetime, PREFIX, Record, Secret, State};

/// Why tokens cannot be read, made or revoked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system gives no random bytes.
    #[error("the system gives no random bytes: {0}")]
    Random(String),
    /// The file cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is none of ours, or damaged.
    #[error("{path} is no file of tokens: {reason}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// Others could write the file, and so give themselves a token.
    #[error("{0} can be written by other users of this machine; make it yours alone with `chmod 600`")]
    Exposed(PathBuf),
    /// There are as many tokens as the file takes.
    #[error("there are {0} tokens already: revoked ones leave the file 90 days after they ended")]
    TooMany(usize),
    /// No token has this id.
    #[error("no token has the id {0:?}: `groundline token list` shows them")]
    Unknown(String),
    /// A name is too long to be one.
    #[error("a token's name has 1 to {0} characters, none of them a control character")]
    Name(usize),
    /// A lifetime is none.
    #[error("{0:?} is no lifetime: write hours, days or weeks as 12h, 90d, 8w, or never")]
    Lifetime(String),
}

/// Who is asking, as far as a token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The id of the token (never the token).
    pub token: String,
    /// The name that it was given.
    pub name: Option<String>,
    /// What it allows.
    pub scopes: Scopes,
}

/// What a service asks with each request: whether tokens are wanted, and whose this one is.
#[derive(Debug)]
pub struct Access {
    tokens: Option<Tokens>,
    /// Once tokens were wanted they stay so: a file that is removed or runs out of valid tokens must open no door.
    wanted: AtomicBool,
    read: Mutex<file::Read>,
    sessions: Sessions,
}

impl Default for Access {
    /// Everybody may do everything: for a service that nobody but this machine reaches, and that has no tokens.
    fn default() -> Access {
        Access { tokens: None, wanted: AtomicBool::new(false), read: Mutex::default(), sessions: Sessions::default() }
    }
}

impl Access {
    /// Access by the tokens of a file, which need not exist yet; `always` wants one even while there is none.
    pub fn by(tokens: Tokens, always: bool) -> Access {
        Access { tokens: Some(tokens), wanted: AtomicBool::new(always), ..Access::default() }
    }

    /// Whether a request must bring a token. A file with any token in it, revoked or expired ones too, wants one.
    ///
    /// # Errors
    /// [`Error`] where the file cannot be read: then nobody comes in.
    pub fn wanted(&self) -> Result<bool, Error> {
        if !self.wanted.load(Ordering::Acquire) && !self.records()?.is_empty() {
            self.wanted.store(true, Ordering::Release);
        }
        Ok(self.wanted.load(Ordering::Acquire))
    }

    /// Whose token this is; `None` for one that is unknown, revoked or expired.
    ///
    /// # Errors
    /// [`Error`] where the file cannot be read.
    pub fn identify(&self, token: &str, now: Timestamp) -> Result<Option<Identity>, Error> {
        let records = self.records()?;
        Ok(token::find(&records, token).filter(|record| record.state(now) == State::Valid).map(Record::identity))
    }

    /// Begins a session for whoever holds this token: its secret, and whose it is.
    ///
    /// # Errors
    /// [`Error`] where the file cannot be read or no random bytes are to be had.
    pub fn begin(&self, token: &str, now: Timestamp) -> Result<Option<(Secret, Identity)>, Error> {
        let Some(identity) = self.identify(token, now)? else { return Ok(None) };
        let secret = self.sessions.begin(&identity.token, now)?;
        Ok(Some((secret, identity)))
    }

    /// Whose session this is: it ends with its token, at once.
    ///
    /// # Errors
    /// [`Error`] where the file cannot be read.
    pub fn of_session(&self, secret: &str, now: Timestamp) -> Result<Option<Identity>, Error> {
        let Some(id) = self.sessions.token_of(secret, now) else { return Ok(None) };
        let records = self.records()?;
        let record = records.iter().find(|record| record.id == id);
        Ok(record.filter(|record| record.state(now) == State::Valid).map(Record::identity))
    }

    /// Ends a session.
    pub fn end(&self, secret: &str) {
        self.sessions.end(secret);
    }

    /// The records as the file has them now; it is read again where it changed.
    fn records(&self) -> Result<std::sync::Arc<Vec<Record>>, Error> {
        let Some(tokens) = &self.tokens else { return Ok(std::sync::Arc::default()) };
        self.read.lock().unwrap_or_else(PoisonError::into_inner).records(tokens)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn made(tokens: &Tokens, scope: Scope, lifetime: &str, now: Timestamp) -> (Secret, Record) {
        tokens.create(Scopes::of([scope]), Some("ci"), lifetime.parse().expect("a lifetime"), now).expect("made")
    }

    #[test]
    fn a_token_works_until_it_is_revoked_or_expires() {
        let folder = tempfile::tempdir().expect("a folder");
        let tokens = Tokens::of(folder.path());
        let access = Access::by(tokens.clone(), false);
        let now = at("2026-01-01T00:00:00Z");
        assert!(!access.wanted().expect("readable"), "no token, no door");
        let (first, record) = made(&tokens, Scope::Review, "2d", now);
        assert!(access.wanted().expect("readable"), "seen without a restart");
        let identity = access.identify(first.shown(), now).expect("readable").expect("known");
        assert_eq!((identity.token.as_str(), identity.name.as_deref()), (record.id.as_str(), Some("ci")));
        assert!(identity.scopes.allow(Scope::Read) && !identity.scopes.allow(Scope::Edit));
        assert!(access.identify(first.shown(), at("2026-01-02T23:59:59Z")).expect("readable").is_some());
        assert!(access.identify(first.shown(), at("2026-01-03T00:00:00Z")).expect("readable").is_none(), "expired");
        let (session, _) = access.begin(first.shown(), now).expect("readable").expect("known");
        assert!(access.of_session(session.shown(), now).expect("readable").is_some());
        tokens.revoke(&record.id, now).expect("revoked");
        assert!(access.identify(first.shown(), now).expect("readable").is_none(), "revoked at once");
        assert!(access.of_session(session.shown(), now).expect("readable").is_none(), "and its sessions with it");
        assert!(access.wanted().expect("readable"), "a door that was shut stays shut");
        std::fs::remove_file(folder.path().join("tokens.json")).expect("removed");
        assert!(access.wanted().expect("readable"), "also without the file");
    }

    #[test]
    fn what_is_no_token_is_nobody() {
        let folder = tempfile::tempdir().expect("a folder");
        let tokens = Tokens::of(folder.path());
        let now = at("2026-01-01T00:00:00Z");
        let (secret, record) = made(&tokens, Scope::Read, "never", now);
        let access = Access::by(tokens, true);
        let shown = secret.shown();
        let cut = &shown[..shown.len() - 1];
        for other in ["", "gl_", cut, &format!("{shown}a"), &shown.to_uppercase(), &record.id, &record.sha256] {
            assert!(access.identify(other, now).expect("readable").is_none(), "{other}");
            assert!(access.of_session(other, now).expect("readable").is_none(), "{other}");
        }
        assert!(access.of_session(shown, now).expect("readable").is_none(), "a token is no session");
    }

    #[test]
    fn the_file_holds_no_token_and_is_the_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let tokens = Tokens::of(folder.path());
        let (secret, _) = made(&tokens, Scope::Admin, "1h", Timestamp::now());
        let path = folder.path().join("tokens.json");
        let text = std::fs::read_to_string(&path).expect("readable");
        assert!(!text.contains(secret.shown()) && !text.contains(&secret.shown()[3..]), "{text}");
        assert_eq!(std::fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        assert!(!format!("{secret:?}").contains(secret.shown()));
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o622)).expect("changed");
        assert!(matches!(Access::by(tokens, false).wanted(), Err(Error::Exposed(_))));
    }

    #[test]
    fn a_file_that_cannot_be_read_lets_nobody_in() {
        let folder = tempfile::tempdir().expect("a folder");
        let tokens = Tokens::of(folder.path());
        let now = Timestamp::now();
        let (secret, _) = made(&tokens, Scope::Admin, "1h", now);
        let access = Access::by(tokens, false);
        assert!(access.identify(secret.shown(), now).expect("readable").is_some());
        for bad in ["", "{", "[]", "{\"format\":99,\"tokens\":[]}"] {
            std::fs::write(folder.path().join("tokens.json"), bad).expect("written");
            assert!(matches!(access.identify(secret.shown(), now), Err(Error::Damaged { .. })), "{bad:?}");
        }
    }
}
