//! Mistakes in a case as a whole.
//! Must not know what stands inside a step.

use std::collections::HashSet;

use serde_json::Value;

use super::names::Names;
use super::{Checker, elements, key, value_of, words};
use crate::scim::{AttributeType, Mutability, Returned, Uniqueness};
use crate::suite::model::{AttributeQuery, Case, ForEach, Step, Watch};
use crate::suite::source::Node;

impl Checker<'_> {
    /// `ids` are those of all cases of the suite.
    pub fn case(&mut self, case: &Case, node: &Node, value: &Value, names: &Names, ids: &[String]) {
        self.case_id(&case.id, node);
        if case.verifies.is_empty() {
            self.tell(
                key(node, "verifies"),
                "the case verifies nothing",
                "the id of a requirement is expected",
            );
        }
        self.requirements(&case.verifies, node);
        self.weight(case, node);
        self.presumes(&case.presumes, node, ids);
        if case.presumes.contains(&case.id) {
            self.tell(key(node, "presumes"), "the case presumes itself", "another case is expected");
        }
        self.needs(&case.needs, node);
        let mut names = names.with_case(case);
        self.fixtures(&case.fixtures, node, value, &names);
        if let (Some(each), Some(member)) = (&case.for_each, node.member("for_each")) {
            self.for_each(each, &member.node);
        }
        self.claim(case, node);
        let steps = value.get("steps").and_then(Value::as_array);
        let nodes = elements(node, "steps");
        for ((step, node), value) in case.steps.iter().zip(nodes).zip(steps.into_iter().flatten()) {
            self.step(step, node, value, &mut names);
            self.leaves_shared(case, step, node);
        }
        if let (Some(watch), Some(member)) = (&case.watch, node.member("watch")) {
            let value = value.get("watch").unwrap_or(&Value::Null);
            self.watch(watch, &member.node, value);
        }
    }

    /// A fixture that other cases use too is not changed.
    fn leaves_shared(&mut self, case: &Case, step: &Step, node: &Node) {
        for (method, path) in [("put", &step.put), ("patch", &step.patch), ("delete", &step.delete)] {
            let starts = |name: &str| {
                let path = path.as_deref().and_then(|path| path.strip_prefix("{{")).unwrap_or_default();
                path.trim_start().strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))
            };
            let changed = case.fixtures.iter().find(|(name, fixture)| fixture.shared && starts(name));
            if let Some((name, _)) = changed {
                let message = format!("`{name}` is shared, and the case changes it");
                self.tell(value_of(node, method), message, "a fixture of the case's own is expected");
            }
        }
    }

    fn case_id(&mut self, id: &str, node: &Node) {
        if !words::is_case_id(id) {
            let right = words::case_id_of(id);
            let told = self.tell(
                value_of(node, "id"),
                format!("`{id}` is no id"),
                "lower case with hyphens is expected",
            );
            if words::is_case_id(&right) {
                told.help = Some(format!("write `{right}`"));
            }
        }
    }

    /// A weight may lower what the catalogue says, never raise it.
    fn weight(&mut self, case: &Case, node: &Node) {
        let first = case.verifies.first().and_then(|id| self.known.requirements.get(id));
        if let (Some(weight), Some(requirement)) = (case.weight, first)
            && weight > requirement.weight
        {
            let message = format!("the weight is more than that of {}", requirement.id);
            self.tell(value_of(node, "weight"), message, "less is expected").help =
                Some("leave `weight` out: the catalogue says how much a breach weighs".to_owned());
        }
    }

    /// `presumes` of a suite or of a case. A case of this suite is known here; one of another suite is looked for when all are read.
    pub fn presumes(&mut self, presumed: &[String], owner: &Node, ids: &[String]) {
        let spans: Vec<_> = match elements(owner, "presumes") {
            [] => vec![value_of(owner, "presumes")],
            many => many.iter().map(|node| node.span).collect(),
        };
        for (id, span) in presumed.iter().zip(spans) {
            if !id.contains('/') && !self.part {
                self.word(id, ids, span, "case");
            }
        }
    }

    /// Steps or a watch, and something in them that a server can break.
    fn claim(&mut self, case: &Case, node: &Node) {
        if self.part {
            return;
        }
        match (&case.watch, case.steps.is_empty()) {
            (Some(_), false) => {
                self.tell(
                    key(node, "watch"),
                    "the case has `steps` and a `watch`",
                    "one of them is expected",
                );
            }
            (None, true) => {
                self.tell(node.span, "the case does nothing", "`steps` or a `watch` is expected");
            }
            (None, false) if case.steps.iter().all(|step| step.expect.is_empty()) => {
                self.tell(
                    key(node, "steps"),
                    "the case claims nothing",
                    "an `expect` in one of the steps is expected",
                )
                .help = Some("`given` says what a step needs, `expect` what the case claims".to_owned());
            }
            _ => {}
        }
    }

    fn watch(&mut self, watch: &Watch, node: &Node, value: &Value) {
        if let Some(path) = &watch.path {
            self.regex(path, value_of(node, "path"));
        }
        let names = Names::everywhere();
        self.templates(node, value, &names);
        if let (Some(when), Some(member)) = (&watch.when, node.member("when")) {
            self.expect(when, &member.node, &names);
        }
        if watch.expect.is_empty() && watch.over_all.is_empty() {
            self.tell(
                key(node, "expect"),
                "the case claims nothing",
                "an `expect` or `over_all` is expected",
            );
        }
        let across = &self.known.across;
        for (check, node) in watch.over_all.iter().zip(elements(node, "over_all")) {
            self.word(check, across, node.span, "check over a run");
        }
        for (expect, node) in watch.expect.iter().zip(elements(node, "expect")) {
            self.expect(expect, node, &names);
        }
    }

    fn for_each(&mut self, each: &ForEach, node: &Node) {
        let chosen = [each.attribute.is_some(), each.resource_type.is_some(), each.item.is_some()];
        if chosen.iter().filter(|chosen| **chosen).count() != 1 && !self.part {
            self.tell(
                node.span,
                "`for_each` takes one thing",
                "`attribute`, `resource_type` or `item` is expected",
            );
        }
        if let (Some(query), Some(member)) = (&each.attribute, node.member("attribute")) {
            self.attribute_query(query, &member.node);
        }
        if let Some(items) = &each.item {
            self.items(items, node);
        }
    }

    fn attribute_query(&mut self, query: &AttributeQuery, node: &Node) {
        let types = |word: &str| AttributeType::parse(word).is_some();
        let mutability = |word: &str| Mutability::parse(word).is_some();
        let returned = |word: &str| Returned::parse(word).is_some();
        let uniqueness = |word: &str| Uniqueness::parse(word).is_some();
        self.keywords("type", &query.types, node, types);
        self.keywords("mutability", &query.mutability, node, mutability);
        self.keywords("returned", &query.returned, node, returned);
        self.keywords("uniqueness", &query.uniqueness, node, uniqueness);
    }

    fn keywords(&mut self, name: &str, words: &[String], node: &Node, is_keyword: impl Fn(&str) -> bool) {
        for (word, node) in words.iter().zip(elements(node, name)) {
            if !is_keyword(word) {
                let message = format!("`{word}` is no keyword of `{name}`");
                self.tell(node.span, message, "a keyword of RFC 7643 §7 is expected");
            }
        }
    }

    /// Each item must name its case, and each another one.
    fn items(&mut self, items: &[Value], node: &Node) {
        if items.is_empty() {
            self.tell(value_of(node, "item"), "the list is empty", "at least one item is expected");
        }
        let mut seen = HashSet::new();
        for (item, node) in items.iter().zip(elements(node, "item")) {
            let id = match item {
                Value::Object(members) => members.get("id").cloned(),
                other => Some(other.clone()),
            };
            match id {
                None => {
                    self.tell(node.span, "the item has no `id`", "an `id` that names the case is expected");
                }
                Some(id) if !seen.insert(id.to_string()) => {
                    self.tell(node.span, format!("there are two items {id}"), "another item is expected");
                }
                Some(_) => {}
            }
        }
    }
}
