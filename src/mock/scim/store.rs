//! The resources of one tenant, with their indexes and memberships.
//! Trusts that what it is given has been checked; knows no requests.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::catalogue::Catalogue;
use super::index::Index;
use super::policy::{Deletion, Membership, Policy};
use super::resource::Resource;

/// Resources of one tenant. Memory is that of the resources and of the indexes on them.
#[derive(Debug)]
pub struct Tenant {
    shelves: Vec<Shelf>,
    /// Ids of the groups that have a member, by the member's id.
    groups_of: HashMap<Arc<str>, Vec<Arc<str>>>,
    next_number: u64,
}

/// The resources of one type in order of creation.
#[derive(Debug)]
struct Shelf {
    resources: BTreeMap<u64, Resource>,
    numbers: HashMap<Arc<str>, u64>,
    created: u64,
    indexes: Vec<Index>,
    is_group: bool,
}

/// Where a resource is: its type and number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub kind: usize,
    pub number: u64,
}

impl Tenant {
    pub fn new(catalogue: &Catalogue) -> Self {
        let shelf = |kind: &super::catalogue::Kind| Shelf {
            resources: BTreeMap::new(),
            numbers: HashMap::new(),
            created: 0,
            indexes: Index::of_kind(kind),
            is_group: kind.is_group(),
        };
        Self {
            shelves: catalogue.kinds.iter().map(shelf).collect(),
            groups_of: HashMap::new(),
            next_number: 1,
        }
    }

    /// The resource with this id, of whatever type.
    pub fn get(&self, id: &str) -> Option<&Resource> {
        self.at(self.place(id)?)
    }

    /// The resource of this type with this id.
    pub fn get_of(&self, kind: usize, id: &str) -> Option<&Resource> {
        let number = *self.shelves.get(kind)?.numbers.get(id)?;
        self.at(Place { kind, number })
    }

    pub fn at(&self, place: Place) -> Option<&Resource> {
        self.shelves.get(place.kind)?.resources.get(&place.number)
    }

    pub fn place(&self, id: &str) -> Option<Place> {
        let mut shelves = self.shelves.iter().enumerate();
        shelves.find_map(|(kind, shelf)| Some(Place { kind, number: *shelf.numbers.get(id)? }))
    }

    /// How many resources of a type there are.
    pub fn count(&self, kind: usize) -> usize {
        self.shelves.get(kind).map_or(0, |shelf| shelf.resources.len())
    }

    /// How many resources of a type there have ever been.
    pub fn created(&self, kind: usize) -> u64 {
        self.shelves.get(kind).map_or(0, |shelf| shelf.created)
    }

    /// The resources of a type in order of creation.
    pub fn all(&self, kind: usize) -> impl DoubleEndedIterator<Item = &Resource> {
        self.shelves.get(kind).into_iter().flat_map(|shelf| shelf.resources.values())
    }

    /// The index on an attribute, where there is one.
    pub fn index(&self, kind: usize, extension: Option<&str>, name: &str) -> Option<&Index> {
        let mut indexes = self.shelves.get(kind)?.indexes.iter();
        indexes.find(|index| index.extension.as_deref() == extension && index.attribute.name == name)
    }

    pub fn indexes(&self, kind: usize) -> &[Index] {
        self.shelves.get(kind).map_or(&[], |shelf| shelf.indexes.as_slice())
    }

    /// Ids of the groups of which `id` is a member itself.
    pub fn groups_of(&self, id: &str) -> &[Arc<str>] {
        self.groups_of.get(id).map_or(&[], Vec::as_slice)
    }

    /// The number for the next resource.
    pub fn take_number(&mut self) -> u64 {
        let number = self.next_number;
        self.next_number += 1;
        number
    }

    /// Adds a resource with a new id and number.
    pub fn insert(&mut self, resource: Resource) {
        let Some(shelf) = self.shelves.get_mut(resource.kind) else { return };
        shelf.created += 1;
        shelf.numbers.insert(resource.id.clone(), resource.number);
        for index in &mut shelf.indexes {
            index.add(&resource);
        }
        if shelf.is_group {
            for member in resource.member_ids() {
                join(&mut self.groups_of, member, &resource.id);
            }
        }
        shelf.resources.insert(resource.number, resource);
    }

    /// Puts a resource in the place of the one with the same type and number.
    pub fn replace(&mut self, resource: Resource) {
        let Some(shelf) = self.shelves.get_mut(resource.kind) else { return };
        let Some(stored) = shelf.resources.get_mut(&resource.number) else { return };
        let old = std::mem::replace(stored, resource);
        for index in &mut shelf.indexes {
            index.remove(&old);
            index.add(stored);
        }
        if shelf.is_group && old.attributes.get("members") != stored.attributes.get("members") {
            let before: HashSet<&str> = old.member_ids().collect();
            let after: HashSet<&str> = stored.member_ids().collect();
            for member in before.difference(&after) {
                leave(&mut self.groups_of, member, &stored.id);
            }
            for member in after.difference(&before) {
                join(&mut self.groups_of, member, &stored.id);
            }
        }
    }

    /// Removes a resource, and its id from the members of every group.
    pub fn remove(&mut self, kind: usize, id: &str, policy: &Policy, now: Timestamp) {
        let Some(number) = self.shelves.get_mut(kind).and_then(|shelf| shelf.numbers.remove(id)) else {
            return;
        };
        if policy.membership != Membership::KeepsDeleted {
            self.drop_from_groups(id, now);
        }
        let Some(shelf) = self.shelves.get_mut(kind) else { return };
        let Some(resource) = shelf.resources.get(&number) else { return };
        if shelf.is_group {
            for member in resource.member_ids() {
                leave(&mut self.groups_of, member, &resource.id);
            }
        }
        if policy.deletion == Deletion::StaysInLists {
            return;
        }
        if policy.deletion == Deletion::Removes {
            for index in &mut shelf.indexes {
                index.remove(resource);
            }
        }
        shelf.resources.remove(&number);
    }

    /// Removes an id from the members of every group.
    pub fn drop_from_groups(&mut self, id: &str, now: Timestamp) {
        for group in self.groups_of.remove(id).unwrap_or_default() {
            self.drop_member(&group, id, now);
        }
    }

    fn drop_member(&mut self, group: &str, member: &str, now: Timestamp) {
        let Some(place) = self.place(group) else { return };
        let Some(shelf) = self.shelves.get_mut(place.kind) else { return };
        let Some(resource) = shelf.resources.get_mut(&place.number) else { return };
        if let Some(Value::Array(members)) = resource.attributes.get_mut("members") {
            members.retain(|m| m.get("value").and_then(Value::as_str) != Some(member));
            if members.is_empty() {
                resource.attributes.shift_remove("members");
            }
        }
        resource.touch(now);
    }
}

fn join(groups_of: &mut HashMap<Arc<str>, Vec<Arc<str>>>, member: &str, group: &Arc<str>) {
    match groups_of.get_mut(member) {
        Some(groups) if groups.contains(group) => {}
        Some(groups) => groups.push(group.clone()),
        None => {
            groups_of.insert(member.into(), vec![group.clone()]);
        }
    }
}

fn leave(groups_of: &mut HashMap<Arc<str>, Vec<Arc<str>>>, member: &str, group: &Arc<str>) {
    let Some(groups) = groups_of.get_mut(member) else { return };
    groups.retain(|g| g != group);
    if groups.is_empty() {
        groups_of.remove(member);
    }
}
