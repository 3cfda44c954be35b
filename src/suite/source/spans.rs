//! Where the values of a YAML document stand in its text.
//! Must not know how the text was parsed.

use std::sync::Arc;

use crate::suite::diagnostic::Diagnostic;
use crate::suite::model::Place;

/// A place in a text; both count from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: usize,
    pub column: usize,
}

/// From a place to the place behind the last character. Both are the same where only the beginning is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub start: Position,
    pub end: Position,
}

/// A value in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub span: Span,
    pub children: Children,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Children {
    None,
    Elements(Vec<Node>),
    Members(Vec<Member>),
}

/// A member of a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub name: String,
    pub key: Span,
    pub node: Node,
}

impl Node {
    /// The value of a member, where the node is a mapping that has it.
    pub fn member(&self, name: &str) -> Option<&Member> {
        match &self.children {
            Children::Members(members) => members.iter().find(|member| member.name == name),
            _ => None,
        }
    }

    /// The elements of a list; of anything else, the node itself: where the type takes one thing or a list of them.
    pub fn one_or_many(&self) -> &[Node] {
        match &self.children {
            Children::Elements(elements) => elements,
            _ => std::slice::from_ref(self),
        }
    }

    pub fn elements(&self) -> &[Node] {
        match &self.children {
            Children::Elements(elements) => elements,
            _ => &[],
        }
    }

    fn child_mut(&mut self, name: &str) -> Option<&mut Node> {
        match &mut self.children {
            Children::Members(members) => {
                members.iter_mut().find(|member| member.name == name).map(|member| &mut member.node)
            }
            Children::Elements(elements) => elements.get_mut(name.parse::<usize>().ok()?),
            Children::None => None,
        }
    }

    /// How deeply collections are nested in it; 0 for a scalar.
    pub fn height(&self) -> usize {
        match &self.children {
            Children::None => 0,
            Children::Elements(elements) => 1 + elements.iter().map(Self::height).max().unwrap_or(0),
            Children::Members(members) => 1 + members.iter().map(|one| one.node.height()).max().unwrap_or(0),
        }
    }

    /// How many nodes it is, itself included.
    pub fn size(&self) -> usize {
        match &self.children {
            Children::None => 1,
            Children::Elements(elements) => 1 + elements.iter().map(Self::size).sum::<usize>(),
            Children::Members(members) => 1 + members.iter().map(|one| one.node.size()).sum::<usize>(),
        }
    }
}

/// The spans of a document, with its text.
#[derive(Debug, Clone)]
pub struct Spans {
    pub file: Arc<str>,
    pub root: Node,
    text: Arc<str>,
}

impl Spans {
    pub fn new(file: Arc<str>, text: Arc<str>, root: Node) -> Self {
        Self { file, root, text }
    }

    /// The same text with other nodes of it.
    pub fn with_root(&self, root: Node) -> Self {
        Self { root, ..self.clone() }
    }

    /// Takes a member away, with what is in it.
    pub fn remove(&mut self, pointer: &str, name: &str) {
        let mut at = &mut self.root;
        for token in pointer.split('/').skip(1) {
            match at.child_mut(&unescape(token)) {
                Some(child) => at = child,
                None => return,
            }
        }
        if let Children::Members(members) = &mut at.children {
            members.retain(|member| member.name != name);
        }
    }

    /// The place of a value.
    pub fn place(&self, node: &Node) -> Place {
        Place { file: self.file.clone(), line: node.span.start.line, column: node.span.start.column }
    }

    /// The value to which a JSON Pointer leads, or the last that exists on the way.
    pub fn node(&self, pointer: &str) -> &Node {
        self.walk(pointer).1
    }

    /// The key of the value to which a JSON Pointer leads, or its own span where it has none.
    pub fn key(&self, pointer: &str) -> Span {
        let (member, node) = self.walk(pointer);
        member.map_or(node.span, |member| member.key)
    }

    /// A mistake at this span.
    pub fn diagnostic(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        diagnostic(&self.file, &self.text, span, message)
    }

    fn walk(&self, pointer: &str) -> (Option<&Member>, &Node) {
        let mut at = (None, &self.root);
        for token in pointer.split('/').skip(1) {
            let name = unescape(token);
            let next = match &at.1.children {
                Children::Members(_) => at.1.member(&name).map(|member| (Some(member), &member.node)),
                children => name.parse::<usize>().ok().and_then(|index| match children {
                    Children::Elements(elements) => elements.get(index).map(|node| (None, node)),
                    _ => None,
                }),
            };
            match next {
                Some(next) => at = next,
                None => break,
            }
        }
        at
    }
}

/// A token of a JSON Pointer as the name that it stands for (RFC 6901 §4).
fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

/// A mistake at a span of a text that may not have been parsed.
pub fn diagnostic(file: &Arc<str>, text: &str, span: Span, message: impl Into<String>) -> Diagnostic {
    let Position { line, column } = span.start;
    let end_column = if span.end.line == line { span.end.column } else { column };
    Diagnostic {
        place: Place { file: file.clone(), line, column },
        end_column,
        line: text.lines().nth(line.saturating_sub(1)).unwrap_or_default().to_owned(),
        message: message.into(),
        expected: String::new(),
        help: None,
    }
}
