//! Who becomes a member of a group, and who stops being one.
//! Knows no request.

use super::{AccountId, GroupId, Role, State};

/// Why an account does not become a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAdded {
    /// The group takes only addresses of other domains.
    Domain,
    /// The group has as many members as it may have.
    Limit { most: usize, group: String },
}

impl State {
    /// Whether an account is a member of a group.
    pub fn is_member(&self, group: GroupId, account: AccountId) -> bool {
        self.role_of(group, account).is_some()
    }

    /// The role of a member.
    pub fn role_of(&self, group: GroupId, account: AccountId) -> Option<Role> {
        self.groups.get(&group)?.members.get(&account).copied()
    }

    /// Makes an account a member, where the group takes it.
    pub fn add_member(&mut self, group: GroupId, account: AccountId, role: Role) -> Result<(), NotAdded> {
        let address = self.accounts.get(&account).map(|account| account.email.clone()).unwrap_or_default();
        let Some(group) = self.groups.get_mut(&group) else { return Ok(()) };
        if !group.allows_address(&address) {
            return Err(NotAdded::Domain);
        }
        if let Some(most) = group.member_limit.filter(|most| group.members.len() >= *most) {
            return Err(NotAdded::Limit { most, group: group.name.clone() });
        }
        group.members.insert(account, role);
        Ok(())
    }

    /// Gives a member at least this role; somebody else becomes one, whatever the group takes.
    pub fn raise_member(&mut self, group: GroupId, account: AccountId, role: Role) {
        if let Some(group) = self.groups.get_mut(&group) {
            let current = group.members.entry(account).or_insert(role);
            *current = role.max(*current);
        }
    }

    /// Ends the membership in a group alone.
    pub fn drop_member(&mut self, group: GroupId, account: AccountId) {
        if let Some(group) = self.groups.get_mut(&group) {
            group.members.remove(&account);
        }
    }

    /// Ends the membership in a group and in all that lies below it. Who is not a member of the group itself keeps
    /// what lies below.
    pub fn remove_member(&mut self, group: GroupId, account: AccountId) {
        let Some(path) = self.groups.get(&group).map(|group| format!("{}/", group.full_path)) else { return };
        if !self.is_member(group, account) {
            return;
        }
        let below = |other: &super::Group| other.id == group || other.full_path.starts_with(&path);
        for group in self.groups.values_mut().filter(|other| below(other)) {
            group.members.remove(&account);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Account, Group};
    use super::*;

    fn state() -> (State, GroupId, GroupId, AccountId) {
        let mut state = State::default();
        let (group, sub) = (state.add_group(Group::new("acme")), state.add_group(Group::new("acme/web")));
        let ada = state.add_account(Account::new("ada", "Ada", "ada@corp.example"));
        (state, group, sub, ada)
    }

    #[test]
    fn removal_reaches_below_the_group_for_its_members_only() {
        let (mut state, group, sub, ada) = state();
        state.raise_member(sub, ada, Role::Developer);
        state.remove_member(group, ada);
        assert!(state.is_member(sub, ada), "who is not a member of the group keeps what lies below");
        state.raise_member(group, ada, Role::Guest);
        state.remove_member(group, ada);
        assert!(!state.is_member(group, ada) && !state.is_member(sub, ada));
    }

    #[test]
    fn domains_and_limits_keep_people_out() {
        let (mut state, group, _, ada) = state();
        let change = |state: &mut State, change: fn(&mut Group)| state.groups.get_mut(&group).map(change);
        change(&mut state, |group| group.domains = vec!["other.example".into()]);
        assert_eq!(state.add_member(group, ada, Role::Guest), Err(NotAdded::Domain));
        change(&mut state, |group| (group.domains, group.member_limit) = (Vec::new(), Some(0)));
        let limit = NotAdded::Limit { most: 0, group: "Acme".into() };
        assert_eq!(state.add_member(group, ada, Role::Guest), Err(limit));
        change(&mut state, |group| group.member_limit = Some(1));
        assert_eq!(state.add_member(group, ada, Role::Guest), Ok(()));
    }

    #[test]
    fn a_role_is_raised_and_never_lowered() {
        let (mut state, group, _, ada) = state();
        state.raise_member(group, ada, Role::Developer);
        state.raise_member(group, ada, Role::Guest);
        assert_eq!(state.role_of(group, ada), Some(Role::Developer));
    }
}
