//! Who is left out and who is compared: "except", "unless", "does not apply to"; "than", "unlike".

use super::super::token::Token;

/// On which side of an exception or a comparison a token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Of those whom the text is about.
    Within,
    /// "except", "unless", "does not apply to": of those whom it leaves out.
    LeftOut,
    /// "than", "unlike", "compared with": of those with whom they are compared.
    Compared,
}

pub(super) fn sides(cut: &[Token<'_>]) -> Vec<Side> {
    let mut found = Vec::with_capacity(cut.len());
    let (mut side, mut sentence, mut depth) = (Side::Within, 0, 0);
    for (at, token) in cut.iter().enumerate() {
        if token.sentence != sentence || side != Side::Within && ends_exception(token.word) {
            (side, sentence) = (Side::Within, token.sentence);
        }
        // "(except in pregnancy)" ends with the bracket that it began in.
        match token.word {
            "(" => depth += 1,
            ")" if depth == 0 => side = Side::Within,
            ")" => depth -= 1,
            _ => {}
        }
        if let Some(turned) = turn(cut, at) {
            (side, depth) = (turned, 0);
        }
        found.push(side);
    }
    let mut at = 0;
    for sentence in cut.chunk_by(|one, next| one.sentence == next.sentence) {
        if is_mostly(sentence) {
            found[at..at + sentence.len()].fill(Side::Compared);
        }
        if is_outside(sentence) {
            found[at..at + sentence.len()].fill(Side::LeftOut);
        }
        at += sentence.len();
    }
    found
}

/// "Most statements here are about adults": of the rest it says nothing.
fn is_mostly(sentence: &[Token<'_>]) -> bool {
    sentence.windows(2).any(|two| match two {
        [one, two] => {
            one.word == "most" && two.is(&["statement", "recommendation", "advice", "evidence"])
                || one.is(&["mostly", "mainly", "largely", "primarily"]) && two.is(&["about", "on", "concern", "for"])
        }
        _ => false,
    })
}

/// Whether a sentence ends by saying that what it names is not covered.
fn is_outside(sentence: &[Token<'_>]) -> bool {
    sentence.windows(3).any(|three| match three {
        [one, two, three] => {
            one.is(&["outside", "beyond"]) && two.word == "the" && three.word == "scope"
                || one.is(&["are", "is"]) && two.word == "not" && three.is(&["covered", "addressed", "included"])
        }
        _ => false,
    })
}

/// The main verb goes on speaking of those whom the sentence is about.
fn ends_exception(word: &str) -> bool {
    matches!(word, "should" | "must" | "may" | "shall" | "recommended" | "recommend" | "ought" | "can" | "will")
}

fn turn(cut: &[Token<'_>], at: usize) -> Option<Side> {
    let word = |at: Option<usize>| at.and_then(|at| cut.get(at)).map_or("", |token| token.word);
    let (next, left) = (word(Some(at + 1)), word(at.checked_sub(1)));
    Some(match (word(Some(at)), next) {
        ("except" | "excluding" | "exclude" | "excepting" | "unless", _) => Side::LeftOut,
        ("other" | "rather", "than") if word(Some(at)) == "other" => Side::LeftOut,
        ("apart" | "aside", "from") | ("outside", "of") => Side::LeftOut,
        ("not", "apply" | "applicable" | "including" | "include" | "cover" | "address" | "intended") => Side::LeftOut,
        ("not", "for") if left.is_empty() || left == "." || left == ";" => Side::LeftOut,
        ("not", "for") if left != "is" && left != "are" && left != "be" => Side::LeftOut,
        ("but", "not") => Side::LeftOut,
        ("unlike", _) | ("instead", "of") | ("compared", _) => Side::Compared,
        ("than", next) if left != "other" && !of_amount(left, next) => Side::Compared,
        ("versus" | "vs", _) => Side::Compared,
        _ => return None,
    })
}

/// "older than 65", "more than half".
fn of_amount(left: &str, next: &str) -> bool {
    matches!(left, "older" | "younger")
        || next.starts_with(|c: char| c.is_ascii_digit())
        || matches!(next, "or" | "one" | "two" | "half")
}
