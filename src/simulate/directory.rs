//! The provider's own directory: who is who at this moment, as the events say.
//! Must not know what the server was told of it.

use std::collections::{BTreeMap, BTreeSet};

use super::life::What;
use super::person::{GroupNumber, Profile, Standing, UserNumber};

/// A person, as the provider wants the server to have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Person {
    pub profile: Profile,
    pub standing: Standing,
}

/// A group, as the provider wants the server to have it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Team {
    pub version: u16,
    pub members: BTreeSet<UserNumber>,
    pub deleted: bool,
}

/// What an event is about, for whoever turns it into requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Concern {
    User(UserNumber),
    Group(GroupNumber),
    /// The whole group is to be sent, changed or not.
    Push(GroupNumber),
    Import,
}

#[derive(Debug, Default)]
pub(super) struct Directory {
    pub users: BTreeMap<UserNumber, Person>,
    pub groups: BTreeMap<GroupNumber, Team>,
}

impl Directory {
    /// Lets an event happen.
    pub fn see(&mut self, what: What) -> Concern {
        match what {
            What::Joined { user, profile }
            | What::Moved { user, profile }
            | What::Renamed { user, profile }
            | What::Returned { user, profile } => {
                self.users.insert(user, Person { profile, standing: Standing::Employed });
                Concern::User(user)
            }
            What::Left { user } => self.stand(user, Standing::Left),
            What::Purged { user } => self.stand(user, Standing::Purged),
            What::GroupMade { group } => self.team(group, |_| ()),
            What::GroupRenamed { group, version } => self.team(group, |team| team.version = version),
            What::GroupDeleted { group } => self.team(group, |team| {
                team.deleted = true;
                team.members = BTreeSet::new();
            }),
            What::MemberAdded { group, user } => self.team(group, |team| {
                team.members.insert(user);
            }),
            What::MemberRemoved { group, user } => self.team(group, |team| {
                team.members.remove(&user);
            }),
            What::GroupPushed { group } => Concern::Push(group),
            What::ImportDue => Concern::Import,
        }
    }

    fn stand(&mut self, user: UserNumber, standing: Standing) -> Concern {
        if let Some(person) = self.users.get_mut(&user) {
            person.standing = standing;
        }
        Concern::User(user)
    }

    fn team(&mut self, group: GroupNumber, change: impl FnOnce(&mut Team)) -> Concern {
        change(self.groups.entry(group).or_default());
        Concern::Group(group)
    }
}
