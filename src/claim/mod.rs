//! A claim: one checkable statement, with what was said around it and about whom; and [`split()`], which finds those of a
//! response.

pub mod citation;
pub mod split;

pub use split::{Statement, Worth, split};

/// Longest claim, in code points; longer text is a response that holds claims, not a claim.
pub const LONGEST: usize = 4_000;

/// Longest context, in code points.
pub const LONGEST_CONTEXT: usize = 20_000;

/// Why a text is no claim.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is nothing to look for.
    #[error("the claim is empty: give a statement or a few key words")]
    Empty,
    /// It is too long to be one statement.
    #[error("the claim has {0} characters, more than {LONGEST}: send one statement at a time")]
    TooLong(usize),
    /// What was said around it is too long.
    #[error("the context has {0} characters, more than {LONGEST_CONTEXT}: send the paragraph that the claim stands in")]
    ContextTooLong(usize),
}

/// The person whom a claim is about, as far as the caller says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patient {
    /// Age in years.
    pub age: Option<u8>,
    /// Sex, as the caller writes it.
    pub sex: Option<String>,
    /// Conditions and findings.
    pub conditions: Vec<String>,
}

/// One checkable statement. A fragment of key words is fine.
///
/// Its text may hold patient data: its `Debug` form gives the length alone, so it cannot be logged by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Claim {
    text: String,
    context: Option<String>,
    patient: Option<Patient>,
}

impl std::fmt::Debug for Claim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Claim({} bytes)", self.text.len())
    }
}

impl Claim {
    /// Takes a text as a claim, unchanged.
    ///
    /// # Errors
    /// [`Error`] where it is empty or longer than [`LONGEST`].
    pub fn new(text: &str) -> Result<Claim, Error> {
        if text.trim().is_empty() {
            return Err(Error::Empty);
        }
        let length = text.chars().count();
        if length > LONGEST {
            return Err(Error::TooLong(length));
        }
        Ok(Claim { text: text.to_owned(), context: None, patient: None })
    }

    /// Adds the question or the paragraph that the claim stands in.
    ///
    /// # Errors
    /// [`Error::ContextTooLong`].
    pub fn with_context(self, context: &str) -> Result<Claim, Error> {
        let length = context.chars().count();
        if length > LONGEST_CONTEXT {
            return Err(Error::ContextTooLong(length));
        }
        Ok(Claim { context: Some(context.to_owned()).filter(|context| !context.trim().is_empty()), ..self })
    }

    /// Adds the person whom it is about.
    #[must_use]
    pub fn with_patient(self, patient: Patient) -> Claim {
        Claim { patient: Some(patient), ..self }
    }

    /// The statement.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What was said around it.
    pub fn context(&self) -> Option<&str> {
        self.context.as_deref()
    }

    /// The person whom it is about.
    pub fn patient(&self) -> Option<&Patient> {
        self.patient.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_and_endless_claims_are_refused() {
        assert_eq!(Claim::new(" \n\t"), Err(Error::Empty));
        assert_eq!(Claim::new(&"ä".repeat(4_001)), Err(Error::TooLong(4_001)));
        assert!(Claim::new(&"ä".repeat(4_000)).is_ok());
    }

    #[test]
    fn a_claim_does_not_print_its_text() {
        let claim = Claim::new("Mrs Smith takes warfarin").expect("a claim");
        assert!(!format!("{claim:?}").contains("Smith"));
    }
}
