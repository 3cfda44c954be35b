use super::*;

#[test]
fn answers_of_scim_have_one_media_type_whatever_is_accepted() {
    let scene = Scene::newest();
    for (target, status) in [
        (USERS, 200),
        ("/api/scim/v2/application/Users/x", 404),
        ("/api/scim/v2/application/Users?filter=a", 412),
    ] {
        let mut asked = request("GET", target, None);
        asked.headers.set("Accept", "text/html, application/xml");
        let seen = scene.send(&asked);
        assert_eq!(
            (seen.status, seen.header("Content-Type")),
            (status, Some("application/scim+json")),
            "{target}"
        );
    }
    let mut asked = request("GET", USERS, None);
    asked.headers.remove("Authorization");
    let seen = scene.send(&asked);
    assert_eq!((seen.status, seen.header("Content-Type")), (401, Some("application/scim+json")));
    assert_eq!(
        (seen.body.clone(), seen.header("WWW-Authenticate")),
        (json!({ "message": "401 Unauthorized" }), None)
    );
}

#[test]
fn bodies_are_read_before_the_token() {
    let scene = Scene::newest();
    for (content_type, body, status) in [
        ("application/json", "{}", 415),
        ("application/scim+json", "{", 400),
        ("application/scim+json", "{}", 401),
    ] {
        let mut asked = request("POST", USERS, None);
        asked.headers.remove("Authorization");
        asked.headers.set("Content-Type", content_type);
        asked.body = body.into();
        assert_eq!(scene.send(&asked).status, status, "{content_type} {body}");
    }
}

#[test]
fn forms_are_read_like_json() {
    let scene = Scene::newest();
    let mut asked = request("POST", USERS, None);
    asked.headers.set("Content-Type", "application/x-www-form-urlencoded");
    asked.body =
        "externalId=f&userName=f&name[formatted]=F&emails[][type]=work&emails[][value]=f@x.example".into();
    assert_eq!(scene.send(&asked).status, 201);
    let in_query = "/api/scim/v2/application/Users?externalId=q&userName=q&displayName=Q&emails[][type]=work&emails[][value]=q@x.example";
    assert_eq!(scene.ask("POST", in_query, None).status, 201);
    assert_eq!(scene.post(USERS, json!([1])).status, 412, "what is no object gives no parameters");
}

#[test]
fn methods_that_there_are_not() {
    let scene = Scene::newest();
    for (method, target, allow) in [
        ("PUT", "/api/scim/v2/application/Users/x", "OPTIONS, GET, PATCH, DELETE, HEAD"),
        ("PATCH", "/api/scim/v2/application/Users/", "OPTIONS, GET, POST, HEAD"),
        ("DELETE", "/api/scim/v2/groups/acme/Users", "OPTIONS, GET, POST, HEAD"),
    ] {
        let seen = scene.ask(method, target, None);
        assert_eq!(
            (seen.status, seen.told(), seen.header("Allow")),
            (405, "405 Not Allowed", Some(allow)),
            "{method} {target}"
        );
    }
    let mut nobody = request("PUT", USERS, None);
    nobody.headers.remove("Authorization");
    assert_eq!(scene.send(&nobody).status, 401, "the token is asked for first");
    let options = scene.ask("OPTIONS", USERS, None);
    assert_eq!((options.status, options.header("Allow")), (204, Some("OPTIONS, GET, POST, HEAD")));
    let head = scene.ask("HEAD", USERS, None);
    assert_eq!((head.status, head.response.body.is_empty()), (200, true));
}

#[test]
fn what_there_is_not_leads_to_the_page_for_signing_in() {
    let scene = Scene::newest();
    for path in [
        "/api/scim/v2/application/ServiceProviderConfig",
        "/api/scim/v2/groups/acme/Groups",
        "/api/scim/v2/Users",
        "/api/scim/v2/groups/my.group/Users",
    ] {
        let seen = scene.get(path);
        assert_eq!(
            (seen.status, seen.header("Location")),
            (302, Some("http://gitlab.example/users/sign_in")),
            "{path}"
        );
        assert!(seen.header("Content-Type").is_some_and(|media_type| media_type.starts_with("text/html")));
        assert_eq!(scene.post(path, json!({})).status, 404);
    }
    assert_eq!(scene.get("/users/sign_in").status, 200);
    let rest = scene.get("/api/v4/nothing");
    assert_eq!((rest.status, rest.body), (404, json!({ "error": "404 Not Found" })));
}

#[test]
fn null_bytes_and_broken_utf8_are_bad_requests_in_plain_text() {
    let scene = Scene::newest();
    for target in [
        "/api/scim/v2/application/Users/a%00",
        "/api/scim/v2/application/Users?filter=%ff",
        "/api/scim/v2/groups/%00/Users",
    ] {
        let seen = scene.get(target);
        assert_eq!((seen.status, seen.header("Content-Type")), (400, Some("text/plain")), "{target}");
        assert_eq!(&seen.response.body[..], b"Bad Request");
    }
}

#[test]
fn ids_may_be_addresses_and_paths() {
    let scene = Scene::newest();
    for (uid, paths) in
        [("ada@corp.example", ["ada@corp.example", "ada%40corp.example"]), ("a/b", ["a%2Fb", "a/b"])]
    {
        let body = person_with(
            "x",
            json!({ "externalId": uid, "userName": uid, "emails": [{ "type": "work", "value": format!("{}@x.example", uid.len()) }] }),
        );
        assert_eq!(scene.post(USERS, body).body["id"], uid);
        for path in paths {
            assert_eq!(scene.get(&format!("{USERS}/{path}")).body["id"], uid, "{path}");
        }
    }
}

#[test]
fn groups_are_named_by_path_or_by_number() {
    let scene = Scene::newest();
    let made = scene.hook("seed-group", json!({ "path": "my.group" }));
    let ask = |group: &str| {
        let mut asked = request("GET", &format!("/api/scim/v2/groups/{group}/Users"), None);
        asked
            .headers
            .set("Authorization", format!("Bearer {}", made["scim_token"].as_str().expect("a token")));
        scene.send(&asked).status
    };
    assert_eq!((ask("my.group"), ask("my%2Egroup"), ask(&made["id"].to_string())), (302, 200, 200));
    scene.hook("seed-group", json!({ "path": "987654" }));
    assert_eq!(ask("987654"), 404, "a number is an id");
}
