//! How each provider's client speaks: header fields, encodings, pace and what it does when it is told to wait.
//! Data; must not know what is said.

use std::time::Duration;

use crate::nearest::nearest;

use super::attribute::Attribute;

/// A client of a provider.
#[derive(Debug)]
pub struct Manner {
    /// `okta-wizard`: the name that never changes.
    pub name: &'static str,
    /// The provider: `okta`.
    pub provider: &'static str,
    /// What it is, in one sentence.
    pub about: &'static str,
    pub dialect: Dialect,
    /// Fields of every request. User-Agent is absent where it is not among them.
    pub headers: &'static [(&'static str, &'static str)],
    /// Of requests with a body.
    pub content_type: &'static str,
    pub encoding: Encoding,
    /// Minutes between two rounds of work, in the time of the organisation.
    pub cycle: u32,
    /// How long an answer is waited for.
    pub timeout: Duration,
    pub retry: Retry,
    /// What failed is tried again in each of the next rounds, so often; all else waits for an administrator.
    pub tries: u32,
    pub mapped: &'static [Attribute],
    /// New members of a group that one PATCH of Entra ID names, at least 1; Okta sends the whole difference.
    pub together: usize,
}

/// Which code turns changes into requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Okta, with PUT for everything (a custom app of the wizard).
    OktaPut,
    /// Okta, with PATCH for `active` and for groups (an app of the catalog).
    OktaPatch,
    /// Entra ID without the flag: capitalised operations, texts for booleans, members removed by value.
    EntraLegacy,
    /// Entra ID with `aadOptscim062020`.
    Entra2020,
}

/// How queries are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// `%20` for a space.
    Percent,
    /// `+` for a space, as in forms.
    Form,
}

/// What a client does with answers that ask for patience.
#[derive(Debug)]
pub struct Retry {
    pub statuses: &'static [u16],
    /// The pause where the server names none that the client reads; each further one is twice as long.
    pub unasked: Duration,
    /// Whether Retry-After may be a date.
    pub dates: bool,
    pub attempts: u32,
}

const OKTA_HEADERS: &[(&str, &str)] = &[
    ("User-Agent", "Okta SCIM Client 1.0.0"),
    ("Accept", "application/scim+json"),
    ("Accept-Charset", "utf-8"),
];
const OKTA_RETRY: Retry =
    Retry { statuses: &[429], unasked: Duration::from_secs(300), dates: false, attempts: 10 };
const OKTA_MAPPED: &[Attribute] = &[
    Attribute::UserName,
    Attribute::GivenName,
    Attribute::FamilyName,
    Attribute::DisplayName,
    Attribute::WorkEmail,
    Attribute::ExternalId,
    Attribute::Title,
    Attribute::Department,
    Attribute::EmployeeNumber,
    Attribute::Active,
];
const ENTRA_HEADERS: &[(&str, &str)] = &[("Accept", "application/scim+json"), ("ADSCIMVersion", "6.0")];
const ENTRA_RETRY: Retry =
    Retry { statuses: &[429, 503], unasked: Duration::from_secs(10), dates: true, attempts: 8 };
const SCIM_JSON: &str = "application/scim+json; charset=utf-8";

const OKTA_WIZARD: Manner = Manner {
    name: "okta-wizard",
    provider: "okta",
    about: "Okta, custom app of the App Integration Wizard: reads and replaces whole users and groups with PUT",
    dialect: Dialect::OktaPut,
    headers: OKTA_HEADERS,
    content_type: SCIM_JSON,
    encoding: Encoding::Percent,
    cycle: 60,
    timeout: Duration::from_secs(60),
    retry: OKTA_RETRY,
    tries: 0,
    mapped: OKTA_MAPPED,
    together: usize::MAX,
};

const ENTRA_LEGACY: Manner = Manner {
    name: "entra-legacy",
    provider: "entra",
    about: "Entra ID without a flag: Add, Replace and Remove, texts for booleans, members removed by value",
    dialect: Dialect::EntraLegacy,
    headers: ENTRA_HEADERS,
    content_type: SCIM_JSON,
    encoding: Encoding::Form,
    cycle: 40,
    timeout: Duration::from_secs(60),
    retry: ENTRA_RETRY,
    tries: 4,
    mapped: &Attribute::ALL,
    together: 1,
};

/// Every client.
pub const CLIENTS: &[Manner] = &[
    OKTA_WIZARD,
    Manner {
        name: "okta-catalog",
        about: "Okta, app of the catalog: replaces users with PUT, switches and groups with PATCH",
        dialect: Dialect::OktaPatch,
        ..OKTA_WIZARD
    },
    Manner {
        name: "entra-2020",
        about: "Entra ID with aadOptscim062020: lower-case operations, booleans, replacements without path",
        dialect: Dialect::Entra2020,
        ..ENTRA_LEGACY
    },
    ENTRA_LEGACY,
    Manner {
        name: "entra-gallery",
        about: "Entra ID, app of the gallery: as entra-legacy, with several new members in one request",
        together: usize::MAX,
        ..ENTRA_LEGACY
    },
];

/// scimspec itself, for what no provider would send: reading what is compared, and deleting in the end.
pub(super) const OURSELVES: Manner = Manner {
    name: "scimspec",
    provider: "scimspec",
    about: "compares and cleans up",
    dialect: Dialect::OktaPatch,
    headers: &[
        ("User-Agent", concat!("scimspec/", env!("CARGO_PKG_VERSION"))),
        ("Accept", "application/scim+json"),
    ],
    content_type: "application/scim+json",
    encoding: Encoding::Percent,
    cycle: 60,
    timeout: Duration::from_secs(60),
    retry: Retry { statuses: &[429, 503], unasked: Duration::from_secs(1), dates: true, attempts: 10 },
    tries: 0,
    mapped: &[],
    together: 1,
};

/// Names that stand for a client.
const SHORT: &[(&str, &str)] = &[("okta", "okta-catalog"), ("entra", "entra-legacy")];

/// The client of this name; else one sentence with the nearest name.
pub fn find(name: &str) -> Result<&'static Manner, String> {
    let long = SHORT.iter().find(|(short, _)| *short == name).map_or(name, |(_, long)| long);
    CLIENTS.iter().find(|client| client.name == long).ok_or_else(|| {
        let names = || SHORT.iter().map(|(short, _)| *short).chain(CLIENTS.iter().map(|client| client.name));
        let known = names().collect::<Vec<_>>().join(", ");
        match nearest(name, names()) {
            Some(near) => format!("there is no client `{name}`; did you mean `{near}`? There are {known}"),
            None => format!("there is no client `{name}`; there are {known}"),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_are_found_by_long_and_short_names() {
        assert_eq!(find("okta").map(|client| client.name), Ok("okta-catalog"));
        assert_eq!(find("entra-2020").map(|client| client.dialect), Ok(Dialect::Entra2020));
        assert!(find("okta-wizzard").expect_err("unknown").contains("did you mean `okta-wizard`?"));
    }
}
