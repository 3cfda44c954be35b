//! `scimspec cleanup`: deletes what earlier runs made and could not delete.
//! Must not delete anything that no journal lists; the engine sees to that.

use std::fmt::Write;

use super::args::CleanupArgs;
use super::settings::{self, Place};
use super::{connect, print};
use crate::exec::{self, CleanUp, Journal};
use crate::harness::Failure;
use crate::profile;

pub fn run(args: CleanupArgs) -> Result<u8, Failure> {
    let place = settings::place(Some(&args.url))?;
    if matches!(place, Place::Mock(_)) {
        return Err(Failure::usage(
            "the mock of a run ends with it and leaves nothing; give the URL of a target",
        ));
    }
    let journals = match args.journal {
        Some(file) => Journal::File(file),
        None => {
            Journal::Folder(exec::journal_folder().ok_or_else(|| Failure::usage("there is no state folder"))?)
        }
    };
    let access = settings::access(&args.target)?;
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::world)?;
    let done = runtime.block_on(async {
        let connection = connect::connect(&place, &access, &profile::find(&args.profile)?).await?;
        let hooks = connection.hooks.as_deref();
        exec::cleanup(&journals, &connection.session, hooks).await.map_err(Failure::world)
    })?;
    print::out(&told(&done))?;
    Ok(if done.left.is_empty() { 0 } else { 3 })
}

fn told(done: &CleanUp) -> String {
    let mut out = format!("{} gone, {} left\n", done.gone, done.left.len());
    for (url, reason) in &done.left {
        let _ = writeln!(out, "  left     {url}: {reason}");
    }
    for path in &done.removed {
        let _ = writeln!(out, "  removed  {}", path.display());
    }
    for (path, reason) in &done.kept {
        let _ = writeln!(out, "  kept     {}: {reason}", path.display());
    }
    out
}
