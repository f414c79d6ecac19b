//! The bodies that publish guidelines, by the names that responses give them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::language::pattern;

/// A body.
#[derive(Debug, PartialEq, Eq)]
pub struct Body {
    /// Its usual abbreviation.
    pub key: &'static str,
    /// Its full names; the names of works that stand for it, with a plus sign before them.
    pub names: &'static [&'static str],
    /// A part of its name in lower case, as publishers are named.
    pub publisher: &'static str,
}

const fn body(key: &'static str, names: &'static [&'static str], publisher: &'static str) -> Body {
    Body { key, names, publisher }
}

/// The bodies that are known by name.
pub static BODIES: &[Body] = &[
    body(
        "USPSTF",
        &[
            "US Preventive Services Task Force",
            "U.S. Preventive Services Task Force",
            "United States Preventive Services Task Force",
            "Preventive Services Task Force",
        ],
        "preventive services task force",
    ),
    body(
        "CDC",
        &["Centers for Disease Control and Prevention", "Centers for Disease Control"],
        "centers for disease control",
    ),
    body("ACIP", &["Advisory Committee on Immunization Practices"], "immunization practices"),
    body("FDA", &["US Food and Drug Administration", "Food and Drug Administration"], "food and drug administration"),
    body("NIH", &["National Institutes of Health"], "national institutes of health"),
    body(
        "HHS",
        &["Department of Health and Human Services", "+Physical Activity Guidelines for Americans"],
        "health and human services",
    ),
    body("USDA", &["US Department of Agriculture", "+Dietary Guidelines for Americans"], "department of agriculture"),
    body("VA", &["Department of Veterans Affairs", "VA/DoD", "VA/DOD"], "veterans affairs"),
    body("DoD", &["Department of Defense", "DOD"], "department of defense"),
    body(
        "NASEM",
        &["Institute of Medicine", "National Academies of Sciences, Engineering, and Medicine", "IOM"],
        "institute of medicine",
    ),
    body("WHO", &["World Health Organization", "World Health Organisation"], "world health organization"),
    body(
        "NICE",
        &["National Institute for Health and Care Excellence", "National Institute for Health and Clinical Excellence"],
        "health and care excellence",
    ),
    body("MHRA", &["Medicines and Healthcare products Regulatory Agency"], "healthcare products regulatory"),
    body("UKHSA", &["UK Health Security Agency"], "health security agency"),
    body("RCUK", &["Resuscitation Council UK"], "resuscitation council uk"),
    body("SIGN", &["Scottish Intercollegiate Guidelines Network"], "scottish intercollegiate"),
    body("NHMRC", &["National Health and Medical Research Council"], "national health and medical research council"),
    body("ESC", &["European Society of Cardiology"], "european society of cardiology"),
    body("ESH", &["European Society of Hypertension"], "european society of hypertension"),
    body("EAS", &["European Atherosclerosis Society"], "european atherosclerosis"),
    body("EASD", &["European Association for the Study of Diabetes"], "study of diabetes"),
    body("EASL", &["European Association for the Study of the Liver"], "study of the liver"),
    body(
        "EULAR",
        &["European Alliance of Associations for Rheumatology", "European League Against Rheumatism"],
        "european alliance of associations for rheumatology",
    ),
    body("ERS", &["European Respiratory Society"], "european respiratory society"),
    body("ESICM", &["European Society of Intensive Care Medicine"], "intensive care medicine"),
    body("ACC", &["American College of Cardiology"], "american college of cardiology"),
    body("AHA", &["American Heart Association"], "american heart association"),
    body("ASA", &["American Stroke Association"], "american stroke association"),
    body("HRS", &["Heart Rhythm Society"], "heart rhythm society"),
    body("HFSA", &["Heart Failure Society of America"], "heart failure society"),
    body("ACP", &["American College of Physicians"], "american college of physicians"),
    body("AAFP", &["American Academy of Family Physicians"], "academy of family physicians"),
    body("AAP", &["American Academy of Pediatrics"], "academy of pediatrics"),
    body("ACOG", &["American College of Obstetricians and Gynecologists"], "obstetricians and gynecologists"),
    body("SMFM", &["Society for Maternal-Fetal Medicine"], "maternal-fetal medicine"),
    body("ACS", &["American Cancer Society"], "american cancer society"),
    body("NCCN", &["National Comprehensive Cancer Network"], "comprehensive cancer network"),
    body("ASCO", &["American Society of Clinical Oncology"], "society of clinical oncology"),
    body("ADA", &["American Diabetes Association"], "american diabetes association"),
    body(
        "AACE",
        &["American Association of Clinical Endocrinology", "American Association of Clinical Endocrinologists"],
        "clinical endocrinolog",
    ),
    body("Endocrine Society", &[], "endocrine society"),
    body("ATA", &["American Thyroid Association"], "american thyroid association"),
    body(
        "KDIGO",
        &["Kidney Disease: Improving Global Outcomes", "Kidney Disease Improving Global Outcomes"],
        "improving global outcomes",
    ),
    body(
        "IDSA",
        &["Infectious Diseases Society of America", "Infectious Disease Society of America"],
        "infectious diseases society of america",
    ),
    body("SHEA", &["Society for Healthcare Epidemiology of America"], "healthcare epidemiology"),
    body("ATS", &["American Thoracic Society"], "american thoracic society"),
    body("CHEST", &["American College of Chest Physicians", "ACCP"], "chest physicians"),
    body("GOLD", &["Global Initiative for Chronic Obstructive Lung Disease"], "chronic obstructive lung disease"),
    body("GINA", &["Global Initiative for Asthma"], "initiative for asthma"),
    body("NAEPP", &["National Asthma Education and Prevention Program"], "asthma education and prevention"),
    body(
        "AAAAI",
        &["American Academy of Allergy, Asthma & Immunology", "American Academy of Allergy, Asthma and Immunology"],
        "academy of allergy",
    ),
    body("ACG", &["American College of Gastroenterology"], "college of gastroenterology"),
    body("AGA", &["American Gastroenterological Association"], "gastroenterological association"),
    body("AASLD", &["American Association for the Study of Liver Diseases"], "study of liver diseases"),
    body(
        "USMSTF",
        &[
            "US Multi-Society Task Force on Colorectal Cancer",
            "US Multi-Society Task Force",
            "Multi-Society Task Force",
        ],
        "multi-society task force",
    ),
    body("ACR", &["American College of Rheumatology"], "college of rheumatology"),
    body("AAN", &["American Academy of Neurology"], "academy of neurology"),
    body("AES", &["American Epilepsy Society"], "american epilepsy society"),
    body("AHS", &["American Headache Society"], "american headache society"),
    body("APA", &["American Psychiatric Association"], "american psychiatric association"),
    body("ASAM", &["American Society of Addiction Medicine"], "society of addiction medicine"),
    body("AASM", &["American Academy of Sleep Medicine"], "academy of sleep medicine"),
    body("AUA", &["American Urological Association"], "american urological association"),
    body(
        "AGS",
        &["American Geriatrics Society", "+Beers Criteria", "+AGS Beers Criteria"],
        "american geriatrics society",
    ),
    body("ASH", &["American Society of Hematology"], "american society of hematology"),
    body("AABB", &["Association for the Advancement of Blood and Biotherapies"], "aabb"),
    body("ACEP", &["American College of Emergency Physicians"], "college of emergency physicians"),
    body("American Society of Anesthesiologists", &[], "society of anesthesiologists"),
    body(
        "AAO-HNS",
        &[
            "American Academy of Otolaryngology-Head and Neck Surgery",
            "American Academy of Otolaryngology–Head and Neck Surgery",
            "AAO-HNSF",
        ],
        "academy of otolaryngology",
    ),
    body(
        "SCCM",
        &["Society of Critical Care Medicine", "+Surviving Sepsis Campaign", "+SSC guidelines"],
        "society of critical care medicine",
    ),
    body(
        "NAMS",
        &["North American Menopause Society", "The Menopause Society", "Menopause Society"],
        "menopause society",
    ),
    body("CCSA", &["Canadian Centre on Substance Use and Addiction"], "substance use and addiction"),
    body("Diabetes Canada", &[], "diabetes canada"),
    body("Health Canada", &[], "health canada"),
    body("Hypertension Canada", &[], "hypertension canada"),
    body("CTFPHC", &["Canadian Task Force on Preventive Health Care"], "canadian task force on preventive"),
];

/// A body named in a text.
#[derive(Clone, Debug)]
pub(super) struct Mention {
    pub(super) range: Range<usize>,
    pub(super) bodies: Vec<&'static Body>,
    /// Whether the name is that of a work: it is a title, too.
    pub(super) work: bool,
}

type Names = BTreeMap<String, (&'static Body, bool)>;

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut names = Names::new();
    for body in BODIES {
        names.insert(body.key.to_lowercase(), (body, false));
        for name in body.names {
            names.insert(name.trim_start_matches('+').to_lowercase(), (body, name.starts_with('+')));
        }
    }
    names
});

/// Abbreviations as they are written; names of several words in any case.
static NAMED: LazyLock<Regex> = LazyLock::new(|| {
    let mut written: Vec<&str> =
        BODIES.iter().flat_map(|body| [body.key].into_iter().chain(body.names.iter().copied())).collect();
    // The longest first: the first that fits is taken.
    written.sort_by_key(|name| (std::cmp::Reverse(name.len()), *name));
    let each = written.iter().map(|name| {
        let name = name.trim_start_matches('+');
        let escaped = regex::escape(name);
        if name.contains(' ') { format!("(?i:{})", escaped.replace(' ', r"\s")) } else { escaped }
    });
    pattern(&format!(r"\b(?:{})\b", each.collect::<Vec<_>>().join("|")))
});

/// The bodies named in a text, in its order; joint ones (`ACC/AHA`, `American College of Cardiology (ACC)`) as one mention.
pub(super) fn mentions(text: &str) -> Vec<Mention> {
    let mut all: Vec<Mention> = Vec::new();
    for found in NAMED.find_iter(text) {
        let name = found.as_str().to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
        let Some((body, work)) = NAMES.get(&name).copied() else { continue };
        let mut range = found.range();
        if let Some(last) = all.last_mut()
            && let Some(close) = joint(text, last, &range, body)
        {
            range.end += close;
            last.range.end = range.end;
            last.work |= work;
            if !last.bodies.contains(&body) {
                last.bodies.push(body);
            }
            continue;
        }
        all.push(Mention { range, bodies: vec![body], work });
    }
    all
}

/// Pairs that publish together, and are written with "and".
const PAIRS: &[[&str; 2]] = &[
    ["ACC", "AHA"],
    ["VA", "DoD"],
    ["AASLD", "IDSA"],
    ["AHA", "ASA"],
    ["ADA", "EASD"],
    ["IDSA", "SHEA"],
    ["IDSA", "ATS"],
    ["SCCM", "ESICM"],
];

/// Whether a body continues the mention before it; then the bytes after it that belong to it, which is a closing bracket.
fn joint(text: &str, last: &Mention, next: &Range<usize>, body: &'static Body) -> Option<usize> {
    let between = text.get(last.range.end..next.start)?;
    if matches!(between, "/" | "-" | "–" | " / ") {
        return Some(0);
    }
    if between == " (" && last.bodies.contains(&body) {
        return text.get(next.end..)?.starts_with(')').then_some(1);
    }
    let and = matches!(between, " and " | " and the " | " & " | "," | ", ");
    let pair = |first: &&'static Body| {
        PAIRS.iter().any(|pair| pair.contains(&first.key) && pair.contains(&body.key) && first.key != body.key)
    };
    (and && last.bodies.iter().any(pair)).then_some(0)
}
