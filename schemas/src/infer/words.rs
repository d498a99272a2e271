//! Names as words: `petId`, `pet_id` and `pet-id` are one name.

/// The words of a name, in lower case: `petId` is `pet` and `id`.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let letters: Vec<char> = name.chars().collect();
    for (index, letter) in letters.iter().enumerate() {
        if !letter.is_alphanumeric() {
            end(&mut words, &mut word);
            continue;
        }
        let lower_before =
            index > 0 && (letters[index - 1].is_lowercase() || letters[index - 1].is_numeric());
        // The last capital of several belongs to the next word: `APIKey` is `api` and `key`.
        let lower_after = letters.get(index + 1).is_some_and(|next| next.is_lowercase());
        let capital_before = index > 0 && letters[index - 1].is_uppercase();
        if letter.is_uppercase() && (lower_before || (capital_before && lower_after)) {
            end(&mut words, &mut word);
        }
        word.extend(letter.to_lowercase());
    }
    end(&mut words, &mut word);
    words
}

fn end(words: &mut Vec<String>, word: &mut String) {
    if !word.is_empty() {
        words.push(std::mem::take(word));
    }
}

/// Whether two names have the same words, however they are joined.
pub(super) fn same(one: &str, other: &str) -> bool {
    words(one).concat() == words(other).concat()
}

/// One of several: `categories` is `category`.
pub(super) fn singular(word: &str) -> String {
    const IRREGULAR: [(&str, &str); 6] = [
        ("people", "person"),
        ("children", "child"),
        ("shelves", "shelf"),
        ("indices", "index"),
        ("statuses", "status"),
        ("aliases", "alias"),
    ];
    if let Some((_, one)) = IRREGULAR.iter().find(|(many, _)| *many == word) {
        return (*one).to_owned();
    }
    let without = |ending: &str| word.strip_suffix(ending).filter(|rest| rest.chars().count() > 1);
    if let Some(rest) = without("ies").filter(|rest| rest.len() > 1) {
        return format!("{rest}y");
    }
    for ending in ["sses", "xes", "ches", "shes", "zes"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    let stays = ["ss", "us", "is", "news", "series"].iter().any(|ending| word.ends_with(ending));
    without("s").filter(|_| !stays).map_or_else(|| word.to_owned(), str::to_owned)
}

/// The words of a name, the last of them as one of several.
pub(super) fn singular_words(name: &str) -> Vec<String> {
    let mut words = words(name);
    if let Some(last) = words.last_mut() {
        *last = singular(last);
    }
    words
}

/// Whether a name is one of those listed, each given as its words run together.
pub(super) fn is_one_of(name: &str, known: &[&str]) -> bool {
    let joined = words(name).concat();
    known.contains(&joined.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_apart_where_words_end() {
        let table = [
            ("petId", "pet id"),
            ("pet_id", "pet id"),
            ("Pet-ID", "pet id"),
            ("APIKeyId", "api key id"),
            ("page[size]", "page size"),
            ("$top", "top"),
            ("_id", "id"),
            ("md5Hash", "md5 hash"),
        ];
        for (name, expected) in table {
            assert_eq!(words(name).join(" "), expected, "{name}");
        }
        assert!(same("petId", "pet_id") && !same("petId", "pet"));
    }

    #[test]
    fn one_of_several_has_its_own_form() {
        let table = [
            ("pets", "pet"),
            ("categories", "category"),
            ("boxes", "box"),
            ("addresses", "address"),
            ("statuses", "status"),
            ("status", "status"),
            ("people", "person"),
            ("databases", "database"),
            ("news", "news"),
            ("analysis", "analysis"),
            ("class", "class"),
        ];
        for (many, one) in table {
            assert_eq!(singular(many), one, "{many}");
        }
    }
}
