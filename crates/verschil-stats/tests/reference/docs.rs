//! The page about the cases is current.

use std::fmt::Write as _;
use std::path::Path;

use verschil_stats::validate::{CASES, NOT_COMPARED, shipped};

const BEGIN: &str = "<!-- made by the tests, from here -->\n";
const END: &str = "<!-- to here -->\n";

/// Tables of cases and of what is left out.
fn tables() -> String {
    let mut text = "| case | what | whose numbers | data |\n|---|---|---|---|\n".to_owned();
    for case in CASES {
        let missing: Vec<String> = case
            .needs
            .iter()
            .filter(|path| shipped(path).is_none())
            .map(|path| format!("`{path}`"))
            .collect();
        let data = if missing.is_empty() { "here".into() } else { missing.join(", ") };
        writeln!(text, "| `{}` | {} | {} | {data} |", case.id, case.about, case.source)
            .expect("a text grows");
    }
    text.push_str("\n## What is not compared\n\n| reference | part | why |\n|---|---|---|\n");
    for apart in NOT_COMPARED {
        writeln!(text, "| `{}` | {} | {} |", apart.reference, apart.part, apart.reason)
            .expect("a text grows");
    }
    text
}

#[test]
fn the_page_about_cases_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/validate.md");
    let page = std::fs::read_to_string(&path).expect("the page");
    let (head, rest) = page.split_once(BEGIN).expect("a beginning");
    let (_, tail) = rest.split_once(END).expect("an end");
    let wanted = format!("{head}{BEGIN}{}{END}{tail}", tables());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &wanted).expect("written");
    }
    let found = std::fs::read_to_string(&path).expect("the page");
    assert!(found == wanted, "docs/validate.md is stale; run the tests with UPDATE_DOCS=1");
}
