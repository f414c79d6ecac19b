//! Browser sessions: an opaque secret in a cookie, so that a page never keeps a token.
//!
//! They live in memory: a restart ends them. A session knows its token's id and nothing else, so whatever ends the token
//! ends the session.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::token::digest;
use super::{Error, Secret};

/// Sessions at once; beyond them the one that was used least recently ends.
const MOST: usize = 10_000;
/// How long a session may rest.
const REST: SignedDuration = SignedDuration::from_hours(12);
/// How long a session lasts, whatever it does.
const LAST: SignedDuration = SignedDuration::from_hours(24 * 7);
/// Longest text that is looked up; ours have 64 characters.
const LONGEST: usize = 200;

#[derive(Clone, Debug)]
struct Session {
    token: String,
    begun: Timestamp,
    used: Timestamp,
}

impl Session {
    fn lives(&self, now: Timestamp) -> bool {
        let within = |since: Timestamp, most| now.duration_since(since) < most;
        within(self.used, REST) && within(self.begun, LAST)
    }
}

/// The sessions of a service, by the digest of their secret.
#[derive(Debug, Default)]
pub struct Sessions(Mutex<HashMap<String, Session>>);

impl Sessions {
    /// Begins a session of the token with this id.
    pub(super) fn begin(&self, token: &str, now: Timestamp) -> Result<Secret, Error> {
        let secret = Secret::random("")?;
        let mut sessions = self.locked();
        if sessions.len() >= MOST {
            sessions.retain(|_, session| session.lives(now));
        }
        if sessions.len() >= MOST {
            let oldest = sessions.iter().min_by_key(|(_, session)| session.used).map(|(key, _)| key.clone());
            oldest.and_then(|key| sessions.remove(&key));
        }
        sessions.insert(digest(secret.shown()), Session { token: token.to_owned(), begun: now, used: now });
        Ok(secret)
    }

    /// The id of the token that a session began with.
    pub(super) fn token_of(&self, secret: &str, now: Timestamp) -> Option<String> {
        if secret.is_empty() || secret.len() > LONGEST {
            return None;
        }
        let key = digest(secret);
        let mut sessions = self.locked();
        let session = sessions.get_mut(&key)?;
        if session.lives(now) {
            session.used = now;
            return Some(session.token.clone());
        }
        sessions.remove(&key);
        None
    }

    /// Ends a session.
    pub(super) fn end(&self, secret: &str) {
        self.locked().remove(&digest(secret));
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<String, Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_end_by_rest_by_age_and_on_request() {
        let sessions = Sessions::default();
        let start: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
        let after = |hours| start + SignedDuration::from_hours(hours);
        let rested = sessions.begin("a", start).expect("begun");
        assert_eq!(sessions.token_of(rested.shown(), after(12)), None, "12 hours of rest");
        assert_eq!(sessions.token_of(rested.shown(), after(1)), None, "and it stays ended");
        let busy = sessions.begin("b", start).expect("begun");
        for hours in (0..168).step_by(11) {
            assert_eq!(sessions.token_of(busy.shown(), after(hours)).as_deref(), Some("b"), "{hours}");
        }
        assert_eq!(sessions.token_of(busy.shown(), after(168)), None, "a week");
        let left = sessions.begin("c", start).expect("begun");
        sessions.end(left.shown());
        assert_eq!(sessions.token_of(left.shown(), start), None);
    }

    #[test]
    fn their_number_is_bounded() {
        let sessions = Sessions::default();
        let start: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
        let first = sessions.begin("first", start).expect("begun");
        for at in 0..MOST {
            let now = start + SignedDuration::from_millis(1 + i64::try_from(at).expect("small"));
            sessions.begin("other", now).expect("begun");
        }
        assert_eq!(sessions.locked().len(), MOST);
        assert_eq!(sessions.token_of(first.shown(), start), None, "the least recently used one went");
    }
}
