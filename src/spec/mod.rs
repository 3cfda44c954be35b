//! The catalogue of requirements: what each says, where it stands, and how much a breach weighs.
//! Knows no suite.

mod catalogue;
mod waivers;

use serde::{Deserialize, Serialize};

pub use catalogue::Catalogue;
pub use waivers::waivers;

/// Names one requirement, e.g. `7644-3.4.2.2-36`.
#[derive(
    Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(transparent)]
pub struct RequirementId(pub String);

impl std::fmt::Display for RequirementId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The RFC 2119 level of a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Level {
    #[serde(rename = "MUST")]
    Must,
    #[serde(rename = "MUST NOT")]
    MustNot,
    #[serde(rename = "SHOULD")]
    Should,
    #[serde(rename = "SHOULD NOT")]
    ShouldNot,
    #[serde(rename = "MAY")]
    May,
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Must => "MUST",
            Self::MustNot => "MUST NOT",
            Self::Should => "SHOULD",
            Self::ShouldNot => "SHOULD NOT",
            Self::May => "MAY",
        })
    }
}

/// Whose duty a requirement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    Server,
    Client,
}

/// How far the requirement can be seen from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Observable {
    Yes,
    Partly,
    No,
}

/// On what words a requirement rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// A sentence with an RFC 2119 keyword.
    Keyword,
    /// A sentence that uses the keyword in lower case.
    LowerCase,
    /// A sentence that states the behaviour as fact.
    Descriptive,
    /// scimspec's own rule, or a vendor's; `Requirement::origin` says whose.
    Own,
}

impl std::fmt::Display for Basis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Keyword => "a sentence with a keyword of RFC 2119",
            Self::LowerCase => "a sentence that has the keyword in lower case",
            Self::Descriptive => "a sentence that describes the behaviour, without a keyword of RFC 2119",
            Self::Own => "a rule of its own, not of an RFC",
        })
    }
}

/// How a rule of a vendor's is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// The vendor's documentation or release note says so.
    Documented,
    /// A test of the vendor's asserts it.
    VendorTest,
    /// The source code of the client does so.
    ClientSource,
    /// The source code of the product does so.
    ProductSource,
    /// It was observed on the product's framework with the product's settings.
    Emulated,
    /// Traffic that somebody captured and showed.
    Captured,
    /// Somebody says so, and shows nothing.
    ThirdParty,
    /// Concluded from the product's source code; nothing says so, and nobody has seen it.
    Concluded,
    /// Remembered, and not looked up.
    Memory,
}

impl Evidence {
    /// Whether a claim may rest on this alone.
    pub fn bears_a_claim(self) -> bool {
        !matches!(self, Self::ThirdParty | Self::Concluded | Self::Memory)
    }
}

impl std::fmt::Display for Evidence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Documented => "the vendor's documentation",
            Self::VendorTest => "a test of the vendor",
            Self::ClientSource => "the source code of the client",
            Self::ProductSource => "the source code of the product",
            Self::Emulated => "what was observed on the product's framework",
            Self::Captured => "captured traffic",
            Self::ThirdParty => "what others say",
            Self::Concluded => "a conclusion from the source code of the product",
            Self::Memory => "memory",
        })
    }
}

/// The most that a breach of a requirement can do to a case.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// Told, never counted.
    Info,
    /// The case is Warned.
    Warn,
    /// The case is Failed.
    Fail,
}

/// One row of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    pub id: RequirementId,
    /// Whose words: `RFC 7644`, `Okta`, `GitLab`, `scimspec`.
    pub origin: String,
    /// Section number in the origin, without a sign; of a vendor's rule or a product's behaviour, the matter that it is about.
    pub section: String,
    pub level: Level,
    pub role: Role,
    pub observable: Observable,
    pub basis: Basis,
    pub weight: Weight,
    /// The area that it belongs to: `filter`, `patch`, `discovery` ….
    pub feature: String,
    /// How it is known, where it is a vendor's rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// Where its evidence can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What it asks, in one sentence.
    pub asks: String,
    /// What the standard leaves open or contradicts; outranks `level`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Why a client suffers from a breach, and how servers are usually mended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
}

impl Requirement {
    /// Where it stands: `RFC 7644 §3.3`, `Okta, queries`.
    pub fn stands(&self) -> String {
        let is_number = self.section.starts_with(|first: char| first.is_ascii_digit());
        format!("{}{}{}", self.origin, if is_number { " §" } else { ", " }, self.section)
    }

    /// On what it rests, as it is told.
    pub fn rests_on(&self) -> String {
        let evidence: Vec<String> = self.evidence.iter().map(Evidence::to_string).collect();
        match (&self.source, evidence.is_empty()) {
            (_, true) => self.basis.to_string(),
            (None, false) => evidence.join(" and "),
            (Some(source), false) => format!("{}: {source}", evidence.join(" and ")),
        }
    }
}
