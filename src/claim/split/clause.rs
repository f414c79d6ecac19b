//! Whether words make a sentence of their own: a subject with its verb, an instruction, or only a fragment.
//!
//! Lists of words and no grammar: medical answers use few verbs, and what is not known counts as a fragment, which is then
//! read together with its heading rather than alone.

use std::collections::HashSet;
use std::sync::LazyLock;

/// A list of words.
pub(super) type Words = LazyLock<HashSet<&'static str>>;

/// Words parted by spaces, as a list.
pub(super) fn listed(words: &'static str) -> HashSet<&'static str> {
    words.split(' ').collect()
}

/// What a run of words is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// It has a subject and a verb.
    Sentence,
    /// It begins with the verb: "take", "do not use", "then avoid".
    Instruction,
    /// Neither.
    Fragment,
}

/// Verbs and contractions that are nothing else.
static AUXILIARIES: Words = Words::new(|| {
    listed(
        "is are was were am has have had does do did can could may might must shall should will would cannot can't \
     isn't aren't wasn't weren't don't doesn't didn't won't wouldn't shouldn't couldn't mustn't hasn't haven't \
     hadn't it's that's there's they're you're we're he's she's you'll they'll it'll you've they've i'm",
    )
});
/// Verbs in the form that follows "it", which are no plural nouns.
static THIRD: Words = Words::new(|| {
    listed(
        "acts affects allows appears applies begins belongs blocks boosts carries clears comes consists contains \
     continues contributes covers crosses cuts decreases depends develops differs eases ends exceeds falls \
     favours favors follows fails gives goes grows happens heals helps improves includes increases indicates \
     induces inhibits interacts involves keeps kills lasts leads lets lies lowers makes means needs occurs offers \
     opens outweighs peaks persists poses prevents produces protects provides raises reaches recommends recovers \
     reduces relaxes relieves remains removes replaces represents requires resolves rises says seems shortens \
     shows slows spreads starts stays stops suggests suppresses takes targets tells tends thins treats triggers \
     turns usually varies warrants weakens widens works worsens causes states advises supports confirms defines \
     relies counts",
    )
});
/// Verbs in the form that follows "they", which are no common nouns.
static PLAIN: Words = Words::new(|| {
    listed(
        "affect allow appear apply become begin belong carry cause come consist contain continue contribute decrease \
     depend develop differ exceed favour favor get give go happen improve include increase indicate induce \
     inhibit interact involve keep lead lower make mean need occur outweigh persist prevent produce protect \
     provide raise recommend reduce relieve remain remove require resolve rise seem settle show spread stay \
     suggest support take tend treat vary want work worsen help start last became began came found showed rose \
     fell gave cut led ease feel suffer",
    )
});
/// Verbs with which an instruction begins.
static INSTRUCTIONS: Words = Words::new(|| {
    listed(
        "accept act add adjust administer aim allow apply ask assess avoid be begin break bring brush buy call carry \
     change check choose clean combine confirm consider consult contact continue cook cool cover cut decrease \
     delay dial discard discontinue discuss divide do don't double drink eat elevate encourage ensure evaluate \
     exercise expect extend find follow get give go halve hang have hold identify ignore include increase inform \
     inhale initiate inject insert inspect introduce keep lay leave let lie limit look loosen lose lower maintain \
     make measure mix monitor move never not note obtain offer order perform pinch place plan prefer prescribe \
     press prevent prioritise prioritize protect provide put quit raise re-check recheck recommend record reduce \
     refer refrain remove repeat replace report request reserve rest restart restrict resume retest return review \
     ring rinse roll rub schedule screen seek see send set shake sip sit skip sleep soak speak spread stand start \
     stay stick stop store swallow swap switch take talk taper tell test throw tilt titrate track transfer treat \
     try turn update use vaccinate wait walk warm wash watch wear weigh withhold wrap accompany agree arrange",
    )
});
/// Words that may stand before the verb of an instruction.
static BEFORE_INSTRUCTION: Words = Words::new(|| {
    listed(
        "please then always never also first next finally just only simply instead and or but so if gently \
     immediately gradually slowly carefully generally usually routinely do not don't ideally afterwards otherwise \
     meanwhile lastly second third",
    )
});
/// Words with which a condition begins.
static CONDITIONAL: Words =
    Words::new(|| listed("if when while because since unless where once although though after before until as"));
/// Words with which a subject begins, so that a verb in plain form after it is one.
static SUBORDINATE: Words =
    Words::new(|| listed("who which that if when while because since as unless where whether what how why"));

/// The words of a text in lower case, without the signs around them; of a long text the first.
pub(super) fn words(text: &str) -> Vec<String> {
    const MOST: usize = 80;
    let folded = |word: &str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '%');
        bare.to_lowercase().replace('’', "'")
    };
    text.split(|c: char| c.is_whitespace() || matches!(c, '/' | '—'))
        .filter(|word| !word.is_empty())
        .take(MOST)
        .map(folded)
        .filter(|word| !word.is_empty())
        .collect()
}

/// What a run of words is. After a condition at its beginning, what follows the comma decides.
pub(super) fn shape(text: &str) -> Shape {
    const COMMAS: usize = 6;
    let words = words(text);
    if words.first().is_some_and(|word| CONDITIONAL.contains(word.as_str())) {
        let rests = text.match_indices(',').take(COMMAS).filter_map(|(at, _)| text.get(at + 1..));
        return rests.map(own_shape).find(|shape| *shape != Shape::Fragment).unwrap_or_else(|| own_shape(text));
    }
    own_shape(text)
}

fn own_shape(text: &str) -> Shape {
    let words = words(text);
    if is_instruction(&words) {
        return Shape::Instruction;
    }
    match verb(&words) {
        Some(at) if at > 0 => Shape::Sentence,
        _ => Shape::Fragment,
    }
}

/// Whether words begin with the verb of an instruction.
pub(super) fn is_instruction(words: &[String]) -> bool {
    let mut rest = words
        .iter()
        .map(String::as_str)
        .enumerate()
        .skip_while(|(_, word)| BEFORE_INSTRUCTION.contains(word) || word.ends_with("ly") && word.len() > 4);
    let lead = words.first().map(String::as_str).unwrap_or_default();
    match rest.next() {
        // "Don't", "never" and "not" alone make what follows one, whichever verb it is.
        Some((at, word))
            if at > 0 && matches!(words.get(at - 1).map(String::as_str), Some("don't" | "never" | "not")) =>
        {
            !matches!(lead, "or" | "but" | "if") && !AUXILIARIES.contains(word)
        }
        Some((at, word)) if INSTRUCTIONS.contains(word) => {
            // "Rest is best", "Screening tests are": a noun before its verb.
            let next = words.get(at + 1).map(String::as_str).unwrap_or_default();
            !AUXILIARIES.contains(next) || matches!(next, "do" | "have")
        }
        _ => false,
    }
}

/// The place of the first verb that has a subject before it and stands in no subordinate clause at its beginning.
pub(super) fn verb(words: &[String]) -> Option<usize> {
    let mut subordinate = false;
    for (at, word) in words.iter().enumerate() {
        let word = word.as_str();
        if SUBORDINATE.contains(word) && (at > 0 || !matches!(word, "that" | "which" | "who")) {
            subordinate = true;
            continue;
        }
        let before = at.checked_sub(1).and_then(|at| words.get(at)).map(String::as_str).unwrap_or_default();
        // "No more than", "the test", "to help": articles and "to" make nouns and infinitives of what follows.
        let free = !matches!(
            before,
            "to" | "the" | "a" | "an" | "of" | "for" | "in" | "with" | "no" | "your" | "its" | "per" | "by"
        );
        if AUXILIARIES.contains(word)
            || free && (THIRD.contains(word) && word != "usually" || at > 0 && PLAIN.contains(word))
        {
            if subordinate {
                // The verb of the clause; the next one is the sentence's own.
                subordinate = false;
                continue;
            }
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_instructions_and_fragments() {
        use Shape::{Fragment, Instruction, Sentence};
        for (text, expected) in [
            ("Aspirin lowers fever", Sentence),
            ("Stool tests are done at home", Sentence),
            ("Statins reduce the risk of stroke", Sentence),
            ("its mortality, however, is high", Sentence),
            ("In people under 25, antidepressants can increase it", Sentence),
            ("Take 500 mg twice daily", Instruction),
            ("take two readings, at least one minute apart", Instruction),
            ("Do not give both at the same time", Instruction),
            ("Please don't stop it", Instruction),
            ("Never exceed 4 g", Instruction),
            ("500 mg twice daily", Fragment),
            ("Common side effects", Fragment),
            ("no more than 14 units a week", Fragment),
            ("people who take diuretics", Fragment),
            ("Dosage", Fragment),
            ("Type 2 diabetes at any age", Fragment),
            ("If you have asthma, avoid beta blockers", Instruction),
            ("If it is 0, the statin can be withheld", Sentence),
            ("If you are in crisis", Fragment),
            ("How it works", Fragment),
            ("any night waking due to asthma", Fragment),
        ] {
            assert_eq!(shape(text), expected, "{text}");
        }
    }
}
