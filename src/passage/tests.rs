use super::*;
use crate::document::{Builder, Limits};

fn facts() -> VersionFacts {
    VersionFacts::bare("guide@2024".parse().expect("an id"))
}

fn cut(build: impl FnOnce(&mut Builder)) -> (Document, Vec<Passage>) {
    let mut builder = Builder::new("test/1", &Limits::default());
    build(&mut builder);
    let document = builder.finish();
    let found = passages(&document, &facts());
    (document, found)
}

fn words(count: usize) -> String {
    (0..count).map(|n| format!("word{n}")).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_quotation_is_the_stored_text() {
    let (document, found) = cut(|b| {
        b.heading(1, "A");
        for n in 0..20 {
            b.paragraph(&format!("Sentence {n} is here. {} Another ends – so.", words(n * 17)));
        }
    });
    assert!(found.len() > 10);
    for passage in &found {
        assert_eq!(document.text.slice(passage.span()), Some(passage.text()));
        assert!(passage.text().split_whitespace().count() <= 250, "{}", passage.text());
    }
}

#[test]
fn passages_never_cross_a_section() {
    let (_, found) = cut(|b| {
        b.heading(1, "A");
        b.paragraph("Short one.");
        b.heading(1, "B");
        b.paragraph("Short two.");
    });
    let texts: Vec<&str> = found.iter().map(Passage::text).collect();
    assert_eq!(texts, ["Short one.", "Short two."]);
}

#[test]
fn a_list_stays_with_its_introduction() {
    let (_, found) = cut(|b| {
        let intro = b.paragraph("The risk factors that count are these:");
        b.list_item(None, intro, "age");
        b.list_item(None, intro, "smoking");
    });
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].text(), "The risk factors that count are these:\n\nage\n\nsmoking");
}

#[test]
fn items_of_a_long_list_keep_the_introduction_as_lead() {
    let (_, found) = cut(|b| {
        let intro = b.paragraph("The risk factors are:");
        for n in 0..4 {
            b.list_item(None, intro, &format!("item{n} {}", words(60)));
        }
    });
    assert!(found.len() > 2);
    assert_eq!(found.last().and_then(|passage| passage.lead.as_deref()), Some("The risk factors are:"));
}

#[test]
fn a_recommendation_is_a_passage_of_its_own() {
    let (_, found) = cut(|b| {
        b.paragraph("Some short context.");
        b.paragraph("WHO recommends treatment at 140/90 mmHg (strong recommendation, moderate-certainty evidence).");
        b.paragraph("More short context.");
    });
    assert_eq!(found.len(), 3);
    assert_eq!(found[1].kind, PassageKind::Recommendation);
    assert_eq!(found[1].direction, Some(Direction::For));
    assert_eq!(found[1].grade.as_ref().map(|grade| grade.code.as_str()), Some("strong"));
}

#[test]
fn ids_do_not_move_when_text_before_them_changes() {
    let id = |before: &str| {
        let (_, found) = cut(|b| {
            b.paragraph(before);
            b.heading(1, "Advice");
            b.paragraph("Adults are to be screened every two years for this.");
        });
        found.last().map(|passage| passage.id.to_string())
    };
    assert_eq!(id("one"), id("quite another, longer beginning"));
}

#[test]
fn a_printed_number_names_the_first_passage_that_has_it() {
    let (_, found) = cut(|b| {
        b.heading(1, "Summary");
        b.paragraph("Recommendation 2. Clinicians should start with the lowest dose.");
        b.heading(1, "Details");
        b.paragraph("Recommendation 2. Clinicians should start with the lowest dose.");
    });
    assert_eq!(found[0].id.part(), "rec-2");
    assert!(found[1].id.part().starts_with("p-"), "{}", found[1].id);
}

#[test]
fn repeated_words_under_the_same_headings_are_one_passage() {
    let (_, found) = cut(|b| {
        b.heading(1, "Notes");
        b.block(BlockKind::Footnote, "Same words in a note.", Default::default());
        b.block(BlockKind::Footnote, "Same words in a note.", Default::default());
    });
    assert_eq!(found.len(), 1);
}

#[test]
fn an_equal_row_of_another_table_is_a_passage_of_its_own() {
    let (_, found) = cut(|b| {
        b.heading(1, "Doses");
        for drug in ["Drug A", "Drug B", "Drug B"] {
            b.lines(Some(drug), &["Age: 65 or older | Dose: 5 mg".to_owned()], &[]);
        }
    });
    let rows: Vec<_> = found.iter().filter(|passage| passage.kind == PassageKind::TableRow).collect();
    let leads: Vec<_> = rows.iter().filter_map(|passage| passage.lead.as_deref()).collect();
    assert_eq!(leads, ["Drug A", "Drug B"]);
    assert_ne!(rows[0].id, rows[1].id);
}

#[test]
fn passage_ids_read_back() {
    let id: PassageId = "uspstf-aaa@2019#rec-1".parse().expect("an id");
    assert_eq!((id.version().to_string().as_str(), id.part()), ("uspstf-aaa@2019", "rec-1"));
    for bad in ["uspstf-aaa@2019", "a@1#", "a#b", "a@1#<x>", ""] {
        assert!(bad.parse::<PassageId>().is_err(), "{bad:?}");
    }
}

#[test]
fn pages_that_cannot_be_trusted_make_their_passages_doubtful() {
    use crate::document::DefectKind;
    let check = |kind, page, expected: [bool; 2]| {
        let (_, found) = cut(|b| {
            b.page(0, None);
            b.paragraph("Short one.");
            b.page(1, None);
            b.heading(1, "B");
            b.paragraph("Short two.");
            b.defect(kind, page, "a reason");
        });
        let doubtful: Vec<bool> = found.iter().map(|passage| passage.low_trust).collect();
        assert_eq!(doubtful, expected, "{kind:?} {page:?}");
    };
    check(DefectKind::LostText, Some(1), [false, true]);
    check(DefectKind::UnreadInk, Some(0), [true, false]);
    check(DefectKind::UnknownGlyphs, Some(1), [false, true]);
    check(DefectKind::Furniture, Some(0), [false, false]);
    check(DefectKind::HiddenText, None, [false, false]);
    check(DefectKind::Repaired, None, [true, true]);
}

#[test]
fn bracketed_texts_of_a_template_are_cut_apart() {
    let (_, found) = cut(|b| {
        b.paragraph(
            "[Section Prompt: The drug should not be used in renal failure.] [Section Prompt: The test should be \
             repeated after 8 weeks.] [Technical Note: This section should be presented to all users.]",
        );
    });
    let advice = found.iter().filter(|passage| passage.kind == PassageKind::Recommendation);
    let ends: Vec<_> = advice.filter_map(|passage| passage.text().split_whitespace().last()).collect();
    assert_eq!(ends, ["failure.]", "weeks.]"]);
}

#[test]
fn an_instruction_that_introduces_others_stands_by_itself() {
    let advice = |intro: &str| {
        let (_, found) = cut(|b| {
            let at = b.paragraph(intro);
            b.list_item(None, at, "Give morphine if pain is severe.");
        });
        found.iter().filter(|passage| passage.kind == PassageKind::Recommendation).count()
    };
    assert_eq!((advice("Treat pain:"), advice("Look for:"), advice("Clinicians should:")), (2, 1, 1));
}

#[test]
fn the_sentence_that_recommends_is_cut_out_of_its_rationale() {
    let (_, found) = cut(|b| {
        b.paragraph(
            "Two trials found a benefit. The panel noted some harms. We recommend screening all adults every year \
             (strong recommendation, low-certainty evidence). This recommendation does not apply to people with \
             symptoms. Costs were modest in both trials.",
        );
    });
    let kinds: Vec<_> = found.iter().map(|passage| passage.kind).collect();
    assert_eq!(kinds, [PassageKind::Paragraph, PassageKind::Recommendation, PassageKind::Paragraph]);
    let advice = &found[1];
    assert!(
        advice.text().starts_with("We recommend") && advice.text().ends_with("with symptoms."),
        "{}",
        advice.text()
    );
    assert_eq!(advice.grade.as_ref().and_then(|grade| grade.certainty.as_deref()), Some("low"));
    assert_eq!(advice.exclusions, ["This recommendation does not apply to people with symptoms."]);
    assert_eq!(advice.modality, Some(Modality::Should));
}

fn graded(build: impl FnOnce(&mut Builder)) -> Vec<(String, Option<String>)> {
    let (_, found) = cut(build);
    let advice = found.into_iter().filter(|passage| passage.kind == PassageKind::Recommendation);
    let first = |text: &str| text.split_whitespace().take(3).collect::<Vec<_>>().join(" ");
    advice.map(|passage| (first(passage.text()), passage.grade.map(|grade| grade.code))).collect()
}

#[test]
fn a_grade_under_its_statement_goes_to_it() {
    let found = graded(|b| {
        b.heading(1, "Advice");
        b.paragraph("WHO recommends treatment at 140/90 mmHg in adults.");
        b.paragraph("Strong recommendation, moderate-certainty evidence");
        b.paragraph("WHO suggests treatment at 130/80 mmHg in adults at risk.");
        b.paragraph("Conditional recommendation, low-certainty evidence");
    });
    let expected = [("WHO recommends treatment", "strong"), ("WHO suggests treatment", "conditional")];
    assert_eq!(found, expected.map(|(text, code)| (text.to_owned(), Some(code.to_owned()))));
}

#[test]
fn a_grade_above_its_statement_goes_to_it_and_never_to_the_neighbour() {
    let found = graded(|b| {
        b.heading(1, "Advice");
        b.paragraph("Testing is cheap. People with symptoms should be tested early.");
        b.paragraph("Strong recommendation for, moderate certainty evidence (published May 2025)");
        b.paragraph("WHO recommends rapid treatment of all patients.");
    });
    let expected = [("People with symptoms", None), ("Strong recommendation for,", Some("strong".to_owned()))];
    assert_eq!(found, expected.map(|(text, code)| (text.to_owned(), code)));
}

#[test]
fn a_grade_between_two_statements_is_neither_s() {
    let found = graded(|b| {
        b.heading(1, "Advice");
        b.paragraph("WHO recommends treatment of adults.");
        b.paragraph("Strong recommendation, moderate-certainty evidence");
        b.paragraph("WHO recommends rest for adults.");
    });
    assert!(found.iter().all(|(_, grade)| grade.is_none()), "{found:?}");
}

#[test]
fn items_that_say_when_stay_with_the_advice() {
    let (_, found) = cut(|b| {
        let intro = b.paragraph("Do not give the vaccine to people with:");
        b.list_item(None, intro, "a severe allergy");
        b.list_item(None, intro, "a fever");
    });
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].kind, found[0].direction), (PassageKind::Recommendation, Some(Direction::Against)));
}

#[test]
fn items_that_say_what_to_do_are_statements_of_their_own() {
    let (_, found) = cut(|b| {
        let intro = b.paragraph("Clinicians should:");
        b.list_item(None, intro, "assess pain at each visit");
        b.list_item(None, intro, "offer naloxone to patients at risk");
    });
    let advice: Vec<_> = found.iter().filter(|passage| passage.kind == PassageKind::Recommendation).collect();
    assert_eq!(advice.len(), 2);
    assert_eq!(advice[0].lead.as_deref(), Some("Clinicians should:"));
}

#[test]
fn every_recommendation_inherits_the_scope_of_its_document() {
    let (_, found) = cut(|b| {
        b.paragraph("This guideline does not apply to patients with cancer.");
        b.heading(1, "Advice");
        b.paragraph("Clinicians should offer exercise to adults aged 18 to 64 years.");
    });
    let advice = found.last().expect("a passage");
    assert_eq!(advice.exclusions, ["This guideline does not apply to patients with cancer."]);
    assert_eq!(advice.population.as_ref().and_then(|people| people.age), Some((Some(18), Some(64))));
    assert!(found[0].exclusions.is_empty());
}
