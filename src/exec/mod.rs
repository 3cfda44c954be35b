//! Running a plan: scope, fixtures, requests, repetition, clean-up.
//! Must not judge answers by itself, nor format anything for people.

mod alike;
mod body;
mod capture;
mod case;
mod caught;
mod cause;
mod cleanup;
mod clock;
mod control;
mod end;
mod engine;
mod fixture;
mod guard;
mod health;
mod hook;
mod journal;
mod ledger;
mod listing;
mod made;
mod names;
mod patience;
mod place;
mod recorded;
mod referred;
mod request;
mod run;
mod scope;
mod send;
mod settings;
mod shared;
mod step;
mod stop;
mod strays;
mod suspect;
mod tell;
mod undeleted;
mod verdict;
mod watch;

pub use cleanup::{CleanUp, cleanup};
pub use engine::Engine;
pub use journal::{Line as JournalLine, Trace, journal_folder};
pub use recorded::Recorded;
pub use run::run;
pub use settings::{Expected, Hooks, Journal, Later, Recorder, Settings};
pub use stop::Stop;
