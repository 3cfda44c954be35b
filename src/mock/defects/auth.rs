//! Defects of the area `auth`: who gets in, and how the others are told (RFC 6750, RFC 7644 §2).
//! Knows no other area.

use super::edit::{edit_error, error};
use super::{Area, Defect, How};
use crate::http::{Request, Response};
use crate::mock::scim::policy::Credentials;

const AREA: Area = Area("auth");

pub(super) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "challenge-is-missing",
        &["9110-15.5.2-01", "7644-2-01", "6750-3-01"],
        "A 401 has no WWW-Authenticate.",
        How::Response(|_, response| response.headers.remove("WWW-Authenticate")),
    ),
    AREA.warning(
        "challenge-without-parameters",
        &["6750-3-02", "6750-3-03"],
        "The challenge of a 401 is the word Bearer alone.",
        How::Response(|_, response| set_challenge(response, "Bearer")),
    ),
    AREA.failure(
        "challenge-repeats-realm",
        &["6750-3-04", "6750-3-03"],
        "The challenge of a 401 has realm twice.",
        How::Response(|_, response| set_challenge(response, r#"Bearer realm="scim", realm="users""#)),
    ),
    AREA.warning(
        "challenge-explains-missing-token",
        &["6750-3.1-02"],
        "A request without any credentials is told that its token is invalid.",
        How::Response(|request, response| {
            if !has_token(request) {
                set_challenge(response, r#"Bearer realm="scim", error="invalid_token""#);
            }
        }),
    ),
    AREA.warning(
        "challenge-lacks-error",
        &["6750-3-03"],
        "The challenge after a rejected token has no error.",
        How::Response(|_, response| set_challenge(response, r#"Bearer realm="scim""#)),
    ),
    AREA.failure(
        "any-bearer-is-accepted",
        &["6749-7-01", "7644-3.12-10", "6750-3.1-01"],
        "Any text is accepted as a bearer token.",
        How::Policy(|policy| policy.credentials = Credentials::AnyBearer),
    ),
    AREA.warning(
        "missing-token-is-accepted",
        &["6749-7-01", "7644-3.12-10"],
        "Requests without credentials are carried out.",
        How::Settings(|settings| settings.require_auth = false),
    ),
    AREA.failure(
        "writes-need-no-token",
        &["6749-7-01", "7644-3.12-10"],
        "Only reads ask for credentials: POST, PUT, PATCH and DELETE are carried out without any.",
        How::Policy(|policy| policy.credentials = Credentials::CheckedForReads),
    ),
    AREA.warning(
        "invalid-token-answers-400",
        &["6750-3.1-01", "7644-3.12-10", "6750-3-01"],
        "A token that is not valid is answered with 400.",
        How::Response(|request, response| {
            if response.status == 401 && has_token(request) {
                change_status(response, 400);
            }
        }),
    ),
    AREA.warning(
        "invalid-token-answers-500",
        &["6750-3.1-01", "scimspec-no-5xx", "7644-3.12-10"],
        "A token that is not valid is answered with 500.",
        How::Response(|request, response| {
            if response.status == 401 && has_token(request) {
                *response = error(500, None, "internal error");
            }
        }),
    ),
    AREA.warning(
        "missing-token-answers-403",
        &["7644-3.12-10", "6750-3-01"],
        "A request without credentials is answered with 403.",
        How::Response(|request, response| {
            if response.status == 401 && !has_token(request) {
                change_status(response, 403);
            }
        }),
    ),
    AREA.warning(
        "missing-token-redirects-to-login",
        &["7644-3.12-10", "6750-3-01"],
        "A request without credentials is sent to a page for signing in.",
        How::Response(|request, response| {
            if response.status == 401 && !has_token(request) {
                *response = Response::new(302);
                response.headers.set("Location", "/login");
            }
        }),
    ),
    AREA.warning(
        "limited-token-may-replace",
        &["7644-2-03"],
        "A token that lets its bearer only read lets it replace resources too.",
        How::Policy(|policy| policy.credentials = Credentials::ReadersReplace),
    ),
];

fn has_token(request: &Request) -> bool {
    request.headers.get("Authorization").is_some()
}

fn set_challenge(response: &mut Response, challenge: &str) {
    if response.headers.get("WWW-Authenticate").is_some() {
        response.headers.set("WWW-Authenticate", challenge);
    }
}

fn change_status(response: &mut Response, status: u16) {
    response.status = status;
    response.headers.remove("WWW-Authenticate");
    edit_error(response, |error| drop(error.insert("status".to_owned(), status.to_string().into())));
}
