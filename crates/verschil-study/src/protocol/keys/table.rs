//! The rows of the table of keys, in the order of the road.

use super::Kind::{
    Boolean, Character, Choice, ChoiceOrTable, Id, Integer, List, Named, Share, Sql, Table, Tables,
    Text, Word,
};
use super::Presence::{Default, Derived, Optional, Required};
use super::{Item, Key, Kind, Naming, Presence};
use crate::protocol::choice::Options;
use crate::protocol::{
    Better, ColumnKind, CovariateKind, Format, LANGUAGES, METHODS, MissingRule, OutcomeKind,
    RelativeBase, SmallSample, WeightKind, WildWeights,
};

const DECIMAL_MARKS: Options = &[(".", "A point."), (",", "A comma.")];

const ANY_INTEGER: Kind = Integer(i64::MIN, i64::MAX);

const fn key(
    path: &'static str,
    kind: Kind,
    presence: Presence,
    doc: &'static str,
    example: &'static str,
) -> Key {
    Key { path, kind, presence, doc, example }
}

/// Every key of the protocol.
#[rustfmt::skip]
pub(crate) const KEYS: &[Key] = &[
    key("study", Table, Required, "Who asks what.", ""),
    key("study.id", Id, Required, "Identifier of the study, used in file names.", r#""castle""#),
    key("study.title", Text, Required, "Title of the study.", r#"{ nl = "Castle-doctrine-wetten en moord", en = "Castle-doctrine laws and homicide" }"#),
    key("study.question", Text, Required, "The question the study asks, one sentence.", r#"{ en = "Did the laws change the homicide rate?" }"#),
    key("study.intervention", Text, Required, "What was changed, a noun phrase in running text.", r#"{ en = "the castle-doctrine laws of 2006" }"#),
    key("study.units", Text, Required, "What one counted unit is, in plural.", r#"{ en = "state-years" }"#),
    key("study.data", Text, Required, "Where the data come from.", r#"{ en = "FBI Uniform Crime Reports" }"#),
    key("study.limitations", Text, Optional, "Limitations that the authors wish to state themselves.", r#"{ en = "Only reported homicides are counted." }"#),
    key("study.references", List(Item::Word, 0), Default("[]"), "Sources and literature of the study.", r#"["Cheng & Hoekstra (2013)"]"#),

    key("sources", Named(Naming::Id), Required, "Sources of data, each under a name of its own.", ""),
    key("sources.*", Table, Optional, "One source: files that have the same columns.", ""),
    key("sources.*.files", List(Item::Word, 1), Required, "Files or patterns of them, relative to the folder of the protocol. `*` and `?` stand for any text and any character; `{year}`, `{version}` and `{vintage}` for parts that mean something.", r#"["births_{vintage}_{year}V{version}.sav"]"#),
    key("sources.*.years", List(Item::Integer, 1), Optional, "First and last year of which there must be a file; needs `{year}` in the names.", "[2008, 2021]"),
    key("sources.*.format", Choice(Format::OPTIONS), Derived("the files' extension: .csv, .tsv, .txt, .parquet, .pq, .sav, .zsav or .dta"), "How the files are written.", r#""csv""#),
    key("sources.*.separator", Character, Default(r#"",""#), "Separator between values (CSV).", r#"";""#),
    key("sources.*.decimal", Choice(DECIMAL_MARKS), Default(r#"".""#), "Decimal mark (CSV).", r#"",""#),
    key("sources.*.encoding", Word, Default(r#""utf-8""#), "Character encoding, a WHATWG label (CSV).", r#""windows-1252""#),
    key("sources.*.missing", List(Item::Any, 0), Default(r#"[""]"#), "Texts that mean a missing value (CSV).", r#"["", "NA"]"#),
    key("sources.*.columns", Named(Naming::Any), Required, "Columns that expressions may use; others in the file are never read.", ""),
    key("sources.*.columns.*", ChoiceOrTable(ColumnKind::OPTIONS), Optional, "What the column holds, or a table that also gives its name in the file.", r#""integer""#),
    key("sources.*.columns.*.kind", Choice(ColumnKind::OPTIONS), Required, "What the column holds.", r#""integer""#),
    key("sources.*.columns.*.from", Word, Derived("the column's own name"), "Name of the column in the file, matched exactly, else in any case; or `{year}`, `{version}` or `{vintage}` from the file's name.", r#""effective year""#),
    key("sources.*.columns.*.labels", Boolean, Default("false"), "Whether the column holds value labels instead of codes (SPSS and Stata).", "true"),

    key("population", Table, Required, "Who is studied.", ""),
    key("population.source", Id, Required, "Name of the source that has one row per unit.", r#""states""#),
    key("population.exclude", Tables, Optional, "Rows that are left out, step by step, in this order.", ""),
    key("population.exclude.id", Id, Required, "Identifier of the step.", r#""other_adopters""#),
    key("population.exclude.label", Text, Required, "Label of the step in the flow diagram.", r#"{ en = "States that adopted in other years" }"#),
    key("population.exclude.where", Sql, Required, "Rows for which this condition holds are left out.", r#""effyear IS NOT NULL AND effyear <> 2006""#),

    key("region", Table, Required, "What a region is: the level at which the intervention was brought in.", ""),
    key("region.value", Sql, Required, "The region's code, for each row.", r#""state""#),
    key("region.cluster", Sql, Derived("the region itself"), "The cluster of standard errors, for each row, when it is not the region.", r#""province""#),
    key("region.label", Text, Required, "What a region is, in singular.", r#"{ nl = "staat", en = "state" }"#),
    key("region.plural", Text, Derived("region.label"), "What regions are, in plural.", r#"{ nl = "staten", en = "states" }"#),
    key("region.cluster_plural", Text, Derived("region.plural"), "What clusters are, in plural, when they are not the regions.", r#"{ nl = "provincies", en = "provinces" }"#),
    key("region.names", Named(Naming::Any), Optional, "Labels of regions, by code.", ""),
    key("region.names.*", Text, Optional, "Label of the region with this code.", r#""Florida""#),

    key("period", Table, Required, "What a period is.", ""),
    key("period.value", Sql, Required, "The period, a whole number, for each row.", r#""year""#),
    key("period.label", Text, Required, "What a period is, in singular.", r#"{ nl = "jaar", en = "year" }"#),
    key("period.first", ANY_INTEGER, Derived("the first period in the data"), "First period of the study's window.", "2000"),
    key("period.last", ANY_INTEGER, Derived("the last period in the data"), "Last period of the study's window.", "2010"),
    key("period.names", Named(Naming::Integer), Optional, "Labels of periods, by number.", ""),
    key("period.names.*", Text, Optional, "Label of the period with this number.", r#""2006 (half year)""#),

    key("weights", Table, Optional, "Weights of rows; without it every row counts once.", ""),
    key("weights.kind", Choice(WeightKind::OPTIONS), Required, "What a weight means.", r#""analytic""#),
    key("weights.value", Sql, Required, "The weight, for each row.", r#""popwt""#),
    key("weights.label", Text, Required, "What the weights are.", r#"{ nl = "bevolking", en = "state population" }"#),

    key("covariate", Tables, Optional, "Covariates of the model.", ""),
    key("covariate.id", Id, Required, "Identifier of the covariate.", r#""police""#),
    key("covariate.kind", Choice(CovariateKind::OPTIONS), Required, "How the covariate enters the model.", r#""numeric""#),
    key("covariate.value", Sql, Required, "The covariate, for each row.", r#""l_police""#),
    key("covariate.reference", Word, Derived("the first level in order"), "Reference level (categorical covariates only).", r#""1""#),
    key("covariate.missing", Choice(MissingRule::OPTIONS), Default(r#""drop""#), "What happens to a row whose covariate is missing.", r#""level""#),
    key("covariate.label", Text, Required, "Label of the covariate.", r#"{ en = "police per head (log)" }"#),

    key("domain", Tables, Optional, "Headings under which outcomes are shown.", ""),
    key("domain.id", Id, Required, "Identifier of the domain.", r#""crime""#),
    key("domain.label", Text, Required, "Label of the domain.", r#"{ nl = "Criminaliteit", en = "Crime" }"#),

    key("outcome", Tables, Required, "Outcomes: each is estimated in the same way.", ""),
    key("outcome.id", Id, Required, "Identifier of the outcome.", r#""l_homicide""#),
    key("outcome.domain", Id, Default(r#""main""#), "Domain under which it is shown.", r#""crime""#),
    key("outcome.kind", Choice(OutcomeKind::OPTIONS), Required, "What the outcome is.", r#""continuous""#),
    key("outcome.value", Sql, Required, "The outcome, for each row.", r#""l_homicide""#),
    key("outcome.among", Sql, Derived("every row of the population"), "Rows that count for this outcome: its denominator.", r#""popwt > 0""#),
    key("outcome.first", ANY_INTEGER, Derived("the window's first period"), "First period in which the outcome is known.", "2001"),
    key("outcome.last", ANY_INTEGER, Derived("the window's last period"), "Last period in which the outcome is known.", "2009"),
    key("outcome.better", Choice(Better::OPTIONS), Required, "Which direction is an improvement.", r#""lower""#),
    key("outcome.label", Text, Required, "Label at the head of a table.", r#"{ nl = "Moorden (log)", en = "Homicide (log rate)" }"#),
    key("outcome.phrase", Text, Derived("outcome.label"), "The label within a sentence.", r#"{ nl = "het aantal moorden", en = "the homicide rate" }"#),
    key("outcome.explanation", Text, Optional, "Explanation in plain language.", r#"{ en = "Murders and manslaughters per 100,000 inhabitants." }"#),
    key("outcome.unit", Text, Optional, "Unit of the effect; not needed for a binary outcome.", r#"{ nl = "euro", en = "euro" }"#),
    key("outcome.relative", Boolean, Default("true"), "Whether effects are also shown as a percentage of the base; false for logarithms and differences.", "false"),
    key("outcome.decimals", Integer(0, 10), Default("1"), "Decimals in text and tables.", "3"),

    key("treatment", Table, Required, "Where and from when the intervention was there.", ""),
    key("treatment.start", ANY_INTEGER, Required, "First treated period, the same for all treated regions.", "2006"),
    key("treatment.regions", List(Item::Word, 1), Derived("the regions for which treatment.where holds"), "Codes of the treated regions.", r#"["Alabama", "Alaska"]"#),
    key("treatment.where", Sql, Optional, "Condition that holds in every row of a treated region and in no row of another; instead of a list.", r#""effyear = 2006""#),
    key("treatment.transition", List(Item::Integer, 0), Default("[]"), "Periods around the start that are dropped.", "[2005]"),

    key("comparison", Tables, Derived("one comparison `all` with every untreated region"), "Control groups; the report leads with the main one.", ""),
    key("comparison.id", Id, Required, "Identifier of the comparison.", r#""never""#),
    key("comparison.label", Text, Required, "Label of the comparison.", r#"{ en = "States that never adopted" }"#),
    key("comparison.main", Boolean, Default("false"), "Whether the report leads with it; an only comparison is the main one.", "true"),
    key("comparison.regions", List(Item::Word, 1), Derived("every untreated region"), "Codes of the control regions.", r#"["Arkansas", "California"]"#),
    key("comparison.exclude", List(Item::Word, 0), Default("[]"), "Codes of regions that are left out of the controls.", r#"["Hawaii"]"#),

    key("trend_rule", Table, Optional, "When trends before the start count as parallel.", ""),
    key("trend_rule.periods", List(Item::Integer, 1), Required, "Periods before the start that are compared with the reference period.", "[2000, 2001, 2002, 2003, 2004]"),
    key("trend_rule.max_significant", Integer(0, 1_000), Required, "How many of these may differ.", "1"),
    key("trend_rule.alpha", Share, Default("0.05"), "Level of each test.", "0.05"),

    key("analysis", Table, Required, "How effects are estimated.", ""),
    key("analysis.reference_period", ANY_INTEGER, Required, "Period before the start to which the event study compares.", "2005"),
    key("analysis.level", Share, Default("0.95"), "Confidence level of every interval.", "0.95"),
    key("analysis.methods", List(Item::Choice(METHODS), 1), Default(r#"["cr0", "cr1", "cr3", "wild_wcr", "wild_wcu", "permutation"]"#), "Methods of inference.", r#"["cr3", "wild_wcr"]"#),
    key("analysis.headline", Choice(METHODS), Default(r#""cr3""#), "Method that the report leads with.", r#""cr3""#),
    key("analysis.small_sample", Choice(SmallSample::OPTIONS), Default(r#""fixest""#), "What the small-sample factor counts.", r#""stata""#),
    key("analysis.relative_base", Choice(RelativeBase::OPTIONS), Default(r#""pre_mean""#), "What a relative effect is a percentage of.", r#""counterfactual""#),
    key("analysis.per_region", Boolean, Default("true"), "Whether there is also an effect for each treated region.", "true"),
    key("analysis.separate", Boolean, Default("false"), "Whether effects per region come from separate models, each with one treated region.", "false"),
    key("analysis.per_period", Boolean, Default("true"), "Whether there is also an effect for each treated period.", "true"),
    key("analysis.event_study", Boolean, Default("true"), "Whether there is an event study.", "true"),
    key("analysis.wild_draws", Integer(99, 10_000_000), Default("9999"), "Draws of the wild bootstrap.", "9999"),
    key("analysis.wild_weights", Choice(WildWeights::OPTIONS), Default(r#""rademacher""#), "Distribution of the weights of the wild bootstrap.", r#""webb""#),
    key("analysis.permutation_budget", Integer(1, 1_000_000_000), Default("250000"), "Assignments of treatment that are enumerated at most; above it 19,999 are drawn.", "250000"),

    key("report", Table, Optional, "How the results are told.", ""),
    key("report.languages", List(Item::Choice(LANGUAGES), 1), Default(r#"["nl", "en"]"#), "Languages of the report.", r#"["nl", "en"]"#),
];
