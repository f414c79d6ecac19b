//! One HTTP exchange: to a checked address, within a time, without redirects, proxies, cookies or encodings of its own.

use std::io;
use std::time::{Duration, Instant};

use ureq::config::Config;
use ureq::http::{Response, Uri};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{Connector, NextTimeout, RustlsConnector, TcpConnector};
use ureq::{Agent, Body};

use super::target::Target;
use super::{Error, Policy};

/// Most addresses of a name that are tried.
const MOST_ADDRESSES: usize = 8;

/// How this program names itself to servers.
pub const USER_AGENT: &str = concat!("groundline/", env!("CARGO_PKG_VERSION"));

/// Finds the addresses of a host by the policy, at the moment of the connection: what was checked is what is connected
/// to, whatever the name says a moment later.
#[derive(Debug)]
struct Checked(Policy);

impl Resolver for Checked {
    fn resolve(&self, uri: &Uri, _: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.host().ok_or(ureq::Error::HostNotFound)?;
        let within = (*timeout.after).min(self.0.limits.wall);
        let addresses = self.0.addresses(host, within).map_err(|error| ureq::Error::Other(Box::new(error)))?;
        let mut found = self.empty();
        addresses.into_iter().take(MOST_ADDRESSES).for_each(|address| found.push(address));
        Ok(found)
    }
}

/// Speaks HTTP.
#[derive(Debug)]
pub(super) struct Client {
    agent: Agent,
}

impl Client {
    pub(super) fn new(policy: &Policy) -> Client {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .https_only(policy.scheme() == "https")
            // Redirects are followed one by one by the caller, each checked.
            .max_redirects(0)
            .max_redirects_will_error(false)
            // Neither settings nor environment may put a third party between.
            .proxy(None)
            .user_agent(USER_AGENT)
            .accept("text/html, application/xhtml+xml, application/pdf, application/xml, text/plain, */*;q=0.1")
            .accept_encoding("identity")
            // Each connection is resolved and checked anew.
            .max_idle_connections(0)
            .max_response_header_size(32 << 10)
            .build();
        let connector = ().chain(TcpConnector::default()).chain(RustlsConnector::default());
        Client { agent: Agent::with_parts(config, connector, Checked(policy.clone())) }
    }

    /// Asks once. The time ends the whole exchange, its body included.
    pub(super) fn ask(
        &self,
        target: &Target,
        headers: &[(&'static str, String)],
        until: Deadline,
    ) -> Result<Response<Body>, Error> {
        let mut request = self.agent.get(target.as_str());
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.config().timeout_global(Some(until.left()?)).build();
        // Two readers of one address must agree on its host, or it is asked by neither.
        if request.uri_ref().and_then(Uri::host) != Some(target.host()) {
            let reason = "its host can be read in two ways".to_owned();
            return Err(Error::Url { url: target.to_string(), reason });
        }
        request.call().map_err(|error| told(error, target, until))
    }
}

/// The moment at which an exchange ends, done or not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    at: Instant,
    wall: Duration,
}

impl Deadline {
    pub(super) fn after(wall: Duration) -> Deadline {
        Deadline { at: Instant::now() + wall, wall }
    }

    /// The time that is left.
    pub(super) fn left(self) -> Result<Duration, Error> {
        let left = self.at.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(self.passed()) } else { Ok(left) }
    }

    /// The same moment moved by a pause that a publisher has asked for.
    pub(super) fn put_off(self, pause: Duration) -> Deadline {
        Deadline { at: self.at + pause, ..self }
    }

    fn passed(self) -> Error {
        Error::TooSlow(self.wall.as_secs())
    }
}

/// An error of the HTTP library in words for an editor.
fn told(error: ureq::Error, target: &Target, until: Deadline) -> Error {
    let reason = match error {
        ureq::Error::Other(inner) => match inner.downcast::<Error>() {
            Ok(ours) => return *ours,
            Err(other) => other.to_string(),
        },
        ureq::Error::Timeout(_) => return until.passed(),
        ureq::Error::Io(error) if error.kind() == io::ErrorKind::TimedOut => return until.passed(),
        ureq::Error::Io(error) => error.to_string(),
        other => other.to_string(),
    };
    Error::Connection { host: target.host().to_owned(), reason }
}

/// An error while a body was read.
pub(super) fn told_of_body(error: io::Error, target: &Target, until: Deadline) -> Error {
    told(ureq::Error::from(error), target, until)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{SocketAddr, TcpListener};
    use std::sync::Arc;

    use super::*;
    use crate::fetch::Lookup;

    #[derive(Debug)]
    struct Here(SocketAddr);

    impl Lookup for Here {
        fn addresses(&self, _: &str, _: u16, _: Duration) -> io::Result<Vec<SocketAddr>> {
            Ok(vec![self.0])
        }
    }

    fn ask(server: SocketAddr) -> Result<Response<Body>, Error> {
        let policy = Policy::for_tls_test_server(server, Arc::new(Here(server)));
        let target = Target::new(&format!("https://www.cdc.gov:{}/secret", server.port()), &policy).expect("a target");
        Client::new(&policy).ask(&target, &[], Deadline::after(Duration::from_secs(10)))
    }

    #[test]
    fn https_is_tls_with_the_hosts_name_from_the_first_byte() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let server = listener.local_addr().expect("an address");
        let heard = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            let mut first = vec![0; 4_096];
            let read = stream.read(&mut first).expect("bytes");
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").expect("written");
            first.truncate(read);
            first
        });
        let error = ask(server).expect_err("plain HTTP is no answer").to_string();
        assert!(error.starts_with("www.cdc.gov: "), "{error}");
        let heard = heard.join().expect("heard");
        // A handshake record (RFC 8446 section 5.1), the host named in it, and nothing of the request.
        assert_eq!(heard.first(), Some(&0x16));
        let holds = |part: &[u8]| heard.windows(part.len()).any(|window| window == part);
        assert!(holds(b"www.cdc.gov") && !holds(b"secret"));
    }
}
