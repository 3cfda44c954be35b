//! Defects of DELETE (RFC 7644 §3.6).
//! Knows no other area.

use std::sync::Arc;

use serde_json::{Value, json};

use super::aim::lose;
use super::edit::{Place, ask, base_of, bytes_of, error, is_on_resource, is_success, json_response, place};
use super::layer::around;
use super::memory::Memory;
use super::{Area, Defect, How};
use crate::http::{Request, Response};
use crate::mock::scim::policy::Deletion;
use crate::mock::{Answer, Service};

const DELETE: Area = Area("delete");

pub(super) const DEFECTS: &[Defect] = &[
    DELETE.failure(
        "delete-answers-200",
        &["7644-3.6-01"],
        "DELETE is answered with 200 and a body.",
        How::Response(|request, response| {
            if is_delete(request) && response.status == 204 {
                *response = json_response(200, &json!({ "deleted": true }));
            }
        }),
    ),
    DELETE.failure(
        "delete-answers-202",
        &["7644-3.6-01"],
        "DELETE is answered with 202.",
        How::Response(|request, response| {
            if is_delete(request) && response.status == 204 {
                response.status = 202;
            }
        }),
    ),
    DELETE.warning(
        "delete-answers-501",
        &["7644-3.2-03"],
        "DELETE is answered with 501.",
        How::Around(|inner| {
            around(inner, |inner, request, now| match is_delete(request) {
                true => Answer::Http(error(501, None, "nothing is deleted here")),
                false => inner.handle(request, now),
            })
        }),
    ),
    DELETE.failure(
        "delete-204-with-body",
        &["9110-15.3.5-01"],
        "The 204 that answers DELETE has content.",
        How::Wire(|request, mut response| {
            if !(is_delete(request) && response.status == 204) {
                return Answer::Http(response);
            }
            response.headers.set("Content-Type", "application/scim+json");
            response.body = r#"{"deleted":true}"#.into();
            let length = response.body.len();
            Answer::Wire(bytes_of(&response, Some(length)))
        }),
    ),
    DELETE.failure(
        "delete-deactivates",
        &["7644-3.6-02", "IDP-COMPLAINT-18"],
        "A deleted User can still be read, with active false.",
        How::Around(deactivates),
    ),
    DELETE.failure(
        "delete-again-204",
        &["7644-3.6-04"],
        "DELETE of a resource that is deleted already is answered with 204.",
        How::Around(|inner| deleted_answers(inner, "DELETE", |_| Response::new(204))),
    ),
    DELETE.warning(
        "delete-unknown-204",
        &["7644-3.6-08", "7644-3.6-04"],
        "DELETE of an id that there never was is answered with 204.",
        How::Response(|request, response| {
            if is_delete(request) && response.status == 404 {
                *response = Response::new(204);
            }
        }),
    ),
    DELETE.failure(
        "put-revives-deleted",
        &["7644-3.6-03"],
        "PUT to a deleted resource creates it anew.",
        How::Around(revives),
    ),
    DELETE.failure(
        "patch-on-deleted-204",
        &["7644-3.6-03"],
        "PATCH of a deleted resource is answered with 204.",
        How::Around(|inner| deleted_answers(inner, "PATCH", |_| Response::new(204))),
    ),
    DELETE.failure(
        "delete-leaves-in-lists",
        &["7644-3.6-05"],
        "Deleted resources stay in lists.",
        How::Policy(|policy| policy.deletion = Deletion::StaysInLists),
    ),
    DELETE.warning(
        "delete-keeps-unique-values",
        &["7644-3.6-06"],
        "The userName of a deleted User stays taken.",
        How::Policy(|policy| policy.deletion = Deletion::KeepsUniqueValues),
    ),
    DELETE.failure(
        "delete-does-nothing",
        &["7644-3.6-02", "7644-3.6-03", "7644-3.6-04", "7644-3.6-05"],
        "DELETE is answered with 204, and nothing is deleted.",
        How::Around(|inner| lost_for(inner, |_| true)),
    ),
    DELETE.failure(
        "delete-does-nothing-for-groups",
        &["7644-3.6-02"],
        "DELETE of a Group is answered with 204, and nothing is deleted.",
        How::Around(|inner| {
            lost_for(inner, |request| matches!(place(request), Place::Resource("Groups", _)))
        }),
    ),
];

fn is_delete(request: &Request) -> bool {
    is_on_resource(request, "DELETE")
}

fn lost_for(inner: Arc<dyn Service>, is: fn(&Request) -> bool) -> Arc<dyn Service> {
    around(inner, move |inner, request, now| match is_delete(request) && is(request) {
        true => lose(inner, request, now),
        false => inner.handle(request, now),
    })
}

/// Remembers what is deleted, as it was, and gives every request for it to `answer`, with what the service says.
fn remembering<F>(inner: Arc<dyn Service>, answer: F) -> Arc<dyn Service>
where
    F: Fn(&dyn Service, &Request, Response, Value) -> Response + Send + Sync + 'static,
{
    let deleted: Memory<Value> = Memory::default();
    around(inner, move |inner, request, now| {
        let known = deleted.about(request);
        let before = match is_delete(request) && known.is_none() {
            true => ask(inner, request, "GET", request.path(), now).and_then(|found| found.json()),
            false => None,
        };
        let Answer::Http(response) = inner.handle(request, now) else {
            return Answer::Http(Response::new(500));
        };
        if let Some(before) = before.filter(|_| is_success(&response)) {
            deleted.keep(request, before);
        }
        Answer::Http(match known {
            Some(known) => answer(inner, request, response, known),
            None => response,
        })
    })
}

fn deactivates(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    remembering(inner, |_, request, response, mut known| {
        if request.method != "GET" || known.get("userName").is_none() {
            return response;
        }
        known["active"] = Value::Bool(false);
        json_response(200, &known)
    })
}

fn deleted_answers(
    inner: Arc<dyn Service>,
    method: &'static str,
    with: fn(&Value) -> Response,
) -> Arc<dyn Service> {
    remembering(inner, move |_, request, response, known| match request.method == method {
        true => with(&known),
        false => response,
    })
}

fn revives(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    let deleted: Memory<()> = Memory::default();
    around(inner, move |inner, request, now| {
        if let (true, Some(()), Place::Resource(endpoint, _)) =
            (request.method == "PUT", deleted.about(request), place(request))
        {
            let mut create = request.clone();
            create.method = "POST".to_owned();
            create.target = format!("{}/{endpoint}", base_of(request));
            return inner.handle(&create, now);
        }
        let answer = inner.handle(request, now);
        if is_delete(request) && matches!(&answer, Answer::Http(response) if is_success(response)) {
            deleted.keep(request, ());
        }
        answer
    })
}
