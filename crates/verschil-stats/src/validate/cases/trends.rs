//! Power of tests before the start, and Medicaid under violations of parallel trends.

use crate::distribution::gaussian::critical;
use crate::event_study::EventStudy;
use crate::honest::{FixedLength, Method, Options, Robust, relative_magnitudes, smoothness};
use crate::linalg::Matrix;
use crate::refusal::Refusal;
use crate::trend::bands::Draws;
use crate::trend::power::{
    AfterPassing, Pretest, after_passing, linear_violation, slope_for_power,
};
use crate::validate::files::Node;
use crate::validate::{Fault, Files, Ledger, STD_ERROR};

pub(super) const OPTIONS: Options =
    Options { level: 0.95, method: Method::Hybrid, draws: Draws { count: 10_000, seed: 1 } };
const LATTICES: &str =
    "both integrate by random lattices; their own two answers differ by 2e-4, ours is within 1e-4";
const QUANTILE: &str = "their critical value is the quantile of a million draws: three standard \
    errors of it";
const GRID: &str = "theirs steps through 1,000 points and draws 1,000 first stages";

/// An event study from coefficients and their covariance.
pub(super) fn study(
    beta: &[f64],
    sigma: &Node,
    periods: &[i64],
    times: (i64, i64),
) -> Result<EventStudy, Fault> {
    let mut rows = Vec::new();
    for row in sigma.list()? {
        rows.push(row.numbers()?);
    }
    let square = rows.len() == beta.len() && rows.iter().all(|row| row.len() == beta.len());
    if !square || beta.len() != periods.len() {
        let why = format!("{} coefficients do not fit their covariance", beta.len());
        return Err(Refusal::NotDefined { why }.into());
    }
    let covariance = Matrix::from_fn(beta.len(), beta.len(), |i, j| rows[i][j]);
    Ok(EventStudy::from_parts(beta, &covariance, periods, times, 51)?)
}

/// He & Wang (2017), by R pretrends and as its manual prints it.
pub(crate) fn pretest_power(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let reference = files.results("he_wang_pretrends_power")?;
    let printed = files.results("published_he_wang_pretrends")?;
    let beta = reference.get("beta")?.numbers()?;
    let periods = [-4, -3, -2, 0, 1, 2, 3];
    let study = study(&beta, &reference.down(&["sigma", "values"])?, &periods, (-1, 0))?;
    let pre = [0, 1, 2];
    let slope =
        |target: f64| slope_for_power(&study, &pre, Pretest::AnySignificant, (0.05, target), 1);
    let (half, most) = (slope(0.5)?, slope(0.8)?);
    for (label, ours, theirs) in [
        ("slope of power 0.5", half, reference.number_at(&["slope_power_50"])?),
        ("slope of power 0.8", most, reference.number_at(&["slope_power_80"])?),
        ("slope of power 0.5, printed", half, printed.number_at(&["slope_power_50"])?),
    ] {
        ledger.agree(label, ours, theirs, 1e-3).because(LATTICES);
    }
    // at their slope, so that only the integration differs
    let theirs = reference.number_at(&["slope_power_50"])?;
    let ours = after_passing(&study, &pre, &linear_violation(&study, theirs), 0.05, 1)?;
    ledger.within("stated error of the integral", ours.error, 0.0, 1e-4).because(LATTICES);
    let power = reference.down(&["df_power", "0"])?;
    let keys = ["Power", "Bayes.Factor", "Likelihood.Ratio"];
    let theirs = keys.iter().map(|key| power.number_at(&[key])).collect::<Result<Vec<_>, _>>()?;
    summary(ledger, "", &ours, &theirs);
    let rows = reference.get("df_eventplot")?.list()?;
    means(ledger, "", &ours, &rows, |at| rows[at].number_at(&["meanAfterPretesting"]))?;
    let theirs = printed.number_at(&["slope_power_50"])?;
    let ours = after_passing(&study, &pre, &linear_violation(&study, theirs), 0.05, 1)?;
    let keys = ["power", "bayes_factor", "likelihood_ratio"];
    let theirs = keys.iter().map(|key| printed.number_at(&[key])).collect::<Result<Vec<_>, _>>()?;
    summary(ledger, ", printed", &ours, &theirs);
    let listed = printed.get("meanAfterPretesting")?;
    means(ledger, ", printed", &ours, &rows, |at| listed.at(at)?.number())
}

/// Power, Bayes factor and likelihood ratio.
fn summary(ledger: &mut Ledger, suffix: &str, ours: &AfterPassing, theirs: &[f64]) {
    let numbers = [
        ("power", ours.power, 3e-4),
        ("Bayes factor", ours.bayes_factor, 5e-4),
        // a closed form; printed with seven digits, of a slope with seven
        ("likelihood ratio", ours.likelihood_ratio, if suffix.is_empty() { 1e-9 } else { 1e-7 }),
    ];
    for ((label, ours, tolerance), &theirs) in numbers.into_iter().zip(theirs) {
        ledger.within(format!("{label}{suffix}"), ours, theirs, tolerance).because(LATTICES);
    }
}

/// Means after passing, by period but the reference.
fn means(
    ledger: &mut Ledger,
    suffix: &str,
    ours: &AfterPassing,
    rows: &[Node],
    theirs: impl Fn(usize) -> Result<f64, Fault>,
) -> Result<(), Fault> {
    let mut ours = ours.mean.iter();
    for (at, row) in rows.iter().enumerate() {
        let time = row.number_at(&["t"])?;
        // the reference period has no coefficient
        if (time + 1.0).abs() < 0.5 {
            continue;
        }
        let Some(&mean) = ours.next() else { break };
        let label = format!("mean after passing at {time}{suffix}");
        ledger.within(label, mean, theirs(at)?, 5e-5).because(LATTICES);
    }
    Ok(())
}

/// R HonestDiD on Medicaid expansion.
pub(crate) fn medicaid(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let reference = files.results("ehec_honestdid")?;
    let study = medicaid_study(&reference)?;
    let mut quantiles: [Vec<f64>; 2] = [vec![], vec![]];
    for (target, weights) in [("first", study.first_post()), ("average", study.average_post())] {
        let bounds = [0.0, 0.01, 0.02, 0.03, 0.04, 0.05];
        let ours = smoothness(&study, &weights, &bounds, 0.95)?;
        let theirs = reference.get(&format!("smoothness_{target}"))?.list()?;
        for (ours, theirs) in ours.iter().zip(&theirs) {
            fixed_length(ledger, target, ours, theirs, &mut quantiles)?;
        }
        let ours = relative_magnitudes(&study, &weights, &[0.5, 1.0, 1.5, 2.0], &OPTIONS)?;
        let theirs = reference.get(&format!("relative_magnitudes_{target}"))?.list()?;
        for (ours, theirs) in ours.iter().zip(&theirs) {
            ends(ledger, &format!("relative, {target}, {}", ours.bound), ours, theirs)?;
        }
    }
    // one set of draws behind all of them: with that quantile instead of ours every length agrees
    for (kind, found) in ["two-sided", "one-sided"].iter().zip(&quantiles) {
        for quantile in found.iter().skip(1) {
            ledger
                .within(format!("{kind} quantile of their draws"), *quantile, found[0], 1e-6)
                .because("what their length leaves for the critical value, held against itself");
        }
    }
    let original = reference.down(&["original", "0"])?;
    let (value, error) = (study.values()[5], study.std_errors()[5]);
    for (side, sign) in [("lb", -1.0), ("ub", 1.0)] {
        let ours = value + sign * critical(0.95) * error;
        let theirs = original.number_at(&[side])?;
        ledger.agree(format!("interval without violations, {side}"), ours, theirs, STD_ERROR);
    }
    Ok(())
}

fn medicaid_study(reference: &Node) -> Result<EventStudy, Fault> {
    let years = [2008, 2009, 2010, 2011, 2012, 2014, 2015];
    let mut beta = Vec::new();
    for year in years {
        beta.push(reference.number_at(&["betahat", &format!("year::{year}:D")])?);
    }
    study(&beta, &reference.down(&["sigma", "values"])?, &years, (2013, 2014))
}

fn fixed_length(
    ledger: &mut Ledger,
    target: &str,
    ours: &FixedLength,
    theirs: &Node,
    quantiles: &mut [Vec<f64>; 2],
) -> Result<(), Fault> {
    let label = format!("smoothness, {target}, {}", ours.bound);
    let (low, high) = (theirs.number_at(&["lb"])?, theirs.number_at(&["ub"])?);
    let flat = if ours.bound < 0.03 { 6e-6 } else { 1e-11 };
    ledger.within(format!("{label}, middle"), ours.estimate, 0.5 * (low + high), flat).because(
        "their optimum is numerical and flat; where the least bias decides, both find one point",
    );
    let (theirs, half) = (0.5 * (high - low), ours.interval.1 - ours.estimate);
    // 3 sqrt(0.05 * 0.95 / 1e6) / density, at one-sided and two-sided ends
    let error = 0.0063 * ours.std_error;
    ledger.within(format!("{label}, half length"), half, theirs, error).because(QUANTILE);
    let quantile = (theirs - ours.worst_bias) / ours.std_error;
    if ours.bound == 0.0 {
        quantiles[0].push(quantile);
    } else if ours.bound >= 0.03 {
        quantiles[1].push(quantile);
    }
    Ok(())
}

/// Both ends of an interval found by a grid.
fn ends(ledger: &mut Ledger, label: &str, ours: &Robust, theirs: &Node) -> Result<(), Fault> {
    let empty = || Refusal::NotDefined { why: "the interval is empty".into() };
    let (low, high) = ours.interval.ok_or_else(empty)?;
    for (side, ours) in [("lb", low), ("ub", high)] {
        let theirs = theirs.number_at(&[side])?;
        ledger.within(format!("{label}, {side}"), ours, theirs, 6e-4).because(GRID);
    }
    Ok(())
}

/// What the manual of R HonestDiD prints.
pub(crate) fn medicaid_printed(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let study = medicaid_study(&files.results("ehec_honestdid")?)?;
    let printed = files.results("published_honestdid_ehec")?;
    let weights = study.first_post();
    let theirs = printed.get("smoothness_first_period")?.list()?;
    let bounds = theirs.iter().map(|row| row.number_at(&["M"])).collect::<Result<Vec<_>, _>>()?;
    let ours = smoothness(&study, &weights, &bounds, 0.95)?;
    for (ours, theirs) in ours.iter().zip(&theirs) {
        for (side, ours_end) in [("lb", ours.interval.0), ("ub", ours.interval.1)] {
            let label = format!("smoothness {}, {side}", ours.bound);
            let theirs = theirs.number_at(&[side])?;
            // three digits are printed
            let digits = if theirs.abs() < 0.1 { 5e-5 } else { 5e-4 };
            ledger.within(label, ours_end, theirs, digits + 6e-5).because(
                "half a unit of the last digit printed, and the error of their critical value",
            );
        }
    }
    let theirs = printed.get("relative_magnitudes")?.list()?;
    let bounds =
        theirs.iter().map(|row| row.number_at(&["Mbar"])).collect::<Result<Vec<_>, _>>()?;
    let ours = relative_magnitudes(&study, &weights, &bounds, &OPTIONS)?;
    for (ours, theirs) in ours.iter().zip(&theirs) {
        ends(ledger, &format!("relative {}", ours.bound), ours, theirs)?;
    }
    Ok(())
}
