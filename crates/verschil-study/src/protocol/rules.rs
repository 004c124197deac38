//! What must hold between keys, one rule per row.

use super::Protocol;
use super::node::Node;
use super::report::Report;
use crate::problem::{Place, Problem};

mod definitions;
mod design;
mod files;
mod input;
mod linkage;
mod linkage_weights;
mod matching;
mod robust;

/// What a rule looks at.
pub(crate) struct Facts<'a> {
    pub(crate) protocol: &'a Protocol,
    pub(crate) root: &'a Node,
    pub(crate) report: &'a mut Report,
}

/// A rule: what must hold, and the check of it.
pub(crate) struct Rule {
    /// One sentence for the reference.
    pub(crate) sentence: &'static str,
    /// Pushes a problem where it does not hold.
    check: fn(&mut Facts<'_>),
}

const fn rule(sentence: &'static str, check: fn(&mut Facts<'_>)) -> Rule {
    Rule { sentence, check }
}

/// Every rule, in the order of the road.
pub(crate) const RULES: &[Rule] = &[
    rule("Identifiers of one kind differ from each other.", input::unique_ids),
    rule("A source's format is known from the extension of its files, or named.", input::formats),
    rule("File names are relative and use `/` (warning).", input::portable_files),
    rule("Files on object storage are named `s3://BUCKET/NAME`.", input::storage),
    rule(
        "A source's encoding is a WHATWG label, its separator is not its decimal mark.",
        input::csv_options,
    ),
    rule(
        "Two columns of a source do not read the same column of the file (warning).",
        input::columns_read_once,
    ),
    rule(
        "File names have only the placeholders `{year}`, `{version}` and `{vintage}`, each once.",
        files::placeholders,
    ),
    rule("Years are asked for as first and last, of files that name the year.", files::years),
    rule(
        "A column from a file's name has its placeholder in every name of the source.",
        files::columns_of_names,
    ),
    rule("Only text columns of SPSS and Stata files hold value labels.", files::labels),
    rule("The population's source is a declared source.", input::population_source),
    rule(
        "A person key has a name of its own, and names columns of its source that hold text; a \
         column of kinds comes with the valid ones.",
        linkage::source_keys,
    ),
    rule("A link's source is a declared source, and not the population's.", linkage::link_sources),
    rule(
        "A link is not called `register`, nor as a column of the population's source.",
        linkage::link_names,
    ),
    rule(
        "A link's `on` names columns of its source; nothing of it is called `linked`.",
        linkage::link_columns,
    ),
    rule(
        "A link with sums has no `several`, and some value under `on` differs between rows \
         (warning).",
        linkage::link_meaning,
    ),
    rule(
        "A subgroup is not called `all`, `period`, `region` or `delivery`: linkage is always \
         reported by these.",
        linkage::subgroup_names,
    ),
    rule(
        "Attributes of the register do not have the names of its other columns.",
        linkage::register_columns,
    ),
    rule(
        "Names of included files, lists of codes, the register and boundaries are relative and use \
         `/` (warning).",
        linkage::portable_documents,
    ),
    rule(
        "Weights of the linked name declared links, each of which an exclusion asks for and neither the \
         region nor the period of a row needs.",
        linkage_weights::links,
    ),
    rule(
        "Their strata are of declared subgroups, `period` and `region`; no subgroup has such a name.",
        linkage_weights::dimensions,
    ),
    rule("Their largest weight is above 1.", linkage_weights::limit),
    rule("They are not combined with frequency weights.", linkage_weights::frequency),
    rule("A cluster has a name in plural (warning).", input::cluster_label),
    rule("A window starts before it ends.", input::windows),
    rule(
        "Only a categorical covariate has a reference level, labels of levels, or missing as a \
         level.",
        input::covariate_levels,
    ),
    rule(
        "Levels are named by a declared list of codes, which describes its codes in every language \
         of the report (warning).",
        linkage::described_levels,
    ),
    rule("An outcome's domain is declared, when any domain is.", design::domains),
    rule("An outcome that is 0 or 1 has no decimals.", design::value_decimals),
    rule(
        "An alternative definition says what differs; an outcome has no two with one identifier.",
        definitions::alternatives,
    ),
    rule("A chosen definition is declared under an outcome that is.", definitions::chosen),
    rule("The start lies within the window and outside the transition.", design::start),
    rule("The transition periods lie directly before the start (warning).", design::transition),
    rule(
        "The reference period lies before the start, within the window and outside the transition.",
        design::reference,
    ),
    rule(
        "An outcome is known in the reference period and after the start (warning).",
        design::outcome_windows,
    ),
    rule("Treated regions are listed, or found by a condition; not both.", design::treated),
    rule("No region is both treated and control.", design::arms),
    rule(
        "A region that is left out of the controls would be one of them (warning).",
        design::exclusions,
    ),
    rule("Characteristics to match on are declared.", matching::known),
    rule("Matching says the number of controls in one way.", matching::counts),
    rule("Listed candidates are as many as the controls, at least.", matching::enough),
    rule(
        "The window of matching lies within the study's, and before the start (warning).",
        matching::window,
    ),
    rule("An optimal assignment is without replacement.", matching::method),
    rule("Exactly one comparison is main.", design::main_comparison),
    rule(
        "The trend rule names periods before the start, not the reference or a transition period.",
        design::trend_periods,
    ),
    rule("The trend rule can fail (warning).", design::trend_limit),
    rule("The headline method is one of the methods.", design::headline),
    rule(
        "Separate models are only asked for together with effects per region (warning).",
        design::separate,
    ),
    rule("A model fits the kind of some outcome (warning).", robust::models),
    rule(
        "A placebo start lies before the start and outside the transition, with a period before it.",
        robust::placebo_starts,
    ),
    rule("Comparisons of the specification curve are declared.", robust::curve_comparisons),
    rule(
        "The models of the specification curve are the linear one and those that fit some outcome.",
        robust::curve_models,
    ),
    rule(
        "Windows of the specification curve lie within the study's, on both sides of the start.",
        robust::curve_windows,
    ),
    rule("A specification curve has at most 50,000 combinations.", robust::curve_size),
    rule(
        "The specification curve chooses about transition periods that there are (warning).",
        robust::curve_transition,
    ),
    rule(
        "Effects per region come with a method that one treated region can bear: the permutation \
         test (warning).",
        design::one_at_a_time,
    ),
    rule(
        "Permutation within matched sets comes with a matched comparison, and draws for regions \
         within clusters with coarser clusters (warning).",
        robust::methods_without_ground,
    ),
];

/// Runs all rules.
pub(crate) fn check(protocol: &Protocol, root: &Node, report: &mut Report) {
    let mut facts = Facts { protocol, root, report };
    for rule in RULES {
        (rule.check)(&mut facts);
    }
}

impl Facts<'_> {
    /// Whether all of these paths are free of errors.
    fn sound(&self, paths: &[&str]) -> bool {
        paths.iter().all(|path| self.report.sound(path))
    }

    /// The place of a path, or of the nearest table above it.
    fn place(&self, path: &str) -> Place {
        let mut node = self.root;
        let mut place = self.root.place.clone();
        for step in path.split(['.', '[']) {
            let child = match step.strip_suffix(']').map(str::parse::<usize>) {
                Some(Ok(index)) => node.list().get(index),
                _ => node.child(step),
            };
            let Some(child) = child else { break };
            node = child;
            place = child.place.clone();
        }
        path.clone_into(&mut place.path);
        place
    }

    /// Number of items of the list at a path.
    fn count(&self, path: &str) -> usize {
        let node = path.split('.').try_fold(self.root, |node, name| node.child(name));
        node.map_or(0, |node| node.list().len())
    }

    fn push(&mut self, path: &str, problem: Problem) {
        if self.report.is_full(problem.severity) {
            return;
        }
        let place = self.place(path);
        self.report.push(problem.at(&place));
    }
}
