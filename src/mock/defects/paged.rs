//! Forms of lists that discovery endpoints must not have.
//! Knows no endpoint.

use serde_json::{Value, json};

use super::edit::{edit_body, is_success, parameter};
use crate::http::{Request, Response};
use crate::scim::urn;

/// Leaves of a ListResponse nothing but its resources.
pub fn as_array(response: &mut Response) {
    if is_success(response) {
        edit_body(response, |body| *body = body.get_mut("Resources").map(Value::take).unwrap_or_default());
    }
}

/// Puts one resource into a ListResponse.
pub fn as_list(response: &mut Response) {
    if is_success(response) {
        edit_body(response, |body| {
            *body = json!({
                "schemas": [urn::LIST_RESPONSE], "totalResults": 1, "startIndex": 1, "itemsPerPage": 1,
                "Resources": [body.take()],
            });
        });
    }
}

/// Cuts the page that `startIndex` and `count` ask for out of a whole list.
pub fn paged(request: &Request, response: &mut Response) {
    let number = |name| parameter(request, name).and_then(|text| text.parse::<usize>().ok());
    let (start, count) = (number("startIndex"), number("count"));
    if !is_success(response) || (start.is_none() && count.is_none()) {
        return;
    }
    let start = start.unwrap_or(1).max(1);
    edit_body(response, |body| {
        let Some(resources) = body.get_mut("Resources").and_then(Value::as_array_mut) else { return };
        let page: Vec<Value> =
            resources.iter().skip(start - 1).take(count.unwrap_or(usize::MAX)).cloned().collect();
        body["startIndex"] = start.into();
        body["itemsPerPage"] = page.len().into();
        body["Resources"] = page.into();
    });
}
