//! What an amount is an amount of, where a word near it says so: systolic pressure, LDL cholesterol, HbA1c.
//!
//! Drugs are not listed: which of two doses is meant is settled by the words that the two texts share around them.

use std::sync::LazyLock;

use super::context::{Key, prefix};
use crate::quantity::{Analyte, KeyMap, Measure, key_of};

/// A quantity that has a name and units of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Systolic blood pressure.
    Systolic,
    /// Diastolic blood pressure.
    Diastolic,
    /// Blood pressure, which of the two not said.
    BloodPressure,
    /// Mean arterial pressure.
    MeanPressure,
    /// LDL cholesterol.
    Ldl,
    /// Non-HDL cholesterol.
    NonHdl,
    /// HDL cholesterol.
    Hdl,
    /// Cholesterol, which not said.
    Cholesterol,
    /// Apolipoprotein B.
    ApoB,
    /// Lipoprotein(a).
    LipoproteinA,
    /// Triglycerides.
    Triglycerides,
    /// Glycated haemoglobin.
    Hba1c,
    /// Glucose.
    Glucose,
    /// Body mass index.
    BodyMassIndex,
    /// Filtration rate.
    FiltrationRate,
    /// Urine albumin to creatinine.
    AlbuminCreatinine,
    /// Creatinine.
    Creatinine,
    /// Haemoglobin.
    Haemoglobin,
    /// Ferritin.
    Ferritin,
    /// Transferrin saturation.
    TransferrinSaturation,
    /// International normalised ratio.
    Inr,
    /// Potassium.
    Potassium,
    /// Sodium.
    Sodium,
    /// Thyrotropin.
    Tsh,
    /// Uric acid.
    Urate,
    /// Vitamin D.
    VitaminD,
    /// Vitamin B12.
    Cobalamin,
    /// Calcium.
    Calcium,
    /// Bilirubin.
    Bilirubin,
    /// Body temperature.
    Temperature,
    /// Heart rate.
    HeartRate,
    /// Breathing rate.
    BreathingRate,
    /// Oxygen saturation.
    Oxygen,
    /// Platelet count.
    Platelets,
    /// Neutrophil count.
    Neutrophils,
    /// CD4 cells.
    Cd4,
    /// Prostate-specific antigen.
    Psa,
    /// Ejection fraction.
    EjectionFraction,
    /// Body weight.
    Weight,
    /// T-score of bone density.
    TScore,
    /// A clinical score.
    Score,
    /// Lactate.
    Lactate,
    /// Acidity of blood.
    Ph,
}

/// How a subject is written: words in order, lower case; the last one finds it.
const NAMES: &[(Subject, &[&str])] = &[
    (Subject::Systolic, &["systolic", "sbp"]),
    (Subject::Diastolic, &["diastolic", "dbp"]),
    (Subject::BloodPressure, &["blood pressure", "bp", "hypertension", "pressure"]),
    (Subject::MeanPressure, &["arterial pressure", "map"]),
    (Subject::Ldl, &["ldl"]),
    (Subject::NonHdl, &["non hdl"]),
    (Subject::Hdl, &["hdl"]),
    (Subject::Cholesterol, &["cholesterol"]),
    (Subject::ApoB, &["apob", "apolipoprotein"]),
    (Subject::LipoproteinA, &["lipoprotein"]),
    (Subject::Triglycerides, &["triglycerides", "triglyceride"]),
    (Subject::Hba1c, &["hba1c", "a1c", "glycated", "glycosylated"]),
    (Subject::Glucose, &["glucose", "sugar", "glycaemia", "glycemia", "hypoglycemia", "hypoglycaemia"]),
    (Subject::BodyMassIndex, &["bmi", "mass index"]),
    (Subject::FiltrationRate, &["egfr", "gfr", "filtration rate", "creatinine clearance", "crcl"]),
    (Subject::AlbuminCreatinine, &["uacr", "acr", "creatinine ratio", "albuminuria"]),
    (Subject::Creatinine, &["creatinine"]),
    (Subject::Haemoglobin, &["haemoglobin", "hemoglobin", "hb", "hgb"]),
    (Subject::Ferritin, &["ferritin"]),
    (Subject::TransferrinSaturation, &["transferrin saturation", "tsat"]),
    (Subject::Inr, &["inr", "normalized ratio", "normalised ratio"]),
    (Subject::Potassium, &["potassium"]),
    (Subject::Sodium, &["sodium"]),
    (Subject::Tsh, &["tsh", "thyrotropin"]),
    (Subject::Urate, &["urate", "uric acid"]),
    (Subject::VitaminD, &["vitamin d", "hydroxyvitamin d", "cholecalciferol"]),
    (Subject::Cobalamin, &["b12", "cobalamin"]),
    (Subject::Calcium, &["calcium"]),
    (Subject::Bilirubin, &["bilirubin", "tsb"]),
    (Subject::Temperature, &["temperature", "fever", "temperatures"]),
    (Subject::HeartRate, &["heart rate", "pulse"]),
    (Subject::BreathingRate, &["respiratory rate", "breathing"]),
    (Subject::Oxygen, &["oxygen saturation", "spo2", "sao2"]),
    (Subject::Platelets, &["platelet", "platelets"]),
    (Subject::Neutrophils, &["neutrophil", "neutrophils", "anc"]),
    (Subject::Cd4, &["cd4"]),
    (Subject::Psa, &["psa"]),
    (Subject::EjectionFraction, &["ejection fraction", "lvef", "ef"]),
    (Subject::Weight, &["weight", "weighing", "weigh"]),
    (Subject::TScore, &["t score"]),
    (Subject::Score, &["score", "scores", "vasc", "cac"]),
    (Subject::Lactate, &["lactate"]),
    (Subject::Ph, &["ph"]),
];

/// The word that finds a subject: the word that must stand before it, if any.
type Found = (Option<u64>, Subject);

static BY_WORD: LazyLock<KeyMap<Vec<Found>>> = LazyLock::new(|| {
    let mut map: KeyMap<Vec<Found>> = KeyMap::default();
    for (subject, names) in NAMES {
        for name in *names {
            let (before, last) =
                name.rsplit_once(' ').map_or((None, *name), |(before, last)| (Some(key_of(before)), last));
            map.entry(key_of(last)).or_default().push((before, *subject));
        }
    }
    // A name of two words is asked before one of one.
    map.values_mut().for_each(|found| found.sort_by_key(|(before, _)| before.is_none()));
    map
});

/// The subject that the word with this key names, given the key of the word before it.
pub(super) fn named(key: u64, before: u64) -> Option<Subject> {
    let found = BY_WORD.get(&key)?;
    found.iter().find(|(wanted, _)| wanted.is_none_or(|wanted| wanted == before)).map(|(_, subject)| *subject)
}

/// The key of what a count counts, names of one thing brought together.
pub(super) fn counted(noun: &str) -> Key {
    const SAME: &[&[&str]] = &[
        &["doses", "dose", "shot", "shots", "injection", "injections", "jab", "jabs"],
        &["drugs", "drug", "medicines", "medicine", "medications", "medication", "agents", "agent"],
        &["tablets", "tablet", "pills", "pill", "capsules", "capsule"],
        &["visits", "visit", "appointments", "appointment"],
    ];
    let group = SAME.iter().find(|words| words.iter().any(|word| word.eq_ignore_ascii_case(noun)));
    prefix(group.and_then(|words| words.first()).copied().unwrap_or(noun))
}

impl Subject {
    /// The substance, where its units convert by a factor of its own.
    pub(super) fn analyte(self) -> Option<Analyte> {
        Some(match self {
            Subject::Ldl | Subject::NonHdl | Subject::Hdl | Subject::Cholesterol => Analyte::Cholesterol,
            Subject::Triglycerides => Analyte::Triglycerides,
            Subject::Hba1c => Analyte::Hba1c,
            Subject::Glucose => Analyte::Glucose,
            Subject::AlbuminCreatinine => Analyte::AlbuminCreatinine,
            Subject::Creatinine => Analyte::Creatinine,
            Subject::Haemoglobin => Analyte::Haemoglobin,
            Subject::Ferritin => Analyte::Ferritin,
            Subject::Potassium | Subject::Sodium => Analyte::Electrolyte,
            Subject::Urate => Analyte::Urate,
            Subject::VitaminD => Analyte::VitaminD,
            Subject::Cobalamin => Analyte::Cobalamin,
            Subject::Calcium => Analyte::Calcium,
            Subject::Bilirubin => Analyte::Bilirubin,
            _ => return None,
        })
    }

    /// Whether an amount in this unit, or in none, can be one of it.
    pub(super) fn takes(self, unit: Option<Measure>) -> bool {
        let Some(unit) = unit else {
            return !matches!(self, Subject::VitaminD | Subject::Calcium | Subject::Sodium | Subject::Weight);
        };
        let percent = unit.code() == "%";
        match self {
            Subject::Systolic | Subject::Diastolic | Subject::BloodPressure | Subject::MeanPressure => {
                unit.is_pressure()
            }
            Subject::Hba1c => percent || unit.to_string() == "mmol/mol",
            Subject::BodyMassIndex => unit.is_body_mass_index(),
            Subject::FiltrationRate => unit.is_flow(),
            Subject::AlbuminCreatinine => matches!(unit.to_string().as_str(), "mg/g" | "mg/mmol" | "ug/mg"),
            Subject::Temperature => unit.is_temperature(),
            Subject::HeartRate | Subject::BreathingRate => unit.is_rate(),
            Subject::Oxygen | Subject::EjectionFraction | Subject::TransferrinSaturation => percent,
            Subject::Platelets | Subject::Neutrophils | Subject::Cd4 => unit.is_concentration(),
            Subject::Weight => matches!(unit.to_string().as_str(), "kg" | "[lb_av]" | "g"),
            Subject::Inr | Subject::TScore | Subject::Score | Subject::Ph => false,
            // Taken or measured in blood.
            Subject::VitaminD | Subject::Cobalamin | Subject::Calcium | Subject::Sodium | Subject::Potassium => {
                unit.is_concentration() || (unit.is_dose() && unit.top_dimension().is_none())
            }
            _ => unit.is_concentration(),
        }
    }

    /// Whether two subjects may be one: the same, or one of them a more general name of the other.
    pub(super) fn meets(self, other: Subject) -> bool {
        let general = |one: Subject, other: Subject| match one {
            Subject::BloodPressure => matches!(other, Subject::Systolic | Subject::Diastolic),
            Subject::Cholesterol => matches!(other, Subject::Ldl | Subject::Hdl | Subject::NonHdl),
            _ => false,
        };
        self == other || general(self, other) || general(other, self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_name_is_found_first() {
        assert_eq!(named(key_of("hdl"), key_of("non")), Some(Subject::NonHdl));
        assert_eq!(named(key_of("hdl"), key_of("the")), Some(Subject::Hdl));
        assert_eq!(named(key_of("ratio"), key_of("odds")), None);
        assert_eq!(named(key_of("pressure"), key_of("blood")), Some(Subject::BloodPressure));
    }

    #[test]
    fn a_unit_must_fit() {
        let unit = |code: &str| Measure::named(code);
        assert!(Subject::Ldl.takes(unit("mg/dL")) && Subject::Ldl.takes(None));
        assert!(!Subject::Ldl.takes(unit("a")) && !Subject::Ldl.takes(unit("%")));
        assert!(Subject::FiltrationRate.takes(unit("mL/min")));
    }
}
