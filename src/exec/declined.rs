//! Queries that the RFCs let a server refuse whatever they ask, and discovery that it need not show to everybody.
//! Must not judge what a server may not refuse.

use crate::http::encode::percent_decode;
use crate::http::{Request, Response};

use crate::scim::member;

/// Why a query was rightly refused: RFC 7644 §3.4.2.1 has a server refuse what would return too many results, and names a query
/// of a whole endpoint; §7.5.2 has it refuse a filter in a URL that it holds for sensitive.
pub(super) fn query(request: &Request, response: &Response) -> Option<&'static str> {
    let keyword = response.json().filter(|_| matches!(response.status, 400 | 403));
    let keyword = keyword.as_ref().and_then(|body| member(body, "scimType")?.as_str())?;
    let is_get = request.method == "GET";
    let is_search = request.method == "POST" && request.path().ends_with("/.search");
    if keyword.eq_ignore_ascii_case("tooMany") && response.status == 400 {
        let asks_for_all = (is_get || is_search) && !has_filter(request);
        return asks_for_all.then_some("the server refuses queries without a filter as tooMany, as it may");
    }
    let is_told = keyword.eq_ignore_ascii_case("sensitive") && is_get && has_filter(request);
    is_told.then_some("the server refuses this filter in a URL as sensitive, as it may")
}

/// Why a discovery endpoint gave nothing, where that is the server's to decide (RFC 7644 §4: that it exists is told by a case of its own).
pub(super) fn discovery(request: &Request, response: &Response) -> Option<&'static str> {
    let discovers = ["/ServiceProviderConfig", "/Schemas", "/ResourceTypes"];
    let is_one = request.method == "GET" && discovers.iter().any(|one| request.path().contains(one));
    (is_one && response.status == 403).then_some("the server does not show its discovery to this credential")
}

fn has_filter(request: &Request) -> bool {
    let mut names = request.query().unwrap_or_default().split('&').filter_map(|pair| pair.split('=').next());
    let in_url = names.any(|name| percent_decode(name) == "filter");
    let body: Option<serde_json::Value> = serde_json::from_slice(&request.body).ok();
    in_url || body.is_some_and(|body| member(&body, "filter").is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, keyword: &str) -> Response {
        let mut response = Response::new(status);
        response.body = serde_json::json!({ "scimType": keyword }).to_string().into();
        response
    }

    fn is_declined(method: &str, target: &str, status: u16, keyword: &str) -> bool {
        query(&Request::new(method, target), &answer(status, keyword)).is_some()
    }

    #[test]
    fn too_many_excuses_what_asks_for_all() {
        assert!(is_declined("GET", "/Users?count=1", 400, "tooMany"));
        assert!(is_declined("POST", "/Users/.search", 400, "tooMany"));
        assert!(!is_declined("GET", "/Users?filter=userName%20eq%20%22x%22", 400, "tooMany"));
        assert!(!is_declined("GET", "/Users?count=1", 403, "tooMany"));
        assert!(!is_declined("GET", "/Users?count=1", 400, "invalidValue"));
        assert!(!is_declined("POST", "/Users", 400, "tooMany"));
    }

    #[test]
    fn sensitive_excuses_filters_in_urls() {
        assert!(is_declined("GET", "/Users?count=1&filter=name%20pr", 403, "sensitive"));
        assert!(!is_declined("GET", "/Users?count=1", 403, "sensitive"));
        assert!(!is_declined("POST", "/Users/.search", 403, "sensitive"));
    }

    #[test]
    fn discovery_may_be_forbidden() {
        let schemas = Request::new("GET", "/scim/v2/Schemas");
        assert!(discovery(&schemas, &answer(403, "")).is_some());
        assert!(discovery(&schemas, &answer(500, "")).is_none());
        assert!(discovery(&Request::new("GET", "/scim/v2/Users"), &answer(403, "")).is_none());
    }
}
