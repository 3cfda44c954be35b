//! Deprovisioning and reactivation, in the instance and in groups.
//! Knows no attribute.

use super::create_in_group::add_member;
use crate::mock::gitlab::instance::Instance;
use crate::mock::gitlab::slips::Slip;
use crate::mock::gitlab::state::{AccountId, AccountState, GroupId, Identity, Role, Scope};
use crate::mock::gitlab::wire::reply::Reply;

/// What is said to whoever wants a member back before the removal is done.
pub const PENDING: &str =
    "User is pending deprovisioning. Please wait for the user to be deprovisioned and try again later.";

/// The account is the last owner of the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LastOwner;

/// The removal of the member is not done yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending;

/// Answers a DELETE: the identity stays, inactive.
pub fn delete(instance: &mut Instance<'_>, identity: &Identity) -> Result<Reply, Reply> {
    if instance.has(Slip::SecondDeleteUnblocks) && !identity.active {
        set_state(instance, identity.account, |_| AccountState::Active);
        return Ok(Reply::empty(204));
    }
    match deprovision(instance, identity) {
        Ok(()) => Ok(Reply::empty(204)),
        Err(LastOwner) => Err(Reply::scim_error(412, &not_removed(instance, identity))),
    }
}

fn not_removed(instance: &Instance<'_>, identity: &Identity) -> String {
    let account = instance.state.accounts.get(&identity.account).map(|account| account.name.as_str());
    let group = match identity.scope {
        Scope::Group(group) => instance.state.groups.get(&group).map(|group| group.name.as_str()),
        Scope::Instance => None,
    };
    let (account, group) = (account.unwrap_or_default(), group.unwrap_or_default());
    format!("Could not remove {account} from {group}. Cannot remove last group owner.")
}

/// Takes the access away that an identity stands for.
pub fn deprovision(instance: &mut Instance<'_>, identity: &Identity) -> Result<(), LastOwner> {
    match identity.scope {
        Scope::Instance => block(instance, identity),
        Scope::Group(group) => leave(instance, group, identity)?,
    }
    if instance.has(Slip::IdentityDropped) {
        instance.state.drop_identity(identity.scope, identity.account);
    }
    if instance.has(Slip::AccountDeleted) {
        instance.state.forget(identity.account);
    }
    Ok(())
}

fn block(instance: &mut Instance<'_>, identity: &Identity) {
    deactivate(instance, identity);
    let replaces = instance.has(Slip::BlockReplacesState);
    if !instance.has(Slip::AccountStaysActive) {
        set_state(instance, identity.account, |state| match replaces {
            true => AccountState::LdapBlocked,
            false => state.deprovisioned(),
        });
    }
}

/// Ends the membership, at once or by a job; the account stays as it is.
fn leave(instance: &mut Instance<'_>, group: GroupId, identity: &Identity) -> Result<(), LastOwner> {
    let account = identity.account;
    let is_last_owner = instance.state.groups.get(&group).is_some_and(|group| group.is_last_owner(account));
    if is_last_owner && !instance.has(Slip::LastOwnerRemoved) {
        return Err(LastOwner);
    }
    deactivate(instance, identity);
    if instance.has(Slip::GroupRemovalBlocks) {
        set_state(instance, account, AccountState::deprovisioned);
    }
    let keeps = instance.version.keeps_saml_identity() || instance.has(Slip::SamlIdentityKept);
    if !keeps || instance.has(Slip::SamlIdentityDropped) {
        instance.state.drop_saml_identity(group, account);
    }
    if instance.has(Slip::SubgroupsAlwaysLeft) {
        instance.state.raise_member(group, account, Role::Guest);
    }
    if !instance.state.is_member(group, account) || instance.has(Slip::MembershipStays) {
        return Ok(());
    }
    let later = instance.version.removes_members_later() || instance.has(Slip::RemovalIsLater);
    match later && !instance.has(Slip::RemovalIsAtOnce) {
        true => instance.state.schedule_removal(group, account, instance.now),
        false => instance.state.remove_member(group, account),
    }
    Ok(())
}

fn deactivate(instance: &mut Instance<'_>, identity: &Identity) {
    instance.state.change_identity(identity.scope, identity.account, |identity| identity.active = false);
}

/// Whether the removal of the member is not done yet.
pub fn is_pending(instance: &Instance<'_>, identity: &Identity) -> bool {
    match identity.scope {
        Scope::Group(group) => instance.state.is_removal_pending(group, identity.account),
        Scope::Instance => false,
    }
}

/// Gives the access back; what is active already stays as it is.
pub fn reactivate(instance: &mut Instance<'_>, identity: &Identity) -> Result<(), Pending> {
    if is_pending(instance, identity) && !instance.has(Slip::PendingRemovalIgnored) {
        return Err(Pending);
    }
    if identity.active {
        return Ok(());
    }
    if !instance.has(Slip::ReactivationKeepsIdentityInactive) {
        instance.state.change_identity(identity.scope, identity.account, |identity| identity.active = true);
    }
    match identity.scope {
        Scope::Instance if instance.has(Slip::ReactivationLeavesBlocked) => {}
        // Whatever barred the account, an administrator's block too.
        Scope::Instance => set_state(instance, identity.account, |_| AccountState::Active),
        Scope::Group(group) => {
            if !instance.state.is_member(group, identity.account)
                && !instance.has(Slip::ReactivationLeavesBlocked)
            {
                // Where the group does not take the member, nobody is told.
                let _ = add_member(instance, group, identity.account);
            }
        }
    }
    Ok(())
}

fn set_state(
    instance: &mut Instance<'_>,
    account: AccountId,
    state: impl FnOnce(AccountState) -> AccountState,
) {
    if let Some(account) = instance.state.accounts.get_mut(&account) {
        account.state = state(account.state);
    }
}
