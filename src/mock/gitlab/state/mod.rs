//! What the instance remembers: accounts, groups, identities, links, and removals that are still to be done.
//! Knows no request.

mod account;
mod begin;
mod group;
mod identity;
mod membership;
mod username;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

pub use account::{Account, AccountState, Address};
pub use group::{Group, Role, SamlLink, SamlProvider};
pub use identity::{Identity, SamlIdentity, Scope, Taken};
pub use membership::NotAdded;

/// Number of an account.
pub type AccountId = u64;
/// Number of a group.
pub type GroupId = u64;

/// How long a removal of a member waits at most: the job runs every five minutes.
const REMOVAL_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// A removal of a member that is scheduled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// The top-level group.
    pub group: GroupId,
    pub account: AccountId,
    due: Timestamp,
}

/// Everything that the instance remembers.
#[derive(Debug, Clone, Default)]
pub struct State {
    pub accounts: BTreeMap<AccountId, Account>,
    pub groups: BTreeMap<GroupId, Group>,
    /// SCIM identities of the instance and of all groups, in the order in which they were made.
    pub identities: Vec<Identity>,
    pub saml_identities: Vec<SamlIdentity>,
    pub links: Vec<SamlLink>,
    /// Who is in which SCIM group, by its UUID.
    pub scim_members: Vec<(String, AccountId)>,
    pub removals: Vec<Removal>,
    last_id: u64,
}

impl State {
    /// A number that nothing has yet.
    pub fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// Schedules the removal of a member; a second one changes nothing.
    pub fn schedule_removal(&mut self, group: GroupId, account: AccountId, now: Timestamp) {
        if !self.is_removal_pending(group, account) {
            let due = now.checked_add(REMOVAL_AFTER).unwrap_or(now);
            self.removals.push(Removal { group, account, due });
        }
    }

    /// Whether the removal of a member is scheduled.
    pub fn is_removal_pending(&self, group: GroupId, account: AccountId) -> bool {
        self.removals.iter().any(|removal| removal.group == group && removal.account == account)
    }

    /// Does what is due by now.
    pub fn settle(&mut self, now: Timestamp) {
        let (due, waiting): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.removals).into_iter().partition(|removal| removal.due <= now);
        self.removals = waiting;
        for removal in due {
            self.remove_member(removal.group, removal.account);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_removal_is_done_when_it_is_due() {
        let mut state = State::begin(&crate::mock::gitlab::Tokens::default());
        let group = state.group_by_path("acme").expect("acme").id;
        let account = state.account_by_username("acme-member").expect("a member").id;
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
        state.schedule_removal(group, account, now);
        state.schedule_removal(group, account, now + SignedDuration::from_mins(4));
        state.settle(now + SignedDuration::from_secs(299));
        assert!(state.is_removal_pending(group, account) && state.is_member(group, account));
        state.settle(now + SignedDuration::from_secs(300));
        assert!(!state.is_removal_pending(group, account) && !state.is_member(group, account));
    }
}
