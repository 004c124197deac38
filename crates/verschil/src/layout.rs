//! The protocol's words on regions and periods, found in the data.

use std::collections::BTreeSet;

use verschil_registry::Extract;
use verschil_stats::did::Setting;
use verschil_stats::grams::Grams;
use verschil_study::{Comparison, CovariateKind, Place, Problem, Protocol, nearest};

use crate::regions::{self, Chosen};

/// Where everything stands in the Grams.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Treated regions.
    pub treated: Vec<usize>,
    /// Control regions of each comparison, in the order of the protocol.
    pub controls: Vec<Vec<usize>>,
    /// For each comparison how its controls were chosen, where they were.
    pub chosen: Vec<Option<Chosen>>,
    /// Periods before the start.
    pub pre: Vec<usize>,
    /// Periods that are dropped.
    pub transition: Vec<usize>,
    /// Periods from the start.
    pub post: Vec<usize>,
    /// Reference period.
    pub reference: usize,
    /// Covariate columns left out as reference levels.
    pub references: Vec<usize>,
    /// What a reader should know but nothing stops at.
    pub warnings: Vec<Problem>,
}

impl Layout {
    /// Finds the protocol's regions and periods.
    ///
    /// # Errors
    /// Every name and period that the data do not have.
    pub fn new(protocol: &Protocol, extract: &Extract) -> Result<Self, Vec<Problem>> {
        let grams = &extract.grams;
        if grams.slices.is_empty() {
            let place = &protocol.population.place;
            return Err(vec![
                Problem::error("no-rows", "no row is left of the population")
                    .at(place)
                    .hint("the attrition says which step left all out; check its condition"),
            ]);
        }
        let mut problems = Vec::new();
        let treated = treated(protocol, extract, &mut problems);
        let mut groups = Vec::new();
        let mut chosen = Vec::new();
        for comparison in &protocol.comparisons {
            let pool = controls(comparison, extract, &treated, &mut problems);
            let found = choose(protocol, extract, comparison, &treated, &pool, &mut problems);
            groups.push(found.as_ref().map_or(pool, |found| found.controls(grams)));
            chosen.push(found);
        }
        let reference = periods(protocol, grams, &mut problems);
        let references = reference_levels(protocol, grams, &mut problems);
        let Some(reference) = reference.filter(|_| problems.is_empty()) else {
            return Err(problems);
        };
        let start = protocol.treatment.start;
        let dropped = |p: &i64| protocol.treatment.transition.contains(p);
        let phase = |keep: &dyn Fn(&i64) -> bool| -> Vec<usize> {
            (0..grams.periods.len()).filter(|&t| keep(&grams.periods[t])).collect()
        };
        Ok(Self {
            warnings: warnings(protocol, grams, &chosen),
            treated,
            controls: groups,
            chosen,
            pre: phase(&|p| !dropped(p) && *p < start),
            transition: phase(&dropped),
            post: phase(&|p| !dropped(p) && *p >= start),
            reference,
            references,
        })
    }

    /// The setting of one comparison.
    #[must_use]
    pub fn setting(&self, comparison: usize) -> Setting {
        Setting {
            treated: self.treated.clone(),
            controls: self.controls[comparison].clone(),
            pre: self.pre.clone(),
            post: self.post.clone(),
            reference: self.reference,
            references: self.references.clone(),
        }
    }
}

/// The problem of a code without rows: all of them met an exclusion, or there never was one.
fn no_region(code: &str, place: &Place, extract: &Extract) -> Problem {
    let grams = &extract.grams;
    if let Some(gone) = extract.told.gone.iter().find(|gone| gone.region == code) {
        return Problem::error("excluded-region", "exclusions left no row of this region")
            .at(place)
            .found(format!("{code}: {} rows, most of them by `{}`", gone.rows, gone.exclusion))
            .allowed("regions of the population")
            .hint("change that exclusion, or do not name the region");
    }
    let problem = Problem::error("unknown-region", "no row of the population is in this region")
        .at(place)
        .found(code.to_owned());
    match nearest(code, grams.regions.iter().map(String::as_str)) {
        Some(near) => problem.hint(format!("did you mean `{near}`?")),
        None => problem.hint("write the code as [region] value gives it"),
    }
}

fn treated(protocol: &Protocol, extract: &Extract, problems: &mut Vec<Problem>) -> Vec<usize> {
    let (treatment, grams) = (&protocol.treatment, &extract.grams);
    if let (Some(condition), Some(codes)) = (&treatment.condition, &extract.treated) {
        if codes.is_empty() {
            problems.push(
                Problem::error("nothing-treated", "the condition holds in no region")
                    .at(&condition.place)
                    .hint("compare it with the values of the columns that it names"),
            );
        }
        return codes.iter().filter_map(|code| grams.region(code)).collect();
    }
    let mut found = BTreeSet::new();
    for (code, place) in treatment.regions.iter().zip(&treatment.region_places) {
        match grams.region(code) {
            Some(region) => drop(found.insert(region)),
            None => problems.push(no_region(code, place, extract)),
        }
    }
    found.into_iter().collect()
}

fn controls(
    comparison: &Comparison,
    extract: &Extract,
    treated: &[usize],
    problems: &mut Vec<Problem>,
) -> Vec<usize> {
    let grams = &extract.grams;
    let before = problems.len();
    let mut find = |code: &String| {
        let region = grams.region(code);
        if region.is_none() {
            problems.push(no_region(code, &comparison.place, extract));
        }
        region
    };
    let named: BTreeSet<usize> = match &comparison.regions {
        Some(codes) => codes.iter().filter_map(&mut find).collect(),
        None => (0..grams.regions.len()).collect(),
    };
    let excluded: BTreeSet<usize> = comparison.exclude.iter().filter_map(&mut find).collect();
    let left: Vec<usize> = named
        .into_iter()
        .filter(|region| !excluded.contains(region) && !treated.contains(region))
        .collect();
    if left.is_empty() && problems.len() == before {
        problems.push(
            Problem::error("no-controls", "no region is left to compare with")
                .at(&comparison.place)
                .found(format!("{} regions, all of them treated or excluded", grams.regions.len()))
                .hint("a comparison needs regions without the intervention"),
        );
    }
    left
}

/// Chooses controls among the pool, where the comparison asks for it.
fn choose(
    protocol: &Protocol,
    extract: &Extract,
    comparison: &Comparison,
    treated: &[usize],
    pool: &[usize],
    problems: &mut Vec<Problem>,
) -> Option<Chosen> {
    let matching = comparison.matching.as_ref()?;
    if treated.is_empty() || pool.is_empty() {
        return None;
    }
    match regions::chosen(protocol, extract, matching, treated, pool) {
        Ok(chosen) => Some(chosen),
        Err(found) => {
            problems.extend(found);
            None
        }
    }
}

/// Checks start and reference against the data; the position of the reference period.
fn periods(protocol: &Protocol, grams: &Grams, problems: &mut Vec<Problem>) -> Option<usize> {
    let (Some(&first), Some(&last)) = (grams.periods.first(), grams.periods.last()) else {
        return None;
    };
    let start = protocol.treatment.start;
    if start <= first || start > last {
        problems.push(
            Problem::error("start-outside", "the start of treatment is outside the data")
                .at(&protocol.treatment.place)
                .found(start.to_string())
                .allowed(format!("after {first}, at most {last}"))
                .hint("the data must hold periods before the start and from it on"),
        );
    }
    let wanted = protocol.analysis.reference_period;
    let found = grams.period(wanted);
    if found.is_none() {
        problems.push(
            Problem::error("no-reference-period", "the data have no rows in the reference period")
                .at(&protocol.analysis.place)
                .found(wanted.to_string())
                .allowed(format!("a period of the data before the start, from {first}")),
        );
    }
    found
}

/// For each categorical covariate the column that is left out.
fn reference_levels(protocol: &Protocol, grams: &Grams, problems: &mut Vec<Problem>) -> Vec<usize> {
    let mut references = Vec::new();
    for (at, covariate) in protocol.covariates.iter().enumerate() {
        if covariate.kind != CovariateKind::Categorical {
            continue;
        }
        let mut levels: Vec<(&str, usize)> = grams
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.covariate == at)
            .filter_map(|(position, column)| Some((column.level.as_deref()?, position)))
            .collect();
        levels.sort_unstable();
        let wanted = covariate.reference.as_deref();
        let chosen = match wanted {
            None => levels.first(),
            Some(wanted) => levels.iter().find(|(level, _)| *level == wanted),
        };
        match (chosen, wanted) {
            (Some((_, position)), _) => references.push(*position),
            (None, Some(wanted)) => {
                let near = nearest(wanted, levels.iter().map(|(level, _)| *level));
                let hint = near.map_or(String::new(), |near| format!("did you mean `{near}`?"));
                problems.push(
                    Problem::error("unknown-level", "no row has the reference level")
                        .at(&covariate.place)
                        .found(wanted.to_owned())
                        .hint(hint),
                );
            }
            (None, None) => {}
        }
    }
    references
}

fn warnings(protocol: &Protocol, grams: &Grams, chosen: &[Option<Chosen>]) -> Vec<Problem> {
    let mut warnings: Vec<Problem> = protocol
        .comparisons
        .iter()
        .zip(chosen)
        .filter_map(|(comparison, chosen)| chosen_twice(comparison, chosen.as_ref()?))
        .collect();
    let folded: Vec<String> =
        grams.regions.iter().map(|region| region.trim().to_lowercase()).collect();
    let alike = (1..folded.len()).flat_map(|i| (0..i).map(move |j| (j, i)));
    for (a, b) in alike.filter(|&(a, b)| folded[a] == folded[b]) {
        warnings.push(
            Problem::warning("alike-regions", "two region codes differ in case or spaces only")
                .at(&protocol.region.value.place)
                .found(format!("`{}` and `{}`", grams.regions[a], grams.regions[b]))
                .hint("if they are one region, write the value as upper(trim(...))"),
        );
    }
    let absent: Vec<String> = protocol
        .trend_rule
        .iter()
        .flat_map(|rule| &rule.periods)
        .filter(|period| grams.period(**period).is_none())
        .map(ToString::to_string)
        .collect();
    if let Some(rule) = protocol.trend_rule.as_ref().filter(|_| !absent.is_empty()) {
        warnings.push(
            Problem::warning("trend-periods", "the trend rule names periods without data")
                .at(&rule.place)
                .found(absent.join(", ")),
        );
    }
    warnings
}

/// Controls that serve several treated regions: the models weigh every region by its rows.
fn chosen_twice(comparison: &Comparison, chosen: &Chosen) -> Option<Problem> {
    let twice = chosen.matched.weights().iter().filter(|(_, uses)| *uses > 1.0).count();
    let place = &comparison.matching.as_ref()?.place;
    (twice > 0).then(|| {
        Problem::warning("chosen-twice", "some controls serve several treated regions")
            .at(place)
            .found(format!("{twice} regions of comparison `{}`", comparison.id))
            .hint("each counts once in the models, as often as it has rows")
    })
}
