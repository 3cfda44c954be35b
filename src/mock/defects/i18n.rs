//! Defects of the area `i18n`: what becomes of text beyond ASCII (RFC 7644 §3.8).
//! Knows no other area.

use super::edit::{edit_sent, parameter, set_parameter};
use super::{Area, Defect, How};
use crate::http::Request;

const AREA: Area = Area("i18n");

pub(super) const DEFECTS: &[Defect] = &[
    AREA.failure(
        "non-ascii-as-question-marks",
        &["7644-3.8-01"],
        "Characters beyond ASCII are stored as question marks.",
        How::Request(|request| edit_text(request, |text| text.chars().map(ascii).collect())),
    ),
    AREA.failure(
        "utf8-read-as-latin1",
        &["7644-3.8-01", "7644-3.8-02"],
        "Request bodies without a charset are read as Latin-1.",
        How::Request(|request| edit_text(request, as_latin1)),
    ),
    AREA.failure(
        "emoji-are-lost",
        &["7643-2.3.1-02", "7644-3.8-01"],
        "Characters beyond the first Unicode plane are dropped when stored.",
        How::Request(|request| {
            edit_text(request, |text| text.chars().filter(|c| u32::from(*c) <= 0xFFFF).collect());
        }),
    ),
    AREA.failure(
        "answers-in-latin1",
        &["7644-3.8-01", "7644-3.2-05"],
        "Response bodies are sent in Latin-1.",
        How::Response(|_, response| {
            let latin1 = |c: char| u8::try_from(u32::from(c)).unwrap_or(b'?');
            if let Ok(text) = std::str::from_utf8(&response.body) {
                response.body = text.chars().map(latin1).collect::<Vec<u8>>().into();
            }
        }),
    ),
    AREA.failure(
        "filter-read-as-latin1",
        &["7644-1.2-01"],
        "Percent-encoded characters of a filter are read as Latin-1.",
        How::Request(|request| {
            if let Some(filter) = parameter(request, "filter").filter(|filter| !filter.is_ascii()) {
                set_parameter(request, "filter", &as_latin1(&filter));
            }
        }),
    ),
];

fn ascii(c: char) -> char {
    if c.is_ascii() { c } else { '?' }
}

fn as_latin1(text: &str) -> String {
    text.bytes().map(char::from).collect()
}

/// Changes the text of a JSON body, once escapes like `\u00e9` in it are characters.
fn edit_text(request: &mut Request, change: impl FnOnce(&str) -> String) {
    edit_sent(request, |members| {
        let text = serde_json::Value::Object(std::mem::take(members)).to_string();
        *members = serde_json::from_str(&change(&text)).unwrap_or_default();
    });
}
