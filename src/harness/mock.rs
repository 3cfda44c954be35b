//! The built-in mock as a target: its services by name, and a session with one that lives for a run.
//! Must not know what a service answers.

use std::sync::Arc;

use serde_json::json;

use super::Failure;
use crate::http::{Clock, InProcess, Limits, NetworkOptions, Paced, Transport, limit};
use crate::mock::defects::{self, Switch};
use crate::mock::shell::Shell;
use crate::mock::{Scim, Service, Settings, Token, definitions, dialect};
use crate::profile::Profile;
use crate::scim::urn;
use crate::target::{Auth, Secret, Session, Target};

/// Names of the mock's services.
const SERVICES: &[&str] = &["scim"];

/// The service that stands for the profile's product, with what `fill` puts into it, and with defects.
pub fn service(
    profile: &Profile,
    mut settings: Settings,
    defects: &[Switch],
    fill: impl FnOnce(&Scim) -> Result<(), Failure>,
) -> Result<Arc<dyn Service>, Failure> {
    match profile.mock.service.as_str() {
        "scim" => {
            define(profile, &mut settings)?;
            let dialects = profile.mock.dialects.iter().map(String::as_str);
            settings.policy.lenient = dialect::leniencies(dialects).map_err(Failure::Usage)?;
            defects::configure(defects, &mut settings);
            let base_path = settings.base_path.clone();
            let scim = Scim::new(settings);
            let begin = scim.load(Settings::DEFAULT_TENANT, &profile.mock.resources, jiff::Timestamp::now());
            begin.map_err(|reason| {
                Failure::Usage(format!("the mock of the profile {}: {reason}", profile.label()))
            })?;
            fill(&scim)?;
            Ok(defects::wrap(defects, Arc::new(scim), &base_path))
        }
        other => Err(Failure::Usage(format!(
            "the profile {} names the mock service `{other}`; there is {}",
            profile.label(),
            SERVICES.join(", ")
        ))),
    }
}

/// What the profile's mock serves beside the core schemas; what the settings already have stays.
fn define(profile: &Profile, settings: &mut Settings) -> Result<(), Failure> {
    let wrong = |wrong| Failure::Usage(format!("the mock of the profile {}: {wrong}", profile.label()));
    for schema in &profile.mock.schemas {
        definitions::add_schema(settings, schema).map_err(wrong)?;
    }
    for resource_type in &profile.mock.resource_types {
        definitions::add_resource_type(settings, resource_type).map_err(wrong)?;
    }
    Ok(())
}

/// A token that nobody can guess.
pub fn fresh_token() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

/// A session with the profile's mock on a free port of the loopback interface, which serves until the shell is dropped.
pub async fn on_free_port(
    profile: &Profile,
    rate: Option<f64>,
    limits: Limits,
    defects: &[Switch],
) -> Result<(Session, Shell), Failure> {
    let mock = Mock::new();
    let service = service(profile, mock.settings.clone(), defects, me)?;
    let shell = Shell::start(service).await.map_err(Failure::world)?;
    let target = mock.target(shell.base_url())?;
    let transport = Transport::network(&NetworkOptions::default()).map_err(Failure::world)?;
    Ok((Session::new(target, Paced::new(transport, rate, limit::PATIENCE), limits), shell))
}

/// A session with the profile's mock in this process, without a socket.
pub fn in_process(profile: &Profile, defects: &[Switch]) -> Result<Session, Failure> {
    in_process_by(profile, defects, Arc::new(jiff::Timestamp::now))
}

/// The same with a clock of its own.
pub fn in_process_by(profile: &Profile, defects: &[Switch], clock: Clock) -> Result<Session, Failure> {
    let mock = Mock::new();
    let service = service(profile, mock.settings.clone(), defects, me)?;
    let transport = Transport::InProcess(InProcess::new(service, clock));
    let target = mock.target("http://localhost")?;
    Ok(Session::new(target, Paced::new(transport, None, limit::PATIENCE), Limits::default()))
}

/// The settings of a mock that lives for one run, and the tokens for it by the name of their credential: the second
/// one opens another tenant, the limited one lets read only.
struct Mock {
    settings: Settings,
    tokens: [(&'static str, String); 3],
}

/// userName of the user that the credential `target` stands for.
const ME: &str = "scimspec@example.com";

/// Makes the user behind `/Me`.
fn me(scim: &Scim) -> Result<(), Failure> {
    let user = json!({ "schemas": [urn::USER], "userName": ME, "active": true });
    scim.insert("User", &user, jiff::Timestamp::now()).map_err(Failure::world)?;
    Ok(())
}

impl Mock {
    fn new() -> Self {
        let tokens = ["target", "second", "limited"].map(|name| (name, fresh_token()));
        let known = tokens.iter().map(|(name, token)| match *name {
            "second" => Token::new(token.as_str()).tenant("second"),
            "limited" => Token::new(token.as_str()).read_only(),
            _ => Token::new(token.as_str()).user(ME),
        });
        Self { settings: Settings { tokens: known.collect(), ..Settings::default() }, tokens }
    }

    fn target(&self, origin: &str) -> Result<Target, Failure> {
        let base = format!("{origin}{}", self.settings.base_path);
        let mut target = Target::new(&base).map_err(Failure::world)?;
        for (name, token) in &self.tokens {
            let secret = Secret::new(token.as_str(), "the mock's token").map_err(Failure::world)?;
            target = target.with_credential(name, Auth::Bearer(secret));
        }
        Ok(target.with_fact("writable-me", "true"))
    }
}
