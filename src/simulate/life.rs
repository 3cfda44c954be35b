//! The life of an organisation as a stream of events: the same seed and sizes always give the same one.
//! Must not know any provider, any server, nor the time.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::person::{GroupNumber, Profile, UserNumber};
use super::site::Site;

/// Minutes of a day.
pub const DAY: u32 = 24 * 60;
/// When imports are due.
const IMPORT: u32 = 2 * 60;
/// Groups of a site.
const GROUPS_OF_A_SITE: u32 = 3;
/// People of a site, where there are few groups.
const PEOPLE_OF_A_SITE: u32 = 500;

/// What an organisation is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    pub seed: u64,
    /// People on the first day; about as many join as leave.
    pub users: u32,
    /// Groups on the first day.
    pub groups: u32,
    /// Days of its life; the first one is its beginning.
    pub days: u32,
}

/// One of several parts that play an organisation together, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub number: u32,
    pub of: u32,
}

impl Part {
    pub const WHOLE: Part = Part { number: 1, of: 1 };
}

/// Something that happens in the organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// Minutes since the beginning.
    pub minute: u32,
    pub what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Joined {
        user: UserNumber,
        profile: Profile,
    },
    /// Another department, title or manager.
    Moved {
        user: UserNumber,
        profile: Profile,
    },
    /// Another family name, with or without another account name.
    Renamed {
        user: UserNumber,
        profile: Profile,
    },
    Left {
        user: UserNumber,
    },
    /// Hired again; the same person.
    Returned {
        user: UserNumber,
        profile: Profile,
    },
    /// Left for so long that the account is deleted.
    Purged {
        user: UserNumber,
    },
    GroupMade {
        group: GroupNumber,
    },
    GroupRenamed {
        group: GroupNumber,
        version: u16,
    },
    GroupDeleted {
        group: GroupNumber,
    },
    /// An administrator has the whole group sent once more.
    GroupPushed {
        group: GroupNumber,
    },
    MemberAdded {
        group: GroupNumber,
        user: UserNumber,
    },
    MemberRemoved {
        group: GroupNumber,
        user: UserNumber,
    },
    /// The provider is due to read what the server has.
    ImportDue,
}

impl Organisation {
    /// How many sites there are. People and groups belong to one site for ever, and groups have members of their own
    /// site only, so that sites never meet.
    pub fn sites(self) -> u32 {
        let by_groups = self.groups.div_ceil(GROUPS_OF_A_SITE);
        by_groups.max(self.users.div_ceil(PEOPLE_OF_A_SITE)).clamp(1, self.users.max(1))
    }

    /// The life of the sites that belong to a part. Imports are due in the first part alone.
    pub fn life(self, part: Part) -> Life {
        let of = part.of.max(1);
        let mine = (0..self.sites()).filter(|site| site % of == part.number.saturating_sub(1));
        let sites = mine.map(|site| Site::new(self, site)).collect();
        Life { organisation: self, imports: part.number <= 1, sites, day: 0, ready: VecDeque::new() }
    }
}

/// The events, in the order in which they happen.
#[derive(Debug)]
pub struct Life {
    organisation: Organisation,
    imports: bool,
    sites: Vec<Site>,
    /// The next day.
    day: u32,
    ready: VecDeque<Event>,
}

impl Iterator for Life {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        while self.ready.is_empty() && self.day < self.organisation.days {
            let day = self.day;
            let mut events: Vec<Event> = self.sites.iter_mut().flat_map(|site| site.live(day)).collect();
            if self.imports && day > 0 {
                events.push(Event { minute: day * DAY + IMPORT, what: What::ImportDue });
            }
            // Stable: what follows from something else at the same minute stays behind it.
            events.sort_by_key(|event| event.minute);
            self.ready.extend(events);
            self.day += 1;
        }
        self.ready.pop_front()
    }
}

#[cfg(test)]
#[path = "life_tests.rs"]
mod tests;
