//! The figures of reading, and how they are counted: hits of chances, summed over pages.

use std::collections::BTreeMap;
use std::iter::Sum;

/// What is measured. Every figure is micro-averaged: counts are summed over pages and divided once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Figure {
    /// F1 of heading texts, matched as multisets of normalised texts; n counts the gold's.
    Headings,
    /// Of neighbouring matched headings of a page, the share whose difference in level has the gold's sign.
    Levels,
    /// Of the gold's statements, the share with a passage of kind recommendation that holds their first words and, at or
    /// after them, their last.
    Recall,
    /// Of the recommendation passages that begin on a page, the share that holds the first words of a statement of the
    /// gold or lies within one.
    Precision,
    /// Of the gold's statements, the share whose first words stand in a recommendation and whose last do not. Less is
    /// better.
    Split,
    /// Of the statements found, the share with the gold's direction.
    Direction,
    /// Of the statements found, the share with a direction that is not the gold's, rather than with none. Less is better.
    DirectionFalse,
    /// Of the statements found, the share with the gold's grade, or with none where the gold has none.
    Grade,
    /// The same, of the statements with a grade.
    Graded,
    /// The same, of the statements without one.
    Ungraded,
    /// Of the statements found, the share with a grade that is not the gold's, rather than with none. Less is better.
    GradeFalse,
    /// Of the gold's table rows, the share that one read row holds cell for cell, in order and under the right heads.
    Rows,
    /// Of the words of the blocks' anchors in reading order, the share on a longest common subsequence with the page's.
    Order,
    /// Of the same words, the share that is on the page at all.
    Words,
}

impl Figure {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Figure; 14] = [
        Figure::Headings,
        Figure::Levels,
        Figure::Recall,
        Figure::Precision,
        Figure::Split,
        Figure::Direction,
        Figure::DirectionFalse,
        Figure::Grade,
        Figure::Graded,
        Figure::Ungraded,
        Figure::GradeFalse,
        Figure::Rows,
        Figure::Order,
        Figure::Words,
    ];

    /// Its name in what is printed.
    pub fn name(self) -> &'static str {
        match self {
            Figure::Headings => "heading_f1",
            Figure::Levels => "heading_levels",
            Figure::Recall => "recommendation_recall",
            Figure::Precision => "recommendation_precision",
            Figure::Split => "recommendation_split",
            Figure::Direction => "direction",
            Figure::DirectionFalse => "direction_false",
            Figure::Grade => "grade",
            Figure::Graded => "grade_graded",
            Figure::Ungraded => "grade_ungraded",
            Figure::GradeFalse => "grade_false",
            Figure::Rows => "table_rows",
            Figure::Order => "reading_order",
            Figure::Words => "words",
        }
    }
}

/// Hits of chances, and of how many things of the gold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many were right.
    pub hit: usize,
    /// How many there were.
    pub of: usize,
    /// What is told as n; for F1, whose denominator sums both sides, the gold's.
    pub n: usize,
}

impl Tally {
    /// The share, or `None` of nothing.
    pub fn share(self) -> Option<f64> {
        (self.of > 0).then(|| self.hit as f64 / self.of as f64)
    }
}

/// The counts of a page, or of many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures(BTreeMap<Figure, Tally>);

impl Figures {
    /// One figure's counts.
    pub fn get(&self, figure: Figure) -> Tally {
        self.0.get(&figure).copied().unwrap_or_default()
    }

    /// Counts one chance.
    pub(super) fn add(&mut self, figure: Figure, right: bool) {
        self.add_of(figure, usize::from(right), 1, 1);
    }

    /// Counts several chances at once.
    pub(super) fn add_of(&mut self, figure: Figure, hit: usize, of: usize, n: usize) {
        let tally = self.0.entry(figure).or_default();
        *tally = Tally { hit: tally.hit + hit, of: tally.of + of, n: tally.n + n };
    }
}

impl<'a> Sum<&'a Figures> for Figures {
    fn sum<I: Iterator<Item = &'a Figures>>(all: I) -> Figures {
        let mut sum = Figures::default();
        for figures in all {
            for (figure, tally) in &figures.0 {
                sum.add_of(*figure, tally.hit, tally.of, tally.n);
            }
        }
        sum
    }
}
