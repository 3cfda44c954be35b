//! Hooks that take away what hooks or a run have made. What is gone already is no error.
//! Changes nothing else.

use serde_json::{Value, json};

use super::{read, text};
use crate::mock::gitlab::instance::Instance;
use crate::mock::gitlab::state::{AccountId, GroupId};

/// Removes an account with everything that is its own.
pub fn user(instance: &mut Instance<'_>, with: &Value) -> Result<Value, String> {
    let id = read::named(instance, with).map(|account| account.id);
    id.into_iter().for_each(|id| instance.state.forget(id));
    Ok(json!({ "removed": id.is_some() }))
}

/// Removes a group with its links and identities; its members' accounts stay.
pub fn group(instance: &mut Instance<'_>, with: &Value) -> Result<Value, String> {
    let by_id = with.get("id").and_then(Value::as_u64);
    let path = with.get("full_path").or_else(|| with.get("path")).and_then(Value::as_str);
    let by_path = || path.and_then(|path| instance.state.group_by_path(path)).map(|group| group.id);
    let id = by_id.or_else(by_path);
    let removed = id.is_some_and(|id| forget_group(instance, id));
    Ok(json!({ "removed": removed }))
}

fn forget_group(instance: &mut Instance<'_>, id: GroupId) -> bool {
    let state = &mut *instance.state;
    state.identities.retain(|one| one.scope != crate::mock::gitlab::state::Scope::Group(id));
    state.saml_identities.retain(|one| one.group != id);
    state.links.retain(|link| link.group != id);
    state.removals.retain(|removal| removal.group != id);
    state.groups.remove(&id).is_some()
}

/// Removes a SAML group link.
pub fn link(instance: &mut Instance<'_>, with: &Value) -> Result<Value, String> {
    let id = with.get("id").and_then(Value::as_u64).ok_or("`id` is expected, the number of a link")?;
    let before = instance.state.links.len();
    instance.state.links.retain(|link| link.id != id);
    Ok(json!({ "removed": instance.state.links.len() < before }))
}

/// Removes everything whose name has a run's tag in it.
pub fn sweep(instance: &mut Instance<'_>, with: &Value) -> Result<Value, String> {
    let tag = text(with, "run")?.to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(&tag);
    let state = &mut *instance.state;
    let named = state.accounts.values().filter(|one| has(&one.username) || has(&one.name) || has(&one.email));
    let accounts: Vec<AccountId> = named.map(|account| account.id).collect();
    let groups: Vec<GroupId> =
        state.groups.values().filter(|group| has(&group.full_path)).map(|group| group.id).collect();
    let links = state.links.len();
    state.links.retain(|link| !has(&link.saml_group_name));
    let removed = accounts.len() + groups.len() + (links - state.links.len());
    state.identities.retain(|one| !has(&one.extern_uid));
    state.saml_identities.retain(|one| !has(&one.extern_uid));
    accounts.into_iter().for_each(|id| instance.state.forget(id));
    for id in groups {
        forget_group(instance, id);
    }
    Ok(json!({ "removed": removed }))
}
