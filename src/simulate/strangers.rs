//! Looking for resources that bear the simulation's tag and that the provider does not know, such as those that a repeated
//! create made. Must not change anything on the server.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::http::encode;
use crate::scim::member;

use super::belief::Belief;
use super::compare::{Difference, Subject};
use super::desk::{Desk, GROUPS, USERS};
use super::report::Kind;
use super::wire::is_id;

/// More pages than this are not read.
const MOST_PAGES: usize = 10_000;

/// Where strangers are looked for.
struct Place {
    endpoint: &'static str,
    /// What the tag stands in.
    attribute: &'static str,
    /// Resources on a page.
    page: usize,
}

const PLACES: [Place; 2] = [
    Place { endpoint: USERS, attribute: "userName", page: 100 },
    // Each comes with all its members.
    Place { endpoint: GROUPS, attribute: "displayName", page: 10 },
];

/// The strangers; names in `open` are of creates that nobody can tell the end of. `None` where the server cannot be asked.
pub(super) async fn strangers(desk: &Desk, open: &BTreeSet<String>) -> Option<Vec<Difference>> {
    let mut found = Vec::new();
    for place in &PLACES {
        find(desk, place, open, &mut found).await?;
    }
    Some(found)
}

async fn find(
    desk: &Desk,
    place: &Place,
    open: &BTreeSet<String>,
    found: &mut Vec<Difference>,
) -> Option<()> {
    let filter = format!("{} co {}", place.attribute, Value::from(desk.naming.tag.as_str()));
    let mut start = 1;
    for _ in 0..MOST_PAGES {
        let (from, count) = (start.to_string(), place.page.to_string());
        let query = encode::query([("filter", filter.as_str()), ("startIndex", &from), ("count", &count)]);
        let path = format!("{}?{query}", place.endpoint);
        let reply = desk.own.get(&path).await.ok()?.accept(&[200]).ok()?;
        let listed = member(&reply.body, "Resources").and_then(Value::as_array)?;
        let mut named = names(listed, place.attribute);
        // A server may ignore the filter.
        named.retain(|_, name| name.contains(&desk.naming.tag) && !open.contains(*name));
        forget_known(&desk.belief(), &mut named);
        found.extend(named.into_iter().map(|(id, name)| stranger(place, id, name)));
        start += listed.len();
        let total = member(&reply.body, "totalResults").and_then(Value::as_u64)?;
        if listed.is_empty() || u64::try_from(start).ok()? > total {
            break;
        }
    }
    Some(())
}

/// Names of resources by their ids.
fn names<'a>(listed: &'a [Value], attribute: &str) -> BTreeMap<&'a str, &'a str> {
    let text = |resource: &'a Value, name: &str| member(resource, name).and_then(Value::as_str);
    let named = |resource| Some((text(resource, "id")?, text(resource, attribute)?));
    listed.iter().filter_map(named).filter(|(id, _)| is_id(id)).collect()
}

/// Leaves those whose ids the provider does not know.
fn forget_known(belief: &Belief, named: &mut BTreeMap<&str, &str>) {
    let users = belief.users.values().map(|user| &*user.id);
    for id in users.chain(belief.groups.values().map(|group| &*group.id)) {
        named.remove(id);
    }
}

fn stranger(place: &Place, id: &str, name: &str) -> Difference {
    Difference {
        subject: Subject::Stranger(place.endpoint, id.to_owned()),
        attribute: String::new(),
        kind: Kind::Unknown,
        expected: Value::Null,
        actual: Value::from(name),
        write: 0,
    }
}
