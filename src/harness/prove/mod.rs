//! Proof of suites: the defects of the mock, one at a time, against every case; what each turns red.
//! Must not know how a defect works, and prints nothing.

mod matrix;
mod row;
pub mod text;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::{Failure, Wish, mock, prepare};
use crate::exec;
use crate::mock::defects::{Defect, Switch, all};
use crate::mock::gitlab::Version;
use crate::plan::{Selection, verified};
use crate::profile::Profile;
use crate::report::Report;
use crate::schema::Registry;
use crate::spec::{Catalogue, RequirementId};
use crate::suite::Suite;

pub use matrix::Matrix;
pub use row::{Anyway, Kill, Red, Result, Row, base};

/// What is to be proved, and on what.
pub struct Proof {
    /// Whose mock is made wrong.
    pub profile: Profile,
    pub suites: Vec<Arc<Suite>>,
    pub selection: Selection,
    pub defects: Vec<&'static Defect>,
}

/// The defects of the mock that suites are to catch: those that break a requirement of an origin of which they verify any.
pub fn owed(suites: &[Arc<Suite>]) -> Vec<&'static Defect> {
    let origin = |id: &RequirementId| Catalogue::builtin().get(id).map(|row| row.origin.as_str());
    let origins: HashSet<&str> =
        verified(suites.iter().map(AsRef::as_ref)).into_iter().filter_map(origin).collect();
    let is_of_them =
        |id: &&str| origin(&RequirementId((*id).to_owned())).is_some_and(|origin| origins.contains(origin));
    all().filter(|defect| defect.requirements.iter().any(is_of_them)).collect()
}

/// Runs the cases against the mock without a defect, then against one with each of them, several side by side,
/// in this process and without sockets. `watch` gets each row as it is done.
pub fn prove(proof: &Proof, watch: impl Fn(&Row) + Sync) -> std::result::Result<Matrix, Failure> {
    let right = rights(proof)?;
    let rows: Mutex<Vec<(usize, Row)>> = Mutex::default();
    let failure: Mutex<Option<Failure>> = Mutex::default();
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(|| {
                while let Some((place, defect)) = take(&next, &proof.defects) {
                    match row(proof, defect, &right) {
                        Ok(row) => {
                            watch(&row);
                            rows.lock().unwrap_or_else(PoisonError::into_inner).push((place, row));
                        }
                        Err(why) => {
                            failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
                            return;
                        }
                    }
                }
            });
        }
    });
    if let Some(failure) = failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(failure);
    }
    let mut rows = rows.into_inner().unwrap_or_else(PoisonError::into_inner);
    rows.sort_by_key(|(place, _)| *place);
    let has_all = rows.len() >= owed(&proof.suites).len();
    let rows = rows.into_iter().map(|(_, row)| row).collect();
    Ok(Matrix::new(right.values().map(|right| &right.report), rows, has_all))
}

/// A run against the mock without a defect, and what of it counts for nothing.
struct Right {
    report: Report,
    anyway: Anyway,
}

/// One for each version of which there is a defect, and one for the profile as it is.
fn rights(proof: &Proof) -> std::result::Result<BTreeMap<Option<Version>, Right>, Failure> {
    let mut versions: BTreeSet<Option<Version>> = proof.defects.iter().map(|defect| defect.version).collect();
    versions.insert(None);
    let right = |version: Option<Version>| {
        let report = judge(proof, version, None)?;
        let anyway = Anyway::new(&report);
        Ok((version, Right { report, anyway }))
    };
    versions.into_iter().map(right).collect()
}

fn row(
    proof: &Proof,
    defect: &'static Defect,
    rights: &BTreeMap<Option<Version>, Right>,
) -> std::result::Result<Row, Failure> {
    let report = judge(proof, defect.version, Some(defect))?;
    let nothing = Anyway::default();
    let anyway = rights.get(&defect.version).map_or(&nothing, |right| &right.anyway);
    Ok(Row::new(defect, &report, anyway))
}

/// The next defect that nobody has taken.
fn take(next: &AtomicUsize, defects: &[&'static Defect]) -> Option<(usize, &'static Defect)> {
    let place = next.fetch_add(1, Ordering::Relaxed);
    defects.get(place).map(|defect| (place, *defect))
}

/// One run, in a time of its own: where nothing is left to do but wait, the wait is over.
fn judge(
    proof: &Proof,
    version: Option<Version>,
    defect: Option<&'static Defect>,
) -> std::result::Result<Report, Failure> {
    let profile = match version {
        Some(version) => proof.profile.clone().at(version.as_str())?,
        None => proof.profile.clone(),
    };
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build().map_err(Failure::world)?;
    runtime.block_on(async {
        let switches: Vec<Switch> = defect.into_iter().map(Switch::Named).collect();
        let lent = mock::in_process_by(&profile, &switches, clock())?;
        let wish = Wish {
            profile,
            suites: proof.suites.clone(),
            selection: proof.selection.clone(),
            documents: Default::default(),
            assume: Vec::new(),
            template: Default::default(),
            expected: Vec::new(),
            snapshots: None,
            hooks: lent.hooks,
            guesses_version: false,
        };
        let prepared = prepare(lent.session, Registry::builtin(), wish).await?;
        // One case after the other, and no exchanges of those that pass: the same at each run, and fast.
        let settings = exec::Settings { jobs: 1, tell_passed: false, ..exec::Settings::default() };
        Ok(prepared.run(&prepared.plan, settings, |_| {}).await)
    })
}

/// The mock's clock, which goes as the run's own time does.
fn clock() -> crate::http::Clock {
    let (time, instant) = (jiff::Timestamp::now(), tokio::time::Instant::now());
    Arc::new(move || {
        let passed = jiff::SignedDuration::try_from(instant.elapsed()).unwrap_or(jiff::SignedDuration::ZERO);
        time.checked_add(passed).unwrap_or(time)
    })
}
