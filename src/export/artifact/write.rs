//! Writing an artifact.

use std::io::{Seek, Write};

use serde::Serialize;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

use super::{ClaimLine, Counts, Error, FILES, FileEntry, MANIFEST, Manifest, ResponseLine, SCHEMA, distinct};
use crate::export::{Bundle, INTENDED_USE, Words, provenance, report, sha256_hex};

/// Writes the bundle as a zip file; equal bundles give equal bytes.
///
/// The evidence is written as it is, in the order of its keys, because its `sha256` is computed over that order.
///
/// # Errors
///
/// [`Error::Write`] where `out` fails, [`Error::Json`] where a record has no JSON.
pub fn write(bundle: &Bundle, out: impl Write + Seek) -> Result<(), Error> {
    let mut contents = records(bundle)?;
    contents.push(pretty("taxonomy.json", &bundle.taxonomy)?);
    contents.push(pretty("prov.jsonld", &provenance::document(bundle))?);
    // The report lists the digests of what stands before it.
    let listed = entries(&contents);
    contents.push(report::html(bundle, &listed).into_bytes());
    let manifest = pretty(MANIFEST, &manifest(bundle, entries(&contents)))?;

    let mut zip = ZipWriter::new(out);
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .system(System::Unix)
        .unix_permissions(0o644);
    let names = std::iter::once(MANIFEST).chain(FILES.iter().map(|(name, _)| *name));
    for (name, content) in names.zip(std::iter::once(manifest).chain(contents)) {
        zip.start_file(name, options).map_err(|error| Error::Write(error.to_string()))?;
        zip.write_all(&content).map_err(|error| Error::Write(error.to_string()))?;
    }
    zip.finish().map_err(|error| Error::Write(error.to_string()))?;
    Ok(())
}

/// The files of lines, in the order of [`FILES`].
fn records(bundle: &Bundle) -> Result<Vec<Vec<u8>>, Error> {
    let reviews = &bundle.reviews;
    let responses = reviews.iter().map(|review| ResponseLine {
        review: review.id.clone(),
        schema: review.schema.clone(),
        title: review.title.clone(),
        created_at: review.created_at,
        erased_at: review.erased_at,
        response: review.response.clone(),
        assignments: review.assignments.clone(),
    });
    let claims = reviews.iter().flat_map(|review| {
        review.claims.iter().map(|claim| ClaimLine { review: review.id.clone(), claim: claim.clone() })
    });
    Ok(vec![
        lines("responses.jsonl", responses)?,
        lines("claims.jsonl", claims)?,
        lines("evidence.jsonl", bundle.evidence.iter())?,
        lines("verdicts.jsonl", reviews.iter().flat_map(|review| &review.verdicts))?,
        lines("assessments.jsonl", reviews.iter().flat_map(|review| &review.assessments))?,
    ])
}

fn manifest(bundle: &Bundle, files: Vec<FileEntry>) -> Manifest {
    let words = Words(&bundle.taxonomy);
    Manifest {
        schema: SCHEMA.to_owned(),
        made_at: bundle.made_at,
        program: bundle.program.clone(),
        people: bundle.people.clone(),
        intended_use: INTENDED_USE.to_owned(),
        taxonomy: words.id().map(str::to_owned),
        rubric: words.rubric().map(str::to_owned),
        snapshots: distinct(&bundle.evidence, |record| &record.snapshot),
        engines: distinct(&bundle.evidence, |record| &record.engine),
        counts: Counts::of(bundle),
        files,
    }
}

fn entries(contents: &[Vec<u8>]) -> Vec<FileEntry> {
    let named = FILES.iter().zip(contents);
    let entry = |((name, what), content): (&(&str, &str), &Vec<u8>)| FileEntry {
        name: (*name).to_owned(),
        bytes: content.len() as u64,
        sha256: sha256_hex(content),
        what: (*what).to_owned(),
    };
    named.map(entry).collect()
}

fn lines<T: Serialize>(file: &'static str, records: impl Iterator<Item = T>) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    for record in records {
        serde_json::to_writer(&mut out, &record).map_err(|_| Error::Json { file })?;
        out.push(b'\n');
    }
    Ok(out)
}

fn pretty<T: Serialize>(file: &'static str, value: &T) -> Result<Vec<u8>, Error> {
    let mut out = serde_json::to_vec_pretty(value).map_err(|_| Error::Json { file })?;
    out.push(b'\n');
    Ok(out)
}
