//! Templates in whole values and expectations; `$from`, `$drop` and `$repeat`.
//! Must not send or judge anything.

use serde_json::{Map, Value};

use super::filter::kind_of;
use super::{Scope, TemplateError, render, render_text};
use crate::suite::model::{ErrorExpect, Expect};

/// Renders every text in a value, names of members included, and carries out `$from`, `$drop` and `$repeat`.
pub fn render_value(value: &Value, scope: &Scope) -> Result<Value, TemplateError> {
    match value {
        Value::String(text) => render(text, scope),
        Value::Array(elements) => elements
            .iter()
            .map(|element| render_value(element, scope))
            .collect::<Result<_, _>>()
            .map(Value::Array),
        Value::Object(members) => match (members.get("$repeat"), members.get("$times")) {
            (Some(repeated), Some(times)) => {
                super::repeat::repeat(&render_value(repeated, scope)?, &render_value(times, scope)?)
            }
            _ => render_members(members, scope).map(Value::Object),
        },
        _ => Ok(value.clone()),
    }
}

/// Renders every template in an expectation. The name of a fixture in `finds`, `misses` and `order` becomes its id,
/// or those of all of them where it has a `count`.
pub fn render_expect(expect: &Expect, scope: &Scope) -> Result<Expect, TemplateError> {
    Ok(Expect {
        place: expect.place.clone(),
        verifies: expect.verifies.clone(),
        weight: expect.weight,
        because: optional(expect.because.as_deref(), scope)?,
        status: expect.status.clone(),
        headers: render_map(&expect.headers, scope)?,
        media_type: texts(&expect.media_type, scope)?,
        schema: optional(expect.schema.as_deref(), scope)?,
        body: expect.body.as_ref().map(|body| render_value(body, scope)).transpose()?,
        empty: expect.empty,
        error: expect.error.as_ref().map(|error| render_error(error, scope)).transpose()?,
        finds: ids(&expect.finds, scope)?,
        misses: ids(&expect.misses, scope)?,
        order: ids(&expect.order, scope)?,
        check: expect.check.clone(),
        any_of: expect.any_of.iter().map(|one| render_expect(one, scope)).collect::<Result<_, _>>()?,
    })
}

fn render_members(members: &Map<String, Value>, scope: &Scope) -> Result<Map<String, Value>, TemplateError> {
    let mut out = match members.get("$from") {
        Some(from) => base_object(from, scope)?,
        None => Map::new(),
    };
    if let Some(dropped) = members.get("$drop") {
        drop_members(&mut out, dropped, scope)?;
    }
    let own = members.iter().filter(|(name, _)| !matches!(name.as_str(), "$from" | "$drop"));
    for (name, value) in own {
        merge_member(&mut out, render_text(name, scope)?, render_value(value, scope)?);
    }
    Ok(out)
}

fn base_object(from: &Value, scope: &Scope) -> Result<Map<String, Value>, TemplateError> {
    match render_value(from, scope)? {
        Value::Object(members) => Ok(members),
        Value::Array(layers) if from.is_array() && layers.iter().all(Value::is_object) => {
            let mut out = Map::new();
            let members = layers.iter().filter_map(Value::as_object).flatten();
            members.for_each(|(name, value)| merge_member(&mut out, name.clone(), value.clone()));
            Ok(out)
        }
        other => Err(TemplateError::new(format!("`$from: {from}` is {}, not an object", kind_of(&other)))),
    }
}

fn drop_members(
    members: &mut Map<String, Value>,
    dropped: &Value,
    scope: &Scope,
) -> Result<(), TemplateError> {
    let rendered = render_value(dropped, scope)?;
    let names = match &rendered {
        Value::Array(names) => names.as_slice(),
        one => std::slice::from_ref(one),
    };
    for name in names {
        let name =
            name.as_str().ok_or_else(|| TemplateError::new("`$drop` takes a list of names of members"))?;
        members.retain(|other, _| !other.eq_ignore_ascii_case(name));
    }
    Ok(())
}

/// Objects are merged, all else is replaced. A member that differs in case alone is the same (RFC 7643 §2.1).
fn merge_member(members: &mut Map<String, Value>, name: String, value: Value) {
    let known = members.keys().find(|other| **other == name);
    let known = known.or_else(|| members.keys().find(|other| other.eq_ignore_ascii_case(&name))).cloned();
    match (known.and_then(|known| members.get_mut(&known)), value) {
        (Some(Value::Object(below)), Value::Object(above)) => {
            for (name, value) in above {
                merge_member(below, name, value);
            }
        }
        (Some(below), value) => *below = value,
        (None, value) => {
            members.insert(name, value);
        }
    }
}

fn render_map(map: &Map<String, Value>, scope: &Scope) -> Result<Map<String, Value>, TemplateError> {
    map.iter().map(|(name, value)| Ok((name.clone(), render_value(value, scope)?))).collect()
}

fn render_error(error: &ErrorExpect, scope: &Scope) -> Result<ErrorExpect, TemplateError> {
    Ok(ErrorExpect { status: error.status.clone(), scim_type: texts(&error.scim_type, scope)? })
}

fn optional(text: Option<&str>, scope: &Scope) -> Result<Option<String>, TemplateError> {
    text.map(|text| render_text(text, scope)).transpose()
}

fn texts(texts: &[String], scope: &Scope) -> Result<Vec<String>, TemplateError> {
    texts.iter().map(|text| render_text(text, scope)).collect()
}

fn ids(entries: &[String], scope: &Scope) -> Result<Vec<String>, TemplateError> {
    let mut ids = Vec::new();
    for entry in entries {
        match scope.get(entry) {
            Some(fixture) => add_ids(entry, fixture, &mut ids)?,
            None => ids.push(render_text(entry, scope)?),
        }
    }
    Ok(ids)
}

fn add_ids(name: &str, fixture: &Value, ids: &mut Vec<String>) -> Result<(), TemplateError> {
    match fixture {
        Value::Array(many) => many.iter().try_for_each(|one| add_ids(name, one, ids)),
        Value::String(id) => {
            ids.push(id.clone());
            Ok(())
        }
        _ => match fixture.get("id").and_then(Value::as_str) {
            Some(id) => {
                ids.push(id.to_owned());
                Ok(())
            }
            None => Err(TemplateError::new(format!("`{name}` has no id"))),
        },
    }
}
