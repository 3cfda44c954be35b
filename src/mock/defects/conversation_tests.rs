//! A scripted conversation with the service: each defect must change at least one answer of it.
//! Knows no defect by name.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::rare_script_tests::BADGE_EXTRA;
use super::script_tests::{Ask, BADGE, script};
use super::*;
use crate::mock::definitions::{add_resource_type, add_schema};
use crate::mock::{Scim, Token};

/// Plays the script and tells each answer to `hear`, until that says that it has heard enough.
fn play(defects: &[&'static Defect], mut hear: impl FnMut(usize, Answer) -> bool) {
    let reader = Token::new("reader-token").read_only();
    let tokens = vec![Token::new(Settings::DEFAULT_TOKEN), Token::new("ann-token").user("ann"), reader];
    let mut settings = Settings { seed: Some(7), tokens, ..Settings::default() };
    let attributes = json!([
        { "name": "number", "type": "string", "mutability": "immutable" },
        { "name": "label", "type": "string" },
        { "name": "state", "type": "string", "returned": "always" },
        { "name": "weight", "type": "decimal" },
        { "name": "slots", "type": "integer" },
    ]);
    add_schema(&mut settings, &json!({ "id": BADGE, "attributes": attributes })).unwrap();
    let extra = json!({ "id": BADGE_EXTRA, "attributes": [{ "name": "by", "type": "string" }] });
    add_schema(&mut settings, &extra).unwrap();
    let extensions = json!([{ "schema": BADGE_EXTRA, "required": false }]);
    let badge =
        json!({ "name": "Badge", "endpoint": "/Badges", "schema": BADGE, "schemaExtensions": extensions });
    add_resource_type(&mut settings, &badge).unwrap();
    let switches: Vec<Switch> = defects.iter().map(|defect| Switch::Named(defect)).collect();
    configure(&switches, &mut settings);
    let base_path = settings.base_path.clone();
    let scim = Arc::new(Scim::new(settings));
    let service = wrap(&switches, scim.clone(), &base_path);
    let start: Timestamp = "2024-01-01T00:00:00Z".parse().unwrap();
    let mut known: HashMap<String, String> = HashMap::new();
    for (place, ask) in script().into_iter().enumerate() {
        let request = request(&ask, &known);
        let now = start + SignedDuration::from_secs(i64::try_from(place).unwrap());
        let answer = service.handle(&request, now);
        if let (Answer::Http(response), Some(name)) = (&answer, ask.keep) {
            keep(response, name, &mut known);
        }
        if !hear(place, answer) {
            return;
        }
    }
    scim.turn_away(1);
    let asked = request(&Ask::new("GET", "/Users"), &known);
    hear(script().len(), service.handle(&asked, start));
}

fn request(ask: &Ask, known: &HashMap<String, String>) -> Request {
    let filled = |text: &str, open: &str, close: &str| {
        known
            .iter()
            .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{open}{name}{close}"), value))
    };
    let target = match ask.target.strip_prefix('/').filter(|rest| rest.starts_with('/')) {
        Some(below_host) => below_host.to_owned(),
        None => format!("/scim/v2{}", ask.target),
    };
    let target = filled(&filled(&target, "{", "}"), "%7B", "%7D");
    let mut request = Request::new(ask.method, target);
    request.headers.set("Host", "scim.example");
    request.headers.set("Authorization", format!("Bearer {}", Settings::DEFAULT_TOKEN));
    for (name, value) in &ask.headers {
        match value.is_empty() {
            true => request.headers.remove(name),
            false => request.headers.set(name, filled(value, "{", "}")),
        }
    }
    if let Some(body) = &ask.body {
        request.body = filled(body, "{", "}").into();
    }
    request
}

fn keep(response: &Response, name: &str, known: &mut HashMap<String, String>) {
    let body = response.json().unwrap_or_default();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    if let Some(cursor) = text(&body["nextCursor"]) {
        known.insert(name.to_owned(), cursor);
        return;
    }
    let location = response.headers.get("Location").and_then(|uri| uri.rsplit('/').next()).map(str::to_owned);
    if let Some(id) = location.or_else(|| text(&body["id"])) {
        known.insert(name.to_uppercase(), id.to_uppercase());
        known.insert(name.to_owned(), id);
    }
    if let Some(version) = response.headers.get("ETag") {
        known.insert(format!("{name}.version"), version.to_owned());
    }
}

fn right_answers() -> Vec<Answer> {
    let mut answers = Vec::new();
    play(&[], |_, answer| {
        answers.push(answer);
        true
    });
    answers
}

#[test]
fn the_right_service_repeats_itself() {
    assert_eq!(right_answers(), right_answers());
}

#[test]
fn every_defect_changes_an_answer() {
    let right = right_answers();
    let mut without_effect = Vec::new();
    for defect in of_service(SCIM) {
        let mut differs = false;
        play(&[defect], |place, answer| {
            differs = right[place] != answer;
            !differs
        });
        if !differs {
            without_effect.push(defect.id);
        }
    }
    assert!(without_effect.is_empty(), "nothing changes with {}", without_effect.join(", "));
}
