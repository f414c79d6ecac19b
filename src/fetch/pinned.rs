//! One file from one fixed host, where the caller knows what the file must be: asked for again, and from where it ended,
//! as often as may help.
//!
//! Addresses are checked as for guidelines, and again at the moment of the connection. There are no redirects, and there
//! is no robots.txt: an index of packages is there for programs.

use std::fs::File;
use std::io::{Seek, SeekFrom};

use super::body;
use super::client::{Client, Deadline};
use super::session::{Answer, header};
use super::target::Target;
use super::{Error, Policy};

/// A file that is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Pinned<'a> {
    /// Its address.
    pub url: &'a str,
    /// The one host that may be asked.
    pub host: &'a str,
    /// The form in which it is wanted, where there are several.
    pub accept: Option<&'a str>,
    /// Most bytes that it may have.
    pub limit: u64,
}

/// Brings a file here; `told` hears how many bytes have come. What they are is for the caller to compare.
///
/// # Errors
/// [`Error`]; the file then holds anything.
pub fn pinned(wanted: &Pinned<'_>, policy: &Policy, into: &mut File, told: &mut dyn FnMut(u64)) -> Result<(), Error> {
    let target = Target::new(wanted.url, policy)?;
    if target.host() != wanted.host {
        let (found, host) = (target.host(), wanted.host);
        return Err(Error::NotAllowed(format!("{found} is not {host}, and no other host is asked")));
    }
    let (client, until) = (Client::new(policy), Deadline::after(policy.limits.wall));
    let mut tried = 0;
    loop {
        tried += 1;
        match ask(&client, &target, wanted, until, into, told) {
            Err(error) if error.is_passing() && tried < policy.limits.tries => {
                let pause = policy.limits.backoff.saturating_mul(1 << (tried - 1).min(10));
                std::thread::sleep(pause.min(until.left()?));
            }
            done => return done,
        }
    }
}

/// Asks once, for what has not come yet.
fn ask(
    client: &Client,
    target: &Target,
    wanted: &Pinned<'_>,
    until: Deadline,
    into: &mut File,
    told: &mut dyn FnMut(u64),
) -> Result<(), Error> {
    let lost = |error: std::io::Error| Error::Record(format!("cannot be kept: {error}"));
    let come = into.seek(SeekFrom::End(0)).map_err(lost)?;
    let mut headers: Vec<(&'static str, String)> =
        wanted.accept.map(|form| ("accept", form.to_owned())).into_iter().collect();
    headers.extend((come > 0).then(|| ("range", format!("bytes={come}-"))));
    let response = client.ask(target, &headers, until)?;
    let status = response.status().as_u16();
    let range = header(response.headers(), "content-range").unwrap_or_default().trim();
    let continues = status == 206 && come > 0 && range.starts_with(&format!("bytes {come}-"));
    let answer = Answer { response, from: target.clone(), until };
    let already = match status {
        206 if continues => come,
        200 => {
            into.set_len(0).and_then(|()| into.seek(SeekFrom::Start(0))).map_err(lost)?;
            0
        }
        300..=399 => return Err(Error::Status(status, ", a redirect, which is not followed")),
        206 | 416 => {
            // What has come is not the beginning of what is there now: from the beginning again.
            into.set_len(0).map_err(lost)?;
            let reason = "another part than the one asked for came".to_owned();
            return Err(Error::Connection { host: target.host().to_owned(), reason });
        }
        _ => return Err(Error::Status(status, "")),
    };
    body::receive(answer, into, already, wanted.limit, told).map(drop)
}
