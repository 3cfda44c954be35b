//! What a SCIM service is configured with: credentials, features, limits, schemas.
//! Knows nothing of requests and of stored resources.

use std::collections::BTreeSet;
use std::str::FromStr;
use std::time::Duration;

use super::policy::Policy;
use crate::scim::core;
use crate::scim::{ResourceType, Schema};

/// A capability that can be switched off with [`Settings::without`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Feature {
    Patch,
    Bulk,
    Filter,
    Sort,
    Etag,
    ChangePassword,
    /// Cursor pagination, RFC 9865.
    Cursor,
    /// Index pagination, RFC 7644 §3.4.2.4. Without this and [`Feature::Cursor`] nothing is paged.
    Index,
    /// POST to `/.search`.
    Search,
    Me,
    /// Queries against the base URL.
    RootQuery,
}

impl Feature {
    /// Every feature with its name on the command line.
    pub const ALL: &[(&str, Feature)] = &[
        ("patch", Self::Patch),
        ("bulk", Self::Bulk),
        ("filter", Self::Filter),
        ("sort", Self::Sort),
        ("etag", Self::Etag),
        ("changePassword", Self::ChangePassword),
        ("cursor", Self::Cursor),
        ("index", Self::Index),
        ("search", Self::Search),
        ("me", Self::Me),
        ("root-query", Self::RootQuery),
    ];
}

impl FromStr for Feature {
    type Err = String;

    /// Reads a name of [`Feature::ALL`], without regard to case.
    fn from_str(name: &str) -> Result<Self, String> {
        Self::ALL
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, feature)| *feature)
            .ok_or_else(|| format!("unknown feature {name:?}"))
    }
}

/// A bearer token, the tenant that it opens and the user that it stands for.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    pub value: String,
    /// Tenants share nothing: resources of one are unknown in every other.
    pub tenant: String,
    /// userName or id of the User behind `/Me`; `None` for a service account.
    pub user: Option<String>,
    /// Lets its bearer read, and nothing else.
    pub read_only: bool,
}

impl Token {
    /// A service account's token in the default tenant.
    pub fn new(value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            tenant: Settings::DEFAULT_TENANT.to_owned(),
            user: None,
            read_only: false,
        }
    }

    /// The same token in another tenant.
    pub fn tenant(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = tenant.into();
        self
    }

    /// The same token, for reading only.
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// The same token bound to the user with this userName or id.
    pub fn user(mut self, user: impl Into<String>) -> Self {
        self.user = Some(user.into());
        self
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token")
            .field("value", &"…")
            .field("tenant", &self.tenant)
            .field("user", &self.user)
            .field("read_only", &self.read_only)
            .finish()
    }
}

/// The pagination method of a query that names none (RFC 9865 §2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pagination {
    #[default]
    Index,
    Cursor,
}

/// The settings of a [`super::Scim`] service. The default has every feature and one token, [`Settings::DEFAULT_TOKEN`].
#[derive(Debug, Clone)]
pub struct Settings {
    /// Path of the service below the host, with a leading and without a trailing slash.
    pub base_path: String,
    /// `http` or `https`, for the absolute URLs in responses.
    pub scheme: String,
    /// Host of absolute URLs where a request has no Host header.
    pub default_host: String,
    /// Whether requests need a token. Without, those that have none act in the default tenant.
    pub require_auth: bool,
    pub tokens: Vec<Token>,
    pub without: BTreeSet<Feature>,
    pub default_pagination: Pagination,
    /// Resources on a page where the query has no `count`.
    pub default_page_size: usize,
    /// Resources on a page at most.
    pub max_page_size: usize,
    /// `filter.maxResults`: resources in a response at most, whatever else is said.
    pub filter_max_results: usize,
    /// How long a cursor stays valid; `None` for ever.
    pub cursor_timeout: Option<Duration>,
    pub bulk_max_operations: usize,
    /// Bytes of a bulk request.
    pub bulk_max_payload_size: usize,
    /// Operations in one PATCH request; more are refused with 413.
    pub patch_max_operations: usize,
    /// Bytes of any other request body; more are refused with 413.
    pub max_body_size: usize,
    pub schemas: Vec<Schema>,
    pub resource_types: Vec<ResourceType>,
    /// Makes ids and salts repeatable.
    pub seed: Option<u64>,
    pub policy: Policy,
}

impl Settings {
    pub const DEFAULT_TOKEN: &str = "scimspec-mock-token";
    pub const DEFAULT_TENANT: &str = "default";

    pub fn has(&self, feature: Feature) -> bool {
        !self.without.contains(&feature)
    }

    /// Switches a feature off.
    pub fn without(mut self, feature: Feature) -> Self {
        self.without.insert(feature);
        self
    }

    /// Most resources that one response may hold.
    pub fn page_limit(&self) -> usize {
        self.max_page_size.min(self.filter_max_results).max(1)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            base_path: "/scim/v2".to_owned(),
            scheme: "http".to_owned(),
            default_host: "localhost".to_owned(),
            require_auth: true,
            tokens: vec![Token::new(Self::DEFAULT_TOKEN)],
            without: BTreeSet::new(),
            default_pagination: Pagination::default(),
            default_page_size: 100,
            max_page_size: 200,
            filter_max_results: 200,
            cursor_timeout: Some(Duration::from_secs(3600)),
            bulk_max_operations: 1000,
            bulk_max_payload_size: 1 << 20,
            patch_max_operations: 1000,
            max_body_size: 16 << 20,
            schemas: core::schemas(),
            resource_types: core::resource_types(),
            seed: None,
            policy: Policy::default(),
        }
    }
}
