//! The parameters of a query, from the URL (RFC 7644 table 4) or from a SearchRequest (§3.4.3).
//! Executes nothing.

use serde_json::Value;

use super::bracketed::moved_inside;
use crate::mock::scim::admit::member;
use crate::mock::scim::error::{ScimError, ScimType};
use crate::mock::scim::leniency::Leniency;
use crate::mock::scim::policy::{Policy, Precedence};
use crate::mock::scim::projection::Projection;
use crate::mock::scim::resource::Attributes;
use crate::scim::filter::{Grouping, parse_grouped};
use crate::scim::{AttributePath, Filter, urn};

/// What a query asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    pub filter: Option<Filter>,
    pub sort_by: Option<AttributePath>,
    pub descending: bool,
    pub start_index: Option<i64>,
    pub count: Option<i64>,
    /// Empty for the first page.
    pub cursor: Option<String>,
    pub projection: Projection,
}

impl Query {
    /// From decoded parameters of the URL. Unknown ones are ignored; of repeated ones the last counts.
    pub fn from_parameters(parameters: &[(String, String)], policy: &Policy) -> Result<Self, ScimError> {
        let last = |name: &str| parameters.iter().rev().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
        Ok(Self {
            filter: last("filter").map(|text| filter(text, policy)).transpose()?,
            sort_by: last("sortBy").map(sort_by).transpose()?,
            descending: last("sortOrder").map(sort_order).transpose()?.unwrap_or(false),
            start_index: last("startIndex").map(|text| integer("startIndex", text)).transpose()?,
            count: last("count").map(|text| integer("count", text)).transpose()?,
            cursor: last("cursor").map(str::to_owned),
            projection: projection_of(parameters)?,
        })
    }

    /// From the body of a POST to `.search`.
    pub fn from_search(body: &Attributes, policy: &Policy) -> Result<Self, ScimError> {
        expect_schema(body, urn::SEARCH_REQUEST)?;
        let text = |name: &'static str| match member(body, name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str())),
            Some(_) => Err(ScimError::bad(ScimType::InvalidSyntax, format!("{name} must be a text"))),
        };
        let number = |name: &'static str| match member(body, name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Number(number)) => integer(name, &number.to_string()).map(Some),
            Some(_) => Err(ScimError::bad(ScimType::InvalidSyntax, format!("{name} must be an integer"))),
        };
        Ok(Self {
            filter: text("filter")?.map(|text| filter(text, policy)).transpose()?,
            sort_by: text("sortBy")?.map(sort_by).transpose()?,
            descending: text("sortOrder")?.map(sort_order).transpose()?.unwrap_or(false),
            start_index: number("startIndex")?,
            count: number("count")?,
            cursor: text("cursor")?.map(str::to_owned),
            projection: projection(names(body, "attributes")?, names(body, "excludedAttributes")?)?,
        })
    }
}

/// `attributes` and `excludedAttributes` of the URL: lists divided by commas.
pub fn projection_of(parameters: &[(String, String)]) -> Result<Projection, ScimError> {
    let list = |name: &str| {
        let given = parameters.iter().filter(|(n, _)| n == name).flat_map(|(_, v)| v.split(','));
        given.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
    };
    projection(list("attributes"), list("excludedAttributes"))
}

/// A message must say in `schemas` what it is.
pub fn expect_schema(body: &Attributes, uri: &str) -> Result<(), ScimError> {
    let listed = member(body, "schemas").and_then(Value::as_array);
    let named = listed.into_iter().flatten().filter_map(Value::as_str).any(|s| s.eq_ignore_ascii_case(uri));
    match named {
        true => Ok(()),
        false => Err(ScimError::bad(ScimType::InvalidSyntax, format!("schemas must name {uri}"))),
    }
}

/// Names that are no attribute paths are ignored, as unknown ones are.
fn projection(only: Vec<String>, without: Vec<String>) -> Result<Projection, ScimError> {
    let paths = |names: Vec<String>| names.iter().filter_map(|n| AttributePath::parse(n).ok()).collect();
    match (only.is_empty(), without.is_empty()) {
        (true, true) => Ok(Projection::Default),
        (false, true) => Ok(Projection::Only(paths(only))),
        (true, false) => Ok(Projection::Without(paths(without))),
        (false, false) => {
            let detail = "attributes and excludedAttributes exclude each other";
            Err(ScimError::bad(ScimType::InvalidValue, detail))
        }
    }
}

fn names(body: &Attributes, name: &str) -> Result<Vec<String>, ScimError> {
    let mistyped = || ScimError::bad(ScimType::InvalidSyntax, format!("{name} must be a list of texts"));
    match member(body, name) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(items)) => {
            items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(mistyped)).collect()
        }
        Some(_) => Err(mistyped()),
    }
}

/// A plus sign stands for itself in a URI; it is read as a space only where the filter makes no sense otherwise,
/// as clients that encode forms send it.
fn filter(text: &str, policy: &Policy) -> Result<Filter, ScimError> {
    let grouping = match policy.precedence {
        Precedence::AndBeforeOr => Grouping::AndFirst,
        Precedence::LeftToRight => Grouping::LeftToRight,
    };
    let parsed = |text: &str| {
        let bracketed = || moved_inside(text).filter(|_| policy.lenient.has(Leniency::SubAttributeFilter));
        parse_grouped(text, grouping)
            .or_else(|error| bracketed().map_or(Err(error), |text| parse_grouped(&text, grouping)))
    };
    parsed(text)
        .or_else(|error| parsed(&text.replace('+', " ")).map_err(|_| error))
        .map_err(|error| ScimError::bad(ScimType::InvalidFilter, format!("invalid filter: {error}")))
}

fn sort_by(text: &str) -> Result<AttributePath, ScimError> {
    AttributePath::parse(text)
        .map_err(|error| ScimError::bad(ScimType::InvalidValue, format!("invalid sortBy: {error}")))
}

/// Whether the order is descending.
fn sort_order(text: &str) -> Result<bool, ScimError> {
    match text {
        _ if text.eq_ignore_ascii_case("descending") => Ok(true),
        _ if text.eq_ignore_ascii_case("ascending") => Ok(false),
        _ => Err(ScimError::bad(ScimType::InvalidValue, "sortOrder must be ascending or descending")),
    }
}

/// An integer of any size; those that are too large are as good as the largest.
fn integer(name: &str, text: &str) -> Result<i64, ScimError> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        let scim_type = if name == "count" { ScimType::InvalidCount } else { ScimType::InvalidValue };
        return Err(ScimError::bad(scim_type, format!("{name} must be an integer")));
    }
    let extreme = if text.starts_with('-') { i64::MIN } else { i64::MAX };
    Ok(text.parse().unwrap_or(extreme))
}
