//! Answers that say why nothing else about them can be judged: one fault of the server is told by the case that is
//! about it, and blocks the others.
//! Sends nothing, and weighs nothing.

use serde_json::Value;

use crate::check::Spot;
use crate::http::{Request, Response, TransportError};
use crate::scim::{member, urn};

use super::end::{CREATED, ID, PATCHED, QUERY, REPLACED};

/// What the RFCs' features look like in a request: a server that answers 501 to them declares what it does not do.
const DECLARED: &str = "7643-5-11";
/// Methods that no flag declares: they are to be there.
const PUT: &str = "7644-3.5-01";
const METHODS: &str = "7644-3.2-03";
const ACCEPT: &str = "7644-3.8-03";
const CONTENT_TYPE: &str = "7644-3.8-06";
const JSON: &str = "7644-3.2-05";
const ERROR_IN_JSON: &str = "7644-3.12-01";
const ERROR_MARKED: &str = "7644-3.12-02";

/// The requirement that an answer breaks, and what the server did.
pub(super) type Cause = (&'static str, &'static str);

/// The requirement that such an answer breaks whatever the request was about. `spots` are the places in the answer
/// where the claim does not hold; `is_query` says whether a list was asked for.
pub(super) fn of(request: &Request, is_query: bool, response: &Response, spots: &[&Spot]) -> Option<Cause> {
    let of_any_claim = of_answer(request, response);
    let in_body = spots.iter().all(|spot| matches!(spot, Spot::Body { .. })) && request.method != "HEAD";
    let of_body = || {
        let of_list = is_query.then(|| of_list(response)).flatten();
        of_list.or_else(|| of_body(request, response, spots))
    };
    of_any_claim.or_else(|| in_body.then(of_body).flatten())
}

/// Whether the server may only let a client wait that guesses at credentials, as it does against attacks.
pub(super) fn is_held_up(error: &TransportError, is_of_a_stranger: bool) -> bool {
    is_of_a_stranger && matches!(error, TransportError::Timeout(_))
}

/// A list without the message around it, in which nothing is told of the list.
fn of_list(response: &Response) -> Option<Cause> {
    let is_bare = response.status == 200 && response.json().is_some_and(|body| body.is_array());
    is_bare.then_some((QUERY, "a query is answered with an array"))
}

/// An answer that nothing can be read from, wherever the claim looks.
fn of_answer(request: &Request, response: &Response) -> Option<Cause> {
    let speaks_scim = |name: &str| {
        request.headers.get(name).is_some_and(|value| value.starts_with("application/scim+json"))
    };
    match response.status {
        501 => Some(of_unsupported(request)),
        406 if speaks_scim("Accept") => Some((ACCEPT, "the server refuses Accept: application/scim+json")),
        415 if speaks_scim("Content-Type") => {
            Some((CONTENT_TYPE, "the server refuses Content-Type: application/scim+json"))
        }
        200..=299 if !response.body.is_empty() && response.json().is_none() => {
            Some((JSON, "the answer is not JSON"))
        }
        _ => None,
    }
}

fn of_unsupported(request: &Request) -> Cause {
    match request.method.as_str() {
        "PUT" => (PUT, "the server answers 501 to PUT"),
        "DELETE" => (METHODS, "the server answers 501 to DELETE"),
        _ => (DECLARED, "the server answers 501 to what it declares"),
    }
}

/// A body in which the claim cannot be found, because it is not there or not what every such body is.
fn of_body(request: &Request, response: &Response, spots: &[&Spot]) -> Option<Cause> {
    match response.status {
        200..=299 if response.body.is_empty() => of_missing(request, response.status),
        400.. => of_error(response),
        200..=299 if spots.iter().all(|spot| is_id(spot)) && has_numbers_for_ids(response) => {
            Some((ID, "the id of a resource is a number"))
        }
        _ => None,
    }
}

/// A write that succeeded and does not show what it wrote. A PATCH may be silent, if it says so (204).
fn of_missing(request: &Request, status: u16) -> Option<Cause> {
    let path = request.path();
    match request.method.as_str() {
        "POST" if path.ends_with("/.search") || path.ends_with("/Bulk") => None,
        "POST" => Some((CREATED, "the answer to a create has no body")),
        "PUT" => Some((REPLACED, "the answer to PUT has no body")),
        "PATCH" if status == 200 => Some((PATCHED, "a PATCH is answered 200 without a body")),
        _ => None,
    }
}

fn of_error(response: &Response) -> Option<Cause> {
    let Some(body) = response.json().filter(Value::is_object) else {
        return Some((ERROR_IN_JSON, "an error has no JSON object in its body"));
    };
    let schemas = member(&body, "schemas").and_then(Value::as_array);
    let is_marked = schemas.is_some_and(|all| {
        all.iter().filter_map(Value::as_str).any(|one| one.eq_ignore_ascii_case(urn::ERROR))
    });
    // Other forms of errors have a detail too, and a status that is a number.
    let has_members =
        member(&body, "scimType").is_some() || member(&body, "status").is_some_and(Value::is_string);
    (!is_marked && !has_members).then_some((ERROR_MARKED, "an error is not an error message of SCIM"))
}

fn is_id(spot: &Spot) -> bool {
    matches!(spot, Spot::Body { pointer } if pointer.to_ascii_lowercase().ends_with("/id"))
}

fn has_numbers_for_ids(response: &Response) -> bool {
    let Some(body) = response.json() else { return false };
    let is_number = |resource: &Value| member(resource, "id").is_some_and(Value::is_number);
    let listed = member(&body, "Resources").and_then(Value::as_array);
    is_number(&body) || listed.is_some_and(|all| all.iter().any(is_number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_claim(request: &Request, status: u16, body: &'static str, pointer: &str) -> Option<&'static str> {
        let mut response = Response::new(status);
        response.body = body.into();
        of(request, false, &response, &[&Spot::Body { pointer: pointer.to_owned() }]).map(|(id, _)| id)
    }

    fn cause(status: u16, accept: &str, body: &'static str) -> Option<&'static str> {
        let mut request = Request::new("GET", "/Users");
        request.headers.set("Accept", accept);
        of_claim(&request, status, body, "/userName")
    }

    #[test]
    fn only_answers_that_tell_their_own_fault_are_causes() {
        assert_eq!(cause(501, "application/scim+json", ""), Some(DECLARED));
        assert_eq!(cause(406, "application/scim+json", ""), Some(ACCEPT));
        assert_eq!(cause(406, "text/plain", "{\"status\":\"406\"}"), None);
        assert_eq!(cause(200, "application/scim+json", "<html>"), Some(JSON));
        assert_eq!(cause(200, "application/scim+json", "{}"), None);
        assert_eq!(cause(204, "application/scim+json", ""), None);
    }

    #[test]
    fn methods_that_no_flag_declares_are_to_be_there() {
        for (method, found) in [("PUT", PUT), ("DELETE", METHODS), ("PATCH", DECLARED)] {
            let request = Request::new(method, "/Users/1");
            assert_eq!(of_claim(&request, 501, "", "/userName"), Some(found), "{method}");
        }
    }

    #[test]
    fn errors_that_are_no_error_messages_are_causes_where_the_claim_is_about_their_body() {
        for (body, found) in [
            ("<html>", Some(ERROR_IN_JSON)),
            ("", Some(ERROR_IN_JSON)),
            ("[]", Some(ERROR_IN_JSON)),
            ("{\"title\":\"Bad Request\"}", Some(ERROR_MARKED)),
            ("{\"type\":\"about:blank\",\"status\":400,\"detail\":\"no\"}", Some(ERROR_MARKED)),
            ("{\"status\":\"400\",\"detail\":\"no\"}", None),
            ("{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"]}", None),
        ] {
            assert_eq!(cause(400, "application/scim+json", body), found, "{body}");
        }
        let request = Request::new("GET", "/Users");
        assert_eq!(of(&request, false, &Response::new(400), &[&Spot::Status]), None);
    }

    #[test]
    fn an_array_is_the_cause_of_what_is_missing_in_a_list() {
        let request = Request::new("GET", "/Users?count=0");
        let mut response = Response::new(200);
        response.body = "[]".into();
        let total = Spot::Body { pointer: "/totalResults".to_owned() };
        let of_claim = |is_query, spots: &[&Spot]| of(&request, is_query, &response, spots).map(|(id, _)| id);
        assert_eq!(of_claim(true, &[&total]), Some(QUERY));
        assert_eq!(of_claim(false, &[&total]), None);
        assert_eq!(of_claim(true, &[&total, &Spot::Status]), None);
    }

    #[test]
    fn a_write_without_an_answer_is_the_cause_of_what_is_missing_in_it() {
        for (method, path, status, found) in [
            ("POST", "/Users", 201, Some(CREATED)),
            ("POST", "/Users/.search", 200, None),
            ("PUT", "/Users/1", 200, Some(REPLACED)),
            ("PATCH", "/Users/1", 200, Some(PATCHED)),
            ("PATCH", "/Users/1", 204, None),
        ] {
            let request = Request::new(method, path);
            assert_eq!(of_claim(&request, status, "", "/userName"), found, "{method} {path} {status}");
        }
    }

    #[test]
    fn strangers_may_be_kept_waiting_and_nobody_is_hung_up_on() {
        let late = TransportError::Timeout(std::time::Duration::from_secs(30));
        assert!(is_held_up(&late, true));
        assert!(!is_held_up(&late, false));
        assert!(!is_held_up(&TransportError::Lost(String::new()), true));
    }

    #[test]
    fn a_number_is_the_cause_where_nothing_but_an_id_differs() {
        let request = Request::new("GET", "/Users");
        assert_eq!(of_claim(&request, 200, "{\"id\":7}", "/id"), Some(ID));
        assert_eq!(of_claim(&request, 200, "{\"Resources\":[{\"ID\":7}]}", "/Resources/0/ID"), Some(ID));
        assert_eq!(of_claim(&request, 200, "{\"id\":7}", "/userName"), None);
        assert_eq!(of_claim(&request, 200, "{\"id\":\"7\"}", "/id"), None);
    }
}
