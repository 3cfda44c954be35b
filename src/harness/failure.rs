//! Why nothing came of a run or another command, and the exit code of each.
//! Must not print anything.

use crate::suite::diagnostic::Diagnostic;

/// Why a command did not do its work.
#[derive(Debug)]
pub enum Failure {
    /// A mistake on the command line or in a file that it names.
    Usage(String),
    /// Mistakes in YAML files, with their places.
    Diagnostics(Vec<Diagnostic>),
    /// The world's mistake: network, disk.
    World(String),
    /// Nothing was selected.
    Nothing(String),
}

impl Failure {
    pub fn usage(message: impl std::fmt::Display) -> Self {
        Self::Usage(message.to_string())
    }

    pub fn world(message: impl std::fmt::Display) -> Self {
        Self::World(message.to_string())
    }

    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) | Self::Diagnostics(_) => 2,
            Self::World(_) => 3,
            Self::Nothing(_) => 4,
        }
    }
}

impl From<Vec<Diagnostic>> for Failure {
    fn from(diagnostics: Vec<Diagnostic>) -> Self {
        Self::Diagnostics(diagnostics)
    }
}

impl From<crate::profile::ProfileError> for Failure {
    fn from(error: crate::profile::ProfileError) -> Self {
        match error {
            crate::profile::ProfileError::Malformed(diagnostics) => Self::Diagnostics(diagnostics),
            other => Self::usage(other),
        }
    }
}
