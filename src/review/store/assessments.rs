//! Answers to the rubric for a whole response. A later one stands beside the earlier, which is kept.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::reviews::{is_open, touch};
use super::rows::{at_most, json, moment, text};
use super::{Error, LONGEST_FEEDBACK, Store, reviewers};
use crate::review::record::{Assessment, Private, Reviewer};
use crate::review::taxonomy::Rubric;

/// Answers to the rubric, to be kept.
#[derive(Clone, Debug, Default)]
pub struct NewAssessment {
    /// Ratings by item; `None` for "does not apply".
    pub ratings: BTreeMap<String, Option<u8>>,
    /// A remark.
    pub note: Option<Private>,
}

impl Store {
    /// Keeps a reviewer's answers to the rubric in use.
    ///
    /// # Errors
    /// [`Error::Field`] where an item or a rating is unknown or all is empty; [`Error::Missing`], [`Error::Erased`].
    pub fn add_assessment(&self, review: &str, reviewer: &str, new: &NewAssessment) -> Result<Assessment, Error> {
        let rubric = &self.taxonomy().rubric;
        check(new, rubric)?;
        let note = new.note.clone().filter(|note| !note.is_blank());
        let ratings = text("/ratings", &new.ratings)?;
        let now = self.now();
        self.write(|transaction| {
            is_open(transaction, review)?;
            let profile = reviewers::by_id(transaction, reviewer)?;
            transaction.execute(
                "INSERT INTO assessments (review, reviewer, role, at, rubric, ratings, note) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![review, reviewer, profile.role, now, rubric.id, ratings, note.as_ref().map(Private::as_str)],
            )?;
            touch(transaction, review, now)?;
            Ok(Assessment {
                review: review.to_owned(),
                reviewer: profile.reviewer(),
                at: moment(now)?,
                rubric: rubric.id.clone(),
                ratings: new.ratings.clone(),
                note,
            })
        })
    }
}

/// The answers that were given for a review, oldest first.
pub(super) fn of(connection: &Connection, review: &str) -> Result<Vec<Assessment>, Error> {
    let mut statement = connection.prepare_cached("SELECT * FROM assessments WHERE review = ?1 ORDER BY seq")?;
    let mut rows = statement.query([review])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let ratings: String = row.get("ratings")?;
        found.push(Assessment {
            review: review.to_owned(),
            reviewer: Reviewer { id: row.get("reviewer")?, role: row.get("role")? },
            at: moment(row.get("at")?)?,
            rubric: row.get("rubric")?,
            ratings: json("the ratings of an assessment", &ratings)?,
            note: row.get::<_, Option<String>>("note")?.map(Private),
        });
    }
    Ok(found)
}

fn check(new: &NewAssessment, rubric: &Rubric) -> Result<(), Error> {
    for (id, rating) in &new.ratings {
        // The pointer names the key as RFC 6901 writes it.
        let pointer = format!("/ratings/{}", id.replace('~', "~0").replace('/', "~1"));
        let Some(item) = rubric.item(id) else {
            return Err(Error::field(pointer, format!("the rubric {} has no such item", rubric.id)));
        };
        if rating.is_some_and(|rating| item.scale.iter().all(|point| point.value != rating)) {
            return Err(Error::field(pointer, format!("a rating is 1 to {}, or null", item.scale.len())));
        }
    }
    let note = new.note.as_ref().map(Private::as_str).unwrap_or_default();
    at_most("/note", note, LONGEST_FEEDBACK)?;
    if new.ratings.values().all(Option::is_none) && note.trim().is_empty() {
        return Err(Error::field("/ratings", "nothing is rated and nothing is said"));
    }
    Ok(())
}
