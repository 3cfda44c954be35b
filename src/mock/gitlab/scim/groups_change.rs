//! What changes who is in a SCIM group, and with that who is a member of the GitLab groups that it is linked to.
//! Knows no HTTP method.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::mock::gitlab::instance::Instance;
use crate::mock::gitlab::slips::Slip;
use crate::mock::gitlab::state::{AccountId, GroupId, Role, Scope};
use crate::mock::gitlab::wire::Params;
use crate::mock::gitlab::wire::reply::Reply;

/// Carries out operations: `add` and `remove` of `members` with a list; anything else changes nothing.
pub fn patch(instance: &mut Instance<'_>, id: &str, params: &Params) -> Result<Reply, Reply> {
    let operations = params.get("Operations").and_then(Value::as_array).cloned().unwrap_or_default();
    for operation in &operations {
        let text = |name: &str| operation.get(name).and_then(Value::as_str).unwrap_or_default();
        let (op, path) = (text("op").to_lowercase(), text("path"));
        if let Some(member) = by_filter(path).filter(|_| instance.has(Slip::GroupRemoveByFilterWorks)) {
            let accounts = accounts(instance, &[serde_json::json!({ "value": member })]);
            accounts.into_iter().for_each(|account| remove(instance, id, account));
        }
        let Some(listed) = operation.get("value").and_then(Value::as_array) else { continue };
        if !path.eq_ignore_ascii_case("members") {
            continue;
        }
        for account in accounts(instance, listed) {
            match op.as_str() {
                "remove" => remove(instance, id, account),
                _ => add(instance, id, account),
            }
        }
    }
    Ok(Reply::empty(204))
}

/// `x` of `members[value eq "x"]`.
fn by_filter(path: &str) -> Option<&str> {
    path.strip_prefix("members[value eq \"")?.strip_suffix("\"]")
}

/// Makes those that are listed the only members that SCIM tracks.
pub fn replace(instance: &mut Instance<'_>, id: &str, params: &Params) -> Result<(), Reply> {
    let listed = params.get("members").and_then(Value::as_array).cloned().unwrap_or_default();
    let wanted = accounts(instance, &listed);
    for account in tracked(instance, id).into_iter().filter(|account| !wanted.contains(account)) {
        remove(instance, id, account);
    }
    wanted.iter().for_each(|account| add(instance, id, *account));
    if instance.has(Slip::ManualMembersRemoved) {
        for group in linked(instance, id).into_keys() {
            if let Some(group) = instance.state.groups.get_mut(&group) {
                group.members.retain(|account, role| wanted.contains(account) || *role == Role::Owner);
            }
        }
    }
    if let Some(name) =
        params.get("displayName").and_then(Value::as_str).filter(|_| instance.has(Slip::PutRenamesGroup))
    {
        let links = instance.state.links.iter_mut().filter(|link| link.scim_group.as_deref() == Some(id));
        links.for_each(|link| name.clone_into(&mut link.saml_group_name));
    }
    Ok(())
}

/// Takes the id off the links; who is a member of a GitLab group stays so.
pub fn delete(instance: &mut Instance<'_>, id: &str) {
    if instance.has(Slip::GroupDeleteRemovesMembers) {
        tracked(instance, id).into_iter().for_each(|account| remove(instance, id, account));
    }
    instance.state.scim_members.retain(|(group, _)| group != id);
    for link in instance.state.links.iter_mut().filter(|link| link.scim_group.as_deref() == Some(id)) {
        link.scim_group = None;
    }
}

fn tracked(instance: &Instance<'_>, id: &str) -> Vec<AccountId> {
    instance.state.scim_members.iter().filter(|(group, _)| group == id).map(|(_, account)| *account).collect()
}

/// The accounts of the members that are listed; who has no identity is left out.
fn accounts(instance: &Instance<'_>, listed: &[Value]) -> Vec<AccountId> {
    let uids = listed.iter().filter_map(|member| member.get("value").and_then(Value::as_str));
    uids.filter_map(|uid| instance.state.identity(Scope::Instance, uid))
        .map(|identity| identity.account)
        .collect()
}

/// The GitLab groups that a SCIM group is linked to, with the highest role of their links.
fn linked(instance: &Instance<'_>, id: &str) -> BTreeMap<GroupId, Role> {
    let mut groups = BTreeMap::new();
    for link in instance.state.links.iter().filter(|link| link.scim_group.as_deref() == Some(id)) {
        let role = groups.entry(link.group).or_insert(link.role);
        *role = link.role.max(*role);
    }
    groups
}

fn add(instance: &mut Instance<'_>, id: &str, account: AccountId) {
    let entry = (id.to_owned(), account);
    if !instance.state.scim_members.contains(&entry) {
        instance.state.scim_members.push(entry);
    }
    for (group, role) in linked(instance, id) {
        if instance.has(Slip::RolesLowered) {
            instance.state.drop_member(group, account);
        }
        if instance.has(Slip::RolesNotRaised) && instance.state.is_member(group, account) {
            continue;
        }
        instance.state.raise_member(group, account, role);
    }
}

/// Who is in another SCIM group that is linked to the same GitLab group stays a member of that.
fn remove(instance: &mut Instance<'_>, id: &str, account: AccountId) {
    instance.state.scim_members.retain(|(group, member)| group != id || *member != account);
    let others: Vec<String> = instance
        .state
        .scim_members
        .iter()
        .filter(|(_, member)| *member == account)
        .map(|(group, _)| group.clone())
        .collect();
    for group in linked(instance, id).into_keys() {
        let held = others.iter().any(|other| linked(instance, other).contains_key(&group));
        if held && !instance.has(Slip::OtherLinkIgnored) {
            continue;
        }
        match instance.has(Slip::RemovalReachesSubgroups) {
            true => instance.state.remove_member(group, account),
            false => instance.state.drop_member(group, account),
        }
    }
}
