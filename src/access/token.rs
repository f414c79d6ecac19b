//! One token: how it is made, what is kept of it, and how it is found again.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Error, Identity, Scopes};

/// How every token begins, so that people and scanners of leaked secrets know one when they see it.
pub const PREFIX: &str = "gl_";
/// Random bytes of a secret.
const BYTES: usize = 32;
/// Longest text that is looked up as a token; ours have 67 characters.
const LONGEST: usize = 200;
/// Random bytes of an id.
const ID_BYTES: usize = 6;

/// A secret that is shown to its owner once. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new one that begins with `prefix`.
    pub(super) fn random(prefix: &str) -> Result<Secret, Error> {
        Ok(Secret(format!("{prefix}{}", random_hex::<BYTES>()?)))
    }

    /// The secret itself: for its owner's eyes, or for the cookie.
    pub fn shown(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({} characters)", self.0.len())
    }
}

/// `N` bytes of the system's generator, in hexadecimal.
fn random_hex<const N: usize>() -> Result<String, Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| Error::Random(error.to_string()))?;
    Ok(hex(&bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SHA-256 of a secret, in hexadecimal.
pub(super) fn digest(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// Whether two digests are the same, told in a time that depends on their lengths alone.
pub(super) fn same(a: &str, b: &str) -> bool {
    let differs = a.bytes().zip(b.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b));
    std::hint::black_box(differs) == 0 && a.len() == b.len()
}

/// How long a token lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// This long.
    Hours(u32),
    /// Until somebody revokes it.
    Unlimited,
}

impl Lifetime {
    /// When a token that is made now ends.
    pub(super) fn end(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            // Saturating: a lifetime of centuries ends with the calendar.
            Lifetime::Hours(hours) => {
                let end = now.checked_add(SignedDuration::from_hours(i64::from(hours)));
                Some(end.unwrap_or(Timestamp::MAX))
            }
            Lifetime::Unlimited => None,
        }
    }
}

impl FromStr for Lifetime {
    type Err = Error;

    fn from_str(text: &str) -> Result<Lifetime, Error> {
        if text == "never" {
            return Ok(Lifetime::Unlimited);
        }
        let wrong = || Error::Lifetime(text.chars().take(40).collect());
        let hours = [('h', 1), ('d', 24), ('w', 168)];
        let unit = hours.into_iter().find_map(|(letter, hours)| Some((text.strip_suffix(letter)?, hours)));
        let (number, hours) = unit.ok_or_else(wrong)?;
        let number: u32 = number.parse().map_err(|_| wrong())?;
        let hours = number.checked_mul(hours).filter(|hours| *hours > 0).ok_or_else(wrong)?;
        Ok(Lifetime::Hours(hours))
    }
}

/// Whether a token counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It does.
    Valid,
    /// Its time is over.
    Expired,
    /// Somebody ended it.
    Revoked,
}

impl State {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            State::Valid => "valid",
            State::Expired => "expired",
            State::Revoked => "revoked",
        }
    }
}

/// What is kept of a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// What it is called in lists and logs; not secret.
    pub id: String,
    /// SHA-256 of the token, in hexadecimal.
    pub sha256: String,
    /// What it allows.
    pub scopes: Scopes,
    /// What its owner calls it.
    pub name: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends; `None` for never.
    pub expires_at: Option<Timestamp>,
    /// When somebody ended it.
    pub revoked_at: Option<Timestamp>,
}

impl Record {
    /// A new token and its record.
    pub(super) fn new(
        scopes: Scopes,
        name: Option<&str>,
        lifetime: Lifetime,
        now: Timestamp,
    ) -> Result<(Secret, Record), Error> {
        let secret = Secret::random(PREFIX)?;
        let record = Record {
            id: random_hex::<ID_BYTES>()?,
            sha256: digest(secret.shown()),
            scopes,
            name: name.map(str::to_owned),
            created_at: now,
            expires_at: lifetime.end(now),
            revoked_at: None,
        };
        Ok((secret, record))
    }

    /// Whether it counts at this moment.
    pub fn state(&self, now: Timestamp) -> State {
        if self.revoked_at.is_some() {
            State::Revoked
        } else if self.expires_at.is_some_and(|end| end <= now) {
            State::Expired
        } else {
            State::Valid
        }
    }

    pub(super) fn identity(&self) -> Identity {
        Identity { token: self.id.clone(), name: self.name.clone(), scopes: self.scopes.clone() }
    }
}

/// The record of a token. All are looked at, so that the time says nothing of which it was.
pub(super) fn find<'a>(records: &'a [Record], token: &str) -> Option<&'a Record> {
    if token.len() > LONGEST || !token.starts_with(PREFIX) {
        return None;
    }
    let digest = digest(token);
    records.iter().fold(None, |found, record| if same(&record.sha256, &digest) { Some(record) } else { found })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_are_read_strictly() {
        for (text, hours) in [("12h", 12), ("90d", 2160), ("8w", 1344)] {
            assert_eq!(text.parse::<Lifetime>().ok(), Some(Lifetime::Hours(hours)), "{text}");
        }
        assert_eq!("never".parse::<Lifetime>().ok(), Some(Lifetime::Unlimited));
        for text in ["", "d", "0d", "-1d", "90", "1y", "1.5d", "99999999999d", "4294967295w", "9ö"] {
            assert!(text.parse::<Lifetime>().is_err(), "{text}");
        }
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
        assert_eq!(Lifetime::Hours(u32::MAX).end(now), Some(Timestamp::MAX));
    }

    #[test]
    fn digests_are_compared_whole() {
        assert!(same("ab", "ab") && same("", ""));
        for (a, b) in [("ab", "aa"), ("ab", "a"), ("a", "ab"), ("", "a"), ("ba", "ab")] {
            assert!(!same(a, b), "{a} {b}");
        }
    }

    #[test]
    fn secrets_differ_and_look_alike() {
        let (a, b) = (Secret::random(PREFIX).expect("random"), Secret::random(PREFIX).expect("random"));
        assert_ne!(a, b);
        assert_eq!(a.shown().len(), PREFIX.len() + 2 * BYTES);
    }
}
