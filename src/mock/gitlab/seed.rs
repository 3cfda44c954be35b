//! Accounts, groups and links that are there from the beginning, or that a hook puts there.
//! Knows no request.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::instance::Instance;
use super::settings::scim_token;
use super::state::{
    Account, AccountId, AccountState, Address, Group, GroupId, Role, SamlLink, SamlProvider, Scope,
};
use super::tokens::Reach;

/// An account, with the identities and memberships that it is to have.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct AccountSeed {
    username: String,
    name: Option<String>,
    email: Option<String>,
    state: Option<String>,
    secondary_emails: Vec<AddressSeed>,
    admin: bool,
    instance_uid: Option<String>,
    instance_active: Option<bool>,
    /// Role by path of the group.
    member_of: BTreeMap<String, String>,
    /// extern_uid by path of the group.
    group_uid: BTreeMap<String, String>,
    /// Whether the identity is active, by path of the group.
    group_active: BTreeMap<String, bool>,
    saml_uid: BTreeMap<String, String>,
    /// The scope of a token of the REST API that it gets.
    access_token: Option<Reach>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum AddressSeed {
    Confirmed(String),
    Whole {
        value: String,
        #[serde(default)]
        confirmed: bool,
    },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupSeed {
    path: String,
    name: Option<String>,
    /// Whether it has a SAML provider; it has where nothing is said.
    saml: Option<bool>,
    enforced_sso: Option<bool>,
    default_role: Option<String>,
    domains: Option<Vec<String>>,
    /// Domains that it has proved to be its own.
    verified_domains: Option<Vec<String>>,
    member_limit: Option<usize>,
    /// Username of its owner.
    owner: Option<String>,
    scim_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkSeed {
    /// Path of the group.
    group: String,
    /// Name of the group at the identity provider.
    name: String,
    role: Option<String>,
}

/// Adds all that a list describes; the error is the place of the first that does not fit, and why.
pub fn load(instance: &mut Instance<'_>, elements: &[Value]) -> Result<(), (usize, String)> {
    for (index, element) in elements.iter().enumerate() {
        one(instance, element).map_err(|why| (index, why))?;
    }
    Ok(())
}

fn one(instance: &mut Instance<'_>, element: &Value) -> Result<(), String> {
    if element.get("username").is_some() {
        account(instance, element).map(drop)
    } else if element.get("path").is_some() {
        group(instance, element).map(drop)
    } else if element.get("group").is_some() {
        link(instance, element).map(drop)
    } else {
        Err("expected an account with `username`, a group with `path`, or a SAML link with `group` and `name`".to_owned())
    }
}

/// What a hook was given, in its type; the error names what does not fit.
pub fn parsed<T: DeserializeOwned>(with: &Value) -> Result<T, String> {
    serde_json::from_value(with.clone()).map_err(|error| error.to_string())
}

/// Makes an account.
pub fn account(instance: &mut Instance<'_>, with: &Value) -> Result<AccountId, String> {
    let seed: AccountSeed = parsed(with)?;
    let username = seed.username.trim().to_owned();
    if username.is_empty() {
        return Err("an account needs a `username`".to_owned());
    }
    let email = seed.email.clone().unwrap_or_else(|| format!("{username}@example.com"));
    if instance.state.account_by_username(&username).is_some() {
        return Err(format!("there is an account {username} already"));
    }
    if instance.state.account_by_address(&email).is_some() {
        return Err(format!("there is an account with the address {email} already"));
    }
    let mut account = Account::new(&username, seed.name.as_deref().unwrap_or(&username), &email);
    account.admin = seed.admin;
    if let Some(state) = &seed.state {
        account.state = AccountState::read(state)?;
    }
    let further = seed.secondary_emails.iter().map(|address| match address {
        AddressSeed::Confirmed(value) => Address { value: value.clone(), confirmed: true },
        AddressSeed::Whole { value, confirmed } => Address { value: value.clone(), confirmed: *confirmed },
    });
    account.further = further.collect();
    // Every group must be there before anything is kept.
    let named = seed.member_of.keys().chain(seed.group_uid.keys()).chain(seed.saml_uid.keys());
    for path in named {
        group_at(instance, path)?;
    }
    let roles: Result<Vec<Role>, String> = seed.member_of.values().map(|role| Role::read(role)).collect();
    roles?;
    let id = instance.state.add_account(account);
    match furnish(instance, id, &seed) {
        Ok(()) => {
            seed.access_token.into_iter().for_each(|reach| instance.tokens.grant(id, reach));
            Ok(id)
        }
        Err(why) => {
            instance.state.forget(id);
            Err(why)
        }
    }
}

/// Identities and memberships of an account.
fn furnish(instance: &mut Instance<'_>, id: AccountId, seed: &AccountSeed) -> Result<(), String> {
    let taken = |taken: super::state::Taken| taken.sentence().to_owned();
    if let Some(uid) = &seed.instance_uid {
        instance.state.add_identity(Scope::Instance, uid, id).map_err(taken)?;
        let active = seed.instance_active.unwrap_or(true);
        instance.state.change_identity(Scope::Instance, id, |identity| identity.active = active);
    }
    for (path, role) in &seed.member_of {
        let group = group_at(instance, path)?;
        instance.state.raise_member(group, id, Role::read(role)?);
    }
    for (path, uid) in &seed.group_uid {
        let scope = Scope::Group(group_at(instance, path)?);
        instance.state.add_identity(scope, uid, id).map_err(taken)?;
        let active = seed.group_active.get(path).copied().unwrap_or(true);
        instance.state.change_identity(scope, id, |identity| identity.active = active);
    }
    for (path, uid) in &seed.saml_uid {
        let group = group_at(instance, path)?;
        instance.state.set_saml_identity(group, id, uid);
    }
    Ok(())
}

/// The number of the group at a path.
pub fn group_at(instance: &Instance<'_>, path: &str) -> Result<GroupId, String> {
    instance.state.group_by_path(path).map(|group| group.id).ok_or_else(|| unknown_group(instance, path))
}

/// The sentence for a group that there is not.
pub fn unknown_group(instance: &Instance<'_>, path: &str) -> String {
    let known: Vec<&str> = instance.state.groups.values().map(|group| group.full_path.as_str()).collect();
    format!("there is no group `{path}`; there are {}", known.join(", "))
}

/// Makes a group, with SAML unless it says otherwise.
pub fn group(instance: &mut Instance<'_>, with: &Value) -> Result<GroupId, String> {
    let seed: GroupSeed = parsed(with)?;
    let path = seed.path.trim_matches('/');
    if path.is_empty() {
        return Err("a group needs a `path`".to_owned());
    }
    if instance.state.group_by_path(path).is_some() {
        return Err(format!("there is a group {path} already"));
    }
    let mut group = Group::new(path);
    if let Some(name) = seed.name {
        group.name = name;
    }
    if seed.saml.unwrap_or(true) {
        let default_role = seed.default_role.as_deref().map(Role::read).transpose()?.unwrap_or(Role::Guest);
        let enforced_sso = seed.enforced_sso.unwrap_or(false);
        group.saml = Some(SamlProvider { enabled: true, enforced_sso, default_role });
    }
    let random = uuid::Uuid::new_v4().simple().to_string();
    group.scim_token = Some(seed.scim_token.unwrap_or_else(|| scim_token(instance.version, &random)));
    group.scim_token_since = instance.now;
    group.domains = seed.domains.unwrap_or_default();
    group.verified_domains = seed.verified_domains.unwrap_or_default();
    group.member_limit = seed.member_limit;
    if let Some(owner) = seed.owner {
        let owner =
            instance.state.account_by_username(&owner).ok_or(format!("there is no account `{owner}`"))?;
        group.members.insert(owner.id, Role::Owner);
    }
    Ok(instance.state.add_group(group))
}

/// Links a group to one of the identity provider.
pub fn link(instance: &mut Instance<'_>, with: &Value) -> Result<SamlLink, String> {
    let seed: LinkSeed = parsed(with)?;
    let group = group_at(instance, &seed.group)?;
    let role = seed.role.as_deref().map(Role::read).transpose()?.unwrap_or(Role::Guest);
    let id = instance.state.next_id();
    let link = SamlLink { id, group, saml_group_name: seed.name, role, scim_group: None };
    instance.state.links.push(link.clone());
    Ok(link)
}
