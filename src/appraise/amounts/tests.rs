//! Claims against passages, and what is said of their numbers.

use super::*;

fn found(claim: &str, passage: &str) -> Vec<Finding> {
    compare(&Reading::of_passage(claim, &[]), &Reading::of_passage(passage, &[]))
}

/// The flags of a claim against a passage, as `role: claim | passage`.
fn check(claim: &str, passage: &str, expected: &[&str]) {
    let flags: Vec<String> = found(claim, passage)
        .into_iter()
        .filter(Finding::is_flag)
        .map(|flag| format!("{}: {} | {}", flag.role, flag.claim, flag.evidence))
        .collect();
    assert_eq!(flags, expected, "{claim:?} against {passage:?}");
}

/// At least one number agrees and none is flagged.
fn agrees(claim: &str, passage: &str) {
    let found = found(claim, passage);
    let reasons: Vec<String> = found.iter().map(Finding::reason).collect();
    assert!(!found.is_empty() && !found.iter().any(Finding::is_flag), "{claim:?} against {passage:?}: {reasons:?}");
}

fn roles(text: &str, expected: &[(Role, Option<Subject>)]) {
    let reading = Reading::of_passage(text, &[]);
    let found: Vec<_> = reading.amounts().map(|(role, subject, _)| (role, subject)).collect();
    assert_eq!(found, expected, "{text:?}");
}

#[test]
fn how_many_there_are_in_a_year_is_no_interval() {
    let advice = "Start urate-lowering therapy in gout with 2 or more flares per year.";
    check("Urate-lowering therapy is started in gout with two flares a year.", advice, &[]);
    check("Screen every 2 years.", "Screen every year.", &["interval: every 2 years | every year"]);
}

#[test]
fn every_number_has_a_role() {
    roles("Screen adults aged 40 to 70 years every 3 years.", &[(Role::AgeBound, None), (Role::Interval, None)]);
    roles("Screening starts at 50.", &[(Role::AgeBound, None)]);
    roles("Give amoxicillin 500 mg for 7 days.", &[(Role::Dose, None), (Role::Duration, None)]);
    roles("Paracetamol, maximum 4 g.", &[(Role::Ceiling, None)]);
    roles("Take 20 mg twice daily.", &[(Role::Dose, None), (Role::Frequency, None)]);
    roles("The HbA1c goal is below 7%.", &[(Role::Target, Some(Subject::Hba1c))]);
    roles("Diabetes is diagnosed at an A1c of 6.5.", &[(Role::DiagnosticThreshold, Some(Subject::Hba1c))]);
    roles(
        "Start a drug when the systolic pressure is 140 mmHg.",
        &[(Role::TreatmentThreshold, Some(Subject::Systolic))],
    );
    roles("A 10-year risk of 10% or more.", &[(Role::RiskBound, None), (Role::RiskBound, None)]);
    roles("The hazard ratio 0.8 was seen.", &[(Role::Statistic, None)]);
    roles("A history of 20 pack-years.", &[(Role::PackYears, None)]);
    roles("An eGFR below 60 mL/min/1.73 m2.", &[(Role::KidneyFunction, Some(Subject::FiltrationRate))]);
    roles("A BMI of 30 kg/m2.", &[(Role::BodyMeasure, Some(Subject::BodyMassIndex))]);
    roles("Give two doses.", &[(Role::Count, None)]);
}

#[test]
fn the_same_amount_agrees_however_it_is_written() {
    agrees(
        "Diabetes is diagnosed at an A1c of 6.5.",
        "An HbA1c of 6.5% or higher (48 mmol/mol) is diagnostic of diabetes.",
    );
    agrees(
        "Diabetes is diagnosed at an HbA1c of 48 mmol/mol.",
        "An HbA1c of 6.5% or higher is diagnostic of diabetes.",
    );
    agrees(
        "Diagnose diabetes at a fasting glucose of 7.0 mmol/L.",
        "Diagnose diabetes at a fasting glucose of 126 mg/dL.",
    );
    agrees("Amoxicillin 1,000 mg daily in two doses.", "Amoxicillin 500 mg twice daily.");
    agrees("Screen women biennially from 40 to 74.", "Screen women aged 40 to 74 years every 2 years.");
    agrees("Treat for four weeks.", "Treat for 28 days.");
    agrees("Treat for three months.", "Treat for 12 weeks.");
    agrees("Give 0.1 mg of levothyroxine.", "Give levothyroxine 100 µg.");
    agrees("A fever of 102.2 °F is severe.", "A fever of 39 °C is severe.");
    agrees("Aspirin 81 mg daily", "Take aspirin 75 to 100 mg daily.");
    agrees(
        "A DEXA scan is recommended for women over 65.",
        "A DEXA scan is recommended for women aged 65 years or older.",
    );
}

#[test]
fn what_differs_is_flagged_with_both_words() {
    check(
        "The blood pressure goal in hypertension is below 140/90 mm Hg.",
        "In hypertension the blood pressure goal is below 130/80 mm Hg.",
        &["target: below 140/90 mm Hg | below 130/80 mm Hg"],
    );
    check("Give amoxicillin 500 mg daily.", "Give amoxicillin 250 mg daily.", &["dose: 500 mg | 250 mg"]);
    check("Screen adults 65 or older.", "Screen adults younger than 65.", &["age: 65 or older | younger than 65"]);
    check(
        "Screen adults older than 65.",
        "Screen adults aged 65 or older.",
        &["age: older than 65 | aged 65 or older"],
    );
    check(
        "Colonoscopy is repeated every 5 years.",
        "Colonoscopy is repeated every 10 years.",
        &["interval: every 5 years | every 10 years"],
    );
}

#[test]
fn a_wrong_unit_is_named_as_one() {
    for (claim, passage) in [
        ("Give levothyroxine 100 mg.", "Give levothyroxine 100 mcg."),
        ("Take methotrexate 15 mg daily.", "Take methotrexate 15 mg weekly."),
        ("The glucose goal is below 7 mg/dL.", "The glucose goal is below 7 mmol/L."),
        ("Give ceftriaxone 50 mg once.", "Give ceftriaxone 50 mg/kg once."),
    ] {
        let found = found(claim, passage);
        assert!(found.iter().any(|finding| finding.outcome == Outcome::UnitMismatch), "{claim} against {passage}");
    }
}

#[test]
fn numbers_of_other_roles_and_scopes_are_not_compared() {
    check("Give amoxicillin 500 mg.", "Give amoxicillin, maximum 3 g.", &[]);
    check("Treat the infection for 7 days.", "Treat the infection in adults aged 18 years or older.", &[]);
    check("The blood pressure goal is below 130 mmHg.", "Start drugs at a blood pressure of 140 mmHg or more.", &[]);
    check("The LDL cholesterol goal is below 70 mg/dL.", "The HDL cholesterol goal is above 40 mg/dL.", &[]);
    check(
        "Aspirin lowers the risk in adults over 40.",
        "The trial found a hazard ratio of 0.8 (95% CI 0.7 to 0.9).",
        &[],
    );
    check(
        "Adults 75 and older should receive one dose of RSV vaccine.",
        "Adults aged 50 to 59 years at increased risk of severe disease may receive a single dose of RSV vaccine.",
        &[],
    );
    check("Stop SGLT2 inhibitors three days before surgery.", "Stop clopidogrel 5 days before surgery.", &[]);
}

#[test]
fn doses_that_are_exchanged_are_seen() {
    let passage = "Give isoniazid 5 mg/kg, maximum 300 mg, plus rifampin 10 mg/kg, maximum 600 mg.";
    agrees(passage, passage);
    let flags = found("Give isoniazid 10 mg/kg, maximum 300 mg, plus rifampin 5 mg/kg, maximum 600 mg.", passage);
    assert_eq!(flags.iter().filter(|finding| finding.is_flag()).count(), 2);
}

#[test]
fn reasons_are_plain_and_nothing_prints_a_claim() {
    let found = found("Give amoxicillin 500 mg daily.", "Give amoxicillin 250 mg daily.");
    assert_eq!(found[0].reason(), "dose differs: claim 500 mg; passage 250 mg");
    assert!(!format!("{found:?} {:?}", Reading::of_passage("Mrs Smith, 500 mg", &[])).contains("500 mg"));
}

#[test]
fn comparing_is_bounded() {
    let endless = "Give 5 mg to adults aged 40 to 70 years every 2 days. ".repeat(2_000);
    let reading = Reading::of_passage(&endless, &["Doses"]);
    let started = std::time::Instant::now();
    compare(&reading, &reading);
    assert!(started.elapsed().as_secs() < 2);
    assert!(compare(&Reading::of_passage("", &[]), &reading).is_empty());
}

#[test]
fn a_number_in_other_words_is_doubted_and_not_flagged() {
    let doubted = |claim: &str, passage: &str| {
        let doubt = doubt(&Reading::of_passage(claim, &[]), &Reading::of_passage(passage, &[]));
        doubt.map(|doubt| (doubt.finding.claim, doubt.finding.evidence))
    };
    let check = |claim: &str, passage: &str, expected: Option<(&str, &str)>| {
        let expected = expected.map(|(one, other)| (one.to_owned(), other.to_owned()));
        assert_eq!(doubted(claim, passage), expected, "{claim:?} against {passage:?}");
        assert!(!found(claim, passage).iter().any(Finding::is_flag), "{claim:?} against {passage:?}");
    };
    check(
        "Adults may eat up to 10 grams of salt a day.",
        "Limit salt to less than 5 g per day and use iodized salt.",
        Some(("up to 10 grams", "less than 5 g per day")),
    );
    check(
        "Screening for colon cancer starts at 45 in people at average risk.",
        "Start colorectal cancer screening in asymptomatic average-risk adults at age 50 years.",
        Some(("starts at 45", "age 50 years")),
    );
    check("Screening starts at 45.", "Screen adults aged 45 to 49 years.", None);
    check("Take 5 mg a day.", "Its half-life is 5 hours.", None);
    check("Drink water.", "Take 5 mg a day.", None);
}
