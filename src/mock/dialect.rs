//! Dialects of the mock: for each identity provider the leniencies of a server that suits it.
//! Must not know how a service is lenient, nor what a provider sends.

use super::scim::leniency::{Leniencies, Leniency};
use crate::nearest::nearest;

/// Takes nothing that the RFCs do not have.
pub const STRICT: &str = "strict";

/// Every dialect with what it lets pass. A provider with nothing behind its name sends nothing that the RFCs do not have.
pub const ALL: &[(&str, &[Leniency])] = &[
    (STRICT, &[]),
    ("okta", &[Leniency::EmptyTexts, Leniency::RawToken, Leniency::UnknownMembers]),
    (
        "entra",
        &[
            Leniency::TextBooleans,
            Leniency::ReplaceCreates,
            Leniency::SubAttributeFilter,
            Leniency::UnknownSchemas,
            Leniency::TextReferences,
            Leniency::EmptyTexts,
            Leniency::BareExtensionNames,
            Leniency::UnknownPaths,
            Leniency::FormQueries,
        ],
    ),
    (
        "onelogin",
        &[
            Leniency::TextBooleans,
            Leniency::UnknownSchemas,
            Leniency::UndeclaredSchemas,
            Leniency::SingleForMany,
            Leniency::EmptyTexts,
            Leniency::FormQueries,
        ],
    ),
    ("jumpcloud", &[]),
    ("pingone", &[Leniency::EmptyTexts]),
    ("google", &[]),
    ("keycloak", &[Leniency::TextBooleans]),
    ("authentik", &[]),
    ("sailpoint", &[]),
];

/// What these dialects let pass together; else one sentence with the nearest name.
pub fn leniencies<'a>(dialects: impl IntoIterator<Item = &'a str>) -> Result<Leniencies, String> {
    let mut all = Leniencies::default();
    for name in dialects {
        let found = ALL.iter().find(|(known, _)| *known == name);
        let (_, leniencies) = found.ok_or_else(|| unknown(name))?;
        all.extend(leniencies.iter().copied());
    }
    Ok(all)
}

fn unknown(name: &str) -> String {
    let names = || ALL.iter().map(|(known, _)| *known);
    match nearest(name, names()) {
        Some(near) => format!("there is no dialect `{name}`; did you mean `{near}`?"),
        None => format!("there is no dialect `{name}`; there are {}", names().collect::<Vec<_>>().join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dialects_add_up_and_the_strict_one_adds_nothing() {
        let strict = leniencies([STRICT]).expect("a dialect");
        assert_eq!(strict, Leniencies::default());
        let both = leniencies(["keycloak", "okta", STRICT]).expect("dialects");
        assert!(both.has(Leniency::TextBooleans) && both.has(Leniency::RawToken));
        assert_eq!(leniencies(["entar"]).unwrap_err(), "there is no dialect `entar`; did you mean `entra`?");
    }
}
