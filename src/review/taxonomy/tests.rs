use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use super::*;

/// The codes of the outside contract, section 6.
const CODES: &str = "FACT_WRONG FABRICATED CITATION_MISMATCH OUTDATED WRONG_POPULATION WRONG_DOSE WRONG_UNIT \
    WRONG_ROUTE_OR_FREQUENCY WRONG_THRESHOLD MISSED_CONTRAINDICATION OMISSION_CRITICAL OMISSION_MINOR OVERGENERALISED \
    CERTAINTY_INFLATED NEGATED CAUSAL_UNSUPPORTED WRONG_JURISDICTION UNSAFE_ADVICE";

#[test]
fn our_own_holds_what_the_contract_names() {
    let own = Taxonomy::embedded();
    assert_eq!((own.id.as_str(), own.rubric.id.as_str()), ("groundline/1", "groundline-answer/1"));
    let codes: BTreeSet<&str> = own.errors.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes, CODES.split(' ').collect());
    assert_eq!(own.verdicts.iter().map(|one| one.name).collect::<Vec<_>>(), Verdict::ALL);
    assert_eq!(own.verdicts.iter().map(|one| one.key.as_str()).collect::<String>(), "12345");
    assert!(["none", "mild", "moderate", "severe", "death"].iter().all(|name| own.has_extent(name)));
    assert!(["low", "medium", "high"].iter().all(|name| own.has_likelihood(name)));
    assert!(own.rubric.items.iter().all(|item| item.scale.len() == 5));
    assert!(own.guide.len() >= 5);
    assert!(own.guide.iter().all(|section| !section.text.contains('\n') && !section.text.contains("  ")));
}

#[test]
fn its_json_is_the_answer_of_the_api() {
    let json = serde_json::to_value(&*Taxonomy::embedded()).expect("JSON");
    assert_eq!(json["verdicts"][1]["name"], "contradicted");
    assert_eq!(
        json["severities"][2],
        json!({"name": "critical", "label": "Critical", "meaning": "A patient could come to harm."})
    );
    assert_eq!(json["harm"]["extent"][0], json!({"name": "none", "label": "No harm"}));
    assert_eq!(json["rubric"]["items"][0]["scale"][0], json!({"value": 1, "label": "Wrong in what matters"}));
    let keys = |value: &Value| value.as_object().map(|one| one.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    assert_eq!(keys(&json), ["id", "verdicts", "errors", "severities", "harm", "rubric", "guide"]);
    assert_eq!(keys(&json["errors"][0]), ["code", "label", "meaning", "group", "example"]);
    assert_eq!(keys(&json["guide"][0]), ["title", "text"]);
}

/// Reads a folder with these files.
fn read(files: &[(&str, &str)]) -> Result<Taxonomy, Vec<String>> {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    Taxonomy::read(folder.path()).map_err(|error| match error {
        Error::Wrong(faults) => {
            let name = |fault: &Fault| fault.path.file_name().map(|name| name.to_string_lossy().into_owned());
            let told = |fault: &Fault| {
                format!("{}:{}: {}", name(fault).unwrap_or_default(), fault.line.unwrap_or(0), fault.message)
            };
            faults.iter().map(told).collect()
        }
        Error::Nothing(_) => vec!["nothing".to_owned()],
        Error::Unreadable { .. } => vec!["unreadable".to_owned()],
    })
}

#[test]
fn a_folder_replaces_what_it_holds_and_keeps_the_rest() {
    let guide = "kind = \"guide\"\n[[sections]]\ntitle = \"Ours\"\ntext = \"Ask Ann.\"\n";
    let kept = read(&[("guide.toml", guide), ("notes.txt", "not read")]).expect("a taxonomy");
    assert_eq!(kept.guide, vec![Section { title: "Ours".to_owned(), text: "Ask Ann.".to_owned() }]);
    assert_eq!(kept.errors, Taxonomy::embedded().errors);
    let own = OWN[0].1.replace("groundline/1", "team/2").replace("WRONG_DOSE", "DOSE_WRONG");
    let changed = read(&[("t.toml", &own)]).expect("a taxonomy");
    assert_eq!(changed.id, "team/2");
    assert!(changed.error("DOSE_WRONG").is_some() && changed.error("WRONG_DOSE").is_none());
}

#[test]
fn faults_are_told_with_their_lines() {
    let check = |text: &str, expected: &str| {
        let faults = read(&[("t.toml", text)]).expect_err("a fault");
        assert!(faults.iter().any(|fault| fault == expected), "{expected:?} is not in {faults:#?}");
    };
    let own = OWN[0].1;
    let line = |words: &str| own.lines().position(|one| one.contains(words)).map_or(0, |at| at + 1);
    check("kind = ", "t.toml:1: string values must be quoted, expected literal string");
    check("id = \"a/1\"", "t.toml:1: there is no `kind`: say kind = \"taxonomy\", \"rubric\" or \"guide\"");
    check("\nkind = \"list\"", "t.toml:2: `list` is no kind: taxonomy, rubric or guide");
    check("kind = \"guide\"", "t.toml:1: a guide has 1 to 40 sections");
    check(
        &own.replace("groundline/1", "Ours"),
        &format!("t.toml:{}: `Ours` is no id: name/version, of a to z, 0 to 9, - and .", line("id = ")),
    );
    let at = line("name = \"partly\"");
    check(&own.replace("\"partly\"", "\"maybe\""), &format!("t.toml:{at}: `maybe` is none of the five verdicts"));
    check(&own.replace("\"partly\"", "\"maybe\""), &format!("t.toml:{}: verdict `partly` is missing", line("id = ")));
    let at = line("\"WRONG_UNIT\"");
    check(&own.replace("WRONG_UNIT", "WRONG_DOSE"), &format!("t.toml:{at}: code `WRONG_DOSE` stands here twice"));
    check(
        &own.replace("WRONG_UNIT", "unit"),
        &format!("t.toml:{at}: `unit` is no code: A to Z, 0 to 9 and _, at most 40"),
    );
    check(
        &own.replace("label = \"Outdated\"", "label = \" \""),
        &format!("t.toml:{}: the text is empty", line("label = \"Outdated\"")),
    );
    check(
        &own.replace("key = \"2\"", "key = \"1\""),
        &format!("t.toml:{}: key `1` stands here twice", line("key = \"2\"")),
    );
    let rubric =
        "kind = \"rubric\"\nid = \"a/1\"\n[[items]]\nid = \"x\"\nlabel = \"X\"\nquestion = \"X?\"\nscale = [\"one\"]\n";
    check(rubric, "t.toml:7: a scale has 2 to 10 points");
    let unknown = "kind = \"rubric\"\nid = \"a/1\"\nweight = 3\n";
    let faults = read(&[("t.toml", unknown)]).expect_err("a fault");
    assert!(faults[0].starts_with("t.toml:3: unknown field `weight`"), "{faults:?}");
}

#[test]
fn a_folder_is_bounded_and_named_when_it_cannot_be_read() {
    assert_eq!(read(&[]), Err(vec!["nothing".to_owned()]));
    let folder = tempfile::tempdir().expect("a folder");
    assert!(matches!(Taxonomy::read(&folder.path().join("none")), Err(Error::Unreadable { .. })));
    let guide = "kind = \"guide\"\n[[sections]]\ntitle = \"T\"\ntext = \"T\"\n";
    let twice = read(&[("a.toml", guide), ("b.toml", guide)]);
    assert_eq!(twice, Err(vec!["b.toml:1: another file is a guide already".to_owned()]));
    let long = "#".repeat(300_000);
    assert_eq!(read(&[("a.toml", &long)]), Err(vec!["a.toml:0: the file has more than 262144 bytes".to_owned()]));
}
