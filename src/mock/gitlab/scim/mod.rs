//! The SCIM APIs of the instance and of groups: what is asked before an endpoint is reached, and in which order.
//! Knows no attribute.

mod attributes;
mod create;
mod create_in_group;
mod end;
mod filter;
mod groups;
mod groups_change;
mod groups_check;
mod list;
mod patch;
mod user;

use super::access;
use super::instance::Instance;
use super::slips::Slip;
use super::state::{GroupId, Scope};
use super::wire::Call;
use super::wire::reply::Reply;
use super::wire::route::Route;

/// The answer of a SCIM endpoint.
pub fn answer(instance: &mut Instance<'_>, route: &Route, call: &Call<'_>) -> Result<Reply, Reply> {
    match route {
        Route::InstanceUsers(user) => {
            check_instance(instance, call, false)?;
            offers(instance, route, call)?;
            users(instance, Place::INSTANCE, user.as_deref(), call)
        }
        Route::InstanceGroups(group) => {
            check_instance(instance, call, true)?;
            offers(instance, route, call)?;
            groups::answer(instance, group.as_deref(), call)
        }
        Route::GroupUsers { group, user } => {
            let id = check_group(instance, call, group)?;
            offers(instance, route, call)?;
            users(instance, Place { scope: Scope::Group(id), group: Some(group) }, user.as_deref(), call)
        }
        _ => Err(Reply::not_found()),
    }
}

/// Where users are: in the instance, or in a group that the path names.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    scope: Scope,
    /// As the path names it.
    group: Option<&'a str>,
}

impl Place<'_> {
    const INSTANCE: Self = Self { scope: Scope::Instance, group: None };
}

/// Whether the instance offers SCIM, and to whom. Up to 18.2 the token was looked at last.
fn check_instance(instance: &Instance<'_>, call: &Call<'_>, groups: bool) -> Result<(), Reply> {
    let switches = &*instance.switches;
    // The flag is gone since 18.6.
    let has_flag = !instance.version.has_all_of_groups() && !instance.has(Slip::FlagNotAsked);
    if groups && has_flag && !switches.scim_group_sync {
        return Err(Reply::not_found());
    }
    let token_first = instance.version.checks_token_first() || instance.has(Slip::TokenAskedFirst);
    if token_first {
        access::check_instance(instance, call)?;
    }
    if switches.saas && !instance.has(Slip::SaasNotAsked) {
        return Err(Reply::not_found());
    }
    let unlicensed = !switches.licensed && !instance.has(Slip::LicenceNotAsked);
    if unlicensed && instance.has(Slip::LicenceAskedBeforeSaml) {
        return Err(Reply::not_found());
    }
    if !switches.instance_saml && !instance.has(Slip::SamlNotAsked) {
        return Err(Reply::message(403, "403 Forbidden - SAML not enabled."));
    }
    if unlicensed {
        return Err(Reply::not_found());
    }
    if token_first { Ok(()) } else { access::check_instance(instance, call) }
}

/// Whether the group has SCIM, and whether the token is its own.
fn check_group(instance: &Instance<'_>, call: &Call<'_>, reference: &str) -> Result<GroupId, Reply> {
    if !instance.switches.group_saml && !instance.has(Slip::SamlNotAsked) {
        return Err(Reply::message(403, "403 Forbidden - Group SAML not enabled."));
    }
    let group = match instance.has(Slip::NumericGroupIsPath) {
        true => instance.state.group_by_path(reference),
        false => instance.state.group_by_reference(reference),
    };
    let group = group.ok_or_else(|| Reply::scim_error(404, &format!("Group {reference} not found")))?;
    if group.saml.is_none() {
        let told = format!("Group {reference} does not have SAML SSO configured");
        return Err(Reply::scim_error(404, &told));
    }
    access::check_group(instance, call, group)?;
    Ok(group.id)
}

/// Answers for a change that fails inside: the text of the exception becomes the detail of an error.
fn no_failure(instance: &mut Instance<'_>) -> Result<(), Reply> {
    match instance.trouble.failure() {
        Some(_) if instance.has(Slip::ExceptionsEscape) => Err(Reply::broken()),
        Some(why) => Err(Reply::scim_error(412, &why)),
        None => Ok(()),
    }
}

/// Refuses methods that the endpoint does not have, and answers OPTIONS.
fn offers(instance: &Instance<'_>, route: &Route, call: &Call<'_>) -> Result<(), Reply> {
    let allow = || route.allow(instance.version);
    match call.method() {
        "OPTIONS" => Err(Reply::empty(204).header("Allow", allow())),
        method if route.methods(instance.version).contains(&method) => Ok(()),
        _ => Err(Reply::error(405, "405 Not Allowed").header("Allow", allow())),
    }
}

fn users(
    instance: &mut Instance<'_>,
    place: Place<'_>,
    user: Option<&str>,
    call: &Call<'_>,
) -> Result<Reply, Reply> {
    match (user, call.method()) {
        (None, "POST") => match place.scope {
            Scope::Instance => create::create(instance, call),
            Scope::Group(group) => create_in_group::create(instance, group, &place, call),
        },
        (None, _) => list::list(instance, place.scope, call),
        (Some(id), method) => {
            let identity = list::find(instance, place.scope, id)?;
            if matches!(method, "PATCH" | "DELETE") {
                no_failure(instance)?;
            }
            match method {
                "PATCH" => patch::patch(instance, &place, &identity, id, call),
                "DELETE" => end::delete(instance, &identity),
                _ => user::show(instance, &identity, user::Shown::WithGroups),
            }
        }
    }
}
