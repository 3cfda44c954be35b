//! Translation between the message types of the HTTP library and those of this crate.
//! Knows no socket and no SCIM.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING};
use hyper::http::request::Parts;
use hyper::{StatusCode, Uri};

use crate::http::{Headers, Request, Response};

/// A response as the HTTP library takes it.
pub(super) type HttpResponse = hyper::Response<Full<Bytes>>;

/// The request as the service takes it, its target as received.
pub(super) fn request(parts: &Parts, body: Bytes) -> Request {
    let mut fields = headers(&parts.headers);
    // HTTP/2 has :authority in the place of Host, and an absolute-form target outranks Host (RFC 9112 §3.2.2).
    if let Some(authority) = parts.uri.authority() {
        fields.set("host", authority.as_str());
    }
    Request { method: parts.method.as_str().to_owned(), target: target(&parts.uri), headers: fields, body }
}

/// Path and query, whatever the form of the request target.
fn target(uri: &Uri) -> String {
    uri.path_and_query().map_or("/", |target| target.as_str()).to_owned()
}

/// Header fields in the order in which the library holds them, bytes that are not UTF-8 replaced.
pub(in crate::mock) fn headers(map: &HeaderMap) -> Headers {
    map.iter().map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes()))).collect()
}

/// The response as the HTTP library sends it; one that no HTTP library can send becomes a 500 that says why.
pub(super) fn response(response: Response) -> HttpResponse {
    message(head(response))
}

fn message((status, fields, body): (StatusCode, HeaderMap, Bytes)) -> HttpResponse {
    let mut message = hyper::Response::new(Full::new(body));
    *message.status_mut() = status;
    *message.headers_mut() = fields;
    message
}

/// Status, fields and body as they can be sent. The framing is the library's: Content-Length and Transfer-Encoding of
/// the service are left out.
pub(in crate::mock) fn head(response: Response) -> (StatusCode, HeaderMap, Bytes) {
    match sendable(&response) {
        Ok((status, fields)) => (status, fields, response.body),
        Err(reason) => {
            let told = format!("the service gave a response that HTTP cannot carry: {reason}\n");
            plain(StatusCode::INTERNAL_SERVER_ERROR, told)
        }
    }
}

fn sendable(response: &Response) -> Result<(StatusCode, HeaderMap), String> {
    let status = StatusCode::from_u16(response.status)
        .ok()
        .filter(|status| !status.is_informational())
        .ok_or_else(|| format!("status {}", response.status))?;
    let mut fields = HeaderMap::with_capacity(8);
    for (name, value) in response.headers.iter() {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("header name {name:?}"))?;
        if name == CONTENT_LENGTH || name == TRANSFER_ENCODING {
            continue;
        }
        let value =
            HeaderValue::from_bytes(value.as_bytes()).map_err(|_| format!("value of header {name}"))?;
        fields.append(name, value);
    }
    Ok((status, fields))
}

/// The reason phrase of a status, empty where there is none.
pub(super) fn reason(status: u16) -> &'static str {
    StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default()
}

/// The answer over HTTP/2 where the service gave bytes of HTTP/1.1 (RFC 9110 §15.6.6).
pub(super) fn needs_http1() -> HttpResponse {
    let told = "this answer is written byte by byte and needs HTTP/1.1\n".to_owned();
    message(plain(StatusCode::HTTP_VERSION_NOT_SUPPORTED, told))
}

fn plain(status: StatusCode, text: String) -> (StatusCode, HeaderMap, Bytes) {
    let media_type = (CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    (status, HeaderMap::from_iter([media_type]), text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(request: hyper::http::request::Builder) -> Parts {
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn target_keeps_path_and_query_as_received() {
        let sent = "/scim/v2/../v2//Users/a%2Fb?filter=userName%20eq%20%22x%22&&count=%zz";
        let parts = parts(hyper::Request::get(sent).header("Host", "mock.example"));
        let request = request(&parts, Bytes::new());
        assert_eq!(request.target, sent);
        assert_eq!(request.headers.get("Host"), Some("mock.example"));
    }

    #[test]
    fn authority_of_the_target_outranks_host() {
        let parts =
            parts(hyper::Request::get("https://one.example:8443/Users?x=1").header("host", "two.example"));
        let request = request(&parts, Bytes::new());
        assert_eq!(request.target, "/Users?x=1");
        assert_eq!(request.headers.get_all("host").collect::<Vec<_>>(), ["one.example:8443"]);
    }

    #[test]
    fn repeated_fields_and_odd_bytes_survive() {
        let mut builder = hyper::Request::get("/").header("accept", "a").header("accept", "b");
        builder = builder.header("x-odd", HeaderValue::from_bytes(b"\xffz").unwrap());
        let request = request(&parts(builder), Bytes::new());
        assert_eq!(request.headers.get_all("Accept").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(request.headers.get("x-odd"), Some("\u{fffd}z"));
    }

    #[test]
    fn framing_of_the_service_is_left_out() {
        let mut given = Response::new(201);
        given.headers.set("Content-Length", "999");
        given.headers.set("Location", "https://x.example/Users/é");
        let sent = response(given);
        assert_eq!(sent.status(), 201);
        assert!(sent.headers().get("content-length").is_none());
        assert_eq!(
            sent.headers().get("location").unwrap().as_bytes(),
            "https://x.example/Users/é".as_bytes()
        );
    }

    #[test]
    fn what_http_cannot_carry_is_named() {
        let mut split = Response::new(200);
        split.headers.set("ETag", "a\r\nSet-Cookie: b");
        assert_eq!(sendable(&split).unwrap_err(), "value of header etag");
        for status in [42, 101, 1000] {
            let (sent, _, told) = head(Response::new(status));
            assert_eq!(sent, 500);
            assert!(std::str::from_utf8(&told).unwrap().ends_with(&format!("status {status}\n")));
        }
    }
}
