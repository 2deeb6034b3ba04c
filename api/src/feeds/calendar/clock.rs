//! The time of day of a meeting, as its notice writes it.

use jiff::civil::Time;

/// When it begins, and ends where that is stated: `14:00`, `2.30pm`, `10:00 – 12:30`, `2 to 4pm`.
/// Nothing where it is written in another way: then the meeting is shown as a whole day, with the words.
pub fn span(text: &str) -> Option<(Time, Option<Time>)> {
    let text = text.trim().to_lowercase().replace(['–', '—'], "-");
    let text = text.replace(" to ", "-").replace(' ', "");
    let (first, last) = match text.split_once('-') {
        Some((first, last)) => (first, Some(last)),
        None => (text.as_str(), None),
    };
    let end = match last {
        Some(last) => Some(time(last, None)?),
        None => None,
    };
    // Of "2 to 4pm" both are in the afternoon; of "11 to 1pm" only the end is.
    let half = last.and_then(|last| ["am", "pm"].into_iter().find(|half| last.ends_with(half)));
    let fits = |start: &Time| end.is_none_or(|end| *start < end);
    let start = time(first, half)
        .filter(fits)
        .or_else(|| time(first, half.map(|_| "am")).filter(fits))?;
    Some((start, end))
}

/// A time of day. `half` is the half of the day where the text itself names none; without either,
/// hours go to 23 and need their minutes.
fn time(text: &str, half: Option<&str>) -> Option<Time> {
    let own = ["am", "pm"].into_iter().find(|half| text.ends_with(half));
    let digits = own.map_or(text, |half| text.trim_end_matches(half));
    let half = own.or(half);
    let (hour, minute) = match digits.split_once([':', '.']) {
        Some((hour, minute)) if minute.len() == 2 => (number(hour)?, number(minute)?),
        None if half.is_some() => (number(digits)?, 0),
        _ => return None,
    };
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some("pm") => hour % 12 + 12,
        Some(_) => hour % 12,
        None => hour,
    };
    Time::new(hour, minute, 0, 0).ok()
}

/// One or two digits.
fn number(text: &str) -> Option<i8> {
    let is_number = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        let (start, end) = span(text)?;
        let end = end.map(|end| end.strftime("-%H:%M").to_string());
        Some(start.strftime("%H:%M").to_string() + &end.unwrap_or_default())
    }

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, meant) in [
            ("14:00", "14:00"),
            ("9.30", "09:30"),
            ("2pm", "14:00"),
            ("2.30 PM", "14:30"),
            ("12pm", "12:00"),
            ("12.15am", "00:15"),
            ("10:00-12:30", "10:00-12:30"),
            ("10:00 – 12:30", "10:00-12:30"),
            ("2 to 4pm", "14:00-16:00"),
            ("11 to 1pm", "11:00-13:00"),
            ("9am to 12.30pm", "09:00-12:30"),
        ] {
            assert_eq!(read(text).as_deref(), Some(meant), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_not_guessed() {
        for text in [
            "",
            "afternoon",
            "14",
            "25:00",
            "10:60",
            "13pm",
            "0am",
            "14:00-12:00",
            "2-4",
            "1:2",
            "14:00 for 14:30",
            "+1:00",
            "é:00",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
