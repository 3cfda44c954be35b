//! Answers that say why nothing else about them can be judged: one fault of the server is told by the case that is
//! about it, and blocks the others.
//! Sends nothing, and weighs nothing.

use crate::http::{Request, Response};

/// What the RFCs' features look like in a request: a server that answers 501 to them declares what it does not do.
const DECLARED: &str = "7643-5-11";
const ACCEPT: &str = "7644-3.8-03";
const CONTENT_TYPE: &str = "7644-3.8-06";
const JSON: &str = "7644-3.2-05";

/// The requirement that such an answer breaks whatever the request was about, and what the server did.
pub(super) fn of(request: &Request, response: &Response) -> Option<(&'static str, &'static str)> {
    let speaks_scim = |name: &str| {
        request.headers.get(name).is_some_and(|value| value.starts_with("application/scim+json"))
    };
    match response.status {
        501 => Some((DECLARED, "the server answers 501 to what it declares")),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn cause(status: u16, accept: &str, body: &'static str) -> Option<&'static str> {
        let mut request = Request::new("GET", "/Users");
        request.headers.set("Accept", accept);
        let mut response = Response::new(status);
        response.body = body.into();
        of(&request, &response).map(|(id, _)| id)
    }

    #[test]
    fn only_answers_that_tell_their_own_fault_are_causes() {
        assert_eq!(cause(501, "application/scim+json", ""), Some(DECLARED));
        assert_eq!(cause(406, "application/scim+json", ""), Some(ACCEPT));
        assert_eq!(cause(406, "text/plain", ""), None);
        assert_eq!(cause(200, "application/scim+json", "<html>"), Some(JSON));
        assert_eq!(cause(200, "application/scim+json", "{}"), None);
        assert_eq!(cause(400, "application/scim+json", "<html>"), None);
        assert_eq!(cause(204, "application/scim+json", ""), None);
    }
}
