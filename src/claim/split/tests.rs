//! What is cut, what is worth checking, and how it stands alone, over all parts of the splitter.

use proptest::prelude::*;

use super::*;
use crate::span;

fn found(text: &str) -> Vec<Statement> {
    split(text).expect("within the limits")
}

/// The statements: worth checking with `+`, others with `-` and what they are.
fn check(text: &str, expected: &[&str]) {
    let lines: Vec<String> = found(text)
        .iter()
        .map(|one| {
            if one.is_checkworthy() {
                format!("+ {}", one.text())
            } else {
                format!("- {} [{}]", one.text(), one.worth().name())
            }
        })
        .collect();
    assert_eq!(lines, expected, "{text}");
}

/// The stand-alone forms of what is worth checking.
fn check_alone(text: &str, expected: &[&str]) {
    let all = found(text);
    let lines: Vec<&str> = all.iter().filter(|one| one.is_checkworthy()).map(Statement::claim).collect();
    assert_eq!(lines, expected, "{text}");
}

fn is_claim(text: &str) -> bool {
    found(text).iter().any(Statement::is_checkworthy)
}

#[test]
fn sentences_items_and_headings() {
    check(
        "# Aspirin\n\nHello! Aspirin lowers fever. Is it safe?\n\nAdults should get:\n\n- flu shot yearly\n- Td every 10 years\n",
        &[
            "- Aspirin [label]",
            "- Hello! [courtesy]",
            "+ Aspirin lowers fever.",
            "- Is it safe? [question]",
            "- Adults should get: [introduction]",
            "+ flu shot yearly",
            "+ Td every 10 years",
        ],
    );
}

#[test]
fn tables_give_rows_with_their_heads() {
    let text = "## Paracetamol\n\n| Weight | Dose |\n|---|---|\n| 8 kg | **120** mg |\n| 10 kg | 150 mg |\n| | |\n";
    check(text, &["- Paracetamol [label]", "- Weight | Dose [label]", "+ 8 kg | **120** mg", "+ 10 kg | 150 mg"]);
    check_alone(text, &["Paracetamol: Weight: 8 kg; Dose: 120 mg", "Paracetamol: Weight: 10 kg; Dose: 150 mg"]);
}

#[test]
fn lines_that_markdown_would_fold() {
    check(
        "Target: 2 to 3 for clots\nTarget, mitral valve: 2.5 to 3.5\nOnset: about 5 days",
        &["+ Target: 2 to 3 for clots", "+ Target, mitral valve: 2.5 to 3.5", "+ Onset: about 5 days"],
    );
    check(
        "Adults need:\n• flu shot yearly\n• Td every 10 years",
        &["- Adults need: [introduction]", "+ flu shot yearly", "+ Td every 10 years"],
    );
    check(
        "Cool the burn under cool or lukewarm running water for 20\nminutes. Do not use ice, because it can\ndeepen the damage.",
        &[
            "+ Cool the burn under cool or lukewarm running water for 20\nminutes.",
            "+ Do not use ice, because it can\ndeepen the damage.",
        ],
    );
    check(
        "Take 5 mg.<br>Rest for 2 days<br/>Drink 2 L a day",
        &["+ Take 5 mg.", "+ Rest for 2 days", "+ Drink 2 L a day"],
    );
}

#[test]
fn odd_characters_survive() {
    check(
        "Take 5 mg daily.\r\nRest.\r\n\r\n- a dose of 5 mg\r\n- no alcohol\r\n",
        &["+ Take 5 mg daily.", "+ Rest.", "+ a dose of 5 mg", "+ no alcohol"],
    );
    check("\u{feff}Take\u{a0}5\u{a0}mg 💊 daily.\u{200b} 🎉", &["+ Take\u{a0}5\u{a0}mg 💊 daily."]);
    check("Take 5\u{0}0 mg now.\rThen rest for 3 days.", &["+ Take 5\u{0}0 mg now.", "+ Then rest for 3 days."]);
    check("الأسبرين يخفض الحمى. هل هو آمن؟", &["+ الأسبرين يخفض الحمى.", "- هل هو آمن؟ [question]"]);
    check("Keep it < 5 mg &amp; > 2 mg.", &["+ Keep it < 5 mg &amp; > 2 mg."]);
    check_alone("Keep it < 5 mg &amp; > 2 mg.", &["Keep it < 5 mg & > 2 mg."]);
}

#[test]
fn code_is_left_alone_unless_it_is_all() {
    check("```json\n{\"dose\": 5}\n```\n\nTake 5 mg daily.", &["+ Take 5 mg daily."]);
    check("```markdown\n# Dose\nTake 5 mg daily.\n```", &["- Dose [label]", "+ Take 5 mg daily."]);
    check("    Take 5 mg daily.", &["+ Take 5 mg daily."]);
    check("<div><p>Take <b>5 mg</b> daily.</p></div>", &["+ Take <b>5 mg</b> daily."]);
    check("<br>\nTake **5 mg** daily.", &["+ Take **5 mg** daily."]);
}

#[test]
fn a_title_in_a_line_of_its_own_is_no_claim() {
    check(
        "Colorectal cancer screening: what to know\n\nScreening starts at 45.",
        &["- Colorectal cancer screening: what to know [label]", "+ Screening starts at 45."],
    );
    check("Maximum dose: 4 g a day\n\nDo not take more.", &["+ Maximum dose: 4 g a day", "+ Do not take more."]);
}

#[test]
fn introductions_headings_and_labels_are_carried() {
    check_alone("Adults should get:\n- flu shot yearly", &["Adults should get: flu shot yearly"]);
    check_alone("## Metformin\n\n- start at 500 mg once daily\n", &["Metformin: start at 500 mg once daily"]);
    check_alone("## Metformin\n\n**Dosage:** 500 mg twice daily", &["Metformin: Dosage: 500 mg twice daily"]);
    check_alone(
        "**Metformin:** First choice for most. Start at 500 mg.",
        &["Metformin: First choice for most.", "Metformin: Start at 500 mg."],
    );
    check_alone(
        "Please don't:\n\n- take ibuprofen with it\n- You mix it with wine\n",
        &["Please don't: take ibuprofen with it", "Please don't: You mix it with wine"],
    );
    check_alone(
        "**Please don't:**\n\n- take ibuprofen\n\nTake plain paracetamol.",
        &["Please don't: take ibuprofen", "Take plain paracetamol."],
    );
    check_alone(
        "## What to avoid\n\n- grapefruit\n\nDrink water instead.",
        &["What to avoid: grapefruit", "Drink water instead."],
    );
    check_alone("Here are some tips:\n\n- Aspirin lowers fever.", &["Aspirin lowers fever."]);
    check_alone("## Common myths\n\n- Vaccines cause autism.", &["Common myths: Vaccines cause autism."]);
    check_alone("Avoid:\n\n- NSAIDs:\n  - ibuprofen\n", &["Avoid: NSAIDs: ibuprofen"]);
    check_alone("# Metformin\n\n## Side effects\n\n- nausea\n", &["Metformin: Side effects: nausea"]);
    check_alone(
        "Call 911 if:\n- chest pain lasts more than 5 minutes",
        &["Call 911 if: chest pain lasts more than 5 minutes"],
    );
    check_alone(
        "🚨 Call your midwife today if:\n\n- you have a fever",
        &["Call your midwife today if: you have a fever"],
    );
    check_alone("### St John's wort\n\nIt lowers the INR.", &["St John's wort: It lowers the INR."]);
}

#[test]
fn marks_links_and_pronouns_in_the_form_that_stands_alone() {
    check_alone("**Aspirin** lowers _fever_ [1, 2].", &["Aspirin lowers fever."]);
    check_alone(
        "[Zoster vaccine](https://example.org) is not live.[^1]\n\n[^1]: See the label of 2024.",
        &["Zoster vaccine is not live.", "See the label of 2024."],
    );
    check_alone(
        "Aspirin lowers fever. It should not be used in children.",
        &["Aspirin lowers fever.", "Aspirin should not be used in children."],
    );
    check_alone(
        "Aspirin can cause Reye's syndrome. It is rare.",
        &["Aspirin can cause Reye's syndrome.", "It is rare."],
    );
    check_alone("Does it prevent seizures? No.", &["Does it prevent seizures? No."]);
    check_alone("What is a normal A1c? Below 5.7%.", &["What is a normal A1c? Below 5.7%."]);
    check_alone("Is it safe? No. It thins the blood.", &["It thins the blood."]);
}

#[test]
fn what_is_no_claim() {
    for text in [
        "Hi there!",
        "Thank you for your question.",
        "I hope this helps!",
        "Great question.",
        "Here is a summary.",
        "I'm sorry to hear that you feel unwell.",
        "Please consult your doctor.",
        "Always follow your provider's advice.",
        "It's important to talk to your healthcare provider before starting any new medication.",
        "You should speak with a pharmacist if you have any questions or concerns.",
        "If you have any concerns, please contact your doctor.",
        "Ask her pharmacist which ones are covered.",
        "It depends.",
        "It really depends on the situation.",
        "Everyone is different.",
        "Individual results may vary.",
        "There is no one-size-fits-all answer.",
        "Let me know if you have other questions.",
        "Would you like more detail?",
        "I can also make a table if you'd like.",
        "This information is not a substitute for professional medical advice.",
        "I'm not a doctor and this isn't a diagnosis.",
        "As an AI, I can't examine you.",
        "You mentioned that you feel dizzy.",
        "Your question is about statins.",
        "There are several factors to consider.",
        "https://www.cdc.gov/flu",
        "[CDC: flu](https://www.cdc.gov/flu)",
        "Take care!",
        "**Key points**",
        "In short:",
        "Let's look at the evidence.",
    ] {
        assert!(!is_claim(text), "{text}");
    }
}

#[test]
fn what_is_one() {
    for text in [
        "Call 911 if chest pain lasts more than 5 minutes.",
        "Adults over 65 should see a doctor if fever exceeds 39 °C.",
        "See your doctor if the rash spreads.",
        "Contact your doctor if you vomit blood.",
        "Hypertension is a blood pressure of 130/80 mmHg or higher.",
        "The dose depends on kidney function.",
        "I recommend 500 mg twice daily.",
        "It is important to take metformin with food.",
        "Here, aspirin is not recommended.",
        "In summary, aspirin is not recommended over 60.",
        "However, statins reduce the risk of stroke.",
        "It's normal to feel tired after a vaccine.",
        "No antibiotics for colds.",
        "Smoking causes lung cancer.",
        "Insulin lets glucose into cells.",
        "Women should be screened every two years.",
        "You can take ibuprofen with food.",
        "You should not take aspirin.",
        "This drug is safe in pregnancy.",
        "Pregnant women should not take lisinopril.",
        "Talk to your doctor about dialysis when the eGFR falls below 15.",
        "Do not stop sertraline suddenly.",
        "Risk factors vary with age and sex.",
    ] {
        assert!(is_claim(text), "{text}");
    }
}

#[test]
fn lists_of_questions_and_sources_hold_no_claims() {
    check(
        "Could you tell me:\n- your age\n- which drugs you take\n",
        &["- Could you tell me: [introduction]", "- your age [offer]", "- which drugs you take [offer]"],
    );
    check(
        "## References\n\n1. WHO. Dengue guideline, 2009.\n",
        &["- References [label]", "- WHO. [reference]", "- Dengue guideline, 2009. [reference]"],
    );
}

#[test]
fn limits_are_told() {
    assert_eq!(split(&"ä".repeat(LONGEST_RESPONSE + 1)), Err(Error::TooLong(LONGEST_RESPONSE + 1)));
    assert!(split(&"ä".repeat(LONGEST_RESPONSE)).is_ok());
    assert_eq!(split(&"Take 5 mg. ".repeat(MOST_STATEMENTS + 1)), Err(Error::TooMany));
    assert_eq!(found(&"Take 5 mg. ".repeat(MOST_STATEMENTS)).len(), MOST_STATEMENTS);
}

#[test]
fn no_words_are_printed_by_debug() {
    assert!(!format!("{:?}", found("Mrs Smith takes warfarin.")).contains("Smith"));
}

#[test]
fn long_and_deep_texts_take_little_time() {
    let nested: String = (0..2_000).map(|depth| format!("{}- a\n", " ".repeat(2 * depth.min(90)))).collect();
    for text in [
        "> ".repeat(90_000),
        "[".repeat(190_000),
        "*a ".repeat(60_000),
        "a.B".repeat(60_000),
        "<a ".repeat(60_000),
        "(a ".repeat(60_000),
        "x\n".repeat(90_000),
        "- x\n".repeat(40_000),
        "a: b\n".repeat(30_000),
        "| a | b |\n".repeat(15_000),
        "It is ".repeat(30_000),
        "a; ".repeat(60_000),
        "**a:** ".repeat(25_000),
        "`a` ".repeat(40_000),
        "\u{200b}".repeat(190_000),
        "if you ".repeat(25_000),
        nested,
    ] {
        let started = std::time::Instant::now();
        let _ = split(&text);
        assert!(
            started.elapsed().as_secs() < 10,
            "{:?} took {:?}",
            &text[..text.char_indices().nth(12).map_or(0, |(at, _)| at)],
            started.elapsed()
        );
    }
}

/// Pieces of responses that are hard to cut, joined at random.
const PIECES: &[&str] = &[
    "# Head\n",
    "## ",
    "- ",
    "  - ",
    "1. ",
    "* ",
    "> ",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\0",
    "\u{200b}",
    "\u{feff}",
    "\u{a0}",
    "**",
    "*",
    "_",
    "`",
    "```\n",
    "| a | b |\n",
    "|---|---|\n",
    "|",
    "[1]",
    "[x](http://y.z)",
    "![i](u)",
    "<br>",
    "<div>",
    "</div>",
    "<!-- ",
    "-->",
    "&lt;",
    "&amp;",
    "Aspirin lowers fever.",
    " It is safe. ",
    "Take 5 mg; rest.",
    "Dose: 500 mg",
    "e.g. ",
    "Dr. ",
    "0.5 mg ",
    "q.i.d. ",
    "U.S. ",
    "؟",
    "مرحبا ",
    "שלום ",
    "😊 ",
    "❌ ",
    "•",
    "• ",
    "– ",
    "Call 911 if",
    ":",
    ";",
    "?",
    "!",
    "...",
    "(",
    ")",
    "\"",
    "”",
    "[^1]",
    "[^1]: ",
    "~~",
    "\\",
    "    code\n",
    "\t",
    "If ",
    "**Label:** ",
    "ﷺ",
    "é",
    "e\u{301}",
    "👩‍⚕️",
    "。",
    "---\n",
    "===\n",
    "[ ] ",
    "[x] ",
    "$$",
    "http://a.b/c?d=e ",
];

proptest! {
    #[test]
    fn every_span_gives_its_words_and_none_overlap(parts in proptest::collection::vec(0..PIECES.len(), 0..60), noise in "\\PC{0,20}") {
        let mut text: String = parts.iter().map(|at| PIECES[*at]).collect();
        let middle = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at);
        text.insert_str(middle, &noise);
        let mut end = 0;
        for one in split(&text).expect("within the limits") {
            prop_assert_eq!(span::slice(&text, one.span()), Some(one.text()));
            prop_assert!(one.span().start() >= end && !one.span().is_empty());
            prop_assert!(one.text().chars().any(char::is_alphanumeric));
            prop_assert!(!one.claim().trim().is_empty());
            end = one.span().end();
        }
    }
}
