//! The JSON Schemas that come with scimspec, and their names.
//! Knows nothing of compiling.

use rust_embed::RustEmbed;
use serde_json::Value;

#[derive(RustEmbed)]
#[folder = "schemas/"]
struct Files;

const ENDING: &str = ".schema.json";
/// Schemas of scimspec's own files, and parts of others: nothing that an answer is judged by.
const OTHERS: &[&str] = &["common", "report", "suite"];

/// Names for `schema:` in suites: `list-response.schema.json` is `ListResponse`.
pub fn names() -> Vec<String> {
    let files = Files::iter();
    let stems = files.filter_map(|file| file.strip_suffix(ENDING).map(str::to_owned));
    let mut names: Vec<String> =
        stems.filter(|s| !OTHERS.contains(&s.as_str())).map(|s| pascal(&s)).collect();
    names.sort();
    names
}

/// File name of the schema called `name`.
pub fn file_name(name: &str) -> String {
    let mut file = String::new();
    for (i, c) in name.char_indices() {
        if c.is_ascii_uppercase() && i > 0 {
            file.push('-');
        }
        file.push(c.to_ascii_lowercase());
    }
    file + ENDING
}

/// Every schema that another may refer to, with its file name; those that are no JSON are left out.
pub fn all() -> Vec<(String, Value)> {
    let read = |file: &str| serde_json::from_slice(&Files::get(file)?.data).ok();
    Files::iter()
        .filter(|file| {
            file.ends_with(ENDING) && **file != *"report.schema.json" && **file != *"suite.schema.json"
        })
        .filter_map(|file| Some((file.to_string(), read(&file)?)))
        .collect()
}

fn pascal(stem: &str) -> String {
    let capitalised = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
            .unwrap_or_default()
    };
    stem.split('-').map(capitalised).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_files_belong_together() {
        let names = names();
        for name in [
            "BulkRequest",
            "BulkResponse",
            "EnterpriseUser",
            "Error",
            "Group",
            "ListResponse",
            "PatchOp",
            "ResourceType",
            "Schema",
            "SearchRequest",
            "ServiceProviderConfig",
            "User",
        ] {
            assert!(names.contains(&name.to_owned()), "{name} is not among {names:?}");
        }
        assert!(!names.contains(&"Common".to_owned()));
        for name in names {
            assert!(all().iter().any(|(file, _)| *file == file_name(&name)), "{name}");
        }
    }
}
