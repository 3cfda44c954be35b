//! The grammar of templates, and the value of an expression in a scope.
//! Must not know what the values are for.

use serde_json::Value;

use super::filter::{self, Filter};
use super::{Reference, Scope, TemplateError};
use crate::nearest::nearest;

pub use super::filter::NAMES;

/// A template, cut where its braces stand.
#[derive(Debug)]
pub enum Piece<'a> {
    Literal(&'a str),
    Expression(Expression),
}

/// `name.member[0]["any name"] | filter(1)`
#[derive(Debug)]
pub struct Expression {
    /// As it stands between the braces, for messages.
    source: String,
    name: String,
    path: Vec<Access>,
    filters: Vec<Filter>,
}

#[derive(Debug)]
enum Access {
    Member(String),
    Index(usize),
}

/// Cuts a text into literal text and expressions.
pub fn parse(text: &str) -> Result<Vec<Piece<'_>>, TemplateError> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        if !before.is_empty() {
            pieces.push(Piece::Literal(before));
        }
        let Some((inside, behind)) = after.split_once("}}") else {
            return Err(TemplateError::new("`{{` without `}}`"));
        };
        pieces.push(Piece::Expression(Expression::parse(inside.trim())?));
        rest = behind;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest));
    }
    Ok(pieces)
}

impl Expression {
    fn parse(source: &str) -> Result<Self, TemplateError> {
        let mut parts = split_filters(source).into_iter();
        let mut rest = parts.next().unwrap_or_default().trim();
        let name = take_name(&mut rest)
            .ok_or_else(|| TemplateError::new(format!("`{{{{ {source} }}}}` must begin with a name")))?;
        let mut path = Vec::new();
        while !rest.is_empty() {
            path.push(take_access(&mut rest).ok_or_else(|| {
                TemplateError::new(format!("`{rest}` in `{{{{ {source} }}}}` is neither `.member` nor `[0]`"))
            })?);
        }
        let filters = parts.map(|part| filter::parse(part.trim())).collect::<Result<_, _>>()?;
        Ok(Self { source: source.to_owned(), name, path, filters })
    }

    pub fn reference(&self) -> Reference {
        let member = match self.path.first() {
            Some(Access::Member(member)) => Some(member.clone()),
            _ => None,
        };
        Reference { name: self.name.clone(), member }
    }

    pub fn evaluate(&self, scope: &Scope) -> Result<Value, TemplateError> {
        let mut value = scope.get(&self.name).ok_or_else(|| self.unknown(scope))?;
        for access in &self.path {
            value = access.of(value).ok_or_else(|| self.missing(access, value))?;
        }
        let mut value = value.clone();
        for filter in &self.filters {
            value = filter
                .apply(&value)
                .map_err(|problem| TemplateError::new(format!("`{{{{ {} }}}}`: {problem}", self.source)))?;
        }
        Ok(value)
    }

    /// The value as part of a text: objects, lists and null have no such form.
    pub fn text(&self, scope: &Scope) -> Result<String, TemplateError> {
        let value = self.evaluate(scope)?;
        filter::text_of(&value).map_err(|problem| {
            TemplateError::new(format!(
                "`{{{{ {} }}}}` {problem}, which has no place inside a text; `| json` makes a text of it",
                self.source
            ))
        })
    }

    fn unknown(&self, scope: &Scope) -> TemplateError {
        TemplateError {
            message: format!("`{{{{ {} }}}}`: there is no `{}`", self.source, self.name),
            help: nearest(&self.name, scope.names()).map(|name| format!("did you mean `{name}`?")),
        }
    }

    fn missing(&self, access: &Access, value: &Value) -> TemplateError {
        let (wanted, near) = match (access, value) {
            (Access::Member(name), Value::Object(members)) => {
                (format!("`.{name}`"), nearest(name, members.keys().map(String::as_str)))
            }
            (Access::Member(name), _) => (format!("`.{name}`"), None),
            (Access::Index(index), _) => (format!("`[{index}]`"), None),
        };
        TemplateError {
            message: format!("`{{{{ {} }}}}`: {} has no {wanted}", self.source, filter::kind_of(value)),
            help: near.map(|name| format!("did you mean `{name}`?")),
        }
    }
}

impl Access {
    /// A member is looked up as it is spelled, then without regard to case (RFC 7643 §2.1).
    fn of<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        match (self, value) {
            (Self::Member(name), Value::Object(members)) => members.get(name).or_else(|| {
                members.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value)
            }),
            (Self::Index(index), Value::Array(elements)) => elements.get(*index),
            _ => None,
        }
    }
}

/// Splits at the bars that do not stand inside quotes.
fn split_filters(source: &str) -> Vec<&str> {
    let mut quoted = false;
    source
        .split(|c| {
            quoted ^= c == '"';
            c == '|' && !quoted
        })
        .collect()
}

fn take_name(rest: &mut &str) -> Option<String> {
    let text = *rest;
    let end = text.find(|c: char| !is_name(c)).unwrap_or(text.len());
    let (name, behind) = text.split_at_checked(end)?;
    let first = name.chars().next()?;
    if first.is_ascii_digit() || first == '-' {
        return None;
    }
    *rest = behind;
    Some(name.to_owned())
}

fn take_access(rest: &mut &str) -> Option<Access> {
    let text = *rest;
    if let Some(after) = text.strip_prefix('.') {
        *rest = after;
        let name = take_name(rest);
        if name.is_none() {
            *rest = text;
        }
        return name.map(Access::Member);
    }
    let inside = text.strip_prefix('[')?;
    if let Some(quoted) = inside.strip_prefix('"') {
        let (name, behind) = quoted.split_once("\"]")?;
        *rest = behind;
        return Some(Access::Member(name.to_owned()));
    }
    let (index, behind) = inside.split_once(']')?;
    let index = index.trim().parse().ok()?;
    *rest = behind;
    Some(Access::Index(index))
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '$')
}
