//! Hooks: what only an administrator, a browser or time can do to an instance, for suites that need it done.
//! Knows no request.

mod change;
mod read;
mod remove;

use serde_json::{Value, json};

use super::instance::Instance;
use super::seed;
use super::settings::{Switches, scim_token};
use super::slips::Slip;
use super::state::Role;

/// Names of all hooks.
pub const HOOKS: [&str; 15] = [
    "seed-user",
    "read-user",
    "change-user",
    "remove-user",
    "seed-group",
    "change-group",
    "remove-group",
    "seed-saml-link",
    "remove-saml-link",
    "switch",
    "advance-clock",
    "generate-token",
    "restore-token",
    "sign-in",
    "sweep",
];

/// Does what a hook says, except for `advance-clock`. The error is one sentence.
pub fn call(instance: &mut Instance<'_>, name: &str, with: &Value, origin: &str) -> Result<Value, String> {
    match name {
        "seed-user" => seed::account(instance, with).map(|id| read::account(instance, id)),
        "read-user" => Ok(read::user(instance, with)),
        "change-user" => change::user(instance, with),
        "remove-user" => remove::user(instance, with),
        "seed-group" => seed::group(instance, with).map(|id| read::group(instance, id)),
        "change-group" => change::group(instance, with),
        "remove-group" => remove::group(instance, with),
        "seed-saml-link" => seed::link(instance, with).map(|link| read::link(instance, &link)),
        "remove-saml-link" => remove::link(instance, with),
        "switch" => switch(instance, with),
        "generate-token" => generate(instance, with, origin),
        "restore-token" => restore(instance, with),
        "sign-in" => read::sign_in(instance, with),
        "sweep" => remove::sweep(instance, with),
        other => Err(format!("there is no hook `{other}`; there are {}", HOOKS.join(", "))),
    }
}

/// A text among the arguments of a hook.
fn text<'a>(with: &'a Value, name: &str) -> Result<&'a str, String> {
    let text = with.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    text.ok_or_else(|| format!("`{name}` is expected, a text"))
}

/// Sets switches and tells what they were before.
fn switch(instance: &mut Instance<'_>, with: &Value) -> Result<Value, String> {
    let wanted = with.as_object().ok_or("switches are expected by their names")?;
    let mut after: Switches = instance.switches.clone();
    let mut before = serde_json::Map::new();
    for (name, value) in wanted {
        before.insert(name.clone(), after.set(name, value)?);
    }
    *instance.switches = after;
    Ok(Value::Object(before))
}

/// Makes a new SCIM token of the instance or of a group; the old one opens nothing any more.
fn generate(instance: &mut Instance<'_>, with: &Value, origin: &str) -> Result<Value, String> {
    let whose = text(with, "for")?;
    let random = uuid::Uuid::new_v4().simple().to_string();
    let token = match instance.has(Slip::TokensLackPrefix) {
        true => random,
        false => scim_token(instance.version, &random),
    };
    let below = match whose {
        "instance" => {
            instance.tokens.rotate(token.clone());
            "application".to_owned()
        }
        path => {
            let id = seed::group_at(instance, path)?;
            let unknown = seed::unknown_group(instance, path);
            let group = instance.state.groups.get_mut(&id).ok_or(unknown)?;
            let old = group.scim_token.replace(token.clone());
            group.first_token = group.first_token.take().or(old);
            format!("groups/{}", group.full_path)
        }
    };
    Ok(json!({ "for": whose, "scim_api_url": format!("{origin}/api/scim/v2/{below}"), "scim_token": token }))
}

/// Puts the token back that was there before it was rotated.
fn restore(instance: &mut Instance<'_>, with: &Value) -> Result<Value, String> {
    match text(with, "for")? {
        "instance" => instance.tokens.restore(),
        path => {
            let group = instance.state.group_by_path(path).map(|group| group.id);
            let group = group.and_then(|id| instance.state.groups.get_mut(&id));
            if let Some(group) = group
                && let Some(first) = group.first_token.take()
            {
                group.scim_token = Some(first);
            }
        }
    }
    Ok(json!({}))
}

/// A role among the arguments of a hook.
fn role(value: &Value) -> Result<Role, String> {
    Role::read(value.as_str().unwrap_or_default())
}
