//! Numbers as the reader of each language writes them.

use fixed_decimal::Decimal;
use icu::decimal::DecimalFormatter;
use icu::decimal::options::DecimalFormatterOptions;
use icu::locale::locale;

use crate::ReportError;

/// A true minus sign.
const MINUS: char = '\u{2212}';

/// The formatter of one language.
pub(crate) struct Numbers {
    formatter: DecimalFormatter,
}

impl Numbers {
    pub(crate) fn new(language: &str) -> Result<Self, ReportError> {
        let locale = if language == "nl" { locale!("nl") } else { locale!("en") };
        let formatter =
            DecimalFormatter::try_new(locale.into(), DecimalFormatterOptions::default())
                .map_err(|error| ReportError::Format(error.to_string()))?;
        Ok(Self { formatter })
    }

    /// `value` rounded to `decimals`; zero never carries a sign.
    pub(crate) fn decimal(&self, value: f64, decimals: u8) -> String {
        let digits = format!("{:.*}", usize::from(decimals), value.abs());
        let Ok(decimal) = digits.parse::<Decimal>() else {
            return "\u{221e}".to_owned();
        };
        let text = self.formatter.format(&decimal).to_string();
        let zero = digits.bytes().all(|byte| matches!(byte, b'0' | b'.'));
        if value < 0.0 && !zero { format!("{MINUS}{text}") } else { text }
    }

    /// A whole number with thousands separated.
    pub(crate) fn count(&self, value: f64) -> String {
        self.decimal(value, 0)
    }

    /// A count with thousands separated.
    pub(crate) fn whole(&self, count: u64) -> String {
        self.formatter.format(&Decimal::from(count)).to_string()
    }

    /// Three decimals, or "<0.001".
    pub(crate) fn p_value(&self, p: f64) -> String {
        if p < 0.001 { format!("<{}", self.decimal(0.001, 3)) } else { self.decimal(p, 3) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_writes_its_own_separators() {
        let (nl, en) = (Numbers::new("nl").unwrap(), Numbers::new("en").unwrap());
        assert_eq!(nl.decimal(-1234.56, 1), "\u{2212}1.234,6");
        assert_eq!(en.decimal(-1234.56, 1), "\u{2212}1,234.6");
        assert_eq!(en.decimal(-0.001, 2), "0.00");
        assert_eq!(nl.p_value(0.000_4), "<0,001");
        assert_eq!(en.p_value(0.0123), "0.012");
    }
}
