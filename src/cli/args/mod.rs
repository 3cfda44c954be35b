//! What can be typed: the commands and their options, as they stand on the command line.
//! Must not decide what they mean together; that is `settings`.

mod mock;
mod run;
mod simulate;
mod target;
pub mod value;

use std::path::PathBuf;

use clap::{Args as Options, Parser, Subcommand, ValueEnum};

pub use mock::MockArgs;
pub use run::{LevelArg, ReportFile, RunArgs, SelectionArgs, SnapshotModeArg};
pub use simulate::SimulateArgs;
pub use target::{DiscoveryArgs, TargetArgs};

/// A conformance testing harness for SCIM 2.0.
#[derive(Debug, Parser)]
#[command(name = "scimspec", version, max_term_width = 110)]
#[command(
    after_help = "Exit codes: 0 no case failed, 1 a case failed, 2 a mistake in a suite, a file or the \
    command line, 3 the target could not be judged, 4 nothing selected, 130 and 143 interrupted."
)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
    /// When to use colours.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: ColorChoice,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the suites against a server, or against the built-in mock where no URL is given
    Run(Box<RunArgs>),
    /// Play an organisation whose identity provider provisions a server, and compare what both have in the end
    Simulate(Box<SimulateArgs>),
    /// Serve the built-in mock until it is interrupted
    Mock(Box<MockArgs>),
    /// Check suite files without sending anything
    Check(CheckArgs),
    /// List cases, suites, requirements, profiles, checks, capabilities, defects or dialects
    List(Box<ListArgs>),
    /// Explain a requirement or a case
    Explain(ExplainArgs),
    /// Prove suites: run them against each defect of the mock, and tell which notice it
    Prove(ProveArgs),
    /// Show which requirements the suites verify; exits with 1 where one is neither verified nor waived
    Coverage(CoverageArgs),
    /// Delete what earlier runs made and could not delete
    Cleanup(Box<CleanupArgs>),
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    #[default]
    Text,
    Json,
}

#[derive(Debug, Options)]
pub struct CheckArgs {
    /// Suite files, or folders of them
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// What there is to list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Listed {
    #[default]
    Cases,
    Suites,
    Requirements,
    Profiles,
    Checks,
    Capabilities,
    Defects,
    Dialects,
}

#[derive(Debug, Options)]
pub struct ListArgs {
    /// What to list
    #[arg(value_enum, default_value_t)]
    pub what: Listed,
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    #[command(flatten)]
    pub selection: SelectionArgs,
}

#[derive(Debug, Options)]
pub struct ExplainArgs {
    /// A requirement (7644-3.3-01) or a case (rfc7644/create/minimal)
    #[arg(value_name = "ID")]
    pub id: String,
    /// Folder of further suites
    #[arg(long, value_name = "DIR")]
    pub suites: Vec<PathBuf>,
}

#[derive(Debug, Options)]
pub struct ProveArgs {
    /// Only this defect, by id; `scimspec list defects` shows all
    #[arg(long, value_name = "ID")]
    pub defect: Vec<String>,
    /// Only cases of this id, path, section, tag, level or requirement; * stands for any characters
    #[arg(long, value_name = "PATTERN", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Folder of further suites; one of the same name replaces a built-in one
    #[arg(long, value_name = "DIR")]
    pub suites: Vec<PathBuf>,
    /// Profile whose suites and mock are used, by NAME or NAME@VERSION
    #[arg(long, value_name = "NAME", default_value = crate::profile::DEFAULT)]
    pub profile: String,
    /// Form of the matrix
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Matrix that was reviewed; the exit code is 1 where this one differs
    #[arg(long, value_name = "FILE")]
    pub reviewed: Option<PathBuf>,
    /// Writes the matrix into the file of --reviewed instead
    #[arg(long, requires = "reviewed", conflicts_with_all = ["defect", "only", "suites"])]
    pub accept: bool,
}

#[derive(Debug, Options)]
pub struct CoverageArgs {
    /// Folder of further suites
    #[arg(long, value_name = "DIR")]
    pub suites: Vec<PathBuf>,
}

#[derive(Debug, Options)]
pub struct CleanupArgs {
    /// Base URL of the target
    #[arg(value_name = "URL")]
    pub url: String,
    /// Journal file; all of the user's state folder where absent
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,
    /// Profile of the runs, by NAME or NAME@VERSION
    #[arg(long, value_name = "NAME", default_value = crate::profile::DEFAULT)]
    pub profile: String,
    #[command(flatten)]
    pub target: TargetArgs,
}
