//! Names of files against patterns: which fit, what they say, and which version counts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use glob::MatchOptions;
use regex::Regex;
use serde::{Deserialize, Serialize};
use verschil_study::{PatternPart, Placeholder, Problem, Source, has_placeholder, pattern_parts};

use super::storage::Storage;

/// What the name of a file says, where the pattern has a placeholder for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NameParts {
    /// Year, four digits.
    pub year: Option<String>,
    /// The delivery as a whole.
    pub vintage: Option<String>,
    /// Version, digits.
    pub version: Option<String>,
}

impl NameParts {
    /// What stands in place of a placeholder.
    pub(crate) fn get(&self, placeholder: Placeholder) -> Option<&str> {
        match placeholder {
            Placeholder::Year => self.year.as_deref(),
            Placeholder::Version => self.version.as_deref(),
            Placeholder::Vintage => self.vintage.as_deref(),
        }
    }
}

/// A file that a pattern finds.
pub(super) type Named = (PathBuf, NameParts);

/// Files that a pattern of a source finds, in order of year, vintage and path; of each year and
/// vintage only the highest version.
pub(super) fn found(
    source: &Source,
    pattern: &str,
    storage: Storage<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<Named> {
    let files = if pattern.contains(['*', '?', '[', '{']) {
        match matching(pattern, storage) {
            Ok(files) => highest(source, files, problems),
            Err(error) => {
                problems.push(
                    Problem::error("unreadable-file", "these files cannot be listed")
                        .at(&source.place)
                        .found(format!("{pattern}: {error}"))
                        .hint(super::where_files_are(Path::new(pattern))),
                );
                return Vec::new();
            }
        }
    } else {
        vec![(storage.place(pattern), NameParts::default())]
    };
    if files.is_empty() {
        problems.push(
            Problem::error("no-file", "no file fits this pattern")
                .at(&source.place)
                .found(pattern)
                .hint(super::where_files_are(Path::new(pattern))),
        );
    }
    files
}

fn matching(pattern: &str, storage: Storage<'_>) -> Result<Vec<Named>, std::io::Error> {
    // names of deliveries differ in case from year to year; those without placeholders are exact
    let options = MatchOptions { case_sensitive: !pattern.contains('{'), ..MatchOptions::new() };
    let paths = storage.fitting(&wildcards(pattern), options)?;
    let Ok(name) = Regex::new(&expression(pattern)) else { return Ok(Vec::new()) };
    let mut files: Vec<Named> = paths
        .into_iter()
        .filter_map(|path| {
            let text = path.to_string_lossy().replace('\\', "/");
            let parts = name.captures(&text).map(|captures| {
                let part = |id: &str| captures.name(id).map(|part| part.as_str().to_owned());
                NameParts { year: part("year"), vintage: part("vintage"), version: part("version") }
            })?;
            Some((path, parts))
        })
        .collect();
    files.sort_by(|(a, x), (b, y)| (&x.year, &x.vintage, a).cmp(&(&y.year, &y.vintage, b)));
    Ok(files)
}

/// The pattern with wildcards for its placeholders.
fn wildcards(pattern: &str) -> String {
    let part = |part| match part {
        PatternPart::Plain(text) => text,
        PatternPart::Placeholder(Placeholder::Year) => "[0-9][0-9][0-9][0-9]",
        PatternPart::Placeholder(_) | PatternPart::Unknown(_) => "*",
    };
    pattern_parts(pattern).into_iter().map(part).collect()
}

/// The pattern as a regular expression for the end of a path, its placeholders as groups.
fn expression(pattern: &str) -> String {
    let pattern = pattern.rsplit_once("../").map_or(pattern, |(_, rest)| rest);
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
    let mut text = String::from("(?i)(?:^|/)");
    for part in pattern_parts(pattern) {
        match part {
            PatternPart::Plain(plain) => plain_expression(&mut text, plain),
            PatternPart::Placeholder(Placeholder::Year) => text.push_str("(?<year>[0-9]{4})"),
            PatternPart::Placeholder(Placeholder::Version) => text.push_str("(?<version>[0-9]+)"),
            PatternPart::Placeholder(Placeholder::Vintage) => text.push_str("(?<vintage>[^/]+?)"),
            PatternPart::Unknown(_) => text.push_str("[^/]*"),
        }
    }
    text.push('$');
    text
}

/// Wildcards of file names in the language of regular expressions. What stands between brackets
/// has been matched by the file system's pattern already.
fn plain_expression(text: &mut String, plain: &str) {
    let mut rest = plain.chars();
    while let Some(c) = rest.next() {
        match c {
            '*' => text.push_str(".*"),
            '?' => text.push('.'),
            '[' => {
                rest.by_ref().skip(1).find(|c| *c == ']');
                text.push('.');
            }
            c => text.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
        }
    }
}

/// The highest version of each year and vintage; all files where names have no version.
fn highest(source: &Source, files: Vec<Named>, problems: &mut Vec<Problem>) -> Vec<Named> {
    // of each year and vintage: which file, and its version
    let mut best: BTreeMap<[Option<String>; 2], (usize, &str)> = BTreeMap::new();
    let mut kept = vec![true; files.len()];
    for (at, (path, parts)) in files.iter().enumerate() {
        let Some(version) = &parts.version else { continue };
        let folded = |part: &Option<String>| part.as_ref().map(|part| part.to_lowercase());
        let key = [folded(&parts.year), folded(&parts.vintage)];
        let version = version.trim_start_matches('0');
        let order = |version: &str| (version.len(), version.to_owned());
        match best.get(&key).copied() {
            Some((other, known)) if order(known) == order(version) => {
                problems.push(same_version(source, &files[other].0, path));
            }
            Some((_, known)) if order(known) > order(version) => kept[at] = false,
            Some((other, _)) => {
                kept[other] = false;
                best.insert(key, (at, version));
            }
            None => drop(best.insert(key, (at, version))),
        }
    }
    let mut kept = kept.into_iter();
    files.into_iter().filter(|_| kept.next().unwrap_or(true)).collect()
}

fn same_version(source: &Source, first: &Path, second: &Path) -> Problem {
    Problem::error("same-version", "two files are the same version of the same year")
        .at(&source.place)
        .found(format!("{} and {}", first.display(), second.display()))
        .hint("remove one, or make the pattern tell them apart with {vintage}")
}

/// Years of which there is no file.
pub(super) fn missing_years(source: &Source, files: &[Named]) -> Option<Problem> {
    const SHOWN: usize = 12;
    let (first, last) = source.years?;
    if !source.files.iter().all(|file| has_placeholder(file, Placeholder::Year)) {
        return None;
    }
    let there: Vec<i64> =
        files.iter().filter_map(|(_, parts)| parts.year.as_deref()?.parse().ok()).collect();
    let mut missing = (first..=last).filter(|year| !there.contains(year));
    let shown: Vec<String> = missing.by_ref().take(SHOWN).map(|year| year.to_string()).collect();
    let more = if missing.next().is_some() { " and more" } else { "" };
    (!shown.is_empty()).then(|| {
        Problem::error("missing-years", "there are years without a file")
            .at(&source.place)
            .found(format!("no file for {}{more}", shown.join(", ")))
            .allowed(format!("a file for every year from {first} to {last}"))
            .hint("add the files, correct the pattern, or name fewer years")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_become_groups_and_wildcards_stay() {
        let name = Regex::new(&expression("../in/b*_{vintage}_{year}V{version}.sav")).unwrap();
        let found = name.captures("/data/in/births_2000-2021_2009V10.SAV").unwrap();
        assert_eq!(
            (&found["vintage"], &found["year"], &found["version"]),
            ("2000-2021", "2009", "10")
        );
        for other in ["in/births_x_209V1.sav", "in/births_x_2009Vb.sav", "in/births_x_2009V1.sav2"]
        {
            assert!(name.captures(other).is_none(), "{other}");
        }
        assert_eq!(wildcards("b_{year}V{version}[0-9].sav"), "b_[0-9][0-9][0-9][0-9]V*[0-9].sav");
    }
}
