//! What a broken claim, a broken set-up and a declined feature come to.

use std::sync::Arc;

use scimspec::check::Spot;
use scimspec::event::{CaseInfo, Outcome};
use scimspec::exec::{Expected, Settings};
use scimspec::http::{Request, Response};
use scimspec::mock::Answer;
use scimspec::plan::Selection;
use scimspec::spec::Weight;
use serde_json::json;

use crate::service::{Fault, Small, error, reply};
use crate::support::{run_against, run_with, session};

/// Answers requests of this method with the given status.
fn refuses(method: &'static str, status: u16) -> Fault {
    Box::new(move |request: &Request, _: &Response| {
        (request.method == method).then(|| Answer::Http(error(status)))
    })
}

const CREATE: &str = r#"
fixtures:
  ada: { type: User }
cases:
  - id: create
    title: a create answers 201
    verifies: 7644-3.3-05
    steps:
      - post: /Users
        body: "{{ new.User }}"
        expect: { status: 201 }
  - id: retrieve
    title: a user can be read
    verifies: 7644-3.4.1-01
    steps: [{ get: "{{ ada.path }}", expect: { status: 200 } }]
"#;

#[tokio::test]
async fn a_lying_service_fails_the_claim_and_blocks_what_leans_on_it() {
    let done = run_against(CREATE, Arc::new(Small::new(refuses("POST", 500)))).await;
    let failed = done.expect("create", Outcome::Failed);
    let finding = failed.findings.first().expect("a finding");
    assert_eq!(finding.requirement.0, "7644-3.3-05");
    assert_eq!(finding.spot, Spot::Status);
    assert_eq!(finding.place, "test.yaml:13");
    let exchange = failed.exchanges.get(finding.exchange.expect("one")).expect("told");
    assert_eq!((exchange.method.as_str(), exchange.status), ("POST", Some(500)));
    assert!(exchange.curl.starts_with("curl"), "{}", exchange.curl);
    let blocked = done.expect("retrieve", Outcome::Blocked);
    assert_eq!(blocked.blocked_by.as_ref().map(|id| id.0.as_str()), Some("7644-3.3-05"));
    assert_eq!(blocked.reason.as_deref(), Some("the create of a User was answered with 500"));
    assert!(blocked.findings.is_empty());
    assert_eq!(blocked.exchanges.first().and_then(|exchange| exchange.status), Some(500));
}

#[tokio::test]
async fn a_create_that_fails_once_is_tried_once_more() {
    let failed = std::sync::atomic::AtomicBool::new(false);
    let once: Fault = Box::new(move |request: &Request, _: &Response| {
        let first = request.method == "POST" && !failed.swap(true, std::sync::atomic::Ordering::SeqCst);
        first.then(|| Answer::Http(error(500)))
    });
    let suites = CREATE.replace("- id: create", "- id: other").replace("post: /Users", "post: /Groups");
    let suites = suites.replace("new.User", "new.Group");
    let settings = Settings { jobs: 1, ..Settings::default() };
    let done = run_with(&suites, session(Arc::new(Small::new(once))), settings, &Selection::default()).await;
    done.expect("retrieve", Outcome::Passed);
}

#[tokio::test]
async fn a_create_that_identifies_nothing_blocks_by_the_id() {
    let mute: Fault =
        Box::new(|request, _| (request.method == "POST").then(|| Answer::Http(Response::new(201))));
    let done = run_against(CREATE, Arc::new(Small::new(mute))).await;
    let blocked = done.expect("retrieve", Outcome::Blocked);
    assert_eq!(blocked.blocked_by.as_ref().map(|id| id.0.as_str()), Some("7643-3.1-03"));
}

#[tokio::test]
async fn a_fixture_is_read_where_its_create_has_no_body() {
    let terse: Fault = Box::new(|request, response| {
        let mut short = Response::new(201);
        short.headers.set("Location", response.headers.get("location")?);
        (request.method == "POST").then_some(Answer::Http(short))
    });
    let service = Arc::new(Small::new(terse));
    let done = run_against(CREATE, service.clone()).await;
    done.expect("retrieve", Outcome::Passed);
    assert!(service.stored().is_empty(), "{:?}", service.stored());
}

const STEPS: &str = r#"
cases:
  - id: given
    title: a set-up that breaks blocks
    verifies: 7644-3.6-01
    fixtures: { ada: { type: User } }
    steps:
      - patch: "{{ ada.path }}"
        body: { Operations: [{ op: replace, path: title, value: x }] }
      - delete: "{{ ada.path }}"
        expect: { status: 204 }
  - id: named
    title: a given names its own requirement
    verifies: 7644-3.6-01
    fixtures: { ada: { type: User } }
    steps:
      - patch: "{{ ada.path }}"
        body: { Operations: [{ op: replace, path: title, value: x }] }
        given: { status: 200, verifies: 7644-3.5.2-22 }
      - delete: "{{ ada.path }}"
        expect: { status: 204 }
  - id: declined
    title: what is declined is skipped
    verifies: 7644-3.5.2-17
    fixtures: { ada: { type: User } }
    steps:
      - patch: "{{ ada.path }}"
        body: { Operations: [{ op: replace, path: title, value: x }] }
        skip_if: { status: 501, because: the server declines PATCH }
        expect: { status: 200 }
"#;

#[tokio::test]
async fn a_broken_set_up_blocks_by_its_own_requirement() {
    let done = run_against(STEPS, Arc::new(Small::new(refuses("PATCH", 501)))).await;
    let blocked_by = |name| done.expect(name, Outcome::Blocked).blocked_by.clone().map(|id| id.0);
    assert_eq!(blocked_by("given").as_deref(), Some("7644-3.5.2-17"));
    assert_eq!(blocked_by("named").as_deref(), Some("7644-3.5.2-22"));
    let skipped = done.expect("declined", Outcome::Skipped);
    assert_eq!(skipped.reason.as_deref(), Some("the server declines PATCH"));
}

const WEIGHTS: &str = r#"
cases:
  - id: must
    title: a MUST fails
    verifies: 7644-3.3-05
    steps: [{ post: /Users, body: "{{ new.User }}", expect: { status: 299 } }]
  - id: lowered
    title: a case can lower its weight
    verifies: 7644-3.3-05
    weight: warn
    steps: [{ post: /Users, body: "{{ new.User }}", expect: { status: 299 } }]
  - id: told
    title: an info is only told, and the case goes on
    verifies: 7644-3.3-05
    steps:
      - post: /Users
        body: "{{ new.User }}"
        expect: [{ status: 299, weight: info }, { status: 201 }]
      - get: /ServiceProviderConfig
        expect: { status: 299, weight: warn }
"#;

#[tokio::test]
async fn the_least_weight_counts_and_strict_raises_a_warning() {
    let service = || session(Arc::new(Small::right()));
    let done = run_with(WEIGHTS, service(), Settings::default(), &Selection::default()).await;
    done.expect("must", Outcome::Failed);
    done.expect("lowered", Outcome::Warned);
    let told = done.expect("told", Outcome::Warned);
    assert_eq!(told.findings.iter().map(|f| f.weight).collect::<Vec<_>>(), [Weight::Info, Weight::Warn]);
    let strict = Settings { strict: true, ..Settings::default() };
    let done = run_with(WEIGHTS, service(), strict, &Selection::default()).await;
    done.expect("lowered", Outcome::Failed);
    let told = done.expect("told", Outcome::Failed);
    assert_eq!(told.findings.first().map(|f| f.weight), Some(Weight::Info));
}

struct Known;

impl Expected for Known {
    fn because(&self, case: &CaseInfo, _: &scimspec::check::Finding) -> Option<String> {
        (case.id == "test/must").then(|| "a known deviation".to_owned())
    }
}

#[tokio::test]
async fn an_expected_finding_is_told_and_does_not_count() {
    let settings = Settings { expected: Some(Arc::new(Known)), ..Settings::default() };
    let done = run_with(WEIGHTS, session(Arc::new(Small::right())), settings, &Selection::default()).await;
    let case = done.expect("must", Outcome::Passed);
    let because = case.findings.first().and_then(|finding| finding.expected_because.as_deref());
    assert_eq!(because, Some("a known deviation"));
}

#[tokio::test]
async fn a_part_that_the_server_left_out_blocks_and_an_unknown_name_is_the_authors_mistake() {
    let suite = r#"
cases:
  - id: part
    title: a part that is not there
    verifies: 7644-3.4.1-01
    fixtures: { ada: { type: User } }
    steps: [{ get: "/Users/{{ ada.meta.version }}", expect: { status: 200 } }]
  - id: capture
    title: a capture that is not there
    verifies: 7644-3.4.1-01
    fixtures: { ada: { type: User } }
    steps: [{ get: "{{ ada.path }}", expect: { status: 200 }, capture: { tag: { header: ETag } } }]
"#;
    let done = run_against(suite, Arc::new(Small::right())).await;
    done.expect("part", Outcome::Blocked);
    let capture = done.expect("capture", Outcome::Blocked);
    assert!(
        capture.reason.as_deref().is_some_and(|why| why.ends_with("the answer has no header field ETag"))
    );
}

#[tokio::test(start_paused = true)]
async fn reads_are_repeated_until_they_hold() {
    // The first read after each write gives what was there before.
    let stale = std::sync::atomic::AtomicBool::new(false);
    let late: Fault = Box::new(move |request, _| {
        use std::sync::atomic::Ordering::SeqCst;
        match request.method.as_str() {
            "PATCH" => stale.store(true, SeqCst),
            "GET" if stale.swap(false, SeqCst) => {
                return Some(Answer::Http(reply(200, &json!({ "id": "old", "title": "Captain" }))));
            }
            _ => {}
        }
        None
    });
    let suite = r#"
cases:
  - id: late
    title: a replaced attribute stays replaced
    verifies: 7644-3.5.2-17
    fixtures: { ada: { type: User } }
    steps:
      - patch: "{{ ada.path }}"
        body: { Operations: [{ op: replace, path: title, value: Major }] }
      - read: "{{ ada.path }}"
        expect: { body: { title: Major } }
"#;
    let service = Arc::new(Small::new(late));
    let done = run_with(suite, session(service.clone()), Settings::default(), &Selection::default()).await;
    done.expect("late", Outcome::Failed);
    let grace = Settings { grace: std::time::Duration::from_secs(5), ..Settings::default() };
    let done = run_with(suite, session(service), grace, &Selection::default()).await;
    let case = done.expect("late", Outcome::Passed);
    assert_eq!(case.exchanges.len(), 3, "of a repeated request the last exchange is told");
}
