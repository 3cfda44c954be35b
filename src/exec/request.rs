//! From a step to the request that it describes.
//! Sends nothing.

use serde_json::{Map, Value};

use crate::http::encode;
use crate::suite::template::{self, Scope, TemplateError};
use crate::suite::{Step, Suite};
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

/// Whether a step is a request of the client that its suite plays, and not scimspec's own.
pub(super) fn is_of_client(step: &Step, suite: &Suite) -> bool {
    !suite.client.is_empty() && step.read.is_none() && step.list.is_none()
}

/// The request that a step of a suite describes. `principal` is who asks where the step does not say; `page` replaces the query
/// parameters that name a page.
pub(super) fn prepare(
    step: &Step,
    suite: &Suite,
    session: &Session,
    base: &str,
    principal: &str,
    scope: &Scope,
    page: Option<&(String, String)>,
) -> Result<Prepared, Unprepared> {
    let Some((method, path)) = step.request() else {
        return Err(Unprepared::Mistake("the step is no request".to_owned()));
    };
    let of_client = is_of_client(step, suite);
    let filled = Filled { scope, form_query: of_client && suite.form_query };
    let path = filled.with(path, template::render_path)?;
    let method = filled.with(method, template::render_text)?;
    let mut draft = session.draft(&method, base, &path).map_err(|error| Unprepared::NotSent(error.into()))?;
    draft.wire = step.wire;
    draft.field = step.field.as_deref().map(|field| filled.with(field, template::render_text)).transpose()?;
    let query = filled.query(step, page)?;
    draft.address = draft.address.with_query(&query);
    filled.body(step, &mut draft)?;
    let credential = step.principal.as_deref().unwrap_or(principal);
    let mut prepared = Prepared { credential: filled.with(credential, template::render_text)?, draft };
    if of_client {
        let has_body = !prepared.draft.body.is_empty();
        let goes = |name: &str| has_body || !name.eq_ignore_ascii_case("content-type");
        filled.headers(suite.headers.iter().filter(|(name, _)| goes(name)), &mut prepared)?;
    }
    filled.headers(&step.headers, &mut prepared)?;
    Ok(prepared)
}

/// Fills templates in, and tells what could not be.
struct Filled<'a> {
    scope: &'a Scope,
    /// Whether queries are encoded as forms are.
    form_query: bool,
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

    /// Sets the fields, and takes those away that are null.
    fn headers<'f>(
        &self,
        fields: impl IntoIterator<Item = (&'f String, &'f Value)>,
        to: &mut Prepared,
    ) -> Result<(), Unprepared> {
        for (name, value) in fields {
            match value {
                Value::Null => {
                    to.draft.headers.remove(name);
                    if name.eq_ignore_ascii_case("authorization") {
                        to.credential = "none".to_owned();
                    }
                }
                value => to.draft.headers.set(name, self.text(value)?),
            }
        }
        Ok(())
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
        let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let encoded = if self.form_query { encode::form(pairs) } else { encode::query(pairs) };
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
