//! Labels and meanings of the taxonomy; a code that it does not have stands for itself.

use serde_json::Value;

/// The taxonomy of a bundle, in the shape of `GET /v1/taxonomy`.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a>(pub(crate) &'a Value);

impl<'a> Words<'a> {
    /// `name/version`.
    pub(crate) fn id(&self) -> Option<&'a str> {
        self.0.get("id")?.as_str()
    }

    /// `name/version` of the rubric.
    pub(crate) fn rubric(&self) -> Option<&'a str> {
        self.0.pointer("/rubric/id")?.as_str()
    }

    pub(crate) fn verdict(&self, name: &'a str) -> &'a str {
        self.label("/verdicts", "name", name)
    }

    pub(crate) fn verdict_meaning(&self, name: &str) -> Option<&'a str> {
        self.find("/verdicts", "name", name)?.get("meaning")?.as_str()
    }

    pub(crate) fn error(&self, code: &'a str) -> &'a str {
        self.label("/errors", "code", code)
    }

    pub(crate) fn error_meaning(&self, code: &str) -> Option<&'a str> {
        self.find("/errors", "code", code)?.get("meaning")?.as_str()
    }

    /// The codes in the order of the taxonomy.
    pub(crate) fn error_codes(&self) -> impl Iterator<Item = &'a str> {
        let errors = self.0.get("errors").and_then(Value::as_array);
        errors.into_iter().flatten().filter_map(|one| one.get("code")?.as_str())
    }

    pub(crate) fn severity(&self, name: &'a str) -> &'a str {
        self.label("/severities", "name", name)
    }

    pub(crate) fn extent(&self, name: &'a str) -> &'a str {
        self.label("/harm/extent", "name", name)
    }

    pub(crate) fn likelihood(&self, name: &'a str) -> &'a str {
        self.label("/harm/likelihood", "name", name)
    }

    /// The label of a rubric's item, and its highest value.
    pub(crate) fn item(&self, id: &'a str) -> (&'a str, Option<u64>) {
        let item = self.find("/rubric/items", "id", id);
        let scale = item.and_then(|item| item.get("scale")?.as_array());
        let highest = scale.and_then(|scale| scale.iter().filter_map(|step| step.get("value")?.as_u64()).max());
        (self.label("/rubric/items", "id", id), highest)
    }

    fn find(&self, list: &str, key: &str, name: &str) -> Option<&'a Value> {
        let list = self.0.pointer(list)?.as_array()?;
        list.iter().find(|one| one.get(key).and_then(Value::as_str) == Some(name))
    }

    fn label(&self, list: &str, key: &str, name: &'a str) -> &'a str {
        self.find(list, key, name).and_then(|one| one.get("label")?.as_str()).unwrap_or(name)
    }
}
