//! What GitLab reads of a user that is to be created: the map from SCIM attributes to its own.
//! Knows no account.

use serde_json::Value;

use crate::mock::gitlab::wire::Params;
use crate::mock::gitlab::wire::reply::Reply;

/// What is read of a body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attributes {
    pub extern_uid: Option<String>,
    pub email: Option<String>,
    pub username: Option<String>,
    pub name: Option<String>,
}

impl Attributes {
    /// Reads the body of a create; the error answers values of a type that GitLab does not foresee.
    pub fn read(params: &Params) -> Result<Self, Reply> {
        let mut read = Self::default();
        let mut display_name = None;
        for (key, value) in params {
            match key.as_str() {
                "externalId" | "id" => read.extern_uid = text(value)?,
                "userName" => read.username = text(value)?,
                "emails" => read.email = email(value)?,
                r#"emails[type eq "work"].value"# => read.email = text(value)?,
                "name.formatted" => read.name = text(value)?,
                "name" => read.name = name(value)?,
                "displayName" => display_name = text(value)?,
                _ => {}
            }
        }
        if !params.contains_key("name") && read.name.is_none() {
            read.name = display_name;
        }
        Ok(read)
    }

    /// The names of what is missing, as Ruby symbols; `None` where nothing is.
    pub fn missing(&self) -> Option<String> {
        let all = [(&self.extern_uid, ":extern_uid"), (&self.email, ":email"), (&self.username, ":username")];
        let missing: Vec<&str> =
            all.iter().filter(|(value, _)| value.is_none()).map(|(_, name)| *name).collect();
        if missing.is_empty() { None } else { Some(format!("Missing params: [{}]", missing.join(", "))) }
    }
}

/// A value as text, without quotation marks; null is none.
pub fn text(value: &Value) -> Result<Option<String>, Reply> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.replace('"', ""))),
        Value::Bool(_) | Value::Number(_) => Ok(Some(value.to_string())),
        Value::Array(_) | Value::Object(_) => Err(Reply::unsuitable()),
    }
}

/// The first address for work, or that is called primary.
fn email(value: &Value) -> Result<Option<String>, Reply> {
    let Value::Array(addresses) = value else { return Err(Reply::unsuitable()) };
    for address in addresses {
        let Value::Object(address) = address else { return Err(Reply::unsuitable()) };
        let is_work = address.get("type").and_then(Value::as_str) == Some("work");
        let is_primary = !matches!(address.get("primary"), None | Some(Value::Null | Value::Bool(false)));
        if is_work || is_primary {
            return text(address.get("value").unwrap_or(&Value::Null));
        }
    }
    Ok(None)
}

/// `formatted`, or the parts of the name where that is blank.
fn name(value: &Value) -> Result<Option<String>, Reply> {
    let Value::Object(name) = value else { return Err(Reply::unsuitable()) };
    let part = |key: &str| name.get(key).map_or(Ok(None), text);
    if let Some(formatted) = part("formatted")?.filter(|text| !text.trim().is_empty()) {
        return Ok(Some(formatted));
    }
    let parts = [part("givenName")?, part("familyName")?];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|text| !text.is_empty()).collect();
    Ok(Some(parts.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: Value) -> Result<Attributes, u16> {
        Attributes::read(value.as_object().expect("an object")).map_err(|reply| reply.status)
    }

    fn email_of(value: Value) -> Option<String> {
        read(json!({ "emails": value })).expect("read").email
    }

    fn name_of(value: Value) -> Option<String> {
        read(value).expect("read").name
    }

    #[test]
    fn an_address_is_the_first_for_work_or_primary() {
        let home = json!({ "type": "home", "value": "h@x" });
        let work = json!({ "type": "work", "value": "w@x" });
        let primary = json!({ "value": "p@x", "primary": true });
        assert_eq!(email_of(json!([home, work, primary])).as_deref(), Some("w@x"));
        assert_eq!(email_of(json!([home, primary, work])).as_deref(), Some("p@x"));
        assert_eq!(email_of(json!([home])), None);
        assert_eq!(email_of(json!([])), None);
        let literal = read(json!({ "emails[type eq \"work\"].value": "l@x" }));
        assert_eq!(literal.expect("read").email.as_deref(), Some("l@x"));
    }

    #[test]
    fn a_name_is_formatted_or_its_parts_or_the_display_name() {
        assert_eq!(
            name_of(json!({ "name": { "formatted": "A B", "givenName": "C" } })).as_deref(),
            Some("A B")
        );
        assert_eq!(
            name_of(json!({ "name": { "formatted": " ", "givenName": "C", "familyName": "D" } })).as_deref(),
            Some("C D")
        );
        assert_eq!(name_of(json!({ "name.formatted": "E" })).as_deref(), Some("E"));
        assert_eq!(name_of(json!({ "displayName": "F" })).as_deref(), Some("F"));
        assert_eq!(
            name_of(json!({ "displayName": "F", "name": { "givenName": "G" } })).as_deref(),
            Some("G")
        );
        assert_eq!(name_of(json!({})), None);
    }

    #[test]
    fn names_of_attributes_are_case_sensitive_and_quotes_are_dropped() {
        let all = read(json!({ "ExternalId": "x", "username": "y", "id": "\"z\"", "userName": "u" }))
            .expect("read");
        assert_eq!((all.extern_uid.as_deref(), all.username.as_deref()), (Some("z"), Some("u")));
    }

    #[test]
    fn what_is_missing_is_listed_in_a_fixed_order() {
        assert_eq!(
            read(json!({})).expect("read").missing().as_deref(),
            Some("Missing params: [:extern_uid, :email, :username]")
        );
        let blank = json!({ "userName": "u", "externalId": "", "emails": [] });
        assert_eq!(read(blank).expect("read").missing().as_deref(), Some("Missing params: [:email]"));
        let null =
            json!({ "userName": null, "externalId": 7, "emails": [{ "type": "work", "value": "a@x" }] });
        assert_eq!(read(null).expect("read").missing().as_deref(), Some("Missing params: [:username]"));
    }

    #[test]
    fn wrong_types_are_refused() {
        for wrong in [
            json!({ "emails": "a@x" }),
            json!({ "emails": ["a@x"] }),
            json!({ "name": "A" }),
            json!({ "userName": {} }),
        ] {
            assert_eq!(read(wrong.clone()), Err(400), "{wrong}");
        }
    }
}
