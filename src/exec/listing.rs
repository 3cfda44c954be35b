//! Lists that go over several pages: walked where a claim about their members cannot be decided on the first.
//! Must not judge answers by itself.

use std::collections::HashSet;

use serde_json::Value;

use crate::check::Problem;
use crate::http::Response;
use crate::scim::member;
use crate::suite::{Expect, Step};

use super::case::CaseRun;
use super::end::{End, QUERY};
use super::made;
use super::request::is_page_parameter;
use super::step::Round;

/// So many pages are walked.
const PAGES: usize = 50;

/// What must be known of a list's members.
#[derive(Default)]
pub(super) struct Wanted {
    /// Ids that have to be found somewhere.
    found: HashSet<String>,
    /// Ids that must be nowhere.
    missing: HashSet<String>,
}

impl Wanted {
    pub fn of<'e>(expects: impl IntoIterator<Item = &'e Expect>) -> Self {
        let mut wanted = Self::default();
        expects.into_iter().for_each(|expect| wanted.add(expect));
        wanted
    }

    fn add(&mut self, expect: &Expect) {
        self.found.extend(expect.finds.iter().chain(&expect.order).cloned());
        self.missing.extend(expect.misses.iter().cloned());
        expect.any_of.iter().for_each(|other| self.add(other));
    }

    /// Whether the ids seen so far decide it, whatever the other pages hold.
    fn is_decided(&self, seen: &HashSet<String>) -> bool {
        let broken = self.missing.iter().any(|id| seen.contains(id));
        let held = self.missing.is_empty() && self.found.is_subset(seen);
        broken || held || (self.missing.is_empty() && self.found.is_empty())
    }
}

/// What an expectation says of a page, whatever members the list has.
pub(super) fn without_members(mut expect: Expect) -> Expect {
    (expect.finds, expect.misses, expect.order) = Default::default();
    if expect.any_of.iter().any(is_about_members) {
        expect.any_of.clear();
    }
    expect
}

/// Whether an expectation, or an alternative of it, is about the members of a list.
fn is_about_members(expect: &Expect) -> bool {
    let own = [&expect.finds, &expect.misses, &expect.order];
    own.iter().any(|listed| !listed.is_empty()) || expect.any_of.iter().any(is_about_members)
}

impl CaseRun<'_> {
    /// The answer with the Resources of all pages in it, where the claim needs more than the first.
    pub async fn walk(
        &mut self,
        step: &Step,
        first: &Response,
        wanted: &Wanted,
    ) -> Result<Option<Response>, End> {
        let chosen = step.query.iter().any(|(name, value)| is_page_parameter(name) && value != "")
            || step.raw_query.is_some();
        let Some(mut whole) = first.json().filter(|_| step.list.is_some() && !chosen) else {
            return Ok(None);
        };
        let mut page = whole.clone();
        let mut seen = ids(&page);
        let mut start = first_index(&page);
        for _ in 1..PAGES {
            let count = resources(&page).len();
            let next = next_page(&page, start, count);
            let Some(next) = next.filter(|_| !wanted.is_decided(&seen)) else { break };
            start = start.saturating_add(count);
            self.turned_pages = true;
            let round = self.ask(step, Some(&next)).await?;
            let Ok(response) = &round.outcome else {
                let reason = format!("the page from {}={} was not answered", next.0, next.1);
                return Err(End::blocked(QUERY, reason));
            };
            self.check_page(step, response, &round)?;
            page = response.json().unwrap_or_default();
            let fresh = ids(&page);
            if fresh.is_empty() {
                break;
            }
            if fresh.is_subset(&seen) {
                let reason = format!("the page from {}={} holds what was on those before it", next.0, next.1);
                return Err(End::blocked("7644-3.4.2.4-06", reason));
            }
            seen.extend(fresh);
            append(&mut whole, &page);
        }
        let mut merged = first.clone();
        merged.body = whole.to_string().into();
        Ok(Some(merged))
    }

    /// Everything in which a list differs from an expectation: its members are looked for on all pages, all else
    /// on the first.
    pub fn judge_pages(
        &self,
        expect: &Expect,
        first: &Response,
        merged: Option<&Response>,
        round: &Round,
    ) -> Vec<Problem> {
        let Some(merged) = merged.filter(|_| is_about_members(expect)) else {
            return self.judge(expect, first, round);
        };
        let page = without_members(expect.clone());
        let members = Expect {
            place: expect.place.clone(),
            because: expect.because.clone(),
            finds: expect.finds.clone(),
            misses: expect.misses.clone(),
            order: expect.order.clone(),
            any_of: if page.any_of.is_empty() { expect.any_of.clone() } else { Vec::new() },
            ..Expect::default()
        };
        let mut problems = self.judge(&page, first, round);
        problems.extend(self.judge(&members, merged, round));
        problems
    }
}

fn resources(page: &Value) -> &[Value] {
    member(page, "Resources").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn ids(page: &Value) -> HashSet<String> {
    resources(page).iter().filter_map(made::id).collect()
}

fn number(page: &Value, name: &str) -> Option<usize> {
    member(page, name).and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok())
}

fn first_index(page: &Value) -> usize {
    number(page, "startIndex").unwrap_or(1).max(1)
}

/// The query parameter that asks for the next page: by cursor where there is one (RFC 9865 §2), else by index.
fn next_page(page: &Value, start: usize, count: usize) -> Option<(String, String)> {
    let cursor = member(page, "nextCursor").and_then(Value::as_str).filter(|cursor| !cursor.is_empty());
    if let Some(cursor) = cursor {
        return Some(("cursor".to_owned(), cursor.to_owned()));
    }
    let next = start.saturating_add(count);
    let more = count > 0 && number(page, "totalResults").is_some_and(|total| next <= total);
    more.then(|| ("startIndex".to_owned(), next.to_string()))
}

fn append(whole: &mut Value, page: &Value) {
    let Some(members) = whole.as_object_mut() else { return };
    let key = members.keys().find(|key| key.eq_ignore_ascii_case("Resources")).cloned();
    let all = key.and_then(|key| members.get_mut(&key)).and_then(Value::as_array_mut);
    if let Some(all) = all {
        all.extend(resources(page).iter().cloned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_next_page_is_asked_for_by_cursor_or_by_index() {
        let page = json!({ "totalResults": 5, "startIndex": 1, "Resources": [{ "id": "a" }, { "id": "b" }] });
        assert_eq!(next_page(&page, 1, 2), Some(("startIndex".into(), "3".into())));
        assert_eq!(next_page(&page, 4, 2), None);
        assert_eq!(next_page(&page, 1, 0), None);
        let page = json!({ "totalResults": 5, "nextCursor": "x", "Resources": [] });
        assert_eq!(next_page(&page, 1, 0), Some(("cursor".into(), "x".into())));
        assert_eq!(next_page(&json!({ "Resources": [{}] }), 1, 1), None);
        let page = json!({ "totalResults": 5, "startIndex": u64::MAX, "Resources": [{}] });
        assert_eq!(next_page(&page, first_index(&page), 1), None, "no number of a server is too large");
    }

    #[test]
    fn a_walk_ends_when_the_claim_is_decided() {
        let expect = |finds: &[&str], misses: &[&str]| Expect {
            finds: finds.iter().map(|id| (*id).to_owned()).collect(),
            misses: misses.iter().map(|id| (*id).to_owned()).collect(),
            ..Expect::default()
        };
        let seen: HashSet<String> = ["a".to_owned(), "b".to_owned()].into();
        let decided = |expect: Expect| Wanted::of([&expect]).is_decided(&seen);
        assert!(decided(expect(&["a"], &[])));
        assert!(!decided(expect(&["c"], &[])));
        assert!(!decided(expect(&["a"], &["c"])), "a later page may hold it");
        assert!(decided(expect(&["c"], &["b"])), "it is broken already");
        assert!(decided(Expect::default()));
    }
}
