//! Which way a statement points and how binding its verb is, with the polarity that headings, introductions and column
//! heads lend.
//!
//! `None` rather than half of the truth: a statement that points both ways and a double negation have no direction here.
//! "Only if" recommends, within its limits, which are the quotation's to say.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde::{Deserialize, Serialize};

use super::Direction;
use super::imperative;
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
        r"(?i)\b(?:(?:recommend|suggest|advise)(?:s|ed|ing)? (?:\w+ly )?(?:against|not\b|avoid\w*|that [^.;]{0,80}\b(?:not be|(?:should|must) not)\b)|(?:should|must) (?:not|never|no longer|rarely|seldom|neither)\b|(?:should|must)(?: \w+ly)? (?:avoid|be (?:stopped|discontinued|withheld|avoided|omitted|deferred))|(?:do(?:es)? not|don[’']t|never)(?: \w+ly)? (?:recommend|suggest|advise|[a-z]+)|\bcan ?not (?:\w+ ){0,2}be (?:recommended|advised|suggested)|(?:is|are|be) (?:not|no longer|never)\s+(?:\w+ ){0,2}(?:recommended|advised|advisable|indicated|suggested|preferred)|contra-?indicated|avoid(?:ed|ing|ance)?\b)|^\W*not recommended\b",
    )
});
/// What looks negative and is only a condition or an aim: "unless contraindicated", "to avoid neural tube defects".
static CONDITION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\b(?:unless|if not|where not|when not|not) (?:\w+ )?contra-?indicated|\b(?:to|helps?|in order to|how to) avoid(?:ing)?\b(?: \w+)?|\b(?:if|when|where|in whom|for whom|(?-i:who)|that|which) [^.;,:]{0,60}?(?:contra-?indicated|not (?:\w+ )?recommended|not indicated|(?:do|does|can) not \w+|don[’']t \w+)|\b(?:(?-i:who)|that|which) (?:should|must) not \w+|\b(?:ensure|check|make sure|confirm|verify) [^.;,:]{0,80}?\bnot \w+|,? but only (?:if|when|where) [^.;]*|\bover not \w+|\b(?:if|when|where|because|since|as|provided|so|(?-i:who)|whom|which|that) [^.;,:]{0,100}?\b(?:(?:do|does|did|is|are|has|have|can|could|will|may|were|was) not|cannot) (?:be )?\w+|\bexcept (?:in|for|when|where|if)\b[^.;]*|\bunless\b[^.;]*|\b(?:but|although|though|because|since)\b[^.;]{0,40}\bnot (?:necessar|limited|yet|only|known)\w*|\b(?:recommends?|suggests?|advises?) that [^.;]{0,120}\b(?:is|are) not required to\b|\bif not \w+(?: \w+)?|\bnot (?:be )?(?:limited to|only)\b|\bthose not \w+|\bif (?:you|they|he|she|it|the \w+)?\s?(?:do|does)(?: not|n[’']t) \w+|\bwhether or not\b)",
    )
});
/// Two negations, and verbs whose negation asks for the thing: what they add up to is left to the reader.
static DOUBLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:(?:not|never|don[’']t|no longer|avoid|against|rarely) (?:\w+ ){0,3}?(?:delay|withh|deny|denied|postpon|defer|discourag|preclud|prohibit|exclud|refus|stop|discontinu|omit|skip|miss|interrupt|avoid|neglect|forget|underestimat|ignor|contra-?indicat|limit|restrict)\w*|\bnot not\b|should not be (?:a )?(?:reason|barrier)|(?:is|are) (?:not|no longer) (?:an? )?(?:\w+ )?contra-?indicat\w+)",
    )
});
/// "Not before", "not without": what is asked for and what is refused cannot be told apart.
static NOT_UNTIL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\bnot (?:\w+ ){0,6}(?:until|unless|without|before|only)\b"));
static REFUSED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)contra-?indicated|\bnot (?:\w+ ){0,2}(?:recommended|advised|suggested|preferred|indicated)")
});
/// "No treatment is recommended": whether that is against treatment cannot be told.
static NO_SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:^\W*|[,;:] |recommends? |suggests? |advises? |that )no (?:[\w-]+ ){1,6}(?:is|are|be|should|must)\b",
    )
});
static NOTE_THAT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\W*(?:please )?note that\b"));
/// A subordinate clause that concedes, at the beginning.
static CONCESSION: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\W*(?:although|though|while|whereas|even though|even if|despite)\b[^.;,]{0,200},"));
/// A bracket that limits nothing.
static BRACKET: LazyLock<Regex> = LazyLock::new(|| pattern(r"\([^()]{0,200}\)"));
/// What is to be ended in a named case is an action to be taken.
static ENDED_WHERE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\W*(?:discontinue|withhold|stop)\b[^.;]{0,120}\b(?:if|when)\b"));
/// An introduction whose items are the cases in which it holds: "Refer urgently if:".
static CASES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:if|when|where|in|for|with|who|any of the following)(?: (?:they|there|the \w+) (?:is|are|has|have))?:$",
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
    let said = text.split_once("\n\n").map_or(text, |(head, _)| if CASES.is_match(head) { head } else { text });
    let own = of_sentences(said, setting);
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
    let numbered = recommendation::numbered(text);
    for (head, cell) in recommendation::cells(text).filter(|(_, cell)| !cell.is_empty()) {
        let lead = Some(head).filter(|head| negative_head(head));
        let counts = lead.is_some() || positive_head(head) || recommendation::advises(cell, setting);
        if counts && !matches!(cell, "—" | "–" | "-" | "No" | "Yes" | "N/A" | "None") {
            found.push(match lead {
                None if positive_head(head) && of_words(cell).is_none() && !OWN_NEGATION.is_match(cell) => {
                    Some(Direction::For)
                }
                None if numbered || recommendation::numbered(head) => of_principal(cell, setting),
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
    if recommendation::numbered(text) {
        return of_principal(text, setting);
    }
    let mut found = directions(text, setting).peekable();
    match found.peek().copied() {
        Some(first) => first.filter(|_| found.all(|one| one == first)),
        None => of_words(text),
    }
}

/// A numbered recommendation is what its first sentence recommends; what follows limits that, unless somebody speaks
/// again.
fn of_principal(text: &str, setting: &Setting<'_>) -> Option<Direction> {
    let mut found = directions(text, setting);
    let first = found.next().unwrap_or_else(|| of_words(text));
    let again = recommendation::spoken(text) > 1;
    first.filter(|_| !again || found.all(|one| one == first))
}

/// The directions of the sentences that recommend.
fn directions(text: &str, setting: &Setting<'_>) -> impl Iterator<Item = Option<Direction>> {
    let said = sentences(text).into_iter().filter_map(|range| text.get(range));
    let setting = Setting { lead: Some(""), ..*setting };
    said.filter(move |one| !units::belongs(one) && recommendation::advises(one, &setting)).map(of_words)
}

fn of_words(text: &str) -> Option<Direction> {
    if recommendation::insufficient(text) {
        return Some(Direction::Insufficient);
    }
    if EITHER.is_match(text) {
        return Some(Direction::Either);
    }
    // "Drugs that are sedating are not recommended": whether the negation is the clause's cannot be told.
    let told = NOTE_THAT.replace(text, " ");
    let relative = |found: regex::Match<'_>| found.as_str().starts_with("that") || found.as_str().starts_with("which");
    if REFUSED.is_match(&told)
        && CONDITION.find_iter(&told).any(|found| relative(found) && REFUSED.is_match(found.as_str()))
    {
        return None;
    }
    let plain = plain(text);
    if DOUBLE.is_match(&plain) || NOT_UNTIL.is_match(&plain) {
        return None;
    }
    if NEGATIVE.is_match(&plain) {
        // "X is recommended; Y is contraindicated": say nothing rather than half of it.
        let rest = NEGATIVE.replace_all(&plain, " ");
        let both = POSITIVE.is_match(&rest)
            || recommendation::spoken(&plain) > 1
            || (!NEGATIVE_FIRST.is_match(&plain) && imperative::instructs(&plain));
        return if both { None } else { Some(Direction::Against) };
    }
    affirmative(text, &plain)
}

/// The text without what only limits, concedes or explains.
fn plain(text: &str) -> String {
    // "Drugs such as X are not advised": no clause begins there.
    let text = text.replace("such as", "including");
    let text = NOTE_THAT.replace(&text, " ");
    let text = CONCESSION.replace(&text, " ");
    let text = BRACKET.replace_all(&text, |found: &Captures<'_>| {
        let inner = &found[0];
        if STRAY_NEGATION.is_match(inner) || NEGATIVE.is_match(inner) && !inner.contains("avoiding") {
            inner.to_owned()
        } else {
            " ".to_owned()
        }
    });
    let text = CONDITION.replace_all(&text, " if ");
    if !text.contains(';') {
        return text.into_owned();
    }
    let setting = Setting { lead: Some(""), ..Setting::default() };
    let says = |clause: &&str| {
        NEGATIVE.is_match(clause) || POSITIVE.is_match(clause) || recommendation::advises(clause, &setting)
    };
    let advice: Vec<&str> = text.split(';').filter(says).collect();
    if advice.is_empty() { text.into_owned() } else { advice.join(";") }
}

/// The direction of words that no negation of advice stands in.
fn affirmative(text: &str, plain: &str) -> Option<Direction> {
    // "Discontinue the drug": what is discontinued is not done. "Stop any bleeding" is another matter.
    let first = plain.split_whitespace().next().unwrap_or_default().to_lowercase();
    if ENDED_WHERE.is_match(plain) && !POSITIVE.is_match(plain) && !STRAY_NEGATION.is_match(plain) {
        return Some(Direction::For);
    }
    if first == "stop" {
        return None;
    }
    if matches!(first.as_str(), "discontinue" | "withhold") {
        return if POSITIVE.is_match(plain) { None } else { Some(Direction::Against) };
    }
    // "Not licensed or recommended": a negation that no form above has read is a reason for silence.
    if STRAY_NEGATION.is_match(plain) || NO_SUBJECT.is_match(plain) {
        return None;
    }
    // Where a negation was set aside with its clause, what is left must recommend by itself.
    let said = if NEGATIVE.is_match(text) { plain } else { text };
    let positive = recommendation::advises(said, &Setting { lead: Some(""), ..Setting::default() });
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
