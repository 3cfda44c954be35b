//! Which attributes a response shows (RFC 7643 §7 `returned`, RFC 7644 §3.4.2.5, §3.9).
//! Knows no stored values.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::catalogue::{Kind, Named, Target};
use super::view::View;
use crate::scim::{Attribute, AttributePath, Returned};

/// What the client asked for.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Projection {
    #[default]
    Default,
    /// `attributes`
    Only(Vec<AttributePath>),
    /// `excludedAttributes`
    Without(Vec<AttributePath>),
}

/// The attributes to show of resources of one type.
pub struct Shape<'a> {
    fields: Vec<Field<'a>>,
}

struct Field<'a> {
    target: Target<'a>,
    /// The sub-attributes to show; empty for an attribute that has none.
    subs: Vec<&'a Attribute>,
}

/// How the client named an attribute.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mention {
    None,
    Whole,
    /// Only sub-attributes of it.
    Part,
}

impl<'a> Shape<'a> {
    /// `written` are the attributes that the request itself set: those of `returned: request` are then shown.
    pub fn new(kind: &'a Kind, projection: &Projection, written: &[Target<'_>]) -> Self {
        let named = named(kind, projection);
        let fields = kind.targets().filter_map(|target| field(projection, &named, written, target)).collect();
        Self { fields }
    }

    /// The representation of a resource of the type. `meta` comes last, as in the RFC's examples.
    pub fn render(&self, view: &View<'_>) -> Value {
        let mut body = Map::new();
        let mut meta = None;
        for field in &self.fields {
            let Target { extension, attribute, .. } = field.target;
            let Some(value) = view.value(extension, attribute, None) else { continue };
            let Some(value) = field.shown(value.into_owned()) else { continue };
            match extension {
                None if attribute.name == "meta" => meta = Some(value),
                None => {
                    body.insert(attribute.name.clone(), value);
                }
                Some(uri) => {
                    let container = body.entry(uri).or_insert_with(|| Value::Object(Map::new()));
                    if let Some(members) = container.as_object_mut() {
                        members.insert(attribute.name.clone(), value);
                    }
                }
            }
        }
        if let Some(meta) = meta {
            body.insert("meta".to_owned(), meta);
        }
        Value::Object(body)
    }
}

impl Field<'_> {
    /// The value without the sub-attributes that are not to be shown; `None` where nothing is left.
    fn shown(&self, value: Value) -> Option<Value> {
        if self.target.attribute.sub_attributes.is_empty() {
            return Some(value);
        }
        match value {
            Value::Array(values) => {
                let values: Vec<Value> = values.into_iter().filter_map(|v| self.shown(v)).collect();
                (!values.is_empty()).then_some(Value::Array(values))
            }
            Value::Object(mut members) => {
                members.retain(|name, _| self.subs.iter().any(|sub| sub.name == *name));
                (!members.is_empty()).then_some(Value::Object(members))
            }
            // Only a service that stores mistyped values has others.
            other => Some(other),
        }
    }
}

/// What the client named, each once, however often it did.
fn named<'a>(kind: &'a Kind, projection: &Projection) -> Vec<Named<'a>> {
    let (Projection::Only(paths) | Projection::Without(paths)) = projection else { return Vec::new() };
    let mut seen = HashSet::new();
    paths.iter().filter(|path| seen.insert(*path)).filter_map(|path| kind.resolve(path)).collect()
}

fn field<'a>(
    projection: &Projection,
    named: &[Named<'_>],
    written: &[Target<'_>],
    target: Target<'a>,
) -> Option<Field<'a>> {
    let is_written =
        written.iter().any(|w| w.extension == target.extension && w.attribute == target.attribute);
    let mention = mention(named, target);
    if !is_shown(target.attribute.returned, projection, mention, is_written) {
        return None;
    }
    let subs = target.attribute.sub_attributes.iter().filter(|sub| {
        let sub_mention = self::mention(named, Target { sub: Some(sub), ..target });
        // An attribute named as a whole is shown with its default sub-attributes (RFC 7644 §3.9).
        match (projection, mention) {
            (Projection::Only(_), Mention::Part) => is_shown(sub.returned, projection, sub_mention, false),
            (Projection::Only(_), _) => {
                is_shown(sub.returned, &Projection::Default, Mention::None, is_written)
                    || (sub_mention == Mention::Whole && sub.returned != Returned::Never)
            }
            _ => is_shown(sub.returned, projection, sub_mention, is_written),
        }
    });
    let subs: Vec<&Attribute> = subs.collect();
    let has_something = target.attribute.sub_attributes.is_empty() || !subs.is_empty();
    has_something.then_some(Field { target, subs })
}

/// Whether an attribute is shown, by its `returned` and by how the client named it.
fn is_shown(returned: Returned, projection: &Projection, mention: Mention, is_written: bool) -> bool {
    match (returned, projection) {
        (Returned::Always, _) => true,
        (Returned::Never, _) => false,
        (Returned::Default, Projection::Default) => true,
        (Returned::Default | Returned::Request, Projection::Only(_)) => mention != Mention::None,
        (Returned::Default, Projection::Without(_)) => mention != Mention::Whole,
        (Returned::Request, Projection::Default) => is_written,
        (Returned::Request, Projection::Without(_)) => is_written && mention != Mention::Whole,
    }
}

fn mention(named: &[Named<'_>], target: Target<'_>) -> Mention {
    let mut found = Mention::None;
    for named in named {
        match how(*named, target) {
            Mention::Whole => return Mention::Whole,
            Mention::Part => found = Mention::Part,
            Mention::None => {}
        }
    }
    found
}

/// How what a path names relates to the target.
fn how(named: Named<'_>, target: Target<'_>) -> Mention {
    match named {
        Named::Extension(extension)
            if target.sub.is_none() && target.extension == Some(&extension.schema.id) =>
        {
            Mention::Whole
        }
        Named::Base if target.sub.is_none() && target.extension.is_none() => Mention::Whole,
        Named::Attribute(named)
            if named.extension == target.extension && named.attribute.name == target.attribute.name =>
        {
            match (named.sub, target.sub) {
                (None, None) => Mention::Whole,
                (Some(one), Some(other)) if one.name == other.name => Mention::Whole,
                (Some(_), None) => Mention::Part,
                _ => Mention::None,
            }
        }
        _ => Mention::None,
    }
}
