//! Repeatable randomness: every number follows from seed, kind and place.
//! Knows nothing of organisations.

use crate::random;

/// A sequence of numbers.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    /// The sequence of number `number` of a `kind`.
    pub fn of(seed: u64, kind: u64, number: u64) -> Self {
        let start = Self(seed.wrapping_add(kind << 48)).next();
        Self(start ^ Self(number).next())
    }

    fn next(&mut self) -> u64 {
        random::next(&mut self.0)
    }

    /// A number below `bound`; 0 where the bound is 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        let number = self.next().checked_rem(u64::from(bound)).unwrap_or_default();
        u32::try_from(number).unwrap_or_default()
    }

    /// The place of one of so many; at most 255 can be told apart.
    pub fn place(&mut self, length: usize) -> u8 {
        let bound = u32::try_from(length.min(256)).unwrap_or(256);
        u8::try_from(self.below(bound)).unwrap_or_default()
    }

    /// One of `choices`.
    pub fn one_of<T: Copy>(&mut self, choices: &[T]) -> Option<T> {
        let bound = u32::try_from(choices.len()).unwrap_or(u32::MAX);
        choices.get(usize::try_from(self.below(bound)).ok()?).copied()
    }

    /// Letters and digits to base 36, so many of them.
    pub fn word(&mut self, length: usize) -> String {
        let digit = |number: u32| char::from_digit(number, 36).unwrap_or('0');
        (0..length).map(|_| digit(self.below(36))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_repeatable_spread_and_bounded() {
        let of = |seed| (0..100).map(|n| Random::of(seed, 1, n).below(1000)).collect::<Vec<_>>();
        assert_eq!(of(7), of(7));
        assert_ne!(of(7), of(8));
        let mut counts = [0_u32; 10];
        let mut random = Random::of(3, 0, 0);
        (0..10_000).for_each(|_| counts[random.below(10) as usize] += 1);
        assert!(counts.iter().all(|count| (850..1150).contains(count)), "{counts:?}");
        assert_eq!(random.below(0), 0);
        assert_eq!(random.one_of::<u8>(&[]), None);
        assert_eq!(random.word(5).len(), 5);
    }
}
