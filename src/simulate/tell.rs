//! From what was found to the report: names, causes and counts.
//! Must not judge, and must not format.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::belief::Belief;
use super::compare::{Comparison, Difference, Subject};
use super::course::Course;
use super::desk::{Desk, GROUPS, USERS, path};
use super::journal::Journal;
use super::report::{Believed, Divergence, Failure, KEPT, Report};
use super::wire::Trouble;

/// What the provider believes, in numbers.
pub(super) fn believed(belief: &Belief) -> Believed {
    let users = belief.users.values().filter(|user| !user.deleted);
    let groups = belief.groups.values().filter(|group| !group.deleted);
    let mut told = Believed::default();
    for user in users {
        told.users += 1;
        told.active += u64::from(user.active);
    }
    for group in groups {
        told.groups += 1;
        let is_known = |user: &u32| belief.users.get(user).is_some_and(|user| !user.deleted);
        told.members += u64::try_from(group.present().filter(is_known).count()).unwrap_or_default();
    }
    told
}

/// Puts what was compared into the report, each difference with the exchange that caused it.
pub(super) fn differences(report: &mut Report, comparison: &Comparison, desk: &Desk, journal: &Journal) {
    report.compared = comparison.compared.clone();
    report.differing = u64::try_from(comparison.differences.len()).unwrap_or_default();
    report.divergences = comparison
        .differences
        .iter()
        .take(KEPT)
        .map(|difference| divergence(difference, desk, journal))
        .collect();
}

fn divergence(difference: &Difference, desk: &Desk, journal: &Journal) -> Divergence {
    let (name, path) = place(&difference.subject, desk);
    let stranger = matches!(difference.subject, Subject::Stranger(..));
    let name = if stranger { difference.actual.as_str().unwrap_or_default().to_owned() } else { name };
    Divergence {
        subject: subject(&difference.subject),
        name,
        path,
        attribute: difference.attribute.clone(),
        kind: difference.kind,
        expected: difference.expected.clone(),
        actual: difference.actual.clone(),
        cause: journal.wrote(difference.write),
    }
}

fn subject(subject: &Subject) -> String {
    match subject {
        Subject::User(number) => format!("user {number}"),
        Subject::Group(number) => format!("group {number}"),
        Subject::Stranger(USERS, _) => "user".to_owned(),
        Subject::Stranger(..) => "group".to_owned(),
    }
}

/// Name and path of what a difference is about.
fn place(subject: &Subject, desk: &Desk) -> (String, String) {
    let belief = desk.belief();
    let found = match subject {
        Subject::User(number) => belief
            .users
            .get(number)
            .map(|user| (desk.naming.user_name(*number, &user.profile), path(USERS, &user.id))),
        Subject::Group(number) => belief
            .groups
            .get(number)
            .map(|group| (desk.naming.group_name(*number, group.version), path(GROUPS, &group.id))),
        Subject::Stranger(endpoint, id) => Some((String::new(), path(endpoint, id))),
    };
    found.unwrap_or_default()
}

/// Puts what was not done in the end into the report.
pub(super) fn failures(report: &mut Report, course: &Course, journal: &Journal) {
    report.unfinished = u64::try_from(course.owed.len()).unwrap_or_default();
    let told = course.owed.iter().take(KEPT).map(|(about, trouble)| {
        let (asked, status, why) = match trouble {
            Trouble::Refused { asked, status, detail, .. } => (asked.clone(), Some(*status), detail.clone()),
            Trouble::Unanswered { asked, error, .. } => (asked.clone(), None, error.clone()),
            Trouble::Over => Default::default(),
        };
        let cause = journal.wrote(trouble.write());
        Failure { subject: subject(about), asked, status, why, in_doubt: trouble.is_open(), cause }
    });
    report.failures = told.collect();
}

/// Puts what was sent into the report.
pub(super) fn counts(report: &mut Report, course: &Course, elapsed: Duration) {
    let tally = &course.desk.wire.tally;
    let sent = &mut report.sent;
    sent.requests = course.requests();
    sent.writes = tally.writes.load(Ordering::Relaxed);
    sent.imported = course.imported;
    sent.repeated = tally.repeated.load(Ordering::Relaxed);
    sent.waited_ms = tally.waited.load(Ordering::Relaxed);
    sent.shortened = tally.shortened.load(Ordering::Relaxed);
    sent.unanswered = tally.unanswered.load(Ordering::Relaxed);
    sent.healed = course.healed();
    sent.elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    sent.per_second = rate(sent.requests, sent.elapsed_ms);
}

/// To one decimal place.
pub(super) fn rate(requests: u64, milliseconds: u64) -> f64 {
    let tenths = requests.saturating_mul(10_000).checked_div(milliseconds).unwrap_or_default();
    f64::from(u32::try_from(tenths).unwrap_or(u32::MAX)) / 10.0
}
