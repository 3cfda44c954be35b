//! What a target refused to delete: it is looked for once all else is undone, and told where it is still there.
//! Deletes nothing.

use std::sync::{Mutex, PoisonError};

use crate::target::{SCIM, Session};

use super::engine::Run;
use super::ledger::Resource;

/// Resources whose deletion the target refused, each with the reason.
#[derive(Default)]
pub(super) struct Refused(Mutex<Vec<(Resource, String)>>);

impl Refused {
    pub fn keep(&self, resource: Resource, reason: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((resource, reason));
    }

    fn take(&self) -> Vec<(Resource, String)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Run {
    /// Tells of the resources whose deletion was refused, where they are still there once all else is undone: what a
    /// hook takes away, or what goes with another resource, is nothing to tell.
    pub async fn tell_refused(&self) {
        for (resource, reason) in self.refused.take() {
            let asked = self.health.broken().is_none();
            if asked {
                self.count_request();
            }
            if asked && is_gone(&self.engine.session, &resource.urls, &resource.credential).await {
                self.ledger.gone(&resource);
            } else {
                self.leave(resource.urls.first().map(String::as_str).unwrap_or_default(), reason);
            }
        }
    }
}

/// Whether none of the URLs of a resource leads to it any more.
pub(super) async fn is_gone(session: &Session, urls: &[String], credential: &str) -> bool {
    for url in urls {
        let Ok(draft) = session.draft("GET", SCIM, url) else { return false };
        let answer = session.send(credential, draft).await.ok().and_then(|sent| sent.outcome.ok());
        if !answer.is_some_and(|answer| matches!(answer.status, 404 | 410)) {
            return false;
        }
    }
    !urls.is_empty()
}
