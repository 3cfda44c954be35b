//! What each `$` matcher asks, save those about time.
//! Must not know partial match beyond calling it.

use serde_json::Value;

use crate::check::{Pattern, json, show, url};
use crate::schema::{date_time, uri};

use super::{Matching, Problem};

type Problems<'p> = &'p mut Vec<Problem>;

pub fn absent(place: &Matching<'_>, wanted: &Value, problems: Problems<'_>) {
    expect(
        place,
        place.actual.is_none() == truth(wanted),
        if truth(wanted) { "absent" } else { "present" },
        problems,
    );
}

pub fn present(place: &Matching<'_>, wanted: &Value, problems: Problems<'_>) {
    let is_there = place.actual.is_some_and(|value| !value.is_null());
    let expected = if truth(wanted) { "present and not null" } else { "absent or null" };
    expect(place, is_there == truth(wanted), expected, problems);
}

pub fn unassigned(place: &Matching<'_>, wanted: &Value, problems: Problems<'_>) {
    let expected =
        if truth(wanted) { "unassigned (absent, null or [])" } else { "assigned (not absent, null or [])" };
    expect(place, json::is_unassigned(place.actual) == truth(wanted), expected, problems);
}

pub fn has_type(place: &Matching<'_>, wanted: &Value, problems: Problems<'_>) {
    let Some(name) = wanted.as_str() else {
        return problems.push(place.suite_mistake("$type takes a text"));
    };
    let of_text = |test: fn(&str) -> bool| place.actual.and_then(Value::as_str).is_some_and(test);
    let holds = match name {
        "dateTime" => of_text(date_time::is_date_time),
        "uri" => of_text(uri::is_reference),
        "string" => place.actual.is_some_and(Value::is_string),
        "boolean" => place.actual.is_some_and(Value::is_boolean),
        "integer" => place.actual.is_some_and(|v| v.is_i64() || v.is_u64()),
        "number" => place.actual.is_some_and(Value::is_number),
        "array" => place.actual.is_some_and(Value::is_array),
        "object" => place.actual.is_some_and(Value::is_object),
        "null" => place.actual.is_some_and(Value::is_null),
        _ => return problems.push(place.suite_mistake(&format!("there is no type {name:?}"))),
    };
    expect(place, holds, &format!("of type {name}"), problems);
}

pub fn equals(place: &Matching<'_>, wanted: &Value, problems: Problems<'_>) {
    let holds = place.actual.is_some_and(|actual| json::equal(actual, wanted));
    expect(place, holds, &show::brief(Some(wanted), place.context.redact), problems);
}

pub fn not(place: &Matching<'_>, unwanted: &Value, problems: Problems<'_>) {
    expect(place, !place.holds(unwanted), &format!("other than {}", brief(place, unwanted)), problems);
}

pub fn one_of(place: &Matching<'_>, choices: &Value, problems: Problems<'_>) {
    let Some(choices) = choices.as_array() else {
        return problems.push(place.suite_mistake("$one_of takes a list"));
    };
    let told: Vec<String> = choices.iter().map(|choice| brief(place, choice)).collect();
    expect(place, choices.iter().any(|c| place.holds(c)), &told.join(" or "), problems);
}

pub fn pattern(place: &Matching<'_>, pattern: &Value, problems: Problems<'_>) {
    let Some(regex) = pattern.as_str().and_then(Pattern::new) else {
        return problems.push(place.suite_mistake("$pattern takes a regular expression"));
    };
    let holds = place.actual.and_then(Value::as_str).is_some_and(|text| regex.is_match(text));
    expect(
        place,
        holds,
        &format!("a text that matches {}", (place.context.redact)(regex.as_str())),
        problems,
    );
}

pub fn ignore_case(place: &Matching<'_>, wanted: &Value, problems: Problems<'_>) {
    // A header or a template may give a number.
    let wanted = wanted.as_str().map_or_else(|| wanted.to_string(), str::to_owned);
    let same = |actual: &str| actual.to_lowercase() == wanted.to_lowercase();
    let expected = format!("{}, in any case", show::quoted(&wanted, place.context.redact));
    expect(place, place.actual.and_then(Value::as_str).is_some_and(same), &expected, problems);
}

pub fn includes(place: &Matching<'_>, wanted: &Value, problems: Problems<'_>) {
    let Some(wanted) = wanted.as_str() else {
        return problems.push(place.suite_mistake("$includes takes a text"));
    };
    let holds = place.actual.and_then(Value::as_str).is_some_and(|text| text.contains(wanted));
    let expected = format!("a text that contains {}", show::quoted(wanted, place.context.redact));
    expect(place, holds, &expected, problems);
}

pub fn size(place: &Matching<'_>, wanted: &Value, problems: Problems<'_>) {
    let bound = |name: &str| wanted.get(name).and_then(Value::as_u64);
    let (min, max, told) = match (wanted.as_u64(), bound("min"), bound("max")) {
        (Some(size), ..) => (size, size, format!("{size}")),
        (None, Some(min), Some(max)) => (min, max, format!("{min} to {max}")),
        (None, Some(min), None) => (min, u64::MAX, format!("at least {min}")),
        (None, None, Some(max)) => (0, max, format!("at most {max}")),
        (None, None, None) => {
            return problems.push(place.suite_mistake("$size takes a number, or min and max"));
        }
    };
    let size = match place.actual {
        Some(Value::Array(items)) => Some(items.len()),
        Some(Value::String(text)) => Some(text.chars().count()),
        _ => None,
    };
    let holds = size.is_some_and(|size| (min..=max).contains(&(size as u64)));
    let what = if matches!(place.actual, Some(Value::String(_))) { "a text" } else { "a list" };
    let unit = if what == "a text" { "characters" } else { "elements" };
    expect(place, holds, &format!("{what} of {told} {unit}"), problems);
}

pub fn min(place: &Matching<'_>, bound: &Value, problems: Problems<'_>) {
    number(place, bound, |actual, bound| actual >= bound, "at least", problems);
}

pub fn max(place: &Matching<'_>, bound: &Value, problems: Problems<'_>) {
    number(place, bound, |actual, bound| actual <= bound, "at most", problems);
}

fn number(
    place: &Matching<'_>,
    bound: &Value,
    holds: fn(f64, f64) -> bool,
    word: &str,
    problems: Problems<'_>,
) {
    let Some(limit) = bound.as_f64() else {
        return problems.push(place.suite_mistake("$min and $max take a number"));
    };
    let holds = place.actual.and_then(Value::as_f64).is_some_and(|actual| holds(actual, limit));
    expect(place, holds, &format!("a number of {word} {bound}"), problems);
}

pub fn contains(place: &Matching<'_>, wanted: &Value, problems: Problems<'_>) {
    let Some(mut items) = elements(place, problems) else { return };
    let holds = items.any(|item| item.holds(wanted));
    expect(place, holds, &format!("a list with an element that matches {}", brief(place, wanted)), problems);
}

pub fn excludes(place: &Matching<'_>, unwanted: &Value, problems: Problems<'_>) {
    // What is unassigned contains nothing (RFC 7643 §2.5).
    if json::is_unassigned(place.actual) {
        return;
    }
    let Some(mut items) = elements(place, problems) else { return };
    if let Some(item) = items.find(|item| item.holds(unwanted)) {
        problems.push(item.differs(&format!("no element that matches {}", brief(place, unwanted))));
    }
}

pub fn each(place: &Matching<'_>, wanted: &Value, problems: Problems<'_>) {
    let Some(items) = elements(place, problems) else { return };
    for item in items {
        item.matches(wanted, problems);
    }
}

pub fn unordered(place: &Matching<'_>, wanted: &Value, problems: Problems<'_>) {
    let Some(wanted) = wanted.as_array() else {
        return problems.push(place.suite_mistake("$unordered takes a list"));
    };
    let Some(items) = elements(place, problems) else { return };
    let items: Vec<Matching<'_>> = items.take(wanted.len() + 1).collect();
    if items.len() != wanted.len() {
        return problems.push(place.differs(&format!("a list of {} elements", wanted.len())));
    }
    let fits: Vec<Vec<bool>> =
        wanted.iter().map(|pattern| items.iter().map(|item| item.holds(pattern)).collect()).collect();
    let Some(unmatched) = first_without_element(&fits) else { return };
    let pattern = wanted.get(unmatched).map(|pattern| brief(place, pattern)).unwrap_or_default();
    problems.push(place.differs(&format!("a list with an element of its own for {pattern}")));
}

/// Gives each pattern an element of its own (bipartite matching by augmenting paths), so that an element which fits
/// two patterns is not lost to the wrong one. The first pattern that gets none.
fn first_without_element(fits: &[Vec<bool>]) -> Option<usize> {
    fn place_one(pattern: usize, fits: &[Vec<bool>], taken: &mut [Option<usize>], seen: &mut [bool]) -> bool {
        let fitting = fits.get(pattern).into_iter().flatten().enumerate().filter(|(_, fit)| **fit);
        for (element, _) in fitting {
            if seen.get_mut(element).is_none_or(|seen| std::mem::replace(seen, true)) {
                continue;
            }
            let owner = taken.get(element).copied().flatten();
            if owner.is_none_or(|other| place_one(other, fits, taken, seen)) {
                if let Some(owner) = taken.get_mut(element) {
                    *owner = Some(pattern);
                }
                return true;
            }
        }
        false
    }
    let mut taken = vec![None; fits.len()];
    (0..fits.len()).find(|pattern| !place_one(*pattern, fits, &mut taken, &mut vec![false; fits.len()]))
}

pub fn same_url(place: &Matching<'_>, wanted: &Value, problems: Problems<'_>) {
    let Some(wanted) = wanted.as_str() else {
        return problems.push(place.suite_mistake("$same_url takes a text"));
    };
    let same = |actual: &str| url::same(actual, wanted, place.context.base);
    let expected = format!("the URL {}", show::quoted(wanted, place.context.redact));
    expect(place, place.actual.and_then(Value::as_str).is_some_and(same), &expected, problems);
}

fn elements<'a>(
    place: &Matching<'a>,
    problems: Problems<'_>,
) -> Option<impl Iterator<Item = Matching<'a>> + use<'a>> {
    let Some(items) = place.actual.and_then(Value::as_array) else {
        problems.push(place.differs("a list"));
        return None;
    };
    Some(place.elements(items))
}

pub(super) fn expect(place: &Matching<'_>, holds: bool, expected: &str, problems: Problems<'_>) {
    if !holds {
        problems.push(place.differs(expected));
    }
}

fn brief(place: &Matching<'_>, value: &Value) -> String {
    show::brief(Some(value), place.context.redact)
}

/// `$absent: false` asks for the opposite; all else that stands there is taken as yes.
fn truth(value: &Value) -> bool {
    value != &Value::Bool(false)
}
