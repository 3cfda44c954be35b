//! The `path` of a PATCH operation (RFC 7644 figure 7): an attribute, or selected values of one.
//! Knows no schema and changes nothing.

use std::fmt;

use super::filter::{AttributePath, Filter, Grouping, Parser, SyntaxError, parse_attribute_path};

/// `attrPath` or `valuePath [subAttr]`.
#[derive(Debug, Clone, PartialEq)]
pub struct PatchPath {
    pub attribute: AttributePath,
    pub values: Option<SelectedValues>,
}

/// `[filter]` and, behind it, `.sub`.
#[derive(Debug, Clone, PartialEq)]
pub struct SelectedValues {
    pub filter: Filter,
    pub sub: Option<String>,
}

impl PatchPath {
    /// Reads a path, bounded as filters are.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        let mut parser = Parser::new(text, Grouping::AndFirst)?;
        let Some((word, offset, _)) = parser.take_word() else {
            return Err(SyntaxError::new(0, "expected an attribute name"));
        };
        let attribute = parse_attribute_path(word, offset)?;
        let values = match parser.take_brackets()? {
            None => None,
            Some(filter) => Some(SelectedValues { filter, sub: sub_attribute(&mut parser)? }),
        };
        parser.expect_end()?;
        Ok(Self { attribute, values })
    }
}

/// `.sub` directly behind the bracket.
fn sub_attribute(parser: &mut Parser<'_>) -> Result<Option<String>, SyntaxError> {
    let Some((word, offset, spaced)) = parser.take_word() else { return Ok(None) };
    let name = match word.strip_prefix('.') {
        Some(name) if !spaced => parse_attribute_path(name, offset + 1)?,
        _ => return Err(SyntaxError::new(offset, "expected \".\" and a sub-attribute, or the end")),
    };
    if name.schema.is_some() || name.sub.is_some() {
        return Err(SyntaxError::new(offset, "expected one sub-attribute"));
    }
    Ok(Some(name.name))
}

impl fmt::Display for PatchPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.attribute)?;
        let Some(values) = &self.values else { return Ok(()) };
        write!(f, "[{}]", values.filter)?;
        match &values.sub {
            Some(sub) => write!(f, ".{sub}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn examples_of_the_rfc_round_trip() {
        for text in [
            "members",
            "name.familyName",
            r#"addresses[type eq "work"]"#,
            r#"members[value eq "2819c223-7f76-453a-919d-413861904646"]"#,
            r#"members[value eq "2819c223-7f76-453a-919d-413861904646"].displayName"#,
            r#"emails[type eq "work" and value ew "example.com"].$ref"#,
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
            r#"urn:ietf:params:scim:schemas:core:2.0:User:emails[not (type eq "home")].value"#,
        ] {
            let path = PatchPath::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(path.to_string(), text);
        }
    }

    #[test]
    fn malformed_paths_are_refused_with_their_place() {
        for (text, offset) in [
            ("", 0),
            ("emails[", 7),
            ("emails[]", 7),
            ("emails[0]", 7),
            ("emails[type eq]", 14),
            (r#"emails[type eq "work"]value"#, 22),
            (r#"emails[type eq "work"] .value"#, 23),
            (r#"emails[type eq "work"].a.b"#, 22),
            (r#"emails[type eq "work"].value pr"#, 29),
            ("name.givenName.first", 0),
            ("members[*]", 8),
            ("emails type", 7),
            ("\u{0}", 0),
        ] {
            let error = PatchPath::parse(text).expect_err(text);
            assert_eq!(error.offset, offset, "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in r#"([a-z.:$]{1,4}|[\[\]()"\\. ]|"é"|eq| pr){0,12}"#) {
            if let Ok(path) = PatchPath::parse(&text) {
                prop_assert_eq!(PatchPath::parse(&path.to_string()), Ok(path));
            }
        }
    }
}
