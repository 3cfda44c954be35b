//! The command line: argv becomes settings, a command does its work, an exit code comes out.
//! Knows no HTTP and no SCIM.

pub mod args;
mod error;
mod settings;
