//! Sentence ends in a response, with the full stops of medical text that end none.
//!
//! Passages are cut by [`crate::language::sentences`], which knows guidelines; answers of models are another language:
//! "No. Aspirin is…", "500 mg b.i.d. Take it with food.", emoji for full stops, marks of citation after them. A full stop
//! that may end a sentence or an abbreviation ends it where the next word is one that sentences begin with.

use std::ops::Range;

use super::clause::{Words, listed};

/// Abbreviations that are never the last word of a sentence.
static INNER: Words = Words::new(|| {
    listed(
        "e.g i.e eg ie vs cf dr drs mr mrs ms prof approx ca st esp incl excl resp viz spp subsp var gen ref refs fig \
     figs eq vol chap sect aka a.k.a",
    )
});
/// Abbreviations only before a number: "No. 5", "p. 12"; else "No." is an answer.
const BEFORE_NUMBER: &[&str] = &["no", "nos", "p", "pp", "art", "ch", "ver"];
/// Abbreviations that may end a sentence.
static EITHER: Words =
    Words::new(|| listed("al etc inc ltd co jr sr dept wt ht temp ph.d pharm.d u.s.a bros corp assn ed eds"));
/// Units and times of doses: they end a sentence where a capital follows.
static UNITS: Words = Words::new(|| {
    listed(
        "max min avg hr hrs mins sec secs wk wks mo mos yr yrs oz lb lbs tab tabs cap caps tbsp tsp bid tid qid b.i.d t.i.d \
         q.i.d q.d q.o.d q.h.s p.r.n h.s o.d b.d p.o a.c p.c",
    )
});
/// Words with which a sentence begins after such an abbreviation.
static STARTERS: Words = Words::new(|| {
    listed(
        "the this these those that it its they their he she we i you your a an if when while for in on at after \
     before during with without do don't does take avoid use give start stop call see seek ask talk check consult \
     keep monitor never always not no yes only however but and or also so then there here most many some all any \
     each other another both adults children patients women men people infants anyone common because since \
     although as once until unless to from by what why how where who please swallow store drink eat wait repeat \
     apply increase reduce side serious typical usual maximum lower",
    )
});
/// Words after which a single capital is a name of its own: "hepatitis B.", "Grade A."
static LETTERED: Words = Words::new(|| {
    listed(
        "grade vitamin vitamins hepatitis type class group category level influenza table figure appendix step stage \
     part section factor protein strep plan option medicare and or child-pugh schedule",
    )
});
/// How far an open bracket holds a sentence together, in characters.
const BRACKET: usize = 300;
/// How far the words around a full stop are looked at, in characters.
const NEARBY: usize = 64;

/// Byte ranges of the sentences of a run of words, without the white space around them.
pub(super) fn sentences(text: &str) -> Vec<Range<usize>> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let mut scan = Scan { text, chars: &chars, found: Vec::new(), start: 0, depth: 0, opened: 0 };
    let mut at = 0;
    while at < chars.len() {
        at = scan.step(at);
    }
    scan.end(text.len());
    scan.found
}

struct Scan<'t> {
    text: &'t str,
    chars: &'t [(usize, char)],
    found: Vec<Range<usize>>,
    /// Byte at which the sentence at hand begins.
    start: usize,
    depth: usize,
    opened: usize,
}

impl Scan<'_> {
    /// Looks at one character; gives the place of the next to look at.
    fn step(&mut self, at: usize) -> usize {
        let Some(&(byte, c)) = self.chars.get(at) else { return at + 1 };
        if self.depth > 0 && at - self.opened > BRACKET {
            self.depth = 0;
        }
        match c {
            '(' => {
                self.depth += 1;
                self.opened = at;
            }
            ')' => self.depth = self.depth.saturating_sub(1),
            '.' | '!' | '?' | '…' | '؟' | '۔' | '।' => return self.stop(at, byte),
            '。' | '！' | '？' => self.end(byte + c.len_utf8()),
            c if is_emoji(c) && self.depth == 0 => return self.emoji(at),
            _ => {}
        }
        at + 1
    }

    /// A sign that may end a sentence.
    fn stop(&mut self, at: usize, byte: usize) -> usize {
        let mut next = at + 1;
        while matches!(self.char(next), Some('.' | '!' | '?' | '…')) {
            next += 1;
        }
        let single = next == at + 1 && self.char(at) == Some('.');
        let mut depth = self.depth;
        while let Some(c) = self.char(next).filter(|c| is_closer(*c)) {
            depth -= usize::from(c == ')' && depth > 0);
            next += 1;
        }
        next = self.after_marks(next);
        let free = self.char(next).is_none_or(char::is_whitespace);
        let rest = self.rest(next);
        let ends = depth == 0
            && (free && !(single && self.is_abbreviation(byte, rest)) && begins(rest, self.char(at) == Some('.'))
                || single && self.is_glued(byte, next));
        self.depth = depth;
        if ends {
            self.end(self.byte(next));
        }
        next
    }

    /// An emoji ends a sentence that has no other end, where the next begins.
    fn emoji(&mut self, at: usize) -> usize {
        let mut next = at + 1;
        while self.char(next).is_some_and(|c| is_emoji(c) || matches!(c, '\u{fe0f}' | '\u{200d}')) {
            next += 1;
        }
        let spoken =
            self.text.get(self.start..self.byte(at)).is_some_and(|text| text.split_whitespace().nth(1).is_some());
        let rest = self.rest(next);
        if spoken && rest.starts_with(char::is_whitespace) && rest.trim_start().starts_with(char::is_uppercase) {
            self.end(self.byte(next));
        }
        next
    }

    /// Ends the sentence at hand at this byte.
    fn end(&mut self, byte: usize) {
        let range = super::lines::trimmed(self.text, &(self.start..byte));
        if !range.is_empty() {
            self.found.push(range);
        }
        self.start = byte;
        self.depth = 0;
    }

    fn char(&self, at: usize) -> Option<char> {
        self.chars.get(at).map(|(_, c)| *c)
    }

    fn byte(&self, at: usize) -> usize {
        self.chars.get(at).map_or(self.text.len(), |(byte, _)| *byte)
    }

    fn rest(&self, at: usize) -> &str {
        self.text.get(self.byte(at)..).unwrap_or_default()
    }

    /// The last of the sentence's words before a byte: looking back is bounded, as a stranger's text may never end.
    fn before(&self, byte: usize) -> &str {
        let sentence = self.text.get(self.start..byte).unwrap_or_default();
        let from = sentence.char_indices().rev().nth(NEARBY).map_or(0, |(at, _)| at);
        sentence.get(from..).unwrap_or_default()
    }

    /// Passes over marks of citation: "[1]", "[2, 3]", "¹".
    fn after_marks(&self, mut at: usize) -> usize {
        loop {
            let space = usize::from(self.char(at) == Some(' ') && self.char(at + 1) == Some('['));
            if let Some(length) = citation(self.rest(at + space)) {
                at += space + length;
            } else if matches!(self.char(at), Some('¹' | '²' | '³' | '⁴'..='⁹')) {
                at += 1;
            } else {
                return at;
            }
        }
    }

    /// Whether the full stop at this byte belongs to an abbreviation, an initial or the number of a list item.
    fn is_abbreviation(&self, byte: usize, rest: &str) -> bool {
        let sentence = self.before(byte);
        let from = sentence.rfind(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '/' | '"' | '“' | '‘'));
        let token = from.map_or(sentence, |at| sentence.get(at..).unwrap_or_default());
        let token = token.trim_start_matches(|c: char| !c.is_alphanumeric());
        let before = sentence.get(..sentence.len() - token.len()).unwrap_or_default().trim_end();
        let lower = token.to_lowercase();
        let next = rest.trim_start();
        if token.len() <= 2 && token.bytes().all(|byte| byte.is_ascii_digit()) {
            return before.is_empty() || before.ends_with(':');
        }
        if INNER.contains(lower.as_str()) {
            return true;
        }
        if BEFORE_NUMBER.contains(&lower.as_str()) {
            return next.starts_with(|c: char| c.is_ascii_digit());
        }
        let dotted = lower.contains('.') && lower.split('.').all(|part| part.chars().count() == 1);
        if UNITS.contains(lower.as_str()) {
            return next.starts_with(|c: char| c.is_alphanumeric() && !c.is_uppercase());
        }
        if dotted || EITHER.contains(lower.as_str()) {
            return !starts_sentence(next);
        }
        let mut letters = token.chars();
        let initial = letters.next().is_some_and(char::is_uppercase) && letters.next().is_none();
        initial && is_name(before, next)
    }

    /// "lowers fever.It should": a full stop without its space.
    fn is_glued(&self, byte: usize, next: usize) -> bool {
        let token = |text: &str| text.chars().all(char::is_alphabetic) && text.chars().count() >= 2;
        let before = self.before(byte).rsplit(char::is_whitespace).next().unwrap_or_default();
        let rest = self.rest(next);
        let nearby = rest.char_indices().nth(NEARBY).map_or(rest, |(end, _)| rest.get(..end).unwrap_or_default());
        let after = nearby.split(char::is_whitespace).next().unwrap_or_default();
        let capital = after.chars().next().is_some_and(char::is_uppercase);
        let small = before.chars().next_back().is_some_and(char::is_lowercase);
        capital && small && before.chars().count() >= 3 && token(before) && token(after.trim_end_matches([',', '.']))
    }
}

/// Length in characters of a mark of citation at the beginning of a text.
pub(super) fn citation(text: &str) -> Option<usize> {
    let open = text.chars().next().filter(|c| matches!(c, '[' | '【'))?;
    let mut digits = 0;
    for (at, c) in text.chars().enumerate().skip(1).take(24) {
        match c {
            '0'..='9' => digits += 1,
            ',' | '-' | '–' | ' ' | '^' | '†' => {}
            ']' if open == '[' && digits > 0 => return Some(at + 1),
            '】' if open == '【' && digits > 0 => return Some(at + 1),
            _ => return None,
        }
    }
    None
}

fn is_closer(c: char) -> bool {
    matches!(c, '"' | '”' | '’' | '\'' | '»' | ')' | ']' | '*' | '_')
}

/// Emoji and other pictures, which are no words and no marks of amount.
pub(super) fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{231a}'..='\u{231b}' | '\u{23e9}'..='\u{23fa}' | '\u{2b50}' | '\u{2b55}')
}

/// Whether what follows can begin a sentence: a small letter does not after a full stop, unless it is "mRNA" or "pH".
fn begins(rest: &str, full_stop: bool) -> bool {
    let mut word = rest.chars().skip_while(|c| c.is_whitespace()).take(NEARBY).take_while(|c| !c.is_whitespace());
    let Some(first) = word.find(|c| c.is_alphanumeric()) else { return true };
    !first.is_lowercase() || full_stop && word.take(3).any(char::is_uppercase)
}

fn starts_sentence(next: &str) -> bool {
    let Some(first) = next.chars().next() else { return true };
    let word: String = next.chars().take_while(|c| c.is_alphabetic() || matches!(c, '\'' | '’')).take(16).collect();
    let word = word.to_lowercase().replace('’', "'");
    !first.is_alphanumeric() && first != '(' || first.is_uppercase() && STARTERS.contains(word.as_str())
}

/// Whether a single capital is somebody's initial.
fn is_name(before: &str, next: &str) -> bool {
    let last = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let named = last.chars().next().is_some_and(char::is_uppercase) && !LETTERED.contains(last.to_lowercase().as_str());
    let capital = next.chars().next().is_some_and(char::is_uppercase);
    capital && !starts_sentence(next) && (named || before.is_empty() || before.ends_with(['.', ',', ';']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = sentences(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn full_stops_that_end_no_sentence() {
        for whole in [
            "Use an NSAID, e.g. Ibuprofen, vs. Placebo.",
            "Seen by Dr. House in the U.S. Army.",
            "Give 0.5 mg/kg q.d. for 5 days.",
            "It takes approx. 30 minutes.",
            "Take .5 mg (see Table 1. It is long) now.",
            "Give St. John's wort to nobody.",
            "Infection with S. aureus is common.",
            "See item No. 5 on p. 12.",
            "Give 10 mg b.i.d. 7 days long.",
        ] {
            check(whole, &[whole]);
        }
        check("1. First, rest. 2. Then drink.", &["1. First, rest.", "2. Then drink."]);
    }

    #[test]
    fn full_stops_that_do() {
        check("No. Aspirin is unsafe.", &["No.", "Aspirin is unsafe."]);
        check("Take 500 mg b.i.d. Take it with food.", &["Take 500 mg b.i.d.", "Take it with food."]);
        check("Wait for 6 mo. OK then.", &["Wait for 6 mo.", "OK then."]);
        check("Wake at 8 a.m. Then rest.", &["Wake at 8 a.m.", "Then rest."]);
        check("Vaccinate against hepatitis B. Children too.", &["Vaccinate against hepatitis B.", "Children too."]);
        check("Take vitamin C. Adults need 90 mg.", &["Take vitamin C.", "Adults need 90 mg."]);
        check("The dose is 5 mg. mRNA vaccines differ.", &["The dose is 5 mg.", "mRNA vaccines differ."]);
        check("It lowers fever.It hurts.", &["It lowers fever.", "It hurts."]);
        check("Is it? Yes! Sure…", &["Is it?", "Yes!", "Sure…"]);
        check("(Take it.) Then rest.", &["(Take it.)", "Then rest."]);
    }

    #[test]
    fn marks_of_citation_and_emoji_stay_with_their_sentence() {
        check(
            "It is safe.[1][2] Use it. [3] Then stop.¹ Rest.",
            &["It is safe.[1][2]", "Use it. [3]", "Then stop.¹", "Rest."],
        );
        check("Hope it helps 😊 Take 5 mg.", &["Hope it helps 😊", "Take 5 mg."]);
        check("هل هو آمن؟ نعم.", &["هل هو آمن؟", "نعم."]);
        check("安全です。飲んで。", &["安全です。", "飲んで。"]);
    }

    #[test]
    fn long_texts_take_linear_time() {
        for piece in ["(a. ", "Dr. ", "a.B", "[1] ", "x!", "😊 "] {
            let text = piece.repeat(200_000 / piece.len());
            let started = std::time::Instant::now();
            assert!(sentences(&text).len() < 200_000);
            assert!(started.elapsed().as_secs() < 5, "{piece}");
        }
    }
}
