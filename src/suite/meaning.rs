//! Mistakes that no schema can tell: names that nothing has, words that mean nothing, cases that claim nothing.
//! Must not know a target: what it offers is for the plan.

mod case;
mod expect;
mod matcher;
mod names;
mod step;
mod words;

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::diagnostic::Diagnostic;
use super::known::Known;
use super::model::{Fixture, Suite};
use super::source::{Node, Span, Spans};
use crate::nearest::nearest;
use crate::spec::RequirementId;

use names::Names;

/// Every mistake in a suite whose types are right, from top to bottom. `value` and `spans` are what it was read from.
/// Where that is only `part` of what the author wrote, nothing is said of what may be in the rest.
pub fn mistakes(
    suite: &Suite,
    value: &Value,
    spans: &Spans,
    known: &Known<'_>,
    part: bool,
) -> Vec<Diagnostic> {
    let mut checker = Checker { spans, known, part, mistakes: Vec::new() };
    checker.suite(suite, value);
    checker.mistakes.sort_by_key(|one| (one.place.line, one.place.column));
    checker.mistakes
}

struct Checker<'a> {
    spans: &'a Spans,
    known: &'a Known<'a>,
    /// The suite is not all that there is.
    part: bool,
    mistakes: Vec<Diagnostic>,
}

impl Checker<'_> {
    fn suite(&mut self, suite: &Suite, value: &Value) {
        let root = &self.spans.root;
        self.needs(&suite.needs, root);
        self.client(suite, value);
        let names = Names::of_suite(suite);
        self.fixtures(&suite.fixtures, root, value, &names);
        let cases = value.get("cases").and_then(Value::as_array);
        let nodes = elements(root, "cases");
        let ids: Vec<String> = suite.cases.iter().map(|case| case.id.clone()).collect();
        self.presumes(&suite.presumes, root, &ids);
        for ((case, node), value) in suite.cases.iter().zip(nodes).zip(cases.into_iter().flatten()) {
            self.case(case, node, value, &names, &ids);
        }
        self.unique_ids(suite, nodes);
    }

    /// The client that the suite plays, and what only a client has.
    fn client(&mut self, suite: &Suite, value: &Value) {
        let root = &self.spans.root;
        for (name, node) in suite.client.iter().zip(elements(root, "client")) {
            if !names::is_client(name) {
                let expected = "lower-case letters, digits and hyphens are expected";
                self.tell(node.span, format!("`{name}` is no name of a client"), expected);
            }
        }
        for of_client in ["headers", "form_query"] {
            if root.member(of_client).is_some() && suite.client.is_empty() && !self.part {
                let expected = "`client` is expected beside it";
                self.tell(key(root, of_client), format!("`{of_client}` is how a client sends"), expected);
            }
        }
        if let (Some(headers), Some(value)) = (root.member("headers"), value.get("headers")) {
            self.templates(&headers.node, value, &Names::everywhere());
        }
    }

    fn unique_ids(&mut self, suite: &Suite, nodes: &[Node]) {
        let mut lines: HashMap<&str, usize> = HashMap::new();
        for (case, node) in suite.cases.iter().zip(nodes) {
            let span = value_of(node, "id");
            if let Some(first) = lines.insert(&case.id, span.start.line) {
                self.tell(
                    span,
                    format!("two cases have the id `{}`", case.id),
                    "an id of its own is expected",
                )
                .help = Some(format!("the other is in line {first}"));
            }
        }
    }

    /// `fixtures` of a suite or of a case. Names of fixtures are names in templates.
    fn fixtures(&mut self, fixtures: &BTreeMap<String, Fixture>, owner: &Node, value: &Value, names: &Names) {
        let Some(named) = owner.member("fixtures") else { return };
        for (name, fixture) in fixtures {
            let Some(member) = named.node.member(name) else { continue };
            self.new_name(name, member.key);
            if fixture.count == Some(0) {
                let span = value_of(&member.node, "count");
                self.tell(span, "`count` is 0", "a number from 1 is expected");
            }
            let value = value.get("fixtures").and_then(|fixtures| fixtures.get(name));
            let mut names = names.clone();
            if fixture.count.is_some() {
                names.add("index");
            }
            self.templates(&member.node, value.unwrap_or(&Value::Null), &names);
        }
    }

    /// A name that a suite gives to something must be one that templates can write, and no one else's.
    fn new_name(&mut self, name: &str, span: Span) {
        let first = name.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
        if !first || !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')) {
            self.tell(
                span,
                format!("`{name}` is no name"),
                "a letter, then letters, digits, `_` and `-` are expected",
            );
        } else if names::BUILTIN.contains(&name) {
            self.tell(
                span,
                format!("`{name}` has a meaning of its own in templates"),
                "another name is expected",
            );
        }
    }

    fn requirements(&mut self, ids: &[RequirementId], node: &Node) {
        let Some(member) = node.member("verifies") else { return };
        for (id, node) in ids.iter().zip(member.node.one_or_many()) {
            if self.known.requirements.get(id).is_none() {
                let near = self.known.requirements.nearest(&id.0).map(|id| format!("did you mean `{id}`?"));
                self.tell(
                    node.span,
                    format!("there is no requirement `{id}`"),
                    "an id of the catalogue is expected",
                )
                .help = near;
            }
        }
    }

    fn needs(&mut self, needs: &[String], owner: &Node) {
        for (need, node) in needs.iter().zip(elements(owner, "needs")) {
            if let Err(wrong) = words::need(need, &self.known.features) {
                self.tell(node.span, wrong.message, wrong.expected).help = wrong.help;
            }
        }
    }

    /// A word that must be one of a list; nothing is checked where the list is empty.
    fn word(&mut self, word: &str, right: &[String], span: Span, kind: &str) {
        if right.is_empty() || right.iter().any(|one| one == word) {
            return;
        }
        let near = nearest(word, right.iter().map(String::as_str));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", right.join(", ")),
        };
        self.tell(
            span,
            format!("there is no {kind} `{word}`"),
            format!("the name of a {kind} is expected"),
        )
        .help = Some(help);
    }

    fn tell(
        &mut self,
        span: Span,
        message: impl Into<String>,
        expected: impl Into<String>,
    ) -> &mut Diagnostic {
        let at = self.mistakes.len();
        self.mistakes.push(self.spans.diagnostic(span, message).expected(expected));
        &mut self.mistakes[at]
    }
}

/// The elements of a list that is a member of a mapping.
fn elements<'a>(node: &'a Node, name: &str) -> &'a [Node] {
    node.member(name).map_or(&[], |member| member.node.one_or_many())
}

/// The key of a member, or the mapping itself.
fn key(node: &Node, name: &str) -> Span {
    node.member(name).map_or(node.span, |member| member.key)
}

/// The value of a member, or the mapping itself.
fn value_of(node: &Node, name: &str) -> Span {
    node.member(name).map_or(node.span, |member| member.node.span)
}
