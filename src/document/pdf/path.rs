//! Follows a path that is being drawn: its ruling lines, the areas it fills or clips to, and shapes that may be letters.
//!
//! Curves are known by their ends and control points alone.

use pdf_extract::content::Operation;

use super::content::Rule;
use super::file::number;
use super::ink::Bounds;
use super::matrix::Matrix;

/// A path, in page coordinates.
#[derive(Default)]
pub(super) struct Path {
    start: Option<(f64, f64)>,
    at: Option<(f64, f64)>,
    rules: Vec<Rule>,
    parts: Vec<Part>,
    clips: bool,
}

/// A part of a path that was drawn without lifting the pen.
struct Part {
    bounds: Bounds,
    curves: usize,
    lines: usize,
    /// All its lines are upright or level.
    straight: bool,
}

impl Part {
    fn is_box(&self) -> bool {
        self.curves == 0 && self.straight && self.lines <= 5
    }
}

/// Ruling lines of one path, and of one page.
const MOST_LINES: usize = 10_000;
const MOST_RULES: usize = 20_000;
/// Parts of one path that are kept.
const MOST_PARTS: usize = 10_000;
/// Shapes of one page that may be letters.
const MOST_OUTLINES: usize = 50_000;

impl Path {
    /// Adds what one operator draws.
    pub(super) fn extend(&mut self, operation: &Operation, to_page: &Matrix) {
        let numbers: Vec<f64> = operation.operands.iter().filter_map(number).collect();
        match (operation.operator.as_str(), numbers.as_slice()) {
            ("m", [x, y]) => {
                self.at = Some(to_page.apply(*x, *y));
                self.start = self.at;
                self.begin_part();
            }
            ("l", [x, y]) => self.line_to(to_page.apply(*x, *y)),
            ("h", _) => {
                if let Some(start) = self.start {
                    self.line_to(start);
                }
            }
            ("re", [x, y, width, height]) => {
                let corners = [(*x, *y), (x + width, *y), (x + width, y + height), (*x, y + height)];
                self.at = Some(to_page.apply(*x, *y));
                self.start = self.at;
                self.begin_part();
                for (x, y) in corners.into_iter().cycle().skip(1).take(4) {
                    self.line_to(to_page.apply(x, y));
                }
            }
            ("c" | "v" | "y", points) => self.curve(points, to_page),
            _ => {}
        }
    }

    fn begin_part(&mut self) {
        if let Some((x, y)) = self.at
            && self.parts.len() < MOST_PARTS
        {
            self.parts.push(Part { bounds: [x, y, x, y], curves: 0, lines: 0, straight: true });
        }
    }

    fn line_to(&mut self, to: (f64, f64)) {
        let from = self.at.replace(to);
        let straight = from.is_some_and(|from| (from.0 - to.0).abs() < 1.0 || (from.1 - to.1).abs() < 1.0);
        if let Some(part) = self.parts.last_mut() {
            part.lines += 1;
            part.straight &= straight;
            widen(&mut part.bounds, to);
        }
        if let Some(from) = from.filter(|_| straight && self.rules.len() < MOST_LINES) {
            let (x0, x1) = (from.0.min(to.0), from.0.max(to.0));
            let (y0, y1) = (from.1.min(to.1), from.1.max(to.1));
            self.rules.push(Rule { x0, y0, x1, y1 });
        }
    }

    fn curve(&mut self, points: &[f64], to_page: &Matrix) {
        // Curves are never rulings; a path with curves in it goes on after them.
        self.at = None;
        let Some(part) = self.parts.last_mut() else { return };
        part.curves += 1;
        for point in points.chunks_exact(2) {
            if let [x, y] = point {
                widen(&mut part.bounds, to_page.apply(*x, *y));
            }
        }
    }

    /// What is drawn after the path shows within it alone.
    pub(super) fn clip(&mut self) {
        self.clips = true;
    }

    /// The box around the whole path, where the path clips.
    pub(super) fn clipped_to(&self) -> Option<Bounds> {
        let mut parts = self.parts.iter().filter(|_| self.clips && self.parts.len() < MOST_PARTS);
        let first = parts.next()?.bounds;
        Some(parts.fold(first, |mut whole, part| {
            widen(&mut whole, (part.bounds[0], part.bounds[1]));
            widen(&mut whole, (part.bounds[2], part.bounds[3]));
            whole
        }))
    }

    /// The areas that filling the path covers; of white ones only those that are certainly covered throughout.
    pub(super) fn layers(&self, white: bool) -> Vec<Bounds> {
        self.parts.iter().filter(|part| !white || part.is_box()).map(|part| part.bounds).collect()
    }

    /// Adds the lower left corners of parts that have a letter's size and curves.
    pub(super) fn add_outlines(&self, outlines: &mut Vec<(f64, f64)>) {
        let letter = |part: &&Part| {
            let [left, bottom, right, top] = part.bounds;
            part.curves > 0 && (2.0..20.0).contains(&(top - bottom)) && (1.0..20.0).contains(&(right - left))
        };
        let room = MOST_OUTLINES.saturating_sub(outlines.len());
        outlines.extend(self.parts.iter().filter(letter).take(room).map(|part| (part.bounds[0], part.bounds[1])));
    }

    /// Ends the path and hands over its ruling lines, unless it leaves no mark.
    pub(super) fn finish(mut self, operator: &str, rules: &mut Vec<Rule>) {
        if operator != "n" && rules.len() < MOST_RULES {
            rules.append(&mut self.rules);
        }
    }
}

fn widen(bounds: &mut Bounds, (x, y): (f64, f64)) {
    *bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x), bounds[3].max(y)];
}

#[cfg(test)]
mod tests {
    use pdf_extract::Object;

    use super::*;

    fn path(steps: &[(&str, &[f32])]) -> Path {
        let mut path = Path::default();
        for (operator, numbers) in steps {
            let operands = numbers.iter().map(|number| Object::Real(*number)).collect();
            path.extend(&Operation::new(operator, operands), &Matrix::default());
        }
        path
    }

    #[test]
    fn boxes_fill_white_and_odd_shapes_do_not() {
        let check = |steps: &[(&str, &[f32])], white: &[Bounds], dark: &[Bounds]| {
            let path = path(steps);
            assert_eq!((path.layers(true), path.layers(false)), (white.to_vec(), dark.to_vec()), "{steps:?}");
        };
        let whole = [10.0, 10.0, 30.0, 20.0];
        check(&[("re", &[10.0, 10.0, 20.0, 10.0])], &[whole], &[whole]);
        let triangle: [(&str, &[f32]); 3] = [("m", &[10.0, 10.0]), ("l", &[30.0, 20.0]), ("l", &[30.0, 10.0])];
        check(&triangle, &[], &[whole]);
        check(&[("m", &[10.0, 10.0]), ("c", &[10.0, 20.0, 30.0, 20.0, 30.0, 10.0])], &[], &[whole]);
    }

    #[test]
    fn small_shapes_with_curves_may_be_letters() {
        let mut outlines = Vec::new();
        path(&[("m", &[100.0, 50.0]), ("c", &[100.0, 58.0, 106.0, 58.0, 106.0, 50.0])]).add_outlines(&mut outlines);
        path(&[("re", &[100.0, 50.0, 6.0, 8.0])]).add_outlines(&mut outlines);
        assert_eq!(outlines, [(100.0, 50.0)]);
    }

    #[test]
    fn rulings_are_straight_and_clips_are_whole() {
        let mut rules = Vec::new();
        let mut path = path(&[("m", &[0.0, 5.0]), ("l", &[90.0, 5.0]), ("l", &[95.0, 40.0])]);
        path.clip();
        assert_eq!(path.clipped_to(), Some([0.0, 5.0, 95.0, 40.0]));
        path.finish("S", &mut rules);
        assert_eq!(rules.len(), 1);
    }
}
