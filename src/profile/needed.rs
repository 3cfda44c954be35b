//! What a profile needs lent: credentials beside the target's, and hooks.
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
