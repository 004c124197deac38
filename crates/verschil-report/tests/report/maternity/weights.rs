//! Weights of linked units, and the effects with them.

use verschil_study::results::{EstimateRow, LinkageWeightFacts, LinkageWeightRow, Results};

pub fn add(results: &mut Results) {
    results.linkage_weight_facts = Some(LinkageWeightFacts {
        links: vec!["person".to_owned()],
        by: vec!["period".to_owned(), "parity".to_owned()],
        min_stratum: 50,
        max_weight: None,
        strata: 41,
        merged: 2,
        eligible: 2_390_674,
        linked: 2_328_516,
        units: 2_301_004,
        smallest: Some(1.0),
        median: Some(1.0213),
        largest: Some(1.0904),
        effective: Some(2_299_871.4),
        ..LinkageWeightFacts::default()
    });
    results.linkage_weights = vec![LinkageWeightRow {
        stratum: vec!["period=2008".to_owned(), "parity=0".to_owned()],
        eligible: 71_204,
        linked: 69_871,
        rate: Some(69_871.0 / 71_204.0),
        weight: Some(71_204.0 / 69_871.0),
        units: 69_002,
        ..LinkageWeightRow::default()
    }];
    let main = |row: &&EstimateRow| row.analysis == "main" && row.comparison == "matched";
    let weighted = |row: &EstimateRow| EstimateRow {
        analysis: "linkage_weighted".to_owned(),
        estimate: row.estimate.map(|effect| effect * 1.01),
        ..row.clone()
    };
    let rows: Vec<EstimateRow> = results.estimates.iter().filter(main).map(weighted).collect();
    results.estimates.extend(rows);
}
