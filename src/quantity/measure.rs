//! Units of measure: UCUM's codes, what each measures, and its factor, for amounts that are compared.
//!
//! Factors are those of UCUM 2.2 (ucum.org, table of units), of which 60 atoms serve guidelines. A unit is at most one
//! atom over three: mg, mg/kg, mg/kg/d, mL/min (the "/1.73 m2" of a filtration rate is part of its name and is left out).

use std::fmt;

/// Exponents of mass, length, time, amount of substance, temperature and biological activity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dimension([i8; 6]);

const NONE: Dimension = Dimension([0; 6]);
const MASS: Dimension = Dimension([1, 0, 0, 0, 0, 0]);
const LENGTH: Dimension = Dimension([0, 1, 0, 0, 0, 0]);
const AREA: Dimension = Dimension([0, 2, 0, 0, 0, 0]);
const VOLUME: Dimension = Dimension([0, 3, 0, 0, 0, 0]);
const TIME: Dimension = Dimension([0, 0, 1, 0, 0, 0]);
const SUBSTANCE: Dimension = Dimension([0, 0, 0, 1, 0, 0]);
const TEMPERATURE: Dimension = Dimension([0, 0, 0, 0, 1, 0]);
const ACTIVITY: Dimension = Dimension([0, 0, 0, 0, 0, 1]);
const PRESSURE: Dimension = Dimension([1, -1, -2, 0, 0, 0]);
const ENERGY: Dimension = Dimension([1, 2, -2, 0, 0, 0]);

/// A unit that is no product of others, as an index into [`ATOMS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Atom(u8);

/// UCUM code, dimension, factor to the base (g, m, d, mol, K, [iU]), spellings in lower case.
struct AtomRow(&'static str, Dimension, f64, &'static [&'static str]);

const DAY_IN_SECONDS: f64 = 86_400.0;
/// Pascal in g, m and d.
const PASCAL: f64 = 1000.0 * DAY_IN_SECONDS * DAY_IN_SECONDS;

/// The table. Months and years are mean Gregorian ones (365.2425 d); how far calendar units may be off is the comparison's.
const ATOMS: &[AtomRow] = &[
    AtomRow("kg", MASS, 1e3, &["kg", "kgs", "kilo", "kilos", "kilogram", "kilograms", "kilogramme", "kilogrammes"]),
    AtomRow("g", MASS, 1.0, &["g", "gm", "gms", "gram", "grams", "gramme", "grammes"]),
    AtomRow("mg", MASS, 1e-3, &["mg", "mgs", "milligram", "milligrams", "milligramme", "milligrammes"]),
    AtomRow("ug", MASS, 1e-6, &["mcg", "mcgs", "µg", "ug", "microgram", "micrograms", "microgramme", "microgrammes"]),
    AtomRow("ng", MASS, 1e-9, &["ng", "nanogram", "nanograms"]),
    AtomRow("pg", MASS, 1e-12, &["pg", "picogram", "picograms"]),
    AtomRow("[lb_av]", MASS, 453.592_37, &["lb", "lbs", "pound", "pounds"]),
    AtomRow("[oz_av]", MASS, 28.349_523_125, &["oz", "ounce", "ounces"]),
    AtomRow("L", VOLUME, 1e-3, &["l", "litre", "litres", "liter", "liters"]),
    AtomRow("dL", VOLUME, 1e-4, &["dl", "decilitre", "deciliter"]),
    AtomRow("mL", VOLUME, 1e-6, &["ml", "mls", "cc", "millilitre", "millilitres", "milliliter", "milliliters"]),
    AtomRow("uL", VOLUME, 1e-9, &["µl", "ul", "mcl", "microlitre", "microliter", "microlitres", "microliters"]),
    AtomRow("mm3", VOLUME, 1e-9, &["mm3", "mm³"]),
    AtomRow("mol", SUBSTANCE, 1.0, &["mol", "mole", "moles"]),
    AtomRow("mmol", SUBSTANCE, 1e-3, &["mmol", "mmols", "millimole", "millimoles"]),
    AtomRow("umol", SUBSTANCE, 1e-6, &["µmol", "umol", "mcmol", "micromol", "micromole", "micromoles"]),
    AtomRow("nmol", SUBSTANCE, 1e-9, &["nmol", "nanomol", "nanomole", "nanomoles"]),
    AtomRow("pmol", SUBSTANCE, 1e-12, &["pmol", "picomol", "picomole", "picomoles"]),
    AtomRow("meq", SUBSTANCE, 1e-3, &["meq", "milliequivalent", "milliequivalents"]),
    AtomRow("[iU]", ACTIVITY, 1.0, &["iu", "ius", "u", "unit", "units"]),
    AtomRow("m[iU]", ACTIVITY, 1e-3, &["miu"]),
    AtomRow("m", LENGTH, 1.0, &["metre", "metres", "meter", "meters"]),
    AtomRow("km", LENGTH, 1e3, &["km", "kilometre", "kilometres", "kilometer", "kilometers"]),
    AtomRow("cm", LENGTH, 1e-2, &["cm", "cms", "centimetre", "centimetres", "centimeter", "centimeters"]),
    AtomRow("mm", LENGTH, 1e-3, &["mm", "millimetre", "millimetres", "millimeter", "millimeters"]),
    AtomRow("[in_i]", LENGTH, 0.0254, &["inch", "inches"]),
    AtomRow("[ft_i]", LENGTH, 0.3048, &["ft", "foot", "feet"]),
    AtomRow("m2", AREA, 1.0, &["m2", "m²"]),
    AtomRow("s", TIME, 1.0 / DAY_IN_SECONDS, &["sec", "secs", "second", "seconds"]),
    AtomRow("min", TIME, 60.0 / DAY_IN_SECONDS, &["min", "mins", "minute", "minutes"]),
    AtomRow("h", TIME, 1.0 / 24.0, &["h", "hr", "hrs", "hour", "hours"]),
    AtomRow("d", TIME, 1.0, &["d", "day", "days", "night", "nights"]),
    AtomRow("wk", TIME, 7.0, &["wk", "wks", "week", "weeks"]),
    AtomRow("mo", TIME, 30.436_875, &["mo", "mos", "month", "months"]),
    AtomRow("a", TIME, 365.2425, &["y", "yr", "yrs", "yo", "year", "years"]),
    AtomRow("Cel", TEMPERATURE, 1.0, &["℃", "celsius", "centigrade"]),
    AtomRow("[degF]", TEMPERATURE, 5.0 / 9.0, &["℉", "fahrenheit"]),
    AtomRow("mm[Hg]", PRESSURE, 133.322 * PASCAL, &["mmhg"]),
    AtomRow("kPa", PRESSURE, 1000.0 * PASCAL, &["kpa"]),
    AtomRow("cm[H2O]", PRESSURE, 98.0665 * PASCAL, &["cmh2o"]),
    AtomRow("kcal", ENERGY, 4184.0 * PASCAL, &["kcal", "kcals", "kilocalorie", "kilocalories", "calorie", "calories"]),
    AtomRow("kJ", ENERGY, 1000.0 * PASCAL, &["kj", "kilojoule", "kilojoules"]),
    AtomRow("%", NONE, 0.01, &["percent", "percentage", "pct"]),
    AtomRow("[MET]", NONE, 1.0, &["met", "mets"]),
    AtomRow("mg{morphine}", NONE, 1.0, &["mme", "mmes"]),
    AtomRow("a{pack}", NONE, 1.0, &["packyear", "packyears"]),
    AtomRow("1", NONE, 1.0, &["cell", "cells", "cfu", "copies"]),
    AtomRow("10*3", NONE, 1e3, &[]),
    AtomRow("10*6", NONE, 1e6, &[]),
    AtomRow("10*9", NONE, 1e9, &[]),
    AtomRow("10*12", NONE, 1e12, &[]),
];

impl Atom {
    /// The atom with this UCUM code.
    pub(super) fn of(code: &str) -> Option<Atom> {
        let at = ATOMS.iter().position(|row| row.0 == code)?;
        u8::try_from(at).ok().map(Atom)
    }

    /// Every atom with its spellings.
    pub(super) fn all() -> impl Iterator<Item = (Atom, &'static [&'static str])> {
        ATOMS.iter().enumerate().filter_map(|(at, row)| Some((Atom(u8::try_from(at).ok()?), row.3)))
    }

    fn row(self) -> &'static AtomRow {
        &ATOMS[usize::from(self.0)]
    }

    /// Whether it is a unit of time.
    pub(super) fn is_time(self) -> bool {
        self.row().1 == TIME
    }

    /// A day or longer: what a dose is given per, where a shorter time makes it a speed.
    pub(super) fn is_schedule(self) -> bool {
        self.is_time() && self.row().2 >= 1.0
    }
}

/// A unit as it stands in a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    top: Atom,
    below: [Option<Atom>; 3],
}

impl Measure {
    /// The unit of one atom.
    pub(super) fn of(top: Atom) -> Measure {
        Measure { top, below: [None; 3] }
    }

    /// The unit with this UCUM code, of one atom.
    pub fn named(code: &str) -> Option<Measure> {
        let mut atoms = code.split('/').map(Atom::of);
        let mut measure = Measure::of(atoms.next()??);
        for atom in atoms {
            measure.divide(atom?);
        }
        Some(measure)
    }

    /// Divides it by one more atom; a fourth is left out.
    pub(super) fn divide(&mut self, by: Atom) {
        if let Some(free) = self.below.iter_mut().find(|atom| atom.is_none()) {
            *free = Some(by);
        }
    }

    /// What it measures.
    pub fn dimension(self) -> Dimension {
        let mut dimension = self.top.row().1;
        for below in self.below.into_iter().flatten() {
            for (exponent, minus) in dimension.0.iter_mut().zip(below.row().1.0) {
                *exponent -= minus;
            }
        }
        dimension
    }

    /// What one of it is in base units; temperatures apart, which [`Measure::in_base`] shifts.
    pub fn factor(self) -> f64 {
        self.below.into_iter().flatten().fold(self.top.row().2, |factor, below| factor / below.row().2)
    }

    /// A value in base units (g, m, d, mol, K, and international units). Temperatures are degrees Celsius.
    pub fn in_base(self, value: f64) -> f64 {
        if self.code() == "[degF]" {
            return (value - 32.0) * 5.0 / 9.0;
        }
        value * self.factor()
    }

    /// The code of its first atom, the only one of most units.
    pub fn code(self) -> &'static str {
        self.top.row().0
    }

    /// Whether it is a plain span of time.
    pub fn is_time(self) -> bool {
        self.below[0].is_none() && self.top.is_time()
    }

    /// What its first atom measures: milligrams a kilogram are a mass for each mass, and no bare number.
    pub fn top_dimension(self) -> Option<Dimension> {
        self.below[0].map(|_| self.top.row().1)
    }

    /// Whether months or years are counted, whose length in days is not fixed.
    pub fn is_calendar(self) -> bool {
        self.is_time() && matches!(self.code(), "mo" | "a")
    }

    /// Whether it is a percentage, a count of cells or another bare number.
    pub fn is_bare(self) -> bool {
        self.dimension() == NONE && self.below[0].is_none()
    }

    /// Whether it is something in a volume: a mass, a substance, an activity, cells.
    pub fn is_concentration(self) -> bool {
        self.below[0].is_some_and(|below| below.row().1 == VOLUME)
    }

    /// Whether it is a pressure.
    pub fn is_pressure(self) -> bool {
        self.dimension() == PRESSURE
    }

    /// Whether it is a mass for a surface, as the body mass index is.
    pub fn is_body_mass_index(self) -> bool {
        self.code() == "kg" && self.below[0].is_some_and(|below| below.row().1 == AREA)
    }

    /// Whether it is a volume in a time, as a filtration rate is.
    pub fn is_flow(self) -> bool {
        self.top.row().1 == VOLUME && self.below[0].is_some_and(Atom::is_time)
    }

    /// Whether it is a temperature.
    pub fn is_temperature(self) -> bool {
        self.dimension() == TEMPERATURE
    }

    /// Whether it is a bare number in a time: beats or breaths a minute.
    pub fn is_rate(self) -> bool {
        self.code() == "1" && self.below[0].is_some_and(Atom::is_time)
    }

    /// Whether it is an amount of a drug or a nutrient: mass, volume, substance or activity, also for each kilogram.
    pub fn is_dose(self) -> bool {
        let mass_or_none = |atom: Atom| matches!(atom.row().1, MASS | AREA);
        let dosed = matches!(self.top.row().1, MASS | VOLUME | SUBSTANCE | ACTIVITY) || self.code() == "mg{morphine}";
        // A kilogram alone is a body's weight.
        dosed
            && self.below.into_iter().flatten().all(mass_or_none)
            && (self.below[0].is_some() || !matches!(self.code(), "kg" | "[lb_av]"))
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())?;
        self.below.into_iter().flatten().try_for_each(|below| write!(f, "/{}", below.row().0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_of_one_atom() {
        let mut seen = std::collections::BTreeMap::new();
        for (atom, spellings) in Atom::all() {
            for spelling in spellings {
                assert_eq!(seen.insert(*spelling, atom), None, "{spelling}");
            }
        }
    }

    #[test]
    fn units_of_one_dimension_convert() {
        let base = |code: &str, value: f64| Measure::named(code).expect("a unit").in_base(value);
        let same = |a: f64, b: f64| assert!((a - b).abs() <= 1e-9 * a.abs(), "{a} {b}");
        same(base("mg", 100.0), base("g", 0.1));
        same(base("ug/kg", 100.0), base("mg/kg", 0.1));
        same(base("[degF]", 102.2), base("Cel", 39.0));
        same(base("a", 1.0), base("mo", 12.0));
        same(base("h", 24.0), base("d", 1.0));
        assert!((base("kPa", 16.0) / base("mm[Hg]", 120.0) - 1.0).abs() < 1e-3);
        let dimension = |code: &str| Measure::named(code).expect("a unit").dimension();
        assert_eq!(dimension("mg/dL"), dimension("g/L"));
        assert_ne!(dimension("mg/dL"), dimension("mmol/L"));
        assert_ne!(dimension("mg/kg"), dimension("mg"));
        assert_eq!(Measure::named("mg/kg/d").expect("a unit").to_string(), "mg/kg/d");
    }
}
