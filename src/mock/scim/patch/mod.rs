//! PATCH (RFC 7644 §3.5.2): operations applied in order to a copy of a resource's attributes.
//! Stores nothing: whether the result is kept is decided elsewhere.

mod apply;
mod lenient;
mod operation;
mod selected;
mod values;

pub use apply::Patcher;
pub use operation::{Op, Operation, operations};
