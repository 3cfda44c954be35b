//! Defects of the area `gitlab-transport`: media types, methods, paths.
//! Knows no other area.

use crate::http::{Request, Response};
use crate::mock::defects::edit::{Place, place};
use crate::mock::defects::{Area, Defect, How};
use crate::mock::gitlab::slips::Slip;

const AREA: Area = Area("gitlab-transport");

pub(in crate::mock::defects) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "gitlab-plain-json-accepted",
        &["GL-users-media-06"],
        "A body of application/json is taken as if it were application/scim+json.",
        How::Gitlab(Slip::PlainJsonAccepted),
    ),
    AREA.failure(
        "gitlab-forms-ignored",
        &["GL-users-media-04", "GL-users-media-05", "GL-identities-patch-01"],
        "The fields of a form are not read.",
        How::Gitlab(Slip::FormsIgnored),
    ),
    AREA.failure(
        "gitlab-malformed-json-ignored",
        &["GL-users-media-08", "GL-users-media-09"],
        "A body that is no JSON is taken for an empty one.",
        How::Gitlab(Slip::MalformedJsonIgnored),
    ),
    AREA.failure(
        "gitlab-answers-plain-json",
        &["GL-users-media-01"],
        "The SCIM APIs answer with application/json.",
        How::Response(|request, response| media_type(request, response, "application/json")),
    ),
    AREA.failure(
        "gitlab-answers-have-charset",
        &["GL-users-media-01"],
        "The media type of the SCIM APIs has a charset.",
        How::Response(|request, response| {
            media_type(request, response, "application/scim+json; charset=utf-8")
        }),
    ),
    AREA.failure(
        "gitlab-accept-is-heeded",
        &["GL-users-media-02"],
        "A request that accepts only HTML is answered with 406.",
        How::Response(|request, response| {
            let html = request
                .headers
                .get("Accept")
                .is_some_and(|accept| !accept.contains("json") && !accept.contains("*/*"));
            if html && is_scim(request) && response.status == 200 {
                *response = Response::new(406);
            }
        }),
    ),
    AREA.failure(
        "gitlab-null-bytes-accepted",
        &["GL-users-media-11", "GL-users-media-12"],
        "A null byte in the query is no mistake.",
        How::Request(|request| {
            request.target = request.target.replace("%00", "").replace("%FF", "").replace("%ff", "")
        }),
    ),
    AREA.failure(
        "gitlab-405-is-404",
        &["GL-users-methods-01", "GL-users-methods-03"],
        "A method that a path does not have is answered with 404.",
        How::Response(|_, response| {
            if response.status == 405 {
                response.status = 404;
            }
        }),
    ),
    AREA.failure(
        "gitlab-allow-is-missing",
        &["GL-users-methods-02", "GL-users-methods-05"],
        "Neither a 405 nor OPTIONS says in Allow which methods there are.",
        How::Response(|_, response| response.headers.remove("Allow")),
    ),
    AREA.failure(
        "gitlab-head-is-refused",
        &["GL-users-methods-04"],
        "HEAD is answered with 405.",
        How::Response(|request, response| {
            if request.method == "HEAD" {
                response.status = 405;
            }
        }),
    ),
    AREA.failure(
        "gitlab-trailing-slash-is-unknown",
        &["GL-users-methods-06"],
        "/Users/ is another path than /Users.",
        How::Response(|request, response| {
            if request.path().ends_with("/Users/") {
                *response = Response::new(404);
            }
        }),
    ),
    AREA.failure(
        "gitlab-paths-ignore-case",
        &["GL-users-methods-07"],
        "/users is the same path as /Users.",
        How::Request(|request| {
            if is_scim(request) {
                request.target = request.target.replace("/users", "/Users");
            }
        }),
    ),
    AREA.failure(
        "gitlab-unknown-paths-in-scim-form",
        &[
            "GL-users-methods-08",
            "GL-users-methods-09",
            "GL-group-paths-03",
            "GL-troubleshooting-17",
            "GL-troubleshooting-18",
            "GL-okta-03",
        ],
        "A path that the SCIM APIs do not have is answered with a SCIM error.",
        How::Response(|request, response| {
            if is_scim(request) && matches!(response.status, 302 | 404) && !is_json(response) {
                *response = Response::new(404);
                response.headers.set("Content-Type", "application/scim+json");
                let schema = crate::scim::urn::ERROR;
                response.body =
                    format!(r#"{{"schemas":["{schema}"],"detail":"Not Found","status":404}}"#).into();
            }
        }),
    ),
    AREA.failure(
        "gitlab-id-ends-at-a-dot",
        &["GL-users-read-10"],
        "What follows a dot in the id of a path is taken for a format.",
        How::Request(|request| {
            if let Place::Resource("Users", id) = place(request)
                && let Some((before, _)) = id.split_once('.')
            {
                let before = before.to_owned();
                request.target = request.target.replacen(&id.to_owned(), &before, 1);
            }
        }),
    ),
    AREA.failure(
        "gitlab-encoded-slash-is-refused",
        &["GL-users-read-11"],
        "A percent-encoded slash in the id of a path is answered with 404, as some proxies do.",
        How::Response(|request, response| {
            if let Place::Resource("Users", id) = place(request)
                && id.to_ascii_uppercase().contains("%2F")
            {
                *response = Response::new(404);
            }
        }),
    ),
    AREA.failure(
        "gitlab-dotted-group-is-routed",
        &["GL-group-paths-01", "GL-troubleshooting-15"],
        "A dot in the path of a group need not be encoded.",
        How::Gitlab(Slip::DottedGroupIsRouted),
    ),
    AREA.failure(
        "gitlab-group-number-is-a-path",
        &["GL-group-paths-02"],
        "A number in the place of a group's path is not understood as its id.",
        How::Gitlab(Slip::NumericGroupIsPath),
    ),
    AREA.failure(
        "gitlab-framework-answers-plain-json",
        &["GL-users-media-14"],
        "What the framework refuses is answered with application/json.",
        How::Response(|request, response| {
            if matches!(response.status, 400 | 401 | 405 | 415) {
                media_type(request, response, "application/json");
            }
        }),
    ),
    AREA.warning(
        "gitlab-204-has-a-type",
        &["GL-users-media-15"],
        "A 204 has a Content-Type.",
        How::Response(|request, response| {
            if is_scim(request) && response.status == 204 {
                response.headers.set("Content-Type", "application/scim+json");
            }
        }),
    ),
    AREA.remark(
        "gitlab-array-is-400",
        &["GL-users-media-16"],
        "JSON that is no object is answered with 400.",
        How::Response(|request, response| {
            if is_scim(request) && request.body.starts_with(b"[") {
                *response = Response::new(400);
            }
        }),
    ),
    AREA.warning(
        "gitlab-empty-type-is-scim",
        &["GL-users-media-06"],
        "A body without a name for its type is read.",
        How::Request(|request| {
            if request.headers.get("Content-Type") == Some("") {
                request.headers.set("Content-Type", "application/scim+json");
            }
        }),
    ),
    AREA.failure(
        "gitlab-if-match-is-heeded",
        &["GL-users-methods-10"],
        "A PATCH with an If-Match that names no version is answered with 412.",
        How::Response(|request, response| {
            if is_scim(request) && request.headers.get("If-Match").is_some() {
                *response = Response::new(412);
            }
        }),
    ),
    AREA.failure(
        "gitlab-throttle-in-json",
        &["GL-throttle-01"],
        "A request that is turned away is answered in JSON.",
        How::Response(|_, response| {
            if response.status == 429 {
                response.headers.set("Content-Type", "application/json");
                response.body = r#"{"message":"429 Too Many Requests"}"#.into();
            }
        }),
    ),
    AREA.failure(
        "gitlab-throttle-lacks-limits",
        &["GL-throttle-02"],
        "A request that is turned away does not learn what the limit is.",
        How::Response(|_, response| {
            for end in ["Name", "Limit", "Observed", "Remaining", "Reset", "ResetTime"] {
                response.headers.remove(&format!("RateLimit-{end}"));
            }
        }),
    ),
    AREA.warning(
        "gitlab-frame-header-missing",
        &["GL-users-media-13"],
        "Answers have no X-Frame-Options.",
        How::Response(|_, response| response.headers.remove("X-Frame-Options")),
    ),
    AREA.failure(
        "gitlab-plain-slash-is-unknown",
        &["GL-users-read-14"],
        "A slash in the id of a path is taken for the end of the id.",
        How::Response(|request, response| {
            let id = request.path().split_once("/Users/").map(|(_, id)| id.trim_end_matches('/'));
            if is_scim(request) && id.is_some_and(|id| id.contains('/')) {
                *response = Response::new(404);
            }
        }),
    ),
    AREA.failure(
        "gitlab-method-asked-before-token",
        &["GL-instance-auth-16"],
        "A method that there is not is told before a missing token.",
        How::Response(|request, response| {
            if is_scim(request) && request.method == "PUT" && response.status == 401 {
                *response = Response::new(405);
            }
        }),
    ),
];

fn is_scim(request: &Request) -> bool {
    request.path().starts_with("/api/scim/")
}

fn is_json(response: &Response) -> bool {
    response.headers.get("Content-Type").is_some_and(|media_type| media_type.contains("json"))
}

fn media_type(request: &Request, response: &mut Response, media_type: &str) {
    if is_scim(request) && is_json(response) {
        response.headers.set("Content-Type", media_type);
    }
}
