//! Hooks: what only an administrator, a browser or time can do to an instance, for suites that need it done.
//! Knows no request.

mod change;
mod read;
mod remove;

use serde_json::{Value, json};

use super::instance::Instance;
use super::seed;
use super::settings::Switches;
use super::state::Role;
use super::tokens::{Owner, SESSION};

/// Names of all hooks.
pub const HOOKS: [&str; 19] = [
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
    "open-session",
    "close-session",
    "be-busy",
    "fail-next",
    "sweep",
];

/// Does what a hook says, except for `advance-clock`. The error is one sentence.
pub fn call(instance: &mut Instance<'_>, name: &str, with: &Value, origin: &str) -> Result<Value, String> {
    match name {
        "seed-user" => seed::account(instance, with).map(|id| read::made(instance, id)),
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
        "open-session" => open_session(instance, with),
        "close-session" => close_session(instance, with),
        "be-busy" => be_busy(instance, with),
        "fail-next" => fail_next(instance, with),
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
    let owner = match whose {
        "instance" => Owner::Instance,
        path => Owner::Group(seed::group_at(instance, path)?),
    };
    let mut generated = instance.generate(owner, origin);
    generated["for"] = whose.into();
    Ok(generated)
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

/// Signs an account in to the web application; gives what requests of its session carry.
fn open_session(instance: &mut Instance<'_>, with: &Value) -> Result<Value, String> {
    let administrator = || instance.state.accounts.values().find(|account| account.admin);
    let account = match with.get("admin") {
        Some(Value::Bool(true)) => administrator(),
        _ => read::named(instance, with),
    };
    let account = account.map(|account| account.id);
    let account = account.ok_or(
        "there is no such account; `username`, `email` or `id` is expected, or `admin`, which is true",
    )?;
    let in_admin_mode = with.get("admin_mode") != Some(&Value::Bool(false));
    let session = instance.tokens.open_session(account, in_admin_mode);
    Ok(json!({
        "id": session.id,
        "cookie": format!("{SESSION}={}", session.key),
        "csrf_token": session.csrf,
    }))
}

fn close_session(instance: &mut Instance<'_>, with: &Value) -> Result<Value, String> {
    let id = with.get("id").and_then(Value::as_u64).ok_or("`id` is expected, the number of a session")?;
    Ok(json!({ "closed": instance.tokens.close_session(id) }))
}

/// Turns the next requests away; gives how many were still to be.
fn be_busy(instance: &mut Instance<'_>, with: &Value) -> Result<Value, String> {
    let requests = with.get("requests").and_then(Value::as_u64).ok_or("`requests` is expected, a number")?;
    Ok(json!({ "requests": instance.trouble.turn_away(requests) }))
}

/// Lets the next change fail inside; gives the message that was waiting for one.
fn fail_next(instance: &mut Instance<'_>, with: &Value) -> Result<Value, String> {
    let message = match with.get("message") {
        Some(Value::String(message)) => Some(message.clone()),
        Some(Value::Null) => None,
        _ => return Err("`message` is expected, a text, or null for no failure".to_owned()),
    };
    Ok(json!({ "message": instance.trouble.fail_next(message) }))
}

/// A role among the arguments of a hook.
fn role(value: &Value) -> Result<Role, String> {
    Role::read(value.as_str().unwrap_or_default())
}
