//! What a number is for: a dose, an age, a threshold, a target. Numbers of different roles are never compared.

use std::fmt;
use std::sync::LazyLock;

use crate::quantity::{KeyMap, key_of};

/// What a number of a recommendation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// From where a condition is present.
    DiagnosticThreshold,
    /// From where it is treated.
    TreatmentThreshold,
    /// What treatment aims at.
    Target,
    /// How much is given.
    Dose,
    /// The most that may be given.
    Ceiling,
    /// How often something is taken or done to treat.
    Frequency,
    /// How long, or within what time.
    Duration,
    /// How long between two tests, visits or vaccinations.
    Interval,
    /// Whose age.
    AgeBound,
    /// How high a risk.
    RiskBound,
    /// How many.
    Count,
    /// A result of a study; compared with nothing.
    Statistic,
    /// Body mass index, weight, waist.
    BodyMeasure,
    /// How much was smoked.
    PackYears,
    /// Filtration rate.
    KidneyFunction,
    /// A laboratory value or a vital sign, its use not said.
    LabValue,
    /// A share, a size, a ratio.
    Measurement,
}

impl Role {
    /// Its name in plain words, as a flag's `field` gives it.
    pub fn name(self) -> &'static str {
        match self {
            Role::DiagnosticThreshold => "diagnostic threshold",
            Role::TreatmentThreshold => "treatment threshold",
            Role::Target => "target",
            Role::Dose => "dose",
            Role::Ceiling => "maximum",
            Role::Frequency => "frequency",
            Role::Duration => "duration",
            Role::Interval => "interval",
            Role::AgeBound => "age",
            Role::RiskBound => "risk",
            Role::Count => "count",
            Role::Statistic => "statistic",
            Role::BodyMeasure => "body measure",
            Role::PackYears => "pack-years",
            Role::KidneyFunction => "kidney function",
            Role::LabValue => "value",
            Role::Measurement => "measurement",
        }
    }

    /// Whether numbers of these two roles may be held against each other.
    ///
    /// A value whose use is not said may be any threshold or target; a period is a frequency or an interval by words that a
    /// short claim leaves out. Everything else is compared with its own role alone.
    pub(super) fn comparable(self, other: Role) -> Kinship {
        use Role::{
            AgeBound, DiagnosticThreshold, Duration, Frequency, Interval, LabValue, Statistic, Target,
            TreatmentThreshold,
        };
        let threshold = |role| matches!(role, DiagnosticThreshold | TreatmentThreshold | Target);
        match (self, other) {
            (Statistic, _) | (_, Statistic) => Kinship::None,
            (one, same) if one == same => Kinship::Same,
            (Frequency, Interval) | (Interval, Frequency) => Kinship::Near,
            // A length of time whose unit was taken for another is an age no more, and the other way round.
            (Duration, AgeBound) | (AgeBound, Duration) => Kinship::ByUnit,
            (LabValue, role) | (role, LabValue) if threshold(role) => Kinship::Near,
            _ => Kinship::None,
        }
    }

    /// The same, leniently: roles of one kind, whichever of them the words name.
    pub(super) fn akin(self, other: Role) -> Kinship {
        use Role::{
            Ceiling, DiagnosticThreshold, Dose, Duration, Frequency, Interval, LabValue, Measurement, Target,
            TreatmentThreshold,
        };
        let kind = |role| match role {
            DiagnosticThreshold | TreatmentThreshold | Target | LabValue => 1,
            Dose | Ceiling => 2,
            Duration | Interval | Frequency => 3,
            Measurement => 4,
            _ => 0,
        };
        match self.comparable(other) {
            Kinship::None | Kinship::ByUnit if kind(self) > 0 && kind(self) == kind(other) => Kinship::Same,
            found => found,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How near two roles are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kinship {
    /// One role.
    Same,
    /// The use of one is not said.
    Near,
    /// Two roles that a wrong unit makes of one: only the same number in another unit is compared.
    ByUnit,
    /// Two roles.
    None,
}

/// What a word tells of the numbers near it, as bits.
pub(super) type Cues = u32;

/// People, whose age follows.
pub(super) const PERSON: Cues = 1;
/// `age`, `aged`.
pub(super) const AGE: Cues = 1 << 1;
/// `older`, `younger`: what they stand with is an age, what follows them is not.
pub(super) const OLDER: Cues = 1 << 17;
/// `risk`, `probability`.
pub(super) const RISK: Cues = 1 << 2;
/// Diagnosing, defining.
pub(super) const DIAGNOSIS: Cues = 1 << 3;
/// Treating, starting a drug.
pub(super) const TREATMENT: Cues = 1 << 4;
/// Goals.
pub(super) const TARGET: Cues = 1 << 5;
/// `maximum`, `ceiling`.
pub(super) const MAXIMUM: Cues = 1 << 6;
/// Words of study results.
pub(super) const STATISTIC: Cues = 1 << 7;
/// `reduced`, `rose`: a change that was seen.
pub(super) const CHANGED: Cues = 1 << 8;
/// Testing again: screening, visits, monitoring, vaccination.
pub(super) const REPEAT: Cues = 1 << 9;
/// Taking: dose, tablet, infusion.
pub(super) const TAKING: Cues = 1 << 10;
/// `for`, `lasting`, `course`, `within`: a length of time.
pub(super) const LENGTH: Cues = 1 << 11;
/// `at`, `from`, `until`: a point in a life or a course.
pub(super) const PLACE: Cues = 1 << 12;
/// `follow-up`, `later`: a time after something, no age.
pub(super) const LATER: Cues = 1 << 13;
/// What is long: a life expectancy is no age.
pub(super) const SPAN: Cues = 1 << 14;
/// Words that stand around everything and tell nothing of it.
pub(super) const STOP: Cues = 1 << 15;
/// Starting to screen or vaccinate: the age that follows is a rule.
pub(super) const RULE: Cues = 1 << 16;

const CUES: &[(Cues, &str)] = &[
    (
        PERSON,
        "adult adults women woman men man males male females female people persons person patients patient children child \
         infants infant babies baby newborns newborn adolescents adolescent teenagers teens individuals those anyone everyone \
         boys girls kids smokers youths youth toddlers seniors veterans recipients travelers travellers neonates drivers \
         someone diabetics",
    ),
    (AGE, "age ages aged"),
    (OLDER, "older younger old"),
    (RISK, "risk risks probability likelihood chance"),
    (
        DIAGNOSIS,
        "diagnosis diagnosed diagnose diagnoses diagnostic diagnosing defined define defines definition criterion criteria \
         means indicates indicate confirm confirms confirmed classified denotes counts positive called",
    ),
    (
        TREATMENT,
        "treat treated treating treatment treatments start starting started initiate initiated initiating begin prescribe \
         offer drug drugs medication medications pharmacotherapy transfuse transfusion transfused therapy give given",
    ),
    (
        TARGET,
        "target targets targeted targeting goal goals aim aims aiming aimed titrate titrated maintain maintained keep \
         keeping kept achieve achieved reach lowered control controlled",
    ),
    (MAXIMUM, "maximum max ceiling limit limits exceed exceeds exceeding"),
    (
        STATISTIC,
        "ci hr rr ors ratio odds hazard confidence prevalence incidence mortality sensitivity specificity median mean trial \
         trials study studies percentile survival accuracy absolute relative lifetime prevented deaths participants averaged",
    ),
    (
        CHANGED,
        "reduced reduces reduce reduction increased increases increase raised raises rose fell dropped decreased decreases lowered lowers decline declined improved",
    ),
    (
        REPEAT,
        "screen screened screening screenings test tested testing retest monitor monitored monitoring mammogram mammography \
         colonoscopy visit visits check checked follow booster boosters vaccinate vaccination vaccine ultrasound mri ct scan \
         exam examination assess assessed assessment reassess review measure measured repeat repeated surveillance",
    ),
    (
        TAKING,
        "dose doses dosed dosage tablet tablets oral orally intravenous intravenously infusion injection take taken inject subcutaneously mouth puffs",
    ),
    (
        LENGTH,
        "for lasting lasts last course duration within past after before during since long longer shorter later every over",
    ),
    (PLACE, "at from until through to between by"),
    (LATER, "later afterwards follow ago postpartum onset discharge surgery diagnosis exposure birth delivery"),
    (SPAN, "expectancy history duration prognosis survival interval"),
    (RULE, "start starts starting begin begins beginning from until stop"),
    (
        STOP,
        "the and for with that this from into are is was were been being has have had not nor but than then they them their \
         there these those which who whom whose when where while will would should could can may might must shall its also \
         only all any each every other some such more most less least between within without about over under above below \
         per during after before until through once twice out off via both either neither one two three if as at by in of \
         on or to an be it a no do does did you your use used using recommended recommend recommends recommendation \
         suggested suggest patients patient people persons person adults adult years year months month weeks week days day \
         hours hour",
    ),
];

static CUE_OF: LazyLock<KeyMap<Cues>> = LazyLock::new(|| {
    let mut map = KeyMap::default();
    for (cue, words) in CUES {
        for word in words.split_whitespace() {
            *map.entry(key_of(word)).or_default() |= cue;
        }
    }
    map
});

/// What the word with this key tells.
pub(super) fn cues(key: u64) -> Cues {
    CUE_OF.get(&key).copied().unwrap_or_default()
}
