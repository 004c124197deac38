//! Proposition 99: synthetic difference-in-differences and synthetic control of cigarette sales.

use super::frank_wolfe::FrankWolfe;
use crate::did::Setting;
use crate::grams::count;
use crate::refusal::Refusal;
use crate::synthetic::{Model, Panel, PlaceboOptions, Synthetic, estimate, placebo};
use crate::validate::{ESTIMATE, Fault, Files, Ledger};

pub(crate) const DATA: &str = "data/california_prop99/california_prop99.csv";
const START: i64 = 1989;
const STOPPED: &str = "R synthdid stops Frank-Wolfe early and sets small weights to zero on the way; done so here too";

/// States by name, years, packs per head.
struct Cigarettes {
    states: Vec<String>,
    years: Vec<i64>,
    packs: Vec<Vec<Option<f64>>>,
}

impl Cigarettes {
    fn read(files: &Files) -> Result<Self, Fault> {
        let table = files.table_with_semicolons(DATA)?;
        let (states, when) = (table.texts("State")?, table.integers("Year")?);
        let packs = table.column("PacksPerCapita")?;
        let mut all = Self { states: Vec::new(), years: when.clone(), packs: Vec::new() };
        all.years.sort_unstable();
        all.years.dedup();
        for ((state, year), packs) in states.into_iter().zip(when).zip(packs) {
            let at = all.states.iter().position(|known| known == state).unwrap_or_else(|| {
                all.states.push(state.to_owned());
                all.packs.push(vec![None; all.years.len()]);
                all.states.len() - 1
            });
            if let Ok(year) = all.years.binary_search(&year) {
                all.packs[at][year] = packs;
            }
        }
        Ok(all)
    }

    fn panel(&self) -> Result<Panel, Fault> {
        let (pre, post): (Vec<usize>, Vec<usize>) =
            (0..self.years.len()).partition(|&t| self.years[t] < START);
        let (treated, controls): (Vec<usize>, Vec<usize>) =
            (0..self.states.len()).partition(|&s| self.states[s] == "California");
        if treated.is_empty() || pre.is_empty() || post.is_empty() {
            return Err(Refusal::NothingTreated.into());
        }
        let setting =
            Setting { treated, controls, pre, post, reference: 0, references: Vec::new() };
        let names = |s: usize, t: usize| (self.states[s].clone(), self.years[t]);
        Ok(Panel::new(&setting, names, |s, t| self.packs[s][t])?)
    }
}

fn fitted(panel: &Panel, model: Model) -> Result<Synthetic, Fault> {
    Ok(estimate(panel, model)?)
}

/// The article's table to the digits printed.
pub(crate) fn published(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let panel = Cigarettes::read(files)?.panel()?;
    let reference = files.results("published_prop99")?;
    for model in [Model::Sdid, Model::Sc, Model::Did] {
        let ours = fitted(&panel, model)?.estimate;
        let theirs = reference.number_at(&[model.id(), "estimate"])?;
        if model == Model::Sc {
            ledger.within(format!("{} estimate", model.id()), ours, theirs, 0.2).because(
                "printed with weights that have not settled; the settled ones give -19.51",
            );
        } else {
            ledger
                .within(format!("{} estimate", model.id()), ours, theirs, 0.05)
                .because("half a unit of the last digit printed");
        }
    }
    let ours = fitted(&panel, Model::ScIntercept)?.estimate;
    ledger
        .within("sc_intercept estimate", ours, -11.1, 0.05)
        .because("half a unit of the last digit printed, DIFP in the same table");
    Ok(())
}

/// The same least squares by an interior-point method.
pub(crate) fn settled(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let panel = Cigarettes::read(files)?.panel()?;
    let reference = files.results("prop99_clarabel")?;
    for model in [Model::Sdid, Model::Sc, Model::ScIntercept] {
        let theirs = reference.number_at(&[model.id()])?;
        let label = format!("{} estimate", model.id());
        ledger.agree(label, fitted(&panel, model)?.estimate, theirs, ESTIMATE);
    }
    Ok(())
}

/// R synthdid, by its own way of stopping; solving on gives ours.
pub(crate) fn synthdid(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let data = Cigarettes::read(files)?;
    let panel = data.panel()?;
    let reference = files.results("prop99_sdid_sc_did")?;
    let did = fitted(&panel, Model::Did)?.estimate;
    ledger.agree("did estimate", did, reference.number_at(&["estimates", "did"])?, ESTIMATE);
    for model in [Model::Sdid, Model::Sc] {
        let (ours, id) = (fitted(&panel, model)?, model.id());
        let theirs = reference.down(&["weights", id])?;
        let early = FrankWolfe::stopped_early(&panel, &ours);
        let wanted = reference.number_at(&["estimates", id])?;
        ledger
            .agree(format!("{id} estimate, stopped as theirs"), early.estimate, wanted, ESTIMATE)
            .because(STOPPED);
        for (weight, &state) in early.unit.iter().zip(&panel.controls) {
            let state = &data.states[state];
            let theirs = theirs.number_at(&["omega", state])?;
            // weights between 0 and 1, many of them zero
            ledger
                .within(format!("{id} weight of {state}"), *weight, theirs, 1e-9)
                .because(STOPPED);
        }
        for (weight, &year) in early.time.iter().zip(&panel.pre) {
            let year = data.years[year].to_string();
            // without weights on years theirs has equal ones, which nothing uses
            let theirs =
                if model == Model::Sc { 0.0 } else { theirs.number_at(&["lambda", &year])? };
            ledger.within(format!("{id} weight of {year}"), *weight, theirs, 1e-9).because(STOPPED);
        }
        // the settled weights leave less than those that stopped
        let more = early.objective(&ours.unit_weights) - early.objective(&early.unit);
        ledger
            .within(format!("{id} least squares above theirs"), more.max(0.0), 0.0, 0.0)
            .because("the settled weights must leave no more than theirs");
        if model == Model::Sdid {
            let curve = reference.get("effect_curve_sdid")?.numbers()?;
            for (t, (ours, theirs)) in early.effects.iter().zip(curve).enumerate() {
                let label = format!("{id} effect in year {}", t + 1);
                ledger.agree(label, *ours, theirs, ESTIMATE).because(STOPPED);
            }
        }
    }
    let sdid = fitted(&panel, Model::Sdid)?;
    let options = reference.get("options")?;
    for (name, ours) in [("zeta_omega", sdid.ridge.unit), ("zeta_lambda", sdid.ridge.time)] {
        ledger.agree(name, ours, options.number_at(&[name])?, ESTIMATE);
    }
    for (weight, &year) in sdid.time_weights.iter().zip(&panel.pre) {
        let year = data.years[year].to_string();
        let theirs = reference.number_at(&["weights", "sdid", "lambda", &year])?;
        ledger
            .within(format!("sdid weight of {year}, settled"), *weight, theirs, 1e-5)
            .because("weights of years have settled in theirs too, to their tolerance");
    }
    placebos(&panel, &sdid, &reference, ledger)
}

/// All 38 placebos against 200 random ones of R synthdid.
fn placebos(
    panel: &Panel,
    sdid: &Synthetic,
    reference: &crate::validate::files::Node,
    ledger: &mut Ledger,
) -> Result<(), Fault> {
    let options = PlaceboOptions { draws: 200, seed: 1, level: 0.95 };
    let found = placebo(panel, sdid, &options)?;
    ledger.agree("placebos", count(found.estimates.len() as u64), 38.0, 0.0);
    for draw in reference.get("placebo_se")?.list()? {
        let label = format!("placebo se, their seed {}", draw.number_at(&["seed"])?);
        ledger.agree(label, found.std_error, draw.number_at(&["sdid"])?, 0.15).because(
            "theirs draws 200 placebos, and its own draws differ by 6 per cent; here are all 38",
        );
    }
    Ok(())
}

/// pysyncon matches four predictors and looks for their weights. Its own weights give its numbers
/// on our panel, and the mean square that it leaves is not below ours, which is the least there is.
pub(crate) fn predictors(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let data = Cigarettes::read(files)?;
    let panel = data.panel()?;
    let reference = files.results("prop99_synth_pysyncon")?;
    let theirs: Result<Vec<f64>, Fault> = panel
        .controls
        .iter()
        .map(|&s| reference.number_at(&["weights", &data.states[s]]))
        .collect();
    let (theirs, california) = (theirs?, panel.treated_mean());
    let gap: Vec<f64> = (0..california.len())
        .map(|t| {
            let mixed: f64 = theirs.iter().enumerate().map(|(i, w)| w * panel.row(i)[t]).sum();
            california[t] - mixed
        })
        .collect();
    let (before, after) = gap.split_at(panel.pre.len());
    let mean = |values: &[f64]| values.iter().sum::<f64>() / count(values.len() as u64);
    let squares: Vec<f64> = before.iter().map(|g| g * g).collect();
    let (att, mspe) = (reference.number_at(&["att", "att"])?, reference.number_at(&["mspe"])?);
    let digits = "their weights, printed with eight digits";
    ledger.agree("att with their weights", mean(after), att, 1e-5).because(digits);
    ledger.agree("mspe with their weights", mean(&squares), mspe, 1e-5).because(digits);
    let ours = fitted(&panel, Model::Sc)?;
    let more = ours.pre_rmse.powi(2) - mean(&squares);
    ledger
        .within("mspe above theirs", more.max(0.0), 0.0, 0.0)
        .because("all nineteen years matched directly must leave no more than theirs");
    ledger
        .agree("att, all years matched", ours.estimate, att, 0.03)
        .because("theirs matches four predictors instead of all years; they agree to 3 per cent");
    Ok(())
}
