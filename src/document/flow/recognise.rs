//! Recognises what was set by hand: bold paragraphs that serve as headings, captions, typed bullets, numbers of
//! recommendations; and parts what is too long.

use super::super::builder::is_reference_heading;
use super::super::grid::is_table_title;
use super::super::inline::Run;
use super::{Kind, LONGEST_HEADING, Piece, is_marked_note};

/// Words beyond which a bold paragraph is no heading.
const LONGEST_BOLD_HEADING: usize = 14;
/// Size of letters where nothing is said, and the least that makes a heading without being bold.
const USUAL_SIZE: u8 = 3;
const HEADING_SIZE: u8 = 5;
/// Bytes beyond which a paragraph is parted.
const LONGEST_PARAGRAPH: usize = 20_000;

/// Parts text without end into paragraphs that a reader can bear.
fn part_long(piece: Piece) -> Vec<Piece> {
    if piece.run.text.len() <= LONGEST_PARAGRAPH || matches!(piece.kind, Kind::Heading(_)) {
        return vec![piece];
    }
    let mut parts = Vec::new();
    let mut rest = piece.run.text.as_str();
    while !rest.is_empty() {
        let mut end = rest.len().min(LONGEST_PARAGRAPH);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (part, _) = rest.split_at(end);
        let gap = part.rfind(". ").map(|at| at + 1).or_else(|| part.rfind(char::is_whitespace));
        let cut = if end == rest.len() { end } else { gap.filter(|at| *at > 0).unwrap_or(end) };
        let (part, after) = rest.split_at(cut);
        parts.push(Piece { run: Run { text: part.to_owned(), ..piece.run }, ..piece.clone_frame() });
        rest = after;
    }
    parts
}

/// Parts paragraphs in which lines begin with a typed bullet.
fn part_bullets(piece: Piece) -> Vec<Piece> {
    let text = &piece.run.text;
    let paragraph = matches!(piece.kind, Kind::Paragraph | Kind::Boxed);
    if !paragraph || !text.contains('\n') || !text.lines().skip(1).any(|line| after_bullet(line).is_some()) {
        return vec![piece];
    }
    let mut parts: Vec<Piece> = Vec::new();
    for line in text.lines() {
        match parts.last_mut() {
            Some(last) if after_bullet(line).is_none() => last.run.text = format!("{} {line}", last.run.text),
            _ => parts.push(Piece::new(piece.kind.clone(), Run { text: line.to_owned(), ..piece.run })),
        }
    }
    if let Some(first) = parts.first_mut() {
        first.anchor = piece.anchor;
    }
    parts
}

/// Recognises what was set by hand: bold headings, captions, typed bullets.
pub(super) fn recognise(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut recognised: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut pieces = pieces.into_iter().flat_map(part_bullets).flat_map(part_long).peekable();
    let mut level: u8 = 0;
    let mut sizes: Vec<u8> = Vec::new();
    let mut parts: Vec<u8> = Vec::new();
    let mut typed = 0;
    while let Some(mut piece) = pieces.next() {
        match piece.kind {
            Kind::Opening => parts.push(level),
            Kind::Closing(_) => {
                let around = parts.pop().unwrap_or_default();
                // A part that ends with a heading was only the frame around it.
                if recognised.last().is_none_or(|last| matches!(last.kind, Kind::Heading(_))) {
                    continue;
                }
                level = around;
                sizes.clear();
                piece.kind = Kind::Closing(around.saturating_add(1));
            }
            Kind::Heading(_) if is_dotted_number(piece.text()) && pieces.peek().is_some_and(is_numbered_by) => {
                // A heading that is only a number is the number of the statement under it, and of nothing after that.
                if let Some(next) = pieces.peek_mut() {
                    next.run.text = format!("{} {}", piece.text(), next.run.text.trim_start());
                    next.anchor = piece.anchor.take().or(next.anchor.take());
                }
                continue;
            }
            Kind::Heading(_) if is_table_title(piece.text()) => piece.kind = Kind::Caption,
            Kind::Heading(_) if piece.words() > LONGEST_HEADING => piece.kind = Kind::Paragraph,
            // What is bold after a reference list is no part of it, so it ranks as high as the list's heading.
            Kind::Heading(found) => {
                level = found - u8::from(found > 0 && is_reference_heading(piece.text()));
                sizes.clear();
            }
            Kind::Paragraph if piece.run.strong && is_table_title(piece.text()) => piece.kind = Kind::Caption,
            Kind::Paragraph if is_bold_heading(&piece, pieces.peek()) => {
                piece.kind = Kind::Heading(level.saturating_add(rank_by_size(&mut sizes, piece.run.size)));
            }
            Kind::Paragraph if is_marked_note(&piece.run.text) => piece.kind = Kind::Note,
            Kind::Paragraph | Kind::Boxed => {
                if let Some(rest) = after_bullet(&piece.run.text) {
                    let follows = matches!(recognised.last().map(|last| &last.kind), Some(Kind::Item { list, .. }) if *list == TYPED + typed);
                    typed += usize::from(!follows);
                    piece.run.text = rest.to_owned();
                    piece.kind = Kind::Item { list: TYPED + typed, depth: 0, number: None };
                }
            }
            _ => {}
        }
        if !is_said_again(recognised.last(), &piece) {
            recognised.push(piece);
        }
    }
    recognised
}

/// A heading right after the same heading: once by markup, once by hand.
fn is_said_again(before: Option<&Piece>, piece: &Piece) -> bool {
    let heading = |piece: &Piece| matches!(piece.kind, Kind::Heading(_));
    heading(piece)
        && before.is_some_and(|before| heading(before) && before.text().to_lowercase() == piece.text().to_lowercase())
}

/// Where the numbers of lists with typed bullets begin, apart from those of real lists.
const TYPED: usize = usize::MAX / 2;

/// `1.3.2`, `12.1`: how guidelines number their recommendations.
fn is_dotted_number(text: &str) -> bool {
    let parts = || text.trim_end_matches('.').split('.');
    text.len() <= 12
        && parts().count() >= 2
        && parts().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_numbered_by(next: &Piece) -> bool {
    matches!(next.kind, Kind::Paragraph | Kind::Boxed) && next.text().starts_with(|c: char| c.is_alphabetic())
}

/// How far below the last heading one set by hand ranks; larger letters rank higher.
fn rank_by_size(sizes: &mut Vec<u8>, size: u8) -> u8 {
    let size = if size == 0 { USUAL_SIZE } else { size };
    while sizes.pop_if(|above| *above <= size).is_some() {}
    sizes.push(size);
    u8::try_from(sizes.len()).unwrap_or(u8::MAX)
}

fn is_bold_heading(piece: &Piece, next: Option<&Piece>) -> bool {
    let text = piece.text();
    let introduces = text.ends_with(':') && next.is_some_and(|next| next.list().is_some());
    (piece.run.strong || piece.run.size >= HEADING_SIZE)
        && !introduces
        && !text.ends_with(['.', ';', ',', '!'])
        && piece.words() <= LONGEST_BOLD_HEADING
        && text.chars().filter(|c| c.is_alphabetic()).count() >= 3
        && after_bullet(text).is_none()
        && next.is_some()
}

fn after_bullet(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let rest = text.strip_prefix(['•', '●', '▪', '■', '◦', '○', '‣', '·', '\u{f0b7}', '➢', '►', '➤', '✓', '❖'])?;
    rest.chars().any(char::is_alphanumeric).then(|| rest.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_without_end_is_parted_at_sentences() {
        let text = "One sentence of many words. ".repeat(2_000);
        let parts = part_long(Piece::new(Kind::Paragraph, Run { text: text.clone(), ..Run::default() }));
        assert!(parts.len() == 3 && parts.iter().all(|part| part.text().ends_with("words.")));
        assert_eq!(parts.iter().map(|part| part.run.text.as_str()).collect::<String>(), text);
    }
}
