//! Every place where a text says something of the people whom it is about.
//!
//! Phrases, ages, measures and risk bands are found in one pass over the words; what stands around each decides whether it
//! is said of the person, denied, excepted, or no more than a topic.

mod risk;
mod side;

use std::sync::LazyLock;

use std::ops::Range;

use super::age::ages;
use super::field::{Field, Kinds, symptoms};
use super::frame::{Before, Frame, frame};
use super::gestation::gestations;
use super::interval::Interval;
use super::measure::measures;
use super::token::{Token, WordList, among, words};
use super::vocabulary::{Entry, Form, Sense, VOCABULARY};
use side::{Side, sides};

/// What kind of text it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// Sentences: a disease is somebody's only where the words say so.
    Free,
    /// The name of a group ("adults with diabetes"): each word is of the group, but for topics.
    Group,
    /// A finding in a person's record: it is there, and an event has happened.
    Record,
    /// A heading: what is the whole of it is what the text below is about.
    Heading,
}

/// What one place says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value {
    /// Some kinds of a field.
    Kinds(Kinds),
    /// An interval of it.
    Interval(Interval),
}

/// How it is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Of the person.
    Named,
    /// The person has it not.
    Denied,
    /// Who has it is left out.
    Excepted,
    /// It does not matter, or is one example of several.
    Any,
    /// It is there and nothing tells of whom: it widens what else the sentence names, and names nothing by itself.
    Possible,
}

/// One place.
#[derive(Clone, Debug)]
pub(super) struct Mention {
    pub(super) field: Field,
    pub(super) value: Value,
    pub(super) role: Role,
    /// Tokens.
    pub(super) tokens: Range<usize>,
    pub(super) sentence: usize,
    /// Whether it is a noun for people, so that a list of people may go on with it.
    pub(super) head: bool,
    /// What a risk is of, in words; empty where not said.
    pub(super) object: String,
    /// Whether it is one of a list of the same field.
    pub(super) listed: bool,
}

/// Nouns for people that say nothing of them.
pub(super) static PEOPLE: WordList = LazyLock::new(|| {
    words(
        "patient people person individual adult woman man child sufferer survivor recipient population group infant \
    adolescent mother those anyone everyone someone resident candidate baby teenager kid folk guy user outpatient \
    inpatient",
    )
});

/// What may be healthy and is no person.
static NOT_PEOPLE: WordList = LazyLock::new(|| {
    words(
        "diet weight lifestyle eating food habit choice behavior behaviour living bmi body sleep heart fat aging \
    ageing level range relationship and or , . life bone pregnancy snack drink meal foot skin tissue start birth \
    development growth nutrition blood for to than oil cell gum tooth teeth",
    )
});

/// Every mention of a text, in order.
pub(super) fn mentions(cut: &[Token<'_>], manner: Manner) -> Vec<Mention> {
    let sides = sides(cut);
    let mut found = numbered(cut, &sides);
    let taken: Vec<Range<usize>> = found.iter().map(|mention| mention.tokens.clone()).collect();
    let mut reader = Reader { cut, manner, sides: &sides, before: None };
    let mut at = 0;
    while at < cut.len() {
        if let Some(range) = taken.iter().find(|range| range.contains(&at)) {
            // "aged 65 years or older adults": the age is read; a phrase may begin with its last word.
            at = range.end.max(at + 1);
            continue;
        }
        let (length, read) = reader.at(at);
        found.extend(read);
        at += length.max(1);
    }
    found.sort_by_key(|mention| (mention.tokens.start, mention.field));
    found
}

/// Ages and measures.
fn numbered(cut: &[Token<'_>], sides: &[Side]) -> Vec<Mention> {
    let mention = |field, value, tokens: Range<usize>| {
        let sentence = cut.get(tokens.start).map_or(0, |token| token.sentence);
        let open = field != Field::Age && is_one_of_several(cut, tokens.end);
        let role = match (sides.get(tokens.start), denied(cut, &tokens) || open) {
            (Some(Side::Compared), _) => return None,
            (Some(Side::LeftOut), _) => Role::Excepted,
            (_, true) => Role::Any,
            _ => Role::Named,
        };
        Some(Mention { field, value, role, tokens, sentence, head: false, object: String::new(), listed: false })
    };
    let aged = ages(cut).into_iter().filter_map(|age| mention(Field::Age, Value::Interval(age.interval), age.tokens));
    let measured = measures(cut).into_iter().chain(gestations(cut)).filter_map(|one| {
        let value = one.interval.map_or(Value::Kinds(one.kinds), Value::Interval);
        mention(one.field, value, one.tokens)
    });
    aged.chain(measured).collect()
}

/// "not aged 65 or older": what is left of the ages is not said, so neither is anything else.
fn denied(cut: &[Token<'_>], tokens: &Range<usize>) -> bool {
    tokens
        .start
        .checked_sub(1)
        .and_then(|at| cut.get(at))
        .is_some_and(|token| token.is(&["not", "non", "whether", "including"]))
}

/// "CKD stage 3 or worse, a urate above 9, or stones": one of a list that ends in something which is not read.
fn is_one_of_several(cut: &[Token<'_>], end: usize) -> bool {
    let Some(sentence) = cut.get(end).filter(|token| token.word == ",").map(|token| token.sentence) else {
        return false;
    };
    let rest = cut.get(end..).unwrap_or_default();
    let rest: Vec<&str> = rest.iter().take_while(|token| token.sentence == sentence).map(|token| token.word).collect();
    let or = rest.windows(2).position(|two| matches!(two, [",", "or"]));
    or.is_some_and(|or| {
        // Commas alone stand between, and no verb that would begin another clause.
        let verb = |word: &&str| {
            matches!(*word, "should" | "is" | "are" | "be" | "may" | "must" | "do" | "give" | "offer" | "use")
        };
        or < 16 && !rest[..or].iter().any(verb) && VOCABULARY.at(cut.get(end + or + 2..).unwrap_or_default()).is_none()
    })
}

struct Reader<'c, 't> {
    cut: &'c [Token<'t>],
    manner: Manner,
    sides: &'c [Side],
    before: Option<Before>,
}

impl Reader<'_, '_> {
    fn word(&self, at: usize) -> &str {
        self.cut.get(at).map_or("", |token| token.word)
    }

    /// What begins at a token, and how many tokens it takes.
    fn at(&mut self, at: usize) -> (usize, Vec<Mention>) {
        if self.word(at) == "risk" {
            return (1, self.risk(at).into_iter().collect());
        }
        let Some((length, entries)) = VOCABULARY.at(self.cut.get(at..).unwrap_or_default()) else {
            return (1, Vec::new());
        };
        let end = at + length;
        if entries.iter().all(|entry| entry.form == Form::Nothing) {
            return (length, Vec::new());
        }
        let said = frame(self.cut, at, self.before.filter(|before| self.goes_on(before, at..end)));
        self.before = Some(Before { end, frame: said });
        let read = entries.into_iter().filter_map(|entry| self.mention(entry, at..end, said)).collect();
        (length, read)
    }

    /// Whether a list goes on with a phrase: "without diabetes, asthma or gout"; in "Without alarm signs, heartburn is" a clause begins.
    fn goes_on(&self, before: &Before, phrase: Range<usize>) -> bool {
        let last = phrase.start.checked_sub(1).map_or("", |at| self.word(at));
        before.frame != Frame::Not
            || self.word(before.end) != ","
            || matches!(last, "or" | "and" | "nor")
            || matches!(self.word(phrase.end), "," | "or" | "and" | "nor" | "/")
    }

    fn mention(&self, entry: Entry, tokens: Range<usize>, said: Frame) -> Option<Mention> {
        let (field, value) = match entry.sense {
            Sense::Kinds(field, kinds) => (field, Value::Kinds(kinds)),
            Sense::Risk(kinds, _) => (Field::Risk, Value::Kinds(kinds)),
            Sense::Stage(core, wide) => (Field::Age, Value::Interval(Interval::meant(core, wide))),
            Sense::None => return None,
        };
        let noun = matches!(entry.sense, Sense::Stage(..)) || field == Field::Sex;
        let role = match *self.sides.get(tokens.start)? {
            Side::Compared => return None,
            Side::LeftOut if self.is_said(entry.form, &tokens, Frame::Has) => Role::Excepted,
            Side::LeftOut => return None,
            Side::Within => self.role(entry.form, &tokens, said, noun)?,
        };
        let sentence = self.cut.get(tokens.start)?.sentence;
        // "adolescent or adult males": a word in the singular before "or" is an adjective.
        let adjective = self.cut.get(tokens.end - 1).is_some_and(|token| token.word == token.written)
            && matches!(self.word(tokens.end), "or" | "and");
        let head =
            noun && !adjective || among(&PEOPLE, self.word(tokens.end)) && self.same_sentence(tokens.end, sentence);
        let object = if let Sense::Risk(_, object) = entry.sense { object.to_owned() } else { String::new() };
        let value = self.graded(field, value, &tokens);
        Some(Mention { field, value, role, tokens, sentence, head, object, listed: false })
    }

    /// "Plain heartburn", "cough alone": symptoms that are no alarm.
    fn graded(&self, field: Field, value: Value, tokens: &Range<usize>) -> Value {
        let before = tokens.start.checked_sub(1).map_or("", |at| self.word(at));
        let plain =
            matches!(before, "plain" | "simple" | "typical" | "classic" | "uncomplicated" | "ordinary" | "mild")
                || matches!(self.word(tokens.end), "alone" | "only");
        if field == Field::Symptoms && value == Value::Kinds(symptoms::SOME) && plain {
            return Value::Kinds(symptoms::PLAIN);
        }
        value
    }

    /// "on rituximab", "takes long-term prednisone": the drug is the person's own.
    fn is_taken(&self, start: usize) -> bool {
        let word = |back: usize| start.checked_sub(back).map_or("", |at| self.word(at));
        static HOW: WordList = LazyLock::new(|| {
            words(
                "long term chronic maintenance high low dose daily oral systemic weekly his her their a an the of regular current",
            )
        });
        let mut back = 1;
        while back < 6 && among(&HOW, word(back)) {
            back += 1;
        }
        match word(back) {
            "on" => !matches!(
                word(back + 1),
                "evidence"
                    | "guideline"
                    | "statement"
                    | "data"
                    | "based"
                    | "guidance"
                    | "depend"
                    | "information"
                    | "advice"
                    | "recommendation"
                    | "study"
                    | "effect"
                    | "focus"
            ),
            "taking" | "take" | "takes" | "took" | "receiving" | "receives" | "receive" | "using" | "uses" => true,
            "with" => matches!(word(back + 1), "treated" | "maintained" | "immunosuppressed"),
            _ => false,
        }
    }

    fn same_sentence(&self, at: usize, sentence: usize) -> bool {
        self.cut.get(at).is_some_and(|token| token.sentence == sentence)
    }

    /// How a phrase is said of the person; `None` where it is not.
    fn role(&self, form: Form, tokens: &Range<usize>, said: Frame, noun: bool) -> Option<Role> {
        match said {
            Frame::Other => None,
            Frame::Any => Some(Role::Any),
            // "with or without known heart disease"
            _ if matches!(self.word(tokens.start), "no" | "without" | "not" | "never")
                && tokens.start.checked_sub(1).is_some_and(|at| self.word(at) == "or") =>
            {
                Some(Role::Any)
            }
            // "breastfeeding mothers and their infants": the advice is for the one or the other.
            _ if noun && self.is_of_somebody(tokens.start) => Some(Role::Any),
            // "no women", "not adults": who is left is not said.
            Frame::Not if noun => None,
            // "without a known HIV status"
            Frame::Not if matches!(form, Form::Condition | Form::Event) && self.is_topic(tokens.end) => None,
            Frame::Not => Some(Role::Denied),
            said if self.is_said(form, tokens, said) => {
                // "gout or diabetes": one need not have it.
                let alternative = !noun && matches!(form, Form::Condition | Form::Event) && self.is_alternative(tokens);
                Some(if alternative { Role::Any } else { Role::Named })
            }
            Frame::Bare if form == Form::Condition => Some(Role::Possible),
            _ => None,
        }
    }

    /// Whether "or" joins a disease to a word that is not read.
    fn is_alternative(&self, tokens: &Range<usize>) -> bool {
        let sentence = self.cut.get(tokens.start).map_or(0, |token| token.sentence);
        let read = |at: usize| VOCABULARY.at(self.cut.get(at..).unwrap_or_default()).is_some();
        let after = self.word(tokens.end) == "or"
            && self.same_sentence(tokens.end, sentence)
            && !(tokens.end + 1..tokens.end + 4).any(read)
            && !matches!(self.word(tokens.end + 1), "higher" | "older" | "more" | "not" | "above" | "worse");
        let before =
            tokens.start.checked_sub(1).is_some_and(|at| self.word(at) == "or") && self.before_or(tokens.start - 1);
        after || before
    }

    /// Whether what stands before an "or" is a word that is not read.
    fn before_or(&self, or: usize) -> bool {
        // "significant fibrosis (F2 or higher) or cirrhosis"
        let opens = |close: usize| (close.saturating_sub(8)..close).rev().find(|at| self.word(*at) == "(");
        let or = or.checked_sub(1).filter(|at| self.word(*at) == ")").and_then(opens).unwrap_or(or);
        let known = |from: usize| {
            VOCABULARY.at(self.cut.get(from..or).unwrap_or_default()).is_some_and(|(length, _)| from + length == or)
        };
        !(1..=5)
            .filter_map(|back| or.checked_sub(back))
            .any(|from| known(from) || matches!(self.word(from), "with" | "without"))
    }

    fn is_of_somebody(&self, start: usize) -> bool {
        (1..=2).filter_map(|back| start.checked_sub(back)).any(|at| matches!(self.word(at), "their" | "her"))
    }

    /// Whether what stands after a disease makes it a topic: "HIV status", "diabetes screening".
    fn is_topic(&self, at: usize) -> bool {
        static TOPICS: WordList = LazyLock::new(|| {
            words(
                "screening test testing risk prevention rate incidence prevalence education program status outcome mortality \
            event onset detection awareness progression",
            )
        });
        among(&TOPICS, self.word(at))
    }

    fn is_said(&self, form: Form, tokens: &Range<usize>, said: Frame) -> bool {
        let next = self.word(tokens.end);
        let topic_after = self.is_topic(tokens.end);
        match form {
            Form::Nothing => false,
            Form::Person => true,
            Form::Taken => self.manner == Manner::Record || self.is_taken(tokens.start),
            Form::Adjective => self.manner == Manner::Record || !among(&NOT_PEOPLE, next),
            Form::Condition | Form::Event if topic_after => false,
            Form::Condition => {
                matches!(said, Frame::Has | Frame::Happened)
                    || among(&PEOPLE, next) && self.joins(tokens.end)
                    || said == Frame::Bare && self.stands_for_person(tokens)
            }
            Form::Event => {
                said == Frame::Happened
                    || said == Frame::Has
                        && self.manner != Manner::Heading
                        && tokens.start.checked_sub(1).map_or("", |at| self.word(at)) != "for"
                    || among(&PEOPLE, next) && self.joins(tokens.end)
                    || self.manner == Manner::Record
            }
        }
    }

    /// Whether nothing but a space stands before a token.
    fn joins(&self, at: usize) -> bool {
        at > 0
            && self.cut.get(at).zip(self.cut.get(at - 1)).is_some_and(|(one, before)| one.sentence == before.sentence)
    }

    /// A disease without a frame: of the person in a group's name and in a record, in a heading that is nothing else, and as
    /// the subject of what is done for those who have it.
    fn stands_for_person(&self, tokens: &Range<usize>) -> bool {
        match self.manner {
            Manner::Group | Manner::Record => true,
            Manner::Heading => tokens.start == 0 && tokens.end == self.cut.len(),
            Manner::Free => {
                let first = tokens.start == 0
                    || self
                        .cut
                        .get(tokens.start - 1)
                        .zip(self.cut.get(tokens.start))
                        .is_some_and(|(one, next)| one.sentence != next.sentence);
                let (one, two) = (self.word(tokens.end), self.word(tokens.end + 1));
                let treated = |word: &str| matches!(word, "treated" | "managed" | "controlled");
                // "Black stools and reflux are first treated"
                let later = (tokens.end..tokens.end + 8)
                    .take_while(|at| !matches!(self.word(*at), "" | "," | "." | "to" | "in" | "with"));
                let later = later
                    .skip(1)
                    .any(|at| treated(self.word(at)) && matches!(self.word(at - 1), "be" | "is" | "are" | "first"));
                first
                    && (matches!(one, "require" | "need" | ":" | "patient")
                        || matches!(one, "is" | "are") && treated(two)
                        || later)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;

    fn found(text: &str, manner: Manner) -> Vec<(Field, Role)> {
        let lower = text.to_ascii_lowercase();
        mentions(&tokens(text, &lower), manner).iter().map(|mention| (mention.field, mention.role)).collect()
    }

    fn check(text: &str, field: Field, role: Option<Role>) {
        let read = found(text, Manner::Free);
        let roles: Vec<Role> = read.iter().filter(|(of, _)| *of == field).map(|(_, role)| *role).collect();
        assert_eq!(roles, role.into_iter().collect::<Vec<_>>(), "{text}: {read:?}");
    }

    #[test]
    fn topics_name_nobody() {
        for (text, field) in [
            ("Screening for diabetes is useful", Field::Diabetes),
            ("It lowers the risk of stroke", Field::Prevention),
            ("Condoms prevent pregnancy", Field::Pregnancy),
            ("Take a pregnancy test", Field::Pregnancy),
            ("Statins to prevent heart attack", Field::Prevention),
            ("Baby aspirin every day", Field::Age),
            ("Obesity causes type 2 diabetes", Field::Diabetes),
            ("The diagnosis of COPD needs spirometry", Field::Copd),
            ("Smoking increases the risk of COPD", Field::Copd),
            ("Smoking is a high risk", Field::Risk),
            ("Smokers are at higher risk of cancer", Field::Risk),
            ("HIV testing for all", Field::Immunity),
            ("Acute kidney injury is common", Field::Kidney),
            ("Test for HIV", Field::Immunity),
        ] {
            check(text, field, None);
        }
    }

    #[test]
    fn people_are_named_denied_and_excepted() {
        for (text, field, role) in [
            ("Adults with type 2 diabetes need metformin", Field::Diabetes, Role::Named),
            ("Metformin for type 2 diabetes", Field::Diabetes, Role::Named),
            ("T2DM patients", Field::Diabetes, Role::Named),
            ("Statins after a heart attack", Field::Prevention, Role::Named),
            ("with no history of stroke", Field::Prevention, Role::Denied),
            ("in nonpregnant, non-dialysis adults", Field::Kidney, Role::Denied),
            ("women who are not pregnant", Field::Pregnancy, Role::Denied),
            ("everyone except in pregnancy", Field::Pregnancy, Role::Excepted),
            ("adults other than pregnant women", Field::Pregnancy, Role::Excepted),
            ("with or without diabetes", Field::Diabetes, Role::Any),
            ("adults, including those who are pregnant", Field::Pregnancy, Role::Any),
            ("no pregnant woman should drink", Field::Pregnancy, Role::Named),
            ("not recommended in pregnancy", Field::Pregnancy, Role::Named),
            ("people at high risk of falls", Field::Risk, Role::Named),
            ("low-risk adults", Field::Risk, Role::Named),
            ("adults not at increased risk", Field::Risk, Role::Denied),
        ] {
            check(text, field, Some(role));
        }
    }

    #[test]
    fn a_groups_name_and_a_record_need_no_frame() {
        assert_eq!(found("COPD", Manner::Free), [(Field::Copd, Role::Possible)]);
        assert_eq!(found("COPD", Manner::Record), [(Field::Copd, Role::Named)]);
        assert_eq!(found("Pregnancy", Manner::Heading), [(Field::Pregnancy, Role::Named)]);
        assert_eq!(found("stroke", Manner::Record), [(Field::Prevention, Role::Named)]);
        assert_eq!(
            found("adults at risk of diabetes", Manner::Group)
                .iter()
                .filter(|(field, _)| *field == Field::Diabetes)
                .count(),
            0
        );
    }
}
