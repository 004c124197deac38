//! Comparisons of a test with the references beside the checkout.

use std::path::PathBuf;

use serde_json::Value;
pub use verschil_stats::validate::{ESTIMATE, STD_ERROR};

pub struct Ledger {
    shared: PathBuf,
    kept: verschil_stats::validate::Ledger,
}

impl Ledger {
    pub fn new(shared: PathBuf) -> Self {
        Self { shared, kept: verschil_stats::validate::Ledger::default() }
    }

    pub fn reference(&self, case: &str) -> Value {
        let path = self.shared.join(format!("reference/{case}.json"));
        let text = std::fs::read_to_string(&path).expect("reference file");
        let value: Value = serde_json::from_str(&text).expect("reference is JSON");
        value["results"].clone()
    }

    /// Relative comparison.
    pub fn agree(&mut self, case: &str, ours: f64, theirs: &Value, tolerance: f64) {
        let theirs = theirs.as_f64().unwrap_or_else(|| panic!("{case}: reference has no number"));
        self.kept.agree(case, ours, theirs, tolerance);
    }

    /// Absolute comparison, for quantities near zero and for Monte Carlo.
    pub fn within(&mut self, case: &str, ours: f64, theirs: &Value, tolerance: f64) {
        let theirs = theirs.as_f64().unwrap_or_else(|| panic!("{case}: reference has no number"));
        self.kept.within(case, ours, theirs, tolerance);
    }

    /// Fails when a number does not agree.
    pub fn close(self) {
        let comparisons = self.kept.into_comparisons();
        let apart: Vec<_> = comparisons.iter().filter(|c| !c.agrees).collect();
        assert!(!comparisons.is_empty() && apart.is_empty(), "{apart:#?}");
    }
}
