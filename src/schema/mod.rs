//! Compiled JSON Schemas: those of `schemas/`, and those made from a target's own /Schemas.
//! Knows no case.

mod compiled;
pub mod date_time;
mod fold;
mod source;
mod target;
pub mod uri;
pub mod validate;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, OnceLock};

use serde_json::Value;

use crate::scim;
use compiled::Compiled;

/// The JSON Schemas that expectations can name, each compiled when it is first used.
///
/// Member names are compared without regard to case (RFC 7643 §2.1).
pub struct Registry {
    entries: BTreeMap<String, Entry>,
}

/// One way in which a document breaks a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// JSON Pointer into the document.
    pub pointer: String,
    /// What is wrong, without quoting the document.
    pub message: String,
}

enum Source {
    /// A file of `schemas/`, by its name in suites.
    BuiltIn,
    Target(Box<target::Description>),
}

struct Entry {
    source: Source,
    compiled: Arc<OnceLock<Result<Compiled, String>>>,
}

/// The embedded schemas, compiled once for all runs of this process.
static BUILTIN: LazyLock<BTreeMap<String, Arc<OnceLock<Result<Compiled, String>>>>> =
    LazyLock::new(|| source::names().into_iter().map(|name| (name, Arc::default())).collect());

impl Registry {
    /// The embedded schemas, by file name without `.schema.json` in PascalCase: `User`, `ListResponse` ….
    pub fn builtin() -> Self {
        let entry = |compiled: &Arc<_>| Entry { source: Source::BuiltIn, compiled: Arc::clone(compiled) };
        Self { entries: BUILTIN.iter().map(|(name, compiled)| (name.clone(), entry(compiled))).collect() }
    }

    /// Adds `target:NAME` for each of the target's resource types whose schema is among `schemas`.
    ///
    /// Such a schema asks for required attributes, for values of the types that the target states, and that
    /// attributes which are never returned are absent. All else is let pass.
    pub fn with_target(mut self, types: &[scim::ResourceType], schemas: &[scim::Schema]) -> Self {
        for resource_type in types {
            let Some(description) = target::Description::of(resource_type, schemas) else { continue };
            let source = Source::Target(Box::new(description));
            let entry = Entry { source, compiled: Arc::default() };
            self.entries.insert(format!("target:{}", resource_type.name), entry);
        }
        self
    }

    /// Every name that [`Registry::validate`] knows, sorted.
    pub fn names(&self) -> Vec<String> {
        self.entries.keys().cloned().collect()
    }

    /// What is wrong with `document` by the schema `name`; `None` where no schema has that name, or where one that
    /// was made from the target's description cannot be used.
    pub fn validate(&self, name: &str, document: &Value) -> Option<Vec<Violation>> {
        let entry = self.entries.get(name)?;
        let compiled = entry.compiled.get_or_init(|| match &entry.source {
            Source::BuiltIn => compile_builtin(name),
            Source::Target(description) => Compiled::new(&description.json_schema(), &[]),
        });
        Some(compiled.as_ref().ok()?.validate(document))
    }
}

fn compile_builtin(name: &str) -> Result<Compiled, String> {
    let all = source::all();
    let file = source::file_name(name);
    let (_, schema) = all.iter().find(|(f, _)| *f == file).ok_or_else(|| format!("there is no {file}"))?;
    Compiled::new(schema, &all)
}

#[cfg(test)]
mod tests;
