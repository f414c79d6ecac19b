//! Reads PDF: pages of placed glyphs into paragraphs, headings, lists and rows.
//!
//! pdf-extract says what each code of a font means; layout is our own, because a guideline read across its columns, or
//! with its page heads in the middle of sentences, cannot be cited. In the order of the work: [`file`], [`font`],
//! [`content`] (with [`matrix`], [`marks`]), [`words`], [`columns`], [`lines`], [`furniture`], [`paragraphs`] (with
//! [`joining`]), [`outline`], [`flow`]. Where the file is tagged, [`structure`] and [`tagging`] take the place of columns.
//! Beside them stand those who doubt: [`repair`] rebuilds damaged files, [`tally`] and [`account`] see that no number is
//! lost, [`ink`] and [`coverage`] what can be seen and what could not be read.
//!
//! Left out: pictures (no text is read from them), annotations and form fields, text turned against the page.

mod account;
mod bookmarks;
mod cells;
mod codemap;
mod columns;
mod content;
mod coverage;
mod digits;
mod file;
mod flow;
mod font;
mod furniture;
mod grid;
mod ink;
mod joining;
mod lines;
mod marks;
mod matrix;
mod outline;
mod paragraphs;
mod path;
mod predefined;
mod repair;
mod role;
mod rulings;
mod scan;
mod signs;
mod structure;
mod tagged;
mod tagging;
mod tally;
mod words;
mod writer;

use std::cell::RefCell;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use account::{Account, PageAccount};
use bookmarks::Bookmark;
use content::{Drawn, FontCache};
use digits::Digits;
use font::Font;
use furniture::PageLines;
use joining::Lexicon;
use lines::Line;
use outline::Body;
use paragraphs::Group;
use pdf_extract::ObjectId;
use role::Role;
use structure::{Structure, structure};
use tagging::Tag;
use tally::{CodeMaps, Tally};
use writer::Writer;

use super::{Builder, DefectKind, Document, Error, Limits, Reader};

/// The PDF reader.
pub(super) struct Pdf {
    /// Whether the file's structure tree is read.
    pub(super) by_tags: bool,
}

impl Reader for Pdf {
    fn name(&self) -> &'static str {
        "pdf/2"
    }

    fn read(&self, bytes: &[u8], limits: &Limits) -> Result<Document, Error> {
        let file::Opened { file, sources, repaired } = file::open(bytes, limits)?;
        let mut builder = Builder::new(self.name(), limits);
        if let Some(reason) = repaired {
            builder.defect(DefectKind::Repaired, None, reason);
        }
        if let Some(title) = file::declared_title(&file) {
            builder.title(&title);
        }
        let labels = file::page_labels(&file, sources.len());
        let structure = if self.by_tags { structure(&file) } else { Structure::default() };
        let (mut fonts, mut maps) = (FontCache::new(), CodeMaps::new());
        let mut account = Account::default();
        let mut digit_fonts = Vec::new();
        let mut pages = Vec::with_capacity(sources.len());
        let mut sideways = Vec::new();
        for (index, source) in sources.iter().enumerate() {
            if source.missing {
                builder.defect(DefectKind::FailedPage, Some(index), "the page is missing from the file");
                pages.push(PageLines::default());
                account.add(PageAccount::default());
                continue;
            }
            let label = labels.get(&index).cloned().unwrap_or_else(|| (index + 1).to_string());
            // Anything that goes wrong on a page costs that page and no other.
            let read = catch_unwind(AssertUnwindSafe(|| {
                let bytes = file::page_content(&file, source);
                let drawn = content::draw(&file, source, &bytes, &mut fonts);
                let tally = tally::tally(&file, source, &bytes, &mut maps);
                page_lines(drawn, &tally, &label, source.id, &structure)
            }));
            pages.push(match read {
                Ok(mut page) => {
                    sideways.push((index, page.sideways.clone()));
                    digit_fonts.extend(std::mem::take(&mut page.digit_fonts).into_iter().map(|font| (index, font)));
                    page.furniture.iter().for_each(|(kind, count)| account.furniture(kind, *count));
                    account.unseen(index, std::mem::take(&mut page.left_out));
                    account.add(std::mem::take(&mut page.account));
                    noted(page, index, &mut builder)
                }
                Err(panic) => {
                    let reason = format!("the page could not be read: {}", file::panic_reason(&*panic));
                    builder.defect(DefectKind::FailedPage, Some(index), reason);
                    account.add(PageAccount::default());
                    PageLines::default()
                }
            });
        }
        note_sideways(&sideways, &mut builder);
        font::note_doubtful(&digit_fonts, &mut builder);
        let (groups, lexicon, body) = grouped(pages, &bookmarks::bookmarks(&file, &sources), &mut account);
        if let Some(title) = outline::printed_title(&groups, body, &lexicon) {
            builder.title(&title);
        }
        Writer::new(&mut builder, &lexicon, body, labels).write(&groups, sources.len());
        builder.take_left_out().into_iter().for_each(|(page, text)| account.left_out(page, text));
        let mut document = builder.finish();
        document.left_out = account.take_texts();
        document.defects.extend(account.balance(&document));
        Ok(document)
    }
}

/// A page as far as it can be read on its own.
struct PageRead {
    lines: PageLines,
    hidden: usize,
    pictures: usize,
    cut_off: bool,
    damaged: bool,
    sideways: String,
    account: PageAccount,
    left_out: String,
    /// What was left out for being furniture, by kind.
    furniture: Vec<(&'static str, usize)>,
    digit_fonts: Vec<Rc<RefCell<Font>>>,
    unread_ink: Option<String>,
}

fn page_lines(mut drawn: Drawn, tally: &Tally, label: &str, id: Option<ObjectId>, structure: &Structure) -> PageRead {
    let (pictures, cut_off, damaged) = (drawn.pictures.len(), drawn.cut_off, drawn.damaged);
    let unread_ink = coverage::unread_ink(&drawn);
    let digit_fonts = std::mem::take(&mut drawn.digit_fonts);
    let mut read = Digits::of(&drawn.replaced);
    drawn.glyphs.iter().for_each(|glyph| read.add_text(&glyph.text));
    let mut account = PageAccount::new(tally, &read);
    mark_soft_hyphens(&mut drawn, id, structure);
    let mut page = words::words(drawn);
    account.enter(&page.words);
    lines::drop_line_numbers(&mut page.words);
    let line_numbers = account.enter_left(&page.words);
    lines::drop_margin_page_number(&mut page.words, label);
    let page_numbers = account.enter_left(&page.words) - line_numbers;
    let left_out = format!("{} {}", page.left_out, account.left_out_numbers());
    let furniture =
        vec![("line numbers", line_numbers), ("page numbers", page_numbers), ("declared glyphs", page.declared)];
    let sideways = std::mem::take(&mut page.sideways);
    let mut tables = tagged::take_tagged_tables(&mut page, id, structure);
    tables.extend(grid::take_tables(&mut page, &tables));
    let tagged = id.and_then(|id| tagging::tagged_columns(&page.words, &tables, id, structure));
    let mut columns = tagged.unwrap_or_else(|| laid_out_columns(page.words, &tables, id, structure));
    lines::mark_underlined(columns.iter_mut().flatten(), &page.rules);
    PageRead {
        lines: PageLines {
            columns,
            height: page.height,
            label: label.to_owned(),
            declared: page.declared > 0,
            tables: tables.into_iter().map(Rc::new).collect(),
        },
        hidden: page.hidden,
        pictures,
        cut_off,
        damaged,
        sideways,
        account,
        left_out,
        furniture,
        digit_fonts,
        unread_ink,
    }
}

/// The page's columns by its layout; of the tags, the headings are believed.
fn laid_out_columns(
    words: Vec<words::Word>,
    tables: &[grid::Grid],
    id: Option<ObjectId>,
    structure: &Structure,
) -> Vec<Vec<Line>> {
    let mut stretches = words::stretches(words);
    stretches.extend(tables.iter().enumerate().map(|(index, table)| table.stand_in(index)));
    let columns = columns::columns(stretches);
    let mut columns: Vec<Vec<Line>> = columns.iter().map(|rows| rows.iter().flat_map(lines::lines).collect()).collect();
    for line in columns.iter_mut().flatten() {
        let block = id.zip(line.marked).and_then(|marked| structure.block(marked));
        line.tag = block.filter(|(_, role)| matches!(role, Role::Heading(Some(_)))).map(|(element, role)| Tag {
            element,
            role,
            trusted: false,
        });
    }
    columns
}

/// Hyphens that the file declares to be there for the line's end only.
fn mark_soft_hyphens(drawn: &mut Drawn, id: Option<ObjectId>, structure: &Structure) {
    let Some(id) = id.filter(|_| !structure.soft_hyphens.is_empty()) else { return };
    for glyph in &mut drawn.glyphs {
        if glyph.marked.is_some_and(|marked| structure.soft_hyphens.contains(&(id, marked))) {
            glyph.text = "\u{ad}".into();
        }
    }
}

/// Characters of sideways text on a page that are worth a word.
const MUCH_SIDEWAYS: usize = 40;

/// Tells the builder on which pages text was left out because it is turned against the page.
///
/// What three pages have alike is the publisher's stamp in the margin.
fn note_sideways(pages: &[(usize, String)], builder: &mut Builder) {
    let plain = |text: &str| text.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    let mut alike: HashMap<String, usize> = HashMap::new();
    for (_, text) in pages {
        *alike.entry(plain(text)).or_default() += 1;
    }
    for (index, text) in pages {
        let count = text.chars().count();
        if count > MUCH_SIDEWAYS && alike.get(&plain(text)).is_none_or(|pages| *pages < 3) {
            let reason = format!("{count} characters of sideways text were not read");
            builder.defect(DefectKind::UnknownGlyphs, Some(*index), reason);
        }
    }
}

/// Tells the builder what a page lacks, and returns its lines.
fn noted(page: PageRead, index: usize, builder: &mut Builder) -> PageLines {
    builder.hidden(page.hidden);
    if page.cut_off {
        builder.defect(
            DefectKind::Truncated,
            Some(index),
            "the page has too many drawing instructions; its end is missing",
        );
    }
    if page.damaged {
        let reason = "the page's content is damaged; text after the damage is missing";
        builder.defect(DefectKind::UnknownGlyphs, Some(index), reason);
    }
    if let Some(reason) = page.unread_ink {
        builder.defect(DefectKind::UnreadInk, Some(index), reason);
    }
    if page.lines.columns.is_empty() {
        let reason = if page.pictures > 0 { "the page holds pictures and no text" } else { "the page is blank" };
        builder.defect(DefectKind::EmptyPage, Some(index), reason);
    }
    page.lines
}

/// What the document's pages say together: furniture goes, lines become groups, groups get their meaning.
fn grouped(mut pages: Vec<PageLines>, bookmarks: &[Bookmark], account: &mut Account) -> (Vec<Group>, Lexicon, Body) {
    account.watch("running heads and page numbers", &mut pages, |pages| furniture::drop_running_heads(pages));
    account.watch("lines of contents", &mut pages, |pages| furniture::drop_contents_lines(pages));
    let mut lexicon = Lexicon::default();
    for page in &pages {
        let cells = page.tables.iter().flat_map(|table| table.rows.iter().flatten().flat_map(|cell| &cell.lines));
        page.columns.iter().flatten().chain(cells).for_each(|line| lexicon.add_line(&line.text));
    }
    let body = outline::body(&pages);
    let mut groups: Vec<Group> =
        pages.iter().enumerate().flat_map(|(index, page)| paragraphs::group(page, index, body)).collect();
    outline::mark_bookmarked(&mut groups, bookmarks, &lexicon);
    outline::mark_outline(&mut groups, body, &lexicon);
    (flow::join_broken(outline::join_parted_headings(groups)), lexicon, body)
}

#[cfg(test)]
mod tests;
