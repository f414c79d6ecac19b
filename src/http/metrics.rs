//! Counters of the service, and their Prometheus text.
//!
//! Labels are route templates, methods and statuses: a closed set, so memory is bounded, and no request's text is in
//! them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper ends of the latency histogram's buckets, in seconds.
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0];

/// What requests are counted by.
type Labels = (&'static str, String, u16);

#[derive(Clone, Debug, Default)]
struct Series {
    count: u64,
    seconds: f64,
    buckets: [u64; BUCKETS.len()],
}

/// The counters.
#[derive(Debug, Default)]
pub struct Metrics {
    requests: Mutex<BTreeMap<Labels, Series>>,
    in_flight: AtomicI64,
}

/// A request that is being answered; counted as such until dropped.
#[derive(Debug)]
pub(super) struct InFlight<'a>(&'a Metrics);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Metrics {
    pub(super) fn begin(&self) -> InFlight<'_> {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        InFlight(self)
    }

    pub(super) fn count(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let series = requests.entry((method, route.to_owned(), status)).or_default();
        let seconds = took.as_secs_f64();
        series.count += 1;
        series.seconds += seconds;
        for (count, end) in series.buckets.iter_mut().zip(BUCKETS) {
            *count += u64::from(seconds <= end);
        }
    }

    /// The Prometheus text, with the active snapshot's id where there is one.
    pub fn text(&self, snapshot: Option<&str>) -> String {
        let mut text = String::new();
        // Writing to a String does not fail.
        let _ = self.write(&mut text, snapshot);
        text
    }

    fn write(&self, text: &mut String, snapshot: Option<&str>) -> std::fmt::Result {
        writeln!(text, "# HELP groundline_build_info The running program.\n# TYPE groundline_build_info gauge")?;
        writeln!(text, "groundline_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"))?;
        writeln!(text, "# HELP groundline_snapshot_info The active snapshot.\n# TYPE groundline_snapshot_info gauge")?;
        if let Some(id) = snapshot {
            writeln!(text, "groundline_snapshot_info{{id=\"{id}\"}} 1")?;
        }
        writeln!(text, "# HELP groundline_requests_in_flight Requests now being answered.")?;
        writeln!(text, "# TYPE groundline_requests_in_flight gauge")?;
        writeln!(text, "groundline_requests_in_flight {}", self.in_flight.load(Ordering::Relaxed))?;
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone();
        writeln!(text, "# HELP groundline_requests_total Requests answered.")?;
        writeln!(text, "# TYPE groundline_requests_total counter")?;
        for ((method, route, status), series) in &requests {
            let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
            writeln!(text, "groundline_requests_total{{{labels}}} {}", series.count)?;
        }
        writeln!(text, "# HELP groundline_request_seconds Time to the head of the answer.")?;
        writeln!(text, "# TYPE groundline_request_seconds histogram")?;
        for ((method, route, status), series) in &requests {
            let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{status}\"");
            for (count, end) in series.buckets.iter().zip(BUCKETS) {
                writeln!(text, "groundline_request_seconds_bucket{{{labels},le=\"{end}\"}} {count}")?;
            }
            writeln!(text, "groundline_request_seconds_bucket{{{labels},le=\"+Inf\"}} {}", series.count)?;
            writeln!(text, "groundline_request_seconds_sum{{{labels}}} {}", series.seconds)?;
            writeln!(text, "groundline_request_seconds_count{{{labels}}} {}", series.count)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_cumulative() {
        let metrics = Metrics::default();
        metrics.count("GET", "/healthz", 200, Duration::from_millis(3));
        metrics.count("GET", "/healthz", 200, Duration::from_secs(60));
        let text = metrics.text(Some("abc"));
        let labels = "method=\"GET\",route=\"/healthz\",status=\"200\"";
        for line in [
            format!("groundline_request_seconds_bucket{{{labels},le=\"0.0025\"}} 0"),
            format!("groundline_request_seconds_bucket{{{labels},le=\"0.005\"}} 1"),
            format!("groundline_request_seconds_bucket{{{labels},le=\"10\"}} 1"),
            format!("groundline_request_seconds_bucket{{{labels},le=\"+Inf\"}} 2"),
            format!("groundline_requests_total{{{labels}}} 2"),
            "groundline_snapshot_info{id=\"abc\"} 1".to_owned(),
        ] {
            assert!(text.lines().any(|have| have == line), "{line} is not in\n{text}");
        }
    }
}
