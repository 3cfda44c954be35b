//! `$before`, `$after` and `$at`: a dateTime compared as a moment, whatever its zone and digits.
//! Must not compare texts.

use std::cmp::Ordering;

use serde_json::Value;

use crate::check::show;
use crate::schema::date_time;

use super::operators::expect;
use super::{Matching, Problem};

pub fn before(place: &Matching<'_>, bound: &Value, problems: &mut Vec<Problem>) {
    compare(place, bound, Ordering::Less, "before", problems);
}

pub fn after(place: &Matching<'_>, bound: &Value, problems: &mut Vec<Problem>) {
    compare(place, bound, Ordering::Greater, "after", problems);
}

pub fn at(place: &Matching<'_>, bound: &Value, problems: &mut Vec<Problem>) {
    compare(place, bound, Ordering::Equal, "the moment", problems);
}

fn compare(place: &Matching<'_>, bound: &Value, wanted: Ordering, word: &str, problems: &mut Vec<Problem>) {
    let Some(moment) = bound.as_str().and_then(date_time::moment) else {
        let shown = show::brief(Some(bound), place.context.redact);
        return problems.push(place.suite_mistake(&format!("{shown} is no dateTime to compare with")));
    };
    let actual = place.actual.and_then(Value::as_str).and_then(date_time::moment);
    let holds = actual.is_some_and(|actual| actual.cmp(&moment) == wanted);
    let expected = format!("a dateTime: {word} {}", show::brief(Some(bound), place.context.redact));
    expect(place, holds, &expected, problems);
}
