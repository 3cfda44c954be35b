//! Connections that break, servers that go away, credentials that open nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use scimspec::check::Spot;
use scimspec::event::Outcome;
use scimspec::exec::Settings;
use scimspec::http::{NetworkOptions, Transport};
use scimspec::mock::Answer;
use scimspec::plan::Selection;

use crate::service::{Fault, Small, error};
use crate::support::{run_against, run_with, session_over};

const SUITE: &str = r#"
cases:
  - id: claim
    title: a delete answers 204
    verifies: 7644-3.6-01
    fixtures: { ada: { type: User } }
    steps: [{ delete: "{{ ada.path }}", expect: { status: 204 } }]
  - id: leans
    title: what is deleted is gone
    verifies: 7644-3.6-02
    fixtures: { ada: { type: User } }
    steps:
      - delete: "{{ ada.path }}"
      - get: "{{ ada.path }}"
        expect: { status: 404 }
  - id: other
    title: a user can be read
    verifies: 7644-3.4.1-01
    fixtures: { ada: { type: User } }
    steps: [{ get: "{{ ada.path }}", expect: { status: 200 } }]
"#;

#[tokio::test]
async fn a_connection_lost_on_one_request_is_a_finding_where_all_else_is_answered() {
    let cut: Fault = Box::new(|request, _| {
        (request.method == "DELETE").then(|| Answer::Wire(Bytes::from_static(b"HTTP/1.1 204 No")))
    });
    let done = run_against(SUITE, Arc::new(Small::new(cut))).await;
    let failed = done.expect("claim", Outcome::Failed);
    let finding = failed.findings.first().expect("a finding");
    assert_eq!((finding.requirement.0.as_str(), &finding.spot), ("scimspec-answers", &Spot::Transport));
    let blocked = done.expect("leans", Outcome::Blocked);
    assert_eq!(blocked.blocked_by.as_ref().map(|id| id.0.as_str()), Some("7644-3.6-01"));
    done.expect("other", Outcome::Passed);
    assert_eq!(done.end().1, None);
}

#[tokio::test]
async fn a_connection_lost_once_is_no_finding() {
    let cuts = AtomicUsize::new(0);
    let cut: Fault = Box::new(move |request, _| {
        let first = request.method == "DELETE" && cuts.fetch_add(1, Ordering::SeqCst) == 0;
        first.then(|| Answer::Wire(Bytes::from_static(b"HTTP/1.1 204 No")))
    });
    let settings = Settings { jobs: 1, ..Settings::default() };
    let session = crate::support::session(Arc::new(Small::new(cut)));
    let done = run_with(SUITE, session, settings, &Selection::default()).await;
    done.expect("claim", Outcome::Passed);
}

/// A server that bears no two requests at once fails over some that are right.
#[tokio::test]
async fn a_failure_once_among_others_is_no_finding() {
    let failures = AtomicUsize::new(0);
    let fail: Fault = Box::new(move |request, _| {
        let first = request.method == "DELETE" && failures.fetch_add(1, Ordering::SeqCst) == 0;
        first.then(|| Answer::Http(error(500)))
    });
    let done = run_against(SUITE, Arc::new(Small::new(fail))).await;
    done.expect("claim", Outcome::Passed);
    done.expect("leans", Outcome::Passed);
}

/// Cases that are judged again one after the other wait for the server, and not for each other.
#[tokio::test(start_paused = true)]
async fn cases_that_are_judged_again_come_to_an_end() {
    let fail: Fault = Box::new(|request, _| (request.method == "DELETE").then(|| Answer::Http(error(500))));
    let settings = Settings { grace: Duration::from_secs(1), ..Settings::default() };
    let session = crate::support::session(Arc::new(Small::new(fail)));
    let selection = Selection::default();
    let run = run_with(SUITE, session, settings, &selection);
    let done = tokio::time::timeout(Duration::from_secs(3600), run).await.expect("an end");
    done.expect("claim", Outcome::Failed);
    assert_eq!(done.cases().count(), 3);
}

#[tokio::test]
async fn a_credential_that_opens_nothing_ends_the_run_once() {
    let locked: Fault = Box::new(|request, _| {
        (!request.target.contains("/ServiceProviderConfig")).then(|| Answer::Http(error(401)))
    });
    let mut suite = String::from("cases:\n");
    for number in 0..40 {
        suite.push_str(&format!(
            "  - {{ id: case-{number}, title: t, verifies: 7644-3.4.2-02, steps: [{{ get: /Users, expect: {{ status: 200 }} }}] }}\n"
        ));
    }
    let service = Arc::new(Small::new(locked));
    let done = run_against(&suite, service.clone()).await;
    let why = "the target asks for a credential, and none was given (--token, SCIMSPEC_TOKEN): every request was answered with 401";
    assert_eq!(done.end().1, Some(why));
    assert_eq!(done.cases().count(), 40, "every case is told");
    assert!(done.count(Outcome::Errored) >= 30, "{:#?}", done.events);
    assert!(service.seen().len() < 30, "{}", service.seen().len());
}

/// Answers discovery, and closes the door behind it.
async fn short_lived() -> std::net::SocketAddr {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        for _ in 0..3 {
            let Ok((mut stream, _)) = listener.accept().await else { return };
            let mut buffer = [0; 4096];
            let _ = stream.read(&mut buffer).await;
            let answer = b"HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
            let _ = stream.write_all(answer).await;
        }
    });
    address
}

#[tokio::test]
async fn a_target_that_goes_away_ends_the_run_in_bounded_time() {
    let address = short_lived().await;
    let transport = Transport::network(&NetworkOptions::default()).expect("a transport");
    let session = session_over(transport, &format!("http://{address}/scim/v2"));
    let started = Instant::now();
    let done = run_with(SUITE, session, Settings::default(), &Selection::default()).await;
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    assert_eq!(done.count(Outcome::Errored), 3, "{:#?}", done.events);
    assert!(done.end().1.is_some_and(|why| why.starts_with("the target is gone: ")));
}
