//! Requirements that no case verifies, each with the reason, for a reader of the RFC to accept or to refute.
//! Knows no suite.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::RequirementId;

#[allow(clippy::expect_used, reason = "the file is part of the binary, and a test reads it")]
static BUILTIN: LazyLock<BTreeMap<RequirementId, String>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("waivers.json")).expect("the waivers are well-formed")
});

/// Why a requirement is verified by no case, by its id.
pub fn waivers() -> &'static BTreeMap<RequirementId, String> {
    &BUILTIN
}

#[cfg(test)]
mod tests {
    use super::super::Catalogue;
    use super::*;

    #[test]
    fn every_waiver_is_of_a_known_requirement() {
        let catalogue = Catalogue::builtin();
        assert_eq!(waivers().keys().find(|id| catalogue.get(id).is_none()), None);
    }
}
