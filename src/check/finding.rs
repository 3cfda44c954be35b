//! A finding: the server's mistake, as data.
//! Knows no output format.

use serde::{Deserialize, Serialize};

use crate::spec::{RequirementId, Weight};

/// Where in the answer a finding lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "in", rename_all = "lowercase")]
pub enum Spot {
    Status,
    Header {
        name: String,
    },
    /// A JSON Pointer into the body; empty for the body as a whole.
    Body {
        pointer: String,
    },
    /// There was no answer to look into.
    Transport,
    Snapshot {
        file: String,
    },
}

/// A requirement that an answer visibly breaks, beside the claim that it does not meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspect {
    pub requirement: RequirementId,
    /// The attribute that is wrong, where the requirement is about many.
    pub member: Option<String>,
    /// Where that is told of this very attribute, the claim cannot hold, however little the other one weighs.
    #[serde(default)]
    pub is_certain: bool,
}

/// One thing that the server did and should not have done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub requirement: RequirementId,
    /// How much it weighs, after the catalogue, the case and the profile were heard.
    pub weight: Weight,
    /// One sentence, lower case, present tense: what the server did.
    pub message: String,
    /// What was expected, as it is shown; several lines allowed.
    pub expected: String,
    /// What came instead, redacted.
    pub actual: String,
    pub spot: Spot,
    /// Place in the suite: `suites/rfc7644/filter.yaml:23`.
    pub place: String,
    /// Index into the case's exchanges.
    pub exchange: Option<usize>,
    /// What the answer shows to be wrong besides: where that is told by another case, it is the same mistake.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspects: Vec<Suspect>,
    /// Why the profile expects it, where it does: then it does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_because: Option<String>,
}

/// What is wrong with an answer, before anybody has said whose requirement it breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub spot: Spot,
    pub message: String,
    pub expected: String,
    pub actual: String,
}

impl Problem {
    /// At a JSON Pointer into the body; empty for the body as a whole.
    pub(super) fn in_body(
        pointer: impl Into<String>,
        message: String,
        expected: impl Into<String>,
        actual: impl Into<String>,
    ) -> Self {
        let spot = Spot::Body { pointer: pointer.into() };
        Self { spot, message, expected: expected.into(), actual: actual.into() }
    }
}
