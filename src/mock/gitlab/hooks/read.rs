//! What hooks tell of the instance.
//! Changes nothing.

use serde_json::{Map, Value, json};

use super::{seed, text};
use crate::mock::gitlab::instance::Instance;
use crate::mock::gitlab::slips::Slip;
use crate::mock::gitlab::state::{Account, AccountId, AccountState, GroupId, SamlLink, Scope};

/// The account that arguments name, by `id`, `username` or `email`.
pub fn named<'a>(instance: &'a Instance<'_>, with: &Value) -> Option<&'a Account> {
    let state = &*instance.state;
    let text = |name: &str| with.get(name).and_then(Value::as_str);
    if let Some(id) = with.get("id").and_then(Value::as_u64) {
        return state.accounts.get(&id);
    }
    match (text("username"), text("email")) {
        (Some(username), _) => state.account_by_username(username),
        (None, Some(email)) => state.account_by_address(email),
        (None, None) => None,
    }
}

/// Everything about the account that arguments name.
pub fn user(instance: &Instance<'_>, with: &Value) -> Value {
    match named(instance, with).map(|account| account.id) {
        Some(id) => account(instance, id),
        None => json!({ "found": false }),
    }
}

/// Everything about an account.
pub fn account(instance: &Instance<'_>, id: AccountId) -> Value {
    let state = &*instance.state;
    let Some(account) = state.accounts.get(&id) else { return json!({ "found": false }) };
    let own = state.identity_of(Scope::Instance, id);
    let own = own.map(|one| json!({ "extern_uid": one.extern_uid, "active": one.active }));
    let mut groups: [Map<String, Value>; 3] = Default::default();
    for group in state.groups.values() {
        let path = || group.full_path.clone();
        let [roles, scim, saml] = &mut groups;
        if let Some(role) = group.members.get(&id) {
            roles.insert(path(), role.as_str().into());
        }
        if let Some(one) = state.identity_of(Scope::Group(group.id), id) {
            scim.insert(path(), json!({ "extern_uid": one.extern_uid, "active": one.active }));
        }
        if let Some(one) = state.saml_identity_of(group.id, id) {
            saml.insert(path(), json!({ "extern_uid": one.extern_uid, "trusted": one.trusted }));
        }
    }
    let [roles, scim, saml] = groups;
    json!({
        "found": true,
        "id": account.id,
        "username": account.username,
        "name": account.name,
        "email": account.email,
        "state": account.state.as_str(),
        "confirmed": account.confirmed,
        "memberships": roles,
        "instance_identity": own,
        "group_identities": scim,
        "saml_identities": saml,
    })
}

/// Everything about an account that a hook has made, with the token of the REST API that it got.
pub fn made(instance: &Instance<'_>, id: AccountId) -> Value {
    let mut told = account(instance, id);
    if let Some(token) = instance.tokens.access_token_of(id) {
        told["access_token"] = token.into();
    }
    told
}

/// A group, with its SCIM token.
pub fn group(instance: &Instance<'_>, id: GroupId) -> Value {
    let Some(group) = instance.state.groups.get(&id) else { return json!({ "found": false }) };
    json!({ "id": group.id, "path": group.full_path, "full_path": group.full_path, "name": group.name, "scim_token": group.scim_token })
}

/// A SAML group link.
pub fn link(instance: &Instance<'_>, link: &SamlLink) -> Value {
    let group = instance.state.groups.get(&link.group).map(|group| group.full_path.as_str());
    json!({ "id": link.id, "group": group, "name": link.saml_group_name, "role": link.role.as_str() })
}

/// Whether somebody with this SAML NameID gets in. A SCIM identity, where there is one, must bear the same name.
pub fn sign_in(instance: &Instance<'_>, with: &Value) -> Result<Value, String> {
    let state = &*instance.state;
    let name_id = text(with, "name_id")?;
    let group = with.get("group").and_then(Value::as_str);
    let account = match group {
        None => state.identity(Scope::Instance, name_id).map(|one| one.account),
        Some(path) => {
            let group = seed::group_at(instance, path)?;
            by_name_id(instance, group, name_id)
        }
    };
    let account = account.and_then(|id| state.accounts.get(&id));
    let may =
        |account: &&Account| account.state == AccountState::Active || instance.has(Slip::BlockedSignsIn);
    Ok(match account.filter(may) {
        Some(account) => json!({ "allowed": true, "username": account.username }),
        None => json!({ "allowed": false }),
    })
}

fn by_name_id(instance: &Instance<'_>, group: GroupId, name_id: &str) -> Option<AccountId> {
    let state = &*instance.state;
    let scim = state.identity(Scope::Group(group), name_id).map(|one| one.account);
    let trusted =
        |account: &AccountId| state.saml_identity_of(group, *account).is_some_and(|one| one.trusted);
    let by_saml = || {
        let saml = state.saml_identity(group, name_id).map(|one| one.account)?;
        state.identity_of(Scope::Group(group), saml).is_none().then_some(saml)
    };
    scim.or_else(by_saml).filter(trusted)
}
