//! Reading an artifact that a stranger may have made: bounded in size, count and ratio, and believed only where its
//! digests hold.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use serde::de::DeserializeOwned;
use serde_json::Value;
use zip::ZipArchive;
use zip::read::ZipFile;

use super::{
    Artifact, ClaimLine, Counts, Error, FILES, MANIFEST, MOST_BYTES, MOST_RATIO, Manifest, ResponseLine, SCHEMA,
};
use crate::export::{Bundle, Shown, sha256_hex};
use crate::review::digest::{sha256, verdict_id};
use crate::review::record::{Assessment, EvidenceRecord, Review, ReviewClaim, VerdictRecord};

/// Most characters of a strange name that a message repeats.
const SHOWN: usize = 60;

/// Most verdicts, and most searches, that a claim may have.
const MOST_A_CLAIM: usize = 200;

/// Most passages that a verdict may pin.
const MOST_PINS: usize = 50;

/// Most passages that a result may hold.
const MOST_PASSAGES: usize = 200;

/// Reads an artifact and checks all of its digests: of the files, of the verdicts' ids, and of the stored results.
///
/// # Errors
///
/// The first fault that is found, by the file that has it.
pub fn read(bytes: &[u8]) -> Result<Artifact, Error> {
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Error::TooLarge { what: "the artifact".to_owned(), limit: MOST_BYTES });
    }
    let mut files = unpack(bytes)?;
    let manifest = manifest(&files.remove(MANIFEST).ok_or_else(|| missing(MANIFEST))?)?;
    check_digests(&manifest, &files)?;
    let bundle = bundle(&manifest, &files)?;
    Ok(Artifact { manifest, bundle })
}

fn missing(file: &str) -> Error {
    Error::Missing { file: file.to_owned() }
}

fn shown(name: &str) -> String {
    name.chars().filter(|letter| !letter.is_control()).take(SHOWN).collect()
}

fn unpack(bytes: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let not_zip = |error: zip::result::ZipError| Error::NotZip(shown(&error.to_string()));
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(not_zip)?;
    let mut files = BTreeMap::new();
    let mut left = MOST_BYTES;
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(not_zip)?;
        let name = entry.name().map_err(not_zip)?.into_owned();
        let known = name == MANIFEST || FILES.iter().any(|(file, _)| *file == name);
        if !known || files.contains_key(&name) {
            return Err(Error::Unexpected { file: shown(&name) });
        }
        let content = content(entry, &name, left)?;
        left -= content.len() as u64;
        files.insert(name, content);
    }
    Ok(files)
}

/// The bytes of an entry. Its own account of its length is not believed: reading stops at the limit.
fn content<R: Read>(mut entry: ZipFile<'_, R>, name: &str, left: u64) -> Result<Vec<u8>, Error> {
    let limit = left.min(entry.compressed_size().saturating_mul(MOST_RATIO).max(1 << 20));
    let mut content = Vec::new();
    let read = entry.by_ref().take(limit + 1).read_to_end(&mut content);
    read.map_err(|_| Error::Damaged { file: name.to_owned() })?;
    if content.len() as u64 > limit {
        return Err(Error::TooLarge { what: name.to_owned(), limit });
    }
    Ok(content)
}

fn manifest(bytes: &[u8]) -> Result<Manifest, Error> {
    let value: Value = parse(MANIFEST, 1, bytes)?;
    let schema = value.get("schema").and_then(Value::as_str).unwrap_or_default();
    if schema != SCHEMA {
        return Err(Error::Schema { found: shown(schema) });
    }
    parse(MANIFEST, 1, bytes)
}

fn check_digests(manifest: &Manifest, files: &BTreeMap<String, Vec<u8>>) -> Result<(), Error> {
    for (name, _) in FILES {
        let content = files.get(name).ok_or_else(|| missing(name))?;
        let told = manifest.files.iter().find(|entry| entry.name == name).ok_or_else(|| missing(name))?;
        let found = sha256_hex(content);
        if found != told.sha256 || content.len() as u64 != told.bytes {
            return Err(Error::Changed { file: name.to_owned(), found, told: shown_digest(&told.sha256) });
        }
    }
    match manifest.files.iter().find(|entry| !FILES.iter().any(|(name, _)| *name == entry.name)) {
        Some(entry) => Err(missing(&shown(&entry.name))),
        None => Ok(()),
    }
}

fn shown_digest(digest: &str) -> String {
    digest.chars().filter(char::is_ascii_hexdigit).take(64).collect()
}

fn bundle(manifest: &Manifest, files: &BTreeMap<String, Vec<u8>>) -> Result<Bundle, Error> {
    let bytes = |name: &'static str| files.get(name).map(Vec::as_slice).unwrap_or_default();
    let responses: Vec<ResponseLine> = lines("responses.jsonl", bytes("responses.jsonl"))?;
    let mut reviews = Reviews::new(responses)?;
    for (at, line) in lines::<ClaimLine>("claims.jsonl", bytes("claims.jsonl"))?.into_iter().enumerate() {
        reviews.of("claims.jsonl", at, &line.review)?.claims.push(checked_claim(at, line.claim)?);
    }
    let mut counts = Counted::default();
    for (at, verdict) in lines::<VerdictRecord>("verdicts.jsonl", bytes("verdicts.jsonl"))?.into_iter().enumerate() {
        if verdict_id(&verdict) != verdict.id {
            return Err(fault("verdicts.jsonl", at, "its id does not follow from what it says"));
        }
        if verdict.evidence.len() > MOST_PINS || counts.add(&verdict.review, &verdict.claim) > MOST_A_CLAIM {
            return Err(fault("verdicts.jsonl", at, "more pins, or more verdicts of one claim, than are read"));
        }
        reviews.of("verdicts.jsonl", at, &verdict.review)?.verdicts.push(verdict);
    }
    for (at, one) in lines::<Assessment>("assessments.jsonl", bytes("assessments.jsonl"))?.into_iter().enumerate() {
        reviews.of("assessments.jsonl", at, &one.review)?.assessments.push(one);
    }
    let evidence: Vec<EvidenceRecord> = lines("evidence.jsonl", bytes("evidence.jsonl"))?;
    let mut counts = Counted::default();
    for (at, record) in evidence.iter().enumerate() {
        let passages = Shown::all(&record.result).count();
        if passages > MOST_PASSAGES || counts.add(&record.review, &record.claim) > MOST_A_CLAIM {
            return Err(fault("evidence.jsonl", at, "more passages, or more searches for one claim, than are read"));
        }
        reviews.of("evidence.jsonl", at, &record.review)?.check_evidence(at, record)?;
    }
    let bundle = Bundle {
        reviews: reviews.list,
        evidence,
        taxonomy: parse("taxonomy.json", 1, bytes("taxonomy.json"))?,
        made_at: manifest.made_at,
        program: manifest.program.clone(),
        people: manifest.people.clone(),
    };
    if Counts::of(&bundle) != manifest.counts {
        return Err(fault(MANIFEST, 0, "the counts are not those of the files"));
    }
    Ok(bundle)
}

/// How many lines there are of a claim.
#[derive(Default)]
struct Counted(BTreeMap<(String, String), usize>);

impl Counted {
    /// Counts one more; how many there are now.
    fn add(&mut self, review: &str, claim: &str) -> usize {
        let count = self.0.entry((review.to_owned(), claim.to_owned())).or_default();
        *count += 1;
        *count
    }
}

/// The reviews while their parts are put together.
struct Reviews {
    list: Vec<Review>,
    places: BTreeMap<String, usize>,
}

impl Reviews {
    fn new(responses: Vec<ResponseLine>) -> Result<Reviews, Error> {
        let mut reviews = Reviews { list: Vec::new(), places: BTreeMap::new() };
        for (at, line) in responses.into_iter().enumerate() {
            let fits = line.response.sha256 == sha256(line.response.text.as_str());
            if line.erased_at.is_none() && !fits {
                return Err(fault("responses.jsonl", at, "the text does not have the digest that is told"));
            }
            if reviews.places.insert(line.review.clone(), reviews.list.len()).is_some() {
                return Err(fault("responses.jsonl", at, "the review is there twice"));
            }
            reviews.list.push(Review {
                schema: line.schema,
                id: line.review,
                title: line.title,
                created_at: line.created_at,
                erased_at: line.erased_at,
                response: line.response,
                claims: Vec::new(),
                assignments: line.assignments,
                verdicts: Vec::new(),
                assessments: Vec::new(),
            });
        }
        Ok(reviews)
    }

    fn of(&mut self, file: &'static str, at: usize, id: &str) -> Result<&mut Review, Error> {
        let place = self.places.get(id).copied();
        place
            .and_then(|place| self.list.get_mut(place))
            .ok_or_else(|| fault(file, at, "responses.jsonl has no such review"))
    }
}

impl Review {
    /// A stored result has the digest that is told of it, unless its texts were erased.
    fn check_evidence(&self, at: usize, record: &EvidenceRecord) -> Result<(), Error> {
        if self.erased_at.is_none() && sha256(&record.result.to_string()) != record.sha256 {
            return Err(fault("evidence.jsonl", at, "the result does not have the digest that is told"));
        }
        Ok(())
    }
}

fn checked_claim(at: usize, claim: ReviewClaim) -> Result<ReviewClaim, Error> {
    let reason = match () {
        () if claim.unit != "codepoint" => "the unit is not `codepoint`",
        () if claim.start > claim.end => "the span ends before it starts",
        () => return Ok(claim),
    };
    Err(fault("claims.jsonl", at, reason))
}

/// A fault of the line at the place, counted from 0.
fn fault(file: &'static str, at: usize, reason: &str) -> Error {
    Error::Line { file, line: at + 1, reason: reason.to_owned() }
}

fn lines<T: DeserializeOwned>(file: &'static str, bytes: &[u8]) -> Result<Vec<T>, Error> {
    let lines = bytes.split(|byte| *byte == b'\n').enumerate();
    lines.filter(|(_, line)| !line.is_empty()).map(|(at, line)| parse(file, at + 1, line)).collect()
}

/// Parses JSON; where that fails, the reason tells the place alone, because serde's own words repeat the text.
fn parse<T: DeserializeOwned>(file: &'static str, line: usize, bytes: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(bytes).map_err(|error| {
        let kind = if error.is_data() { "not of the expected shape" } else { "no JSON" };
        Error::Line { file, line: line + error.line() - 1, reason: format!("{kind}, at column {}", error.column()) }
    })
}
