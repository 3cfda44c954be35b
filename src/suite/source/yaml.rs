//! The YAML parser's events become a value and its spans. The only module that names the parser.
//! Must not know any type that is read from YAML.

use std::collections::HashMap;
use std::sync::Arc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span as ParserSpan, Tag};
use serde_json::{Map, Value};

use super::scalar;
use super::spans::{self, Children, Member, Node, Position, Span, Spans};
use crate::suite::diagnostic::Diagnostic;

/// Deeper nesting is refused, so that nothing that walks a value can run out of stack.
const MAX_DEPTH: usize = 64;
/// So many values may come out of aliases in one file.
const MAX_ALIASED: usize = 20_000;

/// The text of a file, without a byte order mark.
pub fn decode(file: &str, bytes: &[u8]) -> Result<Arc<str>, Vec<Diagnostic>> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text).into()),
        Err(error) => Err(vec![not_utf8(file, bytes, error.valid_up_to())]),
    }
}

fn not_utf8(file: &str, bytes: &[u8], valid: usize) -> Diagnostic {
    let text = String::from_utf8_lossy(bytes);
    let before = String::from_utf8_lossy(bytes.get(..valid).unwrap_or_default());
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let start = Position {
        line: before.matches('\n').count() + 1,
        column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
    };
    let end = Position { column: start.column + 1, ..start };
    spans::diagnostic(&file.into(), &text, Span { start, end }, "the file is not UTF-8")
        .expected("this byte begins no character")
        .help("save the file in the encoding UTF-8")
}

/// Reads one document.
pub fn parse(file: &str, text: &Arc<str>) -> Result<(Value, Spans), Vec<Diagnostic>> {
    let file: Arc<str> = file.into();
    let mut builder = Builder::new(&file, text);
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => builder.take(event, convert(span)),
            Err(error) => builder.syntax_error(&error),
        }
        if builder.stopped {
            break;
        }
    }
    let Builder { mistakes, root, .. } = builder;
    match root {
        _ if !mistakes.is_empty() => Err(mistakes),
        Some((value, node)) => Ok((value, Spans::new(file, text.clone(), node))),
        None => {
            let start = Position { line: 1, column: 1 };
            Err(vec![
                spans::diagnostic(&file, text, Span { start, end: start }, "the file is empty")
                    .expected("a YAML mapping is expected"),
            ])
        }
    }
}

/// A collection that is still open.
struct Frame {
    span: Span,
    anchor: usize,
    content: Content,
}

enum Content {
    List(Vec<Value>, Vec<Node>),
    Mapping { values: Map<String, Value>, members: Vec<Member>, key: Option<(String, Span)> },
}

struct Builder<'a> {
    file: &'a Arc<str>,
    text: &'a str,
    open: Vec<Frame>,
    anchors: HashMap<usize, (Value, Node)>,
    aliased: usize,
    root: Option<(Value, Node)>,
    mistakes: Vec<Diagnostic>,
    /// Nothing after this point can be trusted.
    stopped: bool,
}

impl<'a> Builder<'a> {
    fn new(file: &'a Arc<str>, text: &'a str) -> Self {
        Self {
            file,
            text,
            open: Vec::new(),
            anchors: HashMap::new(),
            aliased: 0,
            root: None,
            mistakes: Vec::new(),
            stopped: false,
        }
    }

    fn take(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, anchor, tag.as_deref(), span)
            }
            Event::SequenceStart(anchor, tag) => {
                self.check_tag(tag.as_deref(), span);
                self.start(Frame { span, anchor, content: Content::List(Vec::new(), Vec::new()) });
            }
            Event::MappingStart(anchor, tag) => {
                self.check_tag(tag.as_deref(), span);
                let content = Content::Mapping { values: Map::new(), members: Vec::new(), key: None };
                self.start(Frame { span, anchor, content });
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::DocumentStart(_) if self.root.is_some() => {
                self.stop(span, "there is a second document", "a file holds one document");
            }
            _ => {}
        }
    }

    fn start(&mut self, frame: Frame) {
        if self.open.len() >= MAX_DEPTH {
            let message = format!("nested more than {MAX_DEPTH} levels deep");
            return self.stop(frame.span, message, "this is one level too many");
        }
        if matches!(self.open.last(), Some(Frame { content: Content::Mapping { key: None, .. }, .. })) {
            self.stop(frame.span, "a key is a list or a mapping", "a key is a text");
            if let Some(mistake) = self.mistakes.last_mut() {
                mistake.help =
                    Some("a text that begins with `{` or `[`, as a template does, needs quotes".to_owned());
            }
            return;
        }
        self.open.push(frame);
    }

    fn end(&mut self, end: Span) {
        let Some(Frame { span, anchor, content }) = self.open.pop() else { return };
        let flow = end.end > end.start;
        let span =
            if flow { Span { start: span.start, end: end.end } } else { Span { end: span.start, ..span } };
        let (value, children) = match content {
            Content::List(values, nodes) => (Value::Array(values), Children::Elements(nodes)),
            Content::Mapping { values, members, .. } => (Value::Object(values), Children::Members(members)),
        };
        self.add(value, Node { span, children }, anchor);
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, anchor: usize, tag: Option<&Tag>, span: Span) {
        let is_key =
            matches!(self.open.last(), Some(Frame { content: Content::Mapping { key: None, .. }, .. }));
        let told_text = tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
        if !told_text {
            self.check_tag(tag, span);
        }
        let value = if style != ScalarStyle::Plain || told_text || is_key {
            Value::String(text.to_owned())
        } else {
            scalar::resolve(text)
        };
        self.add(value, Node { span, children: Children::None }, anchor);
    }

    /// A copy of what the anchor marks, at the place of the alias.
    fn alias(&mut self, anchor: usize, span: Span) {
        let Some((value, node)) = self.anchors.get(&anchor).cloned() else {
            return self.stop(span, "an alias inside the value that it names", "this would have no end");
        };
        self.aliased += node.size();
        if self.aliased > MAX_ALIASED || self.open.len() + node.height() > MAX_DEPTH {
            return self.stop(
                span,
                "the aliases of this file stand for too many values",
                "one alias too many",
            );
        }
        self.add(value, Node { span, ..node }, 0);
    }

    fn add(&mut self, value: Value, node: Node, anchor: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, (value.clone(), node.clone()));
        }
        let Some(frame) = self.open.last_mut() else {
            self.root = Some((value, node));
            return;
        };
        match &mut frame.content {
            Content::List(values, nodes) => {
                values.push(value);
                nodes.push(node);
            }
            Content::Mapping { values, members, key } => match key.take() {
                None => match value {
                    Value::String(name) => *key = Some((name, node.span)),
                    _ => self.stop(node.span, "a key is not a text", "a key is a text"),
                },
                Some((name, span)) if values.contains_key(&name) => self.duplicate(&name, span),
                Some((name, span)) => {
                    values.insert(name.clone(), value);
                    members.push(Member { name, key: span, node });
                }
            },
        }
    }

    fn duplicate(&mut self, name: &str, span: Span) {
        let first = match self.open.last() {
            Some(Frame { content: Content::Mapping { members, .. }, .. }) => {
                members.iter().find(|member| member.name == name).map(|member| member.key.start.line)
            }
            _ => None,
        };
        let mistake =
            spans::diagnostic(self.file, self.text, span, format!("`{name}` stands twice in one mapping"))
                .expected("the second time");
        self.mistakes.push(match first {
            Some(line) => mistake.help(format!("the first is in line {line}; is the indentation right?")),
            None => mistake,
        });
    }

    fn check_tag(&mut self, tag: Option<&Tag>, span: Span) {
        if let Some(tag) = tag {
            let mistake = spans::diagnostic(
                self.file,
                self.text,
                span,
                format!("the tag `{}` has no meaning here", tag.suffix),
            );
            self.mistakes.push(
                mistake
                    .expected("of this value")
                    .help("leave the tag out; put a text that looks like a number in quotes"),
            );
        }
    }

    fn stop(&mut self, span: Span, message: impl Into<String>, expected: &str) {
        self.mistakes.push(spans::diagnostic(self.file, self.text, span, message).expected(expected));
        self.stopped = true;
    }

    fn syntax_error(&mut self, error: &ScanError) {
        self.stopped = true;
        let start = position(error.marker());
        if let Some(diagnostic) = self.tab_before(start.line) {
            self.mistakes.push(diagnostic);
            return;
        }
        let span = Span { start, end: start };
        self.mistakes.push(
            spans::diagnostic(self.file, self.text, span, format!("this is not YAML: {}", error.info()))
                .expected("the mistake is here or just before")
                .help("check the indentation, and put texts with `: `, ` #`, `{`, `[` or quotes into quotes"),
        );
    }

    /// Tabs are so often the reason, and so hard to see, that they are looked for around every syntax error.
    fn tab_before(&self, line: usize) -> Option<Diagnostic> {
        let (at, text) =
            self.text.lines().enumerate().take(line + 1).skip(line.saturating_sub(2)).find(|(_, text)| {
                let blank = text.len() - text.trim_start().len();
                text.get(..blank).is_some_and(|blank| blank.contains('\t'))
            })?;
        let column = text.find('\t')? + 1;
        let start = Position { line: at + 1, column };
        let end = Position { column: column + 1, ..start };
        Some(
            spans::diagnostic(self.file, self.text, Span { start, end }, "a tab in the indentation")
                .expected("YAML is indented with spaces")
                .help("replace the tab by spaces"),
        )
    }
}

fn convert(span: ParserSpan) -> Span {
    Span { start: position(&span.start), end: position(&span.end) }
}

fn position(marker: &Marker) -> Position {
    Position { line: marker.line().max(1), column: marker.col() + 1 }
}
