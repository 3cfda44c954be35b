use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

fn events(organisation: Organisation, part: Part) -> Vec<Event> {
    organisation.life(part).collect()
}

/// Where every person and group stands, by the events alone; a sentence where an event cannot happen.
#[derive(Default)]
struct Witness {
    employed: BTreeMap<UserNumber, Profile>,
    left: BTreeMap<UserNumber, Profile>,
    purged: BTreeSet<UserNumber>,
    groups: BTreeMap<GroupNumber, (u16, BTreeSet<UserNumber>)>,
    deleted: BTreeSet<GroupNumber>,
}

impl Witness {
    fn see(&mut self, what: What) -> Result<(), String> {
        let ok = match what {
            What::Joined { user, profile } => {
                let new = !self.left.contains_key(&user) && !self.purged.contains(&user);
                let manager = profile.manager.is_none_or(|manager| self.employed.contains_key(&manager));
                self.employed.insert(user, profile).is_none() && new && manager
            }
            What::Moved { user, profile } | What::Renamed { user, profile } => {
                self.employed.insert(user, profile).is_some_and(|before| before != profile)
            }
            What::Left { user } => match self.employed.remove(&user) {
                Some(profile) => self.left.insert(user, profile).is_none(),
                None => false,
            },
            What::Returned { user, profile } => {
                self.left.remove(&user).is_some() && self.employed.insert(user, profile).is_none()
            }
            What::Purged { user } => {
                let in_no_group = self.groups.values().all(|(_, members)| !members.contains(&user));
                self.left.remove(&user).is_some() && self.purged.insert(user) && in_no_group
            }
            What::GroupMade { group } => {
                !self.deleted.contains(&group) && self.groups.insert(group, Default::default()).is_none()
            }
            What::GroupRenamed { group, version } => self.groups.get_mut(&group).is_some_and(|group| {
                group.0 += 1;
                group.0 == version
            }),
            What::GroupDeleted { group } => {
                self.groups.remove(&group).is_some() && self.deleted.insert(group)
            }
            What::GroupPushed { group } => self.groups.contains_key(&group),
            What::MemberAdded { group, user } => {
                let employed = self.employed.contains_key(&user);
                employed && self.groups.get_mut(&group).is_some_and(|group| group.1.insert(user))
            }
            What::MemberRemoved { group, user } => {
                self.groups.get_mut(&group).is_some_and(|group| group.1.remove(&user))
            }
            What::ImportDue => true,
        };
        ok.then_some(()).ok_or_else(|| format!("{what:?} cannot happen"))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn nothing_happens_before_what_it_needs(
        seed: u64, users in 0..120_u32, groups in 0..20_u32, days in 0..80_u32,
    ) {
        let organisation = Organisation { seed, users, groups, days };
        let mut witness = Witness::default();
        let mut minute = 0;
        for event in events(organisation, Part::WHOLE) {
            prop_assert!(event.minute >= minute && event.minute < days * DAY);
            minute = event.minute;
            witness.see(event.what).map_err(TestCaseError::fail)?;
        }
    }

    #[test]
    fn parts_are_the_whole_and_never_meet(seed: u64, users in 1..80_u32, groups in 0..16_u32, of in 1..5_u32) {
        let organisation = Organisation { seed, users, groups, days: 20 };
        let mut whole = events(organisation, Part::WHOLE);
        let mut parts = Vec::new();
        let mut owners: BTreeMap<(bool, u32), u32> = BTreeMap::new();
        for number in 1..=of {
            for event in events(organisation, Part { number, of }) {
                for who in concerned(event.what) {
                    prop_assert_eq!(*owners.entry(who).or_insert(number), number);
                }
                parts.push(event);
            }
        }
        let key = |event: &Event| (event.minute, format!("{:?}", event.what));
        whole.sort_by_key(key);
        parts.sort_by_key(key);
        prop_assert_eq!(whole, parts);
    }
}

/// Groups and people of an event.
fn concerned(what: What) -> Vec<(bool, u32)> {
    match what {
        What::Joined { user, profile }
        | What::Moved { user, profile }
        | What::Renamed { user, profile }
        | What::Returned { user, profile } => {
            std::iter::once(user).chain(profile.manager).map(|user| (true, user)).collect()
        }
        What::Left { user } | What::Purged { user } => vec![(true, user)],
        What::GroupMade { group }
        | What::GroupRenamed { group, .. }
        | What::GroupDeleted { group }
        | What::GroupPushed { group } => vec![(false, group)],
        What::MemberAdded { group, user } | What::MemberRemoved { group, user } => {
            vec![(false, group), (true, user)]
        }
        What::ImportDue => Vec::new(),
    }
}

#[test]
fn a_year_has_everything_in_it() {
    let organisation = Organisation { seed: 1, users: 200, groups: 12, days: 120 };
    let events = events(organisation, Part::WHOLE);
    let kinds: BTreeSet<String> = events
        .iter()
        .map(|event| format!("{:?}", event.what).split(' ').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(kinds.len(), 13, "{kinds:?}");
    let joined = events.iter().filter(|event| matches!(event.what, What::Joined { .. })).count();
    let left = events.iter().filter(|event| matches!(event.what, What::Left { .. })).count();
    assert!((250..450).contains(&joined), "{joined} joined");
    assert!((60..200).contains(&left), "{left} left");
}

#[test]
fn a_seed_is_a_life() {
    let of = |seed| events(Organisation { seed, users: 60, groups: 6, days: 10 }, Part::WHOLE);
    assert_eq!(of(7), of(7));
    assert_ne!(of(7), of(8));
}
