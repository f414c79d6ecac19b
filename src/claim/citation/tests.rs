use super::*;

/// What is found in a text: each citation's words, with its kind.
fn found(text: &str) -> Vec<(String, Kind)> {
    find(text).expect("a response").cited.into_iter().map(|one| (one.text, one.kind)).collect()
}

fn check(text: &str, expected: &[(&str, Kind)]) {
    let expected: Vec<(String, Kind)> = expected.iter().map(|(text, kind)| ((*text).to_owned(), *kind)).collect();
    assert_eq!(found(text), expected, "{text}");
}

#[test]
fn the_patterns_compile() {
    assert!(found("").is_empty());
    for body in bodies::BODIES {
        assert!(!body.publisher.is_empty() && body.publisher == body.publisher.to_lowercase(), "{}", body.key);
    }
}

#[test]
fn addresses_are_found_with_what_they_name() {
    check("Read https://www.nice.org.uk/guidance/ng136.", &[("https://www.nice.org.uk/guidance/ng136", Kind::Url)]);
    check(
        "Read [this *page*](https://example.org/a_(b)/c \"t\").",
        &[("[this *page*](https://example.org/a_(b)/c \"t\")", Kind::Link)],
    );
    check("![a scan](https://example.org/a.png) shows it.", &[("https://example.org/a.png", Kind::Url)]);
    check("As shown (doi:10.1001/jama.2018.3710).", &[("doi:10.1001/jama.2018.3710", Kind::Doi)]);
    check("As shown (PMID: 29801017).", &[("PMID: 29801017", Kind::Pmid)]);
    let all = find("See https://www.ahajournals.org/doi/10.1161/CIR.0000000000001193/full").expect("a response");
    assert_eq!(all.cited[0].named.doi.as_deref(), Some("10.1161/cir.0000000000001193"));
}

#[test]
fn guidelines_are_found_by_body_and_year_and_title() {
    let guideline = |text| [(text, Kind::Guideline)];
    check("According to the 2024 ADA Standards of Care, metformin is safe.", &guideline("2024 ADA Standards of Care"));
    check("Men decide for themselves (USPSTF, 2018).", &guideline("USPSTF, 2018"));
    check("USPSTF (2018) leaves it to men.", &guideline("USPSTF (2018)"));
    check("Salt should be below 5 g [WHO 2022].", &guideline("WHO 2022"));
    check("The 2017 ACC/AHA hypertension guideline set 130/80.", &guideline("2017 ACC/AHA hypertension guideline"));
    check("NICE NG136 says 140/90.", &guideline("NICE NG136"));
    check(
        "The American College of Gastroenterology (ACG) recommends it.",
        &guideline("American College of Gastroenterology (ACG)"),
    );
    check("The CDC recommends a dose.", &guideline("CDC"));
    check(
        "Surviving Sepsis Campaign guidelines (2021) say so.",
        &guideline("Surviving Sepsis Campaign guidelines (2021)"),
    );
}

#[test]
fn a_name_alone_and_an_amount_are_no_citations() {
    check("She went to the CDC building with ACS and a WHO badge.", &[]);
    check("ADA 2000 mg is not a year.", &[]);
    check("In 2019 many people (March, 2019) had it.", &[]);
    check("Take 400 mg [with food] twice (2) a day.", &[]);
}

#[test]
fn lists_are_tied_to_what_they_are_given_for() {
    let text = "Aspirin helps some adults.[1] Statins help more people.[2]\n\n## References\n1. USPSTF. Aspirin Use. 2022. https://example.org/a\n2. Smith J. Statins. JAMA 2016. doi:10.1001/x.1\n";
    let all = find(text).expect("a response");
    let said = |at: &usize| all.statements[*at].text().to_owned();
    let given: Vec<Vec<String>> = all.cited.iter().map(|one| one.statements.iter().map(said).collect()).collect();
    assert_eq!(all.cited.len(), 2);
    assert!(given[0][0].starts_with("Aspirin helps") && given[1][0].starts_with("Statins help"), "{given:?}");
    assert_eq!(all.cited[1].named.doi.as_deref(), Some("10.1001/x.1"));
    assert_eq!(all.cited[0].named.years, [2022]);
}

#[test]
fn a_source_after_a_sentence_is_given_for_that_sentence() {
    let all = find("Screening is advised from 45 to 75.\n\nSource: USPSTF 2021.").expect("a response");
    let statement = &all.statements[all.cited[0].statements[0]];
    assert!(statement.text().starts_with("Screening"), "{}", statement.text());
}

#[test]
fn places_count_code_points() {
    let text = "🩺 ≥ 5 mg – (USPSTF, 2018)";
    let one = &find(text).expect("a response").cited[0];
    let cut: String = text.chars().skip(one.span.start()).take(one.span.len()).collect();
    assert_eq!(cut, one.text);
}

#[test]
fn words_are_not_printed() {
    let all = find("Mrs Smith takes it (USPSTF, 2018).").expect("a response");
    assert!(!format!("{all:?}").contains("Smith"));
}

#[test]
fn hostile_texts_end_in_time() {
    let long: [String; 8] = [
        "[".repeat(100_000),
        "[a](http://".repeat(9_000),
        "(USPSTF, 2018) ".repeat(299),
        "USPSTF ACC/AHA ".repeat(9_000),
        "10.1000/((((".repeat(9_000),
        "2018 A ".repeat(20_000),
        "[1]".repeat(30_000) + "\n\nReferences\n[1] a 2018\n",
        "http://a.b/(((".repeat(9_000),
    ];
    for text in &long {
        let start = std::time::Instant::now();
        // Too many statements or citations is an answer, too.
        let _ = find(text);
        assert!(start.elapsed().as_secs() < 10, "{:?}: {:?}", text.get(..20), start.elapsed());
    }
    assert_eq!(find(&"(USPSTF, 2018) and. ".repeat(400)).err(), Some(Error::TooMany));
}
