//! A document comes in: the body is the file, the query says what it is.
//!
//! The file lies in a folder of its own while it is read by the same confined child as in a build; its name there is made
//! of an id and an ending that we know. Only what can be read and cited is added.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;

use super::asked::{Asked, remark, version};
use super::{Editors, refused, tagged};
use crate::corpus::edit::{self, Adding, Offer};
use crate::corpus::{Corpus, DocumentId, Format, VersionId};
use crate::http::problem::{Kind, Problem};
use crate::http::query::Parameters;
use crate::http::{Service, body};
use crate::ingest::{Text, Unread};
use crate::view::editing::{AddedView, ReadView};

/// Largest document, in bytes: what the readers take.
pub(in super::super) const LARGEST_DOCUMENT: usize = 64 * 1024 * 1024;
/// How much longer than another body a document may take to arrive.
const PATIENCE: u32 = 6;
/// Longest value of a field, in code points.
const LONGEST_VALUE: usize = 2_000;
/// Most editions that one document replaces, or stands beside.
const MOST_EDITIONS: usize = 50;

/// Fields of the sidecar that are given, in the order in which sidecars have them.
const FIELDS: [&str; 11] = [
    "id",
    "version",
    "title",
    "publisher",
    "jurisdiction",
    "published",
    "url",
    "licence",
    "text_storage",
    "tier",
    "grade_system",
];
/// The other query parameters.
const OTHERS: [&str; 6] = ["name", "pack", "supersedes", "same_edition", "dry_run", "by"];

/// What the query says of a document.
struct Given {
    /// A name for the file that holds no path, and what it ends in.
    stem: DocumentId,
    format: Format,
    pack: Option<String>,
    keys: Vec<(String, String)>,
    supersedes: Vec<VersionId>,
    same_edition: Vec<VersionId>,
}

impl Given {
    fn read(parameters: &Parameters) -> Result<Given, Problem> {
        let name = parameters.one("name")?.unwrap_or_default();
        let (stem, ending) = name.rsplit_once('.').unwrap_or(("", name));
        let format = Format::named(&ending.to_ascii_lowercase()).ok_or_else(|| {
            Problem::field("/name", "is not valid: expected the file's name, ending in .html .pdf .xml .md or .txt")
        })?;
        if name.contains(['/', '\\', '\0']) {
            return Err(Problem::field("/name", "is not valid: expected a name without folders"));
        }
        let id = parameters.one("id")?.map(str::parse::<DocumentId>).transpose();
        let id = id.map_err(|_| wrong_id("/id"))?;
        let stem = DocumentId::from_stem(stem).ok().or_else(|| id.clone());
        let stem = stem.ok_or_else(|| Problem::field("/id", "is missing, and the file's name does not serve"))?;
        if let Some(version) = parameters.one("version")? {
            VersionId::new(stem.clone(), version).map_err(|_| wrong_id("/version"))?;
        }
        let mut keys = Vec::new();
        for field in FIELDS {
            if let Some(value) = parameters.one(field)? {
                keys.push((field.to_owned(), remark(&format!("/{field}"), value, LONGEST_VALUE)?));
            }
        }
        Ok(Given {
            stem,
            format,
            pack: parameters.one("pack")?.map(str::to_owned),
            keys,
            supersedes: editions(parameters, "supersedes")?,
            same_edition: editions(parameters, "same_edition")?,
        })
    }

    /// The pack's folder. A name that is new becomes a folder, so it is an id's characters and nothing else; one that is
    /// known is only looked up.
    fn pack(&self, corpus: &Corpus, editors: &Editors) -> Result<std::path::PathBuf, Problem> {
        let root = editors.folders.first().ok_or_else(|| Problem::internal("there are no corpus folders"))?;
        let known = |name: &str| corpus.packs.iter().any(|pack| pack.name.as_deref() == Some(name));
        let single = corpus.packs.iter().any(|pack| pack.folder == *root);
        match self.pack.as_deref() {
            Some(name) if !known(name) && name.parse::<DocumentId>().is_err() => Err(wrong_id("/pack")),
            Some(name) if !known(name) && single => {
                Err(Problem::field("/pack", "names another pack, and this corpus is a single one: leave it out"))
            }
            named => Ok(edit::pack_named(corpus, root, named)),
        }
    }
}

fn wrong_id(pointer: &str) -> Problem {
    Problem::field(
        pointer,
        "is not valid: expected 1 to 120 of the characters a-z, A-Z, 0-9, dot, hyphen and underscore, starting with a letter or digit",
    )
}

fn editions(parameters: &Parameters, name: &str) -> Result<Vec<VersionId>, Problem> {
    let given: Vec<&str> = parameters.all(name).collect();
    if given.len() > MOST_EDITIONS {
        return Err(Problem::field(format!("/{name}"), format!("is given more than {MOST_EDITIONS} times")));
    }
    given.into_iter().map(|id| version(&format!("/{name}"), id)).collect()
}

/// A form that a page of any site could send is no file: a browser asks first before it sends another type elsewhere.
fn file_only(headers: &HeaderMap) -> Result<(), Problem> {
    let wrong = |detail: &str| Err(Problem::new(Kind::UnsupportedMediaType, detail));
    if headers.get(header::CONTENT_ENCODING).is_some_and(|value| value != "identity") {
        return wrong("Send the file without Content-Encoding.");
    }
    let declared = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "application/octet-stream"
        | "application/pdf"
        | "application/xml"
        | "text/xml"
        | "text/html"
        | "text/markdown" => Ok(()),
        _ => wrong("Send the file itself as application/octet-stream (or its own type: PDF, HTML, XML, Markdown)."),
    }
}

/// Adds a document: the body is the file, read and checked as a build would; the query says what it is.
///
/// What is not given is taken from the file's name and the document, and told under `assumed`. A file whose sidecar waits
/// for it (the same `id` and `version`, or the same `url`) goes to that sidecar. A file that cannot be read is refused, and
/// nothing is written. Limit: 64 MiB.
#[utoipa::path(
    post,
    path = "/v1/corpus/documents",
    tag = "editors",
    params(
        ("name" = String, Query, max_length = 200, description = "The file's name: its ending says how it is read", example = "board-dropsy-2026.pdf"),
        ("pack" = Option<String>, Query, description = "The pack: one that is there, or a name for a new one; `local` where not given", example = "local"),
        ("id" = Option<String>, Query, max_length = 120, description = "The document; from the file's name where not given", example = "board-dropsy"),
        ("version" = Option<String>, Query, max_length = 120, description = "The edition; from the date of publication, the file's name or its bytes where not given", example = "2026"),
        ("title" = Option<String>, Query, max_length = 2000, description = "Title of this edition; the document's own where not given"),
        ("publisher" = Option<String>, Query, max_length = 2000, description = "Who issued it"),
        ("jurisdiction" = Option<String>, Query, description = "Where it applies: an ISO 3166 code, EU or INT", example = "US"),
        ("published" = Option<String>, Query, description = "Date of publication: 2019, 2019-12 or 2019-12-10", example = "2026-01-15"),
        ("url" = Option<String>, Query, max_length = 2000, description = "The publisher's page", example = "https://board.example/dropsy"),
        ("licence" = Option<String>, Query, max_length = 2000, description = "Licence of the text"),
        ("text_storage" = Option<String>, Query, description = "`full`, `quote` or `link_only`", example = "full"),
        ("tier" = Option<String>, Query, description = "`primary` or `digest`", example = "primary"),
        ("grade_system" = Option<String>, Query, description = "The grade system", example = "USPSTF"),
        ("supersedes" = Option<Vec<String>>, Query, description = "Editions that this one replaces, as document@version"),
        ("same_edition" = Option<Vec<String>>, Query, description = "Versions that hold the same edition in other words"),
        ("dry_run" = Option<bool>, Query, description = "Read it, show the change and write nothing"),
        ("by" = Option<String>, Query, max_length = 200, description = "Who adds it, where the service wants no token and no profile is picked", example = "anna"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the state in which it is to be added"),
    ),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 200, description = "What would be added", body = AddedView, headers(("ETag" = String, description = "The state of the corpus"))),
        (status = 201, description = "What was added", body = AddedView, headers(("ETag" = String, description = "The state of the corpus"))),
    )
)]
pub(in super::super) async fn add(State(service): State<Service>, request: Request) -> Result<Response, Problem> {
    let (parts, content) = request.into_parts();
    let parameters = Parameters::read(&parts.uri, &[&FIELDS[..], &OTHERS[..]].concat())?;
    file_only(&parts.headers)?;
    let given = Given::read(&parameters)?;
    let asked = Asked::of(&service, &parts, &parameters).await?;
    let time = service.settings.timeouts.body * PATIENCE;
    let received = body::read(&parts, content, LARGEST_DOCUMENT, time, &service.budget).await?;
    if received.bytes().is_empty() {
        return Err(Problem::field("", "is empty: send the file itself"));
    }
    let view = service.edit(move |editors| {
        let folder = tempfile::tempdir().map_err(Problem::internal)?;
        let file = folder.path().join(format!("{}.{}", given.stem, given.format.name()));
        std::fs::write(&file, received.bytes()).map_err(Problem::internal)?;
        // Its place among the bodies is given back: from here on it lies on the disk.
        drop(received);
        let text = Text::of_file(&*editors.read, &file, None).map_err(unread)?;
        place(editors, &asked, &given, file, &text)
    });
    let view = view.await?;
    let status = if view.change.dry_run { StatusCode::OK } else { StatusCode::CREATED };
    tagged(&service, status, &view.change.tag, &view)
}

/// Plans the addition on the corpus as it is, and shows it or makes it.
fn place(
    editors: &Editors,
    asked: &Asked,
    given: &Given,
    file: std::path::PathBuf,
    text: &Text,
) -> Result<AddedView, Problem> {
    let _turn = editors.turn();
    let (corpus, tag) = editors.open()?;
    asked.check(&tag)?;
    let offer = Offer {
        file,
        pack: given.pack(&corpus, editors)?,
        keys: given.keys.clone(),
        supersedes: given.supersedes.clone(),
        same_edition: given.same_edition.clone(),
        title: text.document.title.clone(),
        pages: text.document.pages.len(),
    };
    let adding = Adding::plan(&corpus, &offer, asked.actor.at).map_err(|error| refused(&corpus, error))?;
    if asked.dry_run {
        return Ok(AddedView::planned(&corpus, &tag, &adding, read(text)));
    }
    let added = adding.make(&asked.actor).map_err(|error| refused(&corpus, error))?;
    let (corpus, tag) = editors.open()?;
    Ok(AddedView::made(&corpus, &tag, added, read(text)))
}

fn read(text: &Text) -> ReadView {
    ReadView {
        title: text.document.title.clone(),
        pages: text.document.pages.len(),
        characters: text.document.text.len(),
        passages: text.passages.len(),
        recommendations: text.recommendations(),
        defects: text.document.defects.iter().map(ToString::to_string).collect(),
    }
}

/// Why a file was not added; never where it lay.
fn unread(error: Unread) -> Problem {
    match error {
        Unread::Reader { source, .. } => Problem::field("", format!("cannot be read: {source}")),
        Unread::Empty(_) => Problem::field("", "holds no passages: nothing of it could be cited"),
        Unread::Uncut(_) => Problem::field("", "could not be cut into passages"),
        other => Problem::internal(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderValue, Uri};

    fn given(query: &str) -> Result<Given, Problem> {
        let uri: Uri = format!("/x?{query}").parse().expect("an address");
        Given::read(&Parameters::read(&uri, &[&FIELDS[..], &OTHERS[..]].concat())?)
    }

    #[test]
    fn no_name_from_outside_is_a_path() {
        for bad in [
            "name=../../etc/passwd",
            "name=..%2F..%2Fx.md",
            "name=a%5Cb.md",
            "name=a%00.md",
            "name=x.exe",
            "name=",
            "",
            "name=a.md&id=..%2Fb",
            "name=a.md&id=.hidden",
            "name=a.md&version=..",
            "name=a.md&supersedes=../a@1",
            "name=a.md&title=a%0Ab",
            "name=a.md&title=%1B%5B2J",
            "name=%E2%80%A6.md",
        ] {
            assert!(given(bad).is_err(), "{bad}");
        }
        let good = given("name=M%C3%A4rz%20guide-2026.PDF&id=a&title=T&supersedes=a@1&supersedes=a@2").expect("good");
        assert_eq!((good.stem.as_str(), good.format), ("M-rz-guide-2026", Format::Pdf));
        assert_eq!((good.keys.len(), good.supersedes.len()), (2, 2));
        assert_eq!(given("name=%E2%80%A6.md&id=b").expect("the id serves").stem.as_str(), "b");
    }

    #[test]
    fn what_any_page_could_send_is_no_file() {
        let sent = |kind: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            file_only(&headers).is_ok()
        };
        assert!(sent("application/pdf") && sent("application/octet-stream") && sent("text/html; charset=utf-8"));
        for simple in ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ""] {
            assert!(!sent(simple), "{simple}");
        }
        assert!(file_only(&HeaderMap::new()).is_err());
    }
}
