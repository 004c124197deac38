//! A panel of region-by-period means as Grams, each column of values one outcome.

use verschil_stats::did::Setting;
use verschil_stats::grams::{Batch, Dictionaries, GramBuilder, Grams, Shape, Weighting};

/// Most outcomes that one set of Grams holds.
pub const MOST: usize = 120;

/// Means of several outcomes by region and period.
pub struct Panel {
    /// Number of regions; the first ones are treated.
    pub regions: usize,
    /// Number of periods.
    pub periods: usize,
    /// [region][period][outcome].
    pub values: Vec<Vec<Vec<f64>>>,
    /// Size of each region, where the regression weighs by size.
    pub sizes: Option<Vec<f64>>,
}

impl Panel {
    /// The sums of one row per region and period.
    pub fn grams(&self) -> Grams {
        let outcomes = self.values[0][0].len();
        let weighting = if self.sizes.is_some() { Weighting::Analytic } else { Weighting::None };
        let shape = Shape { categorical: Vec::new(), binary: vec![false; outcomes], weighting };
        let mut batch = Batch::default();
        for region in 0..self.regions {
            for period in 0..self.periods {
                batch.region.push(code(region));
                batch.period.push(code(period));
                batch.push_outcomes(&shape, &self.values[region][period]);
                batch.weights.extend(self.sizes.as_ref().map(|sizes| sizes[region]));
            }
        }
        let names: Vec<String> = (0..self.regions).map(|r| format!("{r:03}")).collect();
        let names = Dictionaries {
            clusters: names.clone(),
            regions: names,
            periods: (0..self.periods).map(|t| i64::from(code(t))).collect(),
            ..Dictionaries::default()
        };
        let mut builder = GramBuilder::new(shape);
        builder.push(&mut batch, &[]);
        builder.finish(&names)
    }

    /// The first `treated` regions against the others, from `start` on.
    pub fn setting(&self, treated: usize, start: usize) -> Setting {
        Setting {
            treated: (0..treated).collect(),
            controls: (treated..self.regions).collect(),
            pre: (0..start).collect(),
            post: (start..self.periods).collect(),
            reference: start - 1,
            references: Vec::new(),
        }
    }
}

fn code(position: usize) -> u32 {
    u32::try_from(position).expect("few of them")
}
