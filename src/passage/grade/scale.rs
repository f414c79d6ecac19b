//! Which grade systems' letters may be read in a document: the one that its record declares, and those it explains.
//!
//! A system counts as explained where the document prints the publisher's own definitions; the name alone is not enough,
//! because documents quote others' grades.

/// Systems with phrases of their definitions; all phrases of a line must stand in the document.
const DEFINITIONS: [(&str, &[&str]); 8] = [
    ("USPSTF", &["the uspstf recommends the service", "the uspstf recommends against the service"]),
    ("ACC/AHA", &["class 1", "class 2a", "benefit >>> risk"]),
    ("ACC/AHA", &["class i", "class iia", "benefit >>> risk"]),
    ("ESC", &["class iia", "class iib", "is recommended or is indicated"]),
    ("HHS HIV", &["strong recommendation for the statement", "optional recommendation for the statement"]),
    ("ADA", &["expert consensus or clinical experience", "well-conducted, generalizable randomized controlled trials"]),
    ("KDIGO", &["level 1", "level 2", "“we recommend”", "“we suggest”"]),
    (
        "IDSA",
        &["good evidence to support a recommendation for use", "good evidence to support a recommendation against use"],
    ),
];

/// The grade systems of one document.
#[derive(Clone, Debug, Default)]
pub(in crate::passage) struct Scales {
    declared: Option<String>,
    explained: Vec<&'static str>,
}

impl Scales {
    /// What the record declares and the text explains.
    pub(in crate::passage) fn of(declared: Option<&str>, text: &str) -> Scales {
        let text = if declared.is_none() { text.to_lowercase() } else { String::new() };
        let explained = DEFINITIONS
            .into_iter()
            .filter(|(_, phrases)| declared.is_none() && phrases.iter().all(|phrase| text.contains(phrase)))
            .map(|(system, _)| system)
            .collect();
        Scales { declared: declared.map(str::to_owned), explained }
    }

    /// The declared system.
    pub(in crate::passage) fn declared(&self) -> Option<&str> {
        self.declared.as_deref()
    }

    /// Whether this system's letters may be read.
    pub(in crate::passage) fn has(&self, system: &str) -> bool {
        match &self.declared {
            Some(declared) => declared == system,
            None => self.explained.contains(&system),
        }
    }
}
