//! Effects in plain words: how many more or fewer out of how many, and between what they may lie.

use verschil_study::results::{EstimateRow, OutcomeFacts};

use crate::range::Range;
use crate::view::View;

/// Out of how many a share is told, the first in which it shows.
const SCALES: [f64; 3] = [1e3, 1e4, 1e5];

/// One effect, told plainly.
pub(crate) struct Plain<'v, 'a> {
    view: &'v View<'a>,
    facts: &'a OutcomeFacts,
    row: &'a EstimateRow,
    /// Out of how many; nothing for an outcome with a unit of its own.
    scale: Option<f64>,
    decimals: u8,
}

impl<'v, 'a> Plain<'v, 'a> {
    pub(crate) fn new(view: &'v View<'a>, facts: &'a OutcomeFacts, row: &'a EstimateRow) -> Self {
        let mut plain = Self { view, facts, row, scale: None, decimals: facts.decimals };
        if facts.kind == "binary" {
            let told: Vec<f64> =
                row.estimate.into_iter().chain(Range::effect(row).ends()).collect();
            let shows = |scale: &&f64| told.iter().any(|value| value.abs() * **scale >= 1.0);
            let scale = SCALES.iter().find(shows).copied().unwrap_or(SCALES[2]);
            // a number that is not zero shall not read as zero
            let lost = told.iter().any(|value| *value != 0.0 && value.abs() * scale < 0.5);
            (plain.scale, plain.decimals) = (Some(scale), u8::from(lost));
        }
        plain
    }

    /// "Naar schatting 33 meer per 1.000 zwangerschappen (3,3 procentpunt)."
    pub(crate) fn estimate(&self, estimate: f64) -> String {
        let amount = self.towards(estimate);
        let Some(scale) = self.scale else {
            return self.view.words.with("plain-estimate", &[("amount", amount.into())]);
        };
        let points = self.view.measure(self.facts).effect(estimate.abs());
        let arguments =
            [("amount", amount.into()), ("of", self.of(scale).into()), ("points", points.into())];
        self.view.words.with("plain-estimate-of", &arguments)
    }

    /// Between what the effect may lie; `alone` names out of how many, where nothing before it does.
    pub(crate) fn range(&self, alone: bool) -> String {
        let of = match self.scale.filter(|_| alone) {
            Some(scale) => format!("\u{20}{}", self.of(scale)),
            None => String::new(),
        };
        let with = |key, arguments: &[(&'static str, String)]| {
            let named = arguments.iter().map(|(name, value)| (*name, value.clone().into()));
            let all: Vec<_> = named.chain([("of", of.clone().into())]).collect();
            self.view.words.with(key, &all)
        };
        match Range::effect(self.row) {
            Range::Both(low, high) => {
                let (low, high) = self.between(low, high);
                with("plain-between", &[("low", low), ("high", high)])
            }
            Range::NoHigh(low) => with("plain-from", &[("end", self.towards(low))]),
            Range::NoLow(high) => with("plain-to", &[("end", self.towards(high))]),
            Range::Unbounded => self.view.words.text("plain-unbounded"),
            Range::Missing => self.view.words.text("plain-no-range"),
        }
    }

    /// What it was before the start, or what was expected; nothing where there is no such base.
    pub(crate) fn base(&self) -> Option<String> {
        let base = self.row.base?;
        let counterfactual = self.view.results.design.relative_base == "counterfactual";
        let kind = if counterfactual { "counterfactual" } else { "before" };
        let (key, level) = match self.scale {
            Some(scale) => ("plain-base-of", self.view.numbers.decimal(base * scale, 0)),
            None => ("plain-base", self.view.measure(self.facts).level(base)),
        };
        let scale = self.scale.map_or_else(String::new, |scale| self.view.numbers.count(scale));
        let arguments = [("kind", kind.into()), ("level", level.into()), ("scale", scale.into())];
        Some(self.view.words.with(key, &arguments))
    }

    /// "9" and "58 meer", or "36 minder" and "11 meer"; the nearest to zero first where both ends
    /// lie on one side.
    fn between(&self, low: f64, high: f64) -> (String, String) {
        if low >= 0.0 {
            (self.bare(low), self.towards(high))
        } else if high <= 0.0 {
            (self.bare(high), self.towards(low))
        } else {
            (self.towards(low), self.towards(high))
        }
    }

    /// "33 meer", "100 euro lager".
    fn towards(&self, value: f64) -> String {
        let direction = if value < 0.0 { "down" } else { "up" };
        let (key, amount) = match self.scale {
            Some(_) => ("plain-count", self.bare(value)),
            None => ("plain-amount", self.view.measure(self.facts).effect(value.abs())),
        };
        let arguments = [("direction", direction.into()), ("amount", amount.into())];
        self.view.words.with(key, &arguments)
    }

    /// The size without a sign.
    fn bare(&self, value: f64) -> String {
        let size = value.abs() * self.scale.unwrap_or(1.0);
        self.view.numbers.decimal(size, self.decimals)
    }

    /// "per 1.000 zwangerschappen".
    fn of(&self, scale: f64) -> String {
        let arguments =
            [("scale", self.view.numbers.count(scale).into()), ("units", self.view.units().into())];
        self.view.words.with("plain-of", &arguments)
    }
}
