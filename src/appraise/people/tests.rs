use super::*;

fn claim(text: &str) -> People {
    People::of_claim(&Claim::new(text).expect("a claim"))
}

fn passage(words: &str) -> People {
    let population = Population { words: Some(words.to_owned()), ..Population::default() };
    People::of_passage(&About { population: Some(&population), ..About::default() })
}

fn fields(claim: &People, passage: &People) -> Vec<&'static str> {
    mismatches(claim, passage).iter().map(|one| one.field.name()).collect()
}

/// A claim against the population that a passage states.
fn check(text: &str, stated: &str, expected: &[&str]) {
    let (claim, passage) = (claim(text), passage(stated));
    assert_eq!(fields(&claim, &passage), expected, "{text} | {stated}: {claim:?} {passage:?}");
}

#[test]
fn lay_words_for_people_are_read() {
    let age = |text: &str| {
        let people = People::of_claim(&Claim::new(text).expect("a claim"));
        people.words(Field::Age).map(|words| words.text.clone())
    };
    assert_eq!(age("Folks over 60 need a shot.").as_deref(), Some("over 60"));
    assert_eq!(age("Older folks should get the RSV shot.").as_deref(), Some("Older folks"));
}

#[test]
fn ages() {
    check("A 50-year-old man should be screened.", "men aged 65 to 75 years", &["age"]);
    check("A 70-year-old should get it.", "adults aged 65 years or older", &[]);
    check("Everyone over 65 should get it.", "adults aged 65 years or older", &[]);
    check("People over 75 need it.", "adults aged 40 to 75 years", &["age"]);
    check("Adults over 40 need it.", "adults aged 65 to 75 years", &["age"]);
    check("Adults over 50 need it.", "adults aged 50 to 75 years", &[]);
    check("All adults should have it.", "adults aged 65 years or older", &["age"]);
    check("Adults should have it.", "adults aged 65 years or older", &[]);
    check("Teenagers need it.", "adults", &["age"]);
    check("Kids should get it.", "adults aged 18 years or older", &["age"]);
    check("A toddler with croup needs it.", "children", &[]);
    check("Newborns can have honey.", "children aged 1 to 5 years", &["age"]);
    check("A 3-month-old baby may have it.", "children aged 6 to 59 months", &["age"]);
    check("Seniors need it.", "adults aged 18 to 49 years", &["age"]);
    check("Screening starts at 45.", "adults aged 50 to 75 years", &[]);
    check("Use it for 5 years.", "children aged 10 years or older", &[]);
}

#[test]
fn sex_and_pregnancy() {
    check("Men need it.", "women aged 50 to 74 years", &["sex"]);
    check("Expecting mothers should take it.", "pregnant women", &[]);
    check("Nursing mothers should take it.", "pregnant women", &["pregnancy"]);
    check("Nursing mothers may take it.", "pregnant or breastfeeding women", &[]);
    check("Women who are pregnant may take it.", "nonpregnant adults", &["pregnancy"]);
    check("Pregnant women should have it.", "adults", &[]);
    check("It is safe in pregnancy.", "women who are not pregnant", &["pregnancy"]);
    check("Men over 70 should have it.", "pregnant women", &["age", "sex"]);
    check("Condoms prevent pregnancy in women.", "nonpregnant adults", &[]);
    check("Postmenopausal women need it.", "premenopausal women", &["menopause"]);
    check("Women trying to conceive need it.", "pregnant women", &["pregnancy"]);
    check("Women in the first trimester need it.", "women in the third trimester of pregnancy", &["pregnancy"]);
}

#[test]
fn kidney_and_liver() {
    check("People on dialysis need it.", "adults with CKD G3 to G4", &["renal"]);
    check("In CKD stage 3 it is given.", "adults with CKD G3 to G5", &[]);
    check("People on dialysis need it.", "adults with CKD not on dialysis", &["renal"]);
    check("With an eGFR of 25 it is stopped.", "adults with an eGFR of 30 or higher", &["renal"]);
    check("With an eGFR of 25 it is given.", "adults with CKD stage 4", &[]);
    check("With an eGFR of 25 it is given.", "adults with CKD", &[]);
    check("An eGFR below 30 rules it out.", "adults with type 2 diabetes and eGFR of 20 or higher", &[]);
    check("With normal kidney function it is given.", "adults with chronic kidney disease", &["renal"]);
    check("In ESRD it is given.", "people with CKD stage 3", &["renal"]);
    check("In Child-Pugh C cirrhosis it is avoided.", "adults with compensated cirrhosis", &["hepatic"]);
    check("Patients with cirrhosis may take it.", "adults without cirrhosis", &["hepatic"]);
}

#[test]
fn diabetes_and_prevention() {
    check("Type 1 diabetics need it.", "adults with type 2 diabetes", &["diabetes_type"]);
    check("People with diabetes need it.", "adults with type 2 diabetes", &[]);
    check("It prevents type 1 diabetes.", "adults with type 2 diabetes", &[]);
    check("People without diabetes need it.", "adults with type 2 diabetes", &["diabetes_type"]);
    check("After a heart attack aspirin is given.", "adults without cardiovascular disease", &["prevention"]);
    check("Aspirin to prevent a first heart attack.", "adults with established ASCVD", &["prevention"]);
    check("Statins prevent heart attacks.", "adults with established ASCVD", &[]);
    check("People at low risk need a statin.", "adults with a 10-year risk of 10% or more", &["risk_band"]);
    check(
        "A 10-year risk of 5 % needs a statin.",
        "adults with a 10-year cardiovascular risk of 10 % or more",
        &["risk_band"],
    );
    check(
        "A cardiac risk of 5 % over ten years needs a statin.",
        "adults with a 10-year risk of 10% or more",
        &["risk_band"],
    );
    check("It lowers the cardiovascular risk by 5 %.", "adults with a 10-year risk of 10% or more", &[]);
    check("Women at average risk need it.", "women at high risk of breast cancer", &["risk_band"]);
    check("People at low risk of falls need it.", "adults at high risk of bleeding", &[]);
}

#[test]
fn defence_place_symptoms() {
    check("Transplant recipients should have it.", "immunocompetent adults", &["immunocompromise"]);
    check("A healthy 30-year-old needs it.", "immunocompromised adults", &["immunocompromise"]);
    check("People with HIV need it.", "adults without HIV", &["immunocompromise"]);
    check("Patients in the ICU need it.", "adult outpatients", &["setting"]);
    check("A hospitalized patient needs it.", "community-dwelling adults", &["setting"]);
    check("People with symptoms need it.", "asymptomatic adults", &["symptoms"]);
    check("A smoker needs it.", "men who have never smoked", &["smoking"]);
    check("HFpEF patients need it.", "adults with HFrEF", &["heart_failure"]);
}

#[test]
fn several_groups_say_what_they_share() {
    check("A healthy 40-year-old needs it.", "adults aged 65 or older or with diabetes", &[]);
    check("Children need it.", "children and pregnant women", &[]);
    check("Men need it.", "women and men aged 40 to 70 years", &[]);
    check("Toddlers need it.", "infants, toddlers and pregnant women", &[]);
}

#[test]
fn who_is_left_out_is_flagged() {
    let exclusions = ["This guideline does not apply to pregnant women or people on dialysis.".to_owned()];
    let passage =
        People::of_passage(&About { text: "Give adults the drug.", exclusions: &exclusions, ..About::default() });
    assert_eq!(fields(&claim("Pregnant women need it."), &passage), ["pregnancy"]);
    assert_eq!(fields(&claim("Dialysis patients need it."), &passage), ["renal"]);
    assert_eq!(fields(&claim("Women need it."), &passage), [] as [&str; 0]);
    let unless =
        People::of_passage(&About { text: "Offer it to adults unless they are pregnant.", ..About::default() });
    assert_eq!(fields(&claim("It is for pregnant women."), &unless), ["pregnancy"]);
}

#[test]
fn headings_and_scope_are_inherited() {
    let path = ["Guideline".to_owned(), "In children".to_owned()];
    let passage = People::of_passage(&About { text: "Give it twice a day.", path: &path, ..About::default() });
    assert_eq!(fields(&claim("Adults take it twice."), &passage), ["age"]);
    let about = About { text: "Give it.", title: Some("Hypertension in Pregnancy"), ..About::default() };
    assert_eq!(fields(&claim("Men need it."), &People::of_passage(&about)), ["sex"]);
    let about = About { text: "Give it.", scope: Some("nonpregnant adults"), ..About::default() };
    assert_eq!(fields(&claim("Pregnant women need it."), &People::of_passage(&about)), ["pregnancy"]);
}

#[test]
fn the_claim_speaks_first_then_its_context_then_the_person() {
    let ask = |text: &str, context: Option<&str>, patient: Option<Patient>| {
        let claim = Claim::new(text).expect("a claim");
        let claim = match context {
            Some(context) => claim.with_context(context).expect("a context"),
            None => claim,
        };
        People::of_claim(&patient.into_iter().fold(claim, Claim::with_patient))
    };
    let adults = passage("adults aged 40 to 75 years");
    let patient = |age| Some(Patient { age: Some(age), ..Patient::default() });
    assert_eq!(fields(&ask("A statin is needed.", None, patient(30)), &adults), ["age"]);
    assert_eq!(fields(&ask("A statin is needed.", None, patient(50)), &adults), [] as [&str; 0]);
    assert_eq!(fields(&ask("Adults need a statin.", None, patient(30)), &adults), ["age"]);
    assert_eq!(fields(&ask("A statin is needed.", Some("My 80-year-old father asks."), None), &adults), ["age"]);
    assert_eq!(
        fields(&ask("People aged 50 need a statin.", Some("My 80-year-old father asks."), None), &adults),
        [] as [&str; 0]
    );
    let around = Some("Screening begins at age 30. Between 45 and 60 it is an individual decision.");
    assert_eq!(fields(&ask("Between 45 and 60 it is an individual decision.", around, None), &adults), [] as [&str; 0]);
    let next = Some("Statins should start at age 50. All adults aged 18 years or older should be screened.");
    assert_eq!(fields(&ask("Statins should start at age 50.", next, None), &adults), [] as [&str; 0]);
    let conditions = vec!["pregnant".to_owned(), "CKD stage 4".to_owned()];
    let patient = Patient { conditions, sex: Some("female".to_owned()), ..Patient::default() };
    let read = ask("It is safe.", None, Some(patient));
    assert_eq!(fields(&read, &passage("nonpregnant men with CKD stage 2")), ["sex", "pregnancy", "renal"]);
}

#[test]
fn words_and_reasons() {
    let found = mismatches(&claim("Adults over 40 should be screened."), &passage("men aged 65 to 75 years"));
    assert_eq!(found[0].claim.text, "over 40");
    assert_eq!(found[0].evidence.text, "aged 65 to 75 years");
    assert_eq!(
        found[0].reason(),
        "age is wider: the claim says \"over 40\", the passage speaks of \"aged 65 to 75 years\" alone"
    );
}

#[test]
fn a_claims_words_are_not_printed() {
    let read = claim("A 47-year-old woman at high risk of falls on dialysis takes it.");
    let printed = format!("{read:?}");
    assert!(
        !read.is_empty() && !printed.contains("47-") && !printed.contains("falls") && !printed.contains("dialysis"),
        "{printed}"
    );
}

#[test]
fn weeks_organs_and_what_a_risk_is_of() {
    let check = |claim: &str, passage: &str, fields: &[&str]| {
        let about = About { text: passage, ..About::default() };
        let found = mismatches(&People::of_claim(&Claim::new(claim).expect("a claim")), &People::of_passage(&about));
        assert_eq!(found.iter().map(|one| one.field.name()).collect::<Vec<_>>(), fields, "{claim} | {passage}");
    };
    let week = "Before 24 weeks of gestation the evidence on screening pregnant persons is insufficient.";
    check("A woman 26 weeks pregnant is not screened.", week, &["pregnancy"]);
    check("At 16 weeks of gestation nobody knows.", week, &[]);
    check("In the third trimester nobody knows.", week, &["pregnancy"]);
    let scars = "Treat hepatitis B in adults with significant fibrosis (F2 or higher) or cirrhosis.";
    check("Adults with F1 fibrosis are treated.", scars, &["hepatic"]);
    check("Adults with F3 fibrosis are treated.", scars, &[]);
    check("A man whose liver works perfectly well is treated.", scars, &["hepatic"]);
    let average = "Screen women at average risk of breast cancer every year.";
    check("A BRCA1 carrier is screened every year.", average, &["risk_band"]);
    check("Women with Crohn's disease are screened every year.", average, &[]);
    let risk = "In patients at low risk of thromboembolism do not bridge.";
    check("No bridging if the risk of clots is very high.", risk, &["risk_band"]);
    check("No bridging is needed at increased but not high risk of clots.", risk, &["risk_band"]);
    check(
        "HIV-positive adults and children get rifampin.",
        "Give rifampin to HIV-negative adults and children.",
        &["immunocompromise"],
    );
    check("Without alarm signs, heartburn is treated.", "Treat heartburn without alarm symptoms.", &[]);
    check("People without a known HIV status are tested.", "Screen all pregnant persons for HIV infection.", &[]);
}
