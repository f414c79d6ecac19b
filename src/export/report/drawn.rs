//! A response drawn as its Markdown means it, with every character of it in the page, once and in its place.
//!
//! Signs of Markdown are there and not shown, so that places in the page stay places in the text. Nothing is hidden that
//! could be read as words or as a number: links and pictures stand as they were written and lead nowhere, raw HTML is text,
//! `2*3*4` keeps its stars and `> 5` its sign. Syntax: CommonMark 0.31 and the tables of GitHub Flavored Markdown 0.29.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::escape;
use super::response::sign;

/// Elements within one another that are drawn; what lies deeper is drawn as the text of the deepest.
const DEEPEST: usize = 12;

/// A claim's place in the text and how it is marked.
pub(super) struct Mark {
    /// Where it begins and ends, in code points.
    pub(super) span: Range<usize>,
    /// The class of what became of it.
    pub(super) state: &'static str,
    /// What it is called, and where it is told of.
    pub(super) name: String,
    pub(super) anchor: String,
}

/// Draws the text with its claims marked. Claims that overlap need no marks that overlap: the text is cut at every border.
pub(super) fn draw(out: &mut String, text: &str, marks: &[Mark]) {
    let mut pen = Pen::new(out, text, marks);
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        pen.take(event, range);
    }
    pen.gap(text.len());
}

/// The text without the signs of its Markdown, on one line.
pub(super) fn plain(text: &str) -> String {
    let mut words = String::new();
    let mut from = 0;
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        let source = text.get(range.start.max(from)..range.end).unwrap_or_default();
        match event {
            Event::Text(_) | Event::Html(_) | Event::InlineHtml(_) => words.push_str(source),
            Event::Code(_) => words.push_str(source.trim_matches('`')),
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item) => {
                words.push(' ');
                continue;
            }
            _ => continue,
        }
        from = range.end;
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An open element.
struct Open {
    /// What closes it; nothing where it is not drawn.
    close: &'static str,
    /// Whether its signs are shown.
    signs: bool,
}

struct Pen<'a> {
    out: &'a mut String,
    text: &'a str,
    marks: &'a [Mark],
    /// Places of the text in bytes at which claims begin and end.
    begins: BTreeMap<usize, Vec<usize>>,
    ends: BTreeMap<usize, Vec<usize>>,
    /// The claims that the pen is in.
    within: BTreeSet<usize>,
    open: Vec<Open>,
    /// Everything before it is drawn.
    at: usize,
}

impl<'a> Pen<'a> {
    fn new(out: &'a mut String, text: &'a str, marks: &'a [Mark]) -> Pen<'a> {
        let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let place = |point: usize| bytes.get(point).copied().unwrap_or(text.len());
        let (mut begins, mut ends) = (BTreeMap::<usize, Vec<usize>>::new(), BTreeMap::<usize, Vec<usize>>::new());
        for (index, mark) in marks.iter().enumerate() {
            let (start, end) = (place(mark.span.start), place(mark.span.end));
            // A number stands at the last words, within their cell where a row of a table is the claim.
            let words = text.get(start..end).unwrap_or_default().trim_end_matches(['|', ' ', '\t', '\r', '\n']);
            if !words.is_empty() {
                begins.entry(start).or_default().push(index);
                ends.entry(start + words.len()).or_default().push(index);
            }
        }
        Pen { out, text, marks, begins, ends, within: BTreeSet::new(), open: Vec::new(), at: 0 }
    }

    fn take(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => {
                self.gap(range.start);
                self.start(&tag, &range);
            }
            Event::End(_) => {
                self.gap(range.end);
                self.end();
            }
            Event::Code(_) => {
                self.gap(range.start);
                let source = self.text.get(range.clone()).unwrap_or_default();
                let fence = source.len() - source.trim_start_matches('`').len();
                self.out.push_str("<code>");
                self.piece(range.start + fence, false);
                self.piece(range.end.saturating_sub(fence), true);
                self.piece(range.end, false);
                self.out.push_str("</code>");
            }
            Event::Rule => {
                self.gap(range.start);
                self.out.push_str("<div class=\"rule\">");
                self.gap(range.end);
                self.out.push_str("</div>");
            }
            _ => {
                self.gap(range.start);
                self.piece(range.end, true);
            }
        }
    }

    fn start(&mut self, tag: &Tag<'_>, range: &Range<usize>) {
        let (open, close, signs) = match tag {
            Tag::Heading { .. } => ("<div class=\"heading\" role=\"heading\" aria-level=\"4\">", "</div>", false),
            Tag::Paragraph => ("<div class=\"para\">", "</div>", false),
            Tag::BlockQuote(_) => ("<div class=\"cited\">", "</div>", true),
            Tag::CodeBlock(_) => ("<div class=\"code\">", "</div>", false),
            Tag::HtmlBlock => ("<div class=\"para\">", "</div>", true),
            Tag::List(_) => ("<div class=\"list\" role=\"list\">", "</div>", false),
            Tag::Item => ("<div class=\"item\" role=\"listitem\">", "</div>", false),
            Tag::Table(_) => ("<div class=\"table\" role=\"table\">", "</div>", false),
            Tag::TableHead => ("<div class=\"row heads\" role=\"row\">", "</div>", false),
            Tag::TableRow => ("<div class=\"row\" role=\"row\">", "</div>", false),
            Tag::TableCell => ("<div class=\"cell\" role=\"cell\">", "</div>", false),
            Tag::Strong if self.stands_alone(range) => ("<b>", "</b>", false),
            Tag::Emphasis if self.stands_alone(range) => ("<span class=\"em\">", "</span>", false),
            // Signs within a word can be a multiplication, and a link is shown as it was written.
            _ => ("", "", true),
        };
        let drawn = self.open.len() < DEEPEST;
        self.out.push_str(if drawn { open } else { "" });
        self.open.push(Open { close: if drawn { close } else { "" }, signs });
        if matches!(tag, Tag::Item) {
            self.number(range);
        }
    }

    fn end(&mut self) {
        if let Some(open) = self.open.pop() {
            self.out.push_str(open.close);
        }
    }

    /// The number of an item as it was printed; a bullet is drawn by the style.
    fn number(&mut self, item: &Range<usize>) {
        let source = self.text.get(item.start..item.end).unwrap_or_default();
        let digits = source.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            self.out.push_str("<span class=\"no bullet\" aria-hidden=\"true\"></span>");
            return self.piece(item.start + source.chars().next().map_or(0, char::len_utf8), false);
        }
        self.out.push_str("<span class=\"no\">");
        self.piece((item.start + digits + 1).min(item.end), true);
        self.out.push_str("</span>");
    }

    /// Whether no letter or digit touches the signs around emphasised words from outside.
    fn stands_alone(&self, range: &Range<usize>) -> bool {
        let before = self.text.get(..range.start).and_then(|text| text.chars().next_back());
        let after = self.text.get(range.end..).and_then(|text| text.chars().next());
        [before, after].into_iter().flatten().all(|letter| !letter.is_alphanumeric())
    }

    /// Draws what lies before a place and is no words to the parser: hidden where it is signs alone.
    fn gap(&mut self, to: usize) {
        let signs = self.open.last().is_some_and(|open| open.signs);
        let source = self.text.get(self.at..to).unwrap_or_default();
        let only = source.chars().all(|letter| letter.is_whitespace() || "#*_`|:-+\\=".contains(letter));
        self.piece(to, !source.trim().is_empty() && (signs || !only));
    }

    /// Draws everything up to a place, cut where claims begin and end.
    fn piece(&mut self, to: usize, shown: bool) {
        while self.at < to {
            self.within.extend(self.begins.remove(&self.at).into_iter().flatten());
            let after = self.at + 1;
            let border =
                |places: &BTreeMap<usize, Vec<usize>>| places.range(after..=to).next().map(|(place, _)| *place);
            let cut = [border(&self.begins), border(&self.ends)].into_iter().flatten().min().unwrap_or(to);
            self.words(cut, shown);
            self.at = cut;
            for index in self.ends.remove(&cut).into_iter().flatten() {
                self.within.remove(&index);
                self.name(index);
            }
        }
    }

    fn words(&mut self, to: usize, shown: bool) {
        let words = escape(self.text.get(self.at..to).unwrap_or_default());
        let state = self.within.first().and_then(|index| self.marks.get(*index)).map(|mark| mark.state);
        let _ = match (shown, state) {
            (false, _) => write!(self.out, "<span class=\"md\">{words}</span>"),
            (true, Some(state)) => write!(self.out, "<mark class=\"v-{state}\">{words}</mark>"),
            (true, None) => write!(self.out, "{words}"),
        };
    }

    /// The number of a claim, where the claim ends.
    fn name(&mut self, index: usize) {
        let Some(Mark { state, name, anchor, .. }) = self.marks.get(index) else { return };
        let name = escape(name);
        let _ = write!(
            self.out,
            "<a class=\"at v-{state}\" href=\"#{}\" aria-label=\"Claim {name}\">{name}<span aria-hidden=\"true\">{}</span></a>",
            escape(anchor),
            sign(state)
        );
    }
}
