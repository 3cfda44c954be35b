//! Filters made ready for one resource type: names resolved, operands checked against the types.
//! Evaluates nothing.

use serde_json::Number;

use crate::mock::scim::admit::text_as_boolean;
use crate::mock::scim::catalogue::{Kind, Named, Target};
use crate::mock::scim::error::{ScimError, ScimType};
use crate::mock::scim::leniency::Leniency;
use crate::mock::scim::policy::{CaseRule, Dates, Policy};
use crate::scim::{
    Attribute, AttributePath, AttributeType, Filter, Literal, Moment, Mutability, Operator, Returned,
};

/// A filter over resources of one type, or over the values of one attribute.
#[derive(Debug, PartialEq)]
pub enum Test<'a> {
    All(Vec<Test<'a>>),
    Any(Vec<Test<'a>>),
    Not(Box<Test<'a>>),
    Present(Target<'a>),
    Compare(Target<'a>, Operator, Operand),
    /// One value of the attribute passes the inner test.
    Value(Target<'a>, Box<Test<'a>>),
    /// The type does not define the attribute (RFC 7644 §3.4.2.1).
    Undefined,
}

/// What values are compared with, by the type of the attribute.
#[derive(Debug, PartialEq)]
pub enum Operand {
    Null,
    Bool(bool),
    Number(Number),
    Moment(Moment),
    Text {
        /// Folded already where case does not count.
        text: String,
        exact: bool,
    },
}

/// Makes filters ready.
pub struct Compiler<'a> {
    pub kind: &'a Kind,
    pub policy: &'a Policy,
}

/// What attribute names in a filter refer to.
#[derive(Clone, Copy)]
enum Scope<'a> {
    Resource,
    /// Values of an attribute: its sub-attributes, or `value` for the value itself.
    ValuesOf(Target<'a>),
}

impl<'a> Compiler<'a> {
    /// A filter over resources.
    pub fn resources(&self, filter: &Filter) -> Result<Test<'a>, ScimError> {
        self.compile(filter, Scope::Resource)
    }

    /// A filter over the values of `target`, as in brackets. An unknown name is an error.
    pub fn values(&self, target: Target<'a>, filter: &Filter) -> Result<Test<'a>, ScimError> {
        self.compile(filter, Scope::ValuesOf(target))
    }

    fn compile(&self, filter: &Filter, scope: Scope<'a>) -> Result<Test<'a>, ScimError> {
        let each = |filters: &[Filter]| {
            filters.iter().map(|f| self.compile(f, scope)).collect::<Result<Vec<_>, ScimError>>()
        };
        Ok(match filter {
            Filter::And(filters) => Test::All(each(filters)?),
            Filter::Or(filters) => Test::Any(each(filters)?),
            Filter::Not(inner) => Test::Not(Box::new(self.compile(inner, scope)?)),
            Filter::Present(path) => match self.target(path, scope)? {
                Some(target) => Test::Present(target),
                None => Test::Undefined,
            },
            Filter::Compare(path, operator, literal) => match self.target(path, scope)? {
                Some(target) => self.compare(path, target, *operator, literal)?,
                None => Test::Undefined,
            },
            Filter::Values(path, inner) => match self.target(path, scope)? {
                Some(target) if target.sub.is_none() && matches!(scope, Scope::Resource) => {
                    Test::Value(target, Box::new(self.values(target, inner)?))
                }
                Some(_) => return Err(invalid(format!("{path} has no values with attributes of their own"))),
                None => Test::Undefined,
            },
        })
    }

    /// What a name refers to; `None` where no attribute of the type is called so.
    fn target(&self, path: &AttributePath, scope: Scope<'a>) -> Result<Option<Target<'a>>, ScimError> {
        let target = match scope {
            Scope::Resource => match self.kind.resolve(path) {
                Some(Named::Attribute(target)) => target,
                Some(_) => return Err(invalid(format!("{path} is a schema, not an attribute"))),
                None => return Ok(None),
            },
            Scope::ValuesOf(parent) => Target {
                extension: None,
                attribute: inner_attribute(parent.attribute, path).ok_or_else(|| {
                    invalid(format!("{} has no sub-attribute {path}", parent.attribute.name))
                })?,
                sub: None,
            },
        };
        refuse_secret(&target)?;
        Ok(Some(target))
    }

    fn compare(
        &self,
        path: &AttributePath,
        target: Target<'a>,
        operator: Operator,
        literal: &Literal,
    ) -> Result<Test<'a>, ScimError> {
        let target = with_default_sub(target)
            .ok_or_else(|| invalid(format!("{path} is complex: name one of its sub-attributes")))?;
        let operand = self.operand(target.leaf(), operator, literal)?;
        Ok(Test::Compare(target, operator, operand))
    }

    fn operand(&self, leaf: &Attribute, operator: Operator, literal: &Literal) -> Result<Operand, ScimError> {
        let name = &leaf.name;
        let refused = |what: &str| invalid(format!("{name} {what}"));
        if *literal == Literal::Null {
            let equality = matches!(operator, Operator::Equal | Operator::NotEqual);
            return if equality { Ok(Operand::Null) } else { Err(refused("can only be eq or ne null")) };
        }
        match leaf.kind {
            AttributeType::Boolean => match literal {
                _ if operator.is_ordering() || operator.is_substring() => {
                    Err(refused(&format!("is boolean and has no {}", operator.as_str())))
                }
                Literal::Bool(value) => Ok(Operand::Bool(*value)),
                Literal::String(text) if self.policy.lenient.has(Leniency::TextBooleans) => {
                    let boolean = text_as_boolean(text).map(Operand::Bool);
                    boolean.ok_or_else(|| refused("is boolean and is compared with true or false"))
                }
                _ => Err(refused("is boolean and is compared with true or false")),
            },
            AttributeType::Integer | AttributeType::Decimal => match literal {
                _ if operator.is_substring() => {
                    Err(refused(&format!("is a number and has no {}", operator.as_str())))
                }
                Literal::Number(value) => Ok(Operand::Number(value.clone())),
                _ => Err(refused("is a number and is compared with one")),
            },
            AttributeType::Binary if operator.is_ordering() => {
                Err(refused(&format!("is binary and has no {}", operator.as_str())))
            }
            AttributeType::DateTime if !operator.is_substring() => match literal {
                Literal::String(text) if self.policy.filter_dates == Dates::AsText => Ok(exact(text)),
                Literal::String(text) => Moment::parse(text)
                    .map(Operand::Moment)
                    .ok_or_else(|| refused("is a dateTime and is compared with one")),
                _ => Err(refused("is a dateTime and is compared with one")),
            },
            _ => match literal {
                Literal::String(text) => Ok(self.text(leaf, text)),
                _ => Err(refused("is compared with a text in quotes")),
            },
        }
    }

    fn text(&self, leaf: &Attribute, text: &str) -> Operand {
        if is_case_exact(leaf, self.policy.filter_case) {
            return exact(text);
        }
        Operand::Text { text: crate::mock::scim::index::fold(text), exact: false }
    }
}

fn exact(text: &str) -> Operand {
    Operand::Text { text: text.to_owned(), exact: true }
}

/// Whether case counts when values of the attribute are compared.
pub fn is_case_exact(attribute: &Attribute, rule: CaseRule) -> bool {
    match rule {
        CaseRule::BySchema => attribute.case_exact,
        CaseRule::AlwaysExact => true,
        CaseRule::NeverExact => false,
    }
}

/// A complex attribute stands for its `value` (RFC 7644 §3.4.2.2, as its examples have it).
pub fn with_default_sub(target: Target<'_>) -> Option<Target<'_>> {
    if target.sub.is_some() || target.attribute.kind != AttributeType::Complex {
        return Some(target);
    }
    Some(Target { sub: Some(target.attribute.sub("value")?), ..target })
}

/// What a name in brackets refers to; `value` is the value itself where it is simple.
fn inner_attribute<'a>(parent: &'a Attribute, path: &AttributePath) -> Option<&'a Attribute> {
    if path.sub.is_some() || path.schema.is_some() {
        return None;
    }
    if parent.kind != AttributeType::Complex && path.name.eq_ignore_ascii_case("value") {
        return Some(parent);
    }
    parent.sub(&path.name)
}

/// What is never returned must not be guessed by filters either.
fn refuse_secret(target: &Target<'_>) -> Result<(), ScimError> {
    let secret = |a: &Attribute| a.returned == Returned::Never || a.mutability == Mutability::WriteOnly;
    if secret(target.attribute) || secret(target.leaf()) {
        return Err(invalid(format!("{target} cannot be used in a filter")));
    }
    Ok(())
}

fn invalid(detail: impl Into<String>) -> ScimError {
    ScimError::bad(ScimType::InvalidFilter, detail)
}

impl Test<'_> {
    /// Whether it names an attribute that the type does not define.
    pub fn has_undefined(&self) -> bool {
        match self {
            Self::All(tests) | Self::Any(tests) => tests.iter().any(Self::has_undefined),
            Self::Not(inner) | Self::Value(_, inner) => inner.has_undefined(),
            Self::Undefined => true,
            Self::Present(_) | Self::Compare(..) => false,
        }
    }
}
