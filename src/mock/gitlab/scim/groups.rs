//! Groups of the instance: names that SAML group links have, under the id that the identity provider gives them.
//! Makes and deletes no GitLab group.

use serde_json::{Value, json};

use super::groups_check::{Required, integer, required};
use super::list::{Page, list_response};
use super::{groups_change, groups_check, no_failure};
use crate::mock::gitlab::instance::Instance;
use crate::mock::gitlab::slips::Slip;
use crate::mock::gitlab::state::{SamlLink, Scope};
use crate::mock::gitlab::wire::Call;
use crate::mock::gitlab::wire::reply::Reply;
use crate::scim::urn;

/// The answer of an endpoint below `/Groups`.
pub fn answer(instance: &mut Instance<'_>, group: Option<&str>, call: &Call<'_>) -> Result<Reply, Reply> {
    let Some(id) = group else {
        return if call.method() == "POST" { label(instance, call) } else { list(instance, call) };
    };
    match call.method() {
        "PATCH" => {
            required(&call.params, &[Required::List("schemas"), Required::List("Operations")])?;
            groups_check::operations(&call.params, instance.slips)?;
            let id = known(instance, id)?;
            groups_change::patch(instance, &id, &call.params)
        }
        "PUT" => {
            required(&call.params, &[Required::List("schemas"), Required::Text("displayName")])?;
            let id = known(instance, id)?;
            groups_change::replace(instance, &id, &call.params)?;
            Ok(Reply::json(200, of(instance, &id, Members::Left)))
        }
        "DELETE" => {
            let id = known(instance, id)?;
            no_failure(instance)?;
            groups_change::delete(instance, &id);
            Ok(Reply::empty(204))
        }
        _ => known(instance, id).map(|id| Reply::json(200, of(instance, &id, Members::Shown))),
    }
}

/// The id of a SCIM group that a link has, as it is stored.
fn known(instance: &Instance<'_>, id: &str) -> Result<String, Reply> {
    let mut ids = instance.state.links.iter().filter_map(|link| link.scim_group.as_ref());
    let found = ids.find(|known| known.eq_ignore_ascii_case(id)).cloned();
    found.ok_or_else(|| Reply::scim_error(404, &format!("Group {id} not found")))
}

/// Whether `members` is in a representation, and filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Members {
    Shown,
    Empty,
    Left,
}

/// The Group resource of a SCIM group.
pub fn of(instance: &Instance<'_>, id: &str, members: Members) -> Value {
    let name = instance.state.links.iter().find(|link| link.scim_group.as_deref() == Some(id));
    let name = name.map(|link| link.saml_group_name.as_str()).unwrap_or_default();
    let mut group = json!({ "schemas": [urn::GROUP], "id": id, "displayName": name });
    match members {
        Members::Left => {}
        Members::Shown if instance.version.shows_membership() || instance.has(Slip::MembersShown) => {
            group["members"] = members_of(instance, id);
        }
        Members::Shown | Members::Empty => group["members"] = json!([]),
    }
    group["meta"] = json!({ "resourceType": "Group" });
    group
}

/// Members with an identity in the instance.
fn members_of(instance: &Instance<'_>, id: &str) -> Value {
    let state = &*instance.state;
    let entry = |(_, account): &(String, u64)| {
        let identity =
            state.identity_of(Scope::Instance, *account).map(|identity| identity.extern_uid.as_str());
        let value = identity.or_else(|| instance.has(Slip::UnidentifiedMembersShown).then_some(""))?;
        let name = &state.accounts.get(account)?.name;
        Some(json!({ "value": value, "display": name, "type": "User" }))
    };
    state.scim_members.iter().filter(|(group, _)| group == id).filter_map(entry).collect()
}

/// Gives the links of a name the id of a SCIM group.
fn label(instance: &mut Instance<'_>, call: &Call<'_>) -> Result<Reply, Reply> {
    let must_have_id = !instance.version.has_all_of_groups();
    let wanted = [Required::Text("displayName"), Required::Text("externalId")];
    required(&call.params, if must_have_id { &wanted } else { &wanted[..1] })?;
    let text = |name: &str| call.params.get(name).map(plain);
    let name = text("displayName").unwrap_or_default();
    let given = text("externalId");
    let missing: Vec<&str> = [
        (name.trim().is_empty(), ":saml_group_name"),
        (given.as_ref().is_some_and(|id| id.trim().is_empty()), ":scim_group_uid"),
    ]
    .into_iter()
    .filter_map(|(is_missing, name)| is_missing.then_some(name))
    .collect();
    if !missing.is_empty() {
        return Err(Reply::scim_error(412, &format!("Missing params: [{}]", missing.join(", "))));
    }
    let id = match given {
        Some(given) if !is_uuid(&given) => {
            return Err(Reply::scim_error(412, "Invalid UUID for scim_group_uid"));
        }
        Some(given) => given.to_ascii_lowercase(),
        None => uuid::Uuid::new_v4().to_string(),
    };
    if !instance.state.links.iter().any(|link| link.saml_group_name == name) {
        return unlinked(instance, &id, &name);
    }
    let labelled =
        instance.state.links.iter().any(|link| link.saml_group_name == name && link.scim_group.is_some());
    if labelled && instance.has(Slip::RelabelConflicts) {
        return Err(Reply::scim_error(409, "Group has already been taken"));
    }
    for link in instance.state.links.iter_mut().filter(|link| link.saml_group_name == name) {
        link.scim_group = Some(id.clone());
    }
    Ok(Reply::json(201, of(instance, &id, Members::Empty)))
}

fn unlinked(instance: &Instance<'_>, id: &str, name: &str) -> Result<Reply, Reply> {
    if !instance.has(Slip::UnlinkedGroupCreated) {
        return Err(Reply::scim_error(412, &format!("No matching SAML group found with name: {name}")));
    }
    let mut group = of(instance, id, Members::Empty);
    group["displayName"] = name.into();
    Ok(Reply::json(201, group))
}

/// A scalar as text; null as none.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// Answers a query: one entry for each link.
fn list(instance: &Instance<'_>, call: &Call<'_>) -> Result<Reply, Reply> {
    integer(&call.params, "count")?;
    let start = integer(&call.params, "startIndex")?;
    let name = match call.text("filter").filter(|filter| !filter.trim().is_empty()) {
        None => None,
        Some(filter) => {
            Some(wanted_name(filter).ok_or_else(|| Reply::scim_error(412, "Unsupported Filter"))?)
        }
    };
    let wanted = |link: &&SamlLink| name.as_ref().is_none_or(|name| link.saml_group_name == *name);
    let links = instance.state.links.iter().filter(wanted).filter_map(|link| link.scim_group.as_deref());
    let mut ids: Vec<&str> = links.collect();
    if instance.has(Slip::LinksListedOnce) {
        ids.dedup();
    }
    let excluded = call.text("excludedAttributes").unwrap_or_default();
    let excludes = excluded.split(',').any(|attribute| attribute.trim().eq_ignore_ascii_case("members"));
    let members = if excludes { Members::Left } else { Members::Shown };
    let page = Page::of(call.params.get("startIndex"), call.params.get("count"), instance);
    let shown = ids.iter().skip(page.offset).take(page.size);
    let resources = shown.map(|id| of(instance, id, members)).collect();
    let start = json!(start.unwrap_or(1));
    Ok(Reply::json(200, list_response(ids.len(), page.size, start, resources)))
}

/// The name in `displayName eq "X"`, wherever that stands; attribute and operator in any case.
fn wanted_name(filter: &str) -> Option<String> {
    let lower = filter.to_ascii_lowercase();
    let mut from = 0;
    while let Some(found) = lower.get(from..)?.find("displayname") {
        let start = from + found + "displayname".len();
        from = start;
        let Some(rest) = filter.get(start..).and_then(after_space) else { continue };
        let Some((operator, rest)) = rest.split_at_checked(2) else { continue };
        if !operator.eq_ignore_ascii_case("eq") {
            continue;
        }
        let Some(rest) = after_space(rest) else { continue };
        for quote in ['"', '\''] {
            if let Some((name, _)) = rest.strip_prefix(quote).and_then(|rest| rest.split_once(quote)) {
                return Some(name.to_owned());
            }
        }
    }
    None
}

/// What follows at least one space.
fn after_space(text: &str) -> Option<&str> {
    let rest = text.trim_start();
    (rest.len() < text.len()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_anywhere_in_a_filter() {
        for filter in ["displayName eq \"A b\"", "DISPLAYNAME EQ 'A b'", "x and displayname eq \"A b\" or y"]
        {
            assert_eq!(wanted_name(filter).as_deref(), Some("A b"), "{filter}");
        }
        for filter in
            ["externalId eq \"A\"", "id eq \"A\"", "displayName co \"A\"", "displayName eq A", "displayName"]
        {
            assert_eq!(wanted_name(filter), None, "{filter}");
        }
    }

    #[test]
    fn a_uuid_has_its_form_in_either_case() {
        assert!(
            is_uuid("5d0c1f7e-2a44-4d57-9a0e-6f2f0c9b1a31")
                && is_uuid("5D0C1F7E-2A44-4D57-9A0E-6F2F0C9B1A31")
        );
        for no in ["", "5d0c1f7e", "5d0c1f7e-2a44-4d57-9a0e-6f2f0c9b1a3g", "5d0c1f7e2a444d579a0e6f2f0c9b1a31"]
        {
            assert!(!is_uuid(no), "{no}");
        }
    }
}
