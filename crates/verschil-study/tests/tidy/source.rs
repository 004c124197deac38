//! What the source says: openings, lengths, names, and what has no place in finished work.

use crate::lexer::code;
use crate::repository::File;

/// Most lines of a function, from `fn` to its closing brace.
const FUNCTION_LINES: usize = 70;
/// Most lines of a file.
const FILE_LINES: usize = 500;
/// Names that say nothing about what a module holds.
const DRAWERS: [&str; 7] = ["utils", "util", "helpers", "helper", "common", "manager", "misc"];
/// What finished work does not hold, anywhere.
const UNFINISHED: [&str; 4] = ["#[ignore", "todo!", "unimplemented!", "dbg!"];
/// What a library does not do.
const PRINTING: [&str; 4] = ["println!", "print!", "eprintln!", "eprint!"];
/// Reminders, written in two parts so that this file holds none.
const REMINDERS: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

fn rust(files: &[File]) -> impl Iterator<Item = &File> {
    files.iter().filter(|file| file.is("rs"))
}

/// Files whose first line is not a sentence about them.
pub(crate) fn openings(files: &[File]) -> Vec<String> {
    let opens = |file: &&File| file.text.starts_with("//! ");
    rust(files).filter(|file| !opens(file)).map(|file| file.path.clone()).collect()
}

/// Files and functions that are too long.
pub(crate) fn lengths(files: &[File]) -> Vec<String> {
    let mut violations = Vec::new();
    for file in rust(files) {
        let lines = file.text.lines().count();
        if lines > FILE_LINES {
            violations.push(format!("{}: {lines} lines", file.path));
        }
        for (line, name, length) in functions(&code(&file.text)) {
            if length > FUNCTION_LINES {
                violations.push(format!("{}:{line}: {name} has {length} lines", file.path));
            }
        }
    }
    violations
}

/// Line, name and length of every function with a body, in code laid out by rustfmt: the body
/// ends at the first `}` that stands as far in as the line of `fn`.
fn functions(code: &str) -> Vec<(usize, String, usize)> {
    let lines: Vec<&str> = code.lines().map(str::trim_end).collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else { continue };
        let margin = indentation(line);
        let closes =
            |line: &&str| indentation(line) == margin && line.trim_start().starts_with('}');
        let declared = |line: &&str| indentation(line) == margin && line.ends_with(';');
        let whole = line.ends_with(';') || line.ends_with('}');
        let rest = &lines[at + 1..];
        let end = rest.iter().position(|line| closes(line) || declared(line));
        let length = if whole { 1 } else { end.map_or(lines.len() - at, |end| end + 2) };
        found.push((at + 1, name, length));
    }
    found
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The name of the function that this line opens.
fn function_name(line: &str) -> Option<String> {
    let (before, after) = line.split_once("fn ")?;
    let qualifiers = ["pub", "const", "async", "unsafe", "extern"];
    let qualifies =
        |word: &str| word.starts_with("pub(") || word.ends_with(')') || qualifiers.contains(&word);
    let name: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (before.split_whitespace().all(qualifies) && !name.is_empty()).then_some(name)
}

/// Modules named after nothing, and folders with a `mod.rs`.
pub(crate) fn names(files: &[File]) -> Vec<String> {
    let mut violations = Vec::new();
    for file in rust(files) {
        if file.path.ends_with("/mod.rs") {
            violations.push(format!("{}: write it beside its folder", file.path));
        }
        let folders = file.path.split('/').rev().skip(1);
        if let Some(name) = folders.chain([file.stem()]).find(|name| DRAWERS.contains(name)) {
            violations.push(format!("{}: the name `{name}`", file.path));
        }
        for line in code(&file.text).lines() {
            let name = line
                .split_once("mod ")
                .map_or("", |(_, rest)| rest.trim_end_matches([';', '{', ' ']));
            if DRAWERS.contains(&name) && line.contains('{') {
                violations.push(format!("{}: the module `{name}`", file.path));
            }
        }
    }
    violations
}

/// Unfinished work anywhere, and printing within the work.
pub(crate) fn leftovers(files: &[File]) -> Vec<String> {
    let mut violations = Vec::new();
    for file in rust(files) {
        let code = code(&file.text);
        let library = file.path.starts_with("crates/") && file.path.contains("/src/");
        let tests = code.find("#[cfg(test)]\nmod tests").unwrap_or(code.len());
        let unfinished = UNFINISHED.iter().filter(|word| occurs(&code, word));
        let printing = PRINTING.iter().filter(|word| library && occurs(&code[..tests], word));
        let reminders = REMINDERS.iter().filter(|word| occurs(&file.text, word));
        for word in unfinished.chain(printing).chain(reminders) {
            violations.push(format!("{}: {word}", file.path));
        }
    }
    violations
}

/// Whether `word` stands in the text, not as the end or the beginning of a longer name.
fn occurs(text: &str, word: &str) -> bool {
    let named = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(word).any(|(at, _)| {
        !named(text[..at].chars().next_back()) && !named(text[at + word.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(path: &str, text: &str) -> [File; 1] {
        [File::new(path, text)]
    }

    #[test]
    fn a_file_without_a_sentence_is_found() {
        assert_eq!(openings(&one("a.rs", "use std::fs;\n")).len(), 1);
        assert!(openings(&one("a.rs", "//! A sentence.\n")).is_empty());
        assert!(openings(&one("a.md", "# Title\n")).is_empty());
    }

    #[test]
    fn a_long_function_is_found_and_a_short_one_is_not() {
        let body = "        let text = \"\n    }\";\n".repeat(36);
        let function =
            |head: &str, body: &str| format!("impl A {{\n    {head}\n{body}    }}\n}}\n");
        let long = function("pub(crate) async fn long(&self) -> A {", &body);
        assert_eq!(lengths(&one("a.rs", &long)), ["a.rs:2: long has 74 lines"]);
        let wrapped = function("pub fn long(\n        a: A,\n    ) -> A {", &body);
        assert_eq!(lengths(&one("a.rs", &wrapped)), ["a.rs:2: long has 76 lines"]);
        let short = function("fn short();\n    fn next() {", "        one();\n");
        assert_eq!(functions(&code(&short)).len(), 2);
        assert!(lengths(&one("a.rs", &short.repeat(60))).is_empty());
        assert!(lengths(&one("a.rs", &"// fn words\n".repeat(400))).is_empty());
    }

    #[test]
    fn a_long_file_is_found() {
        assert_eq!(lengths(&one("a.rs", &"use a;\n".repeat(501))), ["a.rs: 501 lines"]);
    }

    #[test]
    fn drawers_are_found_as_file_as_folder_and_inline() {
        for path in ["src/utils.rs", "src/common/x.rs", "src/estimators/mod.rs"] {
            assert_eq!(names(&one(path, "")).len(), 1, "{path}");
        }
        assert_eq!(names(&one("src/a.rs", "pub mod helpers {\n}\n")).len(), 1);
        assert!(names(&one("src/commonly.rs", "mod utility;\n// mod utils {\n")).is_empty());
    }

    #[test]
    fn leftovers_are_found_in_code_and_not_in_texts() {
        let path = "crates/a/src/lib.rs";
        for text in [
            "#[ignore]\nfn a() {}",
            "todo!()",
            "unimplemented!()",
            "dbg!(1)",
            "println!()",
            "eprint!()",
        ] {
            assert_eq!(leftovers(&one(path, text)).len(), 1, "{text}");
        }
        assert_eq!(leftovers(&one(path, concat!("// TO", "DO later"))).len(), 1);
        let fine =
            "// todo!\nlet a = \"dbg!\";\nwriteln!(f);\n#[cfg(test)]\nmod tests { println!(); }";
        assert!(leftovers(&one(path, fine)).is_empty());
        assert!(leftovers(&one("crates/a/tests/b.rs", "println!()")).is_empty());
        assert!(leftovers(&one("crates/a/examples/b.rs", "println!()")).is_empty());
    }
}
