//! Two wordings of one statement in one row: what stayed, what went, what came.

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;

use crate::language::is_stop_word;

/// Most words of a statement that are compared one by one; a passage has about 250.
const MOST_WORDS: usize = 1200;

/// What happened to some words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Both versions have them.
    Equal,
    /// Only the old version has them.
    Removed,
    /// Only the new version has them.
    Added,
}

/// Words with one fate. All pieces but the removed ones, joined, are the new wording, white space aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Piece {
    /// What happened to them.
    pub op: Op,
    /// The words, with the space before them.
    pub text: String,
}

/// One word or sign.
#[derive(Clone, Debug)]
struct Token<'a> {
    text: &'a str,
    folded: String,
    spaced: bool,
}

/// A text as it is compared: case, white space, and the shapes of quotation marks, dashes and ligatures aside.
pub(super) fn folded(text: &str) -> String {
    tokens(text).into_iter().map(|token| token.folded + if token.spaced { " " } else { "" }).collect::<String>()
}

fn fold(word: &str) -> String {
    let plain = |c: char| match c {
        '\u{2018}' | '\u{2019}' | '\u{2032}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{2033}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        _ => c,
    };
    word.nfkc().filter(|c| *c != '\u{ad}').map(plain).flat_map(char::to_lowercase).collect()
}

/// Words and signs. A sign within a word or number (`7.5`, `COVID-19`, `mg/dL`) is part of it.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    for word in text.split_whitespace() {
        let letter = |c: char| c.is_alphanumeric();
        let start = word.find(letter).unwrap_or(word.len());
        let end = word.rfind(letter).map_or(start, |at| at + word[at..].chars().next().map_or(0, char::len_utf8));
        let signs = |part: &'_ str| part.char_indices().map(|(at, c)| (at, at + c.len_utf8())).collect::<Vec<_>>();
        let mut ranges: Vec<(usize, usize)> = signs(&word[..start]);
        if start < end {
            ranges.push((start, end));
        }
        ranges.extend(signs(&word[end..]).into_iter().map(|(from, to)| (from + end, to + end)));
        for (nth, (from, to)) in ranges.into_iter().enumerate() {
            let text = &word[from..to];
            found.push(Token { text, folded: fold(text), spaced: nth == 0 && !found.is_empty() });
        }
    }
    found
}

/// The two wordings in one row.
pub(super) fn difference(old: &str, new: &str) -> Vec<Piece> {
    let (old, new) = (tokens(old), tokens(new));
    let alike = |(a, b): &(&Token<'_>, &Token<'_>)| a.folded == b.folded;
    let head = old.iter().zip(&new).take_while(alike).count();
    let (rest_old, rest_new) = (&old[head..], &new[head..]);
    let tail = rest_old.iter().rev().zip(rest_new.iter().rev()).take_while(alike).count();
    let (middle_old, middle_new) = (&rest_old[..rest_old.len() - tail], &rest_new[..rest_new.len() - tail]);
    let mut row: Vec<(Op, Token<'_>)> = Vec::new();
    row.extend(new[..head].iter().map(|token| (Op::Equal, token.clone())));
    row.extend(settled(middle(middle_old, middle_new)));
    row.extend(rest_new[rest_new.len() - tail..].iter().map(|token| (Op::Equal, token.clone())));
    joined(&row)
}

/// The longest common subsequence's complement; a text too long for that is replaced as a whole.
fn middle<'a>(old: &[Token<'a>], new: &[Token<'a>]) -> Vec<(Op, Token<'a>)> {
    let gone = |token: &Token<'a>| (Op::Removed, token.clone());
    let come = |token: &Token<'a>| (Op::Added, token.clone());
    if old.len() > MOST_WORDS || new.len() > MOST_WORDS {
        return old.iter().map(gone).chain(new.iter().map(come)).collect();
    }
    let width = new.len() + 1;
    // longest[a][b]: the longest common subsequence of old[a..] and new[b..].
    let mut longest = vec![0u16; (old.len() + 1) * width];
    for a in (0..old.len()).rev() {
        for b in (0..new.len()).rev() {
            longest[a * width + b] = if old[a].folded == new[b].folded {
                longest[(a + 1) * width + b + 1] + 1
            } else {
                longest[(a + 1) * width + b].max(longest[a * width + b + 1])
            };
        }
    }
    let (mut a, mut b, mut row) = (0, 0, Vec::new());
    while a < old.len() && b < new.len() {
        if old[a].folded == new[b].folded {
            row.push((Op::Equal, new[b].clone()));
            (a, b) = (a + 1, b + 1);
        } else if longest[(a + 1) * width + b] >= longest[a * width + b + 1] {
            row.push(gone(&old[a]));
            a += 1;
        } else {
            row.push(come(&new[b]));
            b += 1;
        }
    }
    row.extend(old[a..].iter().map(gone));
    row.extend(new[b..].iter().map(come));
    row
}

/// Within what changed, words that mean nothing alone ("of the") do not count as having stayed; what went comes before
/// what came.
fn settled<'a>(row: Vec<(Op, Token<'a>)>) -> Vec<(Op, Token<'a>)> {
    let mut out: Vec<(Op, Token<'a>)> = Vec::new();
    let (mut gone, mut come): (Vec<Token<'a>>, Vec<Token<'a>>) = (Vec::new(), Vec::new());
    let mut kept: Vec<Token<'a>> = Vec::new();
    let weak = |kept: &[Token<'_>]| {
        kept.iter().all(|token| !token.folded.chars().any(char::is_alphanumeric) || is_stop_word(&token.folded))
    };
    for (op, token) in row {
        if op == Op::Equal {
            kept.push(token);
            continue;
        }
        let changed = !(gone.is_empty() && come.is_empty());
        if changed && weak(&kept) {
            gone.extend(kept.iter().cloned());
            come.append(&mut kept);
        } else {
            out.extend(gone.drain(..).map(|token| (Op::Removed, token)));
            out.extend(come.drain(..).map(|token| (Op::Added, token)));
            out.extend(kept.drain(..).map(|token| (Op::Equal, token)));
        }
        if op == Op::Removed { gone.push(token) } else { come.push(token) }
    }
    out.extend(gone.into_iter().map(|token| (Op::Removed, token)));
    out.extend(come.into_iter().map(|token| (Op::Added, token)));
    out.extend(kept.into_iter().map(|token| (Op::Equal, token)));
    out
}

fn joined(row: &[(Op, Token<'_>)]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (op, token) in row {
        let space = if token.spaced { " " } else { "" };
        match pieces.last_mut().filter(|piece| piece.op == *op) {
            Some(piece) => piece.text.push_str(&format!("{space}{}", token.text)),
            None => pieces.push(Piece { op: *op, text: format!("{space}{}", token.text) }),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> String {
        let mark = |piece: &Piece| match piece.op {
            Op::Equal => piece.text.clone(),
            Op::Removed => format!("[-{}-]", piece.text),
            Op::Added => format!("{{+{}+}}", piece.text),
        };
        difference(old, new).iter().map(mark).collect()
    }

    fn check(old: &str, new: &str, expected: &str) {
        assert_eq!(shown(old, new), expected);
        let joined: String = difference(old, new)
            .iter()
            .filter(|piece| piece.op != Op::Removed)
            .map(|piece| piece.text.as_str())
            .collect();
        assert_eq!(joined.split_whitespace().collect::<Vec<_>>(), new.split_whitespace().collect::<Vec<_>>());
    }

    #[test]
    fn the_words_that_changed_are_marked() {
        check("women aged 50 to 74 years", "women aged 40 to 74 years", "women aged[- 50-]{+ 40+} to 74 years");
        check("Screen adults.", "Screen all adults.", "Screen{+ all+} adults.");
        check("Do not screen", "Screen", "[-Do not-]Screen");
        check("", "New words", "{+New words+}");
        check("Old words", "", "[-Old words-]");
        check("a dose of 5 mg, daily", "a dose of 5 mg daily", "a dose of 5 mg[-,-] daily");
    }

    #[test]
    fn words_that_mean_nothing_alone_do_not_break_a_change_up() {
        check(
            "by measuring the thickness of the wall",
            "by asking the age of the person",
            "by[- measuring the thickness of the wall-]{+ asking the age of the person+}",
        );
    }

    #[test]
    fn signs_and_spaces_alone_are_no_change() {
        assert_eq!(
            folded("the  patient\u{2019}s \u{201c}goal\u{201d} 5\u{2013}7"),
            folded("The patient's \"goal\" 5-7")
        );
        assert_ne!(folded("5 mg"), folded("6 mg"));
        assert_ne!(folded("not for"), folded("for"));
    }

    #[test]
    fn long_texts_end() {
        let long = |word: &str| format!("{word} ").repeat(MOST_WORDS + 5);
        let pieces = difference(&long("a"), &long("b"));
        assert_eq!(pieces.iter().map(|piece| piece.op).collect::<Vec<_>>(), [Op::Removed, Op::Added]);
    }
}
