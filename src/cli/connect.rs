//! From settings to a session: with the user's target, or with the mock of the profile on a free port.
//! Must not know what will be sent.

use std::sync::Arc;

use super::error::Failure;
use super::settings::{Access, Place};
use crate::http::{Limits, NetworkOptions, Paced, Transport, limit};
use crate::mock::shell::Shell;
use crate::mock::{Scim, Service, Settings as MockSettings, Token};
use crate::profile::Profile;
use crate::target::{Auth, Secret, Session, Target};

/// Names of the mock's services.
const SERVICES: &[&str] = &["scim"];

/// A session, and the mock that it goes to, where it goes to one.
pub struct Connection {
    pub session: Session,
    /// Serves until it is dropped.
    _shell: Option<Shell>,
}

/// A session with the target.
pub async fn connect(place: &Place, access: &Access, profile: &Profile) -> Result<Connection, Failure> {
    match place {
        Place::Url(url) => network(url, access, profile),
        Place::Mock => mock(access, profile).await,
    }
}

fn network(url: &str, access: &Access, profile: &Profile) -> Result<Connection, Failure> {
    let mut target = Target::new(url).map_err(Failure::usage)?;
    let host = target.base(crate::target::SCIM).map_err(Failure::usage)?.url().clone();
    for (name, base) in &profile.bases {
        let base = host
            .join(base)
            .map_err(|error| Failure::Usage(format!("base {name} of the profile: {error}")))?;
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
    let session = session(target, &access.network, access.rate, access.limits)?;
    Ok(Connection { session, _shell: None })
}

async fn mock(access: &Access, profile: &Profile) -> Result<Connection, Failure> {
    let tokens = MockTokens::new();
    let service = service(profile, tokens.settings())?;
    let shell = Shell::start(service).await.map_err(Failure::world)?;
    let base = format!("{}{}", shell.base_url(), MockSettings::default().base_path);
    let mut target = Target::new(&base).map_err(Failure::usage)?;
    for (name, token) in [("target", &tokens.target), ("second", &tokens.second)] {
        let token = Secret::new(token.as_str(), "the mock's token").map_err(Failure::world)?;
        target = target.with_credential(name, Auth::Bearer(token));
    }
    let session = session(target, &NetworkOptions::default(), access.rate, access.limits)?;
    Ok(Connection { session, _shell: Some(shell) })
}

fn session(
    target: Target,
    network: &NetworkOptions,
    rate: Option<f64>,
    limits: Limits,
) -> Result<Session, Failure> {
    let transport = Transport::network(network).map_err(Failure::usage)?;
    Ok(Session::new(target, Paced::new(transport, rate, limit::PATIENCE), limits))
}

/// Tokens of a mock that lives for one run.
struct MockTokens {
    target: String,
    second: String,
}

impl MockTokens {
    fn new() -> Self {
        Self { target: fresh_token(), second: fresh_token() }
    }

    fn settings(&self) -> MockSettings {
        MockSettings {
            tokens: vec![Token::new(self.target.as_str()), Token::new(self.second.as_str())],
            ..MockSettings::default()
        }
    }
}

/// A token that nobody can guess.
pub fn fresh_token() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

/// The service that stands for the profile's product.
pub fn service(profile: &Profile, settings: MockSettings) -> Result<Arc<dyn Service>, Failure> {
    match profile.mock.service.as_str() {
        "scim" => Ok(Arc::new(Scim::new(settings))),
        other => Err(Failure::Usage(format!(
            "the profile {} names the mock service `{other}`; there is {}",
            profile.label(),
            SERVICES.join(", ")
        ))),
    }
}
