//! The command line: argv becomes settings, a command does its work, an exit code comes out.
//! Knows no HTTP and no SCIM.

pub mod args;
mod check;
mod cleanup;
mod connect;
mod coverage;
mod explain;
mod list;
mod mock;
mod mock_gitlab;
pub(crate) mod print;
mod prove;
mod run;
mod settings;
mod signals;
mod simulate;

use clap::Parser;

use args::{Args, Command};

/// Does what the process's arguments say and gives the exit code.
pub fn main() -> u8 {
    let args = Args::parse();
    print::choose(args.color);
    let done = match args.command {
        Command::Run(args) => run::run(*args),
        Command::Simulate(args) => simulate::run(*args),
        Command::Mock(args) => mock::run(*args),
        Command::Check(args) => check::run(args),
        Command::List(args) => list::run(*args),
        Command::Explain(args) => explain::run(args),
        Command::Prove(args) => prove::run(args),
        Command::Coverage(args) => coverage::run(&args),
        Command::Cleanup(args) => cleanup::run(*args),
    };
    done.unwrap_or_else(|failure| {
        print::failure(&failure);
        failure.exit_code()
    })
}
