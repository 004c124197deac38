//! Which column of a file a declared column reads.

use verschil_study::{Placeholder, Problem, Source, SourceColumn, nearest};

/// A declared column, and where it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Position among the declared columns.
    pub(super) declared: usize,
    /// Name in this file.
    pub(super) name: String,
}

/// Finds the declared columns among the names of a file's columns: exactly, else without regard
/// to case. Columns that come from the file's name are not looked for.
pub(super) fn find(
    source: &Source,
    file: &str,
    present: &[String],
) -> Result<Vec<Found>, Vec<Problem>> {
    let mut found = Vec::new();
    let mut problems = Vec::new();
    for (declared, column) in source.columns.iter().enumerate() {
        if Placeholder::of(&column.from).is_some() {
            continue;
        }
        let exact = present.iter().filter(|name| **name == column.from);
        let names: Vec<&String> = match exact.count() {
            0 => {
                let wanted = column.from.to_lowercase();
                present.iter().filter(|name| name.to_lowercase() == wanted).collect()
            }
            count => vec![&column.from; count],
        };
        match names[..] {
            [] => problems.push(missing(column, file, present)),
            [name] => found.push(Found { declared, name: name.clone() }),
            _ => problems.push(ambiguous(column, file, &names)),
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

fn missing(column: &SourceColumn, file: &str, present: &[String]) -> Problem {
    let problem = Problem::error("no-column", format!("{file} has no column `{}`", column.from))
        .at(&column.place)
        .found(column.from.clone());
    match nearest(&column.from, present.iter().map(String::as_str)) {
        Some(near) => problem.hint(format!("did you mean `{near}`? write from = \"{near}\"")),
        None => problem.allowed(shown(present)),
    }
}

fn ambiguous(column: &SourceColumn, file: &str, names: &[&String]) -> Problem {
    let shown: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    Problem::error("column-twice", format!("{file} has `{}` more than once", column.from))
        .at(&column.place)
        .found(shown.join(", "))
        .allowed("one column of this name, in whatever case")
        .hint("write `from` exactly as the one that is meant, or rename one in the file")
}

fn shown(columns: &[String]) -> String {
    let mut text = columns.iter().take(12).cloned().collect::<Vec<_>>().join(", ");
    if columns.len() > 12 {
        text.push_str(", ...");
    }
    text
}
