//! Tells whether a glyph leaves a mark on the page: colour, transparency, render mode and clipping.
//!
//! Keeps to white on white and to clip rectangles. Where it is unsure (patterns, spot colours, odd shapes) the text
//! counts as visible: a hidden word that is kept does less harm than a dose that is dropped.

use pdf_extract::{Dictionary, Document, Object};

use super::file::{as_dictionary, number, resolve};

/// Left, bottom, right and top, in page coordinates.
pub(super) type Bounds = [f64; 4];

/// Why a glyph cannot be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// It can be seen, as far as can be told.
    Yes,
    /// Drawn without ink, as under the picture of a scanned page.
    NoInk,
    /// White on white, fully transparent, or clipped away.
    Hidden,
}

/// How colours are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    Grey,
    Rgb,
    /// Four process inks, or one ink of its own: none of it is the paper's white.
    Inks,
    Unknown,
}

#[derive(Clone, Copy, Debug)]
struct Paint {
    space: Space,
    white: bool,
    tint: Tint,
    /// From 0, which leaves no mark, to 1.
    alpha: f64,
}

const BLACK: Paint = Paint { space: Space::Grey, white: false, tint: 0, alpha: 1.0 };

/// A colour as far as it matters whether two are the same; 0 before any is set.
pub(super) type Tint = u32;

/// A number for a colour's parts, coarse enough that roundings do not tell colours apart.
fn tint(parts: impl Iterator<Item = f64>) -> Tint {
    parts.take(4).fold(1, |tint, part| (tint << 5) | (part.clamp(0.0, 1.0) * 30.0).round() as u32)
}

impl Paint {
    fn is_clear(&self) -> bool {
        self.alpha < 0.01
    }
}

/// The part of the graphics state that decides whether text can be seen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ink {
    fill: Paint,
    stroke: Paint,
    mode: u8,
    clip: Option<Bounds>,
}

impl Default for Ink {
    fn default() -> Ink {
        Ink { fill: BLACK, stroke: BLACK, mode: 0, clip: None }
    }
}

/// Share of full brightness from which a colour is white.
const WHITE: f64 = 0.985;

impl Ink {
    /// Sets a colour or a colour space, where the operator does so.
    pub(super) fn set(&mut self, operator: &str, operands: &[Object], document: &Document, resources: &Dictionary) {
        let paint = match operator {
            "g" | "rg" | "k" | "cs" | "sc" | "scn" => &mut self.fill,
            "G" | "RG" | "K" | "CS" | "SC" | "SCN" => &mut self.stroke,
            _ => return,
        };
        match operator.to_ascii_lowercase().as_str() {
            "g" => paint.space = Space::Grey,
            "rg" => paint.space = Space::Rgb,
            "k" => paint.space = Space::Inks,
            "cs" => {
                // Every space begins with its black or with an unknown colour.
                (paint.space, paint.white, paint.tint) = (space(operands, document, resources), false, 0);
                return;
            }
            _ => {}
        }
        paint.tint = tint(operands.iter().filter_map(number));
        let mut parts = operands.iter().filter_map(number).peekable();
        let some = parts.peek().is_some();
        paint.white = some
            && match paint.space {
                Space::Grey | Space::Rgb => parts.all(|part| part >= WHITE),
                Space::Inks => parts.all(|part| part <= 1.0 - WHITE),
                Space::Unknown => false,
            };
    }

    /// Reads transparency from a named graphics state.
    pub(super) fn set_state(&mut self, document: &Document, state: &Dictionary) {
        let alpha = |key: &[u8]| resolve(document, state.get(key).ok()).and_then(number);
        self.fill.alpha = alpha(b"ca").unwrap_or(self.fill.alpha);
        self.stroke.alpha = alpha(b"CA").unwrap_or(self.stroke.alpha);
    }

    pub(super) fn set_mode(&mut self, mode: f64) {
        self.mode = if (0.0..8.0).contains(&mode) { mode as u8 } else { 0 };
    }

    /// Narrows the part of the page that is drawn upon.
    pub(super) fn narrow(&mut self, bounds: Bounds) {
        self.clip = Some(self.within_clip(bounds));
    }

    /// The part of the page that is drawn upon, where it is narrowed.
    pub(super) fn clip(&self) -> Option<Bounds> {
        self.clip
    }

    /// The part of a box that is drawn upon.
    pub(super) fn within_clip(&self, bounds: Bounds) -> Bounds {
        let Some(clip) = self.clip else { return bounds };
        let [a, b, c, d] = clip;
        let [left, bottom, right, top] = bounds;
        [a.max(left), b.max(bottom), c.min(right), d.min(top)]
    }

    /// The colour that text has now.
    pub(super) fn tint(&self) -> Tint {
        self.fill.tint
    }

    /// Whether what is filled now is white, and nothing shows through it.
    pub(super) fn fills_white(&self) -> bool {
        self.fill.white && self.fill.alpha > 0.99
    }

    /// Whether what is filled now leaves no mark.
    pub(super) fn fills_clear(&self) -> bool {
        self.fill.is_clear()
    }

    /// Whether a glyph within these bounds can be seen over what was painted before.
    pub(super) fn sees(&self, glyph: Bounds, painted: &mut Painted) -> Seen {
        let (fills, strokes) = match self.mode {
            0 | 4 => (true, false),
            1 | 5 => (false, true),
            2 | 6 => (true, true),
            3 => return Seen::NoInk,
            _ => return Seen::Yes,
        };
        if self.clip.is_some_and(|clip| apart(clip, glyph)) {
            return Seen::Hidden;
        }
        if (!fills || self.fill.is_clear()) && (!strokes || self.stroke.is_clear()) {
            return Seen::Hidden;
        }
        let unseen = |paint: &Paint| paint.is_clear() || paint.white;
        let white = (!fills || unseen(&self.fill)) && (!strokes || unseen(&self.stroke));
        if white && painted.is_white_at(glyph) { Seen::Hidden } else { Seen::Yes }
    }
}

/// Whether two boxes are clear of each other by more than the width of a rule.
fn apart(a: Bounds, b: Bounds) -> bool {
    const NEAR: f64 = 1.0;
    let [left, bottom, right, top] = a;
    b[2] < left - NEAR || b[0] > right + NEAR || b[3] < bottom - NEAR || b[1] > top + NEAR
}

fn space(operands: &[Object], document: &Document, resources: &Dictionary) -> Space {
    let Some(Object::Name(name)) = operands.first() else { return Space::Unknown };
    match name.as_slice() {
        b"DeviceGray" | b"CalGray" | b"G" => return Space::Grey,
        b"DeviceRGB" | b"CalRGB" | b"RGB" => return Space::Rgb,
        b"DeviceCMYK" | b"CMYK" => return Space::Inks,
        _ => {}
    }
    let named = || resolve(document, as_dictionary(document, resources.get(b"ColorSpace").ok()?)?.get(name).ok());
    named().and_then(|space| array_space(space, document)).unwrap_or(Space::Unknown)
}

fn array_space(space: &Object, document: &Document) -> Option<Space> {
    let array = match space {
        Object::Name(name) => return Some(self::space(&[Object::Name(name.clone())], document, &Dictionary::new())),
        other => other.as_array().ok()?,
    };
    Some(match resolve(document, array.first())?.as_name().ok()? {
        b"CalGray" => Space::Grey,
        b"CalRGB" => Space::Rgb,
        b"Separation" => Space::Inks,
        b"ICCBased" => match as_dictionary(document, array.get(1)?)?.get(b"N").ok()?.as_i64().ok()? {
            1 => Space::Grey,
            3 => Space::Rgb,
            4 => Space::Inks,
            _ => Space::Unknown,
        },
        _ => Space::Unknown,
    })
}

/// What was painted on the page so far, in order.
#[derive(Debug, Default)]
pub(super) struct Painted {
    layers: Vec<(Bounds, bool)>,
    /// Layers that may still be looked at for this page.
    looked: usize,
}

/// Layers of one page that are kept.
const MOST_LAYERS: usize = 5_000;
/// Layers that are looked at for all the white glyphs of one page.
const MOST_LOOKS: usize = 20_000_000;

impl Painted {
    /// Notes a filled area or a picture.
    pub(super) fn add(&mut self, bounds: Bounds, white: bool) {
        // One more than is kept is enough to know that not all are.
        if self.layers.len() <= MOST_LAYERS {
            self.layers.push((bounds, white));
        }
    }

    /// Whether the page is white under a glyph; "no" where it is not certain.
    fn is_white_at(&mut self, glyph: Bounds) -> bool {
        if self.layers.len() > MOST_LAYERS || self.looked > MOST_LOOKS {
            return false;
        }
        let mut at = self.layers.len();
        let below = self.layers.iter().rev().find(|(layer, white)| {
            at -= 1;
            // White hides what is under it only where it covers the whole glyph; other colours show at the least touch.
            if *white { covers(*layer, glyph) } else { !apart(*layer, glyph) }
        });
        let white = below.is_none_or(|(_, white)| *white);
        self.looked += self.layers.len() - at;
        white
    }
}

fn covers(layer: Bounds, glyph: Bounds) -> bool {
    layer[0] <= glyph[0] && layer[1] <= glyph[1] && layer[2] >= glyph[2] && layer[3] >= glyph[3]
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLYPH: Bounds = [100.0, 100.0, 106.0, 108.0];

    fn ink(steps: &[(&str, &[f64])]) -> Ink {
        let mut ink = Ink::default();
        for (operator, numbers) in steps {
            let operands: Vec<Object> = numbers.iter().map(|number| Object::Real(*number as f32)).collect();
            ink.set(operator, &operands, &Document::new(), &Dictionary::new());
        }
        ink
    }

    fn check(steps: &[(&str, &[f64])], layers: &[(Bounds, bool)], expected: Seen) {
        let mut painted = Painted::default();
        layers.iter().for_each(|(bounds, white)| painted.add(*bounds, *white));
        assert_eq!(ink(steps).sees(GLYPH, &mut painted), expected, "{steps:?} {layers:?}");
    }

    #[test]
    fn white_is_hidden_on_paper_and_seen_on_colour() {
        let (here, elsewhere) = ([0.0, 0.0, 200.0, 200.0], [300.0, 300.0, 400.0, 400.0]);
        check(&[("g", &[0.0])], &[], Seen::Yes);
        check(&[("g", &[1.0])], &[], Seen::Hidden);
        check(&[("rg", &[1.0, 1.0, 1.0])], &[], Seen::Hidden);
        check(&[("rg", &[1.0, 1.0, 0.0])], &[], Seen::Yes);
        check(&[("k", &[0.0, 0.0, 0.0, 0.0])], &[], Seen::Hidden);
        check(&[("g", &[1.0]), ("sc", &[0.2])], &[], Seen::Yes);
        check(&[("g", &[1.0])], &[(here, false)], Seen::Yes);
        check(&[("g", &[1.0])], &[(elsewhere, false)], Seen::Hidden);
        check(&[("g", &[1.0])], &[(here, false), (here, true)], Seen::Hidden);
        check(&[("g", &[1.0])], &[(here, false), ([0.0, 0.0, 103.0, 200.0], true)], Seen::Yes);
    }

    #[test]
    fn render_modes_and_clips() {
        let mut clipped = Ink::default();
        clipped.narrow([0.0, 0.0, 50.0, 50.0]);
        assert_eq!(clipped.sees(GLYPH, &mut Painted::default()), Seen::Hidden);
        clipped.narrow([0.0, 0.0, 500.0, 500.0]);
        assert_eq!(clipped.clip(), Some([0.0, 0.0, 50.0, 50.0]));
        let mut without = Ink::default();
        without.set_mode(3.0);
        assert_eq!(without.sees(GLYPH, &mut Painted::default()), Seen::NoInk);
        let mut outlined = ink(&[("g", &[1.0])]);
        outlined.set_mode(2.0);
        assert_eq!(outlined.sees(GLYPH, &mut Painted::default()), Seen::Yes);
    }

    #[test]
    fn transparency_hides() {
        let mut ink = Ink::default();
        let document = Document::new();
        ink.set_state(&document, &Dictionary::from_iter([("ca", Object::Integer(0))]));
        assert_eq!(ink.sees(GLYPH, &mut Painted::default()), Seen::Hidden);
        ink.set_state(&document, &Dictionary::from_iter([("ca", Object::Real(0.5))]));
        assert_eq!(ink.sees(GLYPH, &mut Painted::default()), Seen::Yes);
    }
}
