//! A secret: a text that can be used and not shown.
//! Knows nothing of what it opens.

use std::path::Path;

use secrecy::{ExposeSecret, SecretString};

/// A token, a password or the value of a secret header field. Has no Display, no Debug and no Serialize.
#[derive(Clone)]
pub struct Secret(SecretString);

/// Why a secret cannot be had. Never quotes it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSecret {
    #[error("the environment variable {0} is not set")]
    NoVariable(String),
    #[error("the environment variable {0} is not text")]
    NotText(String),
    #[error("cannot read {path}: {message}")]
    NoFile { path: String, message: String },
    #[error("{0} is empty")]
    Empty(String),
    #[error("{0} holds a line break or another control character, which no header field can carry")]
    Control(String),
}

impl Secret {
    /// A secret that is at hand; `origin` says in errors where it comes from. White space around it is taken off.
    pub fn new(value: impl Into<String>, origin: &str) -> Result<Self, NoSecret> {
        let value = value.into();
        let trimmed = value.trim();
        if trimmed.is_empty() {
            return Err(NoSecret::Empty(origin.to_owned()));
        }
        if trimmed.chars().any(char::is_control) {
            return Err(NoSecret::Control(origin.to_owned()));
        }
        Ok(Self(SecretString::from(trimmed.to_owned())))
    }

    /// From an environment variable.
    pub fn from_env(variable: &str) -> Result<Self, NoSecret> {
        match std::env::var(variable) {
            Ok(value) => Self::new(value, &format!("the environment variable {variable}")),
            Err(std::env::VarError::NotPresent) => Err(NoSecret::NoVariable(variable.to_owned())),
            Err(std::env::VarError::NotUnicode(_)) => Err(NoSecret::NotText(variable.to_owned())),
        }
    }

    /// From a file that holds nothing else; a line break at its end does not count.
    pub fn from_file(path: &Path) -> Result<Self, NoSecret> {
        let value = std::fs::read_to_string(path).map_err(|error| NoSecret::NoFile {
            path: path.display().to_string(),
            message: error.to_string(),
        })?;
        Self::new(value, &path.display().to_string())
    }

    /// The secret itself, for the wire and for nothing else.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_gives_its_text_without_the_line_break() {
        let mut path = tempfile::NamedTempFile::new().expect("a file");
        std::io::Write::write_all(&mut path, b"token-1\n").expect("written");
        assert_eq!(
            Secret::from_file(path.path()).ok().map(|s| s.expose().to_owned()).as_deref(),
            Some("token-1")
        );
    }

    #[test]
    fn what_is_missing_is_told_by_name() {
        let error = Secret::from_env("SCIMSPEC_NO_SUCH_VARIABLE").err();
        assert_eq!(error, Some(NoSecret::NoVariable("SCIMSPEC_NO_SUCH_VARIABLE".to_owned())));
        assert!(matches!(Secret::from_file(Path::new("/no/such/file")), Err(NoSecret::NoFile { .. })));
        assert_eq!(Secret::new(" \n", "--token").err(), Some(NoSecret::Empty("--token".to_owned())));
        assert_eq!(Secret::new("a\nb", "--token").err(), Some(NoSecret::Control("--token".to_owned())));
    }
}
