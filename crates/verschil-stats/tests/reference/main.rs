//! Published and trusted results, reproduced: case, ours, theirs, difference.

mod docs;
mod faults;
mod files;

use std::fmt::Write as _;

use verschil_stats::validate::{CASES, Outcome};

#[test]
fn every_reference_case_of_these_estimators_is_reproduced() {
    let shared = files::shared();
    if shared.is_none() {
        println!("the folder with more references is not beside the checkout: shipped files only");
    }
    let read = |path: &str| files::read(shared.as_deref(), path);
    let (mut failures, mut ran) = (String::new(), 0);
    for case in CASES {
        match case.run(&read) {
            Outcome::Ran(comparisons) => {
                ran += 1;
                println!("{}: {} comparisons", case.id, comparisons.len());
                assert!(!comparisons.is_empty(), "{} compares nothing", case.id);
                for c in comparisons {
                    let mark = if c.agrees { "" } else { "  <-- differs" };
                    let line = format!(
                        "  {:<58} {:>22.15} {:>22.15} {:>9.1e}{mark}",
                        c.label, c.ours, c.theirs, c.difference
                    );
                    println!("{line}");
                    if !c.agrees {
                        writeln!(failures, "{} {line}", case.id).expect("a text grows");
                    }
                }
            }
            Outcome::NotRun(missing) => {
                println!("{}: skipped, needs {}", case.id, missing.join(", "));
            }
            Outcome::Broken(fault) => {
                writeln!(failures, "{}: {fault}", case.id).expect("a text grows");
            }
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
    let least = if shared.is_some() { CASES.len() } else { 30 };
    assert!(ran >= least, "{ran} cases ran");
}
