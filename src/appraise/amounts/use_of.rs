//! From the words around an amount to its role and its subject.

use crate::quantity::{Amount, Comparator, Kind, Measure, Token, TokenKind};

use super::subject::{self, Subject};
use crate::appraise::Role;
use crate::appraise::role::{self, Cues};

/// A text's tokens with what each tells.
pub(super) struct Words<'a> {
    pub(super) text: &'a str,
    pub(super) tokens: &'a [Token],
    pub(super) cues: Vec<Cues>,
    /// Sentences before each token.
    sentences: Vec<usize>,
    /// The subject that ends at each token.
    subjects: Vec<Option<Subject>>,
}

/// Words looked back over for a subject.
const SUBJECT_REACH: usize = 30;

impl<'a> Words<'a> {
    pub(super) fn of(text: &'a str, tokens: &'a [Token]) -> Words<'a> {
        let mut cues = Vec::with_capacity(tokens.len());
        let mut subjects = Vec::with_capacity(tokens.len());
        let mut sentences = Vec::with_capacity(tokens.len());
        let (mut before, mut sentence) = (0, 0);
        for token in tokens {
            sentence += usize::from(token.fresh);
            sentences.push(sentence);
            cues.push(if token.key == 0 { 0 } else { role::cues(token.key) });
            subjects.push(if token.key == 0 { None } else { subject::named(token.key, before) });
            if token.key != 0 {
                before = token.key;
            }
        }
        Words { text, tokens, cues, sentences, subjects }
    }

    /// The sentence that a token stands in.
    pub(super) fn sentence(&self, at: usize) -> usize {
        self.sentences.get(at).copied().unwrap_or_default()
    }

    /// Whether a word before this token, at most `reach` away and in the same sentence, tells this.
    fn before(&self, at: usize, reach: usize, cue: Cues) -> bool {
        if self.tokens.get(at).is_some_and(|token| token.fresh) {
            return false;
        }
        for at in (at.saturating_sub(reach)..at).rev() {
            if self.cues[at] & cue != 0 {
                return true;
            }
            if self.tokens[at].fresh {
                return false;
            }
        }
        false
    }

    /// Whether a word from this token on, at most `reach` of them and in the same sentence, tells this.
    fn after(&self, at: usize, reach: usize, cue: Cues) -> bool {
        let tokens = self.tokens.iter().zip(&self.cues).skip(at).take(reach);
        tokens.take_while(|(token, _)| !token.fresh).any(|(_, cues)| cues & cue != 0)
    }

    /// Whether the words of the amount itself tell this.
    fn within(&self, amount: &Amount, cue: Cues) -> bool {
        self.cues.get(amount.tokens.clone()).is_some_and(|cues| cues.iter().any(|cues| cues & cue != 0))
    }

    fn spells(&self, at: usize, word: &str) -> bool {
        self.tokens
            .get(at)
            .and_then(|token| self.text.get(token.start..token.end))
            .is_some_and(|text| text.eq_ignore_ascii_case(word))
    }

    /// The subject nearest to an amount that its unit fits, in its sentence: right after it, before it, then further on.
    pub(super) fn subject(&self, amount: &Amount) -> Option<Subject> {
        let fits = |at: usize| self.subjects[at].filter(|subject| subject.takes(amount.unit));
        let end = amount.tokens.end.min(self.tokens.len());
        let after = |reach: usize| {
            let open = (end..self.tokens.len()).take(reach).take_while(|at| !self.tokens[*at].fresh);
            open.filter_map(fits).next()
        };
        let beside = after(2).filter(|subject| matches!(subject, Subject::Systolic | Subject::Diastolic));
        // A bare number is of what stands right before it: "an A1c of 7".
        let reach = if amount.unit.is_some() { SUBJECT_REACH } else { 9 };
        let mut found = None;
        let mut at = amount.tokens.start;
        for _ in 0..reach {
            if at == 0 || self.tokens[at].fresh {
                break;
            }
            at -= 1;
            if let Some(subject) = fits(at) {
                found = Some(subject);
                break;
            }
        }
        beside.or(found).or_else(|| amount.unit.is_some().then(|| after(12)).flatten()).or_else(|| self.implied(amount))
    }

    /// What a unit or a pair is of where no word says it.
    fn implied(&self, amount: &Amount) -> Option<Subject> {
        let is = |what: fn(Measure) -> bool| amount.unit.is_some_and(what);
        let pair = amount.unit.is_none() && amount.over.is_some() && (60.0..300.0).contains(&amount.low);
        match () {
            () if pair || is(Measure::is_pressure) => Some(Subject::BloodPressure),
            () if is(Measure::is_body_mass_index) => Some(Subject::BodyMassIndex),
            () if is(Measure::is_flow) => Some(Subject::FiltrationRate),
            () => None,
        }
    }

    /// What the amount is for.
    pub(super) fn role(&self, amount: &Amount, subject: Option<Subject>) -> Role {
        let (start, end) = (amount.tokens.start, amount.tokens.end);
        if self.is_statistic(amount) {
            return Role::Statistic;
        }
        if amount.kind == Kind::Ratio {
            return Role::Measurement;
        }
        if matches!(amount.kind, Kind::Period | Kind::Total) {
            return self.period_role(amount);
        }
        let Some(unit) = amount.unit else { return self.bare_role(amount, subject) };
        if unit.is_time() {
            return self.time_role(amount, unit);
        }
        if unit.code() == "a{pack}" {
            return Role::PackYears;
        }
        if unit.code() == "%" && subject.is_none_or(|subject| subject == Subject::Score) {
            let risk = self.before(start, 12, role::RISK) || self.after(end, 6, role::RISK);
            return if risk { Role::RiskBound } else { Role::Measurement };
        }
        match subject {
            Some(Subject::BodyMassIndex | Subject::Weight) => Role::BodyMeasure,
            Some(Subject::FiltrationRate) => Role::KidneyFunction,
            Some(_) if !unit.is_dose() || unit.is_concentration() => self.threshold(amount),
            _ if unit.is_dose() && !unit.is_concentration() => {
                if self.before(start, 3, role::MAXIMUM) || self.within(amount, role::MAXIMUM) {
                    Role::Ceiling
                } else {
                    Role::Dose
                }
            }
            _ if unit.is_concentration() => Role::LabValue,
            _ if matches!(unit.code(), "kg" | "[lb_av]") => Role::BodyMeasure,
            _ => Role::Measurement,
        }
    }

    /// What a number without a unit is for.
    fn bare_role(&self, amount: &Amount, subject: Option<Subject>) -> Role {
        let noun = self.noun(amount.tokens.end).is_some();
        let scored = matches!(subject, Some(Subject::Score | Subject::Inr | Subject::TScore));
        match () {
            () if subject.is_some() && (!noun || amount.over.is_some() || scored) => self.threshold(amount),
            () if self.is_bare_age(amount, noun) => Role::AgeBound,
            () => Role::Count,
        }
    }

    /// What a span of time is for.
    fn time_role(&self, amount: &Amount, unit: Measure) -> Role {
        // "10-year risk": over how long a risk is counted.
        let tokens = self.tokens.get(amount.tokens.clone()).unwrap_or_default();
        let tied = tokens.iter().any(|token| token.is('-') && token.glued);
        match () {
            () if tied && !amount.age && self.after(amount.tokens.end, 5, role::RISK) => Role::RiskBound,
            () if self.is_age(amount, unit) => Role::AgeBound,
            () => Role::Duration,
        }
    }

    /// What a value of a subject is for, by the verbs and nouns nearest before it, then after it.
    fn threshold(&self, amount: &Amount) -> Role {
        let (start, end) = (amount.tokens.start, amount.tokens.end);
        let all = role::TARGET | role::DIAGNOSIS | role::TREATMENT;
        let role = |cues: Cues| match () {
            () if cues & role::TARGET != 0 => Role::Target,
            () if cues & role::DIAGNOSIS != 0 => Role::DiagnosticThreshold,
            () => Role::TreatmentThreshold,
        };
        // A goal is said beside its number; what is diagnosed or treated may stand anywhere in the sentence.
        if self.before(start, 12, role::TARGET) {
            return Role::Target;
        }
        let mut at = start;
        while at > 0 && !self.tokens.get(at).is_some_and(|token| token.fresh) && start - at < 40 {
            at -= 1;
            if self.cues[at] & all != 0 {
                return role(self.cues[at]);
            }
        }
        let after = self.tokens.iter().zip(&self.cues).skip(end).take(20).take_while(|(token, _)| !token.fresh);
        after.map(|(_, cues)| *cues).find(|cues| cues & all != 0).map_or(Role::LabValue, role)
    }

    fn period_role(&self, amount: &Amount) -> Role {
        let (start, end) = (amount.tokens.start, amount.tokens.end);
        let short = amount.unit.is_some_and(|unit| unit.in_base(amount.high) < 7.0);
        // "two flares a year": how many there are in a year, and not how often something is done.
        let by = ["a", "an", "per", "each"].iter().any(|word| self.spells(start, word));
        let number =
            |at: usize| self.tokens.get(at).is_some_and(|token| matches!(token.kind, TokenKind::Number { .. }));
        if !short && by && (start.saturating_sub(4)..start).any(number) {
            return Role::Statistic;
        }
        let taking = self.before(start, 8, role::TAKING) || self.after(end, 6, role::TAKING);
        if short || (taking && !self.before(start, 20, role::REPEAT)) { Role::Frequency } else { Role::Interval }
    }

    fn is_age(&self, amount: &Amount, unit: Measure) -> bool {
        let (start, end) = (amount.tokens.start, amount.tokens.end);
        if amount.age || self.within(amount, role::AGE | role::OLDER) || self.before(start, 2, role::AGE) {
            return true;
        }
        let (years, months) = (unit.code() == "a", unit.code() == "mo");
        let timed = self.spells(start, "within") || self.spells(start, "beyond") || self.before(start, 1, role::LENGTH);
        let spans = self.before(start, 3, role::SPAN) || self.after(end, 5, role::LATER | role::RISK);
        if timed || spans || !(years || months || matches!(unit.code(), "wk" | "d")) {
            return false;
        }
        if self.before(start, 1, role::PERSON) {
            return true;
        }
        let first = self.cues.get(start).is_some_and(|cues| cues & role::PLACE != 0);
        let opens = first && !self.spells(start + 1, "least") && !self.spells(start + 1, "most");
        let stands = self.before(start, 1, role::PLACE) && amount.said == Comparator::Equal;
        let place = (stands || opens) && !self.spells(start.wrapping_sub(1), "by");
        // "below 5 years" and "< 5 years" are ages; of months only "below" is.
        let sign = self.tokens.get(start).is_some_and(|token| matches!(token.kind, TokenKind::Sign(_)));
        let bounded = matches!(amount.comparator, Comparator::Less | Comparator::More);
        (place && (years || months)) || (bounded && ((amount.loose && (years || months)) || (sign && years)))
    }

    /// Whether the amount goes on a list that the one before it began: "11 or 12 years", "0, 2 and 6 months".
    pub(super) fn lists(&self, all: &[Amount], at: usize) -> bool {
        let Some((before, amount)) = at.checked_sub(1).and_then(|before| all.get(before)).zip(all.get(at)) else {
            return false;
        };
        let between = self.tokens.get(before.tokens.end..amount.tokens.start).unwrap_or_default();
        let same = before.unit == amount.unit;
        let joins = |token: &Token| {
            (token.is(',') && same)
                || self.text.get(token.start..token.end).is_some_and(|word| matches!(word, "and" | "or"))
        };
        !between.is_empty() && between.len() <= 2 && between.iter().all(joins)
    }

    /// A number without a unit that can only be an age: "adults over 65", "screening begins at 50".
    fn is_bare_age(&self, amount: &Amount, noun: bool) -> bool {
        let start = amount.tokens.start;
        let whole = amount.low.fract() == 0.0 && (1.0..=110.0).contains(&amount.low) && amount.high <= 120.0;
        if !whole || amount.over.is_some() {
            return false;
        }
        if amount.age || self.within(amount, role::AGE | role::OLDER) || self.before(start, 2, role::AGE) {
            return true;
        }
        if noun {
            return false;
        }
        let opens = self.cues.get(start).is_some_and(|cues| cues & (role::PLACE | role::RULE) != 0);
        let person = self.before(start, 1, role::PERSON);
        person || opens || self.before(start, 1, role::PLACE) || amount.comparator != Comparator::Equal
    }

    /// Results of studies, and percentages of people.
    fn is_statistic(&self, amount: &Amount) -> bool {
        let (start, end) = (amount.tokens.start, amount.tokens.end);
        if self.before(start, 3, role::STATISTIC) || self.after(end, 3, role::STATISTIC) {
            return true;
        }
        let p = start > 0
            && amount.unit.is_none()
            && amount.low < 1.0
            && (self.spells(start - 1, "p") || self.spells(start.saturating_sub(2), "p"));
        let percent = amount.unit.is_some_and(|unit| unit.code() == "%");
        let changed = percent
            && amount.is_point()
            && self.before(start, 6, role::CHANGED)
            && self.spells(start.wrapping_sub(1), "by");
        let of_people = percent && self.spells(end, "of") && self.after(end + 1, 3, role::PERSON);
        p || changed || of_people
    }

    /// The word that a count counts: the next one, where it is no word of grammar.
    pub(super) fn noun(&self, end: usize) -> Option<usize> {
        let at = end + usize::from(self.tokens.get(end).is_some_and(|token| token.is('-') && token.glued));
        let token = self.tokens.get(at)?;
        let word = token.kind == TokenKind::Word && !token.fresh && self.cues[at] & (role::STOP | role::PLACE) == 0;
        // People are counted by nobody here: "65 adults" is no count of a recommendation, "two people" none either.
        word.then_some(at)
    }
}
