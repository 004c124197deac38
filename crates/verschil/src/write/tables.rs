//! The tables of the results contract, as CSV and the estimates also as Parquet.

use std::path::Path;

use serde::Serialize;
use verschil_registry::{ParquetColumn, write_parquet};
use verschil_study::results::{
    AttritionStep, EstimateRow, FunnelFacts, IdentityRow, LinkageWeightRow, RegionRow, Results,
    TrendCheck,
};

/// Writes every table.
pub(super) fn write(folder: &Path, results: &Results) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let tables = Tables { folder, synthetic: results.study.synthetic };
    tables.estimates(&results.estimates)?;
    tables.csv("descriptives", &results.descriptives)?;
    tables.csv("balance", &results.balance)?;
    tables.csv("diagnostics", &results.findings)?;
    tables.csv("adjusted", &results.adjusted)?;
    tables.csv("power", &results.power)?;
    tables.csv("trend_power", &results.trend_power)?;
    tables.csv("bands", &results.bands)?;
    tables.csv("honest", &results.honest)?;
    tables.csv("synthetic_weights", &results.synthetic_weights)?;
    tables.csv("specifications", &results.specifications)?;
    tables.csv("curves", &results.curves)?;
    tables.csv("clusters", &results.clusters)?;
    tables.csv("funnel", &funnels(&results.funnels))?;
    tables.csv("levels", &results.levels)?;
    tables.csv("linkage", &results.linkage)?;
    tables.csv("linkage_rates", &results.linkage_rates)?;
    tables.csv("linkage_balance", &results.linkage_balance)?;
    tables.csv("linkage_keys", &results.linkage_keys)?;
    tables.csv("linkage_weights", &linkage_weights(&results.linkage_weights))?;
    tables.csv("matching", &results.matching)?;
    tables.csv("characteristics", &results.characteristics)?;
    tables.csv("trajectories", &results.trajectories)?;
    tables.csv("regions", &regions(&results.regions))?;
    tables.csv("identities", &identities(&results.identities))?;
    tables.csv("attrition", &attrition(&results.attrition))?;
    tables.csv("trend_checks", &trend_checks(&results.trend_checks))
}

fn regions(rows: &[RegionRow]) -> Vec<Region<'_>> {
    rows.iter()
        .map(|region| Region {
            region: &region.code,
            label_nl: region.label.get("nl"),
            label_en: region.label.get("en"),
            role: &region.role,
            reason: &region.reason,
            x: region.x,
            y: region.y,
            units: region.units,
        })
        .collect()
}

/// A line for each region of each funnel.
fn funnels(funnels: &[FunnelFacts]) -> Vec<Funnel<'_>> {
    let lines = funnels.iter().flat_map(|funnel| {
        funnel.regions.iter().map(move |region| Funnel {
            outcome: &funnel.outcome,
            comparison: &funnel.comparison,
            phase: &funnel.phase,
            region: &region.region,
            role: &region.role,
            n: region.n,
            events: region.events,
            share: region.share,
            centre: funnel.centre,
            phi: funnel.phi,
            tau2: funnel.tau2,
            low_95: region.limits.map(|limits| limits.low_95),
            high_95: region.limits.map(|limits| limits.high_95),
            low_998: region.limits.map(|limits| limits.low_998),
            high_998: region.limits.map(|limits| limits.high_998),
            class: &region.class,
            note: &funnel.note,
        })
    });
    lines.collect()
}

fn linkage_weights(rows: &[LinkageWeightRow]) -> Vec<LinkageWeight> {
    rows.iter()
        .map(|row| LinkageWeight {
            stratum: row.stratum.join("; "),
            merged_from: row
                .merged_from
                .iter()
                .map(|levels| levels.join("; "))
                .collect::<Vec<_>>()
                .join(" | "),
            eligible: row.eligible,
            linked: row.linked,
            rate: row.rate,
            weight: row.weight,
            trimmed: row.trimmed,
            units: row.units,
        })
        .collect()
}

fn identities(rows: &[IdentityRow]) -> Vec<Identity<'_>> {
    rows.iter()
        .map(|identity| Identity {
            identity: &identity.id,
            label_nl: identity.label.get("nl"),
            label_en: identity.label.get("en"),
            checked: identity.checked,
            broken: identity.broken,
        })
        .collect()
}

fn attrition(steps: &[AttritionStep]) -> Vec<Attrition<'_>> {
    steps
        .iter()
        .map(|step| Attrition {
            step: &step.id,
            label_nl: step.label.get("nl"),
            label_en: step.label.get("en"),
            before: step.before,
            excluded: step.excluded,
            after: step.after,
        })
        .collect()
}

fn trend_checks(checks: &[TrendCheck]) -> Vec<Trend<'_>> {
    checks
        .iter()
        .map(|check| Trend {
            outcome: &check.outcome,
            comparison: &check.comparison,
            method: &check.method,
            periods: joined(&check.periods),
            significant: joined(&check.significant),
            max_significant: check.max_significant,
            alpha: check.alpha,
            holds: check.holds,
            joint_statistic: check.joint_statistic,
            joint_df1: check.joint_df.map(|df| df.0),
            joint_df2: check.joint_df.map(|df| df.1),
            joint_p_value: check.joint_p_value,
            htz_statistic: check.htz_statistic,
            htz_df1: check.htz_df.map(|df| df.0),
            htz_df2: check.htz_df.map(|df| df.1),
            htz_p_value: check.htz_p_value,
            note: &check.note,
        })
        .collect()
}

#[derive(Default, Serialize)]
struct Region<'a> {
    region: &'a str,
    label_nl: &'a str,
    label_en: &'a str,
    role: &'a str,
    reason: &'a str,
    x: Option<f64>,
    y: Option<f64>,
    units: f64,
}

#[derive(Default, Serialize)]
struct Funnel<'a> {
    outcome: &'a str,
    comparison: &'a str,
    phase: &'a str,
    region: &'a str,
    role: &'a str,
    n: f64,
    events: Option<f64>,
    share: Option<f64>,
    centre: Option<f64>,
    phi: Option<f64>,
    tau2: Option<f64>,
    low_95: Option<f64>,
    high_95: Option<f64>,
    low_998: Option<f64>,
    high_998: Option<f64>,
    class: &'a str,
    note: &'a str,
}

#[derive(Default, Serialize)]
struct LinkageWeight {
    stratum: String,
    merged_from: String,
    eligible: u64,
    linked: u64,
    rate: Option<f64>,
    weight: Option<f64>,
    trimmed: bool,
    units: u64,
}

#[derive(Default, Serialize)]
struct Identity<'a> {
    identity: &'a str,
    label_nl: &'a str,
    label_en: &'a str,
    checked: u64,
    broken: u64,
}

#[derive(Default, Serialize)]
struct Attrition<'a> {
    step: &'a str,
    label_nl: &'a str,
    label_en: &'a str,
    before: u64,
    excluded: u64,
    after: u64,
}

#[derive(Default, Serialize)]
struct Trend<'a> {
    outcome: &'a str,
    comparison: &'a str,
    method: &'a str,
    periods: String,
    significant: String,
    max_significant: u64,
    alpha: f64,
    holds: Option<bool>,
    joint_statistic: Option<f64>,
    joint_df1: Option<f64>,
    joint_df2: Option<f64>,
    joint_p_value: Option<f64>,
    htz_statistic: Option<f64>,
    htz_df1: Option<f64>,
    htz_df2: Option<f64>,
    htz_p_value: Option<f64>,
    note: &'a str,
}

fn joined(periods: &[i64]) -> String {
    periods.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// Where tables go, and whether what they hold is made up: then every line of each says so.
struct Tables<'a> {
    folder: &'a Path,
    synthetic: bool,
}

/// The column that marks made-up data.
const SYNTHETIC: &str = "synthetic";

impl Tables<'_> {
    /// Writes rows under a header, which stands there even when there is no row.
    fn csv<T: Serialize + Default>(&self, name: &str, rows: &[T]) -> std::io::Result<()> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for row in rows {
            writer.serialize(row)?;
        }
        if rows.is_empty() {
            writer.serialize(T::default())?;
        }
        let broken = |error: csv::IntoInnerError<_>| std::io::Error::other(error.to_string());
        let text = writer.into_inner().map_err(broken)?;
        let mut reader = csv::Reader::from_reader(text.as_slice());
        let mut out = csv::Writer::from_path(self.folder.join(format!("{name}.csv")))?;
        let mut header = reader.headers()?.clone();
        if self.synthetic {
            header.push_field(SYNTHETIC);
        }
        out.write_record(&header)?;
        for record in reader.records().take(rows.len()) {
            let mut record = record?;
            if self.synthetic {
                record.push_field("true");
            }
            out.write_record(&record)?;
        }
        out.flush()
    }

    fn estimates(&self, rows: &[EstimateRow]) -> std::io::Result<()> {
        let mark = self.synthetic.then_some(Field::Flag(SYNTHETIC, |_| Some(true)));
        let fields: Vec<&Field> = ESTIMATES.iter().chain(&mark).collect();
        let mut writer = csv::Writer::from_path(self.folder.join("estimates.csv"))?;
        writer.write_record(fields.iter().map(|field| match field {
            Field::Text(name, _) | Field::Number(name, _) | Field::Flag(name, _) => *name,
        }))?;
        for row in rows {
            writer.write_record(fields.iter().map(|field| match field {
                Field::Text(_, get) => get(row).to_owned(),
                Field::Number(_, get) => get(row).map(|v| v.to_string()).unwrap_or_default(),
                Field::Flag(_, get) => get(row).map(|v| v.to_string()).unwrap_or_default(),
            }))?;
        }
        writer.flush()?;
        let columns = fields
            .iter()
            .map(|field| match field {
                Field::Text(name, get) => {
                    (*name, ParquetColumn::Text(rows.iter().map(|r| get(r).to_owned()).collect()))
                }
                Field::Number(name, get) => {
                    (*name, ParquetColumn::Number(rows.iter().map(get).collect()))
                }
                Field::Flag(name, get) => {
                    (*name, ParquetColumn::Flag(rows.iter().map(get).collect()))
                }
            })
            .collect();
        write_parquet(&self.folder.join("estimates.parquet"), columns)
    }
}

/// One column of the estimates: its name and how a row's value is read.
enum Field {
    Text(&'static str, fn(&EstimateRow) -> &str),
    Number(&'static str, fn(&EstimateRow) -> Option<f64>),
    Flag(&'static str, fn(&EstimateRow) -> Option<bool>),
}

#[allow(clippy::cast_precision_loss)]
fn whole(value: Option<u64>) -> Option<f64> {
    value.map(|v| v as f64)
}

/// The columns that other tools may rely on, in the order of the contract.
const ESTIMATES: [Field; 27] = [
    Field::Text("outcome", |row| &row.outcome),
    Field::Text("domain", |row| &row.domain),
    Field::Text("analysis", |row| &row.analysis),
    Field::Text("comparison", |row| &row.comparison),
    Field::Text("model", |row| &row.model),
    Field::Text("estimand", |row| &row.estimand),
    Field::Text("method", |row| &row.method),
    Field::Number("estimate", |row| row.estimate),
    Field::Number("std_error", |row| row.std_error),
    Field::Number("ci_low", |row| row.ci_low),
    Field::Number("ci_high", |row| row.ci_high),
    Field::Number("p_value", |row| row.p_value),
    Field::Number("n", |row| row.n),
    Field::Number("n_treated_post", |row| row.n_treated_post),
    Field::Number("clusters", |row| whole(row.clusters)),
    Field::Number("clusters_treated", |row| whole(row.clusters_treated)),
    Field::Number("observed", |row| row.observed),
    Field::Number("counterfactual", |row| row.counterfactual),
    Field::Number("relative", |row| row.relative),
    Field::Number("relative_ci_low", |row| row.relative_ci_low),
    Field::Number("relative_ci_high", |row| row.relative_ci_high),
    Field::Flag("trend_holds", |row| row.trend_holds),
    Field::Text("note", |row| &row.note),
    Field::Flag("headline", |row| Some(row.headline)),
    Field::Number("base", |row| row.base),
    Field::Number("statistic", |row| row.statistic),
    Field::Number("df", |row| row.df),
];
