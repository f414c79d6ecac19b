//! British spelling folded to American, by `lexicon/spelling.tsv`.
//!
//! Stems are compared, not words: the table has "tumour", and "tumours" is folded too. There is no rule beside the table.
//! A rule such as `-ise` to `-ize` would part "advise" from "adviser"; and of the words of the starter corpus and of two
//! public sets of abstracts that stand there in both spellings, the table lacks none that a rule would have joined safely.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use super::stem::english;

const TABLE: &str = include_str!("../../lexicon/spelling.tsv");

/// British stems that belong to other words too: calibration, special, somatotroph.
const SHARED: [&str; 3] = ["calibr", "special", "somatotroph"];

static AMERICAN: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let mut found: HashMap<String, String> = HashMap::new();
    for (british, american) in rows() {
        let (british, american) = (english(british), english(american));
        if british == american || SHARED.contains(&british.as_str()) {
            continue;
        }
        // "generalisable" and "generalise" have one stem, their American forms two: the shorter is that of more words.
        match found.get_mut(&british) {
            Some(held) if held.len() <= american.len() => {}
            Some(held) => *held = american,
            None => {
                found.insert(british, american);
            }
        }
    }
    found
});

/// British first letters of American stems that begin otherwise.
static FIRST: LazyLock<BTreeMap<String, u8>> = LazyLock::new(|| {
    let first = |word: &str| word.bytes().next();
    let other = AMERICAN.iter().filter(|(british, american)| first(british) != first(american));
    other.filter_map(|(british, american)| Some((american.clone(), first(british)?))).collect()
});

/// The American stem of a British one; nothing where both are the same.
pub(super) fn american(stem: &str) -> Option<&'static str> {
    AMERICAN.get(stem).map(String::as_str)
}

/// First byte of the British words whose American stem this is, where it is another: "oestrogen" for "estrogen".
pub(super) fn british_first(american: &str) -> Option<u8> {
    FIRST.get(american).copied()
}

/// British and American spelling of each row.
fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.lines().skip(1).filter_map(|line| {
        let mut cells = line.split('\t');
        cells.next().zip(cells.next())
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_is_in_its_form() {
        let mut before = "";
        assert_eq!(TABLE.lines().next(), Some("british\tamerican\tsource"));
        for line in TABLE.lines().skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            let [british, american, source] = cells.as_slice() else { panic!("not three cells: {line:?}") };
            for word in [british, american] {
                assert!(word.len() > 3 && word.bytes().all(|byte| byte.is_ascii_lowercase()), "{line:?}");
            }
            assert!(!source.is_empty() && british != american, "{line:?}");
            assert!(before < *british, "{british} is not in the order of the alphabet, or is there twice");
            before = british;
        }
        assert!(rows().count() > 1_200);
    }

    /// What is folded once is not folded again, and both spellings of each row meet, save the few that would take others with them.
    #[test]
    fn folding_goes_one_way() {
        let folded = |word: &str| {
            let stem = english(word);
            american(&stem).map_or(stem, str::to_owned)
        };
        for (british, american_word) in rows() {
            let (one, other) = (folded(british), folded(american_word));
            let joined = one == other || one.starts_with(&other) || other.starts_with(&one);
            assert!(
                joined || SHARED.contains(&english(british).as_str()),
                "{british}: {one}, {american_word}: {other}"
            );
            assert!(american(&one).is_none(), "{british} would be folded again");
        }
    }

    /// No ordinary word is taken for the British spelling of another.
    #[test]
    fn ordinary_words_stay() {
        let british: BTreeSet<&str> = rows().map(|(british, _)| british).collect();
        for word in include_str!("../../lexicon/ordinary.txt").lines().filter(|word| !british.contains(word)) {
            let stem = english(word);
            if let Some(other) = american(&stem) {
                let own = rows().any(|(row, _)| row.starts_with(word) || word.starts_with(row));
                assert!(own, "{word} ({stem}) would become {other}");
            }
        }
        for word in
            ["calibration", "special", "specialist", "centric", "program", "metric", "analysis", "exercise", "advise"]
        {
            assert_eq!(american(&english(word)), None, "{word}");
        }
    }

    #[test]
    fn first_letters_that_differ_are_known() {
        let first = |word: &str| british_first(&english(word));
        assert_eq!(first("estrogen"), Some(b'o'));
        assert_eq!(first("etiology"), Some(b'a'));
        assert_eq!(first("tumor"), None);
    }
}
