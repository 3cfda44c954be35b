//! The parts of the REST API that have to do with provisioning: identities, accounts, members.
//! Knows no SCIM resource.

mod accounts;
mod identities;
mod members;
mod tokens;

use super::access::{self, Caller};
use super::instance::Instance;
use super::slips::Slip;
use super::state::{Group, Role};
use super::wire::Call;
use super::wire::reply::Reply;
use super::wire::route::Route;

/// The answer of an endpoint of the REST API.
pub fn answer(instance: &mut Instance<'_>, route: &Route, call: &Call<'_>) -> Result<Reply, Reply> {
    let has_method = route.methods(instance.version).contains(&call.method());
    if !has_method || matches!(route, Route::Elsewhere { .. }) {
        return Err(Reply::error(404, "404 Not Found"));
    }
    let caller = access::rest_caller(instance, call)?;
    match route {
        Route::Identities { kind, group, uid } => {
            let group = owned(instance, caller, group)?.id;
            identities::answer(instance, *kind, group, uid.as_deref(), call)
        }
        Route::Accounts => accounts::list(instance, caller, call),
        Route::Account(id) => accounts::show(instance, caller, id),
        Route::Bar { account, how } => accounts::bar(instance, caller, account, how),
        Route::AdminToken => tokens::answer(instance, caller, call),
        Route::Members { group, account } => members::answer(instance, caller, group, account.as_deref()),
        _ => Err(Reply::error(404, "404 Not Found")),
    }
}

/// A group that the caller can see.
fn visible<'a>(instance: &'a Instance<'_>, caller: Caller, reference: &str) -> Result<&'a Group, Reply> {
    let group = instance.state.group_by_reference(reference);
    let sees = |group: &&Group| {
        let member = group.members.contains_key(&caller.account);
        caller.admin || member || instance.has(Slip::HiddenGroupsTold)
    };
    group.filter(sees).ok_or_else(|| Reply::message(404, "404 Group Not Found"))
}

/// Whether the caller has all rights in a group.
fn owns(caller: Caller, group: &Group) -> bool {
    caller.admin || group.members.get(&caller.account) == Some(&Role::Owner)
}

/// A group in which the caller has all rights.
fn owned<'a>(instance: &'a Instance<'_>, caller: Caller, reference: &str) -> Result<&'a Group, Reply> {
    let group = visible(instance, caller, reference)?;
    match owns(caller, group) || instance.has(Slip::OwnerNotChecked) {
        true => Ok(group),
        false => Err(Reply::message(403, "403 Forbidden")),
    }
}
