//! Repeatable randomness: every number follows from seed, kind and place.
//! Knows nothing of people.

/// A sequence of numbers (SplitMix64).
pub(super) struct Random(u64);

impl Random {
    /// The sequence of the resource `number` of a `kind`.
    pub fn of(seed: u64, kind: u64, number: usize) -> Self {
        let start = Self(seed.wrapping_add(kind << 56)).next();
        Self(start ^ Self(number as u64).next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
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
        let (high, low) = (self.next(), self.next());
        let bits =
            (u128::from(high) << 64 | u128::from(low)) & !(0xF << 76) & !(0b11 << 62) | 4 << 76 | 0b10 << 62;
        let digits = format!("{bits:032x}");
        let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default().to_owned();
        [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_have_version_and_variant() {
        for number in 0..100 {
            let made = Random::of(1, 2, number).uuid();
            let parsed = uuid::Uuid::parse_str(&made).unwrap();
            assert_eq!((parsed.get_version_num(), parsed.get_variant()), (4, uuid::Variant::RFC4122));
            assert_eq!(parsed.to_string(), made);
        }
    }

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
