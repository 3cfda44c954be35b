use super::*;

#[test]
fn endpoints_are_found_below_any_base() {
    let place_of = |target: &str| format!("{:?}", place(&Request::new("GET", target)));
    for (target, expected) in [
        ("/scim/v2/Users?x=1", r#"Collection("Users")"#),
        ("/Users/", r#"Collection("Users")"#),
        ("/a/b/c/Groups/7", r#"Resource("Groups", "7")"#),
        ("/scim/v2/Users/.search", r#"Search(Some("Users"))"#),
        ("/scim/v2/.search", "Search(None)"),
        ("/scim/v2/Schemas/urn:x", r#"Schemas(Some("urn:x"))"#),
        ("/scim/v2", "Root"),
        ("/scim/v2/?filter=id", "Root"),
    ] {
        assert_eq!(place_of(target), expected, "{target}");
    }
    let base = |target: &str| base_of(&Request::new("GET", target)).to_owned();
    assert_eq!(base("/scim/v2/Users/7"), "/scim/v2");
    assert_eq!(base("/Users"), "");
    assert_eq!(base("/scim/v2/"), "/scim/v2");
}

#[test]
fn query_parameters_can_be_read_and_changed() {
    let mut request = Request::new("GET", "/Users?count=1&filter=a%20b&count=2");
    assert_eq!(parameter(&request, "count").as_deref(), Some("2"));
    assert_eq!(parameter(&request, "filter").as_deref(), Some("a b"));
    assert_eq!(parameter(&request, "x"), None);
    drop_parameter(&mut request, "count");
    assert_eq!(request.target, "/Users?filter=a%20b");
    set_parameter(&mut request, "filter", "é =");
    assert_eq!(request.target, "/Users?filter=%C3%A9%20%3D");
    drop_parameter(&mut request, "filter");
    assert_eq!(request.target, "/Users");
}

#[test]
fn only_users_and_groups_are_edited() {
    let user = json!({ "schemas": [urn::USER], "id": "1" });
    let list = json!({ "schemas": [urn::LIST_RESPONSE], "Resources": [user, { "schemas": [urn::SCHEMA], "id": "2" }] });
    let edited = |status, body: &Value| {
        let mut response = json_response(status, body);
        edit_resources(&mut response, |resource| drop(resource.shift_remove("id")));
        response.json().unwrap()
    };
    assert_eq!(edited(200, &user), json!({ "schemas": [urn::USER] }));
    assert_eq!(
        edited(200, &list)["Resources"],
        json!([{ "schemas": [urn::USER] }, { "schemas": [urn::SCHEMA], "id": "2" }])
    );
    assert_eq!(edited(400, &user), user);
}

#[test]
fn raw_responses_have_the_length_that_is_wanted() {
    let mut response = json_response(204, &json!({}));
    response.headers.set("content-length", "7");
    let bytes = bytes_of(&response, None);
    let text = std::str::from_utf8(&bytes).unwrap();
    assert_eq!(text, "HTTP/1.1 204 \r\nContent-Type: application/scim+json\r\nConnection: close\r\n\r\n{}");
    assert!(std::str::from_utf8(&bytes_of(&response, Some(9))).unwrap().contains("Content-Length: 9\r\n"));
}
