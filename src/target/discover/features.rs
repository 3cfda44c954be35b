//! What ServiceProviderConfig says: features and limits.
//! Judges nothing.

use serde_json::Value;

use crate::scim::member;

use super::{Reader, lists};

impl Reader<'_> {
    /// RFC 7643 §5 and RFC 9865 §4.
    pub(super) fn features(&mut self, config: Option<&Value>) {
        let features = &mut self.found.capabilities.features;
        // A server of RFC 7644 has no way to declare startIndex and count; one of RFC 9865 has.
        features.insert("index".to_owned(), true);
        let Some(config) = config else { return };
        let config = lists::first_if_listed(config);
        for name in ["patch", "bulk", "filter", "changePassword", "sort", "etag"] {
            self.feature(name, member(config, name).and_then(|block| member(block, "supported")));
        }
        let pagination = member(config, "pagination");
        if pagination.is_some() {
            self.found.capabilities.features.remove("index");
        }
        for name in ["cursor", "index"] {
            self.feature(name, pagination.and_then(|block| member(block, name)));
        }
        for (block, names) in [
            ("filter", &["maxResults"][..]),
            ("bulk", &["maxOperations", "maxPayloadSize"]),
            ("pagination", &["defaultPageSize", "maxPageSize", "cursorTimeout"]),
        ] {
            let block_value = member(config, block);
            for name in names {
                let limit = block_value.and_then(|value| member(value, name)).and_then(Value::as_u64);
                if let Some(limit) = limit {
                    self.found.capabilities.limits.insert(format!("{block}.{name}"), limit);
                }
            }
        }
    }

    fn feature(&mut self, name: &str, value: Option<&Value>) {
        match value {
            None => {}
            Some(Value::Bool(supported)) => {
                self.found.capabilities.features.insert(name.to_owned(), *supported);
            }
            Some(_) => {
                self.problem(format!(
                    "ServiceProviderConfig says whether {name} is supported, but not as a boolean"
                ));
            }
        }
    }
}
