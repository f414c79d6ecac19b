//! The one test binary: what crosses stages. Tests of a single stage stand beside it in `src/`.

/// Who imports whom.
mod architecture;
