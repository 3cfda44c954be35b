//! Coverage-guided: `fuzz/run.sh request SECONDS`.
#![no_main]

#[path = "../checks/mod.rs"]
#[allow(dead_code, reason = "each target uses one check")]
mod checks;

libfuzzer_sys::fuzz_target!(
    init: checks::extreme::each("request", checks::request::check),
    |bytes: &[u8]| checks::request::check(bytes)
);
