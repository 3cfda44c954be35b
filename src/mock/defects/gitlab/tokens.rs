//! Defects of the area `gitlab-tokens`: who generates SCIM tokens, and what administrators learn of them.
//! Knows no other area.

use crate::http::{Request, Response};
use crate::mock::Answer;
use crate::mock::defects::edit::edit_body;
use crate::mock::defects::layer::around;
use crate::mock::defects::{Area, Defect, How};
use crate::mock::gitlab::Version;
use crate::mock::gitlab::slips::Slip;

const AREA: Area = Area("gitlab-tokens");

pub(in crate::mock::defects) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "gitlab-token-without-session",
        &["GL-tokens-09"],
        "SCIM tokens are generated for whoever has not signed in.",
        How::Gitlab(Slip::SessionNotAsked),
    ),
    AREA.failure(
        "gitlab-administrator-not-asked",
        &["GL-tokens-07"],
        "Whoever has signed in generates the SCIM token of the instance.",
        How::Gitlab(Slip::AdministratorNotAsked),
    ),
    AREA.failure(
        "gitlab-admin-mode-not-asked",
        &["GL-tokens-12"],
        "Administrators generate the SCIM token of the instance without entering admin mode.",
        How::Gitlab(Slip::AdminModeNotAsked),
    ),
    AREA.failure(
        "gitlab-invalid-token-is-500",
        &["GL-tokens-13"],
        "A SCIM token that cannot be saved is answered with 500.",
        How::Response(|_, response| {
            if response.status == 422 {
                response.status = 500;
                response.body = r#"{"message":"500 Internal Server Error"}"#.into();
            }
        }),
    ),
    AREA.failure(
        "gitlab-tokens-have-prefix",
        &["GL-tokens-14"],
        "SCIM tokens have the prefix before 16.8.",
        How::Gitlab(Slip::TokensHavePrefix),
    )
    .of(Version::V16_4),
    AREA.failure(
        "gitlab-any-group-gets-a-token",
        &["GL-tokens-08"],
        "Owners generate SCIM tokens of groups without SAML, and of subgroups.",
        How::Gitlab(Slip::TokenOfAnyGroup),
    ),
    AREA.failure(
        "gitlab-token-lacks-created-at",
        &["GL-tokens-10"],
        "What is told of a SCIM token has no created_at.",
        How::Response(|request, response| {
            if is_admin_token(request) {
                edit_body(response, |token| {
                    if let Some(token) = token.as_object_mut() {
                        token.shift_remove("created_at");
                    }
                });
            }
        }),
    ),
    AREA.failure(
        "gitlab-token-reset-does-nothing",
        &["GL-tokens-11"],
        "Resetting a SCIM token is answered with 204, and the token still works.",
        How::Around(|inner| {
            around(inner, |inner, request, now| {
                if !is_admin_token(request) || request.method != "DELETE" {
                    return inner.handle(request, now);
                }
                match inner.handle(&Request { method: "POST".to_owned(), ..request.clone() }, now) {
                    Answer::Http(told) if told.status == 200 => Answer::Http(Response::new(204)),
                    answer => answer,
                }
            })
        }),
    ),
];

fn is_admin_token(request: &Request) -> bool {
    request.path() == "/api/v4/admin/token"
}
