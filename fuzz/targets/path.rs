//! Coverage-guided: `fuzz/run.sh path SECONDS`.
#![no_main]

#[path = "../checks/mod.rs"]
#[allow(dead_code, reason = "each target uses one check")]
mod checks;

libfuzzer_sys::fuzz_target!(
    init: checks::extreme::each("path", checks::path::check),
    |bytes: &[u8]| checks::path::check(bytes)
);
