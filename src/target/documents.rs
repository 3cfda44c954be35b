//! Discovery documents that the user gives as files, for targets that publish none.
//! Sends nothing.

use std::path::Path;

use serde_json::Value;

/// ServiceProviderConfig, ResourceTypes and Schemas; what is given is not asked from the target.
#[derive(Debug, Clone, Default)]
pub struct Documents {
    pub service_provider_config: Option<Value>,
    /// A ListResponse, a list, or one resource.
    pub resource_types: Option<Value>,
    /// A ListResponse, a list, or one resource.
    pub schemas: Option<Value>,
    /// Where the target publishes no schema of User or Group, the attributes that every identity provider maps are
    /// taken as there, and not only what RFC 7643 requires.
    pub common_attributes: bool,
}

/// Why a file is no discovery document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadDocument {
    #[error("cannot read {path}: {message}")]
    Unreadable { path: String, message: String },
    #[error("{path}:{line}:{column}: not JSON: {message}")]
    NotJson { path: String, line: usize, column: usize, message: String },
    #[error("{path}: {message}")]
    Wrong { path: String, message: String },
}

impl Documents {
    /// Reads the files that are given.
    pub fn read(
        service_provider_config: Option<&Path>,
        resource_types: Option<&Path>,
        schemas: Option<&Path>,
    ) -> Result<Self, BadDocument> {
        Ok(Self {
            service_provider_config: service_provider_config.map(read_config).transpose()?,
            resource_types: resource_types
                .map(|path| read_list(path, "ResourceType", &["name", "endpoint", "schema"]))
                .transpose()?,
            schemas: schemas.map(|path| read_list(path, "Schema", &["id"])).transpose()?,
            common_attributes: false,
        })
    }
}

/// Reads a file as JSON.
pub(super) fn read_json(path: &Path) -> Result<Value, BadDocument> {
    let shown = path.display().to_string();
    let bytes = std::fs::read(path)
        .map_err(|error| BadDocument::Unreadable { path: shown.clone(), message: error.to_string() })?;
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    serde_json::from_slice(text).map_err(|error| BadDocument::NotJson {
        path: shown,
        line: error.line(),
        column: error.column(),
        message: error.to_string().split(" at line").next().unwrap_or_default().to_owned(),
    })
}

fn wrong(path: &Path, message: impl Into<String>) -> BadDocument {
    BadDocument::Wrong { path: path.display().to_string(), message: message.into() }
}

fn read_config(path: &Path) -> Result<Value, BadDocument> {
    let document = read_json(path)?;
    if document.is_object() { Ok(document) } else { Err(wrong(path, "a ServiceProviderConfig is an object")) }
}

fn read_list(path: &Path, what: &str, required: &[&str]) -> Result<Value, BadDocument> {
    let document = read_json(path)?;
    let items = super::discover::items(&document);
    if items.is_empty() {
        return Err(wrong(path, format!("it holds no {what}: give a ListResponse, a list or one resource")));
    }
    for (index, item) in items.iter().enumerate() {
        if let Some(name) = required.iter().find(|name| !item.get(**name).is_some_and(Value::is_string)) {
            return Err(wrong(path, format!("{what} number {} has no `{name}`", index + 1)));
        }
    }
    Ok(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        std::io::Write::write_all(&mut file, text.as_bytes()).expect("written");
        file
    }

    #[test]
    fn one_resource_a_list_and_a_list_response_will_do() {
        for text in [r#"{"id":"urn:x"}"#, r#"[{"id":"urn:x"}]"#, r#"{"Resources":[{"id":"urn:x"}]}"#] {
            let file = file(text);
            assert!(Documents::read(None, None, Some(file.path())).is_ok(), "{text}");
        }
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        let broken = file("{\n  \"a\": ,\n}");
        let error = Documents::read(Some(broken.path()), None, None).expect_err("not JSON").to_string();
        assert!(error.contains(":2:8: not JSON: expected value"), "{error}");
        let lacking = file(r#"[{"name":"User","endpoint":"/Users","schema":"urn:u"},{"name":"Group"}]"#);
        let error = Documents::read(None, Some(lacking.path()), None).expect_err("lacks").to_string();
        assert!(error.ends_with("ResourceType number 2 has no `endpoint`"), "{error}");
        assert!(matches!(
            Documents::read(None, None, Some(Path::new("/no/such/file"))),
            Err(BadDocument::Unreadable { .. })
        ));
    }
}
