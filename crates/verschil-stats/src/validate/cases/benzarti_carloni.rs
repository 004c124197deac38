//! Intervals under violations of parallel trends for Benzarti & Carloni (2019).

use super::trends::{OPTIONS, study};
use crate::honest::{Method, Options, relative_magnitudes, smoothness, smoothness_moments};
use crate::refusal::Refusal;
use crate::validate::{Fault, Files, Ledger};

pub(crate) const DATA: &str = "data/honestdid_inputs/event_study_inputs.json";

/// Four coefficients before and four from the start.
pub(crate) fn all(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let inputs = files.json(DATA)?.get("benzarti_carloni")?;
    let beta = inputs.get("betahat")?.numbers()?;
    let periods = [2004, 2005, 2006, 2007, 2009, 2010, 2011, 2012];
    let study = study(&beta, &inputs.get("sigma")?, &periods, (2008, 2009))?;
    let weights =
        |target: &str| if target == "first" { study.first_post() } else { study.average_post() };
    let reference = files.results("benzarti_carloni_moderndid")?;
    for theirs in reference.get("fixed_length")?.list()? {
        let (target, bound) = (theirs.get("target")?.text()?, theirs.number_at(&["bound"])?);
        let (low, high) = (theirs.number_at(&["lb"])?, theirs.number_at(&["ub"])?);
        let ours = smoothness(&study, &weights(&target), &[bound], 0.95)?;
        let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
        let reach = ours[0].interval.1 - ours[0].estimate;
        let label = format!("smoothness, {target}, {bound}");
        let flat = if bound > 0.0 { 1e-6 } else { 1e-4 };
        ledger
            .within(format!("{label}, middle"), ours[0].estimate, middle, flat)
            .because("without a bound their search stops where the length is flat in the weights");
        ledger
            .within(format!("{label}, half length"), reach, half, 1e-6)
            .because("theirs searches the length numerically; its two ends differ by this much");
        if bound == 0.0 {
            ledger
                .within(format!("{label}, longer than theirs"), (reach - half).max(0.0), 0.0, 0.0)
                .because("the least variance must be no more than theirs");
        }
    }
    for theirs in reference.get("accepted")?.list()? {
        let (target, bound) = (theirs.get("target")?.text()?, theirs.number_at(&["bound"])?);
        let (kind, method) = (theirs.get("restriction")?.text()?, theirs.get("method")?.text()?);
        let hybrid = method == "C-LF";
        let options = Options {
            method: if hybrid { Method::Hybrid } else { Method::Conditional },
            ..OPTIONS
        };
        let test = if kind == "rm" { relative_magnitudes } else { smoothness_moments };
        let ours = test(&study, &weights(&target), &[bound], &options)?;
        let empty = || Refusal::NotDefined { why: "the interval is empty".into() };
        let (low, high) = ours[0].interval.ok_or_else(empty)?;
        let step = theirs.number_at(&["step"])?;
        let (half, slack) = (0.5 * step, if hybrid { step } else { 1e-6 });
        let why = "the end lies between their last accepted grid point and the next; the first \
            stage of the hybrid is simulated by both";
        let label = format!("{kind}, {method}, {target}, {bound}");
        let first = theirs.number_at(&["first"])? - half;
        ledger.within(format!("{label}, low"), low, first, half + slack).because(why);
        // an end of their grid is no end of the set
        if !theirs.get("open")?.is_true() {
            let last = theirs.number_at(&["last"])? + half;
            ledger.within(format!("{label}, high"), high, last, half + slack).because(why);
        }
    }
    Ok(())
}
