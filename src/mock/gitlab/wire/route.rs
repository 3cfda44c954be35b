//! Which endpoint a path means, and which methods it has.
//! Knows neither bodies nor accounts.

use super::body::Api;
use super::path::{Malformed, decode, segments};
use crate::mock::gitlab::slips::{Slip, Slips};
use crate::mock::gitlab::version::Version;

/// Which identities the REST API is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Scim,
    Saml,
}

/// An endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// `/api/scim/v2/application/Users`, and one user.
    InstanceUsers(Option<String>),
    /// `/api/scim/v2/application/Groups`, and one group.
    InstanceGroups(Option<String>),
    /// `/api/scim/v2/groups/:group_path/Users`, and one user.
    GroupUsers {
        group: String,
        user: Option<String>,
    },
    /// `/api/v4/groups/:id/scim/identities`, and one identity.
    Identities {
        kind: Kind,
        group: String,
        uid: Option<String>,
    },
    /// `/api/v4/users`, one user, and blocking one.
    Accounts,
    Account(String),
    /// `block` or `unblock`.
    Bar {
        account: String,
        how: String,
    },
    /// `/api/v4/groups/:id/members`, and one.
    Members {
        group: String,
        account: Option<String>,
    },
    /// `/api/v4/admin/token`.
    AdminToken,
    /// Where an administrator generates the SCIM token of the instance: `/admin/application_settings/scim_oauth.json`.
    InstanceToken,
    /// Where an owner generates that of a group: `/groups/:group/-/scim_oauth.json`.
    GroupToken(String),
    /// The page for signing in.
    SignIn,
    /// Nothing of the APIs.
    Elsewhere {
        below_rest: bool,
    },
}

impl Route {
    /// The endpoint at a path.
    pub fn find(path: &str, version: Version, slips: &Slips) -> Result<Self, Malformed> {
        let raw = segments(path);
        let whole = |parts: &[&str]| decode(&parts.join("/"));
        for segment in &raw {
            decode(segment)?;
        }
        let elsewhere = Self::Elsewhere { below_rest: matches!(raw.as_slice(), ["api", "v4", ..]) };
        Ok(match raw.as_slice() {
            ["api", "scim", "v2", "application", "Users"] => Self::InstanceUsers(None),
            ["api", "scim", "v2", "application", "Users", id @ ..] => Self::InstanceUsers(Some(whole(id)?)),
            ["api", "scim", "v2", "application", "Groups"] if version.has_groups() => {
                Self::InstanceGroups(None)
            }
            ["api", "scim", "v2", "application", "Groups", id] if version.has_groups() => {
                Self::InstanceGroups(Some(decode(id)?))
            }
            // A dot that is not encoded begins a format, which no route here has.
            ["api", "scim", "v2", "groups", group, "Users", user @ ..]
                if !group.contains('.') || slips.has(Slip::DottedGroupIsRouted) =>
            {
                let user = if user.is_empty() { None } else { Some(whole(user)?) };
                Self::GroupUsers { group: decode(group)?, user }
            }
            ["api", "v4", "groups", group, kind @ ("scim" | "saml"), uid] => {
                let kind = if *kind == "scim" { Kind::Scim } else { Kind::Saml };
                let uid = if *uid == "identities" { None } else { Some(decode(uid)?) };
                Self::Identities { kind, group: decode(group)?, uid }
            }
            ["api", "v4", "groups", group, "members"] => {
                Self::Members { group: decode(group)?, account: None }
            }
            ["api", "v4", "groups", group, "members", account] => {
                Self::Members { group: decode(group)?, account: Some(decode(account)?) }
            }
            ["api", "v4", "users"] => Self::Accounts,
            ["api", "v4", "users", account] => Self::Account(decode(account)?),
            ["api", "v4", "users", account, how @ ("block" | "unblock")] => {
                Self::Bar { account: decode(account)?, how: (*how).to_owned() }
            }
            ["api", "v4", "admin", "token"] if version.identifies_tokens() => Self::AdminToken,
            ["admin", "application_settings", "scim_oauth.json"] => Self::InstanceToken,
            ["groups", group @ .., "-", "scim_oauth.json"] if !group.is_empty() => {
                Self::GroupToken(whole(group)?)
            }
            ["users", "sign_in"] => Self::SignIn,
            _ => elsewhere,
        })
    }

    /// The API that it belongs to.
    pub fn api(&self) -> Option<Api> {
        match self {
            Self::InstanceUsers(_) | Self::InstanceGroups(_) | Self::GroupUsers { .. } => Some(Api::Scim),
            Self::Identities { .. }
            | Self::Accounts
            | Self::Account(_)
            | Self::Bar { .. }
            | Self::Members { .. }
            | Self::AdminToken => Some(Api::Rest),
            Self::Elsewhere { below_rest: true } => Some(Api::Rest),
            Self::SignIn | Self::InstanceToken | Self::GroupToken(_) | Self::Elsewhere { .. } => None,
        }
    }

    /// Its methods, beside HEAD and OPTIONS.
    pub fn methods(&self, version: Version) -> &'static [&'static str] {
        match self {
            Self::InstanceUsers(None) | Self::GroupUsers { user: None, .. } => &["GET", "POST"],
            Self::InstanceUsers(Some(_)) | Self::GroupUsers { .. } => &["GET", "PATCH", "DELETE"],
            Self::InstanceGroups(None) if !version.has_all_of_groups() => &["POST"],
            Self::InstanceGroups(Some(_)) if !version.has_all_of_groups() => &["GET"],
            Self::InstanceGroups(None) => &["GET", "POST"],
            Self::InstanceGroups(Some(_)) => &["GET", "PUT", "PATCH", "DELETE"],
            Self::Identities { uid: Some(_), .. } if version.deletes_identity() => {
                &["GET", "PATCH", "DELETE"]
            }
            Self::Identities { uid: Some(_), .. } if version.reads_single_identity() => &["GET", "PATCH"],
            Self::Identities { uid: Some(_), .. } => &["PATCH"],
            Self::Bar { .. } | Self::InstanceToken | Self::GroupToken(_) => &["POST"],
            Self::AdminToken => &["POST", "DELETE"],
            _ => &["GET"],
        }
    }

    /// The value of Allow: `OPTIONS, GET, …, HEAD`.
    pub fn allow(&self, version: Version) -> String {
        let methods = self.methods(version);
        let head = if methods.contains(&"GET") { Some("HEAD") } else { None };
        let all: Vec<&str> = std::iter::once("OPTIONS").chain(methods.iter().copied()).chain(head).collect();
        all.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(path: &str) -> Route {
        Route::find(path, Version::default(), &Slips::default()).expect("well-formed")
    }

    fn nothing() -> Route {
        Route::Elsewhere { below_rest: false }
    }

    #[test]
    fn endpoints_of_scim() {
        assert_eq!(route("/api/scim/v2/application/Users"), Route::InstanceUsers(None));
        assert_eq!(route("/api/scim/v2/application/Users/"), Route::InstanceUsers(None));
        assert_eq!(route("/api/scim/v2/application/users"), nothing());
        for id in ["a%2Fb", "a/b"] {
            let path = format!("/api/scim/v2/application/Users/{id}");
            assert_eq!(route(&path), Route::InstanceUsers(Some("a/b".into())), "{id}");
        }
        let mail = "/api/scim/v2/groups/acme/Users/ada@corp.example";
        let user = Some("ada@corp.example".to_owned());
        assert_eq!(route(mail), Route::GroupUsers { group: "acme".into(), user });
    }

    #[test]
    fn dots_and_slashes_of_a_group_must_be_encoded() {
        let group = |group: &str| Route::GroupUsers { group: group.into(), user: None };
        assert_eq!(route("/api/scim/v2/groups/my.group/Users"), nothing());
        assert_eq!(route("/api/scim/v2/groups/my%2Egroup/Users"), group("my.group"));
        assert_eq!(route("/api/scim/v2/groups/acme/web/Users"), nothing());
        assert_eq!(route("/api/scim/v2/groups/acme%2Fweb/Users"), group("acme/web"));
    }

    #[test]
    fn what_there_is_not() {
        for path in [
            "/api/scim/v2/application/ServiceProviderConfig",
            "/api/scim/v2/application/Schemas",
            "/api/scim/v2/application/Bulk",
            "/api/scim/v2/application/Me",
            "/api/scim/v2/groups/acme/Groups",
            "/api/scim/v2/Users",
            "/",
        ] {
            assert_eq!(route(path), nothing(), "{path}");
        }
        let old = Route::find("/api/scim/v2/application/Groups", Version::V16_9, &Slips::default());
        assert_eq!(old, Ok(nothing()));
        assert_eq!(route("/api/v4/nothing"), Route::Elsewhere { below_rest: true });
        assert_eq!(Route::find("/a%00b", Version::default(), &Slips::default()), Err(Malformed));
    }

    #[test]
    fn endpoints_of_identities() {
        let of = |kind, uid: Option<&str>| Route::Identities {
            kind,
            group: "acme/x".into(),
            uid: uid.map(str::to_owned),
        };
        assert_eq!(route("/api/v4/groups/acme%2Fx/scim/identities"), of(Kind::Scim, None));
        assert_eq!(route("/api/v4/groups/acme%2Fx/saml/a@b.example"), of(Kind::Saml, Some("a@b.example")));
        assert_eq!(route("/api/v4/groups/acme/scim/a/b"), Route::Elsewhere { below_rest: true });
        let one = of(Kind::Scim, Some("x"));
        assert_eq!(one.methods(Version::V15_8), ["PATCH"]);
        assert_eq!(one.methods(Version::V16_4), ["GET", "PATCH"]);
        assert_eq!(one.methods(Version::V16_9), ["GET", "PATCH", "DELETE"]);
    }

    #[test]
    fn where_tokens_are_generated() {
        assert_eq!(route("/admin/application_settings/scim_oauth.json"), Route::InstanceToken);
        assert_eq!(route("/groups/my.group/-/scim_oauth.json"), Route::GroupToken("my.group".into()));
        assert_eq!(route("/groups/acme/web/-/scim_oauth.json"), Route::GroupToken("acme/web".into()));
        assert_eq!(route("/groups/-/scim_oauth.json"), nothing());
        assert_eq!(route("/api/v4/admin/token"), Route::AdminToken);
        let old = Route::find("/api/v4/admin/token", Version::V19_0, &Slips::default());
        assert_eq!(old, Ok(Route::Elsewhere { below_rest: true }));
    }

    #[test]
    fn allow_begins_with_options_and_ends_with_head() {
        assert_eq!(route("/api/scim/v2/application/Users").allow(Version::V19_3), "OPTIONS, GET, POST, HEAD");
        let user = route("/api/scim/v2/application/Users/1");
        assert_eq!(user.allow(Version::V19_3), "OPTIONS, GET, PATCH, DELETE, HEAD");
    }
}
