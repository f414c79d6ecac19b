//! What a claim expands to, over a small table of its own: the embedded rows may change, the rules may not.

use std::io::Cursor;
use std::path::Path;

use super::*;

/// Rows for the rules; the names are real, the table is small.
const ABBREVIATIONS: &str = "short\tlong\tcontext\tuse\tsource
ALL\tacute lymphoblastic leukemia\tleukemia|blast|chemotherap\tcontext\tlocal
C. diff\tClostridioides difficile\t\tcommon\tlocal
Ca\tcalcium\tserum|bone|vitamin\tcontext\tlocal
CA\tcarcinoma\ttumor|cancer\tcontext\tlocal
COPD\tchronic obstructive pulmonary disease\t\tcommon\tlocal
GA\tgeographic atrophy\t\tcommon\tlocal
GLP-1 RA\tglucagon-like peptide-1 receptor agonist\t\tcommon\tlocal
MI\tmitral insufficiency\tmurmur|valve|regurgit\tcontext\tlocal
MI\tmyocardial infarction\taspirin|statin|troponin|coronary\tcommon\tlocal
MS\tmitral stenosis\tvalve|murmur\tcontext\tlocal
MS\tmorphine sulfate\topioid|pain|dose\tcontext\tlocal
MS\tmultiple sclerosis\trelaps|lesion|interferon\tcommon\tlocal
NSAID\tnonsteroidal anti-inflammatory drug\t\tcommon\tlocal
PE\tphysical examination\tfinding|inspection\tcontext\tlocal
PE\tpulmonary embolism\tclot|anticoag|dvt|embol|ct\tcontext\tlocal
RA\trefractory anemia\tmyelodysplas|marrow\tcontext\tlocal
RA\trheumatoid arthritis\tjoint|methotrexate|arthrit|rheumat\tcontext\tlocal
RA\tright atrium\techo|ventric|atri\tcontext\tlocal
";
const DRUGS: &str = "name\trelation\ttarget\tregion\tsource
Benadryl\tbrand_of\tacrivastine\tUK\tlocal
Benadryl\tbrand_of\tdiphenhydramine\tUS|CA\tlocal
Caduet\tbrand_of\tamlodipine + atorvastatin\t\tlocal
Excedrin\tbrand_of\tacetaminophen + aspirin + caffeine\tUS\tlocal
Excedrin\tbrand_of\tacetaminophen + caffeine\tUS\tlocal
Lipitor\tbrand_of\tatorvastatin\t\tlocal
Panadol\tbrand_of\tacetaminophen\tUK|AU\tlocal
Tylenol\tbrand_of\tacetaminophen\tUS|CA\tlocal
amoxycillin\tsame_as\tamoxicillin\t\tlocal
apap\tsame_as\tacetaminophen\t\tlocal
atorvastatin\tmember_of\tstatin\t\tlocal
hmg-coa reductase inhibitor\tclass_same_as\tstatin\t\tlocal
paracetamol\tsame_as\tacetaminophen\t\tlocal
water pill\tclass_same_as\tdiuretic\t\tlocal
";
const LAY: &str = "lay\tclinical\tcontext\tsource
blood pressure\tarterial pressure\t\tlocal
cold\tcommon cold|upper respiratory infection\tcough|virus|runny|antibiotic|sneez|catch\tlocal
heart attack\tmyocardial infarction\t\tlocal
high blood pressure\thypertension\t\tlocal
mini-stroke\ttransient ischemic attack\t\tlocal
swelling\tedema\t\tlocal
throw up\tvomiting|emesis\t\tlocal
";

fn lexicon() -> Lexicon {
    let mut rows = Vec::new();
    for (file, text) in [ABBREVIATIONS, DRUGS, LAY].into_iter().enumerate() {
        let parsed = tsv::read(text, file);
        assert_eq!(parsed.faults, []);
        rows.extend(parsed.rows);
    }
    Lexicon { rows: OnceLock::from(rows), ..Lexicon::with(Vec::new()) }
}

/// `surface>words weight` of each expansion.
fn told(lexicon: &Lexicon, claim: &str, context: Option<&str>) -> Vec<String> {
    let found = lexicon.expand(claim, context);
    for one in &found {
        assert_eq!(claim.get(one.from.clone()), Some(one.surface.as_str()));
        assert!(!one.terms.is_empty() && one.weight > 0.0 && one.weight < 1.0, "{one:?}");
    }
    found.iter().map(|one| format!("{}>{} {}", one.surface, one.to, one.weight)).collect()
}

fn check(claim: &str, expected: &[&str]) {
    assert_eq!(told(&lexicon(), claim, None), expected, "{claim:?}");
}

fn check_in(claim: &str, context: &str, expected: &[&str]) {
    assert_eq!(told(&lexicon(), claim, Some(context)), expected, "{claim:?} in {context:?}");
}

#[test]
fn an_abbreviation_with_one_sense_is_written_out() {
    check("COPD", &["COPD>chronic obstructive pulmonary disease 0.8"]);
    check("is copd curable", &["copd>chronic obstructive pulmonary disease 0.8"]);
    check("avoid NSAIDs", &["NSAIDs>nonsteroidal anti-inflammatory drug 0.8"]);
    check("avoid nsaids", &["nsaids>nonsteroidal anti-inflammatory drug 0.8"]);
    check("C. diff is treated", &["C. diff>Clostridioides difficile 0.8"]);
    check("c.diff is treated", &["c.diff>Clostridioides difficile 0.8"]);
    check("a GLP-1 RA helps", &["GLP-1 RA>glucagon-like peptide-1 receptor agonist 0.8"]);
    check("GLP1 RAs help", &["GLP1 RAs>glucagon-like peptide-1 receptor agonist 0.8"]);
    check("gas in the bowel", &[]);
    check("a co-pd", &[]);
}

#[test]
fn words_find_their_abbreviation_and_their_lay_name() {
    check("myocardial infarctions", &["myocardial infarctions>heart attack 0.35", "myocardial infarctions>MI 0.3"]);
    check("nonsteroidal antiinflammatory drugs", &["nonsteroidal antiinflammatory drugs>NSAID 0.5"]);
    // Without case, "ALL" would be "all".
    check("acute lymphoblastic leukemia", &[]);
}

#[test]
fn a_sense_is_chosen_by_what_stands_around() {
    check("a MI", &["MI>myocardial infarction 0.7"]);
    check("aspirin after MI", &["MI>myocardial infarction 0.8"]);
    check("MI with a loud murmur", &["MI>mitral insufficiency 0.8"]);
    check_in("MI is common", "The valve was regurgitant.", &["MI>mitral insufficiency 0.8"]);
    check("MS relapses", &["MS>multiple sclerosis 0.8"]);
    check("MS for severe pain", &["MS>morphine sulfate 0.8"]);
    check("MS and its murmur", &["MS>mitral stenosis 0.8"]);
    check("MS is frequent", &["MS>multiple sclerosis 0.7"]);
    check("RA is treated with methotrexate", &["RA>rheumatoid arthritis 0.8"]);
    check("the RA on echo", &["RA>right atrium 0.8"]);
    check("PE on CT", &["PE>pulmonary embolism 0.8"]);
    check("PE (pulmonary embolism) findings", &["PE>pulmonary embolism 0.8", "pulmonary embolism>PE 0.3"]);
}

#[test]
fn what_is_ambiguous_gives_nothing() {
    check("PE is frequent", &[]);
    check("RA is frequent", &[]);
    check("PE: clot finding", &[]);
    check("cold hands", &[]);
    check("a cold with a cough", &["cold>common cold 0.7", "cold>upper respiratory infection 0.6"]);
}

#[test]
fn an_ordinary_word_is_no_abbreviation() {
    check("all leukemia patients", &[]);
    check("ALL is a leukemia", &["ALL>acute lymphoblastic leukemia 0.8"]);
    check("TREAT ALL LEUKEMIA PATIENTS", &[]);
    check("serum Ca", &["Ca>calcium 0.8"]);
    check("serum CA", &[]);
    check("CA of the breast, a cancer", &["CA>carcinoma 0.8"]);
}

#[test]
fn a_brand_stands_for_its_substance_and_its_class() {
    check("Tylenol", &["Tylenol>acetaminophen 0.9", "Tylenol>apap 0.85", "Tylenol>paracetamol 0.85"]);
    check("is lipitor safe", &["lipitor>atorvastatin 0.9", "lipitor>statin 0.3"]);
    check("Caduet", &["Caduet>amlodipine + atorvastatin 0.9", "Caduet>amlodipine 0.4", "Caduet>atorvastatin 0.4"]);
    check(
        "acetaminophen",
        &[
            "acetaminophen>apap 0.9",
            "acetaminophen>paracetamol 0.9",
            "acetaminophen>Tylenol 0.3",
            "acetaminophen>Panadol 0.3",
        ],
    );
    check("paracetamol", &["paracetamol>acetaminophen 0.9", "paracetamol>apap 0.85"]);
    check("atorvastatin", &["atorvastatin>statin 0.35", "atorvastatin>Lipitor 0.3"]);
    check("statins", &["statins>hmg-coa reductase inhibitor 0.8"]);
    check("HMG-CoA reductase inhibitors", &["HMG-CoA reductase inhibitors>statin 0.8"]);
    check("a water pill", &["water pill>diuretic 0.8"]);
    // Another spelling says nothing that the claim does not.
    check("amoxicillin", &[]);
}

#[test]
fn a_brand_of_several_products_is_told_by_region_or_by_what_they_share() {
    check("Benadryl makes drowsy", &[]);
    check("Benadryl in the UK", &["Benadryl>acrivastine 0.9"]);
    check_in("Benadryl makes drowsy", "The FDA says so.", &["Benadryl>diphenhydramine 0.9"]);
    check("give us Benadryl", &[]);
    check("Excedrin", &["Excedrin>acetaminophen 0.7", "Excedrin>caffeine 0.7"]);
}

#[test]
fn lay_words_and_clinical_ones_stand_for_each_other() {
    check("heart attacks", &["heart attacks>myocardial infarction 0.7"]);
    check("heart. Attack", &[]);
    check("throwing up", &["throwing up>vomiting 0.7", "throwing up>emesis 0.6"]);
    check("emesis", &["emesis>throw up 0.35"]);
    check("a ministroke", &["ministroke>transient ischemic attack 0.7"]);
    check("a mini stroke", &["mini stroke>transient ischemic attack 0.7"]);
    check("Oedema of the leg", &["Oedema>swelling 0.35"]);
    // The longest name, and none within it.
    check("high blood pressure", &["high blood pressure>hypertension 0.7"]);
}

#[test]
fn expansions_are_bounded_and_in_order() {
    let many = "COPD, MI, lipitor, Tylenol, Caduet, acetaminophen, paracetamol, NSAID, throw up, heart attack, statin, \
                water pill, swelling, Panadol, emesis, myocardial infarction, atorvastatin";
    let found = lexicon().expand(many, None);
    assert_eq!(found.len(), MOST_EXPANSIONS);
    assert!(found.is_sorted_by_key(|one| one.from.start));
    assert!(found.iter().all(|one| one.weight > 0.3), "the weakest are left out");
    let twice = lexicon().expand("COPD is COPD", None);
    assert_eq!(twice.len(), 1);
    assert!(lexicon().expand(&"COPD ".repeat(2_000), None).len() <= MOST_EXPANSIONS);
    assert_eq!(lexicon().expand("", None), []);
    assert_eq!(lexicon().expand("💊 \u{0} ((((", Some("💊")), []);
}

#[test]
fn each_row_says_why_it_was_taken_or_left() {
    let check = |claim: &str, expected: &[(&str, Reason)]| {
        let lexicon = lexicon();
        let explained = lexicon.explain(claim, None);
        let found: Vec<(String, Reason)> =
            explained.iter().flat_map(|one| &one.considered).map(|row| (row.to.clone(), row.reason.clone())).collect();
        let expected: Vec<(String, Reason)> =
            expected.iter().map(|(to, reason)| ((*to).to_owned(), reason.clone())).collect();
        assert_eq!(found, expected, "{claim:?}");
    };
    check("all", &[("acute lymphoblastic leukemia", Reason::WrongCase)]);
    check(
        "MI with a murmur",
        &[
            ("mitral insufficiency", Reason::Context(vec!["murmur".to_owned()])),
            ("myocardial infarction", Reason::OtherFits),
        ],
    );
    check("MI", &[("myocardial infarction", Reason::Usual), ("mitral insufficiency", Reason::OtherFits)]);
    check("cold", &[("common cold", Reason::NoContext), ("upper respiratory infection", Reason::NoContext)]);
    check("PE", &[("physical examination", Reason::Ambiguous), ("pulmonary embolism", Reason::Ambiguous)]);
    check(
        "high blood pressure",
        &[("hypertension", Reason::Always), ("arterial pressure", Reason::Within("high blood pressure".to_owned()))],
    );
}

#[test]
fn an_institution_adds_rows_of_its_own() {
    let read = |name: &str, text: &str| Import::read(Path::new(name), Cursor::new(text.to_owned())).expect("a file");
    let solr = read("ours.txt", "zubber, quinsulfate\n");
    let table = read("ours.tsv", "lay\tclinical\tcontext\tsource\r\nmarsh ache\tmarsh fever\t\tlocal\r\n");
    let plain = Lexicon::with(Vec::new());
    assert_eq!(plain.extra_sha256(), None);
    let with = Lexicon::with(vec![solr.clone(), table]);
    assert_eq!(told(&with, "zubber for marsh ache", None), ["zubber>quinsulfate 0.8", "marsh ache>marsh fever 0.7"]);
    assert_ne!(with.extra_sha256(), Lexicon::with(vec![solr]).extra_sha256());
}

#[test]
fn the_embedded_rows_are_all_read() {
    for (name, text) in FILES {
        let parsed = tsv::read(text, 0);
        assert_eq!(parsed.faults, [], "{name}");
    }
    for report in lint::built_in() {
        assert_eq!(report.faults, []);
        assert!(report.rows > 1_000);
    }
}
