use super::*;

#[test]
fn ages_are_read_or_left_alone() {
    let cases: [(&str, Option<Ages>); 8] = [
        ("40 to 70", Some((Some(40), Some(70)))),
        ("45–75 years", Some((Some(45), Some(75)))),
        ("65 or older", Some((Some(65), None))),
        ("over 75", Some((Some(76), None))),
        ("under 18 years", Some((None, Some(17)))),
        ("75 or younger", Some((None, Some(75)))),
        ("70 to 40", None),
        ("adults", None),
    ];
    for (text, expected) in cases {
        assert_eq!(ages(text), expected, "{text}");
    }
}

fn check(text: &str, age: Option<Ages>, sex: Option<&str>, conditions: &[&str]) {
    let found = in_words(text).unwrap_or_default();
    let conditions: Vec<String> = conditions.iter().map(|one| (*one).to_owned()).collect();
    assert_eq!((found.age, found.sex.as_deref(), found.conditions), (age, sex, conditions), "{text}");
}

#[test]
fn populations_in_the_words_of_a_statement() {
    check("We recommend screening adults aged 40 to 75 years.", Some((Some(40), Some(75))), None, &[]);
    check("Give one dose to persons aged ≥65 years.", Some((Some(65), None)), None, &[]);
    check("Vaccinate children 6 months through 17 years.", Some((Some(0), Some(17))), None, &[]);
    check("Statins should be offered to adults over 75.", Some((Some(76), None)), None, &[]);
    check("Screen women aged 50–74 years every 2 years.", Some((Some(50), Some(74))), Some("female"), &[]);
    check("Offer folic acid to pregnant women.", None, Some("female"), &["pregnant"]);
    check("Offer one-time screening to men aged 65 to 75 who smoked.", Some((Some(65), Some(75))), Some("male"), &[]);
    check("Children younger than 5 years should be referred.", Some((None, Some(4))), None, &[]);
    check("Adults 60 years or older should be vaccinated.", Some((Some(60), None)), None, &[]);
}

#[test]
fn what_cannot_be_told_apart_is_left_alone() {
    check("Screen men aged 50 to 70 and women aged 60 to 75 years.", None, None, &[]);
    check("Give it to adults, except pregnant women.", None, None, &[]);
    check("Offer it to pregnant or breastfeeding women.", None, Some("female"), &[]);
    check("Screen adults aged 40 to 75 years but not those aged ≥76 years.", None, None, &[]);
    check("Give 500 mg for 10 to 14 days.", None, None, &[]);
    check("Screening should be repeated every 3 years in non-pregnant adults.", None, None, &[]);
    check("Give the drug to adults aged 18 to 45 years who are not pregnant.", None, None, &[]);
    check("Use a dose of 5 to 10 mg in smokers of 20 pack-years or more.", None, None, &[]);
}
