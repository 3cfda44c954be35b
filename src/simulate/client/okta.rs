//! Okta and users: test, assign, update, deactivate, reactivate, import. It never deletes a user.
//! Must not know groups.

use serde_json::{Map, Value, json};

use crate::scim::{member, urn};
use crate::simulate::attribute::Attribute;
use crate::simulate::belief::User;
use crate::simulate::desk::{Desk, GROUPS, Search, USERS, path};
use crate::simulate::directory::Person;
use crate::simulate::manner::Dialect;
use crate::simulate::person::{Profile, Standing, UserNumber};
use crate::simulate::random::Random;
use crate::simulate::wire::Trouble;

/// The page size that Okta always asks for.
const PAGE: u64 = 100;
/// More pages than this are not read in one import.
const MOST_PAGES: u64 = 10_000;

/// "Test API Credentials".
pub(super) async fn probe(desk: &Desk) -> Result<(), Trouble> {
    let query = desk.wire.query([("startIndex", "1"), ("count", "2")]);
    let reply = desk.wire.get(&format!("{USERS}{query}")).await?.accept(&[200])?;
    match member(&reply.body, "totalResults").is_some_and(Value::is_u64) {
        true => Ok(()),
        false => Err(reply.refused("the answer is no list with a number as totalResults")),
    }
}

/// Import: 100 at a time, users first.
pub(super) async fn import(desk: &Desk) -> Result<u64, Trouble> {
    Ok(pages(desk, USERS).await? + pages(desk, GROUPS).await?)
}

async fn pages(desk: &Desk, endpoint: &str) -> Result<u64, Trouble> {
    let mut read = 0;
    for page in 0..MOST_PAGES {
        let start = (page * PAGE + 1).to_string();
        let query = desk.wire.query([("startIndex", start.as_str()), ("count", "100")]);
        let found = desk.wire.page(&format!("{endpoint}{query}")).await?;
        read += found.listed;
        // The documented step is 100, however short the page was.
        if (page + 1) * PAGE + 1 > found.total {
            break;
        }
    }
    Ok(read)
}

pub(super) async fn user(desk: &Desk, number: UserNumber, wanted: Person) -> Result<(), Trouble> {
    let employed = wanted.standing == Standing::Employed;
    match desk.user(number) {
        None if employed => assign(desk, number, &wanted.profile).await,
        None => Ok(()),
        Some(had) if employed && !had.active => reactivate(desk, number, &had, &wanted.profile).await,
        Some(had) if employed && (differs(desk, &had, &wanted) || !had.attempts.is_empty()) => {
            update(desk, number, &had, &wanted.profile).await
        }
        Some(had) if !employed && (had.active || !had.attempts.is_empty()) => {
            deactivate(desk, number, &had).await
        }
        Some(_) => Ok(()),
    }
}

/// Okta maps no reference to a manager.
fn differs(desk: &Desk, had: &User, wanted: &Person) -> bool {
    had.profile != desk.keeping_manager(Some(had), wanted)
}

/// Looks for the user and makes it, or links the one that is there.
async fn assign(desk: &Desk, number: UserNumber, profile: &Profile) -> Result<(), Trouble> {
    match find(desk, &desk.naming.user_name(number, profile)).await? {
        Search::Nothing => create(desk, number, profile).await,
        Search::Found(id) => {
            desk.wire.made(USERS, &id);
            switch_on(desk, number, &id, None, profile).await
        }
    }
}

async fn find(desk: &Desk, name: &str) -> Result<Search, Trouble> {
    let filter = format!("userName eq {}", Value::from(name));
    let query = desk.wire.query([("filter", filter.as_str()), ("startIndex", "1"), ("count", "100")]);
    let reply = desk.wire.get(&format!("{USERS}{query}")).await?;
    desk.only(reply, "userName", name)
}

async fn create(desk: &Desk, number: UserNumber, profile: &Profile) -> Result<(), Trouble> {
    let profile = Profile { manager: None, ..*profile };
    let mut body = desk.new_user(number, &profile);
    body.insert("locale".to_owned(), "en-US".into());
    body.insert("groups".to_owned(), json!([]));
    // A placeholder is there even where passwords are not synchronised.
    body.insert("password".to_owned(), Random::of(7, 7, number.into()).word(8).into());
    desk.create_user(number, &profile, body).await
}

/// Of a user that was deactivated, or is linked for the first time.
async fn switch_on(
    desk: &Desk,
    number: UserNumber,
    id: &str,
    had: Option<&User>,
    profile: &Profile,
) -> Result<(), Trouble> {
    if desk.wire.manner.dialect == Dialect::OktaPatch {
        let before = had.map_or(*profile, |had| had.profile);
        set_active(desk, number, id, &before, true).await?;
    }
    replace(desk, number, id, had, profile, true).await
}

async fn reactivate(desk: &Desk, number: UserNumber, had: &User, profile: &Profile) -> Result<(), Trouble> {
    match find(desk, &desk.naming.user_name(number, &had.profile)).await? {
        // What it cannot find it makes anew, whatever it knew before.
        Search::Nothing => create(desk, number, profile).await,
        Search::Found(id) => {
            let same = *id == *had.id;
            switch_on(desk, number, &id, Some(had).filter(|_| same), profile).await
        }
    }
}

async fn update(desk: &Desk, number: UserNumber, had: &User, profile: &Profile) -> Result<(), Trouble> {
    replace(desk, number, &had.id, Some(had), profile, true).await
}

async fn deactivate(desk: &Desk, number: UserNumber, had: &User) -> Result<(), Trouble> {
    match desk.wire.manner.dialect {
        Dialect::OktaPatch => set_active(desk, number, &had.id, &had.profile, false).await,
        _ => replace(desk, number, &had.id, Some(had), &had.profile, false).await,
    }
}

/// PATCH without a path.
async fn set_active(
    desk: &Desk,
    number: UserNumber,
    id: &str,
    profile: &Profile,
    active: bool,
) -> Result<(), Trouble> {
    let operation = json!({ "op": "replace", "value": { "active": active } });
    desk.patch_user(number, id, vec![operation], (*profile, active), vec![Attribute::Active]).await
}

/// GET and PUT: what the server gave goes back, with what has changed laid over it.
async fn replace(
    desk: &Desk,
    number: UserNumber,
    id: &str,
    had: Option<&User>,
    profile: &Profile,
    active: bool,
) -> Result<(), Trouble> {
    let profile = Profile { manager: had.and_then(|had| had.profile.manager), ..*profile };
    let current = desk.wire.get_written(&path(USERS, id)).await?.accept(&[200])?;
    let mut body: Map<String, Value> = current.body.as_object().cloned().unwrap_or_default();
    for attribute in &desk.mapped {
        let wanted = desk.value(*attribute, number, &profile);
        let before = had
            .filter(|had| had.attempts.is_empty())
            .and_then(|had| desk.value(*attribute, number, &had.profile));
        if let Some(value) = wanted.filter(|value| before.as_ref() != Some(value)) {
            attribute.put(&mut body, value);
        }
    }
    Attribute::Active.put(&mut body, Value::Bool(active));
    body.entry("schemas").or_insert_with(|| json!([urn::USER]));
    let body = Value::Object(body);
    let reply = desk.wire.write("PUT", &path(USERS, id), Some(&body)).await;
    let reply = reply.and_then(|reply| reply.accept(&[200]));
    let reply = reply.map_err(desk.user_in_doubt(number, (profile, active, false)))?;
    let set = desk.set_by(&body, number, &profile);
    desk.user_is(number, id, (profile, active), set, reply.write);
    Ok(())
}
