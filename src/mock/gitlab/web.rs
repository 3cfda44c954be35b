//! What is answered outside of the APIs: pages for people who have not signed in, and the SCIM tokens that those who have generate.
//! Knows no SCIM resource.

use serde_json::json;

use super::instance::Instance;
use super::slips::Slip;
use super::state::{Account, Group, GroupId, Role};
use super::tokens::{Owner, SESSION};
use super::wire::Call;
use super::wire::reply::Reply;
use super::wire::route::Route;

/// Answers a request that belongs to neither API.
pub fn answer(instance: &mut Instance<'_>, route: &Route, call: &Call<'_>, scheme: &str) -> Reply {
    let owner = match (route, call.method()) {
        (Route::SignIn, "GET") => return Reply::page(200, "Sign in"),
        (Route::InstanceToken, "POST") => of_instance(instance, call, scheme),
        (Route::GroupToken(path), "POST") => of_group(instance, call, path),
        (_, "GET") => return to_sign_in(call, scheme),
        _ => Err(nothing()),
    };
    match (owner, instance.trouble.failure()) {
        (Ok(_), Some(why)) => Reply::json(422, json!({ "errors": [why] })),
        (Ok(owner), None) => Reply::json(200, instance.generate(owner, &call.origin(scheme))),
        (Err(refusal), _) => refusal,
    }
}

fn nothing() -> Reply {
    Reply::page(404, "Not found")
}

fn to_sign_in(call: &Call<'_>, scheme: &str) -> Reply {
    redirect(format!("{}/users/sign_in", call.origin(scheme)))
}

fn redirect(to: String) -> Reply {
    Reply::page(302, "Redirected").header("Location", to)
}

/// Only administrators generate the token of the instance, where the licence has SCIM for it; nobody else is told that this
/// can be done. Who has not entered admin mode, where that is asked for, is led to it.
fn of_instance(instance: &Instance<'_>, call: &Call<'_>, scheme: &str) -> Result<Owner, Reply> {
    let (account, in_admin_mode) = signed_in(instance, call)?;
    let may = account.admin || instance.has(Slip::AdministratorNotAsked);
    let licensed = instance.switches.licensed || instance.has(Slip::LicenceNotAsked);
    if !may || !licensed {
        return Err(nothing());
    }
    let enters_first = instance.switches.admin_mode && !instance.has(Slip::AdminModeNotAsked);
    match enters_first && !in_admin_mode {
        true => Err(redirect(format!("{}/admin/session/new", call.origin(scheme)))),
        false => Ok(Owner::Instance),
    }
}

/// Only owners generate the token of a group, which is a top-level one with SAML.
fn of_group(instance: &Instance<'_>, call: &Call<'_>, path: &str) -> Result<Owner, Reply> {
    let (account, _) = signed_in(instance, call)?;
    let has_scim = |group: &&Group| {
        !group.full_path.contains('/') && group.saml.is_some() && instance.switches.group_saml
    };
    let any = instance.has(Slip::TokenOfAnyGroup);
    let group = instance.state.group_by_path(path).filter(|group| any || has_scim(group));
    let owns = |id: GroupId| {
        instance.state.role_of(id, account.id) == Some(Role::Owner) || instance.has(Slip::OwnerNotChecked)
    };
    let id = group.map(|group| group.id).filter(|id| account.admin || owns(*id));
    id.map(Owner::Group).ok_or_else(nothing)
}

/// Whose session a request belongs to, and whether admin mode was entered in it. A request that does not repeat the session's CSRF
/// token is none of its pages'.
fn signed_in<'a>(instance: &'a Instance<'_>, call: &Call<'_>) -> Result<(&'a Account, bool), Reply> {
    let cookies = call.request.headers.get("Cookie").unwrap_or_default();
    let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
    let key = pairs.find(|(name, _)| *name == SESSION).map(|(_, key)| key);
    let session = key.and_then(|key| instance.tokens.session(key));
    if session.is_none() && instance.has(Slip::SessionNotAsked) {
        let administrator = instance.state.accounts.values().find(|account| account.admin);
        return administrator.map(|account| (account, true)).ok_or_else(nothing);
    }
    let session = session.ok_or_else(nothing)?;
    let csrf = call.request.headers.get("X-CSRF-Token").or_else(|| call.text("authenticity_token"));
    if csrf != Some(session.csrf.as_str()) {
        return Err(Reply::unsuitable());
    }
    let account = instance.state.accounts.get(&session.account);
    account.map(|account| (account, session.in_admin_mode)).ok_or_else(nothing)
}
