//! The request target: segments and percent-encoding.
//! Knows no endpoint.

/// The text was no UTF-8, or had a null byte in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

/// The segments of a path as they were sent, one slash at its end left out.
pub fn segments(path: &str) -> Vec<&str> {
    let path = path.strip_prefix('/').unwrap_or(path);
    path.strip_suffix('/').unwrap_or(path).split('/').collect()
}

/// Decodes `%xx`; anything else stands for itself.
pub fn decode(text: &str) -> Result<String, Malformed> {
    decode_bytes(text, false)
}

/// Decodes a name or value of a form or query, where a plus sign is a space.
pub fn decode_form(text: &str) -> Result<String, Malformed> {
    decode_bytes(text, true)
}

fn decode_bytes(text: &str, plus_is_space: bool) -> Result<String, Malformed> {
    let text = if plus_is_space { text.replace('+', " ") } else { text.to_owned() };
    let decoded = percent_encoding::percent_decode_str(&text).decode_utf8().map_err(|_| Malformed)?;
    if decoded.contains('\0') { Err(Malformed) } else { Ok(decoded.into_owned()) }
}

/// Name and value of each part of a query or an urlencoded form.
pub fn pairs(text: &str) -> Result<Vec<(String, String)>, Malformed> {
    let parts = text.split('&').filter(|part| !part.is_empty());
    let pair = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        Ok((decode_form(name)?, decode_form(value)?))
    };
    parts.map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_forms_are_decoded() {
        assert_eq!(segments("/api/a%2Fb/"), ["api", "a%2Fb"]);
        assert_eq!(decode("a%2Fb+c"), Ok("a/b+c".to_owned()));
        let read = pairs("filter=id+eq+%22x%22&&a&b=").expect("well-formed");
        let read: Vec<(&str, &str)> = read.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(read, [("filter", "id eq \"x\""), ("a", ""), ("b", "")]);
    }

    #[test]
    fn null_bytes_and_broken_utf8_are_refused() {
        for text in ["a%00b", "%ff", "%c3%28"] {
            assert_eq!(decode(text), Err(Malformed), "{text}");
            assert_eq!(pairs(&format!("a={text}")), Err(Malformed), "{text}");
        }
    }
}
