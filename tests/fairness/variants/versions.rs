//! What RFC 7644 §3.14 and RFC 9110 leave open of versions.
//! Changes nothing but tags and conditions.

use scimspec::http::Request;
use serde_json::Value;

use super::Variant;
use super::edit::{edit_resources, error, on_resource};

pub fn all() -> Vec<Variant> {
    vec![
        // The mock's tags are weak or strong; this server's are the others.
        Variant::new("versions/strong-tags")
            .asks(|request| {
                for name in ["If-Match", "If-None-Match"] {
                    if let Some(tags) = request.headers.get(name).map(str::to_owned)
                        && tags.contains('"')
                        && !tags.contains("W/")
                    {
                        request.headers.set(name, format!("W/{tags}"));
                    }
                }
            })
            .answers(|_, response| {
                let strong = |tag: &str| tag.trim_start_matches("W/").to_owned();
                if let Some(tag) = response.headers.get("ETag").map(strong) {
                    response.headers.set("ETag", tag);
                }
                edit_resources(response, |resource| {
                    let version = resource.get_mut("meta").and_then(|meta| meta.get_mut("version"));
                    if let Some(version) = version
                        && let Some(tag) = version.as_str().map(strong)
                    {
                        *version = tag.into();
                    }
                });
            }),
        // Weak tags never match in If-Match by RFC 9110.
        Variant::new("versions/weak-tags-never-match").refuses(|request| {
            let tag = request.headers.get("If-Match")?;
            (on_resource(request) && tag.starts_with("W/") && request.method != "GET")
                .then(|| error(412, None, "weak tags never match"))
        }),
        Variant::new("versions/tags-though-not-declared").answers(undeclared),
        Variant::new("versions/no-tag-in-lists").answers(|request, response| {
            let listed = !on_resource(request) && request.method == "GET";
            if listed {
                edit_resources(response, |resource| {
                    if let Some(meta) = resource.get_mut("meta").and_then(Value::as_object_mut) {
                        meta.shift_remove("version");
                    }
                });
            }
        }),
    ]
}

fn undeclared(request: &Request, response: &mut scimspec::http::Response) {
    if request.path().ends_with("/ServiceProviderConfig") {
        super::edit::edit_body(response, |body| body["etag"]["supported"] = false.into());
    }
}
