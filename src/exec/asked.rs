//! A request with the places by which it is judged: where it goes, and the base that its paths are relative to.
//! Must not know what comes of it.

use crate::http::Request;

use super::place;

/// A request on its way.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub request: &'a Request,
    /// Absolute URL, as it is sent.
    pub url: &'a str,
    /// Absolute base URL.
    pub base: &'a str,
}

impl Asked<'_> {
    /// The path below the base, still encoded and without query; `None` where it leads elsewhere.
    pub fn path(&self) -> Option<String> {
        place::below(self.url, self.base)
    }
}
