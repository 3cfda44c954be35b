//! Where resources are found by the value of one attribute without a scan.
//! Knows no resource types beyond the attribute's definition.

use std::collections::HashMap;

use icu_normalizer::ComposingNormalizerBorrowed;

use super::catalogue::Kind;
use super::resource::Resource;
use crate::scim::{Attribute, AttributeType, Uniqueness};

/// Attributes that are indexed although they need not be unique.
const OFTEN_SEARCHED: [&str; 2] = ["externalId", "displayName"];

/// Numbers of the resources with each value of one singular text attribute.
#[derive(Debug)]
pub struct Index {
    pub extension: Option<String>,
    pub attribute: Attribute,
    numbers: HashMap<String, Vec<u64>>,
}

impl Index {
    /// The indexes of a type: on what must be unique, and on what clients search by most.
    /// `id` has one of its own.
    pub fn of_kind(kind: &Kind) -> Vec<Self> {
        let indexed = kind.targets().filter(|target| {
            let attribute = target.attribute;
            !attribute.multi_valued
                && matches!(attribute.kind, AttributeType::String | AttributeType::Reference)
                && attribute.name != "id"
                && (attribute.uniqueness != Uniqueness::None
                    || (target.extension.is_none() && OFTEN_SEARCHED.contains(&attribute.name.as_str())))
        });
        let new = |extension: Option<&str>, attribute: &Attribute| Self {
            extension: extension.map(str::to_owned),
            attribute: attribute.clone(),
            numbers: HashMap::new(),
        };
        indexed.map(|target| new(target.extension, target.attribute)).collect()
    }

    /// Numbers of the resources whose value equals `text` by the attribute's case rule, in ascending order.
    pub fn find(&self, text: &str) -> &[u64] {
        self.numbers.get(&self.key(text)).map_or(&[], Vec::as_slice)
    }

    pub fn add(&mut self, resource: &Resource) {
        let Some(key) = self.key_of(resource) else { return };
        let numbers = self.numbers.entry(key).or_default();
        if let Err(place) = numbers.binary_search(&resource.number) {
            numbers.insert(place, resource.number);
        }
    }

    pub fn remove(&mut self, resource: &Resource) {
        let Some(key) = self.key_of(resource) else { return };
        let Some(numbers) = self.numbers.get_mut(&key) else { return };
        if let Ok(place) = numbers.binary_search(&resource.number) {
            numbers.remove(place);
        }
        if numbers.is_empty() {
            self.numbers.remove(&key);
        }
    }

    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    fn key_of(&self, resource: &Resource) -> Option<String> {
        Some(self.key(resource.value(self.extension.as_deref(), &self.attribute.name)?.as_str()?))
    }

    fn key(&self, text: &str) -> String {
        if self.attribute.case_exact { text.to_owned() } else { fold(text) }
    }
}

/// The text without its case, and with characters that can be written in two ways written in one
/// (RFC 7644 §5, §7.8).
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    ComposingNormalizerBorrowed::new_nfc().normalize(&text.to_lowercase()).into_owned()
}
