//! What can be told of a person, field by field, and the kinds that each field parts people into.
//!
//! The kinds of a field do not overlap and together hold everybody, so that "not pregnant" is what is left of all kinds
//! once the pregnant ones are taken away, and two statements contradict each other where they share no kind. Ages,
//! filtration rates and risks are intervals (`super::interval`).

/// One thing that a text can say of the people whom it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Age in years.
    Age,
    /// Sex, as far as advice turns on it.
    Sex,
    /// Pregnant, by trimester; planning to be; after birth; breastfeeding.
    Pregnancy,
    /// Gestational age, weeks.
    Gestation,
    /// Before or after menopause.
    Menopause,
    /// Kidney disease by stage, dialysis, kidney transplant.
    Kidney,
    /// Estimated glomerular filtration rate or creatinine clearance, mL/min.
    Filtration,
    /// Liver disease and cirrhosis by stage.
    Liver,
    /// Type of diabetes, prediabetes, none.
    Diabetes,
    /// Before or after a first cardiovascular event.
    Prevention,
    /// Risk in words: low, intermediate, high, very high.
    Risk,
    /// Risk in 10 years, in percent.
    TenYearRisk,
    /// Immune defence: healthy, HIV, transplant, chemotherapy, drugs that weaken it.
    Immunity,
    /// Where the person is cared for.
    Setting,
    /// Near the end of life, or not.
    EndOfLife,
    /// With or without symptoms.
    Symptoms,
    /// Heart failure by ejection fraction.
    HeartFailure,
    /// Chronic obstructive pulmonary disease.
    Copd,
    /// Asthma.
    Asthma,
    /// High blood pressure.
    Hypertension,
    /// Never, former, current smoker.
    Smoking,
    /// Allergy to penicillin.
    PenicillinAllergy,
}

impl Field {
    /// Every field, in the order in which mismatches are told.
    pub const ALL: [Field; 22] = [
        Field::Age,
        Field::Sex,
        Field::Gestation,
        Field::Pregnancy,
        Field::Menopause,
        Field::Kidney,
        Field::Filtration,
        Field::Liver,
        Field::Diabetes,
        Field::Prevention,
        Field::Risk,
        Field::TenYearRisk,
        Field::Immunity,
        Field::Setting,
        Field::EndOfLife,
        Field::Symptoms,
        Field::HeartFailure,
        Field::Copd,
        Field::Asthma,
        Field::Hypertension,
        Field::Smoking,
        Field::PenicillinAllergy,
    ];

    /// The name in a flag, as in the contract's `"field":"age"`.
    pub fn name(self) -> &'static str {
        match self {
            Field::Age => "age",
            Field::Sex => "sex",
            Field::Pregnancy | Field::Gestation => "pregnancy",
            Field::Menopause => "menopause",
            Field::Kidney | Field::Filtration => "renal",
            Field::Liver => "hepatic",
            Field::Diabetes => "diabetes_type",
            Field::Prevention => "prevention",
            Field::Risk | Field::TenYearRisk => "risk_band",
            Field::Immunity => "immunocompromise",
            Field::Setting | Field::EndOfLife => "setting",
            Field::Symptoms => "symptoms",
            Field::HeartFailure => "heart_failure",
            Field::Copd => "copd",
            Field::Asthma => "asthma",
            Field::Hypertension => "hypertension",
            Field::Smoking => "smoking",
            Field::PenicillinAllergy => "penicillin_allergy",
        }
    }

    /// All kinds of the field; nothing where it is an interval.
    pub(super) fn everybody(self) -> Kinds {
        match self {
            Field::Age | Field::Gestation | Field::Filtration | Field::TenYearRisk => 0,
            Field::Sex
            | Field::Menopause
            | Field::Prevention
            | Field::EndOfLife
            | Field::Copd
            | Field::Asthma
            | Field::Hypertension
            | Field::PenicillinAllergy => 0b11,
            Field::Smoking | Field::Symptoms => 0b111,
            Field::Risk | Field::HeartFailure => 0b1111,
            Field::Diabetes => 0b11_1111,
            Field::Setting => 0b11_1111,
            Field::Liver | Field::Pregnancy => 0b111_1111,
            Field::Immunity => 0b1111_1111,
            Field::Kidney => 0b1_1111_1111,
        }
    }
}

/// A set of kinds of one field, a bit each.
pub(super) type Kinds = u16;

pub(super) const FEMALE: Kinds = 1;
pub(super) const MALE: Kinds = 2;

/// Absent and present, of fields that know no more.
pub(super) const NO: Kinds = 1;
pub(super) const YES: Kinds = 2;

pub(super) mod pregnancy {
    //! The trimesters, after birth, breastfeeding, planning, and everybody else.
    use super::Kinds;
    pub(crate) const FIRST: Kinds = 1;
    pub(crate) const SECOND: Kinds = 2;
    pub(crate) const THIRD: Kinds = 4;
    pub(crate) const AFTER_BIRTH: Kinds = 8;
    pub(crate) const BREASTFEEDING: Kinds = 16;
    pub(crate) const PLANNING: Kinds = 32;
    pub(crate) const NEITHER: Kinds = 64;
    pub(crate) const PREGNANT: Kinds = FIRST | SECOND | THIRD;
    pub(crate) const POSTPARTUM: Kinds = AFTER_BIRTH | BREASTFEEDING;
}

pub(super) mod menopause {
    //! Before and after.
    use super::Kinds;
    pub(crate) const BEFORE: Kinds = 1;
    pub(crate) const AFTER: Kinds = 2;
}

pub(super) mod kidney {
    //! KDIGO's stages by filtration rate (KDIGO 2012 and 2024: G1 90 and above, G2 60 to 89, G3a 45 to 59, G3b 30 to 44,
    //! G4 15 to 29, G5 below 15), dialysis and transplant apart.
    use super::Kinds;
    pub(crate) const HEALTHY: Kinds = 1;
    pub(crate) const G1: Kinds = 2;
    pub(crate) const G2: Kinds = 4;
    pub(crate) const G3A: Kinds = 8;
    pub(crate) const G3B: Kinds = 16;
    pub(crate) const G4: Kinds = 32;
    pub(crate) const G5: Kinds = 64;
    pub(crate) const DIALYSIS: Kinds = 128;
    pub(crate) const TRANSPLANT: Kinds = 256;
    pub(crate) const G3: Kinds = G3A | G3B;
    /// Stage 5, treated or not; a transplant ends it.
    pub(crate) const FAILURE: Kinds = G5 | DIALYSIS;
    pub(crate) const DISEASE: Kinds = G1 | G2 | G3 | G4 | FAILURE | TRANSPLANT;
}

pub(super) mod liver {
    //! Disease by its scars (METAVIR F0 and F1, F2 and F3), and cirrhosis by Child-Pugh class; class B is found with and
    //! without decompensation.
    use super::Kinds;
    pub(crate) const HEALTHY: Kinds = 1;
    /// Disease with no fibrosis or little (F0, F1).
    pub(crate) const MILD: Kinds = 2;
    pub(crate) const A: Kinds = 4;
    pub(crate) const B_COMPENSATED: Kinds = 8;
    pub(crate) const B_DECOMPENSATED: Kinds = 16;
    pub(crate) const C: Kinds = 32;
    /// Significant fibrosis short of cirrhosis (F2, F3).
    pub(crate) const FIBROSIS: Kinds = 64;
    pub(crate) const NO_CIRRHOSIS: Kinds = MILD | FIBROSIS;
    pub(crate) const B: Kinds = B_COMPENSATED | B_DECOMPENSATED;
    pub(crate) const COMPENSATED: Kinds = A | B_COMPENSATED;
    pub(crate) const DECOMPENSATED: Kinds = B_DECOMPENSATED | C;
    pub(crate) const CIRRHOSIS: Kinds = A | B | C;
    pub(crate) const DISEASE: Kinds = NO_CIRRHOSIS | CIRRHOSIS;
}

pub(super) mod diabetes {
    //! Type; "diabetes" alone is any of them, prediabetes none.
    use super::Kinds;
    pub(crate) const NONE: Kinds = 1;
    pub(crate) const PRE: Kinds = 2;
    pub(crate) const TYPE_1: Kinds = 4;
    pub(crate) const TYPE_2: Kinds = 8;
    pub(crate) const GESTATIONAL: Kinds = 16;
    pub(crate) const OTHER: Kinds = 32;
    pub(crate) const ANY: Kinds = TYPE_1 | TYPE_2 | GESTATIONAL | OTHER;
}

pub(super) mod prevention {
    //! Before a first cardiovascular event, or after one or with known disease.
    use super::Kinds;
    pub(crate) const PRIMARY: Kinds = 1;
    pub(crate) const SECONDARY: Kinds = 2;
}

pub(super) mod risk {
    //! In words.
    use super::Kinds;
    pub(crate) const LOW: Kinds = 1;
    pub(crate) const MIDDLE: Kinds = 2;
    pub(crate) const HIGH: Kinds = 4;
    pub(crate) const VERY_HIGH: Kinds = 8;
    pub(crate) const INCREASED: Kinds = MIDDLE | HIGH | VERY_HIGH;
}

pub(super) mod immunity {
    //! What weakens it; two causes are two kinds, because advice for the one is not advice for the other.
    use super::Kinds;
    pub(crate) const HEALTHY: Kinds = 1;
    /// HIV with fewer than 200 CD4 cells per mm3, the bound below which live vaccines are withheld and prophylaxis begins.
    pub(crate) const HIV_LOW: Kinds = 2;
    pub(crate) const HIV_HIGH: Kinds = 4;
    pub(crate) const ORGAN: Kinds = 8;
    pub(crate) const STEM_CELL: Kinds = 16;
    pub(crate) const CANCER: Kinds = 32;
    pub(crate) const DRUGS: Kinds = 64;
    pub(crate) const OTHER: Kinds = 128;
    pub(crate) const HIV: Kinds = HIV_LOW | HIV_HIGH;
    pub(crate) const WEAKENED: Kinds = HIV | ORGAN | STEM_CELL | CANCER | DRUGS | OTHER;
}

pub(super) mod setting {
    //! Where.
    use super::Kinds;
    pub(crate) const INTENSIVE: Kinds = 1;
    pub(crate) const WARD: Kinds = 2;
    pub(crate) const EMERGENCY: Kinds = 4;
    pub(crate) const HOME: Kinds = 8;
    pub(crate) const CARE_HOME: Kinds = 16;
    pub(crate) const SURGERY: Kinds = 32;
    pub(crate) const HOSPITAL: Kinds = INTENSIVE | WARD | SURGERY;
    pub(crate) const OUTPATIENT: Kinds = EMERGENCY | HOME | CARE_HOME;
}

pub(super) mod heart_failure {
    //! By ejection fraction: reduced, mildly reduced, preserved.
    use super::Kinds;
    pub(crate) const REDUCED: Kinds = 2;
    pub(crate) const MILDLY: Kinds = 4;
    pub(crate) const PRESERVED: Kinds = 8;
    pub(crate) const ANY: Kinds = REDUCED | MILDLY | PRESERVED;
}

pub(super) mod smoking {
    //! Never, former, current.
    use super::Kinds;
    pub(crate) const NEVER: Kinds = 1;
    pub(crate) const FORMER: Kinds = 2;
    pub(crate) const CURRENT: Kinds = 4;
    pub(crate) const EVER: Kinds = FORMER | CURRENT;
}

pub(super) mod symptoms {
    //! None, some, and those that call for a look at once.
    use super::Kinds;
    pub(crate) const NONE: Kinds = 1;
    pub(crate) const PLAIN: Kinds = 2;
    pub(crate) const ALARM: Kinds = 4;
    pub(crate) const SOME: Kinds = PLAIN | ALARM;
}
