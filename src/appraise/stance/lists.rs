//! The lists of words by which the signals tell negations, turns and kinds of sentences; all in lower case.
//!
//! `training/stance/words.py` has the same lists, and a test compares what comes of them.

use std::sync::OnceLock;

use regex::Regex;

use crate::language::pattern;

/// Words without a weight.
pub(super) fn is_stop(word: &str) -> bool {
    matches!(
        word,
        "a" | "an"
            | "the"
            | "and"
            | "or"
            | "of"
            | "in"
            | "on"
            | "at"
            | "to"
            | "for"
            | "from"
            | "by"
            | "with"
            | "as"
            | "is"
            | "are"
            | "was"
            | "were"
            | "be"
            | "been"
            | "being"
            | "it"
            | "its"
            | "this"
            | "that"
            | "these"
            | "those"
            | "there"
            | "their"
            | "they"
            | "them"
            | "we"
            | "our"
            | "us"
            | "i"
            | "you"
            | "he"
            | "she"
            | "his"
            | "her"
            | "which"
            | "who"
            | "whom"
            | "whose"
            | "what"
            | "when"
            | "where"
            | "how"
            | "than"
            | "then"
            | "so"
            | "such"
            | "into"
            | "onto"
            | "has"
            | "have"
            | "had"
            | "having"
            | "do"
            | "does"
            | "did"
            | "done"
            | "can"
            | "could"
            | "may"
            | "might"
            | "would"
            | "should"
            | "will"
            | "shall"
            | "must"
            | "if"
            | "but"
            | "not"
            | "no"
            | "nor"
            | "none"
            | "never"
            | "without"
            | "neither"
            | "cannot"
            | "non"
            | "also"
            | "both"
            | "either"
            | "each"
            | "any"
            | "some"
            | "all"
            | "via"
            | "per"
            | "between"
            | "among"
            | "during"
            | "after"
            | "before"
            | "while"
            | "because"
            | "however"
            | "although"
            | "though"
            | "whereas"
            | "thus"
            | "therefore"
            | "here"
            | "very"
            | "et"
            | "al"
            | "only"
            | "more"
            | "less"
            | "most"
            | "least"
            | "s"
            | "t"
    )
}

/// What negates the words that follow.
pub(super) fn is_negation(word: &str, stem: &str) -> bool {
    matches!(
        word,
        "no" | "not"
            | "nor"
            | "none"
            | "never"
            | "without"
            | "neither"
            | "cannot"
            | "non"
            | "hardly"
            | "barely"
            | "unable"
            | "nobody"
            | "nothing"
            | "nowhere"
    ) || matches!(stem, "lack" | "absenc" | "absent" | "fail" | "failur" | "unabl" | "inabl")
}

/// Words that begin another clause.
pub(super) fn is_boundary(word: &str) -> bool {
    matches!(
        word,
        "but" | "however" | "although" | "though" | "whereas" | "while" | "which" | "because" | "since" | "despite"
    )
}

/// Words by which a sentence tells what was found.
pub(super) fn is_finding(word: &str) -> bool {
    matches!(
        word,
        "found"
            | "find"
            | "finding"
            | "show"
            | "shows"
            | "showed"
            | "shown"
            | "demonstrate"
            | "demonstrates"
            | "demonstrated"
            | "reveal"
            | "revealed"
            | "observed"
            | "identified"
            | "conclude"
            | "concluded"
            | "conclusion"
            | "conclusions"
            | "result"
            | "results"
            | "resulted"
            | "confirm"
            | "confirmed"
            | "indicate"
            | "indicated"
            | "evidence"
    )
}

/// Words by which a sentence tells what was to be found out.
pub(super) fn is_purpose(word: &str) -> bool {
    matches!(
        word,
        "aim"
            | "aims"
            | "aimed"
            | "objective"
            | "objectives"
            | "background"
            | "purpose"
            | "investigate"
            | "investigated"
            | "sought"
            | "evaluate"
            | "assess"
            | "assessed"
            | "determine"
            | "whether"
            | "methods"
            | "examined"
    )
}

/// Beginnings of words that turn a statement round without being half of a pair of opposites: what is taken away from an
/// agent, and inverse relations.
pub(super) fn is_turn(word: &str) -> bool {
    const BEGINNINGS: [&str; 21] = [
        "deficien",
        "deplet",
        "knockout",
        "knockdown",
        "knock",
        "null",
        "ablat",
        "silenc",
        "delet",
        "loss",
        "lost",
        "invers",
        "negat",
        "antagon",
        "blockad",
        "withdraw",
        "neutrali",
        "disrupt",
        "impair",
        "protect",
        "resist",
    ];
    BEGINNINGS.iter().any(|beginning| word.starts_with(beginning))
}

/// "Zero" to "twelve" count as their digits.
pub(super) fn digits(word: &str) -> Option<&'static str> {
    const NUMBERS: [(&str, &str); 13] = [
        ("zero", "0"),
        ("one", "1"),
        ("two", "2"),
        ("three", "3"),
        ("four", "4"),
        ("five", "5"),
        ("six", "6"),
        ("seven", "7"),
        ("eight", "8"),
        ("nine", "9"),
        ("ten", "10"),
        ("eleven", "11"),
        ("twelve", "12"),
    ];
    NUMBERS.iter().find(|(name, _)| *name == word).map(|(_, digits)| *digits)
}

/// Whether a sentence says that something has no effect, makes no difference or is not linked.
pub(super) fn says_no_effect(text: &str) -> bool {
    static NO_EFFECT: OnceLock<Regex> = OnceLock::new();
    NO_EFFECT.get_or_init(no_effect).is_match(text)
}

fn no_effect() -> Regex {
    pattern(concat!(
        r"(?i)(?-u:\b)(?:no|not|nor|without|little|lack of|fail(?:ed|s)? to|neither)(?-u:\b)(?:\W+\w+){0,5}?\W+",
        r"(?:differ\w*|associat\w*|effect\w*|affect\w*|chang\w*|improv\w*|increas\w*|decreas\w*|reduc\w*|benefi\w*",
        r"|correlat\w*|influenc\w*|relat\w*|impact\w*|alter\w*|link\w*|evidence|advantage\w*|significan\w*|superior\w*",
        r"|prevent\w*|protect\w*|lower\w*|rais\w*|caus\w*|lead|contribut\w*|enhanc\w*|induc\w*|work\w*|help\w*)(?-u:\b)",
        r"|(?-u:\b)(?:unchanged|unaffected|unaltered|independent(?:ly)? of|irrespective of|regardless of|similar(?:ly)?",
        r"|comparable|equivalent|non-?significant\w*|insignificant\w*|non-?inferior\w*|dispensable|ineffective)(?-u:\b)",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_effect_is_told_from_an_effect() {
        let check = |text: &str, expected: bool| assert_eq!(says_no_effect(text), expected, "{text}");
        check("We found no association between vitamin D and fractures.", true);
        check("Vitamin D does not prevent fractures.", true);
        check("The drug failed to lower the pressure.", true);
        check("Falls were similar in both groups.", true);
        check("It works independently of age.", true);
        check("Aspirin lowers the risk.", false);
        check("There is no cat, and on quite another page of this book an effect.", false);
        check("A dissimilar result.", false);
    }
}
