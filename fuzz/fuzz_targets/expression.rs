//! Any expression is refused, or has a canonical text that reads back to itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verschil_study::Expression;
use verschil_study::expression::Columns;

fuzz_target!(|text: &str| {
    let columns = Columns::new(["a", "B", "age group", "x\"y", "end"].map(str::to_owned));
    match Expression::check(text, &columns) {
        Ok(first) => match Expression::check(&first.sql, &columns) {
            Ok(second) => assert_eq!(first.sql, second.sql),
            Err(faults) => assert!(
                faults
                    .iter()
                    .all(|fault| fault.code == "expression-too-long")
            ),
        },
        Err(faults) => {
            assert!(!faults.is_empty());
            assert!(
                faults
                    .iter()
                    .all(|fault| fault.start + fault.length <= text.len())
            );
        }
    }
});
