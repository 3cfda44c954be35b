//! Comparing: what the server has, resource by resource, beside what the provider believes.
//! Must not change anything on the server, and must not know how belief came about.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::attribute::{Attribute, member};
use super::belief::{Group, User, WriteAt};
use super::desk::{Desk, GROUPS, USERS, path};
use super::person::{GroupNumber, UserNumber};
use super::report::{Compared, Kind};
use super::wire::Trouble;

/// Between two looks at something that may still show.
const BREATH: std::time::Duration = std::time::Duration::from_millis(250);

/// A difference, before its cause is looked up.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Difference {
    pub subject: Subject,
    pub attribute: String,
    pub kind: Kind,
    pub expected: Value,
    pub actual: Value,
    pub write: WriteAt,
}

/// What a difference or a task is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Subject {
    User(UserNumber),
    Group(GroupNumber),
    /// A look whether the server is there.
    Probe,
    Import,
    /// A resource that the provider does not know, by endpoint and id.
    Stranger(&'static str, String),
}

/// What comparing found.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    pub compared: Compared,
    pub differences: Vec<Difference>,
}

impl Comparison {
    fn add(&mut self, other: Comparison) {
        self.compared += other.compared;
        self.differences.extend(other.differences);
    }
}

/// Compares everything, so many resources at once; `seen` is called after each. Differences that may be a matter of
/// time are looked at again until the grace is over.
pub(super) async fn compare(desk: &Arc<Desk>, jobs: usize, seen: impl Fn()) -> Comparison {
    let end = Instant::now() + desk.own.grace;
    let (users, groups): (Vec<UserNumber>, Vec<GroupNumber>) = {
        let belief = desk.belief();
        (belief.users.keys().copied().collect(), belief.groups.keys().copied().collect())
    };
    let subjects = users.into_iter().map(Subject::User).chain(groups.into_iter().map(Subject::Group));
    let mut comparison = Comparison::default();
    let mut tasks = JoinSet::new();
    for subject in subjects {
        if desk.own.is_over() {
            break;
        }
        while tasks.len() >= jobs.max(1) {
            collect(&mut comparison, tasks.join_next().await, &seen);
        }
        let desk = desk.clone();
        tasks.spawn(async move { until_equal(&desk, &subject, end).await });
    }
    while let Some(done) = tasks.join_next().await {
        collect(&mut comparison, Some(done), &seen);
    }
    comparison.differences.sort_by(|a, b| a.subject.cmp(&b.subject));
    comparison
}

fn collect(
    comparison: &mut Comparison,
    done: Option<Result<Comparison, tokio::task::JoinError>>,
    seen: &impl Fn(),
) {
    match done {
        Some(Ok(one)) => comparison.add(one),
        // A task that broke has compared nothing.
        Some(Err(_)) => comparison.compared.unread += 1,
        None => {}
    }
    seen();
}

async fn until_equal(desk: &Desk, subject: &Subject, end: Instant) -> Comparison {
    loop {
        let found = match subject {
            Subject::User(number) => user(desk, *number).await,
            Subject::Group(number) => group(desk, *number).await,
            _ => Ok(Comparison::default()),
        };
        let unread =
            || Comparison { compared: Compared { unread: 1, ..Compared::default() }, ..Default::default() };
        let found = found.unwrap_or_else(|_| unread());
        let last = found.differences.is_empty() || Instant::now() >= end;
        if last || desk.own.rest(BREATH).await.is_err() {
            return found;
        }
    }
}

/// The resource as the server has it; `None` where it has none.
async fn read(desk: &Desk, place: &str) -> Result<Option<Value>, Trouble> {
    let reply = desk.own.get(place).await?;
    match reply.status {
        404 | 410 => Ok(None),
        _ => Ok(Some(reply.accept(&[200])?.body)),
    }
}

async fn user(desk: &Desk, number: UserNumber) -> Result<Comparison, Trouble> {
    let known = desk.belief().users.get(&number).cloned();
    let Some(known) = known else { return Ok(Comparison::default()) };
    let has = read(desk, &path(USERS, &known.id)).await?;
    Ok(of_user(desk, number, &known, has.as_ref()))
}

fn of_user(desk: &Desk, number: UserNumber, known: &User, has: Option<&Value>) -> Comparison {
    let mut comparison = Comparison::default();
    comparison.compared.users = 1;
    let differs = |attribute: &str, kind, expected, actual, write| Difference {
        subject: Subject::User(number),
        attribute: attribute.to_owned(),
        kind,
        expected,
        actual,
        write,
    };
    let may_be_deleted = known.deleted || known.attempts.iter().any(|attempt| attempt.deleted);
    match has {
        None if may_be_deleted => {}
        None => comparison.differences.push(differs(
            "",
            Kind::Gone,
            Value::from("a user"),
            Value::Null,
            known.last_write(),
        )),
        Some(_) if known.deleted => comparison.differences.push(differs(
            "",
            Kind::Stays,
            Value::Null,
            Value::from("a user"),
            known.last_write(),
        )),
        Some(has) => {
            for attribute in &desk.mapped {
                let Some(expected) = believed(desk, number, known, *attribute) else { continue };
                comparison.compared.values += 1;
                let actual = attribute.read(has).unwrap_or_default();
                if expected.contains(&actual) {
                    continue;
                }
                let kind = if actual.is_null() { Kind::Lacks } else { Kind::Differs };
                let first = expected.into_iter().next().unwrap_or_default();
                let write = known.write(*attribute);
                comparison.differences.push(differs(&attribute.path(), kind, first, actual, write));
            }
        }
    }
    comparison
}

/// The values that the server may have, the one that the provider believes first; `None` where nobody can say.
fn believed(desk: &Desk, number: UserNumber, known: &User, attribute: Attribute) -> Option<Vec<Value>> {
    let attempts = known.attempts.iter();
    match attribute {
        Attribute::Active => {
            let attempted = attempts.map(|attempt| Value::Bool(attempt.active));
            Some(std::iter::once(Value::Bool(known.active)).chain(attempted).collect())
        }
        Attribute::Manager => {
            let belief = desk.belief();
            let id = |manager: Option<UserNumber>| match manager {
                None => Some(Value::Null),
                // What becomes of a reference to a deleted user is the server's to decide.
                Some(manager) => {
                    let manager = belief.users.get(&manager).filter(|manager| !manager.deleted)?;
                    Some(Value::from(&*manager.id))
                }
            };
            let first = id(known.profile.manager)?;
            let attempted = attempts.map(|attempt| id(attempt.profile.manager));
            std::iter::once(Some(first)).chain(attempted).collect()
        }
        other => {
            let first = desk.value(other, number, &known.profile)?;
            let attempted = attempts.filter_map(|attempt| desk.value(other, number, &attempt.profile));
            Some(std::iter::once(first).chain(attempted).collect())
        }
    }
}

async fn group(desk: &Desk, number: GroupNumber) -> Result<Comparison, Trouble> {
    let known = desk.belief().groups.get(&number).cloned();
    let Some(known) = known else { return Ok(Comparison::default()) };
    let has = read(desk, &path(GROUPS, &known.id)).await?;
    Ok(of_group(desk, number, &known, has.as_ref()))
}

fn of_group(desk: &Desk, number: GroupNumber, known: &Group, has: Option<&Value>) -> Comparison {
    let mut comparison = Comparison::default();
    comparison.compared.groups = 1;
    let mut differs = |attribute: &str, kind, expected, actual, write| {
        comparison.differences.push(Difference {
            subject: Subject::Group(number),
            attribute: attribute.to_owned(),
            kind,
            expected,
            actual,
            write,
        });
    };
    let may_be_deleted = known.deleted || known.attempts.iter().any(|attempt| attempt.deleted);
    let Some(has) = has else {
        if !may_be_deleted {
            differs("", Kind::Gone, Value::from("a group"), Value::Null, known.write);
        }
        return comparison;
    };
    if known.deleted {
        differs("", Kind::Stays, Value::Null, Value::from("a group"), known.write);
        return comparison;
    }
    let versions = std::iter::once(known.version).chain(known.attempts.iter().map(|attempt| attempt.version));
    let names: Vec<Value> = versions.map(|v| Value::from(desk.naming.group_name(number, v))).collect();
    let actual = member(has, "displayName").cloned().unwrap_or_default();
    if !names.contains(&actual) {
        let kind = if actual.is_null() { Kind::Lacks } else { Kind::Differs };
        differs("displayName", kind, names.into_iter().next().unwrap_or_default(), actual, known.write);
    }
    let there = ids_of_members(has);
    let open: BTreeSet<UserNumber> = known
        .attempts
        .iter()
        .flat_map(|attempt| attempt.added.iter().chain(&attempt.removed))
        .copied()
        .collect();
    let mut compared = 0;
    let belief = desk.belief();
    for (user, membership) in known.members.iter().filter(|(user, _)| !open.contains(user)) {
        let Some(account) = belief.users.get(user).filter(|account| !account.deleted) else { continue };
        compared += 1;
        let is_there = there.contains(&*account.id);
        if is_there == membership.there {
            continue;
        }
        let (kind, id) = (if is_there { Kind::Keeps } else { Kind::Lacks }, Value::from(&*account.id));
        let (expected, actual) = if is_there { (Value::Null, id) } else { (id, Value::Null) };
        differs("members", kind, expected, actual, membership.write);
    }
    let known_ids: BTreeSet<&str> =
        known.members.keys().filter_map(|user| Some(&*belief.users.get(user)?.id)).collect();
    for id in there.iter().filter(|id| !known_ids.contains(id.as_str()) && open.is_empty()) {
        differs("members", Kind::Unknown, Value::Null, Value::from(id.as_str()), known.write);
    }
    drop(belief);
    comparison.compared.values = 1;
    comparison.compared.members = compared;
    comparison
}

fn ids_of_members(group: &Value) -> BTreeSet<String> {
    let members = member(group, "members").and_then(Value::as_array);
    let ids = members.into_iter().flatten().filter_map(|m| member(m, "value").and_then(Value::as_str));
    ids.map(str::to_owned).collect()
}
