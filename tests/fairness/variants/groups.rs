//! What RFC 7643 §4.2 and RFC 7644 §3.6 leave open of groups, of references and of what is deleted.
//! Changes nothing else.

use jiff::Timestamp;
use scimspec::http::{Request, Response};
use scimspec::mock::scim::policy::{Deletion, Membership};
use scimspec::mock::{Answer, Service};
use serde_json::{Value, json};

use super::Variant;
use super::edit::{Members, each_object, edit_resources, error, segments, sent};

pub fn all() -> Vec<Variant> {
    vec![
        Variant::new("groups/members-need-not-exist").set(|s| s.policy.membership = Membership::Dangling),
        Variant::new("groups/nested-groups-are-refused").around(|inner, request, now| {
            let path = request.path().to_owned();
            if matches!(request.method.as_str(), "POST" | "PUT" | "PATCH") && !path.ends_with("/.search") {
                let mut ids = Vec::new();
                let mut body = serde_json::from_slice(&request.body).unwrap_or(Value::Null);
                each_object(&mut body, &mut |members: &mut Members| {
                    let ops = members
                        .get("path")
                        .and_then(Value::as_str)
                        .is_some_and(|p| p.to_lowercase().starts_with("members"));
                    let mut lists: Vec<Value> = members
                        .iter()
                        .filter(|(n, _)| n.eq_ignore_ascii_case("members"))
                        .map(|(_, v)| v.clone())
                        .collect();
                    if ops {
                        lists.extend(members.get("value").cloned());
                    }
                    for list in lists {
                        let items = list.as_array().cloned().unwrap_or_else(|| vec![list]);
                        ids.extend(
                            items.iter().filter_map(|one| one.get("value")?.as_str().map(str::to_owned)),
                        );
                    }
                });
                for id in ids {
                    let mut get = request.clone();
                    get.method = "GET".to_owned();
                    get.body = Default::default();
                    for name in ["If-Match", "If-None-Match", "Content-Length", "Content-Type"] {
                        get.headers.remove(name);
                    }
                    get.target = format!("/scim/v2/Groups/{}", scimspec::http::encode::path_encode(&id));
                    if let Answer::Http(found) = inner.handle(&get, now)
                        && found.status == 200
                    {
                        return Answer::Http(error(400, Some("invalidValue"), "groups hold no groups"));
                    }
                }
            }
            inner.handle(request, now)
        }),
        // As directories do: no group is, through others, a member of itself.
        Variant::new("groups/circles-are-refused").around(|inner, request, now| {
            let refused = closes_a_circle(inner, request, now)
                .then(|| error(400, Some("invalidValue"), "a group would be a member of itself"))
                .or_else(|| circles_in_bulk(request));
            refused.map_or_else(|| inner.handle(request, now), Answer::Http)
        }),
        Variant::new("groups/User-has-no-groups").set(|s| {
            s.policy.membership = Membership::OneWay;
            for schema in s.schemas.iter_mut().filter(|one| one.id == scimspec::scim::urn::USER) {
                schema.attributes.retain(|a| a.name != "groups");
            }
        }),
        Variant::new("groups/User-groups-stays-empty").set(|s| s.policy.membership = Membership::OneWay),
        // A group that the server itself puts everybody into, and that is no resource of the Group endpoint.
        Variant::new("groups/everybody-is-in-one").answers(|request, response| {
            if request.query().is_none() {
                edit_resources(response, |user| {
                    if user.contains_key("userName") {
                        let groups = user.entry("groups").or_insert_with(|| json!([]));
                        if let Some(groups) = groups.as_array_mut() {
                            groups.insert(0, json!({ "value": "everyone", "type": "indirect" }));
                        }
                    }
                });
            }
        }),
        Variant::new("groups/no-references").answers(|_, response| {
            edit_resources(response, |resource| {
                for name in ["members", "groups"] {
                    for one in resource.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten() {
                        if let Some(one) = one.as_object_mut() {
                            one.retain(|name, _| name == "value");
                        }
                    }
                }
            });
        }),
        unique("groups/names-are-unique", "Groups", "displayName"),
        unique("groups/externalIds-are-unique", "Users", "externalId"),
        // Deleted resources are kept and hidden; what was unique stays taken.
        Variant::new("groups/deleted-users-keep-their-names")
            .set(|s| s.policy.deletion = Deletion::KeepsUniqueValues)
            .warns(&["rfc7644/delete/name-is-free-again"]),
        Variant::new("groups/relative-references").answers(|_, response| {
            edit_resources(response, |resource| {
                for name in ["members", "groups"] {
                    for one in resource.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten() {
                        if let Some(reference) = one.get("$ref").and_then(Value::as_str) {
                            let parts: Vec<&str> = reference.rsplit('/').take(2).collect();
                            one["$ref"] = json!(format!("../{}/{}", parts[1], parts[0]));
                        }
                    }
                }
            });
        }),
    ]
}

/// Whether a PUT gives a group a member that has this group as its own.
fn closes_a_circle(inner: &dyn Service, request: &Request, now: Timestamp) -> bool {
    let path = segments(request);
    let (["Groups", own], "PUT") = (path.as_slice(), request.method.as_str()) else { return false };
    let values = |group: &Value| -> Vec<String> {
        let members = group.get("members").and_then(Value::as_array).into_iter().flatten();
        members.filter_map(|one| one.get("value")?.as_str().map(str::to_owned)).collect()
    };
    values(&sent(request).unwrap_or_default().into()).iter().any(|id| {
        let mut get =
            Request::new("GET", format!("/scim/v2/Groups/{}", scimspec::http::encode::path_encode(id)));
        if let Some(credential) = request.headers.get("Authorization") {
            get.headers.set("Authorization", credential);
        }
        let Answer::Http(found) = inner.handle(&get, now) else { return false };
        found.json().is_some_and(|group| values(&group).iter().any(|one| one == own))
    })
}

/// The answer to a bulk request whose operations refer to each other.
fn circles_in_bulk(request: &Request) -> Option<Response> {
    let body = sent(request).filter(|_| segments(request) == ["Bulk"])?;
    let all = body.get("Operations")?.as_array()?;
    let id = |one: &Value| one.get("bulkId").and_then(Value::as_str).map(|id| format!("bulkId:{id}"));
    let refers =
        |one: &Value, other: &Value| id(other).is_some_and(|id| one["data"].to_string().contains(&id));
    let is_circle = all.iter().any(|one| all.iter().any(|other| refers(one, other) && refers(other, one)));
    is_circle.then(|| {
        let refusal = error(400, Some("invalidValue"), "a group would be a member of itself");
        let results: Vec<Value> = all
            .iter()
            .map(|one| json!({ "method": "POST", "bulkId": one["bulkId"], "status": "400", "response": refusal.json() }))
            .collect();
        let mut response = Response::new(200);
        response.headers.set("Content-Type", "application/scim+json");
        let body = json!({ "schemas": [scimspec::scim::urn::BULK_RESPONSE], "Operations": results });
        response.body = body.to_string().into();
        response
    })
}

/// A server on which an attribute's values are taken once, for POST, PUT and PATCH.
fn unique(name: &str, endpoint: &'static str, attribute: &'static str) -> Variant {
    let variant = Variant::new(name);
    variant.around(move |inner, request, now| {
        let is_write = matches!(request.method.as_str(), "POST" | "PUT")
            && segments(request).first() == Some(&endpoint)
            && !request.path().ends_with("/.search");
        let value = sent(request)
            .filter(|_| is_write)
            .and_then(|body| body.get(attribute)?.as_str().map(str::to_owned));
        let Some(value) = value else { return inner.handle(request, now) };
        let mut query = scimspec::http::Request::new("GET", format!("/scim/v2/{endpoint}"));
        query.headers = request.headers.clone();
        for name in ["If-Match", "If-None-Match", "Content-Length", "Content-Type"] {
            query.headers.remove(name);
        }
        super::edit::set_parameter(&mut query, "filter", &format!("{attribute} eq {}", json!(value)));
        let own = segments(request).get(1).map(|id| (*id).to_owned());
        if let Answer::Http(found) = inner.handle(&query, now)
            && let Some(body) = found.json()
            && let Some(all) = body.get("Resources").and_then(Value::as_array)
            && all.iter().any(|one| one.get("id").and_then(Value::as_str).map(str::to_owned) != own)
        {
            return Answer::Http(error(409, Some("uniqueness"), "the value is taken"));
        }
        inner.handle(request, now)
    })
}
