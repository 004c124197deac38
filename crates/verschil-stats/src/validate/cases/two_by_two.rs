//! Two groups in two periods: the interaction of the saturated regression is the effect.
//!
//! Standard errors of these references are unclustered (classical, HC), which this engine does not
//! offer: its clusters hold whole groups.

use std::collections::BTreeMap;

use crate::fit::Fit;
use crate::grams::Grams;
use crate::validate::files::Node;
use crate::validate::tables::{Columns, Table, indicator, normal};
use crate::validate::{ESTIMATE, Fault, Files, Ledger};

pub(crate) const HOUSES: &str = "data/wooldridge/kielmc.csv";
pub(crate) const RESTAURANTS: &str = "data/card_krueger/card_krueger_store_wave.csv";

/// Column of groups, column of periods, both 0 and 1.
type Pair = (&'static str, &'static str);

const HOUSING: Pair = ("nearinc", "y81");
const WAVES: Pair = ("nj", "d");

fn interaction(
    table: &Table,
    (region, period): Pair,
    outcome: &str,
    covariates: &[&str],
) -> Result<f64, Fault> {
    let columns = Columns { region, period, outcome, covariates };
    interaction_of(&table.unweighted(&columns)?)
}

/// The coefficient of group 1 in period 1.
pub(super) fn interaction_of(grams: &Grams) -> Result<f64, Fault> {
    let inside = |group: &str, period: i64| group.trim_end_matches(".0") == "1" && period == 1;
    let term = indicator(grams, "interaction", inside);
    Ok(Fit::new(normal(grams, &[term])).coefficient(0, 0)?)
}

/// The term of a regression that is an interaction.
fn theirs(model: &Node) -> Result<f64, Fault> {
    for term in model.list()? {
        if term.get("term")?.text()?.contains(':') {
            return term.number_at(&["estimate"]);
        }
    }
    model.find("term", "an interaction")?.number()
}

pub(crate) fn houses(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let table = files.table(HOUSES)?;
    let reference = files.results("kielmc_did")?;
    let all = ["age", "agesq", "lintst", "lland", "larea", "rooms", "baths"];
    for (model, outcome, covariates) in
        [("m1", "rprice", &[][..]), ("m2", "rprice", &all[..2]), ("m3", "lprice", &all[..])]
    {
        let ours = interaction(&table, HOUSING, outcome, covariates)?;
        ledger.agree(format!("{model} estimate"), ours, theirs(&reference.get(model)?)?, ESTIMATE);
    }
    Ok(())
}

pub(crate) fn houses_printed(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let table = files.table(HOUSES)?;
    let printed = files.results("published_textbook_did")?.get("kielmc_rprice")?;
    for (key, covariates, digits) in
        [("no_controls", &[][..], 0.05), ("age_controls", &["age", "agesq"][..], 0.005)]
    {
        let ours = interaction(&table, HOUSING, "rprice", covariates)?;
        ledger
            .within(format!("{key} estimate"), ours, printed.number_at(&[key, "0"])?, digits)
            .because("half a unit of the last digit printed");
    }
    Ok(())
}

pub(crate) fn restaurants(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let table = files.table(RESTAURANTS)?;
    let reference = files.results("card_krueger_did")?;
    let all = ["kfc", "roys", "wendys", "co_owned", "southj", "centralj", "pa1"];
    for (model, covariates) in [("m1", &[][..]), ("m2", &all[..4]), ("m3", &all[..])] {
        let ours = interaction(&table, WAVES, "fte", covariates)?;
        ledger.agree(format!("{model} estimate"), ours, theirs(&reference.get(model)?)?, ESTIMATE);
    }
    // with both waves of each store the interaction is the first difference
    let (stores, employed) = (table.texts("id")?, table.column("fte")?);
    let mut waves: BTreeMap<&str, usize> = BTreeMap::new();
    for (store, _) in stores.iter().zip(&employed).filter(|(_, employed)| employed.is_some()) {
        *waves.entry(store).or_default() += 1;
    }
    let twice = |row: usize| waves.get(stores[row]).is_some_and(|&waves| waves == 2);
    let both = table.keep("stores in both waves", twice)?;
    let difference = reference.get("fd")?.find("term", "nj")?.number_at(&["estimate"])?;
    let ours = interaction(&both, WAVES, "fte", &[])?;
    ledger.agree("fd estimate", ours, difference, ESTIMATE);
    Ok(())
}

pub(crate) fn restaurants_printed(files: &Files, ledger: &mut Ledger) -> Result<(), Fault> {
    let table = files.table(RESTAURANTS)?;
    let printed = files.results("published_textbook_did")?.get("card_krueger_fte")?;
    let ours = interaction(&table, WAVES, "fte", &[])?;
    ledger
        .within("estimate", ours, printed.number_at(&["did"])?, 0.0075)
        .because("the article's difference of means that are each rounded to two digits");
    Ok(())
}
