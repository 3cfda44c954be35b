//! Whether a resource, or one value of an attribute, passes a test (RFC 7644 §3.4.2.2).
//! Knows no paging and no syntax.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::{Number, Value};

use super::test::{Operand, Test};
use crate::mock::scim::catalogue::Target;
use crate::mock::scim::index::fold;
use crate::mock::scim::policy::FilterValues;
use crate::mock::scim::view::View;
use crate::scim::{AttributeType, Moment, Operator};

/// What a test is applied to.
#[derive(Clone, Copy)]
pub enum Subject<'a> {
    Resource(&'a View<'a>),
    /// One value of a multi-valued attribute.
    Value(&'a Value),
}

/// Whether the subject passes.
pub fn passes(test: &Test<'_>, subject: Subject<'_>, values: FilterValues) -> bool {
    match test {
        Test::All(tests) => tests.iter().all(|test| passes(test, subject, values)),
        Test::Any(tests) => tests.iter().any(|test| passes(test, subject, values)),
        Test::Not(inner) => !passes(inner, subject, values),
        Test::Undefined => false,
        Test::Present(target) => subject.get(target).is_some_and(|value| is_present(&value, target, values)),
        Test::Compare(target, operator, operand) => compares(target, *operator, operand, subject, values),
        Test::Value(target, inner) => subject.get(target).is_some_and(|value| {
            items(&value, values).iter().any(|v| passes(inner, Subject::Value(v), values))
        }),
    }
}

impl Subject<'_> {
    fn get(&self, target: &Target<'_>) -> Option<Cow<'_, Value>> {
        match self {
            Self::Resource(view) => {
                view.value(target.extension, target.attribute, target.sub.map(|sub| sub.name.as_str()))
            }
            Self::Value(value @ Value::Object(_)) => value.get(&target.attribute.name).map(Cow::Borrowed),
            Self::Value(value) => Some(Cow::Borrowed(value)),
        }
    }
}

/// The values of an attribute: of a singular one its only one.
fn items(value: &Value, values: FilterValues) -> &[Value] {
    let all = match value {
        Value::Array(items) => items.as_slice(),
        single => std::slice::from_ref(single),
    };
    match values {
        FilterValues::All => all,
        FilterValues::FirstOnly => all.get(..1).unwrap_or_default(),
    }
}

/// What is compared: the values themselves or their sub-attribute.
fn leaves<'v>(
    value: &'v Value,
    target: &Target<'_>,
    values: FilterValues,
) -> impl Iterator<Item = &'v Value> {
    let sub = target.sub.map(|sub| sub.name.clone());
    items(value, values).iter().filter_map(move |item| match &sub {
        Some(name) => item.get(name),
        None => Some(item),
    })
}

/// `pr`: a value that is neither null nor empty.
fn is_present(value: &Value, target: &Target<'_>, values: FilterValues) -> bool {
    leaves(value, target, values).any(|leaf| match leaf {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    })
}

fn compares(
    target: &Target<'_>,
    operator: Operator,
    operand: &Operand,
    subject: Subject<'_>,
    values: FilterValues,
) -> bool {
    let value = subject.get(target);
    let mut found = value.iter().flat_map(|value| leaves(value, target, values)).peekable();
    if *operand == Operand::Null {
        let present = value.as_ref().is_some_and(|value| is_present(value, target, values));
        return (operator == Operator::Equal) != present;
    }
    if operator == Operator::NotEqual && found.peek().is_none() {
        return true;
    }
    found.any(|leaf| holds(target.leaf().kind, leaf, operator, operand))
}

fn holds(kind: AttributeType, value: &Value, operator: Operator, operand: &Operand) -> bool {
    match (operand, value) {
        (Operand::Bool(operand), Value::Bool(value)) => ordered(operator, value.cmp(operand)),
        (Operand::Number(operand), Value::Number(value)) => {
            compare_numbers(value, operand).is_some_and(|ordering| ordered(operator, ordering))
        }
        (Operand::Moment(operand), Value::String(value)) => {
            Moment::parse(value).is_some_and(|value| ordered(operator, value.cmp(operand)))
        }
        (Operand::Text { text, exact: true }, Value::String(value)) => text_holds(value, operator, text),
        (Operand::Text { text, exact: false }, Value::String(value)) => {
            text_holds(&fold(value), operator, text)
        }
        // A value of another type than the schema's is not identical to any operand.
        _ => kind != AttributeType::Complex && operator == Operator::NotEqual,
    }
}

/// Exact for integers, which a floating-point number cannot all hold.
pub fn compare_numbers(one: &Number, other: &Number) -> Option<Ordering> {
    match (one.as_i128(), other.as_i128()) {
        (Some(one), Some(other)) => Some(one.cmp(&other)),
        _ => one.as_f64()?.partial_cmp(&other.as_f64()?),
    }
}

fn text_holds(value: &str, operator: Operator, operand: &str) -> bool {
    match operator {
        Operator::Contains => value.contains(operand),
        Operator::StartsWith => value.starts_with(operand),
        Operator::EndsWith => value.ends_with(operand),
        _ => ordered(operator, value.cmp(operand)),
    }
}

fn ordered(operator: Operator, ordering: Ordering) -> bool {
    match operator {
        Operator::Equal => ordering.is_eq(),
        Operator::NotEqual => ordering.is_ne(),
        Operator::Greater => ordering.is_gt(),
        Operator::GreaterOrEqual => ordering.is_ge(),
        Operator::Less => ordering.is_lt(),
        Operator::LessOrEqual => ordering.is_le(),
        Operator::Contains | Operator::StartsWith | Operator::EndsWith => false,
    }
}
