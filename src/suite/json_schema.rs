//! The JSON Schema of suites, for editors: `schemas/suite.schema.json`.
//! Must not be what suites are judged by: the types and their meaning are.

use serde_json::{Value, json};

use super::known::FEATURES;
use super::model::Suite;
use crate::spec::Catalogue;

/// The schema of a suite, with the ids of all requirements as words to choose from.
pub fn suite_schema(requirements: &Catalogue) -> Value {
    let mut schema = schemars::schema_for!(Suite).to_value();
    set(&mut schema, "", "title", json!("A suite of scimspec"));
    let ids: Vec<&str> = requirements.iter().map(|one| one.id.0.as_str()).collect();
    set(&mut schema, "/$defs/RequirementId", "enum", json!(ids));
    for owner in ["", "/$defs/Case"] {
        set(&mut schema, &format!("{owner}/properties/needs/items"), "examples", json!(needs()));
    }
    schema
}

/// What an editor offers in `needs`.
fn needs() -> Vec<&'static str> {
    let others =
        ["User", "Group", "EnterpriseUser", "User.title", "not sort", "credential second", "hook seed-user"];
    FEATURES.into_iter().chain(others).collect()
}

fn set(schema: &mut Value, pointer: &str, keyword: &str, value: Value) {
    if let Some(Value::Object(members)) = schema.pointer_mut(pointer) {
        members.insert(keyword.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/suite.schema.json");

    #[test]
    fn suite_schema_is_current() {
        let schema = suite_schema(Catalogue::builtin());
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            std::fs::write(PATH, &text).unwrap();
        }
        let stored = std::fs::read_to_string(PATH).unwrap_or_default();
        assert!(
            stored == text,
            "schemas/suite.schema.json is not what the types say: UPDATE_SCHEMAS=1 cargo test suite_schema"
        );
    }

    #[test]
    fn an_editor_sees_the_words_to_choose_from() {
        let schema = suite_schema(Catalogue::builtin());
        let ids = schema.pointer("/$defs/RequirementId/enum").and_then(Value::as_array).unwrap();
        assert!(ids.contains(&json!("7644-3.3-05")));
        assert!(schema.pointer("/$defs/Case/properties/needs/items/examples").is_some());
        let undescribed: Vec<_> = schema
            .pointer("/$defs/Step/properties")
            .and_then(Value::as_object)
            .unwrap()
            .iter()
            .filter(|(_, member)| member.get("description").is_none())
            .collect();
        assert!(undescribed.is_empty(), "{undescribed:?}");
    }
}
