//! `synth.toml`: every parameter with its value and its source.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use toml::{Table, Value};
use verschil_study::Problem;

use super::levels::Rate;

/// The file in the study's folder.
pub(super) const FILE: &str = "synth.toml";

/// A value and where it comes from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sourced<T> {
    pub(super) value: T,
    /// S, F:key, D or K; checked for every parameter in [`unsourced`].
    #[serde(rename = "source")]
    _source: String,
    #[serde(default, rename = "note")]
    _note: String,
}

impl<T> std::ops::Deref for Sourced<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Parameters {
    pub(super) size: Size,
    pub(super) structure: Structure,
    pub(super) divergence: Divergence,
    #[serde(rename = "rate")]
    pub(super) rates: Vec<RateSpec>,
    #[serde(default, rename = "region_effect")]
    pub(super) region_effects: Vec<RegionEffect>,
    #[serde(default, rename = "effect")]
    pub(super) effects: Vec<Effect>,
    pub(super) casemix: CaseMix,
    pub(super) course: Course,
    pub(super) linkage: Linkage,
    pub(super) deliveries: Deliveries,
    pub(super) claims: Claims,
}

/// Years and numbers of pregnancies.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Size {
    pub(super) years: Sourced<(i64, i64)>,
    pub(super) totals: Sourced<Vec<f64>>,
    pub(super) window: Sourced<(i64, i64)>,
    pub(super) treated: Sourced<u64>,
    pub(super) matched: Sourced<u64>,
    pub(super) multiples: Sourced<f64>,
    pub(super) early: Sourced<f64>,
}

/// How regions are drawn.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Structure {
    pub(super) seed: Sourced<u64>,
    pub(super) relief_correlation: Sourced<f64>,
    pub(super) crossing: Sourced<f64>,
    pub(super) crossing_academic: Sourced<f64>,
}

/// The path of the six before the reference year.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Divergence {
    pub(super) shape: Sourced<Vec<f64>>,
}

/// The level of one rate.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RateSpec {
    pub(super) id: Rate,
    pub(super) base: Sourced<Vec<f64>>,
    pub(super) arm: Option<Sourced<ArmShift>>,
    pub(super) divergence: Option<Sourced<f64>>,
    pub(super) region_sd: Option<Sourced<f64>>,
    pub(super) slope_sd: Option<Sourced<f64>>,
    pub(super) relative: Option<Sourced<BTreeMap<super::casemix::Flag, f64>>>,
}

/// Added to a rate by arm.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ArmShift {
    pub(super) treated: f64,
    pub(super) matched: f64,
    pub(super) other: f64,
}

/// The level of one region, instead of its draw.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RegionEffect {
    pub(super) rate: Rate,
    pub(super) region: String,
    pub(super) value: Sourced<f64>,
}

/// A true effect, from `first` on year by year.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Effect {
    pub(super) rate: Rate,
    pub(super) region: String,
    pub(super) first: i64,
    pub(super) value: Sourced<Vec<f64>>,
}

/// Who the women are; rows are low, middle and high social position.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseMix {
    pub(super) low: Sourced<f64>,
    pub(super) high: Sourced<f64>,
    pub(super) low_by_ses: Sourced<f64>,
    pub(super) high_by_ses: Sourced<f64>,
    pub(super) low_by_year: Sourced<f64>,
    pub(super) age: Sourced<[[f64; 5]; 3]>,
    pub(super) nulliparous: Sourced<[f64; 5]>,
    pub(super) origins: Sourced<Vec<String>>,
    pub(super) western: Sourced<Vec<bool>>,
    pub(super) origin: Sourced<[Vec<f64>; 3]>,
    pub(super) education: Sourced<[[f64; 3]; 3]>,
    pub(super) income: Sourced<[[f64; 5]; 3]>,
    pub(super) households: Sourced<Vec<String>>,
    pub(super) single: Sourced<Vec<bool>>,
    pub(super) household: Sourced<[Vec<f64>; 3]>,
    pub(super) vulnerable_points: Sourced<u32>,
    pub(super) education_missing: Sourced<f64>,
    pub(super) income_missing: Sourced<f64>,
    pub(super) parity: Sourced<[f64; 3]>,
}

/// How the features of one birth hang together.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Course {
    pub(super) unknown_primary: Sourced<f64>,
    pub(super) relief_primary: Sourced<f64>,
    pub(super) fluxus_primary: Sourced<f64>,
    pub(super) tear_instrumental: Sourced<f64>,
    pub(super) apgar_preterm: Sourced<f64>,
    pub(super) weeks_early: Sourced<Vec<(i32, f64)>>,
    pub(super) weeks_preterm: Sourced<Vec<(i32, f64)>>,
    pub(super) weeks_term: Sourced<Vec<(i32, f64)>>,
    pub(super) weight: Sourced<Vec<f64>>,
    pub(super) weight_spread: Sourced<f64>,
    pub(super) first_visit_mean: Sourced<f64>,
    pub(super) first_visit_late: Sourced<f64>,
    pub(super) stillborn: Sourced<[f64; 2]>,
    pub(super) neonatal: Sourced<[f64; 2]>,
    pub(super) nicu: Sourced<[f64; 2]>,
    pub(super) forceps: Sourced<f64>,
}

/// What is wrong with the registries.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Linkage {
    pub(super) unlinked: Sourced<f64>,
    pub(super) unlinked_home: Sourced<f64>,
    pub(super) unlinked_last_year: Sourced<f64>,
    pub(super) unlinked_home_last_year: Sourced<f64>,
    pub(super) unlinked_new: Sourced<f64>,
    pub(super) other_kind: Sourced<f64>,
    pub(super) zeros: Sourced<f64>,
    pub(super) no_person: Sourced<f64>,
    pub(super) no_trajectory: Sourced<f64>,
    pub(super) duplicate_person: Sourced<f64>,
    pub(super) conflicting_person: Sourced<f64>,
    pub(super) claims_without_trajectory: Sourced<f64>,
}

/// Which files come in two versions, and the new delivery.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Deliveries {
    pub(super) births_twice: Sourced<Vec<i64>>,
    pub(super) persons_twice: Sourced<Vec<i64>>,
    pub(super) first_version_share: Sourced<f64>,
    pub(super) incomplete_share: Sourced<f64>,
    pub(super) incomplete_home: Sourced<f64>,
}

/// Amounts and kinds of claims.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Claims {
    pub(super) spread: Sourced<f64>,
    pub(super) section: Sourced<f64>,
    pub(super) instrumental: Sourced<f64>,
    pub(super) preterm: Sourced<f64>,
    pub(super) primary: Sourced<f64>,
    pub(super) bundled: Sourced<Vec<f64>>,
    pub(super) correction_year: Sourced<i64>,
    pub(super) correction_euro: Sourced<f64>,
    pub(super) classes: Sourced<Vec<(String, f64)>>,
}

/// Reads and decodes the file.
pub(super) fn read(folder: &Path) -> Result<Parameters, Vec<Problem>> {
    let path = folder.join(FILE);
    let text = std::fs::read_to_string(&path).map_err(|error| {
        vec![
            Problem::error("unreadable-file", "the parameters of the registries cannot be read")
                .found(format!("{}: {error}", path.display()))
                .hint("give the folder of a study that holds synth.toml"),
        ]
    })?;
    decode(&text)
}

/// Decodes the text of the file.
pub(super) fn decode(text: &str) -> Result<Parameters, Vec<Problem>> {
    let table: Table = text.parse().map_err(|error| vec![misread(&error, text)])?;
    let unsourced = unsourced(&table, "");
    if !unsourced.is_empty() {
        return Err(unsourced);
    }
    toml::from_str(text).map_err(|error| vec![misread(&error, text)])
}

fn misread(error: &toml::de::Error, text: &str) -> Problem {
    let start = error.span().map_or(0, |span| span.start);
    let line = text.get(..start).map_or(1, |before| before.matches('\n').count() + 1);
    Problem::error("synth-parameters", format!("line {line}: {}", error.message()))
        .in_file(FILE)
        .hint("the synthetic study of this project shows every key")
}

/// Parameters whose source is missing or not one of the marks.
fn unsourced(table: &Table, path: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (key, value) in table {
        let here = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match value {
            Value::Table(inner) if inner.contains_key("value") => {
                let source = inner.get("source").and_then(Value::as_str).unwrap_or_default();
                let marked = ["S", "D", "K"].contains(&source)
                    || source.strip_prefix("F:").is_some_and(|key| !key.is_empty());
                if !marked {
                    problems.push(without_source(&here, source));
                }
            }
            Value::Table(inner) => problems.extend(unsourced(inner, &here)),
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    if let Value::Table(inner) = item {
                        problems.extend(unsourced(inner, &format!("{here}[{at}]")));
                    }
                }
            }
            _ => {}
        }
    }
    problems
}

fn without_source(path: &str, found: &str) -> Problem {
    Problem::error("synth-source", format!("the parameter `{path}` does not say where it is from"))
        .in_file(FILE)
        .found(found)
        .allowed("S, F:key, D or K")
        .hint("write { value = ..., source = \"K\" } when nobody has measured it")
}
