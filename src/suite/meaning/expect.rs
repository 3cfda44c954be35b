//! Mistakes in an expectation.
//! Must not judge any answer.

use serde_json::Value;

use super::names::Names;
use super::{Checker, elements, value_of, words};
use crate::suite::model::Expect;
use crate::suite::source::{Children, Node, Span};

impl Checker<'_> {
    pub fn expect(&mut self, expect: &Expect, node: &Node, names: &Names) {
        if let Some(id) = &expect.verifies {
            self.requirements(std::slice::from_ref(id), node);
        }
        if asks_nothing(expect) && !self.part {
            self.tell(
                node.span,
                "the expectation asks nothing",
                "a `status`, a `body`, a `check` … is expected",
            );
        }
        let errors = expect.error.iter().flat_map(|error| &error.status);
        let error_nodes = node.member("error").map_or(&[][..], |member| elements(&member.node, "status"));
        let statuses = expect.status.iter().zip(elements(node, "status")).chain(errors.zip(error_nodes));
        let wrong: Vec<Span> =
            statuses.filter(|(one, _)| !words::is_status(one)).map(|(_, node)| node.span).collect();
        for span in wrong {
            self.tell(
                span,
                "this is no status",
                "a status such as `200`, or a class such as `2xx` is expected",
            );
        }
        if let Some(schema) =
            expect.schema.as_deref().filter(|name| !name.starts_with("target:") && !name.contains("{{"))
        {
            let schemas = &self.known.schemas;
            self.word(schema, schemas, value_of(node, "schema"), "schema");
        }
        let checks = &self.known.checks;
        for (check, node) in expect.check.iter().zip(elements(node, "check")) {
            self.word(check, checks, node.span, "check");
        }
        for (entries, name) in
            [(&expect.finds, "finds"), (&expect.misses, "misses"), (&expect.order, "order")]
        {
            self.resources(entries, elements(node, name), names);
        }
        self.matchers(expect, node);
        if node.member("any_of").is_some() && expect.any_of.is_empty() {
            self.tell(value_of(node, "any_of"), "the list is empty", "one of its expectations must hold");
        }
        for (expect, node) in expect.any_of.iter().zip(elements(node, "any_of")) {
            self.expect(expect, node, names);
        }
    }

    /// Entries of `finds`, `misses` and `order`: names of fixtures or captures, or templates.
    fn resources(&mut self, entries: &[String], nodes: &[Node], names: &Names) {
        for (entry, node) in entries.iter().zip(nodes) {
            let near = names.nearest(entry).map(|near| format!("did you mean `{near}`?"));
            if !entry.contains("{{") && !names.contains(entry) && (near.is_some() || !self.part) {
                self.tell(
                    node.span,
                    format!("there is no fixture `{entry}`"),
                    "a fixture or the id of a resource is expected",
                )
                .help = near;
            }
        }
    }

    fn matchers(&mut self, expect: &Expect, node: &Node) {
        if let (Some(body), Some(member)) = (&expect.body, node.member("body")) {
            self.matcher(body, &member.node);
        }
        let Some(headers) = node.member("headers") else { return };
        if let Children::Members(members) = &headers.node.children {
            for (value, member) in expect.headers.values().zip(members) {
                self.matcher(value, &member.node);
                if matches!(value, Value::Array(_) | Value::Null) {
                    self.tell(
                        member.node.span,
                        "a header field is a text",
                        "a text or a matcher is expected",
                    );
                }
            }
        }
    }
}

/// Whether any answer would do.
fn asks_nothing(expect: &Expect) -> bool {
    expect.status.is_empty()
        && expect.headers.is_empty()
        && expect.media_type.is_empty()
        && expect.schema.is_none()
        && expect.body.is_none()
        && expect.empty.is_none()
        && expect.error.is_none()
        && expect.finds.is_empty()
        && expect.misses.is_empty()
        && expect.order.is_empty()
        && expect.check.is_empty()
        && expect.any_of.is_empty()
}
