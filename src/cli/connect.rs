//! From settings to a session: with the user's target, or with the mock of the profile on a free port.
//! Must not know what will be sent.

use std::sync::Arc;

use super::settings::{Access, Place};
use crate::exec::Hooks;
use crate::harness::hooks::{ByCommand, PATIENCE, Pairs};
use crate::harness::target::{Lent, target};
use crate::harness::{Failure, mock};
use crate::http::{Paced, Transport, limit};
use crate::mock::shell::Shell;
use crate::profile::Profile;
use crate::target::Session;

/// A session, and the mock that it goes to, where it goes to one.
pub struct Connection {
    pub session: Session,
    /// What does the hooks that suites call.
    pub hooks: Option<Arc<dyn Hooks>>,
    /// Serves until it is dropped.
    _shell: Option<Shell>,
}

/// A session with the target.
pub async fn connect(place: &Place, access: &Access, profile: &Profile) -> Result<Connection, Failure> {
    match place {
        Place::Url(url) => {
            let session = network(url, access, profile)?;
            Ok(Connection { session, hooks: commands(url, access, profile), _shell: None })
        }
        Place::Mock(defects) => {
            let (lent, shell) = mock::on_free_port(profile, access.rate, access.limits, defects).await?;
            Ok(Connection { session: lent.session, hooks: lent.hooks, _shell: Some(shell) })
        }
    }
}

/// The commands that the user gave as hooks.
fn commands(url: &str, access: &Access, profile: &Profile) -> Option<Arc<dyn Hooks>> {
    if access.hooks.is_empty() {
        return None;
    }
    let commands = access.hooks.iter().cloned().collect();
    Some(Arc::new(ByCommand {
        pairs: Pairs::of(profile),
        commands,
        target: url.to_owned(),
        patience: PATIENCE,
    }))
}

fn network(url: &str, access: &Access, profile: &Profile) -> Result<Session, Failure> {
    let lent = Lent {
        own: access.auth.clone(),
        credentials: access.credentials.clone(),
        facts: access.facts.clone(),
    };
    let mut target = target(url, profile, lent)?;
    for (name, value) in &access.headers {
        target = target.with_header(name, value.clone());
    }
    let transport = Transport::network(&access.network).map_err(Failure::usage)?;
    Ok(Session::new(target, Paced::new(transport, access.rate, limit::PATIENCE), access.limits))
}
