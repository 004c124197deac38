//! What is true: expected outcomes with and without the region being an igo.

use std::io::Write as _;
use std::path::Path;

use rayon::prelude::*;

use super::cells::{Cell, Chances};
use super::levels::Rate;
use super::model::Model;

/// The file beside the registries.
pub(super) const FILE: &str = "truth.csv";

/// The true effect on one outcome in one region and year.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Truth {
    pub(super) outcome: &'static str,
    pub(super) region: String,
    pub(super) year: i64,
    /// Change in the outcome's mean among those whom it counts.
    pub(super) effect: f64,
    /// Mean without the effect.
    pub(super) baseline: f64,
}

/// Of one pattern: the chance to be counted and to have the outcome, and the chance to be counted.
pub(super) type Part = fn(&Chances) -> (f64, f64);

fn of(chances: &Chances, rate: Rate) -> (f64, f64) {
    (chances.rate(rate), 1.0)
}

fn section(chances: &Chances) -> f64 {
    chances.rate(Rate::Planned) + chances.rate(Rate::Emergency)
}

/// Labour that starts in primary care.
fn labour(chances: &Chances) -> f64 {
    1.0 - chances.secondary_labour
}

/// The outcomes of the study, with their default denominators.
pub(super) const OUTCOMES: [(&str, Part); 22] = [
    ("u01", |c| {
        let start = c.rate(Rate::Start);
        let later = labour(c) - c.primary + c.primary * c.rate(Rate::After);
        (start * c.rate(Rate::Before) + later, start)
    }),
    ("u02", |c| (c.rate(Rate::Start) * c.rate(Rate::Before), c.rate(Rate::Start))),
    ("u03", |c| (labour(c) * c.rate(Rate::During), labour(c))),
    ("u04", |c| (c.primary * c.rate(Rate::After), c.primary)),
    ("u05", |c| of(c, Rate::Home)),
    ("u06", |c| (c.outpatient(), 1.0)),
    ("u07", |c| ((1.0 - c.primary) * (1.0 - c.unknown_secondary), 1.0)),
    ("u08", |c| of(c, Rate::Epidural)),
    ("u09", |c| of(c, Rate::Relief)),
    ("u10", |c| (1.0 - section(c) - c.rate(Rate::Instrumental), 1.0)),
    ("u11", |c| of(c, Rate::Induction)),
    ("u12", |c| (section(c), 1.0)),
    ("u13", |c| of(c, Rate::Planned)),
    ("u14", |c| of(c, Rate::Emergency)),
    ("u15", |c| of(c, Rate::Instrumental)),
    ("h16", |c| of(c, Rate::Fluxus)),
    ("h17", |c| {
        let vaginal = 1.0 - section(c);
        (vaginal * c.rate(Rate::Tear), vaginal)
    }),
    ("h18", |c| of(c, Rate::Apgar)),
    ("h19", |c| (c.rate(Rate::Preterm) + c.rate(Rate::Small) - c.rate(Rate::Both), 1.0)),
    ("h20", |c| of(c, Rate::Small)),
    ("h21", |c| of(c, Rate::Preterm)),
    ("s22", |c| of(c, Rate::Spending)),
];

/// Mean of an outcome in a cell.
fn mean(cell: &Cell, part: Part) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for (share, chances) in cell.occurring() {
        let (outcome, counted) = part(chances);
        sum += share * outcome;
        count += share * counted;
    }
    sum / count
}

/// One outcome of one region and year.
fn of_cells(model: &Model, at: usize, region: usize, year: i64, cells: &[Cell; 2]) -> Truth {
    let (outcome, part) = OUTCOMES[at];
    let baseline = mean(&cells[0], part);
    let effect = mean(&cells[1], part) - baseline;
    // what is no effect is zero, and not what is left of adding up in another order
    let effect = if effect.abs() < 1e-9 { 0.0 } else { effect };
    Truth { outcome, region: model.regions[region].code.clone(), year, effect, baseline }
}

/// The cell of a region and a year without and with what being an igo does.
fn both(model: &Model, region: usize, year: i64) -> [Cell; 2] {
    [false, true].map(|effects| Cell::new(model, region, year, effects))
}

/// One outcome of one region and year.
#[cfg(test)]
pub(super) fn truth_of(model: &Model, outcome: &str, region: usize, year: i64) -> Truth {
    let at = OUTCOMES.iter().position(|(id, _)| *id == outcome).unwrap();
    of_cells(model, at, region, year, &both(model, region, year))
}

/// Every outcome in every region that ever is an igo, in every year.
pub(super) fn truth(model: &Model) -> Vec<Truth> {
    let (first, last) = model.years();
    let igos = (0..model.regions.len()).filter(|region| model.regions[*region].igo.is_some());
    let cells: Vec<(usize, i64)> =
        igos.flat_map(|region| (first..=last).map(move |year| (region, year))).collect();
    let mut rows: Vec<(usize, Truth)> = cells
        .into_par_iter()
        .flat_map_iter(|(region, year)| {
            let cells = both(model, region, year);
            let all = 0..OUTCOMES.len();
            all.map(move |at| (at, of_cells(model, at, region, year, &cells)))
        })
        .collect();
    rows.sort_by(|a, b| (a.0, &a.1.region, a.1.year).cmp(&(b.0, &b.1.region, b.1.year)));
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Writes the rows with nine decimals.
pub(super) fn write(rows: &[Truth], path: &Path) -> std::io::Result<()> {
    let mut text = Vec::new();
    writeln!(text, "outcome,region,year,effect,baseline")?;
    for row in rows {
        let Truth { outcome, region, year, effect, baseline } = row;
        writeln!(text, "{outcome},{region},{year},{effect:.9},{baseline:.9}")?;
    }
    std::fs::write(path, text)
}
