//! Synthetic difference-in-differences against its conditions, plain regressions and laws.

use verschil_stats::did::Setting;
use verschil_stats::grams::Weighting;
use verschil_stats::refusal::Refusal;
use verschil_stats::synthetic::{
    Model, Panel, PlaceboOptions, Synthetic, estimate, jackknife, panels, placebo,
};

use crate::assert_close;
use crate::dense::{Solved, dot};
use crate::regression::Regression;
use crate::study::{Plan, Random, Row, Study};

/// Cells of regions (controls, then treated) and periods (before, then from the start).
#[derive(Clone)]
struct Cells {
    controls: usize,
    pre: usize,
    values: Vec<Vec<f64>>,
}

impl Cells {
    fn random(seed: u64, controls: usize, treated: usize, pre: usize, post: usize) -> Self {
        let mut random = Random::new(seed);
        let season: Vec<f64> = (0..pre + post).map(|_| random.normal()).collect();
        let mut row = || {
            let (level, slope) = (10.0 + 3.0 * random.normal(), random.normal());
            season.iter().map(|s| level + slope * s + 0.3 * random.normal()).collect()
        };
        let values = (0..controls + treated).map(|_| row()).collect();
        Self { controls, pre, values }
    }

    fn panel(&self) -> Panel {
        let setting = Setting {
            controls: (0..self.controls).collect(),
            treated: (self.controls..self.values.len()).collect(),
            pre: (0..self.pre).collect(),
            post: (self.pre..self.values[0].len()).collect(),
            reference: 0,
            references: Vec::new(),
        };
        let names = |r: usize, t: usize| (format!("r{r}"), i64::try_from(t).expect("few"));
        Panel::new(&setting, names, |r, t| Some(self.values[r][t])).expect("complete")
    }

    fn map(&self, value: impl Fn(usize, usize, f64) -> f64) -> Self {
        let mut mapped = self.clone();
        for (r, row) in mapped.values.iter_mut().enumerate() {
            row.iter_mut().enumerate().for_each(|(t, y)| *y = value(r, t, *y));
        }
        mapped
    }
}

/// Few and many controls, short and long times before the start, one and several treated.
const SHAPES: [(usize, usize, usize, usize); 7] = [
    (20, 1, 9, 6),
    (20, 6, 9, 6),
    (38, 1, 19, 12),
    (4, 1, 9, 3),
    (20, 2, 3, 2),
    (2, 1, 2, 1),
    (1, 1, 5, 2),
];

fn cells() -> impl Iterator<Item = Cells> {
    let shape =
        |(seed, (controls, treated, pre, post))| Cells::random(seed, controls, treated, pre, post);
    (0..21).zip(SHAPES.into_iter().cycle()).map(shape)
}

fn fitted(cells: &Cells, model: Model) -> Synthetic {
    estimate(&cells.panel(), model).expect("defined")
}

#[allow(clippy::cast_precision_loss)]
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn column_mean(rows: &[Vec<f64>], t: usize) -> f64 {
    mean(&rows.iter().map(|row| row[t]).collect::<Vec<_>>())
}

/// No weight is negative, they sum to one, and moving weight from one column to another gains
/// nothing: the conditions that hold at the minimum and nowhere else.
fn assert_minimal(columns: &[Vec<f64>], aim: &[f64], weights: &[f64], zeta: f64, intercept: bool) {
    assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-14 && weights.iter().all(|w| *w >= 0.0));
    let centred = |column: &[f64]| -> Vec<f64> {
        let centre = if intercept { mean(column) } else { 0.0 };
        column.iter().map(|x| x - centre).collect()
    };
    let aim = centred(aim);
    let apart: Vec<Vec<f64>> = columns
        .iter()
        .map(|column| centred(column).iter().zip(&aim).map(|(x, aim)| x - aim).collect())
        .collect();
    let left: Vec<f64> = (0..aim.len())
        .map(|row| apart.iter().zip(weights).map(|(column, w)| column[row] * w).sum())
        .collect();
    #[allow(clippy::cast_precision_loss)]
    let ridge = aim.len() as f64 * zeta * zeta;
    let slopes: Vec<f64> =
        apart.iter().zip(weights).map(|(column, w)| dot(column, &left) + ridge * w).collect();
    let lowest = slopes.iter().copied().fold(f64::INFINITY, f64::min);
    let scale = apart.iter().map(|column| dot(column, column)).fold(0.0, f64::max);
    for (slope, weight) in slopes.iter().zip(weights) {
        // sums of a few dozen products round to this
        let level = *slope <= lowest + 1e-13 * scale;
        assert!(*weight == 0.0 || level, "weight {weight} has slope {slope}, lowest {lowest}");
    }
}

#[test]
fn weights_are_those_that_no_shift_of_weight_improves() {
    for cells in cells() {
        let (controls, treated) = cells.values.split_at(cells.controls);
        let before: Vec<Vec<f64>> = controls.iter().map(|row| row[..cells.pre].to_vec()).collect();
        let aim: Vec<f64> = (0..cells.pre).map(|t| column_mean(treated, t)).collect();
        for model in [Model::Sdid, Model::Sc, Model::ScIntercept] {
            let found = fitted(&cells, model);
            let intercept = model != Model::Sc;
            assert_minimal(&before, &aim, &found.unit_weights, found.ridge.unit, intercept);
        }
        let found = fitted(&cells, Model::Sdid);
        let by_period: Vec<Vec<f64>> =
            (0..cells.pre).map(|t| controls.iter().map(|row| row[t]).collect()).collect();
        let after: Vec<f64> = controls.iter().map(|row| mean(&row[cells.pre..])).collect();
        assert_minimal(&by_period, &after, &found.time_weights, found.ridge.time, true);
    }
}

/// The effect is the coefficient of a two-way regression with a weight on every cell.
#[test]
fn the_estimate_is_a_weighted_regression() {
    for cells in cells() {
        for model in [Model::Sdid, Model::ScIntercept, Model::Did] {
            let found = fitted(&cells, model);
            let (regions, periods) = (cells.values.len(), cells.values[0].len());
            let unit = |r: usize| found.unit_weights.get(r).copied().unwrap_or(1.0);
            let time = |t: usize| found.time_weights.get(t).copied().unwrap_or(1.0);
            let column = |value: &dyn Fn(usize, usize) -> f64| -> Vec<f64> {
                let root = |r, t| (unit(r) * time(t)).sqrt();
                (0..regions)
                    .flat_map(|r| (0..periods).map(move |t| (r, t)))
                    .map(|(r, t)| root(r, t) * value(r, t))
                    .collect()
            };
            let is = |yes: bool| f64::from(u8::from(yes));
            let mut columns: Vec<Vec<f64>> =
                (0..regions).map(|s| column(&|r, _| is(r == s))).collect();
            columns.extend((1..periods).map(|s| column(&|_, t| is(t == s))));
            columns.push(column(&|r, t| is(r >= cells.controls && t >= cells.pre)));
            let y = column(&|r, t| cells.values[r][t]);
            let theirs = *Solved::new(&columns).coefficients(&y).last().expect("a term");
            assert_close(found.estimate, theirs, 1.0, 1e-9, model.id());
            assert_close(mean(&found.effects), theirs, 1.0, 1e-9, "mean of effects");
        }
    }
}

#[test]
fn what_moves_all_alike_moves_no_effect_and_what_moves_the_treated_moves_it_so() {
    for cells in cells() {
        for model in Model::ALL {
            let own = fitted(&cells, model);
            let near = |other: &Synthetic, estimate: f64, what: &str| {
                // weights hang on their data by the condition of their least squares
                assert_close(other.estimate, estimate, 1.0, 1e-8, what);
            };
            let seasonal = cells.map(|_, t, y| y + if t % 2 == 0 { 7.0 } else { -2.0 });
            if model == Model::Did {
                near(&fitted(&seasonal, model), own.estimate, "seasons");
            }
            near(&fitted(&cells.map(|_, _, y| y - 50.0), model), own.estimate, "a constant");
            let scaled = fitted(&cells.map(|_, _, y| 1000.0 * y), model);
            near(&scaled, 1000.0 * own.estimate, "a unit of measurement");
            let on = |r: usize, t: usize| r >= cells.controls && t >= cells.pre;
            let more = cells.map(|r, t, y| y + if on(r, t) { 2.5 } else { 0.0 });
            near(&fitted(&more, model), own.estimate + 2.5, "an effect");
            let higher = cells.map(|r, _, y| y + if r >= cells.controls { 4.0 } else { 0.0 });
            if model != Model::Sc {
                near(&fitted(&higher, model), own.estimate, "a level of the treated");
            }
        }
    }
}

/// With more controls than periods many mixtures may fit equally well, and the ridge alone decides.
#[test]
fn the_order_of_controls_does_not_matter() {
    for (seed, shape) in (50..70).zip([(20, 1, 3, 2), (20, 1, 2, 2), (4, 1, 9, 3)].iter().cycle()) {
        let &(controls, treated, pre, post) = shape;
        let cells = Cells::random(seed, controls, treated, pre, post);
        let mut order: Vec<usize> = (0..controls).collect();
        Random::new(seed).shuffle(&mut order);
        let mut other = cells.clone();
        for (to, &from) in order.iter().enumerate() {
            other.values[to].clone_from(&cells.values[from]);
        }
        for model in Model::ALL {
            let (a, b) = (fitted(&cells, model), fitted(&other, model));
            assert_close(a.estimate, b.estimate, 1.0, 1e-9, model.id());
            for (to, &from) in order.iter().enumerate() {
                assert_close(b.unit_weights[to], a.unit_weights[from], 1.0, 1e-8, model.id());
            }
        }
    }
}

#[test]
fn placebos_are_estimates_with_controls_in_place_of_the_treated() {
    let options = PlaceboOptions { draws: 200, seed: 3, level: 0.9 };
    for (treated, choices) in [(1, 7), (2, 21)] {
        let cells = Cells::random(9, 7, treated, 5, 3);
        let panel = cells.panel();
        let own = fitted(&cells, Model::Did);
        let found = placebo(&panel, &own, &options).expect("enough controls");
        assert!(found.enumerated);
        assert_eq!(found.estimates.len(), choices);
        let effect = |regions: &[&Vec<f64>]| {
            mean(&regions.iter().map(|row| mean(&row[5..]) - mean(&row[..5])).collect::<Vec<_>>())
        };
        let mut extreme = 1.0;
        let mut squares = Vec::new();
        for (at, ours) in found.estimates.iter().enumerate() {
            let chosen: Vec<usize> = match treated {
                1 => vec![at],
                _ => {
                    let mut pairs = (0..7).flat_map(|i| (i + 1..7).map(move |j| vec![i, j]));
                    pairs.nth(at).expect("a pair")
                }
            };
            let (mine, rest): (Vec<usize>, Vec<usize>) = (0..7).partition(|i| chosen.contains(i));
            let rows = |list: &[usize]| list.iter().map(|&i| &cells.values[i]).collect::<Vec<_>>();
            let theirs = effect(&rows(&mine)) - effect(&rows(&rest));
            assert_close(*ours, theirs, 1.0, 1e-12, "placebo");
            extreme += f64::from(u8::from(theirs.abs() >= own.estimate.abs()));
            squares.push(theirs);
        }
        let centre = mean(&squares);
        let variance = mean(&squares.iter().map(|e| (e - centre).powi(2)).collect::<Vec<_>>());
        assert_close(found.std_error, variance.sqrt(), 0.0, 1e-9, "standard error");
        let all = found.estimates.len() + 1;
        #[allow(clippy::cast_precision_loss)]
        let all = all as f64;
        assert_close(found.rank_p_value, extreme / all, 0.0, 1e-12, "rank");
        assert_close(found.floor, 1.0 / all, 0.0, 1e-12, "floor");
        assert!((found.p_value < 0.1) == (found.interval.0 * found.interval.1 > 0.0));
    }
}

#[test]
fn drawn_placebos_are_the_same_for_the_same_seed() {
    let cells = Cells::random(4, 20, 6, 9, 6);
    let own = fitted(&cells, Model::Sdid);
    let draw = |seed| {
        let options = PlaceboOptions { draws: 50, seed, level: 0.95 };
        placebo(&cells.panel(), &own, &options).expect("enough controls")
    };
    let first = draw(1);
    assert!(!first.enumerated && first.estimates.len() == 50);
    assert_eq!(first, draw(1));
    assert_ne!(first.estimates, draw(2).estimates);
    let alone = rayon_alone(|| draw(1));
    assert_eq!(first, alone);
}

fn rayon_alone<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool").install(run)
}

/// Without a region, the others' mixture is made anew with the same relative weights.
#[test]
fn the_jackknife_leaves_out_each_region() {
    let cells = Cells::random(12, 8, 3, 6, 4);
    for model in Model::ALL {
        let own = fitted(&cells, model);
        let found = jackknife(&cells.panel(), &own).expect("three treated");
        let change = |row: &Vec<f64>| mean(&row[6..]) - dot(&row[..6], &own.time_weights);
        let estimates: Vec<f64> = (0..11)
            .map(|gone| {
                let kept = |r: &usize| *r != gone;
                let treated: Vec<f64> =
                    (8..11).filter(kept).map(|r| change(&cells.values[r])).collect();
                let controls = (0..8).filter(kept);
                let (weight, sum) = controls.fold((0.0, 0.0), |(weight, sum), r| {
                    let w = own.unit_weights[r];
                    (weight + w, sum + w * change(&cells.values[r]))
                });
                mean(&treated) - sum / weight
            })
            .collect();
        let mut squares = 0.0;
        for (ours, theirs) in found.deleted.iter().zip(&estimates) {
            assert_close(*ours, *theirs, 1.0, 1e-11, model.id());
            squares += (theirs - own.estimate).powi(2);
        }
        assert_close(found.std_error, (10.0 / 11.0 * squares).sqrt(), 0.0, 1e-9, model.id());
    }
}

/// Means by loops over rows, covariates out by the regression on rows that are not treated.
#[test]
fn panels_hold_what_covariates_leave_of_the_means() {
    let mut complete = 0;
    for seed in 0..40 {
        let weighting =
            [Weighting::None, Weighting::Frequency, Weighting::Analytic][seed as usize % 3];
        let study = Study::random(Plan { seed: 300 + seed, regions: 5, treated: 2, weighting });
        let grams = study.grams();
        let setting = study.setting(&grams);
        let class = grams.class_of[0];
        let made = panels(&grams, class, &setting, true);
        let cells = study.regions.len() * (study.pre.len() + study.post.len());
        let there = count_cells(&study);
        if there < cells {
            let Err(Refusal::MissingCells { missing, cells: asked, .. }) = made else {
                panic!("{there} of {cells} cells, and no refusal")
            };
            assert_eq!((missing, asked), (cells - there, cells));
            continue;
        }
        complete += 1;
        let on =
            |row: &Row| study.treated.contains(&row.region) && study.post.contains(&row.period);
        let rows = Regression::new(&study, 0, &[], |row| !on(row));
        let first = study.regions.len() + study.periods.len() - 1;
        let beta = rows.coefficients(&rows.y)[first..].to_vec();
        let x = |row: &Row| -> Vec<f64> {
            let level = |c: usize, l: usize| f64::from(u8::from(row.levels[c] == l));
            let levels = [(0, 1), (0, 2), (1, 1), (1, 2)].map(|(c, l)| level(c, l));
            levels.into_iter().chain(row.numerics.iter().copied()).collect()
        };
        let average = |keep: &dyn Fn(&Row) -> bool, value: &dyn Fn(&Row) -> f64| {
            let kept = || study.rows.iter().filter(|row| keep(row));
            let sum: f64 = kept().map(|row| row.weight * value(row)).sum();
            sum / kept().map(|row| row.weight).sum::<f64>()
        };
        let explained = |row: &Row| dot(&x(row), &beta);
        let centre = average(&|row| study.treated.contains(&row.region), &explained);
        let (panel, plain) = (
            &made.expect("complete")[0],
            &panels(&grams, class, &setting, false).expect("complete")[0],
        );
        let regions = panel.controls.iter().chain(&panel.treated);
        for (at, &r) in regions.enumerate() {
            for (t, &period) in panel.pre.iter().chain(&panel.post).enumerate() {
                let here = |row: &Row| row.region == r && row.period == period;
                let own = average(&here, &|row| row.outcomes[0]);
                assert_close(plain.row(at)[t], own, 1.0, 1e-11, "mean");
                let left = own - average(&here, &explained) + centre;
                assert_close(panel.row(at)[t], left, 1.0, 1e-9, "adjusted mean");
            }
        }
    }
    assert!(complete >= 5, "{complete}");
}

fn count_cells(study: &Study) -> usize {
    let mut cells: Vec<(usize, usize)> =
        study.rows.iter().map(|row| (row.region, row.period)).collect();
    cells.sort_unstable();
    cells.dedup();
    cells.len()
}

#[test]
fn what_cannot_be_estimated_is_refused() {
    let one_before = Cells::random(1, 5, 1, 1, 2);
    let refused = estimate(&one_before.panel(), Model::Sdid);
    assert!(matches!(refused, Err(Refusal::NotDefined { .. })));
    assert!(estimate(&one_before.panel(), Model::Did).is_ok());
    let flat = Cells::random(1, 5, 1, 4, 2).map(|_, _, _| 3.0);
    assert_eq!(estimate(&flat.panel(), Model::Sc), Err(Refusal::ConstantOutcome));
    let options = PlaceboOptions { draws: 100, seed: 1, level: 0.95 };
    for (controls, treated) in [(2, 2), (1, 1), (3, 4)] {
        let few = Cells::random(2, controls, treated, 4, 2);
        let own = fitted(&few, Model::Sdid);
        let refused = placebo(&few.panel(), &own, &options);
        assert_eq!(refused, Err(Refusal::TooFewControls { controls, treated }));
    }
    let one = Cells::random(2, 5, 1, 4, 2);
    let refused = jackknife(&one.panel(), &fitted(&one, Model::Sdid));
    assert!(matches!(refused, Err(Refusal::NotDefined { .. })));
}

#[test]
fn one_treated_region_of_a_panel_is_a_panel() {
    let cells = Cells::random(5, 6, 3, 5, 3);
    let panel = cells.panel();
    let one = panel.only(&[7]).expect("it is treated");
    assert_eq!(one.treated, [7]);
    assert_eq!(one.treated_mean(), cells.values[7]);
    assert_eq!(one.row(2), panel.row(2));
    assert!(panel.only(&[0]).is_none());
}
