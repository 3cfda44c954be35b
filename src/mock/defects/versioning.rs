//! Defects of the area `versioning`: the version of the protocol in the URL (RFC 7644 §3.13).
//! Knows no other area.

use super::{Area, Defect, How};
use crate::http::Request;

const AREA: Area = Area("versioning");

pub(super) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "unknown-version-is-served",
        &["7644-3.13-02"],
        "A version that there is not is served like version 2: /v99/Users.",
        How::Request(|request| serve_as_v2(request, |number| number != "2")),
    ),
    AREA.failure(
        "version-1-is-served-as-2",
        &["7644-3.13-02"],
        "Version 1 is served like version 2: /v1/Users.",
        How::Request(|request| serve_as_v2(request, |number| number == "1")),
    ),
];

/// Puts `v2` in the place of other versions in the path.
fn serve_as_v2(request: &mut Request, is_served: fn(&str) -> bool) {
    let is_version = |segment: &str| {
        let number =
            segment.strip_prefix('v').filter(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
        number.is_some_and(is_served)
    };
    let path = request.path();
    let segments: Vec<&str> =
        path.split('/').map(|segment| if is_version(segment) { "v2" } else { segment }).collect();
    let rest = request.target.get(path.len()..).unwrap_or_default();
    request.target = segments.join("/") + rest;
}
