//! Percent-encoding of what a template puts into a path (RFC 3986 §2.1).
//! Must not be used for whole URLs.

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// A value that is a whole path or URL.
pub fn whole_path(value: &str) -> String {
    if value.starts_with("http://") || value.starts_with("https://") {
        return value.to_owned();
    }
    encode_path(value)
}

/// A value as it stands in a path: see [`super::render_path`].
pub fn for_path(value: &str) -> String {
    if value.starts_with("http://") || value.starts_with("https://") {
        return value.to_owned();
    }
    if value.starts_with('/') {
        return encode_path(value);
    }
    encode(value, |byte| is_unreserved(byte) || matches!(byte, b':' | b'@'))
}

/// Encodes all but the unreserved characters.
pub fn component(value: &str) -> String {
    encode(value, is_unreserved)
}

/// A path may have been taken out of a URL: escapes that are there already stay.
fn encode_path(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut out = String::with_capacity(path.len());
    for (at, &byte) in bytes.iter().enumerate() {
        let escape = byte == b'%'
            && matches!(bytes.get(at + 1..at + 3), Some([a, b]) if a.is_ascii_hexdigit() && b.is_ascii_hexdigit());
        let legal = is_unreserved(byte) || b"/:@!$&'()*+,;=".contains(&byte);
        push(&mut out, byte, escape || legal);
    }
    out
}

fn encode(value: &str, keep: impl Fn(u8) -> bool) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        push(&mut out, byte, keep(byte));
    }
    out
}

fn push(out: &mut String, byte: u8, keep: bool) {
    if keep {
        out.push(char::from(byte));
        return;
    }
    out.push('%');
    for nibble in [byte >> 4, byte & 15] {
        out.push(char::from(HEX[usize::from(nibble)]));
    }
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}
