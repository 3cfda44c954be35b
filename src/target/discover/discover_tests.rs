use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::*;
use crate::http::{InProcess, Limits, Paced, Request, Transport, TransportError};
use crate::mock::{Answer, Service};
use crate::target::{Auth, Secret, Target};

/// Answers each target of a request with a status and a body; 404 to all else.
struct Canned(Vec<(&'static str, u16, String)>);

impl Service for Canned {
    fn handle(&self, request: &Request, _now: jiff::Timestamp) -> Answer {
        let path = request.target.strip_prefix("/v2").unwrap_or(&request.target);
        let anonymous = request.headers.get("authorization").is_none();
        let known = self.0.iter().find(|(target, _, _)| {
            *target == path || (anonymous && target.strip_prefix("anonymous ") == Some(path))
        });
        let (status, body) = known.map_or((404, String::new()), |(_, status, body)| (*status, body.clone()));
        let mut response = Response::new(status);
        response.body = body.into();
        Answer::Http(response)
    }
}

fn canned(answers: &[(&'static str, u16, Value)]) -> Arc<dyn Service> {
    Arc::new(Canned(answers.iter().map(|(path, status, body)| (*path, *status, body.to_string())).collect()))
}

async fn discover_with(service: Arc<dyn Service>, assumptions: &[&str]) -> Discovery {
    let transport = Transport::InProcess(InProcess::new(service, Arc::new(|| jiff::Timestamp::UNIX_EPOCH)));
    let token = Auth::Bearer(Secret::new("token-123", "test").expect("a secret"));
    let target = Target::new("http://localhost/v2").expect("a base").with_credential("target", token);
    let session = Session::new(target, Paced::new(transport, None, Duration::ZERO), Limits::default());
    let words: Vec<String> = assumptions.iter().map(|word| (*word).to_owned()).collect();
    discover(&session, &Documents::default(), &words).await
}

fn user_type(endpoint: &str) -> Value {
    json!({ "name": "User", "endpoint": endpoint, "schema": crate::scim::urn::USER })
}

fn user_schema() -> Value {
    json!({ "id": crate::scim::urn::USER, "name": "User", "attributes": [
        { "name": "userName", "type": "string", "required": true },
        { "name": "title", "type": "string" },
        { "name": "emails", "type": "complex", "multiValued": true,
          "subAttributes": [{ "name": "value", "type": "string" }] },
    ] })
}

fn list(resources: Vec<Value>) -> Value {
    json!({ "totalResults": resources.len(), "Resources": resources })
}

fn has_problem(discovery: &Discovery, text: &str) -> bool {
    discovery.problems.iter().any(|problem| problem.contains(text))
}

#[tokio::test]
async fn what_a_server_says_is_what_it_offers() {
    let config = json!({
        "patch": { "supported": true }, "sort": { "supported": false }, "etag": { "supported": "yes" },
        "filter": { "supported": true, "maxResults": 200 }, "pagination": { "cursor": true, "index": false },
    });
    let found = discover_with(
        canned(&[
            ("/ServiceProviderConfig", 200, config),
            ("/ResourceTypes", 200, list(vec![user_type("/Users")])),
            ("/Schemas", 200, list(vec![user_schema()])),
            ("/Users?count=1", 401, json!({})),
        ]),
        &["bulk"],
    )
    .await;
    let capabilities = &found.capabilities;
    for met in [
        "patch",
        "filter",
        "bulk",
        "cursor",
        "not sort",
        "not index",
        "auth",
        "User.title",
        "credential wrong",
    ] {
        assert_eq!(capabilities.meets(met), Ok(()), "{met}");
    }
    for unmet in ["sort", "etag", "changePassword", "Group", "User.emails.type", "EnterpriseUser"] {
        assert!(capabilities.meets(unmet).is_err(), "{unmet}");
    }
    assert_eq!(capabilities.limits.get("filter.maxResults"), Some(&200));
    assert_eq!(
        found.problems,
        ["ServiceProviderConfig says whether etag is supported, but not as a boolean"]
    );
    assert_eq!(found.unusable, None);
    assert!(!format!("{:?}", found.exchanges).contains("token-123"));
}

#[tokio::test]
async fn without_discovery_only_what_the_rfc_requires_is_leaned_on() {
    let found = discover_with(canned(&[("/Groups?count=1", 200, list(Vec::new()))]), &[]).await;
    let capabilities = &found.capabilities;
    for met in ["User", "Group", "User.userName", "Group.members", "index", "User.externalId"] {
        assert_eq!(capabilities.meets(met), Ok(()), "{met}");
    }
    for unmet in ["User.active", "User.emails", "patch", "filter", "auth"] {
        assert!(capabilities.meets(unmet).is_err(), "{unmet}");
    }
    assert!(has_problem(&found, "GET /ServiceProviderConfig answers 404"));
    assert!(has_problem(&found, "GET /Schemas answers 404"));
    assert_eq!(found.unusable, None);
}

#[tokio::test]
async fn where_nothing_is_scim_nothing_can_be_judged() {
    let error = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "404" });
    for answers in [
        canned(&[]),
        canned(&[("/ServiceProviderConfig", 200, json!("a page")), ("/Users?count=1", 500, json!({}))]),
        canned(&[("/Users?count=1", 404, error.clone())]),
    ] {
        let found = discover_with(answers, &[]).await;
        assert!(matches!(found.unusable, Some(Unusable::NotScim { .. })), "{:?}", found.unusable);
    }
    for (path, status, body) in [
        ("/Users?count=1", 200, list(Vec::new())),
        ("/Users?count=1", 400, error),
        ("/Users?count=1", 401, json!({})),
        ("/Schemas", 200, json!([])),
    ] {
        let found = discover_with(canned(&[(path, status, body)]), &[]).await;
        assert_eq!(found.unusable, None, "{path} {status}");
    }
}

#[tokio::test]
async fn a_target_that_stays_busy_is_not_judged() {
    let busy = ["/ServiceProviderConfig", "/ResourceTypes"].map(|path| (path, 503, json!({})));
    let found = discover_with(canned(&busy), &[]).await;
    assert_eq!(found.unusable, Some(Unusable::Busy(503)));
    assert_eq!(found.exchanges.len(), 2, "it is not waited for with every document");
}

#[tokio::test]
async fn schemas_are_read_one_by_one_where_there_is_no_list() {
    let path = "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User";
    let found = discover_with(
        canned(&[("/ResourceTypes", 200, json!([user_type("Users")])), (path, 200, user_schema())]),
        &[],
    )
    .await;
    assert_eq!(found.capabilities.meets("User.title"), Ok(()));
    assert_eq!(found.capabilities.resource_types[0].endpoint, "/Users");
    assert!(has_problem(&found, "bare list"));
}

#[tokio::test]
async fn pages_are_followed_and_a_list_that_never_ends_is_not() {
    let page = |name: &str| {
        json!({ "totalResults": 3, "resources": [
        { "name": name, "endpoint": format!("/{name}"), "schema": format!("urn:{name}") }] })
    };
    let found = discover_with(
        canned(&[
            ("/ResourceTypes", 200, page("A")),
            ("/ResourceTypes?startIndex=2", 200, page("B")),
            ("/ResourceTypes?startIndex=3", 200, page("B")),
        ]),
        &[],
    )
    .await;
    let names: Vec<_> = found.capabilities.resource_types.iter().map(|t| t.name.as_str()).collect();
    assert_eq!(names, ["A", "B"]);
}

#[tokio::test]
async fn endpoints_never_lead_away_from_the_base() {
    let named =
        |(name, endpoint): (&str, &str)| json!({ "name": name, "endpoint": endpoint, "schema": "urn:x" });
    let types = [
        ("Evil", "https://evil.example/Users"),
        ("Own", "http://localhost/v2/Own/"),
        ("Twice", "/v2/Twice"),
        ("Plain", "Plain"),
        ("Elsewhere", "http://localhost/other"),
        ("Up", "/../admin"),
        ("Encoded", "/a/%2e%2e/%2e%2e/admin"),
        ("Query", "/Users?delete=all"),
        ("Base", "/"),
        ("Bad\u{1b}[31mName", "/Bad"),
    ];
    let found = discover_with(canned(&[("/ResourceTypes", 200, list(types.map(named).to_vec()))]), &[]).await;
    let endpoints: Vec<_> = found.capabilities.resource_types.iter().map(|t| t.endpoint.as_str()).collect();
    assert_eq!(endpoints, ["/Own", "/Twice", "/Plain"]);
    assert!(has_problem(&found, "lies on another host"));
    assert!(has_problem(&found, "Elsewhere is left out: its endpoint does not lie below the base URL"));
    assert!(found.problems.iter().all(|problem| !problem.contains('\u{1b}')));
    assert!(found.exchanges.iter().all(|exchange| exchange.url.starts_with("http://localhost/v2/")));
}

#[tokio::test]
async fn problems_are_bounded() {
    let types: Vec<Value> = (0..150).map(|_| json!({ "name": "x".repeat(100_000) })).collect();
    let found = discover_with(canned(&[("/ResourceTypes", 200, list(types))]), &[]).await;
    assert_eq!(found.problems.len(), MOST_PROBLEMS + 1);
    assert!(found.problems.iter().all(|problem| problem.len() <= 400));
}

#[tokio::test]
async fn groups_that_are_not_there_are_not_leaned_on() {
    let found = discover_with(canned(&[]), &[]).await;
    assert!(found.capabilities.meets("Group").is_err());
    assert_eq!(found.capabilities.meets("User.userName"), Ok(()));
}

#[tokio::test]
async fn a_config_of_rfc_9865_says_itself_whether_it_has_an_index() {
    let config = json!({ "pagination": { "cursor": true } });
    let found = discover_with(canned(&[("/ServiceProviderConfig", 200, config)]), &[]).await;
    assert!(found.capabilities.meets("index").is_err());
}

#[tokio::test]
async fn hostile_schemas_are_taken_in_within_bounds() {
    let many: Vec<Value> =
        (0..10_000).map(|n| json!({ "name": format!("a{n}"), "type": "string" })).collect();
    let schemas = vec![
        json!({ "id": "urn:many", "attributes": many }),
        json!({ "id": "urn:odd", "attributes": [{ "name": "x", "type": "quaternion" }, { "type": "string" }, 7] }),
        json!({ "id": "urn:none", "attributes": "none" }),
        json!({ "attributes": [] }),
        json!(["not", "a", "schema"]),
    ];
    let found = discover_with(canned(&[("/Schemas", 200, list(schemas))]), &[]).await;
    assert_eq!(found.capabilities.schema("urn:many").map(|s| s.attributes.len()), Some(MOST_ATTRIBUTES));
    for text in
        ["10000 attributes", "no known type", "has no name", "no list of attributes", "a schema has no id"]
    {
        assert!(has_problem(&found, text), "{text}: {:?}", found.problems);
    }
}

#[tokio::test]
async fn documents_of_the_wrong_kind_are_told() {
    for (body, told) in
        [(json!("text"), "neither an object nor a list"), (json!({ "totalResults": 1 }), "without Resources")]
    {
        let found = discover_with(canned(&[("/ResourceTypes", 200, body)]), &[]).await;
        assert!(has_problem(&found, told), "{:?}", found.problems);
        assert_eq!(found.capabilities.meets("User"), Ok(()));
    }
}

const DISCOVERY: [&str; 6] = [
    "/ServiceProviderConfig",
    "/ResourceTypes",
    "/Schemas",
    "/Groups?count=1",
    "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User",
    "/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group",
];

#[tokio::test]
async fn a_target_that_refuses_everything_cannot_be_judged() {
    let mut answers = DISCOVERY.map(|path| (path, 401, json!({}))).to_vec();
    answers.push(("/Users?count=1", 401, json!({})));
    let found = discover_with(canned(&answers), &[]).await;
    assert_eq!(found.unusable, Some(Unusable::Unauthorised(401)));
    answers.pop();
    answers.push(("/Users?count=1", 200, list(Vec::new())));
    let found = discover_with(canned(&answers), &[]).await;
    assert_eq!(found.unusable, None);
}

#[tokio::test]
async fn a_target_that_serves_everybody_is_told() {
    let found = discover_with(
        canned(&[
            ("/ResourceTypes", 200, list(vec![user_type("/Users")])),
            ("anonymous /Users?count=1", 200, list(Vec::new())),
        ]),
        &[],
    )
    .await;
    assert!(has_problem(&found, "served to requests without credentials"));
    assert!(found.capabilities.meets("auth").is_err());
}

#[tokio::test]
async fn a_redirect_asks_for_credentials_where_they_are_of_use() {
    for (with_credentials, asks) in [(200, true), (302, false)] {
        let found = discover_with(
            canned(&[
                ("/ResourceTypes", 200, list(vec![user_type("/Users")])),
                ("anonymous /Users?count=1", 302, json!({})),
                ("/Users?count=1", with_credentials, list(Vec::new())),
            ]),
            &[],
        )
        .await;
        assert_eq!(found.capabilities.meets("auth").is_ok(), asks, "{with_credentials}");
    }
}

#[tokio::test]
async fn an_assumption_that_is_no_feature_is_told() {
    let found = discover_with(canned(&[]), &["filtre", "not-index", "PATCH"]).await;
    assert!(has_problem(&found, "`filtre` is no feature"));
    assert_eq!(found.capabilities.meets("patch"), Ok(()));
    assert_eq!(found.capabilities.meets("not index"), Ok(()));
}

#[tokio::test]
async fn a_target_out_of_reach_is_asked_no_more_than_twice() {
    let transport = Transport::network(&crate::http::NetworkOptions::default()).expect("a transport");
    let target = Target::new("http://127.0.0.1:1/v2").expect("a base");
    let session = Session::new(target, Paced::new(transport, None, Duration::ZERO), Limits::default());
    let found = discover(&session, &Documents::default(), &[]).await;
    assert!(matches!(found.unusable, Some(Unusable::Unreachable(TransportError::Connect(_)))));
    assert_eq!(found.exchanges.len(), 2);
}
