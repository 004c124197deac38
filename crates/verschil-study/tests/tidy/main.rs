//! The rules of the house, read from the repository itself.
//!
//! Each check is a function from files to violations. It is tried on made-up files first, so
//! that it is known to fail when it should, and then on the repository.

mod documents;
mod lexer;
mod manifests;
mod prose;
mod repository;
mod source;
mod words;

use repository::{File, Repository};

fn holds(rule: &str, violations: &[String]) {
    assert!(violations.is_empty(), "{rule}\n  {}\n", violations.join("\n  "));
}

fn files() -> Vec<File> {
    Repository::here().files
}

#[test]
fn only_allowed_arrows_lie_between_crates() {
    holds("ARCHITECTURE.md names the only arrows", &manifests::arrows(&files()));
}

#[test]
fn only_the_registry_knows_the_engine() {
    holds("datafusion belongs to verschil-registry alone", &manifests::engine(&files()));
}

#[test]
fn a_crate_opens_with_its_description() {
    holds("lib.rs begins with the description of Cargo.toml", &manifests::openings(&files()));
}

#[test]
fn every_source_file_opens_with_its_sentence() {
    holds("a .rs file begins with `//! `", &source::openings(&files()));
}

#[test]
fn files_and_functions_are_short() {
    holds("a function has at most 70 lines, a file 500", &source::lengths(&files()));
}

#[test]
fn modules_are_named_after_what_they_hold() {
    holds("no module is a drawer for leftovers", &source::names(&files()));
}

#[test]
fn nothing_is_left_unfinished_or_printed() {
    holds("work is finished, and libraries do not print", &source::leftovers(&files()));
}

#[test]
fn every_word_is_said_in_both_languages() {
    holds("words/nl and words/en agree with each other and with src", &words::keys(&files()));
}

#[test]
fn no_path_of_one_machine_is_written_down() {
    holds("paths are relative", &prose::machine_paths(&files()));
}

#[test]
fn every_link_leads_somewhere() {
    let repository = Repository::here();
    let exists = |path: &str| repository.root.join(path).exists();
    holds("links and paths in documents exist", &prose::links(&repository.files, &exists));
}

#[test]
fn what_others_rely_on_is_described() {
    holds("documents name every column, code, exit and method", &documents::missing(&files()));
}
