//! Conditional requests (RFC 7644 §3.14, RFC 9110 §13.1) against the version of a resource.
//! Knows no resource.

use super::error::ScimError;
use crate::http::Headers;

/// The conditions of one request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conditions {
    pub if_match: Option<String>,
    pub if_none_match: Option<String>,
}

impl Conditions {
    pub fn from_headers(headers: &Headers) -> Self {
        let joined = |name| {
            let values: Vec<&str> = headers.get_all(name).collect();
            (!values.is_empty()).then(|| values.join(","))
        };
        Self { if_match: joined("If-Match"), if_none_match: joined("If-None-Match") }
    }

    /// Whether a resource of this version may be changed; else 412.
    pub fn check_write(&self, version: &str) -> Result<(), ScimError> {
        self.check_match(version)?;
        match self.is_known(version) {
            true => Err(ScimError::new(412, format!("the resource has version {version}"))),
            false => Ok(()),
        }
    }

    /// `If-Match`, by weak comparison, as SCIM's own examples need it.
    pub fn check_match(&self, version: &str) -> Result<(), ScimError> {
        match &self.if_match {
            Some(tags) if !lists(tags, version) => {
                Err(ScimError::new(412, format!("the resource has version {version}, not {tags}")))
            }
            _ => Ok(()),
        }
    }

    /// Whether `If-None-Match` says that the client has this version.
    pub fn is_known(&self, version: &str) -> bool {
        self.if_none_match.as_ref().is_some_and(|tags| lists(tags, version))
    }
}

/// Whether a list of entity tags, or `*`, covers a version.
fn lists(tags: &str, version: &str) -> bool {
    tags.split(',').map(str::trim).any(|tag| tag == "*" || opaque(tag) == opaque(version))
}

fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_compared_weakly_and_in_lists() {
        for (tags, covered) in [
            (r#"W/"1""#, true),
            (r#""1""#, true),
            (r#"W/"2", W/"1""#, true),
            ("*", true),
            (r#"W/"2""#, false),
            ("1", false),
            ("", false),
        ] {
            assert_eq!(lists(tags, r#"W/"1""#), covered, "{tags}");
        }
    }
}
