//! The exchanges of a case, for people and for comparison with recorded ones.
//! Must not know how a case went.

use std::sync::Arc;

use crate::check::{Problem, Spot};
use crate::event::CaseInfo;
use crate::http::Exchange;
use crate::snapshot::{self, Known, Verdict};

use super::Snapshots;

/// One exchange of a run, with where it comes from.
#[derive(Debug, Clone)]
pub(super) struct Recorded {
    /// `suites/rfc7644/filter.yaml:17`.
    pub place: String,
    /// Without secrets.
    pub exchange: Arc<Exchange>,
    /// Whether it belongs to the case's snapshot.
    pub snapshot: bool,
}

/// What a passed case exchanged, against its snapshot: the problem that it is missing or changed.
pub(super) fn compare(
    snapshots: &Snapshots,
    case: &CaseInfo,
    exchanges: &[Recorded],
    known: &Known<'_>,
) -> Option<Problem> {
    let wanted = exchanges.iter().filter(|recorded| recorded.snapshot);
    let recorded: Vec<snapshot::Recorded> = wanted.map(|recorded| (&*recorded.exchange).into()).collect();
    let text = snapshot::normalise(&recorded, known);
    let folder = &snapshots.folder;
    let file = snapshot::path(folder, &case.id).display().to_string();
    let accept = snapshot::accept_command(folder, &case.id);
    let (message, actual) = match snapshot::compare(folder, &case.id, &case.place, &text, snapshots.mode) {
        Ok(Verdict::Same | Verdict::Written) => return None,
        Ok(Verdict::Missing) => ("its exchanges have no snapshot".to_owned(), text),
        Ok(Verdict::Changed { diff }) => ("its exchanges differ from the snapshot".to_owned(), diff),
        Err(error) => ("the snapshot cannot be used".to_owned(), error.to_string()),
    };
    let expected = format!("what {file} holds; to accept what came: {accept}");
    Some(Problem { spot: Spot::Snapshot { file }, message, expected, actual })
}
