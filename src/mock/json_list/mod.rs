//! A JSON file that is a list of objects: resources, schemas, resource types, tokens.
//! Must not know what the objects are for.

mod place;

use std::path::{Path, PathBuf};

use serde_json::Value;

/// Why a file cannot be used; each says where in which file.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    #[error("{}: {error}", file.display())]
    Unreadable { file: PathBuf, error: std::io::Error },
    #[error("{}:{line}:{column}: {reason}", file.display())]
    Malformed { file: PathBuf, line: usize, column: usize, reason: String },
    #[error("{}:{line}:{column}: element {index}: {reason}", file.display())]
    Invalid {
        file: PathBuf,
        line: usize,
        column: usize,
        /// Counted from 0, as in a JSON Pointer.
        index: usize,
        reason: String,
    },
}

/// A file that holds a JSON list of objects, or a ListResponse with one in `Resources`.
#[derive(Debug)]
pub struct JsonList {
    file: PathBuf,
    text: String,
    /// Whether the list stands in a ListResponse.
    nested: bool,
    elements: Vec<Value>,
}

impl JsonList {
    /// Reads a file. Error: it is unreadable, no JSON, no list, or an element is no object.
    pub fn read(file: &Path) -> Result<Self, ListError> {
        let bytes =
            std::fs::read(file).map_err(|error| ListError::Unreadable { file: file.to_owned(), error })?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
            let (line, column) = place::end(&String::from_utf8_lossy(valid));
            ListError::Malformed { file: file.to_owned(), line, column, reason: "not UTF-8".to_owned() }
        })?;
        Self::parse(file, text)
    }

    fn parse(file: &Path, text: String) -> Result<Self, ListError> {
        let malformed =
            |line, column, reason| ListError::Malformed { file: file.to_owned(), line, column, reason };
        let text = text.trim_start_matches('\u{feff}').to_owned();
        let document: Value = serde_json::from_str(&text).map_err(|error| {
            let reason = error.to_string();
            // The place stands in front, where editors look for it.
            let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
            let (line, column) = counted_in_characters(&text, error.line(), error.column());
            malformed(line, column, reason)
        })?;
        let (nested, document) = match document {
            Value::Object(mut response) => (true, response.remove("Resources").unwrap_or(Value::Null)),
            other => (false, other),
        };
        let Value::Array(elements) = document else {
            return Err(malformed(1, 1, "expected a list of objects: [{…}, …]".to_owned()));
        };
        let list = Self { file: file.to_owned(), text, nested, elements };
        match list.elements.iter().position(|element| !element.is_object()) {
            Some(index) => Err(list.refused(index, "expected an object")),
            None => Ok(list),
        }
    }

    /// The objects, in the order of the file.
    pub fn elements(&self) -> &[Value] {
        &self.elements
    }

    /// The error for an element that its user refused, at this place of [`JsonList::elements`].
    pub fn refused(&self, index: usize, reason: impl Into<String>) -> ListError {
        self.refused_at(index, "", reason)
    }

    /// The same for what stands at a JSON Pointer within the element.
    pub fn refused_at(&self, index: usize, pointer: &str, reason: impl Into<String>) -> ListError {
        let list = if self.nested { "/Resources" } else { "" };
        let (line, column) = place::of(&self.text, &format!("{list}/{index}{pointer}"));
        ListError::Invalid { file: self.file.clone(), line, column, index, reason: reason.into() }
    }
}

/// Editors count characters from 1; serde_json counts bytes, from 0 in an empty line.
fn counted_in_characters(text: &str, line: usize, column: usize) -> (usize, usize) {
    let whole = text.split('\n').nth(line.saturating_sub(1)).unwrap_or_default();
    let before = whole.as_bytes().get(..column.saturating_sub(1)).unwrap_or_default();
    (line.max(1), String::from_utf8_lossy(before).chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        JsonList::parse(Path::new("people.json"), text.to_owned()).unwrap_err().to_string()
    }

    #[test]
    fn every_mistake_in_a_file_has_its_place() {
        assert_eq!(told("[\n  {\"a\": tru}\n]"), "people.json:2:12: expected ident");
        assert_eq!(told("[{}"), "people.json:1:3: EOF while parsing a list");
        assert!(told("{}").starts_with("people.json:1:1: expected a list of objects"));
        assert!(told("[\n {},\n   7]").starts_with("people.json:3:4: element 1: expected an object"));
        let tricky = "[{\"schemas\": [\"a,]}\\\"\"], \"x\": [1, {}]},\n\t7]";
        assert!(told(tricky).starts_with("people.json:2:2: element 1: expected"), "{}", told(tricky));
        assert!(
            told("{\n\"Resources\": [7]}").starts_with("people.json:2:15: element 0: expected an object")
        );
        assert_eq!(told(""), "people.json:1:1: EOF while parsing a value");
        assert_eq!(told("[\"é\", x]"), "people.json:1:7: expected value");
        assert_eq!(told("\u{feff}[x]"), "people.json:1:2: expected value");
        let folder = tempfile::tempdir().unwrap();
        let latin = folder.path().join("latin.json");
        std::fs::write(&latin, b"[\n \"\xe9\"]").unwrap();
        let latin = JsonList::read(&latin).unwrap_err().to_string();
        assert!(latin.ends_with("latin.json:2:3: not UTF-8"), "{latin}");
        let missing = JsonList::read(Path::new("/nowhere/people.json")).unwrap_err().to_string();
        assert!(missing.starts_with("/nowhere/people.json: "), "{missing}");
    }

    #[test]
    fn what_is_refused_later_is_told_with_its_place() {
        let text = "[{\"schemas\": [\"a\"]},\n{\"schemas\": [\"b\"]}]";
        let list = JsonList::parse(Path::new("people.json"), text.to_owned()).unwrap();
        assert_eq!(list.elements().len(), 2);
        let told = list.refused(1, "userName is missing").to_string();
        assert_eq!(told, "people.json:2:1: element 1: userName is missing");
        let told = list.refused_at(1, "/schemas/0", "no schema").to_string();
        assert_eq!(told, "people.json:2:14: element 1: no schema");
    }

    #[test]
    fn a_saved_list_response_is_a_list() {
        let text = "{\"totalResults\": 1, \"Resources\": [{\"id\": \"a\"}]}".to_owned();
        assert_eq!(JsonList::parse(Path::new("schemas.json"), text).unwrap().elements().len(), 1);
    }
}
