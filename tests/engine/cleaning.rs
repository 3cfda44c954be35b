//! Whatever happens, what the run made is deleted or told, and nothing else is touched.

use std::path::Path;
use std::sync::Arc;

use scimspec::event::{Event, Outcome};
use scimspec::exec::{Hooks, Journal, Later, Settings, Stop, cleanup};
use scimspec::mock::Answer;
use scimspec::plan::Selection;
use serde_json::Value;

use crate::service::{BASE, Fault, Small, error};
use crate::support::{Done, run_against, run_with, session};

const MAKES: &str = r#"
fixtures: { shared: { type: Group } }
cases:
  - id: makes
    title: a user is made
    verifies: 7644-3.3-05
    fixtures: { ada: { type: User, with: { title: "{{ shared.id }}" } } }
    steps:
      - post: /Users
        body: "{{ new.User }}"
      - hook: act
      - read: "{{ ada.path }}"
        expect: { body: { id: "{{ ada.id }}" } }
"#;

/// Does what a test gives it, and lets the run notice: with the time paused, which goes on when all else waits.
struct Act(Box<dyn Fn() + Send + Sync>);

impl Hooks for Act {
    fn names(&self) -> Vec<String> {
        vec!["act".to_owned()]
    }

    fn call<'a>(&'a self, _: &'a str, _: &'a Value) -> Later<'a, Result<Value, String>> {
        Box::pin(async {
            (self.0)();
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            Ok(Value::Null)
        })
    }
}

async fn run_acting(service: Arc<Small>, settings: Settings, act: impl Fn() + Send + Sync + 'static) -> Done {
    let settings = Settings { hooks: Some(Arc::new(Act(Box::new(act)))), ..settings };
    run_with(MAKES, session(service), settings, &Selection::default()).await
}

fn leftovers<'a>(done: &'a Done) -> Vec<&'a str> {
    let url = |event: &'a Event| match event {
        Event::Leftover { url, .. } => Some(url.as_str()),
        _ => None,
    };
    done.events.iter().filter_map(url).collect()
}

#[tokio::test(start_paused = true)]
async fn what_no_answer_told_of_is_found_by_the_names_of_the_run() {
    let service = Arc::new(Small::right().with_stranger("somebody").making_groups_twice());
    let done = run_acting(service.clone(), Settings::default(), || ()).await;
    done.expect("makes", Outcome::Passed);
    assert_eq!(service.stored(), ["/Users/id-001"], "only what the run did not make is there");
    assert!(leftovers(&done).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_panic_ends_its_case_and_the_clean_up_is_done() {
    let service = Arc::new(Small::right());
    let done = run_acting(service.clone(), Settings::default(), || panic!("a mistake of ours")).await;
    let case = done.expect("makes", Outcome::Errored);
    assert_eq!(case.reason.as_deref(), Some("scimspec itself failed: a mistake of ours"));
    assert!(service.stored().is_empty(), "{:?}", service.stored());
}

#[tokio::test(start_paused = true)]
async fn an_interrupted_run_cleans_up() {
    let service = Arc::new(Small::right());
    let stop = Stop::default();
    let settings = Settings { stop: stop.clone(), ..Settings::default() };
    let done = run_acting(service.clone(), settings, move || stop.stop("interrupted")).await;
    assert_eq!(done.end().1, Some("interrupted"));
    done.expect("makes", Outcome::Errored);
    assert!(service.stored().is_empty(), "{:?}", service.stored());
    assert!(matches!(done.events.last(), Some(Event::RunFinished { aborted: Some(_), .. })));
}

fn journals(folder: &Path) -> usize {
    std::fs::read_dir(folder).expect("a folder").count()
}

#[tokio::test]
async fn what_cannot_be_deleted_is_told_and_found_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = Journal::Folder(folder.path().to_owned());
    let stuck = Arc::new(std::sync::atomic::AtomicBool::new(true));
    let service = Arc::new(Undeleting { small: Small::right(), stuck: stuck.clone() });
    let settings = Settings { journal: journal.clone(), ..Settings::default() };
    let settings = Settings { hooks: Some(Arc::new(Act(Box::new(|| ())))), ..settings };
    let done = run_with(MAKES, session(service.clone()), settings, &Selection::default()).await;
    assert_eq!(leftovers(&done).len(), 3, "{:?}", done.events);
    assert_eq!(done.leftovers(), 3);
    assert_eq!(journals(folder.path()), 1);

    stuck.store(false, std::sync::atomic::Ordering::SeqCst);
    let cleaned = cleanup(&journal, &session(service.clone()), None).await.expect("readable");
    assert_eq!((cleaned.gone, cleaned.left.len(), cleaned.removed.len()), (3, 0, 1), "{cleaned:?}");
    assert!(service.small.stored().is_empty());
    assert_eq!(journals(folder.path()), 0);
}

const HOOKED: &str = r#"
cases:
  - id: hooked
    title: a hook makes something, and a user is made behind it
    verifies: 7644-3.3-05
    steps:
      - hook: make
        with: { name: first }
      - post: /Users
        body: "{{ new.User }}"
      - hook: make
        with: { name: second }
      - get: /Nowhere
        expect: { status: 299 }
"#;

/// Answers what it is called with and a token, notes every call, and fails to undo while it is stuck.
#[derive(Default)]
struct Pair {
    calls: std::sync::Mutex<Vec<String>>,
    stuck: std::sync::atomic::AtomicBool,
}

impl Pair {
    fn calls(&self) -> Vec<String> {
        self.calls.lock().expect("unpoisoned").clone()
    }
}

impl Hooks for Pair {
    fn names(&self) -> Vec<String> {
        vec!["make".to_owned(), "unmake".to_owned()]
    }

    fn undone_by(&self, name: &str) -> Option<&str> {
        (name == "make").then_some("unmake")
    }

    fn call<'a>(&'a self, name: &'a str, with: &'a Value) -> Later<'a, Result<Value, String>> {
        Box::pin(async move {
            self.calls.lock().expect("unpoisoned").push(format!("{name} {with}"));
            match name {
                "unmake" if self.stuck.load(std::sync::atomic::Ordering::SeqCst) => Err("no".to_owned()),
                "make" => {
                    let mut answer = with.clone();
                    answer["scim_token"] = "a-secret-token".into();
                    Ok(answer)
                }
                _ => Ok(Value::Null),
            }
        })
    }
}

#[tokio::test]
async fn what_a_hook_did_is_undone_last_first_and_without_its_secrets() {
    let service = Arc::new(Small::right());
    let pair = Arc::new(Pair::default());
    let settings = Settings { hooks: Some(pair.clone()), ..Settings::default() };
    let done = run_with(HOOKED, session(service.clone()), settings, &Selection::default()).await;
    done.expect("hooked", Outcome::Failed);
    let calls = pair.calls();
    assert_eq!(&calls[2..], [r#"unmake {"name":"second"}"#, r#"unmake {"name":"first"}"#]);
    assert!(service.stored().is_empty() && leftovers(&done).is_empty());
}

#[tokio::test]
async fn what_a_hook_could_not_undo_is_told_and_undone_later() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = Journal::Folder(folder.path().to_owned());
    let service = Arc::new(Small::right());
    let pair = Arc::new(Pair::default());
    pair.stuck.store(true, std::sync::atomic::Ordering::SeqCst);
    let settings = Settings { hooks: Some(pair.clone()), journal: journal.clone(), ..Settings::default() };
    let done = run_with(HOOKED, session(service.clone()), settings, &Selection::default()).await;
    assert_eq!(leftovers(&done).len(), 2, "{:?}", done.events);

    let without = cleanup(&journal, &session(service.clone()), None).await.expect("readable");
    assert_eq!((without.left.len(), without.removed.len()), (2, 0), "{without:?}");
    pair.stuck.store(false, std::sync::atomic::Ordering::SeqCst);
    let cleaned = cleanup(&journal, &session(service), Some(pair.as_ref())).await.expect("readable");
    assert_eq!((cleaned.gone, cleaned.left.len(), cleaned.removed.len()), (2, 0, 1), "{cleaned:?}");
    assert_eq!(journals(folder.path()), 0);
}

/// Refuses to delete while it is stuck.
struct Undeleting {
    small: Small,
    stuck: Arc<std::sync::atomic::AtomicBool>,
}

impl scimspec::mock::Service for Undeleting {
    fn handle(&self, request: &scimspec::http::Request, now: jiff::Timestamp) -> Answer {
        if request.method == "DELETE" && self.stuck.load(std::sync::atomic::Ordering::SeqCst) {
            return Answer::Http(error(500));
        }
        self.small.handle(request, now)
    }
}

/// Refuses every deletion; its users are gone once something else has taken them away.
struct Vanishing {
    small: Small,
    gone: Arc<std::sync::atomic::AtomicBool>,
}

impl scimspec::mock::Service for Vanishing {
    fn handle(&self, request: &scimspec::http::Request, now: jiff::Timestamp) -> Answer {
        let gone = self.gone.load(std::sync::atomic::Ordering::SeqCst);
        match request.method.as_str() {
            "DELETE" => Answer::Http(error(405)),
            "GET" if gone && request.path().contains("/Users/") => Answer::Http(error(404)),
            _ => self.small.handle(request, now),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_gone_in_the_end_is_not_told_although_its_deletion_was_refused() {
    let suite = r#"
cases:
  - id: makes
    title: a user and a group are made
    verifies: 7644-3.3-05
    steps:
      - post: /Users
        body: "{{ new.User }}"
        expect: { status: 201 }
      - post: /Groups
        body: "{{ new.Group }}"
      - hook: act
"#;
    let gone = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let service = Arc::new(Vanishing { small: Small::right(), gone: gone.clone() });
    let act = Act(Box::new(move || gone.store(true, std::sync::atomic::Ordering::SeqCst)));
    let settings = Settings { hooks: Some(Arc::new(act)), ..Settings::default() };
    let done = run_with(suite, session(service), settings, &Selection::default()).await;
    done.expect("makes", Outcome::Passed);
    let left = leftovers(&done);
    assert!(left.len() == 1 && left.iter().all(|url| url.contains("/Groups/")), "{left:?}");
}

/// Closes the connection instead of answering the first deletions.
struct Resetting {
    small: Small,
    left: std::sync::atomic::AtomicUsize,
}

impl scimspec::mock::Service for Resetting {
    fn handle(&self, request: &scimspec::http::Request, now: jiff::Timestamp) -> Answer {
        use std::sync::atomic::Ordering::SeqCst;
        let once_less = |left: usize| left.checked_sub(1);
        let resets = request.method == "DELETE" && self.left.fetch_update(SeqCst, SeqCst, once_less).is_ok();
        if resets { Answer::Wire(bytes::Bytes::new()) } else { self.small.handle(request, now) }
    }

    fn answers_wire(&self) -> bool {
        true
    }
}

#[tokio::test(start_paused = true)]
async fn a_deletion_that_was_not_answered_is_tried_again_in_the_end() {
    let service = Arc::new(Resetting { small: Small::right(), left: 4.into() });
    let settings = Settings { hooks: Some(Arc::new(Act(Box::new(|| ())))), ..Settings::default() };
    let done = run_with(MAKES, session(service.clone()), settings, &Selection::default()).await;
    done.expect("makes", Outcome::Passed);
    assert!(service.small.stored().is_empty(), "{:?}", service.small.stored());
    assert_eq!(leftovers(&done), Vec::<&str>::new());
}

#[tokio::test(start_paused = true)]
async fn a_run_that_leaves_nothing_leaves_no_journal() {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = Journal::Folder(folder.path().to_owned());
    let inside = folder.path().to_owned();
    let settings = Settings { journal: journal.clone(), ..Settings::default() };
    let service = Arc::new(Small::right());
    let done = run_acting(service, settings, move || assert_eq!(journals(&inside), 1)).await;
    done.expect("makes", Outcome::Passed);
    assert_eq!(journals(folder.path()), 0);
}

#[tokio::test(start_paused = true)]
async fn creates_without_an_answer_are_looked_for() {
    // Stores the user, then breaks.
    let breaks: Fault = Box::new(|request, _| {
        (request.method == "POST" && request.target.ends_with("/Users")).then(|| Answer::Http(error(500)))
    });
    let service = Arc::new(Small::new(breaks).with_stranger("somebody"));
    let done = run_acting(service.clone(), Settings::default(), || {}).await;
    done.expect("makes", Outcome::Blocked);
    assert_eq!(service.stored(), ["/Users/id-001"], "{:?}", service.seen());
    assert_eq!(leftovers(&done), Vec::<&str>::new());
}

#[tokio::test]
async fn what_others_of_the_run_bear_the_same_name_is_left_to_them() {
    let breaks: Fault = Box::new(|request, _| {
        String::from_utf8_lossy(&request.body).contains("twice").then(|| Answer::Http(error(500)))
    });
    let suite = r#"
fixtures: { ada: { type: User } }
cases:
  - id: twice
    title: a name is taken
    verifies: 7644-3.3-05
    steps:
      - post: /Users
        body: { userName: "{{ ada.userName }}", title: twice }
        expect: { status: 500 }
  - id: after
    title: the first is still there
    verifies: 7644-3.4.1-01
    steps: [{ get: "{{ ada.path }}", expect: { status: 200 } }]
"#;
    let service = Arc::new(Small::new(breaks));
    let settings = Settings { jobs: 1, ..Settings::default() };
    let done = run_with(suite, session(service.clone()), settings, &Selection::default()).await;
    done.expect("after", Outcome::Passed);
    assert!(service.stored().is_empty(), "{:?}", service.stored());
}

#[tokio::test(start_paused = true)]
async fn where_they_cannot_be_looked_for_that_is_told() {
    let breaks: Fault = Box::new(|request, _| {
        let create = request.method == "POST" && request.target.ends_with("/Users");
        (create || request.target.contains("filter=")).then(|| Answer::Http(error(500)))
    });
    let folder = tempfile::tempdir().expect("a folder");
    let journal = Journal::Folder(folder.path().to_owned());
    // Side by side with others the case would be judged again, alone.
    let settings = Settings { journal, jobs: 1, ..Settings::default() };
    let done = run_acting(Arc::new(Small::new(breaks)), settings, || {}).await;
    // The create was tried twice, and nobody knows what either made.
    assert_eq!(leftovers(&done), ["http://service.test/scim/v2/Users"; 2]);
    assert_eq!(journals(folder.path()), 1, "what is in doubt stays in the journal");
}

#[tokio::test]
async fn what_the_run_did_not_make_is_never_written() {
    let suite = r#"
cases:
  - { id: delete, title: a, verifies: 7644-3.6-01, steps: [{ delete: /Users/id-001, expect: { status: 204 } }] }
  - id: answered
    title: an id from an answer
    verifies: 7644-3.6-01
    steps:
      - list: /Users
        capture: { id: /Resources/0/id }
      - delete: "/Users/{{ id }}"
        expect: { status: 204 }
  - { id: unknown, title: b, verifies: 7644-3.6-01, steps: [{ delete: "/Users/{{ unique }}", expect: { status: 404 } }] }
  - { id: nothing, title: c, verifies: 7644-3.6-01, steps: [{ delete: /Users/id-999, expect: { status: 404 } }] }
  - id: config
    title: discovery is sent what it gave
    verifies: 7643-5-09
    steps:
      - get: /ServiceProviderConfig
        capture: { config: "" }
      - put: /ServiceProviderConfig
        body: "{{ config }}"
        expect: { status: 405 }
      - put: /ServiceProviderConfig
        body: { patch: { supported: false } }
        expect: { status: 405 }
"#;
    let service = Arc::new(Small::right().with_stranger("somebody"));
    let done = run_against(suite, service.clone()).await;
    let refused = done.expect("delete", Outcome::Errored);
    let why = "not sent: DELETE /Users/id-001 would change what this run did not make";
    assert_eq!(refused.reason.as_deref(), Some(why));
    done.expect("answered", Outcome::Errored);
    done.expect("unknown", Outcome::Passed);
    done.expect("nothing", Outcome::Passed);
    let config = done.expect("config", Outcome::Errored);
    assert_eq!(config.exchanges.len(), 2, "the first PUT was sent, the second was not");
    assert_eq!(service.stored(), ["/Users/id-001"]);
    assert!(!service.seen().contains(&"DELETE /Users/id-001".to_owned()));
}

#[tokio::test]
async fn a_put_that_makes_a_resource_is_undone() {
    let obliging: Fault = Box::new(|request, _| {
        (request.method == "PUT").then(|| Answer::Http(crate::service::reply(200, &serde_json::json!({}))))
    });
    let suite = r#"
cases:
  - { id: put, title: a, verifies: 7644-3.5.1-12, steps: [{ put: "/Users/{{ unique }}", body: {}, expect: { status: 200 } }] }
"#;
    let service = Arc::new(Small::new(obliging));
    run_against(suite, service.clone()).await.expect("put", Outcome::Passed);
    let deletes = service.seen().iter().filter(|line| line.starts_with("DELETE /Users/s")).count();
    assert_eq!(deletes, 1, "{:?}", service.seen());
}

#[tokio::test]
async fn an_existing_resource_in_the_answer_to_a_create_is_not_ours() {
    // Answers a create with what was there before, as some servers do for a name that they know.
    let confused: Fault = Box::new(|request, _| {
        let body = serde_json::json!({ "id": "id-001", "userName": "somebody" });
        (request.method == "POST").then(|| Answer::Http(crate::service::reply(200, &body)))
    });
    let service = Arc::new(Small::new(confused).with_stranger("somebody"));
    let done = run_against(MAKES, service.clone()).await;
    assert!(service.stored().contains(&"/Users/id-001".to_owned()));
    assert_eq!(done.leftovers(), 0, "{:#?}", done.events);
}

const DUPLICATES: &str = r#"
fixtures: { shared: { type: User } }
cases:
  - id: first
    title: a duplicate is refused in a way that says nothing of what was made
    verifies: 7644-3.3-10
    steps:
      - post: /Users
        body: { $from: "{{ new.User }}", userName: "{{ shared.userName }}" }
        expect: { status: 500 }
  - id: second
    title: what stood there before is still there
    verifies: 7644-3.4.1-01
    steps:
      - read: "{{ shared.path }}"
        expect: { body: { userName: "{{ shared.userName }}" } }
"#;

#[tokio::test]
async fn a_refused_duplicate_does_not_take_the_fixture_of_others_along() {
    let broken = |_: &_, response: &scimspec::http::Response| {
        (response.status == 409).then(|| Answer::Http(error(500)))
    };
    let service = Arc::new(Small::new(Box::new(broken)));
    let settings = Settings { jobs: 1, ..Settings::default() };
    let done = run_with(DUPLICATES, session(service.clone()), settings, &Selection::default()).await;
    done.expect("first", Outcome::Passed);
    done.expect("second", Outcome::Passed);
    assert!(service.stored().is_empty(), "{:?}", service.stored());
}

#[tokio::test]
async fn what_a_profile_lets_cases_change_is_not_deleted() {
    let suite = r#"
cases:
  - id: changes
    title: a user that was there before is changed
    verifies: 7644-3.5.2-17
    steps:
      - patch: /Users/id-001
        body: { schemas: ["{{ urn.PatchOp }}"], Operations: [{ op: replace, path: title, value: Major }] }
        expect: { status: 200 }
"#;
    let service = Arc::new(Small::right().with_stranger("somebody"));
    let settings = Settings { allow_writes: vec!["/Users/id-*".to_owned()], ..Settings::default() };
    let done = run_with(suite, session(service.clone()), settings, &Selection::default()).await;
    done.expect("changes", Outcome::Passed);
    assert_eq!(service.stored(), ["/Users/id-001"]);
}

/// A server that gives its endpoint as the place of what it made.
#[tokio::test]
async fn an_endpoint_is_neither_deleted_nor_open_to_writes() {
    let misplaces: Fault = Box::new(|request, response| {
        let mut response = response.clone();
        response.headers.set("Location", format!("{BASE}/Users"));
        (request.method == "POST").then_some(Answer::Http(response))
    });
    let suite = r#"
fixtures: { ada: { type: User } }
cases:
  - id: strays
    title: a user that the run did not make is deleted
    verifies: 7644-3.6-01
    steps:
      - read: "{{ ada.path }}"
      - delete: /Users/id-001
        expect: { status: 204 }
"#;
    let service = Arc::new(Small::new(misplaces).with_stranger("somebody"));
    let done = run_against(suite, service.clone()).await;
    done.expect("strays", Outcome::Errored);
    assert_eq!(service.stored(), ["/Users/id-001"]);
    assert!(!service.seen().contains(&"DELETE /Users".to_owned()), "{:?}", service.seen());
}
