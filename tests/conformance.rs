//! Every built-in case as a test of its own: against the mock, and where `SCIMSPEC_TARGET` is set against that server, with the
//! token of `SCIMSPEC_TOKEN`.

use std::process::ExitCode;

use scimspec::libtest::Conformance;

fn main() -> ExitCode {
    if std::env::var_os("SCIMSPEC_TARGET").is_some() {
        Conformance::from_env().main()
    } else {
        // The mock is right: even a warning, or a case that cannot be judged, is a mistake of ours.
        Conformance::of_mock().strict().main()
    }
}
