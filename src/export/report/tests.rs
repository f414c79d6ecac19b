//! The report: everything that was decided is in it, word for word, and nothing of it is markup.

use serde_json::Value;

use super::*;
use crate::export::sha256_hex;
use crate::export::tests::bundle;
use crate::review::record::Verdict;

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
        if one.task == crate::review::record::Task::Second && one.verdict != Some(Verdict::Partly) {
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
    let from = html.find("class=\"response prose drawn\"").unwrap();
    let response = &html[from..from + html[from..].find("</div>\n<h3").unwrap()];
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
fn a_claim_has_the_number_of_its_id() {
    let mut bundle = bundle();
    bundle.reviews[0].claims[0].checkworthy = false;
    bundle.reviews[0].verdicts.retain(|one| one.claim != "c1");
    let html = html(&bundle, &[]);
    assert!(!html.contains("id=\"r1c1\""), "what is no claim has no place, and its number is nobody's");
    for number in 2..=4 {
        assert!(html.contains(&format!(
            "id=\"r1c{number}\">\n<header class=\"keep\"><h4><span class=\"number\">{number}</span>"
        )));
        assert!(html.contains(&format!("href=\"#r1c{number}\" aria-label=\"Claim {number}\">{number}<")));
    }
}

#[test]
fn missing_numbers_are_explained_where_some_are_missing() {
    let told = |bundle: &Bundle| html(bundle, &[]).matches("Numbers that are missing here").count();
    let mut bundle = all_checkworthy();
    assert_eq!(told(&bundle), 0, "c1 to c6 are all told of, and what was replaced is not among them");
    bundle.reviews[0].claims[0].checkworthy = false;
    bundle.reviews[0].verdicts.retain(|one| one.claim != "c1");
    assert_eq!(told(&bundle), 1, "a greeting before the first claim");
    // A number of another program says nothing about ours.
    bundle.reviews[0].claims.iter_mut().for_each(|claim| claim.id = format!("claim-{}", claim.id));
    assert_eq!(told(&bundle), 0);
}

#[test]
fn people_have_their_names_and_summaries_say_so_once() {
    let named = bundle().named([("r7".to_owned(), "Rina".to_owned()), ("nobody".to_owned(), "Not here".to_owned())]);
    assert_eq!(named.people.len(), 1, "who judged nothing is not named");
    let html = html(&named, &[]);
    assert!(html.contains("Judged by Rina, ") && !html.contains("Judged by r7"));
    let summaries = html.matches("<figure class=\"passage summary\">").count()
        + html.matches("<figure class=\"passage old summary\">").count();
    assert!(summaries > 0);
    assert_eq!(html.matches("Summary in our words").count(), summaries);
    assert!(!html.contains("Summary in Groundline"));
}

#[test]
fn a_passage_of_a_claim_that_is_right_in_part_does_not_read_as_the_verdict() {
    let parts =
        |bundle: &Bundle| html(bundle, &[]).matches("<div class=\"role\">Bears out a part of the claim").count();
    let before = parts(&bundle());
    let mut bundle = bundle();
    for one in bundle.reviews[0].verdicts.iter_mut().filter(|one| one.verdict == Some(Verdict::Supported)) {
        one.verdict = Some(Verdict::Partly);
    }
    assert!(parts(&bundle) > before);
}

/// The drawn text without its hidden signs and without its tags; `|` between the cells of a table.
fn seen(text: &str) -> String {
    let mut html = String::new();
    drawn::draw(&mut html, text, &[]);
    let mut words = String::new();
    let mut hidden = false;
    for piece in html.split('<') {
        let (tag, rest) = piece.split_once('>').unwrap_or(("", piece));
        hidden = tag == "span class=\"md\"";
        match tag {
            "/div" => words.push('/'),
            "b" => words.push('['),
            "/b" => words.push(']'),
            _ => {}
        }
        words.push_str(if hidden { "" } else { rest });
    }
    assert!(!hidden || words.is_empty());
    words
}

#[test]
fn markdown_is_drawn_and_not_printed() {
    assert_eq!(seen("## Dose\n\nGive **two or more** of HLA-B\\*5801."), "Dose/Give [two or more] of HLA-B*5801./");
    assert_eq!(seen("| A | B |\n|---|---|\n| 1 | 2 |"), "A/B//1/2///");
    assert_eq!(seen("1. one\n2. two\n\n- x"), "1.one/2.two//x//");
    assert_eq!(drawn::plain("*Clostridioides* in\n**adults**, 2 * 3"), "Clostridioides in adults, 2 * 3");
}

#[test]
fn nothing_that_reads_as_a_number_or_a_word_is_hidden() {
    assert_eq!(seen("2*3*4 mg and 2**3**4"), "2*3*4 mg and 2**3**4/");
    assert_eq!(seen("> 5 mmol/L"), "&gt; 5 mmol/L//");
    assert_eq!(
        seen("[aspirin](https://e.org \"no\") ![x](y.png)"),
        "[aspirin](https://e.org &quot;no&quot;) ![x](y.png)/"
    );
    assert_eq!(seen("a <b onclick=x>b</b> <!-- c -->"), "a &lt;b onclick=x&gt;b&lt;/b&gt; &lt;!-- c --&gt;/");
    assert!(seen("[a]: https://e.org 'hidden'").contains("https://e.org &#39;hidden&#39;"));
}

#[test]
fn every_character_is_drawn_once() {
    let deep = "> - ".repeat(3000) + "x";
    for text in [
        "# a\n\n* b `c` **d *e* f**\n\n| g | h |\n|--|:-:|\n| i | `j` |\n\n```rust\nk\n```\n\n---\n\n1) l\n   m\n\né 𝒜  \nend\n",
        &deep,
        "",
        "\n\n",
        "`` ` ``",
    ] {
        let mut html = String::new();
        drawn::draw(&mut html, text, &[]);
        let mut rest = String::new();
        html.split('<').for_each(|piece| rest.push_str(piece.split_once('>').map_or(piece, |(_, words)| words)));
        assert_eq!(rest, escape(text));
        assert_eq!(html.matches("<div").count(), html.matches("</div>").count());
    }
}

#[test]
fn hints_are_not_in_it() {
    let html = html(&bundle(), &[]);
    assert!(!html.contains("0.93") && !html.contains("confidence"));
}
