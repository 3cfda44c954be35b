//! Defects of the area `discovery`: what ServiceProviderConfig says (RFC 7643 §5).
//! Knows no other area.

use std::sync::Arc;

use serde_json::{Value, json};

use super::edit::{
    Members, Place, ask, base_of, drop_parameter, edit_at, edit_body, edit_resources, edit_sent, error,
    is_success, place,
};
use super::layer::around;
use super::{Area, Defect, How};
use crate::http::{Request, Response};
use crate::mock::{Answer, Service};
use crate::scim::urn;

use super::writable::writable;

const AREA: Area = Area("discovery");

pub(super) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "spc-as-list",
        &["7644-4-01"],
        "ServiceProviderConfig comes as a ListResponse.",
        How::Response(|request, response| {
            if place(request) == Place::ServiceProviderConfig && is_success(response) {
                edit_body(response, |config| {
                    *config = json!({
                        "schemas": [urn::LIST_RESPONSE], "totalResults": 1, "startIndex": 1, "itemsPerPage": 1,
                        "Resources": [config.take()],
                    });
                });
            }
        }),
    ),
    AREA.failure(
        "spc-without-schemas",
        &["7644-4-01", "7643-3-01"],
        "ServiceProviderConfig has no schemas.",
        How::Response(|request, response| edit_config(request, response, |config| remove(config, &["schemas"]))),
    ),
    AREA.failure(
        "spc-without-etag-and-sort",
        &["7643-5-04"],
        "ServiceProviderConfig has neither etag nor sort.",
        How::Response(|request, response| {
            edit_config(request, response, |config| remove(config, &["etag", "sort"]));
        }),
    ),
    AREA.failure(
        "spc-without-change-password",
        &["7643-5-04"],
        "ServiceProviderConfig has no changePassword.",
        How::Response(|request, response| {
            edit_config(request, response, |config| remove(config, &["changePassword"]));
        }),
    ),
    AREA.failure(
        "spc-without-patch",
        &["7643-5-01"],
        "ServiceProviderConfig has no patch.",
        How::Response(|request, response| edit_config(request, response, |config| remove(config, &["patch"]))),
    ),
    AREA.failure(
        "spc-flags-as-texts",
        &["7643-5-01", "7643-2.3.2-01", "7643-5-02", "7643-5-03", "7643-5-04"],
        "The supported flags of ServiceProviderConfig are texts: \"true\", \"false\".",
        How::Response(|request, response| edit_config(request, response, flags_as_texts)),
    ),
    AREA.failure(
        "spc-bulk-without-limits",
        &["7643-5-02", "7644-3.7.4-01"],
        "bulk of ServiceProviderConfig has neither maxOperations nor maxPayloadSize.",
        How::Response(|request, response| {
            edit_config(request, response, |config| {
                remove_in(config, "bulk", &["maxOperations", "maxPayloadSize"]);
            });
        }),
    ),
    AREA.failure(
        "spc-filter-without-max-results",
        &["7643-5-03"],
        "filter of ServiceProviderConfig has no maxResults.",
        How::Response(|request, response| {
            edit_config(request, response, |config| remove_in(config, "filter", &["maxResults"]));
        }),
    ),
    AREA.failure(
        "spc-max-results-as-text",
        &["7643-5-03"],
        "filter.maxResults of ServiceProviderConfig is a text.",
        How::Response(|request, response| {
            edit_config(request, response, |config| {
                edit_at(config, &["filter", "maxResults"], |value| *value = value.to_string().into());
            });
        }),
    ),
    AREA.failure(
        "spc-schemes-without-type",
        &["7643-5-05"],
        "Entries of authenticationSchemes have neither type nor description.",
        How::Response(|request, response| {
            edit_config(request, response, |config| {
                edit_schemes(config, |scheme| remove(scheme, &["type", "description"]));
            });
        }),
    ),
    AREA.failure(
        "spc-without-authentication-schemes",
        &["7643-5-05"],
        "ServiceProviderConfig has no authenticationSchemes.",
        How::Response(|request, response| {
            edit_config(request, response, |config| remove(config, &["authenticationSchemes"]));
        }),
    ),
    AREA.warning(
        "spc-scheme-of-unknown-type",
        &["7643-5-06"],
        "The type of an authentication scheme is none of those that are defined.",
        How::Response(|request, response| {
            edit_config(request, response, |config| {
                edit_schemes(config, |scheme| drop(scheme.insert("type".to_owned(), "bearer".into())));
            });
        }),
    ),
    AREA.failure(
        "spc-claims-patch",
        &["7643-5-11", "IDP-COMPLAINT-11"],
        "ServiceProviderConfig says that PATCH is supported, but it is answered with 501.",
        How::Around(|inner| refuse(inner, |request| request.method == "PATCH")),
    ),
    AREA.failure(
        "spc-claims-bulk",
        &["7643-5-11"],
        "ServiceProviderConfig says that bulk is supported, but /Bulk is answered with 501.",
        How::Around(|inner| refuse(inner, |request| place(request) == Place::Bulk)),
    ),
    AREA.failure(
        "spc-claims-sort",
        &["7643-5-11", "7644-3.4.2.3-02"],
        "ServiceProviderConfig says that sorting is supported, but sortBy is ignored.",
        How::Request(|request| {
            drop_parameter(request, "sortBy");
            if matches!(place(request), Place::Search(_)) {
                edit_sent(request, |search| remove(search, &["sortBy"]));
            }
        }),
    ),
    AREA.failure(
        "spc-claims-etag",
        &["7643-5-11"],
        "ServiceProviderConfig says that ETags are supported, but there are none and conditions are ignored.",
        How::Around(|inner| {
            around(inner, |inner, request, now| {
                let mut request = request.clone();
                request.headers.remove("If-Match");
                request.headers.remove("If-None-Match");
                let mut answer = inner.handle(&request, now);
                if let Answer::Http(response) = &mut answer {
                    response.headers.remove("ETag");
                    edit_resources(response, |resource| remove_in(resource, "meta", &["version"]));
                }
                answer
            })
        }),
    ),
    AREA.warning(
        "spc-needs-credentials",
        &["7643-5-08"],
        "ServiceProviderConfig is answered with 401 without credentials.",
        How::Around(|inner| {
            around(inner, |inner, request, now| {
                let protected = format!("{}/ResourceTypes", base_of(request));
                let asked = (place(request) == Place::ServiceProviderConfig)
                    .then(|| ask(inner, request, "GET", &protected, now))
                    .flatten();
                match asked {
                    Some(refusal) if refusal.status == 401 => Answer::Http(refusal),
                    _ => inner.handle(request, now),
                }
            })
        }),
    ),
    AREA.failure(
        "spc-is-writable",
        &["7643-5-09"],
        "PUT of ServiceProviderConfig is answered with 200 and changes it.",
        How::Around(|inner| writable(inner, |place| *place == Place::ServiceProviderConfig)),
    ),
    AREA.warning(
        "spc-is-missing",
        &["7644-4-08", "IDP-COMPLAINT-37"],
        "There is no ServiceProviderConfig.",
        How::Around(|inner| {
            around(inner, |inner, request, now| match place(request) {
                Place::ServiceProviderConfig => Answer::Http(error(404, None, "the endpoint not found")),
                _ => inner.handle(request, now),
            })
        }),
    ),
    AREA.warning(
        "discovery-filter-answers-400",
        &["7644-4-07"],
        "A filter on a discovery endpoint is answered with 400.",
        How::Response(|request, response| {
            let at = place(request);
            let is_discovery =
                matches!(at, Place::ServiceProviderConfig | Place::ResourceTypes(_) | Place::Schemas(_));
            if is_discovery && response.status == 403 {
                *response = error(400, Some("invalidFilter"), "there is nothing to filter");
            }
        }),
    ),
];

fn edit_config(request: &Request, response: &mut Response, change: impl FnOnce(&mut Members)) {
    if place(request) == Place::ServiceProviderConfig && is_success(response) {
        edit_body(response, |body| {
            if let Some(config) = body.as_object_mut() {
                change(config);
            }
        });
    }
}

fn edit_schemes(config: &mut Members, change: impl FnMut(&mut Members)) {
    let schemes = config.get_mut("authenticationSchemes").and_then(Value::as_array_mut);
    schemes.into_iter().flatten().filter_map(Value::as_object_mut).for_each(change);
}

fn remove(members: &mut Members, names: &[&str]) {
    for name in names {
        members.shift_remove(*name);
    }
}

fn remove_in(members: &mut Members, name: &str, names: &[&str]) {
    if let Some(inner) = members.get_mut(name).and_then(Value::as_object_mut) {
        remove(inner, names);
    }
}

fn flags_as_texts(config: &mut Members) {
    for feature in config.values_mut().filter_map(Value::as_object_mut) {
        edit_at(feature, &["supported"], |flag| *flag = flag.to_string().into());
    }
}

/// Answers some requests with 501.
fn refuse(inner: Arc<dyn Service>, is_refused: fn(&Request) -> bool) -> Arc<dyn Service> {
    around(inner, move |inner, request, now| match is_refused(request) {
        true => Answer::Http(error(501, None, "not supported")),
        false => inner.handle(request, now),
    })
}
