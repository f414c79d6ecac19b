//! Statements of the starter corpus changed in one known way, and pairs whose relation people wrote down: does the appraisal
//! see it?
//!
//! The changes are made by patterns of this folder's own, never by the reader under test. A document belongs to `dev` or to
//! `report` by a hash of its name; failures of `dev` are printed, those of `report` are only counted.

/// Guidelines that disagree.
mod conflicts;
mod corpus;
/// Which way the two point.
mod direction;
/// Details that have changed places.
mod exchanges;
/// Numbers: value, unit, bound and role.
mod numbers;
mod numbers_patterns;
/// Whom the two are about.
mod population;
