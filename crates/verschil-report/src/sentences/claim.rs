//! What the audit of claims found, in words.

use verschil_study::claims::{Audit, Finding, Printed, Said, Span, Verdict};
use verschil_study::problem::Severity;

use crate::numbers::Numbers;
use crate::words::Words;

/// Longest text of a claim that a sentence repeats, in characters.
const SHOWN: usize = 120;

/// Most decimals of a bound that no cell gives decimals for.
const DECIMALS: u8 = 6;

/// The sentence of each rule, by the rule's id.
const TOLD: [(&str, &str); 19] = [
    ("interval-reversed", "claim-interval-reversed"),
    ("estimate-outside-interval", "claim-estimate-outside-interval"),
    ("interval-not-centred", "claim-interval-not-centred"),
    ("direction-against-sign", "claim-direction-against-sign"),
    ("number-against-sign", "claim-number-against-sign"),
    ("words-against-evidence", "claim-words-against-evidence"),
    ("absence-of-evidence", "claim-absence-of-evidence"),
    ("p-against-interval", "claim-p-against-interval"),
    ("p-impossible", "claim-p-impossible"),
    ("change-against-levels", "claim-change-against-levels"),
    ("percentage-impossible", "claim-percentage-impossible"),
    ("share-against-counts", "claim-share-against-counts"),
    ("count-impossible", "claim-count-impossible"),
    ("parts-against-whole", "claim-parts-against-whole"),
    ("told-twice", "claim-told-twice"),
    ("denominators-differ", "claim-denominators-differ"),
    ("length-against-period", "claim-length-against-period"),
    ("cited-elsewhere", "claim-cited-elsewhere"),
    ("words-without-numbers", "claim-words-without-numbers"),
];

/// Words and numbers of one language.
pub(crate) struct Teller {
    pub(crate) words: Words,
    pub(crate) numbers: Numbers,
}

impl Teller {
    /// One sentence for each finding, with where it stands.
    pub(crate) fn findings(&self, audit: &Audit) -> Vec<String> {
        audit.findings.iter().map(|finding| self.finding(finding)).collect()
    }

    fn finding(&self, finding: &Finding) -> String {
        let severity = self.words.text(match finding.severity {
            Severity::Error => "claim-error",
            Severity::Warning => "claim-warning",
        });
        let place = if finding.source.is_empty() {
            finding.claim.clone()
        } else {
            format!("{} ({})", finding.claim, finding.source)
        };
        let arguments = [
            ("line", self.count(finding.line).into()),
            ("place", place.into()),
            ("severity", severity.into()),
            ("rule", finding.rule.into()),
            ("sentence", self.sentence(finding).into()),
        ];
        self.words.with("claim-finding", &arguments)
    }

    fn sentence(&self, finding: &Finding) -> String {
        let Some((_, key)) = TOLD.iter().find(|(rule, _)| *rule == finding.rule) else {
            return finding.rule.to_owned();
        };
        let other = finding.other.as_ref().map_or_else(String::new, |other| {
            let arguments =
                [("id", other.id.clone().into()), ("line", self.count(other.line).into())];
            self.words.with("claim-other", &arguments)
        });
        let agrees = finding.agrees.as_ref().map_or_else(String::new, |said| self.value(said));
        let arguments = [
            ("found", self.value(&finding.found).into()),
            ("agrees", agrees.into()),
            ("other", other.into()),
            ("column", finding.column.into()),
        ];
        self.words.with(key, &arguments)
    }

    fn count(&self, n: usize) -> String {
        n.to_string()
    }

    fn number(&self, number: Printed) -> String {
        self.numbers.decimal(number.value, number.decimals)
    }

    /// A number with as many decimals as it takes.
    fn plain(&self, value: f64) -> String {
        let exact = |decimals: &u8| {
            let scaled = value * 10_f64.powi(i32::from(*decimals));
            (scaled - scaled.round()).abs() < 1e-6
        };
        self.numbers.decimal(value, (0..DECIMALS).find(exact).unwrap_or(DECIMALS))
    }

    fn value(&self, said: &Said) -> String {
        match said {
            Said::Number(number) => self.number(*number),
            Said::Between { low, high } => self.between(*low, *high),
            Said::Computed { value, range, decimals } => self.computed(*value, *range, *decimals),
            Said::Text(text) => self.quoted(text),
            Said::Verdict(verdict) => self.words.text(match verdict {
                Verdict::Increase => "claim-increase",
                Verdict::Decrease => "claim-decrease",
                Verdict::NoChange => "claim-no-change",
                Verdict::Clear => "claim-clear",
                Verdict::Unclear => "claim-unclear",
            }),
        }
    }

    fn between(&self, low: Option<f64>, high: Option<f64>) -> String {
        let low = low.map(|low| self.plain(low));
        let high = high.map(|high| self.plain(high));
        match (low, high) {
            (Some(low), Some(high)) => {
                self.words.with("range-both", &[("low", low.into()), ("high", high.into())])
            }
            (Some(low), None) => self.words.with("range-no-high", &[("low", low.into())]),
            (None, Some(high)) => self.words.with("range-no-low", &[("high", high.into())]),
            (None, None) => self.words.text("range-unbounded"),
        }
    }

    fn computed(&self, value: f64, range: Span, decimals: u8) -> String {
        let number = self.numbers.decimal(value, decimals);
        let finer = decimals.saturating_add(1);
        if range.low == range.high {
            return self.plain(value);
        }
        let end = |end: f64| self.numbers.decimal(end, finer);
        let arguments = [
            ("value", number.into()),
            ("low", end(range.low).into()),
            ("high", end(range.high).into()),
        ];
        self.words.with("claim-computed", &arguments)
    }

    fn quoted(&self, text: &str) -> String {
        let mut short: String = text.chars().take(SHOWN).collect();
        if short.len() < text.len() {
            short.push('\u{2026}');
        }
        self.words.with("claim-quoted", &[("text", short.into())])
    }

    /// How many claims, findings and rules: the last line.
    pub(crate) fn summary(&self, audit: &Audit) -> Vec<String> {
        let count = |n: usize| self.numbers.decimal(n as f64, 0);
        let of = |severity| audit.findings.iter().filter(|f| f.severity == severity).count();
        let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
        let arguments = [
            ("claims", count(audit.claims).into()),
            ("errors", count(errors).into()),
            ("warnings", count(warnings).into()),
        ];
        let applied = audit.applied.iter().map(|rule| {
            let arguments = [("rule", rule.rule.into()), ("n", count(rule.checked).into())];
            self.words.with("claim-applied", &arguments)
        });
        let applied: Vec<String> = applied.collect();
        let list = [("list", applied.join(", ").into())];
        vec![self.words.with("claim-summary", &arguments), self.words.with("claim-rules", &list)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_its_sentence() {
        let rules: Vec<&str> = verschil_study::claims::RULES.iter().map(|rule| rule.id).collect();
        let told: Vec<&str> = TOLD.iter().map(|(rule, _)| *rule).collect();
        assert_eq!(rules, told);
    }
}
