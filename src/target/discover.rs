//! Discovery: what the target says about itself, read within bounds and without trust.
//! Knows no suite; what is wrong is told as problems, not judged.

mod auth;
mod defaults;
mod features;
mod lists;
mod schemas;
mod types;
mod unusable;

use serde_json::Value;

use super::{Capabilities, Documents, SCIM, Session};
use crate::http::{Exchange, Response};

pub use lists::items;
pub use unusable::Unusable;
use unusable::{is_scim, not_scim};

/// The most resource types, and the most schemas, that are taken in.
const MOST_DOCUMENTS: usize = 200;
/// The most attributes of one schema, and sub-attributes of one attribute, that are taken in.
const MOST_ATTRIBUTES: usize = 1000;

/// The most problems that are told.
const MOST_PROBLEMS: usize = 60;

/// What discovery found.
#[derive(Debug, Clone, Default)]
pub struct Discovery {
    pub capabilities: Capabilities,
    /// What was absent or broken, a sentence each.
    pub problems: Vec<String>,
    /// Every exchange that was made for it.
    pub exchanges: Vec<Exchange>,
    /// Why the target cannot be judged at all: no request reached it, each was refused, or nothing that came is SCIM.
    pub unusable: Option<Unusable>,
}

/// Reads ServiceProviderConfig, ResourceTypes and Schemas (RFC 7644 §4), those of `documents` without asking,
/// then lays `assumptions` over what was found.
///
/// Where the target shows no ServiceProviderConfig, no feature counts as supported; where it shows no resource
/// types, `/Users` is taken as there, and `/Groups` where it does not answer that it is not; where it shows no schema, only what RFC 7643 requires of a
/// User (userName) and of a Group (displayName, members) is taken as there, so that no case leans on an
/// attribute that the server may not have; with `common_attributes` what every identity provider maps.
pub async fn discover(session: &Session, documents: &Documents, assumptions: &[String]) -> Discovery {
    let mut reader =
        Reader { session, found: Discovery::default(), outcomes: Vec::new(), is_scim: false, first: None };
    let config = match &documents.service_provider_config {
        Some(given) => Some(given.clone()),
        None => reader.document("/ServiceProviderConfig").await,
    };
    reader.features(config.as_ref());
    reader.resource_types(documents.resource_types.as_ref()).await;
    reader.schemas(documents.schemas.as_ref(), documents.common_attributes).await;
    reader.ask_once_more().await;
    reader.probe_auth().await;
    reader.found.capabilities.credentials = session.target.credential_names();
    for word in assumptions {
        if let Err(message) = reader.found.capabilities.assume(word) {
            reader.problem(message);
        }
    }
    reader.found.unusable = reader.unusable();
    reader.found
}

struct Reader<'a> {
    session: &'a Session,
    found: Discovery,
    /// What became of each request with the target's own credential.
    outcomes: Vec<Result<u16, Unusable>>,
    /// Whether an answer was one of SCIM.
    is_scim: bool,
    /// What the first answer says, should none be one of SCIM.
    first: Option<Unusable>,
}

impl Reader<'_> {
    fn problem(&mut self, text: impl Into<String>) {
        let text = self.session.redactor().text(&text.into());
        let problems = &mut self.found.problems;
        match problems.len() {
            ..MOST_PROBLEMS => problems.push(text.replace(char::is_control, " ").chars().take(300).collect()),
            MOST_PROBLEMS => problems.push("there is more, of which nothing is told here".to_owned()),
            _ => {}
        }
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
                            self.note(path, &response);
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

    /// Takes down what an answer says about whether the target can be judged.
    fn note(&mut self, path: &str, response: &Response) {
        self.is_scim |= is_scim(response);
        if self.first.is_none() {
            let base = self.session.target.base(SCIM).map(|base| base.text().to_owned()).unwrap_or_default();
            self.first = Some(not_scim(&base, path, response, self.session.redactor()));
        }
        self.outcomes.push(match response.status {
            // The pauses that it asked for are over.
            status @ (429 | 503) => Err(Unusable::Busy(status)),
            status => Ok(status),
        });
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

    /// Discovery may be refused, or not be there, where resources are: only without them nothing can be judged.
    async fn ask_once_more(&mut self) {
        if matches!(self.unusable(), Some(Unusable::Unauthorised(_) | Unusable::NotScim { .. }))
            && let Some(endpoint) = self.first_endpoint()
        {
            self.get("target", &format!("{endpoint}?count=1")).await;
        }
    }

    /// Where Users are, or what else there is first.
    fn first_endpoint(&self) -> Option<String> {
        let types = &self.found.capabilities.resource_types;
        let users = types.iter().find(|resource_type| resource_type.name.eq_ignore_ascii_case("User"));
        users.or_else(|| types.first()).map(|resource_type| resource_type.endpoint.clone())
    }

    /// Why nothing can be judged, where no request got further than that.
    fn unusable(&self) -> Option<Unusable> {
        let refused = |outcome: &Result<u16, Unusable>| match outcome {
            Ok(status @ (401 | 403)) => Some(Unusable::Unauthorised(*status)),
            Ok(_) => None,
            Err(unusable) => Some(unusable.clone()),
        };
        let reasons: Option<Vec<Unusable>> = self.outcomes.iter().map(refused).collect();
        match reasons {
            Some(reasons) => reasons.into_iter().next(),
            None => self.first.clone().filter(|_| !self.is_scim),
        }
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
