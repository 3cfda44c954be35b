//! A scripted conversation with GitLab: each defect must change at least one answer, or what a hook tells of the state.
//! Knows no defect by name.

mod groups;
mod lines;
mod members;
mod rest;
mod users;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::super::*;
use crate::mock::gitlab::{Gitlab, Settings};

use self::lines::{G, I, Line};

fn script() -> Vec<Line> {
    let users = format!("{I}/Users");
    let members = format!("{G}/Users");
    let groups = format!("{I}/Groups");
    let mut script = users::access(&users, &members);
    script.extend(users::transport(&users, &members));
    script.extend(users::instance(&users));
    script.extend(members::group(&members));
    script.extend(members::deprovision(&members));
    script.extend(groups::sync(&users, &groups));
    script.extend(rest::identities());
    script.extend(rest::tokens(&members));
    script
}

/// The answers to the script, those of hooks as JSON. Of new tokens only the form is told.
fn play(version: Option<Version>, defect: Option<&'static Defect>) -> Vec<String> {
    let switches: Vec<Switch> = defect.into_iter().map(Switch::Named).collect();
    let mut settings = Settings { version: version.unwrap_or_default(), ..Settings::default() };
    configure_gitlab(&switches, &mut settings);
    let gitlab = Arc::new(Gitlab::new(settings));
    let service = wrap(&switches, gitlab.clone(), "");
    let start: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
    let mut heard = Vec::new();
    for (place, line) in script().into_iter().enumerate() {
        let now = start + SignedDuration::from_millis(i64::try_from(place).expect("few lines"));
        heard.push(match line {
            Line::Ask(request) => format!("{:?}", service.handle(&request, now)),
            Line::Hook("generate-token", with) => {
                let made = gitlab.hook("generate-token", &with, "", now).expect("a token");
                made["scim_token"].as_str().is_some_and(|token| token.starts_with("glsoat-")).to_string()
            }
            Line::Hook(name, with) => format!("{:?}", gitlab.hook(name, &with, "", now)),
            Line::Generate(path, session) => {
                let mut request = Request::new("POST", path);
                if let Ok(session) = gitlab.hook("open-session", &session, "", now) {
                    for (field, value) in [("Cookie", "cookie"), ("X-CSRF-Token", "csrf_token")] {
                        request.headers.set(field, session[value].as_str().expect("a text"));
                    }
                }
                match service.handle(&request, now) {
                    Answer::Http(response) => response.status.to_string(),
                    Answer::Wire(_) => "wire".to_owned(),
                }
            }
        });
    }
    heard
}

#[test]
fn the_right_service_repeats_itself_and_no_hook_fails() {
    let heard = play(None, None);
    assert_eq!(heard, play(None, None));
    let failed: Vec<&String> = heard.iter().filter(|line| line.starts_with("Err(")).collect();
    assert!(failed.is_empty(), "{failed:?}");
}

#[test]
fn every_defect_changes_an_answer() {
    let right = |defect: &Defect| play(defect.version, None);
    let silent: Vec<&str> = of_service(GITLAB)
        .filter(|defect| play(defect.version, Some(defect)) == right(defect))
        .map(|defect| defect.id)
        .collect();
    assert!(silent.is_empty(), "nothing changes with {}", silent.join(", "));
}
