use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;

use super::*;
use crate::http::{Exchange, InProcess, Request, Response, Transport};
use crate::mock::{Answer, Service};

fn secret(text: &str) -> Secret {
    Secret::new(text, "test").expect("a secret")
}

/// Gives tokens at `/token`, each another one; keeps what it was asked, and repeats it.
#[derive(Default)]
struct Tokens {
    issued: AtomicUsize,
    expires_in: u64,
    refuse: bool,
    asked: Mutex<Vec<Request>>,
}

impl Service for Tokens {
    fn handle(&self, request: &Request, _now: jiff::Timestamp) -> Answer {
        self.asked.lock().expect("not poisoned").push(request.clone());
        let mut response = Response::new(200);
        let body = if request.target != "/token" {
            json!({ "detail": request.headers.iter().map(|(_, value)| value).collect::<Vec<_>>() })
        } else if self.refuse {
            response.status = 401;
            json!({ "error": "invalid_client", "error_description": "client-secret-9 is wrong" })
        } else {
            let number = self.issued.fetch_add(1, Ordering::SeqCst);
            json!({ "access_token": format!("issued-{number}"), "expires_in": self.expires_in })
        };
        response.body = body.to_string().into();
        Answer::Http(response)
    }
}

fn session(target: Target, service: Arc<Tokens>) -> Session {
    let transport = Transport::InProcess(InProcess::new(service, Arc::new(|| jiff::Timestamp::UNIX_EPOCH)));
    Session::new(target, Paced::new(transport, None, Duration::ZERO), Limits::default())
}

fn target() -> Target {
    Target::new("http://localhost/v2").expect("a base")
}

fn oauth() -> Auth {
    let endpoint = Url::parse("http://login.localhost/token").expect("a URL");
    Auth::ClientCredentials(OAuth::new(endpoint, "client", secret("client-secret-9"), Some("scim".into())))
}

async fn get(session: &Session, principal: &str) -> Result<Sent, NotSent> {
    session.send(principal, session.draft("GET", SCIM, "/Users")?).await
}

/// What Authorization and the fields called like a key were, as the service saw them.
async fn seen(target: Target, principal: &str, field: &str) -> Option<String> {
    let service = Arc::new(Tokens::default());
    get(&session(target, service.clone()), principal).await.expect("sent");
    let asked = service.asked.lock().expect("not poisoned");
    asked.last().and_then(|request| request.headers.get(field).map(str::to_owned))
}

fn with_all() -> Target {
    target()
        .with_credential("target", Auth::Bearer(secret("token-one")))
        .with_credential("second", Auth::Basic { user: "ada".into(), password: secret("love lace") })
        .with_header("X-Tenant", secret("acme"))
        .with_header("X-Api-Key", secret("key-key-key"))
}

#[tokio::test]
async fn each_principal_has_its_own_credential() {
    assert_eq!(seen(with_all(), "target", "Authorization").await.as_deref(), Some("Bearer token-one"));
    assert_eq!(
        seen(with_all(), "second", "Authorization").await.as_deref(),
        Some("Basic YWRhOmxvdmUgbGFjZQ==")
    );
    assert_eq!(seen(with_all(), "none", "Authorization").await, None);
    let wrong = seen(with_all(), "wrong", "Authorization").await.expect("a credential");
    assert!(wrong != "Bearer token-one" && wrong.len() == "Bearer token-one".len(), "{wrong}");
}

#[tokio::test]
async fn fields_that_are_credentials_go_only_with_the_target() {
    for principal in ["target", "none", "wrong", "second"] {
        assert_eq!(seen(with_all(), principal, "X-Tenant").await.as_deref(), Some("acme"), "{principal}");
    }
    assert_eq!(seen(with_all(), "target", "X-Api-Key").await.as_deref(), Some("key-key-key"));
    assert_eq!(seen(with_all(), "none", "X-Api-Key").await, None);
    assert_eq!(seen(with_all(), "second", "X-Api-Key").await, None);
    let wrong = seen(with_all(), "wrong", "X-Api-Key").await.expect("a value");
    assert!(wrong != "key-key-key" && wrong.len() == "key-key-key".len());
}

#[tokio::test]
async fn a_token_goes_in_the_field_that_a_draft_names() {
    let with =
        || with_all().with_credential("owner", Auth::Bearer(secret("pat-12345")).in_field("PRIVATE-TOKEN"));
    let seen = async |principal: &str, field: Option<&str>, told: &str| {
        let service = Arc::new(Tokens::default());
        let session = session(with(), service.clone());
        let mut draft = session.draft("GET", SCIM, "/Users")?;
        draft.field = field.map(str::to_owned);
        session.send(principal, draft).await?;
        let asked = service.asked.lock().expect("not poisoned");
        Ok::<_, NotSent>(asked.last().and_then(|request| request.headers.get(told).map(str::to_owned)))
    };
    assert_eq!(seen("owner", None, "PRIVATE-TOKEN").await, Ok(Some("pat-12345".to_owned())));
    assert_eq!(
        seen("owner", Some("authorization"), "Authorization").await,
        Ok(Some("Bearer pat-12345".to_owned()))
    );
    assert_eq!(seen("owner", Some("Authorization"), "PRIVATE-TOKEN").await, Ok(None));
    assert_eq!(seen("owner", Some("Job-Token"), "Job-Token").await, Ok(Some("pat-12345".to_owned())));
    assert_eq!(
        seen("target", Some("PRIVATE-TOKEN"), "PRIVATE-TOKEN").await,
        Ok(Some("token-one".to_owned()))
    );
    assert_eq!(seen("target", Some("PRIVATE-TOKEN"), "Authorization").await, Ok(None));
    let no_token = NotSent::Refused(Refused::NoToken("second".to_owned(), "PRIVATE-TOKEN".to_owned()));
    assert_eq!(seen("second", Some("PRIVATE-TOKEN"), "PRIVATE-TOKEN").await, Err(no_token));
}

#[tokio::test]
async fn a_bearer_token_is_sent_short_of_its_end_and_behind_a_scheme_in_lower_case() {
    assert_eq!(seen(with_all(), "shortened", "Authorization").await.as_deref(), Some("Bearer token-on"));
    assert_eq!(seen(with_all(), "shortened", "X-Api-Key").await, None);
    assert_eq!(
        seen(with_all(), "lower-case-scheme", "Authorization").await.as_deref(),
        Some("bearer token-one")
    );
    assert_eq!(seen(with_all(), "lower-case-scheme", "X-Api-Key").await.as_deref(), Some("key-key-key"));
    let basic = Auth::Basic { user: "ada".into(), password: secret("love lace") };
    let session = session(target().with_credential("target", basic), Arc::new(Tokens::default()));
    assert_eq!(session.target.credential_names(), ["none", "target", "wrong"]);
    get(&session, "shortened").await.expect_err("there is no token to shorten");
}

#[tokio::test]
async fn names_of_credentials_are_known() {
    let session = session(with_all(), Arc::new(Tokens::default()));
    assert_eq!(
        session.target.credential_names(),
        ["lower-case-scheme", "none", "second", "shortened", "target", "wrong"]
    );
    assert_eq!(target().credential_names(), ["none"]);
    let error = get(&session, "admin").await.expect_err("not given");
    assert_eq!(error, NotSent::Refused(Refused::NoCredential("admin".to_owned())));
}

#[tokio::test]
async fn a_recorded_exchange_holds_no_secret() {
    let session = session(with_all(), Arc::new(Tokens::default()));
    for principal in ["target", "second", "wrong", "shortened", "lower-case-scheme"] {
        let Exchange { request, outcome, .. } = get(&session, principal).await.expect("sent").exchange;
        let told = format!("{request:?} {:?}", outcome.expect("an answer").json());
        for secret in ["token-on", "love", "YWRhOmxv", "key-key"] {
            assert!(!told.contains(secret), "{principal}: {told}");
        }
    }
}

#[tokio::test]
async fn a_token_is_asked_for_once_and_hidden() {
    let service = Arc::new(Tokens { expires_in: 3600, ..Tokens::default() });
    let session = session(target().with_credential("target", oauth()), service.clone());
    let (first, second) = tokio::join!(get(&session, "target"), get(&session, "target"));
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(service.issued.load(Ordering::SeqCst), 1);
    let told = first.expect("sent").exchange.outcome.expect("an answer").json();
    assert_eq!(
        told.expect("JSON")["detail"].as_array().and_then(|all| all.last()),
        Some(&json!("Bearer $SCIMSPEC_TOKEN"))
    );
    let asked = service.asked.lock().expect("not poisoned");
    let token = asked.iter().find(|request| request.target == "/token").expect("a token request");
    assert_eq!(token.body, "grant_type=client_credentials&scope=scim");
    assert_eq!(token.headers.get("authorization"), Some("Basic Y2xpZW50OmNsaWVudC1zZWNyZXQtOQ=="));
}

#[tokio::test]
async fn a_token_that_has_expired_is_renewed() {
    let service = Arc::new(Tokens { expires_in: 0, ..Tokens::default() });
    let session = session(target().with_credential("target", oauth()), service.clone());
    get(&session, "target").await.expect("sent");
    get(&session, "target").await.expect("sent");
    assert_eq!(service.issued.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_refused_token_is_told_without_secrets() {
    let service = Arc::new(Tokens { refuse: true, ..Tokens::default() });
    let error = get(&session(target().with_credential("target", oauth()), service), "target").await;
    let text = error.expect_err("refused").to_string();
    assert_eq!(text, "no access token: the token endpoint answered 401 (invalid_client)");
}

#[tokio::test]
async fn a_draft_decides_over_its_fields() {
    let service = Arc::new(Tokens::default());
    let session = session(with_all(), service.clone());
    let mut draft = session.draft("GET", SCIM, "/Users").expect("an address");
    draft.headers.set("authorization", "Bearer other");
    draft.without = vec!["accept".to_owned(), "x-api-key".to_owned()];
    session.send("target", draft).await.expect("sent");
    let asked = service.asked.lock().expect("not poisoned");
    let request = asked.last().expect("a request");
    assert_eq!(request.headers.get_all("Authorization").collect::<Vec<_>>(), ["Bearer other"]);
    assert_eq!((request.headers.get("Accept"), request.headers.get("X-Api-Key")), (None, None));
}

#[test]
fn requests_stay_on_the_hosts_of_the_bases() {
    let target = target().with_base("rest", "http://api.localhost/v4").expect("a base");
    assert_eq!(target.resolve("rest", "/users").expect("below").as_str(), "http://api.localhost/v4/users");
    assert_eq!(
        target.resolve(SCIM, "http://api.localhost/x").expect("known").as_str(),
        "http://api.localhost/x"
    );
    assert_eq!(target.resolve("graphql", "/x"), Err(Refused::NoBase("graphql".to_owned())));
    assert!(matches!(target.resolve(SCIM, "http://evil.example/x"), Err(Refused::OtherOrigin(_))));
    assert!(matches!(target.resolve(SCIM, "http://localhost@evil.example/"), Err(Refused::OtherOrigin(_))));
}
