//! From the places of a text to what it says, field by field.
//!
//! Within a sentence the narrower of two words is meant ("adults aged 40 to 75"), two that exclude each other are both
//! meant ("infants and toddlers"), and what is denied is taken away. Sentences may speak of several groups, so what
//! they say is put together; what comes of that is wider, never narrower, than what was read.

use std::collections::BTreeMap;
use std::ops::Range;

use super::field::{Field, Kinds};
use super::interval::{Interval, narrowest};
use super::mention::{Manner, Mention, PEOPLE, Role, Value, mentions};
use super::object::may_be_same;
use super::token::{Token, among, tokens};

/// What a text says of one field.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Said {
    pub(super) reading: Reading,
    /// Bytes of the text.
    pub(super) range: Range<usize>,
    /// What a risk is of; empty where not said.
    pub(super) object: String,
    /// Whether the text says that it speaks of all of them ("all adults").
    pub(super) all: bool,
}

/// Who is meant, in one field.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reading {
    /// One of these kinds.
    Kinds(Kinds),
    /// In one of these intervals.
    Intervals(Vec<Interval>),
}

/// What a text says, and whom it leaves out.
#[derive(Clone, Debug, Default)]
pub(super) struct Summary {
    pub(super) said: BTreeMap<Field, Said>,
    /// Groups, each with all that makes it ("pregnant women", "women with diabetes").
    pub(super) left_out: Vec<Vec<(Field, Said)>>,
}

/// Longest words of a flag, in bytes; what is longer is told by its first mention.
const LONGEST: usize = 90;

/// Reads a text.
pub(super) fn summary(text: &str, manner: Manner) -> Summary {
    read(text, manner, false)
}

/// Reads a passage: whom it is for stands in its first sentence, what follows speaks of others, too; whom it leaves out may
/// stand in any.
pub(super) fn summary_of_first(text: &str, manner: Manner) -> Summary {
    read(text, manner, true)
}

fn read(text: &str, manner: Manner, first: bool) -> Summary {
    let lower = text.to_ascii_lowercase();
    let cut = tokens(text, &lower);
    let mut found = mentions(&cut, manner);
    if first {
        let end = cut.iter().position(|token| token.is(&["."])).unwrap_or(cut.len());
        found.retain(|mention| mention.tokens.start < end || mention.role == Role::Excepted);
    }
    alternatives(&cut, &mut found);
    let mut summary = Summary::default();
    for field in Field::ALL {
        let of_field: Vec<&Mention> = found.iter().filter(|mention| mention.field == field).collect();
        if of_field.is_empty() {
            continue;
        }
        if let Some(said) = said(&cut, field, &of_field) {
            summary.said.insert(field, said);
        }
    }
    for group in groups(&cut, &found) {
        let left_out = found.get(group).unwrap_or_default();
        if left_out.last().is_none_or(|last| is_qualified(&cut, left_out, last)) {
            continue;
        }
        let left_out = left_out.iter().filter(|mention| mention.role == Role::Excepted);
        let left_out: Vec<(Field, Said)> = left_out.map(|mention| (mention.field, one(&cut, mention))).collect();
        if !left_out.is_empty() {
            summary.left_out.push(left_out);
        }
    }
    summary
}

/// Whether words that are not read narrow a group further: "adults with gout are outside the scope", "older children".
fn is_qualified(cut: &[Token<'_>], group: &[Mention], last: &Mention) -> bool {
    let word = |at: usize| cut.get(at).map_or(".", |token| token.word);
    let mut after = last.tokens.end;
    while among(&PEOPLE, word(after)) {
        after += 1;
    }
    let followed = matches!(
        word(after),
        "with"
            | "who"
            | "whose"
            | "that"
            | "at"
            | "on"
            | "in"
            | "taking"
            | "having"
            | "without"
            | "after"
            | "during"
            | "undergoing"
            | "living"
            | "receiving"
            | "weighing"
    );
    let noun = group.iter().all(|mention| matches!(mention.field, Field::Age | Field::Sex));
    let first = group.first().map_or(0, |mention| mention.tokens.start);
    let before = first.checked_sub(1).map_or(".", word);
    let plain = matches!(
        before,
        "to" | "for"
            | "in"
            | "of"
            | "except"
            | "excluding"
            | "and"
            | "or"
            | "than"
            | "from"
            | "not"
            | "unless"
            | ","
            | "."
            | "are"
            | "("
            | ":"
            | "include"
            | "cover"
            | "address"
            | "the"
    );
    followed || noun && !plain
}

fn one(cut: &[Token<'_>], mention: &Mention) -> Said {
    let reading = match mention.value {
        Value::Kinds(kinds) => Reading::Kinds(kinds),
        Value::Interval(interval) => Reading::Intervals(vec![interval]),
    };
    Said { reading, range: bytes(cut, &mention.tokens), object: mention.object.clone(), all: false }
}

fn bytes(cut: &[Token<'_>], tokens: &Range<usize>) -> Range<usize> {
    let start = cut.get(tokens.start).map_or(0, |token| token.range.start);
    let end = tokens.end.checked_sub(1).and_then(|last| cut.get(last)).map_or(start, |token| token.range.end);
    start..end.max(start)
}

/// Puts together what the sentences say of one field; `None` where they say nothing, or everything.
fn said(cut: &[Token<'_>], field: Field, found: &[&Mention]) -> Option<Said> {
    let counted: Vec<&&Mention> = found.iter().filter(|mention| mention.role != Role::Excepted).collect();
    if counted.iter().any(|mention| mention.role == Role::Any) {
        return None;
    }
    let first = counted.iter().find(|mention| mention.role != Role::Possible)?;
    // "at increased risk for breast cancer and at low risk for adverse effects": the first is whom it is about.
    let counted: Vec<&&Mention> =
        counted.iter().copied().filter(|mention| may_be_same(&mention.object, &first.object)).collect();
    let reading = if field.everybody() == 0 {
        Reading::Intervals(intervals(&counted))
    } else {
        let mut all = 0;
        for sentence in counted.chunk_by(|one, other| one.sentence == other.sentence) {
            all |= kinds(field, sentence);
        }
        Reading::Kinds(all)
    };
    let everybody = match &reading {
        Reading::Kinds(kinds) => *kinds == field.everybody() || *kinds == 0,
        Reading::Intervals(intervals) => intervals.is_empty(),
    };
    if everybody {
        return None;
    }
    let all = field == Field::Age && counted.len() == 1 && is_all(cut, first.tokens.start);
    Some(Said { reading, range: words(cut, field, &counted), object: first.object.clone(), all })
}

/// "all adults", "every adult"
fn is_all(cut: &[Token<'_>], at: usize) -> bool {
    at.checked_sub(1).and_then(|at| cut.get(at)).is_some_and(|token| token.is(&["all", "every"]))
}

fn intervals(found: &[&&Mention]) -> Vec<Interval> {
    let mut all = Vec::new();
    for sentence in found.chunk_by(|one, other| one.sentence == other.sentence) {
        let of = |listed: bool| -> Vec<Interval> {
            let named = sentence.iter().enumerate().filter(|(at, mention)| {
                mention.role == Role::Named && mention.listed == listed && !is_narrowed(sentence, *at)
            });
            named
                .map(|(_, mention)| mention)
                .filter_map(|mention| if let Value::Interval(interval) = mention.value { Some(interval) } else { None })
                .collect()
        };
        let (single, listed) = (narrowest(&of(false)), of(true));
        // "children and adolescents aged 2 to 18": the number holds for the list.
        if single.is_empty() || !single.iter().any(|interval| interval.printed) {
            all.extend(listed);
        }
        all.extend(single);
    }
    all
}

/// "children aged 5 and over and young people": the children are those of the age right after, which is one of the list.
fn is_narrowed(sentence: &[&&Mention], at: usize) -> bool {
    let (Some(one), Some(next)) = (sentence.get(at), sentence.get(at + 1)) else { return false };
    let printed = matches!(next.value, Value::Interval(interval) if interval.printed);
    !one.listed && next.listed && printed && one.tokens.end == next.tokens.start
}

/// A sound liver, sound kidneys: the first kind of both fields.
const SOUND: Kinds = 1;

/// The kinds that a sentence names, less those that it denies.
fn kinds(field: Field, sentence: &[&&Mention]) -> Kinds {
    let of = |wanted: fn(&Mention) -> bool| {
        let wanted = sentence.iter().filter(move |mention| wanted(mention));
        wanted.filter_map(|mention| if let Value::Kinds(kinds) = mention.value { Some(kinds) } else { None })
    };
    let listed = of(|mention| mention.role == Role::Named && mention.listed).fold(0, |all, kinds| all | kinds);
    let mut named: Vec<Kinds> = of(|mention| mention.role == Role::Named && !mention.listed).collect();
    // What is one of the list and is named again by itself ("pregnant or breastfeeding, until breastfeeding ends") takes nothing from it.
    let members: Vec<Kinds> = of(|mention| mention.role == Role::Named && mention.listed).collect();
    named.retain(|kinds| !members.contains(kinds));
    named.extend((listed != 0).then_some(listed));
    // "a sound liver and new ascites": what the sign is of is said.
    if matches!(field, Field::Liver | Field::Kidney) && named.contains(&SOUND) {
        named.retain(|kinds| *kinds == SOUND);
    }
    let wider = |kinds: Kinds| named.iter().any(|other| other & !kinds == 0 && *other != kinds);
    let meant = named.iter().filter(|kinds| !wider(**kinds)).fold(0, |all, kinds| all | kinds);
    let meant = if named.is_empty() {
        field.everybody()
    } else {
        // "cirrhosis" beside "Child-Pugh C" says nothing new; beside "significant fibrosis" it widens.
        let holds = |kinds: Kinds| named.iter().any(|named| named & !kinds == 0);
        let possible = of(|mention| mention.role == Role::Possible).filter(|kinds| !holds(*kinds));
        possible.fold(meant, |all, kinds| all | kinds)
    };
    let without = |from: Kinds| of(|mention| mention.role == Role::Denied).fold(from, |left, kinds| left & !kinds);
    // "without HIV ... a CD4 count above 200": what is denied counts.
    if without(meant) == 0 { without(field.everybody()) } else { without(meant) }
}

/// The words to show: all mentions of the first sentence where that is short, with what denies them.
fn words(cut: &[Token<'_>], field: Field, counted: &[&&Mention]) -> Range<usize> {
    let told: Vec<&&&Mention> = counted.iter().filter(|mention| mention.role != Role::Possible).collect();
    let Some(first) = told.first() else { return 0..0 };
    let narrow = |mention: &&&&&Mention| {
        field != Field::Age || matches!(mention.value, Value::Interval(interval) if interval.printed)
    };
    let shown = told.iter().find(narrow).unwrap_or(first);
    let last = told.iter().rev().find(|mention| mention.sentence == shown.sentence).unwrap_or(shown);
    let mut range = bytes(cut, &shown.tokens);
    let end = bytes(cut, &last.tokens).end;
    if field != Field::Age && end > range.end && end - range.start <= LONGEST {
        range.end = end;
    }
    if shown.role == Role::Denied {
        let negator = (shown.tokens.start.saturating_sub(6)..shown.tokens.start)
            .rev()
            .find(|at| cut[*at].is(&["not", "no", "without", "never", "non", "nor", "neither", "free"]));
        range.start = negator.map_or(range.start, |at| cut[at].range.start);
    }
    range
}

/// Several groups named side by side: "pregnant women or children", "people aged 65 or older or with diabetes".
///
/// Of such a list each field that not all of its members have says nothing of the others, so it is dropped.
fn alternatives(cut: &[Token<'_>], found: &mut [Mention]) {
    listed(cut, found);
    let groups = groups(cut, found);
    for pair in groups.windows(2) {
        let [one, two] = pair else { continue };
        let (Some(last), Some(next)) = (found.get(one.end - 1), found.get(two.start)) else { continue };
        if last.sentence != next.sentence {
            continue;
        }
        let gap = cut.get(last.tokens.end..next.tokens.start).unwrap_or_default();
        let Some(link) = link(gap) else { continue };
        let headed = has_head(cut, found, two);
        let listed = match link {
            Link::Or => true,
            Link::And => headed && has_head(cut, found, one),
        };
        if !listed {
            continue;
        }
        let (one, two) = if headed && has_head(cut, found, one) {
            (one.clone(), up_to_head(found, two))
        } else {
            (one.end - 1..one.end, two.start..two.start + 1)
        };
        drop_uncommon(found, one, two, matches!(link, Link::And));
    }
}

/// Marks the members of a list of one field: "infants and young children".
fn listed(cut: &[Token<'_>], found: &mut [Mention]) {
    for at in 1..found.len() {
        let Some(before) = (0..at).rev().find(|before| found[*before].field == found[at].field) else { continue };
        let (one, next) = (&found[before], &found[at]);
        let gap = cut.get(one.tokens.end.min(next.tokens.start)..next.tokens.start).unwrap_or_default();
        if one.sentence == next.sentence && gap.len() < 8 && link(gap).is_some() {
            (found[before].listed, found[at].listed) = (true, true);
        }
    }
}

enum Link {
    Or,
    And,
}

/// Runs of mentions between which no conjunction stands.
fn groups(cut: &[Token<'_>], found: &[Mention]) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = Vec::new();
    for at in 0..found.len() {
        let joined = at > 0 && {
            let (one, next) = (&found[at - 1], &found[at]);
            let gap = cut.get(one.tokens.end.min(next.tokens.start)..next.tokens.start).unwrap_or_default();
            let parts = |token: &Token<'_>| {
                token.is(&["or", "and", ",", "/", "recommended", "should", "must", "suggested", "advised", "offered"])
            };
            one.sentence == next.sentence && !gap.iter().any(parts)
        };
        match all.last_mut() {
            Some(last) if joined => last.end = at + 1,
            _ => all.push(at..at + 1),
        }
    }
    all
}

/// How two groups are linked, where nothing but names of people and small words stands between.
fn link(gap: &[Token<'_>]) -> Option<Link> {
    const SMALL: &[&str] = &[
        "who",
        "are",
        "is",
        "have",
        "has",
        "with",
        "in",
        "on",
        "of",
        "the",
        "a",
        "an",
        "at",
        "those",
        "for",
        "to",
        "during",
        "known",
        "other",
        "either",
        "being",
        "aged",
        "old",
        "their",
        "history",
        "established",
        "severe",
        "moderate",
        "also",
    ];
    let plain = |token: &Token<'_>| {
        token.is(&["or", "and", ",", "/"]) || SMALL.contains(&token.word) || among(&PEOPLE, token.word)
    };
    if gap.is_empty() || !gap.iter().all(plain) {
        return None;
    }
    if gap.iter().any(|token| token.is(&["or", "/"])) {
        return Some(Link::Or);
    }
    // "Two weeks after birth, a mother who": a comma before a new noun begins what is said of her.
    let comma = gap.iter().any(|token| token.word == ",") && !gap.iter().any(|token| among(&PEOPLE, token.word));
    (comma || gap.iter().any(|token| token.word == "and")).then_some(Link::And)
}

fn has_head(cut: &[Token<'_>], found: &[Mention], group: &Range<usize>) -> bool {
    let before = |mention: &Mention| {
        let from = mention.tokens.start.saturating_sub(3);
        cut.get(from..mention.tokens.start).unwrap_or_default().iter().any(|token| among(&PEOPLE, token.word))
    };
    found.get(group.clone()).unwrap_or_default().iter().any(|mention| mention.head || before(mention))
}

/// The mentions of a group as far as its noun: what follows it may be said of the whole list.
fn up_to_head(found: &[Mention], group: &Range<usize>) -> Range<usize> {
    let head = found.get(group.clone()).unwrap_or_default().iter().position(|mention| mention.head);
    head.map_or(group.clone(), |head| {
        // A noun gives two mentions ("woman": sex and age).
        let tokens = found[group.start + head].tokens.clone();
        let same = found[group.start + head..group.end].iter().take_while(|mention| mention.tokens == tokens).count();
        group.start..group.start + head + same
    })
}

fn drop_uncommon(found: &mut [Mention], one: Range<usize>, two: Range<usize>, and: bool) {
    let fields = |range: &Range<usize>| found[range.clone()].iter().map(|mention| mention.field).collect::<Vec<_>>();
    let (left, right) = (fields(&one), fields(&two));
    // "HIV-negative adults and children": what stands before the first noun holds for the second, where it can.
    let shared = |found: &[Mention], at: usize| {
        let (mention, next) = (&found[at], found.get(at + 1));
        let bound =
            matches!(mention.field, Field::Age | Field::Sex | Field::Pregnancy | Field::Gestation | Field::Menopause);
        !bound && next.is_some_and(|next| next.head && next.tokens.start == mention.tokens.end)
    };
    let kept: Vec<usize> = one.clone().filter(|at| and && shared(found, *at)).collect();
    for at in one.chain(two).filter(|at| !kept.contains(at)) {
        let mention = &mut found[at];
        if mention.role == Role::Named && left.contains(&mention.field) != right.contains(&mention.field) {
            mention.role = Role::Any;
        }
    }
}
