//! Resource types: those that the target lists, with endpoints that lie below its base.
//! Judges nothing.

use serde_json::Value;

use crate::scim::ResourceType;

use super::lists::items;
use super::{MOST_DOCUMENTS, Reader, SCIM, defaults, shorten};

/// The most resource types that are judged: many cases are made for each of them.
const MOST_TYPES: usize = 50;
/// The longest name of a resource type, in bytes.
const LONGEST_NAME: usize = 100;

impl Reader<'_> {
    pub(super) async fn resource_types(&mut self, given: Option<&Value>) {
        let documents = match given {
            Some(document) => items(document).into_iter().cloned().collect(),
            None => self.list("/ResourceTypes").await,
        };
        let mut types: Vec<ResourceType> = Vec::new();
        for document in documents.iter().take(MOST_DOCUMENTS) {
            let Some(mut resource_type) = ResourceType::from_json(document) else {
                self.problem("a resource type lacks name, endpoint or schema");
                continue;
            };
            if resource_type.name.len() > LONGEST_NAME || resource_type.name.chars().any(char::is_control) {
                self.problem(format!(
                    "the name {} is none for a resource type",
                    shorten(&resource_type.name)
                ));
                continue;
            }
            if types.iter().any(|known| known.name.eq_ignore_ascii_case(&resource_type.name)) {
                self.problem(format!("the resource type {} is listed twice", shorten(&resource_type.name)));
                continue;
            }
            resource_type.extensions.truncate(MOST_DOCUMENTS);
            match self.endpoint(&resource_type) {
                Ok(endpoint) => {
                    resource_type.endpoint = endpoint;
                    types.push(resource_type);
                }
                Err(problem) => self.problem(problem),
            }
        }
        if types.is_empty() {
            types = self.default_types().await;
        }
        if types.len() > MOST_TYPES {
            self.problem(format!("of {} resource types the first {MOST_TYPES} are judged", types.len()));
            types.truncate(MOST_TYPES);
        }
        self.found.capabilities.resource_types = types;
    }

    /// Both resource types of RFC 7643, without Group where its endpoint is plainly not there.
    async fn default_types(&mut self) -> Vec<ResourceType> {
        self.problem("no resource types are known; /Users and /Groups are taken as there");
        let mut types = defaults::resource_types();
        let groups = self.get("target", "/Groups?count=1").await.map(|response| response.status);
        if let Some(status @ (404 | 405 | 501)) = groups {
            self.problem(format!("GET /Groups answers {status}; it is taken as not there"));
            types.retain(|resource_type| resource_type.endpoint != "/Groups");
        }
        types
    }

    /// The endpoint as a path below the base (RFC 7643 §6). One that leads elsewhere is refused: nothing but what
    /// lies below the base is the target's.
    fn endpoint(&mut self, resource_type: &ResourceType) -> Result<String, String> {
        let (name, text) = (shorten(&resource_type.name), resource_type.endpoint.trim());
        let left_out = |why: &str| format!("the resource type {name} is left out: {why}");
        let target = &self.session.target;
        let base = target.base(SCIM).map_err(|error| left_out(&error.to_string()))?.path().to_owned();
        if text.contains(['?', '#', '\\']) || text.chars().any(char::is_control) {
            return Err(left_out("its endpoint is no path"));
        }
        let url = target.resolve(SCIM, text).map_err(|error| left_out(&error.to_string()))?;
        let below = url.path().strip_prefix(&base).filter(|below| below.starts_with('/'));
        let below = below.map(|below| below.trim_end_matches('/')).filter(|below| !below.is_empty());
        let below = below.ok_or_else(|| left_out("its endpoint does not lie below the base URL"))?.to_owned();
        let twice = below.strip_prefix(&base).filter(|rest| !base.is_empty() && rest.starts_with('/'));
        match twice {
            Some(rest) => {
                self.problem(format!("the endpoint of {name} repeats the path of the base URL"));
                Ok(rest.to_owned())
            }
            None => Ok(below),
        }
    }
}
