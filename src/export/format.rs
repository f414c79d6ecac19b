//! The formats by their names, and one way to each.

use std::io::Cursor;

use serde_json::Value;

use super::{Bundle, artifact, csv, healthbench, inspect, labelstudio, provenance, report, trec, webannotation, works};

/// What reviews can be exported as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Everything, to keep and to replay.
    Artifact,
    /// A table, one row a claim and reviewer.
    Csv,
    /// The report.
    Html,
    /// W3C web annotations.
    WebAnnotation,
    /// Tasks of Label Studio.
    LabelStudio,
    /// The labelling interface for these tasks.
    LabelStudioConfig,
    /// Rubric items in the shape of HealthBench.
    HealthBench,
    /// The searches as a TREC run.
    TrecRun,
    /// The pins as TREC judgements.
    TrecQrels,
    /// The pinned guidelines as CSL-JSON.
    Csl,
    /// The pinned guidelines as BibTeX.
    Bibtex,
    /// The pinned guidelines in RIS.
    Ris,
    /// Edits of scores for a log of Inspect.
    Inspect,
    /// Who made what from what, as PROV-O.
    Provenance,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 14] = [
        Format::Artifact,
        Format::Csv,
        Format::Html,
        Format::WebAnnotation,
        Format::LabelStudio,
        Format::LabelStudioConfig,
        Format::HealthBench,
        Format::TrecRun,
        Format::TrecQrels,
        Format::Csl,
        Format::Bibtex,
        Format::Ris,
        Format::Inspect,
        Format::Provenance,
    ];

    /// Its name in requests and commands.
    pub fn name(self) -> &'static str {
        self.told().0
    }

    /// Its media type.
    pub fn content_type(self) -> &'static str {
        self.told().1
    }

    /// The ending of a file of it, without the dot.
    pub fn ending(self) -> &'static str {
        self.told().2
    }

    /// The format of the name.
    pub fn named(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }

    fn told(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Format::Artifact => ("artifact", "application/zip", "zip"),
            Format::Csv => ("csv", "text/csv; charset=utf-8; header=present", "csv"),
            Format::Html => ("html", "text/html; charset=utf-8", "html"),
            Format::WebAnnotation => (
                "webannotation",
                "application/ld+json; profile=\"http://www.w3.org/ns/anno.jsonld\"",
                "annotations.jsonld",
            ),
            Format::LabelStudio => ("labelstudio", "application/json", "labelstudio.json"),
            Format::LabelStudioConfig => ("labelstudio-config", "application/xml; charset=utf-8", "labelstudio.xml"),
            Format::HealthBench => ("healthbench", "application/jsonl; charset=utf-8", "healthbench.jsonl"),
            Format::TrecRun => ("trec-run", "text/plain; charset=utf-8", "run"),
            Format::TrecQrels => ("trec-qrels", "text/plain; charset=utf-8", "qrels"),
            Format::Csl => ("csl", "application/vnd.citationstyles.csl+json", "csl.json"),
            Format::Bibtex => ("bibtex", "application/x-bibtex; charset=utf-8", "bib"),
            Format::Ris => ("ris", "application/x-research-info-systems; charset=utf-8", "ris"),
            Format::Inspect => ("inspect", "application/json", "inspect.json"),
            Format::Provenance => ("prov", "application/ld+json", "prov.jsonld"),
        }
    }
}

/// The bundle in the format.
///
/// # Errors
///
/// Those of [`artifact::write`]; the other formats have none.
pub fn render(bundle: &Bundle, format: Format) -> Result<Vec<u8>, artifact::Error> {
    Ok(match format {
        Format::Artifact => {
            let mut out = Cursor::new(Vec::new());
            artifact::write(bundle, &mut out)?;
            out.into_inner()
        }
        Format::Csv => csv::table(bundle).into_bytes(),
        Format::Html => report::html(bundle, &[]).into_bytes(),
        Format::WebAnnotation => pretty(&webannotation::collection(bundle)),
        Format::LabelStudio => pretty(&labelstudio::tasks(bundle)),
        Format::LabelStudioConfig => labelstudio::interface(bundle).into_bytes(),
        Format::HealthBench => healthbench::lines(bundle).into_bytes(),
        Format::TrecRun => trec::run(bundle).into_bytes(),
        Format::TrecQrels => trec::qrels(bundle).into_bytes(),
        Format::Csl => pretty(&works::csl(bundle)),
        Format::Bibtex => works::bibtex(bundle).into_bytes(),
        Format::Ris => works::ris(bundle).into_bytes(),
        Format::Inspect => pretty(&inspect::edits(bundle)),
        Format::Provenance => pretty(&provenance::document(bundle)),
    })
}

fn pretty(value: &Value) -> Vec<u8> {
    format!("{value:#}\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::tests::bundle;

    /// Writes one file a format; into the folder that `GROUNDLINE_EXPORTS` names, so that other tools can read them
    /// (`tests/python/exports.py`).
    #[test]
    fn every_format_is_written_and_the_same_each_time() {
        let own = tempfile::tempdir().unwrap();
        let folder = std::env::var_os("GROUNDLINE_EXPORTS").map_or_else(|| own.path().to_owned(), Into::into);
        std::fs::create_dir_all(&folder).unwrap();
        let mut bundle = bundle();
        for format in Format::ALL {
            let bytes = render(&bundle, format).unwrap();
            assert!(!bytes.is_empty(), "{}", format.name());
            assert_eq!(bytes, render(&bundle, format).unwrap(), "{}", format.name());
            assert_eq!(Format::named(format.name()), Some(format));
            std::fs::write(folder.join(format!("reviews.{}", format.ending())), bytes).unwrap();
        }
        // One review that is decided, for the edits of scores.
        bundle.reviews[0].claims.retain(|claim| ["c1", "c6"].contains(&claim.id.as_str()));
        std::fs::write(folder.join("decided.inspect.json"), render(&bundle, Format::Inspect).unwrap()).unwrap();
        assert_eq!(Format::named("pdf"), None);
    }
}
