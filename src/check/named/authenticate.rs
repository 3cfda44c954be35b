//! The grammar of WWW-Authenticate: `1#challenge` of RFC 9110 §11.6.1.
//! Must not judge what the challenges say.

/// One challenge.
#[derive(Debug, PartialEq, Eq)]
pub struct Challenge {
    pub scheme: String,
    /// Names and values, quotes taken off; empty where the challenge has a token68 or nothing.
    pub parameters: Vec<(String, String)>,
}

/// The challenges of one field value, or what is wrong with it in a few words.
pub fn parse(field: &str) -> Result<Vec<Challenge>, String> {
    let mut challenges: Vec<Challenge> = Vec::new();
    for element in split(field)? {
        let element = element.trim_matches([' ', '\t']);
        // Empty elements of a list are let pass (RFC 9110 §5.6.1.2).
        if element.is_empty() {
            continue;
        }
        if let (Some(parameter), Some(challenge)) = (parameter(element), challenges.last_mut()) {
            challenge.parameters.push(parameter);
            continue;
        }
        challenges.push(challenge(element)?);
    }
    if challenges.is_empty() { Err("is empty".to_owned()) } else { Ok(challenges) }
}

/// The elements between commas that stand outside quotes.
fn split(field: &str) -> Result<Vec<&str>, String> {
    let (mut elements, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, byte) in field.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                elements.push(field.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    if quoted {
        return Err("has a quote that does not end".to_owned());
    }
    elements.push(field.get(start..).unwrap_or_default());
    Ok(elements)
}

fn challenge(element: &str) -> Result<Challenge, String> {
    let (scheme, rest) = element.split_once(' ').unwrap_or((element, ""));
    if !is_token(scheme) {
        return Err("has a scheme that is no token".to_owned());
    }
    let rest = rest.trim_matches([' ', '\t']);
    let parameters = match parameter(rest) {
        Some(parameter) => vec![parameter],
        None if rest.is_empty() || is_token68(rest) => Vec::new(),
        None => return Err(format!("has something other than a parameter behind the scheme {scheme}")),
    };
    Ok(Challenge { scheme: scheme.to_owned(), parameters })
}

/// `name=token` or `name="text"`, with spaces around `=` let pass (RFC 9110 §11.2).
fn parameter(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=')?;
    let (name, value) = (name.trim_end_matches([' ', '\t']), value.trim_start_matches([' ', '\t']));
    let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let whole = quoted.is_some_and(|inner| !inner.replace("\\\\", "").replace("\\\"", "").contains('"'));
    let valid = is_token(name) && (whole || is_token(value));
    valid.then(|| (name.to_owned(), quoted.unwrap_or(value).to_owned()))
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

fn is_token68(text: &str) -> bool {
    let padded = text.trim_end_matches('=');
    !padded.is_empty() && padded.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~+/".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schemes(field: &str) -> Result<Vec<(String, usize)>, String> {
        Ok(parse(field)?.into_iter().map(|c| (c.scheme, c.parameters.len())).collect())
    }

    #[test]
    fn reads_lists_of_challenges() {
        let of = |pairs: &[(&str, usize)]| Ok(pairs.iter().map(|(s, n)| ((*s).to_owned(), *n)).collect());
        assert_eq!(schemes("Bearer"), of(&[("Bearer", 0)]));
        assert_eq!(
            schemes("Basic realm=\"a, \\\"b\\\"\", charset = UTF-8,, Bearer"),
            of(&[("Basic", 2), ("Bearer", 0)])
        );
        assert_eq!(schemes("Negotiate YII=, Bearer scope=\"\""), of(&[("Negotiate", 0), ("Bearer", 1)]));
    }

    #[test]
    fn refuses_what_is_no_list_of_challenges() {
        for field in [
            "",
            " , ",
            "Bearer realm=\"x",
            "realm=\"x\"",
            "Bearer realm=a b",
            "Bearer \"x\"",
            "Bearer a=\"x\"y\"",
        ] {
            assert!(parse(field).is_err(), "{field}: {:?}", parse(field));
        }
    }
}
