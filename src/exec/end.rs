//! Why a case ends before its claim is judged, and on whose requirement it waits.
//! Sends nothing.

use crate::http::Response;
use crate::plan::PlannedCase;
use crate::scim::member;
use crate::spec::RequirementId;
use crate::suite::Step;

use super::request::Unprepared;
use super::send::Unsent;

/// Why a case ends before its claim is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    Skipped(String),
    Blocked { by: RequirementId, reason: String },
    Errored(String),
}

impl End {
    pub fn blocked(by: &str, reason: impl Into<String>) -> Self {
        Self::Blocked { by: RequirementId(by.to_owned()), reason: reason.into() }
    }
}

/// A GET of what was made gives it: what every template about an answer leans on.
pub(super) const RETRIEVE: &str = "7644-3.4.1-01";
/// A query gives a ListResponse.
pub(super) const QUERY: &str = "7644-3.4.2-02";
/// A create answers 201 with the resource.
pub(super) const CREATE: &str = "7644-3.3-05";
/// The answer to a create holds the new resource.
pub(super) const CREATED: &str = "7644-3.3-06";
/// A PUT answers 200 with the resource.
pub(super) const REPLACED: &str = "7644-3.5.1-12";
/// A PATCH answers 200 with the resource, or 204.
pub(super) const PATCHED: &str = "7644-3.5.2-17";
/// Each representation has an id.
pub(super) const ID: &str = "7643-3.1-03";

impl From<Unsent> for End {
    fn from(unsent: Unsent) -> Self {
        match unsent {
            Unsent::Guarded(why) => Self::Errored(format!("not sent: {why}")),
            // The suite took the URL from an answer. That a server knows its host by another name is no fault of what is claimed.
            Unsent::Elsewhere(why) => Self::Skipped(why),
            Unsent::Broken(why) => Self::Errored(why),
        }
    }
}

impl From<Unprepared> for End {
    fn from(unprepared: Unprepared) -> Self {
        match unprepared {
            Unprepared::Template { message, known: true } => {
                Self::blocked(RETRIEVE, format!("an answer lacks what the next request needs: {message}"))
            }
            Unprepared::Template { message, known: false } => Self::Errored(message),
            Unprepared::NotSent(error) => super::send::refusal(error).into(),
            Unprepared::Mistake(message) => Self::Errored(message),
        }
    }
}

/// The requirement that a request of this kind works at all, for cases that need it and do not claim it.
pub(super) fn requirement_of(step: &Step, planned: &PlannedCase) -> RequirementId {
    let own = || planned.case().verifies.first().cloned();
    let Some((method, path)) = step.request() else {
        return own().unwrap_or(RequirementId(CREATE.to_owned()));
    };
    let path = path.split('?').next().unwrap_or(path);
    let id = match method.to_ascii_uppercase().as_str() {
        "POST" if path.ends_with("/.search") => "7644-3.4.3-01",
        "POST" if path == "/Bulk" => "7644-3.7-01",
        "POST" => CREATE,
        "PUT" => REPLACED,
        "PATCH" => PATCHED,
        "DELETE" => "7644-3.6-01",
        "GET" => requirement_of_get(step, path),
        _ => return own().unwrap_or(RequirementId(RETRIEVE.to_owned())),
    };
    RequirementId(id.to_owned())
}

fn requirement_of_get(step: &Step, path: &str) -> &'static str {
    let is_query = step.list.is_some() || !step.query.is_empty() || step.raw_query.is_some();
    match path.trim_end_matches('/') {
        "/ServiceProviderConfig" => "7644-4-01",
        "/Schemas" => "7644-4-02",
        "/ResourceTypes" => "7644-4-04",
        path if path.starts_with("/Schemas/") => "7644-4-03",
        path if path.starts_with("/ResourceTypes/") => "7644-4-05",
        _ if is_query && step.read.is_none() => QUERY,
        _ => RETRIEVE,
    }
}

/// What is wrong with the answer to a `read`: anything but 200 with one resource.
pub(super) fn not_a_resource(response: &Response) -> Option<String> {
    let body = response.json();
    let Some(body) = body.filter(|_| response.status == 200) else { return Some(instead(response)) };
    let lone = body.is_object() && member(&body, "Resources").is_none();
    (!lone).then(|| "it was answered with something else than one resource".to_owned())
}

/// What is wrong with the answer to a `list`: anything but 200 with a list.
pub(super) fn not_a_list(response: &Response) -> Option<String> {
    let body = response.json();
    let Some(body) = body.filter(|_| response.status == 200) else { return Some(instead(response)) };
    let resources = member(&body, "Resources");
    let list = match resources {
        Some(resources) => resources.is_array() || resources.is_null(),
        // Resources may be left out where nothing was found.
        None => member(&body, "totalResults").is_some(),
    };
    (!list).then(|| "it was answered with something else than a list".to_owned())
}

fn instead(response: &Response) -> String {
    match response.status {
        200 => "it was answered with 200 and a body that is not JSON".to_owned(),
        status => format!("it was answered with {status}"),
    }
}
