//! Variables of the environment in texts of a file.

/// Puts the values of `${NAME}` into a text; `$$` stands for a dollar sign. Told is the name that is not set, or that
/// a brace is never closed.
pub(super) fn expand(text: &str, variable: impl Fn(&str) -> Option<String>) -> Result<String, Missing> {
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        whole.push_str(before);
        if let Some(after) = after.strip_prefix('$') {
            whole.push('$');
            rest = after;
        } else if let Some(after) = after.strip_prefix('{') {
            let (name, after) = after.split_once('}').ok_or(Missing::Brace)?;
            whole.push_str(&variable(name).ok_or_else(|| Missing::Variable(name.to_owned()))?);
            rest = after;
        } else {
            whole.push('$');
            rest = after;
        }
    }
    whole.push_str(rest);
    Ok(whole)
}

/// Whether all of a text comes from the environment, but for punctuation and words around it.
pub(super) fn refers(text: &str) -> bool {
    text.replace("$$", "").contains("${")
}

/// The variables that a text refers to.
pub(super) fn variables(text: &str) -> Vec<String> {
    let plain = text.replace("$$", "");
    plain
        .split("${")
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// Why a text cannot be made whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Missing {
    /// A variable is not set.
    Variable(String),
    /// A brace is never closed.
    Brace,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_put_in_and_missing_ones_are_named() {
        let variable = |name: &str| match name {
            "KEY" => Some("k${X}".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        };
        for (text, expected) in [
            ("plain", Ok("plain")),
            ("${KEY}", Ok("k${X}")),
            ("a ${KEY} b ${EMPTY}c", Ok("a k${X} b c")),
            ("$5 and $$${KEY}", Ok("$5 and $k${X}")),
            ("$${KEY}", Ok("${KEY}")),
            ("${NONE}", Err(Missing::Variable("NONE".to_owned()))),
            ("${KEY", Err(Missing::Brace)),
        ] {
            assert_eq!(expand(text, variable), expected.map(str::to_owned), "{text}");
        }
        assert_eq!(variables("${A}b$${C}${D}"), ["A", "D"]);
        assert!(refers("Bearer ${KEY}") && !refers("$${KEY}") && !refers("k"));
    }
}
