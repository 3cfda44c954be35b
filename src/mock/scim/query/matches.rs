//! The resources that pass a filter, found through an index where one serves.
//! Knows no order but that of creation.

use super::evaluate::{Subject, passes as subject_passes};
use super::test::{Operand, Test};
use crate::mock::scim::catalogue::Target;
use crate::mock::scim::policy::CaseRule;
use crate::mock::scim::resource::Resource;
use crate::mock::scim::store::Place;
use crate::mock::scim::view::Scene;
use crate::scim::Operator;

/// The resources of the types that pass; `tests` has one for each type, or is absent for all.
pub fn find<'a>(scene: Scene<'a>, kinds: &[usize], tests: Option<&[Test<'_>]>) -> Vec<&'a Resource> {
    let mut found = Vec::new();
    for (at, kind) in kinds.iter().enumerate() {
        let Some(test) = tests.map(|tests| tests.get(at)) else {
            found.extend(scene.tenant.all(*kind));
            continue;
        };
        let Some(test) = test else { continue };
        match candidates(scene, *kind, test) {
            Some(numbers) => {
                let place = |number| Place { kind: *kind, number };
                let resources = numbers.into_iter().filter_map(|number| scene.tenant.at(place(number)));
                found.extend(resources.filter(|resource| passes_one(scene, test, resource)));
            }
            None => {
                found.extend(scene.tenant.all(*kind).filter(|resource| passes_one(scene, test, resource)))
            }
        }
    }
    found
}

/// Whether a resource passes the test of its type.
pub fn passes(scene: Scene<'_>, kinds: &[usize], tests: &[Test<'_>], resource: &Resource) -> bool {
    let test = kinds.iter().position(|kind| *kind == resource.kind).and_then(|at| tests.get(at));
    test.is_some_and(|test| passes_one(scene, test, resource))
}

fn passes_one(scene: Scene<'_>, test: &Test<'_>, resource: &Resource) -> bool {
    let values = scene.policy.filter_values;
    scene.view(resource).is_some_and(|view| subject_passes(test, Subject::Resource(&view), values))
}

/// Numbers, in ascending order, among which all matches are; `None` where no index can tell.
pub fn candidates(scene: Scene<'_>, kind: usize, test: &Test<'_>) -> Option<Vec<u64>> {
    if scene.policy.filter_case != CaseRule::BySchema {
        return None;
    }
    match test {
        Test::Compare(target, Operator::Equal, Operand::Text { text, .. }) => {
            equal(scene, kind, target, text)
        }
        Test::All(tests) => tests.iter().find_map(|test| candidates(scene, kind, test)),
        Test::Any(tests) => {
            let each: Option<Vec<Vec<u64>>> =
                tests.iter().map(|test| candidates(scene, kind, test)).collect();
            let mut numbers: Vec<u64> = each?.into_iter().flatten().collect();
            numbers.sort_unstable();
            numbers.dedup();
            Some(numbers)
        }
        _ => None,
    }
}

fn equal(scene: Scene<'_>, kind: usize, target: &Target<'_>, text: &str) -> Option<Vec<u64>> {
    if target.sub.is_some() {
        return None;
    }
    if target.extension.is_none() && target.attribute.name == "id" {
        let place = scene.tenant.place(text).filter(|place| place.kind == kind);
        return Some(place.into_iter().map(|place| place.number).collect());
    }
    let index = scene.tenant.index(kind, target.extension, &target.attribute.name)?;
    Some(index.find(text).to_vec())
}
