//! Options of a run: which cases, how, and what is told of it.
//! Must not decide what they mean together.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args as Options, ValueEnum};

use crate::mock::defects::Switch;

use super::value;
use super::{DiscoveryArgs, Format, TargetArgs};

/// What a run is mostly called with.
const EXAMPLES: &str = "\
Examples:
  scimspec run https://host/scim/v2 --token-file token.txt
  scimspec run https://host/scim/v2 --only rfc7644/patch --verbose     one suite, with every exchange of red cases
  scimspec run https://host/scim/v2 --profile okta,entra               what identity providers send
  scimspec run https://host/scim/v2 --expect known.yaml --report junit=scim.xml --report json=scim.json

`scimspec list suites`, `list cases` and `list profiles` show what there is to choose from.";

#[derive(Debug, Options)]
#[command(after_help = EXAMPLES)]
pub struct RunArgs {
    /// Base URL of the target (https://host/scim/v2), or `mock`; the mock of the profile where absent
    #[arg(value_name = "URL")]
    pub url: Option<String>,
    /// Defect of the built-in mock, as for `scimspec mock`; can be repeated
    #[arg(long, value_name = "DEFECT", help_heading = "The built-in mock")]
    pub defect: Vec<Switch>,
    /// Dialects of the built-in mock, as for `scimspec mock`: `strict` for none
    #[arg(long, value_name = "NAMES", value_delimiter = ',', help_heading = "The built-in mock")]
    pub dialect: Vec<String>,
    #[command(flatten)]
    pub target: TargetArgs,
    #[command(flatten)]
    pub discovery: DiscoveryArgs,
    #[command(flatten)]
    pub selection: SelectionArgs,
    #[command(flatten)]
    pub course: CourseArgs,
    #[command(flatten)]
    pub output: OutputArgs,
}

#[derive(Debug, Default, Options)]
#[command(next_help_heading = "Which cases")]
pub struct SelectionArgs {
    /// Profiles to run, by NAME or NAME@VERSION; `scimspec list profiles` shows them
    #[arg(long, value_name = "NAMES", value_delimiter = ',', default_value = crate::profile::DEFAULT)]
    pub profile: Vec<String>,
    /// Run the suites of the RFCs on the profile's target; its known deviations do not count
    #[arg(long)]
    pub strict_rfc: bool,
    /// Only cases of this id, path, section, tag, level or requirement; * stands for any characters
    #[arg(long, value_name = "PATTERN", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Not these cases
    #[arg(long, value_name = "PATTERN", value_delimiter = ',')]
    pub skip: Vec<String>,
    /// Only cases of these levels: must, should, may
    #[arg(long, value_name = "LEVEL", value_delimiter = ',')]
    pub level: Vec<LevelArg>,
    /// Only cases with one of these tags
    #[arg(long, value_name = "TAG", value_delimiter = ',')]
    pub tag: Vec<String>,
    /// Only cases that change nothing
    #[arg(long)]
    pub read_only: bool,
    /// Folder of further suites; one of the same name replaces a built-in one
    #[arg(long, value_name = "DIR")]
    pub suites: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LevelArg {
    Must,
    Should,
    May,
}

#[derive(Debug, Options)]
#[command(next_help_heading = "Course of the run")]
pub struct CourseArgs {
    /// Cases side by side: 8, or 1 where snapshots are compared, since lists show what other cases make
    #[arg(long, value_name = "NUMBER", value_parser = value::jobs)]
    pub jobs: Option<usize>,
    /// How long a write may take to show; no time where absent
    #[arg(long, value_name = "DURATION", value_parser = value::duration)]
    pub grace: Option<Duration>,
    /// A SHOULD that is broken fails its case
    #[arg(long)]
    pub strict: bool,
    /// File of expected findings, which do not count
    #[arg(long, value_name = "FILE")]
    pub expect: Vec<PathBuf>,
    /// Folder of recorded exchanges to compare with
    #[arg(long, value_name = "DIR")]
    pub snapshots: Option<PathBuf>,
    /// What to do about a missing or changed snapshot
    #[arg(long, value_enum, default_value_t, requires = "snapshots", value_name = "MODE")]
    pub snapshot_mode: SnapshotModeArg,
    /// Where the run notes what it makes; a file of the user's state folder where absent
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum SnapshotModeArg {
    /// Tell it
    #[default]
    Check,
    /// Write what is new beside it, for review
    New,
    /// Overwrite it
    Update,
}

#[derive(Debug, Options)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// Form of the report on stdout
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// A further report in a file: junit=FILE, json=FILE
    #[arg(long, value_name = "FORMAT=FILE")]
    pub report: Vec<ReportFile>,
    /// Tell every exchange of red cases, and nothing cut
    #[arg(long, short)]
    pub verbose: bool,
    /// Show no progress bar
    #[arg(long)]
    pub no_progress: bool,
}

/// A report to write: `junit=FILE` or `json=FILE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportFile {
    Junit(PathBuf),
    Json(PathBuf),
}

impl FromStr for ReportFile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((_, "")) | None => Err("expected junit=FILE or json=FILE".to_owned()),
            Some(("junit", file)) => Ok(Self::Junit(file.into())),
            Some(("json", file)) => Ok(Self::Json(file.into())),
            Some((format, _)) => {
                Err(format!("there is no report format `{format}`; there are junit and json"))
            }
        }
    }
}
