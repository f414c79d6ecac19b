//! Risk in words: low, average, intermediate, high, and of what.

use std::sync::LazyLock;

use super::super::field::{Field, Kinds, risk};
use super::super::frame::{Frame, frame};
use super::super::token::{WordList, among, words};
use super::{Manner, Mention, PEOPLE, Reader, Role, Side, Value};

/// What may be "high-risk" and is no person with a disease.
static NOT_AT_RISK: WordList = LazyLock::new(|| {
    words(
        "hpv feature type lesion drug medication medicine surgery procedure food behavior behaviour activity mutation \
    area strain human condition setting exposure polyp adenoma alcohol drinking sex contact stratification \
    finding option",
    )
});

impl Reader<'_, '_> {
    /// "at high risk of falls", "high-risk adults", "at average cardiovascular risk".
    pub(super) fn risk(&self, at: usize) -> Option<Mention> {
        let sentence = self.cut.get(at)?.sentence;
        if self.word(at + 1) == "factor" {
            return self.factors(at);
        }
        let Some((mut band, mut from)) = self.band(at) else { return self.stated_risk(at) };
        // "at intermediate or high risk"
        if let Some(or) = from.checked_sub(1).filter(|or| *or > 0 && matches!(self.word(*or), "or" | "to" | "and"))
            && let Some((other, first)) = self.band(or)
        {
            (band, from) = (band | other, first);
        }
        // "increased but not high risk"
        if let (Some(not), true) = (from.checked_sub(2), from > 2 && self.word(from - 1) == "not")
            && self.word(not) == "but"
            && let Some((other, first)) = self.band(not)
            && other & !band != 0
        {
            (band, from) = (other & !band, first);
        }
        let next = self.word(at + 1);
        let person_after = among(&PEOPLE, next) || next == "smoker" || next == "pregnancy";
        let before = |back: usize| from.checked_sub(back).map_or("", |at| self.word(at));
        let placed = match (before(1), before(2)) {
            ("at" | "with" | "without" | "no", _) => Some(1),
            ("a" | "an", "at" | "with" | "have" | "ha" | "has" | "and") => Some(2),
            _ => None,
        };
        let predicate = placed.is_some_and(|back| self.is_predicate(from, back));
        // "low-risk embolism" is said of who has it, "high-risk HPV" is not.
        let joined = self.cut.get(at).is_some_and(|token| token.joined);
        let adjective = joined && !next.is_empty() && !among(&NOT_AT_RISK, next);
        let named = person_after
            || adjective
            || placed.is_some() && !predicate
            || matches!(self.manner, Manner::Record | Manner::Group);
        let side = *self.sides.get(from)?;
        if !named || side == Side::Compared {
            return None;
        }
        let back = placed.unwrap_or(0);
        let not = matches!(before(back + 1), "not" | "without")
            || matches!(before(1), "no" | "without")
            || matches!(before(back + 1), "is" | "are") && before(back + 2) == "not";
        let role = match (side, not) {
            (Side::LeftOut, _) => Role::Excepted,
            (_, true) => Role::Denied,
            // "with dyslipidemia or at risk of it"
            _ if before(back + 1) == "or" || matches!(frame(self.cut, from, None), Frame::Any) => Role::Any,
            _ => Role::Named,
        };
        let object = self.object(from, at);
        let end = if matches!(next, "of" | "for") { (at + 3).min(self.cut.len()) } else { at + 1 };
        let end =
            (at + 1..end).take_while(|at| self.same_sentence(*at, sentence)).last().map_or(at + 1, |last| last + 1);
        let value = Value::Kinds(band);
        Some(Mention {
            field: Field::Risk,
            value,
            role,
            tokens: from..end,
            sentence,
            head: false,
            object,
            listed: false,
        })
    }

    /// "If bleeding risk is low", "whose risk of stroke is very high": the band follows.
    fn stated_risk(&self, at: usize) -> Option<Mention> {
        let sentence = self.cut.get(at)?.sentence;
        let mut verb = at + 1;
        if self.word(verb) == "of" {
            verb +=
                1 + self.words_of(at + 1).iter().take_while(|word| !matches!(**word, "is" | "are" | "remain")).count();
        }
        let (very, band) = match (self.word(verb), self.word(verb + 1), self.word(verb + 2)) {
            ("is" | "are" | "remain", "very" | "especially", band) => (true, band),
            ("is" | "are" | "remain", band, _) => (false, band),
            _ => return None,
        };
        let band = match band {
            "low" | "average" | "minimal" | "small" | "normal" => risk::LOW,
            "high" if very => risk::VERY_HIGH,
            "high" => risk::HIGH | risk::VERY_HIGH,
            "intermediate" | "moderate" | "borderline" => risk::MIDDLE,
            "increased" | "elevated" | "raised" => risk::INCREASED,
            _ => return None,
        };
        let first = (1..=4).filter_map(|back| at.checked_sub(back)).find(|back| {
            self.same_sentence(*back, sentence)
                && matches!(self.word(*back), "if" | "whose" | "when" | "where" | "her" | "his" | "their" | "unless")
        })?;
        let role = match self.sides.get(at) {
            Some(Side::LeftOut) => Role::Excepted,
            Some(Side::Compared) => return None,
            _ => Role::Named,
        };
        let between: Vec<&str> =
            (first + 1..at).map(|at| self.word(at)).filter(|word| !matches!(*word, "the" | "of")).collect();
        let object = between.into_iter().chain(self.words_of(at + 1)).collect::<Vec<_>>().join(" ");
        let tokens = first + 1..verb + if very { 3 } else { 2 };
        let value = Value::Kinds(band);
        Some(Mention { field: Field::Risk, value, role, tokens, sentence, head: false, object, listed: false })
    }

    /// "Without cardiovascular risk factors", "with several risk factors": how many there are tells the band.
    fn factors(&self, at: usize) -> Option<Mention> {
        let sentence = self.cut.get(at)?.sentence;
        let mut many = None;
        for back in (at.saturating_sub(8)..at).rev().take_while(|back| self.same_sentence(*back, sentence)) {
            let band = match self.word(back) {
                "no" | "without" | "lack" | "none" => risk::LOW,
                "several" | "multiple" | "many" | "more" | "additional" | "two" | "three" => {
                    many.get_or_insert(back);
                    continue;
                }
                "with" | "have" | "has" | "having" | "had" => risk::INCREASED,
                "of" | "for" | "to" | "and" | "," | "other" | "assess" | "on" | "by" | "modifiable" => break,
                _ => continue,
            };
            let told = if band == risk::LOW { band } else { risk::INCREASED };
            return Some(self.of_factors(told, back, at, sentence));
        }
        many.map(|from| self.of_factors(risk::INCREASED, from, at, sentence))
    }

    fn of_factors(&self, band: Kinds, from: usize, at: usize, sentence: usize) -> Mention {
        let role = match self.sides.get(at) {
            Some(Side::LeftOut) => Role::Excepted,
            Some(Side::Compared) => Role::Any,
            _ if from.checked_sub(1).is_some_and(|at| matches!(self.word(at), "or" | "whether")) => Role::Any,
            _ => Role::Named,
        };
        Mention {
            field: Field::Risk,
            value: Value::Kinds(band),
            role,
            tokens: from..at + 2,
            sentence,
            head: false,
            object: self.object_of(at + 2),
            listed: false,
        }
    }

    /// "Smokers are at higher risk" says what follows from smoking; "who are at higher risk" says who is meant.
    fn is_predicate(&self, from: usize, back: usize) -> bool {
        let word = |back: usize| from.checked_sub(back).map_or("", |at| self.word(at));
        match word(back + 1) {
            "put" | "place" | "be" | "remain" | "being" => true,
            "is" | "are" | "was" | "were" => {
                // "who bleed and are at low risk"
                let of_who =
                    word(back + 2) == "and" && (3..=16).any(|far| matches!(word(back + far), "who" | "whose" | "that"));
                !of_who
                    && !matches!(
                        word(back + 2),
                        "who" | "that" | "if" | "they" | "you" | "she" | "he" | "not" | "whose"
                    )
            }
            _ => false,
        }
    }

    /// The band of the risk at a token, and where its words begin.
    fn band(&self, at: usize) -> Option<(Kinds, usize)> {
        for back in 1..=3 {
            let place = at.checked_sub(back)?;
            let very = place.checked_sub(1).is_some_and(|at| self.word(at) == "very");
            let band = match self.word(place) {
                "high" if very => risk::VERY_HIGH,
                "high" => risk::HIGH | risk::VERY_HIGH,
                "low" | "average" | "normal" | "minimal" | "ordinary" | "usual" | "typical" | "standard" | "small" => {
                    risk::LOW
                }
                "intermediate" | "moderate" | "borderline" | "medium" => risk::MIDDLE,
                "increased" | "elevated" | "higher" | "greater" | "increase" | "raised" | "substantial" => {
                    risk::INCREASED
                }
                "at" if back == 1 => {
                    return (self.word(at + 1) == "of" || self.word(at + 1) == "for").then_some((risk::INCREASED, at));
                }
                "of" | "the" | "and" | "," | "or" | "to" | "for" => return None,
                _ => continue,
            };
            return Some((band, if very { place - 1 } else { place }));
        }
        None
    }

    /// What the risk is of: the words between band and "risk", or those after "of".
    fn object(&self, from: usize, at: usize) -> String {
        let between = (from + 1..at).map(|at| self.word(at)).filter(|word| {
            !matches!(
                *word,
                "high" | "low" | "very" | "baseline" | "individual" | "to" | "or" | "and" | "moderate" | "intermediate"
            )
        });
        let mut words: Vec<&str> = between.collect();
        words.extend(self.words_of(at + 1));
        words.join(" ")
    }

    fn object_of(&self, at: usize) -> String {
        self.words_of(at).join(" ")
    }

    /// Up to three words after "of" or "for" at a token.
    fn words_of(&self, at: usize) -> Vec<&str> {
        let mut words = Vec::new();
        if matches!(self.word(at), "of" | "for" | "from") {
            let plain = |word: &&str| {
                word.chars().all(char::is_alphanumeric)
                    && !matches!(*word, "and" | "or" | "who" | "should" | "with" | "in" | "to" | "any" | "all" | "age")
            };
            words.extend((at + 1..at + 4).map(|at| self.word(at)).take_while(plain));
        }
        words
    }
}
