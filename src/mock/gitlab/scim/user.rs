//! The User resource as GitLab shows it: id is the identity provider's own, and names are split at spaces.
//! Decides nothing.

use serde_json::{Value, json};

use crate::mock::gitlab::instance::Instance;
use crate::mock::gitlab::slips::Slip;
use crate::mock::gitlab::state::{Account, Identity, Scope};
use crate::mock::gitlab::wire::reply::Reply;
use crate::scim::urn;

/// Whether `groups` is shown where the version has it: in the answer to a create it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    WithGroups,
    WithoutGroups,
}

/// 200 with a user.
pub fn show(instance: &Instance<'_>, identity: &Identity, shown: Shown) -> Result<Reply, Reply> {
    Ok(Reply::json(200, of(instance, identity, shown)))
}

/// The user of an identity.
pub fn of(instance: &Instance<'_>, identity: &Identity, shown: Shown) -> Value {
    let state = &*instance.state;
    let nobody = Account::new("", "", "");
    let account = state.accounts.get(&identity.account).unwrap_or(&nobody);
    let mut user = json!({
        "schemas": [urn::USER],
        "id": identity.extern_uid,
        "active": identity.active,
        "emails": [{ "type": "work", "value": account.email, "primary": true }],
        "name": name(&account.name),
        "meta": { "resourceType": "User" },
        "userName": account.username,
    });
    let shows_groups = instance.version.shows_membership() && identity.scope == Scope::Instance;
    if shows_groups && shown == Shown::WithGroups {
        user["groups"] = groups(instance, identity).into();
    }
    user
}

fn name(name: &str) -> Value {
    let words: Vec<&str> = name.split_whitespace().collect();
    let (given, family) =
        words.split_first().map_or(("", String::new()), |(first, rest)| (*first, rest.join(" ")));
    json!({ "formatted": name, "givenName": given, "familyName": family })
}

/// One entry for each SCIM group that has a link.
fn groups(instance: &Instance<'_>, identity: &Identity) -> Vec<Value> {
    let state = &*instance.state;
    let unlinked = instance.has(Slip::UnlinkedGroupsShown);
    let own = state.scim_members.iter().filter(|(_, account)| *account == identity.account);
    let entry = |(group, _): &(String, u64)| {
        let link = state.links.iter().find(|link| link.scim_group.as_ref() == Some(group));
        let name = link.map(|link| link.saml_group_name.as_str()).or_else(|| unlinked.then_some(""))?;
        Some(json!({ "value": group, "display": name, "type": "direct" }))
    };
    let once: Vec<Value> = own.filter_map(entry).collect();
    if !instance.has(Slip::GroupShownForEachLink) {
        return once;
    }
    let links_of = |group: &Value| {
        let id = group["value"].as_str();
        state.links.iter().filter(|link| link.scim_group.as_deref() == id).count()
    };
    once.iter().flat_map(|group| std::iter::repeat_n(group.clone(), links_of(group))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_split_at_its_first_space() {
        for (full, given, family) in
            [("Mira Holt", "Mira", "Holt"), ("Cher", "Cher", ""), ("Ana de la Cruz", "Ana", "de la Cruz")]
        {
            assert_eq!(name(full), json!({ "formatted": full, "givenName": given, "familyName": family }));
        }
    }
}
