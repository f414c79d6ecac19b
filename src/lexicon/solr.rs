//! Reads Solr's synonym form: `a, b => c` (a and b stand for c) and `a, b, c` (each stands for the others).

use std::io::BufRead;

use super::import::{Error, Line, Lines, MOST_NAMES, Sink, name};
use super::row::Fact;

pub(super) fn read(lines: &mut Lines<'_, impl BufRead>, sink: &mut Sink<'_>) -> Result<(), Error> {
    while let Some(Line { number, text }) = lines.next()? {
        let facts = match text {
            Ok(text) => facts(text.trim_start_matches('\u{feff}').trim()),
            Err(reason) => Err(reason),
        };
        match facts {
            Ok(facts) => {
                for fact in facts {
                    sink.fact(number, fact)?;
                }
            }
            Err(reason) => sink.fault(number, reason),
        }
    }
    Ok(())
}

/// What one line says.
fn facts(line: &str) -> Result<Vec<Fact>, String> {
    if line.is_empty() || line.starts_with('#') {
        return Ok(Vec::new());
    }
    let sides = sides(line)?;
    match sides.as_slice() {
        [names] if names.len() < 2 => Err("one name alone stands for nothing: `a, b` or `a => b`".to_owned()),
        [names] => Ok(vec![Fact::Same { names: names.clone() }]),
        [from, to] => {
            let one = |name: &str| {
                // A name that stands for itself as well, as Solr has it, needs no saying here.
                let to: Vec<Box<str>> = to.iter().filter(|to| ***to != *name).cloned().collect();
                (!to.is_empty()).then(|| Fact::OneWay { from: name.into(), to })
            };
            Ok(from.iter().filter_map(|from| one(from)).collect())
        }
        _ => Err("more than one `=>`".to_owned()),
    }
}

/// The names on each side of `=>`; a backslash takes the next character as it is.
fn sides(line: &str) -> Result<Vec<Vec<Box<str>>>, String> {
    let mut sides = vec![Vec::new()];
    let mut open = String::new();
    let mut chars = line.chars().peekable();
    loop {
        let c = chars.next();
        let ends = match c {
            None | Some(',') => true,
            Some('=') if chars.peek() == Some(&'>') => true,
            _ => false,
        };
        if !ends {
            match c {
                Some('\\') => open.extend(chars.next()),
                other => open.extend(other),
            }
            continue;
        }
        let side = sides.last_mut().ok_or("no name")?;
        side.push(name(&std::mem::take(&mut open))?);
        if side.len() > MOST_NAMES {
            return Err(format!("more than {MOST_NAMES} names"));
        }
        match c {
            None => return Ok(sides),
            Some('=') => {
                chars.next();
                sides.push(Vec::new());
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: &str) {
        let told = match facts(line) {
            Err(reason) => reason,
            Ok(facts) => facts
                .iter()
                .map(|fact| match fact {
                    Fact::Same { names } => names.join(" = "),
                    Fact::OneWay { from, to } => format!("{from} > {}", to.join(" | ")),
                    _ => "another fact".to_owned(),
                })
                .collect::<Vec<_>>()
                .join("; "),
        };
        assert_eq!(told, expected, "{line:?}");
    }

    #[test]
    fn a_line_is_read_as_solr_reads_it() {
        check("ipod, i-pod,i pod", "ipod = i-pod = i pod");
        check("sea biscuit, sea biscit => seabiscuit", "sea biscuit > seabiscuit; sea biscit > seabiscuit");
        check("a => a, b", "a > b");
        check("a\\,b, c\\=>d", "a,b = c=>d");
        check("# a, b", "");
        check("", "");
    }

    #[test]
    fn a_bad_line_is_told() {
        check("alone", "one name alone stands for nothing: `a, b` or `a => b`");
        check("a, , b", "a name is empty");
        check("a =>", "a name is empty");
        check("a => b => c", "more than one `=>`");
        check("a, ...", "a name has no letter or digit: \"...\"");
        check(&"a,".repeat(100), "more than 64 names");
        check(&format!("a, {}", "x".repeat(300)), "a name is longer than 12 words or 200 bytes");
    }
}
