//! The requests of each client, one task after the other, kept in `snapshots/simulate` to be read beside the provider's documentation.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;

use super::{group, import, probe, references, user};
use crate::exec::Stop;
use crate::harness::mock;
use crate::http::{InProcess, Limits, Paced, Request, Transport};
use crate::mock::{Answer, Scim, Service, Settings};
use crate::profile;
use crate::simulate::belief::Belief;
use crate::simulate::desk::Desk;
use crate::simulate::directory::{Person, Team};
use crate::simulate::journal::Journal;
use crate::simulate::manner::{CLIENTS, Manner, OURSELVES};
use crate::simulate::person::{Naming, Profile, Standing};
use crate::simulate::wire::{Way, Wire};
use crate::target::{Auth, Secret, Session, Target};

/// Notes what is asked.
struct Noting {
    inner: Arc<dyn Service>,
    asked: Mutex<Vec<Request>>,
}

impl Service for Noting {
    fn handle(&self, request: &Request, now: Timestamp) -> Answer {
        self.asked.lock().expect("whole").push(request.clone());
        self.inner.handle(request, now)
    }
}

struct Stage {
    desk: Desk,
    service: Arc<Noting>,
    told: String,
    _folder: tempfile::TempDir,
}

fn stage(manner: &'static Manner) -> Stage {
    let profile = profile::find(profile::DEFAULT).expect("a profile");
    let profile = profile.in_dialects(&[manner.provider.to_owned()]);
    let inner =
        mock::service(&profile, Settings { seed: Some(7), ..Settings::default() }, &[], |_: &Scim| Ok(()))
            .expect("a service");
    let service = Arc::new(Noting { inner, asked: Mutex::default() });
    let clock: crate::http::Clock = Arc::new(|| "2026-03-02T08:11:09Z".parse().expect("a time"));
    let transport = Transport::InProcess(InProcess::new(service.clone(), clock));
    let token = Secret::new(Settings::DEFAULT_TOKEN, "a test").expect("a secret");
    let target = Target::new("http://localhost/scim/v2").expect("a URL");
    let target = target.with_credential("target", Auth::Bearer(token));
    let session = Session::new(target, Paced::new(transport, None, Duration::ZERO), Limits::default());
    let folder = tempfile::tempdir().expect("a folder");
    let (journal, _) = Journal::open(&folder.path().join("a.jsonl")).expect("writable");
    let journal = Arc::new(journal);
    let wire = |manner| {
        Wire::new(Way {
            session: session.clone(),
            manner,
            journal: journal.clone(),
            stop: Stop::default(),
            grace: Duration::ZERO,
            patience: Duration::ZERO,
        })
    };
    let naming = Naming { tag: "tag".into(), domain: "example.com".into() };
    let wires = (wire(manner), wire(&OURSELVES));
    let desk = Desk::new(wires, naming, manner.mapped.to_vec(), journal.clone(), Belief::default());
    Stage { desk, service, told: String::new(), _folder: folder }
}

impl Stage {
    /// Adds what was asked since the last time, with names in the place of ids.
    fn tell(&mut self, task: &str) {
        self.told.push_str(&format!("# {task}\n\n"));
        for request in std::mem::take(&mut *self.service.asked.lock().expect("whole")) {
            let target = request.target.replace("/scim/v2", "");
            let body = serde_json::from_slice::<serde_json::Value>(&request.body);
            let mut text = format!("{} {target}\n", request.method);
            if task == "probe" || task == "join" {
                text.push_str(&fields(&request));
            }
            if let Ok(body) = body {
                text.push_str(&format!("\n{}\n", serde_json::to_string_pretty(&body).expect("JSON")));
            }
            text.push('\n');
            let belief = self.desk.belief();
            for (number, user) in &belief.users {
                text = text.replace(&*user.id, &format!("USER-{number}"));
            }
            for (number, group) in &belief.groups {
                text = text.replace(&*group.id, &format!("GROUP-{number}"));
            }
            self.told.push_str(&text);
        }
    }

    async fn user(&mut self, task: &str, number: u32, profile: Profile, standing: Standing) {
        let person = Person { profile, standing };
        user(&self.desk, number, person).await.expect(task);
        references(&self.desk, number, person).await.expect(task);
        self.tell(task);
    }

    async fn group(&mut self, task: &str, version: u16, members: &[u32], push: bool, deleted: bool) {
        let team = Team { version, members: members.iter().copied().collect::<BTreeSet<_>>(), deleted };
        group(&self.desk, 3, &team, push).await.expect(task);
        self.tell(task);
    }
}

/// The fields that the client chooses.
fn fields(request: &Request) -> String {
    let framing = ["authorization", "host", "content-length"];
    let chosen = request.headers.iter().filter(|(name, _)| !framing.contains(&name.to_lowercase().as_str()));
    chosen.map(|(name, value)| format!("{name}: {value}\n")).collect()
}

async fn requests(manner: &'static Manner) -> String {
    let mut stage = stage(manner);
    probe(&stage.desk, 1).await.expect("probe");
    stage.tell("probe");
    let ada = Profile { given: 0, family: 0, account: 0, department: 0, title: 0, manager: None };
    let wen = Profile { given: 25, family: 9, manager: Some(1), ..ada };
    stage.user("join", 1, ada, Standing::Employed).await;
    stage.user("join, with a manager", 2, wen, Standing::Employed).await;
    stage.user("join, as the third", 3, Profile { given: 9, ..ada }, Standing::Employed).await;
    let moved = Profile { department: 3, title: 6, ..ada };
    stage.user("move", 1, moved, Standing::Employed).await;
    let renamed = Profile { family: 18, account: 18, ..moved };
    stage.user("rename", 1, renamed, Standing::Employed).await;
    stage.group("make a group", 0, &[1, 3], false, false).await;
    stage.group("add and remove members", 0, &[2], false, false).await;
    stage.group("rename a group", 1, &[2], false, false).await;
    stage.group("push a group", 1, &[2], true, false).await;
    stage.user("leave", 1, renamed, Standing::Left).await;
    stage.user("return", 1, Profile { title: 2, ..renamed }, Standing::Employed).await;
    stage.user("leave for good", 1, renamed, Standing::Purged).await;
    stage.group("delete a group", 1, &[], false, true).await;
    import(&stage.desk).await.expect("import");
    stage.tell("import");
    stage.told
}

#[tokio::test]
async fn the_requests_of_each_client_are_as_they_were() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/simulate"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for client in CLIENTS {
        let requests = requests(client).await;
        settings.bind(|| insta::assert_snapshot!(client.name, requests));
    }
}
