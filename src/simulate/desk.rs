//! What a client works with: the way to the server, what the provider believes, and how it maps people and groups.
//! Must not know any one provider.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value, json};

use crate::exec::Trace;
use crate::http::encode::path_encode;
use crate::scim::{member, urn};

use super::attribute::Attribute;
use super::belief::{Belief, Fact, Group, GroupAttempt, User, UserAttempt, WriteAt};
use super::directory::Person;
use super::journal::{Journal, Line};
use super::person::{GroupNumber, Naming, Profile, UserNumber};
use super::wire::{Reply, Trouble, Wire, is_id};

pub(super) const USERS: &str = "/Users";
pub(super) const GROUPS: &str = "/Groups";

pub(super) struct Desk {
    pub wire: Wire,
    /// For what scimspec reads on its own account.
    pub own: Wire,
    pub naming: Naming,
    /// What the provider maps, as far as the server has it.
    pub mapped: Vec<Attribute>,
    journal: Arc<Journal>,
    belief: Mutex<Belief>,
}

/// A member, by number and by the id that the server gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    pub user: UserNumber,
    pub id: String,
}

/// What a search brought.
#[derive(Debug)]
pub(super) enum Search {
    Nothing,
    /// The id of the one that was looked for.
    Found(String),
}

impl Desk {
    pub fn new(
        (wire, own): (Wire, Wire),
        naming: Naming,
        mapped: Vec<Attribute>,
        journal: Arc<Journal>,
        belief: Belief,
    ) -> Self {
        Self { wire, own, naming, mapped, journal, belief: Mutex::new(belief) }
    }

    pub fn belief(&self) -> MutexGuard<'_, Belief> {
        self.belief.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the provider believes of a user; nothing of one that it has deleted.
    pub fn user(&self, number: UserNumber) -> Option<User> {
        self.belief().users.get(&number).filter(|user| !user.deleted).cloned()
    }

    pub fn group(&self, number: GroupNumber) -> Option<Group> {
        self.belief().groups.get(&number).filter(|group| !group.deleted).cloned()
    }

    /// Believes something, and notes it in the journal.
    pub fn believe(&self, fact: Fact) {
        self.belief().fold(&fact);
        self.journal.write(&Line::Believed(fact));
    }

    /// Notes that nobody knows whether a write to a user was carried out, where that is so; gives the trouble on.
    pub fn user_in_doubt(
        &self,
        user: UserNumber,
        wanted: (Profile, bool, bool),
    ) -> impl Fn(Trouble) -> Trouble {
        move |trouble| {
            if trouble.is_open() {
                let (profile, active, deleted) = wanted;
                let attempt = UserAttempt { profile, active, deleted, write: trouble.write() };
                self.believe(Fact::UserTried { user, attempt });
            }
            trouble
        }
    }

    /// The same for a group.
    pub fn group_in_doubt(
        &self,
        group: GroupNumber,
        wanted: (u16, Vec<UserNumber>, Vec<UserNumber>, bool),
    ) -> impl Fn(Trouble) -> Trouble {
        move |trouble| {
            if trouble.is_open() {
                let (version, added, removed, deleted) = wanted.clone();
                let attempt = GroupAttempt { version, added, removed, deleted, write: trouble.write() };
                self.believe(Fact::GroupTried { group, attempt });
            }
            trouble
        }
    }

    pub fn maps(&self, attribute: Attribute) -> bool {
        self.mapped.contains(&attribute)
    }

    /// Those of these people who have an account on the server, and an active one where that is asked for.
    pub fn members(&self, users: &BTreeSet<UserNumber>, active: bool) -> Vec<Member> {
        let belief = self.belief();
        let known = users.iter().filter_map(|number| Some((number, belief.users.get(number)?)));
        known
            .filter(|(_, user)| !user.deleted && (user.active || !active))
            .map(|(number, user)| Member { user: *number, id: user.id.to_string() })
            .collect()
    }

    /// The name that a member is shown by.
    pub fn display(&self, user: UserNumber) -> String {
        let belief = self.belief();
        belief.users.get(&user).map(|known| self.naming.user_name(user, &known.profile)).unwrap_or_default()
    }

    /// What a person's attribute is to be; `None` for what does not follow from the profile.
    pub fn value(&self, attribute: Attribute, user: UserNumber, profile: &Profile) -> Option<Value> {
        attribute.of(user, profile, &self.naming).map(Value::from)
    }

    /// The body of a new user: all that is mapped, `active` true, no manager.
    pub fn new_user(&self, user: UserNumber, profile: &Profile) -> Map<String, Value> {
        let mut body = Map::new();
        let extended = self.mapped.iter().any(|a| a.is_extension() && *a != Attribute::Manager);
        let schemas = if extended { json!([urn::USER, urn::ENTERPRISE_USER]) } else { json!([urn::USER]) };
        body.insert("schemas".to_owned(), schemas);
        for attribute in &self.mapped {
            if let Some(value) = self.value(*attribute, user, profile) {
                attribute.put(&mut body, value);
            }
        }
        Attribute::Active.put(&mut body, Value::Bool(true));
        body
    }

    /// The attributes whose value in a body is the one that is wanted.
    pub fn set_by(&self, body: &Value, user: UserNumber, profile: &Profile) -> Vec<Attribute> {
        let is_set = |attribute: &Attribute| match attribute {
            Attribute::Active => Attribute::Active.read(body).is_some(),
            other => self.value(*other, user, profile).is_some_and(|value| other.read(body) == Some(value)),
        };
        self.mapped.iter().copied().filter(is_set).collect()
    }

    /// The fact that a write to a user was confirmed.
    pub fn user_is(
        &self,
        user: UserNumber,
        id: &str,
        state: (Profile, bool),
        set: Vec<Attribute>,
        write: WriteAt,
    ) {
        let (profile, active) = state;
        self.believe(Fact::User { user, id: id.to_owned(), profile, active, set, write });
    }

    /// Creates a user with this body, and believes what is confirmed.
    pub async fn create_user(
        &self,
        number: UserNumber,
        profile: &Profile,
        body: Map<String, Value>,
    ) -> Result<(), Trouble> {
        let body = Value::Object(body);
        let trace = self.trace(USERS, "userName", &self.naming.user_name(number, profile));
        let reply = self.wire.create(USERS, &body, &trace).await?.accept(&[200, 201])?;
        let Some(id) = reply.id() else {
            return Err(reply.refused("the answer to the create has no id"));
        };
        let set = self.set_by(&body, number, profile);
        self.user_is(number, id, (*profile, true), set, reply.write);
        Ok(())
    }

    /// The manager whom the server was told of; other writes leave it as it is.
    pub fn keeping_manager(&self, had: Option<&User>, wanted: &Person) -> Profile {
        Profile { manager: had.and_then(|had| had.profile.manager), ..wanted.profile }
    }

    /// How to find a group whose create gives no answer.
    pub fn group_trace(&self, name: &str) -> Trace {
        self.trace(GROUPS, "displayName", name)
    }

    fn trace(&self, endpoint: &str, attribute: &str, name: &str) -> Trace {
        Trace {
            endpoint: self.wire.url(endpoint),
            attribute: attribute.to_owned(),
            name: name.to_owned(),
            credential: "target".to_owned(),
        }
    }

    /// The one resource that a search gave. A server may ignore the filter: somebody else's resource must never be
    /// taken for the one that was looked for, since it would then be changed and deleted.
    pub fn only(&self, reply: Reply, attribute: &str, name: &str) -> Result<Search, Trouble> {
        let reply = reply.accept(&[200])?;
        let resources = member(&reply.body, "Resources").and_then(Value::as_array);
        let named = |resource: &&Value| {
            member(resource, attribute)
                .and_then(Value::as_str)
                .is_some_and(|text| text.eq_ignore_ascii_case(name))
        };
        let listed = resources.map(Vec::as_slice).unwrap_or_default();
        let ids = listed.iter().filter(named).filter_map(|resource| member(resource, "id")?.as_str());
        let found: Vec<&str> = ids.filter(|id| is_id(id)).collect();
        match (listed.len(), found.as_slice()) {
            (0, _) => Ok(Search::Nothing),
            (1, [id]) => Ok(Search::Found((*id).to_owned())),
            (_, []) => Err(reply.refused("the search gave other resources than the one that was looked for")),
            _ => Err(reply.refused("the search gave several resources")),
        }
    }
}

/// The path of a resource below the base.
pub(super) fn path(endpoint: &str, id: &str) -> String {
    format!("{endpoint}/{}", path_encode(id))
}

/// A PATCH body of these operations.
pub(super) fn patch_of(operations: Vec<Value>) -> Value {
    json!({ "schemas": [urn::PATCH_OP], "Operations": operations })
}

/// What separates the members that are wanted from those that are believed.
pub(super) struct Difference {
    pub added: Vec<Member>,
    pub removed: Vec<Member>,
}

impl Desk {
    /// Who is to become a member, as far as the provider has them on the server and active, and who is to be one no longer.
    pub fn difference(&self, had: &Group, wanted: &BTreeSet<UserNumber>) -> Difference {
        let present: BTreeSet<UserNumber> = had.present().collect();
        let added = wanted.difference(&present).copied().collect();
        let removed = present.difference(wanted).copied().collect();
        Difference { added: self.members(&added, true), removed: self.members(&removed, false) }
    }
}

/// The numbers of members.
pub(super) fn numbers(members: &[Member]) -> Vec<UserNumber> {
    members.iter().map(|member| member.user).collect()
}
