//! Pages by index (RFC 7644 §3.4.2.4) and by cursor (RFC 9865).
//! Knows no filter and no order: it cuts what it is given.

use super::Asker;
use super::cursor::{self, Cursor, Direction, fingerprint};
use super::parameters::Query;
use crate::mock::scim::error::{ScimError, ScimType};
use crate::mock::scim::resource::Resource;
use crate::mock::scim::settings::{Feature, Pagination, Settings};

/// A part of the whole result.
#[derive(Debug)]
pub struct Page<'a> {
    pub resources: Vec<&'a Resource>,
    /// Matches of the whole query.
    pub total: usize,
    /// Counted from 1; `None` on a page by cursor.
    pub start_index: Option<u64>,
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// Cuts the page that the query asks for.
pub fn cut<'a>(
    all: &[&'a Resource],
    query: &Query,
    settings: &Settings,
    asker: &Asker<'_>,
) -> Result<Page<'a>, ScimError> {
    let size = page_size(query, settings);
    match method(query, settings) {
        Some(Pagination::Index) => Ok(by_index(all.iter().copied(), all.len(), query.start_index, size)),
        Some(Pagination::Cursor) => by_cursor(all, query, size, settings, asker),
        None if all.len() > settings.page_limit() => {
            let detail =
                format!("more than {} resources match and paging is not supported", settings.page_limit());
            Err(ScimError::bad(ScimType::TooMany, detail))
        }
        None => Ok(by_index(all.iter().copied(), all.len(), None, settings.page_limit())),
    }
}

/// The page of a query whose whole result need not be gathered first; `None` where it must be.
pub fn straight<'a>(
    all: impl Iterator<Item = &'a Resource>,
    total: usize,
    query: &Query,
    settings: &Settings,
) -> Option<Page<'a>> {
    let by_index_only = method(query, settings) == Some(Pagination::Index);
    by_index_only.then(|| by_index(all, total, query.start_index, page_size(query, settings)))
}

/// The method that the query names, else the default one, as far as they are supported (RFC 9865 §2.4).
fn method(query: &Query, settings: &Settings) -> Option<Pagination> {
    let (index, cursor) = (settings.has(Feature::Index), settings.has(Feature::Cursor));
    match (index, cursor) {
        (false, false) => None,
        (true, false) => Some(Pagination::Index),
        (false, true) => Some(Pagination::Cursor),
        (true, true) if query.cursor.is_some() => Some(Pagination::Cursor),
        (true, true) if query.start_index.is_some() => Some(Pagination::Index),
        (true, true) => Some(settings.default_pagination),
    }
}

/// `count` as far as the limit allows; a negative one is 0.
fn page_size(query: &Query, settings: &Settings) -> usize {
    match query.count {
        Some(count) => usize::try_from(count.max(0)).unwrap_or(usize::MAX).min(settings.page_limit()),
        None => settings.default_page_size.min(settings.page_limit()),
    }
}

/// A `startIndex` below 1 is 1.
fn by_index<'a>(
    all: impl Iterator<Item = &'a Resource>,
    total: usize,
    start: Option<i64>,
    size: usize,
) -> Page<'a> {
    let start = u64::try_from(start.unwrap_or(1)).unwrap_or(1).max(1);
    let skipped = usize::try_from(start - 1).unwrap_or(usize::MAX);
    let resources = all.skip(skipped).take(size).collect();
    Page { resources, total, start_index: Some(start), previous: None, next: None }
}

fn by_cursor<'a>(
    all: &[&'a Resource],
    query: &Query,
    size: usize,
    settings: &Settings,
    asker: &Asker<'_>,
) -> Result<Page<'a>, ScimError> {
    let fingerprint = fingerprint(query, asker.kinds, asker.identity, asker.cursor_key);
    let (begin, end) = match query.cursor.as_deref().filter(|text| !text.is_empty()) {
        None => (0, size.min(all.len())),
        Some(text) => {
            let cursor = Cursor::read(text, asker.cursor_key)
                .filter(|cursor| cursor.fingerprint == fingerprint)
                .ok_or_else(cursor::invalid)?;
            check(&cursor, size, settings, asker)?;
            range(all, &cursor, size)
        }
    };
    let resources: Vec<&Resource> = all.iter().skip(begin).take(end.saturating_sub(begin)).copied().collect();
    let write = |direction, border: &Resource, index: usize| {
        let (count, issued) = (size as u64, u64::try_from(asker.now_seconds).unwrap_or(0));
        let cursor =
            Cursor { fingerprint, direction, border: border.number, index: index as u64, count, issued };
        cursor.write(asker.cursor_key)
    };
    let previous = resources.first().filter(|_| begin > 0).map(|r| write(Direction::Backward, r, begin));
    let next = resources.last().filter(|_| end < all.len()).map(|r| write(Direction::Forward, r, end - 1));
    Ok(Page { resources, total: all.len(), start_index: None, previous, next })
}

fn check(cursor: &Cursor, size: usize, settings: &Settings, asker: &Asker<'_>) -> Result<(), ScimError> {
    if cursor.count != size as u64 {
        let detail = format!("count must stay {} while a cursor is followed", cursor.count);
        return Err(ScimError::bad(ScimType::InvalidCount, detail));
    }
    let age = u64::try_from(asker.now_seconds).unwrap_or(0).saturating_sub(cursor.issued);
    match settings.cursor_timeout {
        Some(timeout) if age > timeout.as_secs() => Err(cursor::expired()),
        _ => Ok(()),
    }
}

/// Where the page of a cursor begins and ends. Where the resource at its border is gone, the page stays
/// at its place among the others.
fn range(all: &[&Resource], cursor: &Cursor, size: usize) -> (usize, usize) {
    let index = usize::try_from(cursor.index).unwrap_or(usize::MAX).min(all.len());
    let found = all.iter().position(|resource| resource.number == cursor.border);
    match cursor.direction {
        Direction::Forward => {
            let begin = found.map_or(index, |at| at + 1);
            (begin, begin.saturating_add(size).min(all.len()))
        }
        Direction::Backward => {
            let end = found.unwrap_or(index);
            (end.saturating_sub(size), end)
        }
    }
}
