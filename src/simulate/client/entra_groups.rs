//! Entra ID and groups: match without members, create without members, one member a request, rename, delete.
//! Must not know how users come to the server.

use serde_json::{Value, json};

use crate::scim::urn;
use crate::simulate::belief::{Fact, Group};
use crate::simulate::desk::{Desk, GROUPS, Member, Search, patch_of, path};
use crate::simulate::directory::Team;
use crate::simulate::manner::Dialect;
use crate::simulate::person::GroupNumber;
use crate::simulate::wire::Trouble;

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
        Some(had) if wanted.deleted => return delete(desk, number, &had).await,
        Some(had) => {
            if had.version != wanted.version || !had.attempts.is_empty() {
                rename(desk, number, &had, wanted.version).await?;
            }
            Some(had)
        }
    };
    let Some(had) = had else { return Ok(()) };
    let difference = desk.difference(&had, &wanted.members);
    for member in &difference.added {
        change_member(desk, number, &had, member, true).await?;
    }
    for member in &difference.removed {
        change_member(desk, number, &had, member, false).await?;
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
    let reply = desk.wire.write("PATCH", &place, Some(&patch_of(vec![operation]))).await;
    let reply = reply.and_then(|reply| reply.accept(&[200, 204]));
    let reply = reply.map_err(desk.group_in_doubt(number, (version, Vec::new(), Vec::new(), false)))?;
    desk.believe(Fact::Group { group: number, id: had.id.to_string(), version, write: reply.write });
    Ok(())
}

async fn change_member(
    desk: &Desk,
    number: GroupNumber,
    had: &Group,
    member: &Member,
    add: bool,
) -> Result<(), Trouble> {
    let operation = operation(desk.wire.manner.dialect, member, add);
    let reply = desk.wire.write("PATCH", &path(GROUPS, &had.id), Some(&patch_of(vec![operation]))).await;
    let reply = reply.and_then(|reply| reply.accept(&[200, 204]));
    let (added, removed) = if add { (vec![member.user], vec![]) } else { (vec![], vec![member.user]) };
    let doubt = (had.version, added.clone(), removed.clone(), false);
    let reply = reply.map_err(desk.group_in_doubt(number, doubt))?;
    desk.believe(Fact::Members { group: number, added, removed, write: reply.write });
    Ok(())
}

fn operation(dialect: Dialect, member: &Member, add: bool) -> Value {
    let listed = json!([{ "$ref": null, "value": member.id }]);
    match (dialect, add) {
        (Dialect::EntraLegacy, true) => json!({ "op": "Add", "path": "members", "value": listed }),
        (Dialect::EntraLegacy, false) => json!({ "op": "Remove", "path": "members", "value": listed }),
        (_, true) => json!({ "op": "add", "path": "members", "value": [{ "value": member.id }] }),
        (_, false) => {
            let path = format!("members[value eq {}]", Value::from(member.id.as_str()));
            json!({ "op": "remove", "path": path })
        }
    }
}

async fn delete(desk: &Desk, number: GroupNumber, had: &Group) -> Result<(), Trouble> {
    let place = path(GROUPS, &had.id);
    let reply = desk.wire.write("DELETE", &place, None).await;
    let reply = reply.and_then(|reply| reply.accept(&[200, 204, 404]));
    let reply = reply.map_err(desk.group_in_doubt(number, (had.version, Vec::new(), Vec::new(), true)))?;
    desk.wire.deleted(&place);
    desk.believe(Fact::GroupDeleted { group: number, write: reply.write });
    Ok(())
}
