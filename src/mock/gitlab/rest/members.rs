//! Members of a group, for who wants to see what provisioning did.
//! Changes nothing.

use serde_json::{Value, json};

use super::{Caller, owns, visible};
use crate::mock::gitlab::instance::Instance;
use crate::mock::gitlab::state::{Group, Role, Scope};
use crate::mock::gitlab::wire::reply::Reply;

/// All members, or one; owners see their identities.
pub fn answer(
    instance: &Instance<'_>,
    caller: Caller,
    reference: &str,
    account: Option<&str>,
) -> Result<Reply, Reply> {
    let group = visible(instance, caller, reference)?;
    let sees = owns(caller, group);
    let Some(account) = account else {
        let all = group.members.iter().filter_map(|(id, role)| member(instance, group, *id, *role, sees));
        return Ok(Reply::json(200, all.collect()));
    };
    let id: u64 = account.parse().map_err(|_| Reply::error(400, "user_id is invalid"))?;
    let role = group.members.get(&id).copied();
    let shown = role.and_then(|role| member(instance, group, id, role, sees));
    shown.map(|member| Reply::json(200, member)).ok_or_else(|| Reply::message(404, "404 Not found"))
}

fn member(instance: &Instance<'_>, group: &Group, account: u64, role: Role, sees: bool) -> Option<Value> {
    let state = &*instance.state;
    let known = state.accounts.get(&account)?;
    let mut shown = json!({
        "id": known.id,
        "username": known.username,
        "name": known.name,
        "state": known.state.as_str(),
        "access_level": role.access_level(),
    });
    if sees {
        let scim = state.identity_of(Scope::Group(group.id), account);
        let scim = scim
            .map(|one| json!({ "extern_uid": one.extern_uid, "group_id": group.id, "active": one.active }));
        let saml = state.saml_identity_of(group.id, account);
        let saml = saml.map(|one| json!({ "provider": "group_saml", "extern_uid": one.extern_uid }));
        shown["group_scim_identity"] = scim.unwrap_or_default();
        shown["group_saml_identity"] = saml.unwrap_or_default();
    }
    Some(shown)
}
