//! One claim of the report: the verdict, the words that it rests on, what is wrong and how to put it right.

use std::fmt::Write;

use super::drawn::{draw, plain};
use super::escape::{escape, host, href};
use super::response::{anchor, name, sign, state};
use super::{Paper, minute};
use crate::export::{Judged, Outcome, Shown, severity};
use crate::review::record::{Pin, PinRole, Task, Trail, Verdict, VerdictRecord};

/// Most passages of a trail that are listed.
const MOST_SHOWN: usize = 12;

pub(super) fn write(out: &mut String, paper: &Paper, review: usize, judged: &Judged) {
    let state = state(judged);
    let label = match state {
        "differ" => "Reviewers differ",
        "undecided" => "Not judged",
        verdict => paper.words.verdict(verdict),
    };
    let _ = write!(
        out,
        "<article class=\"claim v-{state}\" id=\"{}\">\n<header class=\"keep\"><h4><span class=\"number\">{}</span> \
         <span class=\"verdict\"><span aria-hidden=\"true\">{}</span> {}</span></h4>\n",
        escape(&anchor(review, &judged.claim.id)),
        escape(&name(&judged.claim.id)),
        sign(state),
        escape(label)
    );
    words(out, judged);
    out.push_str("</header>\n");
    match judged.outcome() {
        Outcome::Undecided => out.push_str("<p class=\"quiet\">Nobody has judged this claim.</p>\n"),
        Outcome::Decided(record) => {
            verdict(out, paper, record);
            others(out, paper, judged, record);
        }
        Outcome::Differ => {
            for record in &judged.verdicts {
                let name = record.verdict.map_or("", |verdict| verdict.name());
                let _ = writeln!(
                    out,
                    "<div class=\"side v-{name}\"><h5><span aria-hidden=\"true\">{}</span> {} <span class=\"quiet\">· \
                     {}</span></h5>",
                    sign(name),
                    escape(paper.words.verdict(name)),
                    escape(&record.reviewer.role)
                );
                verdict(out, paper, record);
                out.push_str("</div>\n");
            }
        }
    }
    out.push_str("</article>\n");
}

/// The claim's words, and how they were read where that differs.
fn words(out: &mut String, judged: &Judged) {
    let (text, alone) = (judged.claim.text.as_str().trim(), judged.claim.claim.as_str().trim());
    if text.is_empty() {
        let _ = writeln!(out, "<p class=\"words quiet\">Erased. SHA-256 {}</p>", escape(&judged.claim.sha256));
        return;
    }
    out.push_str("<div class=\"words drawn\" dir=\"auto\">");
    draw(out, text, &[]);
    out.push_str("</div>\n");
    let alone = plain(alone);
    if !alone.is_empty() && alone != plain(text) {
        let _ = writeln!(out, "<p class=\"alone\">Read as: <bdi>{}</bdi></p>", escape(&alone));
    }
}

fn verdict(out: &mut String, paper: &Paper, record: &VerdictRecord) {
    for pin in &record.evidence {
        match paper.lookup.pinned(record, pin) {
            Some(shown) => passage(out, record.verdict, pin, &shown),
            None => {
                let _ = writeln!(
                    out,
                    "<p class=\"quiet\">Pinned: {}, whose words are not part of this report (SHA-256 {}).</p>",
                    escape(&pin.passage),
                    escape(&pin.passage_sha256)
                );
            }
        }
    }
    if let Some(trail) = &record.trail {
        searched(out, paper, record, trail);
    }
    errors(out, paper, record);
    feedback(out, record);
    byline(out, paper, record);
}

fn passage(out: &mut String, verdict: Option<Verdict>, pin: &Pin, shown: &Shown) {
    let role = match (pin.role, verdict) {
        // Of a claim that is right in part, a passage bears out a part and the verdict stands above.
        (PinRole::Supports, Some(Verdict::Partly)) => "Bears out a part of the claim",
        (PinRole::Contradicts, Some(Verdict::Partly)) => "Goes against a part of the claim",
        (PinRole::Supports, _) => "Bears the claim out",
        (PinRole::Contradicts, _) => "Goes against the claim",
        (PinRole::Context, _) => "For context",
    };
    let old = if shown.not_in_force().is_some() { " old" } else { "" };
    // A summary is not what the publisher wrote: it stands without quotation marks, and says so where it begins.
    let (summary, of) = match shown.is_digest() {
        true => (" summary", "<span class=\"ours\">Summary in our words, not a quotation</span>"),
        false => ("", ""),
    };
    let _ = write!(out, "<figure class=\"passage{old}{summary}\">\n<div class=\"role\">{role}{of}</div>\n");
    replaced(out, shown);
    let _ =
        write!(out, "<blockquote dir=\"auto\" class=\"prose\">{}</blockquote>\n<figcaption>", escape(shown.quote()));
    let mut facts: Vec<String> = Vec::new();
    let of = if shown.is_digest() { "Of " } else { "" };
    facts.extend(shown.publisher().map(|name| format!("{of}<b>{}</b>", escape(name))));
    facts.extend(shown.year().map(|year| year.to_string()));
    facts.extend(shown.grade_words().map(|grade| format!("<span class=\"grade\">{}</span>", escape(&grade))));
    facts.extend(shown.page().map(|page| format!("p. {}", escape(&page))));
    facts.extend(shown.place().or(shown.section()).map(escape));
    let _ = write!(out, "<span class=\"line\">{}</span>", facts.join(" <i>·</i> "));
    if let Some(title) = shown.title() {
        let _ = write!(out, "<span class=\"line\"><cite>{}</cite>", escape(title));
        let of = if shown.is_digest() { "summary under " } else { "" };
        let licence = shown.licence().map(|licence| format!(" <i>·</i> {of}{}", escape(licence))).unwrap_or_default();
        let _ = write!(out, "{licence}</span>");
    }
    link(out, shown);
    // Of a summary, its head says so already.
    if let Some(notice) = shown.notice().filter(|_| !shown.is_digest()) {
        let _ = write!(out, "<span class=\"line notice\">{}</span>", escape(notice));
    }
    out.push_str("</figcaption>\n</figure>\n");
}

/// Guidance that is no longer in force says so above its words.
fn replaced(out: &mut String, shown: &Shown) {
    let text = match (shown.not_in_force(), shown.superseded_by()) {
        (None, _) => return,
        (Some("retired"), _) => "Withdrawn guidance. It has no successor.".to_owned(),
        (Some(_), Some(by)) => format!("Replaced guidance. {} took its place.", escape(by)),
        (Some(_), None) => "Replaced guidance. A newer edition took its place.".to_owned(),
    };
    let newer = shown.replacement().and_then(|new| {
        let title = new.title()?;
        let year = new.year().map(|year| format!(", {year}")).unwrap_or_default();
        Some(format!(" <cite>{}</cite>{year}.", escape(title)))
    });
    let _ = writeln!(out, "<p class=\"banner\">{text}{}</p>", newer.unwrap_or_default());
}

fn link(out: &mut String, shown: &Shown) {
    let Some((url, address)) = shown.source().and_then(|url| Some((url, href(url)?))) else { return };
    // On paper the page alone is printed: the words that a browser looks for make an address nobody could type.
    let page = escape(url.split('#').next().unwrap_or_default());
    let _ = write!(
        out,
        "<span class=\"line\"><a href=\"{address}\" rel=\"noopener noreferrer\">{} ↗</a><span class=\"address\">{page}</span></span>",
        escape(host(url))
    );
}

/// What was searched before somebody said that nothing speaks about the claim.
fn searched(out: &mut String, paper: &Paper, record: &VerdictRecord, trail: &Trail) {
    let editions = if trail.documents_considered == 1 { "edition" } else { "editions" };
    let _ = writeln!(
        out,
        "<div class=\"trail\"><p>Searched snapshot <code>{}</code>, {} {editions}, and found nothing that settles the claim.</p>",
        escape(&record.snapshot),
        trail.documents_considered
    );
    if !trail.searches.is_empty() {
        out.push_str("<p class=\"label\">Searches</p>\n<ol>\n");
        for search in &trail.searches {
            let _ = writeln!(out, "<li><bdi>{}</bdi></li>", escape(search.as_str()));
        }
        out.push_str("</ol>\n");
    }
    if trail.passages.is_empty() {
        out.push_str("<p class=\"quiet\">No passage was found.</p>\n");
    } else {
        out.push_str("<p class=\"label\">Found by these searches; none was taken to settle the claim</p>\n<ul>\n");
        let shown: Vec<Shown> = paper
            .lookup
            .of_claim(&record.review, &record.claim)
            .iter()
            .flat_map(|one| Shown::all(&one.result))
            .collect();
        for id in trail.passages.iter().take(MOST_SHOWN) {
            let citation = shown.iter().find(|one| one.id() == id).and_then(|one| one.citation());
            let citation = citation.map(|text| format!("{} ", escape(text))).unwrap_or_default();
            let _ = writeln!(out, "<li>{citation}<code>{}</code></li>", escape(id));
        }
        if trail.passages.len() > MOST_SHOWN {
            let _ = writeln!(out, "<li>and {} more</li>", trail.passages.len() - MOST_SHOWN);
        }
        out.push_str("</ul>\n");
    }
    out.push_str("</div>\n");
}

fn errors(out: &mut String, paper: &Paper, record: &VerdictRecord) {
    if !record.errors.is_empty() {
        out.push_str("<ul class=\"errors\">\n");
    }
    for error in &record.errors {
        let severity = severity(error.severity);
        let _ = write!(
            out,
            "<li class=\"keep\"><span class=\"severity {severity}\">{}</span> <b>{}</b> <code>{}</code>",
            escape(paper.words.severity(severity)),
            escape(paper.words.error(&error.code)),
            escape(&error.code)
        );
        if let Some(meaning) = paper.words.error_meaning(&error.code) {
            let _ = write!(out, "<span class=\"meaning\">{}</span>", escape(meaning));
        }
        out.push_str("</li>\n");
    }
    if !record.errors.is_empty() {
        out.push_str("</ul>\n");
    }
    if let Some(harm) = &record.harm {
        let _ = writeln!(
            out,
            "<p class=\"harm\"><span class=\"label\">Possible harm</span> {} <i>·</i> likelihood: {}</p>",
            escape(paper.words.extent(&harm.extent)),
            escape(paper.words.likelihood(&harm.likelihood))
        );
    }
}

fn feedback(out: &mut String, record: &VerdictRecord) {
    let Some(feedback) = &record.feedback else { return };
    let parts = [("What", &feedback.what), ("Why", &feedback.why), ("Fix", &feedback.fix)];
    let parts = parts.iter().filter(|(_, text)| !text.is_blank());
    let rows: Vec<String> = parts
        .map(|(name, text)| {
            format!("<div><dt>{name}</dt><dd dir=\"auto\" class=\"prose\">{}</dd></div>\n", escape(text.as_str()))
        })
        .collect();
    if !rows.is_empty() {
        let _ = writeln!(out, "<dl class=\"feedback\">\n{}</dl>", rows.concat());
    }
}

/// Who decided, when, how long it took and on what.
fn byline(out: &mut String, paper: &Paper, record: &VerdictRecord) {
    let act = if record.task == Task::Adjudicate { "Adjudicated" } else { "Judged" };
    let blind = if record.blind { ", hints hidden" } else { "" };
    let asks = if record.needs_adjudication { " <i>·</i> asks for a third opinion" } else { "" };
    let _ = writeln!(
        out,
        "<p class=\"byline\">{act} by {}, {} <i>·</i> {} <i>·</i> {} s{blind} <i>·</i> snapshot <code>{}</code>{asks}</p>",
        escape(paper.bundle.called(&record.reviewer.id)),
        escape(&record.reviewer.role),
        minute(record.at),
        record.seconds,
        escape(&record.snapshot)
    );
}

/// The verdicts beside the one that counts, a line each.
fn others(out: &mut String, paper: &Paper, judged: &Judged, counts: &VerdictRecord) {
    let others: Vec<&VerdictRecord> = judged.verdicts.iter().copied().filter(|one| one.id != counts.id).collect();
    if others.is_empty() {
        return;
    }
    out.push_str("<div class=\"others\">\n<p class=\"label\">Other verdicts</p>\n<ul>\n");
    for one in others {
        let name = one.verdict.map_or("", |verdict| verdict.name());
        let pins: Vec<String> =
            one.evidence.iter().map(|pin| format!("<code>{}</code>", escape(&pin.passage))).collect();
        let _ = writeln!(
            out,
            "<li><span class=\"v-{name}\"><span class=\"verdict\"><span aria-hidden=\"true\">{}</span> {}</span></span> {}, {} \
             <i>·</i> {} {}</li>",
            sign(name),
            escape(paper.words.verdict(name)),
            escape(paper.bundle.called(&one.reviewer.id)),
            escape(&one.reviewer.role),
            minute(one.at),
            pins.join(" ")
        );
    }
    out.push_str("</ul>\n</div>\n");
}
