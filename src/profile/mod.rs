//! Profiles: named selections of suites with options, facts and expected findings, as data.
//! Knows no engine and no command line.

mod builtin;
mod deviations;
mod expected;
mod needed;

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::suite::diagnostic::{Diagnostic, render_all};

pub use builtin::{find, names};
pub use deviations::Deviation;
pub use expected::{Expectations, ExpectedFinding, expected_in};
pub use needed::{Credential, Hook};

/// The profile of a run that names none.
pub const DEFAULT: &str = "rfc";

/// What a profile file says.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name of the file without `.yaml`; of several profiles together, joined by commas.
    #[serde(skip)]
    pub name: String,
    /// The version that was asked for, or else the last of `versions`.
    #[serde(skip)]
    pub version: Option<String>,
    /// Whether the version was asked for.
    #[serde(skip)]
    pub version_given: bool,
    pub title: String,
    /// What it is for, for people.
    pub about: String,
    /// A built-in profile whose versions, options, bases, discovery, facts, credentials, hooks and mock it has too, where it
    /// says nothing else.
    pub like: Option<String>,
    /// Versions of the product that the profile knows, the newest last.
    #[serde(default)]
    pub versions: Vec<String>,
    /// Patterns over the ids of suites: `rfc7644/*`.
    pub suites: Vec<String>,
    /// Patterns over cases, as for `--skip`.
    #[serde(default)]
    pub skip: Vec<String>,
    #[serde(default)]
    pub options: Options,
    /// Bases by name: a URL, or a path on the target's host, in which `{name}` is the fact of that name. Where `scim` is
    /// not among them, it is the target's own URL.
    #[serde(default)]
    pub bases: BTreeMap<String, String>,
    #[serde(default)]
    pub discovery: Discovery,
    /// What `needs: fact …` asks for.
    #[serde(default)]
    pub facts: BTreeMap<String, String>,
    /// Credentials that its suites use, by name.
    #[serde(default)]
    pub credentials: BTreeMap<String, Credential>,
    /// Which of `credentials` the target's own is.
    pub credential: Option<String>,
    /// Hooks that its suites use, by name.
    #[serde(default)]
    pub hooks: BTreeMap<String, Hook>,
    /// Path patterns below a base that cases may change although the run did not make what stands there.
    #[serde(default)]
    pub allow_writes: Vec<String>,
    #[serde(default)]
    pub expected: Vec<ExpectedFinding>,
    /// Whose review the suites are the list of: `Okta's review`. The report then ends with whether the server is ready for it.
    pub ready_for: Option<String>,
    /// Where the product is known to differ from the RFCs, for `--strict-rfc`.
    #[serde(default)]
    pub deviations: Vec<Deviation>,
    /// The mock that answers where no target is given.
    #[serde(default)]
    pub mock: Mock,
}

/// Options that a profile sets where the command line does not.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// How long a write may take to show, in milliseconds.
    pub grace_ms: Option<u64>,
    /// Requests a second.
    pub rate: Option<f64>,
    /// Domain of the mail addresses of new users.
    pub mail_domain: Option<String>,
}

/// What is known of the target without asking it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Discovery {
    /// Features to take as offered, or with `not-` before them as not offered: `filter`, `not-sort`.
    #[serde(default)]
    pub assume: Vec<String>,
    /// Documents for a target that serves none.
    pub service_provider_config: Option<Value>,
    pub resource_types: Option<Value>,
    pub schemas: Option<Value>,
    /// `true`: where the target publishes no schema of User or Group, the attributes that every identity provider maps are
    /// taken as there. Providers send those whether or not there is a schema.
    #[serde(default)]
    pub common_attributes: bool,
}

/// Which of the built-in mock's services stands for the product.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mock {
    pub service: String,
    /// Dialects that it understands, by the names of identity providers: what it is lenient about.
    #[serde(default)]
    pub dialects: Vec<String>,
    /// Schema resources that it serves beside the core ones.
    #[serde(default)]
    pub schemas: Vec<Value>,
    /// ResourceType resources that it serves beside the core ones.
    #[serde(default)]
    pub resource_types: Vec<Value>,
    /// Resources that it holds to begin with, each with its `schemas`.
    #[serde(default)]
    pub resources: Vec<Value>,
}

impl Default for Mock {
    /// The SCIM server by the letter of the RFCs.
    fn default() -> Self {
        Self {
            service: "scim".to_owned(),
            dialects: Vec::new(),
            schemas: Vec::new(),
            resource_types: Vec::new(),
            resources: Vec::new(),
        }
    }
}

/// A profile that cannot be used: the user's mistake.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    #[error("there is no profile `{name}`; {}{}", did_you_mean(near), listed(known))]
    Unknown { name: String, near: Option<String>, known: Vec<String> },
    #[error("profile {name} knows no version `{version}`; it {}", has_versions(known))]
    UnknownVersion { name: String, version: String, known: Vec<String> },
    #[error("profiles {one} and {other} contradict each other in {what}; run them one at a time")]
    Contradiction { one: String, other: String, what: &'static str },
    #[error("cannot read {file}: {message}")]
    Unreadable { file: String, message: String },
    #[error("{}", render_all(.0, false))]
    Malformed(Vec<Diagnostic>),
}

fn did_you_mean(near: &Option<String>) -> String {
    near.as_ref().map_or("there ".to_owned(), |word| format!("did you mean `{word}`? There "))
}

fn listed(known: &[String]) -> String {
    match known {
        [one] => format!("is {one}"),
        many => format!("are {}", many.join(", ")),
    }
}

fn has_versions(known: &[String]) -> String {
    if known.is_empty() { "has none".to_owned() } else { format!("knows {}", known.join(", ")) }
}

/// The profile of these names, each `NAME` or `NAME@VERSION`: several are run as one.
pub fn select<'a>(wanted: impl IntoIterator<Item = &'a str>) -> Result<Profile, ProfileError> {
    let mut whole: Option<Profile> = None;
    for name in wanted {
        let next = find(name)?;
        whole = Some(match whole {
            Some(first) => first.and(next)?,
            None => next,
        });
    }
    whole.map_or_else(|| find(DEFAULT), Ok)
}

impl Profile {
    /// Name and version, as it is told.
    pub fn label(&self) -> String {
        match &self.version {
            Some(version) => format!("{}@{version}", self.name),
            None => self.name.clone(),
        }
    }

    /// The same for this version of the product, which was asked for.
    pub fn at(mut self, version: &str) -> Result<Self, ProfileError> {
        if !self.versions.iter().any(|known| known == version) {
            return Err(ProfileError::UnknownVersion {
                name: self.name,
                version: version.to_owned(),
                known: self.versions,
            });
        }
        self.version = Some(version.to_owned());
        self.version_given = true;
        self.facts.insert("version".to_owned(), version.to_owned());
        Ok(self)
    }

    /// The same with a mock that understands these dialects and no others; unchanged where there is none.
    pub fn in_dialects(mut self, dialects: &[String]) -> Self {
        if !dialects.is_empty() {
            self.mock.dialects = dialects.to_vec();
        }
        self
    }

    /// What another profile says, where this one says nothing.
    fn after(mut self, other: Self) -> Self {
        if self.versions.is_empty() {
            self.versions = other.versions;
        }
        self.options = self.options.or(other.options);
        self.bases = joined(other.bases, self.bases);
        self.discovery = self.discovery.or(other.discovery);
        self.facts = joined(other.facts, self.facts);
        self.credentials = joined(other.credentials, self.credentials);
        self.credential = self.credential.or(other.credential);
        self.hooks = joined(other.hooks, self.hooks);
        if self.allow_writes.is_empty() {
            self.allow_writes = other.allow_writes;
        }
        if self.deviations.is_empty() {
            self.deviations = other.deviations;
        }
        if self.mock == Mock::default() {
            self.mock = other.mock;
        }
        self
    }

    /// Both profiles as one: everything that either selects, expects or sets.
    fn and(mut self, other: Self) -> Result<Self, ProfileError> {
        let contradiction =
            |what| ProfileError::Contradiction { one: self.label(), other: other.label(), what };
        if self.mock.service != other.mock.service {
            return Err(contradiction("the mock"));
        }
        let bases =
            other.bases.iter().any(|(name, url)| self.bases.get(name).is_some_and(|mine| mine != url));
        if bases {
            return Err(contradiction("the bases"));
        }
        let facts =
            other.facts.iter().any(|(name, fact)| self.facts.get(name).is_some_and(|mine| mine != fact));
        if facts {
            return Err(contradiction("the facts"));
        }
        if self.credential != other.credential {
            return Err(contradiction("whose credential the target's is"));
        }
        self.name = format!("{},{}", self.label(), other.label());
        self.version = None;
        self.version_given |= other.version_given;
        self.suites.extend(other.suites);
        self.skip.extend(other.skip);
        self.options = self.options.or(other.options);
        self.bases.extend(other.bases);
        self.discovery = self.discovery.or(other.discovery);
        self.facts.extend(other.facts);
        self.credentials.extend(other.credentials);
        self.hooks.extend(other.hooks);
        self.allow_writes.extend(other.allow_writes);
        self.expected.extend(other.expected);
        self.mock = self.mock.or(other.mock);
        self.ready_for = self.ready_for.filter(|of| other.ready_for.as_ref() == Some(of));
        self.deviations.extend(other.deviations);
        Ok(self)
    }
}

impl Mock {
    /// What either serves, and lets pass.
    fn or(mut self, other: Self) -> Self {
        for (mine, others) in [
            (&mut self.schemas, other.schemas),
            (&mut self.resource_types, other.resource_types),
            (&mut self.resources, other.resources),
        ] {
            let new: Vec<Value> = others.into_iter().filter(|one| !mine.contains(one)).collect();
            mine.extend(new);
        }
        self.dialects.extend(other.dialects);
        self
    }
}

/// The entries of both, those of the second in the place of those of the first.
fn joined<T>(mut first: BTreeMap<String, T>, second: BTreeMap<String, T>) -> BTreeMap<String, T> {
    first.extend(second);
    first
}

impl Options {
    /// How long a write may take to show; zero where nothing is said.
    pub fn grace(&self) -> Duration {
        self.grace_ms.map(Duration::from_millis).unwrap_or_default()
    }

    fn or(self, other: Self) -> Self {
        Self {
            grace_ms: self.grace_ms.max(other.grace_ms),
            rate: self.rate.or(other.rate),
            mail_domain: self.mail_domain.or(other.mail_domain),
        }
    }
}

impl Discovery {
    fn or(mut self, other: Self) -> Self {
        self.assume.extend(other.assume);
        Self {
            assume: self.assume,
            service_provider_config: self.service_provider_config.or(other.service_provider_config),
            resource_types: self.resource_types.or(other.resource_types),
            schemas: self.schemas.or(other.schemas),
            common_attributes: self.common_attributes || other.common_attributes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_profile_is_there() {
        let profile = select([]).expect("the default profile");
        assert_eq!(profile.name, DEFAULT);
        assert_eq!(profile.mock.service, "scim");
        assert!(profile.suites.iter().any(|pattern| pattern.starts_with("rfc7644")));
    }

    #[test]
    fn a_wrong_name_is_answered_with_the_nearest_and_with_what_there_is() {
        let text = select(["rcf"]).expect_err("no such profile").to_string();
        assert!(text.starts_with("there is no profile `rcf`; did you mean `rfc`?"), "{text}");
        assert!(text.contains("there is rfc") || text.contains("rfc,") || text.contains("are "), "{text}");
        let text = select(["rfc@1"]).expect_err("no such version").to_string();
        assert_eq!(text, "profile rfc knows no version `1`; it has none");
    }

    #[test]
    fn two_profiles_are_run_as_one_unless_they_contradict_each_other() {
        let one = Profile { name: "a".into(), suites: vec!["a/*".into()], ..Profile::default() };
        let mut other = Profile { name: "b".into(), suites: vec!["b/*".into()], ..Profile::default() };
        other.version = Some("2".into());
        let both = one.clone().and(other.clone()).expect("they agree");
        assert_eq!(both.label(), "a,b@2");
        assert_eq!(both.suites, ["a/*", "b/*"]);
        other.mock.service = "gitlab".into();
        let error = one.and(other).expect_err("two mocks").to_string();
        assert_eq!(error, "profiles a and b@2 contradict each other in the mock; run them one at a time");
    }
}
