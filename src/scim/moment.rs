//! dateTime values (xsd:dateTime, RFC 7643 §2.3.5) as moments that can be compared.
//! Knows no clock.

/// A moment. A dateTime without zone is taken as UTC, so that every two can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// Since 1970-01-01T00:00:00Z.
    seconds: i64,
    nanoseconds: u32,
}

impl Moment {
    /// Reads `YYYY-MM-DDThh:mm:ss[.fraction][Z|±hh:mm]`; `None` where the text is no valid xsd:dateTime.
    ///
    /// Digits of the fraction behind the ninth do not count. Years have four digits at least and may be negative.
    /// As in xsd, `24:00:00` is the midnight that ends a day; second 60 is accepted, as in RFC 3339.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.split_once('T')?;
        let days = days(date)?;
        let (clock, offset) = split_zone(time)?;
        let (of_day, nanoseconds) = seconds_of_day(clock)?;
        let seconds = days.checked_mul(86_400)?.checked_add(of_day)?.checked_sub(offset)?;
        Some(Self { seconds, nanoseconds })
    }
}

/// Days since 1970-01-01 of `[-]YYYY-MM-DD`.
fn days(date: &str) -> Option<i64> {
    let (negative, digits) = match date.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, date),
    };
    let mut parts = digits.split('-');
    let year_text = parts.next()?;
    if year_text.len() < 4 || year_text.len() > 9 || (year_text.len() > 4 && year_text.starts_with('0')) {
        return None;
    }
    let year = number(year_text, year_text.len())?;
    let (month, day) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    if parts.next().is_some() {
        return None;
    }
    let year = if negative { -year } else { year };
    (1..=month_length(year, month)?).contains(&day).then(|| days_from_civil(year, month, day))
}

fn month_length(year: i64, month: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The time without its zone, and the zone's seconds east of UTC.
fn split_zone(time: &str) -> Option<(&str, i64)> {
    if let Some(clock) = time.strip_suffix('Z') {
        return Some((clock, 0));
    }
    let Some(at) = time.rfind(['+', '-']) else { return Some((time, 0)) };
    let (clock, zone) = time.split_at_checked(at)?;
    let (sign, zone) = match zone.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, zone.strip_prefix('+')?),
    };
    let (hours, minutes) = zone.split_once(':')?;
    let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
    let minutes = (minutes < 60).then_some(hours * 60 + minutes)?;
    (minutes <= 14 * 60).then_some((clock, sign * minutes * 60))
}

/// Seconds since midnight and nanoseconds of `hh:mm:ss[.fraction]`.
fn seconds_of_day(clock: &str) -> Option<(i64, u32)> {
    let (whole, fraction) = match clock.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (clock, None),
    };
    let mut parts = whole.split(':');
    let (hour, minute, second) =
        (number(parts.next()?, 2)?, number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let nanoseconds = fraction.map_or(Some(0), nanoseconds)?;
    let ends_day = hour == 24 && minute == 0 && second == 0 && nanoseconds == 0;
    let valid = parts.next().is_none() && minute < 60 && second <= 60 && (hour < 24 || ends_day);
    valid.then_some((hour * 3600 + minute * 60 + second, nanoseconds))
}

fn nanoseconds(fraction: &str) -> Option<u32> {
    if fraction.is_empty() || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let kept: String = fraction.chars().chain(std::iter::repeat('0')).take(9).collect();
    kept.parse().ok()
}

/// Exactly `length` digits.
fn number(text: &str, length: usize) -> Option<i64> {
    let digits = text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn moment(text: &str) -> Moment {
        Moment::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn zones_and_fractions_do_not_hide_equality() {
        let utc = moment("2011-05-13T04:42:34Z");
        for same in [
            "2011-05-13T04:42:34",
            "2011-05-13T04:42:34.000Z",
            "2011-05-13T06:42:34+02:00",
            "2011-05-12T20:42:34-08:00",
            "2011-05-13T04:42:34.0000000000001Z",
        ] {
            assert_eq!(moment(same), utc, "{same}");
        }
        assert!(moment("2011-05-13T04:42:34.1Z") > utc);
        assert!(moment("2011-05-13T04:42:34.10Z") < moment("2011-05-13T04:42:34.9Z"));
        assert!(moment("2011-05-13T23:00:00-05:00") > moment("2011-05-14T03:59:59Z"));
        assert_eq!(moment("2011-05-13T24:00:00Z"), moment("2011-05-14T00:00:00Z"));
        assert!(moment("-0044-03-15T12:00:00Z") < moment("0001-01-01T00:00:00Z"));
    }

    #[test]
    fn what_is_no_xsd_date_time_is_refused() {
        for text in [
            "",
            "T",
            "2011-05-13",
            "2011-05-13 04:42:34Z",
            "2011-5-13T04:42:34Z",
            "2011-13-01T00:00:00Z",
            "2011-02-29T00:00:00Z",
            "2011-05-13T24:00:01Z",
            "2011-05-13T04:60:00Z",
            "2011-05-13T04:42Z",
            "2011-05-13T04:42:34.Z",
            "2011-05-13T04:42:34+2:00",
            "2011-05-13T04:42:34+15:00",
            "2011-05-13T04:42:34z",
            "1305261754",
            "11-05-13T04:42:34Z",
            "2011-05-13T04:42:34é",
            "99999999999-01-01T00:00:00Z",
            "2011-05-13T04:42:34+0200",
            "２011-05-13T04:42:34Z",
        ] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
        assert!(Moment::parse("2012-02-29T00:00:00Z").is_some());
    }

    proptest! {
        #[test]
        fn moments_agree_with_a_calendar(seconds in -62_000_000_000_i64..250_000_000_000, nanos in 0_i32..1_000_000_000) {
            let stamp = jiff::Timestamp::new(seconds, 0).unwrap().checked_add(
                jiff::SignedDuration::new(0, nanos)).unwrap();
            let expected = Moment {
                seconds: stamp.as_nanosecond().div_euclid(1_000_000_000) as i64,
                nanoseconds: stamp.as_nanosecond().rem_euclid(1_000_000_000) as u32,
            };
            prop_assert_eq!(Moment::parse(&stamp.to_string()), Some(expected), "{}", stamp);
        }

        #[test]
        fn nothing_panics(text in any::<String>()) {
            let _ = Moment::parse(&text);
        }

        #[test]
        fn nothing_like_a_date_panics(text in "-?[0-9]{0,12}-[0-9]{2}-[0-9]{2}T[0-9:.+Z-]{0,20}") {
            let _ = Moment::parse(&text);
        }
    }
}
