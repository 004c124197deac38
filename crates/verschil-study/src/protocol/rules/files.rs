//! Rules about file names, and what stands in them.

use super::Facts;
use crate::problem::{Problem, did_you_mean};
use crate::protocol::{
    ColumnKind, Format, PatternPart, Placeholder, Source, has_placeholder, pattern_parts,
};

const PLACEHOLDERS: &str = "{year}, {version} and {vintage}";

/// Where the pattern with this number stands.
fn path(source: &Source, index: usize) -> String {
    format!("sources.{}.files[{index}]", source.name)
}

pub(super) fn placeholders(facts: &mut Facts<'_>) {
    for source in &facts.protocol.sources {
        for (index, file) in source.files.iter().enumerate() {
            let parts = pattern_parts(file);
            for (at, part) in parts.iter().enumerate() {
                let problem = match part {
                    PatternPart::Unknown(name) => unknown(name),
                    PatternPart::Placeholder(one) if parts[..at].contains(part) => {
                        Problem::error("placeholder-twice", "a placeholder stands in a name twice")
                            .found(format!("{{{}}}", one.as_str()))
                            .hint("write `*` for a part of the name that means nothing")
                    }
                    _ => continue,
                };
                facts.push(&path(source, index), problem);
            }
        }
    }
}

fn unknown(name: &str) -> Problem {
    let ids = Placeholder::OPTIONS.iter().map(|(id, _)| *id);
    let near = did_you_mean(name, ids);
    let otherwise = "write `*` for a part of the name that means nothing".to_owned();
    Problem::error("unknown-placeholder", "this is not a placeholder of file names")
        .found(format!("{{{name}}}"))
        .allowed(PLACEHOLDERS)
        .hint(if near.is_empty() { otherwise } else { near })
}

pub(super) fn years(facts: &mut Facts<'_>) {
    for source in &facts.protocol.sources {
        let Some((first, last)) = source.years else { continue };
        let path = format!("sources.{}.years", source.name);
        if !facts.sound(&[&path]) {
            continue;
        }
        let count = facts.count(&path);
        if count > 2 || first > last {
            facts.push(
                &path,
                Problem::error("bad-years", "years are the first and the last one")
                    .found(format!("{count} years, from {first} to {last}"))
                    .allowed("two years, the earlier first; or one year")
                    .hint("for example years = [2008, 2021]"),
            );
        }
        let nameless = |file: &String| !has_placeholder(file, Placeholder::Year);
        if let Some(file) = source.files.iter().find(|file| nameless(file)) {
            facts.push(
                &path,
                Problem::error("years-without-names", "these file names do not say the year")
                    .found(format!("{file:?}"))
                    .allowed("file names with {year}")
                    .hint("write {year} where the year stands in the name, or leave `years` out"),
            );
        }
    }
}

pub(super) fn columns_of_names(facts: &mut Facts<'_>) {
    for source in &facts.protocol.sources {
        for column in &source.columns {
            let braces = column.from.starts_with('{') && column.from.ends_with('}');
            let problem = match Placeholder::of(&column.from) {
                None if braces => unknown(column.from.trim_matches(['{', '}'])),
                Some(wanted) => {
                    let lacks = |file: &&String| !has_placeholder(file, wanted);
                    let Some(file) = source.files.iter().find(lacks) else { continue };
                    Problem::error("name-without-part", "a file name does not have this part")
                        .found(format!("{} in {file:?}", column.from))
                        .allowed("placeholders that all file names of the source have")
                        .hint(format!("write {} where it stands in the names", column.from))
                }
                None => continue,
            };
            facts.report.push(problem.at(&column.place));
        }
    }
}

pub(super) fn labels(facts: &mut Facts<'_>) {
    for source in &facts.protocol.sources {
        for column in source.columns.iter().filter(|column| column.labels) {
            let problem = if !matches!(source.format, Format::Sav | Format::Dta) {
                Problem::error("no-labels", "files of this format have no value labels")
                    .found(format!("labels = true with format {:?}", source.format.as_str()))
                    .allowed("\"sav\" and \"dta\"")
                    .hint("remove `labels`; labels for the report go elsewhere")
            } else if column.kind != ColumnKind::Text {
                Problem::error("labels-are-text", "value labels are text")
                    .found(format!("kind = \"{}\"", column.kind.as_str()))
                    .allowed("kind = \"text\"")
                    .hint("declare the codes as a column of their own")
            } else if Placeholder::of(&column.from).is_some() {
                Problem::error("no-labels", "a part of a file's name has no value labels")
                    .found(column.from.clone())
                    .hint("remove `labels`")
            } else {
                continue;
            };
            facts.report.push(problem.at(&column.place));
        }
    }
}
