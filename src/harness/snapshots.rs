//! The engine's recorder on snapshots: what a case exchanged, normalised, against what was recorded.
//! Must not decide what a difference weighs.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use crate::check::{Problem, Spot};
use crate::event::CaseInfo;
use crate::exec::{self, Recorder};
use crate::http::Redactor;
use crate::snapshot::{self, Known, Mode, Recorded, Verdict};

/// Where snapshots are, and what is done about one that is missing or changed.
#[derive(Debug, Clone)]
pub struct SnapshotSettings {
    pub folder: PathBuf,
    pub mode: Mode,
}

pub(super) struct Snapshots {
    pub settings: SnapshotSettings,
    /// Base URL of the target.
    pub base: String,
    pub redactor: Redactor,
    /// The tag of the run, known once the run has begun.
    pub tag: Arc<OnceLock<String>>,
}

impl Recorder for Snapshots {
    fn compare(&self, case: &CaseInfo, exchanges: &[exec::Recorded]) -> Vec<Problem> {
        let exchanges: Vec<Recorded> = exchanges.iter().map(|one| Recorded::from(&*one.exchange)).collect();
        let tags: Vec<String> = self.tag.get().cloned().into_iter().collect();
        let redact = |text: &str| self.redactor.text(text);
        let as_sent = !case.clients.is_empty();
        let known = Known { base: &self.base, tags: &tags, ids: &[], as_sent, redact: &redact };
        let text = snapshot::normalise(&exchanges, &known);
        let SnapshotSettings { folder, mode } = &self.settings;
        let file = snapshot::path(folder, &case.id).display().to_string();
        let accept = snapshot::accept_command(folder, &case.id);
        let problem = |message: String, actual: String| Problem {
            spot: Spot::Snapshot { file: file.clone() },
            message,
            expected: format!("the exchanges recorded in {file}"),
            actual,
        };
        match snapshot::compare(folder, &case.id, &case.place, &text, *mode) {
            Ok(Verdict::Same | Verdict::Written) => Vec::new(),
            Ok(Verdict::Missing) => {
                vec![problem(
                    format!("there is no snapshot of this case; `{accept}` records one"),
                    "no such file".to_owned(),
                )]
            }
            Ok(Verdict::Changed { diff }) => {
                vec![problem(
                    format!("the exchanges differ from those recorded; `{accept}` accepts them"),
                    diff,
                )]
            }
            Err(error) => {
                vec![problem("the snapshot cannot be read or written".to_owned(), error.to_string())]
            }
        }
    }
}
