//! Coverage-guided: `fuzz/run.sh filter SECONDS`.
#![no_main]

#[path = "../checks/mod.rs"]
#[allow(dead_code, reason = "each target uses one check")]
mod checks;

libfuzzer_sys::fuzz_target!(
    init: checks::extreme::each("filter", checks::filter::check),
    |bytes: &[u8]| checks::filter::check(bytes)
);
