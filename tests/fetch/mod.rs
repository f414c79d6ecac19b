//! `corpus fetch` against a publisher's server that misbehaves.

mod answers;

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use groundline::corpus::history::{self, Action, Actor};
use groundline::corpus::{Corpus, Format};
use groundline::fetch::{self, Limits, Lookup, Outcome, Policy, Selection};

use crate::support::folder;
use crate::support::publisher::{Publisher, Reply, Request, at_once, reply};

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj\n%%EOF\n";
const PAGE: &[u8] = b"<!doctype html><title>Screening</title><p>Screen adults.";

/// Every name leads to the publisher's server, but for `inside.*`, which leads into its network.
#[derive(Debug)]
struct Names(SocketAddr);

impl Lookup for Names {
    fn addresses(&self, host: &str, port: u16, _: Duration) -> io::Result<Vec<SocketAddr>> {
        let address = if host.starts_with("inside.") { SocketAddr::from(([10, 0, 0, 7], port)) } else { self.0 };
        Ok(vec![address])
    }
}

/// A pack with one version, and the publisher's server.
struct Desk {
    folder: tempfile::TempDir,
    publisher: Publisher,
    limits: Limits,
}

impl Desk {
    /// A sidecar that points at `path`, with more lines of its own.
    fn new(path: &str, more: &str, answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Desk {
        let desk = Desk {
            folder: folder(),
            publisher: Publisher::start(answer),
            limits: Limits {
                bytes: 64 << 10,
                wall: Duration::from_millis(1_500),
                backoff: Duration::from_millis(1),
                pause: Duration::ZERO,
                longest_pause: Duration::ZERO,
                longest_wait: Duration::from_secs(2),
                ..Limits::default()
            },
        };
        let url = format!("http://www.publisher.org:{}{path}", desk.publisher.address.port());
        let sidecar = format!(
            "# A note of the editor's.\nid = \"a\"\nversion = \"1\"\nurl = \"{url}\" # the page\nlicence = \"public domain\"\n{more}\n"
        );
        desk.write("pack.toml", "name = \"p\"\n");
        desk.write("a.toml", &sidecar);
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("written");
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).expect("text")
    }

    /// Fetches by name on a day.
    fn fetch_on(&self, day: &str) -> Outcome {
        let policy = Policy::for_test_server(
            self.publisher.address.port(),
            Some(self.publisher.address),
            Arc::new(Names(self.publisher.address)),
            self.limits.clone(),
        );
        let actor = Actor { by: "an editor".to_owned(), at: format!("{day}T12:00:00Z").parse().expect("a moment") };
        let corpus = Corpus::open(&[self.folder.path().to_owned()]).expect("a corpus");
        let selection = Selection { ids: vec!["a@1".to_owned()], ..Selection::default() };
        let planned = fetch::plan(&corpus, &selection, &policy, day.parse().expect("a day")).expect("a plan");
        let mut outcomes = fetch::run(planned, policy, &actor, &letters_alone, &mut |_| {});
        assert_eq!(outcomes.len(), 1);
        outcomes.remove(0).1
    }

    fn fetch(&self) -> Outcome {
        self.fetch_on("2026-03-01")
    }

    fn actions(&self) -> Vec<Action> {
        let report = history::verify(self.folder.path()).expect("a log");
        assert!(report.is_sound(), "{report:?}");
        history::read(self.folder.path()).expect("a log").iter().map(|event| event.action).collect()
    }

    fn candidates(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path("candidates")) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

/// Stands in for the reader: what is no letter is not text.
fn letters_alone(_: Format, path: &Path) -> Option<String> {
    Some(fs::read_to_string(path).ok()?.chars().filter(|c| c.is_alphabetic()).collect())
}

/// An answer for everything but robots.txt, which is absent.
fn unless_robots(request: &Request, reply_with: impl Fn() -> Reply) -> Reply {
    if request.path == "/robots.txt" { reply(404, &[], b"") } else { reply_with() }
}

/// What a server's one answer comes to; nothing may be left where a document would be read.
fn check(path: &str, answer: impl Fn(&Request) -> Reply + Send + Sync + 'static, result: &str, reason: &str) {
    let desk = Desk::new(path, "", move |request| unless_robots(request, || answer(request)));
    check_outcome(&desk, result, reason);
}

fn check_outcome(desk: &Desk, result: &str, reason: &str) {
    let before = desk.text("a.toml");
    let outcome = desk.fetch();
    let Outcome::Not(error) = &outcome else { panic!("{outcome:?} instead of {reason:?}") };
    assert_eq!(if error.is_refusal() { "refused" } else { "failed" }, result, "{error}");
    assert!(error.to_string().contains(reason), "{error} instead of {reason}");
    assert_eq!(desk.text("a.toml"), before, "the sidecar was changed");
    for ending in ["pdf", "html", "xml", "txt", "md"] {
        assert!(!desk.path(&format!("a.{ending}")).exists(), "a.{ending} was kept: {error}");
    }
    assert_eq!(desk.candidates(), Vec::<String>::new());
}

fn redirect(to: String) -> Reply {
    reply(302, &[("location", &to)], b"")
}

#[test]
fn first_content_is_put_beside_its_sidecar_and_recorded() {
    let desk = Desk::new("/g.pdf", "", |request| {
        unless_robots(request, || reply(200, &[("content-type", "application/pdf"), ("etag", "\"1\"")], PDF))
    });
    let outcome = desk.fetch();
    assert!(matches!(&outcome, Outcome::Fetched { bytes, .. } if *bytes == PDF.len() as u64), "{outcome:?}");
    assert_eq!(desk.read("a.pdf"), PDF);
    let sidecar = desk.text("a.toml");
    assert!(sidecar.starts_with("# A note of the editor's.\nid = \"a\"\n"), "{sidecar}");
    assert!(sidecar.contains("# the page"), "{sidecar}");
    for key in ["last_checked = \"2026-03-01\"", "retrieved_at = \"2026-03-01\"", "sha256 = \""] {
        assert!(sidecar.contains(key), "{sidecar}");
    }
    let corpus = Corpus::open(&[desk.folder.path().to_owned()]).expect("a corpus");
    assert_eq!((corpus.versions.len(), corpus.faults.as_slice()), (1, &[][..]));
    assert_eq!(desk.actions(), [Action::Fetch]);
    assert!(!desk.path(".fetch/a.part").exists());
    let request = desk.publisher.requests().remove(0);
    assert_eq!(request.header("user-agent"), fetch::USER_AGENT);
    assert_eq!(request.header("accept-encoding"), "identity");
    assert_eq!(desk.publisher.robots_requests(), 1);
}

#[test]
fn what_has_not_changed_is_asked_for_by_its_validators() {
    let desk = Desk::new("/g.pdf", "", |request| {
        unless_robots(request, || match request.header("if-none-match") {
            "\"1\"" => reply(304, &[], b""),
            _ => reply(200, &[("etag", "\"1\""), ("last-modified", "Sat, 31 Jan 2026 12:00:00 GMT")], PDF),
        })
    });
    desk.fetch();
    let outcome = desk.fetch_on("2026-09-01");
    assert!(matches!(outcome, Outcome::Unchanged { .. }), "{outcome:?}");
    assert_eq!(desk.publisher.requests()[1].header("if-modified-since"), "Sat, 31 Jan 2026 12:00:00 GMT");
    let sidecar = desk.text("a.toml");
    assert!(sidecar.contains("last_checked = \"2026-09-01\"") && sidecar.contains("retrieved_at = \"2026-03-01\""));
    assert_eq!(desk.actions(), [Action::Fetch, Action::Check]);
    // A second look on the same day finds nothing to write.
    desk.fetch_on("2026-09-01");
    assert_eq!(desk.actions(), [Action::Fetch, Action::Check]);
    assert_eq!(desk.read("a.pdf"), PDF);
}

#[test]
fn changed_content_becomes_a_candidate_and_replaces_nothing() {
    let desk = Desk::new("/g.html", "supersedes = [\"a@0\"]\nstatus = \"current\"", |request| {
        unless_robots(request, || match (request.before, request.header("if-none-match")) {
            (_, "\"2\"") => reply(304, &[], b""),
            (0, _) => reply(200, &[("etag", "\"1\"")], PAGE),
            _ => reply(200, &[("etag", "\"2\"")], b"<!doctype html><title>Screening</title><p>Do not screen adults."),
        })
    });
    desk.fetch();
    let before = desk.text("a.toml");
    let outcome = desk.fetch_on("2027-04-01");
    assert!(matches!(outcome, Outcome::Candidate { waiting: false, .. }), "{outcome:?}");
    assert_eq!(desk.read("a.html"), PAGE);
    assert_eq!(desk.text("a.toml"), before, "the old edition's check is not renewed by a change");
    let names = desk.candidates();
    assert_eq!(names.len(), 2, "{names:?}");
    let sidecar = desk.text(&format!("candidates/{}", names[1]));
    let version = names[1].trim_start_matches("a-").trim_end_matches(".toml").to_owned();
    assert_eq!(version.len(), 12);
    for key in [format!("version = \"{version}\"").as_str(), "kind = \"draft\"", "licence = \"public domain\""] {
        assert!(sidecar.contains(key), "{sidecar}");
    }
    assert!(!sidecar.contains("supersedes") && !sidecar.contains("status ="), "{sidecar}");
    // The candidate is a version of its own where somebody opens its folder, and none of the pack's.
    let candidate = Corpus::open(&[desk.path("candidates")]).expect("a corpus");
    assert_eq!(candidate.faults, []);
    assert_eq!(candidate.versions[0].facts.id.to_string(), format!("a@{version}"));
    let corpus = Corpus::open(&[desk.folder.path().to_owned()]).expect("a corpus");
    assert_eq!(corpus.versions.len(), 1);
    assert_eq!(desk.actions(), [Action::Fetch, Action::Candidate]);
    // It is not fetched again, and not forgotten.
    let outcome = desk.fetch_on("2027-04-02");
    assert!(matches!(outcome, Outcome::Candidate { waiting: true, .. }), "{outcome:?}");
    assert_eq!(desk.actions().len(), 2);
}

#[test]
fn a_page_written_anew_with_the_same_text_is_unchanged() {
    let desk = Desk::new("/g.html", "", |request| {
        unless_robots(request, || {
            let body = format!("<!doctype html><title>Screening</title><p>Screen adults. {}", request.before);
            reply(200, &[], body.as_bytes())
        })
    });
    desk.fetch();
    let outcome = desk.fetch_on("2027-04-01");
    assert!(matches!(outcome, Outcome::Unchanged { how } if how.contains("same text")), "{outcome:?}");
    assert_eq!(desk.candidates(), Vec::<String>::new());
    assert!(desk.text("a.toml").contains("last_checked = \"2027-04-01\""));
}

#[test]
fn bytes_other_than_the_sidecar_records_are_a_candidate_from_the_start() {
    let desk = Desk::new("/g.pdf", "sha256 = \"00ff\"", |request| unless_robots(request, || reply(200, &[], PDF)));
    let outcome = desk.fetch();
    assert!(matches!(outcome, Outcome::Candidate { .. }), "{outcome:?}");
    assert!(!desk.path("a.pdf").exists());
}

#[test]
fn redirects_are_followed_to_the_publishers_hosts_alone() {
    check("/g.pdf", |request| redirect(request.path.clone()), "refused", "more than 3 redirects");
    check(
        "/0",
        |request| redirect(format!("/{}", request.path[1..].parse::<u32>().unwrap_or(0) + 1)),
        "refused",
        "more than 3",
    );
    check("/g.pdf", |_| redirect("http://127.0.0.1/".to_owned()), "refused", "number");
    check("/g.pdf", |_| redirect("http://169.254.169.254/latest/meta-data".to_owned()), "refused", "number");
    check("/g.pdf", |_| redirect("//[::1]/".to_owned()), "refused", "number");
    check("/g.pdf", |_| redirect("http://localhost/".to_owned()), "refused", "public internet");
    check("/g.pdf", |_| redirect("file:///etc/passwd".to_owned()), "refused", "only http");
    check("/g.pdf", |_| redirect("//www.elsewhere.org/".to_owned()), "refused", "only port");
    let to = |host: &'static str| {
        move |request: &Request| {
            redirect(format!("http://{host}:{}/x", request.header("host").rsplit(':').next().unwrap_or_default()))
        }
    };
    check("/g.pdf", to("www.elsewhere.org"), "refused", "www.elsewhere.org is neither a host of publisher.org");
    check("/g.pdf", to("publisher.org.elsewhere.org"), "refused", "neither a host");
    check("/g.pdf", to("inside.publisher.org"), "refused", "10.0.0.7, which is private");
    check("/g.pdf", |_| reply(302, &[], b""), "failed", "without an address");
}

#[test]
fn a_redirect_to_a_listed_host_is_followed_and_its_robots_obeyed() {
    let answer = |request: &Request| {
        let (host, port) = request.header("host").split_once(':').expect("a port");
        match (host, request.path.as_str()) {
            ("files.elsewhere.org", "/robots.txt") => reply(200, &[], b"User-agent: groundline\nDisallow: /private\n"),
            (_, "/robots.txt") => reply(404, &[], b""),
            ("www.publisher.org", path) => redirect(format!("http://files.elsewhere.org:{port}{path}")),
            _ => reply(200, &[], PDF),
        }
    };
    let desk = Desk::new("/g.pdf", "", answer);
    desk.write("pack.toml", "name = \"p\"\nhosts = [\"elsewhere.org\"]\n");
    let outcome = desk.fetch();
    assert!(matches!(outcome, Outcome::Fetched { .. }), "{outcome:?}");
    assert_eq!(desk.publisher.robots_requests(), 2);
    let desk = Desk::new("/private/g.pdf", "", answer);
    desk.write("pack.toml", "name = \"p\"\nhosts = [\"elsewhere.org\"]\n");
    check_outcome(&desk, "refused", "files.elsewhere.org/robots.txt forbids");
    let desk = Desk::new("/g.pdf", "", answer);
    desk.write("pack.toml", "name = \"p\"\nhosts = [\"org\"]\n");
    check_outcome(&desk, "refused", "`hosts` in pack.toml");
    assert_eq!(desk.publisher.connections(), 0);
}

#[test]
fn what_came_of_a_long_file_is_continued() {
    let whole = [PDF, &[b'x'; 5_000], b"\n%%EOF\n"].concat();
    let check = |rest: fn(&Request, &[u8]) -> Reply, ranges: &[&str]| {
        let file = whole.clone();
        let mut desk = Desk::new("/g.pdf", "", move |request| {
            unless_robots(request, || {
                if request.before > 0 {
                    return rest(request, &file);
                }
                let head = format!("HTTP/1.1 200 OK\r\netag: \"1\"\r\ncontent-length: {}\r\n\r\n", file.len());
                at_once([head.as_bytes(), &file[..2_000]].concat())
            })
        });
        desk.limits.tries = 1;
        let outcome = desk.fetch();
        assert!(matches!(&outcome, Outcome::Not(error) if error.to_string().contains("truncated")), "{outcome:?}");
        assert_eq!(fs::metadata(desk.path(".fetch/a.part")).expect("a part").len(), 2_000);
        desk.limits.tries = 3;
        let outcome = desk.fetch();
        assert!(matches!(outcome, Outcome::Fetched { .. }), "{outcome:?}");
        assert_eq!(desk.read("a.pdf"), whole);
        let asked: Vec<String> = desk.publisher.requests()[1..].iter().map(|r| r.header("range").to_owned()).collect();
        assert_eq!(asked, ranges);
        assert_eq!(desk.publisher.requests()[1].header("if-range"), "\"1\"");
    };
    // The rest; the whole, for the file has changed or the server knows no ranges; another part; no part.
    check(
        |_, file| {
            reply(206, &[("content-range", &format!("bytes 2000-{}/{}", file.len() - 1, file.len()))], &file[2_000..])
        },
        &["bytes=2000-"],
    );
    check(|_, file| reply(200, &[], file), &["bytes=2000-"]);
    check(
        |request, file| match request.header("range") {
            "" => reply(200, &[], file),
            _ => reply(206, &[("content-range", &format!("bytes 0-99/{}", file.len()))], &file[..100]),
        },
        &["bytes=2000-", ""],
    );
    check(
        |request, file| if request.header("range").is_empty() { reply(200, &[], file) } else { reply(416, &[], b"") },
        &["bytes=2000-", ""],
    );
}

#[test]
fn the_licence_gate_is_before_the_network() {
    let check = |sidecar: &str, reason: &str| {
        let desk = Desk::new("/g.pdf", "", |_| reply(200, &[], PDF));
        let text = desk.text("a.toml").replace("licence = \"public domain\"", sidecar);
        desk.write("a.toml", &text);
        check_outcome(&desk, "refused", reason);
        assert_eq!(desk.publisher.connections(), 0, "{sidecar}");
    };
    check("licence = \"all rights reserved\"\ntext_storage = \"link_only\"", "link_only");
    check("", "no licence is recorded");
    check("licence = \"own\"\ntier = \"digest\"", "our own words");
    check("licence = \"x\"\ncolour = \"red\"", "its sidecar has 1 faults");
    let quote =
        Desk::new("/g.pdf", "text_storage = \"quote\"", |request| unless_robots(request, || reply(200, &[], PDF)));
    assert!(matches!(quote.fetch(), Outcome::Fetched { .. }));
}

#[test]
fn a_landing_page_may_name_its_file() {
    let desk = Desk::new("/landing", "", |request| {
        unless_robots(request, || if request.path == "/f.pdf" { reply(200, &[], PDF) } else { reply(200, &[], PAGE) })
    });
    let url = format!("http://files.publisher.org:{}/f.pdf", desk.publisher.address.port());
    desk.write("a.toml", &format!("{}fetch_url = \"{url}\"\n", desk.text("a.toml")));
    let outcome = desk.fetch();
    assert!(matches!(outcome, Outcome::Fetched { .. }), "{outcome:?}");
    assert_eq!(desk.read("a.pdf"), PDF);
    let other = Desk::new("/landing", "", |_| reply(200, &[], PDF));
    let url = format!("http://files.elsewhere.org:{}/f.pdf", other.publisher.address.port());
    other.write("a.toml", &format!("{}fetch_url = \"{url}\"\n", other.text("a.toml")));
    check_outcome(&other, "refused", "neither a host of publisher.org");
}

#[test]
fn only_what_is_due_is_asked_for() {
    let desk = Desk::new("/g.pdf", "cadence = \"P1M\"", |request| unless_robots(request, || reply(200, &[], PDF)));
    let step = |day: &str| {
        let policy = Policy::for_test_server(
            desk.publisher.address.port(),
            None,
            Arc::new(Names(desk.publisher.address)),
            desk.limits.clone(),
        );
        let corpus = Corpus::open(&[desk.folder.path().to_owned()]).expect("a corpus");
        let planned =
            fetch::plan(&corpus, &Selection::default(), &policy, day.parse().expect("a day")).expect("a plan");
        match &planned[0].step {
            fetch::Step::Fetch(_) => "fetch".to_owned(),
            fetch::Step::Check(_) => "check".to_owned(),
            fetch::Step::Refused(error) => error.to_string(),
            fetch::Step::NotDue(reason) => reason.clone(),
        }
    };
    assert_eq!(step("2026-03-01"), "fetch");
    desk.fetch_on("2026-03-01");
    assert_eq!(step("2026-04-01"), "checked on 2026-03-01, which counts until 2026-04-01");
    assert_eq!(step("2026-04-02"), "check");
}
