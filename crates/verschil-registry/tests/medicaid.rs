//! The two-by-two of the JEL practitioner's guide: 2,200 counties, clustered by county and by state.

use std::path::{Path, PathBuf};

use datafusion::dataframe::DataFrameWriteOptions;
use datafusion::prelude::{ParquetReadOptions, SessionContext};
use serde_json::Value;
use tempfile::TempDir;
use verschil_registry::{Wanted, extract};
use verschil_stats::did::{Analysis, Design, Setting};
use verschil_stats::estimate::{Covariance, Estimate, SmallSample};
use verschil_stats::validate::{ESTIMATE, Ledger, STD_ERROR};
use verschil_study::Protocol;

/// The sample of the guide: complete counties, states that expanded in 2014 or not before 2020.
const SAMPLE: &str = "
WITH complete AS (
  SELECT *, count(*) OVER (PARTITION BY county_code) AS years
  FROM counties
  WHERE state NOT IN ('District of Columbia', 'Delaware', 'Massachusetts', 'New York', 'Vermont')
    AND (yaca = 2014 OR yaca IS NULL OR isnan(yaca) OR yaca > 2019)
    AND NOT isnan(population_20_64) AND NOT isnan(crude_rate_20_64) AND NOT isnan(unemp_rate)
    AND population_20_64 IS NOT NULL AND crude_rate_20_64 IS NOT NULL AND unemp_rate IS NOT NULL
    AND population_20_64_hispanic IS NOT NULL AND population_20_64_female IS NOT NULL
    AND population_20_64_white IS NOT NULL),
whole AS (SELECT * FROM complete WHERE years = 11),
base AS (SELECT county_code AS code, population_20_64 AS weight FROM whole WHERE year = 2013)
SELECT state, county_code, year, crude_rate_20_64 AS rate, weight,
  CASE WHEN yaca <= 2019 THEN 1 ELSE 0 END AS treat
FROM whole JOIN base ON county_code = code
WHERE year IN (2013, 2014) ORDER BY county_code, year";

const PROTOCOL: &str = r#"
[study]
id = "jel"
title = "t"
question = "q"
intervention = "i"
units = "county-years"
data = "d"
[sources.counties]
files = ["sample.csv"]
columns = { state = "text", county_code = "text", year = "integer", rate = "number", weight = "number", treat = "integer" }
[population]
source = "counties"
[region]
value = "county_code"
label = "county"
plural = "counties"
CLUSTER
[period]
value = "year"
label = "year"
WEIGHTS
[[outcome]]
id = "rate"
kind = "continuous"
value = "rate"
better = "lower"
label = "Mortality"
[treatment]
start = 2014
where = "treat = 1"
[analysis]
reference_period = 2013
"#;

fn shared() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    path.join("reference").is_dir().then_some(path)
}

fn sample(shared: &Path, folder: &Path) {
    let file = shared.join("data/jel_medicaid_county/county_mortality_no_saipe.parquet");
    let runtime = tokio::runtime::Runtime::new().expect("runtime");
    runtime.block_on(async {
        let session = SessionContext::new();
        let path = file.display().to_string();
        session
            .register_parquet("counties", path, ParquetReadOptions::default())
            .await
            .expect("data");
        let target = folder.join("sample.csv").display().to_string();
        let options = DataFrameWriteOptions::new().with_single_file_output(true);
        session
            .sql(SAMPLE)
            .await
            .expect("sample")
            .write_csv(&target, options, None)
            .await
            .expect("written");
    });
}

/// Effect and CR1 standard error.
fn effect(folder: &Path, cluster: &str, weights: &str) -> (f64, f64) {
    let text = PROTOCOL.replace("CLUSTER", cluster).replace("WEIGHTS", weights);
    let (protocol, _) = Protocol::parse("jel.toml", &text).expect("protocol");
    let extract = extract(&protocol, folder, Wanted::default(), None, &|_| {}).expect("extract");
    let grams = &extract.grams;
    let codes = extract.treated.expect("condition");
    let treated: Vec<usize> =
        codes.iter().map(|code| grams.region(code).expect("region")).collect();
    let controls = (0..grams.regions.len()).filter(|r| treated.binary_search(r).is_err()).collect();
    assert_eq!((grams.regions.len(), treated.len()), (2_200, 978));
    let setting = Setting {
        treated,
        controls,
        pre: vec![0],
        post: vec![1],
        reference: 0,
        references: Vec::new(),
    };
    let design = Design::new(grams, 0, &setting, Analysis::Pooled).expect("design");
    let estimate = Estimate::from_fit(&design.fit(), &[0], 0).expect("identified");
    let kind = Covariance::Cr1(SmallSample::Fixest);
    (estimate.values[0], estimate.std_error(0, kind).expect("exists"))
}

#[test]
fn counties_by_county_and_by_state_match_the_reference() {
    let Some(shared) = shared() else {
        println!("skipped: the folder with reference data and results is not beside the checkout");
        return;
    };
    let folder = TempDir::new().expect("temporary folder");
    sample(&shared, folder.path());
    let reference = results(&shared, "jel_medicaid_2x2_twfe");
    let published = results(&shared, "published_jel_medicaid_2x2");
    let mut ledger = Ledger::default();
    let weights = "[weights]\nkind = \"analytic\"\nvalue = \"weight\"\nlabel = \"inhabitants\"";
    let state = "cluster = \"state\"\ncluster_plural = \"states\"";
    for (key, cluster, weights) in [
        ("unweighted_fe", "", ""),
        ("weighted_fe", "", weights),
        ("unweighted_fe_state_cluster", state, ""),
        ("weighted_fe_state_cluster", state, weights),
    ] {
        let (estimate, se) = effect(folder.path(), cluster, weights);
        let theirs = &reference[key][0];
        ledger.agree(format!("{key} estimate"), estimate, number(&theirs["estimate"]), ESTIMATE);
        ledger.agree(format!("{key} se"), se, number(&theirs["se"]), STD_ERROR);
        let printed = if weights.is_empty() { "no_covs_unweighted" } else { "no_covs_weighted" };
        let printed = &published["table5"][printed];
        // the guide prints two decimals, and its standard errors are by county
        ledger.within(format!("{key} printed"), estimate, number(&printed[0]), 0.005);
        if cluster.is_empty() {
            ledger.within(format!("{key} se printed"), se, number(&printed[1]), 0.005);
        }
    }
    let apart: Vec<_> = ledger.comparisons().iter().filter(|c| !c.agrees).collect();
    assert!(ledger.comparisons().len() == 14 && apart.is_empty(), "{apart:#?}");
}

fn results(shared: &Path, id: &str) -> Value {
    let path = shared.join(format!("reference/{id}.json"));
    let text = std::fs::read_to_string(path).expect("reference file");
    let document: Value = serde_json::from_str(&text).expect("reference is JSON");
    document["results"].clone()
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}
