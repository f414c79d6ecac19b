//! Collects the running text of one block of markup: superscripts, reference marks, line breaks, what of it is bold.
//!
//! A superscript either belongs to the number or unit before it (10⁹, m², Ca²⁺) or is a mark that points to a
//! reference or footnote. The first must never fall back onto the line ("10⁹" is not "109"), the second must not glue
//! itself to a dose. Where the markup does not say which it is, the character before decides.

/// What is left where a reference mark was taken out, until the block is complete; no text holds it.
const REMOVED: char = '\u{1}';

/// How a stretch of text is set.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Style {
    /// Bold.
    pub(super) strong: bool,
    /// Part of a link.
    pub(super) link: bool,
    /// Part of a link to a place on the same page.
    pub(super) in_page: bool,
    /// Size of its letters from 1 to 7, as `<font>` counts; 0 where nothing is said.
    pub(super) size: u8,
}

/// What of a block is link text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Links {
    /// Nothing, or a part.
    #[default]
    Part,
    /// Everything.
    All,
    /// Everything, and all links lead to places on the same page.
    InPage,
}

/// The text of one block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Run {
    /// The text; line breaks of the markup are `\n`, its own white space is not yet brought to one form.
    pub(super) text: String,
    /// Whether all of it is bold.
    pub(super) strong: bool,
    /// What of it is link text.
    pub(super) links: Links,
    /// Size of its smallest letters, as in [`Style`].
    pub(super) size: u8,
}

/// Collects a [`Run`].
#[derive(Debug, Default)]
pub(super) struct Inline {
    text: String,
    /// Letters and digits, and how many of them are bold, linked, linked on the page.
    letters: [usize; 4],
    size: Option<u8>,
    removed: bool,
    /// Whether what comes next is set apart from what stands here.
    apart: bool,
}

impl Inline {
    /// Adds running text.
    pub(super) fn push(&mut self, text: &str, style: Style) {
        if std::mem::take(&mut self.apart) {
            let glues = |c: char| c.is_alphanumeric() || matches!(c, '.' | ':' | ')' | ']' | '%');
            if self.text.ends_with(glues) && text.starts_with(char::is_alphanumeric) {
                self.text.push(' ');
            }
        }
        for c in text.chars() {
            // White space that is not a break of the markup must not look like one.
            self.text.push(if matches!(c, '\n' | '\r' | REMOVED) { ' ' } else { c });
            if c.is_alphanumeric() {
                self.size = Some(self.size.map_or(style.size, |size| size.min(style.size)));
                let flags = [true, style.strong, style.link, style.in_page];
                for (count, flag) in self.letters.iter_mut().zip(flags) {
                    *count += usize::from(flag);
                }
            }
        }
    }

    /// Adds a line break; `true` where it follows another and so parts two paragraphs.
    pub(super) fn line_break(&mut self) -> bool {
        let doubled = self.text.trim_end_matches([' ', '\t', '\u{a0}']).ends_with('\n');
        self.text.push('\n');
        doubled
    }

    /// Keeps words of neighbouring elements apart, after a semicolon where `item` says that a list item ended.
    pub(super) fn part(&mut self, item: bool) {
        let end = self.text.trim_end().chars().next_back();
        if item && end.is_some_and(|c| c.is_alphanumeric() || matches!(c, ')' | ']' | '%' | '"' | '”')) {
            self.text.truncate(self.text.trim_end().len());
            self.text.push(';');
        }
        if end.is_some() {
            self.text.push(' ');
        }
    }

    /// What comes next begins a word of its own, though no white space says so.
    pub(super) fn keep_apart(&mut self) {
        self.apart = true;
    }

    /// Takes out a reference mark.
    pub(super) fn mark(&mut self) {
        self.text.push(REMOVED);
        self.removed = true;
    }

    /// Adds what stands raised; `linked` where it is or holds a link.
    pub(super) fn superscript(&mut self, raw: &str, linked: bool, style: Style) {
        match raised(&self.text, raw, linked) {
            Some(text) => self.push(&text, style),
            None => self.mark(),
        }
        if raw.ends_with(char::is_whitespace) {
            self.text.push(' ');
        }
    }

    /// Adds what stands lowered.
    pub(super) fn subscript(&mut self, raw: &str, style: Style) {
        if self.text.ends_with(|c: char| c.is_ascii_digit()) {
            let text: String = raw.trim().chars().map(lowered).collect();
            self.push(&text, style);
        } else {
            self.push(raw, style);
        }
    }

    /// Whether the last thing collected is a digit.
    pub(super) fn ends_in_digit(&self) -> bool {
        self.text.ends_with(|c: char| c.is_ascii_digit())
    }

    /// Whether nothing readable was collected.
    pub(super) fn is_blank(&self) -> bool {
        self.text.chars().all(|c| c.is_whitespace() || c == REMOVED)
    }

    /// Hands over what was collected and starts anew.
    pub(super) fn take(&mut self) -> Run {
        let Inline { text, letters: [all, strong, links, in_page], size, removed, .. } = std::mem::take(self);
        let text = if removed { close_gaps(&text) } else { text };
        let links = match all {
            0 => Links::Part,
            _ if in_page == all => Links::InPage,
            _ if links == all => Links::All,
            _ => Links::Part,
        };
        Run { text, strong: all > 0 && strong == all, links, size: size.unwrap_or_default() }
    }
}

/// The text that a superscript adds, or `None` where it is a mark.
fn raised(before: &str, raw: &str, linked: bool) -> Option<String> {
    let text = raw.trim();
    let last = before.chars().next_back().filter(|c| *c != REMOVED);
    if text.is_empty() {
        return Some(raw.to_owned());
    }
    if matches!(text, "st" | "nd" | "rd" | "th" | "TM" | "SM" | "®" | "™" | "©" | "o" | "°" | "º") {
        return Some(text.to_owned());
    }
    if linked && text.chars().count() <= 24 {
        return None;
    }
    if text.chars().all(|c| matches!(c, '*' | '†' | '‡' | '§' | '¶' | '#' | '‖' | ',' | ' ')) {
        // At the start of a note the mark names the note, and it can hurt nobody there.
        return last.is_none().then(|| text.to_owned());
    }
    if text.chars().all(is_exponent) {
        return exponent(before, last, text);
    }
    let signs = ['*', '†', '‡', '§', '¶', '#'];
    if text.len() == 1 || text.split([',', ' ']).all(|part| part.trim_matches(signs).len() <= 1) {
        return lone_letter(last, text);
    }
    if last.is_some_and(|c| c.is_ascii_digit()) && text.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(text.chars().map(superscript).collect());
    }
    Some(text.to_owned())
}

fn exponent(before: &str, last: Option<char>, text: &str) -> Option<String> {
    let several = text.contains(',') || text.trim_start_matches(['-', '−', '–']).contains(['-', '–']);
    let belongs = match last {
        None | Some(' ' | '\n' | '(' | '/' | '\u{a0}') => !several,
        Some(c) if c.is_ascii_digit() => !text.contains(','),
        Some(c) if c.is_alphabetic() => !several && takes_exponent(before, text),
        Some('χ') => true,
        Some(_) => false,
    };
    belongs.then(|| text.chars().map(superscript).collect())
}

/// Whether the word at the end is a unit, an ion or a one-letter quantity rather than a word with a mark.
fn takes_exponent(before: &str, text: &str) -> bool {
    if text.contains(['+', '-', '−', '–']) {
        return true;
    }
    let start = before.trim_end_matches(char::is_alphabetic).len();
    let (ahead, word) = before.split_at_checked(start).unwrap_or_default();
    // A unit of temperature is raised to no power.
    !ahead.ends_with('°')
        && (matches!(
            word,
            "m" | "cm" | "mm" | "km" | "dm" | "µm" | "μm" | "nm" | "s" | "sec" | "min" | "in" | "ft" | "yd" | "kg"
        ) || word.chars().count() == 1
            && word.chars().all(|c| c.is_uppercase() || matches!(c, 'r' | 'χ' | 't' | 'x')))
}

fn lone_letter(last: Option<char>, text: &str) -> Option<String> {
    match last {
        None | Some(' ' | '\n') => Some(text.to_owned()),
        Some(c) if c.is_ascii_digit() && matches!(text, "n" | "x") => Some(format!("^{text}")),
        Some(_) => None,
    }
}

fn is_exponent(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '+' | '-' | '−' | '–' | ',' | '.' | ' ' | '⁻')
}

fn superscript(c: char) -> char {
    match c {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        '+' => '⁺',
        '-' | '−' | '–' => '⁻',
        other => other,
    }
}

fn lowered(c: char) -> char {
    match c.to_digit(10).and_then(|digit| char::from_u32(0x2080 + digit)) {
        Some(low) => low,
        None => c,
    }
}

/// Removes the places of reference marks, with the brackets and commas that held nothing else.
fn close_gaps(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let end = match c {
            '(' | '[' => bracketed_gap(&chars, at),
            REMOVED => Some(gap(&chars, at)),
            _ => None,
        };
        match end {
            Some(end) => {
                let follows = chars.get(end).copied();
                if follows.is_none_or(|c| c.is_whitespace() || matches!(c, '.' | ',' | ';' | ':' | ')' | ']')) {
                    out.truncate(out.trim_end_matches([' ', '\u{a0}']).len());
                }
                at = end;
            }
            None => {
                out.push(c);
                at += 1;
            }
        }
    }
    out
}

/// End of a bracket that holds marks and nothing but.
fn bracketed_gap(chars: &[char], open: usize) -> Option<usize> {
    let mut marks = 0;
    for (offset, c) in chars.get(open + 1..)?.iter().take(120).enumerate() {
        match c {
            ')' | ']' if marks > 0 => return Some(open + offset + 2),
            &REMOVED => marks += 1,
            ',' | ';' | '-' | '–' | '\u{2010}' | '\u{2011}' | ' ' | '\n' | '\u{a0}' => {}
            _ => return None,
        }
    }
    None
}

/// End of a run of marks parted by commas and dashes.
fn gap(chars: &[char], start: usize) -> usize {
    let mut end = start + 1;
    let mut at = end;
    while let Some(c) = chars.get(at) {
        match c {
            &REMOVED => {
                at += 1;
                end = at;
            }
            ',' | '-' | '–' | ' ' if at - end < 3 => at += 1,
            _ => break,
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, raised: &str, linked: bool, expected: &str) {
        let mut inline = Inline::default();
        inline.push(before, Style::default());
        inline.superscript(raised, linked, Style::default());
        inline.push(" x", Style::default());
        assert_eq!(inline.take().text, format!("{expected} x"), "{before}^{raised}");
    }

    #[test]
    fn exponents_stay_raised() {
        check("5 × 10", "9", false, "5 × 10⁹");
        check("10", "-3", false, "10⁻³");
        check("kg/m", "2", false, "kg/m²");
        check("Ca", "2+", false, "Ca²⁺");
        check("", "131", false, "¹³¹");
        check("90", "3", false, "90³");
        check("R", "2", false, "R²");
    }

    #[test]
    fn marks_go() {
        check("adults", "3", false, "adults");
        check("adults.", "3,4", false, "adults.");
        check("adults", "12–15", false, "adults");
        check("10", "2", true, "10");
        check("250 mg", "a", false, "250 mg");
        check("12.5", "†", false, "12.5");
        check("37 °C", "4", false, "37 °C");
        check("BASFI", "c*", false, "BASFI");
        check("7", "a,b†", false, "7");
    }

    #[test]
    fn other_superscripts_are_text() {
        check("the 4", "th", false, "the 4th");
        check("Bicillin", "®", false, "Bicillin®");
        check("", "†", false, "†");
        check("", "a", false, "a");
    }

    #[test]
    fn a_space_within_the_mark_still_parts_words() {
        check("pressure", "¶ ", false, "pressure ");
        check("", "¶ ", false, "¶ ");
    }

    #[test]
    fn brackets_go_with_their_marks() {
        let mut inline = Inline::default();
        let plain = Style::default();
        inline.push("in Africa [", plain);
        inline.mark();
        inline.push(",", plain);
        inline.mark();
        inline.push("-", plain);
        inline.mark();
        inline.push("]. Next (see ", plain);
        inline.mark();
        inline.push(") and", plain);
        inline.mark();
        inline.push(", ", plain);
        inline.mark();
        inline.push(" more", plain);
        assert_eq!(inline.take().text, "in Africa. Next (see) and more");
    }

    #[test]
    fn subscripts_do_not_join_digits() {
        let mut inline = Inline::default();
        inline.push("SpO", Style::default());
        inline.subscript("2", Style::default());
        inline.push(" 10", Style::default());
        inline.subscript("2", Style::default());
        assert_eq!(inline.take().text, "SpO2 10₂");
    }
}
