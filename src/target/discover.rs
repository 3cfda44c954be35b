//! Discovery: what the target says about itself, read within bounds and without trust.
//! Knows no suite; what is wrong is told as problems, not judged.

mod auth;
mod defaults;
mod lists;

use serde_json::Value;

use crate::http::{Exchange, Response, TransportError};
use crate::scim::{ResourceType, Schema};

use super::{Capabilities, Documents, NotSent, SCIM, Session};

pub use lists::items;

/// The most resource types, and the most schemas, that are taken in.
const MOST_DOCUMENTS: usize = 200;
/// The most attributes of one schema, and sub-attributes of one attribute, that are taken in.
const MOST_ATTRIBUTES: usize = 1000;

/// What discovery found.
#[derive(Debug, Clone, Default)]
pub struct Discovery {
    pub capabilities: Capabilities,
    /// What was absent or broken, a sentence each.
    pub problems: Vec<String>,
    /// Every exchange that was made for it.
    pub exchanges: Vec<Exchange>,
    /// Why the target cannot be judged at all: no request reached it, or each was refused as unauthorised.
    pub unusable: Option<Unusable>,
}

/// Why a target cannot be judged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    #[error("the target cannot be reached: {0}")]
    Unreachable(TransportError),
    #[error("{0}")]
    NotSent(NotSent),
    #[error("the target refuses every request as unauthorised ({0})")]
    Unauthorised(u16),
}

/// Reads ServiceProviderConfig, ResourceTypes and Schemas (RFC 7644 §4), those of `documents` without asking,
/// then lays `assumptions` over what was found.
///
/// Where the target shows no ServiceProviderConfig, no feature counts as supported; where it shows no resource
/// types, `/Users` and `/Groups` are taken as there; where it shows no schema, only what RFC 7643 requires of a
/// User (userName) and of a Group (displayName, members) is taken as there, so that no case leans on an
/// attribute that the server may not have.
pub async fn discover(session: &Session, documents: &Documents, assumptions: &[String]) -> Discovery {
    let mut reader = Reader { session, found: Discovery::default(), outcomes: Vec::new() };
    let config = match &documents.service_provider_config {
        Some(given) => Some(given.clone()),
        None => reader.document("/ServiceProviderConfig").await,
    };
    reader.features(config.as_ref());
    reader.resource_types(documents.resource_types.as_ref()).await;
    reader.schemas(documents.schemas.as_ref()).await;
    reader.probe_auth().await;
    reader.found.capabilities.credentials = session.target.credential_names();
    for word in assumptions {
        if let Err(message) = reader.found.capabilities.assume(word) {
            reader.found.problems.push(message);
        }
    }
    reader.found.unusable = reader.unusable();
    reader.found
}

struct Reader<'a> {
    session: &'a Session,
    found: Discovery,
    outcomes: Vec<Result<u16, Unusable>>,
}

impl Reader<'_> {
    fn problem(&mut self, text: impl Into<String>) {
        self.found.problems.push(text.into());
    }

    async fn get(&mut self, principal: &str, path: &str) -> Option<Response> {
        // A target that hangs is not waited for once more for each document.
        if self.outcomes.len() > 1 && self.outcomes.iter().all(Result::is_err) {
            return None;
        }
        let draft = match self.session.draft("GET", SCIM, path) {
            Ok(draft) => draft,
            Err(refused) => {
                self.problem(refused.to_string());
                return None;
            }
        };
        match self.session.send(principal, draft).await {
            Ok(sent) => {
                self.found.exchanges.push(sent.exchange);
                match sent.outcome {
                    Ok(response) => {
                        if principal == "target" {
                            self.outcomes.push(Ok(response.status));
                        }
                        Some(response)
                    }
                    Err(error) => {
                        self.problem(format!("GET {path} got no answer: {error}"));
                        self.outcomes.push(Err(Unusable::Unreachable(error)));
                        None
                    }
                }
            }
            Err(error) => {
                self.problem(format!("GET {path} was not sent: {error}"));
                self.outcomes.push(Err(Unusable::NotSent(error)));
                None
            }
        }
    }

    /// One discovery document, where it came with 200 and is a JSON object or list.
    async fn document(&mut self, path: &str) -> Option<Value> {
        let response = self.get("target", path).await?;
        if response.status != 200 {
            self.problem(format!("GET {path} answers {}", response.status));
            return None;
        }
        match response.json() {
            Some(document) if document.is_object() || document.is_array() => Some(document),
            Some(_) => {
                self.problem(format!("GET {path} answers JSON that is neither an object nor a list"));
                None
            }
            None => {
                let what = if response.body.is_empty() { "no body" } else { "a body that is not JSON" };
                self.problem(format!("GET {path} answers 200 with {what}"));
                None
            }
        }
    }

    /// RFC 7643 §5 and RFC 9865 §4.
    fn features(&mut self, config: Option<&Value>) {
        let features = &mut self.found.capabilities.features;
        // A server of RFC 7644 has no way to declare startIndex and count; one of RFC 9865 has.
        features.insert("index".to_owned(), true);
        let Some(config) = config else { return };
        let config = lists::first_if_listed(config);
        for name in ["patch", "bulk", "filter", "changePassword", "sort", "etag"] {
            self.feature(
                name,
                lists::member(config, name).and_then(|block| lists::member(block, "supported")),
            );
        }
        let pagination = lists::member(config, "pagination");
        for name in ["cursor", "index"] {
            self.feature(name, pagination.and_then(|block| lists::member(block, name)));
        }
        for (block, names) in [
            ("filter", &["maxResults"][..]),
            ("bulk", &["maxOperations", "maxPayloadSize"]),
            ("pagination", &["defaultPageSize", "maxPageSize", "cursorTimeout"]),
        ] {
            let block_value = lists::member(config, block);
            for name in names {
                let limit = block_value.and_then(|value| lists::member(value, name)).and_then(Value::as_u64);
                if let Some(limit) = limit {
                    self.found.capabilities.limits.insert(format!("{block}.{name}"), limit);
                }
            }
        }
    }

    fn feature(&mut self, name: &str, value: Option<&Value>) {
        match value {
            None => {}
            Some(Value::Bool(supported)) => {
                self.found.capabilities.features.insert(name.to_owned(), *supported);
            }
            Some(_) => {
                self.problem(format!(
                    "ServiceProviderConfig says whether {name} is supported, but not as a boolean"
                ));
            }
        }
    }

    async fn resource_types(&mut self, given: Option<&Value>) {
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
            self.problem("no resource types are known; /Users and /Groups are taken as there");
            types = defaults::resource_types();
        }
        self.found.capabilities.resource_types = types;
    }

    /// The endpoint as a path below the base (RFC 7643 §6), or as an absolute URL elsewhere on the target.
    fn endpoint(&mut self, resource_type: &ResourceType) -> Result<String, String> {
        let (name, text) = (shorten(&resource_type.name), resource_type.endpoint.trim());
        let refused = |error| format!("the resource type {name} is left out: its endpoint {error}");
        let base = self.session.target.base(SCIM).map_err(refused)?.clone();
        let address = self.session.target.locate(SCIM, text).map_err(refused)?;
        let prefix = format!("{}/", base.path());
        if text.contains("://") {
            return Ok(match address.target.strip_prefix(&prefix) {
                Some(below) => format!("/{below}"),
                None => text.to_owned(),
            });
        }
        let path = format!("/{}", text.trim_start_matches('/'));
        match path.strip_prefix(&prefix) {
            Some(below) if !base.path().is_empty() => {
                self.problem(format!("the endpoint of {name} repeats the path of the base URL"));
                Ok(format!("/{below}"))
            }
            _ => Ok(path.trim_end_matches('/').to_owned()),
        }
    }

    async fn schemas(&mut self, given: Option<&Value>) {
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
                && let Some(schema) = defaults::schema(&id)
            {
                self.problem(format!(
                    "no schema {id} is published; only what RFC 7643 requires is leaned on"
                ));
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
        self.found.problems.extend(lists::doubts(&schema, document));
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

    /// Why nothing can be judged, where no request got further than that.
    fn unusable(&self) -> Option<Unusable> {
        let refused = |outcome: &Result<u16, Unusable>| match outcome {
            Ok(status @ (401 | 403)) => Some(Unusable::Unauthorised(*status)),
            Ok(_) => None,
            Err(unusable) => Some(unusable.clone()),
        };
        let reasons: Option<Vec<Unusable>> = self.outcomes.iter().map(refused).collect();
        reasons.and_then(|reasons| reasons.into_iter().next())
    }
}

/// A name from a document, short enough to be told.
fn shorten(text: &str) -> String {
    let mut short: String = text.chars().filter(|c| !c.is_control()).take(80).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
#[path = "discover/discover_tests.rs"]
mod tests;
