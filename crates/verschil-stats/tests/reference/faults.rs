//! Files that are not as they should be: told, never a panic, never agreement.

use std::collections::BTreeSet;

use verschil_stats::validate::{CASES, Fault, NOT_COMPARED, Outcome, case, shipped};

use crate::files;

/// The shipped files, one of them changed.
fn changed(id: &str, path: &str, change: impl Fn(&str) -> String) -> Outcome {
    let read = |wanted: &str| {
        let text = shipped(wanted).map(str::to_owned);
        Ok(if wanted == path { text.map(|text| change(&text)) } else { text })
    };
    case(id).expect("a case").run(&read)
}

#[test]
fn a_reference_that_is_changed_differs() {
    let path = "reference/castle_twfe_cr1.json";
    let good = changed("castle_twfe_cr1", path, str::to_owned);
    assert!(!good.differs() && good.comparisons().len() > 12);
    let changed = changed("castle_twfe_cr1", path, |text| {
        let other = text.replace("0.059444149643280736", "0.059444150");
        assert_ne!(other, text);
        other
    });
    let found: Vec<_> = changed.comparisons().iter().filter(|c| !c.agrees).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].label, "weighted estimate");
    assert!(found[0].difference > 1e-9 && found[0].theirs == 0.059_444_150);
}

#[test]
fn data_that_are_changed_differ() {
    let outcome = changed("kielmc_did", "data/wooldridge/kielmc.csv", |text| {
        let lines = text.lines().enumerate().filter(|(at, _)| *at != 7);
        lines.map(|(_, line)| format!("{line}\n")).collect()
    });
    assert!(outcome.differs());
}

#[test]
fn what_is_not_there_is_named() {
    let outcome = case("mpdta_twfe").expect("a case").run(&|_| Ok(None));
    let needs = ["data/mpdta/mpdta.csv", "reference/mpdta_twfe_sunab.json"];
    assert_eq!(outcome, Outcome::NotRun(needs.map(str::to_owned).to_vec()));
    let outcome = case("mpdta_twfe").expect("a case").run(&|_| Err("no permission".into()));
    assert!(
        matches!(outcome, Outcome::Broken(Fault::Unreadable { found, .. }) if found == "no permission")
    );
}

#[test]
fn every_file_of_every_case_can_be_broken_without_a_panic() {
    let mut tried = 0;
    for case in CASES {
        for &path in case.needs.iter().filter(|path| shipped(path).is_some()) {
            let reference = path.ends_with(".json");
            let head = |text: &str| text.lines().next().unwrap_or_default().to_owned();
            let changes: [&dyn Fn(&str) -> String; 5] = [
                &|_| String::new(),
                &|text| text[..text.len() / 2].trim_end_matches(|c| c != '\n').to_owned(),
                &|text| if reference { "{\"results\": {}}".into() } else { head(text) },
                &|text| if reference { "[1]".into() } else { text.replacen(['a', 'e'], "?", 40) },
                &|text| {
                    if reference { "{\"results\": [[]]}".into() } else { format!("{text}1,2,3\n") }
                },
            ];
            for (at, change) in changes.iter().enumerate() {
                let outcome = changed(case.id, path, change);
                if !case.needs.iter().all(|path| shipped(path).is_some()) {
                    assert!(matches!(outcome, Outcome::NotRun(_)));
                    continue;
                }
                // half of a table's rows may do for a case that looks at few; the rest may not
                let told = matches!(outcome, Outcome::Broken(_));
                let fine = told || outcome.differs() || (at == 1 && !reference);
                assert!(fine, "{} with {path} changed by {at}: {outcome:?}", case.id);
                tried += 1;
            }
        }
    }
    assert!(tried > 200, "{tried}");
}

#[test]
fn a_missing_column_is_named() {
    let outcome =
        changed("prop99_clarabel", "data/california_prop99/california_prop99.csv", |text| {
            text.replacen("PacksPerCapita", "Packs", 1)
        });
    let Outcome::Broken(fault) = outcome else { panic!("{outcome:?}") };
    let sentence = fault.to_string();
    assert!(sentence.contains("california_prop99.csv") && sentence.contains("`PacksPerCapita`"));
}

#[test]
fn a_missing_number_is_named_by_its_place() {
    let outcome =
        changed("castle_wild_bootstrap", "reference/castle_wild_bootstrap.json", |text| {
            text.replace("\"p\"", "\"q\"")
        });
    let Outcome::Broken(fault) = outcome else { panic!("{outcome:?}") };
    let wanted = "reference/castle_wild_bootstrap.json: results boot rademacher_seed1 p is nothing, \
                  where a number is needed";
    assert_eq!(fault.to_string(), wanted);
}

#[test]
fn every_reference_is_compared_or_says_why_not() {
    let ids: BTreeSet<&str> = CASES.iter().map(|case| case.id).collect();
    assert_eq!(ids.len(), CASES.len(), "an id stands twice");
    let needed: BTreeSet<&str> = CASES.iter().flat_map(|case| case.needs).copied().collect();
    for apart in NOT_COMPARED {
        let path = format!("reference/{}.json", apart.reference);
        assert_eq!(needed.contains(path.as_str()), apart.part != "all", "{}", apart.reference);
    }
    let Some(shared) = files::shared() else {
        println!("skipped: the folder with references is not beside the checkout");
        return;
    };
    let entries = std::fs::read_dir(shared.join("reference")).expect("a folder");
    for entry in entries {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        let Some(id) = name.strip_suffix(".json") else { continue };
        let left_out =
            NOT_COMPARED.iter().any(|apart| apart.reference == id && apart.part == "all");
        let known = needed.contains(format!("reference/{name}").as_str()) || left_out;
        assert!(known, "{name} is neither compared nor left out");
    }
}
