//! The time of day, and durations as suites write them.
//! Knows nothing of what is timed.

use std::time::Duration;

use jiff::{Timestamp, Unit};

/// The time, RFC 3339 in UTC with milliseconds.
pub(super) fn now() -> String {
    let now = Timestamp::now();
    format!("{:.3}", now.round(Unit::Millisecond).unwrap_or(now))
}

/// `1100ms`, `2s`, `1m`; `None` where it is no duration.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at_checked(end)?;
    let number: f64 = number.parse().ok()?;
    let seconds = match unit.trim() {
        "ms" => number / 1000.0,
        "s" => number,
        "m" => number * 60.0,
        _ => return None,
    };
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_with_their_unit() {
        assert_eq!(duration("1100ms"), Some(Duration::from_millis(1100)));
        assert_eq!(duration(" 2s"), Some(Duration::from_secs(2)));
        assert_eq!(duration("1.5m"), Some(Duration::from_secs(90)));
        for wrong in ["", "5", "s", "5h", "-1s", "1..2s"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_time_is_written_in_utc() {
        let now = now();
        assert!(now.ends_with('Z') && now.len() == "2026-01-01T00:00:00.000Z".len(), "{now}");
    }
}
