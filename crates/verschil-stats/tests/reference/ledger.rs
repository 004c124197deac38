//! The table of comparisons that the tests print.

use std::path::PathBuf;

use serde_json::Value;

/// Estimates agree to this relative difference.
pub const ESTIMATE: f64 = 1e-9;
/// Analytic standard errors agree to this relative difference.
pub const STD_ERROR: f64 = 1e-8;

pub struct Ledger {
    pub shared: PathBuf,
    rows: Vec<(String, f64, f64, f64, bool)>,
}

impl Ledger {
    pub fn new(shared: PathBuf) -> Self {
        Self { shared, rows: Vec::new() }
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
        let difference = (ours - theirs).abs() / theirs.abs().max(f64::MIN_POSITIVE);
        self.rows.push((case.into(), ours, theirs, difference, difference <= tolerance));
    }

    /// Absolute comparison, for quantities near zero and for Monte Carlo.
    pub fn within(&mut self, case: &str, ours: f64, theirs: &Value, tolerance: f64) {
        let theirs = theirs.as_f64().unwrap_or_else(|| panic!("{case}: reference has no number"));
        let difference = (ours - theirs).abs();
        self.rows.push((case.into(), ours, theirs, difference, difference <= tolerance));
    }

    /// Prints the table and fails when a row does not agree.
    pub fn close(self) {
        println!("{:<58} {:>22} {:>22} {:>9}", "case", "ours", "theirs", "diff");
        for (case, ours, theirs, difference, agrees) in &self.rows {
            let mark = if *agrees { "" } else { "  <-- differs" };
            println!("{case:<58} {ours:>22.15} {theirs:>22.15} {difference:>9.1e}{mark}");
        }
        let failed = self.rows.iter().filter(|row| !row.4).count();
        assert!(!self.rows.is_empty() && failed == 0, "{failed} of {} differ", self.rows.len());
    }
}
