//! Generated users with the attributes of RFC 7643 §4.1 and §4.3.
//! Must not know the service that takes them.

use serde_json::{Map, Value, json};

use super::names::{DEPARTMENTS, DIVISIONS, ORGANIZATION, REGIONS, Region};
use super::random::Random;

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/// Users that report to one manager.
const SPAN: usize = 8;

const IDS: u64 = 1;
const TRAITS: u64 = 2;

/// The id of a user.
pub(super) fn id(seed: u64, number: usize) -> String {
    Random::of(seed, IDS, number).uuid()
}

/// A user. All but the first report to an earlier one.
pub(super) fn user(seed: u64, number: usize) -> Value {
    let mut random = Random::of(seed, TRAITS, number);
    let Some(person) = Person::draw(&mut random, number) else { return Value::Null };
    let mut user = person.core(&mut random, number);
    user.insert("schemas".to_owned(), json!([USER, ENTERPRISE]));
    user.insert("id".to_owned(), id(seed, number).into());
    user.insert("title".to_owned(), person.title.into());
    user.insert("emails".to_owned(), person.emails(&mut random));
    user.insert("phoneNumbers".to_owned(), person.phone_numbers(&mut random, number));
    user.insert("addresses".to_owned(), person.addresses(&mut random));
    user.insert(ENTERPRISE.to_owned(), person.enterprise(&mut random, seed, number));
    Value::Object(user)
}

/// What the attributes of one user have in common.
struct Person {
    region: &'static Region,
    given: &'static str,
    family: &'static str,
    /// `zoe.lefevre17`
    account: String,
    department: &'static str,
    title: &'static str,
}

impl Person {
    /// `None` never happens: no list of names is empty.
    fn draw(random: &mut Random, number: usize) -> Option<Self> {
        let region = random.one_of(REGIONS)?;
        let (given, ascii_given) = random.one_of(region.given)?;
        let (family, ascii_family) = random.one_of(region.family)?;
        let (department, titles) = random.one_of(DEPARTMENTS)?;
        let title = random.one_of(titles)?;
        // The number makes it unique; no name ends with a digit.
        let account = format!("{ascii_given}.{ascii_family}{number}");
        Some(Self { region, given, family, account, department, title })
    }

    fn formatted(&self) -> String {
        if self.region.family_first {
            format!("{} {}", self.family, self.given)
        } else {
            format!("{} {}", self.given, self.family)
        }
    }

    fn core(&self, random: &mut Random, number: usize) -> Map<String, Value> {
        let user_type = if random.percent(85) { "Employee" } else { "Contractor" };
        let mut core = Map::new();
        let mut set = |name: &str, value: Value| core.insert(name.to_owned(), value);
        set("externalId", format!("E{number:07}").into());
        set("userName", format!("{}@example.com", self.account).into());
        set(
            "name",
            json!({"formatted": self.formatted(), "familyName": self.family, "givenName": self.given}),
        );
        set("displayName", self.formatted().into());
        if random.percent(20) {
            set("nickName", self.given.chars().take(3).collect::<String>().into());
        }
        if random.percent(30) {
            set("profileUrl", format!("https://people.example.com/{}", self.account).into());
        }
        set("userType", user_type.into());
        set("preferredLanguage", self.region.language.into());
        set("locale", self.region.locale.into());
        set("timezone", self.region.timezone.into());
        set("active", random.percent(94).into());
        core
    }

    fn emails(&self, random: &mut Random) -> Value {
        let mut emails =
            vec![json!({"value": format!("{}@example.com", self.account), "type": "work", "primary": true})];
        if random.percent(35) {
            emails.push(json!({"value": format!("{}@home.example.org", self.account), "type": "home"}));
        }
        emails.into()
    }

    fn phone_numbers(&self, random: &mut Random, number: usize) -> Value {
        let mut numbers = vec![
            json!({"value": format!("tel:{}-{:04}", self.region.phone, number % 10_000), "type": "work"}),
        ];
        if random.percent(60) {
            let mobile = format!("tel:{}-{:04}", self.region.phone, random.below(10_000));
            numbers.push(json!({"value": mobile, "type": "mobile"}));
        }
        numbers.into()
    }

    fn addresses(&self, random: &mut Random) -> Value {
        let region = self.region;
        json!([{
            "type": "work",
            "primary": true,
            "streetAddress": format!("{} {}", region.street, 1 + random.below(120)),
            "locality": region.locality,
            "region": region.region,
            "postalCode": region.postal_code,
            "country": region.country,
        }])
    }

    fn enterprise(&self, random: &mut Random, seed: u64, number: usize) -> Value {
        let mut enterprise = json!({
            "employeeNumber": (100_000 + number).to_string(),
            "costCenter": format!("{}", 4000 + 10 * random.below(40)),
            "organization": ORGANIZATION,
            "division": random.one_of(DIVISIONS),
            "department": self.department,
        });
        if let (true, Some(attributes)) = (number > 0, enterprise.as_object_mut()) {
            attributes.insert("manager".to_owned(), json!({"value": id(seed, (number - 1) / SPAN)}));
        }
        enterprise
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_ascii_and_names_are_not() {
        let users: Vec<_> = (0..200).map(|number| user(1, number)).collect();
        assert!(users.iter().all(|user| user["userName"].as_str().unwrap().is_ascii()));
        let foreign = users.iter().filter(|user| !user["displayName"].as_str().unwrap().is_ascii()).count();
        assert!(foreign > 100, "{foreign} of 200 names need more than ASCII");
    }

    #[test]
    fn names_in_the_lists_end_with_no_digit() {
        for region in REGIONS {
            for (written, ascii) in region.given.iter().chain(region.family) {
                assert!(!written.is_empty() && ascii.is_ascii());
                assert!(ascii.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{ascii}");
            }
        }
    }
}
