//! What is measured in blood or urine, and how its units convert: a mass to an amount of substance only with the analyte
//! named, because the factor is its molar mass.
//!
//! Factors: HbA1c by the NGSP/IFCC master equation (0.09148, 2.152); glucose 18.016, cholesterol 38.67, triglycerides
//! 88.57, creatinine 88.42, 25-hydroxyvitamin D 2.496, vitamin D 40 IU a microgram, as laboratories print them; urate,
//! calcium, bilirubin and cobalamin from their molar masses (168.11, 40.078, 584.66, 1355.4 g/mol).

use super::Measure;

/// A substance whose units convert by factors of its own, or go without saying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Analyte {
    /// Glucose in blood or plasma.
    Glucose,
    /// Glycated haemoglobin.
    Hba1c,
    /// Total, LDL, HDL or non-HDL cholesterol.
    Cholesterol,
    /// Triglycerides.
    Triglycerides,
    /// Creatinine in serum.
    Creatinine,
    /// Albumin to creatinine in urine.
    AlbuminCreatinine,
    /// Vitamin D, in serum or taken.
    VitaminD,
    /// Haemoglobin.
    Haemoglobin,
    /// Ferritin.
    Ferritin,
    /// Uric acid.
    Urate,
    /// Calcium in serum.
    Calcium,
    /// Potassium or sodium in serum.
    Electrolyte,
    /// Bilirubin.
    Bilirubin,
    /// Vitamin B12.
    Cobalamin,
}

/// Analyte, UCUM code of a unit, UCUM code of the unit that it is brought to, factor, what is added.
type Conversion = (Analyte, &'static str, &'static str, f64, f64);

const CONVERSIONS: &[Conversion] = &[
    (Analyte::Glucose, "mg/dL", "mmol/L", 1.0 / 18.016, 0.0),
    (Analyte::Hba1c, "mmol/mol", "%", 0.09148, 2.152),
    (Analyte::Cholesterol, "mg/dL", "mmol/L", 1.0 / 38.67, 0.0),
    (Analyte::Triglycerides, "mg/dL", "mmol/L", 1.0 / 88.57, 0.0),
    (Analyte::Creatinine, "mg/dL", "umol/L", 88.42, 0.0),
    (Analyte::AlbuminCreatinine, "mg/g", "mg/mmol", 1.0 / 8.84, 0.0),
    (Analyte::VitaminD, "ng/mL", "nmol/L", 2.496, 0.0),
    (Analyte::VitaminD, "ug", "[iU]", 40.0, 0.0),
    (Analyte::Urate, "mg/dL", "umol/L", 10_000.0 / 168.11, 0.0),
    (Analyte::Calcium, "mg/dL", "mmol/L", 10.0 / 40.078, 0.0),
    (Analyte::Bilirubin, "mg/dL", "umol/L", 10_000.0 / 584.66, 0.0),
    (Analyte::Cobalamin, "pg/mL", "pmol/L", 1000.0 / 1355.4, 0.0),
];

/// Units that go without saying: analyte, below this value, the unit; the first row that fits holds.
const UNSAID: &[(Analyte, f64, &str)] = &[
    (Analyte::Glucose, 35.0, "mmol/L"),
    (Analyte::Glucose, 2000.0, "mg/dL"),
    (Analyte::Hba1c, 20.0, "%"),
    (Analyte::Hba1c, 200.0, "mmol/mol"),
    (Analyte::Cholesterol, 15.0, "mmol/L"),
    (Analyte::Cholesterol, 1000.0, "mg/dL"),
    (Analyte::Triglycerides, 30.0, "mmol/L"),
    (Analyte::Triglycerides, 5000.0, "mg/dL"),
    (Analyte::Creatinine, 20.0, "mg/dL"),
    (Analyte::Creatinine, 2000.0, "umol/L"),
    (Analyte::AlbuminCreatinine, 10_000.0, "mg/g"),
    (Analyte::Haemoglobin, 25.0, "g/dL"),
    (Analyte::Haemoglobin, 250.0, "g/L"),
    (Analyte::Ferritin, 10_000.0, "ng/mL"),
    (Analyte::Urate, 20.0, "mg/dL"),
    (Analyte::Urate, 1000.0, "umol/L"),
    (Analyte::Electrolyte, 200.0, "mmol/L"),
];

/// A value brought to the unit in which an analyte is compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Converted {
    /// The value.
    pub value: f64,
    /// What one printed unit is worth in it.
    pub factor: f64,
    /// The unit.
    pub unit: Measure,
    /// Whether a factor of the analyte was used, so that printed values are rounded on both sides.
    pub by_analyte: bool,
}

impl Analyte {
    /// Brings a value to the unit in which the analyte is compared. `None` where its unit is no unit of it.
    pub fn convert(self, value: f64, unit: Measure) -> Option<Converted> {
        for (analyte, from, to, factor, plus) in CONVERSIONS {
            if *analyte != self {
                continue;
            }
            let (Some(source), Some(target)) = (Measure::named(from), Measure::named(to)) else { continue };
            if unit.dimension() == source.dimension() {
                let scale = unit.factor() / source.factor() * factor;
                // "%" and "mmol/mol" are both bare numbers: the code tells them apart.
                if unit.is_bare() && unit.to_string() != *from {
                    continue;
                }
                return Some(Converted { value: value * scale + plus, factor: scale, unit: target, by_analyte: true });
            }
        }
        None
    }

    /// The unit that goes without saying where this analyte has this value.
    pub fn unsaid(self, value: f64) -> Option<Measure> {
        let row = UNSAID.iter().find(|(analyte, below, _)| *analyte == self && value < *below)?;
        Measure::named(row.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(analyte: Analyte, value: f64, unit: &str, expected: f64, tolerance: f64) {
        let unit = Measure::named(unit).expect("a unit");
        let found = analyte.convert(value, unit).expect("converts").value;
        assert!((found - expected).abs() <= tolerance, "{value} {unit} of {analyte:?} gave {found}");
    }

    #[test]
    fn published_equivalents() {
        check(Analyte::Hba1c, 48.0, "mmol/mol", 6.5, 0.05);
        check(Analyte::Hba1c, 53.0, "mmol/mol", 7.0, 0.05);
        check(Analyte::Hba1c, 39.0, "mmol/mol", 5.7, 0.05);
        check(Analyte::Glucose, 126.0, "mg/dL", 7.0, 0.05);
        check(Analyte::Glucose, 200.0, "mg/dL", 11.1, 0.05);
        check(Analyte::Cholesterol, 70.0, "mg/dL", 1.81, 0.005);
        check(Analyte::Cholesterol, 190.0, "mg/dL", 4.91, 0.005);
        check(Analyte::Triglycerides, 150.0, "mg/dL", 1.69, 0.005);
        check(Analyte::Creatinine, 1.5, "mg/dL", 133.0, 0.5);
        check(Analyte::VitaminD, 20.0, "ng/mL", 50.0, 0.5);
        check(Analyte::VitaminD, 20.0, "ug", 800.0, 0.5);
        check(Analyte::Urate, 6.0, "mg/dL", 357.0, 0.5);
        check(Analyte::Calcium, 10.0, "mg/dL", 2.5, 0.05);
    }

    #[test]
    fn every_code_of_the_tables_is_a_unit() {
        for (_, from, to, ..) in CONVERSIONS {
            assert!(Measure::named(from).is_some() && Measure::named(to).is_some(), "{from} {to}");
        }
        assert!(UNSAID.iter().all(|(.., code)| Measure::named(code).is_some()));
        assert_eq!(Analyte::Hba1c.unsaid(7.0), Measure::named("%"));
        assert_eq!(Analyte::Hba1c.unsaid(53.0), Measure::named("mmol/mol"));
    }
}
