//! `scimspec prove`: whether the suites notice what is wrong with a server.
//! Must not judge.

use std::path::Path;

use super::args::{Format, ProveArgs};
use super::print;
use crate::harness::prove::{Matrix, Proof, owed, prove, text};
use crate::harness::{Failure, suites};
use crate::mock::defects;
use crate::plan::Selection;
use crate::profile;
use crate::schema::Registry;

/// Runs the cases against each defect; the exit code is 1 where one is not caught, or a case proves nothing.
pub fn run(args: ProveArgs) -> Result<u8, Failure> {
    let profile = profile::find(&args.profile)?;
    let found: Result<Vec<_>, String> = args.defect.iter().map(|id| defects::find(id)).collect();
    let chosen = found.map_err(Failure::usage)?;
    let suites = suites::of_profile(&profile, &args.suites, &Registry::builtin())?;
    let chosen = if chosen.is_empty() { owed(&suites) } else { chosen };
    let selection = Selection { only: args.only.clone(), ..Selection::default() };
    suites::check_selection(&suites, &selection)?;
    let proof = Proof { profile, suites, selection, defects: chosen };
    let show = args.format == Format::Text;
    let matrix = prove(&proof, |row| {
        if show {
            // Who has stopped to read gets the exit code all the same.
            let _ = print::out(&format!("{}\n", text::line(row)));
        }
    })?;
    print::out(&match args.format {
        Format::Text => format!("{}\n{}", text::wrong(&matrix), text::summary(&matrix)),
        Format::Json => serde_json::to_string_pretty(&matrix).map_err(Failure::world)? + "\n",
    })?;
    // Only a whole matrix can tell that no defect turns a case red.
    let whole = if args.defect.is_empty() { matrix.is_whole() } else { matrix.wrong().next().is_none() };
    let known = match &args.reviewed {
        Some(file) if args.accept => {
            std::fs::write(file, text::reviewed(&matrix)).map(|()| true).map_err(Failure::world)?
        }
        Some(file) => is_known(&matrix, file)?,
        None => true,
    };
    Ok(u8::from(!(whole && known)))
}

/// Whether the matrix is the one that was reviewed; tells where it is not.
fn is_known(matrix: &Matrix, file: &Path) -> Result<bool, Failure> {
    let reviewed = std::fs::read_to_string(file)
        .map_err(|error| Failure::Usage(format!("cannot read {}: {error}", file.display())))?;
    let differences = text::differences(matrix, &reviewed);
    if !differences.is_empty() {
        let lines = differences.join("\n");
        print::out(&format!(
            "\nThe matrix is not the one of {}; --accept rewrites it\n{lines}\n",
            file.display()
        ))?;
    }
    Ok(differences.is_empty())
}
