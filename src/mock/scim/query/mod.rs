//! Queries: which resources match, in which order, on which page (RFC 7644 §3.4.2, RFC 9865).
//! Knows no HTTP.

mod bracketed;
pub mod cursor;
pub mod evaluate;
pub mod matches;
pub mod page;
pub mod parameters;
mod sort;
pub mod test;

use serde_json::{Map, Value};

use self::page::Page;
use self::parameters::Query;
use self::test::{Compiler, Test};
use super::error::{ScimError, ScimType};
use super::policy::{FilterPaging, SortScope};
use super::projection::Shape;
use super::resource::Resource;
use super::settings::{Feature, Settings};
use super::view::Scene;
use crate::scim::urn;

/// Who asks, where and when.
pub struct Asker<'a> {
    /// Types that the endpoint covers, by their places in the catalogue.
    pub kinds: &'a [usize],
    /// What makes cursors of one client useless for another.
    pub identity: &'a str,
    pub cursor_key: u64,
    pub now_seconds: i64,
}

/// Answers a query with a ListResponse.
pub fn run(
    scene: Scene<'_>,
    settings: &Settings,
    query: &Query,
    asker: &Asker<'_>,
) -> Result<Value, ScimError> {
    if query.filter.is_none() && query.sort_by.is_none() {
        let all = asker.kinds.iter().flat_map(|kind| scene.tenant.all(*kind));
        let total = asker.kinds.iter().map(|kind| scene.tenant.count(*kind)).sum();
        if let Some(page) = page::straight(all, total, query, settings) {
            return Ok(list_response(scene, query, page));
        }
    }
    let tests = tests(scene, settings, query, asker.kinds)?;
    let matched = match tests.is_some() && scene.policy.filter_paging == FilterPaging::PageFirst {
        false => ordered(scene, settings, query, asker.kinds, tests.as_deref()),
        true => {
            let all = ordered(scene, settings, query, asker.kinds, None);
            let page = page::cut(&all, query, settings, asker)?;
            let tests = tests.as_deref().unwrap_or_default();
            page.resources.into_iter().filter(|r| matches::passes(scene, asker.kinds, tests, r)).collect()
        }
    };
    let mut page = page::cut(&matched, query, settings, asker)?;
    if scene.policy.sort_scope == SortScope::PageOnly {
        sort(scene, settings, query, &mut page.resources);
    }
    Ok(list_response(scene, query, page))
}

/// One test for each type; `None` where there is no filter.
fn tests<'a>(
    scene: Scene<'a>,
    settings: &Settings,
    query: &Query,
    kinds: &[usize],
) -> Result<Option<Vec<Test<'a>>>, ScimError> {
    let Some(filter) = &query.filter else { return Ok(None) };
    if !settings.has(Feature::Filter) {
        return Err(ScimError::new(501, "filters are not supported"));
    }
    let mut tests = Vec::with_capacity(kinds.len());
    for place in kinds {
        let Some(kind) = scene.catalogue.kind(*place) else { continue };
        let test = Compiler { kind, policy: scene.policy }.resources(filter)?;
        if kinds.len() == 1 && test.has_undefined() {
            let detail = format!("the filter names an attribute that {} does not have", kind.name());
            return Err(ScimError::bad(ScimType::InvalidFilter, detail));
        }
        tests.push(test);
    }
    Ok(Some(tests))
}

/// The matches in the order of the response.
fn ordered<'a>(
    scene: Scene<'a>,
    settings: &Settings,
    query: &Query,
    kinds: &[usize],
    tests: Option<&[Test<'_>]>,
) -> Vec<&'a Resource> {
    let mut matched = matches::find(scene, kinds, tests);
    if scene.policy.sort_scope == SortScope::WholeResult {
        sort(scene, settings, query, &mut matched);
    }
    matched
}

fn sort(scene: Scene<'_>, settings: &Settings, query: &Query, resources: &mut Vec<&Resource>) {
    if let Some(by) = query.sort_by.as_ref().filter(|_| settings.has(Feature::Sort)) {
        sort::sort(scene, by, query.descending, resources);
    }
}

fn list_response(scene: Scene<'_>, query: &Query, page: Page<'_>) -> Value {
    let mut shapes: Vec<(usize, Shape<'_>)> = Vec::new();
    let mut resources = Vec::with_capacity(page.resources.len());
    for view in page.resources.iter().filter_map(|resource| scene.view(resource)) {
        let place = view.resource.kind;
        if !shapes.iter().any(|(p, _)| *p == place) {
            shapes.push((place, Shape::new(view.kind, &query.projection, &[])));
        }
        let shape = shapes.iter().find(|(p, _)| *p == place);
        resources.extend(shape.map(|(_, shape)| shape.render(&view)));
    }
    let mut body = Map::new();
    body.insert("schemas".to_owned(), Value::from([urn::LIST_RESPONSE].as_slice()));
    body.insert("totalResults".to_owned(), page.total.into());
    if let Some(start) = page.start_index {
        body.insert("startIndex".to_owned(), start.into());
    }
    body.insert("itemsPerPage".to_owned(), resources.len().into());
    for (name, cursor) in [("previousCursor", page.previous), ("nextCursor", page.next)] {
        if let Some(cursor) = cursor {
            body.insert(name.to_owned(), cursor.into());
        }
    }
    body.insert("Resources".to_owned(), Value::Array(resources));
    Value::Object(body)
}
