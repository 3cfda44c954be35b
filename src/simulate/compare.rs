//! Comparing: what the server has, resource by resource, beside what the provider believes.
//! Must not change anything on the server, and must not know how belief came about.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::scim::member;

use super::attribute::Attribute;
use super::belief::{Belief, Group, User, WriteAt};
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
    let mut noted = Noted::of(Subject::User(number));
    noted.comparison.compared.users = 1;
    let may_be_deleted = known.deleted || known.attempts.iter().any(|attempt| attempt.deleted);
    noted.presence("a user", has.is_some(), (known.deleted, may_be_deleted), known.last_write());
    if let Some(has) = has.filter(|_| !known.deleted) {
        noted.values(desk, number, &known, &has);
    }
    Ok(noted.comparison)
}

/// One resource, and what is noted of it.
struct Noted {
    subject: Subject,
    comparison: Comparison,
}

impl Noted {
    fn of(subject: Subject) -> Self {
        Self { subject, comparison: Comparison::default() }
    }

    fn differs(&mut self, attribute: &str, kind: Kind, expected: Value, actual: Value, write: WriteAt) {
        let (subject, attribute) = (self.subject.clone(), attribute.to_owned());
        self.comparison.differences.push(Difference { subject, attribute, kind, expected, actual, write });
    }

    fn presence(
        &mut self,
        what: &str,
        is_there: bool,
        (deleted, may_be_deleted): (bool, bool),
        write: WriteAt,
    ) {
        if is_there && deleted {
            self.differs("", Kind::Stays, Value::Null, what.into(), write);
        } else if !is_there && !may_be_deleted {
            self.differs("", Kind::Gone, what.into(), Value::Null, write);
        }
    }

    /// An attribute that may have any of these values, the one that the provider believes first.
    fn value(&mut self, attribute: &str, expected: Vec<Value>, actual: Value, write: WriteAt) {
        self.comparison.compared.values += 1;
        if !expected.contains(&actual) {
            let kind = if actual.is_null() { Kind::Lacks } else { Kind::Differs };
            let first = expected.into_iter().next().unwrap_or_default();
            self.differs(attribute, kind, first, actual, write);
        }
    }

    fn values(&mut self, desk: &Desk, number: UserNumber, known: &User, has: &Value) {
        for attribute in &desk.mapped {
            if let Some(expected) = believed(desk, number, known, *attribute) {
                let actual = attribute.read(has).unwrap_or_default();
                self.value(&attribute.path(), expected, actual, known.write(*attribute));
            }
        }
    }

    fn members(&mut self, belief: &Belief, known: &Group, has: &Value) {
        let there = ids_of_members(has);
        let attempted =
            known.attempts.iter().flat_map(|attempt| attempt.added.iter().chain(&attempt.removed));
        let open: BTreeSet<UserNumber> = attempted.copied().collect();
        for (user, membership) in known.members.iter().filter(|(user, _)| !open.contains(user)) {
            let Some(account) = belief.users.get(user).filter(|account| !account.deleted) else { continue };
            self.comparison.compared.members += 1;
            let id = Value::from(&*account.id);
            match (membership.there, there.contains(&*account.id)) {
                (true, false) => self.differs("members", Kind::Lacks, id, Value::Null, membership.write),
                (false, true) => self.differs("members", Kind::Keeps, Value::Null, id, membership.write),
                _ => {}
            }
        }
        let known_ids: BTreeSet<&str> =
            known.members.keys().filter_map(|user| Some(&*belief.users.get(user)?.id)).collect();
        for id in there.iter().filter(|id| !known_ids.contains(id.as_str()) && open.is_empty()) {
            self.differs("members", Kind::Unknown, Value::Null, id.as_str().into(), known.write);
        }
    }
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
    let mut noted = Noted::of(Subject::Group(number));
    noted.comparison.compared.groups = 1;
    let may_be_deleted = known.deleted || known.attempts.iter().any(|attempt| attempt.deleted);
    noted.presence("a group", has.is_some(), (known.deleted, may_be_deleted), known.write);
    if let Some(has) = has.filter(|_| !known.deleted) {
        let versions =
            std::iter::once(known.version).chain(known.attempts.iter().map(|attempt| attempt.version));
        let names = versions.map(|version| Value::from(desk.naming.group_name(number, version))).collect();
        let actual = member(&has, "displayName").cloned().unwrap_or_default();
        noted.value("displayName", names, actual, known.write);
        noted.members(&desk.belief(), &known, &has);
    }
    Ok(noted.comparison)
}

fn ids_of_members(group: &Value) -> BTreeSet<String> {
    let members = member(group, "members").and_then(Value::as_array);
    let ids = members.into_iter().flatten().filter_map(|m| member(m, "value").and_then(Value::as_str));
    ids.map(str::to_owned).collect()
}
