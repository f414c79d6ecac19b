//! Why a document was not fetched, in words for an editor.

use std::path::PathBuf;

use crate::corpus::Format;

/// Why a document was not fetched.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Licence, tier or sidecar keep it from being fetched.
    #[error("{0}")]
    NotAllowed(String),
    /// The address as written is refused.
    #[error("{url}: {reason}")]
    Url {
        /// The address, cut where it is long.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The address leads to a host that neither the sidecar nor the pack names.
    #[error(
        "{host} is neither a host of {own}, where the sidecar's `url` points, nor in the pack's `hosts`: if it is the publisher's, add `hosts = [\"{host}\"]` to pack.toml"
    )]
    Host {
        /// The foreign host.
        host: String,
        /// The registrable domain of the sidecar's `url`.
        own: String,
    },
    /// The host's name leads to an address outside the public internet.
    #[error("{host} leads to {address}, which is {what}: not fetched")]
    Address {
        /// The host.
        host: String,
        /// The address.
        address: std::net::IpAddr,
        /// What that address is for.
        what: &'static str,
    },
    /// The publisher's robots.txt keeps us out.
    #[error(
        "{host}/robots.txt forbids fetching {path}: open the page in a browser, then `corpus add FILE --url {url}`"
    )]
    Robots {
        /// The host.
        host: String,
        /// Path and query.
        path: String,
        /// The whole address.
        url: String,
    },
    /// The publisher's robots.txt could not be had, so nobody knows what is allowed.
    #[error("{host}/robots.txt cannot be had ({reason}), so nothing is fetched from there now")]
    RobotsUnknown {
        /// The host.
        host: String,
        /// Why not.
        reason: String,
    },
    /// More redirects than are followed.
    #[error("more than {0} redirects")]
    Redirects(usize),
    /// A redirect that leads nowhere.
    #[error("status {0} without an address to go to")]
    NoLocation(u16),
    /// The server refuses readers that are no browser.
    #[error("the server answered {status}: open the page in a browser, save it, then `corpus add FILE --url {url}`")]
    Forbidden {
        /// 401 or 403.
        status: u16,
        /// The address.
        url: String,
    },
    /// Any other answer that is no document.
    #[error("the server answered {0}{1}")]
    Status(u16, &'static str),
    /// The server asks for a later visit.
    #[error("the server answered {status} and asks for a later visit: come back at {at}")]
    ComeBack {
        /// 429 or 503.
        status: u16,
        /// When.
        at: jiff::Timestamp,
    },
    /// More bytes than are kept.
    #[error("larger than {} MiB", limit / 1_048_576)]
    TooLarge {
        /// The limit, in bytes of decoded content.
        limit: u64,
    },
    /// A content encoding that was not asked for and is not decoded.
    #[error("content encoding {0:?} is not read")]
    Encoding(String),
    /// The bytes are of another type than sidecar, address or server say.
    #[error("{expected} was expected, but the bytes are {found}")]
    Type {
        /// What should have come.
        expected: String,
        /// What came.
        found: String,
    },
    /// The transfer ended before its end.
    #[error("truncated: {got} of {declared} bytes came")]
    Truncated {
        /// What the server had declared, as text.
        declared: String,
        /// What came.
        got: u64,
    },
    /// Longer than one document may take.
    #[error("not complete after {0} seconds")]
    TooSlow(u64),
    /// The name, the connection, TLS or HTTP failed.
    #[error("{host}: {reason}")]
    Connection {
        /// The host.
        host: String,
        /// What failed.
        reason: String,
    },
    /// A file of ours.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The sidecar or the log could not be written.
    #[error("{0}")]
    Record(String),
}

impl Error {
    /// Whether a rule of ours refused it, rather than that something failed.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self,
            Error::NotAllowed(_)
                | Error::Url { .. }
                | Error::Host { .. }
                | Error::Address { .. }
                | Error::Robots { .. }
                | Error::Redirects(_)
                | Error::TooLarge { .. }
                | Error::Encoding(_)
                | Error::Type { .. }
        )
    }

    /// Whether another try, a little later, may do better.
    pub(super) fn is_passing(&self) -> bool {
        matches!(self, Error::Connection { .. } | Error::Truncated { .. })
    }

    /// Whether what has come so far is worth keeping for the next run.
    pub(super) fn keeps_part(&self) -> bool {
        matches!(self, Error::Connection { .. } | Error::Truncated { .. } | Error::TooSlow(_))
    }

    pub(super) fn wrong_type(expected: Format, found: &str) -> Error {
        Error::Type { expected: expected.to_string(), found: found.to_owned() }
    }

    pub(super) fn at(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Error + use<'_> {
        move |source| Error::Io { path: path.to_owned(), source }
    }
}
