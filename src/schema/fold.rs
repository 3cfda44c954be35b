//! Member names without regard to case (RFC 7643 §2.1): schema and document are both put into lower case before they meet.
//! Must not validate.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// A schema whose `properties` and `required` are in lower case. The spelling of each name goes into `spellings`.
pub fn schema(schema: &Value, spellings: &mut BTreeMap<String, String>) -> Value {
    match schema {
        Value::Array(items) => items.iter().map(|item| self::schema(item, spellings)).collect(),
        Value::Object(keywords) => {
            let fold = |(keyword, value): (&String, &Value)| {
                (keyword.clone(), self::keyword(keyword, value, spellings))
            };
            Value::Object(keywords.iter().map(fold).collect())
        }
        scalar => scalar.clone(),
    }
}

fn keyword(keyword: &str, value: &Value, spellings: &mut BTreeMap<String, String>) -> Value {
    match (keyword, value) {
        ("const" | "enum" | "pattern" | "description", _) => value.clone(),
        ("properties", Value::Object(properties)) => {
            let mut folded = Map::new();
            for (name, property) in properties {
                spellings.insert(name.to_ascii_lowercase(), name.clone());
                folded.insert(name.to_ascii_lowercase(), schema(property, spellings));
            }
            Value::Object(folded)
        }
        ("$defs", Value::Object(definitions)) => Value::Object(
            definitions
                .iter()
                .map(|(name, definition)| (name.clone(), schema(definition, spellings)))
                .collect(),
        ),
        ("required", Value::Array(names)) => names
            .iter()
            .map(|name| name.as_str().map_or_else(|| name.clone(), |n| n.to_ascii_lowercase().into()))
            .collect(),
        _ => schema(value, spellings),
    }
}

/// A document whose member names are all in lower case; of two that differ in case alone the first is kept.
pub fn document(document: &Value) -> Value {
    match document {
        Value::Array(items) => items.iter().map(self::document).collect(),
        Value::Object(members) => {
            let mut folded = Map::new();
            for (name, value) in members {
                folded.entry(name.to_ascii_lowercase()).or_insert_with(|| self::document(value));
            }
            Value::Object(folded)
        }
        scalar => scalar.clone(),
    }
}

/// The pointer into `document` that `folded` was before its names were put into lower case.
pub fn unfold_pointer(folded: &str, document: &Value) -> String {
    let mut pointer = String::new();
    let mut here = Some(document);
    for token in folded.split('/').skip(1) {
        let name = token.replace("~1", "/").replace("~0", "~");
        let spelled = match here {
            Some(Value::Object(members)) => members.keys().find(|n| n.eq_ignore_ascii_case(&name)).cloned(),
            _ => None,
        };
        let spelled = spelled.unwrap_or(name);
        here = here.and_then(|value| match value {
            Value::Array(items) => items.get(spelled.parse::<usize>().ok()?),
            other => other.get(&spelled),
        });
        pointer.push('/');
        pointer.push_str(&spelled.replace('~', "~0").replace('/', "~1"));
    }
    pointer
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn folds_names_and_nothing_else() {
        let mut spellings = BTreeMap::new();
        let folded = schema(
            &json!({
                "properties": { "userName": { "const": "Ada" }, "required": { "type": "string" } },
                "required": ["userName"],
                "$defs": { "aB": { "properties": { "cD": {} } } },
            }),
            &mut spellings,
        );
        assert_eq!(
            folded,
            json!({
                "properties": { "username": { "const": "Ada" }, "required": { "type": "string" } },
                "required": ["username"],
                "$defs": { "aB": { "properties": { "cd": {} } } },
            })
        );
        assert_eq!(spellings["username"], "userName");
        assert_eq!(document(&json!([{ "A": { "B": "C" }, "a": 1 }])), json!([{ "a": { "b": "C" } }]));
    }

    #[test]
    fn pointers_keep_the_spelling_of_the_document() {
        let document = json!({ "EMAILS": [{ "a/B": 1 }] });
        assert_eq!(unfold_pointer("/emails/0/a~1b", &document), "/EMAILS/0/a~1B");
        assert_eq!(unfold_pointer("", &document), "");
        assert_eq!(unfold_pointer("/none/x", &document), "/none/x");
    }
}
