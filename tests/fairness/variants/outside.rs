//! Servers as people met them who had not read the suites: several permitted oddities at once, and other spellings of what is right.
//! Changes no meaning.

use scimspec::http::{Request, Response};
use scimspec::mock::Settings;
use scimspec::scim::urn;
use serde_json::{Value, json};

use super::Variant;
use super::edit::{Members, each_object, edit_body, error, is_search, is_success, sent};
use super::schemas::{devices, keep, no_enterprise, no_groups, user};
use super::values::{stored, text};

pub fn all() -> Vec<Variant> {
    vec![
        Variant::new("outside/emails-with-value-only-and-nothing-else-is-taken")
            .set(|s| {
                keep(s, &["userName", "emails", "active"]);
                if let Some(emails) = user(s).attributes.iter_mut().find(|a| a.name == "emails") {
                    emails.sub_attributes.retain(|sub| sub.name == "value");
                }
                no_groups(s);
                no_enterprise(s);
            })
            .refuses(|request| {
                has_typed_email(request).then(|| error(400, Some("invalidSyntax"), "no such part"))
            }),
        Variant::new("outside/one-schema").set(|s| {
            no_groups(s);
            no_enterprise(s);
            s.schemas.retain(|one| one.id == urn::USER);
        }),
        Variant::new("outside/three-at-most").set(three_at_most).passes(400),
        Variant::new("outside/three-at-most-with-types-of-its-own")
            .set(|s| {
                devices(s);
                three_at_most(s);
            })
            .passes(400)
            .rare(),
        Variant::new("outside/two-at-most-by-cursor")
            .set(|s| {
                s.default_pagination = scimspec::mock::scim::Pagination::Cursor;
                s.default_page_size = 2;
                s.max_page_size = 2;
            })
            .passes(400)
            .rare(),
        Variant::new("outside/a-host-of-another-name")
            .answers(inside)
            .warns(&["rfc7644/create/location-is-on-the-target"]),
        Variant::new("outside/locations-are-escaped-otherwise").answers(|request, response| {
            if request.path().ends_with("/Bulk") && is_success(response) {
                edit_body(response, |body| each_object(body, &mut escape_location));
            }
        }),
        Variant::new("outside/search-is-forbidden")
            .refuses(|request| is_search(request).then(|| error(403, None, "not for you"))),
        Variant::new("outside/letters-are-decomposed").asks(|request| {
            stored(request, |members| {
                text(members, "displayName", |value| value.replace('ö', "o\u{308}").replace('ó', "o\u{301}"));
            });
        }),
    ]
}

fn three_at_most(settings: &mut Settings) {
    settings.default_page_size = 3;
    settings.max_page_size = 3;
}

/// Whether an email in a body has another part than its value.
fn has_typed_email(request: &Request) -> bool {
    if is_search(request) {
        return false;
    }
    let mut typed = false;
    let Some(mut body) = sent(request).map(Value::from) else { return false };
    each_object(&mut body, &mut |members: &mut Members| {
        let is_mail = members.get("value").and_then(Value::as_str).is_some_and(|value| value.contains('@'));
        typed |= is_mail && (members.contains_key("type") || members.contains_key("primary"));
    });
    typed
}

/// The server behind a proxy, which knows itself by the name that it has there.
fn inside(request: &Request, response: &mut Response) {
    let Some(host) = request.headers.get("host") else { return };
    let (outer, inner) = (format!("://{host}/scim/v2"), "://inside.example:8080/scim/v2");
    if let Some(location) = response.headers.get("location").map(|location| location.replace(&outer, inner)) {
        response.headers.set("Location", location);
    }
    if let Ok(body) = std::str::from_utf8(&response.body) {
        response.body = body.replace(&outer, inner).into();
    }
}

/// The last letter of a path as its escape (RFC 3986 §2.3: the same URI).
fn escape_location(members: &mut Members) {
    let Some(location) = members.get("location").and_then(Value::as_str) else { return };
    let mut location = location.to_owned();
    if let Some(last) = location.pop() {
        location.push_str(&format!("%{:02X}", u32::from(last)));
    }
    members.insert("location".to_owned(), json!(location));
}
