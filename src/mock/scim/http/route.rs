//! Which endpoint a path means, and which methods it has.
//! Knows neither bodies nor resources.

use crate::mock::scim::catalogue::Catalogue;
use crate::mock::scim::error::ScimError;
use crate::mock::scim::settings::{Feature, Settings};

/// An endpoint (RFC 7644 §3.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    ServiceProviderConfig,
    ResourceTypes,
    ResourceType(String),
    Schemas,
    Schema(String),
    Bulk,
    Me,
    /// The base URL.
    Root,
    /// `.search` over these types.
    Search(Vec<usize>),
    Collection(usize),
    Resource(usize, String),
}

const METHODS: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];

impl Route {
    /// The endpoint at these path segments below the base.
    pub fn find(catalogue: &Catalogue, segments: &[String]) -> Option<Self> {
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        Some(match segments.as_slice() {
            [] => Self::Root,
            [".search"] => Self::Search((0..catalogue.kinds.len()).collect()),
            ["ServiceProviderConfig"] => Self::ServiceProviderConfig,
            ["ResourceTypes"] => Self::ResourceTypes,
            ["ResourceTypes", id] => Self::ResourceType((*id).to_owned()),
            ["Schemas"] => Self::Schemas,
            ["Schemas", id] => Self::Schema((*id).to_owned()),
            ["Bulk"] => Self::Bulk,
            ["Me"] => Self::Me,
            [endpoint] => Self::Collection(catalogue.by_endpoint(endpoint)?),
            [endpoint, ".search"] => Self::Search(vec![catalogue.by_endpoint(endpoint)?]),
            [_, ""] => return None,
            [endpoint, id] => Self::Resource(catalogue.by_endpoint(endpoint)?, (*id).to_owned()),
            _ => return None,
        })
    }

    /// Whether clients may read it before they are known (RFC 7643 §5).
    pub fn is_public(&self) -> bool {
        matches!(self, Self::ServiceProviderConfig)
    }

    /// Refuses methods that the endpoint does not have (405), that are switched off or that nobody knows (501).
    pub fn check_method(&self, method: &str, settings: &Settings) -> Result<(), ScimError> {
        let unsupported = |what: &str| Err(ScimError::new(501, format!("{what} is not supported")));
        if !METHODS.contains(&method) {
            return unsupported("the method");
        }
        let allowed = self.methods();
        if !allowed.contains(&method) {
            let allow = allowed.join(", ");
            return Err(ScimError::new(405, format!("only {allow} can be used here")).header("Allow", allow));
        }
        match (self, method) {
            (_, "OPTIONS") => Ok(()),
            (_, "PATCH") if !settings.has(Feature::Patch) => unsupported("PATCH"),
            (Self::Bulk, _) if !settings.has(Feature::Bulk) => unsupported("Bulk"),
            (Self::Me, "POST") => unsupported("POST to /Me"),
            (Self::Me, _) if !settings.has(Feature::Me) => unsupported("/Me"),
            (Self::Search(_), _) if !settings.has(Feature::Search) => unsupported(".search"),
            (Self::Root, _) if !settings.has(Feature::RootQuery) => unsupported("a query of the base URL"),
            _ => Ok(()),
        }
    }

    pub fn methods(&self) -> &'static [&'static str] {
        match self {
            Self::Bulk | Self::Search(_) => &["POST", "OPTIONS"],
            Self::Collection(_) => &["GET", "HEAD", "POST", "OPTIONS"],
            Self::Resource(..) => &["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"],
            Self::Me => &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"],
            _ => &["GET", "HEAD", "OPTIONS"],
        }
    }
}
