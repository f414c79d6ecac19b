//! What "it" and "they" at the beginning of a sentence stand for, where that is safe to say.
//!
//! "Aspirin lowers fever. It should not be used in children": the subject of one sentence is that of the next where
//! both are about what a treatment does or how it is used, it is the only candidate, and its number agrees. "Aspirin
//! can cause Reye's syndrome. It is rare": here nobody can tell without understanding, and the words are left as they
//! are. A wrong name would be a claim that the text does not make.

use std::sync::LazyLock;

use regex::Regex;

use super::clause;
use crate::language::pattern;

/// One thing or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Number {
    One,
    Several,
}

/// What the sentence before was about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Subject {
    /// Its words, as they stand at the beginning of a sentence.
    words: String,
    number: Number,
    /// Whether the sentence said what it is, so that nothing else in it competes.
    defined: bool,
}

/// "Metformin lowers …", "Low-dose aspirin should …": a short subject and the verb after it.
static OPENING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^((?:(?:The|A|An|Most|Oral|Inhaled|Topical|This|These) )?[A-Za-z][A-Za-z\d'’-]*(?: \([^()]{1,30}\))?(?: [A-Za-z\d'’-]+){0,2}?(?: \([^()]{1,30}\))?) (is|are|was|were|has|have|can|may|should|must|will|does|do|works?|helps?|lowers?|reduces?|treats?|relieves?|prevents?|blocks?|inhibits?|slows?|thins?|relax(?:es)?|eases?|protects?|cuts?|controls?|kills?|acts?)\b(.*)$",
    )
});
/// What is said of a treatment, and of nothing that it treats or causes.
static USED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:is|are|was|were|can|may|should|must|will|does|do|works?|helps?|lowers?|reduces?|treats?|relieves?|prevents?|blocks?|inhibits?|acts?|has|have)\b(?: (?:not|also|be|never|always|usually|often|typically|generally|sometimes|only|commonly|then|therefore|normally|routinely|best))*(?:(?: (?:used|taken|given|prescribed|avoided|started|stopped|continued|combined|administered|offered|swallowed|injected|inhaled|recommended|contraindicated|approved|licensed|considered first|dosed|titrated|discontinued|tapered|withheld|restarted|repeated every))\b|(?: (?:by|reduce|lower|treat|relieve|prevent|interact|help))?\b)",
    )
});
/// The same, strictly: a participle of use must follow.
static IN_USE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:is|are|was|were|can|may|should|must|will)\b(?: (?:not|also|be|never|always|usually|often|typically|generally|sometimes|only|commonly|then|therefore|normally|routinely|best))* (?:used|taken|given|prescribed|avoided|started|stopped|continued|combined|administered|offered|swallowed|injected|inhaled|contraindicated|licensed|dosed|titrated|discontinued|tapered|withheld|restarted)\b",
    )
});
/// Words that are things which are given or done, wherever they stand: another candidate.
static RIVAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:drugs?|medicines?|medications?|treatments?|therap(?:y|ies)|vaccines?|tests?|screening|doses?|tablets?|pills?|insulin|warfarin|aspirin|steroids?|antibiotics?|supplements?|surgery|procedures?|devices?|inhalers?|statins?|diuretics?|opioids?|nsaids?|alcohol|caffeine|herbs?|vitamins?|[A-Za-z-]{3,}(?:pril|sartan|olol|statin|mycin|cillin|azole|oxacin|idine|amine|epam|zepam|mab|nib|gliptin|gliflozin|tide|parin|xaban|gatran|dipine|profen|coxib|cycline|azepine|triptan|buterol|meterol|moterol|sone|solone|phen|mol|formin|ide|ine|oxin|antel|vir|tinib|one))\b",
    )
});
/// Joined subjects and clauses within which the subject may change.
static TANGLED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)[;:—]|\b(?:which|who|that|because|but|while|whereas|although|though|and (?:it|they|the|this|is|are|should|may|can)|if|when|unless|than|or)\b",
    )
});
/// "It is important to", "It takes": nothing is meant by it.
static EMPTY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^it (?:(?:is|was|may be|can be|might be|would be|is not|isn't)(?: \w+){0,3} (?:to|that|whether|if)\b|takes|took|seems|appears|turns out|depends|follows|helps to|remains|has been shown)",
    )
});

/// What a sentence is about, where it says so plainly.
pub(super) fn subject(sentence: &str) -> Option<Subject> {
    let found = OPENING.captures(sentence)?;
    let (words, verb, rest) = (found.get(1)?.as_str(), found.get(2)?.as_str(), found.get(3)?.as_str());
    let lower = clause::words(words);
    let first = lower.first()?.as_str();
    let pronoun = [
        "it", "they", "this", "that", "these", "those", "he", "she", "you", "we", "i", "there", "here", "some", "many",
        "most", "both", "neither", "each", "all", "any", "what", "one", "in", "for", "with", "after", "before", "at",
        "on", "during", "by", "to", "from", "of", "if", "when", "do", "not", "no", "please", "also",
    ];
    if pronoun.contains(&first)
        || lower.iter().any(|word| {
            matches!(
                word.as_str(),
                "and"
                    | "or"
                    | "of"
                    | "in"
                    | "for"
                    | "with"
                    | "not"
                    | "to"
                    | "you"
                    | "people"
                    | "adults"
                    | "patients"
                    | "children"
                    | "women"
                    | "men"
                    | "doctors"
                    | "guidelines"
                    | "studies"
                    | "experts"
            )
        })
    {
        return None;
    }
    if TANGLED.is_match(rest) {
        return None;
    }
    let last = lower.last()?.as_str();
    let number = number_of(last, verb)?;
    let defining = ["is a ", "is an ", "is the ", "are a ", "are the ", "is usually ", "is generally "];
    let defined = defining.iter().any(|begin| format!("{verb}{rest} ").starts_with(begin)) && !rest.contains(',');
    if !defined && (!USED.is_match(&format!("{verb}{rest}")) || RIVAL.is_match(rest)) {
        return None;
    }
    Some(Subject { words: words.to_owned(), number, defined })
}

/// The number that noun and verb agree on.
fn number_of(noun: &str, verb: &str) -> Option<Number> {
    let plural = noun.ends_with('s') && !noun.ends_with("ss") && !noun.ends_with("is") && !noun.ends_with("us");
    let by_verb = match verb {
        "is" | "was" | "has" | "does" => Some(Number::One),
        "are" | "were" | "have" | "do" => Some(Number::Several),
        "can" | "may" | "should" | "must" | "will" => None,
        verb if verb.ends_with('s') => Some(Number::One),
        _ => Some(Number::Several),
    };
    let by_noun = if plural { Number::Several } else { Number::One };
    (by_verb.is_none_or(|number| number == by_noun)).then_some(by_noun)
}

/// A sentence with its pronoun replaced by what it stands for; `None` where that is not safe.
pub(super) fn resolved(sentence: &str, before: &Subject) -> Option<String> {
    let (pronoun, rest) = sentence.split_once(' ')?;
    let number = match pronoun {
        "It" => Number::One,
        "They" => Number::Several,
        _ => return None,
    };
    if number != before.number || EMPTY.is_match(sentence) {
        return None;
    }
    // After "X is a …" whatever is said of it is said of X; else only what is said of treatments.
    let rest_is_noun = ["is a ", "is an ", "is the ", "are the "].iter().any(|begin| rest.starts_with(begin));
    let said_of_treatment = IN_USE.is_match(rest) && !rest.contains(" used to be");
    if before.defined && !rest_is_noun || said_of_treatment {
        return Some(format!("{} {rest}", before.words));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, sentence: &str, expected: Option<&str>) {
        let found = subject(before).and_then(|subject| resolved(sentence, &subject));
        assert_eq!(found.as_deref(), expected, "{before} {sentence}");
    }

    #[test]
    fn the_subject_goes_on_where_both_sentences_are_about_use() {
        check(
            "Aspirin lowers fever.",
            "It should not be used in children.",
            Some("Aspirin should not be used in children."),
        );
        check("Metformin is a first-line drug.", "It is taken with food.", Some("Metformin is taken with food."));
        check("Statins lower cholesterol.", "They are taken at night.", Some("Statins are taken at night."));
        check("The vaccine is usually safe.", "It can cause a sore arm.", Some("The vaccine can cause a sore arm."));
    }

    #[test]
    fn what_may_stand_for_something_else_is_left() {
        check("Aspirin can cause Reye's syndrome.", "It is a rare but serious illness.", None);
        check("Aspirin can cause Reye's syndrome.", "It is often fatal.", None);
        check("Aspirin increases the effect of warfarin.", "It should not be used then.", None);
        check("Aspirin lowers fever.", "They should not be used.", None);
        check("Statins lower cholesterol.", "It is taken at night.", None);
        check("Aspirin and ibuprofen relieve pain.", "They should be taken with food.", None);
        check("Aspirin is a drug.", "It is important to take it with food.", None);
        check("People with asthma use inhalers.", "They should be taken twice.", None);
        check("Metformin is a drug that interacts with alcohol.", "It should be avoided.", None);
    }
}
