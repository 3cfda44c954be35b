//! Redaction: secrets are taken out of an exchange when it is captured, and nothing brings them back.
//! Knows no transport, and of SCIM only that an operation of PATCH names by `path` what its `value` sets.

use std::sync::{Arc, LazyLock, RwLock};

use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use regex::{Captures, Regex};
use serde_json::Value;

use super::encode::base64;
use super::{Exchange, Headers, Request, Response, TransportError};

/// What stands for a secret that has no name.
pub const HIDDEN: &str = "***";

/// Secrets shorter than this are hidden in their header fields only: elsewhere they would hide ordinary text.
const SHORTEST: usize = 4;

const SECRET_FIELDS: &[&str] =
    &["authorization", "proxy-authorization", "private-token", "cookie", "set-cookie", "x-api-key"];

const SECRET_MEMBERS: &[&str] =
    &["password", "client_secret", "access_token", "refresh_token", "private_token", "scim_token"];

/// The secrets of a run. Cloning is cheap; clones share what they know.
#[derive(Clone, Default)]
pub struct Redactor {
    known: Arc<RwLock<Known>>,
}

#[derive(Default)]
struct Known {
    /// Each form in which a secret may show, and the shell variable that stands for it.
    forms: Vec<(String, String)>,
    /// Secrets too short to look for outside their own header fields.
    short: Vec<(String, String)>,
    fields: Vec<String>,
}

impl Redactor {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a secret, shown as `$VARIABLE` from now on, in each form in which it may turn up: as it is, in
    /// base64, percent-encoded and escaped as in JSON.
    pub fn learn(&self, variable: &str, secret: &str) {
        let Ok(mut known) = self.known.write() else { return };
        let shown = format!("${variable}");
        if secret.is_empty() {
            return;
        }
        if secret.len() < SHORTEST {
            known.short.push((secret.to_owned(), shown));
            return;
        }
        for form in forms(secret) {
            if !known.forms.iter().any(|(text, _)| *text == form) {
                known.forms.push((form, shown.clone()));
            }
        }
        // The longest first, so that no part of a secret is left over when another is contained in it.
        known.forms.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
    }

    /// Adds a header field whose value is always secret.
    pub fn learn_field(&self, name: &str) {
        if let Ok(mut known) = self.known.write() {
            known.fields.push(name.to_ascii_lowercase());
        }
    }

    /// Any text without the secrets that are known.
    pub fn text(&self, text: &str) -> String {
        let Ok(known) = self.known.read() else { return HIDDEN.to_owned() };
        let mut text = text.to_owned();
        for (form, shown) in &known.forms {
            if text.contains(form.as_str()) {
                text = text.replace(form.as_str(), shown);
            }
        }
        text
    }

    /// An exchange that can be told, built from what was sent and what came.
    pub fn exchange(&self, exchange: Exchange) -> Exchange {
        let passwords = passwords(&exchange.request.body);
        let Exchange { request, url, outcome, elapsed } = exchange;
        Exchange {
            request: Request {
                method: request.method,
                target: self.text(&request.target),
                headers: self.headers(&request.headers),
                body: self.body(&request.body, &passwords),
            },
            url: self.text(&url),
            outcome: match outcome {
                Ok(response) => Ok(Response {
                    status: response.status,
                    headers: self.headers(&response.headers),
                    body: self.body(&response.body, &passwords),
                    stray: self.body(&response.stray, &passwords),
                }),
                Err(error) => Err(self.error(error)),
            },
            elapsed,
        }
    }

    fn error(&self, error: TransportError) -> TransportError {
        match error {
            TransportError::Connect(text) => TransportError::Connect(self.text(&text)),
            TransportError::Tls(text) => TransportError::Tls(self.text(&text)),
            TransportError::Lost(text) => TransportError::Lost(self.text(&text)),
            TransportError::Malformed(text) => TransportError::Malformed(self.text(&text)),
            other => other,
        }
    }

    fn headers(&self, headers: &Headers) -> Headers {
        let secret = |name: &str| {
            let name = name.to_ascii_lowercase();
            SECRET_FIELDS.contains(&name.as_str())
                || self.known.read().is_ok_and(|known| known.fields.contains(&name))
        };
        let hide = |(name, value): (&str, &str)| {
            let shown = if secret(name) { self.field(name, value) } else { self.text(value) };
            (name.to_owned(), shown)
        };
        headers.iter().map(hide).collect()
    }

    /// The value of a field that is secret as a whole: known secrets by their names, the scheme of an authorization stays, the
    /// rest goes.
    fn field(&self, name: &str, value: &str) -> String {
        let has_scheme = name.to_ascii_lowercase().ends_with("authorization");
        let (scheme, rest) = match value.split_once(' ') {
            Some((scheme, rest)) if has_scheme && scheme.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
                (scheme, rest)
            }
            _ => ("", value),
        };
        if rest.is_empty() {
            return value.to_owned();
        }
        let known = self.known.read().ok();
        let shown = known
            .as_ref()
            .and_then(|known| known.forms.iter().chain(&known.short).find(|(form, _)| form == rest));
        let shown = shown.map_or(HIDDEN, |(_, shown)| shown.as_str());
        if scheme.is_empty() { shown.to_owned() } else { format!("{scheme} {shown}") }
    }

    fn body(&self, body: &Bytes, passwords: &[String]) -> Bytes {
        if body.is_empty() {
            return body.clone();
        }
        let Ok(text) = std::str::from_utf8(body) else {
            // Not text: secrets are ASCII, so reading it byte by byte finds them; only then it changes.
            let text: String = body.iter().map(|&byte| char::from(byte)).collect();
            let hidden = self.clean(&text, passwords);
            return if hidden == text { body.clone() } else { Bytes::from(hidden) };
        };
        let hidden = self.clean(text, passwords);
        if hidden == text { body.clone() } else { Bytes::from(hidden) }
    }

    fn clean(&self, text: &str, passwords: &[String]) -> String {
        let named = if may_name_secret(text) { hide_named(text) } else { text.to_owned() };
        let mut text = self.text(&named);
        for form in passwords.iter().flat_map(|password| forms(password)) {
            if text.contains(&form) {
                text = text.replace(&form, HIDDEN);
            }
        }
        text
    }
}

/// Whether a member or a field of a text can have the name of a secret: most have none, and need not be read as JSON.
fn may_name_secret(text: &str) -> bool {
    // An escape may stand for any letter of a name.
    NAMES.as_ref().is_none_or(|names| names.is_match(text)) || text.contains("\\u")
}

/// The names of secret members, wherever they stand.
static NAMES: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!("(?i){}", SECRET_MEMBERS.join("|"))).ok());

/// A text without the values of the secret members that it names.
fn hide_named(text: &str) -> String {
    let Ok(mut document) = serde_json::from_str::<Value>(text) else { return hide_in_text(text) };
    if hide_members(&mut document) { document.to_string() } else { text.to_owned() }
}

/// The forms in which a secret may show.
fn forms(secret: &str) -> Vec<String> {
    let encoded = base64(secret.as_bytes());
    let mut forms = vec![secret.to_owned(), encoded.trim_end_matches('=').to_owned(), encoded];
    forms.push(super::encode::query_encode(secret));
    forms.push(utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string());
    forms.push(super::encode::form([(secret, "")]).trim_end_matches('=').to_owned());
    let json = Value::from(secret).to_string();
    forms.extend(escaped(json.get(1..json.len().saturating_sub(1)).unwrap_or_default()));
    forms.sort();
    forms.dedup();
    forms.retain(|form| form.len() >= SHORTEST);
    forms
}

/// A text of JSON as encoders write it: plainly, with slashes escaped, and with what HTML knows escaped.
fn escaped(json: &str) -> [String; 4] {
    let hidden = |which: &str, lower: bool| {
        let escape = |c: char| match (which.contains(c), lower) {
            (false, _) => c.to_string(),
            (true, true) => format!("\\u{:04x}", u32::from(c)),
            (true, false) => format!("\\u{:04X}", u32::from(c)),
        };
        json.chars().map(escape).collect()
    };
    [json.to_owned(), json.replace('/', r"\/"), hidden("+&'<>`", false), hidden("=&'<>", true)]
}

fn is_secret_member(name: &str) -> bool {
    let last = name.rsplit([':', '.']).next().unwrap_or(name);
    SECRET_MEMBERS.iter().any(|member| last.eq_ignore_ascii_case(member))
}

/// Hides the values of secret members, those of PATCH operations whose path is one included.
fn hide_members(value: &mut Value) -> bool {
    let mut changed = false;
    visit_secrets(value, &mut |secret| {
        if !secret.is_null() && *secret != HIDDEN {
            *secret = Value::from(HIDDEN);
            changed = true;
        }
    });
    changed
}

fn visit_secrets(value: &mut Value, found: &mut impl FnMut(&mut Value)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| visit_secrets(item, found)),
        Value::Object(members) => {
            let path = members.iter().find(|(name, _)| name.eq_ignore_ascii_case("path"));
            let secret_path = path.and_then(|(_, path)| path.as_str()).is_some_and(is_secret_member);
            for (name, member) in members.iter_mut() {
                // `password` as an attribute of a schema, or as an authentication scheme, is an object or not text.
                let hidden = is_secret_member(name) || (secret_path && name.eq_ignore_ascii_case("value"));
                if hidden && !member.is_object() && !member.is_boolean() {
                    found(member);
                } else {
                    visit_secrets(member, found);
                }
            }
        }
        _ => {}
    }
}

/// The passwords that a request carries, so that an answer that repeats one in its prose does not tell it.
fn passwords(body: &Bytes) -> Vec<String> {
    let mut found = Vec::new();
    if !std::str::from_utf8(body).is_ok_and(may_name_secret) {
        return found;
    }
    if let Ok(mut document) = serde_json::from_slice::<Value>(body) {
        visit_secrets(&mut document, &mut |secret| {
            if let Some(text) = secret.as_str().filter(|text| text.len() > SHORTEST) {
                found.push(text.to_owned());
            }
        });
    }
    found
}

/// Secret members in text that is not whole JSON, and secret fields of forms.
static IN_TEXT: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let names = SECRET_MEMBERS.join("|");
    let json = format!(r#"(?i)("(?:[^"]*[:.])?(?:{names})"\s*:\s*")((?:[^"\\]|\\.)*)"#);
    let form = format!(r"(?i)((?:^|[&?])(?:{names})=)([^&\s]*)");
    [json, form].iter().filter_map(|pattern| Regex::new(pattern).ok()).collect()
});

/// The same for a body that is not whole JSON, and for forms.
fn hide_in_text(text: &str) -> String {
    let mut text = text.to_owned();
    for pattern in IN_TEXT.iter() {
        text = pattern.replace_all(&text, |c: &Captures<'_>| format!("{}{HIDDEN}", &c[1])).into_owned();
    }
    text
}

#[cfg(test)]
#[path = "redact_tests.rs"]
mod tests;
