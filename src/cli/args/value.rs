//! Single values of the command line, parsed: durations, headers, secrets and where they come from.
//! Reads no file and no environment.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// Where a secret comes from; the secret itself only where it was typed.
#[derive(Clone, PartialEq, Eq)]
pub enum SecretSource {
    Typed(String),
    /// `@FILE`
    File(PathBuf),
    /// `env:NAME`
    Environment(String),
}

impl std::fmt::Debug for SecretSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Typed(_) => f.write_str("Typed(…)"),
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
            Self::Environment(name) => f.debug_tuple("Environment").field(name).finish(),
        }
    }
}

impl FromStr for SecretSource {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix('@') {
            Ok(Self::File(path.into()))
        } else if let Some(name) = text.strip_prefix("env:") {
            Ok(Self::Environment(name.to_owned()))
        } else {
            Ok(Self::Typed(text.to_owned()))
        }
    }
}

/// A credential by name: `second=…`, `second=@FILE`, `second=env:NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedSecret {
    pub name: String,
    pub secret: SecretSource,
}

impl FromStr for NamedSecret {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, secret)) if !name.is_empty() => {
                Ok(Self { name: name.to_owned(), secret: secret.parse()? })
            }
            _ => Err("expected NAME=TOKEN, NAME=@FILE or NAME=env:VARIABLE".to_owned()),
        }
    }
}

/// An extra header field: `Name: value`; its value may be a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderField {
    pub name: String,
    pub value: SecretSource,
}

impl FromStr for HeaderField {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        match text.split_once(':') {
            Some((name, value)) if !name.is_empty() && name.chars().all(token) => {
                Ok(Self { name: name.to_owned(), value: value.trim().parse()? })
            }
            _ => Err("expected `Name: value`".to_owned()),
        }
    }
}

/// A duration: `30s`, `500ms`, `2m`, or a bare number of seconds.
pub fn duration(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().map(Duration::from_secs);
    seconds
        .or_else(|| crate::suite::duration::parse(text))
        .ok_or_else(|| format!("`{text}` is no duration; expected such as 30s, 500ms or 2m"))
}

/// A number of requests a second, above zero.
pub fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate.is_finite() && rate > 0.0 => Ok(rate),
        _ => Err("expected a number of requests a second above 0".to_owned()),
    }
}

/// A number of cases side by side, at least 1.
pub fn jobs(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(jobs @ 1..=256) => Ok(jobs),
        _ => Err("expected a number from 1 to 256".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_units() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        assert_eq!(duration("30"), Ok(Duration::from_secs(30)));
        for wrong in ["", "s", "-1s", "5x", "ä"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_secret_can_be_elsewhere() {
        assert_eq!("@t".parse(), Ok(SecretSource::File("t".into())));
        assert_eq!("env:T".parse(), Ok(SecretSource::Environment("T".to_owned())));
        assert_eq!("abc".parse(), Ok(SecretSource::Typed("abc".to_owned())));
        assert!(!format!("{:?}", SecretSource::Typed("abc".to_owned())).contains("abc"));
        assert!("=abc".parse::<NamedSecret>().is_err());
        assert!("abc".parse::<NamedSecret>().is_err());
    }

    #[test]
    fn a_header_has_a_token_as_its_name() {
        let field: HeaderField = "X-Tenant: a:b".parse().expect("a field");
        assert_eq!(field.name, "X-Tenant");
        assert_eq!(field.value, SecretSource::Typed("a:b".to_owned()));
        assert!("X Tenant: a".parse::<HeaderField>().is_err());
        assert!("X-Tenant".parse::<HeaderField>().is_err());
    }
}
