//! The SCIM token of the instance, and its rotation.
//! Knows no request.

use super::settings::Tokens;

/// The credentials of the instance as they are now.
#[derive(Debug, Clone)]
pub struct Current {
    /// Those that the mock began with; the tokens of the REST API never change.
    pub start: Tokens,
    instance: String,
}

impl Current {
    pub fn new(start: Tokens) -> Self {
        let instance = start.instance.clone();
        Self { start, instance }
    }

    /// Whether this is the token of the instance; `or_first` takes the one of before its rotation too.
    pub fn is_instance(&self, token: &str, or_first: bool) -> bool {
        token == self.instance || (or_first && token == self.start.instance)
    }

    /// Puts another token in the place of the instance's.
    pub fn rotate(&mut self, token: String) {
        self.instance = token;
    }

    /// Puts the token back that the mock began with.
    pub fn restore(&mut self) {
        self.instance.clone_from(&self.start.instance);
    }
}
