//! Schemas, resource types and tokens from files, for a mock that serves more than the core ones.
//! Must not know what a service does with them.

use std::path::Path;

use serde_json::Value;

use super::json_list::{JsonList, ListError};
use super::{Settings, Token};
use crate::scim::{ResourceType, Schema};

/// Adds the schemas of a file; one whose id is known takes the place of that schema.
pub fn add_schemas(settings: &mut Settings, file: &Path) -> Result<(), ListError> {
    let list = JsonList::read(file)?;
    for (index, value) in list.elements().iter().enumerate() {
        add_schema(settings, value).map_err(|reason| list.refused(index, reason))?;
    }
    Ok(())
}

/// Adds the resource types of a file; one whose name is known takes the place of that type.
/// Their schemas must be there already.
pub fn add_resource_types(settings: &mut Settings, file: &Path) -> Result<(), ListError> {
    let list = JsonList::read(file)?;
    for (index, value) in list.elements().iter().enumerate() {
        add_resource_type(settings, value).map_err(|reason| list.refused(index, reason))?;
    }
    Ok(())
}

/// Adds one schema, a Schema resource. Error: what is not understood of it.
pub fn add_schema(settings: &mut Settings, value: &Value) -> Result<(), String> {
    let schema = Schema::from_json(value).ok_or("a schema needs an `id`")?;
    if let Some(name) = unread(value, &schema) {
        return Err(format!("attribute {name} of {} is not understood", schema.id));
    }
    put(&mut settings.schemas, schema, |known, new| known.id.eq_ignore_ascii_case(&new.id));
    Ok(())
}

/// Adds one resource type, a ResourceType resource. Error: what is wrong with it.
pub fn add_resource_type(settings: &mut Settings, value: &Value) -> Result<(), String> {
    let new =
        ResourceType::from_json(value).ok_or("a resource type needs `name`, `endpoint` and `schema`")?;
    if !new.endpoint.starts_with('/') || new.endpoint.len() == 1 {
        return Err(format!("`endpoint` is {:?}; expected such as \"/Devices\"", new.endpoint));
    }
    for id in new.extensions.iter().map(|extension| &extension.schema).chain([&new.schema]) {
        if !settings.schemas.iter().any(|schema| schema.id.eq_ignore_ascii_case(id)) {
            return Err(format!("there is no schema {id}; add it with --schemas"));
        }
    }
    put(&mut settings.resource_types, new, |known, new| known.name == new.name);
    Ok(())
}

/// The tokens of a file, each an object with `token` and, where it has them, `user`, `tenant` and `readOnly`.
pub fn tokens(file: &Path) -> Result<Vec<Token>, ListError> {
    let list = JsonList::read(file)?;
    let read = |(index, value): (usize, &Value)| {
        let text = |name: &str| value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let token = text("token").ok_or_else(|| list.refused(index, "expected a `token`"))?;
        let mut token = Token::new(token);
        if let Some(tenant) = text("tenant") {
            token = token.tenant(tenant);
        }
        if let Some(user) = text("user") {
            token = token.user(user);
        }
        token.read_only = value.get("readOnly").and_then(Value::as_bool).unwrap_or(false);
        Ok(token)
    };
    list.elements().iter().enumerate().map(read).collect()
}

/// The first attribute that reading left out or changed, because of a missing name or an unknown keyword.
fn unread(value: &Value, schema: &Schema) -> Option<String> {
    let given = value.get("attributes").and_then(Value::as_array)?;
    if given.len() != schema.attributes.len() {
        return Some("without a name".to_owned());
    }
    let written = schema.to_json();
    let known = written.get("attributes").and_then(Value::as_array)?;
    given.iter().zip(known).find_map(|(given, known)| {
        ["type", "mutability", "returned", "uniqueness"].into_iter().find_map(|keyword| {
            let wanted = given.get(keyword)?.as_str();
            let taken = known.get(keyword).and_then(Value::as_str)?;
            let same = wanted.is_some_and(|wanted| wanted.eq_ignore_ascii_case(taken));
            (!same)
                .then(|| format!("{} ({keyword})", known.get("name").and_then(Value::as_str).unwrap_or("?")))
        })
    })
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

    #[test]
    fn a_resource_type_comes_with_its_schema() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut settings = Settings::default();
        let types = r#"[{"name": "Device", "endpoint": "/Devices", "schema": "urn:example:Device"}]"#;
        let early = add_resource_types(&mut settings, &file(&folder, types)).expect_err("no such schema");
        assert!(early.to_string().ends_with(
            "list.json:1:2: element 0: there is no schema urn:example:Device; add it with --schemas"
        ));
        let schemas =
            r#"[{"id": "urn:example:Device", "attributes": [{"name": "serial", "type": "string"}]}]"#;
        add_schemas(&mut settings, &file(&folder, schemas)).expect("a schema");
        add_resource_types(&mut settings, &file(&folder, types)).expect("a type");
        assert_eq!(settings.resource_types.last().expect("a type").endpoint, "/Devices");
    }

    #[test]
    fn unknown_keywords_are_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let schemas =
            r#"[{"id": "urn:x", "attributes": [{"name": "a", "type": "string", "mutability": "frozen"}]}]"#;
        let told = add_schemas(&mut Settings::default(), &file(&folder, schemas)).expect_err("a keyword");
        assert!(told.to_string().ends_with("attribute a (mutability) of urn:x is not understood"), "{told}");
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
    fn tokens_have_users_and_tenants() {
        let folder = tempfile::tempdir().expect("a folder");
        let read = tokens(&file(&folder, r#"[{"token": "t", "user": "ada", "tenant": "acme"}]"#));
        assert_eq!(read.expect("tokens"), [Token::new("t").tenant("acme").user("ada")]);
        assert!(tokens(&file(&folder, r#"[{"user": "ada"}]"#)).is_err());
    }
}
