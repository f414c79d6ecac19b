//! The report: everything that was decided is in it, word for word, and nothing of it is markup.

use serde_json::Value;

use super::*;
use crate::export::sha256_hex;
use crate::export::tests::bundle;

/// The bundle with every free text replaced; pins keep fitting their passages.
fn poisoned(payload: &str) -> Bundle {
    // Names that a closed list in the code has, times, and what is counted.
    const CLOSED: [&str; 8] =
        ["task", "origin", "unit", "at", "created_at", "erased_at", "assigned_at", "submitted_at"];
    fn walk(value: &mut Value, key: &str, payload: &str) {
        match value {
            Value::Object(map) => map.iter_mut().for_each(|(key, value)| walk(value, key, payload)),
            Value::Array(list) => list.iter_mut().for_each(|value| walk(value, key, payload)),
            Value::String(text) => match key {
                "quote_sha256" | "passage_sha256" => *text = sha256_hex(payload.as_bytes()),
                "role" if ["supports", "contradicts", "context"].contains(&text.as_str()) => {}
                "severity" | "verdict" | "made_at" => {}
                _ if CLOSED.contains(&key) => {}
                _ => *text = payload.to_owned(),
            },
            _ => {}
        }
    }
    let mut value = serde_json::to_value(bundle()).unwrap();
    walk(&mut value, "", payload);
    serde_json::from_value(value).unwrap()
}

/// The tags of the page, without its style.
fn tags(html: &str) -> Vec<&str> {
    let body = &html[html.find("</style>").unwrap()..];
    body.match_indices('<').map(|(at, _)| &body[at..at + body[at..].find('>').unwrap() + 1]).collect()
}

#[test]
fn no_words_become_markup() {
    let payload = "\"'><img src=x onerror=alert(1)><script>alert(1)</script><!--</style></title>";
    let html = html(&poisoned(payload), &[]);
    assert!(html.matches("&lt;script&gt;").count() > 50);
    for tag in tags(&html) {
        let name: String =
            tag.chars().skip(1).take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '/').collect();
        let known = "html head body main title style header section article footer h1 h2 h3 h4 h5 p dl div dt dd table caption \
                     thead tbody tr th td ul ol li figure figcaption blockquote cite mark a span b i bdi code br strong";
        let name = name.trim_start_matches('/');
        assert!(known.split_whitespace().any(|one| one == name), "{tag}");
        for forbidden in ["onerror", "src=", "javascript:"] {
            assert!(!tag.contains(forbidden), "{tag}");
        }
    }
    let head = &html[..html.find("</style>").unwrap()];
    assert_eq!(head.matches("</title>").count(), 1);
}

#[test]
fn only_addresses_of_the_web_are_links() {
    for payload in ["javascript:alert(1)", "data:text/html,<b>", "//evil.org", "https://e.org\" onclick=\"x"] {
        let html = html(&poisoned(payload), &[]);
        for tag in tags(&html).iter().filter(|tag| tag.starts_with("<a ")) {
            assert!(tag.contains("href=\"#r"), "{tag}");
        }
    }
    assert!(html(&poisoned("https://e.org/a&b"), &[]).contains("href=\"https://e.org/a&amp;b\""));
}

#[test]
fn the_page_needs_nothing_beside_itself() {
    let html = html(&bundle(), &[]);
    for word in ["<script", "<link", "<img", "<iframe", "@import", "url(", "<base", "<form"] {
        assert!(!html.contains(word), "{word}");
    }
    assert!(html.contains("default-src 'none'; style-src 'unsafe-inline'"));
    assert!(html.contains(INTENDED_USE));
}

#[test]
fn quotations_stand_word_for_word_with_their_facts() {
    let bundle = bundle();
    let html = html(&bundle, &[]);
    let paper = Lookup::new(&bundle);
    for one in bundle.reviews.iter().flat_map(Judged::of).flat_map(|one| one.verdicts) {
        if one.task == crate::review::record::Task::Second
            && one.verdict != Some(crate::review::record::Verdict::Partly)
        {
            continue;
        }
        for pin in &one.evidence {
            let quote = escape(paper.pinned(one, pin).unwrap().quote());
            assert!(
                html.contains(&format!("<blockquote dir=\"auto\" class=\"prose\">{quote}</blockquote>")),
                "{}",
                pin.passage
            );
        }
    }
    assert!(html.contains(
        "<b>US Preventive Services Task Force</b> <i>·</i> 2022 <i>·</i> <span class=\"grade\">USPSTF grade D</span>"
    ));
    assert!(html.contains("GRADE grade 1A</span> <i>·</i> p. iv"));
    assert!(html.contains("Replaced guidance. uspstf-aspirin@2022 took its place."));
    assert!(
        html.contains(
            "Summary in Groundline&#39;s words; the guideline&#39;s own text is on the publisher&#39;s page."
        )
    );
}

#[test]
fn a_quotation_that_was_changed_is_not_printed() {
    let mut bundle = bundle();
    for record in &mut bundle.evidence {
        for passage in record.result["passages"].as_array_mut().unwrap() {
            passage["quote"] = "Start aspirin at once.".into();
        }
    }
    let html = html(&bundle, &[]);
    assert!(!html.contains("Start aspirin at once.") && !html.contains("<blockquote"));
    assert!(html.contains("whose words are not part of this report"));
}

#[test]
fn claims_are_marked_where_they_stand_also_where_they_overlap() {
    let mut bundle = all_checkworthy();
    let review = &mut bundle.reviews[0];
    let (start, end) = (review.claims[0].start, review.claims[0].end);
    review.claims[4].start = start + 10;
    review.claims[4].end = end + 5;
    let html = html(&bundle, &[]);
    let from = html.find("class=\"response prose\"").unwrap();
    let response = &html[from..from + html[from..].find("</div>").unwrap()];
    let mut text = String::new();
    let mut kept = response[response.find('>').unwrap() + 1..].split('<');
    text.push_str(kept.next().unwrap());
    let mut inside_number = false;
    for piece in kept {
        let (tag, words) = piece.split_once('>').unwrap();
        inside_number = (inside_number && !tag.starts_with("/a")) || tag.starts_with("a ");
        if !inside_number {
            text.push_str(words);
        }
    }
    assert_eq!(text, escape(bundle.reviews[0].response.text.as_str()), "marks change no letter");
    for number in 1..=6 {
        assert_eq!(response.matches(&format!("href=\"#r1c{number}\"")).count(), 1);
    }
}

/// The bundle with a greeting that is a claim like the others.
fn all_checkworthy() -> Bundle {
    let mut bundle = bundle();
    bundle.reviews[0].claims.iter_mut().for_each(|claim| claim.checkworthy = true);
    bundle
}

#[test]
fn what_is_no_claim_is_not_left_undone() {
    assert_eq!(html(&all_checkworthy(), &[]).matches("Nobody has judged this claim").count(), 1);
    let html = html(&bundle(), &[]);
    assert!(!html.contains("Nobody has judged this claim") && !html.contains("<tr class=\"v-undecided\">"));
}

#[test]
fn the_summary_counts_what_counts() {
    let html = html(&all_checkworthy(), &[]);
    let row = |state: &str| {
        let from = html.find(&format!("<tr class=\"v-{state}\">")).unwrap();
        let row = &html[from..from + html[from..].find("</tr>").unwrap()];
        row[row.find("class=\"n\">").unwrap() + 10..].split('<').next().unwrap().to_owned()
    };
    let counts: Vec<String> =
        ["supported", "contradicted", "not_addressed", "outdated", "differ", "undecided"].map(row).into();
    assert_eq!(counts, ["2", "1", "1", "1", "1", "1"]);
    assert!(!html.contains("<tr class=\"v-partly\">"));
    assert!(html.contains("Searched snapshot") && html.contains("<li><bdi>light therapy hypertension</bdi></li>"));
}

#[test]
fn hints_are_not_in_it() {
    let html = html(&bundle(), &[]);
    assert!(!html.contains("0.93") && !html.contains("confidence"));
}
