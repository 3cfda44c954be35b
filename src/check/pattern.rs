//! Regular expressions of suites, each compiled once: a watching case applies its own to every exchange of a run.
//! Must not judge.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use regex::Regex;

/// So many are kept; suites have a few dozen, but templates can put names of a run into them.
const MOST: usize = 500;

static COMPILED: LazyLock<RwLock<HashMap<String, Option<Pattern>>>> = LazyLock::new(RwLock::default);

/// A regular expression. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Pattern(Arc<Regex>);

impl Pattern {
    /// `None` where the text is no regular expression.
    pub fn new(text: &str) -> Option<Self> {
        if let Some(known) = COMPILED.read().unwrap_or_else(PoisonError::into_inner).get(text) {
            return known.clone();
        }
        let pattern = Regex::new(text).ok().map(|regex| Self(Arc::new(regex)));
        let mut compiled = COMPILED.write().unwrap_or_else(PoisonError::into_inner);
        if compiled.len() >= MOST {
            compiled.clear();
        }
        compiled.insert(text.to_owned(), pattern.clone());
        pattern
    }

    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_regular_expression_stays_none() {
        for _ in 0..2 {
            assert!(Pattern::new("(").is_none());
            assert!(Pattern::new("^W/").is_some_and(|pattern| pattern.is_match("W/\"1\"")));
        }
    }

    #[test]
    fn the_number_that_is_kept_is_bounded() {
        for number in 0..MOST * 2 {
            assert!(Pattern::new(&format!("^name-{number}$")).is_some());
        }
        assert!(COMPILED.read().expect("unpoisoned").len() <= MOST);
    }
}
