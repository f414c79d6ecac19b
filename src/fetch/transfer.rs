//! One document from its server to a part file, continued where an earlier try or run ended.

use std::fs::File;

use super::body::{self, Came};
use super::plan::Job;
use super::session::{Answer, Asking, header};
use super::state::{Place, State, Validators};
use super::{Error, Policy};

/// What a server's answer came to.
pub(super) enum Got {
    /// It has nothing newer than what its validators name.
    Same,
    /// The part file is whole.
    Whole {
        /// How to ask whether it is still the newest.
        validators: Validators,
        /// What the server calls its type.
        content_type: Option<String>,
        /// The address that gave it.
        from: String,
        /// What came.
        came: Came,
    },
}

/// A document on its way.
pub(super) struct Transfer<'a> {
    pub(super) job: &'a Job,
    pub(super) policy: &'a Policy,
    pub(super) place: &'a Place,
    pub(super) state: &'a mut State,
    /// Whether to ask only for what is newer than the newest known.
    pub(super) conditional: bool,
}

impl Transfer<'_> {
    /// The part's length and what proves that a rest belongs to it.
    fn part(&self) -> Option<(u64, &str)> {
        let strong = self.state.part.as_ref()?.strong()?;
        let length = self.place.part_length();
        (0 < length && length < self.policy.limits.bytes).then_some((length, strong))
    }

    fn forget_part(&mut self) -> Result<(), Error> {
        self.place.drop_part();
        self.state.part = None;
        self.place.write(self.state)
    }

    /// Whether an answer of status 206 is the rest that was asked for.
    fn continues(&self, answer: &Answer) -> bool {
        let Some((length, _)) = self.part() else { return false };
        let range = header(answer.response.headers(), "content-range").unwrap_or_default();
        range.trim().strip_prefix("bytes ").is_some_and(|range| range.starts_with(&format!("{length}-")))
            && body::encoding(answer) == "identity"
    }

    fn store(&mut self, answer: Answer) -> Result<Got, Error> {
        let headers = answer.response.headers();
        let text = |name| header(headers, name).map(str::to_owned);
        // Long tags are nobody's validators; they would only fill the state file.
        let short = |value: Option<String>| value.filter(|value| value.len() <= 512);
        let validators = Validators { etag: short(text("etag")), last_modified: short(text("last-modified")) };
        let (content_type, from) = (text("content-type"), answer.from.to_string());
        let total = text("content-range").and_then(|range| range.rsplit_once('/')?.1.trim().parse::<u64>().ok());
        let path = self.place.part();
        let already = if answer.response.status() == 206 { self.place.part_length() } else { 0 };
        let mut file = if already > 0 {
            File::options().append(true).open(&path)
        } else {
            self.place.drop_part();
            // An encoded body cannot be continued: its bytes are not the part's.
            self.state.part = (body::encoding(&answer) == "identity").then(|| validators.clone());
            self.place.write(self.state)?;
            File::options().write(true).create_new(true).open(&path)
        }
        .map_err(Error::at(&path))?;
        let came = body::receive(answer, &mut file, already, self.policy.limits.bytes, &mut |_| {})?;
        if let Some(total) = total.filter(|total| already > 0 && *total != came.bytes) {
            return Err(Error::Truncated { declared: total.to_string(), got: came.bytes });
        }
        file.sync_all().map_err(Error::at(&path))?;
        Ok(Got::Whole { validators, content_type, from, came })
    }
}

impl Asking for Transfer<'_> {
    type Got = Got;

    fn headers(&self) -> Vec<(&'static str, String)> {
        if let Some((length, strong)) = self.part() {
            return vec![("range", format!("bytes={length}-")), ("if-range", strong.to_owned())];
        }
        let latest = self.state.latest.as_ref().filter(|_| self.conditional);
        latest.map(|latest| latest.validators.if_changed()).unwrap_or_default()
    }

    fn take(&mut self, answer: Answer) -> Result<Got, Error> {
        let status = answer.response.status().as_u16();
        let lost = |reason: &str| Error::Connection { host: answer.from.host().to_owned(), reason: reason.to_owned() };
        match status {
            304 if self.conditional => Ok(Got::Same),
            206 if !self.continues(&answer) => {
                let error = lost("another part than the one asked for came");
                self.forget_part()?;
                Err(error)
            }
            416 if self.part().is_some() => {
                let error = lost("the part that lay here does not fit any more");
                self.forget_part()?;
                Err(error)
            }
            200 | 206 => {
                let stored = self.store(answer);
                let useful = stored.as_ref().map_or_else(Error::keeps_part, |_| true);
                if !useful || self.state.part.as_ref().is_none_or(|part| part.strong().is_none()) && stored.is_err() {
                    self.forget_part()?;
                }
                stored
            }
            401 | 403 => Err(Error::Forbidden { status, url: self.job.url().to_owned() }),
            404 | 410 => {
                Err(Error::Status(status, ": the page is gone or has moved; look for it on the publisher's site"))
            }
            _ => Err(Error::Status(status, "")),
        }
    }
}
