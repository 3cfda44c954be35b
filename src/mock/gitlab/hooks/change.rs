//! Hooks that change accounts and groups.
//! Makes and removes nothing.

use serde_json::{Map, Value};

use super::{read, role, seed, text};
use crate::mock::gitlab::instance::Instance;
use crate::mock::gitlab::state::{Account, AccountState, Group, Scope};

/// Changes state, name, address, memberships or identities of the account with this `id`, and tells all about it.
pub fn user(instance: &mut Instance<'_>, with: &Value) -> Result<Value, String> {
    let id = with.get("id").and_then(Value::as_u64).ok_or("`id` is expected, the number of an account")?;
    let known = instance.state.accounts.get(&id).ok_or_else(|| format!("there is no account {id}"))?;
    let mut changed = known.clone();
    let members = with.as_object().into_iter().flatten().filter(|(name, _)| *name != "id");
    for (name, value) in members {
        match name.as_str() {
            "saml_uid" => saml(instance, id, value)?,
            "member_of" => membership(instance, id, value)?,
            "instance_uid" if value.is_null() => instance.state.drop_identity(Scope::Instance, id),
            "instance_active" => {
                let active = value.as_bool().ok_or("`instance_active` is true or false")?;
                instance.state.change_identity(Scope::Instance, id, |identity| identity.active = active);
            }
            name => own(&mut changed, name, value)?,
        }
    }
    instance.state.accounts.insert(id, changed);
    Ok(read::account(instance, id))
}

fn own(account: &mut Account, name: &str, value: &Value) -> Result<(), String> {
    let text = || value.as_str().map(str::to_owned).ok_or_else(|| format!("`{name}` is a text"));
    match name {
        "state" => account.state = AccountState::read(&text()?)?,
        "email" => account.email = text()?,
        "name" => account.name = text()?,
        "username" => account.username = text()?,
        "confirmed" => account.confirmed = value.as_bool().ok_or("`confirmed` is true or false")?,
        other => return Err(format!("`{other}` of an account cannot be changed")),
    }
    Ok(())
}

/// SAML identities by path of the group; null takes one away.
fn saml(instance: &mut Instance<'_>, id: u64, by_path: &Value) -> Result<(), String> {
    for (path, uid) in by_path.as_object().into_iter().flatten() {
        let group = seed::group_at(instance, path)?;
        match uid.as_str() {
            Some(uid) => instance.state.set_saml_identity(group, id, uid),
            None => instance.state.drop_saml_identity(group, id),
        }
    }
    Ok(())
}

/// Roles by path of the group; null ends a membership.
fn membership(instance: &mut Instance<'_>, id: u64, by_path: &Value) -> Result<(), String> {
    for (path, wanted) in by_path.as_object().into_iter().flatten() {
        let group = seed::group_at(instance, path)?;
        instance.state.drop_member(group, id);
        if !wanted.is_null() {
            let wanted = role(wanted)?;
            instance.state.raise_member(group, id, wanted);
        }
    }
    Ok(())
}

/// Changes settings of a group, and tells what they were before.
pub fn group(instance: &mut Instance<'_>, with: &Value) -> Result<Value, String> {
    let path = text(with, "path")?;
    let id = seed::group_at(instance, path)?;
    let Some(group) = instance.state.groups.get(&id) else { return Err(seed::unknown_group(instance, path)) };
    let mut changed = group.clone();
    let mut before = Map::from_iter([("path".to_owned(), Value::from(path))]);
    let members = with.as_object().into_iter().flatten().filter(|(name, _)| *name != "path");
    for (name, value) in members {
        before.insert(name.clone(), set(&mut changed, name, value)?);
    }
    instance.state.groups.insert(id, changed);
    Ok(Value::Object(before))
}

/// Sets one setting, and gives its value before.
fn set(group: &mut Group, name: &str, value: &Value) -> Result<Value, String> {
    let boolean = || value.as_bool().ok_or_else(|| format!("`{name}` is true or false"));
    if name == "domains" {
        let list = value.as_array().ok_or("`domains` is a list")?;
        let domains = list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        return Ok(std::mem::replace(&mut group.domains, domains).into());
    }
    if name == "member_limit" {
        let limit = value.as_u64().and_then(|limit| usize::try_from(limit).ok());
        return Ok(std::mem::replace(&mut group.member_limit, limit).into());
    }
    if name == "saml" {
        let had = group.saml.is_some();
        group.saml = if boolean()? { Some(group.saml.take().unwrap_or_default()) } else { None };
        return Ok(had.into());
    }
    let saml = group.saml.as_mut().ok_or("the group has no SAML provider")?;
    Ok(match name {
        "saml_enabled" => std::mem::replace(&mut saml.enabled, boolean()?).into(),
        "enforced_sso" => std::mem::replace(&mut saml.enforced_sso, boolean()?).into(),
        "default_role" => std::mem::replace(&mut saml.default_role, role(value)?).as_str().into(),
        other => return Err(format!("`{other}` of a group cannot be changed")),
    })
}
