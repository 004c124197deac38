//! The list of comparisons of a case.

/// Estimates agree to this relative difference.
pub const ESTIMATE: f64 = 1e-9;
/// Analytic standard errors agree to this relative difference.
pub const STD_ERROR: f64 = 1e-8;

/// How a difference is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// As a share of theirs.
    Relative,
    /// In the unit of the number: near zero, for Monte Carlo, and for printed digits.
    Absolute,
}

/// One number of ours against one of theirs.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// What is compared.
    pub label: String,
    /// Our number.
    pub ours: f64,
    /// Theirs.
    pub theirs: f64,
    /// Distance of the two.
    pub difference: f64,
    /// Largest distance that agrees.
    pub tolerance: f64,
    /// Relative or absolute.
    pub kind: Kind,
    /// Whether the distance is within the tolerance; not so for a number that is none.
    pub agrees: bool,
    /// Where a convention differs or a tolerance is wider than usual: how and why.
    pub remark: Option<&'static str>,
}

impl Comparison {
    /// Says whose convention this follows, or why the tolerance is what it is.
    pub fn because(&mut self, remark: &'static str) {
        self.remark = Some(remark);
    }

    /// The difference as a share of what is allowed; where nothing is allowed, zero or infinity.
    #[must_use]
    pub fn share_of_tolerance(&self) -> f64 {
        if self.tolerance > 0.0 {
            self.difference / self.tolerance
        } else if self.agrees {
            0.0
        } else {
            f64::INFINITY
        }
    }
}

/// Comparisons as they are made.
#[derive(Debug, Default)]
pub struct Ledger {
    comparisons: Vec<Comparison>,
}

impl Ledger {
    /// Relative comparison.
    pub fn agree(
        &mut self,
        label: impl Into<String>,
        ours: f64,
        theirs: f64,
        tolerance: f64,
    ) -> &mut Comparison {
        let difference = (ours - theirs).abs() / theirs.abs().max(f64::MIN_POSITIVE);
        self.add(label.into(), (ours, theirs), difference, tolerance, Kind::Relative)
    }

    /// Absolute comparison.
    pub fn within(
        &mut self,
        label: impl Into<String>,
        ours: f64,
        theirs: f64,
        tolerance: f64,
    ) -> &mut Comparison {
        let difference = (ours - theirs).abs();
        self.add(label.into(), (ours, theirs), difference, tolerance, Kind::Absolute)
    }

    fn add(
        &mut self,
        label: String,
        (ours, theirs): (f64, f64),
        difference: f64,
        tolerance: f64,
        kind: Kind,
    ) -> &mut Comparison {
        let agrees = difference <= tolerance;
        let remark = None;
        self.comparisons.push(Comparison {
            label,
            ours,
            theirs,
            difference,
            tolerance,
            kind,
            agrees,
            remark,
        });
        let last = self.comparisons.len() - 1;
        &mut self.comparisons[last]
    }

    /// The comparisons so far.
    #[must_use]
    pub fn comparisons(&self) -> &[Comparison] {
        &self.comparisons
    }

    /// The comparisons, in the order in which they were made.
    #[must_use]
    pub fn into_comparisons(self) -> Vec<Comparison> {
        self.comparisons
    }
}
