//! Coverage-guided: `fuzz/run.sh path SECONDS`.
#![no_main]

#[path = "../checks/mod.rs"]
#[allow(dead_code, reason = "a target uses one check, and no large inputs")]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::path::check(bytes));
