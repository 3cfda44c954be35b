//! What administrators learn of a SCIM token through the REST API, and how they reset it.
//! Knows no SCIM resource.

use serde_json::json;

use super::Caller;
use crate::mock::gitlab::instance::Instance;
use crate::mock::gitlab::tokens::Owner;
use crate::mock::gitlab::wire::Call;
use crate::mock::gitlab::wire::reply::Reply;

/// The only organization of the mock.
const ORGANIZATION: u64 = 1;

/// Answers what is asked of the token in a request. Of other tokens than those of SCIM it knows nothing.
pub fn answer(instance: &mut Instance<'_>, caller: Caller, call: &Call<'_>) -> Result<Reply, Reply> {
    if !caller.admin {
        return Err(Reply::message(403, "403 Forbidden"));
    }
    let token = call.text("token").ok_or_else(|| Reply::error(400, "token is missing"))?;
    let record = instance.identify(token).ok_or_else(Reply::unsuitable)?;
    if call.method() == "DELETE" {
        instance.generate(record.owner, "");
        return Ok(Reply::empty(204));
    }
    let created_at = record.created_at.to_string();
    Ok(Reply::json(
        200,
        match record.owner {
            Owner::Instance => {
                json!({ "id": 1, "created_at": created_at, "group_id": null, "organization_id": ORGANIZATION })
            }
            Owner::Group(id) => json!({ "id": id, "created_at": created_at, "group_id": id }),
        },
    ))
}
