//! Claims against passages, and what is said of their numbers.
