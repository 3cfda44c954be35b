//! `finds`, `misses` and `order`: resources of a ListResponse by their ids.
//! Must not look at anything but ids.

use serde_json::Value;

use crate::suite::Expect;

use super::judge::Context;
use super::{Problem, json, show};

/// How many ids of an answer are shown.
const SHOWN: usize = 20;

/// The ids in the answer against those that must be found, missed, and in order.
pub fn judge(expect: &Expect, document: &Value, context: &Context<'_>) -> Vec<Problem> {
    if !json::is_list(document) {
        return vec![Problem::in_body(
            "",
            "the body should be a list of resources and is another document".to_owned(),
            "a ListResponse",
            show::value(Some(document), context.redact),
        )];
    }
    let resources: Vec<(String, String)> =
        json::resources(document).filter_map(|(pointer, resource)| Some((pointer, id(resource)?))).collect();
    let position = |id: &String| resources.iter().position(|(_, found)| found == id);
    let told = ids(resources.iter().map(|(_, id)| id.as_str()), context);
    let mut problems = Vec::new();

    for wanted in expect.finds.iter().chain(&expect.order).filter(|id| position(id).is_none()) {
        let wanted = show::text(wanted, context.redact);
        let message = format!("Resources should contain id {wanted} and do not");
        problems.push(Problem::in_body("/Resources", message, format!("id {wanted}"), told.clone()));
    }
    for (unwanted, at) in expect.misses.iter().filter_map(|id| Some((id, position(id)?))) {
        let unwanted = show::text(unwanted, context.redact);
        let pointer = resources.get(at).map(|(pointer, _)| pointer.clone()).unwrap_or_default();
        let message = format!("Resources should not contain id {unwanted} and do, at {pointer}");
        problems.push(Problem::in_body(pointer, message, format!("no id {unwanted}"), told.clone()));
    }
    let positions: Vec<usize> = expect.order.iter().filter_map(position).collect();
    if !positions.is_sorted() {
        let mut found = positions;
        found.sort_unstable();
        let found = found.into_iter().filter_map(|i| resources.get(i)).map(|(_, id)| id.as_str());
        problems.push(Problem::in_body(
            "/Resources",
            "Resources stand in another order than they should".to_owned(),
            ids(expect.order.iter().map(String::as_str), context),
            ids(found, context),
        ));
    }
    problems
}

fn id(resource: &Value) -> Option<String> {
    match json::get(resource, "id")? {
        Value::String(id) => Some(id.clone()),
        // That an id is a text is another requirement.
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

fn ids<'a>(ids: impl Iterator<Item = &'a str>, context: &Context<'_>) -> String {
    let all: Vec<&str> = ids.collect();
    if all.is_empty() {
        return "no resources".to_owned();
    }
    let shown: Vec<&str> = all.iter().take(SHOWN).copied().collect();
    let more = all.len().saturating_sub(SHOWN);
    let text = show::text(&shown.join(", "), context.redact);
    if more == 0 { format!("ids {text}") } else { format!("ids {text} and {more} more") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Spot;
    use crate::check::testing::with_context;
    use serde_json::json;

    fn judged(expect: &Expect) -> Vec<Problem> {
        let list = json!({ "totalResults": 3, "resources": [{ "id": "a" }, { "ID": "b" }, { "id": 3 }] });
        with_context(|context| judge(expect, &list, context))
    }

    fn texts(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    #[test]
    fn finds_and_misses() {
        let expect = Expect { finds: texts(&["b", "3"]), misses: texts(&["x"]), ..Expect::default() };
        assert_eq!(judged(&expect), []);
        let expect = Expect { finds: texts(&["x"]), misses: texts(&["b"]), ..Expect::default() };
        let problems = judged(&expect);
        assert_eq!(problems[0].message, "Resources should contain id x and do not");
        assert_eq!(problems[0].actual, "ids a, b, 3");
        assert_eq!(problems[1].spot, Spot::Body { pointer: "/resources/1".into() });
    }

    #[test]
    fn order_lets_others_stand_between() {
        assert_eq!(judged(&Expect { order: texts(&["a", "3"]), ..Expect::default() }), []);
        let problems = judged(&Expect { order: texts(&["3", "a"]), ..Expect::default() });
        assert_eq!((problems[0].expected.as_str(), problems[0].actual.as_str()), ("ids 3, a", "ids a, 3"));
        assert_eq!(judged(&Expect { order: texts(&["a", "x"]), ..Expect::default() }).len(), 1);
    }

    #[test]
    fn what_is_no_list_is_told_once() {
        let expect = Expect { finds: texts(&["a"]), misses: texts(&["b"]), ..Expect::default() };
        assert_eq!(with_context(|context| judge(&expect, &json!({ "id": "a" }), context)).len(), 1);
    }

    #[test]
    fn an_empty_list_without_resources_is_a_list() {
        let expect = Expect { misses: texts(&["b"]), ..Expect::default() };
        assert_eq!(with_context(|context| judge(&expect, &json!({ "totalResults": 0 }), context)), []);
    }
}
