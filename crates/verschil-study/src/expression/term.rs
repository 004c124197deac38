//! A piece of canonical SQL, and whether it needs parentheses as an operand.

use super::allowed::Class;

/// How a piece of canonical SQL behaves inside another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Stands by itself: a column, a value, a call, CASE, CAST.
    Atom,
    /// Needs parentheses as an operand.
    Compound,
    /// Needs them too, but not as the first operand of a chain of the same class.
    Chain(Class),
}

/// A piece of canonical SQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) sql: String,
    pub(super) shape: Shape,
}

impl Term {
    pub(super) fn atom(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), shape: Shape::Atom }
    }

    pub(super) fn compound(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), shape: Shape::Compound }
    }

    pub(super) fn chain(class: Class, sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), shape: Shape::Chain(class) }
    }

    /// The text as an operand.
    pub(super) fn operand(&self) -> String {
        match self.shape {
            Shape::Atom => self.sql.clone(),
            Shape::Compound | Shape::Chain(_) => format!("({})", self.sql),
        }
    }

    /// The text as the first operand of a chain; one of the same class goes on without parentheses.
    pub(super) fn first_of(&self, class: Class) -> String {
        if self.shape == Shape::Chain(class) { self.sql.clone() } else { self.operand() }
    }
}

/// A text between quotes, with quotes inside doubled.
pub(super) fn quoted(text: &str, quote: char) -> String {
    let doubled = text.replace(quote, &format!("{quote}{quote}"));
    format!("{quote}{doubled}{quote}")
}

/// A number in one spelling: digits on both sides of the point, a small `e`, no superfluous zeros
/// before it.
pub(super) fn number(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let known = |character: char| character.is_ascii_digit() || ".e+-".contains(character);
    if !lower.chars().all(known) || !lower.parse::<f64>().is_ok_and(f64::is_finite) {
        return None;
    }
    let (mantissa, exponent) = lower.split_once('e').map_or((&*lower, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) =
        mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        trimmed => trimmed,
    };
    let mut sql = whole.to_owned();
    if let Some(fraction) = fraction {
        sql.push('.');
        sql.push_str(if fraction.is_empty() { "0" } else { fraction });
    }
    if let Some(exponent) = exponent {
        sql.push('e');
        sql.push_str(exponent.trim_start_matches('+'));
    }
    Some(sql)
}

/// Whether the text is an existing day written as year-month-day.
pub(super) fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else {
        return false;
    };
    let digits = |part: &str, n: usize| part.len() == n && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
        return false;
    }
    let (Ok(year), Ok(month), Ok(day)) =
        (year.parse::<u32>(), month.parse::<u32>(), day.parse::<u32>())
    else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=last).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_spelling() {
        for (text, sql) in [
            ("007", "7"),
            (".5", "0.5"),
            ("1.", "1.0"),
            ("1E+05", "1e05"),
            ("0", "0"),
            ("1.50", "1.50"),
        ] {
            assert_eq!(number(text).as_deref(), Some(sql), "{text}");
        }
        assert_eq!(number("1e999"), None);
        assert_eq!(number("1_000"), None);
    }

    #[test]
    fn days_exist() {
        assert!(is_day("2020-02-29"));
        for text in
            ["2021-02-29", "2021-13-01", "2021-00-01", "21-01-01", "2021-1-1", "2021-01-00", ""]
        {
            assert!(!is_day(text), "{text}");
        }
    }
}
