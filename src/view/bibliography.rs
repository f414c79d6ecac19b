//! Cited guidelines as entries of a bibliography: CSL-JSON, BibTeX and RIS.
//!
//! Pure functions over [`Work`]: what is a work, and which are cited, is for the caller to say. A guideline is a report of
//! the body that published it, so that body is author and institution in one. Nothing is guessed: what is not known
//! is left out of the entry.

use std::fmt::Write;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// A day: year, month from 1, day from 1.
pub type Day = (i16, u8, u8);

/// One edition of a guideline, as it is cited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Its version id, `uspstf-aaa@2019`; keys of entries are made from it.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The body that published it.
    pub publisher: Option<String>,
    /// The year of publication.
    pub year: Option<i16>,
    /// The day of publication, where known.
    pub published: Option<Day>,
    /// The publisher's page.
    pub url: Option<String>,
    /// The edition's name, `2019`.
    pub edition: Option<String>,
    /// The page or pages that are cited, as printed.
    pub page: Option<String>,
    /// What a reader must know besides: grade as printed, whether the edition has been replaced.
    pub note: Option<String>,
    /// Where it holds, `US`.
    pub jurisdiction: Option<String>,
}

impl Work {
    fn issued(&self) -> Option<Vec<i64>> {
        match self.published {
            Some((year, month, day)) => Some(vec![year.into(), month.into(), day.into()]),
            None => self.year.map(|year| vec![year.into()]),
        }
    }

    fn year(&self) -> Option<i16> {
        self.published.map(|(year, ..)| year).or(self.year)
    }
}

/// The key of an entry: the version id with what BibTeX and Pandoc do not take in a key replaced.
///
/// It depends on the id alone, so that a document cites the same key after each export. `@` becomes `:`; where any other
/// character has to go, six hex digits of the id's SHA-256 keep two ids apart.
pub fn key(id: &str) -> String {
    let mut lossy = id.is_empty();
    let mut key: String = id
        .chars()
        .map(|letter| match letter {
            '@' => ':',
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '.' => letter,
            _ => {
                lossy = true;
                '-'
            }
        })
        .collect();
    if lossy || !key.starts_with(|letter: char| letter.is_ascii_alphanumeric()) {
        let digest = Sha256::digest(id.as_bytes());
        key = format!("w{}-", key.trim_matches('-'));
        for byte in digest.iter().take(3) {
            // Writing to a string cannot fail, here and below.
            let _ = write!(key, "{byte:02x}");
        }
    }
    key
}

/// The works as CSL-JSON (Citation Style Language 1.0.2, `csl-data.json`): an array of items of type `report`.
pub fn csl(works: &[Work], accessed: Option<Day>) -> Value {
    Value::Array(works.iter().map(|work| csl_item(work, accessed)).collect())
}

fn csl_item(work: &Work, accessed: Option<Day>) -> Value {
    let mut item = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            item.insert(name.to_owned(), value);
        }
    };
    let text = |value: &Option<String>| value.as_deref().map(line).filter(|text| !text.is_empty()).map(Value::from);
    put("id", Some(key(&work.id).into()));
    put("type", Some("report".into()));
    put("title", Some(line(&work.title).into()));
    put("author", text(&work.publisher).map(|name| json!([{ "literal": name }])));
    put("publisher", text(&work.publisher));
    put("issued", work.issued().map(|parts| json!({ "date-parts": [parts] })));
    put("edition", text(&work.edition));
    put("page", text(&work.page));
    put("jurisdiction", text(&work.jurisdiction));
    let url = work.url.as_deref().and_then(web_address);
    if url.is_some() {
        put("accessed", accessed.map(|(year, month, day)| json!({ "date-parts": [[year, month, day]] })));
    }
    put("URL", url.map(Value::from));
    put("note", text(&work.note));
    Value::Object(item)
}

/// The works as a BibTeX database in UTF-8, an `@techreport` each (biblatex reads it as `@report`).
///
/// Braces inside values are spelled out, because BibTeX counts them even behind a backslash. The `url` is left as it is:
/// both `\url` and biblatex take it verbatim.
pub fn bibtex(works: &[Work], accessed: Option<Day>) -> String {
    works.iter().map(|work| bibtex_entry(work, accessed)).collect::<Vec<_>>().join("\n")
}

fn bibtex_entry(work: &Work, accessed: Option<Day>) -> String {
    let mut entry = format!("@techreport{{{}", key(&work.id));
    let mut put = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let _ = write!(entry, ",\n  {name} = {{{value}}}");
        }
    };
    let text = |value: &Option<String>| value.as_deref().map(latex);
    // Doubled braces keep a body's name from being read as first and last names, and a title's capitals.
    let whole = |value: &str| Some(latex(value)).filter(|text| !text.is_empty()).map(|text| format!("{{{text}}}"));
    put("author", work.publisher.as_deref().and_then(whole));
    put("title", whole(&work.title));
    put("institution", text(&work.publisher));
    put("year", work.year().map(|year| year.to_string()));
    put("month", work.published.map(|(_, month, _)| month.to_string()));
    put("day", work.published.map(|(.., day)| day.to_string()));
    put("edition", text(&work.edition));
    put("pages", text(&work.page));
    put("location", text(&work.jurisdiction));
    let url = work.url.as_deref().and_then(web_address);
    if url.is_some() {
        put("urldate", accessed.map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}")));
    }
    put("url", url);
    put("note", text(&work.note));
    entry.push_str("\n}\n");
    entry
}

/// The works in RIS (Research Information Systems, tagged format): a record of type `RPRT` each, lines ending in CR LF.
pub fn ris(works: &[Work], accessed: Option<Day>) -> String {
    works.iter().map(|work| ris_record(work, accessed)).collect()
}

fn ris_record(work: &Work, accessed: Option<Day>) -> String {
    let mut record = String::from("TY  - RPRT\r\n");
    let mut put = |tag: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let _ = write!(record, "{tag}  - {value}\r\n");
        }
    };
    let text = |value: &Option<String>| value.as_deref().map(line);
    put("ID", Some(key(&work.id)));
    put("AU", text(&work.publisher));
    put("TI", Some(line(&work.title)));
    put("PB", text(&work.publisher));
    put("PY", work.year().map(|year| format!("{year:04}")));
    put("DA", work.published.map(ris_day));
    put("ET", text(&work.edition));
    put("SP", text(&work.page));
    put("CY", text(&work.jurisdiction));
    let url = work.url.as_deref().and_then(web_address);
    if url.is_some() {
        put("Y2", accessed.map(ris_day));
    }
    put("UR", url);
    put("N1", text(&work.note));
    record.push_str("ER  - \r\n\r\n");
    record
}

fn ris_day((year, month, day): Day) -> String {
    format!("{year:04}/{month:02}/{day:02}/")
}

/// The text on one line: white space joined; control characters and marks that turn the direction of writing taken out.
fn line(text: &str) -> String {
    let kept: String = text
        .chars()
        .filter(|letter| letter.is_whitespace() || !(letter.is_control() || turns_writing(*letter)))
        .collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether the character embeds, overrides or isolates a direction of writing (Unicode Standard Annex 9).
fn turns_writing(letter: char) -> bool {
    matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn latex(text: &str) -> String {
    let mut out = String::new();
    for letter in line(text).chars() {
        match letter {
            '\\' => out.push_str("\\textbackslash{}"),
            '{' => out.push_str("\\textbraceleft{}"),
            '}' => out.push_str("\\textbraceright{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '<' => out.push_str("\\textless{}"),
            '>' => out.push_str("\\textgreater{}"),
            '$' | '&' | '#' | '%' | '_' => {
                out.push('\\');
                out.push(letter);
            }
            other => out.push(other),
        }
    }
    out
}

/// The address, where it is one of the web; what none of the formats can hold is percent-encoded.
fn web_address(url: &str) -> Option<String> {
    let url = url.trim();
    let web = ["https://", "http://"].iter().any(|scheme| {
        url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)) && url.len() > scheme.len()
    });
    if !web {
        return None;
    }
    let mut out = String::with_capacity(url.len());
    for letter in url.chars() {
        let plain = !matches!(letter, '{' | '}' | '\\' | '<' | '>' | '"' | '^' | '`' | '|');
        if plain && !letter.is_control() && !letter.is_whitespace() && !turns_writing(letter) {
            out.push(letter);
        } else {
            for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work() -> Work {
        Work {
            id: "uspstf-aspirin@2022".to_owned(),
            title: "Aspirin Use: Preventive\nMedication".to_owned(),
            publisher: Some("US Preventive Services Task Force".to_owned()),
            year: Some(2022),
            published: Some((2022, 4, 26)),
            url: Some("https://example.org/a_b?x=1&y=%20#:~:text=a%2Cb".to_owned()),
            edition: Some("2022".to_owned()),
            page: Some("1577".to_owned()),
            note: Some("USPSTF grade D".to_owned()),
            jurisdiction: Some("US".to_owned()),
        }
    }

    fn bare(id: &str, title: &str) -> Work {
        Work { id: id.to_owned(), title: title.to_owned(), ..Work::default() }
    }

    #[test]
    fn csl_holds_what_is_known() {
        assert_eq!(
            csl(&[work()], Some((2026, 11, 2))),
            json!([{
                "id": "uspstf-aspirin:2022", "type": "report", "title": "Aspirin Use: Preventive Medication",
                "author": [{"literal": "US Preventive Services Task Force"}],
                "publisher": "US Preventive Services Task Force",
                "issued": {"date-parts": [[2022, 4, 26]]}, "edition": "2022", "page": "1577", "jurisdiction": "US",
                "accessed": {"date-parts": [[2026, 11, 2]]},
                "URL": "https://example.org/a_b?x=1&y=%20#:~:text=a%2Cb", "note": "USPSTF grade D",
            }])
        );
        assert_eq!(
            csl(&[bare("a@1", "T")], Some((2026, 1, 1))),
            json!([{"id": "a:1", "type": "report", "title": "T"}])
        );
    }

    #[test]
    fn bibtex_escapes_text_and_leaves_addresses() {
        let text = bibtex(&[work()], Some((2026, 11, 2)));
        assert_eq!(
            text,
            "@techreport{uspstf-aspirin:2022,\n  author = {{US Preventive Services Task Force}},\n  \
             title = {{Aspirin Use: Preventive Medication}},\n  institution = {US Preventive Services Task Force},\n  \
             year = {2022},\n  month = {4},\n  day = {26},\n  edition = {2022},\n  pages = {1577},\n  location = {US},\n  \
             urldate = {2026-11-02},\n  url = {https://example.org/a_b?x=1&y=%20#:~:text=a%2Cb},\n  \
             note = {USPSTF grade D}\n}\n"
        );
        let text = bibtex(&[bare("a@1", r"50% of {x} & \y_z <60 ^2 ~ #1 $")], None);
        assert!(text.contains(
            r"title = {{50\% of \textbraceleft{}x\textbraceright{} \& \textbackslash{}y\_z \textless{}60 \textasciicircum{}2 \textasciitilde{} \#1 \$}}"
        ));
        let braces = |letter: char| text.matches(letter).count();
        assert_eq!(braces('{'), braces('}'));
    }

    #[test]
    fn ris_has_one_tag_a_line() {
        assert_eq!(
            ris(&[work()], Some((2026, 11, 2))),
            "TY  - RPRT\r\nID  - uspstf-aspirin:2022\r\nAU  - US Preventive Services Task Force\r\n\
             TI  - Aspirin Use: Preventive Medication\r\nPB  - US Preventive Services Task Force\r\nPY  - 2022\r\n\
             DA  - 2022/04/26/\r\nET  - 2022\r\nSP  - 1577\r\nCY  - US\r\nY2  - 2026/11/02/\r\n\
             UR  - https://example.org/a_b?x=1&y=%20#:~:text=a%2Cb\r\nN1  - USPSTF grade D\r\nER  - \r\n\r\n"
        );
        let forged = ris(&[bare("a@1", "T\r\nER  - \r\nTY  - BOOK")], None);
        assert_eq!(forged.matches("\r\nER  -").count(), 1);
        assert_eq!(forged, "TY  - RPRT\r\nID  - a:1\r\nTI  - T ER - TY - BOOK\r\nER  - \r\n\r\n");
    }

    #[test]
    fn keys_are_stable_and_apart() {
        assert_eq!(key("uspstf-aaa@2019"), "uspstf-aaa:2019");
        assert_ne!(key("a,b@1"), key("a;b@1"));
        assert_ne!(key(""), key("-"));
        for id in ["", "-", "a,b@1", "ä@1", "}{", "a b"] {
            let key = key(id);
            assert!(key.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.:".contains(letter)), "{key}");
            assert!(key.starts_with(|letter: char| letter.is_ascii_alphanumeric()), "{key}");
        }
    }

    #[test]
    fn only_addresses_of_the_web_are_given() {
        for url in ["javascript:alert(1)", "https://", "file:///etc/passwd", "", "//example.org"] {
            assert_eq!(web_address(url), None, "{url}");
        }
        assert_eq!(web_address(" https://e.org/a b}\u{202E}").as_deref(), Some("https://e.org/a%20b%7D%E2%80%AE"));
    }

    #[test]
    fn writing_that_turns_is_taken_out() {
        assert_eq!(line("a\u{202E}b\u{0}c\td\u{2069}"), "abc d");
    }
}
