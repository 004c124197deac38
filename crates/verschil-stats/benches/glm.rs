//! Logit on a table of the study's shape: 446,243 rows, 26 regions, 14 years, seven covariates.
//! Figures stand in `docs/performance.md`.

use std::sync::OnceLock;

use rayon::prelude::*;
use verschil_stats::cells::{CellBuilder, Cells};
use verschil_stats::did::{Analysis, Design, Setting};
use verschil_stats::estimate::Covariance;
use verschil_stats::fit::Fit;
use verschil_stats::glm::{GlmFit, Model, Rows};
use verschil_stats::grams::{Batch, Dictionaries, GramBuilder, Grams, Shape, Weighting};
use verschil_stats::validate::rows::Numbers;
use verschil_stats::wild::{Draws, Null, Residuals, Wild};

const ROWS: usize = 446_243;
const LEVELS: [usize; 7] = [31, 3, 5, 10, 4, 5, 4];
const OUTCOMES: usize = 22;

fn main() {
    divan::main();
}

fn below(numbers: &mut Numbers, n: usize) -> usize {
    usize::try_from(numbers.below(n as u64)).expect("small")
}

struct Workload {
    grams: Grams,
    cells: Cells,
    rows: Rows,
    /// The main comparison and two further ones.
    settings: [Setting; 3],
}

fn float(n: usize) -> f64 {
    f64::from(u32::try_from(n).expect("small"))
}

fn code(n: usize) -> u32 {
    u32::try_from(n).expect("small")
}

fn workload() -> &'static Workload {
    static MADE: OnceLock<Workload> = OnceLock::new();
    MADE.get_or_init(|| {
        let names: Vec<String> = (0..46).map(|r| format!("R{r:02}")).collect();
        let names = Dictionaries {
            regions: names.clone(),
            clusters: names,
            periods: (2008..2022).collect(),
            levels: LEVELS.iter().map(|&n| (0..n).map(|l| format!("{l:02}")).collect()).collect(),
        };
        let shape = Shape {
            categorical: vec![true; LEVELS.len()],
            binary: vec![true; OUTCOMES],
            weighting: Weighting::None,
        };
        let mut batch = batch(&shape);
        let mut cells = CellBuilder::new(&shape);
        cells.push(&batch);
        let cells = cells.finish(&names);
        let mut grams = GramBuilder::new(shape);
        grams.push(&mut batch, &LEVELS);
        let grams = grams.finish(&names);
        let rows = Rows::new(&cells, &grams, &[]).expect("the same rows");
        let references = LEVELS.iter().scan(0, |start, n| {
            *start += n;
            Some(*start - n)
        });
        let references: Vec<usize> = references.collect();
        // the main comparison holds 446,243 rows; the others take further control regions
        let setting = |controls: std::ops::Range<usize>| Setting {
            treated: (0..6).collect(),
            controls: controls.collect(),
            pre: (0..9).collect(),
            post: (10..14).collect(),
            reference: 7,
            references: references.clone(),
        };
        Workload {
            grams,
            cells,
            rows,
            settings: [setting(6..26), setting(26..33), setting(26..46)],
        }
    })
}

fn batch(shape: &Shape) -> Batch {
    let (mut batch, mut numbers) = (Batch::default(), Numbers(2024));
    let mut outcomes = vec![0.0; OUTCOMES];
    let mut main = 0;
    while main < ROWS {
        // regions differ in size by a factor of ten
        let region = below(&mut numbers, 46).min(below(&mut numbers, 50));
        let period = below(&mut numbers, 14);
        main += usize::from(region < 26 && period != 9);
        batch.region.push(code(region));
        batch.period.push(code(period));
        let mut risk = 0.0;
        let codes = LEVELS.map(|levels| {
            let level = below(&mut numbers, levels);
            risk += float(level) / float(levels) - 0.5;
            code(level)
        });
        batch.push_codes(&codes);
        let on = region < 6 && period >= 10;
        for (k, outcome) in outcomes.iter_mut().enumerate() {
            let chance = 0.05 + 0.03 * float(k) + 0.02 * risk - if on { 0.01 } else { 0.0 };
            let value = f64::from(u8::from(numbers.share() < chance));
            // two outcomes have denominators of their own
            let missing = (k == 2 || k == 16) && below(&mut numbers, 3 + k) == 0;
            *outcome = if missing { f64::NAN } else { value };
        }
        batch.push_outcomes(shape, &outcomes);
    }
    batch
}

fn design(setting: &Setting, outcome: usize, analysis: Analysis) -> (Design<'_>, Fit) {
    let grams = &workload().grams;
    let design = Design::new(grams, grams.class_of[outcome], setting, analysis).expect("a design");
    let fit = design.fit();
    (design, fit)
}

fn fitted<'a>(both: &'a (Design<'a>, Fit), outcome: usize, near: Option<&GlmFit>) -> GlmFit<'a> {
    let Workload { cells, rows, .. } = workload();
    GlmFit::new(rows, cells, (&both.0, &both.1), outcome, Model::Logit, near).expect("fits")
}

/// One logit with its effect on the treated and the clustered standard error of that.
#[divan::bench(sample_count = 5)]
fn one_logit_with_effect(bencher: divan::Bencher) {
    let both = design(&workload().settings[0], 1, Analysis::Pooled);
    bencher.bench_local(|| {
        let att = fitted(&both, 1, None).without_jackknife().att(0).expect("identified");
        att.std_error(0, Covariance::Cr0).expect("exists")
    });
}

/// The same, and the jackknife over 26 regions.
#[divan::bench(sample_count = 5)]
fn one_logit_with_jackknife(bencher: divan::Bencher) {
    let both = design(&workload().settings[0], 1, Analysis::Pooled);
    bencher.bench_local(|| {
        let att = fitted(&both, 1, None).att(0).expect("identified");
        att.std_error(0, Covariance::Cr3).expect("exists")
    });
}

/// One logit alone.
#[divan::bench(sample_count = 5)]
fn one_logit(bencher: divan::Bencher) {
    let both = design(&workload().settings[0], 1, Analysis::Pooled);
    bencher.bench_local(|| fitted(&both, 1, None).without_jackknife().coefficients(&[0]).is_ok());
}

/// Interval of the score bootstrap of one effect, the fit apart.
#[divan::bench(sample_count = 5)]
fn one_score_interval(bencher: divan::Bencher) {
    let both = design(&workload().settings[0], 1, Analysis::Pooled);
    let fit = fitted(&both, 1, None).without_jackknife();
    let att = fit.att(0).expect("identified");
    let wild = Wild {
        null: Null::Imposed,
        residuals: Residuals::Fitted,
        draws: Draws::Rademacher,
        count: 9_999,
        seed: 3,
    };
    bencher.bench_local(|| fit.score_interval(0, &att, &wild, 0.95).expect("an interval").ends);
}

/// 22 outcomes; pooled, 6 regions, 4 years and event study in the main comparison, pooled and event
/// study in two further ones: effects with their clustered standard errors.
#[divan::bench(sample_count = 1, sample_size = 1)]
fn w1_effects(bencher: divan::Bencher) {
    workload();
    bencher.bench_local(|| w1(false));
}

/// The same, and every fit without one cluster.
#[divan::bench(sample_count = 1, sample_size = 1)]
fn w1_with_jackknife(bencher: divan::Bencher) {
    workload();
    bencher.bench_local(|| w1(true));
}

/// The designs of every comparison, pooled first, for a sample class.
fn designs(outcome: usize) -> Vec<Vec<(Design<'static>, Fit)>> {
    let analyses: [&[Analysis]; 2] = [
        &[Analysis::Pooled, Analysis::EventStudy, Analysis::PerRegion, Analysis::PerPeriod],
        &[Analysis::Pooled, Analysis::EventStudy],
    ];
    let settings = workload().settings.iter().enumerate();
    settings
        .map(|(at, setting)| {
            let asked = analyses[at.min(1)].iter();
            asked.map(|&analysis| design(setting, outcome, analysis)).collect()
        })
        .collect()
}

fn w1(jackknife: bool) -> Vec<f64> {
    let class_of = &workload().grams.class_of;
    let firsts = (0..=*class_of.iter().max().expect("outcomes"))
        .map(|class| class_of.iter().position(|&of| of == class).expect("a member"));
    let by_class: Vec<_> = firsts.map(designs).collect();
    let fit = |both: &'_ (Design, Fit), outcome: usize, near: Option<&GlmFit>| -> f64 {
        let fit = fitted(both, outcome, near);
        effects(both, &if jackknife { fit } else { fit.without_jackknife() })
    };
    let all = |outcome: usize| -> f64 {
        let mut sum = 0.0;
        for designs in &by_class[class_of[outcome]] {
            let near = fitted(&designs[0], outcome, None);
            let near = if jackknife { near } else { near.without_jackknife() };
            sum += effects(&designs[0], &near);
            sum += designs[1..].iter().map(|both| fit(both, outcome, Some(&near))).sum::<f64>();
        }
        sum
    };
    (0..OUTCOMES).into_par_iter().map(all).collect()
}

fn effects(both: &(Design, Fit), fit: &GlmFit) -> f64 {
    let one = |term: usize| {
        let att = fit.att(term).expect("identified");
        let cr0 = att.std_error(0, Covariance::Cr0).expect("exists");
        // one treated region has no jackknife
        cr0 + att.std_error(0, Covariance::Cr3).unwrap_or(0.0)
    };
    (0..both.0.effects.len()).map(one).sum()
}
