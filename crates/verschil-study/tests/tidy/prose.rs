//! What documents and source point at: files that exist, and no place on one machine.

use crate::repository::File;

/// First folders of absolute paths that exist on one machine only.
const MACHINE: [&str; 5] = ["root", "work", "home", "tmp", "Users"];

/// First folders of paths within the repository that documents name in backticks.
const OURS: [&str; 5] = ["crates/", "docs/", "studies/", "fuzz/", ".ci/"];

/// Absolute paths of one machine, with file and line.
pub(crate) fn machine_paths(files: &[File]) -> Vec<String> {
    let mut violations = Vec::new();
    for file in files {
        for (at, line) in file.text.lines().enumerate() {
            for folder in MACHINE.iter().filter(|folder| holds_path(line, folder)) {
                violations.push(format!("{}:{}: a path in /{folder}", file.path, at + 1));
            }
        }
    }
    violations
}

/// Whether the line has `/folder` where a path can begin.
fn holds_path(line: &str, folder: &str) -> bool {
    let path = format!("/{folder}");
    line.match_indices(&path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + path.len()..].chars().next();
        let inside = before.is_some_and(|c| c.is_alphanumeric() || "./_-*})>~$".contains(c));
        let longer = after.is_some_and(|c| c.is_alphanumeric() || "_-".contains(c));
        !inside && !longer
    })
}

/// Links and paths in documents that lead nowhere. `exists` tells whether a path from the root
/// does.
pub(crate) fn links(files: &[File], exists: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut violations = Vec::new();
    for file in files.iter().filter(|file| file.is("md")) {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut fenced = false;
        for (at, line) in file.text.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                fenced = !fenced;
            }
            if fenced {
                continue;
            }
            let linked = targets(line).map(|target| within(folder, target));
            let named = named_paths(line).map(str::to_owned);
            for path in linked.chain(named).filter(|path| !exists(path)) {
                violations.push(format!("{}:{}: {path} is not there", file.path, at + 1));
            }
        }
    }
    violations
}

/// Targets of links to files, without what follows a `#`.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target)
        .filter_map(|target| {
            let path = target.split(['#', ' ']).next().unwrap_or_default();
            let elsewhere = target.contains("://") || target.starts_with("mailto:");
            (!elsewhere && !path.is_empty()).then_some(path)
        })
}

/// Paths of ours in backticks; a pattern or a placeholder is none.
fn named_paths(line: &str) -> impl Iterator<Item = &str> {
    let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "./_-".contains(c));
    let ours = move |text: &&str| OURS.iter().any(|start| text.starts_with(start)) && plain(text);
    line.split('`').skip(1).step_by(2).filter(ours)
}

/// A relative target as a path from the root.
fn within(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            other => parts.push(other),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_path_is_found_and_a_relative_one_is_not() {
        for folder in MACHINE {
            for text in [
                format!("see /{folder}/x"),
                format!("cd \"/{folder}\""),
                format!("`/{folder}/a.rs`"),
            ] {
                assert_eq!(machine_paths(&[File::new("a.md", &text)]).len(), 1, "{text}");
            }
            let fine = format!(
                "src/{folder}/x ../{folder} https://a.org/{folder} $A/{folder} /{folder}bench"
            );
            assert!(machine_paths(&[File::new("a.md", &fine)]).is_empty(), "{fine}");
        }
    }

    #[test]
    fn a_dead_link_is_found_from_where_it_stands() {
        let exists = |path: &str| ["docs/a.md", "README.md", "crates/x/src/lib.rs"].contains(&path);
        let text = "[a](a.md) [r](../README.md#top) [w](https://a.org) [h](#here) `crates/x/src/lib.rs`\n\
                    [dead](b.md) [dead](../docs/c.md#x) `crates/x/src/gone.rs` `crates/CRATE/*.rs`\n\
                    ```\n[fenced](gone.md)\n```\n";
        let found = links(&[File::new("docs/index.md", text)], &exists);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found.iter().all(|violation| violation.starts_with("docs/index.md:2: ")));
    }
}
