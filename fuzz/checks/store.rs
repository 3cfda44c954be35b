//! What must hold of the stored resources at any time, and a picture of them to compare.
//! Knows no request that changed them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::mock::{BASE, Mock};

/// Every resource as it is shown, in order of creation.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture(Value);

impl Picture {
    pub fn of(mock: &mut Mock) -> Self {
        let response = mock.ask("GET", "?count=200", "");
        assert_eq!(response.status, 200);
        Self(response.json().unwrap_or_default())
    }

    /// Whether every resource is in it, and not only the first page.
    fn is_whole(&self) -> bool {
        self.0["totalResults"].as_u64() == Some(self.resources().count() as u64)
    }

    fn resources(&self) -> impl Iterator<Item = &Value> {
        self.0["Resources"].as_array().into_iter().flatten()
    }

    /// Panics where the resources contradict each other or the schema.
    pub fn is_right(&self, mock: &mut Mock) {
        if !self.is_whole() {
            return;
        }
        self.memberships_are_in_step();
        for resource in self.resources() {
            can_be_put_back(mock, resource);
        }
        let after = Self::of(mock);
        let (before, after) = (self.resources().map(lasting), after.resources().map(lasting));
        assert!(before.eq(after), "resources that were put back as they were have changed: {self:?}");
    }

    /// `User.groups` and `Group.members` say the same (RFC 7643 §4.1.2, §4.2).
    fn memberships_are_in_step(&self) {
        let mut by_groups = BTreeSet::new();
        let mut by_users = BTreeSet::new();
        let users: BTreeSet<&str> = self.of_type("User").filter_map(|user| user["id"].as_str()).collect();
        let ids: BTreeSet<&str> = self.resources().filter_map(|resource| resource["id"].as_str()).collect();
        assert_eq!(ids.len(), self.resources().count(), "an id is there twice: {self:?}");
        for group in self.of_type("Group") {
            let mut members = BTreeSet::new();
            for member in values(group, "members") {
                assert!(ids.contains(member), "a member that does not exist: {self:?}");
                assert!(members.insert(member), "a member is there twice: {self:?}");
                if users.contains(member) {
                    by_groups.insert((member, group["id"].as_str().unwrap_or_default()));
                }
            }
        }
        for user in self.of_type("User") {
            let groups = user["groups"].as_array().into_iter().flatten();
            for group in groups.filter(|group| group["type"] == "direct") {
                by_users.insert((
                    user["id"].as_str().unwrap_or_default(),
                    group["value"].as_str().unwrap_or_default(),
                ));
            }
        }
        assert_eq!(by_groups, by_users, "{self:?}");
    }

    fn of_type<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Value> {
        self.resources().filter(move |resource| resource["meta"]["resourceType"] == name)
    }
}

fn values<'a>(resource: &'a Value, attribute: &str) -> impl Iterator<Item = &'a str> {
    resource[attribute].as_array().into_iter().flatten().filter_map(|value| value["value"].as_str())
}

/// What a server shows, it takes back, and nothing changes thereby (RFC 7644 §3.5.1).
fn can_be_put_back(mock: &mut Mock, resource: &Value) {
    let location = resource["meta"]["location"].as_str().unwrap_or_default();
    let path = location.split_once(BASE).map_or("", |(_, path)| path);
    let shown = mock.ask("GET", path, "");
    assert_eq!(shown.status, 200, "{location}");
    assert_eq!(shown.json().as_ref(), Some(resource), "a list shows it otherwise than its URL");
    let answer = mock.ask("PUT", path, resource.to_string());
    assert_eq!(answer.status, 200, "{resource} is refused: {answer:?}");
    let back = answer.json().unwrap_or_default();
    assert_eq!(lasting(&back), lasting(resource), "it is another after it was put back");
}

/// What is the same after a resource was put back. A device has attributes that are shown on request only, so that
/// putting it back as it is shown takes them away, which is a change.
fn lasting(resource: &Value) -> Value {
    let mut lasting = resource.clone();
    if lasting["meta"]["resourceType"] == "Device"
        && let Some(meta) = lasting.get_mut("meta").and_then(Value::as_object_mut)
    {
        meta.retain(|name, _| !matches!(name.as_str(), "lastModified" | "version"));
    }
    lasting
}

/// A resource with this id is gone, or never was.
pub fn is_absent(mock: &mut Mock, path: &str) {
    let response = mock.ask("GET", path, "");
    assert_eq!((response.status, response.json().unwrap_or_default()["status"].clone()), (404, json!("404")));
}
