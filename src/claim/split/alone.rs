//! The form in which a statement can stand alone: with its list's introduction, its heading, its table's heads, and the
//! name that a pronoun stands for.
//!
//! Only words of the response are joined, in their order, with colons; nothing is rephrased. What is a sentence already
//! stays as it is, unless what stands over it turns its meaning round ("Please don't:", "Common myths").

use std::sync::LazyLock;

use regex::Regex;

use super::clause::{self, Shape};
use super::lines;
use super::markdown::{Block, Kind, Run};
use super::sentence;
use super::worth::folded;
use crate::language::pattern;

/// Introductions within introductions that are looked at.
const DEPTH: usize = 6;
/// Longest context that is joined, in bytes.
const LONGEST: usize = 400;

/// Introductions that say nothing of their items.
static IDLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:here(?:'s| is| are)|below|the following|follow these|these (?:make|are|can|steps|include)|this includes|as follows|some (?:key |general |practical )?(?:tips|points|things)|a few|(?:key|main|important|other|practical|general|quick|additional) (?:points?|facts?|takeaways?|considerations?|notes?|things|tips|messages?)|in (?:short|summary|brief)|to summari[sz]e|summary|overview|introduction|conclusion|bottom line|the bottom line|note|notes|remember|important|background|details|more|other|general|answer|short answer|quick answer|steps?|what (?:to|you should) know|what (?:this|that|it) means|for your|let's|i |what was|some |keep in mind|tips|takeaways?|final thoughts|next steps|recommendations?|advice)\b",
    )
});
/// What turns the meaning of what stands under it round.
static TURNING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:not|don't|doesn't|never|avoid\w*|without|unless|except\w*|myths?|false|untrue|wrong|incorrect|misconceptions?|mistakes?|no longer|stop|contraindicat\w+|against|outdated|if|only|instead|harmful|unsafe|mistaken\w*|people (?:think|believe|say))\b",
    )
});
/// Headings under which sentences are told that are not held to be true.
static DENIED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b(?:myths?|false|untrue|misconceptions?|outdated|incorrect|wrong)\b"));
/// Headings that name a side of a thing; the thing stands over them.
static ASPECT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(?:common|serious|usual|typical|starting|maximum|adult|child|children|how|when|who|possible|rare|important|main|key|possible|drug) )*(?:dos(?:e|es|age|ing)|side effects?|adverse effects?|risks?|benefits?|uses?|indications?|contraindications?|interactions?|warnings?|precautions?|mechanism|effects?|onset|duration|monitoring|treatment|symptoms?|causes?|diagnosis|prevention|schedule|frequency|timing|who|when|how|what|why|adults?|child(?:ren)?|pregnancy|medicines?|medications?|lifestyle|diet|signs?|action|maintenance|reliever|initial|follow-up|screening|tests?)\b",
    )
});
static PRONOUN: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^(?:it|they|this|these|its|their)\b"));

/// The words of a range without marks of citation, with single spaces.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let mark = if matches!(c, '[' | '【') { sentence::citation(rest) } else { None };
        if let Some(length) = mark {
            let end = rest.char_indices().nth(length).map_or(rest.len(), |(at, _)| at);
            rest = rest.get(end..).unwrap_or_default();
            continue;
        }
        let unseen = c.is_control() && !c.is_whitespace()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if c.is_whitespace() {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !unseen {
            // A mark that was left out leaves its space before the full stop.
            if matches!(c, '.' | ',' | ';')
                && out.ends_with(' ')
                && !rest.get(1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
            {
                out.pop();
            }
            out.push(c);
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    out.trim().to_owned()
}

/// What stands over a block, the outermost first.
#[derive(Clone, Debug, Default)]
pub(super) struct Over {
    /// Headings that name what is spoken of: at most two.
    headings: Vec<String>,
    /// Introductions, without their colons.
    leads: Vec<String>,
    /// Whether the block is a list item.
    item: bool,
}

impl Over {
    /// What stands over a block.
    pub(super) fn of(blocks: &[Block], at: usize) -> Over {
        let Some(block) = blocks.get(at) else { return Over::default() };
        let mut leads = Vec::new();
        let mut lead = block.lead;
        let mut heading = block.heading;
        for _ in 0..DEPTH {
            let Some(over) = lead.and_then(|lead| blocks.get(lead)) else { break };
            if matches!(over.kind, Kind::Heading(_)) {
                break;
            }
            if over.kind != Kind::TableHead {
                let said = bare(last_of(over.text()));
                if introduces(over, &said) {
                    leads.push(said);
                }
            }
            heading = heading.or(over.heading);
            lead = over.lead;
        }
        leads.retain(|lead| !lead.is_empty() && (!IDLE.is_match(&folded(lead)) || TURNING.is_match(&folded(lead))));
        leads.reverse();
        Over { headings: headings(blocks, heading), leads, item: block.kind == Kind::Item }
    }

    /// Whether a fragment can be read with something that stands over it.
    pub(super) fn is_titled(&self) -> bool {
        !self.headings.is_empty() || !self.leads.is_empty()
    }

    /// A statement's words with what they need to stand alone; `label` is that of its paragraph, where it is not in the
    /// words.
    pub(super) fn with(&self, words: &str, label: Option<&str>, first: bool) -> String {
        let shape = clause::shape(after_label(words));
        let whole = shape == Shape::Sentence;
        let mut parts: Vec<&str> = Vec::new();
        let turned = self.leads.iter().any(|lead| TURNING.is_match(&folded(lead)));
        let denied = self.headings.iter().any(|heading| DENIED.is_match(&folded(heading)));
        let lead_says = self.leads.iter().any(|lead| clause::shape(lead) != Shape::Fragment || turned);
        // Under "What to avoid", a list names what is not to be done; a paragraph may as well say what to do instead.
        let instead = shape == Shape::Instruction && !self.item;
        let unclear = instead && self.headings.iter().any(|heading| TURNING.is_match(&folded(heading)));
        let pronoun = first && PRONOUN.is_match(words) && self.leads.is_empty();
        if denied || !whole && !lead_says && !unclear || pronoun && label.is_none() {
            parts.extend(self.headings.iter().map(String::as_str));
        }
        if !whole || turned {
            parts.extend(self.leads.iter().map(String::as_str));
        }
        if let Some(label) = label.filter(|_| !whole) {
            parts.push(label);
        }
        joined(&parts, words)
    }
}

/// Whether a block over a list introduces it: it ends in a colon, or in the middle of a sentence.
fn introduces(block: &Block, said: &str) -> bool {
    let text = block.text().trim_end();
    let open = lines::ends_open(text) || !text.ends_with(['.', '!', '?', '。']);
    let short = said.len() <= LONGEST;
    open && short && !(block.kind == Kind::Row)
}

/// The last sentence of a text.
fn last_of(text: &str) -> &str {
    sentence::sentences(text).pop().and_then(|range| text.get(range)).unwrap_or_default()
}

/// A heading or an introduction without its colon, its number and the signs before it.
fn bare(text: &str) -> String {
    let text = clean(text);
    let text = text.trim_end_matches([':', '：', ' ', '–', '—']);
    let text = text
        .trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '"' | '“' | '(' | '<' | '≥' | '≤' | '>'));
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = (1..=2).contains(&digits)
        && text.get(digits..).is_some_and(|rest| rest.starts_with(". ") || rest.starts_with(") "));
    if numbered { text.get(digits + 2..).unwrap_or_default().trim().to_owned() } else { text.trim().to_owned() }
}

/// The heading over a block, and the one over that where the first names only a side of the thing.
fn headings(blocks: &[Block], nearest: Option<usize>) -> Vec<String> {
    let Some(block) = nearest.and_then(|at| blocks.get(at)) else { return Vec::new() };
    let own = bare(block.text());
    let folded_own = folded(&own);
    let idle = IDLE.is_match(&folded_own) && !TURNING.is_match(&folded_own);
    let mut found = Vec::new();
    if idle || ASPECT.is_match(&folded_own) {
        let Kind::Heading(level) = block.kind else { return found };
        // The heading before it of a higher rank.
        let over = nearest.and_then(|at| {
            blocks
                .get(..at)?
                .iter()
                .rev()
                .take(400)
                .find(|over| matches!(over.kind, Kind::Heading(over) if over < level))
        });
        found.extend(over.map(|over| bare(over.text())).filter(|over| !IDLE.is_match(&folded(over))));
    }
    if !idle {
        found.push(own);
    }
    found.retain(|heading| !heading.is_empty() && heading.len() <= LONGEST);
    found
}

/// A table row with its heads: "Weight: 8 kg; Dose: 120 mg".
pub(super) fn row(heads: Option<&Block>, cells: &[Run], over: &Over) -> String {
    let names: Vec<String> =
        heads.map(|heads| heads.runs.iter().map(|run| bare(run.text())).collect()).unwrap_or_default();
    let mut said = Vec::new();
    for (at, cell) in cells.iter().enumerate() {
        let cell = clean(cell.text());
        if cell.is_empty() {
            continue;
        }
        match names.get(at).filter(|name| !name.is_empty()) {
            Some(name) => said.push(format!("{name}: {cell}")),
            None => said.push(cell),
        }
    }
    let title: Vec<&str> = over.headings.iter().map(String::as_str).collect();
    joined(&title, &said.join("; "))
}

/// The label at the beginning of a paragraph, without its colon.
pub(super) fn label(run: &Run) -> Option<String> {
    let text = run.text();
    let label = lines::label(text).map(bare).or_else(|| {
        let bold = run
            .flat
            .elements_in(&run.words)
            .next()
            .filter(|bold| bold.strong && bold.words.start <= run.words.start + 4)?;
        let name = run.flat.slice(&bold.words);
        let after = run.flat.slice(&(bold.words.end..run.words.end)).trim_start();
        let parted = name.trim_end().ends_with([':', '.']) || after.starts_with([':', '–', '—', '-']);
        let short = name.split_whitespace().count() <= 6 && clause::shape(name) == Shape::Fragment;
        (parted && short).then(|| bare(name.trim_end_matches('.')))
    })?;
    (!IDLE.is_match(&folded(&label))).then_some(label)
}

fn after_label(words: &str) -> &str {
    lines::label(words).and_then(|label| words.get(label.len()..)).unwrap_or(words)
}

/// Parts and words with colons between them; nothing is said twice.
fn joined(parts: &[&str], words: &str) -> String {
    let mut out = String::new();
    let mut seen: Vec<String> = Vec::new();
    for part in parts {
        let lower = part.to_lowercase();
        if seen.contains(&lower) || words.to_lowercase().starts_with(&format!("{lower}:")) {
            continue;
        }
        seen.push(lower);
        out.push_str(part);
        out.push_str(if part.ends_with(['?', '!', '.']) { " " } else { ": " });
    }
    out.push_str(words);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_spaces_are_cleaned() {
        assert_eq!(clean("It is\r\n  safe [1, 2]. \u{200b}Use\u{a0}5\u{0} mg"), "It is safe. Use 5 mg");
        assert_eq!(clean("Give .5 mg"), "Give .5 mg");
        assert_eq!(clean("in [2019 guidelines] it"), "in [2019 guidelines] it");
    }
}
