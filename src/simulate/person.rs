//! What an organisation knows of a person: a few numbers, from which every text follows.
//! Must not know SCIM nor what a provider makes of it.

use serde::{Deserialize, Serialize};

use super::names::{DEPARTMENTS, FAMILY, GIVEN, GROUPS, TITLES};

/// A person by number; the same person has the same number in every part of the organisation.
pub type UserNumber = u32;
/// A group by number.
pub type GroupNumber = u32;

/// What can change about a person. The texts are looked up by these numbers, so that a person takes little memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    pub given: u8,
    pub family: u8,
    /// The family name in the name of the account, which not every rename changes.
    pub account: u8,
    pub department: u8,
    pub title: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<UserNumber>,
}

/// Where a person stands with the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    Employed,
    Left,
    /// Left so long ago that the account is deleted.
    Purged,
}

/// Makes texts of numbers: `tag` is part of every name that has to be unique on the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Naming {
    pub tag: String,
    pub domain: String,
}

fn at<T: Copy>(list: &[T], place: u8) -> Option<T> {
    list.get(usize::from(place)).copied()
}

impl Profile {
    pub fn given_name(&self) -> &'static str {
        at(GIVEN, self.given).map_or("", |(written, _)| written)
    }

    pub fn family_name(&self) -> &'static str {
        at(FAMILY, self.family).map_or("", |(written, _)| written)
    }

    pub fn display_name(&self) -> String {
        format!("{} {}", self.given_name(), self.family_name())
    }

    pub fn department_name(&self) -> &'static str {
        at(DEPARTMENTS, self.department).unwrap_or_default()
    }

    pub fn title_name(&self) -> &'static str {
        at(TITLES, self.title).unwrap_or_default()
    }
}

impl Naming {
    /// `olga.quandt17.s4k2@example.com`
    pub fn user_name(&self, number: UserNumber, profile: &Profile) -> String {
        let given = at(GIVEN, profile.given).map_or("", |(_, ascii)| ascii);
        let family = at(FAMILY, profile.account).map_or("", |(_, ascii)| ascii);
        format!("{given}.{family}{number}.{}@{}", self.tag, self.domain)
    }

    /// The name of a group after so many renames: `Harbour Crew 3-0 s4k2`.
    pub fn group_name(&self, number: GroupNumber, version: u16) -> String {
        let length = u32::try_from(GROUPS.len()).unwrap_or(1).max(1);
        let place = number.wrapping_add(u32::from(version).wrapping_mul(7)).checked_rem(length).unwrap_or(0);
        let word = at(GROUPS, u8::try_from(place).unwrap_or(0)).unwrap_or_default();
        format!("{word} {number}-{version} {}", self.tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_by_number_and_tag() {
        let naming = Naming { tag: "s4k2".into(), domain: "example.com".into() };
        let profile = Profile { given: 29, family: 2, account: 18, department: 0, title: 0, manager: None };
        assert_eq!(naming.user_name(17, &profile), "olga.quandt17.s4k2@example.com");
        assert_eq!(profile.display_name(), "Ольга Castañeda");
        assert_ne!(naming.group_name(3, 0), naming.group_name(3, 1));
        assert!(naming.group_name(3, 0).ends_with(" 3-0 s4k2"));
    }

    #[test]
    fn account_names_are_ascii_and_end_with_no_digit() {
        for (_, ascii) in GIVEN.iter().chain(FAMILY) {
            assert!(ascii.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{ascii}");
        }
    }
}
