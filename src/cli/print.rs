//! Printing: the report on stdout, everything else on stderr, ANSI styles where they are wanted.
//! Must not decide what is printed.

use std::io::{ErrorKind, IsTerminal, Write};

use super::args::ColorChoice;
use crate::harness::Failure;
use crate::suite::diagnostic::render_all;

/// Makes what follows keep to the user's choice of colours.
pub fn choose(color: ColorChoice) {
    match color {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    }
    .write_global();
}

/// Prints a whole text on stdout. A reader that has gone away is no error.
pub fn out(text: &str) -> Result<(), Failure> {
    let mut stdout = anstream::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::world(error)),
        _ => Ok(()),
    }
}

/// Tells on stderr why a command did not do its work.
pub fn failure(failure: &Failure) {
    let text = match failure {
        Failure::Diagnostics(diagnostics) => render_all(diagnostics, true),
        Failure::Usage(message) | Failure::World(message) | Failure::Nothing(message) => {
            let style = anstyle::AnsiColor::Red.on_default().bold();
            format!("{style}error{style:#}: {message}\n")
        }
    };
    // There is nobody left to tell where stderr is gone.
    let _ = anstream::stderr().write_all(text.as_bytes());
}

/// Whether somebody sees what stderr shows.
pub fn stderr_is_terminal() -> bool {
    std::io::stderr().is_terminal()
}
