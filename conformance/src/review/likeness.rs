//! Whether two names are so alike that one may be the other, renamed.

/// Names whose letters are at least this alike, from 0 to 1, differ by a slip or an ending.
const ALIKE: f64 = 0.75;

/// Whether two names are strongly alike: the same words in another spelling, some of the words of the other, or almost the
/// same letters.
pub(super) fn alike(one: &str, other: &str) -> bool {
    let (left, right) = (words(one), words(other));
    if left.is_empty() || right.is_empty() {
        return false;
    }
    let within = |few: &[String], many: &[String]| few.iter().all(|word| many.contains(word));
    left.concat() == right.concat()
        || within(&left, &right)
        || within(&right, &left)
        || strsim::normalized_damerau_levenshtein(&left.concat(), &right.concat()) >= ALIKE
}

/// The words of a name in lower case, however they are joined.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut fresh = true;
    let mut was_upper = true;
    for letter in name.chars() {
        if !letter.is_alphanumeric() {
            fresh = true;
            continue;
        }
        if fresh || letter.is_uppercase() && !was_upper {
            words.push(String::new());
        }
        (fresh, was_upper) = (false, letter.is_uppercase());
        if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_strongly_alike_may_be_renamed() {
        for (one, other) in [
            ("printed_at", "printedAt"),
            ("printed", "printed_on"),
            ("AT_RISK", "at-risk"),
            ("colour", "color"),
            ("recieved", "received"),
        ] {
            assert!(alike(one, other) && alike(other, one), "{one} {other}");
        }
        for (one, other) in [("card", "iris"), ("upi_qr", "iris"), ("novel", "poem"), ("a", "b"), ("", "a")] {
            assert!(!alike(one, other), "{one} {other}");
        }
    }
}
