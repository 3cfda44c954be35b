//! The ledger: what the run made, for whom, and what became of it.
//! Sends nothing.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::journal::{Line, OpenJournal, Trace, Undo};
use super::made;
use super::place;

/// Who has a resource deleted: a case, or a suite for its shared fixtures, by id.
pub(super) type Owner = Arc<str>;

/// A resource of the run that is to be deleted.
#[derive(Debug, Clone)]
pub(super) struct Resource {
    pub owner: Owner,
    /// Absolute URLs under which it can be reached, the best first.
    pub urls: Vec<String>,
    /// The credential that made it.
    pub credential: String,
}

/// Something that the run has to undo.
#[derive(Debug, Clone)]
pub(super) enum Made {
    Resource(Resource),
    Hooked(Hooked),
}

impl Made {
    fn owner(&self) -> &Owner {
        match self {
            Self::Resource(resource) => &resource.owner,
            Self::Hooked(hooked) => &hooked.owner,
        }
    }
}

/// What a hook did, and how it is undone.
#[derive(Debug, Clone)]
pub(super) struct Hooked {
    pub ticket: u64,
    pub owner: Owner,
    pub undo: Undo,
}

/// A create that is on its way, or that came to nothing which identifies a resource.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub ticket: u64,
    pub owner: Owner,
    pub trace: Trace,
}

#[derive(Default)]
struct Book {
    /// In the order in which it was made.
    made: Vec<Made>,
    /// Keys of all URLs ever made, those of deleted resources too.
    keys: HashSet<String>,
    sent: Vec<Sent>,
    tickets: u64,
    /// Endpoint and attribute of all names with which something was made.
    named: BTreeSet<(String, String)>,
}

/// What the run made.
pub(super) struct Ledger {
    book: Mutex<Book>,
    journal: Option<OpenJournal>,
}

impl Ledger {
    pub fn new(journal: Option<OpenJournal>) -> Self {
        Self { book: Mutex::default(), journal }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        // A panic in another task must not keep this one from deleting what was made.
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, line: &Line) {
        if let Some(journal) = &self.journal {
            journal.write(line);
        }
    }

    /// A create goes out. Unless [`Ledger::answered`] is called, its resource is looked for at the end.
    pub fn sending(&self, owner: &Owner, trace: Trace) -> u64 {
        let ticket = {
            let mut book = self.book();
            book.tickets += 1;
            let ticket = book.tickets;
            book.named.insert((trace.endpoint.clone(), trace.attribute.clone()));
            book.sent.push(Sent { ticket, owner: owner.clone(), trace: trace.clone() });
            ticket
        };
        self.note(&Line::Sent { ticket, trace });
        ticket
    }

    /// Endpoint and attribute of all names with which something was to be made.
    pub fn named(&self) -> Vec<(String, String)> {
        self.book().named.iter().cloned().collect()
    }

    /// What became of a create is known.
    pub fn answered(&self, ticket: u64) {
        self.book().sent.retain(|sent| sent.ticket != ticket);
        self.note(&Line::Answered { ticket });
    }

    /// Notes what an answer says was made. What is noted already stays with its first owner.
    pub fn made(&self, owner: &Owner, credential: &str, made: made::Made) {
        let first = {
            let mut book = self.book();
            let keys: Vec<String> = made.urls.iter().map(|url| place::key(url)).collect();
            let known = keys.iter().any(|key| book.keys.contains(key));
            book.keys.extend(keys);
            if known {
                return;
            }
            let first = made.urls.first().cloned();
            let resource =
                Resource { owner: owner.clone(), urls: made.urls, credential: credential.to_owned() };
            book.made.push(Made::Resource(resource));
            first
        };
        if let Some(url) = first {
            self.note(&Line::Made { url, credential: credential.to_owned() });
        }
    }

    /// Notes what a hook did and how it is undone.
    pub fn hooked(&self, owner: &Owner, undo: Undo) {
        let ticket = {
            let mut book = self.book();
            book.tickets += 1;
            let ticket = book.tickets;
            book.made.push(Made::Hooked(Hooked { ticket, owner: owner.clone(), undo: undo.clone() }));
            ticket
        };
        self.note(&Line::Hooked { ticket, undo });
    }

    /// What a hook did is undone.
    pub fn undone(&self, ticket: u64) {
        self.note(&Line::Undone { ticket });
    }

    /// Whether the run made what stands at a URL, or above it.
    pub fn is_ours(&self, url: &str) -> bool {
        let book = self.book();
        let key = place::key(url);
        let mut part = key.as_str();
        loop {
            if book.keys.contains(part) {
                return true;
            }
            match part.rsplit_once('/') {
                Some((above, _)) => part = above,
                None => return false,
            }
        }
    }

    /// Takes out everything that an owner has to undo, in the order in which it was made; of all owners, where none is
    /// named.
    pub fn take(&self, owner: Option<&str>) -> (Vec<Made>, Vec<Sent>) {
        let mut book = self.book();
        let is_wanted = |other: &Owner| owner.is_none_or(|owner| owner == &**other);
        let (made, kept) = std::mem::take(&mut book.made).into_iter().partition(|one| is_wanted(one.owner()));
        book.made = kept;
        let (sent, kept) = std::mem::take(&mut book.sent).into_iter().partition(|s| is_wanted(&s.owner));
        book.sent = kept;
        (made, sent)
    }

    /// A resource is deleted, or was never there.
    pub fn gone(&self, resource: &Resource) {
        if let Some(url) = resource.urls.first() {
            self.note(&Line::Gone { url: url.clone() });
        }
    }

    /// Ends the journal of a run that left nothing.
    pub fn close(&self) {
        if let Some(journal) = &self.journal {
            journal.remove();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::made::Made;
    use super::*;

    #[test]
    fn what_lies_at_or_below_a_made_resource_is_ours() {
        let ledger = Ledger::new(None);
        let owner: Owner = "a/b".into();
        ledger.made(&owner, "target", Made { urls: vec!["http://h/v2/Users/7".into()], id: None });
        assert!(ledger.is_ours("http://h/v2/Users/7"));
        assert!(ledger.is_ours("http://H/v2/Users/%37?attributes=id"));
        assert!(ledger.is_ours("http://h/v2/Users/7/extra"));
        for no in ["http://h/v2/Users", "http://h/v2/Users/77", "http://h/v2/Groups/7", "http://h/v2/Users/8"]
        {
            assert!(!ledger.is_ours(no), "{no}");
        }
    }

    #[test]
    fn each_owner_takes_its_own_once() {
        let ledger = Ledger::new(None);
        let (one, two): (Owner, Owner) = ("a".into(), "b".into());
        let made = |url: &str| Made { urls: vec![url.into()], id: None };
        ledger.made(&one, "target", made("http://h/Users/1"));
        ledger.made(&two, "target", made("http://h/Users/2"));
        ledger.made(&two, "target", made("http://h/Users/1"));
        assert_eq!(ledger.take(Some("a")).0.len(), 1);
        assert_eq!(ledger.take(Some("a")).0.len(), 0);
        assert_eq!(ledger.take(None).0.len(), 1);
        assert!(ledger.is_ours("http://h/Users/1"), "a deleted resource stays the run's own");
    }
}
