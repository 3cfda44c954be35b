//! Accounts as the REST API shows them to administrators, and blocking them.
//! Knows no SCIM resource.

use serde_json::{Value, json};

use super::Caller;
use crate::mock::gitlab::instance::Instance;
use crate::mock::gitlab::slips::Slip;
use crate::mock::gitlab::state::{Account, AccountState, Identity, Scope};
use crate::mock::gitlab::wire::Call;
use crate::mock::gitlab::wire::reply::Reply;

/// One account.
pub fn show(instance: &Instance<'_>, caller: Caller, id: &str) -> Result<Reply, Reply> {
    find(instance, id).map(|account| Reply::json(200, of(instance, account, caller.admin)))
}

fn find<'a>(instance: &'a Instance<'_>, id: &str) -> Result<&'a Account, Reply> {
    let id: u64 = id.parse().map_err(|_| Reply::error(400, "id is invalid"))?;
    instance.state.accounts.get(&id).ok_or_else(|| Reply::message(404, "404 User Not Found"))
}

/// Those of a username, of an address, or of an identity of SCIM; a hundred at most.
pub fn list(instance: &Instance<'_>, caller: Caller, call: &Call<'_>) -> Result<Reply, Reply> {
    let state = &*instance.state;
    let by_uid = |account: &Account, uid: &str| {
        state
            .identities
            .iter()
            .any(|one| one.account == account.id && one.extern_uid.eq_ignore_ascii_case(uid))
    };
    let provider = call.text("provider");
    let wanted = |account: &&Account| {
        call.text("username").is_none_or(|name| account.username.eq_ignore_ascii_case(name))
            && call.text("search").is_none_or(|text| {
                account.username.eq_ignore_ascii_case(text) || account.email.eq_ignore_ascii_case(text)
            })
            && call.text("extern_uid").is_none_or(|uid| provider == Some("scim") && by_uid(account, uid))
    };
    let all: Vec<Value> =
        state.accounts.values().filter(wanted).take(100).map(|one| of(instance, one, caller.admin)).collect();
    Ok(Reply::json(200, Value::Array(all)))
}

fn of(instance: &Instance<'_>, account: &Account, for_admin: bool) -> Value {
    let mut shown = json!({
        "id": account.id,
        "username": account.username,
        "name": account.name,
        "state": account.state.as_str(),
    });
    if for_admin {
        shown["email"] = account.email.as_str().into();
        shown["is_admin"] = account.admin.into();
        if instance.version.reads_single_identity() {
            let own = instance.state.identities.iter().filter(|one| one.account == account.id);
            shown["scim_identities"] = own.map(identity).collect();
        }
    }
    shown
}

fn identity(identity: &Identity) -> Value {
    let group = match identity.scope {
        Scope::Group(group) => Some(group),
        Scope::Instance => None,
    };
    json!({ "extern_uid": identity.extern_uid, "group_id": group, "active": identity.active })
}

/// Blocks an account or lifts that; one that the identity provider has blocked is not the API's to change.
pub fn bar(instance: &mut Instance<'_>, caller: Caller, id: &str, how: &str) -> Result<Reply, Reply> {
    if !caller.admin {
        return Err(Reply::message(403, "403 Forbidden"));
    }
    let (id, state) = find(instance, id).map(|account| (account.id, account.state))?;
    let next = match (how, state) {
        ("block", AccountState::LdapBlocked) if !instance.has(Slip::ProvidersBlockIsChanged) => {
            return Err(Reply::message(
                403,
                "403 Forbidden - LDAP blocked users cannot be modified by the API",
            ));
        }
        ("unblock", AccountState::LdapBlocked) => {
            return Err(Reply::message(
                403,
                "403 Forbidden - LDAP blocked users cannot be unblocked by the API",
            ));
        }
        ("block", _) => AccountState::Blocked,
        _ => AccountState::Active,
    };
    if let Some(account) = instance.state.accounts.get_mut(&id) {
        account.state = next;
    }
    Ok(Reply::json(201, json!(true)))
}
