//! The create of nothing but what a resource must have: where the server refuses even that, a claim about a create that
//! it refused says nothing.
//! Must not judge answers by itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tokio::sync::OnceCell;

use crate::check::{Finding, Spot};
use crate::http::{Request, Response};
use crate::spec::Weight;
use crate::suite::Step;
use crate::target::{Draft, SCIM};

use super::case::CaseRun;
use super::end::{CREATE, End};
use super::send::Errand;
use super::step::Round;

/// SCIM is taken by its own media type.
const CONTENT_TYPE: &str = "7644-3.8-06";
/// What servers take who know no media type of SCIM.
const JSON: &str = "application/json";

/// What came of a create of a resource type that any server takes which takes one at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plain {
    Made,
    /// Only where the media type is that of any JSON.
    MadeOfJson,
    Refused(u16),
    /// There was no answer, or nothing was sent.
    Unknown,
}

/// One create for each resource type, sent by the first case that wants to know.
#[derive(Default)]
pub(super) struct Controls(Mutex<HashMap<String, Arc<OnceCell<Plain>>>>);

impl Controls {
    fn cell(&self, resource_type: &str) -> Arc<OnceCell<Plain>> {
        let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cells.entry(resource_type.to_owned()).or_default().clone()
    }
}

impl CaseRun<'_> {
    /// Blocks a case that accuses the server of refusing a create, where it refuses the plainest one as well.
    pub async fn refuses_any_create(
        &mut self,
        step: &Step,
        findings: &[Finding],
        response: &Response,
        round: &Round,
    ) -> Option<End> {
        if step.principal.is_some() || !accuses_of_refusal(findings, &round.request, response.status) {
            return None;
        }
        let path = round.asked().path()?;
        let types = &self.run.engine.capabilities().resource_types;
        let of = types.iter().find(|of| of.endpoint == path)?;
        let (name, endpoint) = (of.name.clone(), of.endpoint.clone());
        let cell = self.run.controls.cell(&name);
        let plain = *cell.get_or_init(|| self.plain_create(&name, &endpoint)).await;
        let is_claimed = |by: &str| self.planned.case().verifies.iter().any(|id| id.0 == by);
        let (by, why) = match plain {
            Plain::Made | Plain::Unknown => return None,
            Plain::MadeOfJson => (CONTENT_TYPE, format!("a {name} is created of {JSON} only")),
            Plain::Refused(status) => (CREATE, format!("the create of a {name} was answered with {status}")),
        };
        (!is_claimed(by)).then(|| End::blocked(by, why))
    }

    async fn plain_create(&mut self, name: &str, endpoint: &str) -> Plain {
        match self.plain(name, endpoint, None).await {
            None => Plain::Unknown,
            Some(200..=299) => Plain::Made,
            Some(status) => match self.plain(name, endpoint, Some(JSON)).await {
                Some(200..=299) => Plain::MadeOfJson,
                _ => Plain::Refused(status),
            },
        }
    }

    /// The status of the answer.
    async fn plain(&mut self, name: &str, endpoint: &str, media_type: Option<&str>) -> Option<u16> {
        let body: Value = self.run.minimal_body(name, &self.run.names.unique()).ok()?;
        let draft = self.run.engine.session.draft("POST", SCIM, endpoint).ok()?;
        let mut draft: Draft = draft.with_json(&body);
        if let Some(media_type) = media_type {
            draft.headers.set("Content-Type", media_type);
        }
        let place = self.planned.info.place.clone();
        let errand =
            Errand { owner: &self.owner, base: SCIM, credential: "target", place: &place, watched: false };
        let answer = self.run.send(&errand, draft).await.ok()?;
        self.log.push(answer.recorded);
        answer.outcome.ok().map(|response| response.status)
    }
}

/// Whether nothing is found but that a create was refused, in a way that may have nothing to do with what is claimed.
fn accuses_of_refusal(findings: &[Finding], request: &Request, status: u16) -> bool {
    let mut counted = findings.iter().filter(|finding| finding.weight > Weight::Info).peekable();
    let refused = request.method == "POST" && matches!(status, 400 | 403 | 404 | 409 | 422 | 500 | 502..=599);
    refused && counted.peek().is_some() && counted.all(|finding| matches!(finding.spot, Spot::Status))
}
