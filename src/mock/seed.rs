//! Starting data.
