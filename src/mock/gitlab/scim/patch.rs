//! PATCH of a user: which operations GitLab heeds, and the one thing that it then does.
//! Knows nothing of how a user is deprovisioned.

use serde_json::Value;

use super::Place;
use super::attributes::text;
use super::end::{self, Pending};
use crate::mock::gitlab::instance::Instance;
use crate::mock::gitlab::slips::{Slip, Slips};
use crate::mock::gitlab::state::{AccountState, Identity};
use crate::mock::gitlab::wire::reply::Reply;
use crate::mock::gitlab::wire::{Call, Params};

/// What all operations of a request come to, the later one in the place of the earlier.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Changes {
    active: Option<bool>,
    extern_uid: Option<String>,
    /// Attributes that GitLab takes and does not change.
    name: Option<String>,
    email: Option<String>,
    username: Option<String>,
}

/// Answers a PATCH of the user at `id`.
pub fn patch(
    instance: &mut Instance<'_>,
    place: &Place<'_>,
    identity: &Identity,
    id: &str,
    call: &Call<'_>,
) -> Result<Reply, Reply> {
    let changes = Changes::read(&call.params, instance.slips)?;
    let failed = |instance: &Instance<'_>| {
        let account = instance.state.accounts.get(&identity.account);
        let name = account.map(|account| account.name.as_str()).unwrap_or_default();
        let params = place.dump(&call.params, Some(id), instance);
        Reply::scim_error(412, &format!("Error updating {name} with {params}"))
    };
    let renames_pending = changes.extern_uid.is_some() && end::is_pending(instance, identity);
    if renames_pending && instance.has(Slip::PendingKeepsExternUid) {
        return Err(Reply::scim_error(409, end::PENDING));
    }
    slipped(instance, identity, &changes);
    // Up to 19.0 anything but a deactivation brought an inactive user back.
    let explicitly = instance.version.reactivates_explicitly() || instance.has(Slip::OnlyActiveReactivates);
    let by_any_patch = !explicitly || instance.has(Slip::AnyPatchReactivates);
    if changes.active == Some(false) {
        end::deprovision(instance, identity).map_err(|_| failed(instance))?;
    } else if changes.active == Some(true) {
        match end::reactivate(instance, identity) {
            Ok(()) => {}
            Err(Pending) => return Err(Reply::scim_error(409, end::PENDING)),
        }
    } else if by_any_patch && !identity.active && !end::is_pending(instance, identity) {
        // What is pending is not brought back by chance.
        let _ = end::reactivate(instance, identity);
    } else if let Some(extern_uid) = changes.extern_uid.filter(|_| !instance.has(Slip::PatchIgnoresExternUid))
    {
        let renamed = instance.state.rename_identity(identity.scope, identity.account, &extern_uid);
        if renamed.is_err() && !instance.has(Slip::PatchAcceptsTakenExternUid) {
            return Err(failed(instance));
        }
    }
    Ok(Reply::empty(204))
}

/// What only a service that is wrong does with a user's own attributes.
fn slipped(instance: &mut Instance<'_>, identity: &Identity, changes: &Changes) {
    let has = |slip| instance.slips.has(slip);
    let Some(account) = instance.state.accounts.get_mut(&identity.account) else { return };
    if let Some(name) = changes.name.as_ref().filter(|_| has(Slip::PatchChangesName)) {
        account.name.clone_from(name);
    }
    if let Some(email) = changes.email.as_ref().filter(|_| has(Slip::PatchChangesAddress)) {
        account.email.clone_from(email);
    }
    if let Some(username) = changes.username.as_ref().filter(|_| has(Slip::PatchChangesUsername)) {
        account.username.clone_from(username);
    }
    if changes.active == Some(true) && identity.active && has(Slip::ActiveOfActiveUnblocks) {
        account.state = AccountState::Active;
    }
}

impl Changes {
    fn read(params: &Params, slips: &Slips) -> Result<Self, Reply> {
        let mut changes = Self::default();
        let operations = params.get("Operations").and_then(Value::as_array);
        for operation in operations.into_iter().flatten() {
            let Value::Object(operation) = operation else { return Err(Reply::unsuitable()) };
            let Some(Value::String(op)) = operation.get("op") else { return Err(Reply::unsuitable()) };
            let op = if slips.has(Slip::PatchOpMindsCase) { op.clone() } else { op.to_lowercase() };
            let removes = op == "remove" && slips.has(Slip::PatchRemoveDeactivates);
            if removes && operation.get("path").and_then(Value::as_str) == Some("active") {
                changes.active = Some(false);
            }
            if matches!(op.as_str(), "replace" | "add") {
                changes.operation(operation, slips)?;
            }
        }
        Ok(changes)
    }

    fn operation(&mut self, operation: &Params, slips: &Slips) -> Result<(), Reply> {
        let value = operation.get("value").unwrap_or(&Value::Null);
        if let Some(Value::String(path)) = operation.get("path").filter(|path| **path != "") {
            return self.set(path, value, slips);
        }
        // Without a path only the first member counts.
        let Value::Object(members) = value else { return Err(Reply::unsuitable()) };
        let most = if slips.has(Slip::PatchReadsEveryKey) { members.len() } else { 1 };
        members.iter().take(most).try_for_each(|(name, value)| self.set(name, value, slips))
    }

    fn set(&mut self, path: &str, value: &Value, slips: &Slips) -> Result<(), Reply> {
        match path {
            "active" => {
                self.active =
                    boolean(value).filter(|_| value.is_boolean() || !slips.has(Slip::PatchTextIsNoBoolean))
            }
            "id" | "externalId" => self.extern_uid = text(value)?,
            "name.formatted" | "displayName" => self.name = value.as_str().map(str::to_owned),
            r#"emails[type eq "work"].value"# => self.email = value.as_str().map(str::to_owned),
            "userName" => self.username = value.as_str().map(str::to_owned),
            "name" | "emails" => {}
            _ if slips.has(Slip::PatchRefusesUnknownPath) => {
                return Err(Reply::scim_error(400, "invalid path"));
            }
            _ => {}
        }
        Ok(())
    }
}

/// A boolean, or a text that is one in any case; all else says nothing.
fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) => match text.replace('"', "").to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(operations: Value) -> Result<Changes, u16> {
        let body = json!({ "Operations": operations });
        Changes::read(body.as_object().expect("an object"), &Slips::default()).map_err(|reply| reply.status)
    }

    fn active(operation: Value) -> Option<bool> {
        read(json!([operation])).expect("read").active
    }

    #[test]
    fn operations_that_count() {
        for operation in [
            json!({ "op": "replace", "value": { "active": false } }),
            json!({ "op": "Replace", "path": "active", "value": "False" }),
            json!({ "op": "ADD", "path": "active", "value": "false" }),
        ] {
            assert_eq!(active(operation.clone()), Some(false), "{operation}");
        }
        assert_eq!(active(json!({ "op": "add", "path": "active", "value": true })), Some(true));
        let uid = read(json!([{ "op": "replace", "path": "externalId", "value": "new" }])).expect("read");
        assert_eq!(uid.extern_uid.as_deref(), Some("new"));
    }

    #[test]
    fn operations_that_do_not() {
        for operation in [
            json!({ "op": "Update", "path": "active", "value": "false" }),
            json!({ "op": "replace", "path": "Active", "value": false }),
            json!({ "op": "replace", "value": { "userName": "mh", "active": false } }),
            json!({ "op": "remove", "path": "active" }),
            json!({ "op": "replace", "path": "active", "value": "0" }),
            json!({ "op": "replace", "path": "active", "value": 0 }),
            json!({ "op": "replace", "path": "active", "value": null }),
            json!({ "op": "replace", "path": "active", "value": "no" }),
            json!({ "op": "replace", "path": "nothing", "value": 1 }),
            json!({ "op": "replace", "value": {} }),
        ] {
            assert_eq!(active(operation.clone()), None, "{operation}");
        }
    }

    #[test]
    fn bodies_without_operations_change_nothing() {
        for body in [
            json!({}),
            json!({ "operations": [{ "op": "replace", "path": "active", "value": false }] }),
            json!({ "Operations": [] }),
            json!({ "Operations": "x" }),
        ] {
            let read = Changes::read(body.as_object().expect("an object"), &Slips::default());
            assert_eq!(read, Ok(Changes::default()), "{body}");
        }
    }

    #[test]
    fn the_last_of_several_counts() {
        let set = |value: Value| json!({ "op": "replace", "path": "active", "value": value });
        assert_eq!(read(json!([set(json!(true)), set(json!(false))])).expect("read").active, Some(false));
        assert_eq!(read(json!([set(json!(false)), set(json!("no"))])).expect("read").active, None);
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for operations in [
            json!([{ "path": "active", "value": false }]),
            json!([{ "op": "replace", "value": "x" }]),
            json!(["x"]),
        ] {
            assert_eq!(read(operations.clone()), Err(400), "{operations}");
        }
    }
}
