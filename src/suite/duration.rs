//! Durations as suites write them: `1100ms`, `2s`, `5m`.
//! Reads no clock.

use std::time::Duration;

/// Reads a whole number of `ms`, `s` or `m`.
pub fn parse(text: &str) -> Option<Duration> {
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(end)?;
    let number: u64 = number.parse().ok()?;
    match unit {
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "m" => number.checked_mul(60).map(Duration::from_secs),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_with_a_unit() {
        assert_eq!(parse("1100ms"), Some(Duration::from_millis(1100)));
        assert_eq!(parse("2s"), Some(Duration::from_secs(2)));
        assert_eq!(parse("5m"), Some(Duration::from_secs(300)));
        for text in ["", "5", "s", "-1s", "1.5s", "1h", "99999999999999999999s", "1 s"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
