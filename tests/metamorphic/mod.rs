//! Statements of the starter corpus changed in one known way, and whether the appraisal sees it.
//!
//! The changes are made by patterns of this folder's own, never by the reader under test. A document belongs to `dev` or to
//! `report` by a hash of its name; failures of `dev` are printed, those of `report` are only counted.

mod corpus;
/// Numbers: value, unit, bound and role.
mod numbers;
mod numbers_patterns;
