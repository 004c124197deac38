//! Score bootstrap and permutation from the fit in which the null holds.

use verschil_stats::did::{Analysis, Design};
use verschil_stats::estimate::SmallSample;
use verschil_stats::fit::Fit;
use verschil_stats::glm::inference::{METHODS, Question};
use verschil_stats::glm::{GlmFit, Model};
use verschil_stats::grams::Weighting;
use verschil_stats::inference::Options;
use verschil_stats::refusal::Refusal;
use verschil_stats::wild::{Draws, Null, Residuals, Wild};

use crate::agree;
use crate::data::{Data, MODELS, study};

const WILD: Wild = Wild {
    null: Null::Imposed,
    residuals: Residuals::Fitted,
    draws: Draws::Rademacher,
    count: 1 << 10,
    seed: 3,
};

/// Without covariates and with one effect the whole test is a matter of two sums per cluster and
/// period, since a logit without covariates is fitted to cells.
fn plain(seed: u64) -> Data {
    let mut data = study(seed, Weighting::None, false);
    data.units.iter_mut().for_each(|unit| unit.levels.clear());
    data
}

/// Events and units by region and phase, after merging the periods of each phase.
fn two_phases(mut data: Data) -> Data {
    data.units.iter_mut().for_each(|unit| unit.period = 2013 + i64::from(unit.period >= 2014));
    data
}

struct Cell {
    n: f64,
    sum: f64,
}

fn cells(data: &Data) -> Vec<[Cell; 2]> {
    (0..10)
        .map(|region| {
            [2013, 2014].map(|period| {
                let here = data
                    .units
                    .iter()
                    .filter(|u| u.region == format!("r{region}") && u.period == period);
                here.fold(Cell { n: 0.0, sum: 0.0 }, |cell, unit| Cell {
                    n: cell.n + 1.0,
                    sum: cell.sum + unit.outcomes[0],
                })
            })
        })
        .collect()
}

/// Logit of region effects and one common shift, without an effect of treatment: scores and
/// informations after the start once the regions' effects follow.
fn by_hand(cells: &[[Cell; 2]]) -> Vec<(f64, f64)> {
    let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
    // a region's effect given the shift, by bisection; then the shift, by bisection
    let region = |cell: &[Cell; 2], shift: f64| {
        let left = |a: f64| {
            cell[0].n * logistic(a) + cell[1].n * logistic(a + shift) - cell[0].sum - cell[1].sum
        };
        bisect(left)
    };
    let shift = bisect(|shift| {
        let apart =
            |cell: &[Cell; 2]| cell[1].n * logistic(region(cell, shift) + shift) - cell[1].sum;
        cells.iter().map(apart).sum()
    });
    let one = |cell: &[Cell; 2]| {
        let mean = |t: f64| logistic(region(cell, shift) + t * shift);
        let (before, after) = (mean(0.0), mean(1.0));
        let info = [cell[0].n * before * (1.0 - before), cell[1].n * after * (1.0 - after)];
        (cell[1].sum - cell[1].n * after, info[0] * info[1] / (info[0] + info[1]))
    };
    cells.iter().map(one).collect()
}

fn bisect(rises: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (-20.0, 20.0);
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if rises(middle) < 0.0 { low = middle } else { high = middle }
    }
    low
}

/// The t of one step, given a sign for each cluster: effect d and shift l solve two equations, and
/// the variance is of the scores that are left.
fn t_of(own: &[(f64, f64)], treated: impl Fn(usize) -> bool, sign: impl Fn(usize) -> f64) -> f64 {
    let total: f64 = own.iter().map(|(_, info)| info).sum();
    let on: f64 = own.iter().enumerate().filter(|(g, _)| treated(*g)).map(|(_, o)| o.1).sum();
    let share = on / total;
    let dose = |g: usize| f64::from(u8::from(treated(g)));
    let score = |g: usize| sign(g) * own[g].0;
    let bread = on - share * on;
    let effect = (0..own.len()).map(|g| (dose(g) - share) * score(g)).sum::<f64>() / bread;
    let all: f64 = (0..own.len()).map(score).sum();
    let shift = (all - on * effect) / total;
    let left =
        |g: usize| (dose(g) - share) * (score(g) - own[g].1 * (shift + dose(g) * effect)) / bread;
    effect / (0..own.len()).map(|g| left(g).powi(2)).sum::<f64>().sqrt()
}

#[test]
fn the_score_bootstrap_is_the_one_done_by_hand() {
    for seed in [81, 82, 83] {
        let data = two_phases(plain(seed));
        let own = by_hand(&cells(&data));
        let treated = |g: usize| g % 4 == 1;
        let observed = t_of(&own, treated, |_| 1.0);
        let extreme = (0..1usize << 10).filter(|bits| {
            let sign = |g: usize| if bits >> g & 1 == 1 { -1.0 } else { 1.0 };
            t_of(&own, treated, sign).abs() >= observed.abs() * (1.0 - 1e-9)
        });
        let expected = extreme.count();
        let tested = data.made().expect("well formed").with(
            Analysis::Pooled,
            0,
            Model::Logit,
            |fit, _, _| {
                let result = fit.score_bootstrap(0, &WILD).expect("tested");
                agree(result.statistic, observed, 1e-8, "statistic");
                assert!(result.enumerated && result.used == 1 << 10);
                let extreme = result.p_value * 1024.0;
                assert_eq!(extreme, f64::from(u32::try_from(expected).expect("few")));
            },
        );
        tested.expect("fits");
    }
}

#[test]
fn the_permutation_test_is_the_one_done_by_hand() {
    for seed in [81, 84] {
        let data = two_phases(plain(seed));
        let own = by_hand(&cells(&data));
        let total: f64 = own.iter().map(|(_, info)| info).sum();
        // one step from the null: score over information, the common shift following
        let step = |chosen: &[usize]| {
            let on: f64 = chosen.iter().map(|&g| own[g].1).sum();
            let all: f64 = own.iter().map(|(score, _)| score).sum();
            let score: f64 = chosen.iter().map(|&g| own[g].0).sum();
            (score - on / total * all) / (on - on * on / total)
        };
        let mut steps = Vec::new();
        for a in 0..10 {
            for b in a + 1..10 {
                steps.extend((b + 1..10).map(|c| step(&[a, b, c])));
            }
        }
        let observed = step(&[1, 5, 9]);
        let least = observed.abs() * (1.0 - 1e-9);
        let extreme = steps.iter().filter(|step| step.abs() >= least).count();
        let tested = data.made().expect("well formed").with(
            Analysis::Pooled,
            0,
            Model::Logit,
            |fit, _, _| {
                let result = fit.permutation(0, 1000, 1).expect("tested").swap_remove(0);
                assert_eq!((result.assignments, result.interval), (120, None));
                agree(result.estimate, observed, 1e-8, "one step");
                assert_eq!(result.extreme, u64::try_from(extreme).expect("few"));
            },
        );
        tested.expect("fits");
    }
}

fn options() -> Options {
    Options {
        level: 0.95,
        small_sample: SmallSample::Stata,
        wild_draws: Draws::Rademacher,
        wild_count: 1 << 10,
        permutation_budget: 1000,
        seed: 5,
    }
}

#[test]
fn every_method_answers_for_a_pooled_effect_and_refuses_one_treated_region() {
    let data = study(85, Weighting::None, true);
    let made = data.made().expect("well formed");
    let options = options();
    for (outcome, model) in MODELS.into_iter().enumerate() {
        for analysis in [Analysis::Pooled, Analysis::PerRegion] {
            let asked = made.with(analysis, outcome, model, |fit: &GlmFit, design: &Design, _| {
                for term in 0..design.effects.len() {
                    let estimate = fit.att(term).expect("identified");
                    let of = if analysis == Analysis::PerRegion { term } else { 0 };
                    let permutation =
                        fit.permutation(of, 1000, 1).map(|mut profiles| profiles.swap_remove(0));
                    let matched = fit
                        .permutation_within(of, |_| Some(0), 1000, 1)
                        .map(|mut profiles| profiles.swap_remove(0));
                    assert_eq!(matched, permutation, "one set of all is no restriction");
                    let (estimate, permutation, options) = (&estimate, &permutation, &options);
                    let matched = &matched;
                    let question = Question { fit, term, estimate, permutation, matched, options };
                    for method in &METHODS {
                        let answer = (method.infer)(&question);
                        if analysis == Analysis::PerRegion && !method.id.starts_with("permutation")
                        {
                            assert_eq!(answer, Err(Refusal::OneTreatedCluster), "{}", method.id);
                            continue;
                        }
                        let answer = answer.unwrap_or_else(|why| panic!("{}: {why}", method.id));
                        let p = answer.p_value.expect("a p-value");
                        assert!(p > 0.0 && p <= 1.0, "{} {p}", method.id);
                        let test = method.id.starts_with("permutation");
                        assert_eq!(answer.interval.is_none(), test, "{}", method.id);
                    }
                }
            });
            asked.expect("fits");
        }
    }
}

#[test]
fn the_number_of_threads_changes_no_bit_of_any_method() {
    let data = study(86, Weighting::Analytic, true);
    let options = Options { wild_draws: Draws::Webb, ..options() };
    let run = |threads: usize, outcome: usize, model: Model| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        let ask = |fit: &GlmFit, _: &Design, _: &Fit| {
            let estimate = &fit.att(0).expect("identified");
            let permutation = fit.permutation(0, 60, 1).map(|mut all| all.swap_remove(0));
            let (permutation, options) = (&permutation, &options);
            // without a study's pairs the whole group stands for one matched set
            let matched = permutation;
            let question = Question { fit, term: 0, estimate, permutation, matched, options };
            let answers: Vec<_> = METHODS.iter().map(|method| (method.infer)(&question)).collect();
            assert!(answers.iter().all(Result::is_ok), "{answers:?}");
            // shortest digits that read back as the same number
            format!("{answers:?}")
        };
        pool.install(|| {
            data.made().expect("made").with(Analysis::Pooled, outcome, model, ask).expect("fits")
        })
    };
    for (outcome, model) in MODELS.into_iter().enumerate() {
        let one = run(1, outcome, model);
        assert!([2, 5].into_iter().all(|threads| run(threads, outcome, model) == one));
    }
}
