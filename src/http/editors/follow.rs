//! A job's events as they come (WHATWG HTML, section 9.2, "Server-sent events").

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use tokio::sync::mpsc;

use super::jobs::Job;
use crate::http::reply::Growing;
use crate::http::work::Admitted;

/// After how long a silence a comment says that the connection lives.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Events that may wait for the client.
const WRITTEN_AHEAD: usize = 4;

/// The events after the first `seen`, until the last; `place` is free again when the client is gone.
pub(super) fn answer(job: Arc<Job>, seen: usize, place: Admitted) -> Response {
    let (written, events) = mpsc::channel(WRITTEN_AHEAD);
    tokio::spawn(async move {
        let _place = place;
        tell(&job, seen, &written, HEARTBEAT).await;
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        // Proxies that gather an answer before they pass it on would hold events back.
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    (headers, Body::new(Growing(events))).into_response()
}

/// Ends with the last event, or when nobody listens any more.
async fn tell(job: &Job, mut seen: usize, written: &mpsc::Sender<Bytes>, heartbeat: Duration) {
    // Before the first look, so that nothing comes between the two.
    let mut changes = job.changes();
    loop {
        let (events, ended) = job.events(seen);
        for event in events {
            if written.send(Bytes::from(event)).await.is_err() {
                return;
            }
            seen += 1;
        }
        if ended {
            return;
        }
        tokio::select! {
            () = written.closed() => return,
            changed = changes.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(heartbeat) => {
                if written.send(Bytes::from_static(b": still at work\n\n")).await.is_err() {
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::jobs::Jobs;
    use super::*;

    #[tokio::test]
    async fn followers_hear_everything_once_and_a_heartbeat() {
        let job = Jobs::default().begin("anna".to_owned()).expect("none runs");
        let (written, mut events) = mpsc::channel(WRITTEN_AHEAD);
        let told = Arc::clone(&job);
        let following = tokio::spawn(async move { tell(&told, 0, &written, Duration::from_millis(20)).await });
        let next = async |events: &mut mpsc::Receiver<Bytes>| {
            let event = events.recv().await.map(|event| event.to_vec()).unwrap_or_default();
            String::from_utf8(event).expect("text")
        };
        assert!(next(&mut events).await.contains("opening"));
        assert_eq!(next(&mut events).await, ": still at work\n\n");
        job.reading(1);
        job.end(Err("a test wants it".to_owned()));
        let mut rest = String::new();
        while let Some(event) = events.recv().await {
            rest.push_str(std::str::from_utf8(&event).expect("text"));
        }
        let rest = rest.replace(": still at work\n\n", "");
        assert!(rest.starts_with("id: 2\nevent: progress") && rest.contains("id: 3\nevent: failed"), "{rest}");
        following.await.expect("it ends");
    }

    #[tokio::test]
    async fn nothing_goes_on_for_a_client_that_has_left() {
        let job = Jobs::default().begin("anna".to_owned()).expect("none runs");
        let (written, mut events) = mpsc::channel(WRITTEN_AHEAD);
        let told = Arc::clone(&job);
        let following = tokio::spawn(async move { tell(&told, 0, &written, Duration::from_secs(3600)).await });
        assert!(events.recv().await.is_some());
        drop(events);
        let ended = tokio::time::timeout(Duration::from_secs(20), following).await;
        ended.expect("at once").expect("in order");
    }
}
