//! The instance as the endpoints see it: its version, its switches, what it remembers, and the time.
//! Knows no request.

use jiff::Timestamp;

use super::settings::Switches;
use super::slips::{Slip, Slips};
use super::state::State;
use super::tokens::Current;
use super::trouble::Trouble;
use super::version::Version;

/// Everything about the instance, for as long as one request takes.
pub struct Instance<'a> {
    pub version: Version,
    pub slips: &'a Slips,
    pub switches: &'a mut Switches,
    pub tokens: &'a mut Current,
    pub trouble: &'a mut Trouble,
    pub state: &'a mut State,
    pub now: Timestamp,
}

impl Instance<'_> {
    /// Whether a decision is made wrongly.
    pub fn has(&self, slip: Slip) -> bool {
        self.slips.has(slip)
    }
}
