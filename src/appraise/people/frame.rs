//! What stands before a phrase: whether somebody has it, has it not, is screened for it, or it is somebody else's.
//!
//! This is where most false flags would come from. "Screening for diabetes", "prevents stroke" and "partners of people with
//! HIV" name a topic or a bystander; "people without diabetes" names those who are left. Where the words do not tell,
//! a free text says nothing of anybody.

use std::sync::LazyLock;

use super::mention::PEOPLE;
use super::token::{Token, WordList, among, words};

/// How a phrase is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// Somebody has it.
    Has,
    /// It has happened to somebody.
    Happened,
    /// Somebody has it not.
    Not,
    /// Whether or not somebody has it, or as one example among others.
    Any,
    /// It is screened for, prevented, caused: a topic.
    Topic,
    /// It is somebody else's.
    Other,
    /// Nothing tells.
    Bare,
}

/// A phrase before this one, for lists ("without diabetes, asthma or COPD").
#[derive(Clone, Copy, Debug)]
pub(super) struct Before {
    /// The token after its last.
    pub(super) end: usize,
    pub(super) frame: Frame,
}

/// Words between a phrase and what frames it that change nothing.
static MODIFIERS: WordList = LazyLock::new(|| {
    words(
        "a an the any all most some many your their his her my our known established existing preexisting pre chronic \
    advanced severe moderate mild early late active stable clinical documented confirmed suspected newly \
    recently new poorly well controlled uncontrolled diagnosed underlying current currently both overt \
    concurrent concomitant coexisting comorbid untreated treated significant serious acute symptomatic yet \
    already also clinically manifest longstanding one obvious recognized another certain such very evident still \
    now just hypertension obesity plain simple typical uncomplicated classic ordinary frequent persistent recurrent \
    unexplained troublesome heavy bad biopsy proven longstanding decompensated compensated life threatening",
    )
});
/// Words between a negation and what it denies.
static CARRIES: WordList = LazyLock::new(|| {
    words(
        "on receiving taking undergoing been being be do does did to requiring require need needing evidence sign \
    living treated is are in at ever personal having receive develop developed who admitted getting medical",
    )
});
static NEGATORS: WordList =
    LazyLock::new(|| words("not no without never non nor neither cannot lacking lack free absence none"));
/// What is done with a disease that the person does not have, or what leads to it.
static TOPIC: WordList = LazyLock::new(|| {
    words(
        "prevent preventing prevented prevention avoid avoiding reduce reducing lower lowering cause causing caused \
    develop developing detect detecting diagnose diagnosing delay delaying against risk increase increasing \
    trigger exclude mimic worsen predict predicting identify identifying screen screening suspect become test \
    testing include called suggest mean induce provoke decrease acquire acquiring like incident precipitate \
    unintended terminate end achieve desire unplanned",
    )
});
/// What may be "of" a disease that nobody is said to have.
static TOPIC_OF: WordList = LazyLock::new(|| {
    words(
        "risk prevention incidence prevalence rate chance likelihood sign symptom cause onset development detection \
    suspicion case severity marker progression probability odd danger possibility burden spread transmission \
    reduction absence complication stage hazard outcome diagnosis predictor recurrence definition acquisition \
    worsening exacerbation type awareness timing length week month termination day disorder",
    )
});
/// What one has a disease, or has had it, in.
static HAS_OF: WordList = LazyLock::new(|| {
    words("treatment management therapy care history control presence setting context diagnosis course trimester")
});
/// What is done "for" a disease that nobody is said to have.
static TOPIC_FOR: WordList = LazyLock::new(|| {
    words(
        "screen screening screened risk test testing tested check checked checking evaluate evaluated evaluation \
    assess assessed assessment look looking factor surveillance examine examined search monitor monitored \
    monitoring potential planning cutoff criteria criterion plan marker substitute",
    )
});
/// Words that "with" follows where nobody has anything.
static NOT_HAVING: WordList = LazyLock::new(|| {
    words("compared associated linked consistent interact correlated interfere confused contact relative sibling")
});
/// Whose the disease or the age is, if not the person's.
static RELATIONS: WordList = LazyLock::new(|| {
    words(
        "partner contact caregiver spouse husband wife donor household relative sibling neighbor carer father family \
    member born exposed exposure visitor worker provider",
    )
});

/// Reads what stands before the phrase that begins at `start`.
///
/// At most twelve tokens back and never beyond the sentence.
pub(super) fn frame(cut: &[Token<'_>], start: usize, before: Option<Before>) -> Frame {
    let Some(sentence) = cut.get(start).map(|token| token.sentence) else { return Frame::Bare };
    if belongs_to_other(cut, start, sentence) {
        return Frame::Other;
    }
    let mut walk = Walk { cut, start, sentence, found: Frame::Bare };
    let mut at = start;
    for _ in 0..12 {
        let Some(back) = at.checked_sub(1) else { break };
        let Some(token) = cut.get(back).filter(|token| token.sentence == sentence) else { break };
        if let Some(before) = before.filter(|before| before.end == at && at != start) {
            return walk.or_inherited(before.frame);
        }
        match walk.take(token, back) {
            Step::On(to) => at = to,
            Step::Found(frame) => return frame,
            Step::End => break,
        }
    }
    match before {
        Some(before) if before.end == at && at != start => walk.or_inherited(before.frame),
        _ => walk.found,
    }
}

enum Step {
    On(usize),
    Found(Frame),
    End,
}

struct Walk<'c, 't> {
    cut: &'c [Token<'t>],
    start: usize,
    sentence: usize,
    found: Frame,
}

impl Walk<'_, '_> {
    fn word(&self, at: Option<usize>) -> &str {
        at.and_then(|at| self.cut.get(at))
            .filter(|token| token.sentence == self.sentence)
            .map_or("", |token| token.word)
    }

    fn or_inherited(&self, inherited: Frame) -> Frame {
        if self.found == Frame::Bare { inherited } else { self.found }
    }

    /// Notes a frame and goes on, because a negation may stand before it.
    fn note(&mut self, frame: Frame, to: usize) -> Step {
        if self.found == Frame::Bare || frame == Frame::Happened {
            self.found = frame;
        }
        Step::On(to)
    }

    fn take(&mut self, token: &Token<'_>, at: usize) -> Step {
        let left = self.word(at.checked_sub(1)).to_owned();
        let has = self.found != Frame::Bare;
        match token.word {
            word if among(&NEGATORS, word) => self.negation(word, &left, at),
            "whether" | "regardless" | "irrespective" | "independent" => Step::Found(Frame::Any),
            "including" | "especially" | "particularly" | "notably" => Step::Found(Frame::Any),
            "as" if left == "such" => Step::Found(Frame::Any),
            "or" | "and" | "," | "/" if !has => Step::On(at),
            "of" if left == "regardless" || left == "irrespective" => Step::Found(Frame::Any),
            "of" => self.of(&left, at),
            "for" if among(&TOPIC_FOR, left.as_str()) || self.is_looked_for(at) => Step::Found(Frame::Topic),
            "with" if among(&NOT_HAVING, left.as_str()) => Step::Found(Frame::Topic),
            "with" | "have" | "has" | "having" | "got" => self.note(Frame::Has, at),
            "had" | "prior" | "previous" | "recent" | "past" | "experienced" | "suffered" | "survived" => {
                self.note(Frame::Happened, at)
            }
            "history" => self.note(Frame::Happened, at),
            // "including women who are pregnant"
            word if among(&PEOPLE, word) && matches!(self.word(Some(at + 1)), "who" | "with") => Step::On(at),
            word if has && (among(&CARRIES, word) || among(&MODIFIERS, word)) => Step::On(at),
            _ if has => Step::End,
            "after" | "following" | "since" | "post" => Step::Found(Frame::Happened),
            "in" | "during" | "throughout" | "among" | "within" | "for" if !left.starts_with("increase") => {
                Step::Found(Frame::Has)
            }
            "treat" | "treating" | "manage" | "managing" | "treatment" | "if" | "when" | "once" => {
                Step::Found(Frame::Has)
            }
            word if among(&TOPIC, word) => Step::Found(Frame::Topic),
            word if among(&MODIFIERS, word) || among(&CARRIES, word) => Step::On(at),
            _ if token.is_number() => Step::On(at),
            // One word that is not known may stand between: "in autoimmune type 1 diabetes".
            _ if at + 1 == self.start && matches!(left.as_str(), "with" | "in" | "have" | "has" | "having") => {
                Step::On(at)
            }
            _ => Step::End,
        }
    }

    /// "Screen all adults for HIV": a verb of looking stands before those who are looked at.
    fn is_looked_for(&self, at: usize) -> bool {
        const LOOKS: &[&str] =
            &["screen", "test", "check", "evaluate", "examine", "assess", "monitor", "screening", "testing"];
        (2..=8).filter_map(|back| at.checked_sub(back)).any(|back| LOOKS.contains(&self.word(Some(back))))
    }

    fn negation(&self, word: &str, left: &str, at: usize) -> Step {
        let next = self.word(Some(at + 1));
        // "not only", "not all": what follows is meant.
        if word == "not" && matches!(next, "only" | "all" | "just" | "necessarily" | "every" | "for") {
            return Step::End;
        }
        if matches!(word, "free" | "absence" | "none" | "lack") && next != "of" && word != "lack" {
            return Step::End;
        }
        // "No pregnant woman should": she is meant. "No adult needs".
        let noun = |at: usize| self.cut.get(at).is_some_and(|token| among(&PEOPLE, token.word));
        let noun = noun(self.start) || noun(self.start + 1);
        if word == "no" && at + 1 == self.start && noun && matches!(left, "" | "," | "and" | "or" | "that") {
            return Step::Found(Frame::Bare);
        }
        // "noncardioembolic stroke": it is a stroke.
        if word == "non" && at + 1 < self.start {
            return Step::On(at);
        }
        if word == "without" && matches!(left, "or" | "and") {
            return Step::Found(Frame::Any);
        }
        if word == "not" && left == "or" && self.word(at.checked_sub(2)) == "whether" {
            return Step::Found(Frame::Any);
        }
        Step::Found(Frame::Not)
    }

    fn of(&mut self, left: &str, at: usize) -> Step {
        if left == "diagnosis" && matches!(self.word(at.checked_sub(2)), "a" | "with" | "confirmed" | "prior") {
            return self.note(Frame::Has, at - 1);
        }
        if left == "history" {
            // "family history of" is somebody else's.
            let whose = self.word(at.checked_sub(2));
            return if whose == "family" || whose == "parental" {
                Step::Found(Frame::Other)
            } else {
                self.note(Frame::Happened, at - 1)
            };
        }
        if left == "free" || left == "absence" || left == "lack" {
            return Step::On(at);
        }
        // "no sign of kidney disease"
        if matches!(left, "sign" | "evidence" | "trace" | "indication")
            && matches!(self.word(at.checked_sub(2)), "no" | "without" | "any" | "not")
        {
            return Step::On(at - 1);
        }
        if among(&HAS_OF, left) && left != "diagnosis" {
            return Step::Found(Frame::Has);
        }
        if among(&TOPIC_OF, left) { Step::Found(Frame::Topic) } else { Step::End }
    }
}

/// "partners of people with HIV", "infants born to mothers with hepatitis B", "people who live with a smoker".
fn belongs_to_other(cut: &[Token<'_>], start: usize, sentence: usize) -> bool {
    let from = start.saturating_sub(6);
    let left = cut.get(from..start).unwrap_or_default();
    left.iter().enumerate().any(|(at, token)| {
        if token.sentence != sentence {
            return false;
        }
        let next = left.get(at + 1).map_or("", |token| token.word);
        let related = among(&RELATIONS, token.word)
            && (matches!(next, "of" | "to" | "with" | "who" | "history") || matches!(token.word, "family"));
        // A clause later the person may be meant again.
        related
            && !left.get(at..).unwrap_or_default().iter().any(|token| token.is(&[",", "should", "must", "is", "are"]))
    })
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;

    /// The frame of "X" in a text.
    fn check(text: &str, expected: Frame) {
        let lower = text.to_ascii_lowercase();
        let cut = tokens(text, &lower);
        let at = cut.iter().position(|token| token.word == "x").expect("an x");
        assert_eq!(frame(&cut, at, None), expected, "{text}");
    }

    #[test]
    fn who_has_it() {
        for text in [
            "people with x",
            "who have known x",
            "in x",
            "during x",
            "drugs for x",
            "treatment of x",
            "treats x",
            "living with x",
            "if x",
        ] {
            check(text, Frame::Has);
        }
        for text in ["after a x", "a history of x", "with prior x", "who had a x", "with a history of x", "following x"]
        {
            check(text, Frame::Happened);
        }
    }

    #[test]
    fn who_has_it_not() {
        for text in [
            "without x",
            "not x",
            "no history of x",
            "who do not have x",
            "with no x",
            "never had a x",
            "not on x",
            "non-x",
            "free of x",
            "without known x",
            "does not have x",
            "has not had a x",
            "who are not x",
            "not receiving x",
        ] {
            check(text, Frame::Not);
        }
    }

    #[test]
    fn topics_and_bystanders() {
        for text in [
            "screening for x",
            "risk of x",
            "prevent x",
            "to prevent a x",
            "lowers the risk of x",
            "at risk for x",
            "tested for x",
            "causes x",
            "signs of x",
            "associated with x",
            "developing x",
        ] {
            check(text, Frame::Topic);
        }
        for text in [
            "family history of x",
            "partners of people with x",
            "infants born to mothers with x",
            "contacts of people with x",
        ] {
            check(text, Frame::Other);
        }
        for text in ["with or without x", "regardless of x", "including x", "whether or not x", "such as x"] {
            check(text, Frame::Any);
        }
    }

    #[test]
    fn a_list_goes_on() {
        let text = "without diabetes, x";
        let lower = text.to_ascii_lowercase();
        let cut = tokens(text, &lower);
        assert_eq!(frame(&cut, 3, Some(Before { end: 2, frame: Frame::Not })), Frame::Not);
    }
}
