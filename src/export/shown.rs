//! A passage as it was shown: the one place that knows the outside shape of stored evidence (contract, section 4).
//!
//! Stored evidence is JSON of this or an older program, or of a stranger's artifact: a field that is absent or of
//! another kind reads as not known, and nothing here can fail.

use serde_json::Value;

/// A passage inside a stored result.
#[derive(Clone, Copy)]
pub(crate) struct Shown<'a>(&'a Value);

impl<'a> Shown<'a> {
    /// All passages of a result: those that were ranked, then the counter-evidence, then other bodies'.
    pub(crate) fn all(result: &'a Value) -> impl Iterator<Item = Shown<'a>> {
        Shown::ranked(result).chain(Shown::list(result, "counter")).chain(Shown::list(result, "others"))
    }

    /// The ranked passages of a result, best first.
    pub(crate) fn ranked(result: &'a Value) -> impl Iterator<Item = Shown<'a>> {
        Shown::list(result, "passages")
    }

    fn list(result: &'a Value, name: &str) -> impl Iterator<Item = Shown<'a>> + use<'a> {
        result.get(name).and_then(Value::as_array).into_iter().flatten().map(Shown)
    }

    fn text(&self, pointer: &str) -> Option<&'a str> {
        self.0.pointer(pointer)?.as_str().filter(|text| !text.trim().is_empty())
    }

    pub(crate) fn id(&self) -> &'a str {
        self.text("/id").unwrap_or_default()
    }

    /// The version that it belongs to, `uspstf-aaa@2019`.
    pub(crate) fn version_id(&self) -> String {
        match (self.text("/document/id"), self.text("/document/version")) {
            (Some(document), Some(version)) => format!("{document}@{version}"),
            _ => self.id().split('#').next().unwrap_or_default().to_owned(),
        }
    }

    pub(crate) fn quote(&self) -> &'a str {
        self.0.get("quote").and_then(Value::as_str).unwrap_or_default()
    }

    pub(crate) fn quote_sha256(&self) -> &'a str {
        self.text("/quote_sha256").unwrap_or_default()
    }

    pub(crate) fn score(&self) -> Option<f64> {
        self.0.get("score")?.as_f64().filter(|score| score.is_finite())
    }

    /// What has to be said beside the quotation: that it is a summary in our words.
    pub(crate) fn notice(&self) -> Option<&'a str> {
        self.text("/notice")
    }

    pub(crate) fn is_digest(&self) -> bool {
        self.text("/document/tier") == Some("digest")
    }

    pub(crate) fn title(&self) -> Option<&'a str> {
        self.text("/document/title")
    }

    pub(crate) fn publisher(&self) -> Option<&'a str> {
        self.text("/document/publisher")
    }

    pub(crate) fn year(&self) -> Option<i16> {
        self.0.pointer("/document/year")?.as_i64()?.try_into().ok()
    }

    /// The day of publication as it is known: `2019-12-10`, `2019-12` or `2019`.
    pub(crate) fn published(&self) -> Option<&'a str> {
        self.text("/document/published")
    }

    pub(crate) fn edition(&self) -> Option<&'a str> {
        self.text("/document/version")
    }

    pub(crate) fn jurisdiction(&self) -> Option<&'a str> {
        self.text("/document/jurisdiction")
    }

    pub(crate) fn licence(&self) -> Option<&'a str> {
        self.text("/document/licence")
    }

    pub(crate) fn document_url(&self) -> Option<&'a str> {
        self.text("/document/url")
    }

    /// The publisher's page, opened at the passage where that can be done.
    pub(crate) fn source(&self) -> Option<&'a str> {
        self.text("/links/source").or_else(|| self.document_url())
    }

    pub(crate) fn citation(&self) -> Option<&'a str> {
        self.text("/citation")
    }

    /// `superseded` or `retired`, where the edition was no longer in force on the day of the search.
    pub(crate) fn not_in_force(&self) -> Option<&'a str> {
        self.text("/document/status").filter(|status| *status != "current")
    }

    pub(crate) fn superseded_by(&self) -> Option<&'a str> {
        self.text("/document/superseded_by")
    }

    /// Title and publisher of the edition that replaced it, where no passage of that edition fits the claim.
    pub(crate) fn replacement(&self) -> Option<Shown<'a>> {
        self.0.get("replacement").filter(|value| value.is_object()).map(Shown)
    }

    /// The grade as printed, and the system that it belongs to.
    pub(crate) fn grade(&self) -> Option<(&'a str, Option<&'a str>)> {
        let printed = self.text("/grade/verbatim").or_else(|| self.text("/grade/code"))?;
        Some((printed, self.text("/grade/system")))
    }

    /// The grade in one piece: `USPSTF grade B`, `Qualified recommendation (ACS)`.
    pub(crate) fn grade_words(&self) -> Option<String> {
        let (printed, system) = self.grade()?;
        Some(match system {
            Some(system) if printed.chars().count() <= 3 => format!("{system} grade {printed}"),
            None if printed.chars().count() <= 3 => format!("grade {printed}"),
            Some(system) if !printed.contains(system) => format!("{printed} ({system})"),
            _ => printed.to_owned(),
        })
    }

    /// The page as printed, else counted from 1.
    pub(crate) fn page(&self) -> Option<String> {
        let page = self.0.pointer("/locator/page").filter(|page| page.is_object())?;
        match page.get("label").and_then(Value::as_str) {
            Some(label) if !label.trim().is_empty() => Some(label.to_owned()),
            _ => page.get("index")?.as_u64()?.checked_add(1).map(|page| page.to_string()),
        }
    }

    /// Where a digest's sentence stands in the guideline.
    pub(crate) fn place(&self) -> Option<&'a str> {
        self.text("/locator/place")
    }

    /// The innermost heading.
    pub(crate) fn section(&self) -> Option<&'a str> {
        self.0.pointer("/locator/section")?.as_array()?.last()?.as_str().filter(|text| !text.trim().is_empty())
    }

    /// The selector of the type, as it was stored.
    pub(crate) fn selector(&self, kind: &str) -> Option<&'a Value> {
        let selectors = self.0.pointer("/locator/selectors")?.as_array()?;
        selectors.iter().find(|selector| selector.get("type").and_then(Value::as_str) == Some(kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn strange_json_reads_as_not_known() {
        for value in [json!(null), json!([1]), json!({"document": 3, "locator": {"page": {"index": -1}}, "grade": "B"})]
        {
            let shown = Shown(&value);
            assert_eq!((shown.id(), shown.quote(), shown.title(), shown.page()), ("", "", None, None));
            assert_eq!((shown.grade(), shown.year(), shown.score()), (None, None, None));
            assert_eq!(Shown::all(&value).count(), 0);
        }
    }

    #[test]
    fn grades_read_as_printed() {
        let words = |grade: Value| Shown(&json!({ "grade": grade })).grade_words();
        assert_eq!(words(json!({"system": "USPSTF", "verbatim": "B"})).as_deref(), Some("USPSTF grade B"));
        assert_eq!(
            words(json!({"system": "ACS", "verbatim": "Qualified recommendation"})).as_deref(),
            Some("Qualified recommendation (ACS)")
        );
        assert_eq!(
            words(json!({"system": "GRADE", "verbatim": "GRADE 1A strong"})).as_deref(),
            Some("GRADE 1A strong")
        );
        assert_eq!(words(json!({"system": null, "code": "2a"})).as_deref(), Some("grade 2a"));
        assert_eq!(words(json!(null)), None);
    }
}
