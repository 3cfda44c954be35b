//! The attributes that a provider maps, each with where it stands in a user and what a person's value of it is.
//! Must not know requests nor answers beyond one resource.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::scim::{member, urn};

use super::person::{Naming, Profile, UserNumber};

/// An attribute of a user that a provider maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Attribute {
    UserName,
    GivenName,
    FamilyName,
    DisplayName,
    WorkEmail,
    ExternalId,
    Title,
    Department,
    EmployeeNumber,
    Active,
    Manager,
}

impl Attribute {
    /// Every one, in the order in which bodies have them.
    pub const ALL: [Attribute; 11] = [
        Self::UserName,
        Self::GivenName,
        Self::FamilyName,
        Self::DisplayName,
        Self::WorkEmail,
        Self::ExternalId,
        Self::Title,
        Self::Department,
        Self::EmployeeNumber,
        Self::Active,
        Self::Manager,
    ];

    /// Its place among all.
    pub fn place(self) -> usize {
        Self::ALL.iter().position(|other| *other == self).unwrap_or_default()
    }

    /// As PATCH names it: `name.familyName`, `emails[type eq "work"].value`.
    pub fn path(self) -> String {
        match self {
            Self::UserName => "userName".to_owned(),
            Self::GivenName => "name.givenName".to_owned(),
            Self::FamilyName => "name.familyName".to_owned(),
            Self::DisplayName => "displayName".to_owned(),
            Self::WorkEmail => "emails[type eq \"work\"].value".to_owned(),
            Self::ExternalId => "externalId".to_owned(),
            Self::Title => "title".to_owned(),
            Self::Department => format!("{}:department", urn::ENTERPRISE_USER),
            Self::EmployeeNumber => format!("{}:employeeNumber", urn::ENTERPRISE_USER),
            Self::Active => "active".to_owned(),
            Self::Manager => format!("{}:manager", urn::ENTERPRISE_USER),
        }
    }

    /// As schemas name it: the name of a resource type or `EnterpriseUser`, and a dotted path.
    pub fn in_schema(self) -> (&'static str, &'static str) {
        match self {
            Self::UserName => ("User", "userName"),
            Self::GivenName => ("User", "name.givenName"),
            Self::FamilyName => ("User", "name.familyName"),
            Self::DisplayName => ("User", "displayName"),
            Self::WorkEmail => ("User", "emails.value"),
            Self::ExternalId => ("User", "externalId"),
            Self::Title => ("User", "title"),
            Self::Active => ("User", "active"),
            Self::Department => (urn::ENTERPRISE_USER, "department"),
            Self::EmployeeNumber => (urn::ENTERPRISE_USER, "employeeNumber"),
            Self::Manager => (urn::ENTERPRISE_USER, "manager"),
        }
    }

    pub fn is_extension(self) -> bool {
        matches!(self, Self::Department | Self::EmployeeNumber | Self::Manager)
    }

    /// A person's value; `None` for `active` and `manager`, which do not follow from the profile alone.
    pub fn of(self, user: UserNumber, profile: &Profile, naming: &Naming) -> Option<String> {
        let text = match self {
            Self::UserName | Self::WorkEmail => naming.user_name(user, profile),
            Self::GivenName => profile.given_name().to_owned(),
            Self::FamilyName => profile.family_name().to_owned(),
            Self::DisplayName => profile.display_name(),
            Self::ExternalId => format!("x{}-{user:06}", naming.tag),
            Self::Title => profile.title_name().to_owned(),
            Self::Department => profile.department_name().to_owned(),
            Self::EmployeeNumber => format!("{}", 1000 + u64::from(user)),
            Self::Active | Self::Manager => return None,
        };
        Some(text)
    }

    /// The value that a resource has: that of `emails` of the type work, or else the first; of `manager` the id.
    /// Texts for booleans are read as booleans, since that is no loss.
    pub fn read(self, resource: &Value) -> Option<Value> {
        let found = match self {
            Self::GivenName => member(member(resource, "name")?, "givenName"),
            Self::FamilyName => member(member(resource, "name")?, "familyName"),
            Self::WorkEmail => work_email(member(resource, "emails")?),
            Self::Department => member(member(resource, urn::ENTERPRISE_USER)?, "department"),
            Self::EmployeeNumber => member(member(resource, urn::ENTERPRISE_USER)?, "employeeNumber"),
            Self::Manager => {
                let manager = member(member(resource, urn::ENTERPRISE_USER)?, "manager")?;
                member(manager, "value").or(Some(manager).filter(|manager| manager.is_string()))
            }
            Self::Active => return member(resource, "active").and_then(boolean).map(Value::Bool),
            plain => member(resource, plain.in_schema().1),
        };
        found.filter(|value| !value.is_null()).cloned()
    }

    /// Puts a value into the body of a POST or PUT, beside what is there.
    pub fn put(self, body: &mut Map<String, Value>, value: Value) {
        match self {
            Self::GivenName => put_part(body, "name", "givenName", value),
            Self::FamilyName => put_part(body, "name", "familyName", value),
            Self::WorkEmail => put_email(body, value),
            Self::Department => put_part(body, urn::ENTERPRISE_USER, "department", value),
            Self::EmployeeNumber => put_part(body, urn::ENTERPRISE_USER, "employeeNumber", value),
            Self::Manager => put_part(body, urn::ENTERPRISE_USER, "manager", json!({ "value": value })),
            plain => {
                body.insert(plain.in_schema().1.to_owned(), value);
            }
        }
    }
}

fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn is_work(email: &Value) -> bool {
    member(email, "type").and_then(Value::as_str).is_some_and(|kind| kind.eq_ignore_ascii_case("work"))
}

fn work_email(emails: &Value) -> Option<&Value> {
    let emails = emails.as_array()?;
    let email = emails.iter().find(|email| is_work(email)).or_else(|| emails.first())?;
    member(email, "value")
}

/// Puts a value into an object of the body, which is made where there is none.
fn put_part(body: &mut Map<String, Value>, object: &str, name: &str, value: Value) {
    let place = body.entry(object).or_insert_with(|| json!({}));
    if !place.is_object() {
        *place = json!({});
    }
    if let Some(members) = place.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}

fn put_email(body: &mut Map<String, Value>, value: Value) {
    let emails = body.entry("emails").or_insert_with(|| json!([]));
    if !emails.is_array() {
        *emails = json!([]);
    }
    let Some(emails) = emails.as_array_mut() else { return };
    let place = emails.iter().position(is_work).or((!emails.is_empty()).then_some(0));
    match place.and_then(|place| emails.get_mut(place)).and_then(Value::as_object_mut) {
        Some(email) => {
            email.insert("value".to_owned(), value);
        }
        None => emails.push(json!({ "primary": true, "value": value, "type": "work" })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_is_read() {
        for attribute in Attribute::ALL {
            let value = if attribute == Attribute::Active { json!(false) } else { json!("x") };
            let mut body = Map::new();
            attribute.put(&mut body, value.clone());
            assert_eq!(attribute.read(&Value::Object(body)), Some(value), "{attribute:?}");
        }
    }

    #[test]
    fn what_else_is_there_stays() {
        let mut body = json!({
            "name": { "middleName": "M" }, "emails": [{ "value": "h", "type": "home" }, { "value": "w", "type": "work" }],
        });
        let body = body.as_object_mut().expect("an object");
        Attribute::FamilyName.put(body, json!("Q"));
        Attribute::WorkEmail.put(body, json!("n"));
        let expected = json!({
            "name": { "middleName": "M", "familyName": "Q" },
            "emails": [{ "value": "h", "type": "home" }, { "value": "n", "type": "work" }],
        });
        assert_eq!(Value::Object(body.clone()), expected);
    }

    #[test]
    fn values_are_read_as_providers_do() {
        let user = json!({ "ACTIVE": "False", "title": null, "emails": [{ "value": "only" }] });
        assert_eq!(Attribute::Active.read(&user), Some(json!(false)));
        assert_eq!(Attribute::Title.read(&user), None);
        assert_eq!(Attribute::WorkEmail.read(&user), Some(json!("only")));
        assert_eq!(Attribute::Manager.read(&user), None);
    }
}
