//! The built-in mock as a target: its services by name, and a session with one that lives for a run.
//! Must not know what a service answers.

use std::sync::Arc;

use serde_json::{Value, json};

use super::hooks::{ByMock, Pairs};
use super::{Failure, gitlab};
use crate::exec::Hooks;
use crate::http::{Clock, InProcess, Limits, NetworkOptions, Paced, Transport, limit};
use crate::mock::defects::{self, Switch};
use crate::mock::shell::Shell;
use crate::mock::{Scim, Service, Settings, Token, definitions, dialect};
use crate::profile::Profile;
use crate::scim::urn;
use crate::target::{Auth, Secret, Session, Target};

/// Names of the mock's services.
const SERVICES: &[&str] = &["scim", gitlab::SERVICE];

/// A session with a mock, and the hooks that the mock does.
pub struct Lent {
    pub session: Session,
    pub hooks: Option<Arc<dyn Hooks>>,
}

/// The SCIM service that stands for the profile's product, with what `fill` puts into it, and with defects.
pub fn service(
    profile: &Profile,
    settings: Settings,
    defects: &[Switch],
    fill: impl FnOnce(&Scim) -> Result<(), Failure>,
) -> Result<Arc<dyn Service>, Failure> {
    scim(profile, settings, defects, fill).map(|(_, service)| service)
}

/// The mock, for hooks, and the service that requests go to, which defects may stand around.
fn scim(
    profile: &Profile,
    mut settings: Settings,
    defects: &[Switch],
    fill: impl FnOnce(&Scim) -> Result<(), Failure>,
) -> Result<(Arc<Scim>, Arc<dyn Service>), Failure> {
    match profile.mock.service.as_str() {
        "scim" => {
            define(profile, &mut settings)?;
            let dialects = profile.mock.dialects.iter().map(String::as_str);
            settings.policy.lenient = dialect::leniencies(dialects).map_err(Failure::Usage)?;
            defects::configure(defects, &mut settings);
            let base_path = settings.base_path.clone();
            let scim = Arc::new(Scim::new(settings));
            let begin = scim.load(Settings::DEFAULT_TENANT, &profile.mock.resources, jiff::Timestamp::now());
            begin.map_err(|reason| {
                Failure::Usage(format!("the mock of the profile {}: {reason}", profile.label()))
            })?;
            fill(&scim)?;
            let service = defects::wrap(defects, scim.clone(), &base_path);
            Ok((scim, service))
        }
        other => Err(unknown_service(profile, other)),
    }
}

fn unknown_service(profile: &Profile, name: &str) -> Failure {
    let known = SERVICES.join(" and ");
    Failure::Usage(format!(
        "the profile {} names the mock service `{name}`; there are {known}",
        profile.label()
    ))
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

/// What is made of the origin of a mock's URLs, once that is known.
type OfOrigin<T> = Box<dyn Fn(&str) -> T>;

/// A mock that lives for one run, before it is known where it will be.
struct Living {
    service: Arc<dyn Service>,
    target: OfOrigin<Result<Target, Failure>>,
    hooks: OfOrigin<Option<Arc<dyn Hooks>>>,
}

fn living(profile: &Profile, defects: &[Switch], clock: Clock) -> Result<Living, Failure> {
    defects::check(defects, &profile.mock.service).map_err(Failure::Usage)?;
    if profile.mock.service != gitlab::SERVICE {
        let mock = Mock::new();
        let (scim, service) = scim(profile, mock.settings.clone(), defects, me)?;
        return Ok(Living {
            service,
            target: Box::new(move |origin| mock.target(origin)),
            hooks: Box::new(move |_| Some(hooks(scim.clone()))),
        });
    }
    let settings = gitlab::settings(profile)?;
    let tokens = settings.tokens.clone();
    let (gitlab, service) = gitlab::service(settings, defects)?;
    let (one, other) = (profile.clone(), profile.clone());
    let target = move |origin: &str| gitlab::mock_target(origin, &one, &tokens);
    let hooks = move |origin: &str| Some(gitlab::hooks(&other, gitlab.clone(), origin, clock.clone()));
    Ok(Living { service, target: Box::new(target), hooks: Box::new(hooks) })
}

/// A session with the profile's mock on a free port of the loopback interface, which serves until the shell is dropped.
pub async fn on_free_port(
    profile: &Profile,
    rate: Option<f64>,
    limits: Limits,
    defects: &[Switch],
) -> Result<(Lent, Shell), Failure> {
    let mock = living(profile, defects, Arc::new(jiff::Timestamp::now))?;
    let shell = Shell::start(mock.service).await.map_err(Failure::world)?;
    let transport = Transport::network(&NetworkOptions::default()).map_err(Failure::world)?;
    let paced = Paced::new(transport, rate, limit::PATIENCE);
    let session = Session::new((mock.target)(shell.base_url())?, paced, limits);
    Ok((Lent { session, hooks: (mock.hooks)(shell.base_url()) }, shell))
}

/// A session with the profile's mock in this process, without a socket.
pub fn in_process(profile: &Profile, defects: &[Switch]) -> Result<Lent, Failure> {
    in_process_by(profile, defects, Arc::new(jiff::Timestamp::now))
}

/// The same with a clock of its own.
pub fn in_process_by(profile: &Profile, defects: &[Switch], clock: Clock) -> Result<Lent, Failure> {
    const ORIGIN: &str = "http://localhost";
    let mock = living(profile, defects, clock.clone())?;
    let transport = Transport::InProcess(InProcess::new(mock.service, clock));
    let paced = Paced::new(transport, None, limit::PATIENCE);
    let session = Session::new((mock.target)(ORIGIN)?, paced, Limits::default());
    Ok(Lent { session, hooks: (mock.hooks)(ORIGIN) })
}

/// Name of the hook that makes the mock busy.
const BE_BUSY: &str = "be-busy";

/// What the mock does beside answering requests: it is busy when it is told to be.
fn hooks(scim: Arc<Scim>) -> Arc<dyn Hooks> {
    let doer = move |name: &str, with: &Value| match (name, with.get("requests").and_then(Value::as_u64)) {
        (BE_BUSY, Some(requests)) => {
            scim.turn_away(u32::try_from(requests).unwrap_or(u32::MAX));
            Ok(json!({}))
        }
        (BE_BUSY, None) => Err("`requests` is expected, a number".to_owned()),
        (other, _) => Err(format!("there is no hook `{other}`; there is {BE_BUSY}")),
    };
    Arc::new(ByMock { pairs: Pairs::default(), names: vec![BE_BUSY.to_owned()], doer: Box::new(doer) })
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
