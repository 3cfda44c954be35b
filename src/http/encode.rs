//! Encodings of text for URLs, forms, multipart bodies and header fields.
//! Knows nothing of what they carry.

use ::base64::Engine;
use ::base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but the unreserved characters of RFC 3986 §2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What a request target cannot hold as it is: it would end the request line.
const UNSENDABLE: &AsciiSet = &CONTROLS.add(b' ');

/// Encodes a value of a query parameter, or its name (space as %20).
pub fn query_encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Encodes one segment of a path, slashes included.
pub fn path_encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// A query from its parameters, in order, without the question mark.
pub fn query<'a>(parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let pairs =
        parameters.into_iter().map(|(name, value)| format!("{}={}", query_encode(name), query_encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// Encodes only what would break the request line: control characters, spaces, and all beyond ASCII.
pub fn sendable(target: &str) -> String {
    utf8_percent_encode(target, UNSENDABLE).to_string()
}

/// An application/x-www-form-urlencoded body.
pub fn form<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// Undoes percent-encoding; bytes that are no text become replacement characters.
pub fn percent_decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Undoes percent-encoding where that gives a text; what is none stays as it is, so that it can be told from another.
pub fn decode(text: &str) -> String {
    let decoded = percent_encoding::percent_decode_str(text).decode_utf8();
    decoded.map_or_else(|_| text.to_owned(), |decoded| decoded.into_owned())
}

/// Base64 with padding (RFC 4648 §4).
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes of a base64 text, or `None` where it is not one.
pub fn base64_decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text.trim()).ok()
}

/// A multipart/form-data body (RFC 7578) of text fields, and its Content-Type.
pub fn multipart<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> (String, Bytes) {
    let fields: Vec<(&str, &str)> = fields.into_iter().collect();
    let boundary = boundary(&fields);
    let mut body = String::new();
    for (name, value) in &fields {
        let name = name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
        body.push_str(&format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    body.push_str(&format!("--{boundary}--\r\n"));
    (format!("multipart/form-data; boundary={boundary}"), Bytes::from(body))
}

/// A boundary that no value contains; the same fields always get the same.
fn boundary(fields: &[(&str, &str)]) -> String {
    let mut number = 0_u64;
    loop {
        let boundary = format!("scimspec-part-{number:08}");
        if !fields.iter().any(|(_, value)| value.contains(&boundary)) {
            return boundary;
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_has_no_plus_for_space() {
        let text = query([("filter", "userName eq \"a+b&c\""), ("ü", "/")]);
        assert_eq!(text, "filter=userName%20eq%20%22a%2Bb%26c%22&%C3%BC=%2F");
    }

    #[test]
    fn a_path_segment_keeps_nothing_that_would_split_it() {
        assert_eq!(path_encode("a/b?c#d e~f"), "a%2Fb%3Fc%23d%20e~f");
    }

    #[test]
    fn percent_encoding_is_undone() {
        assert_eq!(percent_decode("a%20b%2Bc+%zz%C3%A9"), "a b+c+%zzé");
    }

    #[test]
    fn what_is_no_text_stays_encoded() {
        assert_eq!(decode("a%20b%zz%2"), "a b%zz%2");
        assert_eq!(decode("%ff"), "%ff");
        assert_eq!(decode(&path_encode("ä/ %")), "ä/ %");
    }

    #[test]
    fn only_what_breaks_the_line_is_encoded() {
        assert_eq!(sendable("/a/../b?x=\"<>%zz\r\nHost: é"), "/a/../b?x=\"<>%zz%0D%0AHost:%20%C3%A9");
    }

    #[test]
    fn a_form_has_plus_for_space() {
        assert_eq!(form([("a", "b c"), ("d", "é&")]), "a=b+c&d=%C3%A9%26");
    }

    #[test]
    fn a_boundary_avoids_the_values() {
        let (content_type, body) = multipart([("a\"", "scimspec-part-00000000")]);
        assert_eq!(content_type, "multipart/form-data; boundary=scimspec-part-00000001");
        let expected = "--scimspec-part-00000001\r\nContent-Disposition: form-data; name=\"a%22\"\r\n\r\n\
                        scimspec-part-00000000\r\n--scimspec-part-00000001--\r\n";
        assert_eq!(body, expected);
    }

    #[test]
    fn base64_goes_there_and_back() {
        assert_eq!(base64(b"user:pass"), "dXNlcjpwYXNz");
        assert_eq!(base64_decode("dXNlcjpwYXNz").as_deref(), Some(&b"user:pass"[..]));
        assert_eq!(base64_decode("***"), None);
    }
}
