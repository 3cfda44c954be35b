//! Generated starting data: people and groups.
//! Must not know the service that takes them.

mod groups;
mod names;
mod people;
mod random;

use serde_json::Value;

/// Resources in a batch of [`Population::in_batches`].
const BATCH: usize = 1000;

/// Generated starting data: the same seed and sizes give the same resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Population {
    pub users: usize,
    pub groups: usize,
    pub seed: u64,
}

impl Population {
    /// Users, each with an `id` and after its manager, then groups of them, each after the group that it holds.
    pub fn resources(self) -> impl Iterator<Item = Value> {
        let users = (0..self.users).map(move |number| people::user(self.seed, number));
        let groups = (0..self.groups).map(move |number| groups::group(self, number));
        users.chain(groups)
    }

    /// Hands the same resources to `take`, a batch at a time, so that memory does not grow with the population.
    /// A batch refers to itself and to those before it only. The first error ends it.
    pub fn in_batches<E>(self, mut take: impl FnMut(&[Value]) -> Result<(), E>) -> Result<(), E> {
        let mut resources = self.resources();
        loop {
            let batch: Vec<Value> = resources.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                return Ok(());
            }
            take(&batch)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn batches_hold_every_resource_once_and_end_with_the_first_error() {
        let population = Population { users: 2500, groups: 10, seed: 7 };
        let mut taken = Vec::new();
        let outcome: Result<(), ()> = population.in_batches(|batch| {
            taken.extend_from_slice(batch);
            Ok(())
        });
        assert_eq!(outcome, Ok(()));
        assert!(taken.into_iter().eq(population.resources()));
        let mut batches = 0;
        let outcome = population.in_batches(|_| {
            batches += 1;
            Err("no")
        });
        assert_eq!((outcome, batches), (Err("no"), 1));
    }

    #[test]
    fn a_population_is_repeatable_and_differs_by_seed() {
        let of = |seed| Population { users: 50, groups: 5, seed }.resources().collect::<Vec<_>>();
        assert_eq!(of(7), of(7));
        assert_ne!(of(7), of(8));
        assert_eq!(of(7).len(), 55);
    }

    #[test]
    fn references_are_whole_and_names_unique() {
        let mut ids = HashSet::new();
        let mut names = HashSet::new();
        for resource in (Population { users: 2000, groups: 300, seed: 1 }).resources() {
            for name in ["userName", "externalId", "displayName"] {
                let unique = name != "displayName" || resource.get("members").is_some();
                if let (true, Some(value)) = (unique, resource[name].as_str()) {
                    assert!(
                        names.insert(format!("{name} {}", value.to_lowercase())),
                        "{value} appears twice"
                    );
                }
            }
            let manager =
                &resource["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]["manager"]["value"];
            let members = resource["members"].as_array().cloned().unwrap_or_default();
            let mut within = HashSet::new();
            for reference in members.iter().map(|member| &member["value"]).chain([manager]) {
                if let Some(reference) = reference.as_str() {
                    assert!(ids.contains(reference), "{reference} comes later or never");
                    assert!(within.insert(reference.to_owned()), "{reference} is a member twice");
                }
            }
            assert!(ids.insert(resource["id"].as_str().unwrap().to_owned()));
        }
    }

    #[test]
    fn groups_without_users_are_empty() {
        let groups: Vec<_> = Population { users: 0, groups: 3, seed: 1 }.resources().collect();
        assert!(groups.iter().all(|group| {
            group["members"]
                .as_array()
                .is_none_or(|members| members.iter().all(|member| member["type"] == "Group"))
        }));
    }
}
