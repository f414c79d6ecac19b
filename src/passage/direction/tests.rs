use super::*;

const FOR: Option<Direction> = Some(Direction::For);
const AGAINST: Option<Direction> = Some(Direction::Against);

#[test]
fn a_word_turns_a_statement_round() {
    // Pairs that differ by what negates, limits or doubles.
    let pairs: [(&str, Option<Direction>, &str, Option<Direction>); 66] = [
        ("Aspirin should be used in adults.", FOR, "Aspirin should not be used in adults.", AGAINST),
        ("Aspirin must be given at once.", FOR, "Aspirin must not be given at once.", AGAINST),
        ("Statins are recommended in adults over 40.", FOR, "Statins are not recommended in adults over 40.", AGAINST),
        ("Statins are recommended in adults.", FOR, "Statins are no longer recommended in adults.", AGAINST),
        ("We recommend screening for lung cancer.", FOR, "We recommend against screening for lung cancer.", AGAINST),
        ("We suggest the use of corticosteroids.", FOR, "We suggest against the use of corticosteroids.", AGAINST),
        ("WHO suggests using corticosteroids.", FOR, "WHO suggests not using corticosteroids.", AGAINST),
        ("Give antibiotics to the child.", FOR, "Do not give antibiotics to the child.", AGAINST),
        ("Give antibiotics to the child.", FOR, "Never give antibiotics to the child.", AGAINST),
        ("Offer thromboprophylaxis to all women.", FOR, "Do not offer thromboprophylaxis to all women.", AGAINST),
        ("Use nifedipine in pregnancy.", FOR, "Avoid nifedipine in pregnancy.", AGAINST),
        ("Clinicians should use opioids for pain.", FOR, "Clinicians should avoid opioids for pain.", AGAINST),
        ("Metformin is recommended in heart failure.", FOR, "Metformin is contraindicated in heart failure.", AGAINST),
        ("Live vaccines are contraindicated here.", AGAINST, "Live vaccines are not contraindicated here.", None),
        ("Live vaccines are contraindicated here.", AGAINST, "Live vaccines are no longer contraindicated.", None),
        ("Clinicians should avoid opioids.", AGAINST, "Clinicians should not avoid opioids.", None),
        ("Avoid antibiotics for a cold.", AGAINST, "Avoid delaying antibiotics for sepsis.", None),
        ("Treatment should be delayed by a week.", FOR, "Treatment should not be delayed by a week.", None),
        ("Do not give fluids by mouth.", AGAINST, "Do not withhold fluids by mouth.", None),
        ("Vaccination should be given today.", FOR, "Vaccination should not be postponed today.", None),
        ("Breastfeeding should be encouraged.", FOR, "Breastfeeding should not be discouraged.", None),
        ("Do not use beta-blockers in shock.", AGAINST, "Do not stop beta-blockers abruptly.", None),
        ("Do not use the drug.", AGAINST, "Do not discontinue the drug abruptly.", None),
        ("Do not use the drug.", AGAINST, "Discontinue the drug at once.", AGAINST),
        ("ACE inhibitors should be started early.", FOR, "ACE inhibitors should be discontinued early.", AGAINST),
        ("Aspirin should be used in adults over 70.", FOR, "Aspirin should rarely be used in adults.", AGAINST),
        ("Aspirin should be used at any age.", FOR, "Aspirin should never be used at any age.", AGAINST),
        ("Give the drug to all adults.", FOR, "Give the drug to all adults except in pregnancy.", FOR),
        ("Do not give the drug.", AGAINST, "Do not give the drug except in emergencies.", AGAINST),
        ("The drug should be used in adults.", FOR, "The drug should be used unless contraindicated.", FOR),
        ("The drug should not be used.", AGAINST, "The drug should not be used unless others fail.", AGAINST),
        ("The drug should be used in pregnancy.", FOR, "The drug should be used only if clearly needed.", FOR),
        ("Offer the test to all adults.", FOR, "The test should only be offered to adults.", FOR),
        ("The test should be repeated.", FOR, "The test should not be repeated until day 7.", None),
        ("Women should take folic acid daily.", FOR, "Women should take folic acid to avoid defects.", FOR),
        ("Treat patients with fever.", FOR, "Treat patients who do not have fever.", FOR),
        ("Refer children who can drink.", FOR, "Refer children who cannot drink.", FOR),
        ("Refer if the fever settles in a day.", FOR, "Refer if the fever does not settle in a day.", FOR),
        ("Use a statin when it is tolerated.", FOR, "Use ezetimibe when a statin is not tolerated.", FOR),
        ("Check glucose at bedtime.", FOR, "Do not check glucose at bedtime.", AGAINST),
        ("Screening is advised at age 45.", FOR, "Screening is not advised at age 45.", AGAINST),
        ("Surgery is preferred for large cysts.", FOR, "Surgery is not preferred for large cysts.", AGAINST),
        ("Codeine is indicated for pain in adults.", FOR, "Codeine is not indicated for pain in adults.", AGAINST),
        ("Do offer the vaccine to adults.", None, "Don't offer the vaccine to adults.", AGAINST),
        ("Nurses should administer the dose.", FOR, "Nurses should no longer administer the dose.", AGAINST),
        ("We advise routine screening of adults.", FOR, "We do not recommend routine screening of adults.", AGAINST),
        (
            "The USPSTF recommends that women be screened.",
            FOR,
            "The USPSTF recommends that women not be screened.",
            AGAINST,
        ),
        ("Opioids must be avoided in this group.", AGAINST, "Opioids must be tapered in this group.", FOR),
        (
            "Antibiotics are to be avoided in viral colds.",
            AGAINST,
            "Antibiotics are to be given in bacterial colds.",
            FOR,
        ),
        ("Patients should stay at home.", FOR, "Patients should stay at home and others should avoid visits.", None),
        (
            "Warfarin is recommended for valves.",
            FOR,
            "Warfarin is recommended for valves; others are contraindicated.",
            None,
        ),
        ("Keep the wound clean.", FOR, "Keep the wound clean; do not suture it.", None),
        ("WHO recommends paracetamol.", FOR, "WHO recommends paracetamol. WHO recommends against ibuprofen.", None),
        ("Consider aspirin in adults at risk.", FOR, "Do not consider aspirin in adults at risk.", AGAINST),
        ("Clinicians should consider naloxone.", FOR, "Clinicians should not consider naloxone.", AGAINST),
        (
            "The evidence is sufficient to recommend screening of all adults.",
            None,
            "The evidence is insufficient to recommend screening of all adults.",
            Some(Direction::Insufficient),
        ),
        (
            "We recommend for this vaccine.",
            FOR,
            "We recommend neither for nor against this vaccine.",
            Some(Direction::Either),
        ),
        (
            "ACIP recommends routine vaccination.",
            FOR,
            "ACIP recommends vaccination based on shared clinical decision-making.",
            Some(Direction::Either),
        ),
        ("Stop any bleeding with pressure.", None, "Do not stop any bleeding with pressure.", None),
        ("Bed rest is suggested for 2 days.", FOR, "Bed rest is not routinely recommended for 2 days.", AGAINST),
        ("Routinely treat with antibiotics.", FOR, "Do NOT routinely treat with antibiotics.", AGAINST),
        ("Patients are contraindicated for MRI.", AGAINST, "Give it where MRI is contraindicated.", FOR),
        ("Clinicians should dismiss the alarm.", FOR, "Clinicians should not dismiss patients from care.", AGAINST),
        ("Take the tablets with food.", FOR, "Take the tablets without food.", FOR),
        ("We recommend using dopamine in shock.", FOR, "We recommend avoiding dopamine in shock.", AGAINST),
        (
            "Tests should be done, but only where this does not delay treatment.",
            FOR,
            "Tests should not be done before treatment.",
            None,
        ),
    ];
    let said = pairs.into_iter().flat_map(|(one, expected, other, turned)| [(one, expected), (other, turned)]);
    let wrong: Vec<_> = said
        .map(|(text, expected)| (text, expected, of(text, &Setting::default())))
        .filter(|(_, expected, found)| expected != found)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn clauses_and_limits_are_not_the_statement() {
    let check = |text: &str, expected| assert_eq!(of(text, &Setting::default()), expected, "{text}");
    check("Drugs such as ibuprofen are not recommended in dengue.", AGAINST);
    check("Patients who have been treated for this injury should not use e-cigarettes.", AGAINST);
    check("Persons who do not currently smoke should not start using e-cigarettes.", AGAINST);
    check("If the response is good: do not repeat urine testing.", AGAINST);
    check("The use of this agent in children cannot be recommended.", AGAINST);
    check("Although it is not specifically recommended for staff, staff should receive the vaccine.", FOR);
    check("Two agents are recommended; however, controlled studies are not available.", FOR);
    check("The programme should include (but not be limited to) these components.", FOR);
    check("Long-acting opioids should be reserved for severe pain and considered only for adults.", FOR);
    check("If the child does not drink adequately, refer to hospital.", FOR);
    check("If the level does not fall by 6 weeks, refer to a specialist.", FOR);
    check("Discontinue the drug if sepsis develops.", FOR);
    check("WHO suggests that persons with mild illness are not required to isolate.", FOR);
    check("Consider treatment in patients in whom a full course cannot be confirmed.", FOR);
    check("Offer tapering when risks (including those of avoiding it) outweigh benefits.", FOR);
    check("Refer urgently if:\n\nthe child should not be moved", FOR);
    check("WHO recommends the use of this antibody only in research settings.", Some(Direction::Insufficient));
    check("Recommendation 2. In adults, surgery is suggested. The drug should not be given before it.", FOR);
    check("In most cases, no specific treatment is recommended for hepatitis.", None);
    // Who is refused, and who is limited: both ways.
    check("Note that the drug is not recommended in pregnancy and should only be used in adults.", None);
    check("Drugs that are sedating are not recommended and others should be used.", None);
}

#[test]
fn headings_and_introductions_lend_their_polarity() {
    let under = |heading: &str, lead: Option<&str>, text: &str| {
        let path = [heading.to_owned()];
        of(text, &Setting { path: &path, lead, publisher: None })
    };
    assert_eq!(under("Do not", None, "Give cough syrup to infants"), AGAINST);
    assert_eq!(under("Contraindications", None, "Severe allergy to a component"), AGAINST);
    assert_eq!(under("Treatment", Some("Patients should not:"), "drive for 24 hours"), AGAINST);
    assert_eq!(under("Treatment", Some("Avoid the following:"), "raw milk"), AGAINST);
    assert_eq!(under("Treatment", Some("Patients should:"), "Drink enough water"), FOR);
    assert_eq!(under("Do not", None, "Do not share needles"), AGAINST);
    // Two negations, and advice that speaks for itself: nobody's guess.
    assert_eq!(under("Avoid", None, "Leaving the house without a mask"), None);
    assert_eq!(under("Contraindications", None, "Statins should be used with care"), None);
    assert_eq!(under("What not to avoid?", None, "Give oxygen."), FOR);
}

#[test]
fn column_heads_lend_their_polarity_to_their_cells() {
    let row = |text| of_row(text, &Setting::default());
    assert_eq!(row("Food: Honey | Do not: Give before 12 months"), AGAINST);
    assert_eq!(row("Vaccine: Zoster | Contraindications: Severe immunodeficiency"), AGAINST);
    assert_eq!(row("Do: Give water | Do not: Give juice"), None);
    assert_eq!(row("Do: Give water | Do not: —"), FOR);
    assert_eq!(row("COR: 1 | LOE: A | Recommendation: Statins are recommended in adults."), FOR);
}

#[test]
fn modality_is_the_verb_s() {
    let read = |text: &str| modality(text, of(text, &Setting::default()));
    assert_eq!(read("Aspirin must be given at once."), Some(Modality::Must));
    assert_eq!(read("Aspirin should be given at once."), Some(Modality::Should));
    assert_eq!(read("Offer aspirin to adults."), Some(Modality::Should));
    assert_eq!(read("Consider aspirin in adults."), Some(Modality::May));
    assert_eq!(read("Aspirin may be considered in adults."), Some(Modality::May));
    assert_eq!(read("Do not offer aspirin to adults."), Some(Modality::ShouldNot));
    assert_eq!(read("Aspirin must not be given."), Some(Modality::MustNot));
    assert_eq!(read("Aspirin is contraindicated in children."), Some(Modality::MustNot));
    // "Suggests" is weaker than "should" and stronger than "may": the grade says how strong it is.
    assert_eq!(read("WHO suggests aspirin in adults."), None);
}
