//! Numbers as they are printed: a value, and what its digits leave open.

use serde::Serialize;

use super::span::Span;

/// Most digits of a cell with a number; more is no number that anybody prints.
const MAX_DIGITS: usize = 18;

/// The decimal mark of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// `1,234.5`
    Point,
    /// `1.234,5`
    Comma,
}

impl Mark {
    fn decimal(self) -> char {
        if self == Self::Point { '.' } else { ',' }
    }

    fn groups(self, c: char) -> bool {
        let mark = if self == Self::Point { ',' } else { '.' };
        c == mark || matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '\u{2019}')
    }
}

/// A number with the decimals that it was printed with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Printed {
    /// The number as printed.
    pub value: f64,
    /// Decimals in print.
    pub decimals: u8,
}

impl Printed {
    /// `value` as it is printed with `decimals`; nothing for what no cell can hold (an infinity).
    #[must_use]
    pub fn rounded(value: f64, decimals: u8) -> Option<Self> {
        let text = format!("{value:.*}", usize::from(decimals));
        value.is_finite().then(|| text.parse().ok()).flatten().map(|value| Self { value, decimals })
    }

    /// Every number that is printed like this, under any rule for halves.
    #[must_use]
    pub fn span(self) -> Span {
        let half = 0.5 * 10_f64.powi(-i32::from(self.decimals));
        Span { low: self.value - half, high: self.value + half }
    }

    /// A cell with a number; a currency sign before or a percent sign behind it is no part of it.
    pub(crate) fn read(cell: &str, mark: Mark) -> Option<Self> {
        let text = cell.trim().trim_end_matches('%').trim_end();
        let (negative, text) = signed(text);
        let text = text.trim_start_matches(['\u{20ac}', '$', '\u{a3}']).trim_start();
        let (again, text) = if negative { (false, text) } else { signed(text) };
        let (whole, fraction) = match text.split_once(mark.decimal()) {
            Some((_, "")) => return None,
            Some((whole, fraction)) => (whole, fraction),
            None => (text, ""),
        };
        let found = whole_of(whole, mark, fraction)?;
        let value = if negative || again { -found.value } else { found.value };
        Some(Self { value, ..found })
    }
}

fn signed(text: &str) -> (bool, &str) {
    match text.strip_prefix(['-', '\u{2212}', '\u{2013}']) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text.strip_prefix('+').unwrap_or(text).trim_start()),
    }
}

/// Digits with thousands separated, or not, and decimals behind them.
fn whole_of(whole: &str, mark: Mark, fraction: &str) -> Option<Printed> {
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let groups: Vec<&str> = whole.split(|c| mark.groups(c)).collect();
    let (first, rest) = groups.split_first()?;
    let grouped = rest.iter().all(|group| group.len() == 3) && (rest.is_empty() || first.len() < 4);
    let start = !first.is_empty() || (rest.is_empty() && !fraction.is_empty());
    let digits = groups.concat();
    let short = digits.len() + fraction.len() <= MAX_DIGITS;
    if !grouped || !start || !short || !all_digits(&digits) || !all_digits(fraction) {
        return None;
    }
    let value = format!("0{digits}.{fraction}0").parse().ok()?;
    Some(Printed { value, decimals: u8::try_from(fraction.len()).ok()? })
}

/// Which mark a cell shows, when only one can be meant; `Err` when both can and differ.
pub(crate) fn shown_mark(cell: &str) -> Result<Option<Mark>, ()> {
    match (Printed::read(cell, Mark::Point), Printed::read(cell, Mark::Comma)) {
        (Some(_), None) => Ok(Some(Mark::Point)),
        (None, Some(_)) => Ok(Some(Mark::Comma)),
        (Some(a), Some(b)) if a != b => Err(()),
        _ => Ok(None),
    }
}

/// A p-value: equal to a printed number, below it or above it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PValue {
    /// `0.012`
    Equal(Printed),
    /// `<0.001`
    Below(Printed),
    /// `>0.05`
    Above(Printed),
}

impl PValue {
    pub(crate) fn read(cell: &str, mark: Mark) -> Option<Self> {
        let (bound, rest) = sign_of(cell);
        let printed = Printed::read(rest, mark)?;
        Some(match bound {
            '<' => Self::Below(printed),
            '>' => Self::Above(printed),
            _ => Self::Equal(printed),
        })
    }

    /// The number beside the sign.
    #[must_use]
    pub fn printed(self) -> Printed {
        match self {
            Self::Equal(printed) | Self::Below(printed) | Self::Above(printed) => printed,
        }
    }

    /// Every p-value that is printed like this.
    #[must_use]
    pub fn span(self) -> Span {
        match self {
            Self::Equal(printed) => printed.span(),
            Self::Below(printed) => Span::new(0.0, printed.value),
            Self::Above(printed) => Span::new(printed.value, 1.0),
        }
    }
}

/// The sign before a p-value (`=` where there is none), and the rest.
pub(crate) fn sign_of(cell: &str) -> (char, &str) {
    let cell = cell.trim();
    let cell = cell.strip_prefix(['p', 'P']).unwrap_or(cell).trim_start();
    match cell.chars().next() {
        Some('<' | '\u{2264}') => {
            ('<', cell[cell.chars().next().map_or(0, char::len_utf8)..].trim())
        }
        Some('>' | '\u{2265}') => {
            ('>', cell[cell.chars().next().map_or(0, char::len_utf8)..].trim())
        }
        Some('=') => ('=', cell[1..].trim()),
        _ => ('=', cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cell: &str, mark: Mark) -> Option<(f64, u8)> {
        Printed::read(cell, mark).map(|found| (found.value, found.decimals))
    }

    #[test]
    fn numbers_are_read_as_they_are_printed() {
        assert_eq!(read("\u{2212}16,8%", Mark::Comma), Some((-16.8, 1)));
        assert_eq!(read("49.531", Mark::Comma), Some((49531.0, 0)));
        assert_eq!(read("49.531", Mark::Point), Some((49.531, 3)));
        assert_eq!(read("1,234,567.50", Mark::Point), Some((1_234_567.5, 2)));
        assert_eq!(read("\u{20ac} -100", Mark::Point), Some((-100.0, 0)));
        assert_eq!(read("-0.0", Mark::Point), Some((0.0, 1)));
        assert_eq!(read(".03", Mark::Point), Some((0.03, 2)));
        for broken in
            ["", "-", "1,23,456", "12a", "1.2.3", "--5", "8.0 to 7.2", "%", "1234,567", "-5."]
        {
            assert_eq!(read(broken, Mark::Point), None, "{broken}");
        }
    }

    #[test]
    fn a_cell_shows_its_mark_or_leaves_it_open() {
        assert_eq!(shown_mark("16,8"), Ok(Some(Mark::Comma)));
        assert_eq!(shown_mark("16.8"), Ok(Some(Mark::Point)));
        assert_eq!(shown_mark("49.531"), Err(()));
        assert_eq!(shown_mark("100"), Ok(None));
    }

    #[test]
    fn p_values_may_have_a_sign() {
        assert_eq!(PValue::read("p < 0,001", Mark::Comma).unwrap().span(), Span::new(0.0, 0.001));
        assert_eq!(PValue::read(">0.05", Mark::Point).unwrap().span(), Span::new(0.05, 1.0));
        assert!(matches!(PValue::read("= .03", Mark::Point), Some(PValue::Equal(_))));
    }
}
