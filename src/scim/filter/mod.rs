//! Filters as values (RFC 7644 §3.4.2.2): what they say, and how they are written.
//! Knows no schema and no resource: nothing is resolved or evaluated here.

mod lexer;
mod parser;
mod write;

pub use parser::{Grouping, MAX_DEPTH, MAX_LENGTH, parse, parse_grouped};
pub(super) use parser::{Parser, parse_attribute_path};

use serde_json::Number;

/// A filter. `And` and `Or` hold at least two filters, in the order in which they were written;
/// a parenthesised group stays a filter of its own.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
    /// `attribute pr`
    Present(AttributePath),
    /// `attribute op value`
    Compare(AttributePath, Operator, Literal),
    /// `attribute[filter]`: the filter applies to each value on its own.
    Values(AttributePath, Box<Filter>),
}

/// A comparison of RFC 7644 table 3, `pr` aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    Equal,
    NotEqual,
    Contains,
    StartsWith,
    EndsWith,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

impl Operator {
    /// Every operator with its keyword.
    pub const ALL: &[(&str, Operator)] = &[
        ("eq", Self::Equal),
        ("ne", Self::NotEqual),
        ("co", Self::Contains),
        ("sw", Self::StartsWith),
        ("ew", Self::EndsWith),
        ("gt", Self::Greater),
        ("ge", Self::GreaterOrEqual),
        ("lt", Self::Less),
        ("le", Self::LessOrEqual),
    ];

    /// Reads a keyword, without regard to case.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(k, _)| k.eq_ignore_ascii_case(word)).map(|(_, operator)| *operator)
    }

    /// The keyword, in lower case.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, operator)| *operator == self).map_or("", |(keyword, _)| keyword)
    }

    /// `gt`, `ge`, `lt` or `le`.
    pub fn is_ordering(self) -> bool {
        matches!(self, Self::Greater | Self::GreaterOrEqual | Self::Less | Self::LessOrEqual)
    }

    /// `co`, `sw` or `ew`.
    pub fn is_substring(self) -> bool {
        matches!(self, Self::Contains | Self::StartsWith | Self::EndsWith)
    }
}

/// The JSON value that an attribute is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    Null,
    Bool(bool),
    Number(Number),
    String(String),
}

/// An attribute by its name: `[schema:]name[.sub]` (RFC 7644 §3.10), spelled as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AttributePath {
    /// URI of the schema, where the name is fully qualified.
    pub schema: Option<String>,
    pub name: String,
    pub sub: Option<String>,
}

impl AttributePath {
    /// An attribute without schema prefix and sub-attribute.
    pub fn new(name: impl Into<String>) -> Self {
        Self { schema: None, name: name.into(), sub: None }
    }

    /// Reads `[schema:]name[.sub]`. Names may begin with `$`, because of `$ref`.
    /// The bare URI of a schema reads as an attribute, see [`AttributePath::names_schema`].
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        parse_attribute_path(text, 0)
    }

    /// Whether the whole path is the URI of a schema and not of an attribute in it:
    /// `urn:…:enterprise:2.0:User` has the form of an attribute `User`, and only a schema's URI can tell.
    pub fn names_schema(&self, uri: &str) -> bool {
        self.to_string().eq_ignore_ascii_case(uri)
    }
}

/// Why a filter or path cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} at byte {offset}")]
pub struct SyntaxError {
    /// Byte offset into the text.
    pub offset: usize,
    pub message: String,
}

impl SyntaxError {
    pub(super) fn new(offset: usize, message: impl Into<String>) -> Self {
        Self { offset, message: message.into() }
    }
}
