//! Cursors (RFC 9865): where a page begins, for which query, until when, in a form that clients cannot forge.
//! Nothing is stored for a cursor: all of it is in its text.

use super::parameters::Query;
use crate::mock::scim::digest::seal;
use crate::mock::scim::error::{ScimError, ScimType};

/// Which way a cursor leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To the resources behind the one that it names.
    Forward,
    /// To those before it.
    Backward,
}

/// What the text of a cursor says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Of the query and of who asks.
    pub fingerprint: u64,
    pub direction: Direction,
    /// Number of the resource at the border of the page from which it leads away.
    pub border: u64,
    /// Where the border was in the whole result: used when the resource is there no more.
    pub index: u64,
    /// Page size of the query.
    pub count: u64,
    /// Seconds since 1970.
    pub issued: u64,
}

const FIELDS: usize = 6;

impl Cursor {
    /// Hexadecimal digits only, which are unreserved in URIs.
    pub fn write(&self, key: u64) -> String {
        let direction = match self.direction {
            Direction::Forward => 0,
            Direction::Backward => 1,
        };
        let fields = [self.fingerprint, direction, self.border, self.index, self.count, self.issued];
        let payload: String = fields.iter().map(|field| format!("{field:016x}")).collect();
        let seal = seal(key, &payload);
        format!("{payload}{seal:016x}")
    }

    /// `None` where this service did not write it.
    pub fn read(text: &str, key: u64) -> Option<Self> {
        let (payload, sealed) = text.split_at_checked(FIELDS * 16)?;
        if sealed != format!("{:016x}", seal(key, payload)) {
            return None;
        }
        let mut fields = [0_u64; FIELDS];
        for (place, field) in fields.iter_mut().enumerate() {
            *field = u64::from_str_radix(payload.get(place * 16..(place + 1) * 16)?, 16).ok()?;
        }
        let [fingerprint, direction, border, index, count, issued] = fields;
        let direction = if direction == 0 { Direction::Forward } else { Direction::Backward };
        Some(Self { fingerprint, direction, border, index, count, issued })
    }
}

/// What a cursor is bound to: the client, the endpoint and everything that decides which resources match.
pub fn fingerprint(query: &Query, kinds: &[usize], identity: &str, key: u64) -> u64 {
    let filter = query.filter.as_ref().map(ToString::to_string);
    let by = query.sort_by.as_ref().map(ToString::to_string);
    seal(key, &format!("{identity}\n{kinds:?}\n{filter:?}\n{by:?}\n{}", query.descending))
}

pub fn invalid() -> ScimError {
    ScimError::bad(
        ScimType::InvalidCursor,
        "the cursor is not one that this query was given: start again with an empty one",
    )
}

pub fn expired() -> ScimError {
    ScimError::bad(ScimType::ExpiredCursor, "the cursor has expired: start again with an empty one")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_round_trip_and_cannot_be_forged() {
        let cursor = Cursor {
            fingerprint: u64::MAX,
            direction: Direction::Backward,
            border: 7,
            index: 8,
            count: 9,
            issued: 1_700_000_000,
        };
        let text = cursor.write(42);
        assert!(text.bytes().all(|b| b.is_ascii_alphanumeric()));
        assert_eq!(Cursor::read(&text, 42), Some(cursor));
        assert_eq!(Cursor::read(&text, 43), None);
        for forged in ["", "x", "é", &text.replacen('7', "8", 1), &text[1..], &format!("{text}0")] {
            assert_eq!(Cursor::read(forged, 42), None, "{forged}");
        }
    }
}
