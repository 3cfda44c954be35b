//! Secrets out of what the server keeps about its clients.
//! Does no I/O.

use serde_json::Value;

/// What stands in the place of a secret.
const REDACTED: &str = "[redacted]";
/// Header fields whose value is a secret as a whole.
const SECRET_HEADERS: [&str; 5] =
    ["authorization", "proxy-authorization", "private-token", "cookie", "set-cookie"];
/// Names of attributes and parameters whose value is a secret.
const SECRET_NAMES: [&str; 13] = [
    "password",
    "secret",
    "token",
    "access_token",
    "bearer_token",
    "private_token",
    "scim_token",
    "refresh_token",
    "id_token",
    "client_secret",
    "assertion",
    "client_assertion",
    "code_verifier",
];
/// Shorter ones would take harmless text with them.
const SHORTEST: usize = 4;

/// Knows the secrets that may appear anywhere.
#[derive(Clone)]
pub(super) struct Redactor {
    known: Vec<String>,
}

impl Redactor {
    /// `tokens` are redacted wherever they appear.
    pub fn new(tokens: &[String]) -> Self {
        let mut redactor = Self { known: Vec::new() };
        tokens.iter().for_each(|token| redactor.learn(token));
        redactor
    }

    /// From here on `secret` is redacted wherever it appears.
    pub fn learn(&mut self, secret: &str) {
        if secret.len() >= SHORTEST && secret != REDACTED && !self.known.iter().any(|known| known == secret) {
            self.known.push(secret.to_owned());
            // The longest first, so that no part of a secret that contains another stays.
            self.known.sort_by_key(|known| std::cmp::Reverse(known.len()));
        }
    }

    /// Learns the credentials of a header field, with and without their scheme.
    pub fn learn_header(&mut self, name: &str, value: &str) {
        if is_one_of(&SECRET_HEADERS, name) {
            self.learn(value);
            value.split_ascii_whitespace().skip(1).for_each(|part| self.learn(part));
        }
    }

    /// Text without the known secrets.
    pub fn text(&self, text: &str) -> String {
        let found = self.known.iter().filter(|secret| text.contains(secret.as_str()));
        found.fold(text.to_owned(), |text, secret| text.replace(secret, REDACTED))
    }

    /// The value of a header field.
    pub fn header(&self, name: &str, value: &str) -> String {
        if is_one_of(&SECRET_HEADERS, name) { REDACTED.to_owned() } else { self.text(value) }
    }

    /// A request target: parameters with secret names, and filters that name a secret attribute, lose their value.
    pub fn target(&self, target: &str) -> String {
        let Some((path, query)) = target.split_once('?') else { return self.text(target) };
        format!("{}?{}", self.text(path), self.form(query))
    }

    /// A query, or the content of a form: still encoded.
    pub fn form(&self, form: &str) -> String {
        let pairs: Vec<String> = form.split('&').map(|pair| self.pair(pair)).collect();
        pairs.join("&")
    }

    fn pair(&self, pair: &str) -> String {
        let Some((name, value)) = pair.split_once('=') else { return self.text(pair) };
        let (plain_name, plain_value) = (decoded(name), decoded(value));
        if is_secret(&plain_name) || speaks_of_secret(&plain_name, &plain_value) {
            return format!("{name}={REDACTED}");
        }
        // An encoded secret is not found by its plain text.
        if self.text(&plain_value) != plain_value { format!("{name}={REDACTED}") } else { self.text(pair) }
    }

    /// Learns the secrets within a JSON document and takes them out.
    pub fn json(&mut self, document: &mut Value) {
        match document {
            Value::Object(fields) => {
                let path =
                    fields.iter().find(|(name, _)| name.eq_ignore_ascii_case("path")).map(|(_, path)| path);
                let at_secret = path.and_then(Value::as_str).is_some_and(mentions_secret);
                for (name, value) in fields.iter_mut() {
                    let aimed = at_secret && name.eq_ignore_ascii_case("value");
                    let spoken = value.as_str().is_some_and(|value| speaks_of_secret(name, value));
                    if (aimed || spoken || is_secret(name)) && !value.is_null() {
                        self.learn_all(value);
                        *value = Value::from(REDACTED);
                    } else {
                        self.json(value);
                    }
                }
            }
            Value::Array(values) => values.iter_mut().for_each(|value| self.json(value)),
            Value::String(text) => *text = self.text(text),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn learn_all(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.learn(text),
            Value::Array(values) => values.iter().for_each(|value| self.learn_all(value)),
            Value::Object(fields) => fields.values().for_each(|value| self.learn_all(value)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.iter().any(|one| name.eq_ignore_ascii_case(one))
}

/// Whether an attribute of this name, with or without its schema URN, is secret: `…:User:password`.
fn is_secret(name: &str) -> bool {
    let last = name.rsplit([':', '.']).next().unwrap_or(name);
    is_one_of(&SECRET_NAMES, last)
}

/// Whether a parameter or attribute is a filter over a secret attribute: `filter=password eq "x"`.
fn speaks_of_secret(name: &str, value: &str) -> bool {
    name.eq_ignore_ascii_case("filter") && mentions_secret(value)
}

/// Whether a PATCH path or a filter names a secret attribute.
fn mentions_secret(text: &str) -> bool {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| is_one_of(&SECRET_NAMES, word))
}

/// Percent-decoded, `+` as a space, bytes that are not UTF-8 replaced.
pub(super) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        bytes.push(match (byte, after) {
            (b'%', [high, low, behind @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                rest = behind;
                nibble(*high) << 4 | nibble(*low)
            }
            (b'+', _) => b' ',
            _ => byte,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The value of a hexadecimal digit.
fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit.to_ascii_lowercase() - b'a') + 10,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn redacted(mut document: Value) -> Value {
        Redactor::new(&["t0ken-of-server".to_owned()]).json(&mut document);
        document
    }

    #[test]
    fn passwords_leave_every_kind_of_body() {
        assert_eq!(
            redacted(
                json!({"userName": "a", "PassWord": "hunter22", "name": {"givenName": "t0ken-of-server"}})
            ),
            json!({"userName": "a", "PassWord": "[redacted]", "name": {"givenName": "[redacted]"}}),
        );
        let patch = json!({"Operations": [
            {"op": "replace", "path": "password", "value": "hunter22"},
            {"op": "replace", "path": "urn:ietf:params:scim:schemas:core:2.0:User:password", "value": "hunter22"},
            {"op": "add", "value": {"urn:ietf:params:scim:schemas:core:2.0:User:password": "hunter22"}},
            {"op": "replace", "path": "title", "value": "Boss"},
        ]});
        let told = redacted(patch).to_string();
        assert!(!told.contains("hunter22") && told.contains("Boss"), "{told}");
        let bulk =
            json!({"Operations": [{"method": "POST", "path": "/Users", "data": {"password": "hunter22"}}]});
        assert!(!redacted(bulk).to_string().contains("hunter22"));
        let search = json!({"filter": "userName eq \"a\" and password eq \"hunter22\""});
        assert!(!redacted(search).to_string().contains("hunter22"));
    }

    #[test]
    fn what_was_learnt_from_a_request_is_kept_out_of_its_response() {
        let mut redactor = Redactor::new(&[]);
        redactor.json(&mut json!({"password": "hunter22"}));
        redactor.learn_header("Authorization", "Bearer wrong-token");
        assert_eq!(redactor.text("hunter22 is too short"), "[redacted] is too short");
        assert_eq!(redactor.text("no token wrong-token"), "no token [redacted]");
        assert_eq!(redactor.header("authorization", "Bearer wrong-token"), "[redacted]");
    }

    #[test]
    fn targets_keep_what_is_not_secret() {
        let redactor = Redactor::new(&["t0ken/of server".to_owned()]);
        let plain = "/Users?filter=userName%20eq%20%22a%22&count=1&x";
        assert_eq!(redactor.target(plain), plain);
        assert_eq!(redactor.target("/Users?filter=password+eq+%22x%22&a=b"), "/Users?filter=[redacted]&a=b");
        assert_eq!(redactor.target("/x?%61ccess_token=abc"), "/x?%61ccess_token=[redacted]");
        assert_eq!(redactor.target("/x?q=t0ken%2Fof+server"), "/x?q=[redacted]");
    }

    #[test]
    fn decoding_survives_what_is_malformed() {
        assert_eq!(decoded("a%2fb+c%zz%4"), "a/b c%zz%4");
        assert_eq!(decoded("%ff%C3%A9"), "\u{fffd}é");
    }
}
