//! What a profile needs lent: credentials beside the target's, hooks, and names of what is there.
//! Knows no secret and no command.

use schemars::JsonSchema;
use serde::Deserialize;

/// A credential that suites use by its name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// What it must be allowed to do, for people.
    pub about: String,
    /// The header field that it is sent in; `Authorization`, as a bearer token, where absent.
    pub field: Option<String>,
}

/// A hook that suites use by its name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hook {
    /// What it does, for people.
    pub about: String,
    /// The hook that undoes it, called with what it answered.
    pub undone_by: Option<String>,
}

/// Something that the user names by a fact. It is looked for before a run, without a credential.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// The fact whose value is its name: `group`.
    pub fact: String,
    /// The credential for it; where that is not given, no case needs it.
    pub credential: String,
    /// Where it is asked for: the name of a base, and a path below it.
    pub base: String,
    pub path: String,
    /// `detail` of the 404 by which the target says that there is none; `{}` is its name.
    pub missing: String,
    /// What the user can do, behind `the target has no group NAME`.
    pub help: String,
}
