//! The report: one page of HTML that a customer can be sent, and that one would sign.
//!
//! It needs nothing beside itself: no script, no font, no other host; a policy in its head forbids them. What was
//! pasted and what was quoted stand in it word for word, as text and never as markup. It prints on A4 and on Letter.
//!
//! It repeats what people decided. The machine's hints are not in it.

mod claim;
mod cover;
mod drawn;
mod escape;
mod response;

pub(crate) use escape::escape;

use std::collections::BTreeSet;
use std::fmt::Write;

use jiff::Timestamp;

use super::artifact::FileEntry;
use super::{Bundle, INTENDED_USE, Judged, Lookup, Words};
use crate::review::record::Review;

const STYLE: &str = include_str!("style.css");

/// The report on a bundle. `files` are what it lists with their digests, where it is part of an artifact; may be empty.
pub fn html(bundle: &Bundle, files: &[FileEntry]) -> String {
    let paper = Paper { bundle, lookup: Lookup::new(bundle), words: Words(&bundle.taxonomy) };
    let title = cover::title(bundle);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n",
        escape(&title)
    );
    let reviews: Vec<(&Review, Vec<Judged>)> = bundle.reviews.iter().map(|review| (review, counted(review))).collect();
    cover::write(&mut out, &paper, &title, &reviews);
    for (at, (review, judged)) in reviews.iter().enumerate() {
        section(&mut out, &paper, at + 1, review, judged);
    }
    method(&mut out, bundle);
    digests(&mut out, bundle, files);
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

/// What all parts of the report look things up in.
struct Paper<'a> {
    bundle: &'a Bundle,
    lookup: Lookup<'a>,
    words: Words<'a>,
}

/// The claims that a report tells of: a greeting or a heading that nobody judged is no claim left undone.
fn counted(review: &Review) -> Vec<Judged<'_>> {
    let mut judged = Judged::of(review);
    judged.retain(|one| one.claim.checkworthy || !one.verdicts.is_empty());
    judged
}

/// A review: its response with the claims marked, then each claim.
fn section(out: &mut String, paper: &Paper, number: usize, review: &Review, judged: &[Judged]) {
    // Writing to a string cannot fail, here and in the other parts.
    let _ = write!(out, "<section class=\"review\" id=\"r{number}\">\n<h2>");
    if paper.bundle.reviews.len() > 1 {
        let _ = write!(out, "<span class=\"count\">{number}</span> ");
    }
    match review.erased_at {
        Some(at) => {
            let _ = write!(
                out,
                "Erased review</h2>\n<p class=\"quiet\">The texts of this review were erased on {}. Its verdicts and hashes \
                 remain.</p>\n",
                day(at)
            );
        }
        None => {
            // Of one review alone, the title already heads the page.
            let heads = paper.bundle.reviews.len() == 1 || review.title.is_blank();
            let title = if heads { "The response".to_owned() } else { drawn::plain(review.title.as_str()) };
            let _ = writeln!(out, "<bdi>{}</bdi></h2>", escape(&title));
            response::write(out, review, number, judged);
        }
    }
    let kept: Vec<&Judged> = judged.iter().filter(|one| !one.claim.removed).collect();
    if !kept.is_empty() {
        out.push_str("<h3 class=\"part\">Claim by claim</h3>\n");
        out.push_str(gaps(&kept));
    }
    for one in &kept {
        claim::write(out, paper, number, one);
    }
    let removed = judged.len() - kept.len();
    if removed > 0 {
        let (noun, verb) = if removed == 1 { ("claim", "was") } else { ("claims", "were") };
        let _ =
            writeln!(out, "<p class=\"quiet\">{removed} judged {noun} {verb} later replaced and not counted here.</p>");
    }
    assessments(out, paper, review);
    out.push_str("</section>\n");
}

/// Why numbers are missing among the claims, where some are: a greeting has an id and is told of nowhere.
fn gaps(kept: &[&Judged]) -> &'static str {
    let of = |one: &&Judged| one.claim.id.strip_prefix('c').and_then(|number| number.parse::<usize>().ok());
    let numbers: BTreeSet<usize> = kept.iter().filter_map(of).collect();
    if numbers.last().is_none_or(|last| *last <= numbers.len()) {
        return "";
    }
    "<p class=\"quiet\">Numbers that are missing here belong to parts of the response that make no claim, such as a greeting or a \
     heading, or to claims that were taken out or replaced.</p>\n"
}

/// The answers to the rubric, a row an item and a column a person.
fn assessments(out: &mut String, paper: &Paper, review: &Review) {
    let mut seen = BTreeSet::new();
    let mut latest: Vec<_> = review.assessments.iter().rev().filter(|one| seen.insert(&one.reviewer.id)).collect();
    latest.reverse();
    for one in latest {
        let _ = write!(
            out,
            "<div class=\"rubric keep\"><h3>The answer as a whole</h3>\n<p class=\"byline\">{}, {} · {}</p>\n<table>\n",
            escape(paper.bundle.called(&one.reviewer.id)),
            escape(&one.reviewer.role),
            escape(&one.rubric)
        );
        for (item, rating) in &one.ratings {
            let (label, highest) = paper.words.item(item);
            let rating = match (rating, highest) {
                (Some(rating), Some(highest)) => format!("{rating} of {highest}"),
                (Some(rating), None) => rating.to_string(),
                (None, _) => "does not apply".to_owned(),
            };
            let _ = writeln!(out, "<tr><th scope=\"row\">{}</th><td>{rating}</td></tr>", escape(label));
        }
        out.push_str("</table>\n");
        if let Some(note) = one.note.as_ref().filter(|note| !note.is_blank()) {
            let _ = writeln!(out, "<p dir=\"auto\" class=\"prose\">{}</p>", escape(note.as_str()));
        }
        out.push_str("</div>\n");
    }
}

fn method(out: &mut String, bundle: &Bundle) {
    let _ = write!(
        out,
        "<section class=\"method\">\n<h2>Method and intended use</h2>\n<p><strong>{}</strong> This report says what reviewers \
         found when they held a model’s answer against the clinical guidelines of one corpus. It does not say how a patient \
         should be treated, and it does not replace the guidelines.</p>\n<p>For each claim, Groundline searched one fixed \
         snapshot of the corpus, and people decided. Passages are quoted as they stood in that snapshot, with the digest that \
         was pinned at the time; a passage whose stored words do not have that digest is not quoted. Grades are printed as the \
         publisher prints them; grades of different systems cannot be compared. Where a passage is marked as a summary, the \
         words are ours and the guideline’s own are on the publisher’s page. “Not addressed” means that the search named \
         with it found nothing in this corpus that speaks about the claim; it does not mean that the claim is wrong.</p>\n\
         <p class=\"quiet\">Characters that print nothing or turn the direction of writing are shown by their number, as in \
         ⟦U+202E⟧. Times are in UTC. Made by Groundline {} on {}.</p>\n",
        INTENDED_USE,
        escape(&bundle.program.version),
        day(bundle.made_at)
    );
    out.push_str("<div class=\"sign\"><div>Name</div><div>Role</div><div>Date and signature</div></div>\n</section>\n");
}

fn digests(out: &mut String, bundle: &Bundle, files: &[FileEntry]) {
    out.push_str(
        "<section class=\"digests\">\n<h2>Digests</h2>\n<p class=\"quiet\">SHA-256, in hexadecimal.</p>\n<dl>\n",
    );
    let mut row = |name: &str, digest: &str| {
        let _ = writeln!(out, "<div><dt>{}</dt><dd>{}</dd></div>", escape(name), escape(digest));
    };
    for review in &bundle.reviews {
        row(&format!("Response {}", review.id), &review.response.sha256);
    }
    for review in &bundle.reviews {
        for verdict in Judged::of(review).iter().flat_map(|one| &one.verdicts) {
            row(&format!("Verdict {} {}, {}", review.id, verdict.claim, verdict.reviewer.id), &verdict.id);
        }
    }
    for record in &bundle.evidence {
        row(&format!("Evidence {} {}", record.review, record.claim), &record.sha256);
    }
    for file in files {
        row(&file.name, &file.sha256);
    }
    out.push_str("</dl>\n</section>\n");
}

/// `21 November 2026`.
fn day(at: Timestamp) -> String {
    at.strftime("%-d %B %Y").to_string()
}

/// `21 November 2026, 14:03`.
fn minute(at: Timestamp) -> String {
    at.strftime("%-d %B %Y, %H:%M").to_string()
}

#[cfg(test)]
mod tests;
