//! The GitLab versions that the mock can stand for, and what changed between them.
//! Knows no endpoint.

use std::str::FromStr;

/// A version in which SCIM behaves differently from the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Version {
    V15_8,
    V16_4,
    V16_9,
    V18_2,
    V18_9,
    V19_0,
    #[default]
    V19_3,
}

impl Version {
    /// All of them, the newest last.
    pub const ALL: [Self; 7] =
        [Self::V15_8, Self::V16_4, Self::V16_9, Self::V18_2, Self::V18_9, Self::V19_0, Self::V19_3];

    /// As GitLab writes it: `18.9`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V15_8 => "15.8",
            Self::V16_4 => "16.4",
            Self::V16_9 => "16.9",
            Self::V18_2 => "18.2",
            Self::V18_9 => "18.9",
            Self::V19_0 => "19.0",
            Self::V19_3 => "19.3",
        }
    }

    /// Whether a deprovisioned member keeps the SAML identity of the group (since 16.4).
    pub fn keeps_saml_identity(self) -> bool {
        self >= Self::V16_4
    }

    /// Whether single identities can be read through the REST API (since 16.1), and users show theirs.
    pub fn reads_single_identity(self) -> bool {
        self >= Self::V16_4
    }

    /// Whether identities can be deleted through the REST API (since 16.5).
    pub fn deletes_identity(self) -> bool {
        self >= Self::V16_9
    }

    /// Whether SCIM tokens begin with `glsoat-` (always since 16.9).
    pub fn prefixes_tokens(self) -> bool {
        self >= Self::V16_9
    }

    /// Whether the message to an outsider under enforced SSO speaks of an inactive identity too (since 16.6).
    pub fn tells_inactive_identity(self) -> bool {
        self >= Self::V16_9
    }

    /// Whether identities of groups have a table of their own (since 17.6), so that the list of the instance does
    /// not show them.
    pub fn separates_identities(self) -> bool {
        self >= Self::V18_2
    }

    /// Whether the instance has `/Groups` (on by default since 18.2).
    pub fn has_groups(self) -> bool {
        self >= Self::V18_2
    }

    /// Whether `/Groups` can be listed and changed, and makes up a UUID where none is given.
    pub fn has_all_of_groups(self) -> bool {
        self >= Self::V18_9
    }

    /// Whether the instance's token is looked at before licence and SAML.
    pub fn checks_token_first(self) -> bool {
        self >= Self::V18_9
    }

    /// Whether members of a group are removed later, by a job (since 19.0).
    pub fn removes_members_later(self) -> bool {
        self >= Self::V19_0
    }

    /// Whether who finds no seat becomes a member with minimal access (by default since 18.10).
    pub fn falls_back_to_minimal_access(self) -> bool {
        self >= Self::V19_0
    }

    /// Whether only `active: true` reactivates; before, any PATCH of an inactive identity did.
    pub fn reactivates_explicitly(self) -> bool {
        self >= Self::V19_3
    }

    /// Whether groups show their members, and users their groups.
    pub fn shows_membership(self) -> bool {
        self >= Self::V19_3
    }

    /// Whether administrators can identify (19.1) and reset (19.3) SCIM tokens through the REST API.
    pub fn identifies_tokens(self) -> bool {
        self >= Self::V19_3
    }

    /// Whether a change of a SAML identity through the REST API makes it untrusted.
    pub fn distrusts_changed_saml(self) -> bool {
        self >= Self::V19_3
    }
}

impl FromStr for Version {
    type Err = String;

    /// Reads `18.9`; the error lists what there is.
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|version| version.as_str() == text).ok_or_else(|| {
            let known: Vec<&str> = Self::ALL.iter().map(|version| version.as_str()).collect();
            format!("the mock knows no GitLab {text}; it knows {}", known.join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_they_are_written() {
        for version in Version::ALL {
            assert_eq!(version.as_str().parse(), Ok(version));
        }
        assert!(Version::ALL.is_sorted());
        assert_eq!(Version::default(), Version::ALL[6]);
        let told = "17.0".parse::<Version>().expect_err("not among them");
        assert_eq!(told, "the mock knows no GitLab 17.0; it knows 15.8, 16.4, 16.9, 18.2, 18.9, 19.0, 19.3");
    }
}
