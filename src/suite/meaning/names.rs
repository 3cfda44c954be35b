//! The names that templates can use at each place of a suite.
//! Must not know the values behind them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Checker;
use crate::nearest::nearest;
use crate::scim::urn;
use crate::suite::model::{Case, Suite};
use crate::suite::source::{Children, Node, Span};
use crate::suite::template;

/// Names that are there without being made (see `Fixtures` in docs/suite-language.md), and those that `for_each` binds.
pub const BUILTIN: [&str; 14] = [
    "run",
    "unique",
    "uuid",
    "fact",
    "urn",
    "new",
    "endpoint",
    "now",
    "target",
    "limit",
    "index",
    "attribute",
    "resource_type",
    "item",
];
/// Those of [`BUILTIN`] that are there at every place.
const EVERYWHERE: [&str; 10] =
    ["run", "unique", "uuid", "fact", "urn", "new", "endpoint", "now", "target", "limit"];

/// The names that a template can use.
#[derive(Clone, Default)]
pub struct Names {
    known: BTreeSet<String>,
    /// What steps further down capture.
    later: BTreeSet<String>,
}

/// Whether a client can be called so.
pub fn is_client(name: &str) -> bool {
    let first = name.starts_with(|c: char| c.is_ascii_lowercase());
    first && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

impl Names {
    pub fn everywhere() -> Self {
        let known = EVERYWHERE.iter().map(|&name| name.to_owned()).collect();
        Self { known, later: BTreeSet::new() }
    }

    pub fn of_suite(suite: &Suite) -> Self {
        let mut names = Self::everywhere();
        names.known.extend(suite.fixtures.keys().cloned());
        names
    }

    pub fn with_case(&self, case: &Case) -> Self {
        let mut names = self.clone();
        names.known.extend(case.fixtures.keys().cloned());
        names.later.extend(case.steps.iter().flat_map(|step| step.capture.keys().cloned()));
        if let Some(each) = &case.for_each {
            let bound = [
                ("attribute", each.attribute.is_some()),
                ("resource_type", each.resource_type.is_some()),
                ("item", each.item.is_some()),
            ];
            bound.iter().filter(|(_, bound)| *bound).for_each(|(name, _)| names.add(name));
        }
        names
    }

    pub fn add(&mut self, name: &str) {
        self.known.insert(name.to_owned());
    }

    pub fn contains(&self, name: &str) -> bool {
        self.known.contains(name)
    }

    pub fn nearest(&self, name: &str) -> Option<&str> {
        nearest(name, self.known.iter().map(String::as_str))
    }

    /// What helps somebody who used a name that is not there.
    fn help(&self, name: &str) -> Option<String> {
        if self.later.contains(name) {
            return Some("a later step captures it".to_owned());
        }
        let near = self.nearest(name).map(|near| format!("did you mean `{near}`?"));
        near.or_else(|| elsewhere(name))
    }
}

impl Checker<'_> {
    /// Checks every template in a value, names of members included.
    pub fn templates(&mut self, node: &Node, value: &Value, names: &Names) {
        match (value, &node.children) {
            (Value::String(text), _) => self.template(text, node.span, names),
            (Value::Array(values), Children::Elements(nodes)) => {
                for (value, node) in values.iter().zip(nodes) {
                    self.templates(node, value, names);
                }
            }
            (Value::Object(values), Children::Members(members)) => {
                for ((name, value), member) in values.iter().zip(members) {
                    self.template(name, member.key, names);
                    self.templates(&member.node, value, names);
                }
            }
            _ => {}
        }
    }

    fn template(&mut self, text: &str, span: Span, names: &Names) {
        let references = match template::references(text) {
            Ok(references) => references,
            Err(error) => {
                self.tell(span, error.message, "a template is expected").help = error.help;
                return;
            }
        };
        for reference in references {
            let name = reference.name;
            if !names.contains(&name) {
                let help = names.help(&name);
                if help.is_some() || !self.part {
                    self.tell(
                        span,
                        format!("there is no `{name}` here"),
                        "a fixture, a capture or a built-in name is expected",
                    )
                    .help = help;
                }
            } else if name == "urn" {
                self.urn(&reference.member.unwrap_or_default(), span);
            }
        }
    }

    fn urn(&mut self, member: &str, span: Span) {
        let known = || urn::BY_NAME.iter().map(|(name, _)| *name);
        if known().any(|name| name == member) {
            return;
        }
        let help = match nearest(member, known()) {
            Some(near) => format!("did you mean `urn.{near}`?"),
            None => format!("there are {}", known().collect::<Vec<_>>().join(", ")),
        };
        self.tell(span, format!("there is no `urn.{member}`"), "the last word of a URN is expected").help =
            Some(help);
    }
}

/// Where a name that exists can be used.
fn elsewhere(name: &str) -> Option<String> {
    let place = match name {
        "attribute" | "resource_type" | "item" => format!("`for_each: {{ {name}: … }}` binds it"),
        "index" => "it is there in the `with` of a fixture that has a `count`".to_owned(),
        _ => return None,
    };
    Some(place)
}
