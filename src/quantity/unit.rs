//! Units of measure, named as UCUM names them where it has a name.

use std::fmt;

/// A unit and how to bring it to its base.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    name: &'static str,
    base: &'static str,
    factor: f64,
}

/// Spellings (lower case, white space and full stops removed), UCUM name, base unit, factor to the base.
///
/// Months and years are not turned into days: "12 months" is not "365 days" in a schedule.
const UNITS: &[(&[&str], &str, &str, f64)] = &[
    (&["mg/kg/day", "mg/kg/d", "mgperkgperday"], "mg/kg/d", "mg/kg/d", 1.0),
    (&["mg/kg", "mgperkg", "mgperkilo", "mgperkilogram"], "mg/kg", "mg/kg", 1.0),
    (&["mcg/kg", "µg/kg", "ug/kg"], "ug/kg", "mg/kg", 0.001),
    (&["mg/dl"], "mg/dL", "mg/dL", 1.0),
    (&["mg/l"], "mg/L", "mg/L", 1.0),
    (&["mg/g"], "mg/g", "mg/g", 1.0),
    (&["mg/mmol"], "mg/mmol", "mg/mmol", 1.0),
    (&["g/dl"], "g/dL", "g/dL", 1.0),
    (&["mmol/mol"], "mmol/mol", "mmol/mol", 1.0),
    (&["mmol/l"], "mmol/L", "mmol/L", 1.0),
    (&["µmol/l", "umol/l", "micromol/l"], "umol/L", "umol/L", 1.0),
    (&["ng/ml"], "ng/mL", "ng/mL", 1.0),
    (&["nmol/l"], "nmol/L", "nmol/L", 1.0),
    (&["mmol"], "mmol", "mmol", 1.0),
    (&["kg/m2", "kg/m²"], "kg/m2", "kg/m2", 1.0),
    (&["ml/min/1.73m2", "ml/min/1.73m²", "ml/min"], "mL/min", "mL/min", 1.0),
    (&["mmhg"], "mm[Hg]", "mm[Hg]", 1.0),
    (&["kg", "kgs", "kilo", "kilos", "kilogram", "kilograms", "kilogramme", "kilogrammes"], "kg", "kg", 1.0),
    (&["mg", "mgs", "milligram", "milligrams"], "mg", "mg", 1.0),
    (&["mcg", "µg", "ug", "microgram", "micrograms"], "ug", "mg", 0.001),
    (&["g", "gram", "grams", "gm"], "g", "mg", 1000.0),
    (&["ml", "millilitre", "millilitres", "milliliter", "milliliters"], "mL", "mL", 1.0),
    (&["l", "litre", "litres", "liter", "liters"], "L", "mL", 1000.0),
    (&["mm"], "mm", "cm", 0.1),
    (&["cm", "centimetre", "centimetres", "centimeter", "centimeters"], "cm", "cm", 1.0),
    (&["iu", "units", "unit", "internationalunits"], "[iU]", "[iU]", 1.0),
    (&["mme", "mme/day", "mme/d"], "MME", "MME", 1.0),
    (&["mets", "met"], "MET", "MET", 1.0),
    (&["packyear", "packyears"], "pack-year", "pack-year", 1.0),
    (&["%", "percent", "percentage"], "%", "%", 1.0),
    (&["°c", "ºc", "celsius"], "Cel", "Cel", 1.0),
    (&["minutes", "minute", "min", "mins"], "min", "min", 1.0),
    (&["hours", "hour", "hr", "hrs", "h"], "h", "h", 1.0),
    (&["days", "day", "d"], "d", "d", 1.0),
    (&["weeks", "week", "wk", "wks"], "wk", "d", 7.0),
    (&["months", "month", "mo"], "mo", "mo", 1.0),
    (&["years", "year", "yrs", "yr", "y", "yo", "y/o", "yearold", "yearsold"], "a", "a", 1.0),
];

impl Unit {
    /// The unit with this spelling, case and inner spaces aside.
    pub fn named(spelling: &str) -> Option<Unit> {
        let spelling: String = spelling
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| if c == 'μ' { 'µ' } else { c })
            .collect();
        let lower = spelling.to_lowercase();
        // "mL" and "ML" are the same; "Mg" is magnesium and "G" a gauge: a capital alone is no mass.
        if matches!(spelling.as_str(), "Mg" | "MG/DL" | "G" | "D" | "H" | "Y" | "M" | "L/") {
            return None;
        }
        UNITS.iter().find(|(spellings, ..)| spellings.contains(&lower.as_str())).map(|(_, name, base, factor)| Unit {
            name,
            base,
            factor: *factor,
        })
    }

    /// A value in the base unit, and the base unit's name.
    pub fn in_base(self, value: f64) -> (f64, &'static str) {
        (value * self.factor, self.base)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
