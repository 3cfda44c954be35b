//! The requests of a conversation that touches everything.
//! Knows no answer and no defect.

use serde_json::{Value, json};

use crate::scim::urn;

/// One request of the script. `{name}` in target and body stands for what an earlier answer gave.
pub struct Ask {
    pub method: &'static str,
    /// Below the base URL; with a leading `//` below the host.
    pub target: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Option<String>,
    /// Keeps the id (or `nextCursor`) of the answer under this name.
    pub keep: Option<&'static str>,
}

impl Ask {
    pub fn new(method: &'static str, target: &str) -> Self {
        Self { method, target: target.to_owned(), headers: Vec::new(), body: None, keep: None }
    }

    pub fn json(mut self, body: Value) -> Self {
        self.headers.push(("Content-Type", "application/scim+json".to_owned()));
        self.body = Some(body.to_string());
        self
    }

    pub fn text(mut self, content_type: &str, body: &str) -> Self {
        self.headers.push(("Content-Type", content_type.to_owned()));
        self.body = Some(body.to_owned());
        self
    }

    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub fn keep(mut self, name: &'static str) -> Self {
        self.keep = Some(name);
        self
    }
}

pub fn get(target: &str) -> Ask {
    Ask::new("GET", target)
}

pub fn patch(target: &str, operations: Value) -> Ask {
    Ask::new("PATCH", target).json(json!({ "schemas": [urn::PATCH_OP], "Operations": operations }))
}

pub fn create(kind: &str, name: &'static str, body: Value) -> Ask {
    Ask::new("POST", kind).json(body).keep(name)
}

pub fn user(user_name: &str, more: Value) -> Value {
    let mut user = json!({ "schemas": [urn::USER], "userName": user_name });
    user.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    user
}

pub fn group(display_name: &str, members: Value) -> Value {
    json!({ "schemas": [urn::GROUP], "displayName": display_name, "members": members })
}

pub fn query(endpoint: &str, parameters: &[(&str, &str)]) -> Ask {
    let encoded = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    let pairs: Vec<String> = parameters.iter().map(|(n, v)| format!("{n}={}", encoded(v))).collect();
    get(&format!("{endpoint}?{}", pairs.join("&")))
}

/// The whole conversation, in order.
pub fn script() -> Vec<Ask> {
    let mut asks = discovery();
    asks.extend(credentials());
    asks.extend(creates());
    asks.extend(reads());
    asks.extend(queries());
    asks.extend(pages());
    asks.extend(writes());
    asks.extend(errors());
    asks.extend(badges());
    asks.extend(deletes());
    asks.extend(super::fine_script_tests::fine());
    asks.extend(super::narrow_script_tests::narrow());
    asks.extend(super::rare_script_tests::rare());
    asks.extend(super::lost_script_tests::lost());
    asks.extend(super::provider_script_tests::as_providers_ask());
    asks
}

fn discovery() -> Vec<Ask> {
    let config =
        json!({ "schemas": [urn::SERVICE_PROVIDER_CONFIG], "documentationUri": "https://example.org" });
    let user_schema = format!("/Schemas/{}", urn::USER);
    let changed = json!({ "schemas": [urn::SCHEMA], "id": urn::USER, "name": "Person" });
    vec![
        get("/ServiceProviderConfig"),
        get("/ServiceProviderConfig").header("Authorization", ""),
        Ask::new("PUT", "/ServiceProviderConfig").json(config),
        get("/ServiceProviderConfig"),
        get("/ResourceTypes"),
        get("/ResourceTypes/User"),
        get("/ResourceTypes/Nope"),
        query("/ResourceTypes", &[("count", "1"), ("startIndex", "2")]),
        query("/ResourceTypes", &[("filter", r#"name eq "User""#)]),
        Ask::new("PUT", "/ResourceTypes/User").json(json!({ "name": "Person" })),
        get("/ResourceTypes/User"),
        get("/Schemas"),
        get(&user_schema),
        get(&format!("/Schemas/{}", urn::ENTERPRISE_USER)),
        get("/Schemas/urn:example:nope"),
        get(&format!("/Schemas/{}", urn::ERROR)),
        query("/Schemas", &[("count", "1")]),
        query("/Schemas", &[("filter", r#"name eq "User""#)]),
        Ask::new("PUT", &user_schema).json(changed),
        get(&user_schema),
    ]
}

fn credentials() -> Vec<Ask> {
    vec![
        get("/Users").header("Authorization", ""),
        get("/Users").header("Authorization", "Bearer nope"),
        Ask::new("POST", "/Users").header("Authorization", "").json(user("nobody", json!({}))),
    ]
}

fn creates() -> Vec<Ask> {
    let ann = json!({
        "schemas": [urn::USER, urn::ENTERPRISE_USER], "externalId": "Ext-ANN", "password": "s3cret-Ann",
        "name": { "givenName": "Ann", "familyName": "Ünal 😀" }, "displayName": "Ann", "title": "One",
        "active": true, "locale": "en-US", "profileUrl": "https://example.org/ann",
        "emails": [{ "value": "ann@example.org", "type": "work", "primary": true }, { "value": "ann@home.example", "type": "home" }],
        "phoneNumbers": [{ "value": "+1 201 555 0100", "type": "work" }, { "value": "+1 201 555 0101", "type": "home" }],
        "addresses": [{ "country": "DE", "type": "work" }],
        "x509Certificates": [{ "value": "MIIB" }],
        urn::ENTERPRISE_USER: { "department": "Sales", "employeeNumber": "7" },
    });
    let bob = json!({
        "active": false, "emails": [{ "value": "bob@example.org", "type": "work" }], "name": { "familyName": "Baker" },
        "schemas": [urn::USER, urn::ENTERPRISE_USER], urn::ENTERPRISE_USER: { "manager": { "value": "{ann}", "displayName": "Boss" } },
    });
    let read_only = json!({
        "id": "client-id", "meta": { "created": "2001-01-01T00:00:00Z" }, "groups": [{ "value": "g", "display": "G" }],
    });
    let primaries =
        json!([{ "value": "a@x.example", "primary": true }, { "value": "b@x.example", "primary": true }]);
    let extension_first =
        json!({ "schemas": [urn::ENTERPRISE_USER, urn::USER], urn::ENTERPRISE_USER: { "division": "D" } });
    vec![
        create("/Users", "ann", user("ann", ann)),
        create("/Users", "bob", user("Bob", bob)),
        create("/Users", "cid", user("cid", read_only)),
        create("/Users", "dee", user("dee", json!({ "title": null, "emails": [] }))),
        create("/Users", "eve", user("ève", extension_first)),
        Ask::new("POST", "/Users").json(user("ÈVE", json!({}))),
        Ask::new("POST", "/Users").json(user("ann", json!({}))),
        Ask::new("POST", "/Users").json(user("ANN", json!({}))),
        Ask::new("POST", "/Users").json(json!({ "schemas": [urn::USER], "title": "x" })),
        Ask::new("POST", "/Users").json(json!({ "userName": "no-schemas" })),
        Ask::new("POST", "/Users").json(user("two", json!({ "emails": primaries }))),
        Ask::new("POST", "/Users")
            .json(json!({ "schemas": [urn::USER], "USERNAME": "fay", "TITLE": "Capitals" })),
        Ask::new("POST", "/Users").json(user("typed", json!({ "active": "maybe" }))),
        Ask::new("POST", "/Users").text("text/plain", &user("plain", json!({})).to_string()),
        Ask::new("POST", "/Users").text("application/json", &user("json", json!({})).to_string()),
        Ask::new("POST", "/Users?attributes=userName").json(user("projected", json!({ "title": "x" }))),
        create("/Groups", "tour", group("Tour guides", json!([{ "value": "{ann}" }, { "value": "{bob}" }]))),
        create("/Groups", "solo", group("Solo", json!([{ "value": "{ann}" }]))),
        create("/Groups", "nest", group("Nest", json!([{ "value": "{solo}" }]))),
        Ask::new("POST", "/Groups").json(json!({ "schemas": [urn::GROUP], "members": [] })),
        Ask::new("POST", "/Groups").json(group("Unknown", json!([{ "value": "nope" }]))),
    ]
}

fn reads() -> Vec<Ask> {
    vec![
        get("/Users/{ann}"),
        get("/Users/{bob}"),
        get("/Users/{dee}"),
        get("/Users/{eve}"),
        get("/Groups/{tour}"),
        get("/Groups/{solo}"),
        get("/Users/nope"),
        get("/Users/{ANN}"),
        Ask::new("HEAD", "/Users/{ann}"),
        get("/Users/{ann}").header("Accept", "application/json"),
        get("/Users/{ann}").header("Accept", "application/scim+json"),
        get("/Users/{ann}?attributes=password,userName"),
        get("/Users/{ann}?attributes=name.familyName"),
        get("/Users/{ann}?attributes=USERNAME,emails.value"),
        get("/Users/{ann}?excludedAttributes=id,emails,name.givenName"),
        get(&format!("/Users/{{ann}}?attributes={}:department", urn::ENTERPRISE_USER)),
        get("/Groups/{tour}?excludedAttributes=members"),
        get("/Users/{ann}").header("If-None-Match", "{ann.version}"),
        get("/Users/{ann}").header("If-None-Match", r#"W/"nope""#),
        get("/Me").header("Authorization", "Bearer ann-token"),
        patch("/Me", json!([{ "op": "replace", "path": "nickName", "value": "Annie" }]))
            .header("Authorization", "Bearer ann-token"),
        get("//scim/v99/Users"),
        get("//scim/v1/Users"),
        get("/Nope"),
        get("//nope"),
    ]
}

fn queries() -> Vec<Ask> {
    let filters = [
        r#"userName eq "ann""#,
        r#"userName eq "ANN""#,
        r#"USERNAME Eq "ann""#,
        r#"userName eq "an""#,
        r#"userName sw "nn""#,
        r#"userName ew "an""#,
        r#"userName co "n""#,
        r#"userName ne "ann""#,
        r#"externalId eq "ext-ann""#,
        r#"externalId eq "Ext-ANN""#,
        "title pr",
        "emails pr",
        r#"userName gt "ann""#,
        r#"userName ge "ann""#,
        r#"userName lt "bob""#,
        r#"userName le "bob""#,
        "active gt true",
        "active eq true",
        "active eq false",
        r#"userName xx "a""#,
        "userName eq",
        r#"userName eq "ann" or userName eq "bob" and title eq "nope""#,
        r#"(userName eq "ann" or userName eq "bob") and title eq "nope""#,
        r#"not (userName eq "ann")"#,
        r#"emails[type eq "work" and value co "home"]"#,
        r#"emails[type eq "home" and value co "home"]"#,
        r#"emails.type eq "home""#,
        r#"meta.created ge "2024-01-01T01:00:00+01:00""#,
        r#"meta.created gt "2024-01-01T00:00:30Z""#,
        r#"urn:ietf:params:scim:schemas:core:2.0:User:userName eq "ann""#,
        r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "Sales""#,
        r#"title eq "a \"quoted\" text""#,
        r#"name.familyName eq "Baker""#,
        r#"name.familyName co "ünal""#,
        r#"userName eq "nobody""#,
        r#"id eq "{ann}""#,
    ];
    let mut asks: Vec<Ask> = filters.iter().map(|filter| query("/Users", &[("filter", filter)])).collect();
    // Placeholders are encoded with the rest of the filter.
    asks.extend([
        get("/Users"),
        get("/Groups"),
        get("/Users?unknown=1"),
        query("/Users", &[("attributes", "userName,password")]),
        query("/Users", &[("attributes", "emails.value")]),
        query("/Users", &[("excludedAttributes", "emails,meta")]),
        query("/Users", &[("sortBy", "userName")]),
        query("/Users", &[("sortBy", "title")]),
        query("/Users", &[("sortBy", "userName"), ("sortOrder", "descending"), ("count", "2")]),
        query("/Users", &[("sortBy", "name.familyName"), ("count", "2"), ("startIndex", "2")]),
        query("/Groups", &[("filter", r#"displayName eq "Solo""#)]),
        query("/Groups", &[("filter", r#"members.value eq "nope""#)]),
        get("/"),
        query("/", &[("filter", r#"userName pr or displayName eq "Solo""#)]),
        query("/", &[("filter", r#"meta.resourceType eq "Group""#)]),
    ]);
    let search = |more: Value| {
        let mut body = json!({ "schemas": [urn::SEARCH_REQUEST] });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    asks.extend([
        Ask::new("POST", "/.search").json(search(json!({}))),
        Ask::new("POST", "/Users/.search").json(search(json!({ "filter": r#"userName eq "ann""# }))),
        Ask::new("POST", "/Users/.search")
            .json(search(json!({ "attributes": ["userName"], "count": 2, "startIndex": 2 }))),
        Ask::new("POST", "/Users/.search").json(search(
            json!({ "excludedAttributes": ["emails"], "sortBy": "userName", "sortOrder": "descending" }),
        )),
        Ask::new("POST", "/Users/.search").json(search(json!({ "filter": "userName eq" }))),
        Ask::new("POST", "/Users/.search").json(json!({ "filter": "userName pr" })),
        Ask::new("POST", "/Users/.search")
            .json(search(json!({ "cursor": "", "count": 2 })))
            .keep("search-cursor"),
        Ask::new("POST", "/Users/.search").json(search(json!({ "cursor": "{search-cursor}", "count": 2 }))),
    ]);
    asks
}

fn pages() -> Vec<Ask> {
    let mut asks: Vec<Ask> = [
        "startIndex=1&count=2",
        "startIndex=2&count=2",
        "startIndex=2&count=2",
        "startIndex=3&count=2",
        "startIndex=0&count=2",
        "startIndex=-3",
        "count=0",
        "count=-1",
        "count=1",
        "count=ten",
        "startIndex=two",
        "startIndex=999",
        "startIndex=7&count=50",
    ]
    .iter()
    .map(|parameters| get(&format!("/Users?{parameters}")))
    .collect();
    asks.extend([
        query("/Users", &[("filter", r#"userName sw "d""#), ("count", "1"), ("startIndex", "1")]),
        get("/Groups?count=1"),
        get("/Users?cursor=&count=2").keep("one"),
        get("/Users?cursor={one}&count=2").keep("two"),
        get("/Users?cursor={two}&count=2").keep("three"),
        get("/Users?cursor={three}&count=2").keep("four"),
        get("/Users?cursor={four}&count=2").keep("five"),
        get("/Users?cursor={one}&count=3"),
        get("/Users?cursor=nope&count=2"),
        get("/Users?cursor=&count=0"),
        get("/Users?cursor=&count=-1"),
        get("/Users?cursor="),
    ]);
    asks
}

fn writes() -> Vec<Ask> {
    let replaced = json!({
        "id": "{ann}", "meta": { "created": "2001-01-01T00:00:00Z" }, "password": "n3w-Ann", "title": "Two", "externalId": "NEW",
        "emails": [{ "value": "new@example.org", "type": "work" }], "phoneNumbers": [], "displayName": null, "nickName": "A",
        "schemas": [urn::USER, urn::ENTERPRISE_USER], urn::ENTERPRISE_USER: { "department": "Sales" },
    });
    let mut asks = vec![
        Ask::new("PUT", "/Users/{ann}").json(user("ann", replaced)),
        get("/Users/{ann}"),
        get("/Users/{ann}"),
        Ask::new("PUT", "/Users/{ann}?attributes=title").json(user("ann", json!({ "title": "Three" }))),
        Ask::new("PUT", "/Users/{ann}").json(user("bob", json!({}))),
        Ask::new("PUT", "/Users/{ann}").json(json!({ "schemas": [urn::USER] })),
        Ask::new("PUT", "/Users/nope").json(user("nope", json!({}))),
        Ask::new("PUT", "/Users/{ann}").header("If-Match", r#"W/"stale""#).json(user("ann", json!({}))),
        get("/Users/{ann}"),
    ];
    let operations = [
        json!([{ "op": "add", "path": "emails", "value": [{ "value": "x@example.org", "type": "other" }] }]),
        json!([{ "op": "add", "path": "emails", "value": [{ "value": "y@example.org", "type": "other", "primary": true }] }]),
        json!([{ "op": "add", "path": "emails", "value": [{ "value": "z@example.org", "type": "home", "primary": true }] }]),
        json!([{ "op": "replace", "path": "name", "value": { "givenName": "A", "familyName": "B" } }]),
        json!([{ "op": "replace", "path": "name", "value": { "givenName": "C" } }]),
        json!([{ "op": "replace", "path": r#"emails[type eq "other"].display"#, "value": "shown" }]),
        json!([{ "op": "replace", "path": r#"emails[type eq "nope"].display"#, "value": "shown" }]),
        json!([{ "op": "replace", "value": { "title": "Four", "nickName": "N" } }]),
        json!([{ "op": "replace", "path": "title", "value": "Five" }, { "op": "replace", "path": "id", "value": "x" }]),
        json!([{ "op": "replace", "path": "title", "value": "Six" }, { "op": "replace", "path": "nickName", "value": "M" }]),
        json!([{ "op": "add", "path": "title", "value": "Six" }]),
        json!([{ "op": "replace", "path": "TITLE", "value": "Seven" }]),
        json!([{ "op": "replace", "path": "userType", "value": "unset before" }]),
        json!([{ "op": "remove", "path": "userName" }]),
        json!([{ "op": "remove" }]),
        json!([{ "op": "replace", "path": "active", "value": {} }]),
        json!([{ "op": "add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:division", "value": "D" }]),
        json!([{ "op": "remove", "path": r#"emails[type eq "other"]"# }]),
        json!([{ "op": "replace", "path": "emails", "value": [{ "value": "last@example.org" }] }]),
        json!([{ "op": "replace", "path": "userName", "value": "bob" }]),
    ];
    for operation in operations {
        asks.extend([patch("/Users/{ann}", operation), get("/Users/{ann}")]);
    }
    asks.extend([
        patch("/Users/{ann}?attributes=userName", json!([{ "op": "replace", "path": "title", "value": "Eight" }])),
        patch("/Groups/{tour}", json!([{ "op": "add", "path": "members", "value": [{ "value": "{ann}" }, { "value": "{dee}" }] }])),
        patch("/Groups/{tour}", json!([{ "op": "remove", "path": r#"members[value eq "{bob}"]"# }])),
        get("/Groups/{tour}"),
        patch("/Groups/{tour}", json!([{ "op": "remove", "path": "members" }])),
        get("/Groups/{tour}"),
        get("/Users/{dee}"),
        bulk(1, json!([
            { "method": "POST", "path": "/Users", "bulkId": "q1", "data": user("bulk-user", json!({})) },
            { "method": "POST", "path": "/Users", "bulkId": "q2", "data": user("bulk-report", json!({
                "schemas": [urn::USER, urn::ENTERPRISE_USER], urn::ENTERPRISE_USER: { "manager": { "value": "bulkId:q1" } } })) },
            { "method": "POST", "path": "/Groups", "bulkId": "q3", "data": group("bulk-group", json!([{ "value": "bulkId:q1" }])) },
        ])),
        bulk(1, json!([
            { "method": "POST", "path": "/Users", "bulkId": "q4", "data": user("bulk-user", json!({})) },
            { "method": "POST", "path": "/Users", "bulkId": "q5", "data": user("after-failure", json!({})) },
        ])),
        bulk(0, json!([
            { "method": "DELETE", "path": "/Users/nope" },
            { "method": "PATCH", "path": "/Users/{dee}", "data": { "schemas": [urn::PATCH_OP], "Operations": [{ "op": "replace", "path": "title", "value": "b" }] } },
        ])),
        bulk(0, Value::Array(vec![json!({ "method": "DELETE", "path": "/Users/nope" }); 1001])),
        get("/Users"),
        get("/Groups"),
    ]);
    asks
}

pub fn bulk(fail_on_errors: usize, operations: Value) -> Ask {
    let mut body = json!({ "schemas": [urn::BULK_REQUEST], "Operations": operations });
    if fail_on_errors > 0 {
        body["failOnErrors"] = fail_on_errors.into();
    }
    Ask::new("POST", "/Bulk").json(body)
}

fn errors() -> Vec<Ask> {
    vec![
        Ask::new("POST", "/Users").text("application/scim+json", "{ not json"),
        Ask::new("POST", "/Users").text("application/scim+json", "[]"),
        Ask::new("PUT", "/Users").json(json!({})),
        Ask::new("DELETE", "/Schemas"),
    ]
}

/// A resource type of the service's own, for what no core attribute is.
pub const BADGE: &str = "urn:example:Badge";

fn badges() -> Vec<Ask> {
    let badge = |number: &str| json!({ "schemas": [BADGE], "number": number });
    vec![
        Ask::new("POST", "/Badges").json(badge("7")).keep("badge"),
        Ask::new("PUT", "/Badges/{badge}").json(badge("8")),
        patch("/Badges/{badge}", json!([{ "op": "replace", "path": "number", "value": "9" }])),
        get("/Badges/{badge}"),
    ]
}

fn deletes() -> Vec<Ask> {
    vec![
        Ask::new("DELETE", "/Users/{bob}").header("If-Match", r#"W/"stale""#),
        Ask::new("DELETE", "/Users/{bob}"),
        get("/Users/{bob}"),
        Ask::new("DELETE", "/Users/{bob}"),
        Ask::new("PUT", "/Users/{bob}").json(user("Bob", json!({}))),
        patch("/Users/{bob}", json!([{ "op": "replace", "path": "active", "value": true }])),
        get("/Users"),
        query("/Users", &[("filter", r#"userName eq "bob""#)]),
        Ask::new("POST", "/Users").json(user("Bob", json!({}))),
        Ask::new("POST", "/Users").json(user("shod", json!({ "shoeSize": "44" }))),
        Ask::new("DELETE", "/Groups/{solo}"),
        get("/Groups/{nest}"),
        get("/Users/{ann}"),
    ]
}
