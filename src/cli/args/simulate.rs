//! The options of `simulate`.
//! Must not decide what they mean together.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::Args as Options;

use crate::mock::defects::Switch;
use crate::simulate::Part;

use super::{Format, TargetArgs, value};

#[derive(Debug, Options)]
pub struct SimulateArgs {
    /// Client to play: okta (okta-catalog, okta-wizard) or entra (entra-legacy, entra-2020, entra-gallery)
    #[arg(value_name = "CLIENT", required_unless_present = "merge")]
    pub client: Option<String>,
    /// Base URL of the target (https://host/scim/v2), or `mock`; the built-in mock where absent
    #[arg(value_name = "URL")]
    pub url: Option<String>,
    /// Merge the JSON reports of parts into one, and play nothing
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["client", "part", "journal"])]
    pub merge: Vec<PathBuf>,
    /// Defect of the built-in mock, as for `scimspec mock`; can be repeated
    #[arg(long, value_name = "DEFECT")]
    pub defect: Vec<Switch>,
    #[command(flatten)]
    pub organisation: OrganisationArgs,
    #[command(flatten)]
    pub course: SimulationArgs,
    #[command(flatten)]
    pub target: TargetArgs,
    /// Form of the report on stdout
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub format: Format,
    /// Tell every divergence
    #[arg(long, short, help_heading = "Output")]
    pub verbose: bool,
    /// Show no progress bar
    #[arg(long, help_heading = "Output")]
    pub no_progress: bool,
}

#[derive(Debug, Options)]
#[command(next_help_heading = "Organisation")]
pub struct OrganisationArgs {
    /// People on the first day
    #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub users: u32,
    /// Groups on the first day
    #[arg(long, value_name = "NUMBER", default_value_t = 10, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub groups: u32,
    /// Days that it lives
    #[arg(long, value_name = "NUMBER", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3650))]
    pub days: u32,
    /// The same seed and sizes give the same life
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,
    /// Play this part of it only, as one of several machines: 2/5
    #[arg(long, value_name = "NUMBER/OF", default_value = "1/1")]
    pub part: PartArg,
    /// Domain of userNames and mail addresses
    #[arg(long, value_name = "DOMAIN")]
    pub mail_domain: Option<String>,
}

#[derive(Debug, Options)]
#[command(next_help_heading = "Course of the simulation")]
pub struct SimulationArgs {
    /// Tasks side by side
    #[arg(long, value_name = "NUMBER", default_value_t = 8, value_parser = value::jobs)]
    pub jobs: usize,
    /// How long a write may take to show; no time where absent
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = value::duration)]
    pub grace: Duration,
    /// How long one request waits in all for a server that is busy or out of reach
    #[arg(long, value_name = "DURATION", default_value = "2m", value_parser = value::duration)]
    pub patience: Duration,
    /// Where it notes what it does; where the file is of the same simulation, that goes on. A file of the user's state
    /// folder where absent
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,
    /// Delete nothing in the end
    #[arg(long)]
    pub keep: bool,
}

/// `2/5`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartArg(pub Part);

impl FromStr for PartArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('/').and_then(|(number, of)| {
            Some(Part { number: number.trim().parse().ok()?, of: of.trim().parse().ok()? })
        });
        match parsed {
            Some(part) if (1..=part.of).contains(&part.number) => Ok(Self(part)),
            _ => Err("expected such as 2/5, the second of five parts".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_one_of_several() {
        assert_eq!("2/5".parse(), Ok(PartArg(Part { number: 2, of: 5 })));
        for wrong in ["", "2", "0/5", "6/5", "1/0", "a/b", "-1/2"] {
            assert!(wrong.parse::<PartArg>().is_err(), "{wrong}");
        }
    }
}
