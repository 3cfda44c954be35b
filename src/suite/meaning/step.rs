//! Mistakes in a step.
//! Must not know the case around it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::names::Names;
use super::{Checker, elements, key, value_of};
use crate::nearest::nearest;
use crate::suite::duration;
use crate::suite::model::{Capture, Step};
use crate::suite::source::{Children, Node};

/// The keys of which a step has exactly one.
const ACTIONS: [&str; 12] =
    ["get", "post", "put", "patch", "delete", "head", "options", "send", "read", "list", "hook", "wait"];
/// What only a request can have.
const OF_REQUESTS: [&str; 14] = [
    "given",
    "skip_if",
    "expect",
    "eventually",
    "field",
    "query",
    "raw_query",
    "headers",
    "body",
    "form",
    "multipart",
    "raw",
    "raw_base64",
    "wire",
];
/// Those that a hook can have too: its result is judged like the body of an answer.
const OF_HOOKS: [&str; 4] = ["given", "skip_if", "expect", "eventually"];
const BODIES: [&str; 5] = ["body", "form", "multipart", "raw", "raw_base64"];

impl Checker<'_> {
    /// Names that the step captures are there for the steps after it.
    pub fn step(&mut self, step: &Step, node: &Node, value: &Value, names: &mut Names) {
        self.action(node);
        self.only_one(node, &BODIES, "a request has one body");
        self.only_one(node, &["query", "raw_query"], "a request has one query");
        self.path(step, node);
        self.field(step, node);
        self.durations(step, node);
        self.templates(node, value, names);
        if let Some(raw) = step.raw_base64.as_deref().filter(|raw| !raw.contains("{{"))
            && STANDARD.decode(raw).is_err()
        {
            self.tell(
                value_of(node, "raw_base64"),
                "this is not base64",
                "base64 with its padding is expected",
            );
        }
        if let (Some(body), Some(member)) = (&step.body, node.member("body")) {
            self.body(body, &member.node);
        }
        for (expects, name) in [(&step.given, "given"), (&step.skip_if, "skip_if"), (&step.expect, "expect")]
        {
            for (expect, node) in expects.iter().zip(elements(node, name)) {
                self.expect(expect, node, names);
                if name == "skip_if" && expect.because.is_none() && !self.part {
                    self.tell(node.span, "a case is skipped for no reason", "`because` is expected");
                }
            }
        }
        self.captures(step, node, names);
    }

    fn action(&mut self, node: &Node) {
        let actions: Vec<_> = ACTIONS.iter().filter_map(|action| node.member(action)).collect();
        match actions.as_slice() {
            [] if self.part => {}
            [] => {
                self.tell(node.span, "the step does nothing", "one action is expected").help =
                    Some(format!("the actions are {}", ACTIONS.join(", ")));
            }
            [only] if matches!(only.name.as_str(), "hook" | "wait") => {
                let action = only.name.clone();
                let allowed = |name: &&str| action == "hook" && OF_HOOKS.contains(name);
                for name in OF_REQUESTS.into_iter().filter(|name| !allowed(name)) {
                    if let Some(member) = node.member(name) {
                        let message = format!("a `{action}` has no `{name}`: it sends no request");
                        self.tell(member.key, message, "this belongs to a request");
                    }
                }
            }
            [_] => {
                if let Some(with) = node.member("with") {
                    self.tell(with.key, "`with` belongs to a `hook`", "`body` is expected");
                }
            }
            [.., last] => {
                let names: Vec<_> = actions.iter().map(|member| format!("`{}`", member.name)).collect();
                let message = format!("the step has {}", names.join(" and "));
                self.tell(last.key, message, "one action is expected").help =
                    Some("make another step of it: begin a line with `- `".to_owned());
            }
        }
    }

    fn only_one(&mut self, node: &Node, names: &[&str], message: &str) {
        let mut found = names.iter().filter_map(|name| node.member(name));
        if let (Some(first), Some(second)) = (found.next(), found.next()) {
            let expected = format!("`{}` is there already", first.name);
            self.tell(second.key, message, expected);
        }
    }

    fn path(&mut self, step: &Step, node: &Node) {
        let Some((_, path)) = step.request() else { return };
        let right =
            path.is_empty() || ["/", "{{", "http://", "https://"].iter().any(|start| path.starts_with(start));
        if !right {
            let span = ACTIONS.iter().find_map(|action| node.member(action)).map_or(node.span, |member| {
                member.node.member("path").map_or(member.node.span, |path| path.node.span)
            });
            self.tell(span, format!("`{path}` is no path"), "a path below the base is expected").help =
                Some(format!("write `/{path}`"));
        }
    }

    /// A field that a credential can go in.
    fn field(&mut self, step: &Step, node: &Node) {
        let Some(field) = step.field.as_deref().filter(|field| !field.contains("{{")) else { return };
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if field.is_empty() || !field.bytes().all(is_token) {
            self.tell(
                value_of(node, "field"),
                format!("`{field}` is no name of a header field"),
                "a name such as Authorization or PRIVATE-TOKEN is expected",
            );
        }
        if step.principal.as_deref() == Some("none") {
            self.tell(
                key(node, "field"),
                "`as: none` has nothing to send in a field",
                "a credential is expected",
            );
        }
    }

    fn durations(&mut self, step: &Step, node: &Node) {
        for (text, name) in [(&step.wait, "wait"), (&step.eventually, "eventually")] {
            if let Some(text) = text.as_deref().filter(|text| !text.contains("{{"))
                && duration::parse(text).is_none()
            {
                self.tell(
                    value_of(node, name),
                    format!("`{text}` is no duration"),
                    "a duration is expected",
                )
                .help = Some("write a whole number with its unit: `1100ms`, `2s`, `5m`".to_owned());
            }
        }
        if step.eventually.is_some() && step.expect.is_empty() && !self.part {
            self.tell(
                key(node, "eventually"),
                "`eventually` waits for nothing",
                "an `expect` is expected in the step",
            );
        }
    }

    /// `$from` and `$drop`, wherever they stand in a body. Other names with a `$` are members like all.
    fn body(&mut self, value: &Value, node: &Node) {
        match (value, &node.children) {
            (Value::Array(values), Children::Elements(nodes)) => {
                for (value, node) in values.iter().zip(nodes) {
                    self.body(value, node);
                }
            }
            (Value::Object(values), Children::Members(members)) => {
                if let Some(drop) = node.member("$drop").filter(|_| node.member("$from").is_none()) {
                    self.tell(
                        drop.key,
                        "`$drop` takes members away from nothing",
                        "`$from` is expected beside it",
                    );
                }
                for ((name, value), member) in values.iter().zip(members) {
                    let ours = matches!(name.as_str(), "$from" | "$drop" | "$repeat" | "$times" | "$ref");
                    if let Some(near) = nearest(name, ["$from", "$drop", "$repeat", "$times"])
                        .filter(|_| name.starts_with('$') && !ours)
                    {
                        self.tell(
                            member.key,
                            format!("`{name}` has no meaning"),
                            "`$from`, `$drop`, `$repeat` or `$times` is expected",
                        )
                        .help = Some(format!("did you mean `{near}`?"));
                    }
                    self.body(value, &member.node);
                }
            }
            _ => {}
        }
    }

    fn captures(&mut self, step: &Step, node: &Node, names: &mut Names) {
        let Some(captures) = node.member("capture") else { return };
        for (name, capture) in &step.capture {
            let Some(member) = captures.node.member(name) else { continue };
            self.new_name(name, member.key);
            if let Capture::Pointer(pointer) = capture
                && !pointer.is_empty()
                && !pointer.starts_with('/')
            {
                self.tell(
                    member.node.span,
                    format!("`{pointer}` is no JSON Pointer"),
                    "a JSON Pointer is expected",
                )
                .help = Some(format!("write `/{}`", pointer.replace('.', "/")));
            }
            names.add(name);
        }
    }
}
