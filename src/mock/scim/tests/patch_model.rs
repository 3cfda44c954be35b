//! Random PATCH operations against a model that knows one singular, one complex and one multi-valued attribute.

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone, Default, PartialEq)]
struct Model {
    title: Option<String>,
    given: Option<String>,
    family: Option<String>,
    /// type and value
    emails: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
enum Change {
    Title(Option<String>, bool),
    Given(Option<String>),
    Name(String, bool),
    AddEmail(String, String),
    ReplaceEmails(Vec<(String, String)>),
    RemoveEmails(String),
    SetValue(String, String),
    /// An operation that fails.
    Fault,
}

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "c"]).prop_map(str::to_owned)
}

fn change() -> impl Strategy<Value = Change> {
    let emails = prop::collection::vec((word(), word()), 0..3);
    prop_oneof![
        2 => (prop::option::of(word()), any::<bool>()).prop_map(|(t, add)| Change::Title(t, add)),
        2 => prop::option::of(word()).prop_map(Change::Given),
        2 => (word(), any::<bool>()).prop_map(|(f, add)| Change::Name(f, add)),
        3 => (word(), word()).prop_map(|(t, v)| Change::AddEmail(t, v)),
        1 => emails.prop_map(Change::ReplaceEmails),
        2 => word().prop_map(Change::RemoveEmails),
        2 => (word(), word()).prop_map(|(t, v)| Change::SetValue(t, v)),
        1 => Just(Change::Fault),
    ]
}

fn email((kind, value): &(String, String)) -> Value {
    json!({ "type": kind, "value": value })
}

fn operation(change: &Change) -> Value {
    match change {
        Change::Title(Some(title), true) => json!({ "op": "add", "path": "title", "value": title }),
        Change::Title(Some(title), false) => json!({ "op": "replace", "value": { "title": title } }),
        Change::Title(None, _) => json!({ "op": "remove", "path": "TITLE" }),
        Change::Given(Some(given)) => json!({ "op": "replace", "path": "name.givenName", "value": given }),
        Change::Given(None) => json!({ "op": "remove", "path": "name.givenName" }),
        Change::Name(family, true) => {
            json!({ "op": "add", "path": "name", "value": { "familyName": family } })
        }
        Change::Name(family, false) => {
            json!({ "op": "replace", "path": "name", "value": { "FamilyName": family } })
        }
        Change::AddEmail(kind, value) => {
            json!({ "op": "add", "path": "emails", "value": [email(&(kind.clone(), value.clone()))] })
        }
        Change::ReplaceEmails(emails) => {
            let emails: Vec<Value> = emails.iter().map(email).collect();
            json!({ "op": "replace", "path": "emails", "value": emails })
        }
        Change::RemoveEmails(kind) => {
            json!({ "op": "remove", "path": format!(r#"emails[type eq "{kind}"]"#) })
        }
        Change::SetValue(kind, value) => {
            json!({ "op": "replace", "path": format!(r#"emails[type eq "{kind}"].value"#), "value": value })
        }
        Change::Fault => json!({ "op": "remove", "path": "userName" }),
    }
}

impl Model {
    /// False where the operation has to fail.
    fn apply(&mut self, change: &Change) -> bool {
        match change {
            Change::Title(title, _) => self.title = title.clone(),
            Change::Given(given) => self.given = given.clone(),
            Change::Name(family, _) => self.family = Some(family.clone()),
            Change::AddEmail(kind, value) => self.push((kind.clone(), value.clone())),
            Change::ReplaceEmails(emails) => {
                self.emails.clear();
                emails.iter().cloned().for_each(|email| self.push(email));
            }
            Change::RemoveEmails(kind) => self.emails.retain(|(k, _)| k != kind),
            Change::SetValue(kind, value) => {
                let mut selected = self.emails.iter_mut().filter(|(k, _)| k == kind).peekable();
                if selected.peek().is_none() {
                    return false;
                }
                selected.for_each(|(_, v)| *v = value.clone());
                let emails = std::mem::take(&mut self.emails);
                emails.into_iter().for_each(|email| self.push(email));
            }
            Change::Fault => return false,
        }
        true
    }

    fn push(&mut self, email: (String, String)) {
        if !self.emails.contains(&email) {
            self.emails.push(email);
        }
    }

    fn of(user: &Value) -> Self {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let emails = user["emails"].as_array().into_iter().flatten();
        Self {
            title: text(&user["title"]),
            given: text(&user["name"]["givenName"]),
            family: text(&user["name"]["familyName"]),
            emails: emails.map(|e| (text(&e["type"]).unwrap(), text(&e["value"]).unwrap())).collect(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_patch_does_all_that_the_model_does_or_nothing(
        requests in prop::collection::vec(prop::collection::vec(change(), 1..5), 1..8),
    ) {
        let client = Client::new();
        let path = format!("/Users/{}", client.user("ann", json!({})));
        let mut model = Model::default();
        for changes in requests {
            let before = client.get(&path);
            let mut next = model.clone();
            let succeeds = changes.iter().all(|change| next.apply(change));
            let operations = patch_op(changes.iter().map(operation).collect());
            let response = client.request("PATCH", &path, Some(&operations), &[]);
            prop_assert_eq!(response.status, if succeeds { 200 } else { 400 }, "{:?} on {:?}", changes, model);
            let after = client.get(&path);
            if !succeeds {
                prop_assert_eq!(after, before);
                continue;
            }
            prop_assert_eq!(Model::of(&after), next.clone(), "{:?} on {:?}", changes, model);
            let moved = after["meta"]["lastModified"] != before["meta"]["lastModified"];
            prop_assert_eq!(moved, next != model);
            model = next;
        }
    }
}
