//! What an answer shows to be wrong in itself, beside the claim that it does not meet: the report tells one mistake
//! once, by the case that is about it, where that one is red as well.
//! Sends nothing, and weighs nothing.

mod list;
mod value;

use serde_json::Value;

use crate::check::{Spot, Suspect};
use crate::http::{Request, Response};
use crate::scim::member;
use crate::scim::schema::Schema;
use crate::spec::RequirementId;

/// PATCH works where it is declared, and should be there.
const PATCH: &[&str] = &["7643-5-11", "7644-3.5-02"];
/// PUT is there.
const PUT: &[&str] = &["7644-3.5-01"];
/// Each result of a bulk request has a status.
const RESULT_STATUS: &[&str] = &["7644-3.7-14", "7644-3.7.3-02"];
/// Each result of a bulk request has its method.
const RESULT_METHOD: &[&str] = &["7644-3.7-05"];

/// An answer in which a claim does not hold.
pub(super) struct Answered<'a> {
    pub request: &'a Request,
    /// The path below the base, without query.
    pub path: &'a str,
    pub response: &'a Response,
    /// The target's schemas.
    pub schemas: &'a [Schema],
}

/// One thing that is wrong in an answer, and the requirements that it breaks, each of which may be the one that is told.
struct Wrong {
    requirements: &'static [&'static str],
    member: Option<String>,
    is_certain: bool,
}

impl Wrong {
    fn new(requirements: &'static [&'static str]) -> Self {
        Self { requirements, member: None, is_certain: false }
    }

    fn at(requirements: &'static [&'static str], member: &str) -> Self {
        Self { requirements, member: Some(member.to_owned()), is_certain: false }
    }

    fn certain(requirements: &'static [&'static str], member: &str) -> Self {
        Self { is_certain: true, ..Self::at(requirements, member) }
    }
}

/// What else is wrong with an answer whose claim breaks at `spot`. Nothing that the claim is about itself.
pub(super) fn of(answered: &Answered<'_>, spot: &Spot, is_claimed: impl Fn(&str) -> bool) -> Vec<Suspect> {
    let mut wrong: Vec<Wrong> = refused(answered).into_iter().collect();
    if let (Spot::Body { pointer }, Some(body)) = (spot, answered.response.json()) {
        wrong.extend(list::in_place_of_resource(answered, &body));
        wrong.extend(list::of(answered.request, &body, pointer));
        wrong.extend(value::of(answered, &body, pointer));
    }
    wrong.extend(of_bulk(answered));
    wrong.retain(|wrong| !wrong.requirements.iter().any(|id| is_claimed(id)));
    wrong.into_iter().flat_map(suspects).collect()
}

fn suspects(wrong: Wrong) -> impl Iterator<Item = Suspect> {
    let Wrong { requirements, member, is_certain } = wrong;
    requirements.iter().map(move |id| Suspect {
        requirement: RequirementId((*id).to_owned()),
        member: member.clone(),
        is_certain,
    })
}

/// A method that the server does not have at all.
fn refused(answered: &Answered<'_>) -> Option<Wrong> {
    match (answered.response.status, answered.request.method.as_str()) {
        (405 | 501, "PATCH") => Some(Wrong::new(PATCH)),
        (405 | 501, "PUT") => Some(Wrong::new(PUT)),
        _ => None,
    }
}

/// Results from which nothing can be told, whatever the claim wants of them.
fn of_bulk(answered: &Answered<'_>) -> Vec<Wrong> {
    let is_result = answered.path.ends_with("/Bulk") && answered.response.status == 200;
    let body = answered.response.json().filter(|_| is_result).unwrap_or_default();
    let results = member(&body, "Operations").and_then(Value::as_array);
    let lacks = |name: &str| {
        let mut results = results.into_iter().flatten();
        results.any(|result| result.is_object() && member(result, name).is_none())
    };
    let all = [("status", RESULT_STATUS), ("method", RESULT_METHOD)];
    all.into_iter()
        .filter(|(name, _)| lacks(name))
        .map(|(_, requirements)| Wrong::new(requirements))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scim::urn;
    use serde_json::json;

    pub(super) fn suspected(
        method: &str,
        target: &str,
        status: u16,
        body: &Value,
        spot: &Spot,
    ) -> Vec<(String, Option<String>)> {
        let mut response = Response::new(status);
        response.body = if body.is_null() { Default::default() } else { body.to_string().into() };
        let request = Request::new(method, target);
        let schemas = crate::scim::core::schemas();
        let path = target.split('?').next().unwrap_or(target);
        let answered = Answered { request: &request, path, response: &response, schemas: &schemas };
        let found = of(&answered, spot, |_| false);
        found.into_iter().map(|suspect| (suspect.requirement.0, suspect.member)).collect()
    }

    pub(super) fn ids(target: &str, body: &Value, pointer: &str) -> Vec<String> {
        let spot = Spot::Body { pointer: pointer.to_owned() };
        suspected("GET", target, 200, body, &spot).into_iter().map(|(id, _)| id).collect()
    }

    #[test]
    fn a_method_that_is_not_there_is_the_mistake_of_every_claim_about_it() {
        let found = |method, status| suspected(method, "/Users/1", status, &Value::Null, &Spot::Status);
        assert_eq!(found("PATCH", 405).len(), 2);
        assert_eq!(found("PUT", 501), [("7644-3.5-01".to_owned(), None)]);
        assert!(found("PUT", 400).is_empty() && found("GET", 405).is_empty());
    }

    #[test]
    fn what_the_claim_is_about_is_no_suspect() {
        let (request, response) = (Request::new("PATCH", "/Users/1"), Response::new(405));
        let answered = Answered { request: &request, path: "/Users/1", response: &response, schemas: &[] };
        assert!(of(&answered, &Spot::Status, |id| id == "7644-3.5-02").is_empty());
    }

    #[test]
    fn results_of_bulk_requests_lack_what_they_must_have() {
        let whole = json!({ "Operations": [{ "method": "POST", "status": "201" }] });
        let bare = json!({ "Operations": [{ "method": "POST" }] });
        assert!(ids("/Bulk", &whole, "/Operations/0/status").is_empty());
        assert_eq!(ids("/Bulk", &bare, "/Operations/0/status"), ["7644-3.7-14", "7644-3.7.3-02"]);
    }

    #[test]
    fn a_list_in_place_of_a_resource_is_known_by_the_path() {
        let list =
            json!({ "schemas": [urn::LIST_RESPONSE], "totalResults": 1, "Resources": [{ "id": "1" }] });
        assert_eq!(ids("/Users/1", &list, "/id"), ["7644-3.4.1-01"]);
        assert_eq!(ids("/ServiceProviderConfig", &list, "/patch"), ["7644-4-01"]);
        assert!(ids("/Users", &list, "/Resources").is_empty());
    }
}
