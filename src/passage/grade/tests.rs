use super::*;

fn check(text: &str, system: Option<&str>, expected: Option<(&str, &str, Option<&str>)>) {
    let found = read(text, &[], &Scales::of(system, ""), None, None);
    let found =
        found.as_ref().map(|g| (g.system.as_deref().unwrap_or_default(), g.code.as_str(), g.certainty.as_deref()));
    assert_eq!(found, expected, "{text}");
}

fn stated(system: &str, grade: &str) -> Option<Grade> {
    read("", &[], &Scales::of(Some(system), ""), Some(grade), None)
}

#[test]
fn grades_in_words() {
    check(
        "Offer it (strong recommendation, moderate-certainty evidence).",
        None,
        Some(("GRADE", "strong", Some("moderate"))),
    );
    check("Conditional recommendation; very low certainty", None, Some(("GRADE", "conditional", Some("very low"))));
    check(
        "… are maximized (recommendation category: B, evidence type: 2).",
        None,
        Some(("CDC-GRADE", "B", Some("evidence type 2"))),
    );
    check("Screen all adults. (B recommendation)", Some("USPSTF"), Some(("USPSTF", "B", None)));
    check(
        "CRT is recommended in NYHA class III heart failure (Class I, Level A).",
        Some("ESC"),
        Some(("ESC", "Class I", Some("LOE A"))),
    );
    check("We recommend it (Strong for | Reviewed, New-replaced)", None, Some(("VA/DoD", "strong for", None)));
    check("COR 2a, LOE B-NR", None, Some(("ACC/AHA", "COR 2a", Some("LOE B-NR"))));
    check("Class I, Level A", Some("ESC"), Some(("ESC", "Class I", Some("LOE A"))));
    check("Start ART (AI).", Some("HHS HIV"), Some(("HHS HIV", "AI", Some("I"))));
}

#[test]
fn letters_without_their_system_are_no_grade() {
    check("Start ART (AI).", None, None);
    check("NYHA class III heart failure", Some("ESC"), None);
    check("Class III antiarrhythmic drugs should be used with care.", Some("ACC/AHA"), None);
    check("Offer corticosteroids. (Grade D)", None, None);
    check("Patients with Grade I hypertension should be treated.", None, None);
    check("An individual decision (C recommendation), but against it at 60 (D recommendation).", Some("USPSTF"), None);
    check("Vitamin B recommendation level", Some("ADA"), None);
    check("Hepatitis A, B and C.", None, None);
}

#[test]
fn insufficient_is_not_against() {
    let grade = stated("USPSTF", "I").expect("a grade");
    assert_eq!(grade.direction, Some(Direction::Insufficient));
    assert_eq!(stated("ADA", "none printed"), None);
}

#[test]
fn a_letter_is_read_by_the_definitions_of_its_day() {
    let read = |date: &str| {
        let grade = stated("USPSTF", "C").expect("a grade");
        let grade = dated(grade, date.parse().ok());
        (grade.system_version, grade.direction)
    };
    assert_eq!(read("2022-04-26"), (Some("after July 2012".to_owned()), Some(Direction::Either)));
    assert_eq!(read("2009"), (Some("May 2007 to July 2012".to_owned()), None));
    assert_eq!(read("2002"), (Some("prior to May 2007".to_owned()), None));
}

#[test]
fn a_stated_grade_is_kept_as_printed() {
    let grade = stated("ACC/AHA", "COR 3: Harm, LOE B-R").expect("a grade");
    assert_eq!((grade.code.as_str(), grade.strength.as_deref()), ("COR 3", Some("harm")));
    assert_eq!((grade.direction, grade.verbatim.as_str()), (Some(Direction::Against), "COR 3: Harm, LOE B-R"));
}

#[test]
fn strength_and_certainty_as_printed() {
    let grade = |code, certainty| Some(("GRADE", code, certainty));
    check(
        "Strong recommendation, moderate- to high-certainty evidence",
        None,
        grade("strong", Some("moderate to high")),
    );
    check("Strength: strong; certainty: low", None, grade("strong", Some("low")));
    check("Do it (strong recommendation ⊕⊕⊕◯).", None, grade("strong", Some("moderate")));
    check("Conditional recommendation with very low certainty evidence.", None, grade("conditional", Some("very low")));
    check("Conditional recommendation based on expert consensus.", None, grade("conditional", None));
    check(
        "Recommendation: Do it. | Strength of recommendation: Strong | Quality: low quality",
        None,
        grade("strong", Some("low")),
    );
    check("Do A (strong recommendation). Do B (weak recommendation).", None, None);
    check(
        "Conditional recommendation for\n\nWe suggest it. [Conditional recommendation, low certainty]",
        None,
        grade("conditional", Some("low")),
    );
    check("Offer it (strong recommendation, low certainty).", Some("USPSTF"), None);
}

#[test]
fn a_direction_printed_with_the_grade_is_read() {
    let direction = |text| read(text, &[], &Scales::default(), None, None).and_then(|grade| grade.direction);
    assert_eq!(direction("Conditional recommendation against"), Some(Direction::Against));
    assert_eq!(direction("We recommend it. (Weak against | Reviewed, Amended)"), Some(Direction::Against));
    assert_eq!(direction("There is no advice. (Neither for nor against | Reviewed)"), Some(Direction::Either));
    assert_eq!(direction("Do it (strong recommendation, low certainty)"), None);
}

#[test]
fn classes_in_the_cells_of_a_row() {
    check("COR: 1 | LOE: B-R | Recommendation: Do it.", None, Some(("ACC/AHA", "COR 1", Some("LOE B-R"))));
    check("COR: 2b | LOE: C-LD | Recommendation: Do it.", None, Some(("ACC/AHA", "COR 2b", Some("LOE C-LD"))));
    check("Recommendation: Do it. | Class: IIa | Level: B", Some("ESC"), Some(("ESC", "Class IIa", Some("LOE B"))));
    check("LOE: A | COR: 1 | Recommendation: Do it.", None, Some(("ACC/AHA", "COR 1", Some("LOE A"))));
    check("Class: I | Level: A", None, None);
}

#[test]
fn letters_of_an_explained_system() {
    let explained = "Rating: A = Strong recommendation for the statement; B = Moderate recommendation for the \
                     statement; C = Optional recommendation for the statement.";
    let read = |text, document| {
        let grade = read(text, &[], &Scales::of(None, document), None, None)?;
        Some((grade.system?, grade.code))
    };
    assert_eq!(read("Start treatment (AI).", explained), Some(("HHS HIV".to_owned(), "AI".to_owned())));
    assert_eq!(read("Start treatment (AI).", ""), None);
    let idsa = "A: good evidence to support a recommendation for use. E: good evidence to support a recommendation \
                against use.";
    assert_eq!(read("Do not use it (E-III).", idsa), Some(("IDSA".to_owned(), "EIII".to_owned())));
    assert_eq!(read("Use it (A-I) or that (B-II).", idsa), None);
}

#[test]
fn acip_and_kdigo() {
    check("Treat to <120 mmHg (2B).", Some("KDIGO"), Some(("KDIGO", "2B", Some("B"))));
    check("Treat to <120 mmHg (2B).", None, None);
    let shared = "ACIP recommends vaccination based on shared clinical decision-making.";
    check(shared, Some("ACIP"), Some(("ACIP", "shared clinical decision-making", None)));
    check("ACIP recommends routine vaccination of infants.", None, Some(("ACIP", "routine", None)));
    check("Vaccinate adults (recommendation category: A).", Some("ACIP"), Some(("ACIP", "category A", None)));
}

#[test]
fn lines_that_are_a_grade_and_nothing_else() {
    for text in [
        "Strong recommendation, moderate- to high-certainty evidence",
        "Conditional recommendation for, low certainty evidence (published May 2025)",
        "(Strong recommendation, very low quality of evidence)",
        "Conditional recommendation with very low certainty evidence (where there was relevant research), or expert \
         consensus (where there was no relevant research).",
        "COR 2a, LOE B-NR",
        "⊕⊕⊕◯",
        "(recommendation category: A, evidence type: 4).",
        "Strength: strong; certainty: low",
        "Good practice statement",
    ] {
        assert!(only(text).is_some(), "{text}");
    }
    for text in
        ["Recommendations", "Recommendation 3", "Strong winds", "WHO recommends rest.", "High blood pressure", "A"]
    {
        assert!(only(text).is_none(), "{text}");
    }
    assert!(closes("Annual foot examination for all. (Strong recommendation, low certainty)"));
    assert!(!closes("Annual foot examination for all (see Table 3)."));
}
