//! Which way a statement points, read leniently enough for the words of an answer, and whether two statements point
//! against each other.
//!
//! What is negated is counted: words that negate ("not", "no longer") and words that turn an action round ("avoid",
//! "discontinue", "unsafe") each turn the statement once, so "should not be withheld" points forward. Subordinate
//! clauses set limits and do not count. What a guideline states of itself ([`crate::passage::Direction`]) is read more
//! strictly elsewhere and goes before what is read here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use crate::language::{self, pattern};
use crate::passage::Direction;

/// Which way a statement points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pointing {
    /// It affirms.
    Forward,
    /// It denies.
    Back,
    /// It leaves the matter open: the evidence does not suffice, or the decision is the person's.
    Open,
}

/// What is read of one statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Polarity {
    /// Which way it points.
    pub pointing: Pointing,
    /// Whether it says what to do, or else how things are.
    pub advises: bool,
    /// How often it turns round.
    turns: usize,
    /// Whether it says not to end something.
    ends: bool,
    /// Words of limits that are part of what it says.
    limits: BTreeSet<String>,
    /// Whether it is the first of its passage's clauses, which a stated direction is about.
    first: bool,
    /// What it puts before what, where it prefers: the words before, the words after.
    preferred: Option<(Vec<String>, Vec<String>)>,
    /// Its terms that have an opposite.
    turning: BTreeSet<&'static str>,
}

/// The clause of a passage that is nearest to a claim.
#[derive(Clone, Debug)]
pub struct Nearest<'a> {
    /// What is read of it.
    pub polarity: Polarity,
    /// Its words.
    pub clause: &'a str,
    /// The share of the claim's terms that it holds, 0 to 1.
    pub share: f32,
    /// The share that all clauses hold together.
    pub shared_by_all: f32,
}

/// How two statements differ: what a fit may weigh where [`Polarity::opposes`] is not sure enough to say anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contrast {
    /// Whether they point apart, counted over turns, opposites and preferences.
    pub turned: bool,
    /// Words of the one that stand against a word of the other.
    pub opposites: usize,
    /// Whether the one prefers what the other puts behind.
    pub swapped: bool,
    /// Whether both say what to do.
    pub both_advise: bool,
    /// Whether they have other limits.
    pub limits_differ: bool,
    /// Whether one of them alone prefers.
    pub one_prefers: bool,
}

/// Clauses that limit, concede or describe, and say nothing of which way the statement points.
static ASIDE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:^|[\s,;(])(?:(?:unless|except(?: (?:in|for|when|where|if))?|even if|even when|even though|although|though|whereas|despite|regardless of|whether or not|apart from|other than|rather than|as opposed to)\b[^,;.]*|(?:if|when|where|because|since|once|until|as long as|provided)\s[^,;.]*?\b(?:not|no|never|cannot|without|contra-?indicated|unsafe|unable|n[’']t)\b[^,;.]*|(?:in |for |among |to )?(?:whom|who|which|whose)\b[^,;.]*?\b(?:not|no|never|cannot|without|n[’']t|contra-?indicated)\b\s?\w*|that (?:(?:do|does|did|has|have|is|are|was|were)(?: not|n[’']t)|cannot)\b\s?\w*|(?:people|patients|adults|women|men|children|those|persons|anyone|someone|individuals) (?:not|without|with no) [^,;.]*?(?:$|[,;.]|\b(?:should|must|need|are|is|can|may)\b)|without contra-?indications? against\b|with (?:an? |any )?contra-?indications? to (?:\w+[ -]){0,2}\w+|without \w+|not (?:yet |currently |already |now )?(?:on|taking|receiving|using|pregnant|breastfeeding|bleeding|infected|immune)\b(?: \w+)?|,? ?(?:or|and) (?:who )?(?:(?:do|does|did|have|has) not|cannot|could not) (?:respond|tolerat|improv)\w*[^,;.]*|not only\b|no matter\b|non-?\w+)",
    )
});
/// What leaves the matter open.
static OPEN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:insufficient (?:evidence|data)|(?:evidence|data) (?:is|are|was|were|remains?) (?:currently |still )?(?:insufficient|inadequate|lacking|unclear|limited)|not enough (?:evidence|data|research|studies)|(?:lack|absence) of evidence|inconclusive|(?:is|are|remains?) (?:un(?:clear|known|certain)|not (?:clear|known|certain))|no recommendation (?:for or against|can be|could be|is made)|neither (?:for nor against|recommends? (?:for )?nor)|(?:individual(?:i[sz]ed)?|shared|personal) (?:clinical )?(?:decision|choice)\w*|case-by-case|cannot (?:recommend for or against|determine|say whether))",
    )
});
/// Each turns a statement round once.
static TURN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:not|never|neither|cannot|can[’']t|(?:taper|reduc|wean|stopp)\w*(?:,? and|,? or)(?: then)? (?:stop|withdr[ae]w|discontinu)\w*|wean(?:s|ed|ing)?|no longer|(?:is|are|was|were|do|does|did|should|must|need|has|have|would|could|wo)n[’']t|needs? no|need not|no one|not? (?:recommended|advised)|superfluous|redundant|keeps? (?:[\w ,]{1,40} )?(?:from|out of)|hold(?:s|ing)? (?:off|back|up)|interrupt(?:s|ed|ing)?|wait(?:s|ed|ing)?|(?:give|use|offer|take|prescribe|eat|drink|add|perform) no|no (?:role|need|reason|benefit|evidence|advantage|indication|effect|place|point|value|difference|increase|reduction|association|link|relationship|longer|improvement|proven|significant|known|such|routine|additional|further|more)|nothing|nobody|none of|no one|hardly|rarely|seldom|lacks?|fail(?:s|ed)? to|unlikely|avoid(?:s|ed|ing|ance)?|(?:recommend\w*|suggest\w*|advi[sc]\w*|warn\w*|caution\w*|argu\w*|vot\w*|decid\w*|decision|counsel\w*|consensus|evidence|speaks?|speaking|is|are|was|were|been|(?:come|comes|came) (?:out|down)|strongly|conditionally|firmly|clearly|weakly|and|or|nor)(?: strongly| conditionally| firmly)? against|contra-?indicat(?:ed|ion|ions)|unsafe|unsuitable|out of place|off the menu|put(?:s|ting)? off|com(?:e|es|ing) off|unnecessary|needless(?:ly)?|inappropriate|inadvisable|unhelpful|discourag(?:e|es|ed|ing)|prohibit(?:s|ed)?|forbid(?:s|den)?|bann?ed|ineffective|useless|pointless|futile|with(?:hold|holds|held|holding|draw|drawn)|skip(?:s|ped|ping)?|omit(?:s|ted|ting)?|stop(?:s|ped|ping)?|discontinu(?:e|es|ed|ing|ation)|ceas(?:e|es|ed|ing)|refus(?:e|es|ed|ing)|den(?:y|ies|ied)|delay(?:s|ed|ing)?|postpon(?:e|es|ed|ing)|defer(?:s|red|ring)?|forgo|abandon(?:s|ed|ing)?|refrain(?:s|ed|ing)?|off[- ]limits|deferral|rul(?:e|es|ed) out)\b",
    )
});
/// What shows that a relative clause was read too far.
static RUNS_ON: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^[\s,;(]*(?:in |for |among |to )?(?:whom|who|which|whose)\b.*\b(?:should|must|needs?|(?:do|does) not need|(?:is|are) not (?:\w+ )?(?:recommended|advised|indicated|needed|necessary|a reason|a candidate))",
    )
});
static NOT_ENDED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:not|never|no reason to|n[’']t) (?:\w+ ){0,3}?(?:stop|discontinu|withh|delay|den[iy]|skip|omit|postpon|defer|refus|avoid|interrupt|ceas|abandon)\w*",
    )
});
/// A limit that cannot be taken away without saying something else.
static LIMIT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:only|solely|exclusively|unless|except\w*|until|without|after all|at most once|regardless|whatever|even (?:if|when|with|though)|in place of|depend\w*|alone)\b",
    )
});
/// Where one thing that a passage says ends and the next begins.
static CLAUSE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?:;|[.!?](?:\s|$)|\n|: (?:the|this|that|it|these|they)\b|, and (?:is|are|do|should|must)\b|, but\b)")
});
/// "Not" that turns nothing.
static IDLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:(?:vaccin|immuni[sz]|protect|shot|jab|immun|fight|work|insur|hedg|effective|active|defen[cds]|guard|antibod)\w*(?: \w+)? against|(?:is|are) (?:no|not an?) (?:\w+ )?contra-?indications?|not (?:only|just|merely|simply|limited to|necessarily)|why not|or not|if not|stop(?:ping|ped)? smoking|smoking cessation|quit|start(?:ing|ed)? (?:or|and) (?:stop|discontinu)\w*|begun or stopped|(?:has|have|had|is|are) (?:fully |completely )?(?:stopped|ceased)|stop(?:ping)? rules?|stop the bleeding|not (?:to )?(?:exceed|go above|rise above|fall below)|(?:no|not) (?:be |any )?(?:more|less|later|earlier|fewer|longer|higher|lower|older|younger|greater) than|with(?:out| no) (?:a |any )?contra-?indications?(?: against)?|without (?:a )?preference)\b",
    )
});
/// What says what to do.
static ADVICE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:should(?:n[’']t)?|must(?:n[’']t)?|ought|recommend\w*|suggest(?:s|ed)?|advis\w+|need(?:s|n[’']t)?(?: to)?|have to|has to|had better|shall|indicated|contra-?indicat\w+|prefer(?:red|s|able)?|first[- ]line|avoid(?:ed|ance)?|required?|necessary|unnecessary|discourag\w+|encourag\w+|warranted|appropriate|inappropriate|acceptable|permitted|allowed|prohibited|forbidden|off[- ]limits|(?:un)?safe|may (?:be|take|use|receive|get|have)|can (?:be|take|use|receive|get|have|safely)|fine to|ok(?:ay)? to|do not|don[’']t|never|needs? no|need not|no one|not? (?:recommended|advised)|superfluous|redundant|keeps? (?:[\w ,]{1,40} )?(?:from|out of)|hold(?:s|ing)? (?:off|back|up)|interrupt(?:s|ed|ing)?|wait(?:s|ed|ing)?|(?:give|use|offer|take|prescribe|eat|drink|add|perform) no|no (?:role|need|reason|place)|treatment of choice|standard of care|eligible|candidates?)\b",
    )
});
static IMPERATIVE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\W*(?:please |always |only |then |also |first |next )?(?:give|use|offer|consider|start|begin|initiate|stop|discontinue|avoid|take|treat|screen|test|check|measure|refer|prescribe|administer|monitor|keep|continue|withhold|hold|add|switch|increase|reduce|lower|raise|repeat|vaccinate|immuni[sz]e|delay|apply|choose|prefer|skip|limit|restrict|do|don[’']t|never|perform|obtain|order|provide|encourage|seek|call|place|elevate|cool|wash|drink|eat|get)\b",
    )
});
/// What puts one thing before another.
static PREFERS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\b(?:prefer(?:red|s|able)?(?: (?:to|over|rather than))|over|rather than|instead of|in preference to|superior to|better than|more effective than|safer than|ahead of|in place of|favou?red over|before)\b",
    )
});

/// What makes "over" or "before" the bound of a number or a time.
static BOUND: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:[≥>]?\s*\d|(?:the )?ages? |(?:the )?(?:next|past|last|first|course|time)\b|(?:a|an|one|two|three|several|many) (?:period|day|week|month|year|hour)s?\b|(?:birth|pregnancy|surgery|breakfast|bed|bedtime|meals?|puberty|menopause)\b)",
    )
});

/// Words on either side of a preference that are surely what is preferred.
const NEAREST: usize = 2;

/// Words that say the opposite of each other, as terms: for each those that stand against it.
static OPPOSITES: LazyLock<BTreeMap<String, BTreeSet<String>>> = LazyLock::new(|| {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in include_str!("opposites.tsv").lines().skip(1) {
        let [_, left, right] = row.split('\t').collect::<Vec<_>>()[..] else { continue };
        // What turns a statement by itself is counted as that.
        if TURN.is_match(left) || TURN.is_match(right) {
            continue;
        }
        for (one, other) in [(left, right), (right, left)] {
            if let (Some(one), Some(other)) = (term(one), term(other)) {
                all.entry(one).or_default().insert(other);
            }
        }
    }
    all
});

/// The term of one word; `None` of several.
fn term(word: &str) -> Option<String> {
    let mut terms = language::terms(word).into_iter();
    terms.next().filter(|_| terms.next().is_none()).map(|term| term.text)
}

impl Polarity {
    /// Reads one sentence.
    pub fn of(text: &str) -> Polarity {
        let main = main_clause(text);
        let advises = ADVICE.is_match(text) || IMPERATIVE.is_match(text);
        let told = IDLE.replace_all(&main, " ");
        let (turns, ends) = (turns(&told), NOT_ENDED.is_match(&told));
        let pointing = if OPEN.is_match(&main) {
            Pointing::Open
        } else if turns % 2 == 0 {
            Pointing::Forward
        } else {
            Pointing::Back
        };
        let turning = language::terms(&main).into_iter();
        let turning = turning.filter_map(|term| OPPOSITES.get_key_value(&term.text)).map(|(term, _)| term.as_str());
        let limits = LIMIT.find_iter(text).map(|found| found.as_str().to_lowercase()).collect();
        Polarity {
            pointing,
            advises,
            turns,
            ends,
            limits,
            first: true,
            preferred: preferred(text),
            turning: turning.collect(),
        }
    }

    /// Reads the one of a passage's clauses that shares most of its terms with a claim.
    pub fn nearest<'a>(passage: &'a str, claim: &BTreeSet<String>) -> Nearest<'a> {
        let mut all = BTreeSet::new();
        let mut ends: Vec<usize> = CLAUSE.find_iter(passage).map(|end| end.start()).collect();
        ends.push(passage.len());
        let mut from = 0;
        let mut best = (0, 0, passage);
        for end in ends {
            let clause = passage.get(from..end).unwrap_or_default();
            let shared: BTreeSet<String> =
                language::terms(clause).into_iter().map(|term| term.text).filter(|term| claim.contains(term)).collect();
            if shared.len() > best.0 {
                best = (shared.len(), from, clause);
            }
            all.extend(shared);
            from = end;
        }
        let read = Polarity::of(best.2.trim_start_matches([';', '.', ':', ',', ' ', '\n']));
        let share = |shared: usize| shared as f32 / claim.len().max(1) as f32;
        Nearest {
            polarity: Polarity { first: best.1 == 0, ..read },
            clause: best.2,
            share: share(best.0),
            shared_by_all: share(all.len()),
        }
    }

    /// The same with the direction that a guideline states of itself; `None` where it and the words disagree.
    pub fn stated(self, direction: Option<Direction>) -> Option<Polarity> {
        let pointing = match direction {
            None => self.pointing,
            // What follows the first clause qualifies the recommendation, and points where its own words say.
            Some(_) if !self.first => self.pointing,
            Some(Direction::Either | Direction::Insufficient) => Pointing::Open,
            // "Do not stop" is a recommendation against stopping; its words are read to the end.
            Some(Direction::Against) if self.ends => self.pointing,
            Some(Direction::Against) => Pointing::Back,
            Some(Direction::For) if self.turns == 1 => return None,
            Some(Direction::For) => Pointing::Forward,
        };
        Some(Polarity { pointing, advises: self.advises || direction.is_some(), ..self })
    }

    /// Whether this statement and another about the same matter point against each other; `None` where one of them
    /// leaves it open, only one of them says what to do, or limits and preferences stand between them.
    pub fn opposes(&self, other: &Polarity) -> Option<bool> {
        let open = self.pointing == Pointing::Open || other.pointing == Pointing::Open;
        let tangled = self.turns > 2 || other.turns > 2 || self.limits != other.limits;
        if open || tangled || self.advises != other.advises || self.preferred.is_some() != other.preferred.is_some() {
            return None;
        }
        let turned = self.pointing != other.pointing;
        Some(turned ^ (self.turns(other) % 2 == 1) ^ self.swaps(other))
    }

    /// How this statement and another differ, however little sure it is what follows.
    pub fn contrast(&self, other: &Polarity) -> Contrast {
        let opposites = self.turns(other);
        let swapped = self.swaps(other);
        Contrast {
            turned: (self.pointing != other.pointing && !self.is_open() && !other.is_open())
                ^ (opposites % 2 == 1)
                ^ swapped,
            opposites,
            swapped,
            both_advise: self.advises && other.advises,
            limits_differ: self.limits != other.limits,
            one_prefers: self.preferred.is_some() != other.preferred.is_some(),
        }
    }

    fn is_open(&self) -> bool {
        self.pointing == Pointing::Open
    }

    /// How many of its words stand against a word of the other's, which has not the word itself.
    fn turns(&self, other: &Polarity) -> usize {
        let against = |term: &&&str| {
            let opposites = OPPOSITES.get(**term);
            !other.turning.contains(**term)
                && opposites.is_some_and(|all| {
                    all.iter().any(|one| other.turning.contains(one.as_str()) && !self.turning.contains(one.as_str()))
                })
        };
        self.turning.iter().filter(against).count()
    }

    /// Whether both prefer, and the one what the other puts behind.
    fn swaps(&self, other: &Polarity) -> bool {
        let (Some(one), Some(two)) = (&self.preferred, &other.preferred) else { return false };
        // What stands on both sides of a preference is not what is preferred.
        let alone = |a: &[String], b: &[String]| a.iter().filter(|term| !b.contains(term)).cloned().collect::<Vec<_>>();
        let [one, two] = [one, two].map(|(before, after)| (alone(before, after), alone(after, before)));
        let shared = |a: &[String], b: &[String]| a.iter().filter(|term| b.contains(term)).count();
        let near = |count: usize| {
            let last = |words: &[String]| words[words.len().saturating_sub(count)..].to_vec();
            let first = |words: &[String]| words[..words.len().min(count)].to_vec();
            let (one, two) = ((last(&one.0), first(&one.1)), (last(&two.0), first(&two.1)));
            let straight = shared(&one.0, &two.0) + shared(&one.1, &two.1);
            let crossed = [shared(&one.0, &two.1), shared(&one.1, &two.0)];
            crossed[0].min(crossed[1]) > 0 && crossed[0] + crossed[1] > straight
        };
        near(NEAREST) || near(usize::MAX)
    }
}

/// How often a statement turns round. What is said again of the next thing in a list turns once: "against probiotics and
/// against rifaximin".
fn turns(told: &str) -> usize {
    let (mut count, mut before) = (0, String::new());
    for found in TURN.find_iter(told) {
        let word = found.as_str().to_lowercase();
        let joins = |word: &str| matches!(word, "and" | "or" | "nor");
        let joined = told.get(..found.start()).is_some_and(|text| {
            let last = text.trim_end().rsplit([' ', ',']).next().unwrap_or_default();
            joins(&last.to_lowercase())
        });
        // What is against is found together with the word before it.
        let (joined, word) = match word.strip_suffix(" against") {
            Some(first) => (joined || joins(first), "against".to_owned()),
            None => (joined, word),
        };
        count += usize::from(!(joined && word == before));
        before = word;
    }
    count
}

/// The first clause of a claim that says something: what follows it explains or limits.
pub fn principal(claim: &str) -> &str {
    const FEWEST: usize = 4;
    let ends = CLAUSE.find_iter(claim).map(|end| end.start());
    let whole = |end: &usize| language::terms(claim.get(..*end).unwrap_or_default()).len() >= FEWEST;
    let end = ends.into_iter().find(whole).unwrap_or(claim.len());
    claim.get(..end).unwrap_or(claim)
}

/// A text without the clauses that only limit, concede or describe; one that runs into the advice itself stays.
fn main_clause(text: &str) -> std::borrow::Cow<'_, str> {
    ASIDE.replace_all(text, |found: &regex::Captures<'_>| match &found[0] {
        aside if RUNS_ON.is_match(aside) => aside.to_owned(),
        _ => " ".to_owned(),
    })
}

/// What a statement puts before what, a few words on either side.
fn preferred(text: &str) -> Option<(Vec<String>, Vec<String>)> {
    const REACH: usize = 6;
    // "over 60" and "before the age of 60" put nothing before anything.
    let bounds = |found: &regex::Match<'_>| {
        matches!(found.as_str().to_lowercase().as_str(), "over" | "before")
            && text.get(found.end()..).is_some_and(|rest| BOUND.is_match(rest))
    };
    let all = || PREFERS.find_iter(text).filter(|found| !bounds(found));
    // "Before a meal rather than at bedtime": the other words say more surely what is preferred.
    let found = all().find(|found| !found.as_str().eq_ignore_ascii_case("before")).or_else(|| all().next())?;
    let says = |term: &String| {
        let joins = matches!(term.as_str(), "the" | "and" | "for" | "with" | "than" | "from");
        (term.len() > 2 && !joins) || term.contains(|c: char| c.is_ascii_digit())
    };
    let terms = |part: &str| language::terms(part).into_iter().map(|term| term.text).filter(says).collect::<Vec<_>>();
    let before = terms(text.get(..found.start())?);
    let after = terms(text.get(found.end()..)?);
    let before = before[before.len().saturating_sub(REACH)..].to_vec();
    Some((before, after.into_iter().take(REACH).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(one: &str, other: &str, expected: Option<bool>) {
        let found = Polarity::of(one).opposes(&Polarity::of(other));
        assert_eq!(found, expected, "{one} | {other}: {:?} {:?}", Polarity::of(one), Polarity::of(other));
    }

    #[test]
    fn advice_points_forward_or_back() {
        let advice = "Screen adults aged 45 to 75 for colorectal cancer.";
        check("Adults of 50 should be screened for bowel cancer.", advice, Some(false));
        check("There is no need to screen a 50-year-old for bowel cancer.", advice, Some(true));
        check("Bowel screening at 50 should not be skipped.", advice, Some(false));
        check("Screening at 50 is not recommended.", advice, Some(true));
        check("Avoid screening 50-year-olds.", advice, Some(true));
        check("Evidence is insufficient to recommend screening.", advice, None);
        check("Bowel cancer is common.", advice, None);
        let against = "The task force recommends against screening for ovarian cancer in asymptomatic women.";
        check("Women who feel well should not be screened for ovarian cancer.", against, Some(false));
        check("Ovarian screening is discouraged.", against, Some(false));
        check("Doctors should offer ovarian screening.", against, Some(true));
        let both = "The guideline recommends against probiotics and against rifaximin for preventing recurrence.";
        check("Probiotics are not recommended to prevent recurrence.", both, Some(false));
        check("Probiotics should be given to prevent recurrence.", both, Some(true));
    }

    #[test]
    fn limits_of_one_side_alone_are_a_reason_for_silence() {
        let advice = "Offer metformin to adults with type 2 diabetes, unless it is contraindicated.";
        check("Metformin should be offered in type 2 diabetes.", advice, None);
        check("Metformin should be avoided in type 2 diabetes unless nothing else works.", advice, Some(true));
        check("Metformin should not be withheld unless it harms.", advice, Some(false));
        check("Metformin is only for those who tolerate it.", "Offer metformin.", None);
    }

    #[test]
    fn opposites_turn_a_statement() {
        check("Aspirin increases the risk of bleeding.", "Aspirin decreases the risk of bleeding.", Some(true));
        check("Aspirin increases the risk of bleeding.", "Aspirin raises the risk of bleeding.", Some(false));
        check("Continue aspirin before surgery.", "Stop aspirin before surgery.", Some(true));
        check("Discontinue aspirin before surgery.", "Stop aspirin before surgery.", Some(false));
        check("Start antibiotics immediately.", "Do not delay antibiotics.", Some(false));
    }

    #[test]
    fn bounds_and_tapering_turn_once_or_not_at_all() {
        let pointing = |text: &str| Polarity::of(text).pointing;
        assert_eq!(pointing("Saturated fat should not exceed 10% of calories."), Pointing::Forward);
        assert_eq!(pointing("Compressions go at least 5 cm but not more than 6 cm deep."), Pointing::Forward);
        assert_eq!(pointing("Vaccinate everyone without contraindication against influenza."), Pointing::Forward);
        assert_eq!(pointing("Taper and stop the antipsychotic in dementia."), Pointing::Back);
        assert_eq!(pointing("Do not give more than one of these three drugs."), Pointing::Back);
        assert_eq!(pointing("Vaccinate all adults aged 19 to 59 against hepatitis B."), Pointing::Forward);
        assert_eq!(pointing("Use levofloxacin against the infection."), Pointing::Forward);
        assert_eq!(pointing("The panel advises against levofloxacin."), Pointing::Back);
        assert_eq!(
            pointing("Adults with an eGFR below 60 not on dialysis should receive a statin."),
            Pointing::Forward
        );
        assert_eq!(
            pointing("Offer it to those who cannot tolerate the first, or did not respond to a trial of it."),
            Pointing::Forward
        );
        assert_eq!(
            pointing("Lidocaine may be considered for fibrillation that does not respond to defibrillation."),
            Pointing::Forward
        );
        assert_eq!(pointing("Keep pillows and soft toys out of the cot."), Pointing::Back);
        assert_eq!(pointing("Keep out of the cot: bumpers and pillows."), Pointing::Back);
        assert_eq!(pointing("Wean people from medicines that cloud thinking."), Pointing::Back);
    }

    #[test]
    fn a_contrast_is_told_where_nothing_is_sure() {
        let contrast = |one: &str, other: &str| Polarity::of(one).contrast(&Polarity::of(other));
        let one = contrast("Mesalamine helps to prevent diverticulitis.", "Do not use mesalamine to prevent it.");
        assert!(one.turned && !one.both_advise && !one.swapped);
        let one = contrast("Evidence is insufficient to recommend screening.", "Do not screen.");
        assert!(!one.turned, "what is left open points nowhere");
        let one = contrast("Apixaban is preferred over warfarin.", "Warfarin is recommended over apixaban.");
        assert!(one.swapped && one.turned && !one.one_prefers);
    }

    #[test]
    fn what_is_put_before_what() {
        check("Apixaban is preferred over warfarin.", "Warfarin is recommended over apixaban.", Some(true));
        check("Apixaban is recommended over warfarin.", "Use apixaban rather than warfarin.", Some(false));
        let against = "Do not start low-dose aspirin to prevent a first heart attack in adults aged 60 or older.";
        check(
            "Low-dose aspirin is recommended for everyone over 60 to prevent a first heart attack.",
            against,
            Some(true),
        );
        check(
            "Take the tablet at bedtime rather than before a meal.",
            "Take the tablet before a meal rather than at bedtime.",
            Some(true),
        );
        check(
            "Use a ferritin of 15 ng/mL rather than 45 ng/mL to find iron deficiency.",
            "Use a ferritin cutoff of 45 ng/mL rather than 15 ng/mL to diagnose iron deficiency.",
            Some(true),
        );
        check(
            "Aspirin should be started before the age of 60.",
            "Do not start aspirin before the age of 60.",
            Some(true),
        );
    }
}
