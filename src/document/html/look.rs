//! How an element looks, as far as it decides whether its text is seen.
//!
//! One value a property that hides, each unset until a declaration sets it, so that looks can be laid over each other as
//! style sheets are. Sizes and places are not computed: what counts is whether a declaration can only mean to hide.

/// What declarations say about being seen; `None` where they say nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Look {
    /// `display: none`.
    pub(super) gone: Option<bool>,
    /// `visibility: hidden`.
    pub(super) unseen: Option<bool>,
    /// Letters without size.
    pub(super) tiny: Option<bool>,
    /// Opacity 0.
    pub(super) clear: Option<bool>,
    /// Text moved off the page by its indent or margin, or cut to nothing.
    pub(super) away: Option<bool>,
    /// Placed left of or above the page; counts only where the element is taken out of the flow.
    shifted: Option<bool>,
    placed: Option<bool>,
    /// No height; counts only where what runs over is cut off.
    flat: Option<bool>,
    cut: Option<bool>,
    /// Colour of the text.
    pub(super) ink: Option<Paint>,
    /// Colour behind it.
    pub(super) paper: Option<Paint>,
}

/// A colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paint {
    /// Red, green and blue.
    Solid(u32),
    /// A picture, a gradient or a colour that cannot be known.
    Unknown,
}

/// White, or as good as.
pub(super) fn is_white(paint: Paint) -> bool {
    matches!(paint, Paint::Solid(rgb) if [rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255].iter().all(|part| *part >= 0xfa))
}

impl Look {
    /// Reads declarations; what they call important stands apart.
    pub(super) fn of(declarations: &str) -> (Look, Look) {
        let (mut plain, mut important) = (Look::default(), Look::default());
        for declaration in declarations.split(';').take(200) {
            let Some((name, value)) = declaration.split_once(':') else { continue };
            let value = value.trim().to_ascii_lowercase();
            match value.split_once('!') {
                Some((value, _)) => important.set(&name.trim().to_ascii_lowercase(), value.trim()),
                None => plain.set(&name.trim().to_ascii_lowercase(), &value),
            }
        }
        (plain, important)
    }

    fn set(&mut self, name: &str, value: &str) {
        match name {
            "display" => self.gone = Some(value == "none"),
            "visibility" => self.unseen = Some(matches!(value, "hidden" | "collapse")),
            "font-size" => self.tiny = Some(is_nothing(value)),
            "opacity" => self.clear = Some(is_nothing(value)),
            "text-indent" | "margin-left" => self.away = Some(is_far(value)),
            "left" | "top" => self.shifted = Some(is_far(value)),
            "position" => self.placed = Some(matches!(value, "absolute" | "fixed")),
            "clip" | "clip-path" => self.away = Some(cuts_all(value)),
            "height" | "max-height" => self.flat = Some(is_nothing(value) || value == "1px"),
            "overflow" | "overflow-x" | "overflow-y" => self.cut = Some(matches!(value, "hidden" | "clip")),
            "color" => self.ink = paint(value),
            "background" | "background-color" | "background-image" => self.paper = background(value).or(self.paper),
            _ => {}
        }
    }

    /// This look with another laid over it.
    pub(super) fn under(self, over: Look) -> Look {
        Look {
            gone: over.gone.or(self.gone),
            unseen: over.unseen.or(self.unseen),
            tiny: over.tiny.or(self.tiny),
            clear: over.clear.or(self.clear),
            away: over.away.or(self.away),
            shifted: over.shifted.or(self.shifted),
            placed: over.placed.or(self.placed),
            flat: over.flat.or(self.flat),
            cut: over.cut.or(self.cut),
            ink: over.ink.or(self.ink),
            paper: over.paper.or(self.paper),
        }
    }

    /// What of it shows text.
    pub(super) fn shown_only(self) -> Look {
        let shows = |hides: Option<bool>| hides.filter(|hides| !hides);
        Look {
            gone: shows(self.gone),
            unseen: shows(self.unseen),
            tiny: shows(self.tiny),
            clear: shows(self.clear),
            away: shows(self.away),
            shifted: shows(self.shifted),
            placed: shows(self.placed),
            flat: shows(self.flat),
            cut: shows(self.cut),
            ink: None,
            paper: self.paper.map(|_| Paint::Unknown),
        }
    }

    /// Whether the element and all in it are out of sight, whatever the elements in it say.
    pub(super) fn is_hidden(&self) -> bool {
        self.is_folded() || self.is_unseen() || self.clear == Some(true) || self.is_off_the_page()
    }

    /// Hidden in a way that a click undoes: panels of accordions and tabs are.
    pub(super) fn is_folded(&self) -> bool {
        self.gone == Some(true) || self.flat == Some(true) && self.cut == Some(true)
    }

    /// Hidden in a way that an element inside may undo.
    pub(super) fn is_unseen(&self) -> bool {
        self.unseen == Some(true) || self.tiny == Some(true)
    }

    /// Whether it makes text visible that stands in an element like the given one.
    pub(super) fn undoes(&self, outer: &Look) -> bool {
        outer.unseen == Some(true) && self.unseen == Some(false) || outer.tiny == Some(true) && self.tiny == Some(false)
    }

    fn is_off_the_page(&self) -> bool {
        self.away == Some(true) || self.shifted == Some(true) && self.placed == Some(true)
    }
}

/// `0`, `0px`, `0.0em`, but not `0.9em`.
fn is_nothing(value: &str) -> bool {
    let number = value.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    number.trim().parse::<f32>().is_ok_and(|number| number.abs() < 0.02)
}

/// `-9999px`, `-100em`: beyond any screen.
fn is_far(value: &str) -> bool {
    let unit = value.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '.'));
    let number = value.strip_suffix(unit).and_then(|number| number.parse::<f32>().ok()).unwrap_or_default();
    match unit {
        "px" | "pt" | "" => number <= -900.0,
        "em" | "rem" | "vw" => number <= -60.0,
        "%" => number <= -100.0,
        _ => false,
    }
}

/// `rect(0,0,0,0)`, `rect(1px, 1px, 1px, 1px)`, `inset(50%)`.
fn cuts_all(value: &str) -> bool {
    let value: String = value.chars().filter(|c| !c.is_whitespace()).collect();
    let rectangle = value.strip_prefix("rect(").and_then(|rest| rest.strip_suffix(')'));
    let is_point = |side: &str| matches!(side.trim_end_matches("px"), "0" | "1");
    rectangle.is_some_and(|sides| sides.split(',').all(is_point))
        || value.strip_prefix("inset(").is_some_and(|rest| rest.starts_with("50%") || rest.starts_with("100%"))
}

/// What stands behind the text; nothing where the declaration lets through what is behind it.
fn background(value: &str) -> Option<Paint> {
    match value {
        "" | "transparent" | "inherit" | "none" | "initial" | "unset" | "0" | "0 0" => None,
        _ if value.contains("url(") || value.contains("gradient(") => Some(Paint::Unknown),
        _ => Some(value.split_ascii_whitespace().find_map(paint).unwrap_or(Paint::Unknown)),
    }
}

/// Reads a colour in the forms in which pages write them; `None` where the word is none.
pub(super) fn paint(value: &str) -> Option<Paint> {
    let value: String = value.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
    let digits = value.strip_prefix('#').unwrap_or(&value);
    let rgb = match value.as_str() {
        "white" => Some(0xff_ffff),
        "black" => Some(0),
        "inherit" | "currentcolor" | "initial" | "unset" | "" => return None,
        _ if value.starts_with("rgb") => from_numbers(&value),
        _ if digits.len() == 3 => u32::from_str_radix(digits, 16).ok().map(doubled),
        _ if digits.len() == 6 => u32::from_str_radix(digits, 16).ok(),
        _ => None,
    };
    Some(rgb.map_or(Paint::Unknown, Paint::Solid))
}

/// `#fa0` is `#ffaa00`.
fn doubled(rgb: u32) -> u32 {
    let digit = |at: u32| (rgb >> at & 15) * 17;
    digit(8) << 16 | digit(4) << 8 | digit(0)
}

fn from_numbers(value: &str) -> Option<u32> {
    let inside = value.split_once('(')?.1.trim_end_matches(')');
    let parts: Vec<u32> = inside.split(',').take(3).filter_map(|part| part.parse().ok()).collect();
    let [red, green, blue] = parts.as_slice() else { return None };
    Some(red.min(&255) << 16 | green.min(&255) << 8 | blue.min(&255))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(declarations: &str, hidden: bool) {
        assert_eq!(Look::of(declarations).0.is_hidden(), hidden, "{declarations}");
    }

    #[test]
    fn declarations_that_hide() {
        for declarations in [
            "display:none",
            "color:red;DISPLAY : None",
            "visibility:hidden",
            "visibility:collapse",
            "font-size:0",
            "font-size:0.0em",
            "opacity:0",
            "text-indent:-9999px",
            "margin-left:-999em",
            "position:absolute;left:-10000px",
            "position:absolute;clip:rect(1px, 1px, 1px, 1px)",
            "clip-path:inset(50%)",
            "height:0;overflow:hidden",
            "max-height:0px;overflow-y:hidden",
        ] {
            check(declarations, true);
        }
    }

    #[test]
    fn declarations_that_do_not() {
        for declarations in [
            "display:block",
            "font-size:0.9em",
            "opacity:0.5",
            "text-indent:-20px",
            "left:-9999px",
            "margin-left:-15px",
            "height:0",
            "overflow:hidden",
            "clip:auto",
            "clip:rect(0,100px,20px,0)",
            "width:100%;overflow:hidden",
            "",
            "display",
            ";;:;",
        ] {
            check(declarations, false);
        }
    }

    #[test]
    fn colours() {
        for (source, expected) in [
            ("#FFF", Some(Paint::Solid(0xff_ffff))),
            ("#fa0", Some(Paint::Solid(0xff_aa00))),
            ("rgb(255, 255,255)", Some(Paint::Solid(0xff_ffff))),
            ("ffffff", Some(Paint::Solid(0xff_ffff))),
            ("navy", Some(Paint::Unknown)),
            ("var(--x)", Some(Paint::Unknown)),
            ("inherit", None),
        ] {
            assert_eq!(paint(source), expected, "{source}");
        }
        assert!(is_white(Paint::Solid(0xfd_fdfd)) && !is_white(Paint::Solid(0xff_ff00)) && !is_white(Paint::Unknown));
        assert_eq!(Look::of("background:#036 url(x.png)").0.paper, Some(Paint::Unknown));
        assert_eq!(Look::of("background:no-repeat #036").0.paper, Some(Paint::Unknown));
    }
}
