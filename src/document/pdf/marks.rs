//! Marked content: running heads that the file declares as such, text that stands for glyphs, structure numbers.

use pdf_extract::{Dictionary, Document};

use super::content::Glyph;
use super::file::resolve;

/// One marked stretch of a page's instructions.
#[derive(Debug)]
pub(super) struct Mark {
    number: Option<i64>,
    furniture: bool,
    /// What the stretch reads as, whatever its glyphs are.
    actual_text: Option<String>,
    /// Glyphs that stood before the stretch.
    first_glyph: usize,
}

impl Mark {
    /// Reads a mark's tag and properties.
    pub(super) fn new(
        document: &Document,
        tag: &[u8],
        properties: Option<&Dictionary>,
        first_glyph: usize,
        nested: bool,
    ) -> Mark {
        let property = |key: &[u8]| properties.and_then(|properties| resolve(document, properties.get(key).ok()));
        let kind = property(b"Type").and_then(|kind| kind.as_name().ok());
        let actual_text = property(b"ActualText").and_then(|text| pdf_extract::decode_text_string(text).ok());
        // A nested drawing numbers its stretches anew.
        let number = property(b"MCID").and_then(|number| number.as_i64().ok()).filter(|_| !nested);
        Mark {
            number,
            furniture: tag == b"Artifact" && kind == Some(b"Pagination".as_slice()),
            actual_text,
            first_glyph,
        }
    }
}

/// The marks that are open, innermost last.
#[derive(Debug, Default)]
pub(super) struct Marks {
    open: Vec<Mark>,
    /// Marks within marks too deep to be kept.
    too_deep: usize,
}

/// Marks within marks.
const DEEPEST_MARK: usize = 64;

impl Marks {
    pub(super) fn begin(&mut self, mark: Mark) {
        if self.open.len() < DEEPEST_MARK {
            self.open.push(mark);
        } else {
            self.too_deep += 1;
        }
    }

    /// Closes the innermost mark and writes its actual text over its glyphs.
    ///
    /// What the glyphs were drawn as is added to `replaced`.
    pub(super) fn end(&mut self, glyphs: &mut Vec<Glyph>, replaced: &mut String) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        let Some(mark) = self.open.pop() else { return };
        let Some(text) = mark.actual_text else { return };
        let Some((first, rest)) = glyphs.get_mut(mark.first_glyph..).and_then(<[Glyph]>::split_first_mut) else {
            return;
        };
        // One text over several lines would put all their words on the first.
        let one_line = rest.iter().all(|glyph| (glyph.y - first.y).abs() < first.size && glyph.turned == first.turned);
        if !one_line || text.chars().count() > 8 * (rest.len() + 1) {
            return;
        }
        replaced.push_str(&first.text);
        rest.iter().for_each(|glyph| replaced.push_str(&glyph.text));
        first.x1 = rest.last().map_or(first.x1, |last| last.x1.max(first.x1));
        first.text = text.into();
        glyphs.truncate(mark.first_glyph + 1);
    }

    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Closes what a nested drawing left open.
    pub(super) fn close_down_to(&mut self, depth: usize, glyphs: &mut Vec<Glyph>, replaced: &mut String) {
        self.too_deep = 0;
        while self.open.len() > depth {
            self.end(glyphs, replaced);
        }
    }

    /// Whether what is drawn now is a running head or foot.
    pub(super) fn furniture(&self) -> bool {
        self.open.iter().any(|mark| mark.furniture)
    }

    /// The number of the innermost numbered mark.
    pub(super) fn content_number(&self) -> Option<i64> {
        self.open.iter().rev().find_map(|mark| mark.number)
    }
}
