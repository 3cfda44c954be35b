//! The text of a snapshot: the exchanges of a case with placeholders for all that differs from run to run.
//! Reads no clock and no file.

use std::fmt::Write;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use super::placeholders::Placeholders;
use super::recorded::{Known, Recorded};

const REQUEST_HEADERS: &[&str] = &[
    "User-Agent",
    "ADSCIMVersion",
    "Accept",
    "Accept-Charset",
    "Content-Type",
    "Authorization",
    "If-Match",
    "If-None-Match",
    "Prefer",
];
/// What a User-Agent begins with that no client of a suite set.
const OWN_AGENT: &str = "scimspec/";
const RESPONSE_HEADERS: &[&str] =
    &["Content-Type", "Location", "Content-Location", "ETag", "Allow", "WWW-Authenticate", "Retry-After"];
/// Members whose numbers are ids.
const NUMBERED: &[&str] = &["id", "user_id"];
/// Characters of a body that is no JSON.
const LONGEST_TEXT: usize = 10_000;

/// The exchanges as text: request line, headers that matter, body; status, headers that matter, body.
///
/// JSON is laid out with its members sorted, save in the requests of a client, whose queries keep their encodings too. The same exchanges give the same text in every run.
pub fn normalise(exchanges: &[Recorded], known: &Known<'_>) -> String {
    let mut placeholders = Placeholders::new(*known);
    for exchange in exchanges {
        if let Ok(body) = serde_json::from_slice(&exchange.response_body) {
            learn_ids(&body, &mut placeholders);
        }
    }
    let base = known.base.split_once("://").map_or(known.base, |(_, rest)| rest);
    let base_path = base.find('/').and_then(|at| base.get(at..)).unwrap_or_default().trim_end_matches('/');
    let mut text = String::new();
    for (i, exchange) in exchanges.iter().enumerate() {
        if i > 0 {
            text.push('\n');
        }
        request(exchange, base_path, known.as_sent, &mut placeholders, &mut text);
        text.push('\n');
        response(exchange, &mut placeholders, &mut text);
    }
    text
}

fn request(
    exchange: &Recorded,
    base_path: &str,
    as_sent: bool,
    placeholders: &mut Placeholders<'_>,
    text: &mut String,
) {
    let target = exchange.target.strip_prefix(base_path).unwrap_or(&exchange.target);
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    let mut line = format!("{} {}", exchange.method, placeholders.text(&decoded(path)));
    if let Some(query) = query {
        let query = if as_sent { encoded(query, placeholders) } else { parameters(query, placeholders) };
        let _ = write!(line, "?{query}");
    }
    let _ = writeln!(text, "{line}");
    if as_sent && agent(&exchange.request_headers).is_some_and(|agent| agent.starts_with(OWN_AGENT)) {
        text.push_str("User-Agent: [scimspec, since that of the client is not known]\n");
    }
    headers(&exchange.request_headers, REQUEST_HEADERS, placeholders, text);
    let order = if as_sent { Order::AsSent } else { Order::Sorted };
    body(&exchange.request_body, order, placeholders, text);
}

fn agent(fields: &[(String, String)]) -> Option<&str> {
    fields.iter().find(|(name, _)| name.eq_ignore_ascii_case("User-Agent")).map(|(_, value)| value.as_str())
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn parameters(query: &str, placeholders: &mut Placeholders<'_>) -> String {
    let parameters: Vec<String> =
        query.split('&').map(|one| parameter(&decoded(one), placeholders)).collect();
    parameters.join("&")
}

/// A query with its encodings, such as `%20`; placeholders stand for what is between them.
fn encoded(query: &str, placeholders: &mut Placeholders<'_>) -> String {
    let mut parts = query.split('%');
    let mut shown = placeholders.text(parts.next().unwrap_or_default());
    for part in parts {
        let (octet, plain) = part.split_at_checked(2).unwrap_or((part, ""));
        let _ = write!(shown, "%{octet}{}", placeholders.text(plain));
    }
    shown
}

fn parameter(parameter: &str, placeholders: &mut Placeholders<'_>) -> String {
    match parameter.split_once('=') {
        Some(("cursor", cursor)) if !cursor.is_empty() => {
            format!("cursor={}", placeholders.numbered("cursor", cursor))
        }
        Some((name, value)) => format!("{name}={}", placeholders.operands(value)),
        None => placeholders.text(parameter),
    }
}

fn response(exchange: &Recorded, placeholders: &mut Placeholders<'_>, text: &mut String) {
    match exchange.status {
        Some(status) => {
            let _ = writeln!(text, "{status}");
        }
        // Why not differs from machine to machine.
        None => text.push_str("no response\n"),
    }
    headers(&exchange.response_headers, RESPONSE_HEADERS, placeholders, text);
    body(&exchange.response_body, Order::Sorted, placeholders, text);
}

fn headers(
    fields: &[(String, String)],
    shown: &[&str],
    placeholders: &mut Placeholders<'_>,
    text: &mut String,
) {
    for name in shown {
        for (_, value) in fields.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name)) {
            let value = match *name {
                "User-Agent" if value.starts_with(OWN_AGENT) => continue,
                "Authorization" => "[secret]".to_owned(),
                "ETag" | "If-Match" | "If-None-Match" => entity_tags(value, placeholders),
                _ => placeholders.text(value),
            };
            let _ = writeln!(text, "{name}: {value}");
        }
    }
}

/// Whatever stands in quotes is the tag; what is not quoted is one as a whole, save `*`.
fn entity_tags(value: &str, placeholders: &mut Placeholders<'_>) -> String {
    if value.trim() == "*" || value.is_empty() {
        return value.to_owned();
    }
    if !value.contains('"') {
        return placeholders.numbered("version", value);
    }
    let parts = value.split('"').enumerate();
    let parts: Vec<String> = parts
        .map(|(i, part)| if i % 2 == 1 { placeholders.numbered("version", part) } else { part.to_owned() })
        .collect();
    parts.join("\"")
}

/// In which order the members of a body are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    AsSent,
    Sorted,
}

fn body(bytes: &[u8], order: Order, placeholders: &mut Placeholders<'_>, text: &mut String) {
    if bytes.is_empty() {
        return;
    }
    text.push('\n');
    if let Ok(document) = serde_json::from_slice::<Value>(bytes) {
        let document = value("", &document, order, placeholders);
        text.push_str(&serde_json::to_string_pretty(&document).unwrap_or_default());
        text.push('\n');
        return;
    }
    let whole = String::from_utf8_lossy(bytes);
    let shown: String = whole.chars().take(LONGEST_TEXT).collect();
    let left_out = whole.chars().count() - shown.chars().count();
    text.push_str(&placeholders.text(&shown));
    if left_out > 0 {
        let _ = write!(text, "… ({left_out} more characters)");
    }
    text.push('\n');
}

/// A JSON value with placeholders; `name` is the member that holds it.
fn value(name: &str, json: &Value, order: Order, placeholders: &mut Placeholders<'_>) -> Value {
    match json {
        Value::Object(members) => {
            let mut ordered: Vec<(&String, &Value)> = members.iter().collect();
            if order == Order::Sorted {
                ordered.sort_by_key(|(name, _)| *name);
            }
            let mut result = Map::new();
            for (name, member) in ordered {
                result.insert(placeholders.text(name), value(name, member, order, placeholders));
            }
            Value::Object(result)
        }
        Value::Array(items) => items.iter().map(|item| value(name, item, order, placeholders)).collect(),
        Value::String(text) => Value::String(string(name, text, placeholders)),
        Value::Number(number) if NUMBERED.iter().any(|id| name.eq_ignore_ascii_case(id)) => {
            let text = number.to_string();
            placeholders.whole_id(&text).map_or(json.clone(), Value::String)
        }
        other => other.clone(),
    }
}

fn string(name: &str, text: &str, placeholders: &mut Placeholders<'_>) -> String {
    match name.to_ascii_lowercase().as_str() {
        "password" | "token" | "access_token" | "client_secret" => "[secret]".to_owned(),
        "version" if !text.is_empty() => entity_tags(text, placeholders),
        "nextcursor" | "previouscursor" | "cursor" if !text.is_empty() => {
            placeholders.numbered("cursor", text)
        }
        "filter" | "path" => placeholders.operands(text),
        "id" | "value" => placeholders.whole_id(text).unwrap_or_else(|| placeholders.text(text)),
        _ => placeholders.text(text),
    }
}

/// Ids of resources in an answer. Those of schemas and resource types are the same in every run.
fn learn_ids(json: &Value, placeholders: &mut Placeholders<'_>) {
    match json {
        Value::Array(items) => items.iter().for_each(|item| learn_ids(item, placeholders)),
        Value::Object(members) => {
            let describes = members.contains_key("endpoint") || members.contains_key("attributes");
            match members.get("id") {
                Some(Value::String(id)) if !describes && !id.starts_with("urn:") => placeholders.learn_id(id),
                Some(Value::Number(id)) if !describes => placeholders.learn_id(&id.to_string()),
                _ => {}
            }
            if let Some(Value::Number(id)) = members.get("user_id") {
                placeholders.learn_id(&id.to_string());
            }
            members.values().for_each(|member| learn_ids(member, placeholders));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
