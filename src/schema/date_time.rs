//! xsd:dateTime, the form of every dateTime in SCIM (RFC 7643 §2.3.5).
//! Reads no clock and knows no attribute.

use std::time::Duration;

/// A moment in UTC, for comparing. Finer than a nanosecond is not kept; no zone is taken as UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    seconds: i64,
    nanoseconds: u32,
}

impl Moment {
    /// How far the two lie apart, in either direction.
    pub fn distance(self, other: Self) -> Duration {
        let at = |moment: Self| i128::from(moment.seconds) * 1_000_000_000 + i128::from(moment.nanoseconds);
        let nanoseconds = (at(self) - at(other)).unsigned_abs();
        let seconds = u64::try_from(nanoseconds / 1_000_000_000).unwrap_or(u64::MAX);
        Duration::new(seconds, (nanoseconds % 1_000_000_000) as u32)
    }
}

/// Whether `text` is an xsd:dateTime: date, `T`, time; a fraction and a zone are optional.
pub fn is_date_time(text: &str) -> bool {
    moment(text).is_some()
}

/// The moment that an xsd:dateTime names; `None` where `text` is none.
pub fn moment(text: &str) -> Option<Moment> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (date, time) = text.split_once('T')?;
    let days = days(date, negative)?;
    let (time, offset) = split_zone(time)?;
    let (second_of_day, nanoseconds) = time_of_day(time)?;
    Some(Moment { seconds: days * 86_400 + second_of_day - offset, nanoseconds })
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar.
fn days(date: &str, negative: bool) -> Option<i64> {
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let too_many_zeros = year.len() > 4 && year.starts_with('0');
    // Nine digits keep the sums within i64; no server needs more.
    if parts.next().is_some() || !(4..=9).contains(&year.len()) || too_many_zeros {
        return None;
    }
    let year = digits(year, year.len())?;
    let year = if negative { -year } else { year };
    let (month, day) = (digits(month, 2)?, digits(day, 2)?);
    if !(1..=12).contains(&month) || !(1..=days_in(year, month)).contains(&day) {
        return None;
    }
    // Years counted from March put the leap day last.
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The time without its zone, and the zone's offset in seconds east of UTC.
fn split_zone(time: &str) -> Option<(&str, i64)> {
    if let Some(time) = time.strip_suffix('Z') {
        return Some((time, 0));
    }
    let Some(at) = time.rfind(['+', '-']) else { return Some((time, 0)) };
    let (time, zone) = (time.get(..at)?, time.get(at..)?);
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    let valid = hours < 14 && minutes < 60 || hours == 14 && minutes == 0;
    valid.then_some((time, sign * (hours * 3600 + minutes * 60)))
}

fn time_of_day(time: &str) -> Option<(i64, u32)> {
    let (time, fraction) = match time.split_once('.') {
        Some((time, fraction)) => (time, Some(fraction)),
        None => (time, None),
    };
    let nanoseconds = fraction.map_or(Some(0), nanoseconds)?;
    let mut parts = time.split(':');
    let (hour, minute) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    let second = digits(parts.next()?, 2)?;
    let midnight = hour == 24 && minute == 0 && second == 0 && nanoseconds == 0;
    let valid = parts.next().is_none() && minute < 60 && second < 60 && (hour < 24 || midnight);
    valid.then_some((hour * 3600 + minute * 60 + second, nanoseconds))
}

fn nanoseconds(fraction: &str) -> Option<u32> {
    if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let kept: String = fraction.chars().chain("000000000".chars()).take(9).collect();
    kept.parse().ok()
}

fn digits(text: &str, count: usize) -> Option<i64> {
    let all_digits = text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    all_digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_what_xsd_accepts() {
        for text in [
            "2008-01-23T04:56:22Z",
            "2011-08-01T21:32:44.882Z",
            "2020-02-29T23:59:59",
            "2020-01-01T24:00:00Z",
            "2020-01-01T00:00:00.1234567890123-14:00",
            "-0044-03-15T12:00:00Z",
            "12020-01-01T00:00:00+05:30",
        ] {
            assert!(is_date_time(text), "{text}");
        }
    }

    #[test]
    fn refuses_all_else() {
        for text in [
            "",
            "2008-01-23",
            "2008-01-23 04:56:22Z",
            "2008-01-23t04:56:22z",
            "2008-1-23T04:56:22Z",
            "2021-02-29T00:00:00Z",
            "2008-13-01T00:00:00Z",
            "2008-01-23T04:56Z",
            "2008-01-23T24:00:01Z",
            "2008-01-23T04:60:22Z",
            "2008-01-23T04:56:22.Z",
            "2008-01-23T04:56:22+0100",
            "2008-01-23T04:56:22+15:00",
            "+2008-01-23T04:56:22Z",
            "02008-01-23T04:56:22Z",
            "1201062982",
            "éT",
        ] {
            assert!(!is_date_time(text), "{text}");
        }
    }

    #[test]
    fn compares_moments() {
        let at = |text| moment(text).unwrap();
        assert_eq!(at("1970-01-01T00:00:00Z"), Moment { seconds: 0, nanoseconds: 0 });
        assert_eq!(at("2000-03-01T00:00:00Z").seconds, 951_868_800);
        assert_eq!(at("2020-01-01T00:00:00+01:00"), at("2019-12-31T23:00:00.000Z"));
        assert_eq!(at("2019-12-31T24:00:00Z"), at("2020-01-01T00:00:00"));
        assert!(at("2020-01-01T00:00:00.09Z") < at("2020-01-01T00:00:00.1Z"));
        let apart = at("2020-01-01T00:00:00.9Z").distance(at("2020-01-01T00:00:01.1Z"));
        assert_eq!(apart, Duration::from_millis(200));
        assert!(at("-0001-01-01T00:00:00Z") < at("0001-01-01T00:00:00Z"));
    }
}
