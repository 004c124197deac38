//! Equivalence by resampling as it is defined: regressions on rows, run again.

use verschil_stats::did::{Analysis, Design};
use verschil_stats::fit::Fit;
use verschil_stats::grams::Grams;
use verschil_stats::refusal::Refusal;
use verschil_stats::trend::equivalence::growing::{Growing, self_normalised_bound};
use verschil_stats::trend::equivalence::maximum::Maximum;
use verschil_stats::wild::{Draws, Null, Residuals, Wild};

use crate::assert_close;
use crate::dense::dot;
use crate::regression::{Profile, Regression, indicator};
use crate::study::{Plan, Study, WEIGHTINGS};
use crate::wild::jackknifed;

const KINDS: [(Null, Residuals); 4] = [
    (Null::Imposed, Residuals::Fitted),
    (Null::Imposed, Residuals::Jackknifed),
    (Null::Free, Residuals::Fitted),
    (Null::Free, Residuals::Jackknifed),
];

/// An event study on rows: its terms, and which of them lie before the start.
struct Rows<'a> {
    study: &'a Study,
    terms: Vec<Profile>,
    pre: Vec<usize>,
    full: Regression,
    /// For each tested term the weights of rows in its coefficient.
    weights: Vec<Vec<f64>>,
}

impl<'a> Rows<'a> {
    fn new(study: &'a Study, grams: &Grams, design: &Design) -> Option<Self> {
        let period = |effect: &verschil_stats::did::EffectCells| {
            let year = grams.periods[effect.periods[0]];
            study.periods.iter().position(|&t| t == year).expect("a period of the study")
        };
        let periods: Vec<usize> = design.effects.iter().map(period).collect();
        let terms: Vec<Profile> =
            periods.iter().map(|&t| indicator(study, &study.treated, &[t])).collect();
        let pre: Vec<usize> =
            (0..periods.len()).filter(|&j| study.pre.contains(&periods[j])).collect();
        let full = Regression::new(study, 0, &terms, |_| true);
        let weights: Option<Vec<Vec<f64>>> = pre.iter().map(|&j| full.coefficient_row(j)).collect();
        Some(Self { study, terms, pre, weights: weights?, full })
    }

    fn largest(&self, y: &[f64]) -> f64 {
        self.weights.iter().fold(0.0, |most: f64, row| most.max(dot(row, y).abs()))
    }

    /// The best fit with some tested coefficient at plus or minus the bound, of all those there are.
    fn on_the_border(&self, bound: f64) -> (Regression, Vec<f64>) {
        let mut best: Option<(f64, Regression, Vec<f64>)> = None;
        for &held in &self.pre {
            for side in [-bound, bound] {
                let others: Vec<Profile> = (0..self.terms.len())
                    .filter(|&j| j != held)
                    .map(|j| self.terms[j].clone())
                    .collect();
                let rest = Regression::new(self.study, 0, &others, |_| true);
                let column = &self.full.term_columns[held];
                let moved: Vec<f64> =
                    self.full.y.iter().zip(column).map(|(y, x)| y - side * x).collect();
                let left = rest.residuals(&moved);
                let squares = dot(&left, &left);
                if best.as_ref().is_none_or(|(least, ..)| squares < *least) {
                    best = Some((squares, rest, moved));
                }
            }
        }
        let (_, rest, moved) = best.expect("a term");
        (rest, moved)
    }

    /// Share of all sign vectors whose largest coefficient is no larger than the observed one.
    fn p_value(&self, (null, residuals): (Null, Residuals), bound: f64) -> f64 {
        let y = &self.full.y;
        let bar = self.largest(y) * (1.0 + 1e-9);
        let (rest, moved) = self.on_the_border(bound);
        let left = rest.residuals(&moved);
        let fitted: Vec<f64> = y.iter().zip(&left).map(|(y, e)| y - e).collect();
        let drawn = match (null, residuals) {
            (Null::Imposed, Residuals::Fitted) => left,
            (Null::Imposed, Residuals::Jackknifed) => jackknifed(&rest, &moved),
            (Null::Free, Residuals::Fitted) => self.full.residuals(y),
            (Null::Free, Residuals::Jackknifed) => jackknifed(&self.full, y),
        };
        let all = 1u32 << self.full.names.len();
        let inside = (0..all).filter(|bits| {
            let sign = |c: usize| if bits >> c & 1 == 1 { -1.0 } else { 1.0 };
            let again: Vec<f64> =
                (0..y.len()).map(|i| fitted[i] + sign(self.full.cluster[i]) * drawn[i]).collect();
            self.largest(&again) <= bar
        });
        f64::from(u32::try_from(inside.count()).expect("few")) / f64::from(all)
    }
}

fn each(mut test: impl FnMut(&Study, &Rows, &Fit, &[usize])) -> usize {
    let mut tested = 0;
    for seed in 0..9 {
        let at = usize::try_from(seed).expect("small");
        let (regions, weighting) = (6 + at % 3, WEIGHTINGS[at % 3]);
        let plan = Plan { seed: 300 + seed, regions, treated: 3, weighting };
        let study = Study::random(plan);
        let grams = study.grams();
        let setting = study.setting(&grams);
        let design = Design::new(&grams, grams.class_of[0], &setting, Analysis::EventStudy);
        let Ok(design) = design else { continue };
        let fit = design.fit();
        let Some(rows) = Rows::new(&study, &grams, &design) else { continue };
        let pre = rows.pre.clone();
        if !pre.is_empty() {
            test(&study, &rows, &fit, &pre);
            tested += 1;
        }
    }
    tested
}

fn wild((null, residuals): (Null, Residuals)) -> Wild {
    Wild { null, residuals, draws: Draws::Rademacher, count: 512, seed: 3 }
}

#[test]
fn the_largest_difference_is_drawn_again_on_the_border() {
    let (mut compared, mut refused) = (0, 0);
    each(|_, rows, fit, pre| {
        for kind in KINDS {
            let ours = match Maximum::new(fit, pre, 0, &wild(kind)) {
                Ok(ours) => ours,
                Err(Refusal::OneTreatedCluster | Refusal::NotIdentifiedWithout { .. }) => {
                    refused += 1;
                    continue;
                }
                Err(other) => panic!("{other}"),
            };
            assert!(ours.enumerated());
            assert_close(ours.largest, rows.largest(&rows.full.y), 0.0, 1e-9, "largest");
            for times in [1.01, 1.5, 3.0, 10.0] {
                let bound = times * ours.largest;
                let theirs = rows.p_value(kind, bound);
                assert_close(ours.p_value(bound), theirs, 0.0, 1e-12, "p");
                compared += 1;
            }
        }
    });
    assert!(compared >= 60 && refused < compared / 4, "{compared} compared, {refused} refused");
}

#[test]
fn above_its_smallest_bound_equivalence_is_shown_and_just_below_it_is_not() {
    let (mut edges, mut at_the_largest) = (0, 0);
    each(|_, rows, fit, pre| {
        for kind in KINDS {
            let Ok(ours) = Maximum::new(fit, pre, 0, &wild(kind)) else { continue };
            for alpha in [0.1, 0.3] {
                let bound = match ours.smallest_bound(alpha) {
                    Ok(bound) => bound,
                    // with six clusters the draw that reproduces the data counts 1/64
                    Err(refusal) => panic!("{refusal}"),
                };
                for times in [1.0 + 1e-6, 1.1, 2.0, 20.0] {
                    assert!(rows.p_value(kind, times * bound) <= alpha, "{kind:?} {times}");
                }
                if bound > ours.largest {
                    assert!(rows.p_value(kind, bound * (1.0 - 1e-6)) > alpha, "{kind:?}");
                    edges += 1;
                } else {
                    at_the_largest += 1;
                }
            }
        }
    });
    assert!(edges >= 20, "{edges} edges, {at_the_largest} at the largest");
}

#[test]
fn a_growing_sample_is_the_regression_on_its_clusters() {
    let (mut compared, mut refused) = (0, 0);
    each(|study, rows, fit, pre| {
        for seed in [1, 2] {
            let growing = Growing { shares: 4, seed };
            let ours = match self_normalised_bound(fit, pre, 0, 0.05, growing) {
                Ok(ours) => ours,
                // a share without some period
                Err(Refusal::NotIdentified { .. }) => {
                    refused += 1;
                    continue;
                }
                Err(other) => panic!("{other}"),
            };
            let square = |clusters: &Vec<usize>| {
                let these: Vec<&String> =
                    clusters.iter().map(|&c| &fit.normal.blocks[c].cluster).collect();
                let keep = |row: &crate::study::Row| these.contains(&&study.clusters[row.region]);
                let regression = Regression::new(study, 0, &rows.terms, keep);
                let squares = pre.iter().map(|&j| {
                    regression.coefficient(&regression.y, j).expect("identified").powi(2)
                });
                let n = f64::from(u32::try_from(pre.len()).expect("few"));
                squares.sum::<f64>() / n
            };
            let squares: Vec<f64> = ours.clusters.iter().map(square).collect();
            assert!(ours.clusters.windows(2).all(|p| p[0].iter().all(|c| p[1].contains(c))));
            let spread =
                (squares[..3].iter().map(|s| (s - squares[3]).powi(2)).sum::<f64>() / 3.0).sqrt();
            assert_close(ours.root_mean_square, squares[3].sqrt(), 0.0, 1e-9, "rms");
            assert_close(ours.spread, spread, squares[3], 1e-8, "spread");
            let bound = (squares[3] - ours.critical * spread).sqrt();
            assert_close(ours.bound, bound, 0.0, 1e-8, "bound");
            compared += 1;
        }
    });
    assert!(compared >= 8, "{compared} compared, {refused} refused");
}

/// Another unit scales every bound; constants of regions and periods, the sign and, where all signs
/// are enumerated, the order of clusters change nothing.
#[test]
fn bounds_follow_the_unit_and_nothing_else() {
    let bounds = |study: &Study, kind| {
        let grams = study.grams();
        let setting = study.setting(&grams);
        let design = Design::new(&grams, 0, &setting, Analysis::EventStudy).expect("a design");
        let fit = design.fit();
        let pre: Vec<usize> = (0..design.effects.len())
            .filter(|&j| {
                grams.periods[design.effects[j].periods[0]] < study.periods[study.pre.len()]
            })
            .collect();
        let maximum = Maximum::new(&fit, &pre, 0, &wild(kind)).expect("exists");
        let square = self_normalised_bound(&fit, &pre, 0, 0.1, Growing { shares: 3, seed: 5 });
        [maximum.smallest_bound(0.1).expect("ends"), square.expect("exists").bound]
    };
    let mut study =
        Study::random(Plan { seed: 2, regions: 8, treated: 4, weighting: WEIGHTINGS[2] });
    // every cell filled, so that each share has every period
    let (periods, rows) = (study.periods.len(), study.rows.clone());
    for at in 0..8 * periods {
        let (region, period) = (at / periods, at % periods);
        if !rows.iter().any(|row| (row.region, row.period) == (region, period)) {
            study.rows.push(crate::study::Row { region, period, ..rows[at].clone() });
        }
    }
    for kind in KINDS {
        let before = bounds(&study, kind);
        for (factor, shift) in [(100.0, 0.0), (-0.37, 0.0), (1.0, 3.7)] {
            let mut moved = study.clone();
            for row in &mut moved.rows {
                let (r, t) = (row.region, row.period);
                let constant = f64::from(u32::try_from(r * r + 2 * t).expect("few"));
                row.outcomes[0] = factor * row.outcomes[0] + shift * constant;
            }
            for (ours, first) in bounds(&moved, kind).into_iter().zip(before) {
                assert_close(ours, f64::abs(factor) * first, 0.0, 1e-8, "bound");
            }
        }
        let mut renamed = study.clone();
        let turn = |name: &String| -> String { name.chars().rev().collect() };
        renamed.regions = study.regions.iter().map(turn).collect();
        renamed.clusters = study.clusters.iter().map(turn).collect();
        assert_close(bounds(&renamed, kind)[0], before[0], 0.0, 1e-8, "renamed");
    }
}
