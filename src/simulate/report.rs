//! What a simulation came to, as values: what was sent, what was compared, what differs and because of which exchange.
//! Must not know how it is shown.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::journal::Wrote;
use super::life::{Organisation, Part};

/// So many of each list are kept; the rest is counted.
pub const KEPT: usize = 1000;

/// Counts of which those of several parts, or of several resources, are added up.
macro_rules! counts {
    ($(#[$about:meta])* $name:ident { $($(#[$told:meta])* $count:ident,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $name {
            $($(#[$told])* pub $count: u64,)+
        }

        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                $(self.$count += other.$count;)+
            }
        }
    };
}

/// The report of a simulation, or of several parts together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub simulation: About,
    pub outcome: Outcome,
    /// Why it ended early.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aborted: Option<String>,
    /// Sentences about what the reader should know.
    pub notes: Vec<String>,
    pub life: Lived,
    pub sent: SentCounts,
    pub believed: Believed,
    pub compared: Compared,
    pub differing: u64,
    /// The first of them.
    pub divergences: Vec<Divergence>,
    /// Tasks that came to nothing, also after they were tried again.
    pub unfinished: u64,
    pub failures: Vec<Failure>,
    /// Resources that were deleted at the end.
    pub cleaned: u64,
    /// What could not be deleted, with the reason.
    pub left: Vec<Left>,
    /// Most memory that the process ever had, in kilobytes; that of the mock too, where it runs in the same process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_memory_kb: Option<u64>,
}

/// Which simulation it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    pub client: String,
    pub target: String,
    #[serde(flatten)]
    pub organisation: Organisation,
    /// The parts that were played, and how many there are.
    pub parts: Vec<u32>,
    pub of: u32,
    /// It went on from a journal, so that counts are of the last run alone.
    #[serde(default)]
    pub resumed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The server has what the provider believes.
    Agrees,
    /// The server has something else, or did not take what it should.
    Diverges,
    /// It ended early, so that not all is known.
    Stopped,
}

counts! {
    /// Events of the organisation's life that were turned into requests.
    Lived {
        joined,
        moved,
        renamed,
        left,
        returned,
        purged,
        groups_made,
        groups_renamed,
        groups_pushed,
        groups_deleted,
        members_added,
        members_removed,
        imports,
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SentCounts {
    /// Those for comparing included, those for cleaning up not.
    pub requests: u64,
    pub writes: u64,
    /// Resources read by imports.
    pub imported: u64,
    /// Sent again because the server asked for a pause.
    pub repeated: u64,
    pub waited_ms: u64,
    /// Pauses that were cut short, because the client's own would have taken minutes.
    pub shortened: u64,
    pub unanswered: u64,
    /// Tasks that failed at first and succeeded later.
    pub healed: u64,
    /// From the first request to the last, comparing included and cleaning up not.
    pub elapsed_ms: u64,
    /// Requests a second within that time.
    pub per_second: f64,
}

counts! {
    /// What the provider believes in the end.
    Believed {
        users,
        active,
        groups,
        members,
    }
}

counts! {
    /// What was compared with the server.
    Compared {
        users,
        groups,
        values,
        members,
        /// Resources that could not be read.
        unread,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Another value than the one believed.
    Differs,
    /// No value where one is believed.
    Lacks,
    /// A member that the provider believes is none.
    Keeps,
    /// The resource cannot be read any more.
    Gone,
    /// A deleted resource can still be read.
    Stays,
    /// A resource of the simulation that the provider does not know.
    Unknown,
}

/// One difference between what the provider believes and what the server has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Divergence {
    /// `user 17`, `group 3`
    pub subject: String,
    /// Its userName or displayName.
    pub name: String,
    /// Below the base: `/Users/7f21`
    pub path: String,
    /// The attribute: `active`, `members`; empty for the resource as a whole.
    pub attribute: String,
    pub kind: Kind,
    pub expected: Value,
    pub actual: Value,
    /// The last write of that attribute or member, where the journal still has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Wrote>,
}

/// A task that came to nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    pub subject: String,
    /// `PATCH /Groups/7`
    pub asked: String,
    /// `None` where no answer came.
    pub status: Option<u16>,
    pub why: String,
    /// Whether it may have been carried out all the same.
    pub in_doubt: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Wrote>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    pub url: String,
    pub why: String,
}

impl Report {
    /// 0 where the server agrees, 1 where it does not, 3 where that could not be found out.
    pub fn exit_code(&self) -> u8 {
        match self.outcome {
            Outcome::Agrees => 0,
            Outcome::Diverges => 1,
            Outcome::Stopped => 3,
        }
    }

    /// What the lists say, in one word.
    pub fn judge(&mut self) {
        self.outcome = if self.aborted.is_some() {
            Outcome::Stopped
        } else if self.differing > 0 || self.unfinished > 0 {
            Outcome::Diverges
        } else if self.compared.unread > 0 {
            Outcome::Stopped
        } else {
            Outcome::Agrees
        };
    }
}

/// The part of which a report is, as the header of a journal says it.
pub(super) fn parts(part: Part) -> (Vec<u32>, u32) {
    (vec![part.number], part.of)
}
