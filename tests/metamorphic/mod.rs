//! Pairs of a claim and a passage whose relation is known, each class reported apart.

/// Whom the two are about.
mod population;
