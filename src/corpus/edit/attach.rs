//! A file for a sidecar that has waited for it: what a publisher refuses to programs, an editor saves by hand.

use jiff::Timestamp;

use super::add::{Adding, Offer, edges, ending, missing, of_file};
use super::{Action, Bytes, Corpus, Error, Open, Plan, Replacement, Version, detail};
use crate::corpus::{TextStorage, VersionFacts};

/// Plans how a file is put beside the sidecar of the version whose original it is, with what was given and the edges to the editions
/// that it replaces, all of it or nothing.
///
/// # Errors
/// [`Error::Refused`] where the licence keeps the text out, [`Error::Faults`] where the sidecar would be rejected.
pub(super) fn attach(
    corpus: &Corpus,
    version: &Version,
    offer: &Offer,
    sha256: &str,
    at: Timestamp,
) -> Result<Adding, Error> {
    let id = &version.facts.id;
    let storage = offer.keys.iter().find(|(key, _)| key == "text_storage").map(|(_, value)| value.as_str());
    if version.facts.text_storage == TextStorage::LinkOnly && storage.is_none_or(|storage| storage == "link_only") {
        let message = format!(
            "the licence of {id} keeps its text out of the corpus (text_storage = \"link_only\"): where yours allows more, \
             say so with `text_storage`"
        );
        return Err(Error::Refused(message));
    }
    let day = at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string();
    let mut open = Open::of(version)?;
    for (key, value) in offer.keys.iter().filter(|(key, _)| key != "id" && key != "version") {
        open.text.set(key, value.as_str());
    }
    open.text.set("retrieved_at", day.as_str());
    of_file(&mut open.text, offer, sha256, &day);
    let stem = open.name.trim_end_matches(".toml").to_owned();
    let (content, sidecar) = (open.folder.join(format!("{stem}.{}", ending(offer))), open.folder.join(&open.name));
    if content.exists() {
        return Err(Error::Refused(format!("{} is there already", content.display())));
    }
    let from = offer.file.file_name().map(|name| name.to_string_lossy().into_owned());
    let told = detail([("from", from), ("url", version.facts.url.clone())]);
    let Some((folder, mut change)) = open.change(Action::Add, told)? else {
        return Err(Error::Refused(format!("nothing would change in the record of {id}")));
    };
    let copy = Bytes::CopyOf { path: offer.file.clone(), sha256: sha256.to_owned() };
    let name = content.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    change.content = Some(Replacement { name, before: None, after: copy });
    // The edges that the sidecar stated before have their other ends already.
    let mut facts = VersionFacts { supersedes: offer.supersedes.clone(), ..version.facts.clone() };
    let mut changes = vec![(folder, change)];
    changes.extend(edges(corpus, &facts)?);
    facts.supersedes.extend(version.facts.supersedes.iter().cloned());
    facts.sha256 = Some(sha256.to_owned());
    Ok(Adding {
        missing: missing(&facts),
        facts,
        content,
        sidecar,
        assumed: Vec::new(),
        plan: Plan::of(changes, Vec::new()),
        new_pack: None,
        candidate: None,
    })
}
