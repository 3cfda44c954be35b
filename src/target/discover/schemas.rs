//! Schemas: those that the target lists, those that it shows one by one, and the least that is certain without.
//! Judges nothing.

use serde_json::Value;

use crate::scim::Schema;

use super::lists::{self, items};
use super::{MOST_ATTRIBUTES, MOST_DOCUMENTS, Reader, defaults, shorten};

impl Reader<'_> {
    pub(super) async fn schemas(&mut self, given: Option<&Value>, common: bool) {
        let documents = match given {
            Some(document) => items(document).into_iter().cloned().collect(),
            None => self.list("/Schemas").await,
        };
        for document in documents.iter().take(MOST_DOCUMENTS) {
            self.add_schema(document);
        }
        for id in self.schemas_missing() {
            if given.is_none() {
                let path = format!("/Schemas/{}", crate::http::encode::path_encode(&id).replace("%3A", ":"));
                if let Some(document) = self.document(&path).await {
                    self.add_schema(lists::first_if_listed(&document));
                }
            }
            if self.found.capabilities.schema(&id).is_none()
                && let Some(schema) = if common { defaults::mapped(&id) } else { defaults::schema(&id) }
            {
                let taken =
                    if common { "what every identity provider maps" } else { "only what RFC 7643 requires" };
                self.problem(format!("no schema {id} is published; {taken} is leaned on"));
                self.found.capabilities.presumed.push(schema.id.clone());
                self.found.capabilities.schemas.push(schema);
            }
        }
    }

    fn add_schema(&mut self, document: &Value) {
        let Some(mut schema) = Schema::from_json(document) else {
            self.problem("a schema has no id");
            return;
        };
        if self.found.capabilities.schema(&schema.id).is_some() {
            self.problem(format!("the schema {} is listed twice", shorten(&schema.id)));
            return;
        }
        for doubt in lists::doubts(&schema, document) {
            self.problem(doubt);
        }
        if schema.attributes.len() > MOST_ATTRIBUTES {
            self.problem(format!(
                "the schema {} has {} attributes; the first {MOST_ATTRIBUTES} are looked at",
                shorten(&schema.id),
                schema.attributes.len()
            ));
        }
        schema.attributes.truncate(MOST_ATTRIBUTES);
        for attribute in &mut schema.attributes {
            attribute.sub_attributes.truncate(MOST_ATTRIBUTES);
        }
        self.found.capabilities.schemas.push(schema);
    }

    /// Schemas that the resource types name and that nobody has shown yet.
    fn schemas_missing(&self) -> Vec<String> {
        let capabilities = &self.found.capabilities;
        let mut ids: Vec<String> = Vec::new();
        for resource_type in &capabilities.resource_types {
            let extensions = resource_type.extensions.iter().map(|extension| &extension.schema);
            for id in std::iter::once(&resource_type.schema).chain(extensions) {
                if capabilities.schema(id).is_none() && !ids.contains(id) {
                    ids.push(id.clone());
                }
            }
        }
        ids.truncate(MOST_DOCUMENTS);
        ids
    }
}
