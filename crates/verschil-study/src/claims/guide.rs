//! The page about tables of claims, made from the tables of columns and rules.

use std::fmt::Write as _;

use super::columns::{COLUMNS, Holds};
use super::rules::RULES;

const PAGE: &str = include_str!("guide.txt");

/// The page in Markdown.
#[must_use]
pub fn guide() -> String {
    PAGE.replace("COLUMNS_TABLE\n", &columns()).replace("RULES_TABLE\n", &rules())
}

fn columns() -> String {
    let mut table = "| column | Dutch heading | holds | meaning |\n|---|---|---|---|\n".to_owned();
    for column in COLUMNS {
        let holds = match column.holds {
            Holds::Text => "text".to_owned(),
            Holds::Number => "number".to_owned(),
            Holds::PValue => "p-value".to_owned(),
            Holds::Id => "id".to_owned(),
            Holds::Choice(words) => {
                words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or ")
            }
        };
        let _ = writeln!(table, "| `{}` | `{}` | {holds} | {} |", column.id, column.nl, column.doc);
    }
    table
}

fn rules() -> String {
    let mut table = "| rule | severity | what must hold | source |\n|---|---|---|---|\n".to_owned();
    for rule in RULES {
        let severity = rule.severity.as_str();
        let _ = writeln!(
            table,
            "| `{}` | {severity} | {} | {} |",
            rule.id, rule.sentence, rule.citation
        );
    }
    table
}
