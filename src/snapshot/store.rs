//! Comparing with what was recorded, recording anew, and finding what no case has any more.
//! Must not normalise.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use similar::TextDiff;

use super::file::{read, write};
use super::path::path;

/// Lines of a difference that are told.
const LONGEST_DIFF: usize = 200;

/// What is done with a snapshot that is missing or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// Nothing is written.
    #[default]
    Check,
    /// The new text is written beside the old one, as `.snap.new`, for review.
    New,
    /// The new text replaces the old one.
    Update,
}

/// How a case's exchanges compare with its snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Same,
    /// There is no snapshot of this case.
    Missing,
    Changed {
        /// Unified, from the recorded text to the new one; what was cut is said.
        diff: String,
    },
    /// It was missing or changed, and has been recorded.
    Written,
}

/// Compares `text` with the snapshot of the case in `dir`. `place` is where the case stands: `suites/x.yaml:12`.
///
/// `Err` is the disk's, or a file that is no snapshot.
pub fn compare(dir: &Path, case_id: &str, place: &str, text: &str, mode: Mode) -> io::Result<Verdict> {
    let file = path(dir, case_id);
    let pending = file.with_extension("snap.new");
    let text = text.replace("\r\n", "\n");
    let text = text.trim_end();
    let verdict = match read(&file)? {
        Some(recorded) if recorded == text => Verdict::Same,
        Some(recorded) => Verdict::Changed { diff: diff(&recorded, text) },
        None => Verdict::Missing,
    };
    match (mode, &verdict) {
        (Mode::Check, _) => Ok(verdict),
        (Mode::New | Mode::Update, Verdict::Same) => remove(&pending).map(|()| verdict),
        (Mode::New, _) => write(&pending, case_id, place, text).map(|()| verdict),
        (Mode::Update, _) => {
            write(&file, case_id, place, text)?;
            remove(&pending)?;
            Ok(Verdict::Written)
        }
    }
}

/// The command that accepts what a case does now.
pub fn accept_command(dir: &Path, case_id: &str) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
    let dir = dir.to_string_lossy();
    format!("scimspec run --only {} --snapshots {} --snapshot-mode update", quoted(case_id), quoted(&dir))
}

/// Snapshots in `dir` that belong to none of `cases`, sorted; none where there is no `dir`.
pub fn stale<'a>(dir: &Path, cases: impl IntoIterator<Item = &'a str>) -> io::Result<Vec<PathBuf>> {
    let known: HashSet<PathBuf> = cases.into_iter().map(|case_id| path(dir, case_id)).collect();
    let (mut folders, mut found) = (vec![dir.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            let path = entry.path();
            // Links are not followed: they may lead in a circle.
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "snap") && !known.contains(&path)
            {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn diff(recorded: &str, now: &str) -> String {
    // A server can send what takes very long to compare well; a coarser difference will do then.
    let diff = TextDiff::configure().timeout(Duration::from_secs(1)).diff_lines(recorded, now);
    let text = diff
        .unified_diff()
        .context_radius(3)
        .header("recorded", "now")
        .missing_newline_hint(false)
        .to_string();
    let lines: Vec<&str> = text.lines().collect();
    let left_out = lines.len().saturating_sub(LONGEST_DIFF);
    if left_out == 0 {
        return text;
    }
    let shown: Vec<&str> = lines.into_iter().take(LONGEST_DIFF).collect();
    format!("{}\n… ({left_out} more lines)\n", shown.join("\n"))
}

fn remove(file: &Path) -> io::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASE: &str = "rfc7644/filter/eq[User.title]";
    const PLACE: &str = "suites/rfc7644/filter.yaml:12";

    #[test]
    fn check_writes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("none");
        assert_eq!(compare(&folder, CASE, PLACE, "a\n", Mode::Check).unwrap(), Verdict::Missing);
        assert!(!folder.exists());
    }

    #[test]
    fn update_records_and_check_compares() {
        let dir = tempfile::tempdir().unwrap();
        let compare = |text, mode| compare(dir.path(), CASE, PLACE, text, mode).unwrap();
        assert_eq!(compare("a\nb\n", Mode::Update), Verdict::Written);
        assert_eq!(compare("a\nb\n", Mode::Update), Verdict::Same);
        assert_eq!(compare("a\r\nb", Mode::Check), Verdict::Same);
        let Verdict::Changed { diff } = compare("a\nc\n", Mode::Check) else { panic!("not changed") };
        assert!(diff.contains("-b\n+c\n"), "{diff}");
        assert_eq!(compare("a\nb\n", Mode::Check), Verdict::Same);
    }

    #[test]
    fn new_leaves_the_old_one_and_is_taken_back() {
        let dir = tempfile::tempdir().unwrap();
        let compare = |text, mode| compare(dir.path(), CASE, PLACE, text, mode).unwrap();
        let pending = path(dir.path(), CASE).with_extension("snap.new");
        assert_eq!(compare("a", Mode::New), Verdict::Missing);
        assert_eq!(read(&pending).unwrap().as_deref(), Some("a"));
        assert_eq!(compare("a", Mode::Check), Verdict::Missing);
        assert_eq!(compare("a", Mode::Update), Verdict::Written);
        assert!(!pending.exists());
        assert!(matches!(compare("b", Mode::New), Verdict::Changed { .. }));
        assert!(pending.exists());
        assert_eq!(compare("a", Mode::New), Verdict::Same);
        assert!(!pending.exists());
    }

    #[test]
    fn a_long_difference_is_cut() {
        let (old, new) = ("a\n".repeat(300), "b\n".repeat(300));
        assert!(diff(&old, &new).ends_with("more lines)\n"));
    }

    #[test]
    fn stale_snapshots_are_found() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(stale(&dir.path().join("none"), []).unwrap(), [] as [PathBuf; 0]);
        for case in [CASE, "rfc7644/gone"] {
            compare(dir.path(), case, PLACE, "a", Mode::Update).unwrap();
        }
        assert_eq!(stale(dir.path(), [CASE]).unwrap(), [path(dir.path(), "rfc7644/gone")]);
    }

    #[test]
    fn the_command_names_the_case() {
        let command = accept_command(Path::new("my snapshots"), CASE);
        assert_eq!(
            command,
            "scimspec run --only 'rfc7644/filter/eq[User.title]' --snapshots 'my snapshots' --snapshot-mode update"
        );
    }
}
