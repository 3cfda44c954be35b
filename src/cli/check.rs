//! `scimspec check`: tells every mistake in suite files, and sends nothing.
//! Must not run a suite.

use std::path::Path;

use super::args::CheckArgs;
use super::print;
use crate::harness::Failure;
use crate::harness::suites;
use crate::schema::Registry;
use crate::suite::{SuiteText, texts};

pub fn run(args: CheckArgs) -> Result<u8, Failure> {
    let mut all: Vec<SuiteText> = Vec::new();
    for path in &args.files {
        all.extend(read(path)?);
    }
    if all.is_empty() {
        return Err(Failure::Nothing("there is no suite file (*.yaml) in what was named".to_owned()));
    }
    let suites = suites::whole(&all, &Registry::builtin())?;
    let cases: usize = suites.iter().map(|suite| suite.cases.len()).sum();
    let suites = counted(suites.len(), "suite");
    print::out(&format!("no mistake in {suites} with {}\n", counted(cases, "case")))?;
    Ok(0)
}

fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

fn read(path: &Path) -> Result<Vec<SuiteText>, Failure> {
    if path.is_dir() {
        texts::folder(path).map_err(Failure::usage)
    } else {
        Ok(vec![texts::file(path).map_err(Failure::usage)?])
    }
}
