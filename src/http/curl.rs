//! The curl command that repeats an exchange.
//! Sends nothing, and knows secrets only by the shell variables that stand for them.

use std::sync::LazyLock;

use regex::Regex;

use super::Exchange;

/// What the redactor puts in the place of a secret.
static VARIABLE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\$(SCIMSPEC_[A-Z0-9_]+|\{SCIMSPEC_[A-Z0-9_]+%\?\})").ok());

/// The command, on one line, quoted for a POSIX shell. The exchange must be redacted; `$SCIMSPEC_TOKEN` and its
/// like are left for the shell to fill in. Header fields that are hidden altogether read `***`.
pub fn curl(exchange: &Exchange) -> String {
    let request = &exchange.request;
    let mut words = vec!["curl".to_owned(), "-i".to_owned()];
    // curl waits for a body after a HEAD that is asked for by -X.
    if request.method == "HEAD" {
        words.push("--head".to_owned());
    } else if request.method != "GET" || !request.body.is_empty() {
        words.extend(["-X".to_owned(), quote(&request.method)]);
    }
    words.push("--path-as-is".to_owned());
    // Brackets and braces are curl's own patterns unless it is told otherwise.
    words.push("--globoff".to_owned());
    for (name, value) in request.headers.iter() {
        // A field without a value needs a semicolon.
        let field = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
        words.extend(["-H".to_owned(), quote(&field)]);
    }
    if request.headers.get("accept").is_none() {
        words.extend(["-H".to_owned(), quote("Accept:")]);
    }
    let mut before = String::new();
    if !request.body.is_empty() {
        if request.headers.get("content-type").is_none() {
            words.extend(["-H".to_owned(), quote("Content-Type:")]);
        }
        match std::str::from_utf8(&request.body) {
            Ok(text) if !text.contains('\0') => words.extend(["--data-raw".to_owned(), quote(text)]),
            _ => {
                before = printed(&request.body);
                words.extend(["--data-binary".to_owned(), "@-".to_owned()]);
            }
        }
    }
    words.push(quote(&exchange.url));
    before + &words.join(" ")
}

/// A pipe from the bytes that no argument can hold.
fn printed(bytes: &[u8]) -> String {
    let escaped: String = bytes.iter().map(|byte| format!("\\{byte:03o}")).collect();
    format!("printf '{escaped}' | ")
}

/// One word of a POSIX shell, in which only the variables of secrets are filled in.
fn quote(text: &str) -> String {
    let mut quoted = String::new();
    let mut rest = text;
    while let Some(found) = VARIABLE.as_ref().and_then(|pattern| pattern.find(rest)) {
        let (before, after) = (rest.get(..found.start()), rest.get(found.end()..));
        quoted.push_str(&single(before.unwrap_or_default()));
        quoted.push_str(&format!("\"{}\"", found.as_str()));
        rest = after.unwrap_or_default();
    }
    quoted.push_str(&single(rest));
    if quoted.is_empty() { "''".to_owned() } else { quoted }
}

fn single(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:,%+@".contains(c);
    if text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::http::{Request, Response};

    fn exchange(method: &str, fields: &[(&str, &str)], body: &[u8]) -> Exchange {
        let mut request = Request::new(method, "/scim/Users");
        request.headers = fields.iter().copied().collect();
        request.body = body.to_vec().into();
        let url = "http://h/scim/Users?filter=a%20eq%20%22b%22&x=[1]".to_owned();
        Exchange { request, url, outcome: Ok(Response::new(200)), elapsed: Duration::ZERO }
    }

    #[test]
    fn secrets_are_left_to_the_shell() {
        let fields = [("Authorization", "Bearer $SCIMSPEC_TOKEN"), ("Accept", "a/b")];
        let line = curl(&exchange("GET", &fields, b""));
        assert_eq!(
            line,
            "curl -i --path-as-is --globoff -H 'Authorization: Bearer '\"$SCIMSPEC_TOKEN\" -H 'Accept: a/b' \
             'http://h/scim/Users?filter=a%20eq%20%22b%22&x=[1]'"
        );
    }

    #[test]
    fn no_text_can_leave_its_quotes() {
        assert_eq!(quote("it's `id` $(id) $HOME \"x\""), r#"'it'\''s `id` $(id) $HOME "x"'"#);
        assert_eq!(quote(""), "''");
        assert_eq!(quote("x ${SCIMSPEC_TOKEN%?}"), "'x '\"${SCIMSPEC_TOKEN%?}\"");
        assert_eq!(quote("$SCIMSPEC_TOKEN';id"), "\"$SCIMSPEC_TOKEN\"''\\'';id'");
    }

    #[test]
    fn what_curl_would_add_is_taken_away() {
        let line = curl(&exchange("POST", &[("X-Empty", "")], b"{}"));
        let expected = "curl -i -X POST --path-as-is --globoff -H 'X-Empty;' -H Accept: -H Content-Type: \
                        --data-raw '{}' ";
        assert!(line.starts_with(expected), "{line}");
        assert!(curl(&exchange("HEAD", &[], b"")).starts_with("curl -i --head --path-as-is"));
    }

    #[test]
    fn bytes_that_are_no_text_come_through_a_pipe() {
        let line = curl(&exchange("POST", &[], &[0xff, b'\'']));
        assert!(line.starts_with(r"printf '\377\047' | curl -i -X POST"), "{line}");
        assert!(line.contains(" --data-binary @- "), "{line}");
    }

    #[test]
    #[cfg(unix)]
    fn a_shell_reads_back_what_was_quoted() {
        for text in ["a'b\"c\\d $HOME `id` !x\n\ttab", "it's $SCIMSPEC_TOKEN's", "*", "~", "a;b|c&d>e", "é"]
        {
            let script = format!("printf %s {}", quote(text));
            let output = std::process::Command::new("sh")
                .args(["-c", &script])
                .env("SCIMSPEC_TOKEN", "$SCIMSPEC_TOKEN")
                .output()
                .expect("a shell");
            assert_eq!(String::from_utf8_lossy(&output.stdout), text);
        }
    }
}
