//! The suites that a run works with: the built-in ones of a profile, and those of the user's folders.
//! Sends nothing.

use std::path::PathBuf;
use std::sync::Arc;

use super::Failure;
use crate::check::{across, named};
use crate::nearest::nearest;
use crate::plan::{PlanError, Selection, glob};
use crate::profile::Profile;
use crate::schema::Registry;
use crate::spec::Catalogue;
use crate::suite::{Known, Suite, SuiteText, load, texts};
use crate::target::Capabilities;

/// The suites that a profile selects, and all of `folders`, which replace built-in ones of the same id.
pub fn of_profile(
    profile: &Profile,
    folders: &[PathBuf],
    schemas: &Registry,
) -> Result<Vec<Arc<Suite>>, Failure> {
    whole(&texts_of_profile(profile, folders)?, schemas)
}

/// Only the suite with this id, for who wants one case and no time lost on the others; all where it has a case that
/// watches the run, or where there is no such suite.
pub fn one_of_profile(
    id: &str,
    profile: &Profile,
    folders: &[PathBuf],
    schemas: &Registry,
) -> Result<Vec<Arc<Suite>>, Failure> {
    let texts = texts_of_profile(profile, folders)?;
    let named: Vec<SuiteText> = texts.iter().filter(|text| text.id == id).cloned().collect();
    let suites = whole(&named, schemas)?;
    let watches = suites.iter().flat_map(|suite| &suite.cases).any(|case| case.watch.is_some());
    if watches || suites.is_empty() { whole(&texts, schemas) } else { Ok(suites) }
}

fn texts_of_profile(profile: &Profile, folders: &[PathBuf]) -> Result<Vec<SuiteText>, Failure> {
    let selected = |text: &SuiteText| profile.suites.iter().any(|pattern| glob(pattern, &text.id));
    let mut all: Vec<SuiteText> = texts::embedded().into_iter().filter(selected).collect();
    for folder in folders {
        all = texts::overlay(all, texts::folder(folder).map_err(Failure::usage)?);
    }
    Ok(all)
}

/// Suites of these texts, or every mistake in them.
pub fn whole(texts: &[SuiteText], schemas: &Registry) -> Result<Vec<Arc<Suite>>, Failure> {
    let mut known = Known::new(Catalogue::builtin());
    known.schemas = schemas.names();
    known.checks = named::all().iter().map(|check| check.name.to_owned()).collect();
    known.across = across::all().iter().map(|check| check.name.to_owned()).collect();
    let suites = load(texts, &known)?;
    check_presumed(&suites)?;
    Ok(suites)
}

/// Refuses a case that presumes what its suite, being there, does not have.
fn check_presumed(suites: &[Arc<Suite>]) -> Result<(), Failure> {
    let of_suites = suites.iter().map(|suite| (&suite.presumes, &suite.place));
    let of_cases = suites.iter().flat_map(|suite| &suite.cases).map(|case| (&case.presumes, &case.place));
    for (presumed, place) in of_suites.chain(of_cases) {
        for (id, (suite, name)) in presumed.iter().filter_map(|id| Some((id, id.rsplit_once('/')?))) {
            let Some(suite) = suites.iter().find(|known| known.id == suite) else { continue };
            let names = || suite.cases.iter().map(|case| case.id.as_str());
            if !names().any(|known| known == name) {
                let near = nearest(name, names());
                let hint =
                    near.map(|near| format!("; did you mean `{}/{near}`?", suite.id)).unwrap_or_default();
                return Err(Failure::Usage(format!("{place}: `{id}` is presumed, and is not there{hint}")));
            }
        }
    }
    Ok(())
}

/// Refuses a selection that no target could give a meaning, before any target is asked.
pub fn check_selection(suites: &[Arc<Suite>], selection: &Selection) -> Result<(), Failure> {
    // What `for_each` is repeated for is the target's to say, so the part in brackets is left out here.
    let plain = |pattern: &String| pattern.split('[').next().unwrap_or_default().to_owned();
    let selection =
        Selection { only: selection.only.iter().map(plain).collect(), skip: Vec::new(), ..selection.clone() };
    crate::plan::build(suites, Catalogue::builtin(), &selection, &Capabilities::default())
        .map(|_| ())
        .map_err(Failure::from)
}

impl From<PlanError> for Failure {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::UnknownPattern { .. } | PlanError::UnknownTag { .. } => Self::usage(error),
            PlanError::NothingSelected { .. } => Self::Nothing(error.to_string()),
        }
    }
}
