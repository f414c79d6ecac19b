//! Signs that a converted page left in its Markdown and that Markdown itself does not read: emphasis next to a letter, and
//! raised characters between carets.

use super::inline::Run;

/// Removes signs of emphasis that Markdown does not take for such.
///
/// Converted pages lose what raised the "1" in `__FIGURE 1. Doses__1` or the tag in `_µ_g/mL`; next to a letter or
/// digit the underscores are then text, and a unit is no longer one.
pub(super) fn without_signs(run: Run) -> Run {
    if !run.text.contains('_') {
        return run;
    }
    let text = run.text.trim();
    let strong = text.starts_with("__") && text.rfind("__").is_some_and(|at| at > 2 && text.len() - at <= 6);
    let chars: Vec<char> = text.replace("__", "").chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut closing = None;
    for (at, &c) in chars.iter().enumerate() {
        if c == '_' && closing.is_none() {
            closing = closing_sign(&chars, at);
            if closing.is_some() {
                continue;
            }
        } else if closing == Some(at) {
            closing = None;
            continue;
        }
        out.push(c);
    }
    Run { text: out, strong: run.strong || strong, ..run }
}

/// Where emphasis that begins at an underscore ends, if it does: one side must stand free, as in `_µ_g` and `1_Office_`.
fn closing_sign(chars: &[char], open: usize) -> Option<usize> {
    let before = open.checked_sub(1).and_then(|at| chars.get(at));
    let free = before.is_none_or(|c| !c.is_alphanumeric());
    chars.get(open + 1).filter(|c| !c.is_whitespace())?;
    let end = chars.iter().skip(open + 1).take(300).position(|c| *c == '_')? + open + 1;
    let after = chars.get(end + 1);
    let glued = after.is_some_and(|c| c.is_alphanumeric());
    let numbered = before.is_some_and(char::is_ascii_digit) && after.is_none();
    (free && glued && end - open <= 60 || numbered).then_some(end)
}

/// Text before, within and after the first short number or sign between two carets.
pub(super) fn split_raised(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('^')?;
    let (raised, after) = rest.split_once('^')?;
    let short = !raised.is_empty() && raised.len() <= 8 && !raised.contains(' ');
    short.then_some((before, raised, after))
}
