//! Starting data: resources from a file, and generated people and groups.
//! Must not know the service that takes them.

mod groups;
mod names;
mod people;
mod random;

use std::path::{Path, PathBuf};

use serde_json::Value;

/// Why starting data cannot be used; each says where in which file.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    #[error("{}: {error}", file.display())]
    Unreadable { file: PathBuf, error: std::io::Error },
    #[error("{}:{line}:{column}: {reason}", file.display())]
    Malformed { file: PathBuf, line: usize, column: usize, reason: String },
    #[error("{}:{line}:{column}: resource {index}: {reason}", file.display())]
    Invalid {
        file: PathBuf,
        line: usize,
        column: usize,
        /// Counted from 0, as in a JSON Pointer.
        index: usize,
        reason: String,
    },
}

/// A file of resources: a JSON list of objects, each with its `schemas`.
#[derive(Debug)]
pub struct Data {
    file: PathBuf,
    text: String,
    resources: Vec<Value>,
}

impl Data {
    /// Reads a file. Error: it is unreadable, no JSON, no list, or an element is no object with `schemas`.
    pub fn read(file: &Path) -> Result<Self, DataError> {
        let bytes =
            std::fs::read(file).map_err(|error| DataError::Unreadable { file: file.to_owned(), error })?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
            let (line, column) = end(&String::from_utf8_lossy(valid));
            DataError::Malformed { file: file.to_owned(), line, column, reason: "not UTF-8".to_owned() }
        })?;
        Self::parse(file, text)
    }

    fn parse(file: &Path, text: String) -> Result<Self, DataError> {
        let malformed =
            |line, column, reason| DataError::Malformed { file: file.to_owned(), line, column, reason };
        let document: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
            let reason = error.to_string();
            // The place stands in front, where editors look for it.
            let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
            malformed(error.line(), error.column(), reason)
        })?;
        let Value::Array(resources) = document else {
            return Err(malformed(
                1,
                1,
                "expected a list of resources: [{\"schemas\": […], …}, …]".to_owned(),
            ));
        };
        let data = Self { file: file.to_owned(), text, resources };
        for (index, resource) in data.resources.iter().enumerate() {
            check_form(resource).map_err(|reason| data.refused(index, reason))?;
        }
        Ok(data)
    }

    /// The resources, in the order of the file.
    pub fn resources(&self) -> &[Value] {
        &self.resources
    }

    /// The error for a resource that the service refused, at this place of [`Data::resources`].
    pub fn refused(&self, index: usize, reason: impl Into<String>) -> DataError {
        let (line, column) = place(&self.text, index);
        DataError::Invalid { file: self.file.clone(), line, column, index, reason: reason.into() }
    }
}

fn check_form(resource: &Value) -> Result<(), String> {
    let fields = resource.as_object().ok_or("expected an object")?;
    let schemas =
        fields.iter().find(|(name, _)| name.eq_ignore_ascii_case("schemas")).map(|(_, schemas)| schemas);
    match schemas.and_then(Value::as_array) {
        Some(schemas) if !schemas.is_empty() && schemas.iter().all(Value::is_string) => Ok(()),
        _ => Err("expected `schemas`, a list of schema URNs that is not empty".to_owned()),
    }
}

/// Line and column, from 1, right behind a text.
fn end(text: &str) -> (usize, usize) {
    let last = text.rsplit('\n').next().unwrap_or_default();
    (text.matches('\n').count() + 1, last.chars().count() + 1)
}

/// Line and column, from 1, of an element of the list that `text` is. The text is known to be JSON.
fn place(text: &str, index: usize) -> (usize, usize) {
    let (mut line, mut column) = (1, 0);
    let (mut depth, mut element) = (0_usize, 0_usize);
    let (mut in_string, mut escaped) = (false, false);
    for c in text.chars() {
        column += 1;
        if in_string {
            (in_string, escaped) = (escaped || c != '"', !escaped && c == '\\');
        } else if depth == 1 && element == index && !c.is_whitespace() && c != ',' {
            return (line, column);
        } else {
            match c {
                '"' => in_string = true,
                '[' | '{' => depth += 1,
                ']' | '}' => depth = depth.saturating_sub(1),
                ',' if depth == 1 => element += 1,
                '\n' => (line, column) = (line + 1, 0),
                _ => {}
            }
        }
    }
    (line, column)
}

/// Resources in a batch of [`Population::in_batches`].
const BATCH: usize = 1000;

/// Generated starting data: the same seed and sizes give the same resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Population {
    pub users: usize,
    pub groups: usize,
    pub seed: u64,
}

impl Population {
    /// Users, each with an `id` and after its manager, then groups of them, each after the group that it holds.
    pub fn resources(self) -> impl Iterator<Item = Value> {
        let users = (0..self.users).map(move |number| people::user(self.seed, number));
        let groups = (0..self.groups).map(move |number| groups::group(self, number));
        users.chain(groups)
    }

    /// Hands the same resources to `take`, a batch at a time, so that memory does not grow with the population.
    /// A batch refers to itself and to those before it only. The first error ends it.
    pub fn in_batches<E>(self, mut take: impl FnMut(&[Value]) -> Result<(), E>) -> Result<(), E> {
        let mut resources = self.resources();
        loop {
            let batch: Vec<Value> = resources.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                return Ok(());
            }
            take(&batch)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn told(text: &str) -> String {
        Data::parse(Path::new("people.json"), text.to_owned()).unwrap_err().to_string()
    }

    #[test]
    fn every_mistake_in_a_file_has_its_place() {
        assert_eq!(told("[\n  {\"a\": tru}\n]"), "people.json:2:12: expected ident");
        assert_eq!(told("[{}"), "people.json:1:3: EOF while parsing a list");
        assert!(told("{}").starts_with("people.json:1:1: expected a list of resources"));
        assert!(
            told("[\n {\"schemas\": [\"a\"]},\n   7]")
                .starts_with("people.json:3:4: resource 1: expected an object")
        );
        let tricky = "[{\"schemas\": [\"a,]}\\\"\"], \"x\": [1, {}]},\n\t{\"schemas\": []}]";
        assert!(
            told(tricky).starts_with("people.json:2:2: resource 1: expected `schemas`"),
            "{}",
            told(tricky)
        );
        let folder = tempfile::tempdir().unwrap();
        let latin = folder.path().join("latin.json");
        std::fs::write(&latin, b"[\n \"\xe9\"]").unwrap();
        let latin = Data::read(&latin).unwrap_err().to_string();
        assert!(latin.ends_with("latin.json:2:3: not UTF-8"), "{latin}");
        let missing = Data::read(Path::new("/nowhere/people.json")).unwrap_err().to_string();
        assert!(missing.starts_with("/nowhere/people.json: "), "{missing}");
    }

    #[test]
    fn what_the_service_refuses_is_told_with_its_place() {
        let text = "[{\"schemas\": [\"a\"]},\n{\"schemas\": [\"b\"]}]";
        let data = Data::parse(Path::new("people.json"), text.to_owned()).unwrap();
        assert_eq!(data.resources().len(), 2);
        let told = data.refused(1, "userName is missing").to_string();
        assert_eq!(told, "people.json:2:1: resource 1: userName is missing");
    }

    #[test]
    fn batches_hold_every_resource_once_and_end_with_the_first_error() {
        let population = Population { users: 2500, groups: 10, seed: 7 };
        let mut taken = Vec::new();
        let outcome: Result<(), ()> = population.in_batches(|batch| {
            taken.extend_from_slice(batch);
            Ok(())
        });
        assert_eq!(outcome, Ok(()));
        assert!(taken.into_iter().eq(population.resources()));
        let mut batches = 0;
        let outcome = population.in_batches(|_| {
            batches += 1;
            Err("no")
        });
        assert_eq!((outcome, batches), (Err("no"), 1));
    }

    #[test]
    fn a_population_is_repeatable_and_differs_by_seed() {
        let of = |seed| Population { users: 50, groups: 5, seed }.resources().collect::<Vec<_>>();
        assert_eq!(of(7), of(7));
        assert_ne!(of(7), of(8));
        assert_eq!(of(7).len(), 55);
    }

    #[test]
    fn references_are_whole_and_names_unique() {
        let mut ids = HashSet::new();
        let mut names = HashSet::new();
        for resource in (Population { users: 2000, groups: 300, seed: 1 }).resources() {
            for name in ["userName", "externalId", "displayName"] {
                let unique = name != "displayName" || resource.get("members").is_some();
                if let (true, Some(value)) = (unique, resource[name].as_str()) {
                    assert!(
                        names.insert(format!("{name} {}", value.to_lowercase())),
                        "{value} appears twice"
                    );
                }
            }
            let manager =
                &resource["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]["manager"]["value"];
            let members = resource["members"].as_array().cloned().unwrap_or_default();
            let mut within = HashSet::new();
            for reference in members.iter().map(|member| &member["value"]).chain([manager]) {
                if let Some(reference) = reference.as_str() {
                    assert!(ids.contains(reference), "{reference} comes later or never");
                    assert!(within.insert(reference.to_owned()), "{reference} is a member twice");
                }
            }
            assert!(ids.insert(resource["id"].as_str().unwrap().to_owned()));
        }
    }

    #[test]
    fn groups_without_users_are_empty() {
        let groups: Vec<_> = Population { users: 0, groups: 3, seed: 1 }.resources().collect();
        assert!(groups.iter().all(|group| {
            group["members"]
                .as_array()
                .is_none_or(|members| members.iter().all(|member| member["type"] == "Group"))
        }));
    }
}
