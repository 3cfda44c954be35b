//! What could not be deleted at first: it is tried once more when all else is undone, and told where it is still there.
//! Knows no case.

use std::sync::{Mutex, PoisonError};

use crate::http::TransportError;
use crate::target::{SCIM, Session};

use super::cleanup::{Fate, fate};
use super::engine::Run;
use super::ledger::Resource;

/// Resources that could not be deleted, each with what came of the attempt.
#[derive(Default)]
pub(super) struct Undeleted(Mutex<Vec<(Resource, Fate)>>);

impl Undeleted {
    pub fn keep(&self, resource: Resource, fate: Fate) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((resource, fate));
    }

    fn take(&self) -> Vec<(Resource, Fate)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Run {
    /// Tries to delete once more what could not be deleted, and tells of what is still there: what a hook takes away,
    /// or what goes with another resource, is nothing to tell.
    pub async fn delete_the_undeleted(&self) {
        for (resource, first) in self.undeleted.take() {
            let asked = self.health.broken().is_none();
            if asked {
                self.count_request();
            }
            if asked && is_gone_at_last(&self.engine.session, &resource, &first).await {
                self.ledger.gone(&resource);
            } else {
                self.leave(resource.urls.first().map(String::as_str).unwrap_or_default(), first.reason());
            }
        }
    }
}

/// Deletes a resource once more, and looks for it where that is refused again. `false`: it may still be there.
pub(super) async fn is_gone_at_last(session: &Session, resource: &Resource, first: &Fate) -> bool {
    // One that was waited for in vain is not waited for twice.
    let waits = matches!(first, Fate::Unanswered(TransportError::Timeout(_)));
    let again = !waits && matches!(fate(session, &resource.urls, &resource.credential).await, Fate::Gone);
    again || is_gone(session, &resource.urls, &resource.credential).await
}

/// Whether none of the URLs of a resource leads to it any more.
async fn is_gone(session: &Session, urls: &[String], credential: &str) -> bool {
    for url in urls {
        let Ok(draft) = session.draft("GET", SCIM, url) else { return false };
        let answer = session.send(credential, draft).await.ok().and_then(|sent| sent.outcome.ok());
        if !answer.is_some_and(|answer| matches!(answer.status, 404 | 410)) {
            return false;
        }
    }
    !urls.is_empty()
}
