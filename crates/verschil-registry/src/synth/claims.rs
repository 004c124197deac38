//! Claims of one trajectory, adding up to its spending to the cent.

use super::columns::{Block, MISSING, REGISTERED};
use super::draws::Draws;
use super::model::Model;
use super::persons::Entry;
use super::pregnancies::Pregnancy;

/// Kinds of claims, by position in the parameter `classes`.
const PRENATAL: usize = 0;
const ULTRASOUND: usize = 1;
const SCREENING: usize = 2;
const LABORATORY: usize = 3;
const SPECIALIST_PRENATAL: usize = 4;
const NATAL: usize = 5;
const SPECIALIST_NATAL: usize = 6;
const SPECIALIST_SECTION: usize = 7;
const POSTNATAL: usize = 8;
const ENROLMENT: usize = 9;
const INTAKE: usize = 10;
const ASSISTANCE: usize = 11;
const HOURS: usize = 12;
const PAEDIATRICIAN: usize = 13;
const CORRECTION: usize = 14;
const BUNDLE_PRENATAL: usize = 15;
const BUNDLE_NATAL: usize = 16;
const BUNDLE_POSTNATAL: usize = 17;
/// Number of kinds.
pub(super) const CLASSES: usize = 18;

/// Names of the kinds.
pub(super) fn names(model: &Model) -> impl Iterator<Item = &String> {
    model.parameters.claims.classes.iter().map(|(name, _)| name)
}

/// One claim before its amount is known.
#[derive(Debug, Clone, Copy)]
struct Claim {
    class: usize,
    /// Months from the birth.
    month: i32,
    count: i32,
}

/// Claims of one trajectory; kept between trajectories to save allocations.
#[derive(Debug, Default)]
pub(super) struct Bill {
    claims: Vec<Claim>,
    weights: Vec<f64>,
}

impl Bill {
    /// Adds the claims of a pregnancy to the block.
    pub(super) fn write(&mut self, block: &mut Block, draws: &mut Draws, care: &Care<'_>) {
        let parameters = &care.model.parameters.claims;
        let (entry, birth, trajectory) = (care.entry, care.birth, care.trajectory);
        self.claims.clear();
        let bundled = draws.happens(bundled_share(care.model, entry));
        let corrected = entry.year == *parameters.correction_year && birth.start == 1;
        if bundled {
            self.bundle(draws)
        } else {
            self.separate(draws, birth)
        }
        let variance = (1.0 + parameters.spread.powi(2)).ln();
        let amount = birth.spending * (variance.sqrt() * draws.normal() - variance / 2.0).exp();
        let mut left = (amount * 100.0).round().max(0.0) as i32;
        if corrected {
            let cents = ((*parameters.correction_euro * 100.0) as i32).min(left);
            left -= cents;
            let claim = Claim { class: CORRECTION, month: 0, count: 1 };
            care.push(block, trajectory, claim, cents);
        }
        self.weights.clear();
        for claim in &self.claims {
            let weight = parameters.classes[claim.class].1 * f64::from(claim.count);
            self.weights.push(weight * (0.8 + 0.4 * draws.uniform()));
        }
        let total: f64 = self.weights.iter().sum();
        let to_split = f64::from(left);
        for (at, claim) in self.claims.iter().enumerate().rev() {
            // the first claim takes what rounding leaves
            let share = (to_split * self.weights[at] / total) as i32;
            let cents = if at == 0 { left } else { share };
            left -= cents;
            care.push(block, trajectory, *claim, cents);
        }
        if care.stray {
            let claim = Claim { class: ULTRASOUND, month: -5, count: 1 };
            let cents = 3000 + draws.below(2500) as i32;
            care.push(block, MISSING, claim, cents);
        }
    }

    fn add(&mut self, class: usize, month: i32) {
        self.claims.push(Claim { class, month, count: 1 });
    }

    /// Care billed in parts of a bundle.
    fn bundle(&mut self, draws: &mut Draws) {
        self.add(BUNDLE_PRENATAL, -1);
        self.add(BUNDLE_NATAL, 0);
        self.add(BUNDLE_POSTNATAL, 1);
        if draws.happens(0.3) {
            self.add(PAEDIATRICIAN, 0);
        }
    }

    /// Care billed by each provider.
    fn separate(&mut self, draws: &mut Draws, birth: &Pregnancy) {
        self.add(ULTRASOUND, -7);
        self.add(ULTRASOUND, -4);
        self.add(LABORATORY, -7 + draws.below(3) as i32);
        if draws.happens(0.45) {
            self.add(SCREENING, -6);
        }
        if birth.start == 1 {
            self.add(PRENATAL, -5);
            self.add(PRENATAL, -1 - draws.below(2) as i32);
        }
        if birth.labour == 2 {
            self.add(SPECIALIST_PRENATAL, -1 - draws.below(4) as i32);
        }
        let natal = match (birth.primary, birth.section()) {
            (true, _) => NATAL,
            (false, true) => SPECIALIST_SECTION,
            (false, false) => SPECIALIST_NATAL,
        };
        self.add(natal, 0);
        if birth.primary {
            self.add(ASSISTANCE, 0);
        }
        self.add(POSTNATAL, draws.below(2) as i32);
        self.add(ENROLMENT, -6);
        self.add(INTAKE, -2);
        let hours = 24 + draws.below(32) as i32;
        let parts = 1 + i32::from(draws.happens(0.9));
        for part in 0..parts {
            self.claims.push(Claim { class: HOURS, month: part, count: hours / parts });
        }
        if draws.happens(0.3) {
            self.add(PAEDIATRICIAN, 0);
        }
    }
}

/// Share of a region's women whose care is billed as a bundle.
fn bundled_share(model: &Model, entry: Entry) -> f64 {
    let region = &model.regions[entry.region];
    let Some((first, _)) = region.igo.filter(|_| region.is_igo(entry.year)) else { return 0.0 };
    let shares = &model.parameters.claims.bundled;
    let at = ((entry.year - first) as usize).min(shares.len().saturating_sub(1));
    shares.get(at).copied().unwrap_or_default()
}

/// One woman's care, to be billed.
pub(super) struct Care<'a> {
    pub(super) model: &'a Model,
    pub(super) entry: Entry,
    pub(super) birth: &'a Pregnancy,
    pub(super) woman: i32,
    pub(super) trajectory: i32,
    /// One claim more, without a trajectory.
    pub(super) stray: bool,
}

impl Care<'_> {
    /// Adds a row, unless it is of a year of claims that has not been delivered.
    fn push(&self, block: &mut Block, trajectory: i32, claim: Claim, cents: i32) {
        let month = self.entry.year as i32 * 12 + self.birth.month - 1 + claim.month;
        if i64::from(month / 12) > self.model.years().1 {
            return;
        }
        let month = month / 12 * 100 + month % 12 + 1;
        let class = claim.class as i32;
        block.push([REGISTERED, self.woman, trajectory, month, class, claim.count, cents]);
    }
}
