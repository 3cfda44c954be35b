//! Defects of the area `gitlab-access`: whose token opens what.
//! Knows no other area.

use crate::http::{Request, Response};
use crate::mock::defects::{Area, Defect, How};
use crate::mock::gitlab::Version;
use crate::mock::gitlab::slips::Slip;

const AREA: Area = Area("gitlab-access");

pub(in crate::mock::defects) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "gitlab-other-groups-token-accepted",
        &["GL-group-auth-04", "GL-tokens-04"],
        "The SCIM token of one group opens another.",
        How::Gitlab(Slip::OtherGroupsTokenAccepted),
    ),
    AREA.failure(
        "gitlab-group-token-opens-instance",
        &["GL-instance-auth-04"],
        "The SCIM token of a group opens the SCIM API of the instance.",
        How::Gitlab(Slip::GroupTokenOpensInstance),
    ),
    AREA.failure(
        "gitlab-instance-token-opens-groups",
        &["GL-group-auth-05"],
        "The SCIM token of the instance opens the SCIM API of every group.",
        How::Gitlab(Slip::InstanceTokenOpensGroups),
    ),
    AREA.failure(
        "gitlab-any-token-accepted",
        &["GL-instance-auth-03", "GL-group-auth-03"],
        "Any text is accepted as a SCIM token.",
        How::Gitlab(Slip::AnyTokenAccepted),
    ),
    AREA.failure(
        "gitlab-prefixed-token-refused",
        &["GL-instance-auth-01", "GL-group-auth-01"],
        "A SCIM token is looked up without its prefix, so that none is found.",
        How::Request(|request| {
            if let Some(token) = request.headers.get("Authorization") {
                let token = token.replace("glsoat-", "");
                request.headers.set("Authorization", token);
            }
        }),
    ),
    AREA.failure(
        "gitlab-tokens-lack-prefix",
        &["GL-tokens-03"],
        "A SCIM token that is generated has no prefix.",
        How::Gitlab(Slip::TokensLackPrefix),
    ),
    AREA.failure(
        "gitlab-token-unchecked",
        &["GL-instance-auth-02", "GL-group-auth-02"],
        "The SCIM APIs are open to requests without a token.",
        How::Gitlab(Slip::TokenUnchecked),
    ),
    AREA.failure(
        "gitlab-private-token-opens-scim",
        &["GL-group-auth-11", "GL-instance-auth-15"],
        "A SCIM token is taken from the header field PRIVATE-TOKEN too.",
        How::Gitlab(Slip::PrivateTokenOpensScim),
    ),
    AREA.failure(
        "gitlab-token-parameter-ignored",
        &["GL-group-auth-09", "GL-group-auth-10", "GL-instance-auth-13", "GL-instance-auth-14"],
        "A token in the query is not looked at.",
        How::Gitlab(Slip::TokenParameterIgnored),
    ),
    AREA.failure(
        "gitlab-scheme-minds-case",
        &["GL-group-auth-08", "GL-instance-auth-12"],
        "The word Bearer is only understood as it is written here.",
        How::Gitlab(Slip::SchemeMindsCase),
    ),
    AREA.failure(
        "gitlab-rotated-token-works",
        &["GL-tokens-02", "GL-troubleshooting-20", "GL-tokens-05", "GL-tokens-06", "GL-tokens-11"],
        "The SCIM token from before a rotation still works.",
        How::Gitlab(Slip::RotationKeepsOldToken),
    ),
    AREA.failure(
        "gitlab-challenge-is-sent",
        &["GL-instance-auth-06", "GL-group-auth-07"],
        "A 401 of the SCIM APIs has a WWW-Authenticate.",
        How::Response(|request, response| {
            if response.status == 401 && request.path().starts_with("/api/scim/") {
                response.headers.set("WWW-Authenticate", "Bearer");
            }
        }),
    ),
    AREA.failure(
        "gitlab-401-as-scim-error",
        &["GL-instance-auth-06", "GL-group-auth-07"],
        "A 401 of the SCIM APIs has the form of a SCIM error.",
        How::Response(scim_error_of_401),
    ),
    AREA.failure(
        "gitlab-saml-not-asked",
        &["GL-instance-auth-07", "GL-group-auth-14", "GL-groups-11"],
        "SCIM works although SAML is switched off.",
        How::Gitlab(Slip::SamlNotAsked),
    ),
    AREA.failure(
        "gitlab-licence-not-asked",
        &["GL-instance-auth-08", "GL-groups-11", "GL-tokens-07"],
        "SCIM of the instance works without a licence for it.",
        How::Gitlab(Slip::LicenceNotAsked),
    ),
    AREA.failure(
        "gitlab-com-has-instance-scim",
        &["GL-instance-auth-09", "GL-groups-11"],
        "GitLab.com has SCIM of the instance.",
        How::Gitlab(Slip::SaasNotAsked),
    ),
    AREA.failure(
        "gitlab-token-asked-first",
        &["GL-instance-auth-11"],
        "Before 18.9 a missing token is told before the state of the instance.",
        How::Gitlab(Slip::TokenAskedFirst),
    )
    .of(Version::V16_9),
    AREA.failure(
        "gitlab-rest-token-unchecked",
        &["GL-identities-auth-01"],
        "Whoever has no token is taken for the owner of the group by the REST API.",
        How::Gitlab(Slip::RestTokenUnchecked),
    ),
    AREA.failure(
        "gitlab-revoked-token-works",
        &["GL-identities-auth-02"],
        "A token of the REST API that was revoked still works.",
        How::Gitlab(Slip::RevokedTokenWorks),
    ),
    AREA.remark(
        "gitlab-scim-token-opens-rest",
        &["GL-identities-auth-05"],
        "The SCIM token of a group opens the REST API as its owner's would.",
        How::Gitlab(Slip::ScimTokenOpensRest),
    ),
    AREA.failure(
        "gitlab-owner-not-checked",
        &["GL-identities-auth-04", "GL-tokens-08"],
        "Members who are no owners read and change identities.",
        How::Gitlab(Slip::OwnerNotChecked),
    ),
    AREA.failure(
        "gitlab-access-token-opens-scim",
        &["GL-instance-auth-05", "GL-group-auth-06"],
        "A token of the REST API opens SCIM where it is sent as a bearer token.",
        How::Gitlab(Slip::AccessTokenOpensScim),
    ),
    AREA.failure(
        "gitlab-token-in-body-ignored",
        &["GL-instance-auth-17", "GL-group-auth-16"],
        "A token in the body is not looked at.",
        How::Gitlab(Slip::TokenInBodyIgnored),
    ),
    AREA.failure(
        "gitlab-bearer-token-before-header",
        &["GL-instance-auth-18", "GL-group-auth-17"],
        "The parameter bearer_token is read before the header field.",
        How::Gitlab(Slip::BearerTokenBeforeHeader),
    ),
    AREA.failure(
        "gitlab-options-without-token",
        &["GL-instance-auth-19", "GL-group-auth-18"],
        "OPTIONS is answered to requests without a token.",
        How::Response(|request, response| {
            if request.method == "OPTIONS" && response.status == 401 {
                *response = Response::new(204);
                response.headers.set("Allow", "OPTIONS, GET, POST, HEAD");
            }
        }),
    ),
    AREA.failure(
        "gitlab-licence-asked-before-saml",
        &["GL-instance-auth-20"],
        "A missing licence is told before missing SAML.",
        How::Gitlab(Slip::LicenceAskedBeforeSaml),
    ),
    AREA.failure(
        "gitlab-writes-are-401-without-instance",
        &["GL-instance-auth-21"],
        "Where the instance has no SCIM, writes are answered with 401.",
        How::Response(|request, response| {
            let told = response.json().is_some_and(|body| body["message"].is_string());
            if request.path().starts_with("/api/scim/v2/application/") && request.method != "GET" && told {
                unauthorized(response);
            }
        }),
    ),
    AREA.failure(
        "gitlab-writes-are-401-without-group",
        &["GL-group-auth-19"],
        "Where the group has no SCIM, writes are answered with 401.",
        How::Response(|request, response| {
            let of_group = |body: serde_json::Value| {
                body["detail"].as_str().is_some_and(|detail| detail.starts_with("Group "))
            };
            let is_group = request.path().starts_with("/api/scim/v2/groups/");
            if is_group && request.method != "GET" && response.json().is_some_and(of_group) {
                unauthorized(response);
            }
        }),
    ),
    AREA.failure(
        "gitlab-rest-ignores-bearer",
        &["GL-identities-auth-07"],
        "The REST API takes no bearer token.",
        How::Gitlab(Slip::RestIgnoresBearer),
    ),
    AREA.failure(
        "gitlab-private-token-parameter-ignored",
        &["GL-identities-auth-08"],
        "The REST API does not look at the parameter private_token.",
        How::Gitlab(Slip::PrivateTokenParameterIgnored),
    ),
    AREA.failure(
        "gitlab-hidden-groups-are-told",
        &["GL-identities-auth-09"],
        "Who cannot see a group learns from a 403 that there is one.",
        How::Gitlab(Slip::HiddenGroupsTold),
    ),
    AREA.failure(
        "gitlab-scope-not-checked",
        &["GL-identities-auth-03"],
        "A token that may only read changes identities.",
        How::Gitlab(Slip::ScopeNotChecked),
    ),
];

fn unauthorized(response: &mut Response) {
    response.status = 401;
    response.body = r#"{"message":"401 Unauthorized"}"#.into();
}

fn scim_error_of_401(request: &Request, response: &mut Response) {
    if response.status == 401 && request.path().starts_with("/api/scim/") {
        let schema = crate::scim::urn::ERROR;
        response.body =
            format!(r#"{{"schemas":["{schema}"],"detail":"401 Unauthorized","status":401}}"#).into();
    }
}
