//! The places of the parts of a suite, for findings and for the report.
//! Must not judge anything.

use super::model::{Case, Expect, Fixture, Place, Step, Suite, Watch};
use super::source::{Node, Spans};

/// Fills every `place` of a suite from the spans of its file.
pub fn fill(suite: &mut Suite, spans: &Spans) {
    let places = Places { spans };
    suite.place = places.of(&spans.root);
    places.fixtures(&mut suite.fixtures, &spans.root);
    for (case, node) in suite.cases.iter_mut().zip(elements(&spans.root, "cases")) {
        places.case(case, node);
    }
}

struct Places<'a> {
    spans: &'a Spans,
}

impl Places<'_> {
    fn of(&self, node: &Node) -> Place {
        self.spans.place(node)
    }

    fn case(&self, case: &mut Case, node: &Node) {
        case.place = self.of(node);
        self.fixtures(&mut case.fixtures, node);
        for (step, node) in case.steps.iter_mut().zip(elements(node, "steps")) {
            self.step(step, node);
        }
        if let (Some(watch), Some(member)) = (&mut case.watch, node.member("watch")) {
            self.watch(watch, &member.node);
        }
    }

    /// A fixture stands where its name does.
    fn fixtures<'a>(&self, fixtures: impl IntoIterator<Item = (&'a String, &'a mut Fixture)>, node: &Node) {
        let Some(named) = node.member("fixtures") else { return };
        for (name, fixture) in fixtures {
            if let Some(member) = named.node.member(name) {
                let start = member.key.start;
                fixture.place =
                    Place { file: self.spans.file.clone(), line: start.line, column: start.column };
            }
        }
    }

    fn step(&self, step: &mut Step, node: &Node) {
        step.place = self.of(node);
        for (expects, key) in
            [(&mut step.given, "given"), (&mut step.skip_if, "skip_if"), (&mut step.expect, "expect")]
        {
            self.expects(expects, node, key);
        }
    }

    fn watch(&self, watch: &mut Watch, node: &Node) {
        watch.place = self.of(node);
        if let Some(when) = &mut watch.when {
            self.expects(std::slice::from_mut(when), node, "when");
        }
        self.expects(&mut watch.expect, node, "expect");
    }

    fn expects(&self, expects: &mut [Expect], node: &Node, key: &str) {
        let Some(member) = node.member(key) else { return };
        for (expect, node) in expects.iter_mut().zip(member.node.one_or_many()) {
            expect.place = self.of(node);
            self.expects(&mut expect.any_of, node, "any_of");
        }
    }
}

fn elements<'a>(node: &'a Node, key: &str) -> &'a [Node] {
    node.member(key).map_or(&[], |member| member.node.elements())
}
