//! Finding identities: one by its id, all of a filter, and a page of them.
//! Changes nothing.

use serde_json::{Value, json};

use super::filter::{self, Wanted};
use super::user;
use crate::mock::gitlab::instance::Instance;
use crate::mock::gitlab::slips::Slip;
use crate::mock::gitlab::state::{Identity, Scope};
use crate::mock::gitlab::wire::Call;
use crate::mock::gitlab::wire::reply::Reply;
use crate::scim::urn;

/// Entries of a page where nothing is asked.
const PAGE: usize = 20;
/// Entries of a page at most.
const LONGEST_PAGE: usize = 100;

/// The identity that a path names.
pub fn find(instance: &Instance<'_>, scope: Scope, id: &str) -> Result<Identity, Reply> {
    let minds_case = instance.has(Slip::ExternUidMindsCase);
    let found = instance.state.identity(scope, id).filter(|one| !minds_case || one.extern_uid == id);
    found.cloned().ok_or_else(|| Reply::scim_error(404, &format!("Resource {id} not found")))
}

/// Answers a query for users.
pub fn list(instance: &Instance<'_>, scope: Scope, call: &Call<'_>) -> Result<Reply, Reply> {
    let wanted = match filter::read(call.text("filter")) {
        Wanted::Unsupported if instance.has(Slip::UnknownFilterListsAll) => Wanted::All,
        wanted => wanted,
    };
    let found: Vec<&Identity> = match wanted {
        Wanted::Unsupported => return Err(Reply::scim_error(412, "Unsupported Filter")),
        Wanted::Unknown => return Err(Reply::unsuitable()),
        Wanted::All => visible(instance, scope).collect(),
        Wanted::ExternUid(uid) => {
            visible(instance, scope).filter(|one| is_uid(instance, one, &uid)).collect()
        }
        Wanted::Username(name) => by_username(instance, scope, &name),
    };
    let page = Page::of(call.params.get("startIndex"), call.params.get("count"), instance);
    let shown = found.iter().skip(page.offset).take(page.size);
    let resources = shown.map(|one| user::of(instance, one, user::Shown::WithGroups)).collect();
    // The parameter comes back as it was sent, so it is a text.
    let echo = call.params.get("startIndex").filter(|value| **value != "").cloned();
    Ok(Reply::json(200, list_response(found.len(), page.size, echo.unwrap_or_else(|| json!(1)), resources)))
}

/// A ListResponse.
pub fn list_response(total: usize, size: usize, start: Value, resources: Vec<Value>) -> Value {
    json!({
        "schemas": [urn::LIST_RESPONSE],
        "totalResults": total,
        "itemsPerPage": size,
        "startIndex": start,
        "Resources": resources,
    })
}

/// The identities that a query chooses among: those that are inactive, and of former members, are there too.
fn visible<'a>(instance: &'a Instance<'_>, scope: Scope) -> impl Iterator<Item = &'a Identity> {
    let state = &*instance.state;
    let provider = match scope {
        Scope::Group(group) => state.groups.get(&group).and_then(|group| group.saml.as_ref()),
        Scope::Instance => None,
    };
    let disabled = provider.is_some_and(|saml| !saml.enabled);
    // Up to 17.5 one table held all identities, and the list of the instance was all of it.
    let shows_all = scope == Scope::Instance
        && !instance.version.separates_identities()
        && !instance.has(Slip::ListHidesGroupIdentities);
    let of_scope = move |one: &&Identity| !disabled && (shows_all || one.scope == scope);
    let hides_inactive = instance.has(Slip::ListHidesInactive);
    let hides_former = instance.has(Slip::ListHidesFormerMembers);
    let is_former = move |one: &Identity| match one.scope {
        Scope::Group(group) => !state.is_member(group, one.account),
        Scope::Instance => false,
    };
    let hidden = move |one: &Identity| (hides_inactive && !one.active) || (hides_former && is_former(one));
    state.identities.iter().filter(of_scope).filter(move |one| !hidden(one))
}

fn is_uid(instance: &Instance<'_>, identity: &Identity, uid: &str) -> bool {
    let same = identity.extern_uid.to_lowercase() == uid.to_lowercase();
    same && (!instance.has(Slip::FilterMindsCase) || identity.extern_uid == uid)
}

/// First by extern_uid, then by username, and for what looks like an address by that and by what stands before its
/// at sign.
fn by_username<'a>(instance: &'a Instance<'_>, scope: Scope, name: &str) -> Vec<&'a Identity> {
    let is_uid = |one: &&Identity| !instance.has(Slip::UsernameIsNoExternUid) && is_uid(instance, one, name);
    let by_uid: Vec<&Identity> = visible(instance, scope).filter(is_uid).collect();
    if !by_uid.is_empty() || instance.has(Slip::FilterIgnoresUsername) {
        return by_uid;
    }
    let state = &*instance.state;
    let minds_case = instance.has(Slip::FilterMindsCase);
    let by_name =
        |name: &str| state.account_by_username(name).filter(|one| !minds_case || one.username == name);
    let local =
        name.split_once('@').map(|(local, _)| local).filter(|_| !instance.has(Slip::FilterIgnoresAddress));
    let account = by_name(name)
        .or_else(|| local.and_then(|_| state.account_by_address(name)))
        .or_else(|| local.and_then(by_name));
    let Some(account) = account.map(|account| account.id) else { return Vec::new() };
    visible(instance, scope).filter(|one| one.account == account).collect()
}

/// Which part of a list is shown.
#[derive(Debug, PartialEq, Eq)]
pub struct Page {
    pub offset: usize,
    pub size: usize,
}

impl Page {
    /// Reads `startIndex` and `count` as Ruby reads numbers: what is none is 0.
    pub fn of(start: Option<&Value>, count: Option<&Value>, instance: &Instance<'_>) -> Self {
        let is_zero = count.is_some_and(|count| *count == "0" || *count == 0);
        let (start, count) = (number(start), number(count));
        let most = if instance.has(Slip::PagesAreUnbounded) { usize::MAX } else { LONGEST_PAGE };
        let first = if instance.has(Slip::StartIndexFromZero) { 0 } else { 1 };
        let offset = usize::try_from(start.saturating_sub(first)).unwrap_or(0);
        let size = match usize::try_from(count) {
            Ok(0) if is_zero && instance.has(Slip::CountZeroIsEmpty) => 0,
            Ok(0) | Err(_) => PAGE,
            Ok(size) => size.min(most),
        };
        Self { offset, size }
    }
}

/// The number at the beginning of a text; 0 where there is none.
fn number(value: Option<&Value>) -> i64 {
    let text = match value {
        Some(Value::String(text)) => text.trim_start(),
        Some(Value::Number(number)) => return number.as_i64().unwrap_or(0),
        _ => return 0,
    };
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits: String = digits.chars().take_while(char::is_ascii_digit).collect();
    match digits.is_empty() {
        true => 0,
        false => digits.parse::<i64>().unwrap_or(i64::MAX).saturating_mul(sign),
    }
}
