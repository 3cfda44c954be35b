//! Repeatable randomness (SplitMix64): numbers that follow from a state, and UUIDs made of them.
//! Knows nothing of what they are for; not for secrets of real systems.

/// What a state grows by from one number to the next.
pub const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// The number of a state.
pub fn mixed(state: u64) -> u64 {
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// The next number, and the state after it.
pub fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(STEP);
    mixed(*state)
}

/// A random UUID (RFC 9562 version 4) of two numbers.
pub fn uuid(high: u64, low: u64) -> String {
    let (a, b, c) = (high >> 32, (high >> 16) & 0xFFFF, (high & 0xFFF) | 0x4000);
    let (d, e) = (((low >> 48) & 0x3FFF) | 0x8000, low & 0xFFFF_FFFF_FFFF);
    format!("{a:08x}-{b:04x}-{c:04x}-{d:04x}-{e:012x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_splitmix64() {
        let mut state = 1_234_567;
        let first = [next(&mut state), next(&mut state), next(&mut state)];
        assert_eq!(first, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn uuids_have_version_and_variant() {
        for number in 0..100 {
            let made = uuid(mixed(number), mixed(number + 1000));
            let parsed = uuid::Uuid::parse_str(&made).expect("a UUID");
            assert_eq!((parsed.get_version_num(), parsed.get_variant()), (4, uuid::Variant::RFC4122));
            assert_eq!(parsed.to_string(), made);
        }
    }
}
