//! Entra ID and groups: match without members, create without members, then the members, rename, delete.
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

/// A schema that the legacy client names beside that of the Group.
const GROUP_OF_THE_LEGACY_CLIENT: &str =
    "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group";

pub(super) async fn group(desk: &Desk, number: GroupNumber, wanted: &Team) -> Result<(), Trouble> {
    let had = match desk.group(number) {
        None if wanted.deleted => return Ok(()),
        None => {
            link(desk, number, wanted).await?;
            desk.group(number)
        }
        Some(had) if wanted.deleted => return desk.delete_group(number, &had).await,
        Some(had) => {
            if had.version != wanted.version || !had.attempts.is_empty() {
                rename(desk, number, &had, wanted.version).await?;
            }
            Some(had)
        }
    };
    let Some(had) = had else { return Ok(()) };
    let difference = desk.difference(&had, &wanted.members);
    for members in difference.added.chunks(desk.wire.manner.together) {
        let operation = addition(desk.wire.manner.dialect, members);
        let change = Change { added: numbers(members), removed: Vec::new() };
        desk.change_members(number, &had, vec![operation], (had.version, change)).await?;
    }
    for member in &difference.removed {
        let operation = removal(desk.wire.manner.dialect, member);
        let change = Change { added: Vec::new(), removed: vec![member.user] };
        desk.change_members(number, &had, vec![operation], (had.version, change)).await?;
    }
    Ok(())
}

async fn link(desk: &Desk, number: GroupNumber, wanted: &Team) -> Result<(), Trouble> {
    let name = desk.naming.group_name(number, wanted.version);
    let filter = format!("displayName eq {}", Value::from(name.as_str()));
    let query = desk.wire.query([("excludedAttributes", "members"), ("filter", filter.as_str())]);
    let reply = desk.wire.get(&format!("{GROUPS}{query}")).await?;
    if let Search::Found(id) = desk.only(reply, "displayName", &name)? {
        desk.wire.made(GROUPS, &id);
        desk.believe(Fact::Group { group: number, id, version: wanted.version, write: 0 });
        return Ok(());
    }
    let schemas = match desk.wire.manner.dialect {
        Dialect::EntraLegacy => json!([urn::GROUP, GROUP_OF_THE_LEGACY_CLIENT]),
        _ => json!([urn::GROUP]),
    };
    let body = json!({
        "schemas": schemas,
        "externalId": format!("x{}-g{number:05}", desk.naming.tag),
        "displayName": name,
        "meta": { "resourceType": "Group" },
    });
    let reply = desk.wire.create(GROUPS, &body, &desk.group_trace(&name)).await?.accept(&[200, 201])?;
    let Some(id) = reply.id().map(str::to_owned) else {
        return Err(reply.refused("the answer to the create has no id"));
    };
    desk.believe(Fact::Group { group: number, id, version: wanted.version, write: reply.write });
    Ok(())
}

async fn rename(desk: &Desk, number: GroupNumber, had: &Group, version: u16) -> Result<(), Trouble> {
    let place = path(GROUPS, &had.id);
    desk.wire.get_written(&format!("{place}?excludedAttributes=members")).await?.accept(&[200])?;
    let op = if desk.wire.manner.dialect == Dialect::EntraLegacy { "Replace" } else { "replace" };
    let name = desk.naming.group_name(number, version);
    let operation = json!({ "op": op, "path": "displayName", "value": name });
    desk.rename_group(number, had, operation, version).await
}

/// In one operation, however many they are.
fn addition(dialect: Dialect, members: &[Member]) -> Value {
    let listed = |member: &Member| match dialect {
        Dialect::EntraLegacy => json!({ "$ref": null, "value": member.id }),
        _ => json!({ "value": member.id }),
    };
    let op = if dialect == Dialect::EntraLegacy { "Add" } else { "add" };
    json!({ "op": op, "path": "members", "value": members.iter().map(listed).collect::<Value>() })
}

fn removal(dialect: Dialect, member: &Member) -> Value {
    match dialect {
        Dialect::EntraLegacy => {
            json!({ "op": "Remove", "path": "members", "value": [{ "$ref": null, "value": member.id }] })
        }
        _ => {
            json!({ "op": "remove", "path": format!("members[value eq {}]", Value::from(member.id.as_str())) })
        }
    }
}
