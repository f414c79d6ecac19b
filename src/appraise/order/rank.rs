//! What a statement puts first and what it keeps for later: "is the drug of choice", "as first-line treatment", "is an
//! alternative", "is added when".
//!
//! One word decides here, and it stands beside the thing that it ranks: "norepinephrine stays first-line, and vasopressin is
//! added" shares all its words with "vasopressin is first-line". So ranks are read thing by thing, from the phrase that stands
//! nearest to the word of rank in its own clause, and only of one and the same thing in both texts is a difference told.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::LazyLock;

use regex::Regex;

use crate::language::{self, pattern};

/// What a text ranks.
#[derive(Clone, Debug, Default)]
pub(super) struct Ranks(Vec<Ranked>);

/// How two texts rank things.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// The one puts first what the other keeps for later.
    Apart {
        /// What they rank, in the words of the first.
        thing: String,
        /// Whether it is the first that puts it first.
        first: bool,
    },
    /// Each puts another thing first.
    Others,
}

/// Words may be a patient's, so they are not shown.
impl fmt::Debug for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Standing::Apart { thing, first } => write!(f, "Apart({} bytes, {first})", thing.len()),
            Standing::Others => f.write_str("Others"),
        }
    }
}

#[derive(Clone)]
struct Ranked {
    place: Place,
    phrase: String,
    terms: BTreeSet<String>,
}

impl fmt::Debug for Ranked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ranked({:?}, {} words)", self.place, self.terms.len())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    First,
    Later,
}

/// Words of rank, by what they say; the first that stands at a place holds.
static CUE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)\b(?:
          (?P<both>alternative\ (?:initial|first)\w*(?:-line)?|(?:first|second)[-\ ]or[-\ ](?:first|second))
        | (?P<later>(?:second|third|fourth|last)[-\ ]?(?:line|choice)|second\ (?:drug|choice|step)|last\ resort|alternatives?|fall-?back|substitutes?
            |add-?on|reserve\ (?:drug|antibiotic|agent)s?|reserved|added)
        | (?P<first>first[-\ ]?line|first[-\ ](?:choice|pick|drugs?|treatment|agent|step|option)|(?:drugs?|treatments?|agents?|therapy|antibiotics?|medicines?|tests?|methods?|modality)\ of\ (?:first\ )?choice
            |preferred|initial\ (?:drugs?|treatment|therapy|choice|agent|antibiotic|vasopressor)|mainstay)
        )\b",
    )
});
/// Where a clause ends for what is ranked.
static CLAUSE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)[;:.!?](?:\s|$)|\n|,\s+(?:and|but|with|while|whereas|or)\b|\b(?:while|whereas|but|unless|where|when|if|because)\b|[()]",
    )
});
/// What stands between a thing and its rank: "is still the", "should be given as".
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?ix)(?:^|[\s,])(?:(?:is|are|was|were|be|being|been|remains?|stays?|becomes?|became|goes|comes?|serves?)
          (?:\ (?:an?|the|still|usually|generally|now|only|just|also|then|considered|regarded|seen|suggested|recommended|given|used|offered|kept|made|as|acceptable|reasonable|possible|best|not|no\ longer|never))*
          |(?:as|made)(?:\ (?:an?|the|its|their))?)
          (?:\s+(?:[\w-]+)){0,2}?\s*$",
    )
});
/// What follows a rank and leads to the thing: "first-line drugs for hypertension are".
static LEADS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:[\s\w-]|\s*\([^)]*\)){0,60}?\b(?:is|are|was|were|remains?|stays?|include|includes)\s+(?P<thing>.+)$",
    )
});
/// The verb whose object is ranked: "offer methylphenidate as the".
static OBJECT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^.*\b(?:use|uses|offer|give|gives|choose|start|starts|begin|prescribe|with|recommend|recommends|consider|prefer|prefers|take|try|made|makes|put|puts|suggests?|using|by)\s+",
    )
});
/// Where a thing's name begins, after what the statement opens with.
static OPENING: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^.*(?:,|\b(?:that|then|and also)\b)\s*"));
/// Where a thing's name ends: what follows says what it is for.
static PURPOSE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\s+(?:for|in|of|to|during|among|after|as|who|which|at|with|from|until)\b.*$"));
static NEGATION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:not|no longer|never|nor|neither|avoid|cannot|rather than|instead of|don[’']t|isn[’']t|aren[’']t)\b",
    )
});
/// Words that name no one thing.
const GENERIC: &str = "drug treatment therapy agent medicine medication antibiotic class line choice option oral standard course use method \
                       approach dose first second the either both one other and or only more most test regimen combination patient \
                       people adult child woman man short long acting type should must never always daily once single \
                       may can has have an in too like beside 1 2 3";

static GENERIC_TERMS: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| language::terms(GENERIC).into_iter().map(|term| term.text).collect());

impl Ranks {
    /// What a text ranks.
    pub(super) fn of(text: &str) -> Ranks {
        // Most texts rank nothing.
        if !CUE.is_match(text) {
            return Ranks::default();
        }
        let mut found = Vec::new();
        let mut from = 0;
        let ends = CLAUSE.find_iter(text).map(|end| (end.start(), end.end())).chain([(text.len(), text.len())]);
        for (end, next) in ends {
            if let Some(clause) = text.get(from..end) {
                found.extend(ranked(clause));
            }
            from = next;
        }
        Ranks(found)
    }

    /// How this text's ranks and another's stand to each other; `None` where they do not speak of ranks of the same.
    pub(super) fn against(&self, other: &Ranks) -> Option<Standing> {
        let of = |ranks: &Ranks, place: Place, thing: &BTreeSet<String>| {
            ranks.0.iter().any(|one| one.place == place && is_same(&one.terms, thing))
        };
        let turned = |place: Place| if place == Place::First { Place::Later } else { Place::First };
        let apart = |one: &Ranked| of(other, turned(one.place), &one.terms) && !of(other, one.place, &one.terms);
        if let Some(one) = self.0.iter().find(|one| apart(one)) {
            return Some(Standing::Apart { thing: one.phrase.clone(), first: one.place == Place::First });
        }
        let others = |one: &Ranked| {
            one.place == Place::First
                && other.0.iter().any(|two| two.place == Place::First)
                && !of(other, Place::First, &one.terms)
        };
        self.0.iter().any(others).then_some(Standing::Others)
    }
}

/// Whether two phrases name one thing: half of the words of the shorter, at least.
fn is_same(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    let shared = one.intersection(other).count();
    shared > 0 && 2 * shared >= one.len().min(other.len())
}

/// The things that a clause ranks.
fn ranked(clause: &str) -> Vec<Ranked> {
    let mut found = Vec::new();
    for cue in CUE.captures_iter(clause) {
        let Some(whole) = cue.get(0) else { continue };
        let place = match (cue.name("first"), cue.name("later")) {
            (Some(_), _) => Place::First,
            (_, Some(_)) => Place::Later,
            _ => continue,
        };
        let before = clause.get(..whole.start()).unwrap_or_default();
        let after = clause.get(whole.end()..).unwrap_or_default();
        let near = before.rsplit(',').next().unwrap_or(before);
        let Some(phrase) = thing_before(before).or_else(|| thing_after(after)) else { continue };
        let place = match place {
            Place::First if NEGATION.is_match(near) => Place::Later,
            // What is no alternative may be first, or nothing.
            Place::Later if NEGATION.is_match(near) => continue,
            other => other,
        };
        let terms = name(&phrase);
        if !terms.is_empty() {
            found.push(Ranked { place, phrase: phrase.trim().to_owned(), terms });
        }
    }
    found
}

/// "Penicillin is the preferred", "Offer methylphenidate as the first-line".
fn thing_before(before: &str) -> Option<String> {
    let Some(link) = LINK.find(before) else { return bare(before) };
    let head = before.get(..link.start())?;
    let object = OBJECT.find(head).filter(|_| link.as_str().trim_start().to_lowercase().starts_with("as"));
    let phrase = match object {
        Some(verb) => head.get(verb.end()..)?.to_owned(),
        None => OPENING.replace(head, "").into_owned(),
    };
    let phrase = PURPOSE.replace(&phrase, "").into_owned();
    (!phrase.trim().is_empty()).then_some(phrase)
}

/// "Benzodiazepines first line, phenobarbital as alternative".
fn bare(before: &str) -> Option<String> {
    const MOST: usize = 3;
    let phrase = OPENING.replace(before, "").into_owned();
    let words = phrase.split_whitespace().count();
    (1..=MOST).contains(&words).then_some(phrase)
}

/// "First-line drugs for hypertension are thiazides and calcium channel blockers".
fn thing_after(after: &str) -> Option<String> {
    let thing = LEADS.captures(after)?.name("thing")?.as_str();
    Some(PURPOSE.replace(thing, "").into_owned())
}

/// The words of a phrase that name a thing.
fn name(phrase: &str) -> BTreeSet<String> {
    let terms = language::terms(phrase).into_iter().map(|term| term.text);
    terms.filter(|term| term.len() > 1 && !GENERIC_TERMS.contains(term)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What both rank, and otherwise; empty where each puts another thing first.
    fn check(claim: &str, passage: &str, expected: Option<&str>) {
        let thing = match Ranks::of(claim).against(&Ranks::of(passage)) {
            Some(Standing::Apart { thing, .. }) => Some(thing),
            Some(Standing::Others) => Some(String::new()),
            None => None,
        };
        assert_eq!(thing.as_deref(), expected, "{claim} | {passage}");
    }

    #[test]
    fn what_one_puts_first_the_other_keeps_for_later() {
        let penicillin =
            "Penicillin is the preferred drug for prophylaxis in labor; ampicillin is an acceptable alternative.";
        check("Ampicillin is the preferred antibiotic in labor.", penicillin, Some("Ampicillin"));
        check("Penicillin is the drug of choice in labor.", penicillin, None);
        check("In labor, ampicillin is an alternative.", penicillin, None);
        let sepsis = "In the 2026 guideline, norepinephrine stays the first-line vasopressor in septic shock, and vasopressin is \
                      added when its dose is in the range of 0.25 to 0.5 µg/kg/min.";
        check("Vasopressin is the first-line vasopressor in septic shock.", sepsis, Some("Vasopressin"));
        check("Norepinephrine is the first-line vasopressor in septic shock.", sepsis, None);
        let hepatorenal = "Treat it with terlipressin and albumin; where terlipressin cannot be used, norepinephrine is the alternative vasoconstrictor.";
        check("Norepinephrine is the first-line vasoconstrictor.", hepatorenal, Some("Norepinephrine"));
        let triple = "Triple therapy of a proton pump inhibitor (PPI) and clarithromycin is no longer a preferred first-line treatment.";
        check("Clarithromycin triple therapy is first-line.", triple, Some("Clarithromycin triple therapy"));
        let withdrawal =
            "Drug treatment: benzodiazepines first line, phenobarbital as alternative for experienced providers.";
        check("Benzodiazepines are the treatment of choice.", withdrawal, None);
        check("Phenobarbital is the treatment of choice.", withdrawal, Some("Phenobarbital"));
        let osteoporosis = "In postmenopausal females who do not tolerate bisphosphonates, denosumab is suggested as the second-line drug.";
        check("Denosumab is first-line for osteoporosis.", osteoporosis, Some("Denosumab"));
        check("Bisphosphonates are first-line for osteoporosis.", osteoporosis, None);
    }

    #[test]
    fn each_puts_another_thing_first() {
        let methylphenidate =
            "Offer methylphenidate, short or long acting, as the first-line drug for children aged 5 years and over.";
        check("Atomoxetine is the first-line drug for a 9-year-old.", methylphenidate, Some(""));
        check("Methylphenidate is the first-line drug for a 9-year-old.", methylphenidate, None);
        let drugs = "First-line drugs for hypertension are thiazides, long-acting calcium channel blockers (CCB) and ACE inhibitors.";
        check("Beta-blockers are first-line for hypertension.", drugs, Some(""));
        check("Thiazides are first-line for hypertension.", drugs, None);
    }

    #[test]
    fn what_is_not_ranked_says_nothing() {
        check("Vasopressin is given in septic shock.", "Norepinephrine is first-line.", None);
        check("CBT is first-line.", "Combination is an alternative initial treatment.", None);
    }
}
