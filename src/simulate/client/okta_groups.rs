//! Okta and groups: push, rename, members, push now, unlink with deletion.
//! Must not know how users come to the server.

use serde_json::{Value, json};

use crate::scim::urn;
use crate::simulate::belief::{Fact, Group};
use crate::simulate::desk::{Desk, GROUPS, Member, Search, numbers, path};
use crate::simulate::directory::Team;
use crate::simulate::manner::Dialect;
use crate::simulate::person::GroupNumber;
use crate::simulate::wire::Trouble;
use crate::simulate::writing::Change;

/// Of so many members one is sent without the name that it is shown by, as happens.
const NAMELESS: u32 = 5;

pub(super) async fn group(
    desk: &Desk,
    number: GroupNumber,
    wanted: &Team,
    push: bool,
) -> Result<(), Trouble> {
    let had = desk.group(number);
    match had {
        None if wanted.deleted => Ok(()),
        None => link(desk, number, wanted).await,
        Some(had) if wanted.deleted => desk.delete_group(number, &had).await,
        Some(had) if desk.wire.manner.dialect == Dialect::OktaPatch => {
            patch(desk, number, &had, wanted, push || !had.attempts.is_empty()).await
        }
        Some(had) => put(desk, number, &had, wanted, push || !had.attempts.is_empty()).await,
    }
}

fn shown(desk: &Desk, member: &Member) -> Value {
    let display = (!member.user.is_multiple_of(NAMELESS)).then(|| desk.display(member.user));
    json!({ "value": member.id, "display": display })
}

fn list(desk: &Desk, members: &[Member]) -> Value {
    members.iter().map(|member| shown(desk, member)).collect()
}

/// Looks for a group of this name and makes it, or takes over the one that is there.
async fn link(desk: &Desk, number: GroupNumber, wanted: &Team) -> Result<(), Trouble> {
    let name = desk.naming.group_name(number, wanted.version);
    let filter = format!("displayName eq {}", Value::from(name.as_str()));
    let query = desk.wire.query([("filter", filter.as_str()), ("startIndex", "1"), ("count", "100")]);
    let reply = desk.wire.get(&format!("{GROUPS}{query}")).await?;
    let found = desk.only(reply, "displayName", &name)?;
    let is_new = matches!(found, Search::Nothing);
    match found {
        Search::Found(id) => {
            desk.wire.made(GROUPS, &id);
            desk.believe(Fact::Group { group: number, id, version: wanted.version, write: 0 });
        }
        Search::Nothing => create(desk, number, wanted, &name).await?,
    }
    let Some(had) = desk.group(number) else { return Ok(()) };
    match desk.wire.manner.dialect {
        Dialect::OktaPatch => {
            rename(desk, number, &had, wanted.version).await?;
            members_by_patch(desk, number, &had, wanted, !is_new).await
        }
        _ => put(desk, number, &had, wanted, true).await,
    }
}

async fn create(desk: &Desk, number: GroupNumber, wanted: &Team, name: &str) -> Result<(), Trouble> {
    let members = desk.members(&wanted.members, true);
    let body = json!({ "schemas": [urn::GROUP], "displayName": name, "members": list(desk, &members) });
    let reply = desk.wire.create(GROUPS, &body, &desk.group_trace(name)).await?.accept(&[200, 201])?;
    let Some(id) = reply.id().map(str::to_owned) else {
        return Err(reply.refused("the answer to the create has no id"));
    };
    let write = reply.write;
    desk.believe(Fact::Group { group: number, id, version: wanted.version, write });
    desk.believe(Fact::Members { group: number, added: numbers(&members), removed: Vec::new(), write });
    Ok(())
}

/// The name goes along with every change; `id` stands in the value.
async fn rename(desk: &Desk, number: GroupNumber, had: &Group, version: u16) -> Result<(), Trouble> {
    let name = desk.naming.group_name(number, version);
    let operation = json!({ "op": "replace", "value": { "id": &*had.id, "displayName": name } });
    desk.rename_group(number, had, operation, version).await
}

async fn patch(
    desk: &Desk,
    number: GroupNumber,
    had: &Group,
    wanted: &Team,
    push: bool,
) -> Result<(), Trouble> {
    if !push && is_as_wanted(desk, had, wanted) {
        return Ok(());
    }
    rename(desk, number, had, wanted.version).await?;
    members_by_patch(desk, number, had, wanted, push).await
}

/// Whether the server has the group with its name and members already, as far as the provider knows.
fn is_as_wanted(desk: &Desk, had: &Group, wanted: &Team) -> bool {
    let difference = desk.difference(had, &wanted.members);
    difference.added.is_empty() && difference.removed.is_empty() && had.version == wanted.version
}

/// Removals first, then additions, in one request; a push replaces the whole list.
async fn members_by_patch(
    desk: &Desk,
    number: GroupNumber,
    had: &Group,
    wanted: &Team,
    push: bool,
) -> Result<(), Trouble> {
    let difference = desk.difference(had, &wanted.members);
    let (operations, change) = if push {
        let members = desk.members(&wanted.members, true);
        let added = numbers(&members);
        let removed = had.present().filter(|user| !added.contains(user)).collect();
        let operation = json!({ "op": "replace", "path": "members", "value": list(desk, &members) });
        (vec![operation], Change { added, removed })
    } else {
        let mut operations: Vec<Value> = difference.removed.iter().map(removal).collect();
        if !difference.added.is_empty() {
            let value = list(desk, &difference.added);
            operations.push(json!({ "op": "add", "path": "members", "value": value }));
        }
        let change = Change { added: numbers(&difference.added), removed: numbers(&difference.removed) };
        (operations, change)
    };
    if operations.is_empty() {
        return Ok(());
    }
    desk.change_members(number, had, operations, (wanted.version, change)).await
}

fn removal(member: &Member) -> Value {
    json!({ "op": "remove", "path": format!("members[value eq {}]", Value::from(member.id.as_str())) })
}

/// GET and PUT with the whole list, where something has changed.
async fn put(
    desk: &Desk,
    number: GroupNumber,
    had: &Group,
    wanted: &Team,
    push: bool,
) -> Result<(), Trouble> {
    if !push && is_as_wanted(desk, had, wanted) {
        return Ok(());
    }
    desk.wire.get_written(&path(GROUPS, &had.id)).await?.accept(&[200])?;
    let members = desk.members(&wanted.members, true);
    let body = json!({
        "schemas": [urn::GROUP],
        "id": &*had.id,
        "displayName": desk.naming.group_name(number, wanted.version),
        "members": list(desk, &members),
    });
    let added = numbers(&members);
    let removed: Vec<_> = had.present().filter(|user| !added.contains(user)).collect();
    let reply = desk.wire.write("PUT", &path(GROUPS, &had.id), Some(&body)).await;
    let reply = reply.and_then(|reply| reply.accept(&[200]));
    let doubt = (wanted.version, added.clone(), removed.clone(), false);
    let write = reply.map_err(desk.group_in_doubt(number, doubt))?.write;
    let (group, id, version) = (number, had.id.to_string(), wanted.version);
    desk.believe(Fact::Group { group, id, version, write });
    desk.believe(Fact::Members { group, added, removed, write });
    Ok(())
}
