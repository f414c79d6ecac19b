//! Splits the bytes of content streams and character maps into tokens, for the second look at a page.
//!
//! Written apart from the parser that reading goes by, so that a fault of one is not a fault of both. Numbers and
//! dictionaries mean nothing here and are passed over.

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A name, without its slash and with its escapes.
    Name(&'a [u8]),
    /// A string of either kind, as bytes.
    Text(Vec<u8>),
    /// A number, unread.
    Number(&'a [u8]),
    ArrayStart,
    ArrayEnd,
    /// Any other word, which is an operator.
    Word(&'a [u8]),
}

/// Goes through bytes token by token.
pub(super) struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// Parentheses within the parentheses of a string.
const DEEPEST_STRING: usize = 512;

impl<'a> Scanner<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Scanner<'a> {
        Scanner { bytes, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn next_byte(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn run(&mut self) -> &'a [u8] {
        let from = self.at;
        while self.peek().is_some_and(is_regular) {
            self.at += 1;
        }
        self.bytes.get(from..self.at).unwrap_or_default()
    }

    /// The rest of a string in parentheses.
    fn literal(&mut self) -> Vec<u8> {
        let (mut text, mut depth) = (Vec::new(), 0);
        while let Some(byte) = self.next_byte() {
            match byte {
                b')' if depth == 0 => break,
                b')' => depth -= 1,
                b'(' if depth < DEEPEST_STRING => depth += 1,
                b'\\' => {
                    text.extend(self.escaped());
                    continue;
                }
                _ => {}
            }
            text.push(byte);
        }
        text
    }

    fn escaped(&mut self) -> Option<u8> {
        let byte = self.next_byte()?;
        match byte {
            b'n' => Some(b'\n'),
            b'r' => Some(b'\r'),
            b't' => Some(b'\t'),
            b'b' => Some(8),
            b'f' => Some(12),
            b'\n' => None,
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.at += 1;
                }
                None
            }
            b'0'..=b'7' => {
                let mut code = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek() else { break };
                    code = code * 8 + u32::from(digit - b'0');
                    self.at += 1;
                }
                u8::try_from(code & 0xff).ok()
            }
            other => Some(other),
        }
    }

    /// The rest of a string of hexadecimal digits.
    fn hexadecimal(&mut self) -> Vec<u8> {
        let mut digits = Vec::new();
        while let Some(byte) = self.next_byte() {
            match byte {
                b'>' => break,
                _ => digits.extend(char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())),
            }
        }
        digits
            .chunks(2)
            .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit) << (4 * (2 - pair.len())))
            .collect()
    }

    /// Passes over the picture that `BI` has begun.
    pub(super) fn skip_picture(&mut self) {
        let is_space = |at: Option<usize>| at.and_then(|at| self.bytes.get(at)).is_none_or(u8::is_ascii_whitespace);
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let end = rest.windows(2).enumerate().position(|(offset, window)| {
            let at = self.at + offset;
            window == b"EI" && is_space(at.checked_sub(1)) && is_space(at.checked_add(2))
        });
        self.at = end.map_or(self.bytes.len(), |offset| self.at + offset + 2);
    }
}

impl<'a> Iterator for Scanner<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let byte = self.next_byte()?;
            match byte {
                b'%' => while self.next_byte().is_some_and(|byte| byte != b'\n' && byte != b'\r') {},
                b'/' => return Some(Token::Name(self.run())),
                b'(' => return Some(Token::Text(self.literal())),
                b'<' if self.peek() == Some(b'<') => self.at += 1,
                b'<' => return Some(Token::Text(self.hexadecimal())),
                b'[' => return Some(Token::ArrayStart),
                b']' => return Some(Token::ArrayEnd),
                _ if !is_regular(byte) => {}
                _ => {
                    self.at -= 1;
                    let word = self.run();
                    let number = matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.');
                    return Some(if number { Token::Number(word) } else { Token::Word(word) });
                }
            }
        }
    }
}

fn is_regular(byte: u8) -> bool {
    !(byte.is_ascii_whitespace()
        || byte == 0
        || matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: &[&str]) {
        let shown: Vec<String> = Scanner::new(bytes)
            .map(|token| match token {
                Token::Name(name) => format!("/{}", String::from_utf8_lossy(name)),
                Token::Text(text) => format!("({})", String::from_utf8_lossy(&text)),
                Token::Number(word) | Token::Word(word) => String::from_utf8_lossy(word).into_owned(),
                Token::ArrayStart => "[".to_owned(),
                Token::ArrayEnd => "]".to_owned(),
            })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn strings_names_and_operators_are_told_apart() {
        check(b"/F1 12 Tf(a\\(b\\061(c)\\\nd)Tj", &["/F1", "12", "Tf", "(a(b1(c)d)", "Tj"]);
        check(b"[<3132 3>-20(4)]TJ % note (5) Tj\nT*", &["[", "(120)", "-20", "(4)", "]", "TJ", "T*"]);
        check(b"/Span<</ActualText(x)>>BDC", &["/Span", "/ActualText", "(x)", "BDC"]);
    }

    #[test]
    fn bytes_that_end_too_soon_end_the_scan() {
        check(b"(never closed", &["(never closed)"]);
        check(b"<31", &["(1)"]);
        check(b"(\\", &["()"]);
        check(b"", &[]);
    }

    #[test]
    fn a_picture_between_operators_is_passed_over() {
        let mut scanner = Scanner::new(b"BI /W 1 ID \x00(EIx EI (1) Tj");
        assert_eq!(scanner.next(), Some(Token::Word(b"BI")));
        scanner.skip_picture();
        assert_eq!(scanner.next(), Some(Token::Text(b"1".to_vec())));
    }
}
