//! The shapes of cases: repeated, watching, over several pages, reading only, alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use scimspec::event::Outcome;
use scimspec::exec::Settings;
use scimspec::mock::Answer;
use scimspec::plan::Selection;
use serde_json::{Value, json};

use crate::service::{Fault, Small, reply};
use crate::support::{run_against, run_with, session};

const REPEATED: &str = r#"
cases:
  - id: takes
    title: "{{ attribute.path }} is kept"
    verifies: 7644-3.3-05
    for_each: { attribute: { of: User, type: string, except: [userName] } }
    steps:
      - post: "{{ attribute.endpoint }}"
        body: { $from: "{{ new.User }}", $drop: [nothing], title: "{{ attribute.sample }}" }
        expect: { status: 201, body: { title: "{{ attribute.sample }}" } }
  - id: items
    title: each item
    verifies: 7644-3.4.2-02
    for_each: { item: [one, { id: two, value: x }, 3] }
    steps: [{ get: /Users, expect: { status: 200 } }]
  - id: types
    title: each type has a list
    verifies: 7644-3.4.2-02
    for_each: { resource_type: {} }
    steps: [{ list: "{{ resource_type.endpoint }}", expect: { status: 200 } }]
  - id: none
    title: no such type
    verifies: 7644-3.4.2-02
    for_each: { attribute: { of: Printer } }
    steps: [{ get: /Users, expect: { status: 200 } }]
"#;

#[tokio::test]
async fn a_case_is_repeated_for_what_it_selects() {
    let done = run_against(REPEATED, Arc::new(Small::right())).await;
    let mut names: Vec<&str> = done.cases().map(|result| result.case.id.as_str()).collect();
    names.sort_unstable();
    let expected = [
        "test/items[3]",
        "test/items[one]",
        "test/items[two]",
        "test/none",
        "test/takes[User.displayName]",
        "test/takes[User.nickName]",
        "test/takes[User.title]",
        "test/types[Group]",
        "test/types[User]",
    ];
    assert_eq!(names, expected);
    let none = done.expect("none", Outcome::Skipped);
    assert_eq!(none.reason.as_deref(), Some("the server has no resource type Printer"));
    assert_eq!(done.case("takes[User.title]").case.title, "title is kept");
    assert!(done.cases().all(|result| matches!(result.outcome, Outcome::Passed | Outcome::Skipped)));
}

const PAGES: &str = r#"
fixtures:
  many: { type: User, count: 12, with: { title: "number {{ index }}" } }
  other: { type: User }
  crew: { type: Group }
cases:
  - id: all
    title: every user is found on some page
    verifies: 7644-3.4.2-02
    steps:
      - list: /Users
        expect: { finds: [many, other], misses: [crew] }
  - id: third
    title: fixtures are numbered
    verifies: 7644-3.3-05
    steps: [{ read: "{{ many[2].path }}", expect: { body: { title: number 2 } } }]
  - id: first
    title: the first page is enough where it decides
    verifies: 7644-3.4.2-02
    steps: [{ list: /Groups, expect: { misses: [many] } }]
"#;

#[tokio::test]
async fn pages_are_walked_where_the_first_does_not_decide() {
    let service = Arc::new(Small::right());
    let done = run_against(PAGES, service.clone()).await;
    for name in ["all", "third", "first"] {
        done.expect(name, Outcome::Passed);
    }
    // The last look for strays is no page of the case.
    let is_page = |line: &str| !line.contains("%20co%20");
    let pages = |of: &str| service.seen().iter().filter(|line| line.starts_with(of) && is_page(line)).count();
    assert_eq!((pages("GET /Users?"), pages("GET /Groups")), (2, 1), "{:?}", service.seen());
    assert!(service.stored().is_empty());
}

#[tokio::test]
async fn what_a_claim_leans_on_is_looked_for_on_all_pages() {
    let suite = r#"
fixtures:
  many: { type: User, count: 12 }
cases:
  - id: leans
    title: a list of several pages is answered with 200
    verifies: 7644-3.4.2-02
    steps:
      - list: /Users
        given: { finds: [many], verifies: 7644-3.4.2.2-10 }
        expect: { status: 200 }
"#;
    run_against(suite, Arc::new(Small::right())).await.expect("leans", Outcome::Passed);
}

#[tokio::test]
async fn pages_that_do_not_advance_block() {
    let stuck: Fault = Box::new(|request, response| {
        let list = request.method == "GET" && request.target.contains("startIndex");
        list.then(|| {
            let mut page = response.json().unwrap_or_default();
            page["Resources"] = json!([{ "id": "id-002" }, { "id": "id-003" }]);
            Answer::Http(reply(200, &page))
        })
    });
    let done = run_against(PAGES, Arc::new(Small::new(stuck))).await;
    let blocked = done.expect("all", Outcome::Blocked);
    assert_eq!(blocked.blocked_by.as_ref().map(|id| id.0.as_str()), Some("7644-3.4.2.4-06"), "{blocked:?}");
}

const WATCHING: &str = r#"
cases:
  - id: typed
    title: every answer with a body says its type
    verifies: 7644-3.1-01
    watch: { when: { empty: false }, expect: { media_type: application/scim+json } }
  - id: never
    title: nothing is a teapot
    verifies: 7644-3.1-01
    watch: { when: { status: 418 }, expect: { empty: true } }
  - id: posts
    title: creates tell the location
    verifies: 7644-3.3-05
    watch: { method: POST, path: "^/Users$", expect: { headers: { Location: { $present: true } } } }
  - id: work
    title: six users are made
    verifies: 7644-3.3-05
    fixtures: { many: { type: User, count: 6 } }
    steps: [{ read: "{{ many[0].path }}", expect: { body: { id: "{{ many[0].id }}" } } }]
"#;

#[tokio::test]
async fn watching_cases_judge_every_exchange_and_show_the_first_breach() {
    let untyped: Fault = Box::new(|request, response| {
        (request.method == "POST").then(|| {
            let mut response = response.clone();
            response.headers.set("Content-Type", "text/plain");
            Answer::Http(response)
        })
    });
    let done = run_against(WATCHING, Arc::new(Small::new(untyped))).await;
    let typed = done.case("typed");
    assert_eq!((typed.findings.len(), typed.exchanges.len()), (1, 1), "{typed:#?}");
    let last = &typed.findings.last().expect("one").message;
    assert!(last.contains("in 5 more"), "{last}");
    done.expect("never", Outcome::Skipped);
    done.expect("posts", Outcome::Passed);
    done.expect("work", Outcome::Passed);
    let order: Vec<&str> = done.cases().map(|result| result.case.id.as_str()).collect();
    assert_eq!(order, ["test/work", "test/typed", "test/never", "test/posts"]);
}

const OVER_ALL: &str = r#"
cases:
  - id: ids
    title: no id is that of resources of two types
    verifies: 7643-3.1-04
    watch: { when: { status: 2xx }, over_all: ids-differ-between-types }
  - id: work
    title: a user and a group are made
    verifies: 7644-3.3-05
    fixtures: { u: { type: User }, g: { type: Group } }
    steps: [{ read: "{{ u.path }}", expect: { body: { id: { $not: "{{ g.displayName }}" } } } }]
"#;

#[tokio::test]
async fn checks_over_a_run_compare_its_answers() {
    run_against(OVER_ALL, Arc::new(Small::right())).await.expect("ids", Outcome::Passed);
    let same: Fault = Box::new(|request, response| {
        (request.method == "POST").then(|| {
            let mut body = response.json().unwrap_or_default();
            let kind = if request.target.ends_with("/Groups") { "Group" } else { "User" };
            body["id"] = json!("1");
            body["meta"] = json!({ "resourceType": kind });
            Answer::Http(reply(201, &body))
        })
    });
    let done = run_against(OVER_ALL, Arc::new(Small::new(same))).await;
    let ids = done.expect("ids", Outcome::Failed);
    assert_eq!((ids.findings.len(), ids.exchanges.len()), (1, 1), "{ids:#?}");
    let finding = ids.findings.first().expect("one");
    assert_eq!(finding.requirement.0, "7643-3.1-04");
    assert!(finding.message.contains("/id should be another id than that of a "), "{}", finding.message);
}

#[tokio::test]
async fn read_only_runs_what_changes_nothing() {
    let suite = r#"
fixtures: { ada: { type: User } }
cases:
  - { id: config, title: a, verifies: 7644-4-01, steps: [{ get: /ServiceProviderConfig, expect: { status: 200 } }] }
  - { id: uses, title: b, verifies: 7644-4-01, steps: [{ read: "{{ ada.path }}", expect: { status: 200 } }] }
  - { id: writes, title: c, verifies: 7644-4-01, steps: [{ post: /Users, body: {}, expect: { status: 201 } }] }
  - { id: search, title: d, verifies: 7644-3.4.3-01, steps: [{ post: /Users/.search, body: {}, expect: { status: 404 } }] }
"#;
    let service = Arc::new(Small::right());
    let selection = Selection { read_only: true, ..Selection::default() };
    let done = run_with(suite, session(service.clone()), Settings::default(), &selection).await;
    done.expect("config", Outcome::Passed);
    done.expect("search", Outcome::Passed);
    done.expect("uses", Outcome::Skipped);
    done.expect("writes", Outcome::Skipped);
    assert!(service.seen().iter().all(|line| !line.starts_with("DELETE") && line != "POST /Users"));
}

// Time goes on only when every case that runs has come to its meeting.
#[tokio::test(start_paused = true)]
async fn cases_run_side_by_side_and_some_alone() {
    let steps = "steps: [{ hook: meet }, { get: /Users, expect: { status: 200 } }]";
    let mut suite = String::from("cases:\n");
    for name in ["a", "b", "c", "d"] {
        suite.push_str(&format!("  - {{ id: {name}, title: t, verifies: 7644-4-01, {steps} }}\n"));
    }
    suite.push_str(&format!("  - {{ id: e, title: t, verifies: 7644-4-01, alone: true, {steps} }}\n"));
    suite.push_str(&format!("  - {{ id: f, title: t, verifies: 7644-4-01, alone: true, {steps} }}\n"));
    let meeting = Arc::new(Meeting::default());
    let settings = Settings { jobs: 3, hooks: Some(meeting.clone()), ..Settings::default() };
    let done = run_with(&suite, session(Arc::new(Small::right())), settings, &Selection::default()).await;
    assert_eq!(done.count(Outcome::Passed), 6);
    assert_eq!(meeting.most.load(Ordering::SeqCst), 3, "three jobs, three side by side");
    let alone: Vec<usize> = meeting.sizes.lock().expect("unpoisoned").iter().rev().take(2).copied().collect();
    assert_eq!(alone, [1, 1]);
}

/// Counts who is there at the same time.
#[derive(Default)]
struct Meeting {
    there: AtomicUsize,
    most: AtomicUsize,
    sizes: std::sync::Mutex<Vec<usize>>,
}

impl scimspec::exec::Hooks for Meeting {
    fn names(&self) -> Vec<String> {
        vec!["meet".to_owned()]
    }

    fn call<'a>(&'a self, _: &'a str, _: &'a Value) -> scimspec::exec::Later<'a, Result<Value, String>> {
        Box::pin(async {
            let now = self.there.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            self.sizes.lock().expect("unpoisoned").push(self.there.load(Ordering::SeqCst));
            self.there.fetch_sub(1, Ordering::SeqCst);
            Ok(Value::Null)
        })
    }
}
