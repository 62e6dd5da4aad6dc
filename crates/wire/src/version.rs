//! Comparison of software versions, such as kernel releases.

/// Compares versions as Debian does. Runs of digits are compared by their value. Letters come before other characters,
/// and a tilde comes before everything, even before the end of the text.
pub fn compare(a: &str, b: &str) -> std::cmp::Ordering {
    use std::cmp::Ordering;
    let (mut a, mut b) = (a, b);
    loop {
        let cut = |text: &str, is_digits: bool| {
            text.find(|c: char| c.is_ascii_digit() != is_digits).unwrap_or(text.len())
        };
        let (words, others) = (a.split_at(cut(a, false)), b.split_at(cut(b, false)));
        // The order of characters that are not digits: tilde, end of the text, letters, everything else.
        let rank = |c: char| match c {
            '~' => (0, c),
            c if c.is_ascii_alphabetic() => (2, c),
            c => (3, c),
        };
        let ranks = |word: &str| word.chars().map(rank).chain([(1, ' ')]).collect::<Vec<_>>();
        let by_words = ranks(words.0).cmp(&ranks(others.0));
        if by_words != Ordering::Equal {
            return by_words;
        }
        let (numbers, other_numbers) =
            (words.1.split_at(cut(words.1, true)), others.1.split_at(cut(others.1, true)));
        let value = |text: &str| {
            let text = text.trim_start_matches('0');
            (text.len(), text.to_owned())
        };
        let by_number = value(numbers.0).cmp(&value(other_numbers.0));
        if by_number != Ordering::Equal || (numbers.1.is_empty() && other_numbers.1.is_empty()) {
            return by_number;
        }
        (a, b) = (numbers.1, other_numbers.1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cmp::Ordering;

    #[test]
    fn versions_are_compared_as_people_read_them() {
        for (older, newer) in [
            ("6.1.0-9-amd64", "6.1.0-10-amd64"),
            ("6.1.0-9-amd64", "6.10.0-1-amd64"),
            ("6.1.0-9", "6.1.0-9-amd64"),
            ("6.1~rc1", "6.1"),
            ("5.14.0-70.el9.x86_64", "5.14.0-427.el9.x86_64"),
        ] {
            assert_eq!(compare(older, newer), Ordering::Less, "{older} {newer}");
            assert_eq!(compare(newer, older), Ordering::Greater, "{older} {newer}");
        }
        assert_eq!(compare("6.1.0-09", "6.1.0-9"), Ordering::Equal);
    }
}
