//! Reads plain text: blank lines part paragraphs, and lines that look like headings, items or columns are taken as such.
//!
//! Lines of one paragraph are joined, for most plain text is wrapped by hand. Preformatted text of web pages and code
//! blocks of Markdown come through [`pieces`] too. Markup in a text file is text.

use super::flow::{self, Kind, Piece};
use super::grid::{self, Cell};
use super::inline::Run;
use super::{Builder, Document, Error, Limits, Reader, charset};
use crate::corpus::Format;

/// Words beyond which a line is no heading.
const LONGEST_HEADING: usize = 14;

/// Reads plain text.
pub(super) struct Plain;

impl Reader for Plain {
    fn name(&self) -> &'static str {
        "plain/1"
    }

    fn read(&self, bytes: &[u8], limits: &Limits) -> Result<Document, Error> {
        if bytes.trim_ascii_start().starts_with(b"%PDF-") {
            return Err(Error::WrongFormat {
                expected: Format::Plain,
                reason: "it begins as a PDF file does".to_owned(),
            });
        }
        let mut builder = Builder::new(self.name(), limits);
        let text = charset::decode(bytes, None).report(&mut builder);
        let mut pieces = pieces(&text);
        name_title(&mut pieces);
        if let Some(title) = pieces.first().filter(|piece| matches!(piece.kind, Kind::Heading(_))) {
            builder.title(&title.run.text);
        }
        flow::write(pieces, &mut builder);
        Ok(builder.finish())
    }
}

/// Cuts plain text into pieces.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut cutter = Cutter { pieces: Vec::new(), indents: Vec::new(), lists: 0 };
    let mut block: Vec<&str> = Vec::new();
    for line in text.lines().flat_map(|line| line.split('\u{c}')) {
        if line.trim().is_empty() {
            cutter.block(&block);
            block.clear();
        } else {
            block.push(line.trim_end());
        }
    }
    cutter.block(&block);
    cutter.pieces
}

/// A short first line is the title.
fn name_title(pieces: &mut [Piece]) {
    let more = pieces.len() > 1;
    let Some(first) = pieces.first_mut().filter(|_| more) else { return };
    let text = first.run.text.trim();
    let short = text.split_whitespace().count() <= LONGEST_HEADING + 6 && !text.ends_with(['.', ':', ';', ',']);
    if matches!(first.kind, Kind::Paragraph | Kind::Heading(_)) && short {
        first.kind = Kind::Heading(1);
    }
}

struct Cutter {
    pieces: Vec<Piece>,
    /// Indents of the items that the current one lies within.
    indents: Vec<usize>,
    lists: usize,
}

impl Cutter {
    /// Takes in the lines between two blank lines.
    fn block(&mut self, lines: &[&str]) {
        let mut lines = lines;
        while let Some((level, used)) = heading(lines) {
            let text = lines.first().copied().unwrap_or_default();
            self.push(Kind::Heading(level), text.trim());
            lines = lines.get(used..).unwrap_or_default();
        }
        if lines.is_empty() {
            return;
        }
        if let Some(rows) = columns(lines) {
            let head = usize::from(
                !rows.iter().take(1).flatten().any(|cell| cell.text.contains(|c: char| c.is_ascii_digit())),
            );
            let table = grid::write(None, rows, head, Vec::new());
            self.pieces.push(Piece::new(Kind::Table(table), Run::default()));
            return;
        }
        self.lines(lines);
    }

    fn lines(&mut self, lines: &[&str]) {
        let mut text = String::new();
        let mut kind: Option<Kind> = None;
        let mut numbered_block = false;
        for (at, line) in lines.iter().enumerate() {
            let settled = at == 0 || numbered_block || text.ends_with(['.', ':', ';']);
            match item(line).filter(|(number, _)| number.is_none() || settled) {
                Some((number, rest)) => {
                    numbered_block |= at == 0 && number.is_some();
                    self.end(kind.take(), &mut text);
                    kind = Some(self.item_kind(line, number));
                    text.push_str(rest);
                }
                None => join(&mut text, line.trim()),
            }
        }
        self.end(kind, &mut text);
    }

    fn item_kind(&mut self, line: &str, number: Option<String>) -> Kind {
        let indent = line.len() - line.trim_start().len();
        if !matches!(self.pieces.last(), Some(Piece { kind: Kind::Item { .. }, .. })) {
            self.lists += 1;
            self.indents.clear();
        }
        while self.indents.last().is_some_and(|last| *last >= indent.max(1)) {
            self.indents.pop();
        }
        let depth = self.indents.len().min(32);
        self.indents.push(indent.max(1));
        Kind::Item { list: self.lists, depth, number }
    }

    fn end(&mut self, kind: Option<Kind>, text: &mut String) {
        if !text.trim().is_empty() {
            self.push(kind.unwrap_or(Kind::Paragraph), text);
        }
        text.clear();
    }

    fn push(&mut self, kind: Kind, text: &str) {
        self.pieces.push(Piece::new(kind, Run { text: text.to_owned(), ..Run::default() }));
    }
}

/// Appends a wrapped line.
fn join(text: &mut String, line: &str) {
    let hyphenated = text.ends_with('-') && line.starts_with(char::is_lowercase) && !text.ends_with("--");
    if !text.is_empty() && !hyphenated {
        text.push(' ');
    }
    text.push_str(line);
}

/// Level of a heading at the start of a block, and the lines that it takes.
fn heading(lines: &[&str]) -> Option<(u8, usize)> {
    let (first, second) = (lines.first()?.trim(), lines.get(1).map(|line| line.trim()));
    let short = first.split_whitespace().count() <= LONGEST_HEADING;
    let letters = first.chars().filter(|c| c.is_alphabetic()).count();
    if !short || letters < 3 || first.ends_with([';', ',']) {
        return None;
    }
    if let Some(line) = second.filter(|line| line.len() >= 3) {
        for (level, sign) in [(1, '='), (2, '-'), (2, '~')] {
            if line.chars().all(|c| c == sign) {
                return Some((level, 2));
            }
        }
    }
    let shouted = letters >= 4
        && !first.chars().any(char::is_lowercase)
        && item(first).is_none()
        && first.len() - letters < letters;
    if shouted && second.is_none_or(|line| line.chars().any(char::is_lowercase)) && !has_gap(first) {
        return Some((2, 1));
    }
    numbered(first).filter(|_| second.is_none() && !first.ends_with('.')).map(|level| (level, 1))
}

/// `1.2 Title`, `3 Title`: the level that the number gives.
fn numbered(line: &str) -> Option<u8> {
    let (number, rest) = line.split_once(' ')?;
    let parts: Vec<&str> = number.trim_end_matches('.').split('.').collect();
    let digits =
        parts.iter().all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()));
    let dotted = parts.len() > 1 || !number.ends_with('.');
    let titled = rest.trim_start().starts_with(char::is_uppercase);
    (digits && dotted && titled && parts.len() <= 5).then(|| 1 + u8::try_from(parts.len()).unwrap_or(5))
}

/// The number and the text of a line that begins an item.
fn item(line: &str) -> Option<(Option<String>, &str)> {
    let line = line.trim_start();
    let (sign, rest) = line.split_once([' ', '\t'])?;
    if !rest.contains(char::is_alphanumeric) {
        return None;
    }
    if matches!(sign, "-" | "*" | "+" | "•" | "●" | "▪" | "◦" | "·" | "–" | "o" | "\u{f0b7}") {
        return Some((None, rest.trim_start()));
    }
    let bare = sign.strip_prefix('(').unwrap_or(sign);
    let number = bare.strip_suffix(')').or_else(|| bare.strip_suffix('.').filter(|_| bare == sign))?;
    let counted = !number.is_empty() && number.len() <= 2 && number.bytes().all(|byte| byte.is_ascii_digit());
    let lettered = number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_lowercase());
    (counted || lettered).then(|| (Some(number.to_owned()), rest.trim_start()))
}

fn has_gap(line: &str) -> bool {
    line.trim().contains("   ") || line.trim().contains('\t')
}

/// The cells of lines that are set in columns, two or more spaces apart.
fn columns(lines: &[&str]) -> Option<Vec<Vec<Cell>>> {
    let lines: Vec<&&str> = lines.iter().filter(|line| line.contains(char::is_alphanumeric)).collect();
    let rows: Vec<Vec<Cell>> = lines.iter().map(|line| split_columns(line)).collect();
    let width = rows.first()?.len();
    let even = rows.iter().all(|row| row.len() == width);
    (rows.len() >= 2 && width >= 2 && even).then_some(rows)
}

fn split_columns(line: &str) -> Vec<Cell> {
    let spaced = line.trim().replace('\t', "  ");
    let parts = spaced.split("  ").map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| Cell { text: part.to_owned(), rows: 1, columns: 1, ..Cell::default() }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::outline::outline;
    use super::*;

    fn check(input: &str, expected: &str) {
        let document = Plain.read(input.as_bytes(), &Limits::default()).expect("plain text is always read");
        assert_eq!(outline(&document), expected, "{input}");
    }

    #[test]
    fn wrapped_lines_are_joined_and_blank_lines_part() {
        check("Screen adults aged\n40 to 70.\n\nRepeat it.", " | p | Screen adults aged 40 to 70.\n | p | Repeat it.");
    }

    #[test]
    fn headings_by_lines_capitals_and_numbers() {
        check(
            "Guide\n=====\n\nText one.\n\nDOSES\nGive 5 mg.\n\n1.2 Older adults\n\nLess.",
            "Guide | p | Text one.\nGuide/DOSES | p | Give 5 mg.\nGuide/DOSES/1.2 Older adults | p | Less.",
        );
    }

    #[test]
    fn items_with_bullets_and_numbers() {
        check(
            "Give:\n- aspirin,\n  daily\n- nothing\n",
            " | p | Give:\n | li (Give:) | aspirin, daily\n | li (Give:) | nothing",
        );
        check(
            "1. Screen.\n2. Repeat at age\n65. Stop.",
            " | li 1 | Screen.\n | li 2 | Repeat at age\n | li 65 | Stop.",
        );
        check("Adults aged\n65. or more", " | p | Adults aged 65. or more");
    }

    #[test]
    fn columns_are_a_table() {
        check(
            "Doses follow.\n\nDrug        Dose\nDoxycycline  100 mg",
            " | p | Doses follow.\n | row | Drug: Doxycycline | Dose: 100 mg",
        );
    }

    #[test]
    fn markup_is_text() {
        check("<p>Give 5 mg & rest.</p>", " | p | <p>Give 5 mg & rest.</p>");
    }

    #[test]
    fn a_pdf_is_refused() {
        assert!(matches!(Plain.read(b"%PDF-1.4", &Limits::default()), Err(Error::WrongFormat { .. })));
    }
}
