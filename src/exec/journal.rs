//! The journal: what a run made, noted the moment it is known, so that it can be deleted after a crash.
//! Must not hold a secret; knows no requests.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use etcetera::BaseStrategy;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Journal;

/// One line of a journal. Readers pass over lines that are none of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Line {
    /// The first line.
    Run { run: String, base: String },
    /// A create is about to be sent; `name` tells its resource from all others.
    Sent { ticket: u64, trace: Trace },
    /// What became of it is known.
    Answered { ticket: u64 },
    /// A resource was made.
    Made { url: String, credential: String },
    /// It is deleted, or was never there.
    Gone { url: String },
    /// A hook did something that another one undoes.
    Hooked { ticket: u64, undo: Undo },
    /// It is undone.
    Undone { ticket: u64 },
}

/// How to undo what a hook did: the hook to call, and what to call it with. Holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    pub hook: String,
    pub with: Value,
}

/// How to find a resource whose create gave no answer that identifies it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Trace {
    /// Absolute URL of the endpoint that was asked.
    pub endpoint: String,
    /// Attribute that holds the name: `userName`.
    pub attribute: String,
    pub name: String,
    pub credential: String,
}

/// An open journal. It is locked while its run is at work.
#[derive(Debug)]
pub(super) struct OpenJournal {
    path: PathBuf,
    file: Mutex<File>,
    /// It holds what an earlier run noted and left behind.
    holds_more: bool,
}

impl OpenJournal {
    /// Opens the journal of a run; `None` where it is to have none.
    pub fn open(journal: &Journal, run: &str, base: &str) -> std::io::Result<Option<Self>> {
        let path = match journal {
            Journal::Off => return Ok(None),
            Journal::File(path) => path.clone(),
            Journal::Folder(folder) => folder.join(format!("{run}.jsonl")),
        };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let file = OpenOptions::new().create(true).append(true).open(&path)?;
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            let text = format!("{} belongs to a run that is still at work", path.display());
            return Err(std::io::Error::new(std::io::ErrorKind::ResourceBusy, text));
        }
        let holds_more = file.metadata()?.len() > 0;
        if holds_more {
            // A crash may have cut its last line short.
            (&file).write_all(b"\n")?;
        }
        let journal = Self { path, file: Mutex::new(file), holds_more };
        journal.write(&Line::Run { run: run.to_owned(), base: base.to_owned() });
        Ok(Some(journal))
    }

    /// Adds a line. A full disk must not end a run whose resources are still to be deleted.
    pub fn write(&self, line: &Line) {
        if let (Ok(mut file), Ok(mut text)) = (self.file.lock(), serde_json::to_string(line)) {
            text.push('\n');
            // One write a line, so that a crash leaves whole lines.
            let _ = file.write_all(text.as_bytes());
        }
    }

    /// Removes the journal of a run that left nothing, unless an earlier run did.
    pub fn remove(&self) {
        if !self.holds_more {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// The folder where journals are kept: `scimspec/journal` in the user's state folder, or in the folder for data
/// where the system has none for state. `None` where the user has no home.
pub fn journal_folder() -> Option<PathBuf> {
    let strategy = etcetera::choose_base_strategy().ok()?;
    let state = strategy.state_dir().unwrap_or_else(|| strategy.data_dir());
    Some(state.join("scimspec").join("journal"))
}

/// What an older journal says is still there.
#[derive(Debug, Default)]
pub(super) struct Left {
    pub base: String,
    /// URL and credential of each resource.
    pub resources: Vec<(String, String)>,
    pub traces: Vec<Trace>,
    /// What hooks did, in the order in which they did it.
    pub undos: Vec<Undo>,
}

/// A journal that no run is at work on, read and kept locked until it is dropped.
pub(super) struct OldJournal {
    pub path: PathBuf,
    pub left: Left,
    _lock: File,
}

/// Reads a journal; `None` where its run is still at work.
pub(super) fn read(path: &Path) -> std::io::Result<Option<OldJournal>> {
    let file = OpenOptions::new().read(true).append(true).open(path)?;
    if let Err(TryLockError::WouldBlock) = file.try_lock() {
        return Ok(None);
    }
    let mut left = Left::default();
    let mut made = Resources::default();
    let mut sent: Vec<(u64, Trace)> = Vec::new();
    let mut hooked: Vec<(u64, Undo)> = Vec::new();
    for line in BufReader::new(File::open(path)?).lines() {
        // A line that was cut short by a crash is the last one; what it would have said is not known.
        match serde_json::from_str(&line?) {
            Ok(Line::Run { base, .. }) => {
                // Tickets are counted anew by each run that writes into one file.
                left.traces.extend(sent.drain(..).map(|(_, trace)| trace));
                left.undos.extend(hooked.drain(..).map(|(_, undo)| undo));
                left.base = base;
            }
            Ok(Line::Sent { ticket, trace }) => sent.push((ticket, trace)),
            Ok(Line::Answered { ticket }) => sent.retain(|(other, _)| *other != ticket),
            Ok(Line::Made { url, credential }) => made.add(url, credential),
            Ok(Line::Gone { url }) => made.remove(&url),
            Ok(Line::Hooked { ticket, undo }) => hooked.push((ticket, undo)),
            Ok(Line::Undone { ticket }) => hooked.retain(|(other, _)| *other != ticket),
            Err(_) => {}
        }
    }
    left.resources = made.rows.into_iter().flatten().collect();
    left.undos.extend(hooked.into_iter().map(|(_, undo)| undo));
    left.traces.extend(sent.into_iter().map(|(_, trace)| trace));
    Ok(Some(OldJournal { path: path.to_owned(), left, _lock: file }))
}

/// URL and credential of what was made, in its order: a simulation makes a hundred thousand.
#[derive(Default)]
struct Resources {
    rows: Vec<Option<(String, String)>>,
    places: HashMap<String, usize>,
}

impl Resources {
    fn add(&mut self, url: String, credential: String) {
        if !self.places.contains_key(&url) {
            self.places.insert(url.clone(), self.rows.len());
            self.rows.push(Some((url, credential)));
        }
    }

    fn remove(&mut self, url: &str) {
        if let Some(row) = self.places.remove(url).and_then(|place| self.rows.get_mut(place)) {
            *row = None;
        }
    }
}

/// The journals that a folder holds, or the one that `journal` is.
pub(super) fn files(journal: &Journal) -> std::io::Result<Vec<PathBuf>> {
    match journal {
        Journal::Off => Ok(Vec::new()),
        Journal::File(path) => Ok(vec![path.clone()]),
        Journal::Folder(folder) => {
            let mut found = Vec::new();
            let entries = match std::fs::read_dir(folder) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(found),
                other => other?,
            };
            for entry in entries {
                let path = entry?.path();
                if path.extension().is_some_and(|extension| extension == "jsonl") {
                    found.push(path);
                }
            }
            found.sort();
            Ok(found)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace(name: &str) -> Trace {
        Trace {
            endpoint: "http://h/Users".into(),
            attribute: "userName".into(),
            name: name.into(),
            credential: "target".into(),
        }
    }

    #[test]
    fn a_journal_tells_what_is_still_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = Journal::Folder(folder.path().to_owned());
        let open = OpenJournal::open(&journal, "abc", "http://h").expect("writable").expect("wanted");
        let made = |url: &str| Line::Made { url: url.into(), credential: "target".into() };
        open.write(&Line::Sent { ticket: 1, trace: trace("one") });
        open.write(&Line::Sent { ticket: 2, trace: trace("two") });
        open.write(&Line::Answered { ticket: 1 });
        open.write(&made("http://h/Users/1"));
        open.write(&made("http://h/Users/2"));
        open.write(&Line::Gone { url: "http://h/Users/1".into() });
        let undo = |id: u64| Undo { hook: "remove-user".into(), with: serde_json::json!({ "id": id }) };
        open.write(&Line::Hooked { ticket: 3, undo: undo(1) });
        open.write(&Line::Hooked { ticket: 4, undo: undo(2) });
        open.write(&Line::Undone { ticket: 3 });
        let paths = files(&journal).expect("readable");
        let path = paths.first().expect("one journal");
        assert!(read(path).expect("readable").is_none(), "its run is at work");
        drop(open);
        let old = read(path).expect("readable").expect("its run is over");
        assert_eq!(old.left.base, "http://h");
        assert_eq!(old.left.resources, [("http://h/Users/2".to_owned(), "target".to_owned())]);
        assert_eq!(old.left.traces, [trace("two")]);
        assert_eq!(old.left.undos, [undo(2)]);
    }

    #[test]
    fn what_an_earlier_run_left_stays_in_the_journal() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.jsonl");
        let open = |run: &str| {
            OpenJournal::open(&Journal::File(path.clone()), run, "http://h")
                .expect("writable")
                .expect("wanted")
        };
        let first = open("one");
        first.write(&Line::Made { url: "http://h/Users/1".into(), credential: "target".into() });
        first.file.lock().expect("unpoisoned").write_all(b"{\"made\":{\"ur").expect("cut short");
        drop(first);
        let second = open("two");
        second.write(&Line::Made { url: "http://h/Users/2".into(), credential: "target".into() });
        second.write(&Line::Gone { url: "http://h/Users/2".into() });
        second.remove();
        drop(second);
        let old = read(&path).expect("still there").expect("no run is at work");
        assert_eq!(old.left.base, "http://h");
        assert_eq!(old.left.resources, [("http://h/Users/1".to_owned(), "target".to_owned())]);
    }

    #[test]
    fn a_line_cut_short_is_no_obstacle() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.jsonl");
        let whole = r#"{"made":{"url":"http://h/Users/1","credential":"target"}}"#;
        std::fs::write(&path, format!("{whole}\n{{\"made\":{{\"ur")).expect("writable");
        let old = read(&path).expect("readable").expect("no run is at work");
        assert_eq!(old.left.resources.len(), 1);
    }
}
