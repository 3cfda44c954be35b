//! Groups, roles, SAML providers and SAML group links.
//! Knows no request.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::account::same;
use super::{AccountId, GroupId, State};

/// A role, by its access level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    MinimalAccess,
    Guest,
    Reporter,
    Developer,
    Maintainer,
    Owner,
}

impl Role {
    const ALL: [(Self, &str, u64); 6] = [
        (Self::MinimalAccess, "minimal_access", 5),
        (Self::Guest, "guest", 10),
        (Self::Reporter, "reporter", 20),
        (Self::Developer, "developer", 30),
        (Self::Maintainer, "maintainer", 40),
        (Self::Owner, "owner", 50),
    ];

    fn row(self) -> (Self, &'static str, u64) {
        Self::ALL.into_iter().find(|(role, ..)| *role == self).unwrap_or(Self::ALL[0])
    }

    /// As hooks and files write it.
    pub fn as_str(self) -> &'static str {
        self.row().1
    }

    /// As the REST API shows it.
    pub fn access_level(self) -> u64 {
        self.row().2
    }

    /// Reads what [`Role::as_str`] writes, ignoring case; the error says what there is.
    pub fn read(text: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|(_, known, _)| same(known, text)).map(|(role, ..)| *role);
        found.ok_or_else(|| {
            let known: Vec<&str> = Self::ALL.iter().map(|(_, text, _)| *text).collect();
            format!("there is no role `{text}`; there are {}", known.join(", "))
        })
    }
}

/// SAML sign-in of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamlProvider {
    pub enabled: bool,
    /// Whether members must sign in through it.
    pub enforced_sso: bool,
    pub default_role: Role,
}

impl Default for SamlProvider {
    /// Enabled, not enforced, for guests.
    fn default() -> Self {
        Self { enabled: true, enforced_sso: false, default_role: Role::Guest }
    }
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub id: GroupId,
    pub full_path: String,
    pub name: String,
    pub saml: Option<SamlProvider>,
    pub members: BTreeMap<AccountId, Role>,
    /// Domains of addresses that members may have; any where it is empty.
    pub domains: Vec<String>,
    /// Domains that the group has proved to be its own: their addresses need no confirmation.
    pub verified_domains: Vec<String>,
    /// So many members at most.
    pub member_limit: Option<usize>,
    pub scim_token: Option<String>,
    /// Since when there is one; rotation does not change that.
    pub scim_token_since: Timestamp,
    /// The token before it was rotated the first time.
    pub first_token: Option<String>,
}

impl Group {
    /// A group without members and without SAML; the state gives it its number.
    pub fn new(full_path: &str) -> Self {
        let last = full_path.rsplit('/').next().unwrap_or(full_path);
        let mut letters = last.chars();
        let name = letters.next().map(|first| first.to_uppercase().chain(letters).collect());
        Self {
            id: 0,
            full_path: full_path.to_owned(),
            name: name.unwrap_or_default(),
            saml: None,
            members: BTreeMap::new(),
            domains: Vec::new(),
            verified_domains: Vec::new(),
            member_limit: None,
            scim_token: None,
            scim_token_since: Timestamp::UNIX_EPOCH,
            first_token: None,
        }
    }

    /// Puts another token in the place of the old one; gives the group's part of the address of its API.
    pub fn rotate_token(&mut self, token: String) -> String {
        let old = self.scim_token.replace(token);
        self.first_token = self.first_token.take().or(old);
        format!("groups/{}", self.full_path)
    }

    /// Whether an account is an owner, and no other is.
    pub fn is_last_owner(&self, account: AccountId) -> bool {
        let mut owners = self.members.iter().filter(|(_, role)| **role == Role::Owner).map(|(id, _)| *id);
        owners.next() == Some(account) && owners.next().is_none()
    }

    /// Whether an address may be that of a member.
    pub fn allows_address(&self, address: &str) -> bool {
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
        self.domains.is_empty() || self.domains.iter().any(|allowed| same(allowed, domain))
    }
}

/// A link from a group of the identity provider to a GitLab group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamlLink {
    pub id: u64,
    pub group: GroupId,
    pub saml_group_name: String,
    pub role: Role,
    /// Id of the SCIM group that it belongs to.
    pub scim_group: Option<String>,
}

impl State {
    /// Keeps a new group and gives its number.
    pub fn add_group(&mut self, mut group: Group) -> GroupId {
        group.id = self.next_id();
        let id = group.id;
        self.groups.insert(id, group);
        id
    }

    /// The group at this full path, ignoring case.
    pub fn group_by_path(&self, path: &str) -> Option<&Group> {
        self.groups.values().find(|group| same(&group.full_path, path))
    }

    /// The group that GitLab takes a path segment for: its number where the segment is one, else its full path.
    pub fn group_by_reference(&self, reference: &str) -> Option<&Group> {
        let is_number = !reference.is_empty() && reference.bytes().all(|byte| byte.is_ascii_digit());
        match is_number {
            true => reference.parse().ok().and_then(|id: GroupId| self.groups.get(&id)),
            false => self.group_by_path(reference),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_an_id_and_never_a_path() {
        let mut state = State::default();
        let id = state.add_group(Group::new("acme"));
        let numbered = state.add_group(Group::new("4711"));
        assert_eq!(state.group_by_reference("ACME").map(|group| group.id), Some(id));
        assert_eq!(state.group_by_reference(&numbered.to_string()).map(|group| group.id), Some(numbered));
        assert!(state.group_by_reference("4711").is_none());
    }

    #[test]
    fn the_last_owner_is_the_only_one() {
        let mut group = Group::new("acme");
        group.members.insert(1, Role::Owner);
        group.members.insert(2, Role::Guest);
        assert!(group.is_last_owner(1) && !group.is_last_owner(2));
        group.members.insert(2, Role::Owner);
        assert!(!group.is_last_owner(1));
    }

    #[test]
    fn domains_narrow_who_may_be_a_member() {
        let mut group = Group::new("acme");
        assert!(group.allows_address("a@any.example"));
        group.domains.push("corp.example".into());
        assert!(group.allows_address("a@CORP.example") && !group.allows_address("a@other.example"));
    }

    #[test]
    fn roles_have_names_and_levels() {
        assert_eq!(Role::read("Developer"), Ok(Role::Developer));
        assert_eq!(Role::MinimalAccess.access_level(), 5);
        assert!(Role::Owner > Role::Maintainer);
        assert!(Role::read("king").is_err_and(|told| told.contains("maintainer")));
    }
}
