//! The nearest right word to a wrong one.
//! Knows no words of its own.

/// The word of `right` that `wrong` most likely was meant to be, or none where nothing is near.
pub fn nearest<'a>(wrong: &str, right: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = wrong.to_lowercase();
    right
        .into_iter()
        .map(|word| (strsim::damerau_levenshtein(&lower, &word.to_lowercase()), word))
        .filter(|(distance, word)| *distance * 3 <= wrong.chars().count().max(word.chars().count()))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_the_keyboard_is_understood() {
        assert_eq!(nearest("fixtrues", ["fixtures", "cases"]), Some("fixtures"));
        assert_eq!(nearest("exepct", ["expect", "given"]), Some("expect"));
        assert_eq!(nearest("Title", ["title"]), Some("title"));
    }

    #[test]
    fn a_different_word_is_not_forced_upon_the_author() {
        assert_eq!(nearest("banana", ["expect", "given", "title"]), None);
        assert_eq!(nearest("", ["a"]), None);
    }
}
