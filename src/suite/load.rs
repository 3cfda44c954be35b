//! Texts of suites become suites, whole or not at all.
//! Must not know where the texts come from.

use std::borrow::Cow;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::Arc;

use serde_json::Value;

use super::diagnostic::Diagnostic;
use super::known::Known;
use super::model::Suite;
use super::source::Spans;
use super::{meaning, partial, places, source, uses};

/// A thread of its own is not worth it for fewer suites.
const SMALLEST_SHARE: usize = 8;

/// The text of one suite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuiteText {
    /// `rfc7644/filter`
    pub id: String,
    /// The name under which its places are told: `suites/rfc7644/filter.yaml`.
    pub file: String,
    pub text: Cow<'static, [u8]>,
}

/// Reads all of the suites, in the order in which they are given. Where any has a mistake: every mistake of all of
/// them, and no suite.
pub fn load(texts: &[SuiteText], known: &Known<'_>) -> Result<Vec<Arc<Suite>>, Vec<Diagnostic>> {
    let mut suites = Vec::with_capacity(texts.len());
    let mut mistakes = Vec::new();
    for loaded in load_each(texts, known) {
        match loaded {
            Ok(suite) => suites.push(Arc::new(suite)),
            Err(found) => mistakes.extend(found),
        }
    }
    if mistakes.is_empty() { Ok(suites) } else { Err(mistakes) }
}

/// Every run reads every suite before it can begin: the work is spread over the processors.
fn load_each(texts: &[SuiteText], known: &Known<'_>) -> Vec<Result<Suite, Vec<Diagnostic>>> {
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get);
    let share = texts.len().div_ceil(workers).max(SMALLEST_SHARE);
    std::thread::scope(|scope| {
        let load_share =
            |texts: &[SuiteText]| texts.iter().map(|text| load_one(text, known)).collect::<Vec<_>>();
        let shares: Vec<_> =
            texts.chunks(share).map(|texts| scope.spawn(move || load_share(texts))).collect();
        let done = shares.into_iter().map(|share| share.join().unwrap_or_else(|panic| resume_unwind(panic)));
        done.flatten().collect()
    })
}

fn load_one(text: &SuiteText, known: &Known<'_>) -> Result<Suite, Vec<Diagnostic>> {
    let (value, spans) = source::parse(&text.file, &text.text)?;
    let mut suite: Suite = source::typed(&value, &spans)
        .map_err(|found| with_those_of_the_rest(found, &value, &spans, known))?;
    suite.id = text.id.clone();
    let mut mistakes = meaning::mistakes(&suite, &value, &spans, known, false);
    if suite.cases.is_empty() {
        let empty = spans.diagnostic(spans.key("/cases"), "the suite has no case");
        mistakes.push(empty.expected("a list of cases is expected"));
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    places::fill(&mut suite, &spans);
    uses::fill(&mut suite, &value);
    Ok(suite)
}

/// Adds the mistakes in the meaning of what has the right types to those in the types.
fn with_those_of_the_rest(
    mut found: Vec<Diagnostic>,
    value: &Value,
    spans: &Spans,
    known: &Known<'_>,
) -> Vec<Diagnostic> {
    let (value, spans) = source::without_unknown::<Suite>(value, spans);
    let (value, spans) = partial::readable(&value, &spans);
    if let Ok(suite) = source::typed::<Suite>(&value, &spans) {
        found.extend(meaning::mistakes(&suite, &value, &spans, known, true));
        found.sort_by_key(|one| (one.place.line, one.place.column));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Catalogue;

    const TEXT: &str = "\
suite: Filtering
fixtures:
  ada: { type: User }
cases:
  - id: eq
    title: eq compares
    verifies: 7644-3.4.2.2-07
    fixtures:
      bob: { type: User }
    steps:
      - list: /Users
        given: { status: 200 }
        expect:
          - any_of: [{ finds: [ada] },
                     { misses: [bob] }]
  - id: seen
    title: seen
    verifies: [7644-3.8-03]
    watch:
      when: { status: 2xx }
      expect: { empty: false }
";

    fn load_text(text: &'static str) -> Result<Vec<Arc<Suite>>, Vec<Diagnostic>> {
        let text = SuiteText {
            id: "a/b".to_owned(),
            file: "suites/a/b.yaml".to_owned(),
            text: text.as_bytes().into(),
        };
        load(&[text], &Known::new(Catalogue::builtin()))
    }

    #[test]
    fn many_suites_come_back_in_their_order() {
        let text = |number: usize| SuiteText {
            id: number.to_string(),
            file: format!("{number}.yaml"),
            text: TEXT.as_bytes().into(),
        };
        let mut texts: Vec<_> = (0..100).map(text).collect();
        let suites = load(&texts, &Known::new(Catalogue::builtin())).unwrap();
        assert!(suites.iter().enumerate().all(|(at, suite)| suite.id == at.to_string()));
        texts[7].text = b"suite: x"[..].into();
        texts[93].text = b"cases: []"[..].into();
        let mistakes = load(&texts, &Known::new(Catalogue::builtin())).unwrap_err();
        let files: Vec<_> = mistakes.iter().map(|one| &*one.place.file).collect();
        assert_eq!(files, ["7.yaml", "93.yaml"]);
    }

    #[test]
    fn every_part_knows_the_fixtures_that_it_uses() {
        let suites = load_text(
            "\
suite: Groups
fixtures:
  ada: { type: User }
  bob: { type: User }
  pilots: { type: Group, with: { members: [{ value: \"{{ ada.id }}\" }] } }
cases:
  - id: lists
    title: a group lists its members
    verifies: 7643-4.2-03
    fixtures:
      eve: { type: User, with: { manager: { value: \"{{ bob.id }}\" } } }
    steps:
      - list: /Groups
        query: { filter: 'displayName eq \"{{ pilots.displayName }}\"' }
        expect: { any_of: [{ finds: [ada] }, { misses: [eve] }] }
",
        )
        .unwrap();
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(suites[0].fixtures["pilots"].uses, names(&["ada"]));
        assert_eq!(suites[0].cases[0].fixtures["eve"].uses, names(&["bob"]));
        assert_eq!(suites[0].cases[0].uses, names(&["ada", "eve", "pilots"]));
    }

    #[test]
    fn the_examples_of_the_documentation_have_no_mistake() {
        let blocks = include_str!("../../docs/suite-language.md").split("```yaml\n").skip(1);
        let mut blocks = blocks.filter_map(|block| block.split("```").next());
        let whole: &'static str = blocks.next().unwrap();
        let cases = blocks.map(|case| &*format!("suite: Cases\ncases:\n{case}").leak());
        for text in [whole].into_iter().chain(cases) {
            if let Err(mistakes) = load_text(text) {
                panic!("{}", crate::suite::diagnostic::render_all(&mistakes, false));
            }
        }
    }

    #[test]
    fn every_part_of_a_suite_knows_its_place() {
        let suites = load_text(TEXT).unwrap();
        let suite = &suites[0];
        assert_eq!(suite.id, "a/b");
        assert_eq!(suite.fixtures["ada"].place.to_string(), "suites/a/b.yaml:3");
        let [case, watching] = suite.cases.as_slice() else { panic!("two cases") };
        assert_eq!((case.place.line, case.place.column), (5, 5));
        assert_eq!(case.fixtures["bob"].place.line, 9);
        let step = &case.steps[0];
        assert_eq!((step.place.line, step.given[0].place.line, step.expect[0].place.line), (11, 12, 14));
        assert_eq!(step.expect[0].any_of[1].place.line, 15);
        let watch = watching.watch.as_ref().unwrap();
        assert_eq!((watch.place.line, watch.expect[0].place.line), (20, 21));
        assert_eq!(watch.when.as_ref().unwrap().place.line, 20);
    }
}
