//! Generated groups (RFC 7643 §4.2) over generated users.
//! Must not know the service that takes them.

use serde_json::{Value, json};

use super::Population;
use super::names::{DEPARTMENTS, REGIONS};
use super::people;
use super::random::Random;

const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// Groups that a user is in on average, where the largest size allows it.
const MEMBERSHIPS: usize = 3;
/// Members of a group at most.
const LARGEST: usize = 1000;

const IDS: u64 = 3;
const TRAITS: u64 = 4;

fn id(seed: u64, number: usize) -> String {
    Random::of(seed, IDS, number).uuid()
}

/// A group. One in ten holds the group before it as well.
pub(super) fn group(population: Population, number: usize) -> Value {
    let Population { users, groups, seed } = population;
    let mut random = Random::of(seed, TRAITS, number);
    // Half to one and a half times the average.
    let average = (users * MEMBERSHIPS).checked_div(groups).unwrap_or_default().min(LARGEST);
    let size = (average / 2 + random.below(average + 1)).clamp(usize::from(users > 0), users.min(LARGEST));
    let mut members: Vec<Value> = distinct(&mut random, size, users)
        .map(|user| json!({"value": people::id(seed, user), "type": "User"}))
        .collect();
    if number > 0 && random.percent(10) {
        members.push(json!({"value": id(seed, number - 1), "type": "Group"}));
    }
    json!({
        "schemas": [GROUP],
        "id": id(seed, number),
        "externalId": format!("G{number:06}"),
        "displayName": display_name(number),
        "members": members,
    })
}

/// `Finance Köln`, and `Finance Köln 2` once each department has its group in each city.
fn display_name(number: usize) -> String {
    let place = number % (DEPARTMENTS.len() * REGIONS.len());
    let round = number / (DEPARTMENTS.len() * REGIONS.len());
    let department = DEPARTMENTS.get(place % DEPARTMENTS.len()).map_or("", |(department, _)| department);
    let city = REGIONS.get(place / DEPARTMENTS.len()).map_or("", |region| region.locality);
    if round == 0 { format!("{department} {city}") } else { format!("{department} {city} {}", round + 1) }
}

/// `count` different numbers below `bound`, spread over the whole of it.
fn distinct(random: &mut Random, count: usize, bound: usize) -> impl Iterator<Item = usize> {
    let start = random.below(bound);
    let mut stride = 1 + random.below(bound.saturating_sub(1));
    // With a stride that shares no divisor with the bound no number comes twice.
    while divisor(stride, bound) > 1 {
        stride -= 1;
    }
    (0..count).map(move |step| (start + step * stride) % bound)
}

/// The greatest common divisor.
fn divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { divisor(b, a % b) }
}
