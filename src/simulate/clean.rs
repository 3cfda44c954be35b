//! Cleaning up: everything that the simulation made is deleted, and nothing else.
//! Must not know whether what is deleted was right.

use std::sync::Arc;

use serde_json::Value;
use tokio::task::JoinSet;

use crate::exec::Trace;
use crate::http::encode;
use crate::scim::member;

use super::belief::Belief;
use super::desk::{GROUPS, USERS, path};
use super::report::Left;
use super::wire::{Trouble, Wire, is_id};

/// What cleaning up did.
#[derive(Debug, Default)]
pub(super) struct Cleaned {
    pub gone: u64,
    pub left: Vec<Left>,
}

/// Paths of all that the simulation made, groups before their members. What is believed goes as its paths come, so that both
/// are never there in full.
pub(super) fn made(belief: Belief, strangers: &[(&'static str, String)]) -> impl Iterator<Item = String> {
    let Belief { users, groups, lost_users, lost_groups } = belief;
    let groups = groups.into_values().filter(|group| !group.deleted).map(|group| group.id).chain(lost_groups);
    let users = users.into_values().filter(|user| !user.deleted).map(|user| user.id).chain(lost_users);
    let strangers = strangers.iter().map(|(endpoint, id)| path(endpoint, id));
    groups.map(|id| path(GROUPS, &id)).chain(strangers).chain(users.map(|id| path(USERS, &id)))
}

/// How many these are.
pub(super) fn count(belief: &Belief, strangers: &[(&'static str, String)]) -> usize {
    let groups = belief.groups.values().filter(|group| !group.deleted).count();
    let users = belief.users.values().filter(|user| !user.deleted).count();
    groups + users + belief.lost_groups.len() + belief.lost_users.len() + strangers.len()
}

/// Deletes these resources, and those that the traces lead to; `seen` is called after each.
pub(super) async fn clean(
    wire: Arc<Wire>,
    paths: impl Iterator<Item = String>,
    traces: &[Trace],
    jobs: usize,
    seen: impl Fn(),
) -> Cleaned {
    let mut cleaned = Cleaned::default();
    let mut tasks = JoinSet::new();
    for place in paths {
        while tasks.len() >= jobs.max(1) {
            collect(&mut cleaned, tasks.join_next().await, &seen);
        }
        let wire = wire.clone();
        tasks.spawn(async move { delete(&wire, place).await });
    }
    while let Some(done) = tasks.join_next().await {
        collect(&mut cleaned, Some(done), &seen);
    }
    for trace in traces {
        match find(&wire, trace).await {
            Some(places) => {
                for place in places {
                    collect(&mut cleaned, Some(Ok(delete(&wire, place).await)), &seen);
                }
            }
            None => cleaned.left.push(Left {
                url: trace.endpoint.clone(),
                why: format!(
                    "a create of {} may have made a resource, and it cannot be looked for",
                    trace.name
                ),
            }),
        }
    }
    cleaned
}

type Deleted = Result<(), Left>;

fn collect(cleaned: &mut Cleaned, done: Option<Result<Deleted, tokio::task::JoinError>>, seen: &impl Fn()) {
    match done {
        Some(Ok(Ok(()))) => cleaned.gone += 1,
        Some(Ok(Err(left))) => cleaned.left.push(left),
        Some(Err(error)) => cleaned.left.push(Left { url: String::new(), why: error.to_string() }),
        None => {}
    }
    seen();
}

async fn delete(wire: &Wire, place: String) -> Deleted {
    let left = |why: String| Left { url: wire.url(&place), why };
    let mut outcome = wire.write("DELETE", &place, None).await;
    // A server may close an idle connection at that very moment; DELETE may be sent again (RFC 9110 §9.2.2).
    if matches!(outcome, Err(Trouble::Unanswered { .. })) {
        outcome = wire.write("DELETE", &place, None).await;
    }
    match outcome {
        Ok(reply) if matches!(reply.status, 200..=299 | 404 | 410) => {
            wire.deleted(&place);
            Ok(())
        }
        Ok(reply) => Err(left(format!("its deletion was answered with {}", reply.status))),
        Err(Trouble::Unanswered { error, .. }) => {
            Err(left(format!("its deletion was not answered: {error}")))
        }
        Err(_) => Err(left(wire.gone().unwrap_or_else(|| "the clean-up was ended".to_owned()))),
    }
}

/// Paths of the resources that bear the name of a trace; each name is compared, since a server may ignore the filter.
async fn find(wire: &Wire, trace: &Trace) -> Option<Vec<String>> {
    let endpoint = if trace.attribute == "userName" { USERS } else { GROUPS };
    let filter = format!("{} eq {}", trace.attribute, Value::from(trace.name.as_str()));
    let query = encode::query([("filter", filter.as_str())]);
    let reply = wire.get(&format!("{endpoint}?{query}")).await.ok()?.accept(&[200]).ok()?;
    let listed = member(&reply.body, "Resources").and_then(Value::as_array).cloned().unwrap_or_default();
    let named = listed.iter().filter(|resource| {
        member(resource, &trace.attribute)
            .and_then(Value::as_str)
            .is_some_and(|name| name.eq_ignore_ascii_case(&trace.name))
    });
    let ids = named.filter_map(|resource| member(resource, "id")?.as_str()).filter(|id| is_id(id));
    Some(ids.map(|id| path(endpoint, id)).collect())
}
