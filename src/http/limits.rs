//! How often a caller may ask: a token bucket each, and the header fields that say how much of it is left.
//!
//! The fields are those of draft-ietf-httpapi-ratelimit-headers (version 10): `RateLimit-Policy` names the quota and its
//! window, `RateLimit` what is left and the seconds until the quota is whole again. What is counted is requests; how the
//! work behind them is shared out is [`super::work`]'s.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// The window of every quota, in seconds.
const WINDOW: u32 = 60;
/// Callers that are remembered; one whose bucket is full again is as good as forgotten.
const MOST_CALLERS: usize = 20_000;

/// Who is counted together: the holder of a token, else whoever has the address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Caller {
    /// A token, by its id.
    Token(Arc<str>),
    /// An address; of IPv6 the network of 64 bits, which one machine has to itself.
    Peer(IpAddr),
    /// Work of our own, and callers that came without an address.
    Nobody,
}

impl Caller {
    /// The caller behind an address.
    pub fn at(address: IpAddr) -> Caller {
        Caller::Peer(match address.to_canonical() {
            IpAddr::V6(address) => {
                let mut parts = address.segments();
                for part in parts.iter_mut().skip(4) {
                    *part = 0;
                }
                IpAddr::from(parts)
            }
            v4 => v4,
        })
    }
}

/// What a caller has left after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    quota: u32,
    left: u32,
    /// Seconds until the bucket is full again.
    reset: u32,
    /// Seconds until the next request is taken; 0 where this one was.
    pub(super) retry: u32,
}

impl Taken {
    /// Writes the header fields.
    pub(super) fn tell(self, headers: &mut HeaderMap) {
        let mut set = |name: &'static str, text: String| {
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert(HeaderName::from_static(name), value);
            }
        };
        set("ratelimit-policy", format!("\"requests\";q={};w={WINDOW}", self.quota));
        set("ratelimit", format!("\"requests\";r={};t={}", self.left, self.reset));
    }
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

/// The buckets of all callers.
#[derive(Debug)]
pub(super) struct Limits {
    /// Requests a window; `None` for no limit.
    quota: Option<u32>,
    buckets: Mutex<HashMap<Caller, Bucket>>,
}

impl Limits {
    /// So many requests a minute for each caller; 0 for no limit.
    pub(super) fn a_minute(requests: u32) -> Limits {
        Limits { quota: (requests > 0).then_some(requests), buckets: Mutex::default() }
    }

    /// Counts a request; `None` where there is no limit.
    pub(super) fn take(&self, caller: &Caller, now: Instant) -> Option<Taken> {
        let quota = self.quota?;
        let full = f64::from(quota);
        let rate = full / f64::from(WINDOW);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST_CALLERS && !buckets.contains_key(caller) {
            forget(&mut buckets, now);
        }
        let bucket = buckets.entry(caller.clone()).or_insert(Bucket { left: full, at: now });
        bucket.left = (bucket.left + now.saturating_duration_since(bucket.at).as_secs_f64() * rate).min(full);
        bucket.at = now;
        let allowed = bucket.left >= 1.0;
        if allowed {
            bucket.left -= 1.0;
        }
        let retry = if allowed { 0 } else { whole((1.0 - bucket.left) / rate).max(1) };
        Some(Taken { quota, left: floor(bucket.left), reset: whole((full - bucket.left) / rate), retry })
    }
}

/// Forgets whoever has not asked for a window, and then is full again; else those who asked least recently.
fn forget(buckets: &mut HashMap<Caller, Bucket>, now: Instant) {
    let window = Duration::from_secs(WINDOW.into());
    buckets.retain(|_, bucket| now.saturating_duration_since(bucket.at) < window);
    if buckets.len() >= MOST_CALLERS {
        let mut times: Vec<Instant> = buckets.values().map(|bucket| bucket.at).collect();
        let (_, middle, _) = times.select_nth_unstable(MOST_CALLERS / 2);
        let middle = *middle;
        buckets.retain(|_, bucket| bucket.at > middle);
    }
}

/// Seconds, rounded up.
fn whole(seconds: f64) -> u32 {
    floor(seconds.ceil())
}

/// A float that is no negative number as an integer, the largest one where it is too large.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the range of the type")]
fn floor(number: f64) -> u32 {
    number.clamp(0.0, f64::from(u32::MAX)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(last: u8) -> Caller {
        Caller::at(IpAddr::from([192, 0, 2, last]))
    }

    #[test]
    fn a_bucket_empties_and_fills() {
        let limits = Limits::a_minute(6);
        let start = Instant::now();
        let take =
            |caller: &Caller, seconds| limits.take(caller, start + Duration::from_secs(seconds)).expect("a limit");
        for left in (0..6).rev() {
            let taken = take(&peer(1), 0);
            assert_eq!((taken.left, taken.retry), (left, 0));
        }
        let refused = take(&peer(1), 0);
        assert_eq!((refused.left, refused.retry, refused.reset), (0, 10, 60));
        assert_eq!(take(&peer(2), 0).retry, 0, "others have their own");
        assert_eq!(take(&peer(1), 9).retry, 1);
        assert_eq!(take(&peer(1), 10).retry, 0);
        assert_eq!(take(&peer(1), 1_000).left, 5, "never more than full");
        assert!(Limits::a_minute(0).take(&peer(1), start).is_none());
        let mut headers = HeaderMap::new();
        refused.tell(&mut headers);
        assert_eq!(headers["ratelimit-policy"], "\"requests\";q=6;w=60");
        assert_eq!(headers["ratelimit"], "\"requests\";r=0;t=60");
    }

    #[test]
    fn a_network_is_one_caller_and_their_number_is_bounded() {
        let caller = |text: &str| Caller::at(text.parse().expect("an address"));
        assert_eq!(caller("2001:db8::1"), caller("2001:db8::ffff:1"));
        assert_ne!(caller("2001:db8::1"), caller("2001:db8:0:1::1"));
        assert_eq!(caller("::ffff:192.0.2.1"), peer(1));
        let limits = Limits::a_minute(100);
        let start = Instant::now();
        for at in 0..2 * MOST_CALLERS {
            let address = std::net::Ipv4Addr::from(u32::try_from(at).expect("small"));
            let now = start + Duration::from_micros(u64::try_from(at).expect("small"));
            assert!(limits.take(&Caller::at(address.into()), now).is_some_and(|taken| taken.retry == 0));
        }
        assert!(limits.buckets.lock().expect("whole").len() <= MOST_CALLERS);
    }
}
