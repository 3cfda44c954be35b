//! The engine, end to end: suites as YAML, a service in this process, and the events that come out.

mod cleaning;
mod service;
mod shapes;
mod support;
mod trouble;
mod verdicts;

use std::sync::Arc;

use scimspec::event::Outcome;

use scimspec::exec::Settings;
use scimspec::plan::Selection;
use service::Small;
use support::{run_against, run_with, session};

const SUITE: &str = r#"
fixtures:
  ada: { type: User, with: { title: Pilot } }
  grace: { type: User, with: { title: Admiral } }
  crew: { type: Group, with: { members: [{ value: "{{ ada.id }}" }] } }
cases:
  - id: filter
    title: eq finds what is equal
    verifies: 7644-3.4.2.2-36
    steps:
      - list: /Users
        query: { filter: 'userName eq "{{ ada.userName | upper }}"' }
        expect: { finds: [ada], misses: [grace] }
  - id: create
    title: a create answers 201
    verifies: 7644-3.3-05
    steps:
      - post: /Users
        body: "{{ new.User }}"
        expect: { status: 201, body: { userName: "{{ new.User.userName }}" } }
        capture: { id: /id }
      - read: "/Users/{{ id }}"
        expect: { body: { id: "{{ id }}" } }
  - id: patch
    title: a replaced attribute stays replaced
    verifies: 7644-3.5.2-17
    fixtures: { mine: { type: User, with: { title: Captain } } }
    steps:
      - patch: "{{ mine.path }}"
        body: { schemas: ["{{ urn.PatchOp }}"], Operations: [{ op: replace, path: title, value: Major }] }
      - read: "{{ mine.path }}"
        expect: { body: { title: Major } }
  - id: members
    title: members are kept
    verifies: 7644-3.3-05
    steps:
      - read: "{{ crew.path }}"
        expect: { body: { members: [{ value: "{{ ada.id }}" }] } }
  - id: sorts
    title: lists are sorted
    verifies: 7644-3.4.2.3-01
    needs: [sort]
    steps: [{ get: /Users, query: { sortBy: userName }, expect: { status: 200 } }]
"#;

#[tokio::test]
async fn a_right_service_passes_and_is_left_as_it_was() {
    let service = Arc::new(Small::right().with_stranger("somebody"));
    let done = run_against(SUITE, service.clone()).await;
    for name in ["filter", "create", "patch", "members"] {
        done.expect(name, Outcome::Passed);
    }
    let skipped = done.expect("sorts", Outcome::Skipped);
    assert!(skipped.reason.as_deref().is_some_and(|reason| reason.contains("sort")), "{skipped:?}");
    assert_eq!(service.stored(), ["/Users/id-001"], "only what no run made is still there");
    assert_eq!((done.count(Outcome::Passed), done.count(Outcome::Skipped), done.leftovers()), (4, 1, 0));
    let posts = service.seen().iter().filter(|line| line.starts_with("POST")).count();
    assert_eq!(posts, 5, "shared fixtures are made once, and only those that are used");
    assert_eq!(done.end().0 + 3, service.seen().len() as u64, "discovery aside, all are counted");
}

#[tokio::test]
async fn fixtures_of_a_suite_stay_until_its_last_case() {
    let suite = r#"
fixtures: { ada: { type: User } }
cases:
  - id: watches
    title: what is sorted is sorted
    verifies: 7644-3.4.2.3-01
    needs: [sort]
    watch: { expect: { status: 200 } }
  - { id: one, title: a user is found, verifies: 7644-3.4.1-01, steps: [{ get: "{{ ada.path }}", expect: { status: 200 } }] }
  - { id: two, alone: true, title: a user is found, verifies: 7644-3.4.1-01, steps: [{ get: "{{ ada.path }}", expect: { status: 200 } }] }
"#;
    let settings = Settings { jobs: 1, ..Settings::default() };
    let done = run_with(suite, session(Arc::new(Small::right())), settings, &Selection::default()).await;
    done.expect("watches", Outcome::Skipped);
    done.expect("one", Outcome::Passed);
    done.expect("two", Outcome::Passed);
}

#[tokio::test]
async fn shared_fixtures_of_another_number_are_others() {
    let suite = r#"
cases:
  - id: two
    title: there are two
    verifies: 7644-3.4.2-02
    fixtures: { all: { type: User, shared: true, count: 2 } }
    steps: [{ get: "{{ all[1].path }}", expect: { status: 200 } }]
  - id: three
    title: there are three
    verifies: 7644-3.4.2-02
    fixtures: { all: { type: User, shared: true, count: 3 } }
    steps: [{ get: "{{ all[2].path }}", expect: { status: 200 } }]
"#;
    let settings = Settings { jobs: 1, ..Settings::default() };
    let done = run_with(suite, session(Arc::new(Small::right())), settings, &Selection::default()).await;
    done.expect("two", Outcome::Passed);
    done.expect("three", Outcome::Passed);
}

const SHARED: &str = r#"
cases:
  - id: one
    title: a resource is found under its id
    verifies: 7644-3.4.1-01
    for_each: { item: [a, b] }
    fixtures:
      u: { type: User, shared: true, with: { title: "Pilot {{ unique }}" } }
      v: { type: User, shared: true, with: { title: "Pilot {{ unique }}" } }
    steps:
      - read: "{{ u.path }}"
        expect: { body: { id: { $not: "{{ v.id }}" } } }
  - id: two
    title: a resource is found under its id
    verifies: 7644-3.4.1-01
    fixtures:
      u: { type: User, shared: true, with: { title: "Pilot {{ unique }}" } }
      v: { type: User, shared: true, with: { title: "Admiral {{ unique }}" } }
    steps:
      - read: "{{ u.path }}"
        expect: { body: { title: "{{ u.body.title }}" } }
      - read: "{{ v.path }}"
        expect: { body: { title: "{{ v.body.title }}" } }
"#;

#[tokio::test]
async fn shared_fixtures_of_one_name_and_definition_are_one_resource() {
    let service = Arc::new(Small::right());
    let done = run_against(SHARED, service.clone()).await;
    assert_eq!((done.count(Outcome::Passed), done.leftovers()), (3, 0), "{:?}", done.events);
    assert!(service.stored().is_empty());
    let posts = service.seen().iter().filter(|line| line.starts_with("POST")).count();
    assert_eq!(posts, 3, "u and v of the first case, and the other v of the second");
}
