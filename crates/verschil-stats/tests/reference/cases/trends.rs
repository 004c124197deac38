//! Power of tests before the start, and intervals under violations of parallel trends.

use serde_json::Value;
use verschil_stats::event_study::EventStudy;
use verschil_stats::honest::{
    Method, Options, relative_magnitudes, smoothness, smoothness_moments,
};
use verschil_stats::linalg::Matrix;
use verschil_stats::trend::bands::Draws;
use verschil_stats::trend::power::{Pretest, after_passing, linear_violation, slope_for_power};

use crate::ledger::Ledger;

const OPTIONS: Options =
    Options { level: 0.95, method: Method::Hybrid, draws: Draws { count: 10_000, seed: 1 } };

/// moderndid searches the length numerically, and its own two ends differ by this much.
const FLCI: f64 = 1e-6;

pub fn all(ledger: &mut Ledger) {
    pretest_power(ledger);
    medicaid(ledger);
    benzarti_carloni(ledger);
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("list").iter().map(|v| v.as_f64().expect("number")).collect()
}

fn study(beta: &[f64], sigma: &Value, periods: &[i64], times: (i64, i64)) -> EventStudy {
    let rows: Vec<Vec<f64>> = sigma.as_array().expect("rows").iter().map(numbers).collect();
    let covariance = Matrix::from_fn(beta.len(), beta.len(), |i, j| rows[i][j]);
    EventStudy::from_parts(beta, &covariance, periods, times, 51).expect("well formed")
}

/// He & Wang (2017), by R pretrends 0.1.0 and as its manual prints it. Both integrate by random
/// lattices whose own two answers differ by 2e-4; ours states an error below 1e-4.
fn pretest_power(ledger: &mut Ledger) {
    let case = "he_wang_pretrends_power";
    let reference = ledger.reference(case);
    let printed = ledger.reference("published_he_wang_pretrends");
    let beta = numbers(&reference["beta"]);
    let periods = [-4, -3, -2, 0, 1, 2, 3];
    let study = study(&beta, &reference["sigma"]["values"], &periods, (-1, 0));
    let pre = [0, 1, 2];
    let slope = |target: f64| {
        slope_for_power(&study, &pre, Pretest::AnySignificant, (0.05, target), 1).expect("exists")
    };
    ledger.agree(&format!("{case} slope 50"), slope(0.5), &reference["slope_power_50"], 1e-3);
    ledger.agree(&format!("{case} slope 80"), slope(0.8), &reference["slope_power_80"], 1e-3);
    ledger.agree(&format!("{case} slope 50 printed"), slope(0.5), &printed["slope_power_50"], 1e-3);
    // at their slope, so that only the integration differs
    let theirs = reference["slope_power_50"].as_f64().expect("slope");
    let ours = after_passing(&study, &pre, &linear_violation(&study, theirs), 0.05, 1);
    let ours = ours.expect("exists");
    assert!(ours.error < 1e-4, "{ours:?}");
    let power = &reference["df_power"][0];
    ledger.within(&format!("{case} power"), ours.power, &power["Power"], 3e-4);
    ledger.within(&format!("{case} Bayes factor"), ours.bayes_factor, &power["Bayes.Factor"], 5e-4);
    let ratio = ours.likelihood_ratio;
    ledger.agree(&format!("{case} likelihood ratio"), ratio, &power["Likelihood.Ratio"], 1e-9);
    ledger.within(
        &format!("{case} Bayes factor printed"),
        ours.bayes_factor,
        &printed["bayes_factor"],
        5e-4,
    );
    for row in reference["df_eventplot"].as_array().expect("rows") {
        let time = row["t"].as_i64().expect("time");
        let Some(j) = periods.iter().position(|&p| p == time) else { continue };
        let name = format!("{case} mean after passing {time}");
        ledger.within(&name, ours.mean[j], &row["meanAfterPretesting"], 5e-5);
    }
}

/// R HonestDiD 0.2.7 on Medicaid expansion, and its manual's printed values.
fn medicaid(ledger: &mut Ledger) {
    let reference = ledger.reference("ehec_honestdid");
    let printed = ledger.reference("published_honestdid_ehec");
    let years = [2008, 2009, 2010, 2011, 2012, 2014, 2015];
    let beta: Vec<f64> = years
        .iter()
        .map(|y| reference["betahat"][format!("year::{y}:D")].as_f64().expect("number"))
        .collect();
    let study = study(&beta, &reference["sigma"]["values"], &years, (2013, 2014));
    let mut quantiles: [Vec<f64>; 2] = [vec![], vec![]];
    for (target, weights) in [("first", study.first_post()), ("average", study.average_post())] {
        let bounds = [0.0, 0.01, 0.02, 0.03, 0.04, 0.05];
        let ours = smoothness(&study, &weights, &bounds, 0.95).expect("exists");
        for (ours, theirs) in ours.iter().zip(list(&reference[format!("smoothness_{target}")])) {
            let name = format!("ehec_honestdid smoothness {target} {}", ours.bound);
            let (low, high) = (number(&theirs["lb"]), number(&theirs["ub"]));
            // their optimum is numerical, and flat in the estimate it stands around; where the
            // least bias decides alone both find the same point
            let flat = if ours.bound < 0.03 { 6e-6 } else { 1e-11 };
            let middle = 0.5 * (low + high);
            ledger.within(&format!("{name} estimate"), ours.estimate, &middle.into(), flat);
            // their critical value is the quantile of a million draws: three standard errors of
            // it are 3 sqrt(0.05 * 0.95 / 1e6) / density = 0.0063 at one-sided and two-sided ends
            let theirs = 0.5 * (high - low);
            let half = ours.interval.1 - ours.estimate;
            let error = 0.0063 * ours.std_error;
            ledger.within(&format!("{name} half length"), half, &theirs.into(), error);
            // what their length leaves for the critical value: two-sided without bias, and
            // one-sided where bias rules
            let quantile = (theirs - ours.worst_bias) / ours.std_error;
            if ours.bound == 0.0 {
                quantiles[0].push(quantile);
            } else if ours.bound >= 0.03 {
                quantiles[1].push(quantile);
            }
        }
        let ours = relative_magnitudes(&study, &weights, &[0.5, 1.0, 1.5, 2.0], &OPTIONS);
        let theirs = list(&reference[format!("relative_magnitudes_{target}")]);
        for (ours, theirs) in ours.expect("exists").iter().zip(theirs) {
            let name = format!("ehec_honestdid relative {target} {}", ours.bound);
            let (low, high) = ours.interval.expect("not empty");
            // theirs steps through 1000 points and draws 1000 first stages
            ledger.within(&format!("{name} low"), low, &theirs["lb"], 6e-4);
            ledger.within(&format!("{name} high"), high, &theirs["ub"], 6e-4);
        }
    }
    let ours = smoothness(&study, &study.first_post(), &[0.0, 0.01, 0.02], 0.95).expect("exists");
    for (ours, theirs) in ours.iter().zip(list(&printed["smoothness_first_period"])) {
        let name = format!("published_honestdid_ehec smoothness {}", ours.bound);
        // half a unit of the last digit printed, and the error of their critical value
        ledger.within(&format!("{name} low"), ours.interval.0, &theirs["lb"], 1.1e-4);
        ledger.within(&format!("{name} high"), ours.interval.1, &theirs["ub"], 1.1e-4);
    }
    // one set of draws behind all of them: with that quantile instead of ours every length agrees
    for (kind, found) in ["two-sided", "one-sided"].iter().zip(&quantiles) {
        for quantile in &found[1..] {
            let name = format!("ehec_honestdid {kind} quantile of their draws");
            ledger.within(&name, *quantile, &found[0].into(), 1e-6);
        }
    }
    let bounds = [0.5, 1.0, 1.5, 2.0];
    let ours = relative_magnitudes(&study, &study.first_post(), &bounds, &OPTIONS);
    for (ours, theirs) in ours.expect("exists").iter().zip(list(&printed["relative_magnitudes"])) {
        let name = format!("published_honestdid_ehec relative {}", ours.bound);
        let (low, high) = ours.interval.expect("not empty");
        ledger.within(&format!("{name} low"), low, &theirs["lb"], 6e-4);
        ledger.within(&format!("{name} high"), high, &theirs["ub"], 6e-4);
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("number")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("list")
}

/// Target, bound, interval: moderndid 0.2.0, `compute_flci(beta, sigma, M, 4, 4, weights)`.
const FIXED_LENGTH: [(&str, f64, f64, f64); 8] = [
    ("first", 0.0, 0.131515869552, 0.216175985667),
    ("first", 0.01, 0.154968048526, 0.270471825112),
    ("first", 0.05, 0.169397723722, 0.368554297023),
    ("first", 0.1, 0.119397793636, 0.418554227108),
    ("average", 0.0, 0.133334389315, 0.230391070948),
    ("average", 0.01, 0.124041906294, 0.368043166196),
    ("average", 0.05, 0.063574559272, 0.738304635616),
    ("average", 0.1, -0.186425487532, 0.988304682420),
];

/// Kind, hybrid, target, bound, first and last accepted of 400 grid points, their distance, and
/// whether the last is the end of the grid: moderndid 0.2.0, `compute_conditional_cs_rm` and
/// `compute_conditional_cs_sd`.
type Accepted = (&'static str, bool, &'static str, f64, [f64; 2], f64, bool);
const ACCEPTED: [Accepted; 24] = [
    ("rm", false, "first", 0.5, [0.1192650640, 0.2705559097], 0.0021012617, false),
    ("rm", false, "first", 1.0, [0.0682844947, 0.3167363017], 0.0023004797, false),
    ("rm", false, "first", 2.0, [-0.0401939966, 0.4213205697], 0.0026989156, false),
    ("sd", false, "first", 0.0, [0.2101758394, 0.3262005110], 0.0019020438, false),
    ("sd", false, "first", 0.02, [0.1952237062, 0.3433934935], 0.0020022944, false),
    ("sd", false, "first", 0.05, [0.1689846234, 0.3691829671], 0.0021526704, false),
    ("rm", true, "first", 0.5, [0.1192650640, 0.2705559097], 0.0021012617, false),
    ("rm", true, "first", 1.0, [0.0682844947, 0.3190367814], 0.0023004797, false),
    ("rm", true, "first", 2.0, [-0.0401939966, 0.4240194853], 0.0026989156, false),
    ("sd", true, "first", 0.0, [0.2120778832, 0.3262005110], 0.0019020438, false),
    ("sd", true, "first", 0.02, [0.1952237062, 0.3413911990], 0.0020022944, false),
    ("sd", true, "first", 0.05, [0.1689846234, 0.3691829671], 0.0021526704, false),
    ("rm", false, "average", 0.5, [0.0698499877, 0.3669545453], 0.0022679737, false),
    ("rm", false, "average", 1.0, [-0.0678806581, 0.5046851911], 0.0027660186, false),
    ("rm", false, "average", 2.0, [-0.3440329305, 0.7845995719], 0.0037621083, false),
    ("sd", false, "average", 0.0, [0.2982330112, 0.3531008055], 0.0017699288, true),
    ("sd", false, "average", 0.02, [0.2123555154, 0.4531008055], 0.0022711820, true),
    ("sd", false, "average", 0.05, [0.0649958262, 0.6031008055], 0.0030230617, true),
    ("rm", true, "average", 0.5, [0.0698499877, 0.3669545453], 0.0022679737, false),
    ("rm", true, "average", 1.0, [-0.0678806581, 0.5046851911], 0.0027660186, false),
    ("rm", true, "average", 2.0, [-0.3477950389, 0.7845995719], 0.0037621083, false),
    ("sd", true, "average", 0.0, [0.3000029400, 0.3531008055], 0.0017699288, true),
    ("sd", true, "average", 0.02, [0.2123555154, 0.4531008055], 0.0022711820, true),
    ("sd", true, "average", 0.05, [0.0649958262, 0.6031008055], 0.0030230617, true),
];

/// Benzarti & Carloni (2019), four coefficients before and four from the start.
fn benzarti_carloni(ledger: &mut Ledger) {
    let path = ledger.shared.join("data/honestdid_inputs/event_study_inputs.json");
    let text = std::fs::read_to_string(path).expect("inputs");
    let inputs: Value = serde_json::from_str(&text).expect("JSON");
    let inputs = &inputs["benzarti_carloni"];
    let beta = numbers(&inputs["betahat"]);
    let periods = [2004, 2005, 2006, 2007, 2009, 2010, 2011, 2012];
    let study = study(&beta, &inputs["sigma"], &periods, (2008, 2009));
    let weights = |target: &str| {
        if target == "first" { study.first_post() } else { study.average_post() }
    };
    for (target, bound, low, high) in FIXED_LENGTH {
        let ours = smoothness(&study, &weights(target), &[bound], 0.95).expect("exists");
        let name = format!("benzarti_carloni smoothness {target} {bound}");
        // without a bound their search stops where the length is flat in the weights
        let flat = if bound > 0.0 { FLCI } else { 1e-4 };
        let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
        let reach = ours[0].interval.1 - ours[0].estimate;
        ledger.within(&format!("{name} estimate"), ours[0].estimate, &middle.into(), flat);
        ledger.within(&format!("{name} half length"), reach, &half.into(), FLCI);
        assert!(bound > 0.0 || reach <= half, "{name}: least variance is not least");
    }
    for (kind, hybrid, target, bound, edges, step, open) in ACCEPTED {
        let method = if hybrid { Method::Hybrid } else { Method::Conditional };
        let options = Options { method, ..OPTIONS };
        let test = if kind == "rm" { relative_magnitudes } else { smoothness_moments };
        let ours = test(&study, &weights(target), &[bound], &options).expect("exists");
        let (low, high) = ours[0].interval.expect("not empty");
        // the end of the set lies between its last grid point and the next; the first stage of
        // the hybrid is simulated by both
        let slack = if hybrid { step } else { 1e-6 };
        let name = format!("benzarti_carloni {kind} {method:?} {target} {bound}");
        let half = 0.5 * step;
        ledger.within(&format!("{name} low"), low, &(edges[0] - half).into(), half + slack);
        if !open {
            ledger.within(&format!("{name} high"), high, &(edges[1] + half).into(), half + slack);
        }
    }
}
