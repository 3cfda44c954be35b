//! What a run is to do: the options with their files read and everything that contradicts itself refused.
//! Sends nothing.

use std::path::{Path, PathBuf};
use std::time::Duration;

use url::Url;

use super::args::value::{HeaderField, NamedSecret, SecretSource};
use super::args::{
    DiscoveryArgs, Format, LevelArg, ReportFile, RunArgs, SelectionArgs, SnapshotModeArg, TargetArgs,
};
use crate::harness::{Failure, SnapshotSettings, gitlab};
use crate::http::{Limits, NetworkOptions, TlsOptions};
use crate::mock::defects::Switch;
use crate::nearest::nearest;
use crate::plan::Selection;
use crate::profile::{self, ExpectedFinding, Profile};
use crate::snapshot::Mode;
use crate::target::{Auth, Capabilities, Documents, OAuth, ResourceTemplate, Secret};

/// The environment variable that holds the token where no option gives a credential.
const TOKEN_VARIABLE: &str = "SCIMSPEC_TOKEN";
/// The environment variable that holds the OAuth 2.0 client's secret where no option gives it.
const CLIENT_SECRET_VARIABLE: &str = "SCIMSPEC_CLIENT_SECRET";
/// Targets with a name instead of a URL.
const NAMED_TARGETS: &[&str] = &["mock"];

/// Where a run goes.
#[derive(Debug, Clone)]
pub enum Place {
    /// The profile's mock, in this process, with these defects.
    Mock(Vec<Switch>),
    Url(String),
}

/// Who asks, and how the target is reached.
#[derive(Clone)]
pub struct Access {
    pub auth: Option<Auth>,
    pub credentials: Vec<(String, Auth)>,
    pub headers: Vec<(String, Secret)>,
    pub facts: Vec<(String, String)>,
    /// Commands by name of the hook.
    pub hooks: Vec<(String, String)>,
    pub network: NetworkOptions,
    pub limits: Limits,
    /// Requests a second.
    pub rate: Option<f64>,
}

/// What is known of the target beside what it tells.
#[derive(Debug, Default)]
pub struct Known {
    pub documents: Documents,
    pub assume: Vec<String>,
    pub template: ResourceTemplate,
}

/// Cases side by side where nothing else is said.
const JOBS: usize = 8;

/// Everything about one run.
pub struct RunSettings {
    pub place: Place,
    pub access: Access,
    pub known: Known,
    pub profile: Profile,
    pub selection: Selection,
    pub suites: Vec<PathBuf>,
    pub jobs: usize,
    pub grace: Duration,
    pub strict: bool,
    pub expected: Vec<ExpectedFinding>,
    pub snapshots: Option<SnapshotSettings>,
    pub journal: Option<PathBuf>,
    pub format: Format,
    pub reports: Vec<ReportFile>,
    pub verbose: bool,
    pub progress: bool,
}

impl RunSettings {
    pub fn new(args: RunArgs) -> Result<Self, Failure> {
        let place = with_defects(place(args.url.as_deref())?, args.defect)?;
        if matches!(place, Place::Url(_)) && !args.dialect.is_empty() {
            return Err(Failure::usage("--dialect is for the built-in mock; leave out the URL"));
        }
        let profile = profile::select(args.selection.profile.iter().map(String::as_str))?;
        let profile = profile.in_dialects(&args.dialect);
        let profile = if args.selection.strict_rfc { profile.strict_rfc()? } else { profile };
        let mut expected = profile.expected.clone();
        for file in &args.course.expect {
            expected.extend(profile::expected_in(file)?);
        }
        let mut access = access(&args.target)?;
        check_hooks(&access, &profile, &place, &args.selection)?;
        if matches!(place, Place::Mock(_)) {
            check_group(&access, &profile)?;
        }
        access.rate = access.rate.or(profile.options.rate);
        let grace = args.course.grace.unwrap_or(profile.options.grace());
        Ok(Self {
            place,
            access,
            known: known(&args.discovery, &profile)?,
            selection: selection(&args.selection),
            profile,
            suites: args.selection.suites,
            jobs: args.course.jobs.unwrap_or(if args.course.snapshots.is_some() { 1 } else { JOBS }),
            grace,
            strict: args.course.strict,
            expected,
            snapshots: args
                .course
                .snapshots
                .map(|folder| SnapshotSettings { folder, mode: mode(args.course.snapshot_mode) }),
            journal: args.course.journal,
            format: args.output.format,
            reports: args.output.report,
            verbose: args.output.verbose,
            progress: !args.output.no_progress,
        })
    }
}

/// Refuses commands for hooks that nothing calls, and for the mock, which does its own.
fn check_hooks(
    access: &Access,
    profile: &Profile,
    place: &Place,
    selection: &SelectionArgs,
) -> Result<(), Failure> {
    if !access.hooks.is_empty() && matches!(place, Place::Mock(_)) {
        return Err(Failure::usage("--hook is for other targets: the mock does its hooks itself"));
    }
    let known: Vec<&str> = profile.hooks.keys().map(String::as_str).collect();
    // Suites of the user's own may call any hook.
    let strange = access.hooks.iter().find(|(name, _)| !known.contains(&name.as_str()));
    let Some((name, _)) = strange.filter(|_| selection.suites.is_empty()) else { return Ok(()) };
    let near = nearest(name, known.iter().copied()).map(|near| format!(", did you mean `{near}`?"));
    let there = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    let label = profile.label();
    Err(Failure::Usage(format!(
        "profile {label} calls no hook `{name}`{}; it calls {there}",
        near.unwrap_or_default()
    )))
}

/// The mock has one group that a run can be about.
fn check_group(access: &Access, profile: &Profile) -> Result<(), Failure> {
    let named = access.facts.iter().find(|(name, _)| name == "group");
    match (named, profile.facts.get("group")) {
        (Some((_, name)), Some(there)) if name != there => Err(gitlab::unknown_group(name)),
        (Some(_), None) => Err(Failure::Usage(format!("profile {} is about no group", profile.label()))),
        _ => Ok(()),
    }
}

fn mode(mode: SnapshotModeArg) -> Mode {
    match mode {
        SnapshotModeArg::Check => Mode::Check,
        SnapshotModeArg::New => Mode::New,
        SnapshotModeArg::Update => Mode::Update,
    }
}

/// A target as it was typed: nothing, a known name, or a URL.
pub fn place(typed: Option<&str>) -> Result<Place, Failure> {
    let Some(typed) = typed else { return Ok(Place::Mock(Vec::new())) };
    if typed == "mock" {
        return Ok(Place::Mock(Vec::new()));
    }
    if typed.starts_with("http://") || typed.starts_with("https://") {
        return Ok(Place::Url(typed.to_owned()));
    }
    let near = nearest(typed, NAMED_TARGETS.iter().copied());
    let hint = match near {
        Some(name) => format!("; did you mean `{name}`?"),
        None if typed.contains("://") => "; expected http:// or https://".to_owned(),
        None if typed.contains(['.', ':', '/']) => format!("; did you mean `https://{typed}`?"),
        None => String::new(),
    };
    let known = NAMED_TARGETS.join(", ");
    Err(Failure::Usage(format!("`{typed}` is neither a URL nor a known target ({known}){hint}")))
}

pub fn with_defects(place: Place, defects: Vec<Switch>) -> Result<Place, Failure> {
    match place {
        Place::Mock(_) => Ok(Place::Mock(defects)),
        Place::Url(_) if !defects.is_empty() => {
            Err(Failure::usage("--defect is for the built-in mock; leave out the URL"))
        }
        place => Ok(place),
    }
}

/// The cases that the options select.
pub fn selection(args: &SelectionArgs) -> Selection {
    let level = |level: &LevelArg| match level {
        LevelArg::Must => "MUST".to_owned(),
        LevelArg::Should => "SHOULD".to_owned(),
        LevelArg::May => "MAY".to_owned(),
    };
    Selection {
        only: args.only.clone(),
        skip: args.skip.clone(),
        tags: args.tag.clone(),
        levels: args.level.iter().map(level).collect(),
        read_only: args.read_only,
    }
}

/// Who asks and how, with files and variables read.
pub fn access(args: &TargetArgs) -> Result<Access, Failure> {
    let mut credentials = Vec::new();
    for typed in &args.credential {
        let named: NamedSecret =
            typed.parse().map_err(|wrong| Failure::Usage(format!("--credential: {wrong}")))?;
        let secret = secret(&named.secret, &format!("--credential {}", named.name))?;
        credentials.push((named.name, Auth::Bearer(secret)));
    }
    let mut headers = Vec::new();
    for typed in &args.header {
        let HeaderField { name, value } =
            typed.parse().map_err(|wrong| Failure::Usage(format!("--header: {wrong}")))?;
        let value = secret(&value, &format!("--header {name}"))?;
        headers.push((name, value));
    }
    let tls = TlsOptions {
        ca: args.cacert.as_deref().map(read).transpose()?,
        ca_only: false,
        client_certificate: args.cert.as_deref().map(read).transpose()?,
        client_key: args.key.as_deref().map(read).transpose()?,
        insecure: args.insecure,
    };
    Ok(Access {
        auth: auth(args)?,
        credentials,
        headers,
        facts: facts(args),
        hooks: args.hook.iter().map(|typed| hook(typed)).collect::<Result<_, _>>()?,
        network: NetworkOptions {
            tls,
            proxy: args.proxy.clone(),
            http2: args.http2,
            connect: args.connect_timeout,
        },
        limits: limits(args.timeout),
        rate: args.rate,
    })
}

fn limits(timeout: Option<Duration>) -> Limits {
    let default = Limits::default();
    Limits { total: timeout.unwrap_or(default.total), ..default }
}

/// The credential that the options name, or else that of the environment.
fn auth(args: &TargetArgs) -> Result<Option<Auth>, Failure> {
    if args.anonymous {
        return Ok(None);
    }
    if let Some(token) = &args.token {
        return Ok(Some(Auth::Bearer(secret(token, "--token")?)));
    }
    if let Some(file) = &args.token_file {
        return Ok(Some(Auth::Bearer(Secret::from_file(file).map_err(Failure::usage)?)));
    }
    if let Some(value) = &args.authorization {
        return Ok(Some(Auth::Raw(secret(value, "--authorization")?)));
    }
    if let Some(pair) = &args.basic {
        return basic(pair).map(Some);
    }
    if let (Some(url), Some(id)) = (&args.oauth_token_url, &args.oauth_client_id) {
        let url =
            Url::parse(url).map_err(|error| Failure::Usage(format!("--oauth-token-url `{url}`: {error}")))?;
        let secret = match &args.oauth_client_secret {
            Some(source) => secret(source, "--oauth-client-secret")?,
            None => Secret::from_env(CLIENT_SECRET_VARIABLE).map_err(Failure::usage)?,
        };
        return Ok(Some(Auth::ClientCredentials(OAuth::new(url, id, secret, args.oauth_scope.clone()))));
    }
    match std::env::var_os(TOKEN_VARIABLE) {
        Some(value) if !value.is_empty() => {
            Ok(Some(Auth::Bearer(Secret::from_env(TOKEN_VARIABLE).map_err(Failure::usage)?)))
        }
        _ => Ok(None),
    }
}

fn basic(pair: &SecretSource) -> Result<Auth, Failure> {
    let pair = secret(pair, "--basic")?;
    let wrong = || Failure::usage("--basic: expected USER:PASSWORD");
    let (user, password) = pair.expose().split_once(':').ok_or_else(wrong)?;
    let password = Secret::new(password, "the password of --basic").map_err(Failure::usage)?;
    Ok(Auth::Basic { user: user.to_owned(), password })
}

pub fn secret(source: &SecretSource, option: &str) -> Result<Secret, Failure> {
    let secret = match source {
        SecretSource::Typed(text) => Secret::new(text.clone(), option),
        SecretSource::File(path) => Secret::from_file(path),
        SecretSource::Environment(name) => Secret::from_env(name),
    };
    secret.map_err(Failure::usage)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::Usage(format!("cannot read {}: {error}", path.display())))
}

/// What the options state of the target; `--group` is the fact of that name.
fn facts(args: &TargetArgs) -> Vec<(String, String)> {
    let group = args.group.iter().map(|group| ("group".to_owned(), group.clone()));
    args.fact.iter().map(|fact| named(fact)).chain(group).collect()
}

/// `NAME=COMMAND`.
fn hook(typed: &str) -> Result<(String, String), Failure> {
    match typed.split_once('=') {
        Some((name, command)) if !name.trim().is_empty() && !command.trim().is_empty() => {
            Ok((name.trim().to_owned(), command.to_owned()))
        }
        _ => Err(Failure::Usage(format!("--hook `{typed}`: expected NAME=COMMAND"))),
    }
}

/// `NAME=VALUE`; a name alone is true.
fn named(fact: &str) -> (String, String) {
    let (name, value) = fact.split_once('=').unwrap_or((fact, "true"));
    (name.to_owned(), value.to_owned())
}

/// What options and profile know of the target; the options first.
pub fn known(args: &DiscoveryArgs, profile: &Profile) -> Result<Known, Failure> {
    let documents = Documents::read(
        args.service_provider_config.as_deref(),
        args.resource_types.as_deref(),
        args.schemas.as_deref(),
    )
    .map_err(Failure::usage)?;
    for word in &args.assume {
        Capabilities::default().assume(word).map_err(Failure::Usage)?;
    }
    Ok(Known { documents, assume: args.assume.clone(), template: template(args, profile)? })
}

/// What every new resource must have, by the user's file, the options and the profile.
fn template(args: &DiscoveryArgs, profile: &Profile) -> Result<ResourceTemplate, Failure> {
    let template = match &args.user_template {
        Some(path) => ResourceTemplate::read(path).map_err(Failure::usage)?,
        None => ResourceTemplate::default(),
    };
    match args.mail_domain.as_ref().or(profile.options.mail_domain.as_ref()) {
        None => Ok(template),
        Some(domain) => template
            .with_mail_domain(domain)
            .ok_or_else(|| Failure::Usage(format!("--mail-domain `{domain}` is no domain name"))),
    }
}
