//! A mistake of the author of a suite, a profile or another YAML file: where, what, and what would be right.
//! Must not know what the files are about, nor whether anybody looks at a terminal.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::model::Place;

/// One mistake, with the line on which it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub place: Place,
    /// The column behind the wrong part; that of `place` where only its beginning is known.
    pub end_column: usize,
    /// The line itself, without its line break.
    pub line: String,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What was expected at this place.
    pub expected: String,
    /// What would mend it: the nearest right word, the list of right ones, a check of the indentation.
    pub help: Option<String>,
}

impl Diagnostic {
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = expected.into();
        self
    }

    /// Several lines, the last without its line break, with ANSI colours where `colour` is set.
    pub fn render(&self, colour: bool) -> String {
        let snippet = Snippet::source(self.line.as_str())
            .line_start(self.place.line)
            .path(&*self.place.file)
            .annotation(AnnotationKind::Primary.span(self.bytes()).label(self.expected.as_str()));
        let mut report: Group<'_> = Level::ERROR.primary_title(self.message.as_str()).element(snippet);
        if let Some(help) = &self.help {
            report = report.element(Level::HELP.message(help.as_str()));
        }
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&[report])
    }

    /// The wrong part as bytes of the line.
    fn bytes(&self) -> std::ops::Range<usize> {
        let byte = |column: usize| {
            self.line.char_indices().nth(column.saturating_sub(1)).map_or(self.line.len(), |(at, _)| at)
        };
        let start = byte(self.place.column);
        let end = if self.end_column > self.place.column {
            byte(self.end_column)
        } else {
            self.line.trim_end().len()
        };
        start..end.max(start)
    }
}

/// All of them, an empty line between two.
pub fn render_all(diagnostics: &[Diagnostic], colour: bool) -> String {
    let rendered: Vec<_> = diagnostics.iter().map(|one| one.render(colour)).collect();
    rendered.join("\n\n") + "\n"
}
