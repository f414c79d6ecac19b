//! Dates as guidelines print them, and the day on which editions are judged.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// An ISO 8601 date that may lack its day or its month: `2019`, `2019-12` or `2019-12-10`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartialDate {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
}

impl PartialDate {
    /// The year.
    pub fn year(self) -> i16 {
        self.year
    }

    /// The first day that the date can mean: what is "published 2019" is in force on every day of 2019.
    pub fn first_day(self) -> Date {
        Date::new(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1)).unwrap_or(Date::MIN)
    }
}

/// The day on which editions are judged.
///
/// Without an `as_of` the corpus is taken as it stands: an edition counts whatever date it bears. How far a status can be
/// trusted is always asked of a calendar day, which is then today's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    as_of: Option<Date>,
    date: Date,
}

impl Day {
    /// The corpus as it stands, on the system's calendar day in UTC.
    pub fn today() -> Day {
        Day::standing_on(Timestamp::now().to_zoned(TimeZone::UTC).date())
    }

    /// The corpus as it stands, on a given calendar day.
    pub fn standing_on(date: Date) -> Day {
        Day { as_of: None, date }
    }

    /// What was in force on a day.
    pub fn as_of(date: Date) -> Day {
        Day { as_of: Some(date), date }
    }

    /// The day after whose end nothing had been published yet; `None` where the corpus is taken as it stands.
    pub fn cut(self) -> Option<Date> {
        self.as_of
    }

    /// The calendar day.
    pub fn date(self) -> Date {
        self.date
    }
}

impl From<Option<Date>> for Day {
    fn from(as_of: Option<Date>) -> Day {
        as_of.map_or_else(Day::today, Day::as_of)
    }
}

impl FromStr for PartialDate {
    type Err = String;

    fn from_str(text: &str) -> Result<PartialDate, String> {
        let fault = || format!("{text:?} is no date: write 2019, 2019-12 or 2019-12-10");
        let mut parts = text.split('-');
        let digits = |part: &str, width: usize| {
            (part.len() == width && part.bytes().all(|b| b.is_ascii_digit()))
                .then(|| part.parse::<i16>().ok())
                .flatten()
        };
        let year = parts.next().and_then(|part| digits(part, 4)).ok_or_else(fault)?;
        let two = |part: Option<&str>| match part {
            None => Ok(None),
            Some(part) => digits(part, 2).and_then(|n| i8::try_from(n).ok()).map(Some).ok_or_else(fault),
        };
        let (month, day) = (two(parts.next())?, two(parts.next())?);
        let exists = Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).is_ok();
        if year == 0 || !exists || parts.next().is_some() {
            return Err(fault());
        }
        Ok(PartialDate { year, month, day })
    }
}

impl TryFrom<String> for PartialDate {
    type Error = String;

    fn try_from(text: String) -> Result<PartialDate, String> {
        text.parse()
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> String {
        date.to_string()
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        match self.day {
            Some(day) => write!(f, "-{day:02}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partial_dates_read_back() {
        for good in ["2019", "2019-12", "2019-12-10", "2024-02-29"] {
            assert_eq!(good.parse::<PartialDate>().map(|date| date.to_string()), Ok(good.to_owned()));
        }
        for bad in ["", "19", "2019-1", "2019-13", "2019-02-30", "2019-12-10-1", "2019/12", "+201", "0000"] {
            assert!(bad.parse::<PartialDate>().is_err(), "{bad:?}");
        }
    }
}
