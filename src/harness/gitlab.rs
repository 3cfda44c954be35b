//! The built-in mock of GitLab as a target: its service by the profile, its credentials, and the hooks that it does.
//! Must not know what the service answers.

use std::sync::Arc;

use super::Failure;
use super::hooks::{ByMock, Pairs};
use super::target::{Lent, target};
use crate::exec::Hooks;
use crate::http::Clock;
use crate::mock::Service;
use crate::mock::defects::{self, Switch};
use crate::mock::gitlab::{GROUP, Gitlab, HOOKS, Settings, Tokens, Version};
use crate::profile::Profile;
use crate::target::{Auth, Secret, Target};

/// Name of the service in profiles.
pub const SERVICE: &str = "gitlab";

/// The settings of the version that the profile is about, with tokens that nobody can guess.
pub fn settings(profile: &Profile) -> Result<Settings, Failure> {
    let version = match profile.facts.get("version") {
        Some(version) => version.parse().map_err(Failure::Usage)?,
        None => Version::default(),
    };
    Ok(Settings { version, tokens: Tokens::fresh(version), ..Settings::default() })
}

/// The mock, for hooks, and the service that requests go to, which defects may stand around.
pub fn service(
    mut settings: Settings,
    switches: &[Switch],
) -> Result<(Arc<Gitlab>, Arc<dyn Service>), Failure> {
    defects::configure_gitlab(switches, &mut settings);
    let gitlab = Arc::new(Gitlab::new(settings));
    // Aims of general defects are below the host: the mock has several base paths.
    let service = defects::wrap(switches, gitlab.clone(), "");
    Ok((gitlab, service))
}

/// The mock at an origin, with all of its credentials.
pub fn mock_target(origin: &str, profile: &Profile, tokens: &Tokens) -> Result<Target, Failure> {
    let group = profile.facts.get("group").map(String::as_str).unwrap_or(GROUP);
    if group != GROUP {
        return Err(unknown_group(group));
    }
    target_at(origin, profile, tokens)
}

/// The same for any group that the profile's facts name.
pub fn target_at(origin: &str, profile: &Profile, tokens: &Tokens) -> Result<Target, Failure> {
    let mut lent = Lent::default();
    for (name, token) in tokens.named() {
        let secret = Secret::new(token, "the mock's token").map_err(Failure::world)?;
        lent.credentials.push((name.to_owned(), Auth::Bearer(secret)));
    }
    target(origin, profile, lent)
}

/// The mistake of naming a group that the mock does not have.
pub fn unknown_group(name: &str) -> Failure {
    Failure::Usage(format!("the mock has no group `{name}`; there is {GROUP}"))
}

/// The hooks of a mock, in a run against it.
pub fn hooks(profile: &Profile, gitlab: Arc<Gitlab>, origin: &str, clock: Clock) -> Arc<dyn Hooks> {
    let origin = origin.to_owned();
    Arc::new(ByMock {
        pairs: Pairs::of(profile),
        names: HOOKS.iter().map(|name| (*name).to_owned()).collect(),
        doer: Box::new(move |name, with| gitlab.hook(name, with, &origin, clock())),
    })
}
