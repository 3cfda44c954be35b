//! One site of an organisation: who works there, which groups there are, and what happens on a day.
//! Must not know other sites; the order of events across sites is made elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use super::life::{DAY, Event, Organisation, What};
use super::names::{DEPARTMENTS, FAMILY, GIVEN, TITLES};
use super::person::{GroupNumber, Profile, Standing, UserNumber};
use super::random::Random;

/// Days after which the account of somebody who left is deleted.
const KEPT: u32 = 30;
/// Work begins and ends at these minutes of a day.
const MORNING: u32 = 8 * 60;
const EVENING: u32 = 18 * 60;

/// What happens to people, with how often it happens to a thousand of them on one day.
const OF_PEOPLE: &[(Deed, u32)] = &[
    (Deed::Join, 5),
    (Deed::Leave, 5),
    (Deed::Move, 15),
    (Deed::Rename, 3),
    (Deed::Return, 3),
    (Deed::AddMember, 20),
    (Deed::RemoveMember, 10),
];
/// The same for groups.
const OF_GROUPS: &[(Deed, u32)] =
    &[(Deed::RenameGroup, 10), (Deed::Push, 16), (Deed::DeleteGroup, 2), (Deed::MakeGroup, 2)];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Join,
    Leave,
    Move,
    Rename,
    Return,
    AddMember,
    RemoveMember,
    RenameGroup,
    Push,
    DeleteGroup,
    MakeGroup,
}

#[derive(Debug, Clone, Copy)]
struct Person {
    profile: Profile,
    standing: Standing,
    /// The day since which it is so.
    since: u32,
}

#[derive(Debug, Default)]
struct Team {
    version: u16,
    members: BTreeSet<UserNumber>,
}

#[derive(Debug)]
pub(super) struct Site {
    organisation: Organisation,
    random: Random,
    people: BTreeMap<UserNumber, Person>,
    /// Those who are employed, in no order.
    employed: Vec<UserNumber>,
    left: Vec<UserNumber>,
    teams: BTreeMap<GroupNumber, Team>,
    /// Numbers that were given, those of deleted groups too.
    next_user: u32,
    next_group: u32,
}

/// What happened at one minute.
struct Diary {
    minute: u32,
    events: Vec<Event>,
}

impl Diary {
    fn note(&mut self, what: What) {
        self.events.push(Event { minute: self.minute, what });
    }
}

impl Site {
    pub fn new(organisation: Organisation, number: u32) -> Self {
        Self {
            organisation,
            random: Random::of(organisation.seed, 1, number.into()),
            people: BTreeMap::new(),
            employed: Vec::new(),
            left: Vec::new(),
            teams: BTreeMap::new(),
            next_user: number,
            next_group: number,
        }
    }

    /// What happens on a day, in order. Days are lived one after the other.
    pub fn live(&mut self, day: u32) -> Vec<Event> {
        let mut diary = Diary { minute: day.saturating_mul(DAY), events: Vec::new() };
        if day == 0 {
            self.begin(&mut diary);
            return diary.events;
        }
        self.purge(day, &mut diary);
        for minute in self.minutes(day) {
            diary.minute = minute;
            let deed = self.deed();
            self.act(deed, day, &mut diary);
        }
        diary.events
    }

    fn begin(&mut self, diary: &mut Diary) {
        while self.next_user < self.organisation.users {
            self.hire(0, diary);
        }
        while self.next_group < self.organisation.groups {
            self.make_group(diary);
        }
    }

    /// When something happens today.
    fn minutes(&mut self, day: u32) -> Vec<u32> {
        let expected = self.people_weight() + self.group_weight();
        let certain = expected / 1000;
        let deeds = certain + u32::from(self.random.below(1000) < expected % 1000);
        let start = day.saturating_mul(DAY) + MORNING;
        let mut minutes: Vec<u32> =
            (0..deeds).map(|_| start + self.random.below(EVENING - MORNING)).collect();
        minutes.sort_unstable();
        minutes
    }

    fn people_weight(&self) -> u32 {
        count(self.employed.len()).saturating_mul(sum(OF_PEOPLE))
    }

    fn group_weight(&self) -> u32 {
        count(self.teams.len()).saturating_mul(sum(OF_GROUPS))
    }

    fn deed(&mut self) -> Deed {
        let (people, groups) = (self.people_weight(), self.group_weight());
        let list = if self.random.below(people + groups) < people { OF_PEOPLE } else { OF_GROUPS };
        let mut drawn = self.random.below(sum(list));
        for (deed, weight) in list {
            match drawn.checked_sub(*weight) {
                Some(rest) => drawn = rest,
                None => return *deed,
            }
        }
        Deed::Move
    }

    fn act(&mut self, deed: Deed, day: u32, diary: &mut Diary) {
        match deed {
            Deed::Join => self.join(day, diary),
            Deed::Leave => self.leave(day, diary),
            Deed::Move => self.change_place(diary),
            Deed::Rename => self.rename(diary),
            Deed::Return => self.take_back(day, diary),
            Deed::AddMember => {
                if let Some(user) = self.random.one_of(&self.employed) {
                    self.add_to_some_group(user, diary);
                }
            }
            Deed::RemoveMember => self.remove_some_member(diary),
            Deed::RenameGroup => self.rename_group(diary),
            Deed::Push => {
                if let Some(group) = self.some_group() {
                    diary.note(What::GroupPushed { group });
                }
            }
            Deed::DeleteGroup => {
                if let Some(group) = self.some_group() {
                    self.teams.remove(&group);
                    diary.note(What::GroupDeleted { group });
                }
            }
            Deed::MakeGroup => self.make_group(diary),
        }
    }

    fn hire(&mut self, day: u32, diary: &mut Diary) -> UserNumber {
        let user = self.next_user;
        self.next_user += self.organisation.sites();
        let family = self.random.place(FAMILY.len());
        let profile = Profile {
            given: self.random.place(GIVEN.len()),
            family,
            account: family,
            department: self.random.place(DEPARTMENTS.len()),
            title: self.random.place(TITLES.len()),
            manager: self.random.one_of(&self.employed),
        };
        self.people.insert(user, Person { profile, standing: Standing::Employed, since: day });
        self.employed.push(user);
        diary.note(What::Joined { user, profile });
        user
    }

    fn join(&mut self, day: u32, diary: &mut Diary) {
        let user = self.hire(day, diary);
        self.add_to_some_group(user, diary);
    }

    fn leave(&mut self, day: u32, diary: &mut Diary) {
        let Some(user) = self.random.one_of(&self.employed) else { return };
        self.employed.retain(|other| *other != user);
        self.left.push(user);
        self.stand(user, Standing::Left, day);
        diary.note(What::Left { user });
        // Half of them are taken out of their groups at once, the others stay there for now.
        if self.random.below(2) == 0 {
            self.remove_from_groups(user, diary);
        }
    }

    fn take_back(&mut self, day: u32, diary: &mut Diary) {
        let Some(user) = self.random.one_of(&self.left) else { return };
        self.left.retain(|other| *other != user);
        self.employed.push(user);
        self.stand(user, Standing::Employed, day);
        let title = self.random.place(TITLES.len());
        self.change(user, |profile| profile.title = title);
        if let Some(person) = self.people.get(&user) {
            diary.note(What::Returned { user, profile: person.profile });
        }
        self.add_to_some_group(user, diary);
    }

    fn purge(&mut self, day: u32, diary: &mut Diary) {
        let due = |user: &UserNumber| self.people.get(user).is_some_and(|p| p.since + KEPT <= day);
        let purged: Vec<UserNumber> = self.left.iter().copied().filter(due).collect();
        for user in purged {
            self.left.retain(|other| *other != user);
            self.remove_from_groups(user, diary);
            self.stand(user, Standing::Purged, day);
            diary.note(What::Purged { user });
            self.release_reports_of(user, diary);
        }
    }

    /// Nobody reports to somebody who is not known any more.
    fn release_reports_of(&mut self, manager: UserNumber, diary: &mut Diary) {
        for (user, person) in &mut self.people {
            if person.profile.manager == Some(manager) {
                person.profile.manager = None;
                if person.standing == Standing::Employed {
                    diary.note(What::Moved { user: *user, profile: person.profile });
                }
            }
        }
    }

    fn change_place(&mut self, diary: &mut Diary) {
        let Some(user) = self.random.one_of(&self.employed) else { return };
        let manager = self.random.one_of(&self.employed).filter(|manager| *manager != user);
        let (department, title) = (self.random.place(DEPARTMENTS.len()), self.random.place(TITLES.len()));
        let changed = self.change(user, |profile| {
            profile.department = department;
            profile.title = title;
            profile.manager = manager;
        });
        if let Some(profile) = changed {
            diary.note(What::Moved { user, profile });
            self.remove_from_a_group(user, diary);
            self.add_to_some_group(user, diary);
        }
    }

    fn rename(&mut self, diary: &mut Diary) {
        let Some(user) = self.random.one_of(&self.employed) else { return };
        let family = self.random.place(FAMILY.len());
        let account_too = self.random.below(2) == 0;
        let changed = self.change(user, |profile| {
            profile.family = family;
            if account_too {
                profile.account = family;
            }
        });
        if let Some(profile) = changed {
            diary.note(What::Renamed { user, profile });
        }
    }

    /// `None` where nothing changes.
    fn change(&mut self, user: UserNumber, change: impl FnOnce(&mut Profile)) -> Option<Profile> {
        let person = self.people.get_mut(&user)?;
        let before = person.profile;
        change(&mut person.profile);
        (before != person.profile).then_some(person.profile)
    }

    fn stand(&mut self, user: UserNumber, standing: Standing, since: u32) {
        if let Some(person) = self.people.get_mut(&user) {
            person.standing = standing;
            person.since = since;
        }
    }

    fn make_group(&mut self, diary: &mut Diary) {
        let group = self.next_group;
        self.next_group += self.organisation.sites();
        diary.note(What::GroupMade { group });
        let mut members = BTreeSet::new();
        for user in &self.employed {
            if self.random.below(3) == 0 {
                members.insert(*user);
                diary.note(What::MemberAdded { group, user: *user });
            }
        }
        self.teams.insert(group, Team { version: 0, members });
    }

    fn rename_group(&mut self, diary: &mut Diary) {
        let Some(group) = self.some_group() else { return };
        if let Some(team) = self.teams.get_mut(&group) {
            team.version = team.version.saturating_add(1);
            diary.note(What::GroupRenamed { group, version: team.version });
        }
    }

    fn some_group(&mut self) -> Option<GroupNumber> {
        let groups: Vec<GroupNumber> = self.teams.keys().copied().collect();
        self.random.one_of(&groups)
    }

    fn add_to_some_group(&mut self, user: UserNumber, diary: &mut Diary) {
        let Some(group) = self.some_group() else { return };
        if self.teams.get_mut(&group).is_some_and(|team| team.members.insert(user)) {
            diary.note(What::MemberAdded { group, user });
        }
    }

    fn remove_some_member(&mut self, diary: &mut Diary) {
        let Some(group) = self.some_group() else { return };
        let members: Vec<UserNumber> =
            self.teams.get(&group).map(|team| team.members.iter().copied().collect()).unwrap_or_default();
        if let Some(user) = self.random.one_of(&members) {
            self.remove(group, user, diary);
        }
    }

    fn groups_of(&self, user: UserNumber) -> Vec<GroupNumber> {
        let holds = |(_, team): &(&GroupNumber, &Team)| team.members.contains(&user);
        self.teams.iter().filter(holds).map(|(group, _)| *group).collect()
    }

    fn remove_from_a_group(&mut self, user: UserNumber, diary: &mut Diary) {
        let groups = self.groups_of(user);
        if let Some(group) = self.random.one_of(&groups) {
            self.remove(group, user, diary);
        }
    }

    fn remove_from_groups(&mut self, user: UserNumber, diary: &mut Diary) {
        for group in self.groups_of(user) {
            self.remove(group, user, diary);
        }
    }

    fn remove(&mut self, group: GroupNumber, user: UserNumber, diary: &mut Diary) {
        if self.teams.get_mut(&group).is_some_and(|team| team.members.remove(&user)) {
            diary.note(What::MemberRemoved { group, user });
        }
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn sum(list: &[(Deed, u32)]) -> u32 {
    list.iter().map(|(_, weight)| weight).sum()
}
