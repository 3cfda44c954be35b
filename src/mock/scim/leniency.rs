//! What a lenient service lets pass that one by the letter of the RFCs refuses, because clients send it.
//! Decides nothing itself: the function that would refuse asks here.

use std::collections::BTreeSet;

/// One thing that clients send and that the RFCs do not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Leniency {
    /// A boolean as text.
    TextBooleans,
    /// PATCH replace at a path whose filter selects nothing makes the value.
    ReplaceCreates,
    /// A comparison of a sub-attribute behind the brackets of a filter.
    SubAttributeFilter,
    /// URIs in `schemas` that the type does not have.
    UnknownSchemas,
    /// `schemas` that is absent, or lacks the base schema.
    UndeclaredSchemas,
    /// A reference as a text, or as a list of one.
    TextReferences,
    /// A text that is empty, for no value.
    EmptyTexts,
    /// One value where a list belongs.
    SingleForMany,
    /// An attribute of an extension in a path without the extension's URI.
    BareExtensionNames,
    /// Members of groups whom the service does not know.
    UnknownMembers,
    /// An operation on an attribute that no schema has.
    UnknownPaths,
    /// A plus sign in a query for a space, wherever it stands.
    FormQueries,
    /// An Authorization field that is the token alone.
    RawToken,
}

impl Leniency {
    /// Every leniency with its name and what it lets pass.
    pub const ALL: &[(&str, Leniency, &str)] = &[
        (
            "text-booleans",
            Self::TextBooleans,
            "\"True\" and \"false\" are booleans, in bodies, PATCH and filters",
        ),
        (
            "replace-creates",
            Self::ReplaceCreates,
            "replace at a path whose filter selects nothing makes the value that the filter describes",
        ),
        (
            "sub-attribute-filter",
            Self::SubAttributeFilter,
            "emails[type eq \"work\"].value eq \"x\" is a filter",
        ),
        ("unknown-schemas", Self::UnknownSchemas, "URIs in schemas that the type does not have are ignored"),
        ("undeclared-schemas", Self::UndeclaredSchemas, "schemas may be absent, or lack the base schema"),
        ("text-references", Self::TextReferences, "a reference may be a text, or a list of one"),
        ("empty-texts", Self::EmptyTexts, "an empty text unassigns an attribute, whatever its type"),
        ("single-for-many", Self::SingleForMany, "one value stands for a list of one, in bodies too"),
        (
            "bare-extension-names",
            Self::BareExtensionNames,
            "a path may name an attribute of an extension without its URI",
        ),
        ("unknown-members", Self::UnknownMembers, "members of groups whom nobody knows are left out"),
        ("unknown-paths", Self::UnknownPaths, "an operation on an unknown attribute is ignored"),
        ("form-queries", Self::FormQueries, "a plus sign in a query is a space, wherever it stands"),
        ("raw-token", Self::RawToken, "the Authorization field may be the token alone"),
    ];
}

/// What a service lets pass; nothing by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Leniencies(BTreeSet<Leniency>);

impl Leniencies {
    pub fn has(&self, leniency: Leniency) -> bool {
        self.0.contains(&leniency)
    }
}

impl FromIterator<Leniency> for Leniencies {
    fn from_iter<I: IntoIterator<Item = Leniency>>(all: I) -> Self {
        Self(all.into_iter().collect())
    }
}

impl Extend<Leniency> for Leniencies {
    fn extend<I: IntoIterator<Item = Leniency>>(&mut self, all: I) {
        self.0.extend(all);
    }
}
