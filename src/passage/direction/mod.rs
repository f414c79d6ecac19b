//! Which way a statement points and how binding its verb is, with the polarity that headings, introductions and column
//! heads lend.
//!
//! `None` rather than half of the truth: a statement that points both ways, a double negation and "only if" have no
//! direction here.

use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};

use super::Direction;
use super::recommendation::{self, Setting};
use super::units;
use crate::language::{pattern, sentences};

/// How binding the verb of a recommendation is, in its own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Modality {
    /// "must", "is required".
    Must,
    /// "should", "recommends", an instruction.
    Should,
    /// "consider", "may be considered".
    May,
    /// "should not", "recommends against", "do not", "avoid".
    ShouldNot,
    /// "must not", "never", "is contraindicated".
    MustNot,
}

impl Modality {
    /// Its name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Modality::Must => "must",
            Modality::Should => "should",
            Modality::May => "may",
            Modality::ShouldNot => "should_not",
            Modality::MustNot => "must_not",
        }
    }
}

static NEGATIVE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:(?:recommend|suggest|advise)(?:s|ed|ing)? (?:\w+ly )?(?:against|not\b|avoid\w*|that [^.;]{0,80}\bnot be\b)|(?:should|must) (?:not|never|no longer|rarely|seldom|neither)\b|(?:should|must)(?: \w+ly)? (?:avoid|be (?:stopped|discontinued|withheld|avoided|omitted|deferred))|(?:do(?:es)? not|don[’']t|never)(?: \w+ly)? (?:recommend|suggest|advise|[a-z]+)|(?:is|are|be) (?:not|no longer|never)\s+(?:\w+ ){0,2}(?:recommended|advised|advisable|indicated|suggested|preferred)|contra-?indicated|avoid(?:ed|ing|ance)?\b)",
    )
});
/// What looks negative and is only a condition or an aim: "unless contraindicated", "to avoid neural tube defects".
static CONDITION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\b(?:unless|if not|where not|when not|not) (?:\w+ )?contra-?indicated|\b(?:to|helps?|in order to|how to) avoid(?:ing)?\b(?: \w+)?|\b(?:if|when|where|in whom|for whom|(?-i:who)|that|which) [^.;,]{0,60}(?:contra-?indicated|not (?:\w+ )?recommended|not indicated|(?:do|does|should|must|can) not \w+|don[’']t \w+)|,? but only (?:if|when|where) [^.;]*|\bover not \w+|\b(?:if|when|where|because|since|as|provided|so|(?-i:who)|which|that) [^.;,]{0,100}?\b(?:(?:do|does|did|is|are|has|have|can|could|will|may|were|was) not|cannot) (?:be )?\w+|\bexcept (?:in|for|when|where|if)\b[^.;]*|\bunless\b[^.;]*|\b(?:but|although|though|because|since)\b[^.;]{0,40}\bnot (?:necessar|limited|yet|only|known)\w*|\bnot (?:limited to|only)\b|\bthose not \w+|\bif (?:you|they|he|she|it|the \w+)?\s?(?:do|does)(?: not|n[’']t) \w+|\bwhether or not\b)",
    )
});
/// Two negations, and verbs whose negation asks for the thing: what they add up to is left to the reader.
static DOUBLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:(?:not|never|don[’']t|no longer|avoid|against|rarely) (?:\w+ ){0,3}?(?:delay|withh|deny|denied|postpon|defer|discourag|preclud|prohibit|exclud|refus|stop|discontinu|omit|skip|miss|interrupt|avoid|neglect|dismiss|abandon|forget|underestimat|ignor|contra-?indicat|limit|restrict)\w*|\bnot not\b|should not be (?:a )?(?:reason|barrier)|(?:is|are) (?:not|no longer) (?:an? )?(?:\w+ )?contra-?indicat\w+)",
    )
});
/// "Only if clearly needed" reads as advice to some and as a warning to others.
static ONLY_IF: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\b(?:should|must|may|can) only\b|\bonly (?:be )?(?:used|given|considered?|offered|prescribed|initiated|performed|recommended|indicated|contemplated|be)\b|\b(?:used?|given?|recommended|prescribed?|offer(?:ed)?|considered?|performed|indicated|administered|pregnancy) (?:\w+ ){0,4}only (?:if|when|where|after|in|for|to|until|with|under)\b|\bnot (?:\w+ ){0,6}(?:until|unless|without|before|only)\b|\bonly (?:if|when) (?:clearly )?(?:needed|necessary)\b)",
    )
});
static POSITIVE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\b(?:(?:recommends?|suggests?|advises?) (?:that|the|a|an|to|use|using|offering|starting|screening|initiat\w+|treat\w+)\b|(?:is|are|be) (?:\w+ly )?(?:recommended|suggested|advised|preferred|indicated)\b|(?:should|must)\b)|[;.,:] (?:but |instead,? |then |and )?(?:give|use|offer|consider|refer|start|treat|seek|keep|take|call|place|wear|return|advise|instead)\b)",
    )
});
static NEGATIVE_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[^.;]*?\b(?:do not|don[’']t|never|avoid|not|against|contra-?indicated)\b|^\W*(?:recommend|advise|suggest|counsel|tell|instruct|remind|warn)\b",
    )
});
static STRAY_NEGATION: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:not|neither|nor|never|cannot|no longer)\b"));
static EITHER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:neither for nor against|neither recommends? nor|for or against|individual(?:ized|ised)? (?:decision|one)|shared (?:clinical )?decision[- ]?making (?:is )?recommend|based on shared clinical decision|using shared clinical decision)",
    )
});
static NEGATIVE_OPENING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\W*(?:do(?:n[’']t| not)(?:s|['’]ts)?\b(?:[^.]{0,60}[:.…]?$|\W*$)|(?:things |what |foods? |drugs |medic\w+ )?(?:to )?avoid\b[^.]{0,60}:?$|(?:absolute |relative )?contra-?indications?\b(?: (?:to|for|of)\b[^.]{0,60})?\W*$|not recommended\b[^.]{0,60}$|never\b[^.]{0,40}:$|(?:who )?should not (?:receive|take|get|use|be)\b[^.]{0,60}\W*$|don[’']ts$)",
    )
});
/// An introduction that leaves its list to say what is not to be done.
static NEGATIVE_LEAD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\b(?:should|must) (?:not|never|avoid)\b[^.?!;]{0,80}|\bdo(?:n[’']t| not)\b[^.?!;]{0,60}|\bavoid\b[^.?!;]{0,60}|\bcontra-?indicated\b[^.?!;]{0,80}|\bcontra-?indications\b[^.?!;]{0,60}|\bnot recommended\b[^.?!;]{0,80}|\brecommends? against\b[^.?!;]{0,80}):\s*$",
    )
});
static PERMISSIVE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:^\W*consider\b|\b(?:may|can|could|should|might) (?:also )?(?:be )?consider(?:ed)?\b|,\s*consider\b|\b(?:may|might|can) be (?:offered|used|given)\b|\b(?:suggests?|recommends?) considering\b)",
    )
});
static SUGGESTED: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\bsuggest(?:s|ed)?\b"));
static ABSOLUTE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(?:must (?:not|never)|(?:should )?never\b|(?:is|are) (?:absolutely )?contra-?indicated)\b")
});
static MUST: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\bmust\b"));
static SHOULD: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:should|recommend(?:s|ed)?|advise[sd]?|preferred)\b"));
static OWN_NEGATION: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(?:not|no|without|unless|except|don[’']t|never|instead)\b"));

/// Which way a statement points; `None` where it recommends nothing or points both ways.
pub(super) fn of(text: &str, setting: &Setting<'_>) -> Option<Direction> {
    let own = of_sentences(text, setting);
    let lent = setting.lead.is_some_and(|lead| NEGATIVE_LEAD.is_match(lead) || negative_head(lead))
        || setting.path.last().is_some_and(|heading| negative_head(heading));
    if !lent {
        return own;
    }
    match own {
        Some(Direction::Against) => own,
        // "Do not: … use it without a test": which of the two holds is not ours to say.
        _ if OWN_NEGATION.is_match(text) || POSITIVE.is_match(text) || recommendation::spoken(text) > 0 => None,
        _ => Some(Direction::Against),
    }
}

/// The direction of a row: its cells', and the polarity that column heads lend to theirs.
pub(super) fn of_row(text: &str, setting: &Setting<'_>) -> Option<Direction> {
    let mut found: Vec<Option<Direction>> = Vec::new();
    for (head, cell) in recommendation::cells(text).filter(|(_, cell)| !cell.is_empty()) {
        let lead = Some(head).filter(|head| negative_head(head));
        let counts = lead.is_some() || positive_head(head) || recommendation::advises(cell, setting);
        if counts && !matches!(cell, "—" | "–" | "-" | "No" | "Yes" | "N/A" | "None") {
            found.push(match lead {
                None if positive_head(head) && of_words(cell).is_none() && !OWN_NEGATION.is_match(cell) => {
                    Some(Direction::For)
                }
                _ => of(cell, &Setting { lead, ..*setting }),
            });
        }
    }
    let first = found.first().copied().flatten();
    first.filter(|_| found.iter().all(|one| *one == first))
}

/// Whether a heading, an introduction or a column head speaks of what is not to be done.
pub(super) fn negative_head(text: &str) -> bool {
    NEGATIVE_OPENING.is_match(text.trim()) && !text.trim_end().ends_with('?')
}

fn positive_head(head: &str) -> bool {
    matches!(head.trim().to_lowercase().as_str(), "do" | "dos" | "recommended" | "should receive" | "offer")
}

/// The direction that all sentences share which recommend; conditions and grades among them do not count.
fn of_sentences(text: &str, setting: &Setting<'_>) -> Option<Direction> {
    let said = sentences(text).into_iter().filter_map(|range| text.get(range));
    let mut found = said
        .filter(|one| !units::belongs(one) && recommendation::advises(one, &Setting { lead: Some(""), ..*setting }))
        .map(of_words)
        .peekable();
    match found.peek().copied() {
        Some(first) => first.filter(|_| found.all(|one| one == first)),
        None => of_words(text),
    }
}

fn of_words(text: &str) -> Option<Direction> {
    if recommendation::insufficient(text) {
        return Some(Direction::Insufficient);
    }
    if EITHER.is_match(text) {
        return Some(Direction::Either);
    }
    let plain = CONDITION.replace_all(text, " ");
    if DOUBLE.is_match(&plain) || ONLY_IF.is_match(&plain) {
        return None;
    }
    if NEGATIVE.is_match(&plain) {
        // "X is recommended; Y is contraindicated": say nothing rather than half of it.
        let rest = NEGATIVE.replace_all(&plain, " ");
        let both = POSITIVE.is_match(&rest)
            || recommendation::spoken(&plain) > 1
            || (!NEGATIVE_FIRST.is_match(&plain) && recommendation::instructs(&plain));
        return if both { None } else { Some(Direction::Against) };
    }
    // "Discontinue the drug": what is discontinued is not done. "Stop any bleeding" is another matter.
    let first = plain.split_whitespace().next().unwrap_or_default().to_lowercase();
    if first == "stop" {
        return None;
    }
    if matches!(first.as_str(), "discontinue" | "withhold") {
        return if POSITIVE.is_match(&plain) { None } else { Some(Direction::Against) };
    }
    // "Not licensed or recommended": a negation that no form above has read is a reason for silence.
    if STRAY_NEGATION.is_match(&plain) {
        return None;
    }
    let positive = recommendation::advises(text, &Setting::default());
    positive.then_some(Direction::For)
}

/// How binding the statement's verb is; `None` where it says both, or only suggests.
pub(super) fn modality(text: &str, direction: Option<Direction>) -> Option<Modality> {
    match direction? {
        Direction::Either | Direction::Insufficient => None,
        Direction::Against if ABSOLUTE.is_match(text) => Some(Modality::MustNot),
        Direction::Against if SUGGESTED.is_match(text) => None,
        Direction::Against => Some(Modality::ShouldNot),
        Direction::For if PERMISSIVE.is_match(text) => Some(Modality::May),
        Direction::For if MUST.is_match(text) && SHOULD.is_match(text) => None,
        Direction::For if MUST.is_match(text) => Some(Modality::Must),
        Direction::For if SUGGESTED.is_match(text) => None,
        Direction::For => Some(Modality::Should),
    }
}

#[cfg(test)]
mod tests;
