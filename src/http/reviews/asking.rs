//! Who is asking: the person a token was made for, else a profile that was picked in the browser.

use axum::http::header;
use axum::http::request::Parts;

use crate::access::Identity;
use crate::http::problem::{Kind, Problem};
use crate::review::store::{Error, NewReviewer, Profile, Store};

/// Where the picked profile is kept in a browser.
pub(in super::super) const COOKIE: &str = "groundline_reviewer";
/// What somebody is who came with a token and has not said it.
const ROLE: &str = "reviewer";

/// What a request says of who sends it; whether there is such a person is asked of the store.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Asking {
    /// The id of a profile.
    id: Option<String>,
    /// The name to make one of where there is none yet: a token proves that the person exists.
    proven: Option<String>,
}

impl Asking {
    /// Of a request.
    pub(in super::super) fn of(parts: &Parts) -> Asking {
        if let Some(identity) = parts.extensions.get::<Identity>() {
            return Asking::with(identity);
        }
        let cookies = parts.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(name, _)| *name == COOKIE).map(|(_, id)| Asking::named(id)).unwrap_or_default()
    }

    /// The one a token was made for.
    pub(in super::super) fn with(identity: &Identity) -> Asking {
        let name = identity.name.clone().unwrap_or_else(|| identity.token.clone());
        Asking { id: Some(short(&name)), proven: Some(name) }
    }

    /// The one who picked this profile.
    pub(in super::super) fn named(id: &str) -> Asking {
        Asking { id: Some(id.to_owned()).filter(|id| !id.is_empty() && id.len() <= 40), proven: None }
    }

    /// The person, where there is one.
    pub(in super::super) fn profile(&self, store: &Store) -> Result<Option<Profile>, Problem> {
        let Some(id) = &self.id else { return Ok(None) };
        match (store.reviewer(id), &self.proven) {
            (Ok(profile), _) => Ok(Some(profile)),
            (Err(Error::Missing { .. }), None) => Ok(None),
            (Err(Error::Missing { .. }), Some(name)) => {
                let new = NewReviewer { id: Some(id.clone()), name: name.clone(), role: ROLE.to_owned() };
                Ok(Some(store.add_reviewer(&new)?))
            }
            (Err(error), _) => Err(error.into()),
        }
    }

    /// Their id, where there is one.
    pub(super) fn id(&self, store: &Store) -> Result<Option<String>, Problem> {
        Ok(self.profile(store)?.map(|profile| profile.id))
    }

    /// Their id, for what only somebody may do.
    pub(super) fn somebody(&self, store: &Store) -> Result<String, Problem> {
        let detail = "Choose who you are first, for what is decided has an author: `POST /v1/reviewers` with a name makes a \
                      profile, `POST /v1/session` with `{\"reviewer\":\"…\"}` picks it and answers with a cookie.";
        let nobody = || Problem::new(Kind::SignIn, detail);
        self.id(store)?.ok_or_else(nobody)
    }
}

/// A name as an id: small letters, digits and hyphens.
fn short(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let id: String = name.chars().map(plain).take(40).collect();
    let id = id.trim_matches('-').to_owned();
    if id.is_empty() { "reviewer".to_owned() } else { id }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn asking(cookie: &str) -> Option<String> {
        let request = Request::get("/").header(header::COOKIE, cookie).body(()).expect("a request");
        Asking::of(&request.into_parts().0).id
    }

    #[test]
    fn the_profile_is_found_among_other_cookies() {
        assert_eq!(asking("a=b; groundline_reviewer=r7; c=d").as_deref(), Some("r7"));
        assert_eq!(asking("groundline_reviewers=r7"), None);
        assert_eq!(asking("groundline_reviewer="), None);
        assert_eq!(asking(&format!("groundline_reviewer={}", "x".repeat(41))), None);
    }

    #[test]
    fn names_become_ids() {
        for (name, id) in [("R7", "r7"), ("Dr. Ünal, ward 3", "dr---nal--ward-3"), ("…", "reviewer")] {
            assert_eq!(short(name), id);
        }
    }
}
