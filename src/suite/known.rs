//! What the words in a suite may refer to beyond the suite itself.
//! Must not know how suites are written.

use crate::spec::Catalogue;

/// What ServiceProviderConfig declares, or what is probed (see `needs` in docs/suite-language.md).
pub const FEATURES: [&str; 9] =
    ["patch", "bulk", "filter", "sort", "etag", "changePassword", "cursor", "index", "auth"];

/// The right words. Lists that are empty are not checked against, but for requirements and features.
#[derive(Debug, Clone)]
pub struct Known<'a> {
    pub requirements: &'a Catalogue,
    /// Names of the JSON Schemas that `schema` can name; those of the target (`target:…`) are always allowed.
    pub schemas: Vec<String>,
    /// Names of the checks in Rust.
    pub checks: Vec<String>,
    /// Names of those over a whole run.
    pub across: Vec<String>,
    /// Features that `needs` can name.
    pub features: Vec<String>,
}

impl<'a> Known<'a> {
    /// Knows these requirements and the features of the standard; schemas and checks are not checked.
    pub fn new(requirements: &'a Catalogue) -> Self {
        let features = FEATURES.iter().map(|&feature| feature.to_owned()).collect();
        Self { requirements, schemas: Vec::new(), checks: Vec::new(), across: Vec::new(), features }
    }
}
