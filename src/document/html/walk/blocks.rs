//! What becomes of a block once it is complete: a heading, an item, a term, a note or a paragraph.

use super::super::super::flow::{self, Kind};
use super::super::super::inline::Run;
use super::super::super::plain;
use super::{Frame, Mark, Walker};

impl Walker<'_> {
    /// Ends the block at hand.
    pub(super) fn flush(&mut self) {
        if self.inline.is_blank() {
            self.inline.take();
            return;
        }
        let run = self.inline.take();
        match self.frames.last() {
            Some(Frame::Heading(0)) => self.push(Kind::Paragraph, run),
            Some(Frame::Heading(level)) => {
                // What follows in a heading that was never closed is no heading.
                self.push(Kind::Heading(*level), run);
                if let Some(Frame::Heading(level)) = self.frames.last_mut() {
                    *level = 0;
                }
            }
            Some(Frame::Caption) if flow::is_marked_note(&run.text) => self.push(Kind::Note, run),
            Some(Frame::Caption) => self.push(Kind::Caption, run),
            Some(Frame::Note) => self.push(Kind::Note, run),
            Some(Frame::Term) => self.start_term(run),
            Some(Frame::Item { .. }) if self.holds(Mark::Notes) => self.flush_note(run),
            Some(Frame::Item { number, piece }) => self.flush_item(number.clone(), *piece, run),
            None if self.holds(Mark::Notes) => self.push(Kind::Note, run),
            None => self.push(if self.holds(Mark::Boxed) { Kind::Boxed } else { Kind::Paragraph }, run),
        }
    }

    pub(super) fn flush_item(&mut self, number: Option<String>, piece: Option<usize>, run: Run) {
        if let Some(own) = piece {
            self.end_term();
            return self.gathered.go_on_with_item(own, run);
        }
        let run = match self.term.take() {
            Some(term) => {
                let led = flow::defined(&term, &run);
                self.defined = Some(term);
                led
            }
            None => run,
        };
        let own = self.gathered.begin_item(number, run, self.limits.depth);
        if let Some(Frame::Item { piece, .. }) = self.frames.last_mut() {
            *piece = Some(own);
        }
    }

    /// A note that is set as an item; the sign that it stands by comes first.
    pub(super) fn flush_note(&mut self, run: Run) {
        let text = match self.term.take() {
            Some(sign) => format!("{} {}", sign.text.trim(), run.text.trim_start()),
            None => run.text,
        };
        self.push(Kind::Note, Run { text, ..Run::default() });
    }

    pub(super) fn start_term(&mut self, run: Run) {
        self.term = Some(match self.term.take() {
            Some(before) => Run { text: format!("{}, {}", before.text.trim(), run.text.trim()), ..before },
            None => run,
        });
    }

    /// A term without a definition is a paragraph.
    pub(super) fn end_term(&mut self) {
        if let Some(term) = self.term.take() {
            self.push(Kind::Paragraph, term);
        }
    }

    /// Preformatted text keeps its lines: they may be columns.
    pub(super) fn flush_lines(&mut self) {
        if self.inline.is_blank() {
            self.inline.take();
            return;
        }
        let run = self.inline.take();
        for piece in plain::pieces(&run.text) {
            self.push(piece.kind, piece.run);
        }
    }

    pub(super) fn push(&mut self, kind: Kind, run: Run) {
        self.end_term();
        self.gathered.push(kind, run);
    }
}
