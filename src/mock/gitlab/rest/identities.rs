//! The identities of a group: their list, and one of them read, renamed, deleted.
//! Knows no SCIM resource; what is deleted here is gone for SCIM too.

use serde_json::{Value, json};

use crate::mock::gitlab::instance::Instance;
use crate::mock::gitlab::slips::Slip;
use crate::mock::gitlab::state::{AccountId, GroupId, Scope, Taken};
use crate::mock::gitlab::wire::Call;
use crate::mock::gitlab::wire::reply::Reply;
use crate::mock::gitlab::wire::route::Kind;

/// What is said of a SAML identity without a name.
const NO_NAME_ID: &str = "SAML NameID is missing from your SAML response. Please contact your administrator";

/// Answers what is asked of the identities of a group, or of the one that `uid` names.
pub fn answer(
    instance: &mut Instance<'_>,
    kind: Kind,
    group: GroupId,
    uid: Option<&str>,
    call: &Call<'_>,
) -> Result<Reply, Reply> {
    let Some(uid) = uid else { return list(instance, kind, group) };
    match call.method() {
        "PATCH" => rename(instance, kind, group, uid, call),
        "DELETE" => {
            let account = find(instance, kind, group, uid)?;
            delete(instance, kind, group, account);
            Ok(Reply::empty(204))
        }
        _ => find(instance, kind, group, uid)
            .map(|account| Reply::json(200, shown(instance, kind, group, account))),
    }
}

/// All of them, on one page.
fn list(instance: &Instance<'_>, kind: Kind, group: GroupId) -> Result<Reply, Reply> {
    let has_provider = instance.state.groups.get(&group).is_some_and(|group| group.saml.is_some());
    let accounts: Vec<AccountId> = match kind {
        Kind::Saml if !has_provider => return Err(Reply::message(400, "400 Bad request")),
        Kind::Saml => {
            let own = instance.state.saml_identities.iter().filter(|one| one.group == group);
            own.map(|one| one.account).collect()
        }
        Kind::Scim => {
            let own = instance.state.identities.iter().filter(|one| one.scope == Scope::Group(group));
            own.map(|one| one.account).collect()
        }
    };
    let all: Vec<Value> = accounts.into_iter().map(|account| shown(instance, kind, group, account)).collect();
    Ok(Reply::json(200, Value::Array(all)))
}

/// Whose identity it is: SCIM ignores case, SAML does not.
fn find(instance: &Instance<'_>, kind: Kind, group: GroupId, uid: &str) -> Result<AccountId, Reply> {
    let state = &*instance.state;
    let account = match kind {
        Kind::Scim => {
            let found = state.identity(Scope::Group(group), uid);
            found
                .filter(|one| one.extern_uid == uid || !instance.has(Slip::UidMindsCase))
                .map(|one| one.account)
        }
        Kind::Saml => {
            let other_case = || {
                let mut all = state.saml_identities.iter().filter(|_| instance.has(Slip::SamlUidIgnoresCase));
                all.find(|one| one.group == group && one.extern_uid.eq_ignore_ascii_case(uid))
            };
            state.saml_identity(group, uid).or_else(other_case).map(|one| one.account)
        }
    };
    account.ok_or_else(|| Reply::message(404, "404 Identity Not Found"))
}

fn shown(instance: &Instance<'_>, kind: Kind, group: GroupId, account: AccountId) -> Value {
    let state = &*instance.state;
    match kind {
        Kind::Scim => match state.identity_of(Scope::Group(group), account) {
            Some(one) => {
                json!({ "extern_uid": one.extern_uid, "user_id": one.account, "active": one.active })
            }
            None => Value::Null,
        },
        Kind::Saml => match state.saml_identity_of(group, account) {
            Some(one) => json!({ "extern_uid": one.extern_uid, "user_id": one.account }),
            None => Value::Null,
        },
    }
}

fn rename(
    instance: &mut Instance<'_>,
    kind: Kind,
    group: GroupId,
    uid: &str,
    call: &Call<'_>,
) -> Result<Reply, Reply> {
    let wanted = match call.params.get("extern_uid") {
        None => return Err(Reply::error(400, "extern_uid is missing")),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) => String::new(),
        Some(Value::Array(_) | Value::Object(_)) => return Err(Reply::error(400, "extern_uid is invalid")),
        Some(scalar) => scalar.to_string(),
    };
    let account = find(instance, kind, group, uid)?;
    let renamed = match kind {
        Kind::Scim => rename_scim(instance, group, account, &wanted),
        Kind::Saml => rename_saml(instance, group, account, &wanted),
    };
    match renamed {
        Ok(()) => Ok(Reply::json(200, shown(instance, kind, group, account))),
        Err(told) => Err(Reply::message(400, told)),
    }
}

fn rename_scim(
    instance: &mut Instance<'_>,
    group: GroupId,
    account: AccountId,
    wanted: &str,
) -> Result<(), &'static str> {
    let scope = Scope::Group(group);
    instance.state.rename_identity(scope, account, wanted).map_err(Taken::sentence)
}

fn rename_saml(
    instance: &mut Instance<'_>,
    group: GroupId,
    account: AccountId,
    wanted: &str,
) -> Result<(), &'static str> {
    if wanted.trim().is_empty() {
        return Err(NO_NAME_ID);
    }
    let taken = instance.state.saml_identity(group, wanted).is_some_and(|other| other.account != account);
    if taken {
        return Err(Taken::ExternUid.sentence());
    }
    let distrusts = instance.version.distrusts_changed_saml() || instance.has(Slip::ChangedSamlIsDistrusted);
    let distrusts = distrusts && !instance.has(Slip::ChangedSamlStaysTrusted);
    let mut all = instance.state.saml_identities.iter_mut();
    if let Some(one) = all.find(|one| one.group == group && one.account == account) {
        if distrusts && one.extern_uid != wanted {
            one.trusted = false;
        }
        wanted.clone_into(&mut one.extern_uid);
    }
    Ok(())
}

/// Forgets the identity; account and membership stay.
fn delete(instance: &mut Instance<'_>, kind: Kind, group: GroupId, account: AccountId) {
    if instance.has(Slip::DeleteOnlyDeactivates) {
        instance.state.change_identity(Scope::Group(group), account, |one| one.active = false);
        return;
    }
    match kind {
        Kind::Scim => instance.state.drop_identity(Scope::Group(group), account),
        Kind::Saml => instance.state.drop_saml_identity(group, account),
    }
    if instance.has(Slip::DeleteRemovesMember) {
        instance.state.remove_member(group, account);
    }
}
