//! What must hold of every input, one check for each fuzz target: a panic is a finding.
//! Used by the fuzz targets and by `cargo test --test fuzz`; knows neither where inputs come from nor how they change.

pub mod extreme;
pub mod filter;
pub mod message;
pub mod mock;
pub mod patch;
pub mod path;
pub mod request;
pub mod store;
