//! Values as Ruby prints them, and what GitLab hides of parameters before it repeats them.
//! Knows no endpoint.

use serde_json::Value;

use super::Params;

/// Stands for a value that is hidden.
const FILTERED: &str = "[FILTERED]";
/// Names that hide their value wherever they stand in a name.
const ANYWHERE: &[&str] =
    &["password", "secret", "search", "content", "certificate", "trace", "variables", "redirect", "question"];
/// Names that hide their value at the end of a name.
const AT_THE_END: &[&str] = &["token", "key"];
/// Names that hide their value alone.
const ALONE: &[&str] = &["body", "description", "query", "note", "text", "title", "hook", "message"];

/// Parameters as a Ruby hash, with what is secret hidden.
pub fn inspect_params(params: &Params) -> String {
    inspect_hash(params)
}

/// A sentence of several: `A`, `A and B`, `A, B, and C`.
pub fn to_sentence(parts: &[&str]) -> String {
    match parts {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [one, other] => format!("{one} and {other}"),
        [first @ .., last] => format!("{}, and {last}", first.join(", ")),
    }
}

fn is_hidden(name: &str) -> bool {
    let lower = name.to_lowercase();
    ANYWHERE.iter().any(|part| lower.contains(part))
        || AT_THE_END.iter().any(|end| name.ends_with(end))
        || ALONE.contains(&name)
}

fn inspect_hash(members: &Params) -> String {
    let pair = |(name, value): (&String, &Value)| {
        let value = if is_hidden(name) { inspect_text(FILTERED) } else { inspect(value) };
        format!("{}=>{value}", inspect_text(name))
    };
    format!("{{{}}}", members.iter().map(pair).collect::<Vec<_>>().join(", "))
}

fn inspect(value: &Value) -> String {
    match value {
        Value::Null => "nil".to_owned(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => inspect_text(text),
        Value::Array(elements) => {
            format!("[{}]", elements.iter().map(inspect).collect::<Vec<_>>().join(", "))
        }
        Value::Object(members) => inspect_hash(members),
    }
}

fn inspect_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{1b}' => out.push_str("\\e"),
            '#' if matches!(rest.peek(), Some('{' | '$' | '@')) => out.push_str("\\#"),
            c if c.is_control() => out.push_str(&format!("\\x{:02X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn inspected(value: Value) -> String {
        inspect_params(value.as_object().expect("an object"))
    }

    #[test]
    fn parameters_are_printed_as_ruby_does() {
        let params = json!({ "externalId": "B-2", "emails": [{ "type": "work", "primary": true }], "n": null, "i": 2 });
        assert_eq!(
            inspected(params),
            r#"{"externalId"=>"B-2", "emails"=>[{"type"=>"work", "primary"=>true}], "n"=>nil, "i"=>2}"#
        );
        assert_eq!(inspected(json!({ "a": "q\" b\\ #{x} # é\n" })), r##"{"a"=>"q\" b\\ \#{x} # é\n"}"##);
        assert_eq!(inspected(json!({})), "{}");
    }

    #[test]
    fn secrets_are_hidden() {
        for name in [
            "access_token",
            "password",
            "new_password_x",
            "client_secret",
            "api_key",
            "title",
            "searchFor",
            "Content",
        ] {
            assert_eq!(
                inspected(json!({ name: "hidden" })),
                format!("{{\"{name}\"=>\"[FILTERED]\"}}"),
                "{name}"
            );
        }
        for name in ["userName", "emails", "token_type", "keys", "subtitle", "displayName"] {
            assert!(inspected(json!({ name: "shown" })).contains("shown"), "{name}");
        }
        assert_eq!(
            inspected(json!({ "a": [{ "password": "x" }] })),
            r#"{"a"=>[{"password"=>"[FILTERED]"}]}"#
        );
    }

    #[test]
    fn sentences_are_joined_in_english() {
        assert_eq!(to_sentence(&["A"]), "A");
        assert_eq!(to_sentence(&["A", "B"]), "A and B");
        assert_eq!(to_sentence(&["A", "B", "C"]), "A, B, and C");
    }
}
