//! Prints the numbers of list items: figures, letters, Roman numerals.

/// An item's number as it is printed.
pub(super) fn print(value: i64, print: char) -> String {
    match print {
        'a' | 'A' if (1..=26).contains(&value) => {
            let letter = char::from(b'a' + u8::try_from(value - 1).unwrap_or(0));
            if print == 'A' { letter.to_ascii_uppercase().to_string() } else { letter.to_string() }
        }
        'i' if (1..=50).contains(&value) => roman(value).to_lowercase(),
        'I' if (1..=50).contains(&value) => roman(value),
        _ => value.to_string(),
    }
}

fn roman(value: i64) -> String {
    let signs = [(50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")];
    let (mut left, mut out) = (value, String::new());
    for (worth, sign) in signs {
        while left >= worth {
            out.push_str(sign);
            left -= worth;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_as_the_list_says() {
        assert_eq!(
            (print(3, '1'), print(3, 'a'), print(4, 'i'), print(9, 'I')),
            ("3".into(), "c".into(), "iv".into(), "IX".into())
        );
    }
}
