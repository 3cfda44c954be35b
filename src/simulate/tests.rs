//! Whole simulations against services in this process: right ones, wrong ones, and those that die.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;

use super::*;
use crate::exec::Stop;
use crate::harness::mock;
use crate::http::{InProcess, Limits, Paced, Request, Response, Transport};
use crate::mock::defects::Switch;
use crate::mock::{Answer, Scim, Service, Settings};
use crate::profile;
use crate::target::{Auth, Secret, Session, Target};

const SMALL: Organisation = Organisation { seed: 5, users: 40, groups: 6, days: 40 };

/// The mock in the provider's dialect with these defects, which can be asked from outside too.
fn service(client: &str, defects: &[&str]) -> Arc<dyn Service> {
    let provider = find(client).expect("a client").provider.to_owned();
    let profile = profile::find(profile::DEFAULT).expect("a profile").in_dialects(&[provider]);
    let switches: Vec<Switch> = defects.iter().map(|defect| defect.parse().expect("a defect")).collect();
    mock::service(&profile, Settings::default(), &switches, |_: &Scim| Ok(())).expect("a service")
}

fn session(service: Arc<dyn Service>) -> Session {
    let transport = Transport::InProcess(InProcess::new(service, Arc::new(Timestamp::now)));
    let token = Secret::new(Settings::DEFAULT_TOKEN, "a test").expect("a secret");
    let target = Target::new("http://localhost/scim/v2").expect("a URL");
    let target = target.with_credential("target", Auth::Bearer(token));
    Session::new(target, Paced::new(transport, None, Duration::ZERO), Limits::default())
}

fn setup(client: &str, service: Arc<dyn Service>, journal: &Path) -> Setup {
    Setup {
        session: session(service),
        client: find(client).expect("a client"),
        organisation: SMALL,
        part: Part::WHOLE,
        domain: "example.com".to_owned(),
        journal: journal.to_owned(),
        jobs: 4,
        grace: Duration::ZERO,
        patience: Duration::from_secs(120),
        keep: false,
        stop: Stop::default(),
    }
}

/// A journal in a folder that is deleted when it is dropped.
fn journal() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("journal.jsonl");
    (folder, path)
}

async fn play(setup: Setup) -> Report {
    simulate(setup, |_| ()).await.expect("it begins")
}

async fn against(client: &str, defects: &[&str]) -> Report {
    let (_folder, path) = journal();
    let report = play(setup(client, service(client, defects), &path)).await;
    assert!(!path.exists() || !report.left.is_empty(), "what was deleted needs no journal");
    report
}

/// How many resources a service still has.
async fn count(service: &Arc<dyn Service>) -> u64 {
    let session = session(service.clone());
    let mut all = 0;
    for endpoint in ["/Users?count=0", "/Groups?count=0"] {
        let draft = session.draft("GET", "scim", endpoint).expect("a draft");
        let body = session.send("target", draft).await.expect("sent").outcome.expect("answered").json();
        all += body.and_then(|body| body["totalResults"].as_u64()).expect("a number");
    }
    all
}

#[track_caller]
fn agrees(report: &Report) {
    assert_eq!(report.outcome, Outcome::Agrees, "{}", text(report, true));
    assert_eq!((report.differing, report.unfinished, report.compared.unread), (0, 0, 0));
    assert!(report.left.is_empty() && report.sent.unanswered == 0);
    assert_eq!(report.believed.users + report.believed.groups, report.cleaned);
}

#[tokio::test]
async fn every_client_ends_without_divergence() {
    for client in CLIENTS {
        let service = service(client.name, &[]);
        let (_folder, path) = journal();
        let report = play(setup(client.name, service.clone(), &path)).await;
        agrees(&report);
        assert!(report.compared.users >= 45 && report.compared.values > 400, "{:?}", report.compared);
        assert!(report.compared.members > 50 && report.life.returned > 0 && report.life.renamed > 0);
        assert_eq!(count(&service).await, 0, "{} cleans up", client.name);
        assert!(!path.exists());
    }
}

const DEPARTMENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";

/// Each defect with the client that meets it, and what must be told: attribute, kind, method and path of the cause.
const LOSING: &[(&str, &str, &str, Kind, &str)] = &[
    ("okta-catalog", "patch-stores-nothing", "active", Kind::Differs, "PATCH /Users/"),
    ("okta-catalog", "patch-of-groups-stores-nothing", "members", Kind::Lacks, "PATCH /Groups/"),
    ("okta-catalog", "patch-replace-without-path-ignored", "active", Kind::Differs, "PATCH /Users/"),
    ("okta-catalog", "patch-add-replaces-members", "members", Kind::Lacks, " /Groups"),
    ("okta-catalog", "patch-remove-member-removes-all", "members", Kind::Lacks, " /Groups"),
    ("okta-wizard", "put-ignores-active", "active", Kind::Differs, "PUT /Users/"),
    ("okta-wizard", "put-ignores-extension", DEPARTMENT, Kind::Differs, "PUT /Users/"),
    ("okta-wizard", "lose-write@PUT /Groups/*", "members", Kind::Lacks, "PUT /Groups/"),
    ("okta-wizard", "put-appends-members", "members", Kind::Keeps, "PUT /Groups/"),
    ("okta-wizard", "delete-does-nothing-for-groups", "", Kind::Stays, "DELETE /Groups/"),
    ("entra-2020", "patch-stores-nothing", "active", Kind::Differs, "PATCH /Users/"),
    ("entra-legacy", "patch-dotted-keys-ignored", "name.familyName", Kind::Differs, "PATCH /Users/"),
    ("entra-legacy", "lose-write@PATCH /Groups/*", "members", Kind::Lacks, "PATCH /Groups/"),
];

#[tokio::test]
async fn what_a_server_loses_is_named_with_the_exchange_that_lost_it() {
    let different: BTreeSet<&str> = LOSING.iter().map(|(_, defect, ..)| *defect).collect();
    assert!(different.len() >= 10, "{different:?}");
    for (client, defect, attribute, kind, cause) in LOSING {
        let report = against(client, &[defect]).await;
        assert_eq!(report.outcome, Outcome::Diverges, "{defect}: {}", text(&report, false));
        let found = report.divergences.iter().find(|divergence| {
            let caused = divergence.cause.as_ref().is_some_and(|wrote| {
                let path = wrote.url.strip_prefix("http://localhost/scim/v2").unwrap_or_default();
                format!("{} {path}", wrote.method).contains(cause)
                    && wrote.curl.as_ref().is_some_and(|curl| curl.contains(&wrote.url))
            });
            divergence.attribute == *attribute && divergence.kind == *kind && caused
        });
        assert!(found.is_some(), "{defect} on {client}: {}", text(&report, false));
    }
}

#[tokio::test]
async fn other_attributes_are_not_accused() {
    let report = against("okta-catalog", &["patch-replace-without-path-ignored"]).await;
    let told: BTreeSet<&str> = report.divergences.iter().map(|d| d.attribute.as_str()).collect();
    assert_eq!(told, BTreeSet::from(["active"]));
}

#[tokio::test]
async fn a_resource_that_was_made_twice_is_told_and_deleted() {
    /// Carries out each create of a group twice, as a repeating proxy does.
    struct Twice(Arc<dyn Service>);
    impl Service for Twice {
        fn handle(&self, request: &Request, now: Timestamp) -> Answer {
            if request.method == "POST" && request.path().ends_with("/Groups") {
                self.0.handle(request, now);
            }
            self.0.handle(request, now)
        }
    }
    let inner = service("okta", &[]);
    let (_folder, path) = journal();
    let report = play(setup("okta", Arc::new(Twice(inner.clone())), &path)).await;
    assert_eq!(report.outcome, Outcome::Diverges);
    assert!(report.divergences.iter().all(|d| d.kind == Kind::Unknown && d.subject == "group"));
    assert_eq!(report.differing, report.life.groups_made, "{}", text(&report, false));
    assert_eq!(count(&inner).await, 0);
}

#[tokio::test]
async fn parts_merged_are_the_whole() {
    for client in ["okta-wizard", "entra-2020"] {
        let whole = against(client, &[]).await;
        let service = service(client, &[]);
        let mut parts = Vec::new();
        for number in [2, 1] {
            let (_folder, path) = journal();
            let part = Part { number, of: 2 };
            let report = play(Setup { part, ..setup(client, service.clone(), &path) }).await;
            agrees(&report);
            // As files that were read: what is written is what is merged.
            let json = serde_json::to_string(&report).expect("JSON");
            parts.push(serde_json::from_str::<Report>(&json).expect("a report"));
        }
        let one = merge(vec![parts[0].clone()]).expect("a report");
        assert_eq!(one.outcome, Outcome::Stopped, "a part is missing");
        assert!(merge(vec![parts[0].clone(), parts[0].clone()]).is_err());
        let merged = merge(parts).expect("they go together");
        assert_eq!(merged.outcome, Outcome::Agrees);
        assert_eq!(merged.simulation.parts, [1, 2]);
        assert_eq!(merged.life, whole.life);
        assert_eq!(merged.believed, whole.believed);
        assert_eq!(merged.compared, whole.compared);
        assert_eq!(merged.sent.writes, whole.sent.writes);
    }
}

/// Passes on what it is asked until so many requests have come, and answers nothing from then on.
struct Dying {
    inner: Arc<dyn Service>,
    left: AtomicU32,
}

impl Service for Dying {
    fn handle(&self, request: &Request, now: Timestamp) -> Answer {
        let lives = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        match lives {
            Ok(1) => {
                // The last request is carried out, and its answer gets lost.
                self.inner.handle(request, now);
                Answer::Wire(Bytes::new())
            }
            Ok(_) => self.inner.handle(request, now),
            Err(_) => Answer::Wire(Bytes::new()),
        }
    }

    fn answers_wire(&self) -> bool {
        true
    }
}

#[tokio::test(start_paused = true)]
async fn a_simulation_goes_on_where_the_server_died() {
    for (client, lives) in
        [("okta-catalog", 37), ("okta-wizard", 210), ("entra-legacy", 301), ("entra-2020", 120)]
    {
        let inner = service(client, &[]);
        let (_folder, path) = journal();
        let dying = Arc::new(Dying { inner: inner.clone(), left: AtomicU32::new(lives) });
        let report = play(setup(client, dying, &path)).await;
        assert_eq!((report.outcome, report.exit_code()), (Outcome::Stopped, 3));
        assert!(report.aborted.as_ref().is_some_and(|why| why.contains("no answer")), "{:?}", report.aborted);
        assert!(!report.left.is_empty() && path.exists());
        let resumed = play(setup(client, inner.clone(), &path)).await;
        agrees(&resumed);
        assert!(resumed.simulation.resumed);
        assert_eq!(count(&inner).await, 0, "{client}");
        let whole = against(client, &[]).await;
        assert_eq!(resumed.life, whole.life);
        assert_eq!(resumed.believed, whole.believed);
    }
}

#[tokio::test(start_paused = true)]
async fn cleanup_works_off_the_journal_of_a_simulation() {
    let inner = service("okta", &[]);
    let (_folder, path) = journal();
    let dying = Arc::new(Dying { inner: inner.clone(), left: AtomicU32::new(100) });
    play(setup("okta", dying, &path)).await;
    assert!(count(&inner).await > 30);
    let done =
        crate::exec::cleanup(&crate::exec::Journal::File(path.clone()), &session(inner.clone()), None).await;
    assert!(done.expect("readable").left.is_empty());
    assert_eq!(count(&inner).await, 0);
    assert!(!path.exists());
}

#[tokio::test]
async fn the_journal_of_another_simulation_is_refused() {
    let (_folder, path) = journal();
    let inner = service("okta", &[]);
    let kept = play(Setup { keep: true, ..setup("okta", inner.clone(), &path) }).await;
    assert!(kept.cleaned == 0 && path.exists() && count(&inner).await > 0);
    let other = setup("okta-wizard", inner.clone(), &path);
    let refused = simulate(other, |_| ()).await.expect_err("another client");
    assert!(matches!(&refused, NotBegun::Wrong(text) if text.contains("another simulation")), "{refused}");
    // The same one finds everything done, compares and cleans up.
    let again = play(setup("okta", inner.clone(), &path)).await;
    agrees(&again);
    assert_eq!(count(&inner).await, 0);
}

#[tokio::test]
async fn a_stop_cleans_up_and_says_so() {
    let inner = service("okta", &[]);
    let (_folder, path) = journal();
    let stop = Stop::default();
    let setup = Setup { stop: stop.clone(), ..setup("okta", inner.clone(), &path) };
    let show = |progress: &Progress| {
        if progress.requests > 60 {
            stop.stop("interrupted");
        }
    };
    let report = simulate(setup, show).await.expect("it begins");
    assert_eq!((report.outcome, report.aborted.as_deref()), (Outcome::Stopped, Some("interrupted")));
    assert!(report.cleaned > 0 && report.left.is_empty());
    assert_eq!(count(&inner).await, 0);
    assert!(!path.exists());
}

/// Answers some requests with a status instead of carrying them out; `None` of a pause leaves Retry-After away.
struct Busy {
    inner: Arc<dyn Service>,
    asked: AtomicU32,
    from: u32,
    to: u32,
    status: u16,
    pause: Option<&'static str>,
}

impl Service for Busy {
    fn handle(&self, request: &Request, now: Timestamp) -> Answer {
        let number = self.asked.fetch_add(1, Ordering::SeqCst);
        if !(self.from..self.to).contains(&number) {
            return self.inner.handle(request, now);
        }
        let mut response = Response::new(self.status);
        self.pause.into_iter().for_each(|pause| response.headers.set("Retry-After", pause));
        Answer::Http(response)
    }
}

async fn busy(client: &str, range: (u32, u32), status: u16, pause: Option<&'static str>) -> Report {
    let inner = service(client, &[]);
    let (from, to) = range;
    let busy = Busy { inner: inner.clone(), asked: AtomicU32::new(0), from, to, status, pause };
    let (_folder, path) = journal();
    let report = play(setup(client, Arc::new(busy), &path)).await;
    assert_eq!(count(&inner).await, 0);
    report
}

#[tokio::test(start_paused = true)]
async fn a_busy_server_is_waited_for() {
    for client in ["okta-catalog", "entra-2020"] {
        let asked = busy(client, (50, 60), 429, Some("5")).await;
        agrees(&asked);
        assert_eq!((asked.sent.repeated, asked.sent.shortened, asked.sent.healed), (10, 0, 0));
        assert!(asked.sent.waited_ms >= 50_000);
        let own = busy(client, (50, 60), 429, None).await;
        agrees(&own);
        assert_eq!((own.sent.repeated, own.sent.shortened), (10, 10));
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_busy_for_too_long_is_tried_again_at_the_end() {
    let report = busy("okta-catalog", (50, 51), 429, Some("3600")).await;
    agrees(&report);
    assert_eq!((report.sent.healed, report.sent.repeated), (1, 0), "an hour is more than its patience");
    let report = busy("okta-catalog", (50, 53), 502, None).await;
    agrees(&report);
    assert!(report.sent.healed > 0);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_refuses_everything_is_left_alone() {
    let inner = service("entra-2020", &[]);
    let busy = Busy { inner, asked: AtomicU32::new(0), from: 30, to: u32::MAX, status: 500, pause: None };
    let (_folder, path) = journal();
    let organisation = Organisation { users: 300, ..SMALL };
    let report = play(Setup { organisation, ..setup("entra-2020", Arc::new(busy), &path) }).await;
    assert_eq!(report.outcome, Outcome::Stopped);
    assert!(!report.left.is_empty() && path.exists());
    assert!(report.sent.requests < 1000, "{}", report.sent.requests);
}

#[tokio::test]
async fn a_server_that_does_not_even_answer_the_test_is_not_simulated_against() {
    let (_folder, path) = journal();
    let refused = simulate(setup("okta", service("okta", &["refuse@GET /Users=503"]), &path), |_| ()).await;
    let refused = refused.expect_err("no connection");
    assert!(matches!(&refused, NotBegun::World(text) if text.contains("503")), "{refused}");
    assert!(!path.exists());
}

#[tokio::test]
async fn a_lost_answer_is_not_counted_as_done() {
    let inner = service("okta-wizard", &[]);
    let losing = Losing { inner: inner.clone(), asked: AtomicU32::new(0), every: 17 };
    let (_folder, path) = journal();
    let report = play(setup("okta-wizard", Arc::new(losing), &path)).await;
    // Some tasks stay unfinished; what the server has is still not called wrong, since either may be so.
    assert_eq!(report.differing, 0, "{}", text(&report, true));
    assert!(report.sent.unanswered > 20 && report.sent.healed > 10, "{}", text(&report, false));
    assert!(report.failures.iter().all(|failure| failure.in_doubt || failure.asked.starts_with("GET")));
}

/// Carries every so-manieth request out and loses its answer.
struct Losing {
    inner: Arc<dyn Service>,
    asked: AtomicU32,
    every: u32,
}

impl Service for Losing {
    fn handle(&self, request: &Request, now: Timestamp) -> Answer {
        let number = self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = self.inner.handle(request, now);
        if number % self.every == self.every - 1 { Answer::Wire(Bytes::new()) } else { answer }
    }

    fn answers_wire(&self) -> bool {
        true
    }
}

/// Reads show writes only after a while.
struct Late {
    inner: Arc<dyn Service>,
    /// Reads of each path that find nothing yet.
    hidden: std::sync::Mutex<std::collections::BTreeMap<String, u32>>,
}

impl Service for Late {
    fn handle(&self, request: &Request, now: Timestamp) -> Answer {
        let answer = self.inner.handle(request, now);
        let mut hidden = self.hidden.lock().expect("whole");
        if let ("POST", Answer::Http(response)) = (request.method.as_str(), &answer)
            && let Some(id) = response.json().and_then(|body| body["id"].as_str().map(str::to_owned))
        {
            hidden.insert(format!("{}/{id}", request.path()), 3);
        }
        match hidden.get_mut(request.path()).filter(|left| request.method == "GET" && **left > 0) {
            Some(left) => {
                *left -= 1;
                Answer::Http(Response::new(404))
            }
            None => answer,
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_takes_time_to_show_is_waited_for() {
    for client in ["okta-wizard", "entra-2020"] {
        let inner = service(client, &[]);
        let late = Late { inner: inner.clone(), hidden: Default::default() };
        let (_folder, path) = journal();
        let grace = Duration::from_secs(60);
        agrees(&play(Setup { grace, ..setup(client, Arc::new(late), &path) }).await);
        assert_eq!(count(&inner).await, 0);
    }
}

#[tokio::test]
async fn the_report_is_read_as_it_was_written() {
    let report = against("okta-catalog", &["patch-stores-nothing"]).await;
    let json = serde_json::to_value(&report).expect("JSON");
    assert_eq!(json["outcome"], "diverges");
    assert_eq!(json["simulation"]["users"], 40);
    assert_eq!(json["divergences"][0]["cause"]["method"], "PATCH");
    assert_eq!(serde_json::from_value::<Report>(json).expect("a report"), report);
    assert!(!text(&report, true).contains(Settings::DEFAULT_TOKEN));
    assert!(text(&report, false).contains("$SCIMSPEC_TOKEN"));
}
