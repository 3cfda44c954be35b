//! What the provider believes of the server: a fold of the facts that were confirmed to it.
//! Must not know what it wants the server to have, nor what the server really has.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::attribute::Attribute;
use super::person::{GroupNumber, Profile, UserNumber};

/// Where the journal holds the exchange of a write; 0 for none.
pub(super) type WriteAt = u64;

/// Something that an answer of the server confirmed, or left open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Fact {
    /// A user is this; `set` is what the write gave a value.
    User {
        user: UserNumber,
        id: String,
        profile: Profile,
        active: bool,
        set: Vec<Attribute>,
        write: WriteAt,
    },
    UserDeleted {
        user: UserNumber,
        write: WriteAt,
    },
    /// Nobody knows whether the write was carried out.
    UserTried {
        user: UserNumber,
        attempt: UserAttempt,
    },
    Group {
        group: GroupNumber,
        id: String,
        version: u16,
        write: WriteAt,
    },
    Members {
        group: GroupNumber,
        added: Vec<UserNumber>,
        removed: Vec<UserNumber>,
        write: WriteAt,
    },
    GroupDeleted {
        group: GroupNumber,
        write: WriteAt,
    },
    GroupTried {
        group: GroupNumber,
        attempt: GroupAttempt,
    },
}

/// A write to a user that may or may not have been carried out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct UserAttempt {
    pub profile: Profile,
    pub active: bool,
    pub deleted: bool,
    pub write: WriteAt,
}

/// A write to a group that may or may not have been carried out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct GroupAttempt {
    pub version: u16,
    pub added: Vec<UserNumber>,
    pub removed: Vec<UserNumber>,
    pub deleted: bool,
    pub write: WriteAt,
}

#[derive(Debug, Clone)]
pub(super) struct User {
    /// As the server gave it.
    pub id: Box<str>,
    pub profile: Profile,
    pub active: bool,
    pub deleted: bool,
    /// The last write of each attribute, by its place.
    writes: [WriteAt; Attribute::ALL.len()],
    pub attempts: Vec<UserAttempt>,
}

#[derive(Debug, Clone)]
pub(super) struct Group {
    pub id: Box<str>,
    pub version: u16,
    pub deleted: bool,
    /// The last write that named, or deleted, the group.
    pub write: WriteAt,
    /// Everybody who ever was a member, with the last write about it.
    pub members: BTreeMap<UserNumber, Membership>,
    pub attempts: Vec<GroupAttempt>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Membership {
    pub there: bool,
    pub write: WriteAt,
}

impl User {
    pub fn write(&self, attribute: Attribute) -> WriteAt {
        self.writes.get(attribute.place()).copied().unwrap_or_default()
    }

    /// The last write of all.
    pub fn last_write(&self) -> WriteAt {
        self.writes.iter().copied().max().unwrap_or_default()
    }

    fn wrote(&mut self, attributes: &[Attribute], write: WriteAt) {
        for attribute in attributes {
            if let Some(place) = self.writes.get_mut(attribute.place()) {
                *place = write;
            }
        }
    }
}

impl Group {
    /// Those who are members now.
    pub fn present(&self) -> impl Iterator<Item = UserNumber> + '_ {
        self.members.iter().filter(|(_, membership)| membership.there).map(|(user, _)| *user)
    }
}

/// Everything that the provider believes.
#[derive(Debug, Default)]
pub(super) struct Belief {
    pub users: BTreeMap<UserNumber, User>,
    pub groups: BTreeMap<GroupNumber, Group>,
    /// Ids of users that the provider knew once and has lost sight of.
    pub lost_users: Vec<Box<str>>,
    pub lost_groups: Vec<Box<str>>,
}

impl Belief {
    pub fn fold(&mut self, fact: &Fact) {
        match fact {
            Fact::User { user, id, profile, active, set, write } => {
                let lost = self.user_is(*user, id, *profile, *active, set, *write);
                self.lost_users.extend(lost);
            }
            Fact::UserDeleted { user, write } => {
                if let Some(user) = self.users.get_mut(user) {
                    user.deleted = true;
                    user.active = false;
                    user.attempts = Vec::new();
                    user.wrote(&Attribute::ALL, *write);
                }
            }
            Fact::UserTried { user, attempt } => {
                if let Some(user) = self.users.get_mut(user) {
                    user.attempts.push(attempt.clone());
                }
            }
            Fact::Group { group, id, version, write } => self.group_is(*group, id, *version, *write),
            Fact::Members { group, added, removed, write } => {
                if let Some(group) = self.groups.get_mut(group) {
                    let listed = |list: &[UserNumber], there| {
                        list.iter()
                            .map(move |user| (*user, Membership { there, write: *write }))
                            .collect::<Vec<_>>()
                    };
                    group.members.extend(listed(removed, false));
                    group.members.extend(listed(added, true));
                    group.attempts = Vec::new();
                }
            }
            Fact::GroupDeleted { group, write } => {
                if let Some(group) = self.groups.get_mut(group) {
                    group.deleted = true;
                    group.write = *write;
                    group.members = BTreeMap::new();
                    group.attempts = Vec::new();
                }
            }
            Fact::GroupTried { group, attempt } => {
                if let Some(group) = self.groups.get_mut(group) {
                    group.attempts.push(attempt.clone());
                }
            }
        }
    }

    /// Gives the id that is not the user's any more, where it had another one.
    fn user_is(
        &mut self,
        number: UserNumber,
        id: &str,
        profile: Profile,
        active: bool,
        set: &[Attribute],
        write: WriteAt,
    ) -> Option<Box<str>> {
        let new = || User {
            id: id.into(),
            profile,
            active,
            deleted: false,
            writes: [0; Attribute::ALL.len()],
            attempts: Vec::new(),
        };
        let user = self.users.entry(number).or_insert_with(new);
        let old = (*user.id != *id).then(|| std::mem::replace(&mut user.id, id.into()));
        // A deleted user whose id is another now is gone, and not lost.
        let lost = old.filter(|_| !user.deleted);
        user.profile = profile;
        user.active = active;
        user.deleted = false;
        user.attempts = Vec::new();
        user.wrote(set, write);
        lost
    }

    fn group_is(&mut self, number: GroupNumber, id: &str, version: u16, write: WriteAt) {
        let new = || Group {
            id: id.into(),
            version,
            deleted: false,
            write,
            members: BTreeMap::new(),
            attempts: Vec::new(),
        };
        let group = self.groups.entry(number).or_insert_with(new);
        if *group.id != *id {
            let old = std::mem::replace(&mut group.id, id.into());
            self.lost_groups.extend(Some(old).filter(|_| !group.deleted));
            group.members = BTreeMap::new();
        }
        group.version = version;
        group.deleted = false;
        group.write = write;
        group.attempts = Vec::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROFILE: Profile =
        Profile { given: 0, family: 0, account: 0, department: 0, title: 0, manager: None };

    fn user(id: &str, active: bool, set: &[Attribute], write: WriteAt) -> Fact {
        Fact::User { user: 7, id: id.into(), profile: PROFILE, active, set: set.to_vec(), write }
    }

    #[test]
    fn each_attribute_knows_its_last_write() {
        let mut belief = Belief::default();
        belief.fold(&user("a", true, &[Attribute::Title, Attribute::Active], 10));
        belief.fold(&user("a", false, &[Attribute::Active], 20));
        let known = &belief.users[&7];
        assert!(!known.active);
        assert_eq!((known.write(Attribute::Title), known.write(Attribute::Active)), (10, 20));
        assert_eq!(known.last_write(), 20);
        assert!(belief.lost_users.is_empty());
    }

    #[test]
    fn an_attempt_stays_until_something_is_confirmed() {
        let mut belief = Belief::default();
        let attempt = UserAttempt { profile: PROFILE, active: false, deleted: false, write: 5 };
        belief.fold(&user("a", true, &[], 1));
        belief.fold(&Fact::UserTried { user: 7, attempt });
        assert!(belief.users[&7].active, "what is not confirmed is not believed");
        assert_eq!(belief.users[&7].attempts.len(), 1);
        belief.fold(&user("b", false, &[], 9));
        assert!(belief.users[&7].attempts.is_empty());
        assert_eq!(belief.lost_users, [Box::from("a")]);
    }

    #[test]
    fn members_come_and_go() {
        let mut belief = Belief::default();
        belief.fold(&Fact::Group { group: 3, id: "g".into(), version: 0, write: 1 });
        belief.fold(&Fact::Members { group: 3, added: vec![1, 2], removed: vec![], write: 2 });
        belief.fold(&Fact::Members { group: 3, added: vec![], removed: vec![1], write: 3 });
        let group = &belief.groups[&3];
        assert_eq!(group.present().collect::<Vec<_>>(), [2]);
        assert_eq!(group.members[&1], Membership { there: false, write: 3 });
    }

    #[test]
    fn facts_are_read_as_they_were_written() {
        let fact = user("a", true, &[Attribute::WorkEmail], 10);
        let text = serde_json::to_string(&fact).expect("JSON");
        assert_eq!(serde_json::from_str::<Fact>(&text).expect("a fact"), fact);
        assert!(text.contains(r#""set":["workEmail"]"#), "{text}");
    }
}
