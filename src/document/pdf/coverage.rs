//! Looks for ink that may be text and was not read as such: large pictures, and letters drawn as outlines.
//!
//! No picture is looked into. A picture that text stands on is a background.

use std::collections::HashMap;

use super::content::Drawn;
use super::ink::{Bounds, Seen};

/// Cells that a page is parted into each way.
const CELLS: usize = 24;
/// Part of the page that pictures without text on them must cover.
const LARGE: f64 = 0.3;
/// Characters beside large pictures from which the page's text is in them no more.
const ENOUGH_TEXT: usize = 600;
/// Characters on a picture that make a background of it.
const BACKGROUND_TEXT: usize = 40;
/// Small shapes that stand on one line like letters, and lines of them.
const LETTERS_IN_LINE: usize = 20;
const LINES_OF_LETTERS: usize = 3;

/// What seems to show text that was not read, in words for an editor.
pub(super) fn unread_ink(drawn: &Drawn) -> Option<String> {
    let lines = lines_of_outlines(&drawn.outlines);
    if lines >= LINES_OF_LETTERS {
        return Some(format!("{lines} lines of small shapes look like letters drawn as outlines and were not read"));
    }
    let characters = drawn.glyphs.iter().filter(|glyph| glyph.seen != Seen::Hidden && !glyph.text.trim().is_empty());
    if characters.clone().count() >= ENOUGH_TEXT {
        return None;
    }
    let places: Vec<(f64, f64)> = characters.map(|glyph| (f64::midpoint(glyph.x0, glyph.x1), glyph.y)).collect();
    let share = picture_share(drawn, &places);
    (share >= LARGE && !places.is_empty())
        .then(|| format!("pictures cover {:.0} % of the page; text in them was not read", share * 100.0))
}

/// Lines on which many small shapes stand.
fn lines_of_outlines(outlines: &[(f64, f64)]) -> usize {
    let mut lines: HashMap<i64, Vec<i64>> = HashMap::new();
    for (x, y) in outlines.iter().filter(|(x, y)| x.is_finite() && y.is_finite()) {
        let places = lines.entry(y.round() as i64).or_default();
        // Shapes one over the other are no letters of a line.
        let place = x.round() as i64;
        if places.len() < LETTERS_IN_LINE && !places.contains(&place) {
            places.push(place);
        }
    }
    lines.values().filter(|places| places.len() >= LETTERS_IN_LINE).count()
}

/// Part of the page that is covered by pictures on which no text stands.
fn picture_share(drawn: &Drawn, characters: &[(f64, f64)]) -> f64 {
    let within =
        |[left, bottom, right, top]: Bounds, x: f64, y: f64| (left..=right).contains(&x) && (bottom..=top).contains(&y);
    let background =
        |picture: &&Bounds| characters.iter().filter(|(x, y)| within(**picture, *x, *y)).count() >= BACKGROUND_TEXT;
    let pictures: Vec<Bounds> = drawn.pictures.iter().filter(|picture| !background(picture)).copied().collect();
    let middle = |cell: usize, whole: f64| (cell as f64 + 0.5) / CELLS as f64 * whole;
    let cells = (0..CELLS).flat_map(|row| (0..CELLS).map(move |column| (column, row)));
    let covered = cells.filter(|(column, row)| {
        let (x, y) = (middle(*column, drawn.width), middle(*row, drawn.height));
        pictures.iter().any(|picture| within(*picture, x, y))
    });
    covered.count() as f64 / (CELLS * CELLS) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::pdf::content::Glyph;

    fn page(pictures: &[Bounds], outlines: &[(f64, f64)], characters: usize) -> Drawn {
        let glyph = |at: usize| Glyph {
            text: "x".into(),
            x0: 50.0 + at as f64 % 60.0,
            x1: 51.0 + at as f64 % 60.0,
            y: 700.0,
            size: 10.0,
            bold: false,
            seen: Seen::Yes,
            tint: 0,
            furniture: false,
            turned: 0,
            marked: None,
            end_y: 700.0,
        };
        Drawn {
            glyphs: (0..characters).map(glyph).collect(),
            pictures: pictures.to_vec(),
            outlines: outlines.to_vec(),
            width: 600.0,
            height: 800.0,
            ..Drawn::default()
        }
    }

    #[test]
    fn a_large_picture_beside_little_text_may_hold_more_of_it() {
        let half = [0.0, 0.0, 600.0, 400.0];
        let check = |pictures: &[Bounds], characters, expected| {
            assert_eq!(unread_ink(&page(pictures, &[], characters)).is_some(), expected, "{pictures:?} {characters}");
        };
        check(&[half], 100, true);
        check(&[half], 1000, false);
        check(&[[0.0, 0.0, 100.0, 100.0]], 100, false);
        check(&[[0.0, 0.0, 600.0, 800.0]], 100, false);
        // A page that is nothing but a picture says so elsewhere.
        check(&[half], 0, false);
    }

    #[test]
    fn rows_of_small_shapes_look_like_letters() {
        let line = |y: f64| (0..30).map(move |at| (f64::from(at) * 6.0, y));
        let lines: Vec<_> = line(500.0).chain(line(488.0)).chain(line(476.0)).collect();
        assert!(unread_ink(&page(&[], &lines, 2000)).is_some());
        let chart: Vec<_> = (0..90).map(|at| (f64::from(at) * 6.0, f64::from(at) * 3.0)).collect();
        assert!(unread_ink(&page(&[], &chart, 2000)).is_none());
    }
}
