//! Coverage-guided: `fuzz/run.sh patch SECONDS`.
#![no_main]

#[path = "../checks/mod.rs"]
#[allow(dead_code, reason = "each target uses one check")]
mod checks;

libfuzzer_sys::fuzz_target!(
    init: checks::extreme::each("patch", checks::patch::check),
    |bytes: &[u8]| checks::patch::check(bytes)
);
