//! What a risk is of, and whether two risks may be of the same thing.

/// Words for the same risk.
const SAME: &[&[&str]] = &[
    &[
        "cardiovascular",
        "cvd",
        "ascvd",
        "heart",
        "coronary",
        "stroke",
        "atherosclerotic",
        "cardiac",
        "vascular",
        "chd",
        "cv",
    ],
    &["preterm", "premature", "early", "labor", "labour"],
    &["colorectal", "colon", "bowel", "crc", "rectal"],
    &["bleeding", "bleed", "hemorrhage", "haemorrhage", "rebleeding"],
    &["fracture", "osteoporosis", "osteoporotic", "fragility"],
    &["preeclampsia", "eclampsia"],
    &["thrombosis", "thromboembolism", "vte", "clot", "dvt", "embolism", "thromboembolic"],
    &["fall", "falls", "falling"],
];

/// Words that say of no risk what it is of.
const GENERAL: &[&str] = &[
    "cancer",
    "disease",
    "infection",
    "event",
    "complication",
    "severe",
    "serious",
    "death",
    "outcome",
    "syndrome",
    "future",
    "recurrent",
    "this",
    "that",
    "these",
    "developing",
    "acute",
    "major",
    "acquiring",
    "getting",
    "having",
    "the",
    "and",
    "new",
    "any",
];

/// Whether two risks may be of the same thing: what is not said may be.
///
/// "Cancer" may be any cancer; breast cancer and colorectal cancer are two.
pub(super) fn may_be_same(one: &str, other: &str) -> bool {
    let of = |object: &str, group: &[&str]| object.split(' ').any(|word| group.contains(&word));
    if one == other || one.is_empty() || other.is_empty() || SAME.iter().any(|group| of(one, group) && of(other, group))
    {
        return true;
    }
    let special = |word: &&str| word.len() > 2 && !GENERAL.contains(word);
    let both_special = one.split(' ').any(|word| special(&word)) && other.split(' ').any(|word| special(&word));
    let counts = |word: &&str| if both_special { special(word) } else { word.len() > 3 };
    one.split(' ').filter(counts).any(|word| other.split(' ').any(|other| other == word))
}

#[cfg(test)]
mod tests {
    use super::may_be_same;

    #[test]
    fn one_cancer_is_not_another() {
        assert!(may_be_same("", "breast cancer"));
        assert!(may_be_same("cancer", "breast cancer"));
        assert!(may_be_same("stroke", "cardiovascular disease"));
        assert!(may_be_same("preterm delivery", "preterm birth"));
        assert!(!may_be_same("breast ovarian cancer", "colorectal cancer"));
        assert!(!may_be_same("falls", "fracture"));
    }
}
