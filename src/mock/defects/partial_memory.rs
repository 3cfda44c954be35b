//! Layers that remember what was before: names, tags, deleted groups.
//! Knows no defect.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::asked::{edit_comparisons, text};
use super::edit::{Members, Place, ask, edit_list, is_on_resource, is_success, place};
use super::layer::around;
use super::memory::Memory;
use super::partial::{is_group, set_meta};
use crate::mock::{Answer, Service};
use crate::scim::{AttributePath, Filter, Literal, Operator};

/// Has eq on userName find a user by the name before its last PUT, and by that alone.
pub(super) fn old_names_found(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    let ids: Mutex<HashMap<String, String>> = Mutex::default();
    around(inner, move |inner, request, now| {
        let mut ids = ids.lock().unwrap_or_else(PoisonError::into_inner);
        if is_on_resource(request, "PUT")
            && let Place::Resource("Users", id) = place(request)
            && let Some(found) = ask(inner, request, "GET", request.path(), now).filter(is_success)
            && let Some(name) =
                found.json().and_then(|user| user.get("userName")?.as_str().map(str::to_lowercase))
        {
            ids.entry(name).or_insert_with(|| id.to_owned());
        }
        let mut request = request.clone();
        edit_comparisons(&mut request, |path, operator, literal| {
            let old = match &literal {
                Literal::String(name) if operator == Operator::Equal && path.name == "userName" => {
                    ids.get(&name.to_lowercase()).cloned()
                }
                _ => None,
            };
            match old {
                Some(id) => Filter::Compare(AttributePath::new("id"), Operator::Equal, Literal::String(id)),
                None => Filter::Compare(path, operator, literal),
            }
        });
        inner.handle(&request, now)
    })
}

/// Shows in GET the tag that a resource had before PATCH.
pub(super) fn tag_kept_by_patch(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    let tags: Memory<String> = Memory::default();
    around(inner, move |inner, request, now| {
        if is_on_resource(request, "PATCH") && tags.about(request).is_none() {
            let before = ask(inner, request, "GET", request.path(), now).filter(is_success);
            if let Some(tag) = before.as_ref().and_then(|before| before.headers.get("ETag")) {
                tags.keep(request, tag.to_owned());
            }
        }
        let mut answer = inner.handle(request, now);
        if let Answer::Http(response) = &mut answer {
            if let Some(tag) = tags.about(request).filter(|_| response.headers.get("ETag").is_some()) {
                response.headers.set("ETag", tag);
            }
            tags.edit(response, |members, tag| set_meta(members, "version", tag.as_str().into()));
        }
        answer
    })
}

/// Has queries by displayName find groups that were deleted.
pub(super) fn deleted_groups_listed(inner: Arc<dyn Service>) -> Arc<dyn Service> {
    let deleted: Mutex<Vec<Members>> = Mutex::default();
    around(inner, move |inner, request, now| {
        let mut deleted = deleted.lock().unwrap_or_else(PoisonError::into_inner);
        if request.method == "DELETE" && is_group(request) {
            let before = ask(inner, request, "GET", request.path(), now).filter(is_success);
            deleted.extend(before.and_then(|before| before.json()?.as_object().cloned()));
        }
        let mut answer = inner.handle(request, now);
        if let Answer::Http(response) = &mut answer
            && matches!(place(request), Place::Collection("Groups"))
            && let Some(filter) = text(request, "filter")
        {
            let name = |group: &Members| group.get("displayName").and_then(Value::as_str).map(str::to_owned);
            let is_meant = |group: &&Members| name(group).is_some_and(|name| filter.contains(&name));
            edit_list(request, response, |list| {
                deleted.iter().filter(is_meant).for_each(|group| add(list, group))
            });
        }
        answer
    })
}

/// Adds an entry to a list, and counts it.
fn add(list: &mut Members, entry: &Members) {
    let count = |list: &Members, name: &str| list.get(name).and_then(Value::as_u64);
    if let Some(Value::Array(entries)) = list.get_mut("Resources") {
        entries.push(Value::Object(entry.clone()));
    }
    for name in ["totalResults", "itemsPerPage"] {
        if let Some(number) = count(list, name) {
            list.insert(name.to_owned(), (number + 1).into());
        }
    }
}
