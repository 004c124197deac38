//! Parameters and options that are refused.

use super::super::{SynthFormat, synth};
use super::{options, study};

/// Codes of the problems of a study one of whose files is changed.
fn problems(file: &str, from: &str, to: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for name in ["synth.toml", "synth_regions.csv", "regions.csv"] {
        let mut text = std::fs::read_to_string(study().join(name)).unwrap();
        if name == file {
            assert!(text.contains(from), "{from} is not in {file}");
            text = text.replacen(from, to, 1);
        }
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let out = folder.path().join("out");
    let options = options(0.01, SynthFormat::Csv, (2013, 2013));
    let result = synth(folder.path(), &out, &options, &|_| ());
    let problems = result.err().unwrap_or_default();
    assert!(problems.iter().all(|problem| !problem.hint.is_empty()));
    assert!(problems.is_empty() || !out.exists(), "something was written");
    problems.into_iter().map(|problem| problem.code).collect()
}

#[test]
fn wrong_parameters_are_refused_before_anything_is_written() {
    let toml = |from: &str, to: &str| problems("synth.toml", from, to);
    assert!(toml("id = \"home\"", "id = \"home\"").is_empty());
    assert_eq!(
        toml("multiples = { value = 0.016, source = \"K\" }", "multiples = { value = 0.016 }"),
        ["synth-source"]
    );
    assert_eq!(toml("source = \"F:bmjq\"", "source = \"F:\""), ["synth-source"]);
    assert_eq!(toml("id = \"home\"", "id = \"house\""), ["synth-parameters"]);
    assert_eq!(toml("id = \"centre\"", "id = \"home\"").len(), 2);
    assert_eq!(toml("[size]", "[size]\nyears ="), ["synth-parameters"]);
    assert_eq!(toml("[size]", "[size]\nmore = 1"), ["synth-parameters"]);
    assert_eq!(toml("region = \"IGO_B\"", "region = \"IGO_X\""), ["synth-parameters"]);
    assert_eq!(
        toml("base = { value = [0.140, 0.215]", "base = { value = [0.140, 0.215, 0.3]"),
        ["synth-parameters"]
    );
    let chance = toml("base = { value = [0.870, 0.870]", "base = { value = [0.870, 1.2]");
    assert!(chance.iter().all(|code| code == "synth-chance") && !chance.is_empty());
    let chance = toml("[-0.018, -0.035, -0.035", "[-0.018, -0.035, -0.35");
    assert!(chance.iter().all(|code| code == "synth-chance") && !chance.is_empty());
}

#[test]
fn wrong_regions_are_refused() {
    let invented = |from: &str, to: &str| problems("synth_regions.csv", from, to);
    assert_eq!(invented("IGO_A,treated", "IGO_A,cured"), ["synth-regions"]);
    assert_eq!(invented("IGO_A,treated,1500", "IGO_A,treated,0"), ["synth-regions"]);
    assert_eq!(invented("IGO_A,", "IGO_Z,"), ["synth-regions", "synth-regions"]);
    let register = |from: &str, to: &str| problems("regions.csv", from, to);
    assert_eq!(register("2011,VSV_", "2011,WSV_").len(), 1);
    assert_eq!(register("code,name_nl", "kode,name_nl"), ["synth-regions"]);
    assert!(register("IGO_B,igo B", "IGO_A,igo B").len() >= 2);
}

#[test]
fn sizes_and_years_that_cannot_be_are_refused() {
    let out = tempfile::tempdir().unwrap();
    let code = |scale: f64, years: (i64, i64)| {
        let options = options(scale, SynthFormat::Csv, years);
        let problems = synth(&study(), &out.path().join("out"), &options, &|_| ()).unwrap_err();
        problems.into_iter().map(|problem| problem.code).collect::<Vec<_>>()
    };
    assert_eq!(code(0.001, (2013, 2013)), ["synth-scale"]);
    assert_eq!(code(f64::NAN, (2013, 2013)), ["synth-scale"]);
    assert_eq!(code(0.01, (2007, 2013)), ["synth-years"]);
    assert_eq!(code(0.01, (2014, 2013)), ["synth-years"]);
    let nowhere =
        synth(out.path(), out.path(), &options(0.01, SynthFormat::Csv, (2013, 2013)), &|_| ());
    let codes: Vec<String> = nowhere.unwrap_err().into_iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["unreadable-file", "synth-regions"]);
}
