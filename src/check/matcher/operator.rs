//! Which `$` matchers there are, and which function judges each.
//! Must not hold their logic.

use serde_json::Value;

use super::operators as on;
use super::{Matching, Problem, moment, result_status};

type Operator = fn(&Matching<'_>, &Value, &mut Vec<Problem>);

const OPERATORS: &[(&str, Operator)] = &[
    ("$absent", on::absent),
    ("$present", on::present),
    ("$unassigned", on::unassigned),
    ("$type", on::has_type),
    ("$equals", on::equals),
    ("$not", on::not),
    ("$one_of", on::one_of),
    ("$pattern", on::pattern),
    ("$ignore_case", on::ignore_case),
    ("$includes", on::includes),
    ("$size", on::size),
    ("$min", on::min),
    ("$max", on::max),
    ("$contains", on::contains),
    ("$excludes", on::excludes),
    ("$each", on::each),
    ("$unordered", on::unordered),
    ("$before", moment::before),
    ("$after", moment::after),
    ("$at", moment::at),
    ("$same_url", on::same_url),
    ("$status", result_status::status),
];

/// `$ref` is a member of SCIM (RFC 7643 §2.4) and so no matcher.
pub fn is_operator(name: &str) -> bool {
    name.starts_with('$') && !name.eq_ignore_ascii_case("$ref")
}

pub fn apply(place: &Matching<'_>, name: &str, argument: &Value, problems: &mut Vec<Problem>) {
    match OPERATORS.iter().find(|(known, _)| *known == name) {
        Some((_, operator)) => operator(place, argument, problems),
        None => problems.push(place.suite_mistake(&format!("there is no matcher {name}"))),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_documentation_and_the_table_name_the_same_matchers() {
        let document = include_str!("../../../docs/suite-language.md");
        let words = document.split(|c: char| !(c.is_ascii_lowercase() || c == '_' || c == '$'));
        let told: BTreeSet<&str> = words
            .filter(|word| word.len() > 1 && word.starts_with('$'))
            .filter(|word| !["$from", "$drop", "$repeat", "$times", "$ref", "$schema"].contains(word))
            .collect();
        let known: BTreeSet<&str> = OPERATORS.iter().map(|(name, _)| *name).collect();
        assert_eq!(told, known);
    }
}
