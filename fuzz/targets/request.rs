//! Coverage-guided: `fuzz/run.sh request SECONDS`.
#![no_main]

#[path = "../checks/mod.rs"]
#[allow(dead_code, reason = "a target uses one check, and no large inputs")]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::request::check(bytes));
