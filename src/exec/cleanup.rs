//! Deleting what a run made, and nothing else.
//! Knows no case.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;
use tokio::task::JoinSet;

use crate::http::encode;
use crate::http::{Response, TransportError};
use crate::scim::member;
use crate::target::{SCIM, Session};

use super::engine::Run;
use super::journal::{self, Trace, Undo};
use super::ledger::{Hooked, Made, Resource};
use super::made;
use super::place;
use super::undeleted::is_gone_at_last;
use super::{Hooks, Journal};

/// What became of one resource that is to be deleted.
pub(super) enum Fate {
    Gone,
    Left(String),
    /// Its deletion got no answer.
    Unanswered(TransportError),
}

impl Fate {
    /// Why the resource may still be there, as a line tells it.
    pub fn reason(&self) -> String {
        match self {
            Self::Gone => String::new(),
            Self::Left(reason) => reason.clone(),
            Self::Unanswered(error) => format!("its deletion was not answered: {error}"),
        }
    }
}

impl Run {
    /// Deletes all that an owner made; of everybody, where none is named. What cannot be deleted is told.
    pub async fn clean(self: &Arc<Self>, owner: Option<&str>) {
        // While the target is out of reach, all is kept for the end of the run, which tries once more.
        if owner.is_some() && self.health.broken().is_some() {
            return;
        }
        let (made, sent) = self.ledger.take(owner);
        for sent in sent {
            // One that stays in doubt stays in the journal.
            if self.sweep(&sent.trace).await {
                self.ledger.answered(sent.ticket);
            }
        }
        let mut tasks = JoinSet::new();
        // The last first: what refers to others was made after them.
        for made in made.into_iter().rev() {
            // What a hook changed may decide whether what was made before it can be deleted, and the other way round.
            let most = if matches!(made, Made::Hooked(_)) { 1 } else { self.settings.jobs.max(1) };
            while tasks.len() >= most {
                tasks.join_next().await;
            }
            match made {
                Made::Resource(resource) => {
                    let run = self.clone();
                    tasks.spawn(async move { run.delete(&resource).await });
                }
                Made::Hooked(hooked) => self.undo(&hooked).await,
            }
        }
        while tasks.join_next().await.is_some() {}
    }

    /// Undoes what a hook did; what cannot be undone is told.
    async fn undo(&self, hooked: &Hooked) {
        let undo = &hooked.undo;
        let done = match &self.settings.hooks {
            Some(hooks) => hooks.call(&undo.hook, &undo.with).await,
            None => Err("nothing provides it".to_owned()),
        };
        match done {
            Ok(_) => self.ledger.undone(hooked.ticket),
            Err(why) => self.leave(&undone_by(undo), format!("the hook {} failed: {why}", undo.hook)),
        }
    }

    /// Deletes a resource. `false`: it may still be there, which is told at once where the target is out of reach, or
    /// once it was tried again at the end of the run.
    pub async fn delete(&self, resource: &Resource) -> bool {
        let url = resource.urls.first().map(String::as_str).unwrap_or_default();
        if let Some(why) = self.health.broken() {
            self.leave(url, why);
            return false;
        }
        self.count_request();
        let fate = fate(&self.engine.session, &resource.urls, &resource.credential).await;
        if matches!(fate, Fate::Gone) {
            self.ledger.gone(resource);
            return true;
        }
        if matches!(fate, Fate::Unanswered(_)) {
            self.is_alive().await;
        }
        self.undeleted.keep(resource.clone(), fate);
        false
    }

    /// Looks for a resource whose create gave no answer that identifies it, and deletes it. `false`: it may still
    /// be there, which is told.
    async fn sweep(&self, trace: &Trace) -> bool {
        let mut found = None;
        if self.health.broken().is_none() {
            self.count_request();
            found = find(&self.engine.session, trace).await;
        }
        let Some(urls) = found else {
            self.leave(&trace.endpoint, maybe(trace));
            return false;
        };
        let mut gone = true;
        // A create that was to fail may bear the name of a resource that the run made before, for others.
        for url in urls.into_iter().filter(|url| !self.ledger.is_ours(url)) {
            let credential = trace.credential.clone();
            gone &= self.delete(&Resource { owner: "".into(), urls: vec![url], credential }).await;
        }
        gone
    }
}

/// What is left where a hook could not be called, as a line tells it.
fn undone_by(undo: &Undo) -> String {
    format!("what the hook {} undoes with {}", undo.hook, undo.with)
}

fn maybe(trace: &Trace) -> String {
    format!(
        "a create with {} {} may have made a resource: its answer did not say, and it cannot be looked for",
        trace.attribute, trace.name
    )
}

/// Deletes a resource by the first of its URLs under which it is found.
pub(super) async fn fate(session: &Session, urls: &[String], credential: &str) -> Fate {
    let mut fate = Fate::Gone;
    for url in urls {
        let answer = match delete(session, url, credential).await {
            Ok(response) => response,
            Err(fate) => return fate,
        };
        match answer.status {
            200..=299 => return Fate::Gone,
            404 | 410 => {}
            status => fate = Fate::Left(format!("its deletion was answered with {status}")),
        }
    }
    fate
}

async fn delete(session: &Session, url: &str, credential: &str) -> Result<Response, Fate> {
    let outcome = delete_once(session, url, credential).await?;
    match outcome {
        // A server may close an idle connection at that very moment; DELETE may be sent again (RFC 9110 §9.2.2).
        Err(TransportError::Lost(_)) => {
            delete_once(session, url, credential).await?.map_err(Fate::Unanswered)
        }
        outcome => outcome.map_err(Fate::Unanswered),
    }
}

async fn delete_once(
    session: &Session,
    url: &str,
    credential: &str,
) -> Result<Result<Response, TransportError>, Fate> {
    let draft = session.draft("DELETE", SCIM, url).map_err(|error| Fate::Left(error.to_string()))?;
    let sent = session.send(credential, draft).await.map_err(|error| Fate::Left(error.to_string()))?;
    Ok(sent.outcome)
}

/// The URLs of the resources that bear the name of a trace; `None` where the target cannot be asked.
/// A server may ignore the filter, so each name is compared.
async fn find(session: &Session, trace: &Trace) -> Option<Vec<String>> {
    let draft = session.draft("GET", SCIM, &trace.endpoint).ok()?;
    let filter = format!("{} eq {}", trace.attribute, Value::from(trace.name.as_str()));
    let mut draft = draft;
    draft.address = draft.address.with_query(&encode::query([("filter", filter.as_str())]));
    let response = session.send(&trace.credential, draft).await.ok()?.outcome.ok()?;
    // Where there is no such endpoint, there is nothing at it.
    if matches!(response.status, 404 | 410) {
        return Some(Vec::new());
    }
    let is_it = |name: &str| name.eq_ignore_ascii_case(&trace.name);
    Some(named(&listed(&response)?, &trace.endpoint, &trace.attribute, is_it))
}

/// The resources in the answer to a query; `None` where it is none.
pub(super) fn listed(response: &Response) -> Option<Vec<Value>> {
    let body = response.json().filter(|_| response.status == 200)?;
    match member(&body, "Resources") {
        Some(resources) => resources.as_array().cloned(),
        None => Some(Vec::new()),
    }
}

/// The URLs of those resources whose `attribute` is the name that is wanted.
pub(super) fn named(
    resources: &[Value],
    endpoint: &str,
    attribute: &str,
    wanted: impl Fn(&str) -> bool,
) -> Vec<String> {
    let is_wanted =
        |resource: &&Value| member(resource, attribute).and_then(Value::as_str).is_some_and(&wanted);
    let ids = resources.iter().filter(is_wanted).filter_map(made::id);
    ids.map(|id| place::child(endpoint, &id)).collect()
}

/// What a clean-up after older runs did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CleanUp {
    /// Resources that are gone now.
    pub gone: usize,
    /// URL and reason of each that is still there.
    pub left: Vec<(String, String)>,
    /// Journals that were worked off and removed.
    pub removed: Vec<PathBuf>,
    /// Journals that were left alone, and why: of another target, of a run still at work, unreadable.
    pub kept: Vec<(PathBuf, String)>,
}

/// Deletes what older runs against this target noted in their journals and left behind, and removes the
/// journals that are done. Deletes nothing that no journal lists.
///
/// What hooks did is undone by `hooks`; without them it is told as left.
pub async fn cleanup(
    journals: &Journal,
    session: &Session,
    hooks: Option<&dyn Hooks>,
) -> std::io::Result<CleanUp> {
    let mut done = CleanUp::default();
    let base = session.target.base_text(SCIM);
    for path in journal::files(journals)? {
        let old = match journal::read(&path) {
            Ok(Some(old)) => old,
            Ok(None) => {
                done.kept.push((path, "its run is still at work".to_owned()));
                continue;
            }
            Err(error) => {
                done.kept.push((path, error.to_string()));
                continue;
            }
        };
        if place::key(&old.left.base) != place::key(base) {
            done.kept.push((path, format!("it is about {}", old.left.base)));
            continue;
        }
        let before = done.left.len();
        let undeleted = work_off(&old.left, session, &mut done).await;
        undo_all(&old.left, hooks, &mut done).await;
        for (resource, first) in undeleted {
            match is_gone_at_last(session, &resource, &first).await {
                true => done.gone += 1,
                false => done.left.extend(resource.urls.into_iter().map(|url| (url, first.reason()))),
            }
        }
        if done.left.len() == before {
            std::fs::remove_file(&old.path)?;
            done.removed.push(old.path);
        }
    }
    Ok(done)
}

/// Calls the hooks that undo what hooks did, the last first.
async fn undo_all(left: &journal::Left, hooks: Option<&dyn Hooks>, done: &mut CleanUp) {
    for undo in left.undos.iter().rev() {
        let called = match hooks.filter(|hooks| hooks.names().contains(&undo.hook)) {
            Some(hooks) => hooks.call(&undo.hook, &undo.with).await,
            None => Err(format!("nothing provides the hook {}", undo.hook)),
        };
        match called {
            Ok(_) => done.gone += 1,
            Err(why) => done.left.push((undone_by(undo), why)),
        }
    }
}

/// Deletes what a journal lists; gives each resource that could not be deleted, with what came of it.
async fn work_off(left: &journal::Left, session: &Session, done: &mut CleanUp) -> Vec<(Resource, Fate)> {
    let mut undeleted = Vec::new();
    let mut resources: Vec<(String, String)> = left.resources.clone();
    for trace in &left.traces {
        match find(session, trace).await {
            Some(urls) => resources.extend(urls.into_iter().map(|url| (url, trace.credential.clone()))),
            None => done.left.push((trace.endpoint.clone(), maybe(trace))),
        }
    }
    for (url, credential) in resources {
        let bases = session.target.bases().map(|base| base.text().to_owned());
        if !bases.chain([left.base.clone()]).any(|base| place::is_below(&url, &base)) {
            done.left.push((url, "it does not lie below the target's base".to_owned()));
            continue;
        }
        let resource = Resource { owner: "".into(), urls: vec![url], credential };
        match fate(session, &resource.urls, &resource.credential).await {
            Fate::Gone => done.gone += 1,
            fate => undeleted.push((resource, fate)),
        }
    }
    undeleted
}
