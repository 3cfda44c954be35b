//! The course of a simulation: round after round, what has happened is turned into tasks for the client.
//! Must not know any provider's requests.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tokio::task::JoinSet;

use super::client;
use super::compare::Subject;
use super::desk::Desk;
use super::directory::{Concern, Directory};
use super::journal::{Journal, Line};
use super::life::{DAY, Event, What};
use super::report::Lived;
use super::wire::Trouble;

/// So many tasks that are refused one after the other, and nothing more is sent: no provider would go on.
const REFUSED: u32 = 100;
/// How often all that failed is tried once more at the end.
const LAST_TRIES: u32 = 2;

/// How far a simulation has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// `day 3 of 30`, `comparing`, `cleaning up`
    pub phase: String,
    pub done: u64,
    pub of: u64,
    pub requests: u64,
    pub failed: u64,
}

/// What is to be done in a round.
#[derive(Debug, Default)]
struct Round {
    users: BTreeSet<u32>,
    /// With whether all of the group is to be sent.
    groups: BTreeMap<u32, bool>,
    import: bool,
    events: u64,
}

pub(super) struct Course {
    pub desk: Arc<Desk>,
    pub journal: Arc<Journal>,
    pub jobs: usize,
    pub directory: Directory,
    pub lived: Lived,
    pub imported: u64,
    /// What failed and was not mended yet.
    pub owed: BTreeMap<Subject, Trouble>,
    /// Everything that ever failed, and how often.
    failed: BTreeMap<Subject, u32>,
    /// Tasks that were refused since one was not.
    refused: u32,
    done: u64,
    of: u64,
}

impl Course {
    pub fn new(desk: Arc<Desk>, journal: Arc<Journal>, jobs: usize, events: u64) -> Self {
        Self {
            desk,
            journal,
            jobs,
            directory: Directory::default(),
            lived: Lived::default(),
            imported: 0,
            owed: BTreeMap::new(),
            failed: BTreeMap::new(),
            refused: 0,
            done: 0,
            of: events,
        }
    }

    /// Lives through the events. Those before `from` were sent already, by a run that was cut short.
    pub async fn live(&mut self, life: impl Iterator<Item = Event>, from: u32, show: &impl Fn(&Progress)) {
        let cycle = self.desk.wire.manner.cycle.max(1);
        let mut life = life.peekable();
        let mut number = 0;
        let mut is_new = from == 0;
        while let Some(first) = life.peek() {
            let end = (first.minute / cycle + 1).saturating_mul(cycle);
            let day = first.minute / DAY + 1;
            let mut round = Round::default();
            while let Some(event) = life.next_if(|event| event.minute < end) {
                self.see(event.what, &mut round);
            }
            number += 1;
            if end <= from {
                self.done += round.events;
                continue;
            }
            if !is_new {
                // What failed before the crash is not known any more; what is done already sends nothing.
                is_new = true;
                round.users.extend(self.directory.users.keys());
                for group in self.directory.groups.keys() {
                    round.groups.entry(*group).or_default();
                }
            }
            self.work(&round, number, &format!("day {day}"), show).await;
            if self.desk.wire.is_over() {
                return;
            }
            self.journal.write(&Line::Round { minute: end });
        }
    }

    fn see(&mut self, what: What, round: &mut Round) {
        round.events += 1;
        count(&mut self.lived, what);
        match self.directory.see(what) {
            Concern::User(user) => {
                round.users.insert(user);
            }
            Concern::Group(group) => {
                round.groups.entry(group).or_default();
            }
            Concern::Push(group) => {
                round.groups.insert(group, true);
            }
            Concern::Import => round.import = true,
        }
    }

    /// Users first, then groups, then references between users.
    async fn work(&mut self, round: &Round, number: u32, phase: &str, show: &impl Fn(&Progress)) {
        if client::probes_each_round(self.desk.wire.manner.dialect) {
            // A probe that fails is no task: what matters will fail on its own.
            let _ = client::probe(&self.desk, number).await;
        }
        if round.import
            && let Ok(read) = client::import(&self.desk).await
        {
            self.imported += read;
        }
        let mut users = round.users.clone();
        let mut groups = round.groups.clone();
        let most = self.desk.wire.manner.tries;
        for subject in self.owed.keys().filter(|subject| self.tries(subject) <= most) {
            match subject {
                Subject::User(user) => {
                    users.insert(*user);
                }
                Subject::Group(group) => {
                    groups.entry(*group).or_default();
                }
                Subject::Stranger(..) => {}
            }
        }
        self.phases(&users, &groups, phase, show).await;
        self.done += round.events;
        self.tell(phase, show);
    }

    async fn phases(
        &mut self,
        users: &BTreeSet<u32>,
        groups: &BTreeMap<u32, bool>,
        phase: &str,
        show: &impl Fn(&Progress),
    ) {
        let people: Vec<_> =
            users.iter().filter_map(|user| Some((*user, *self.directory.users.get(user)?))).collect();
        let mut tasks = JoinSet::new();
        for (user, wanted) in people.iter().copied() {
            self.make_room(&mut tasks, phase, show).await;
            let desk = self.desk.clone();
            tasks.spawn(async move { (Subject::User(user), client::user(&desk, user, wanted).await) });
        }
        self.drain(&mut tasks, phase, show).await;
        for (group, push) in groups {
            let Some(wanted) = self.directory.groups.get(group).cloned() else { continue };
            self.make_room(&mut tasks, phase, show).await;
            let (desk, group, push) = (self.desk.clone(), *group, *push);
            tasks.spawn(
                async move { (Subject::Group(group), client::group(&desk, group, &wanted, push).await) },
            );
        }
        self.drain(&mut tasks, phase, show).await;
        for (user, wanted) in people {
            // Whoever failed has no account to refer from.
            if self.owed.contains_key(&Subject::User(user)) {
                continue;
            }
            self.make_room(&mut tasks, phase, show).await;
            let desk = self.desk.clone();
            tasks.spawn(async move { (Subject::User(user), client::references(&desk, user, wanted).await) });
        }
        self.drain(&mut tasks, phase, show).await;
    }

    async fn make_room(&mut self, tasks: &mut JoinSet<Task>, phase: &str, show: &impl Fn(&Progress)) {
        while tasks.len() >= self.jobs.max(1) {
            if let Some(Ok(done)) = tasks.join_next().await {
                self.settle(done);
                self.tell(phase, show);
            }
        }
    }

    async fn drain(&mut self, tasks: &mut JoinSet<Task>, phase: &str, show: &impl Fn(&Progress)) {
        while let Some(done) = tasks.join_next().await {
            if let Ok(done) = done {
                self.settle(done);
                self.tell(phase, show);
            }
        }
    }

    fn settle(&mut self, (subject, outcome): Task) {
        match outcome {
            Ok(()) => {
                self.refused = 0;
                self.owed.remove(&subject);
            }
            Err(Trouble::Over) => {}
            Err(trouble) => {
                self.refused += 1;
                *self.failed.entry(subject.clone()).or_default() += 1;
                self.owed.insert(subject, trouble);
                if self.refused >= REFUSED {
                    self.desk.wire.give_up(format!("{REFUSED} tasks failed one after the other"));
                }
            }
        }
    }

    /// Tries once more what failed, as an administrator would.
    pub async fn finish(&mut self, show: &impl Fn(&Progress)) {
        for _ in 0..LAST_TRIES {
            if self.owed.is_empty() || self.desk.wire.rest(self.desk.wire.grace).await.is_err() {
                return;
            }
            self.refused = 0;
            let mut users = BTreeSet::new();
            let mut groups = BTreeMap::new();
            for subject in self.owed.keys() {
                match subject {
                    Subject::User(user) => {
                        users.insert(*user);
                    }
                    Subject::Group(group) => {
                        groups.insert(*group, false);
                    }
                    Subject::Stranger(..) => {}
                }
            }
            if !users.is_empty() {
                // Members who were left out because they had no account.
                groups.extend(self.groups_of(&users));
            }
            self.phases(&users, &groups, "trying again", show).await;
        }
    }

    fn tries(&self, subject: &Subject) -> u32 {
        self.failed.get(subject).copied().unwrap_or_default()
    }

    /// How many failed at first and did not in the end.
    pub fn healed(&self) -> u64 {
        let healed = self.failed.keys().filter(|subject| !self.owed.contains_key(subject));
        u64::try_from(healed.count()).unwrap_or_default()
    }

    fn groups_of(&self, users: &BTreeSet<u32>) -> Vec<(u32, bool)> {
        let concerned = self.directory.groups.iter().filter(|(_, team)| !team.members.is_disjoint(users));
        concerned.map(|(group, _)| (*group, false)).collect()
    }

    pub fn tell(&self, phase: &str, show: &impl Fn(&Progress)) {
        show(&Progress {
            phase: phase.to_owned(),
            done: self.done,
            of: self.of,
            requests: self.requests(),
            failed: u64::try_from(self.owed.len()).unwrap_or_default(),
        });
    }

    pub fn requests(&self) -> u64 {
        self.desk.wire.tally.requests() + self.desk.own.tally.requests()
    }
}

type Task = (Subject, Result<(), Trouble>);

fn count(lived: &mut Lived, what: What) {
    let place = match what {
        What::Joined { .. } => &mut lived.joined,
        What::Moved { .. } => &mut lived.moved,
        What::Renamed { .. } => &mut lived.renamed,
        What::Left { .. } => &mut lived.left,
        What::Returned { .. } => &mut lived.returned,
        What::Purged { .. } => &mut lived.purged,
        What::GroupMade { .. } => &mut lived.groups_made,
        What::GroupRenamed { .. } => &mut lived.groups_renamed,
        What::GroupPushed { .. } => &mut lived.groups_pushed,
        What::GroupDeleted { .. } => &mut lived.groups_deleted,
        What::MemberAdded { .. } => &mut lived.members_added,
        What::MemberRemoved { .. } => &mut lived.members_removed,
        What::ImportDue => &mut lived.imports,
    };
    *place += 1;
}
