//! From a step to the request that it describes.
//! Sends nothing.

use serde_json::{Map, Value};

use crate::http::encode;
use crate::suite::Step;
use crate::suite::template::{self, Scope, TemplateError};
use crate::target::{Draft, MEDIA_TYPE, NotSent, Session};

/// A request, and who sends it.
pub(super) struct Prepared {
    pub draft: Draft,
    pub credential: String,
}

/// Why a step is no request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unprepared {
    /// A template cannot be filled in; `known` where its first name is there, and only a part of it is missing.
    Template { message: String, known: bool },
    /// It leads away from the target, or names what the target does not have.
    NotSent(NotSent),
    /// The suite is wrong.
    Mistake(String),
}

/// The method and the path of a step, where it is a request.
pub(super) fn line(step: &Step) -> Option<(&str, &str)> {
    let keys = [
        ("GET", &step.get),
        ("POST", &step.post),
        ("PUT", &step.put),
        ("PATCH", &step.patch),
        ("DELETE", &step.delete),
        ("HEAD", &step.head),
        ("OPTIONS", &step.options),
        ("GET", &step.read),
        ("GET", &step.list),
    ];
    let send = step.send.as_ref().map(|send| (send.method.as_str(), send.path.as_str()));
    keys.into_iter().find_map(|(method, path)| Some((method, path.as_deref()?))).or(send)
}

/// The request that a step describes. `principal` is who asks where the step does not say; `page` replaces the query
/// parameters that name a page.
pub(super) fn prepare(
    step: &Step,
    session: &Session,
    base: &str,
    principal: &str,
    scope: &Scope,
    page: Option<&(String, String)>,
) -> Result<Prepared, Unprepared> {
    let Some((method, path)) = line(step) else {
        return Err(Unprepared::Mistake("the step is no request".to_owned()));
    };
    let filled = Filled { scope };
    let path = filled.with(path, template::render_path)?;
    let method = filled.with(method, template::render_text)?;
    let mut draft = session.draft(&method, base, &path).map_err(|error| Unprepared::NotSent(error.into()))?;
    draft.wire = step.wire;
    let query = filled.query(step, page)?;
    draft.address = draft.address.with_query(&query);
    filled.body(step, &mut draft)?;
    let credential = step.principal.as_deref().unwrap_or(principal);
    let mut credential = filled.with(credential, template::render_text)?;
    for (name, value) in &step.headers {
        match value {
            Value::Null => {
                draft.headers.remove(name);
                if name.eq_ignore_ascii_case("authorization") {
                    credential = "none".to_owned();
                }
            }
            value => draft.headers.set(name, filled.text(value)?),
        }
    }
    Ok(Prepared { draft, credential })
}

/// Fills templates in, and tells what could not be.
struct Filled<'a> {
    scope: &'a Scope,
}

impl Filled<'_> {
    fn with<T>(
        &self,
        text: &str,
        render: impl FnOnce(&str, &Scope) -> Result<T, TemplateError>,
    ) -> Result<T, Unprepared> {
        render(text, self.scope).map_err(|error| self.unfilled(&error, &Value::from(text)))
    }

    fn value(&self, value: &Value) -> Result<Value, Unprepared> {
        template::render_value(value, self.scope).map_err(|error| self.unfilled(&error, value))
    }

    fn unfilled(&self, error: &TemplateError, text: &Value) -> Unprepared {
        Unprepared::Template { message: error.message.clone(), known: is_known(text, self.scope) }
    }

    /// A scalar as text; anything else as JSON.
    fn text(&self, value: &Value) -> Result<String, Unprepared> {
        Ok(match self.value(value)? {
            Value::String(text) => text,
            other => other.to_string(),
        })
    }

    fn pairs(&self, members: &Map<String, Value>) -> Result<Vec<(String, String)>, Unprepared> {
        let mut pairs = Vec::new();
        for (name, value) in members {
            let name = self.with(name, template::render_text)?;
            match self.value(value)? {
                Value::Null => {}
                Value::Array(values) => {
                    for value in values {
                        pairs.push((name.clone(), self.text(&value)?));
                    }
                }
                value => pairs.push((name, self.text(&value)?)),
            }
        }
        Ok(pairs)
    }

    fn query(&self, step: &Step, page: Option<&(String, String)>) -> Result<String, Unprepared> {
        let mut pairs = self.pairs(&step.query)?;
        if let Some((name, value)) = page {
            pairs.retain(|(name, _)| !is_page_parameter(name));
            pairs.push((name.clone(), value.clone()));
        }
        let encoded = encode::query(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let raw = step.raw_query.as_deref().map(|raw| self.with(raw, template::render_text)).transpose()?;
        Ok(match raw {
            Some(raw) if encoded.is_empty() => raw,
            Some(raw) => format!("{raw}&{encoded}"),
            None => encoded,
        })
    }

    fn body(&self, step: &Step, draft: &mut Draft) -> Result<(), Unprepared> {
        let mut set = |media_type: &str, body: Vec<u8>| {
            draft.headers.set("Content-Type", media_type);
            draft.body = body.into();
        };
        if let Some(body) = &step.body {
            set(MEDIA_TYPE, self.value(body)?.to_string().into_bytes());
        } else if let Some(form) = &step.form {
            let pairs = self.pairs(form)?;
            let text = encode::form(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            set("application/x-www-form-urlencoded", text.into_bytes());
        } else if let Some(multipart) = &step.multipart {
            let pairs = self.pairs(multipart)?;
            let (media_type, body) =
                encode::multipart(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            set(&media_type, body.to_vec());
        } else if let Some(raw) = &step.raw {
            set(MEDIA_TYPE, self.with(raw, template::render_text)?.into_bytes());
        } else if let Some(raw) = &step.raw_base64 {
            let text = self.with(raw, template::render_text)?;
            let bytes = encode::base64_decode(&text);
            set(MEDIA_TYPE, bytes.ok_or_else(|| Unprepared::Mistake("raw_base64 is not base64".to_owned()))?);
        }
        Ok(())
    }
}

/// Whether every name that a value's templates begin with is there: then it is a part of one that is missing,
/// which the server did not give.
pub(super) fn is_known(value: &Value, scope: &Scope) -> bool {
    match value {
        Value::String(text) => template::references(text)
            .is_ok_and(|all| all.iter().all(|reference| scope.get(&reference.name).is_some())),
        Value::Array(elements) => elements.iter().all(|element| is_known(element, scope)),
        Value::Object(members) => members
            .iter()
            .all(|(name, value)| is_known(&Value::from(name.as_str()), scope) && is_known(value, scope)),
        _ => true,
    }
}

/// Whether a query parameter says which page is asked for.
pub(super) fn is_page_parameter(name: &str) -> bool {
    ["startIndex", "cursor"].iter().any(|parameter| name.eq_ignore_ascii_case(parameter))
}
