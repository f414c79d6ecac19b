//! What every change asks first: who makes it, whether it is only to be shown, and in which state of the corpus.

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use jiff::Timestamp;

use super::{Editors, etag};
use crate::access::Identity;
use crate::corpus::edit::{self, Plan};
use crate::corpus::history::Actor;
use crate::corpus::{Corpus, VersionId};
use crate::http::Service;
use crate::http::problem::{Kind, Problem};
use crate::http::query::Parameters;
use crate::http::reviews::asking::Asking;
use crate::view::editing::ChangedView;

/// Longest name of a person and longest remark, in code points.
const LONGEST_NAME: usize = 200;
pub(super) const LONGEST_REMARK: usize = 2_000;

/// The query parameters of every change.
pub(super) const PARAMETERS: [&str; 2] = ["dry_run", "by"];

/// Who asks for a change, and how.
#[derive(Debug)]
pub(super) struct Asked {
    /// Whether it is only to be shown.
    pub(super) dry_run: bool,
    /// Who makes it; of a dry run nobody needs to be known.
    pub(super) actor: Actor,
    /// Tags of the states in which it is to be made; `None` for any.
    expected: Option<Vec<String>>,
}

impl Asked {
    /// Reads who asks, and how, from a request and its query.
    pub(super) async fn of(service: &Service, parts: &Parts, parameters: &Parameters) -> Result<Asked, Problem> {
        let dry_run = match parameters.one("dry_run")? {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => return Err(Problem::field("/dry_run", "is not valid: expected true or false")),
        };
        let by = match author(service, parts, parameters.one("by")?).await {
            Err(problem) if dry_run && problem.kind() == Kind::SignIn && service.editors()?.anonymous => String::new(),
            found => found?,
        };
        Ok(Asked { dry_run, actor: Actor { by, at: Timestamp::now() }, expected: expected(&parts.headers) })
    }

    /// Refuses where the corpus is not in the state that was expected.
    pub(super) fn check(&self, tag: &str) -> Result<(), Problem> {
        match &self.expected {
            Some(expected) if !expected.iter().any(|one| one == "*" || *one == format!("\"{tag}\"")) => {
                let detail =
                    "The corpus is not in the state that If-Match names. Look at what has changed and try again.";
                let current = serde_json::json!({ "tag": tag });
                Err(Problem::new(Kind::Stale, detail).with_current(current).with_header(header::ETAG, etag(tag)?))
            }
            _ => Ok(()),
        }
    }

    /// Plans a change on the corpus as it is, and shows it or makes it.
    pub(super) fn change(
        &self,
        editors: &Editors,
        plan: impl FnOnce(&Corpus) -> Result<Plan, edit::Error>,
    ) -> Result<ChangedView, Problem> {
        let _turn = editors.turn();
        let (corpus, tag) = editors.open()?;
        self.check(&tag)?;
        let plan = plan(&corpus).map_err(|error| super::refused(&corpus, error))?;
        if self.dry_run {
            return Ok(ChangedView::planned(&corpus, &tag, &plan));
        }
        let notes = plan.notes().to_vec();
        let done = plan.make(&self.actor).map_err(|error| super::refused(&corpus, error))?;
        let (corpus, tag) = editors.open()?;
        Ok(ChangedView::made(&corpus, &tag, &done, notes))
    }
}

/// Who makes a change: the token says it; where this service wants none, `by` or the profile that was picked.
pub(super) async fn author(service: &Service, parts: &Parts, by: Option<&str>) -> Result<String, Problem> {
    if let Some(identity) = parts.extensions.get::<Identity>() {
        return match by {
            None => Ok(identity.name.clone().unwrap_or_else(|| identity.token.clone())),
            Some(_) => Err(Problem::field("/by", "is not given here: the token says who you are")),
        };
    }
    if !service.editors()?.anonymous {
        let challenge = HeaderValue::from_static("Bearer realm=\"groundline\"");
        let detail = "Other machines reach this service, so who changes its corpus needs a token with the scope `edit`: \
                      send it as `Authorization: Bearer gl_…`. `groundline token create --scope edit` makes one.";
        return Err(Problem::new(Kind::SignIn, detail).with_header(header::WWW_AUTHENTICATE, challenge));
    }
    if let Some(by) = by {
        return remark("/by", by, LONGEST_NAME);
    }
    let asking = Asking::of(parts);
    let profile = match service.desk() {
        Ok(desk) => desk.run(move |store, _| asking.profile(store)).await?,
        Err(_) => None,
    };
    let detail = "Say who you are with `by=NAME` in the query, or choose a profile (`POST /v1/session` with \
                  `{\"reviewer\":\"…\"}`): a change has an author.";
    let nobody = || Problem::new(Kind::SignIn, detail);
    profile.map(|profile| profile.name).ok_or_else(nobody)
}

/// A line that somebody wrote: logs show it on terminals, so it holds no control characters.
pub(super) fn remark(pointer: &str, text: &str, longest: usize) -> Result<String, Problem> {
    let text = text.trim();
    let good = !text.is_empty() && text.chars().count() <= longest && !text.chars().any(char::is_control);
    let wrong = || Problem::field(pointer, format!("is not valid: expected one line of 1 to {longest} characters"));
    good.then(|| text.to_owned()).ok_or_else(wrong)
}

/// A version that a field names.
pub(super) fn version(pointer: &str, text: &str) -> Result<VersionId, Problem> {
    text.parse()
        .map_err(|_| Problem::field(pointer, "is not valid: expected document@version, such as uspstf-aaa@2019"))
}

/// The tags of `If-Match`. A weak one never matches here: it says less than a change needs.
fn expected(headers: &HeaderMap) -> Option<Vec<String>> {
    let mut given = headers.get_all(header::IF_MATCH).iter().peekable();
    given.peek()?;
    let texts = given.map(|value| value.to_str().unwrap_or_default());
    Some(texts.flat_map(|value| value.split(',')).map(|one| one.trim().to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(expected: &[&str]) -> Asked {
        let mut headers = HeaderMap::new();
        for value in expected {
            headers.append(header::IF_MATCH, HeaderValue::from_str(value).expect("a value"));
        }
        let actor = Actor { by: String::new(), at: Timestamp::UNIX_EPOCH };
        Asked { dry_run: false, actor, expected: super::expected(&headers) }
    }

    #[test]
    fn a_state_is_expected_by_its_strong_tag() {
        for good in [&[][..], &["\"a\""], &["*"], &["\"b\", \"a\""], &["\"b\"", "\"a\""]] {
            assert!(asked(good).check("a").is_ok(), "{good:?}");
        }
        for stale in [&["\"b\""][..], &["W/\"a\""], &["a"], &[""]] {
            assert_eq!(asked(stale).check("a").expect_err("stale").kind(), Kind::Stale, "{stale:?}");
        }
    }

    #[test]
    fn remarks_are_one_line() {
        assert_eq!(remark("/by", " Anna Ünal ", 20).ok().as_deref(), Some("Anna Ünal"));
        for bad in ["", "  ", "a\nb", "a\u{1b}[31mb", "123456"] {
            assert!(remark("/by", bad, 5).is_err(), "{bad:?}");
        }
    }
}
