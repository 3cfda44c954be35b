//! The body as text: its encoding, and that it is one JSON object (RFC 7644 §3.8).
//! Must not look inside the object.

use crate::check::judge::Context;
use crate::check::{Problem, body as json_body, show};
use crate::http::Response;

use super::support::{body, problem};

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

pub fn utf_8(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    let mistake = match std::str::from_utf8(&response.body) {
        Err(error) => format!("is not, at byte {}", error.valid_up_to()),
        // RFC 8259 §8.1 forbids it in what is sent.
        Ok(_) if response.body.starts_with(BYTE_ORDER_MARK) => "begins with a byte order mark".to_owned(),
        Ok(_) => return Vec::new(),
    };
    let message = format!("the body should be UTF-8 and {mistake}");
    vec![problem(body(""), message, "UTF-8", show::bytes(&response.body, context.redact))]
}

pub fn json_object(response: &Response, context: &Context<'_>) -> Vec<Problem> {
    if response.body.is_empty() {
        return Vec::new();
    }
    match json_body::parse(response, context) {
        Ok(document) if document.is_object() => utf_8(response, context),
        Ok(document) => {
            let kind = if document.is_array() { "a list" } else { "a single value" };
            let message = format!("the body should be a JSON object and is {kind}");
            vec![problem(body(""), message, "a JSON object", show::value(Some(&document), context.redact))]
        }
        Err(problem) => vec![problem],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::with_context;
    use bytes::Bytes;

    fn counts(bytes: &'static [u8]) -> (usize, usize) {
        let response = Response { body: Bytes::from_static(bytes), ..Response::new(200) };
        with_context(|context| (utf_8(&response, context).len(), json_object(&response, context).len()))
    }

    #[test]
    fn objects_in_utf_8_hold() {
        assert_eq!(counts(b""), (0, 0));
        assert_eq!(counts("{\"a\":\"é\"}".as_bytes()), (0, 0));
    }

    #[test]
    fn all_else_is_told() {
        assert_eq!(counts(b"{\"a\":\"\xE9\"}"), (1, 1));
        assert_eq!(counts(b"\xEF\xBB\xBF{}"), (1, 1));
        assert_eq!(counts(b"[]"), (0, 1));
        assert_eq!(counts(b"{} {}"), (0, 1));
        assert_eq!(counts(b"<html>"), (0, 1));
    }
}
