//! Runs a page's drawing instructions and notes each glyph and each ruling line with its place.
//!
//! Keeps to what reading needs: text, straight lines, nested drawings, marked content, and of colours, clipping and
//! pictures as much as it takes to know which text can be seen and where text may be that cannot be read.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use pdf_extract::content::{Content, Operation};
use pdf_extract::{Dictionary, Document, Object, ObjectId, Stream};

use super::file::{PageSource, as_dictionary, number, resolve, stream_bytes};
use super::font::Font;
use super::ink::{Bounds, Ink, Painted, Seen, Tint};
use super::marks::{Mark, Marks};
use super::matrix::Matrix;
use super::path::Path;

/// A glyph where it stands on the upright page; y grows upwards.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    pub(super) text: Rc<str>,
    pub(super) x0: f64,
    pub(super) x1: f64,
    /// The baseline.
    pub(super) y: f64,
    pub(super) size: f64,
    pub(super) bold: bool,
    /// Whether it can be seen on the page.
    pub(super) seen: Seen,
    pub(super) tint: Tint,
    /// Declared by the file to be a running head or foot.
    pub(super) furniture: bool,
    /// Quarter turns by which the text is turned against the page.
    pub(super) turned: u8,
    /// Number of the marked content that the glyph belongs to.
    pub(super) marked: Option<i64>,
    /// Where the baseline has got to at the glyph's end.
    pub(super) end_y: f64,
}

/// A straight horizontal or vertical line, or the edge of a filled box.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    pub(super) x0: f64,
    pub(super) y0: f64,
    pub(super) x1: f64,
    pub(super) y1: f64,
}

/// Everything on a page that reading needs.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    pub(super) glyphs: Vec<Glyph>,
    pub(super) rules: Vec<Rule>,
    /// Where pictures are.
    pub(super) pictures: Vec<Bounds>,
    /// Lower left corners of small filled shapes with curves, such as letters drawn as outlines.
    pub(super) outlines: Vec<(f64, f64)>,
    /// Text of glyphs that other text was said to stand for.
    pub(super) replaced: String,
    /// Fonts that digits were drawn with.
    pub(super) digit_fonts: Vec<Rc<RefCell<Font>>>,
    /// Width and height of the upright page.
    pub(super) width: f64,
    pub(super) height: f64,
    /// The page had more instructions than the limit.
    pub(super) cut_off: bool,
    /// Instructions could not be understood, and what came after them was not read.
    pub(super) damaged: bool,
}

/// Fonts that were read, by the object that defines them.
pub(super) type FontCache = HashMap<ObjectId, Rc<RefCell<Font>>>;

/// Instructions of one page, nested drawings included.
const MOST_OPERATIONS: usize = 3_000_000;
/// Drawings within drawings.
const DEEPEST_FORM: usize = 16;

/// Pictures of one page that are kept.
const MOST_PICTURES: usize = 2_000;

/// Runs the page's instructions, which stand in `bytes`.
pub(super) fn draw(document: &Document, page: &PageSource, bytes: &[u8], fonts: &mut FontCache) -> Drawn {
    let (to_page, width, height) = upright(page);
    let mut drawing = Drawing {
        document,
        fonts,
        local_fonts: HashMap::new(),
        drawn: Drawn { width, height, ..Drawn::default() },
        marks: Marks::default(),
        painted: Painted::default(),
        operations: 0,
        depth: 0,
    };
    drawing.run(bytes, &page.resources, State::new(to_page));
    drawing.drawn
}

/// The transformation that sets the page upright with its lower left corner at the origin, and its size then.
fn upright(page: &PageSource) -> (Matrix, f64, f64) {
    let [left, bottom, right, top] = page.view;
    let (width, height) = (right - left, top - bottom);
    let to_origin = Matrix::translation(-left, -bottom);
    match page.quarter_turns {
        1 => (to_origin.then(&Matrix([0.0, -1.0, 1.0, 0.0, 0.0, width])), height, width),
        2 => (to_origin.then(&Matrix([-1.0, 0.0, 0.0, -1.0, width, height])), width, height),
        3 => (to_origin.then(&Matrix([0.0, 1.0, -1.0, 0.0, height, 0.0])), height, width),
        _ => (to_origin, width, height),
    }
}

#[derive(Clone)]
struct State {
    to_page: Matrix,
    font: Option<Rc<RefCell<Font>>>,
    size: f64,
    character_spacing: f64,
    word_spacing: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
    ink: Ink,
}

impl State {
    fn new(to_page: Matrix) -> State {
        State {
            to_page,
            font: None,
            size: 1.0,
            character_spacing: 0.0,
            word_spacing: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            ink: Ink::default(),
        }
    }
}

/// Where text goes next.
#[derive(Clone, Copy, Default)]
struct TextPlace {
    text: Matrix,
    line: Matrix,
}

impl TextPlace {
    fn next_line(&mut self, x: f64, y: f64) {
        self.line = Matrix::translation(x, y).then(&self.line);
        self.text = self.line;
    }
}

struct Drawing<'a, 'f> {
    document: &'a Document,
    fonts: &'f mut FontCache,
    /// Fonts defined within a resource dictionary, which have no object number; by their place in memory.
    local_fonts: HashMap<usize, Rc<RefCell<Font>>>,
    drawn: Drawn,
    marks: Marks,
    painted: Painted,
    operations: usize,
    depth: usize,
}

impl Drawing<'_, '_> {
    fn run(&mut self, bytes: &[u8], resources: &Dictionary, mut state: State) {
        let content = Content::decode_strict(bytes).or_else(|_| {
            // The other way to decode stops without a word where it does not understand.
            self.drawn.damaged = true;
            Content::decode(bytes)
        });
        let Ok(content) = content else { return };
        let mut saved: Vec<State> = Vec::new();
        let mut place = TextPlace::default();
        let mut path = Path::default();
        for operation in &content.operations {
            self.operations += 1;
            if self.operations > MOST_OPERATIONS {
                self.drawn.cut_off = true;
                return;
            }
            match operation.operator.as_str() {
                "q" if saved.len() < 512 => saved.push(state.clone()),
                "Q" => {
                    if let Some(before) = saved.pop() {
                        state = before;
                    }
                }
                "cm" => {
                    if let Some(matrix) = Matrix::from_operands(&operation.operands) {
                        state.to_page = matrix.then(&state.to_page);
                    }
                }
                "BDC" | "BMC" => self.begin_mark(operation, resources),
                "EMC" => self.marks.end(&mut self.drawn.glyphs, &mut self.drawn.replaced),
                "Do" => self.draw_object(operation, resources, &state),
                "BI" => self.add_picture(&state),
                "sh" => self.painted.add(state.ink.clip().unwrap_or(EVERYWHERE), false),
                "m" | "l" | "re" | "h" | "c" | "v" | "y" => path.extend(operation, &state.to_page),
                "W" | "W*" => path.clip(),
                "S" | "s" | "f" | "F" | "f*" | "B" | "B*" | "b" | "b*" | "n" => {
                    self.paint(std::mem::take(&mut path), operation.operator.as_str(), &mut state);
                }
                "g" | "rg" | "k" | "cs" | "sc" | "scn" | "G" | "RG" | "K" | "CS" | "SC" | "SCN" => {
                    state.ink.set(&operation.operator, &operation.operands, self.document, resources);
                }
                _ => {
                    self.set_text_state(operation, resources, &mut state);
                    self.show_text(operation, &mut state, &mut place);
                }
            }
        }
    }

    fn paint(&mut self, path: Path, operator: &str, state: &mut State) {
        let fills = !matches!(operator, "S" | "s" | "n");
        if fills && !state.ink.fills_clear() {
            let white = state.ink.fills_white();
            let within = |bounds| state.ink.within_clip(bounds);
            path.layers(white).into_iter().for_each(|bounds| self.painted.add(within(bounds), white));
            path.add_outlines(&mut self.drawn.outlines);
        }
        if let Some(bounds) = path.clipped_to() {
            state.ink.narrow(bounds);
        }
        path.finish(operator, &mut self.drawn.rules);
    }

    /// Notes a picture in the unit square.
    fn add_picture(&mut self, state: &State) {
        let bounds = state.ink.within_clip(state.to_page.bounds([0.0, 0.0, 1.0, 1.0]));
        self.painted.add(bounds, false);
        if self.drawn.pictures.len() < MOST_PICTURES {
            self.drawn.pictures.push(bounds);
        }
    }

    fn begin_mark(&mut self, operation: &Operation, resources: &Dictionary) {
        let tag = operation.operands.first().and_then(|tag| tag.as_name().ok()).unwrap_or_default();
        let properties = operation.operands.get(1).and_then(|properties| match properties {
            Object::Name(name) => {
                let named = as_dictionary(self.document, resources.get(b"Properties").ok()?)?;
                as_dictionary(self.document, named.get(name).ok()?)
            }
            inline => as_dictionary(self.document, inline),
        });
        let mark = Mark::new(self.document, tag, properties, self.drawn.glyphs.len(), self.depth > 0);
        self.marks.begin(mark);
    }

    fn set_text_state(&mut self, operation: &Operation, resources: &Dictionary, state: &mut State) {
        let first = operation.operands.first().and_then(number);
        match (operation.operator.as_str(), first) {
            ("Tf", _) => {
                let font = operation.operands.first().and_then(|name| name.as_name().ok());
                state.font = font.and_then(|name| self.font(name, resources));
                state.size = operation.operands.get(1).and_then(number).unwrap_or(state.size);
            }
            ("gs", _) => self.set_state_dictionary(operation, resources, state),
            ("Tc", Some(value)) => state.character_spacing = value,
            ("Tw", Some(value)) => state.word_spacing = value,
            ("Tz", Some(value)) => state.stretch = value / 100.0,
            ("TL", Some(value)) => state.leading = value,
            ("Ts", Some(value)) => state.rise = value,
            ("Tr", Some(value)) => state.ink.set_mode(value),
            _ => {}
        }
    }

    /// A named graphics state can set the font, too.
    fn set_state_dictionary(&mut self, operation: &Operation, resources: &Dictionary, state: &mut State) {
        let document = self.document;
        let named = operation.operands.first().and_then(|name| {
            let states = as_dictionary(document, resources.get(b"ExtGState").ok()?)?;
            as_dictionary(document, states.get(name.as_name().ok()?).ok()?)
        });
        let Some(named) = named else { return };
        state.ink.set_state(document, named);
        let font = resolve(document, named.get(b"Font").ok()).and_then(|font| font.as_array().ok());
        if let Some([font, size]) = font.map(Vec::as_slice) {
            state.font = self.font_object(font);
            state.size = number(size).unwrap_or(state.size);
        }
    }

    fn font(&mut self, name: &[u8], resources: &Dictionary) -> Option<Rc<RefCell<Font>>> {
        let fonts = as_dictionary(self.document, resources.get(b"Font").ok()?)?;
        self.font_object(fonts.get(name).ok()?)
    }

    fn font_object(&mut self, object: &Object) -> Option<Rc<RefCell<Font>>> {
        let dictionary = as_dictionary(self.document, object)?;
        let document = self.document;
        let read = || Rc::new(RefCell::new(Font::new(document, dictionary)));
        Some(match object {
            Object::Reference(id) => self.fonts.entry(*id).or_insert_with(read).clone(),
            _ => {
                let place = std::ptr::from_ref(dictionary).addr();
                self.local_fonts.entry(place).or_insert_with(read).clone()
            }
        })
    }

    fn show_text(&mut self, operation: &Operation, state: &mut State, place: &mut TextPlace) {
        let operands = operation.operands.as_slice();
        let numbers = (operands.first().and_then(number), operands.get(1).and_then(number));
        match operation.operator.as_str() {
            "BT" => *place = TextPlace::default(),
            "Tm" => {
                if let Some(matrix) = Matrix::from_operands(operands) {
                    *place = TextPlace { text: matrix, line: matrix };
                }
            }
            "Td" | "TD" => {
                if let (Some(x), Some(y)) = numbers {
                    if operation.operator == "TD" {
                        state.leading = -y;
                    }
                    place.next_line(x, y);
                }
            }
            "T*" => place.next_line(0.0, -state.leading),
            "Tj" | "'" => {
                if operation.operator == "'" {
                    place.next_line(0.0, -state.leading);
                }
                operands.iter().for_each(|object| self.show_object(object, state, place));
            }
            "\"" => {
                state.word_spacing = numbers.0.unwrap_or(state.word_spacing);
                state.character_spacing = numbers.1.unwrap_or(state.character_spacing);
                place.next_line(0.0, -state.leading);
                operands.iter().skip(2).for_each(|object| self.show_object(object, state, place));
            }
            "TJ" => {
                if let Some(Object::Array(parts)) = operands.first() {
                    parts.iter().for_each(|object| self.show_object(object, state, place));
                }
            }
            _ => {}
        }
    }

    fn show_object(&mut self, object: &Object, state: &State, place: &mut TextPlace) {
        match object {
            Object::String(bytes, _) => self.show_string(bytes, state, place),
            other => {
                let Some(adjustment) = number(other) else { return };
                let shift = -adjustment / 1000.0 * state.size * state.stretch;
                place.text = Matrix::translation(shift, 0.0).then(&place.text);
            }
        }
    }

    fn show_string(&mut self, bytes: &[u8], state: &State, place: &mut TextPlace) {
        let Some(font) = state.font.clone() else { return };
        let mut font = font.borrow_mut();
        let mut noted = false;
        let mut rest = bytes;
        while !rest.is_empty() {
            let length = font.code_length(rest).clamp(1, rest.len());
            let (code_bytes, after) = rest.split_at(length);
            rest = after;
            let code = code_bytes.iter().fold(0u32, |code, byte| (code << 8) | u32::from(*byte));
            let shown = font.code(code);
            // Characters that stand one under the other fill squares.
            let width = if font.vertical { state.size } else { shown.width * state.size * state.stretch };
            if shown.text.bytes().any(|byte| byte.is_ascii_digit()) {
                font.note_shown(code, &shown.text);
                noted = noted || self.note_digit_font(state);
            }
            let advance = if font.vertical { (0.0, -width) } else { (width, 0.0) };
            self.place_glyph(shown.text, advance, font.bold, state, place);
            let mut spacing = state.character_spacing;
            if code == 32 && code_bytes.len() == 1 {
                spacing += state.word_spacing;
            }
            let (x, y) = if font.vertical { (0.0, -width - spacing) } else { (width + spacing * state.stretch, 0.0) };
            place.text = Matrix::translation(x, y).then(&place.text);
        }
    }

    fn note_digit_font(&mut self, state: &State) -> bool {
        let known = |font| self.drawn.digit_fonts.iter().any(|known| Rc::ptr_eq(known, font));
        let new = state.font.as_ref().filter(|font| !known(font)).cloned();
        self.drawn.digit_fonts.extend(new);
        true
    }

    fn place_glyph(&mut self, text: Rc<str>, advance: (f64, f64), bold: bool, state: &State, place: &TextPlace) {
        let to_page = place.text.then(&state.to_page);
        let (x, y) = to_page.apply(0.0, state.rise);
        let (end_x, end_y) = to_page.apply(advance.0, advance.1 + state.rise);
        let (up_x, up_y) = to_page.direction(0.0, state.size);
        let size = up_x.hypot(up_y);
        if !(x.is_finite() && y.is_finite() && end_x.is_finite() && end_y.is_finite() && size.is_finite()) {
            return;
        }
        let along = if advance.1 < 0.0 { to_page.direction(0.0, -1.0) } else { to_page.direction(1.0, 0.0) };
        let turned = match (along.0.abs() >= along.1.abs(), along.0 >= 0.0, along.1 >= 0.0) {
            (true, true, _) => 0,
            (true, false, _) => 2,
            (false, _, true) => 1,
            (false, _, false) => 3,
        };
        // Text at a slant is a watermark or part of a drawing; it is kept apart as if turned upside down.
        let slanted = along.0.abs().min(along.1.abs()) > 0.2 * along.0.abs().max(along.1.abs());
        let bounds = to_page.bounds([0.0, state.rise + advance.1, advance.0, state.rise + 0.6 * state.size]);
        let seen = state.ink.sees(bounds, &mut self.painted);
        self.drawn.glyphs.push(Glyph {
            text,
            x0: x,
            x1: end_x,
            y,
            size,
            bold,
            seen,
            tint: state.ink.tint(),
            furniture: self.marks.furniture(),
            turned: if slanted { 2 } else { turned },
            marked: self.marks.content_number(),
            end_y,
        });
    }

    fn draw_object(&mut self, operation: &Operation, resources: &Dictionary, state: &State) {
        let document = self.document;
        let object = operation.operands.first().and_then(|name| {
            let objects = as_dictionary(document, resources.get(b"XObject").ok()?)?;
            resolve(document, objects.get(name.as_name().ok()?).ok())
        });
        let Some(Object::Stream(stream)) = object else { return };
        match stream.dict.get(b"Subtype").and_then(Object::as_name) {
            Ok(b"Form") if self.depth < DEEPEST_FORM => self.draw_form(stream, resources, state),
            Ok(b"Image") => self.add_picture(state),
            _ => {}
        }
    }

    fn draw_form(&mut self, stream: &Stream, resources: &Dictionary, state: &State) {
        let matrix = resolve(self.document, stream.dict.get(b"Matrix").ok())
            .and_then(|matrix| Matrix::from_operands(matrix.as_array().ok()?))
            .unwrap_or_default();
        let own = stream.dict.get(b"Resources").ok().and_then(|object| as_dictionary(self.document, object));
        let bytes = stream_bytes(stream);
        self.depth += 1;
        let open_marks = self.marks.depth();
        let mut inside = State { to_page: matrix.then(&state.to_page), ..state.clone() };
        if let Some(bounds) = self.form_bounds(stream) {
            inside.ink.narrow(inside.to_page.bounds(bounds));
        }
        self.run(&bytes, own.unwrap_or(resources), inside);
        self.marks.close_down_to(open_marks, &mut self.drawn.glyphs, &mut self.drawn.replaced);
        self.depth -= 1;
    }

    /// The part of its own plane that a nested drawing shows.
    fn form_bounds(&self, stream: &Stream) -> Option<Bounds> {
        let corners = resolve(self.document, stream.dict.get(b"BBox").ok())?.as_array().ok()?;
        let numbers: Vec<f64> =
            corners.iter().filter_map(|corner| number(resolve(self.document, Some(corner))?)).collect();
        numbers.try_into().ok()
    }
}

/// All of every page.
const EVERYWHERE: Bounds = [f64::NEG_INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::INFINITY];
