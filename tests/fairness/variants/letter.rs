//! Servers that use what a sentence of the RFCs permits and few use: whole groups of requests are refused, values are left out or added.
//! Knows no case.

use scimspec::http::{Request, Response};
use scimspec::scim::filter::{Filter, Operator, parse};
use scimspec::scim::{AttributeType, Returned};
use serde_json::{Value, json};

use super::Variant;
use super::edit::{
    Members, asked, edit_body, edit_list, error, is_search, is_success, on_collection, on_discovery, segments,
};
use super::schemas::user;
use super::values::stored;

pub fn all() -> Vec<Variant> {
    vec![
        // RFC 7644 §3.4.2.1: for example, because a client queried a resource type endpoint or the base.
        Variant::new("letter/queries-without-filter-are-too-many").refuses(|request| {
            (is_query(request) && asked(request, "filter").is_none())
                .then(|| error(400, Some("tooMany"), "narrow it by a filter"))
        }),
        // Table 9 has this filter for its example.
        Variant::new("letter/broad-filters-are-too-many").refuses(|request| {
            let filter = asked(request, "filter").filter(|_| is_query(request))?;
            is_broad(&parse(filter.as_str()?).ok()?)
                .then(|| error(400, Some("tooMany"), "narrow it by another filter"))
        }),
        Variant::new("letter/names-in-URLs-are-sensitive").refuses(|request| {
            let filter = asked(request, "filter").filter(|_| request.method == "GET" && !on_discovery(request))?;
            filter.as_str()?.to_lowercase().contains("name")
                .then(|| error(403, Some("sensitive"), "ask by POST"))
        }),
        Variant::new("letter/discovery-is-forbidden")
            .refuses(|request| on_discovery(request).then(|| error(403, None, "not for you")))
            .warns(&["rfc7644/discovery/endpoints-exist"]),
        Variant::new("letter/certificates-are-texts").set(|s| {
            let found = user(s).attributes.iter_mut().find(|a| a.name == "x509Certificates");
            for value in found.into_iter().flat_map(|a| &mut a.sub_attributes).filter(|sub| sub.name == "value") {
                value.kind = AttributeType::String;
            }
        }),
        Variant::new("letter/parts-are-always-returned").set(|s| {
            for attribute in user(s).attributes.iter_mut().filter(|a| ["name", "emails"].contains(&a.name.as_str())) {
                attribute.returned = Returned::Always;
                attribute.sub_attributes.iter_mut().for_each(|sub| sub.returned = Returned::Always);
            }
        }),
        Variant::new("letter/whole-names-are-always-returned").set(|s| {
            for attribute in user(s).attributes.iter_mut().filter(|a| ["name", "emails"].contains(&a.name.as_str())) {
                attribute.returned = Returned::Always;
            }
        }),
        Variant::new("letter/one-email").asks(|request| {
            stored(request, |members| {
                if let Some(emails) = members.get_mut("emails").and_then(Value::as_array_mut) {
                    let primary = emails.iter().position(|one| one["primary"] == true).unwrap_or(0);
                    if !emails.is_empty() {
                        *emails = vec![emails.swap_remove(primary)];
                    }
                }
            });
        }),
        Variant::new("letter/plain-names-only").refuses(|request| {
            let mut odd = false;
            let writes = matches!(request.method.as_str(), "POST" | "PUT") && !is_search(request);
            let mut body = serde_json::from_slice::<Value>(&request.body).ok().filter(|_| writes)?;
            super::edit::each_object(&mut body, &mut |members: &mut Members| {
                let name = members.get("displayName").and_then(Value::as_str).unwrap_or_default();
                odd |= name.chars().any(|c| !c.is_ascii_alphanumeric() && !" -_.@".contains(c));
            });
            odd.then(|| error(400, Some("invalidValue"), "letters and digits only"))
        }),
        Variant::new("letter/title-by-default").asks(|request| {
            stored(request, |members| {
                if members.contains_key("userName") {
                    members.entry("title").or_insert(json!("Associate"));
                }
            });
        }),
        // RFC 9865 §2: who pages by cursor and cannot estimate the number may leave it out.
        Variant::new("letter/no-total-by-cursor")
            .set(|s| s.default_pagination = scimspec::mock::scim::Pagination::Cursor)
            .answers(|request, response| {
                edit_list(request, response, |list| {
                    let is_empty = list.get("Resources").and_then(Value::as_array).is_none_or(Vec::is_empty);
                    if !list.contains_key("startIndex") && !is_empty {
                        list.shift_remove("totalResults");
                    }
                });
            }),
        Variant::new("letter/a-page-for-people-at-the-base").refuses(|request| {
            let within = request.path().strip_prefix("/scim/v2/").is_some_and(|rest| !rest.is_empty());
            (!within).then(page)
        }),
        Variant::new("letter/sign-in-by-redirect").answers(|_, response| {
            if response.status == 401 {
                let mut other = Response::new(302);
                other.headers.set("Location", "https://login.example/");
                if let Some(challenge) = response.headers.get("WWW-Authenticate") {
                    other.headers.set("WWW-Authenticate", challenge);
                }
                *response = other;
            }
        })
        .warns(SIGN_IN),
        Variant::new("letter/nobody-sees-nothing").answers(|request, response| {
            if response.status == 401 && request.headers.get("Authorization").is_none() && segments(request) == ["Groups"] && request.method == "GET" {
                *response = listed_nothing();
            }
        }),
        Variant::new("letter/bulk-checks-each-operation").answers(|request, response| {
            if response.status == 401 && segments(request) == ["Bulk"] {
                let mut ok = Response::new(200);
                ok.headers.set("Content-Type", "application/scim+json");
                let one = json!({ "method": "DELETE", "location": "/Users/x", "status": "401", "response": error(401, None, "who are you?").json() });
                ok.body = json!({ "schemas": [scimspec::scim::urn::BULK_RESPONSE], "Operations": [one] }).to_string().into();
                *response = ok;
            }
        }),
        Variant::new("letter/unicode-order").answers(|request, response| {
            if asked(request, "sortBy").is_some_and(|by| by == "externalId") {
                let descending = asked(request, "sortOrder").is_some_and(|order| order == "descending");
                edit_list(request, response, |list| {
                    if let Some(all) = list.get_mut("Resources").and_then(Value::as_array_mut) {
                        all.sort_by_key(|one| one["externalId"].as_str().unwrap_or("~").to_lowercase());
                        if descending { all.reverse(); }
                    }
                });
            }
        }),
        Variant::new("letter/latin-1-outside").answers(|request, response| {
            if response.status == 404 && !is_success(response) && segments(request).len() == 1 {
                response.headers.set("Content-Type", "text/html; charset=iso-8859-1");
                response.body = b"<p>Gibt es nicht \xfc</p>".to_vec().into();
            }
        }),
        Variant::new("letter/unknown-schemas-are-an-empty-list").answers(|request, response| {
            if response.status == 404 && matches!(segments(request).as_slice(), ["Schemas", _]) {
                *response = listed_nothing();
            }
        }).warns(&["rfc7644/discovery/unknown-entry-is-404"]),
        Variant::new("letter/nulls-in-messages").answers(|request, response| {
            let bulk = request.path().ends_with("/Bulk") && is_success(response);
            if bulk {
                edit_body(response, |body| {
                    if let Some(body) = body.as_object_mut() { body.insert("failOnErrors".into(), Value::Null); }
                    for one in body["Operations"].as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
                        for name in ["bulkId", "version", "response", "location", "data", "path"] {
                            one.entry(name).or_insert(Value::Null);
                        }
                    }
                });
            }
            edit_list(request, response, |list| {
                for name in ["nextCursor", "startIndex", "itemsPerPage"] {
                    list.entry(name).or_insert(Value::Null);
                }
                if list.get("Resources").is_some_and(|all| all == &json!([])) { list.insert("Resources".into(), Value::Null); }
            });
        }),
    ]
}

/// A page for signing in is of no use to a client that sends a token.
const SIGN_IN: &[&str] = &[
    "http/bearer/wrong-token-is-401",
    "rfc7643/service-provider-config/authentication-is-true",
    "rfc7644/authentication/credentials-are-asked-for",
    "rfc7644/authentication/wrong-credentials-are-refused",
];

fn is_query(request: &Request) -> bool {
    let base = segments(request).is_empty() && request.method == "GET";
    (request.method == "GET" && on_collection(request)) || is_search(request) || base
}

fn is_broad(filter: &Filter) -> bool {
    match filter {
        Filter::Present(_) | Filter::Not(_) => true,
        // What cannot be compared so is refused for that.
        Filter::Compare(path, operator, _) => {
            !matches!(operator, Operator::Equal)
                && !["active", "x509Certificates"].contains(&path.name.as_str())
        }
        Filter::Or(all) => all.iter().any(is_broad),
        Filter::And(all) => all.iter().all(is_broad),
        Filter::Values(_, one) => is_broad(one),
    }
}

fn page() -> Response {
    let mut response = Response::new(200);
    response.headers.set("Content-Type", "text/html");
    response.body = "<html><h1>Welcome</h1></html>".into();
    response
}

fn listed_nothing() -> Response {
    let mut response = Response::new(200);
    response.headers.set("Content-Type", "application/scim+json");
    let body = json!({ "schemas": [scimspec::scim::urn::LIST_RESPONSE], "totalResults": 0, "Resources": [] });
    response.body = body.to_string().into();
    response
}
