//! HTTP exchanges in the HAR 1.2 form, without secrets.
//! Does no I/O.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::log::wire_status;
use super::messages::reason;
use super::record::Recorded;
use super::redact::{Redactor, decoded};
use crate::http::{Headers, Response};
use crate::mock::Answer;

/// Longest body that is kept as text, in bytes.
pub(super) const BODY_LIMIT: usize = 1024 * 1024;

/// What stands before the entries of a HAR file.
pub(super) fn head() -> String {
    let creator = json!({"name": "scimspec", "version": env!("CARGO_PKG_VERSION")});
    format!("{{\"log\":{{\"version\":\"1.2\",\"creator\":{creator},\"entries\":[\n")
}

/// What stands behind them.
pub(super) const TAIL: &str = "\n]}}\n";

/// One exchange as an entry; `scheme` is `http` or `https`.
pub(super) fn entry(exchange: &Recorded, scheme: &str, redactor: &Redactor) -> Value {
    // The secrets of one exchange are forgotten with it.
    let mut redactor = redactor.clone();
    for (name, value) in exchange.request.headers.iter() {
        redactor.learn_header(name, value);
    }
    let millis = exchange.elapsed.as_secs_f64() * 1000.0;
    let request = request(exchange, scheme, &mut redactor);
    let (answered, comment) = match &exchange.answer {
        Answer::Http(response) => (Cow::Borrowed(response), None),
        Answer::Wire(bytes) => (Cow::Owned(from_wire(bytes)), Some("written byte by byte")),
    };
    let mut response = response(&answered, exchange, &mut redactor);
    if let (Some(comment), Some(fields)) = (comment, response.as_object_mut()) {
        fields.insert("comment".to_owned(), comment.into());
    }
    json!({
        "startedDateTime": exchange.at.to_string(),
        "time": millis,
        "request": request,
        "response": response,
        "cache": {},
        "timings": {"send": 0, "wait": millis, "receive": 0},
    })
}

fn request(exchange: &Recorded, scheme: &str, redactor: &mut Redactor) -> Value {
    let request = &exchange.request;
    let body = body(&request.headers, &request.body, exchange.request_size, redactor);
    let target = redactor.target(&request.target);
    let host = request.headers.get("host").unwrap_or("localhost");
    let mut told = json!({
        "method": request.method,
        "url": format!("{scheme}://{host}{target}"),
        "httpVersion": exchange.version,
        "cookies": [],
        "headers": headers(&request.headers, redactor),
        "queryString": query(&target),
        "headersSize": -1,
        "bodySize": exchange.request_size,
    });
    if let (true, Some(fields)) = (exchange.request_size > 0, told.as_object_mut()) {
        fields.insert("postData".to_owned(), body);
    }
    told
}

fn response(response: &Response, exchange: &Recorded, redactor: &mut Redactor) -> Value {
    let size = exchange.response_size;
    let mut content = body(&response.headers, &response.body, size, redactor);
    if let Some(fields) = content.as_object_mut() {
        fields.insert("size".to_owned(), size.into());
    }
    json!({
        "status": response.status,
        "statusText": reason(response.status),
        "httpVersion": exchange.version,
        "cookies": [],
        "headers": headers(&response.headers, redactor),
        "content": content,
        "redirectURL": response.headers.get("location").map(|to| redactor.text(to)).unwrap_or_default(),
        "headersSize": -1,
        "bodySize": size,
    })
}

fn headers(headers: &Headers, redactor: &Redactor) -> Vec<Value> {
    headers.iter().map(|(name, value)| json!({"name": name, "value": redactor.header(name, value)})).collect()
}

/// The parameters of a redacted target.
fn query(target: &str) -> Vec<Value> {
    let Some((_, query)) = target.split_once('?') else { return Vec::new() };
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| json!({"name": decoded(name), "value": decoded(value)}))
        .collect()
}

/// Media type and text of a body. Secrets can be found in JSON and forms only; anything else is left out.
fn body(headers: &Headers, bytes: &[u8], size: usize, redactor: &mut Redactor) -> Value {
    let media_type = headers.get("content-type").unwrap_or_default();
    let (text, comment) = match kept(media_type, bytes, size, redactor) {
        Ok(text) => (text, None),
        Err(why) => (String::new(), Some(format!("{size} bytes left out: {why}"))),
    };
    let mut told = json!({"mimeType": redactor.text(media_type), "text": text});
    if let (Some(comment), Some(fields)) = (comment, told.as_object_mut()) {
        fields.insert("comment".to_owned(), comment.into());
    }
    told
}

fn kept(
    media_type: &str,
    bytes: &[u8],
    size: usize,
    redactor: &mut Redactor,
) -> Result<String, &'static str> {
    if size > BODY_LIMIT {
        return Err("longer than what is recorded");
    }
    if bytes.is_empty() {
        return Ok(String::new());
    }
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    if media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        let form = std::str::from_utf8(bytes).map_err(|_| "not UTF-8")?;
        return Ok(redactor.form(form));
    }
    let mut document =
        serde_json::from_slice(bytes).map_err(|_| "not JSON, so secrets could not be found in it")?;
    redactor.json(&mut document);
    Ok(document.to_string())
}

/// Raw bytes read as a response, as far as they are one.
fn from_wire(bytes: &[u8]) -> Response {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
    let (head, body) = match end.and_then(|end| bytes.split_at_checked(end)) {
        Some((head, body)) => (head, body.get(4..).unwrap_or_default()),
        None => (bytes, &[][..]),
    };
    let mut response = Response::new(wire_status(bytes).unwrap_or_default());
    for line in String::from_utf8_lossy(head).lines().skip(1) {
        if let Some((name, value)) = line.split_once(':') {
            response.headers.append(name.trim(), value.trim());
        }
    }
    response.body = bytes::Bytes::copy_from_slice(body);
    response
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::http::Request;

    fn exchange(request: Request, answer: Answer) -> Value {
        let at = "2026-11-21T19:30:01.123Z".parse().unwrap();
        let recorded = Recorded::of(at, Duration::from_millis(2), "HTTP/1.1", request, &answer);
        entry(&recorded, "https", &Redactor::new(&["server-token".to_owned()]))
    }

    fn post(media_type: &str, body: &str) -> Request {
        let mut request = Request::new("POST", "/scim/v2/Users?attributes=a%2Cb&x");
        request.headers.set("Host", "mock.example:8443");
        request.headers.set("Authorization", "Bearer client-token");
        request.headers.set("Content-Type", media_type);
        request.body = body.to_owned().into();
        request
    }

    fn answer(status: u16, body: &str) -> Answer {
        let mut response = Response::new(status);
        response.headers.set("Content-Type", "application/scim+json");
        response.body = body.to_owned().into();
        Answer::Http(response)
    }

    #[test]
    fn an_entry_tells_both_messages() {
        let told = exchange(
            post("application/scim+json", r#"{"userName":"a"}"#),
            answer(201, r#"{"id":"1","userName":"a"}"#),
        );
        assert_eq!(told["request"]["url"], "https://mock.example:8443/scim/v2/Users?attributes=a%2Cb&x");
        assert_eq!(
            told["request"]["queryString"],
            json!([{"name": "attributes", "value": "a,b"}, {"name": "x", "value": ""}])
        );
        assert_eq!(told["request"]["postData"]["text"], r#"{"userName":"a"}"#);
        assert_eq!(told["request"]["headers"][1], json!({"name": "Authorization", "value": "[redacted]"}));
        assert_eq!(told["response"]["status"], 201);
        assert_eq!(told["response"]["statusText"], "Created");
        assert_eq!(told["response"]["content"]["size"], 25);
        assert_eq!(told["time"], 2.0);
    }

    #[test]
    fn no_secret_is_left_anywhere() {
        let bodies = [
            ("application/scim+json", r#"{"userName":"server-token","password":"hunter22"}"#),
            ("application/json", r#"{"password":"hunter22","password":"x"}"#),
            ("application/scim+json", r#"{"password":"hunter22""#),
            (
                "application/x-www-form-urlencoded",
                "grant_type=password&password=hunter22&client_secret=hunter22",
            ),
            ("text/plain", "hunter22"),
        ];
        for (media_type, body) in bodies {
            let echo = r#"{"status":"400","detail":"hunter22 is too short; client-token is unknown"}"#;
            let told = exchange(post(media_type, body), answer(400, echo));
            let request = told["request"].to_string();
            assert!(!request.contains("hunter22") && !request.contains("token"), "{request}");
            assert!(!told["response"].to_string().contains("client-token"), "{told}");
        }
        let echoed = exchange(
            post("application/scim+json", r#"{"password":"hunter22"}"#),
            answer(400, r#"{"detail":"hunter22 is too short"}"#),
        );
        assert!(!echoed.to_string().contains("hunter22"), "{echoed}");
    }

    #[test]
    fn raw_bytes_are_told_as_far_as_they_are_a_response() {
        let wire =
            "HTTP/1.1 204 No Content\r\nContent-Type: application/json\r\nETag: W/\"1\"\r\n\r\n{\"a\":1}";
        let told = exchange(Request::new("DELETE", "/Users/1"), Answer::Wire(wire.into()));
        assert_eq!(told["response"]["status"], 204);
        assert_eq!(told["response"]["headers"][1]["name"], "ETag");
        assert_eq!(told["response"]["content"]["text"], r#"{"a":1}"#);
        assert_eq!(told["response"]["comment"], "written byte by byte");
        let told = exchange(Request::new("GET", "/"), Answer::Wire("nonsense".into()));
        assert_eq!(told["response"]["status"], 0);
    }

    #[test]
    fn long_bodies_are_left_out_and_said_so() {
        let told = exchange(post("application/json", &"x".repeat(BODY_LIMIT + 1)), answer(413, "{}"));
        assert_eq!(
            told["request"]["postData"]["comment"],
            "1048577 bytes left out: longer than what is recorded"
        );
    }
}
