//! Who asks: SCIM tokens of the instance and of groups, and tokens of the REST API.
//! Knows no endpoint beyond the credential that it asks for.

use super::instance::Instance;
use super::slips::Slip;
use super::state::{Account, AccountId, Group};
use super::tokens::Reach;
use super::wire::Call;
use super::wire::reply::Reply;
use crate::http::Request;

/// The SCIM token of a request: the parameter `access_token`, then the header field, then the parameter `bearer_token`.
fn scim_token<'a>(instance: &Instance<'_>, call: &'a Call<'_>) -> Option<&'a str> {
    let in_query = || call.request.query().is_some_and(|query| query.contains("_token="));
    let parameter = |name| {
        let counts = in_query() || !instance.has(Slip::TokenInBodyIgnored);
        call.text(name).filter(|_| counts && !instance.has(Slip::TokenParameterIgnored))
    };
    let before_header = || parameter("bearer_token").filter(|_| instance.has(Slip::BearerTokenBeforeHeader));
    let header = || bearer(call.request, instance.has(Slip::SchemeMindsCase));
    let private =
        || call.request.headers.get("PRIVATE-TOKEN").filter(|_| instance.has(Slip::PrivateTokenOpensScim));
    parameter("access_token")
        .or_else(before_header)
        .or_else(header)
        .or_else(|| parameter("bearer_token"))
        .or_else(private)
}

/// The credentials of `Authorization: Bearer …`; the scheme is compared without regard to case.
fn bearer(request: &Request, minds_case: bool) -> Option<&str> {
    let (scheme, token) = request.headers.get("Authorization")?.trim().split_once(' ')?;
    let is_bearer = if minds_case { scheme == "Bearer" } else { scheme.eq_ignore_ascii_case("bearer") };
    is_bearer.then(|| token.trim()).filter(|token| !token.is_empty())
}

/// Lets in who has the token of the instance.
pub fn check_instance(instance: &Instance<'_>, call: &Call<'_>) -> Result<(), Reply> {
    let groups = || instance.state.groups.values().filter_map(|group| group.scim_token.as_deref());
    let opens = |token: &str| {
        instance.tokens.is_instance(token, instance.has(Slip::RotationKeepsOldToken))
            || (instance.has(Slip::GroupTokenOpensInstance) && groups().any(|known| known == token))
            || (instance.has(Slip::AccessTokenOpensScim) && token == instance.tokens.start.admin)
    };
    admit(instance, call, opens)
}

/// Lets in who has the token of a group.
pub fn check_group(instance: &Instance<'_>, call: &Call<'_>, group: &Group) -> Result<(), Reply> {
    let of = |group: &Group, token: &str| {
        let kept = group.first_token.as_deref().filter(|_| instance.has(Slip::RotationKeepsOldToken));
        group.scim_token.as_deref() == Some(token) || kept == Some(token)
    };
    let opens = |token: &str| {
        of(group, token)
            || (instance.has(Slip::OtherGroupsTokenAccepted)
                && instance.state.groups.values().any(|other| of(other, token)))
            || (instance.has(Slip::InstanceTokenOpensGroups) && instance.tokens.is_instance(token, false))
            || (instance.has(Slip::AccessTokenOpensScim) && token == instance.tokens.start.owner)
    };
    admit(instance, call, opens)
}

fn admit(instance: &Instance<'_>, call: &Call<'_>, opens: impl Fn(&str) -> bool) -> Result<(), Reply> {
    if instance.has(Slip::TokenUnchecked) {
        return Ok(());
    }
    match scim_token(instance, call) {
        Some(token) if opens(token) || instance.has(Slip::AnyTokenAccepted) => Ok(()),
        _ => Err(Reply::unauthorized()),
    }
}

/// Who uses the REST API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller {
    pub account: AccountId,
    pub admin: bool,
}

/// Whoever's token a request to the REST API carries; a write needs a token that may write.
pub fn rest_caller(instance: &Instance<'_>, call: &Call<'_>) -> Result<Caller, Reply> {
    let start = &instance.tokens.start;
    let token = match rest_token(instance, call) {
        None if instance.has(Slip::RestTokenUnchecked) => start.owner.as_str(),
        token => token.ok_or_else(Reply::unauthorized)?,
    };
    let (account, reach) = match instance.tokens.granted(token) {
        Some((id, reach)) => (instance.state.accounts.get(&id), reach),
        None => {
            let reach = if token == start.read_only { Reach::ReadApi } else { Reach::Api };
            (instance.state.account_by_username(username(instance, token)?), reach)
        }
    };
    let writes = !matches!(call.method(), "GET" | "OPTIONS");
    if reach == Reach::ReadApi && writes && !instance.has(Slip::ScopeNotChecked) {
        return Err(insufficient_scope());
    }
    let caller = |account: &Account| Caller { account: account.id, admin: account.admin };
    account.map(caller).ok_or_else(Reply::unauthorized)
}

/// The token of a request to the REST API: PRIVATE-TOKEN, then the parameter of that name, then a bearer token.
fn rest_token<'a>(instance: &Instance<'_>, call: &'a Call<'_>) -> Option<&'a str> {
    let header = call.request.headers.get("PRIVATE-TOKEN").map(str::trim).filter(|token| !token.is_empty());
    let parameter =
        || call.text("private_token").filter(|_| !instance.has(Slip::PrivateTokenParameterIgnored));
    let bearer = || bearer(call.request, false).filter(|_| !instance.has(Slip::RestIgnoresBearer));
    header.or_else(parameter).or_else(bearer)
}

/// Whose token of the beginning this is.
fn username(instance: &Instance<'_>, token: &str) -> Result<&'static str, Reply> {
    let start = &instance.tokens.start;
    Ok(match token {
        token if token == start.admin => "root",
        token if token == start.owner || token == start.read_only => "acme-owner",
        token if token == start.member => "acme-member",
        token if token == start.revoked && instance.has(Slip::RevokedTokenWorks) => "acme-owner",
        token if token == start.group && instance.has(Slip::ScimTokenOpensRest) => "acme-owner",
        token if token == start.revoked => return Err(revoked()),
        _ => return Err(Reply::unauthorized()),
    })
}

fn revoked() -> Reply {
    let told = "Token was revoked. You have to re-authorize from the user.";
    let body = serde_json::json!({ "error": "invalid_token", "error_description": told });
    Reply::json(401, body).header(
        "WWW-Authenticate",
        format!(
            r#"Bearer realm="Protected by OAuth 2.0", error="invalid_token", error_description="{told}""#
        ),
    )
}

fn insufficient_scope() -> Reply {
    let told = "The request requires higher privileges than provided by the access token.";
    let body =
        serde_json::json!({ "error": "insufficient_scope", "error_description": told, "scope": "api" });
    Reply::json(403, body)
}
