//! YAML files: text becomes JSON values, and every value keeps its place.
//! Knows nothing of suites: profiles and other data files are read in the same way.

mod explain;
mod scalar;
mod spans;
mod yaml;

#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::diagnostic::Diagnostic;

pub use explain::without_unknown;
pub use spans::{Children, Member, Node, Position, Span, Spans};

/// Reads one YAML document of the given type. `file` is the name under which mistakes are told.
///
/// All mistakes come at once, but for a syntax error, which ends the reading of the file.
pub fn read<T: DeserializeOwned + JsonSchema>(
    file: &str,
    text: &[u8],
) -> Result<(T, Spans), Vec<Diagnostic>> {
    let (value, spans) = parse(file, text)?;
    Ok((typed(&value, &spans)?, spans))
}

/// Reads one YAML document as a value, by the core schema of YAML 1.2 but for numbers with leading zeros or a plus
/// sign, which stay texts, as `yes`, `on` and `no` do.
pub fn parse(file: &str, text: &[u8]) -> Result<(Value, Spans), Vec<Diagnostic>> {
    let text = yaml::decode(file, text)?;
    yaml::parse(file, &text)
}

/// A value as a type. The schema of the type is consulted only to explain mistakes: that costs far more than reading.
pub fn typed<T: DeserializeOwned + JsonSchema>(value: &Value, spans: &Spans) -> Result<T, Vec<Diagnostic>> {
    T::deserialize(value).map_err(|error| explain::mistakes::<T>(value, spans, &error.to_string()))
}
