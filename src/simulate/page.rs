//! A page of a list that is counted and not kept: a page of groups with all their members may take megabytes.
//! Must not know who asked for it.

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

/// What counts of a page; nothing where it is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Page {
    /// `totalResults`
    pub total: u64,
    /// Resources on the page.
    pub listed: u64,
}

impl Page {
    pub fn read(text: &[u8]) -> Self {
        serde_json::from_slice(text).unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Page {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Page;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a ListResponse")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Page, A::Error> {
        let mut page = Page::default();
        while let Some(name) = members.next_key::<String>()? {
            // Names of attributes have no case (RFC 7643 §2.1).
            if name.eq_ignore_ascii_case("totalResults") {
                page.total = members.next_value::<Value>()?.as_u64().unwrap_or_default();
            } else if name.eq_ignore_ascii_case("Resources") {
                let listed = members.next_value::<Option<Vec<IgnoredAny>>>()?.map_or(0, |all| all.len());
                page.listed = u64::try_from(listed).unwrap_or_default();
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_are_counted_whatever_is_in_them() {
        let text = br#"{"schemas":["x"],"TotalResults":7,"resources":[{"id":"a","members":[{}]},{"id":"b"}],"startIndex":1}"#;
        assert_eq!(Page::read(text), Page { total: 7, listed: 2 });
        assert_eq!(Page::read(br#"{"totalResults":0,"Resources":null}"#), Page::default());
        assert_eq!(Page::read(b"<html>"), Page::default());
    }
}
