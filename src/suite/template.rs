//! Templates in suites: `{{ name.path[0] | filter }}` over a scope of JSON values.
//! No loops, no conditionals; knows neither fixtures nor requests.

mod encode;
mod expression;
mod filter;
mod repeat;
#[cfg(test)]
mod tests;
mod value;

use serde_json::{Map, Value};

use expression::{Expression, Piece};

pub use expression::NAMES as FILTER_NAMES;
pub use value::{render_expect, render_value};

/// The names that templates can use, as one JSON object.
#[derive(Debug, Clone, Default)]
pub struct Scope(Map<String, Value>);

impl Scope {
    pub fn set(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }

    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Every name that is set, in the order in which they were.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// A template that cannot be rendered: an unknown name, an unknown filter, a value of the wrong kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TemplateError {
    pub message: String,
    /// The right word, where one is near.
    pub help: Option<String>,
}

impl TemplateError {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }
}

/// Renders a text. One that is a single `{{ … }}` keeps the type of its value; in any other, values become text.
pub fn render(text: &str, scope: &Scope) -> Result<Value, TemplateError> {
    if !text.contains("{{") {
        return Ok(Value::String(text.to_owned()));
    }
    let pieces = expression::parse(text)?;
    match pieces.as_slice() {
        [Piece::Expression(only)] => only.evaluate(scope),
        _ => join(&pieces, |only| only.text(scope)).map(Value::String),
    }
}

/// Like [`render`], always to text.
pub fn render_text(text: &str, scope: &Scope) -> Result<String, TemplateError> {
    join(&expression::parse(text)?, |only| only.text(scope))
}

/// Renders a path below a base, or an absolute URL. What a template puts in is percent-encoded, the text around it is not:
/// a value that begins with `/` is taken as a path and keeps its slashes and its escapes, and an absolute http or
/// https URL stays as it is. A value that is the whole text may also be a path relative to the base, or as RFC 7643 §8
/// writes it, to a resource: `../Users/1`.
pub fn render_path(text: &str, scope: &Scope) -> Result<String, TemplateError> {
    let pieces = expression::parse(text)?;
    let encoded = match pieces.as_slice() {
        [Piece::Expression(_)] => encode::whole_path,
        _ => encode::for_path,
    };
    join(&pieces, |only| only.text(scope).map(|value| encoded(&value)))
}

/// What an expression refers to: `urn` and `PatchOp` of `{{ urn.PatchOp | lower }}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    pub name: String,
    /// The member right behind the name, where there is one.
    pub member: Option<String>,
}

/// Everything that the expressions of a text refer to, in their order.
/// Errors where the text is no template that could ever be rendered.
pub fn references(text: &str) -> Result<Vec<Reference>, TemplateError> {
    if !text.contains("{{") {
        return Ok(Vec::new());
    }
    let pieces = expression::parse(text)?.into_iter();
    Ok(pieces
        .filter_map(|piece| match piece {
            Piece::Expression(expression) => Some(expression.reference()),
            Piece::Literal(_) => None,
        })
        .collect())
}

fn join(
    pieces: &[Piece<'_>],
    text_of: impl Fn(&Expression) -> Result<String, TemplateError>,
) -> Result<String, TemplateError> {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Literal(text) => out.push_str(text),
            Piece::Expression(expression) => out.push_str(&text_of(expression)?),
        }
    }
    Ok(out)
}
