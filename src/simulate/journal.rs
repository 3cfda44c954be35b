//! The journal of a simulation: every write and what it confirmed, a line each, so that it can go on after a crash.
//! Must not know requests before they were sent; holds no secret, since exchanges come without.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::exec::{JournalLine, Trace};

use super::belief::{Belief, Fact, WriteAt};
use super::life::{Organisation, Part};

/// The longest line that is read back for a report.
const LONGEST: u64 = 64 * 1024;

/// Which simulation a journal is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Header {
    pub client: String,
    pub organisation: Organisation,
    pub part: Part,
    pub base: String,
    pub tag: String,
    pub domain: String,
}

/// A write as it was sent, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrote {
    /// RFC 3339.
    pub at: String,
    pub method: String,
    /// Absolute URL.
    pub url: String,
    /// `None` where no answer came.
    pub status: Option<u16>,
    /// Why no answer came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    pub milliseconds: u64,
    /// The command that repeats it, without secrets; `None` where it is very long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub curl: Option<String>,
}

/// The lines of a simulation, among those that `cleanup` knows.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Line {
    Simulation(Header),
    Wrote(Wrote),
    Believed(Fact),
    /// Everything that happened before this minute was sent.
    Round {
        minute: u32,
    },
}

/// An open journal, locked for as long as its simulation is at work.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    book: Mutex<Book>,
}

#[derive(Debug)]
struct Book {
    file: File,
    length: u64,
    tickets: u64,
}

/// What a journal says of the simulation that wrote it.
#[derive(Debug, Default)]
pub(super) struct Recovered {
    pub header: Option<Header>,
    pub belief: Belief,
    /// The minute before which everything was sent.
    pub minute: u32,
    /// Tickets that were given to creates.
    tickets: u64,
}

impl Journal {
    /// Opens a journal and reads what it says already.
    pub fn open(path: &Path) -> std::io::Result<(Self, Recovered)> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            let text = format!("{} belongs to a run that is still at work", path.display());
            return Err(std::io::Error::new(std::io::ErrorKind::ResourceBusy, text));
        }
        let recovered = recover(path)?;
        let length = file.metadata()?.len();
        let book = Book { file, length, tickets: recovered.tickets };
        let journal = Self { path: path.to_owned(), book: Mutex::new(book) };
        if length > 0 {
            // A crash may have cut the last line short.
            journal.append("");
        }
        Ok((journal, recovered))
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins the journal of a new simulation.
    pub fn begin(&self, header: &Header) {
        self.note(&JournalLine::Run { run: header.tag.clone(), base: header.base.clone() });
        self.write(&Line::Simulation(header.clone()));
    }

    /// Adds a line and tells where it stands. A full disk must not end a simulation that is still to be cleaned up.
    pub fn write(&self, line: &Line) -> WriteAt {
        serde_json::to_string(line).map(|text| self.append(&text)).unwrap_or_default()
    }

    /// Adds a line of those that `cleanup` reads.
    pub fn note(&self, line: &JournalLine) {
        if let Ok(text) = serde_json::to_string(line) {
            self.append(&text);
        }
    }

    fn append(&self, text: &str) -> WriteAt {
        let mut book = self.book();
        let at = book.length;
        // One write a line, so that a crash leaves whole lines.
        if book.file.write_all(format!("{text}\n").as_bytes()).is_ok() {
            book.length += u64::try_from(text.len()).unwrap_or_default() + 1;
        }
        at
    }

    /// A create is about to be sent.
    pub fn sending(&self, trace: &Trace) -> u64 {
        let ticket = {
            let mut book = self.book();
            book.tickets += 1;
            book.tickets
        };
        self.note(&JournalLine::Sent { ticket, trace: trace.clone() });
        ticket
    }

    /// The exchange at a place that [`Journal::write`] gave.
    pub fn wrote(&self, at: WriteAt) -> Option<Wrote> {
        let mut file = File::open(&self.path).ok()?;
        file.seek(SeekFrom::Start(at)).ok()?;
        let mut line = String::new();
        BufReader::new(file.take(LONGEST)).read_line(&mut line).ok()?;
        match serde_json::from_str(&line) {
            Ok(Line::Wrote(wrote)) if at > 0 => Some(wrote),
            _ => None,
        }
    }

    /// Creates of which nobody knows what became of them.
    pub fn open_traces(&self) -> std::io::Result<Vec<Trace>> {
        let mut open: Vec<(u64, Trace)> = Vec::new();
        each_line(&self.path, |line| match serde_json::from_slice(line) {
            Ok(JournalLine::Sent { ticket, trace }) => open.push((ticket, trace)),
            Ok(JournalLine::Answered { ticket }) => open.retain(|(other, _)| *other != ticket),
            _ => {}
        })?;
        Ok(open.into_iter().map(|(_, trace)| trace).collect())
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Removes the journal of a simulation that left nothing.
    pub fn remove(&self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

fn recover(path: &Path) -> std::io::Result<Recovered> {
    let mut recovered = Recovered::default();
    each_line(path, |line| recovered.read(line))?;
    Ok(recovered)
}

/// One line at a time, so that memory does not grow with the journal.
fn each_line(path: &Path, mut see: impl FnMut(&[u8])) -> std::io::Result<()> {
    let mut reader = BufReader::new(File::open(path)?);
    let mut line = Vec::new();
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        see(&line);
    }
}

impl Recovered {
    /// A line that is none, such as one that was cut short, says nothing.
    fn read(&mut self, line: &[u8]) {
        match serde_json::from_slice(line) {
            Ok(Line::Simulation(header)) => self.header = Some(header),
            Ok(Line::Believed(fact)) => self.belief.fold(&fact),
            Ok(Line::Round { minute }) => self.minute = minute,
            Ok(Line::Wrote(_)) => {}
            Err(_) => {
                if let Ok(JournalLine::Sent { ticket, .. }) = serde_json::from_slice(line) {
                    self.tickets = self.tickets.max(ticket);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::person::Profile;

    fn header() -> Header {
        Header {
            client: "okta-wizard".into(),
            organisation: Organisation { seed: 1, users: 2, groups: 3, days: 4 },
            part: Part::WHOLE,
            base: "http://h/v2".into(),
            tag: "s4k2".into(),
            domain: "example.com".into(),
        }
    }

    fn wrote() -> Wrote {
        Wrote {
            at: "2026-01-01T00:00:00Z".into(),
            method: "POST".into(),
            url: "http://h/v2/Users".into(),
            status: Some(201),
            error: None,
            milliseconds: 3,
            curl: Some("curl".into()),
        }
    }

    #[test]
    fn a_simulation_goes_on_from_its_journal() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("below").join("a.jsonl");
        let (journal, recovered) = Journal::open(&path).expect("writable");
        assert_eq!(recovered.header, None);
        journal.begin(&header());
        let trace = Trace {
            endpoint: "http://h/v2/Users".into(),
            attribute: "userName".into(),
            name: "a".into(),
            credential: "target".into(),
        };
        let ticket = journal.sending(&trace);
        journal.sending(&trace);
        journal.note(&JournalLine::Answered { ticket });
        let write = journal.write(&Line::Wrote(wrote()));
        let profile = Profile { given: 0, family: 0, account: 0, department: 0, title: 0, manager: None };
        let fact = Fact::User { user: 5, id: "u".into(), profile, active: true, set: vec![], write };
        journal.write(&Line::Believed(fact));
        journal.write(&Line::Round { minute: 60 });
        assert!(Journal::open(&path).is_err(), "its run is at work");
        drop(journal);
        // As a crash leaves it.
        OpenOptions::new()
            .append(true)
            .open(&path)
            .expect("there")
            .write_all(b"{\"round\":{\"mi")
            .expect("cut");
        let (journal, recovered) = Journal::open(&path).expect("readable");
        assert_eq!(recovered.header, Some(header()));
        assert_eq!(recovered.minute, 60);
        assert_eq!(journal.open_traces().expect("readable"), std::slice::from_ref(&trace));
        assert_eq!(&*recovered.belief.users[&5].id, "u");
        assert_eq!(journal.wrote(write), Some(wrote()));
        assert_eq!(journal.wrote(0), None);
        assert_eq!(journal.sending(&trace), 3, "tickets are not given twice");
        journal.write(&Line::Round { minute: 90 });
        drop(journal);
        assert_eq!(Journal::open(&path).expect("readable").1.minute, 90);
    }
}
