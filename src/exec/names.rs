//! The names of a run: its tag, and what is new at each case.
//! Knows no resource.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// Gives names that no other run gives.
pub(super) struct Names {
    /// Short, lower case, begins with a letter; part of every other name.
    pub tag: String,
    next: AtomicU64,
}

impl Names {
    pub fn new() -> Self {
        // Each RandomState is keyed anew from the system's randomness.
        let random = RandomState::new().build_hasher().finish();
        Self { tag: format!("s{}", digits(random, 7)), next: AtomicU64::new(0) }
    }

    /// A name that is new: the tag and a number, all of one length, so that none begins with another.
    pub fn unique(&self) -> String {
        format!("{}{}", self.tag, digits(self.next.fetch_add(1, Ordering::SeqCst), 4))
    }

    /// A UUID that nobody has, for servers that take no other ids: its last group is that of the run.
    pub fn uuid(&self) -> String {
        let random = uuid::Uuid::new_v4().to_string();
        let (front, _) = random.rsplit_once('-').unwrap_or_default();
        format!("{front}-{}", node(&self.tag))
    }
}

/// The last group of the UUIDs of a run: the end of its tag in hexadecimal digits.
pub(super) fn node(tag: &str) -> String {
    let bytes: Vec<String> = tag.bytes().rev().take(6).map(|byte| format!("{byte:02x}")).collect();
    bytes.concat()
}

/// The last `width` digits of a number to base 36.
fn digits(mut number: u64, width: usize) -> String {
    let mut text = vec![b'0'; width];
    for place in text.iter_mut().rev() {
        let digit = usize::try_from(number % 36).unwrap_or_default();
        *place = DIGITS.get(digit).copied().unwrap_or(b'0');
        number /= 36;
    }
    text.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_new_and_of_one_length() {
        let names = Names::new();
        let (one, two) = (names.unique(), names.unique());
        assert_ne!(one, two);
        assert_eq!(one.len(), two.len());
        assert!(one.starts_with(&names.tag));
        assert!(names.tag.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
        assert_ne!(Names::new().tag, names.tag);
        assert_ne!(names.uuid(), names.uuid());
        assert!(names.uuid().ends_with(&node(&names.tag)) && names.uuid().len() == 36, "{}", names.uuid());
    }

    #[test]
    fn numbers_are_written_to_base_36() {
        assert_eq!(digits(35, 4), "000z");
        assert_eq!(digits(36 * 36, 4), "0100");
    }
}
