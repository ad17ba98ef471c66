//! Days as people type them: written out, or counted from today. It reads no clock.

use std::str::FromStr as _;

use crate::model::Date;

/// Reads a day, written out or counted from today in days, weeks or months.
pub fn read_day(text: &str, today: Date) -> Option<Date> {
    if let Ok(date) = Date::from_str(text) {
        return Some(date);
    }
    let text = text.strip_prefix('+').unwrap_or(text);
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let n: i32 = number.parse().ok().filter(|n| (0..=9999).contains(n))?;
    let span = match unit {
        "d" => jiff::Span::new().days(n),
        "w" => jiff::Span::new().weeks(n),
        "m" => jiff::Span::new().months(n),
        _ => return None,
    };
    today.checked_add(span).ok()
}

/// Reads a day that is still to come, or today: one that has passed would be run out, or overdue, at once. No text is no
/// day; the message says what is wrong with a text.
pub fn read_day_to_come(text: &str, today: Date) -> Result<Option<Date>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let refused = |why: &str| {
        let example = read_day("3m", today).unwrap_or(today);
        Err(format!("{why}, today is {today}: write {example}, or 30d, 2w, 3m"))
    };
    match read_day(text, today) {
        Some(day) if day < today => refused("it has passed"),
        Some(day) => Ok(Some(day)),
        None => refused("that is no day"),
    }
}
