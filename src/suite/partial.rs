//! The parts of a suite that can be read although others cannot, so that their mistakes are told at the same time.
//! Must not make a suite that is run.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::model::{Case, Fixture};
use super::source::{Children, Member, Node, Spans};

/// A suite of the cases and fixtures that have the right types, with the spans that belong to it.
/// A fixture that has not is kept by its name alone: other parts may use it.
pub fn readable(value: &Value, spans: &Spans) -> (Value, Spans) {
    let mut out = Kept::default();
    out.values.insert("suite".to_owned(), json!(""));
    if let (Some(values), Children::Members(members)) = (value.as_object(), &spans.root.children) {
        for ((name, value), member) in values.iter().zip(members) {
            match name.as_str() {
                "cases" => out.add(member, readable_cases(value, &member.node)),
                "fixtures" => out.add(member, (readable_fixtures(value, &member.node), member.node.clone())),
                "needs" if reads::<Vec<String>>(value) => {
                    out.add(member, (value.clone(), member.node.clone()))
                }
                _ => {}
            }
        }
    }
    let root = Node { span: spans.root.span, children: Children::Members(out.members) };
    (Value::Object(out.values), spans.with_root(root))
}

#[derive(Default)]
struct Kept {
    values: Map<String, Value>,
    members: Vec<Member>,
}

impl Kept {
    fn add(&mut self, member: &Member, (value, node): (Value, Node)) {
        self.values.insert(member.name.clone(), value);
        self.members.push(Member { node, ..member.clone() });
    }
}

fn readable_cases(value: &Value, node: &Node) -> (Value, Node) {
    let values = value.as_array().into_iter().flatten();
    let kept = values.zip(node.elements()).filter(|(value, _)| reads::<Case>(value));
    let (values, nodes) = kept.map(|(value, node)| (value.clone(), node.clone())).unzip();
    (Value::Array(values), Node { span: node.span, children: Children::Elements(nodes) })
}

fn readable_fixtures(value: &Value, node: &Node) -> Value {
    let by_name = |name: &str, value: &Value| match reads::<Fixture>(value) {
        true => value.clone(),
        false => json!({ "type": name }),
    };
    match (value, &node.children) {
        (Value::Object(values), Children::Members(_)) => {
            values.iter().map(|(name, value)| (name.clone(), by_name(name, value))).collect()
        }
        _ => json!({}),
    }
}

fn reads<T: DeserializeOwned>(value: &Value) -> bool {
    T::deserialize(value).is_ok()
}
