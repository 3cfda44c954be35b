//! Repeatable randomness: every number follows from seed, kind and place.
//! Knows nothing of people.

use crate::random;

/// A sequence of numbers.
pub(super) struct Random(u64);

impl Random {
    /// The sequence of the resource `number` of a `kind`.
    pub fn of(seed: u64, kind: u64, number: usize) -> Self {
        let start = Self(seed.wrapping_add(kind << 56)).next();
        Self(start ^ Self(number as u64).next())
    }

    fn next(&mut self) -> u64 {
        random::next(&mut self.0)
    }

    /// A number below `bound`; 0 where the bound is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.next().checked_rem(bound as u64).unwrap_or_default() as usize
    }

    /// True so many times of a hundred.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of `choices`.
    pub fn one_of<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        choices.get(self.below(choices.len()))
    }

    /// A random UUID (RFC 9562 version 4).
    pub fn uuid(&mut self) -> String {
        random::uuid(self.next(), self.next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_spread_and_bounded() {
        let mut counts = [0_u32; 10];
        for number in 0..10_000 {
            counts[Random::of(3, 0, number).below(10)] += 1;
        }
        assert!(counts.iter().all(|count| (850..1150).contains(count)), "{counts:?}");
        assert_eq!(Random::of(3, 0, 0).below(0), 0);
    }
}
