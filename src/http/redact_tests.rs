use std::time::Duration;

use super::*;

const TOKEN: &str = "s3cr3t/Token+with=odd \"signs\"";

fn redactor() -> Redactor {
    let redactor = Redactor::new();
    redactor.learn("SCIMSPEC_TOKEN", TOKEN);
    redactor
}

fn exchange(headers: &[(&str, &str)], body: &str, answer: &str) -> Exchange {
    let mut request = Request::new("POST", "/scim/Users");
    request.headers = headers.iter().copied().collect();
    request.body = Bytes::from(body.to_owned());
    let mut response = Response::new(200);
    response.body = Bytes::from(answer.to_owned());
    Exchange {
        request,
        url: format!("https://example.org/scim/Users?token={}", crate::http::encode::query_encode(TOKEN)),
        outcome: Ok(response),
        elapsed: Duration::ZERO,
    }
}

fn told(exchange: &Exchange) -> String {
    format!("{exchange:?}")
}

#[test]
fn a_token_is_hidden_in_every_form_and_place() {
    let json = serde_json::json!({ "detail": format!("bad token {TOKEN}") }).to_string();
    let body = format!("{TOKEN} {} {}", base64(TOKEN.as_bytes()), crate::http::encode::form([("a", TOKEN)]));
    let authorization = format!("Bearer {TOKEN}");
    let hidden = redactor().exchange(exchange(
        &[("Authorization", authorization.as_str()), ("X-Copy", TOKEN)],
        &body,
        &json,
    ));
    assert!(!told(&hidden).contains("s3cr3t"), "{}", told(&hidden));
    assert_eq!(hidden.request.headers.get("authorization"), Some("Bearer $SCIMSPEC_TOKEN"));
    assert_eq!(hidden.url, "https://example.org/scim/Users?token=$SCIMSPEC_TOKEN");
}

#[test]
fn a_token_is_hidden_however_an_encoder_escapes_it() {
    let redactor = Redactor::new();
    redactor.learn("SCIMSPEC_TOKEN", "ab/cd+ef==");
    for told in [r"ab\/cd+ef==", r"ab/cd\u002Bef==", r"ab/cd+ef\u003d\u003d"] {
        let body = format!(r#"{{"detail":"{told} is not valid"}}"#);
        assert_eq!(redactor.text(&body), r#"{"detail":"$SCIMSPEC_TOKEN is not valid"}"#, "{told}");
    }
}

#[test]
fn only_an_authorization_shows_its_first_word() {
    let fields =
        [("Authorization", "Basic abcd"), ("X-API-Key", "correct horse"), ("Cookie", "horse battery")];
    let hidden = Redactor::new().exchange(exchange(&fields, "", ""));
    let values: Vec<_> = hidden.request.headers.iter().map(|(_, value)| value).collect();
    assert_eq!(values, ["Basic ***", "***", "***"]);
}

#[test]
fn fields_that_are_secret_by_name_show_nothing() {
    let redactor = redactor();
    redactor.learn_field("X-Tenant-Key");
    let hidden = redactor.exchange(exchange(
        &[
            ("PRIVATE-TOKEN", "abc"),
            ("cookie", "a=b; c=d"),
            ("x-tenant-key", "k"),
            ("Authorization", "Bearer x"),
        ],
        "",
        "",
    ));
    let values: Vec<_> = hidden.request.headers.iter().map(|(_, value)| value).collect();
    assert_eq!(values, ["***", "***", "***", "Bearer ***"]);
}

#[test]
fn passwords_are_hidden_in_resources_patches_and_echoes() {
    for body in [
        r#"{"userName":"ada","password":"t1meMa$heen"}"#,
        r#"{"Operations":[{"op":"replace","path":"password","value":"t1meMa$heen"}]}"#,
        r#"{"Operations":[{"op":"add","value":{"urn:ietf:params:scim:schemas:core:2.0:User:PassWord":"t1meMa$heen"}}]}"#,
    ] {
        let hidden = redactor().exchange(exchange(&[], body, r#"{"detail":"t1meMa$heen is too weak"}"#));
        assert!(!told(&hidden).contains("t1meMa"), "{}", told(&hidden));
    }
}

#[test]
fn broken_json_and_forms_hide_passwords_too() {
    assert_eq!(hide_in_text(r#"{"password" : "a\"b", "userName": "#), r#"{"password" : "***", "userName": "#);
    assert_eq!(
        hide_in_text("grant_type=x&client_secret=abc&scope=y"),
        "grant_type=x&client_secret=***&scope=y"
    );
}

#[test]
fn a_body_without_secrets_keeps_its_bytes() {
    let body = "{ \"b\" : 1,\n \"a\":2.0 , \"changePassword\": {\"supported\": true}}";
    let hidden = redactor().exchange(exchange(&[], body, ""));
    assert_eq!(hidden.request.body, body);
    let bytes = Bytes::from_static(&[0xff, 0xfe, b'a']);
    assert_eq!(redactor().body(&bytes, &[]), bytes);
}

#[test]
fn short_secrets_do_not_hide_ordinary_text() {
    let redactor = Redactor::new();
    redactor.learn("SCIMSPEC_TOKEN", "a");
    assert_eq!(redactor.text("banana"), "banana");
}

proptest::proptest! {
    #[test]
    fn no_token_gets_through(token in "[a-z0-9+/=%&\"\\\\ é]{6,40}[a-z]") {
        let redactor = Redactor::new();
        redactor.learn("SCIMSPEC_TOKEN", &token);
        let form = crate::http::encode::form([("a", token.as_str())]);
        let echo = serde_json::json!({ "detail": token }).to_string();
        let authorization = format!("Bearer {token}");
        let exchange = exchange(&[("Authorization", authorization.as_str()), ("X", &token)], &form, &echo);
        let hidden = redactor.exchange(exchange);
        let Ok(response) = hidden.outcome else { return Ok(()) };
        let shown = [hidden.request.body, response.body].map(|body| String::from_utf8_lossy(&body).into_owned());
        for text in shown.iter().map(String::as_str).chain(hidden.request.headers.iter().map(|(_, value)| value)) {
            for form in forms(&token) {
                proptest::prop_assert!(!text.contains(&form), "{} in {}", form, text);
            }
        }
    }
}
