//! Any expression is refused, or has a canonical text that reads back to itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verschil_study::Expression;
use verschil_study::expression::{CodeList, Columns};

fuzz_target!(|text: &str| {
    let names = ["a", "B", "age group", "x\"y", "end"].map(str::to_owned);
    let mut columns = Columns::new(names.clone());
    columns.add_table("t", Some(&Columns::new(names)), "declare it");
    let codes = vec![
        ("1".to_owned(), (None, Some(2))),
        ("x".to_owned(), (Some(-3), None)),
    ];
    let list = CodeList::new("l", &codes);
    let columns = columns.with_lists(vec![list].into());
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
