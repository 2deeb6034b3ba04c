//! Times as people read them.

use jiff::Timestamp;

/// Seconds since 1970 as a date and time of day, such as `14 May 2025, 09:30:12 UTC`.
pub fn date_time(seconds: i64) -> String {
    match Timestamp::from_second(seconds) {
        Ok(time) => time.strftime("%-d %B %Y, %H:%M:%S UTC").to_string(),
        // Beyond the calendar: the number is all that can be said.
        Err(_) => format!("{seconds} seconds since 1970"),
    }
}

/// Seconds since 1970 in the form of RFC 3339, for scripts; null beyond the calendar.
pub fn iso_time(seconds: i64) -> Option<String> {
    Timestamp::from_second(seconds)
        .ok()
        .map(|time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_dates() {
        assert_eq!(date_time(1_747_215_012), "14 May 2025, 09:30:12 UTC");
        assert_eq!(
            date_time(i64::MAX),
            "9223372036854775807 seconds since 1970"
        );
    }
}
