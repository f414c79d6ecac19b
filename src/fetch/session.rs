//! Good manners: robots.txt, pauses between requests to one host, redirects one by one, and tries again.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher};
use std::io::Read;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp, fmt::rfc2822};
use ureq::Body;
use ureq::http::{HeaderMap, Response, StatusCode};

use super::client::{Client, Deadline};
use super::robots::{self, Robots};
use super::target::{Hosts, Target};
use super::{Error, Policy};

/// The product token that robots.txt files know us by.
const AGENT: &str = "groundline";

/// An answer that is no redirect, with the address that gave it and the time that is left for its body.
pub(super) struct Answer {
    pub(super) response: Response<Body>,
    pub(super) from: Target,
    pub(super) until: Deadline,
}

/// What is asked for, and what becomes of the answer. Both anew at each try: a part that has come shortens the next.
pub(super) trait Asking {
    /// What an answer becomes.
    type Got;

    /// The request's own headers.
    fn headers(&self) -> Vec<(&'static str, String)>;

    /// Takes an answer that is neither a redirect nor a busy server's.
    fn take(&mut self, answer: Answer) -> Result<Self::Got, Error>;
}

/// One run's dealings with hosts: one request at a time.
pub(super) struct Session {
    client: Client,
    policy: Policy,
    robots: HashMap<String, Result<Robots, String>>,
    last: HashMap<String, Instant>,
}

impl Session {
    pub(super) fn new(policy: Policy) -> Session {
        Session { client: Client::new(&policy), policy, robots: HashMap::new(), last: HashMap::new() }
    }

    pub(super) fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Asks for a document, redirects followed; tries again where that may help.
    pub(super) fn get<A: Asking>(&mut self, target: &Target, hosts: &Hosts, asking: &mut A) -> Result<A::Got, Error> {
        let mut tried = 0;
        loop {
            tried += 1;
            let until = Deadline::after(self.policy.limits.wall);
            let answer = self.walk(target, hosts, &asking.headers(), until, true);
            let (error, wait) = match answer {
                Ok(answer) if is_busy(answer.response.status()) => self.busy(&answer.response)?,
                Ok(answer) => match asking.take(answer) {
                    Err(error) if error.is_passing() => (error, Duration::ZERO),
                    done => return done,
                },
                Err(error) if error.is_passing() => (error, Duration::ZERO),
                Err(error) => return Err(error),
            };
            if tried >= self.policy.limits.tries {
                return Err(error);
            }
            tracing::debug!(url = %target, %error, tried, "will be tried again");
            std::thread::sleep(wait.max(self.backoff(tried)));
        }
    }

    /// What a busy server's answer comes to, and the pause that it asks for.
    ///
    /// # Errors
    /// [`Error::ComeBack`] where the pause is longer than is waited for.
    fn busy(&self, response: &Response<Body>) -> Result<(Error, Duration), Error> {
        let status = response.status().as_u16();
        let named = header(response.headers(), "retry-after").and_then(|value| retry_after(value, Timestamp::now()));
        let Some(wait) = named else { return Ok((Error::Status(status, ": busy, try again later"), Duration::ZERO)) };
        let at = Timestamp::now() + SignedDuration::try_from(wait).unwrap_or_default();
        let error = Error::ComeBack { status, at: Timestamp::from_second(at.as_second()).unwrap_or(at) };
        if wait > self.policy.limits.longest_wait { Err(error) } else { Ok((error, wait)) }
    }

    /// Twice as long after each try, plus up to half of it by chance, so that many readers do not come back at once.
    fn backoff(&self, tried: u32) -> Duration {
        let whole = self.policy.limits.backoff * 2_u32.saturating_pow(tried.saturating_sub(1).min(10));
        // A hasher's random key is chance enough for this.
        let chance = std::collections::hash_map::RandomState::new().build_hasher().finish() % 1_000;
        whole + whole / 2 * u32::try_from(chance).unwrap_or_default() / 1_000
    }

    /// Follows redirects by hand: each address is checked as if an editor had written it.
    fn walk(
        &mut self,
        target: &Target,
        hosts: &Hosts,
        headers: &[(&'static str, String)],
        mut until: Deadline,
        ask_robots: bool,
    ) -> Result<Answer, Error> {
        let mut at = target.clone();
        for _ in 0..=self.policy.limits.redirects {
            hosts.check(&at)?;
            if ask_robots {
                let before = Instant::now();
                self.may(&at, hosts)?;
                until = until.put_off(before.elapsed());
            }
            until = until.put_off(self.pause(at.host()));
            let response = self.client.ask(&at, headers, until);
            self.last.insert(at.host().to_owned(), Instant::now());
            let response = response?;
            let status = response.status();
            if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
                return Ok(Answer { response, from: at, until });
            }
            let location = header(response.headers(), "location").ok_or(Error::NoLocation(status.as_u16()))?;
            at = at.join(location, &self.policy)?;
        }
        Err(Error::Redirects(self.policy.limits.redirects))
    }

    /// Waits until the host may be asked again; how long that took.
    fn pause(&self, host: &str) -> Duration {
        let Some(last) = self.last.get(host) else { return Duration::ZERO };
        let limits = &self.policy.limits;
        let asked_for = self.robots.get(host).and_then(|robots| robots.as_ref().ok()?.delay);
        let pause = asked_for.unwrap_or_default().min(limits.longest_pause).max(limits.pause);
        let left = pause.saturating_sub(last.elapsed());
        std::thread::sleep(left);
        left
    }

    /// Whether the host's robots.txt lets us ask for this.
    fn may(&mut self, target: &Target, hosts: &Hosts) -> Result<(), Error> {
        let host = target.host().to_owned();
        if !self.robots.contains_key(&host) {
            let found = self.read_robots(&target.robots(), hosts);
            // What our own rules refuse says more than that robots.txt cannot be had.
            let found = match found {
                Err(error @ Error::Address { .. }) => return Err(error),
                other => other.map_err(|error| error.to_string()),
            };
            self.robots.insert(host.clone(), found);
        }
        match self.robots.get(&host) {
            Some(Ok(robots)) if robots.allows(target.path_and_query()) => Ok(()),
            Some(Ok(_)) => {
                Err(Error::Robots { host, path: target.path_and_query().to_owned(), url: target.to_string() })
            }
            Some(Err(reason)) => Err(Error::RobotsUnknown { host, reason: reason.clone() }),
            None => Ok(()),
        }
    }

    /// robots.txt of a host (RFC 9309 section 2.3.1): absent is leave, unreachable is not.
    fn read_robots(&mut self, target: &Target, hosts: &Hosts) -> Result<Robots, Error> {
        let until = Deadline::after(self.policy.limits.wall);
        let answer = self.walk(target, hosts, &[], until, false)?;
        let status = answer.response.status();
        match status {
            StatusCode::TOO_MANY_REQUESTS => Err(Error::Status(429, "")),
            _ if status.is_client_error() => Ok(Robots::default()),
            _ if status == StatusCode::OK => {
                let mut source = Vec::new();
                let body = answer.response.into_body().into_reader();
                let read = body.take(robots::MOST as u64).read_to_end(&mut source);
                read.map_err(|error| super::client::told_of_body(error, target, answer.until))?;
                Ok(Robots::read(&source, AGENT))
            }
            _ => Err(Error::Status(status.as_u16(), "")),
        }
    }
}

/// Whether another try, a little later, may get the document.
fn is_busy(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 502 | 503 | 504)
}

/// Seconds, or a date (RFC 9110 section 10.2.3).
fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse::<u64>() {
        // Years are as good as a year.
        return Some(Duration::from_secs(seconds.min(31_536_000)));
    }
    let at = rfc2822::DateTimeParser::new().parse_timestamp(value.trim()).ok()?;
    Some(at.duration_since(now).try_into().unwrap_or(Duration::ZERO))
}

/// A header's value, where it is text.
pub(super) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_visit_is_named_in_seconds_or_by_a_date() {
        let now: Timestamp = "2026-01-31T12:00:00Z".parse().expect("a moment");
        let check = |value: &str, expected: Option<u64>| {
            assert_eq!(retry_after(value, now), expected.map(Duration::from_secs), "{value}");
        };
        check("120", Some(120));
        check(" 0 ", Some(0));
        check("99999999999", Some(31_536_000));
        check("Sat, 31 Jan 2026 12:01:00 GMT", Some(60));
        check("Sat, 31 Jan 2026 11:00:00 GMT", Some(0));
        check("soon", None);
        check("-5", None);
    }
}
