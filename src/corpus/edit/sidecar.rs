//! A sidecar that is changed in place: an editor's comments, order and spacing stay.

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, Value, value};

use super::super::{Notice, NoticeKind, VersionId};

/// A sidecar's text, open for changes.
#[derive(Clone, Debug)]
pub struct SidecarText {
    document: DocumentMut,
}

impl SidecarText {
    /// Opens a sidecar's text; an empty one is a new sidecar.
    ///
    /// # Errors
    /// What is not TOML, with the line.
    pub fn open(source: &str) -> Result<SidecarText, String> {
        let document = source.parse::<DocumentMut>().map_err(|error| {
            let line =
                error.span().and_then(|span| source.get(..span.start)).map(|text| text.matches('\n').count() + 1);
            let line = line.map_or(String::new(), |line| format!("line {line}: "));
            format!("{line}not TOML: {}", error.message())
        })?;
        Ok(SidecarText { document })
    }

    /// The text.
    pub fn text(&self) -> String {
        self.document.to_string()
    }

    /// Whether a key is there.
    pub fn has(&self, key: &str) -> bool {
        self.document.contains_key(key)
    }

    /// The text of a key, where it is one.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.document.get(key)?.as_str()
    }

    /// Sets a key; one that is there keeps its place and the comment beside it.
    pub fn set(&mut self, key: &str, new: impl Into<Value>) {
        let mut new: Value = new.into();
        match self.document.get_mut(key).and_then(Item::as_value_mut) {
            Some(old) => {
                *new.decor_mut() = old.decor().clone();
                *old = new;
            }
            None => {
                self.document.insert(key, value(new));
            }
        }
    }

    /// Sets a key that is not there yet.
    pub fn set_missing(&mut self, key: &str, new: impl Into<Value>) {
        if !self.has(key) {
            self.set(key, new);
        }
    }

    /// Takes a key out, with the comments above and beside it.
    pub fn remove(&mut self, key: &str) {
        self.document.remove(key);
    }

    /// Adds an edition to a list of editions; a single edition written without brackets becomes a list.
    pub fn add_edition(&mut self, key: &str, id: &VersionId) {
        let id = id.to_string();
        match self.document.get_mut(key).and_then(Item::as_value_mut) {
            Some(Value::Array(list)) if list.iter().any(|item| item.as_str() == Some(id.as_str())) => {}
            Some(Value::Array(list)) => list.push(id),
            Some(other) => {
                let single = other.as_str().map(str::to_owned);
                let decor = other.decor().clone();
                *other = Value::Array(single.into_iter().chain([id]).collect::<Array>());
                *other.decor_mut() = decor;
            }
            None => self.set(key, Value::Array(Array::from_iter([id]))),
        }
    }

    /// Adds a table to `[[notices]]`.
    pub fn add_notice(&mut self, notice: &Notice) {
        let mut table = Table::new();
        table.insert("kind", value(kind(notice.kind)));
        for (key, day) in [("since", notice.since), ("until", notice.until)] {
            if let Some(day) = day {
                table.insert(key, value(day.to_string()));
            }
        }
        if let Some(source) = &notice.source {
            table.insert("source", value(source.as_str()));
        }
        match self.document.get_mut("notices") {
            Some(Item::ArrayOfTables(tables)) => tables.push(table),
            // Written in one line, `notices = [{ kind = "living" }]`.
            Some(Item::Value(Value::Array(list))) => list.push(table.into_inline_table()),
            _ => {
                let mut tables = ArrayOfTables::new();
                tables.push(table);
                self.document.insert("notices", Item::ArrayOfTables(tables));
            }
        }
    }
}

/// A notice's kind, as a sidecar writes it.
pub fn kind(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::UpdateInProgress => "update_in_progress",
        NoticeKind::Living => "living",
        NoticeKind::Draft => "draft",
        NoticeKind::LegallyContested => "legally_contested",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "# Verified by two readers.\nid = \"a\"\nversion = \"1\" # as printed\n\nlast_checked = \"2020-01-01\"   # the page\ntitle = \"T\"\n\n# what the publisher says\n[[notices]]\nkind = \"living\"\n";

    fn check(source: &str, change: impl FnOnce(&mut SidecarText), expected: &str) {
        let mut text = SidecarText::open(source).expect("TOML");
        change(&mut text);
        assert_eq!(text.text(), expected);
    }

    #[test]
    fn a_key_is_taken_out_and_its_neighbours_stay() {
        check("a = 1\n# of b\nb = 2 # too\nc = 3\n", |text| text.remove("b"), "a = 1\nc = 3\n");
        check(SOURCE, |text| text.remove("nothing"), SOURCE);
    }

    #[test]
    fn nothing_changed_is_nothing_changed() {
        check(SOURCE, |_| {}, SOURCE);
    }

    #[test]
    fn a_set_key_keeps_its_place_and_comment() {
        let expected = SOURCE.replace("2020-01-01", "2026-03-01");
        check(SOURCE, |text| text.set("last_checked", "2026-03-01"), &expected);
        let added = SOURCE.replace("title = \"T\"\n", "title = \"T\"\nstatus = \"retired\"\n");
        check(SOURCE, |text| text.set("status", "retired"), &added);
        check("", |text| text.set("id", "a"), "id = \"a\"\n");
    }

    #[test]
    fn editions_are_added_once() {
        let (one, two): (VersionId, VersionId) = ("a@1".parse().expect("an id"), "a@2".parse().expect("an id"));
        check("", |text| text.add_edition("supersedes", &one), "supersedes = [\"a@1\"]\n");
        check(
            "supersedes = [\"a@1\"] # x\n",
            |text| text.add_edition("supersedes", &two),
            "supersedes = [\"a@1\", \"a@2\"] # x\n",
        );
        check(
            "supersedes = \"a@1\"\n",
            |text| text.add_edition("supersedes", &two),
            "supersedes = [\"a@1\", \"a@2\"]\n",
        );
        check("supersedes = [\"a@1\"]\n", |text| text.add_edition("supersedes", &one), "supersedes = [\"a@1\"]\n");
    }

    #[test]
    fn notices_are_added_in_the_form_that_is_there() {
        let since = Some(jiff::civil::date(2026, 3, 1));
        let notice = Notice { kind: NoticeKind::Draft, since, until: None, source: Some("https://x.org".to_owned()) };
        let table = "\n[[notices]]\nkind = \"draft\"\nsince = \"2026-03-01\"\nsource = \"https://x.org\"\n";
        check(SOURCE, |text| text.add_notice(&notice), &format!("{SOURCE}{table}"));
        check("id = \"a\"\n", |text| text.add_notice(&notice), &format!("id = \"a\"\n{table}"));
        let inline = "notices = [{ kind = \"living\" }]\n";
        let mut text = SidecarText::open(inline).expect("TOML");
        text.add_notice(&notice);
        assert!(text.text().starts_with("notices = [{ kind = \"living\" }, {"), "{}", text.text());
        assert!(SidecarText::open(&text.text()).is_ok());
    }

    #[test]
    fn broken_toml_is_refused_with_its_line() {
        assert!(SidecarText::open("id = \"a\"\nversion = = 1\n").is_err_and(|error| error.starts_with("line 2")));
    }
}
