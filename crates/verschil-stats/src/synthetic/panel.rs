//! Means by region and period, if asked with covariates taken out.

use crate::did::Setting;
use crate::fit::Fit;
use crate::grams::{Grams, Slice};
use crate::linalg::dot;
use crate::normal::{DesignColumn, Normal};
use crate::refusal::Refusal;

/// Means of one outcome in every region and period, each region counting once.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Control regions, by the caller's numbers (positions in the Grams).
    pub controls: Vec<usize>,
    /// Treated regions.
    pub treated: Vec<usize>,
    /// Periods before the start, in order.
    pub pre: Vec<usize>,
    /// Periods from the start, in order.
    pub post: Vec<usize>,
    /// Regions (controls, then treated) x periods (before the start, then from it).
    rows: Vec<Vec<f64>>,
}

impl Panel {
    /// A panel from a function of (region, period).
    ///
    /// # Errors
    /// [`Refusal::NoControls`], [`Refusal::NothingTreated`] when a list is empty;
    /// [`Refusal::MissingCells`] when a cell has no finite value.
    pub fn new(
        setting: &Setting,
        names: impl Fn(usize, usize) -> (String, i64),
        value: impl Fn(usize, usize) -> Option<f64>,
    ) -> Result<Self, Refusal> {
        let Setting { treated, controls, pre, post, .. } = setting.clone();
        if controls.is_empty() {
            return Err(Refusal::NoControls);
        }
        if treated.is_empty() || pre.is_empty() || post.is_empty() {
            return Err(Refusal::NothingTreated);
        }
        let regions: Vec<usize> = controls.iter().chain(&treated).copied().collect();
        let periods: Vec<usize> = pre.iter().chain(&post).copied().collect();
        let of_region = |&r: &usize| {
            periods.iter().map(|&t| value(r, t).filter(|y| y.is_finite())).collect::<Vec<_>>()
        };
        let cells: Vec<Vec<Option<f64>>> = regions.iter().map(of_region).collect();
        let missing: Vec<(usize, usize)> = (0..regions.len())
            .flat_map(|i| (0..periods.len()).map(move |t| (i, t)))
            .filter(|&(i, t)| cells[i][t].is_none())
            .collect();
        if let Some(&(i, t)) = missing.first() {
            let (region, period) = names(regions[i], periods[t]);
            return Err(Refusal::MissingCells {
                missing: missing.len(),
                cells: regions.len() * periods.len(),
                region,
                period,
            });
        }
        let rows = cells.into_iter().map(|row| row.into_iter().flatten().collect()).collect();
        Ok(Self { controls, treated, pre, post, rows })
    }

    /// The same panel with only these of its treated regions; nothing when none is.
    #[must_use]
    pub fn only(&self, treated: &[usize]) -> Option<Self> {
        let units = self.controls.len();
        let kept: Vec<usize> =
            (0..self.treated.len()).filter(|&i| treated.contains(&self.treated[i])).collect();
        let controls: Vec<usize> = (0..units).collect();
        (!kept.is_empty()).then(|| {
            self.rearranged(&controls, &kept.iter().map(|i| units + i).collect::<Vec<_>>())
        })
    }

    /// Rows of this panel in other roles.
    pub(super) fn rearranged(&self, controls: &[usize], treated: &[usize]) -> Self {
        let name = |&i: &usize| match i.checked_sub(self.controls.len()) {
            Some(at) => self.treated[at],
            None => self.controls[i],
        };
        Self {
            controls: controls.iter().map(name).collect(),
            treated: treated.iter().map(name).collect(),
            pre: self.pre.clone(),
            post: self.post.clone(),
            rows: controls.iter().chain(treated).map(|&i| self.rows[i].clone()).collect(),
        }
    }

    /// A region's values: controls come first.
    #[must_use]
    pub fn row(&self, region: usize) -> &[f64] {
        &self.rows[region]
    }

    /// Mean of the treated regions in each period.
    #[must_use]
    pub fn treated_mean(&self) -> Vec<f64> {
        let treated = &self.rows[self.controls.len()..];
        let n = crate::grams::count(treated.len() as u64);
        (0..treated[0].len()).map(|t| treated.iter().map(|row| row[t]).sum::<f64>() / n).collect()
    }

    pub(super) fn is_constant(&self) -> bool {
        let first = self.rows[0][0];
        self.rows.iter().flatten().all(|y| (y - first).abs() <= 1e-12 * first.abs())
    }
}

/// One panel per outcome of the class, in the order of [`Normal::outcomes`].
///
/// A cell is the mean of its rows, weighted as the Grams are. With `adjust` the part that covariates
/// explain is taken out: their coefficients come from least squares with region and period effects
/// on the cells that are not treated (controls in all periods, treated regions before the start),
/// and every cell's mean becomes what it would be with the treated regions' mean covariates.
///
/// # Errors
/// As [`Panel::new`]; a cell without a row of the class is missing.
pub fn panels(
    grams: &Grams,
    class: usize,
    setting: &Setting,
    adjust: bool,
) -> Result<Vec<Panel>, Refusal> {
    let outcomes: Vec<usize> = grams.outcomes_of(class).collect();
    let adjustment = adjust.then(|| Adjustment::new(grams, class, setting));
    let at = |r: usize, t: usize| {
        let found = grams.slices.binary_search_by_key(&(r, t), |s| (s.region, s.period)).ok();
        found.map(|i| &grams.slices[i]).filter(|s| s.classes[class].n > 0)
    };
    let names = |r: usize, t: usize| (grams.regions[r].clone(), grams.periods[t]);
    let one = |(k, &outcome): (usize, &usize)| {
        Panel::new(setting, names, |r, t| {
            let slice = at(r, t)?;
            let (weight, sum) = grams.weighted_sum(slice, outcome);
            let explained = adjustment.as_ref().map_or(0.0, |a| a.explained(slice, k));
            Some(sum / weight - explained)
        })
    };
    outcomes.iter().enumerate().map(one).collect()
}

/// What covariates explain of each outcome.
struct Adjustment {
    class: usize,
    /// Rows of the Grams' cross-products that are covariates in the model.
    columns: Vec<usize>,
    /// Mean of each over the treated regions.
    centre: Vec<f64>,
    /// Per outcome, one per column.
    coefficients: Vec<Vec<f64>>,
}

impl Adjustment {
    fn new(grams: &Grams, class: usize, setting: &Setting) -> Self {
        let is = |list: &[usize], x: usize| list.binary_search(&x).is_ok();
        let (treated, controls) = (&setting.treated, &setting.controls);
        let in_window = |s: &Slice| is(&setting.pre, s.period) || is(&setting.post, s.period);
        let untreated = |s: &Slice| {
            in_window(s)
                && (is(controls, s.region) || is(treated, s.region) && is(&setting.pre, s.period))
        };
        let normal = Normal::over(grams, class, untreated, &setting.references, &[]);
        let fit = Fit::new(normal);
        let covariate = |(at, column): (usize, &DesignColumn)| match column {
            DesignColumn::Covariate(c) => Some((at, 1 + c)),
            _ => None,
        };
        let pairs: Vec<(usize, usize)> =
            fit.normal.columns.iter().enumerate().filter_map(covariate).collect();
        let columns: Vec<usize> = pairs.iter().map(|pair| pair.1).collect();
        let mut sums = vec![0.0; 1 + columns.len()];
        for slice in grams.slices.iter().filter(|s| is(treated, s.region) && in_window(s)) {
            let xx = &slice.classes[class].xx;
            sums[0] += xx.at(0, 0);
            sums[1..].iter_mut().zip(&columns).for_each(|(sum, &row)| *sum += xx.at(0, row));
        }
        let centre = sums[1..].iter().map(|sum| sum / sums[0]).collect();
        let of_outcome = |k| pairs.iter().map(|pair| fit.beta[(pair.0, k)]).collect();
        let coefficients = (0..fit.normal.outcomes.len()).map(of_outcome).collect();
        Self { class, columns, centre, coefficients }
    }

    fn explained(&self, slice: &Slice, outcome: usize) -> f64 {
        let xx = &slice.classes[self.class].xx;
        let mean = |&row: &usize| xx.at(0, row) / xx.at(0, 0);
        let apart: Vec<f64> =
            self.columns.iter().map(mean).zip(&self.centre).map(|(mean, c)| mean - c).collect();
        dot(&apart, &self.coefficients[outcome])
    }
}
