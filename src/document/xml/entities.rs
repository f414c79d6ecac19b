//! Entities: the names that HTML knows are spelled out, and how much the declared ones would grow is known beforehand.

use std::collections::HashMap;

/// Levels of entities within entities that the parser follows.
const DEEPEST: usize = 12;

/// Bytes that the entities declared in the file take where they are used; an upper bound.
pub(super) fn expanded_length(text: &str) -> usize {
    let declared = declarations(text);
    if declared.is_empty() {
        return 0;
    }
    let mut lengths: HashMap<&str, usize> = declared.iter().map(|(name, value)| (*name, value.len())).collect();
    for _ in 0..DEEPEST {
        lengths =
            declared.iter().map(|(name, value)| (*name, value.len().saturating_add(used(value, &lengths)))).collect();
    }
    used(text, &lengths)
}

fn used(text: &str, lengths: &HashMap<&str, usize>) -> usize {
    let names = text.split('&').skip(1).filter_map(|part| part.split_once(';').map(|(name, _)| name));
    names.filter_map(|name| lengths.get(name)).fold(0, |sum, length| sum.saturating_add(*length))
}

/// Name and value of each `<!ENTITY name "value">`.
fn declarations(text: &str) -> HashMap<&str, &str> {
    let parts = text.split("<!ENTITY").skip(1).take(10_000);
    parts
        .filter_map(|part| {
            let (name, rest) = part.trim_start().split_once(char::is_whitespace)?;
            let rest = rest.trim_start();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
            let (value, _) = rest.get(1..)?.split_once(quote)?;
            Some((name, value))
        })
        .collect()
}

/// The text with the named entities of HTML spelled out; files lean on them without the DTD that defines them.
pub(super) fn spelled_out(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut known = HashMap::new();
    let mut parts = text.split('&');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let name = part.split_once(';').map(|(name, _)| name).filter(|name| name.len() <= 32 && is_name(name));
        let value = name.and_then(|name| known.entry(name).or_insert_with(|| html_entity(name)).as_deref());
        match (value, name) {
            (Some(value), Some(name)) => {
                out.push_str(value);
                out.push_str(part.get(name.len() + 1..).unwrap_or_default());
            }
            _ => {
                out.push('&');
                out.push_str(part);
            }
        }
    }
    out
}

fn is_name(name: &str) -> bool {
    !matches!(name, "amp" | "lt" | "gt" | "quot" | "apos")
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}

/// What HTML understands by a named entity.
fn html_entity(name: &str) -> Option<String> {
    let source = format!("&{name};");
    let text: String = scraper::Html::parse_fragment(&source).root_element().text().collect();
    (text != source && !text.contains(['&', '<', '>'])).then_some(text)
}
