//! From settings to a session: with the user's target, or with the mock of the profile on a free port.
//! Must not know what will be sent.

use super::settings::{Access, Place};
use crate::harness::{Failure, mock};
use crate::http::{Paced, Transport, limit};
use crate::mock::shell::Shell;
use crate::profile::Profile;
use crate::target::{SCIM, Session, Target};

/// A session, and the mock that it goes to, where it goes to one.
pub struct Connection {
    pub session: Session,
    /// Serves until it is dropped.
    _shell: Option<Shell>,
}

/// A session with the target.
pub async fn connect(place: &Place, access: &Access, profile: &Profile) -> Result<Connection, Failure> {
    match place {
        Place::Url(url) => {
            let session = network(url, access, profile)?;
            Ok(Connection { session, _shell: None })
        }
        Place::Mock(defects) => {
            let (session, shell) = mock::on_free_port(profile, access.rate, access.limits, defects).await?;
            Ok(Connection { session, _shell: Some(shell) })
        }
    }
}

fn network(url: &str, access: &Access, profile: &Profile) -> Result<Session, Failure> {
    let mut target = Target::new(url).map_err(Failure::usage)?;
    let host = target.base(SCIM).map_err(Failure::usage)?.url().clone();
    for (name, base) in &profile.bases {
        let wrong = |error| Failure::Usage(format!("base {name} of the profile: {error}"));
        let base = host.join(base).map_err(wrong)?;
        target = target.with_base(name, base.as_str()).map_err(Failure::usage)?;
    }
    if let Some(auth) = &access.auth {
        target = target.with_credential("target", auth.clone());
    }
    for (name, auth) in &access.credentials {
        target = target.with_credential(name, auth.clone());
    }
    for (name, value) in &access.headers {
        target = target.with_header(name, value.clone());
    }
    for (name, value) in &access.facts {
        target = target.with_fact(name, value);
    }
    let transport = Transport::network(&access.network).map_err(Failure::usage)?;
    Ok(Session::new(target, Paced::new(transport, access.rate, limit::PATIENCE), access.limits))
}
