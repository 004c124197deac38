//! Funnel limits and verdicts of health areas.

use crate::funnel::proportion::{Count, Funnel, Method, Rule};
use crate::funnel::{ALARM, ALERT, Class, ratio};
use crate::validate::{Fault, Files, Ledger};

pub(crate) const SHARES: &str = "data/phe_funnel/testdata_funnel_prop_inputs.csv";
pub(crate) const RATIOS: &str = "data/phe_funnel/testdata_funnel_ratio_inputs.csv";

/// Half a unit of the last digit printed, in per cent, with the rounding of the halves.
const PRINTED: f64 = 5.001e-7;

/// Verdicts in the words of the reference, from far below to far above.
const VERDICTS: [&str; 5] =
    ["Low (0.001)", "Low (0.025)", "Not significant", "High (0.025)", "High (0.001)"];

/// Steps from the middle of that list.
fn step(class: Class) -> f64 {
    match class {
        Class::NotCompared => f64::NAN,
        Class::Within => 0.0,
        Class::BelowAlert => -1.0,
        Class::BelowAlarm => -2.0,
        Class::AboveAlert => 1.0,
        Class::AboveAlarm => 2.0,
    }
}

/// The same for a verdict in words.
fn told(words: &str) -> f64 {
    let steps = [-2.0, -1.0, 0.0, 1.0, 2.0];
    let at = VERDICTS.iter().position(|verdict| *verdict == words.trim());
    at.map_or(f64::NAN, |at| steps[at])
}

pub(crate) fn shares(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let table = files.table(SHARES)?;
    let (events, n) = (table.weights("numerator")?, table.weights("denominator")?);
    let counts: Vec<Count> =
        events.iter().zip(&n).map(|(&events, &n)| Count { events, n }).collect();
    let funnel = Funnel::new(&counts, &Rule { method: Method::Score, fewest: 0.0 })?;
    // the reference widens nothing
    let limits = |n: f64| crate::funnel::proportion::limits(Method::Score, n, funnel.centre, 0.0);
    for row in files.results("phe_funnel_prop")?.get("rows")?.list()? {
        let n = row.number_at(&["Population"])?;
        let ours = limits(n)?;
        for (key, ours) in [
            ("Baseline", funnel.centre),
            ("Lower2s0025limit", ours.alert.0),
            ("Upper2s0025limit", ours.alert.1),
            ("Lower3s0001limit", ours.alarm.0),
            ("Upper3s0001limit", ours.alarm.1),
        ] {
            let label = format!("{n} observations: {key}");
            ledger
                .within(label, 100.0 * ours, row.number_at(&[key])?, PRINTED)
                .because("half a unit of the last digit printed");
        }
    }
    for (row, verdict) in table.texts("significance")?.into_iter().enumerate() {
        let Count { events, n } = counts[row];
        let ours = step(limits(n)?.class(events / n));
        ledger.within(format!("area {}: verdict", row + 1), ours, told(verdict), 0.0);
    }
    Ok(())
}

pub(crate) fn ratios(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    for row in files.results("phe_funnel_ratio")?.get("rows")?.list()? {
        let observed = row.number_at(&["Observed_events\n"])?;
        let (low, high) = ratio::mean_of_count(observed, ALERT)?;
        let (lowest, highest) = ratio::mean_of_count(observed, ALARM)?;
        for (key, ours) in [
            ("lower_2s_exp_events", high),
            ("upper_2s_exp_events", low),
            ("lower_3s_exp_events", highest),
            ("upper_3s_exp_events", lowest),
        ] {
            let theirs = row.number_at(&[key])?;
            ledger
                .within(format!("{observed} events: {key}"), ours, theirs, 1e-7 + 4e-7 * theirs)
                .because("their numbers are where a search stopped");
        }
    }
    let table = files.table(RATIOS)?;
    let (observed, expected) = (table.weights("obs")?, table.weights("expected")?);
    for (row, verdict) in table.texts("significance")?.into_iter().enumerate() {
        let limits = ratio::limits(expected[row], 0.0)?;
        let ours = step(limits.class(observed[row] / expected[row]));
        ledger.within(format!("area {}: verdict", row + 1), ours, told(verdict), 0.0);
    }
    Ok(())
}
