//! What the documents must name: each column, code, exit and method that others may rely on.

use crate::repository::File;

/// A document, the source it describes, and how names are found in that source.
struct Promise {
    document: &'static str,
    source: &'static str,
    names: fn(&str) -> Vec<String>,
}

const PROMISES: [Promise; 5] = [
    Promise {
        document: "docs/results.md",
        source: "crates/verschil-study/src/results.rs",
        names: |source| fields(source, "EstimateRow"),
    },
    Promise {
        document: "docs/results.md",
        source: "crates/verschil-study/src/results.rs",
        names: |source| fields(source, "Results"),
    },
    Promise {
        document: "docs/results.md",
        source: "crates/verschil-stats/src/refusal.rs",
        names: |source| between(source, "=> \"", '"'),
    },
    Promise {
        document: "docs/results.md",
        source: "crates/verschil/src/exit.rs",
        names: |source| {
            between(source, " => ", ',').iter().map(|code| format!("| {code} |")).collect()
        },
    },
    Promise {
        document: "docs/methods/inference.md",
        source: "crates/verschil-stats/src/inference.rs",
        names: |source| {
            between(source, "id: \"", '"').iter().map(|id| format!("## `{id}`")).collect()
        },
    },
];

/// Names of fields of a struct.
fn fields(source: &str, name: &str) -> Vec<String> {
    let opening = format!("pub struct {name} {{");
    let body = source.split_once(&opening).and_then(|(_, rest)| rest.split_once("\n}"));
    body.map_or_else(Vec::new, |(body, _)| between(body, "    pub ", ':'))
}

/// What stands between each `start` and the next `end` on the same line.
fn between(source: &str, start: &str, end: char) -> Vec<String> {
    let rest = source.lines().filter_map(|line| line.split_once(start));
    rest.filter_map(|(_, rest)| rest.split_once(end)).map(|(name, _)| name.to_owned()).collect()
}

/// Names that a document should have and has not. A name stands in backticks, unless it brings
/// its own marks.
pub(crate) fn missing(files: &[File]) -> Vec<String> {
    let text = |path: &str| {
        files.iter().find(|file| file.path == path).map_or("", |file| file.text.as_str())
    };
    let mut violations = Vec::new();
    for promise in &PROMISES {
        let names = (promise.names)(text(promise.source));
        if names.is_empty() {
            violations.push(format!("{}: nothing found to describe", promise.source));
        }
        for name in names {
            let marked = if name.contains([' ', '`']) { name } else { format!("`{name}`") };
            if !text(promise.document).contains(&marked) {
                violations.push(format!(
                    "{} does not have {marked} of {}",
                    promise.document, promise.source
                ));
            }
        }
    }
    violations
}

#[test]
fn a_name_that_is_not_described_is_found() {
    let files = [
        File::new(
            PROMISES[0].source,
            "pub struct EstimateRow {\n    /// A.\n    pub a: u8,\n}\npub struct Results {\n    pub b: u8,\n}\n",
        ),
        File::new(PROMISES[2].source, "Self::A => \"refused_a\",\n"),
        File::new(PROMISES[3].source, "Self::Done => 0,\nSelf::Bug => 1,\n"),
        File::new(PROMISES[4].source, "id: \"cr0\",\nid: \"cr1\",\n"),
        File::new("docs/results.md", "`a` | 0 | done |"),
        File::new("docs/methods/inference.md", "## `cr0`\n"),
    ];
    let found = missing(&files);
    assert_eq!(found.len(), 4, "{found:?}");
    for name in ["`b`", "`refused_a`", "| 1 |", "## `cr1`"] {
        assert!(found.iter().any(|violation| violation.contains(name)), "{name} in {found:?}");
    }
}
