//! Parameters with brackets in their names, as Rack reads them: `emails[][type]=work`.
//! Knows no endpoint.

use serde_json::Value;

use super::Params;
use super::path::Malformed;

/// So deep may brackets stand in each other.
const DEEPEST: usize = 32;

enum Part<'a> {
    Member(&'a str),
    Element,
}

/// The parameters of a query or a form.
pub fn params(pairs: Vec<(String, String)>) -> Result<Params, Malformed> {
    let mut params = Params::new();
    for (name, value) in pairs {
        let (first, parts) = split(&name)?;
        put(&mut params, first, &parts, value)?;
    }
    Ok(params)
}

/// `a[b][]` as `a`, and what stands in its brackets.
fn split(name: &str) -> Result<(&str, Vec<Part<'_>>), Malformed> {
    let Some((first, mut rest)) = name.split_once('[').filter(|(first, _)| !first.is_empty()) else {
        return Ok((name, Vec::new()));
    };
    let mut parts = Vec::new();
    loop {
        // What has no closing bracket is an ordinary name.
        let Some((inner, after)) = rest.split_once(']') else { return Ok((name, Vec::new())) };
        parts.push(if inner.is_empty() { Part::Element } else { Part::Member(inner) });
        if parts.len() > DEEPEST {
            return Err(Malformed);
        }
        match after.strip_prefix('[') {
            Some(next) => rest = next,
            None => return Ok((first, parts)),
        }
    }
}

fn put(params: &mut Params, name: &str, parts: &[Part<'_>], value: String) -> Result<(), Malformed> {
    let Some((part, rest)) = parts.split_first() else {
        params.insert(name.to_owned(), Value::String(value));
        return Ok(());
    };
    match part {
        Part::Member(member) => {
            let inner = params.entry(name).or_insert_with(|| Value::Object(Params::new()));
            put(inner.as_object_mut().ok_or(Malformed)?, member, rest, value)
        }
        Part::Element => {
            let list = params.entry(name).or_insert_with(|| Value::Array(Vec::new()));
            append(list.as_array_mut().ok_or(Malformed)?, rest, value)
        }
    }
}

/// Adds to a list. A member goes into its last object, unless that has the member already.
fn append(list: &mut Vec<Value>, parts: &[Part<'_>], value: String) -> Result<(), Malformed> {
    let Some((Part::Member(member), rest)) = parts.split_first() else {
        list.push(Value::String(value));
        return Ok(());
    };
    let goes_on = list.last().and_then(Value::as_object).is_some_and(|last| !last.contains_key(*member));
    if !goes_on {
        list.push(Value::Object(Params::new()));
    }
    match list.last_mut().and_then(Value::as_object_mut) {
        Some(last) => put(last, member, rest, value),
        None => Err(Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::super::path::pairs;
    use super::*;
    use serde_json::json;

    fn read(text: &str) -> Result<Value, Malformed> {
        params(pairs(text)?).map(Value::Object)
    }

    #[test]
    fn brackets_make_objects_and_lists() {
        let read_one =
            read("userName=a&emails[][type]=work&emails[][value]=a@x&emails[][type]=home&name[formatted]=A");
        let expected = json!({
            "userName": "a",
            "emails": [{ "type": "work", "value": "a@x" }, { "type": "home" }],
            "name": { "formatted": "A" },
        });
        assert_eq!(read_one, Ok(expected));
        assert_eq!(read("a[]=1&a[]=2"), Ok(json!({ "a": ["1", "2"] })));
        assert_eq!(
            read("emails[type eq \"work\"].value=x"),
            Ok(json!({ "emails": { "type eq \"work\"": "x" } }))
        );
        assert_eq!(read("a[b=1"), Ok(json!({ "a[b": "1" })));
    }

    #[test]
    fn contradictions_and_depth_are_refused() {
        assert_eq!(read("a=1&a[b]=2"), Err(Malformed));
        assert_eq!(read(&format!("a{}=1", "[b]".repeat(40))), Err(Malformed));
    }
}
