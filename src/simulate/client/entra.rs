//! Entra ID and users: probe, match, create, compare and update, disable, enable, delete, manager.
//! Must not know groups. It never replaces a user with PUT and sends no password.

use serde_json::{Map, Value, json};

use crate::simulate::attribute::Attribute;
use crate::simulate::belief::{Fact, User};
use crate::simulate::desk::{Desk, Search, USERS, path};
use crate::simulate::directory::Person;
use crate::simulate::manner::Dialect;
use crate::simulate::person::{Profile, Standing, UserNumber};
use crate::simulate::random::Random;
use crate::simulate::wire::Trouble;

/// A search for somebody who does not exist, at the beginning of each round.
pub(super) async fn probe(desk: &Desk, round: u32) -> Result<(), Trouble> {
    let nobody = format!("AzureAD_Test-{}", Random::of(11, 11, round.into()).word(24));
    let query = desk.wire.query([("filter", format!("userName eq \"{nobody}\"").as_str())]);
    let reply = desk.wire.get(&format!("{USERS}{query}")).await?;
    match desk.only(reply, "userName", &nobody)? {
        Search::Nothing => Ok(()),
        // Nobody can have the name, so `only` finds it on a server alone that makes things up.
        Search::Found(_) => Ok(()),
    }
}

pub(super) async fn user(desk: &Desk, number: UserNumber, wanted: Person) -> Result<(), Trouble> {
    let had = desk.user(number);
    match (had, wanted.standing) {
        (None, Standing::Employed) => provision(desk, number, &wanted).await,
        (None, _) => Ok(()),
        (Some(had), Standing::Employed) if !had.active => enable(desk, number, &had, &wanted).await,
        (Some(had), Standing::Employed) => {
            match had.profile != desk.keeping_manager(Some(&had), &wanted) || !had.attempts.is_empty() {
                true => update(desk, number, &had.id, Some(&had), &wanted).await,
                false => Ok(()),
            }
        }
        (Some(had), Standing::Left) if had.active || !had.attempts.is_empty() => {
            set_active(desk, number, &had.id, &had.profile, false).await
        }
        (Some(_), Standing::Left) => Ok(()),
        (Some(had), Standing::Purged) => delete(desk, number, &had).await,
    }
}

async fn provision(desk: &Desk, number: UserNumber, wanted: &Person) -> Result<(), Trouble> {
    match find(desk, &desk.naming.user_name(number, &wanted.profile)).await? {
        Search::Nothing => create(desk, number, &wanted.profile).await,
        Search::Found(id) => {
            desk.wire.made(USERS, &id);
            set_active(desk, number, &id, &Profile { manager: None, ..wanted.profile }, true).await?;
            update(desk, number, &id, None, wanted).await
        }
    }
}

async fn find(desk: &Desk, name: &str) -> Result<Search, Trouble> {
    let filter = format!("userName eq {}", Value::from(name));
    let query = desk.wire.query([("filter", filter.as_str())]);
    let reply = desk.wire.get(&format!("{USERS}{query}")).await?;
    desk.only(reply, "userName", name)
}

async fn create(desk: &Desk, number: UserNumber, profile: &Profile) -> Result<(), Trouble> {
    let profile = Profile { manager: None, ..*profile };
    let mut body = desk.new_user(number, &profile);
    body.insert("meta".to_owned(), json!({ "resourceType": "User" }));
    if let Some(name) = body.get_mut("name").and_then(Value::as_object_mut) {
        name.insert("formatted".to_owned(), profile.display_name().into());
    }
    body.insert("roles".to_owned(), json!([]));
    desk.create_user(number, &profile, body).await
}

async fn enable(desk: &Desk, number: UserNumber, had: &User, wanted: &Person) -> Result<(), Trouble> {
    match find(desk, &desk.naming.user_name(number, &had.profile)).await? {
        Search::Nothing => create(desk, number, &wanted.profile).await,
        Search::Found(id) => {
            set_active(desk, number, &id, &had.profile, true).await?;
            let same = *id == *had.id;
            update(desk, number, &id, Some(had).filter(|_| same), wanted).await
        }
    }
}

async fn set_active(
    desk: &Desk,
    number: UserNumber,
    id: &str,
    profile: &Profile,
    active: bool,
) -> Result<(), Trouble> {
    let operation = match (desk.wire.manner.dialect, active) {
        (Dialect::EntraLegacy, true) => json!({ "op": "Replace", "path": "active", "value": "True" }),
        (Dialect::EntraLegacy, false) => json!({ "op": "Replace", "path": "active", "value": "False" }),
        _ => json!({ "op": "replace", "path": "active", "value": active }),
    };
    desk.patch_user(number, id, vec![operation], (*profile, active), vec![Attribute::Active]).await
}

/// GET, and PATCH of what differs from the directory; nothing where nothing does.
async fn update(
    desk: &Desk,
    number: UserNumber,
    id: &str,
    had: Option<&User>,
    wanted: &Person,
) -> Result<(), Trouble> {
    let profile = desk.keeping_manager(had, wanted);
    let current = desk.wire.get_written(&path(USERS, id)).await?.accept(&[200])?.body;
    let differs = |attribute: &Attribute| {
        let value = desk.value(*attribute, number, &profile)?;
        let is = attribute.read(&current);
        (is.as_ref() != Some(&value)).then_some((*attribute, value, is.is_some()))
    };
    let changes: Vec<_> = desk.mapped.iter().filter_map(differs).collect();
    if changes.is_empty() {
        desk.user_is(number, id, (profile, true), Vec::new(), 0);
        return Ok(());
    }
    let set = changes.iter().map(|(attribute, ..)| *attribute).collect();
    let operations = match desk.wire.manner.dialect {
        Dialect::EntraLegacy => changes.into_iter().map(one_by_one).collect(),
        _ => together(changes),
    };
    desk.patch_user(number, id, operations, (profile, true), set).await
}

type Change = (Attribute, Value, bool);

/// An operation for each attribute, by its path.
fn one_by_one((attribute, value, is_there): Change) -> Value {
    let op = if is_there { "Replace" } else { "Add" };
    json!({ "op": op, "path": attribute.path(), "value": value })
}

/// Values of lists by their path, all else in one object with dotted and qualified names.
fn together(changes: Vec<Change>) -> Vec<Value> {
    let mut operations = Vec::new();
    let mut plain = Map::new();
    for (attribute, value, _) in changes {
        match attribute {
            Attribute::WorkEmail => {
                operations.push(json!({ "op": "replace", "path": attribute.path(), "value": value }));
            }
            _ => {
                plain.insert(attribute.path(), value);
            }
        }
    }
    if !plain.is_empty() {
        operations.push(json!({ "op": "replace", "value": plain }));
    }
    operations
}

async fn delete(desk: &Desk, number: UserNumber, had: &User) -> Result<(), Trouble> {
    let place = path(USERS, &had.id);
    let reply = desk.wire.write("DELETE", &place, None).await;
    let reply = reply.and_then(|reply| reply.accept(&[200, 204, 404]));
    let reply = reply.map_err(desk.user_in_doubt(number, (had.profile, false, true)))?;
    desk.wire.deleted(&place);
    desk.believe(Fact::UserDeleted { user: number, write: reply.write });
    Ok(())
}

/// The manager comes last, once it has an account of its own; its id is sent as a text.
pub(super) async fn manager(desk: &Desk, number: UserNumber, wanted: Person) -> Result<(), Trouble> {
    let Some(had) = desk.user(number).filter(|had| had.active && desk.maps(Attribute::Manager)) else {
        return Ok(());
    };
    let manager = wanted.profile.manager.filter(|manager| desk.user(*manager).is_some());
    if wanted.standing != Standing::Employed || manager == had.profile.manager {
        return Ok(());
    }
    let place = Attribute::Manager.path();
    let legacy = desk.wire.manner.dialect == Dialect::EntraLegacy;
    let operation = match manager.and_then(|manager| desk.user(manager)) {
        Some(manager) => {
            json!({ "op": if legacy { "Add" } else { "add" }, "path": place, "value": &*manager.id })
        }
        None => json!({ "op": if legacy { "Remove" } else { "remove" }, "path": place }),
    };
    let profile = Profile { manager, ..had.profile };
    desk.patch_user(number, &had.id, vec![operation], (profile, true), vec![Attribute::Manager]).await
}
