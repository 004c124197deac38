//! From a document of the right shape to a protocol; placeholders stand where there were errors.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::node::Node;
use super::view::{Reading, View};
use super::{
    Analysis, Better, ColumnKind, Comparison, Covariate, CovariateKind, CovariateSets, Domain,
    Exclusion, Format, Link, MissingRule, Model, Outcome, OutcomeKind, PeriodSpec, Population,
    Protocol, RegionSpec, RelativeBase, ReportSpec, SmallSample, Source, SourceColumn,
    SpecificationCurve, Study, SyntheticModel, TransitionChoice, Treatment, TrendRule, WeightKind,
    Weights, WildWeights,
};
use crate::expression::Columns;
use crate::results::Text;

mod definitions;
pub(crate) mod linkage;
pub(crate) mod regions;

/// Decodes the whole document.
pub(crate) fn protocol(reading: &mut Reading<'_>, root: &Node) -> Protocol {
    let section = |pattern: &'static str| View::new(pattern, root.child(pattern));
    let top = View::new("", Some(root));
    let report = report_spec(section("report"));
    reading.languages.clone_from(&report.languages);
    let study = study(reading, section("study"));
    let codelists = linkage::codelists(reading, &top);
    reading.lists = linkage::code_lists(&codelists);
    let sources = sources(&top);
    let lists = Arc::clone(&reading.lists);
    let base = columns(&sources, &section("population").word("source")).with_lists(lists);
    // each of these makes more names known to what is read after it
    reading.columns = base.clone();
    let links = linkage::links(reading, section("population"), &sources);
    let period = period(reading, section("period"));
    let (region, attributes) = region(reading, section("region"), base);
    let subgroups = linkage::subgroups(reading, &top, attributes);
    let mut outcomes = each(reading, &top, "outcome", outcome);
    definitions::apply(&mut outcomes, &section("definitions"));
    Protocol {
        population: population(reading, section("population"), links),
        linkage_weights: linkage::weights(section("linkage_weights"), &subgroups),
        subgroups,
        weights: weights(reading, section("weights")),
        covariates: each(reading, &top, "covariate", covariate),
        domains: each(reading, &top, "domain", domain),
        identities: definitions::identities(reading, &top, &outcomes),
        characteristics: each(reading, &top, "characteristic", regions::characteristic),
        treatment: treatment(reading, section("treatment")),
        comparisons: comparisons(reading, &top),
        trend_rule: trend_rule(section("trend_rule")),
        analysis: analysis(section("analysis")),
        specification_curve: specification_curve(section("specification_curve")),
        study,
        codelists,
        sources,
        period,
        region,
        outcomes,
        report,
    }
}

fn each<T>(
    reading: &mut Reading<'_>,
    top: &View<'_>,
    name: &'static str,
    read: fn(&mut Reading<'_>, View<'_>) -> T,
) -> Vec<T> {
    top.tables(name, name).into_iter().map(|view| read(reading, view)).collect()
}

/// Columns of the population's source; of all sources when that is unknown.
fn columns(sources: &[Source], source: &str) -> Columns {
    let is_known = sources.iter().any(|known| known.name == source);
    let used = sources.iter().filter(|known| !is_known || known.name == source);
    Columns::new(used.flat_map(linkage::names))
}

fn study(reading: &mut Reading<'_>, view: View<'_>) -> Study {
    Study {
        id: view.word("id"),
        title: view.text(reading, "title"),
        question: view.text(reading, "question"),
        intervention: view.text(reading, "intervention"),
        units: view.text(reading, "units"),
        data: view.text(reading, "data"),
        limitations: view.text(reading, "limitations"),
        references: view.words("references"),
        synthetic: view.flag("synthetic"),
        blind: view.flag("blind"),
    }
}

fn sources(top: &View<'_>) -> Vec<Source> {
    top.named("sources")
        .iter()
        .map(|(name, node)| {
            let view = View::new("sources.*", Some(node));
            let files = view.words("files");
            let by_name = files.first().and_then(|file| format_of(file)).unwrap_or(Format::Csv);
            Source {
                name: name.clone(),
                format: view.choice("format", Format::from_id, by_name),
                files,
                years: years(&view.integers("years")),
                separator: view.character("separator"),
                decimal: view.character("decimal"),
                encoding: view.word("encoding"),
                missing: view.words("missing"),
                columns: view.named("columns").iter().map(source_column).collect(),
                keys: linkage::source_keys(&view),
                place: node.place.clone(),
            }
        })
        .collect()
}

/// First and last year of a list of one or two.
fn years(years: &[i64]) -> Option<(i64, i64)> {
    years.first().copied().zip(years.last().copied())
}

/// The format that belongs to a file's extension.
pub(crate) fn format_of(file: &str) -> Option<Format> {
    let extension = file.rsplit(['/', '\\']).next()?.rsplit_once('.')?.1.to_lowercase();
    match extension.as_str() {
        "csv" | "tsv" | "txt" => Some(Format::Csv),
        "parquet" | "pq" => Some(Format::Parquet),
        "sav" | "zsav" => Some(Format::Sav),
        "dta" => Some(Format::Dta),
        _ => None,
    }
}

fn source_column((name, node): &(String, Node)) -> SourceColumn {
    let view = View::new("sources.*.columns.*", Some(node));
    let kind = node.text().map_or_else(|| view.word("kind"), str::to_owned);
    SourceColumn {
        name: name.clone(),
        kind: ColumnKind::from_id(&kind).unwrap_or(ColumnKind::Text),
        from: view.maybe_word("from").unwrap_or_else(|| name.clone()),
        labels: view.flag("labels"),
        place: node.key.clone().unwrap_or_else(|| node.place.clone()),
    }
}

fn population(reading: &mut Reading<'_>, view: View<'_>, links: Vec<Link>) -> Population {
    let exclusions = view.tables("population.exclude", "exclude");
    Population {
        source: view.word("source"),
        exclusions: exclusions
            .into_iter()
            .map(|view| Exclusion {
                id: view.word("id"),
                label: view.text(reading, "label"),
                condition: view.expression(reading, "where"),
            })
            .collect(),
        links,
        place: view.place(),
    }
}

fn or(text: Text, otherwise: &Text) -> Text {
    if text.is_empty() { otherwise.clone() } else { text }
}

/// The region, and what is known of a row that is linked to nothing: `base` and the attributes of
/// its region.
fn region(reading: &mut Reading<'_>, view: View<'_>, base: Columns) -> (RegionSpec, Columns) {
    let label = view.text(reading, "label");
    let plural = or(view.text(reading, "plural"), &label);
    let value = view.expression(reading, "value");
    let register_view = view.inner("region.register", "register");
    let attributes = reading.within(base, |reading| {
        regions::register(reading, register_view);
        reading.columns.clone()
    });
    let spec = RegionSpec {
        value,
        register: regions::register(reading, register_view),
        boundaries: regions::outlines(view.inner("region.boundaries", "boundaries")),
        cluster: view.maybe_expression(reading, "cluster"),
        cluster_plural: or(view.text(reading, "cluster_plural"), &plural),
        label,
        plural,
        names: texts(reading, &view, "names"),
    };
    (spec, attributes)
}

fn period(reading: &mut Reading<'_>, view: View<'_>) -> PeriodSpec {
    let names: BTreeMap<i64, Text> = view
        .named("names")
        .iter()
        .filter_map(|(number, node)| Some((number.parse().ok()?, reading.localized(node))))
        .collect();
    PeriodSpec {
        value: view.expression(reading, "value"),
        label: view.text(reading, "label"),
        first: view.maybe_integer("first"),
        last: view.maybe_integer("last"),
        names,
    }
}

fn weights(reading: &mut Reading<'_>, view: View<'_>) -> Option<Weights> {
    view.exists().then(|| Weights {
        kind: view.choice("kind", WeightKind::from_id, WeightKind::Analytic),
        value: view.expression(reading, "value"),
        label: view.text(reading, "label"),
    })
}

fn covariate(reading: &mut Reading<'_>, view: View<'_>) -> Covariate {
    Covariate {
        id: view.word("id"),
        kind: view.choice("kind", CovariateKind::from_id, CovariateKind::Categorical),
        value: view.expression(reading, "value"),
        reference: view.maybe_word("reference"),
        missing: view.choice("missing", MissingRule::from_id, MissingRule::Drop),
        label: view.text(reading, "label"),
        codelist: view.maybe_word("codelist"),
        levels: texts(reading, &view, "levels"),
        place: view.place(),
    }
}

/// Texts under names that the author chooses.
fn texts(reading: &mut Reading<'_>, view: &View<'_>, name: &str) -> BTreeMap<String, Text> {
    let named = view.named(name).iter();
    named.map(|(name, node)| (name.clone(), reading.localized(node))).collect()
}

fn domain(reading: &mut Reading<'_>, view: View<'_>) -> Domain {
    Domain { id: view.word("id"), label: view.text(reading, "label") }
}

fn outcome(reading: &mut Reading<'_>, view: View<'_>) -> Outcome {
    let label = view.text(reading, "label");
    Outcome {
        id: view.word("id"),
        domain: view.word("domain"),
        kind: view.choice("kind", OutcomeKind::from_id, OutcomeKind::Continuous),
        value: view.expression(reading, "value"),
        among: view.maybe_expression(reading, "among"),
        first: view.maybe_integer("first"),
        last: view.maybe_integer("last"),
        value_decimals: view.maybe_integer("value_decimals").and_then(|n| u8::try_from(n).ok()),
        smallest_relevant_effect: view.maybe_number("smallest_relevant_effect"),
        better: view.choice("better", Better::from_id, Better::Neither),
        phrase: or(view.text(reading, "phrase"), &label),
        label,
        explanation: view.text(reading, "explanation"),
        unit: view.text(reading, "unit"),
        relative: view.flag("relative"),
        decimals: u8::try_from(view.integer("decimals")).unwrap_or_default(),
        alternatives: view
            .tables("outcome.alternative", "alternative")
            .into_iter()
            .map(|view| definitions::alternative(reading, view))
            .collect(),
        definition: None,
        place: view.place(),
    }
}

fn treatment(reading: &mut Reading<'_>, view: View<'_>) -> Treatment {
    Treatment {
        start: view.integer("start"),
        regions: view.words("regions"),
        condition: view.maybe_expression(reading, "where"),
        transition: view.integers("transition"),
        place: view.place(),
        region_places: view.item_places("regions"),
    }
}

fn comparisons(reading: &mut Reading<'_>, top: &View<'_>) -> Vec<Comparison> {
    let mut comparisons = each(reading, top, "comparison", comparison);
    if comparisons.is_empty() {
        let label = [("nl", "Alle andere regio's"), ("en", "All other regions")];
        comparisons.push(Comparison {
            id: "all".to_owned(),
            label: Text(label.map(|(code, text)| (code.to_owned(), text.to_owned())).into()),
            main: true,
            regions: None,
            exclude: Vec::new(),
            matching: None,
            place: top.place(),
        });
    }
    if let [only] = comparisons.as_mut_slice() {
        only.main = true;
    }
    comparisons
}

fn comparison(reading: &mut Reading<'_>, view: View<'_>) -> Comparison {
    Comparison {
        id: view.word("id"),
        label: view.text(reading, "label"),
        main: view.flag("main"),
        regions: view.has("regions").then(|| view.words("regions")),
        exclude: view.words("exclude"),
        matching: regions::matching(view.inner("comparison.match", "match")),
        place: view.place(),
    }
}

fn trend_rule(view: View<'_>) -> Option<TrendRule> {
    view.exists().then(|| TrendRule {
        periods: view.integers("periods"),
        max_significant: view.count("max_significant"),
        alpha: view.number("alpha"),
        place: view.place(),
    })
}

fn analysis(view: View<'_>) -> Analysis {
    Analysis {
        reference_period: view.integer("reference_period"),
        level: view.number("level"),
        methods: view.words("methods"),
        headline: view.word("headline"),
        small_sample: view.choice("small_sample", SmallSample::from_id, SmallSample::Fixest),
        relative_base: view.choice("relative_base", RelativeBase::from_id, RelativeBase::PreMean),
        per_region: view.flag("per_region"),
        separate: view.flag("separate"),
        per_period: view.flag("per_period"),
        event_study: view.flag("event_study"),
        wild_draws: view.count("wild_draws"),
        wild_weights: view.choice("wild_weights", WildWeights::from_id, WildWeights::Rademacher),
        permutation_budget: view.count("permutation_budget"),
        models: view.choices("models", Model::from_id),
        synthetic: view.choices("synthetic", SyntheticModel::from_id),
        leave_one_out: view.flag("leave_one_out"),
        placebo_starts: view.integers("placebo_starts"),
        honest_bounds: view.flag("honest_bounds"),
        power: view.number("power"),
        place: view.place(),
    }
}

fn specification_curve(view: View<'_>) -> Option<SpecificationCurve> {
    view.exists().then(|| SpecificationCurve {
        comparisons: view.words("comparisons"),
        covariates: view.choices("covariates", CovariateSets::from_id),
        first: view.integers("first"),
        last: view.integers("last"),
        transition: view.choices("transition", TransitionChoice::from_id),
        models: view.choices("models", Model::from_id),
        permutations: view.count("permutations"),
        place: view.place(),
    })
}

fn report_spec(view: View<'_>) -> ReportSpec {
    ReportSpec { languages: view.words("languages") }
}
