//! The rules that claims are put to, one row each.

use std::collections::BTreeMap;

use super::{Applied, Audit, Claim, Effect, Finding, Other, Said, Scale, Span, Verdict};
use crate::problem::Severity;

mod counts;
mod interval;
mod levels;
mod p_value;
mod references;
mod told;
mod words;

/// One rule.
pub struct Rule {
    /// Stable identifier in kebab-case.
    pub id: &'static str,
    /// What must hold, a sentence.
    pub sentence: &'static str,
    /// Where the rule comes from; empty for plain arithmetic.
    pub citation: &'static str,
    /// Whether a claim that breaks it must be wrong, or should be looked at.
    pub severity: Severity,
    check: fn(&Ledger) -> Checked,
}

const fn rule(
    id: &'static str,
    severity: Severity,
    sentence: &'static str,
    citation: &'static str,
    check: fn(&Ledger) -> Checked,
) -> Rule {
    Rule { id, sentence, citation, severity, check }
}

use Severity::{Error, Warning};

const ALTMAN_2011: &str =
    "Altman and Bland, How to obtain the P value from a confidence interval, BMJ 2011;343:d2304";
const ALTMAN_1995: &str =
    "Altman and Bland, Absence of evidence is not evidence of absence, BMJ 1995;311:485";
const NUIJTEN_2016: &str = "Nuijten et al., The prevalence of statistical reporting errors in psychology (1985-2013), Behavior Research Methods 2016;48:1205-1226";
const BROWN_2017: &str = "Brown and Heathers, The GRIM test, Social Psychological and Personality Science 2017;8:363-369";

/// All rules, in the order in which they are told.
pub const RULES: &[Rule] = &[
    rule(
        "interval-reversed",
        Error,
        "The lower end of an interval is not above its upper end.",
        "",
        interval::reversed,
    ),
    rule(
        "estimate-outside-interval",
        Error,
        "An estimate lies within its interval.",
        "",
        interval::outside,
    ),
    rule(
        "interval-not-centred",
        Error,
        "An interval has its estimate halfway: of its ends on a linear scale, of their logarithms on a ratio scale. Where no scale is stated, either will do.",
        ALTMAN_2011,
        interval::centred,
    ),
    rule(
        "direction-against-sign",
        Error,
        "Words of increase and decrease agree with the sign of the estimate, or with the levels where there is no estimate.",
        "",
        words::direction,
    ),
    rule(
        "number-against-sign",
        Error,
        "The estimate stands in the text with the sign that it has.",
        "",
        words::number,
    ),
    rule(
        "words-against-evidence",
        Error,
        "A text that calls an effect significant has an interval or a p-value that excludes no effect; one that says no effect, not significant or unknown has one that does not.",
        NUIJTEN_2016,
        words::evidence,
    ),
    rule(
        "absence-of-evidence",
        Warning,
        "An interval that leaves both an effect and none open is not worded as no effect.",
        ALTMAN_1995,
        words::absence,
    ),
    rule(
        "p-against-interval",
        Error,
        "A p-value is below one minus the confidence level exactly when the interval excludes no effect.",
        ALTMAN_2011,
        p_value::interval,
    ),
    rule("p-impossible", Error, "A p-value lies between 0 and 1.", "", p_value::possible),
    rule(
        "change-against-levels",
        Error,
        "A change follows from its levels: their difference, their ratio, or the difference as a percentage of the base.",
        "",
        levels::change,
    ),
    rule(
        "percentage-impossible",
        Error,
        "A share lies between 0 and 100 percent.",
        "",
        levels::possible,
    ),
    rule(
        "share-against-counts",
        Error,
        "A percentage of persons follows from the count and its total; where the count is not stated, some whole number gives it.",
        BROWN_2017,
        counts::share,
    ),
    rule(
        "count-impossible",
        Error,
        "A count is a whole number of at least 0 and at most its total.",
        "",
        counts::possible,
    ),
    rule(
        "parts-against-whole",
        Error,
        "Parts add up to their whole, percentages without one to 100.",
        "",
        counts::parts,
    ),
    rule(
        "told-twice",
        Error,
        "What is said twice of the same outcome, aspect, analysis, population, period, denominator and unit is the same beyond rounding.",
        "",
        told::twice,
    ),
    rule(
        "denominators-differ",
        Warning,
        "The same number is told with one denominator.",
        "",
        told::denominators,
    ),
    rule(
        "length-against-period",
        Error,
        "A number of years is the number of years of its period, first and last included.",
        "",
        references::length,
    ),
    rule(
        "cited-elsewhere",
        Error,
        "What is cited is about the same outcome.",
        "",
        references::cited,
    ),
    rule(
        "words-without-numbers",
        Warning,
        "A change in words has a number: in its row, in another row of the same outcome, analysis and population, or in what it cites.",
        "",
        words::numbers,
    ),
];

/// The claims, and what is looked up in them.
pub(super) struct Ledger<'c> {
    claims: &'c [Claim],
    /// Where each id stands.
    by_id: BTreeMap<&'c str, usize>,
}

/// What a rule says of all claims.
#[derive(Default)]
pub(super) struct Checked {
    looked: usize,
    broken: Vec<Broken>,
}

/// A claim that breaks a rule, before the rule's own name is put to it.
pub(super) struct Broken {
    claim: usize,
    column: &'static str,
    found: Said,
    agrees: Option<Said>,
    other: Option<usize>,
}

/// What a rule says of one claim: nothing to look at, agreement, or what is wrong.
pub(super) type Answer = Option<Option<Wrong>>;

/// The cell that is wrong, what stands in it, and what would agree.
pub(super) struct Wrong {
    column: &'static str,
    found: Said,
    agrees: Option<Said>,
}

/// The answer of a rule that compared something.
fn compared(holds: bool, column: &'static str, found: Said, agrees: Said) -> Answer {
    Some((!holds).then_some(Wrong { column, found, agrees: Some(agrees) }))
}

impl Checked {
    /// Puts a rule to each claim by itself.
    fn each(ledger: &Ledger, check: impl Fn(&Claim) -> Answer) -> Self {
        let mut checked = Self::default();
        for (index, claim) in ledger.claims.iter().enumerate() {
            checked.answer(index, None, check(claim));
        }
        checked
    }

    fn answer(&mut self, claim: usize, other: Option<usize>, answer: Answer) {
        let Some(answer) = answer else { return };
        self.looked += 1;
        self.broken.extend(answer.map(|wrong| {
            let Wrong { column, found, agrees } = wrong;
            Broken { claim, column, found, agrees, other }
        }));
    }
}

/// Puts every rule to the claims.
pub(super) fn audit(claims: &[Claim]) -> Audit {
    let ids = claims.iter().enumerate();
    let by_id = ids.map(|(index, claim)| (claim.id.as_str(), index)).collect();
    let ledger = Ledger { claims, by_id };
    let mut findings = Vec::new();
    let mut applied = Vec::new();
    for rule in RULES {
        let checked = (rule.check)(&ledger);
        applied.push(Applied { rule: rule.id, checked: checked.looked });
        findings.extend(checked.broken.into_iter().map(|broken| {
            let claim = &claims[broken.claim];
            let other = broken.other.map(|other| &claims[other]);
            let finding = Finding {
                rule: rule.id,
                severity: rule.severity,
                claim: claim.id.clone(),
                line: claim.line,
                source: claim.wording.source.clone(),
                column: broken.column,
                found: broken.found,
                agrees: broken.agrees,
                other: other.map(|other| Other { id: other.id.clone(), line: other.line }),
            };
            (broken.claim, finding)
        }));
    }
    // rules keep their order within a claim
    findings.sort_by_key(|(claim, _)| *claim);
    let findings = findings.into_iter().map(|(_, finding)| finding).collect();
    Audit { claims: claims.len(), findings, applied }
}

/// A text as it is compared: case, spaces and kinds of dash make no difference.
fn plain(text: &str) -> String {
    let dashed = text.to_lowercase().replace(['\u{2013}', '\u{2212}', '\u{2011}'], "-");
    dashed.split_whitespace().collect::<Vec<_>>().join(" ").replace(" - ", "-")
}

/// What a unit makes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    /// A percentage of a level.
    Percent,
    /// A ratio of two levels.
    Ratio,
    /// The unit of the levels themselves.
    Own,
}

/// The unit of an effect. A ratio scale without a percent sign means a ratio.
fn unit(effect: &Effect) -> Unit {
    match plain(&effect.unit).as_str() {
        "%" | "percent" | "per cent" | "procent" => Unit::Percent,
        "or" | "rr" | "hr" | "irr" | "ratio" | "odds ratio" | "risk ratio" | "hazard ratio" => {
            Unit::Ratio
        }
        _ if effect.scale == Scale::Ratio => Unit::Ratio,
        _ => Unit::Own,
    }
}

/// The value that means no effect.
fn null(effect: &Effect) -> f64 {
    if unit(effect) == Unit::Ratio { 1.0 } else { 0.0 }
}

/// Whether the aspect is an effect rather than a level, a count or a label.
fn is_effect(claim: &Claim) -> bool {
    matches!(plain(&claim.about.aspect).as_str(), "" | "effect")
}

/// Whether the aspect is a percentage of persons.
fn is_share(claim: &Claim) -> bool {
    let aspect = plain(&claim.about.aspect);
    unit(&claim.effect) == Unit::Percent && matches!(aspect.as_str(), "share" | "level")
}

/// One minus the confidence level.
fn alpha(effect: &Effect) -> f64 {
    1.0 - effect.confidence.map_or(95.0, |level| level.value) / 100.0
}

/// What the interval says about no effect, whatever rounding did; nothing where it may be either.
fn interval_verdict(effect: &Effect) -> Option<Verdict> {
    let null = null(effect);
    let low = |holds: fn(Span, f64) -> bool| effect.low.is_some_and(|end| holds(end.span(), null));
    let high =
        |holds: fn(Span, f64) -> bool| effect.high.is_some_and(|end| holds(end.span(), null));
    match () {
        () if low(Span::above) || high(Span::below) => Some(Verdict::Clear),
        () if low(Span::below) && high(Span::above) => Some(Verdict::Unclear),
        () => None,
    }
}

/// What the p-value says about it.
fn p_verdict(effect: &Effect) -> Option<Verdict> {
    let p = effect.p_value?;
    let (span, alpha) = (p.span(), alpha(effect));
    match p {
        // "<0.05" is below the level, although its bound is the level
        super::PValue::Below(bound) if bound.value <= alpha + 1e-12 => Some(Verdict::Clear),
        super::PValue::Above(bound) if bound.value >= alpha - 1e-12 => Some(Verdict::Unclear),
        super::PValue::Equal(_) if span.below(alpha) => Some(Verdict::Clear),
        super::PValue::Equal(_) if span.above(alpha) => Some(Verdict::Unclear),
        _ => None,
    }
}
