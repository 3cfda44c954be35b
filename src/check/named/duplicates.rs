//! Member names that stand twice in one JSON object, which JSON parsers hide (RFC 8259 §4).
//! Must not build a document.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};

use crate::check::judge::Context;
use crate::check::{Problem, json, show};
use crate::http::Response;

use super::support::{MOST_PROBLEMS, body, problem};

pub fn unique_names(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let Ok(Duplicates(pointers)) = serde_json::from_slice(&response.body) else { return Vec::new() };
    let judge = |pointer: String| {
        let shown = show::quoted(&pointer, context.redact);
        let message = format!("each member name should stand once in its object and {shown} stands twice");
        problem(body(&pointer), message, "one member of each name", "two members of one name")
    };
    pointers.into_iter().map(judge).collect()
}

/// JSON Pointers of the members that repeat a name of their object.
struct Duplicates(Vec<String>);

impl<'de> Deserialize<'de> for Duplicates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Find)
    }
}

struct Find;

impl<'de> Visitor<'de> for Find {
    type Value = Duplicates;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Duplicates, A::Error> {
        let (mut seen, mut found) = (HashSet::new(), Vec::new());
        while let Some(name) = members.next_key::<String>()? {
            let Duplicates(below) = members.next_value()?;
            let pointer = json::below("", &name);
            found.extend(below.into_iter().map(|below| format!("{pointer}{below}")));
            found.truncate(MOST_PROBLEMS);
            if !seen.insert(name) && found.len() < MOST_PROBLEMS {
                found.push(pointer);
            }
        }
        Ok(Duplicates(found))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Duplicates, A::Error> {
        let (mut found, mut index) = (Vec::new(), 0);
        while let Some(Duplicates(below)) = items.next_element()? {
            found.extend(below.into_iter().map(|below| format!("/{index}{below}")));
            found.truncate(MOST_PROBLEMS);
            index += 1;
        }
        Ok(Duplicates(found))
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Duplicates, E> {
        Ok(Duplicates(Vec::new()))
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Duplicates, E> {
        Ok(Duplicates(Vec::new()))
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Duplicates, E> {
        Ok(Duplicates(Vec::new()))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Duplicates, E> {
        Ok(Duplicates(Vec::new()))
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<Duplicates, E> {
        Ok(Duplicates(Vec::new()))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Duplicates, E> {
        Ok(Duplicates(Vec::new()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Spot;
    use crate::check::testing::{raw_answer, with_context};

    fn spots(text: &str) -> Vec<Spot> {
        with_context(|context| unique_names(&raw_answer(200, text), context))
            .into_iter()
            .map(|p| p.spot)
            .collect()
    }

    #[test]
    fn names_in_different_objects_are_no_duplicates() {
        assert_eq!(spots(r#"{"a":{"a":[{"a":1.5},{"a":null}]},"A":-1,"b":true,"c":"x"}"#), []);
        assert_eq!(spots("not json"), []);
    }

    #[test]
    fn an_endless_row_of_duplicates_costs_bounded_memory() {
        let row = r#""a":1,"#.repeat(2 * MOST_PROBLEMS);
        assert_eq!(spots(&format!("[{{{row}\"b\":2}},{{{row}\"b\":2}}]")).len(), MOST_PROBLEMS);
    }

    #[test]
    fn duplicates_are_told_with_their_place() {
        assert_eq!(spots(r#"{"a":1,"a":2}"#), [body("/a")]);
        assert_eq!(spots(r#"{"x":[0,{"a/b":1,"a\/b":2}]}"#), [body("/x/1/a~1b")]);
    }
}
