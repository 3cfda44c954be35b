//! Schemas, resource types and tokens from files, for a mock that serves more than the core ones.
//! Must not know what a service does with them.

mod check;
mod wrong;

use std::path::Path;

use serde_json::Value;

use self::wrong::Object;
pub use self::wrong::Wrong;
use super::json_list::{JsonList, ListError};
use super::{Settings, Token};
use crate::nearest::nearest;
use crate::scim::{ResourceType, Schema};

/// Adds the schemas of a file; one whose id is known takes the place of that schema.
pub fn add_schemas(settings: &mut Settings, file: &Path) -> Result<(), ListError> {
    each(file, |value| add_schema(settings, value))
}

/// Adds the resource types of a file; one whose name is known takes the place of that type.
/// Their schemas must be there already.
pub fn add_resource_types(settings: &mut Settings, file: &Path) -> Result<(), ListError> {
    each(file, |value| add_resource_type(settings, value))
}

/// Adds the tokens of a file, each an object with `token` and, where it has them, `user`, `tenant` and `readOnly`.
pub fn add_tokens(settings: &mut Settings, file: &Path) -> Result<(), ListError> {
    each(file, |value| add_token(settings, value))
}

fn each(file: &Path, mut add: impl FnMut(&Value) -> Result<(), Wrong>) -> Result<(), ListError> {
    let list = JsonList::read(file)?;
    for (index, value) in list.elements().iter().enumerate() {
        add(value).map_err(|wrong| list.refused_at(index, &wrong.pointer, wrong.reason))?;
    }
    Ok(())
}

/// Adds one schema, a Schema resource.
pub fn add_schema(settings: &mut Settings, value: &Value) -> Result<(), Wrong> {
    check::schema(value)?;
    let read = Schema::from_json(value);
    let schema = read.ok_or_else(|| wrong("", "this is no schema"))?;
    put(&mut settings.schemas, schema, |known, new| known.id.eq_ignore_ascii_case(&new.id));
    Ok(())
}

/// Adds one resource type, a ResourceType resource.
pub fn add_resource_type(settings: &mut Settings, value: &Value) -> Result<(), Wrong> {
    check::resource_type(value)?;
    let read = ResourceType::from_json(value);
    let new = read.ok_or_else(|| wrong("", "this is no resource type"))?;
    let known = |id: &str| settings.schemas.iter().any(|schema| schema.id.eq_ignore_ascii_case(id));
    let missing = |id: &str| format!("there is no schema {id}; add it with --schemas");
    if !known(&new.schema) {
        return Err(wrong("/schema", missing(&new.schema)));
    }
    for (place, extension) in new.extensions.iter().enumerate() {
        if !known(&extension.schema) {
            return Err(wrong(&format!("/schemaExtensions/{place}/schema"), missing(&extension.schema)));
        }
    }
    let mut others = settings.resource_types.iter().filter(|known| known.name != new.name);
    if let Some(other) = others.find(|other| other.endpoint == new.endpoint) {
        return Err(wrong("/endpoint", format!("{} is the endpoint of {}", new.endpoint, other.name)));
    }
    put(&mut settings.resource_types, new, |known, new| known.name == new.name);
    Ok(())
}

/// Adds one token. What is wrong with it is told without it.
fn add_token(settings: &mut Settings, value: &Value) -> Result<(), Wrong> {
    const NAMES: [&str; 4] = ["token", "user", "tenant", "readOnly"];
    let given = Object::of(value, "")?;
    if let Some(unknown) = given.names().find(|name| !NAMES.contains(name)) {
        let near = nearest(unknown, NAMES).map(|near| format!("; did you mean `{near}`?"));
        return Err(wrong("", format!("there is no `{unknown}`{}", near.unwrap_or_default())));
    }
    let mut token = Token::new(given.needed_text("token")?);
    if !token.value.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(given.wrong("token", "a header field cannot carry it: expected ASCII without spaces"));
    }
    if settings.tokens.iter().any(|known| known.value == token.value) {
        return Err(given.wrong("token", "this token is there already"));
    }
    if let Some(tenant) = given.text("tenant")? {
        token = token.tenant(tenant);
    }
    if let Some(user) = given.text("user")? {
        token = token.user(user);
    }
    token.read_only = given.flag("readOnly")?;
    settings.tokens.push(token);
    Ok(())
}

fn wrong(pointer: &str, reason: impl Into<String>) -> Wrong {
    Wrong { pointer: pointer.to_owned(), reason: reason.into() }
}

fn put<T>(list: &mut Vec<T>, new: T, same: impl Fn(&T, &T) -> bool) {
    match list.iter_mut().find(|known| same(known, &new)) {
        Some(known) => *known = new,
        None => list.push(new),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn file(folder: &tempfile::TempDir, text: &str) -> PathBuf {
        let path = folder.path().join("list.json");
        std::fs::write(&path, text).expect("a file");
        path
    }

    /// What is told of a file, behind its name.
    fn told(add: fn(&mut Settings, &Path) -> Result<(), ListError>, text: &str) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let error = add(&mut Settings::default(), &file(&folder, text)).expect_err(text).to_string();
        error.split("list.json:").nth(1).unwrap_or(&error).to_owned()
    }

    #[test]
    fn a_resource_type_comes_with_its_schema() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut settings = Settings::default();
        let types = r#"[{"name": "Device", "endpoint": "/Devices", "schema": "urn:example:Device"}]"#;
        let early = told(add_resource_types, types);
        assert_eq!(early, "1:55: element 0: there is no schema urn:example:Device; add it with --schemas");
        let schemas =
            r#"[{"id": "urn:example:Device", "attributes": [{"name": "serial", "type": "string"}]}]"#;
        add_schemas(&mut settings, &file(&folder, schemas)).expect("a schema");
        add_resource_types(&mut settings, &file(&folder, types)).expect("a type");
        assert_eq!(settings.resource_types.last().expect("a type").endpoint, "/Devices");
    }

    #[test]
    fn a_known_schema_is_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut settings = Settings::default();
        let before = settings.schemas.len();
        let schemas = r#"[{"id": "urn:ietf:params:scim:schemas:core:2.0:Group", "attributes": [{"name": "displayName"}]}]"#;
        add_schemas(&mut settings, &file(&folder, schemas)).expect("a schema");
        assert_eq!(settings.schemas.len(), before);
    }

    #[test]
    fn what_the_service_itself_publishes_is_taken() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut settings = Settings::default();
        let schemas: Vec<Value> = settings.schemas.iter().map(Schema::to_json).collect();
        let types: Vec<Value> = settings.resource_types.iter().map(ResourceType::to_json).collect();
        let before = (settings.schemas.clone(), settings.resource_types.clone());
        let saved = serde_json::json!({ "totalResults": schemas.len(), "Resources": schemas });
        add_schemas(&mut settings, &file(&folder, &saved.to_string())).expect("schemas");
        let saved = serde_json::json!({ "Resources": types });
        add_resource_types(&mut settings, &file(&folder, &saved.to_string())).expect("types");
        assert_eq!((settings.schemas, settings.resource_types), before);
    }

    #[test]
    fn mistakes_in_a_schema_are_told_with_their_place() {
        for (attributes, expected) in [
            (r#"{"name": "a"}"#, "1:32: element 0: `attributes` must be a list"),
            ("[7]", "1:33: element 0: expected an object"),
            (r#"[{"type": "string"}]"#, "1:33: element 0: `name` is missing"),
            (r#"[{"name": "a b"}]"#, "1:42: element 0: \"a b\" is no attribute name (RFC 7643 §2.1)"),
            (r#"[{"name": "a"}, {"name": "A"}]"#, "1:57: element 0: another attribute is called \"A\""),
            (
                r#"[{"name": "a", "mutability": "readonl"}]"#,
                "1:61: element 0: `mutability` is \"readonl\", expected readOnly, readWrite, immutable, writeOnly; \
                 did you mean `readOnly`?",
            ),
            (
                r#"[{"name": "a", "multiValued": "yes"}]"#,
                "1:62: element 0: `multiValued` must be true or false",
            ),
            (r#"[{"name": "a", "canonicalValues": ["x", 7]}]"#, "1:72: element 0: expected a text"),
            (
                r#"[{"name": "a", "subAttributes": [{"name": "b"}]}]"#,
                "1:64: element 0: only a complex attribute has sub-attributes",
            ),
            (
                r#"[{"name": "a", "type": "complex", "subAttributes": [{"name": "b", "type": "strng"}]}]"#,
                "1:106: element 0: `type` is \"strng\", expected string, boolean, decimal, integer, dateTime, \
                 binary, reference, complex; did you mean `string`?",
            ),
        ] {
            let text = format!(r#"[{{"id": "urn:x", "attributes": {attributes}}}]"#);
            assert_eq!(told(add_schemas, &text), expected, "{text}");
        }
        assert_eq!(told(add_schemas, r#"[{"id": "x"}]"#), "1:9: element 0: `id` is \"x\", expected a URI");
        assert_eq!(told(add_schemas, "[\n{}]"), "2:1: element 0: `id` is missing");
    }

    #[test]
    fn mistakes_in_a_resource_type_are_told_with_their_place() {
        let user = "urn:ietf:params:scim:schemas:core:2.0:User";
        for (members, expected) in [
            (
                r#""endpoint": "Ds""#,
                "1:28: element 0: `endpoint` is \"Ds\", expected one such as \"/Devices\"",
            ),
            (
                r#""endpoint": "/a/b""#,
                "1:28: element 0: `endpoint` is \"/a/b\", expected one such as \"/Devices\"",
            ),
            (r#""endpoint": "/Bulk""#, "1:28: element 0: /Bulk is the service's own"),
            (r#""endpoint": "/Users""#, "1:28: element 0: /Users is the endpoint of User"),
            (r#""endpoint": 7"#, "1:28: element 0: `endpoint` must be a text that is not empty"),
            (
                r#""schemaExtensions": "x", "endpoint": "/Ds""#,
                "1:36: element 0: `schemaExtensions` must be a list",
            ),
            (
                r#""endpoint": "/Ds", "schemaExtensions": [{"schema": "urn:no"}]"#,
                "1:67: element 0: there is no schema urn:no; add it with --schemas",
            ),
            (r#""x": 1"#, "1:2: element 0: `endpoint` is missing"),
        ] {
            let text = format!(r#"[{{"name": "D", {members}, "schema": "{user}"}}]"#);
            assert_eq!(told(add_resource_types, &text), expected, "{text}");
        }
    }

    #[test]
    fn tokens_have_users_and_tenants() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut settings = Settings { tokens: Vec::new(), ..Settings::default() };
        let text = r#"[{"token": "t", "user": "ada", "tenant": "acme"}, {"token": "u", "readOnly": true}]"#;
        add_tokens(&mut settings, &file(&folder, text)).expect("tokens");
        let expected = [Token::new("t").tenant("acme").user("ada"), Token::new("u").read_only()];
        assert_eq!(settings.tokens, expected);
    }

    #[test]
    fn mistakes_in_tokens_are_told_without_them() {
        for (text, expected) in [
            (r#"[{"user": "ada"}]"#, "1:2: element 0: `token` is missing"),
            (r#"[{"token": 7}]"#, "1:12: element 0: `token` must be a text that is not empty"),
            (
                r#"[{"token": "planted", "tennant": "x"}]"#,
                "1:2: element 0: there is no `tennant`; did you mean `tenant`?",
            ),
            (
                r#"[{"token": "planted", "readOnly": "yes"}]"#,
                "1:35: element 0: `readOnly` must be true or false",
            ),
            (
                r#"[{"token": "planted"}, {"token": "planted"}]"#,
                "1:34: element 1: this token is there already",
            ),
            (
                r#"[{"token": "planted secret"}]"#,
                "1:12: element 0: a header field cannot carry it: expected ASCII without spaces",
            ),
        ] {
            assert_eq!(told(add_tokens, text), expected, "{text}");
        }
    }
}
