//! Rules about what the study reads.

use std::collections::BTreeMap;

use encoding_rs::Encoding;

use super::Facts;
use crate::problem::{Problem, Severity, did_you_mean, some_of};
use crate::protocol::decode::format_of;
use crate::protocol::node::Node;
use crate::protocol::{CovariateKind, MissingRule, in_bucket};

pub(super) fn unique_ids(facts: &mut Facts<'_>) {
    let protocol = facts.protocol;
    let exclusions = protocol.population.exclusions.iter().map(|item| item.id.as_str()).collect();
    let covariates = protocol.covariates.iter().map(|item| item.id.as_str()).collect();
    let domains = protocol.domains.iter().map(|item| item.id.as_str()).collect();
    let outcomes = protocol.outcomes.iter().map(|item| item.id.as_str()).collect();
    let comparisons = protocol.comparisons.iter().map(|item| item.id.as_str()).collect();
    let links = protocol.population.links.iter().map(|item| item.id.as_str()).collect();
    let subgroups = protocol.subgroups.iter().map(|item| item.id.as_str()).collect();
    let identities = protocol.identities.iter().map(|item| item.id.as_str()).collect();
    let characteristics = protocol.characteristics.iter().map(|item| item.id.as_str()).collect();
    let lists: [(&str, Vec<&str>); 9] = [
        ("population.link", links),
        ("subgroup", subgroups),
        ("identity", identities),
        ("characteristic", characteristics),
        ("population.exclude", exclusions),
        ("covariate", covariates),
        ("domain", domains),
        ("outcome", outcomes),
        ("comparison", comparisons),
    ];
    for (table, ids) in lists {
        let mut seen = BTreeMap::new();
        for (index, id) in ids.iter().enumerate().filter(|(_, id)| !id.is_empty()) {
            let first = *seen.entry(*id).or_insert(index);
            if first == index || facts.report.is_full(Severity::Error) {
                continue;
            }
            let line = facts.place(&format!("{table}[{first}].id")).line;
            facts.push(
                &format!("{table}[{index}].id"),
                Problem::error(
                    "duplicate-id",
                    format!("there are two `[[{table}]]` with id `{id}`"),
                )
                .found(format!("`{id}`"))
                .hint(format!("give this one another id; the first is on line {line}")),
            );
        }
    }
}

pub(super) fn formats(facts: &mut Facts<'_>) {
    let nodes = facts.root.child("sources").map_or(&[][..], Node::table);
    for (source, (_, node)) in facts.protocol.sources.iter().zip(nodes) {
        let path = format!("sources.{}", source.name);
        if node.child("format").is_some() {
            continue;
        }
        for (index, file) in source.files.iter().enumerate().filter(|(_, file)| !file.is_empty()) {
            let problem = match format_of(file) {
                Some(format) if format == source.format => continue,
                Some(format) => {
                    Problem::error("mixed-formats", "files of one source have one format")
                        .found(format!("{} after {}", format.as_str(), source.format.as_str()))
                        .hint("write files of another format as a source of their own")
                }
                None => {
                    Problem::error("unknown-format", format!("the format of {file:?} is unknown"))
                        .found(format!("{file:?}"))
                        .allowed(".csv, .tsv, .txt, .parquet, .pq, .sav, .zsav, .dta")
                        .hint(r#"name it: format = "csv", "parquet", "sav" or "dta""#)
                }
            };
            facts.push(&format!("{path}.files[{index}]"), problem);
        }
    }
}

pub(super) fn portable_files(facts: &mut Facts<'_>) {
    for source in &facts.protocol.sources {
        for (index, file) in source.files.iter().enumerate() {
            if is_absolute(file) {
                let path = format!("sources.{}.files[{index}]", source.name);
                facts.push(&path, absolute(file));
            }
        }
    }
}

pub(super) fn storage(facts: &mut Facts<'_>) {
    for source in &facts.protocol.sources {
        for (index, file) in source.files.iter().enumerate().filter(|(_, file)| in_bucket(file)) {
            let place = file.strip_prefix("s3://").and_then(|place| place.split_once('/'));
            let plain = |bucket: &str| !bucket.is_empty() && !bucket.contains(['*', '?', '[', '{']);
            if place.is_some_and(|(bucket, key)| plain(bucket) && !key.is_empty()) {
                continue;
            }
            let problem = Problem::error("unknown-storage", "this is no file on object storage")
                .found(format!("{file:?}"))
                .allowed("s3://BUCKET/NAME, patterns in NAME alone; or a path")
                .hint("credentials and the address of the storage stand in the environment");
            facts.push(&format!("sources.{}.files[{index}]", source.name), problem);
        }
    }
}

/// Whether a file is only found on machines with the same folders or the same separator.
pub(super) fn is_absolute(file: &str) -> bool {
    let drive = file.as_bytes().get(1) == Some(&b':');
    file.starts_with('/') || file.contains('\\') || drive
}

/// The warning about such a name.
pub(super) fn absolute(file: &str) -> Problem {
    Problem::warning("absolute-path", "this file will not be found on another machine")
        .found(format!("{file:?}"))
        .allowed("a path relative to the protocol, with `/` between folders")
        .hint("put the file in the folder of the protocol, or start with `../`")
}

pub(super) fn csv_options(facts: &mut Facts<'_>) {
    for source in &facts.protocol.sources {
        let path = format!("sources.{}", source.name);
        let encoding = format!("{path}.encoding");
        if facts.sound(&[&encoding]) && Encoding::for_label(source.encoding.as_bytes()).is_none() {
            let labels = ["utf-8", "windows-1252", "iso-8859-1", "iso-8859-15", "utf-16le"];
            facts.push(
                &encoding,
                Problem::error("unknown-encoding", "this is not a known character encoding")
                    .found(format!("{:?}", source.encoding))
                    .allowed(format!("WHATWG labels, such as {}", labels.join(", ")))
                    .hint(did_you_mean(&source.encoding, labels.into_iter())),
            );
        }
        let decimal = format!("{path}.decimal");
        if facts.sound(&[&decimal, &format!("{path}.separator")])
            && source.separator == source.decimal
        {
            facts.push(
                &decimal,
                Problem::error("separator-is-decimal", "the separator is also the decimal mark")
                    .found(format!("{:?} for both", source.decimal))
                    .hint(r#"with a decimal comma, files usually have separator = ";""#),
            );
        }
    }
}

pub(super) fn columns_read_once(facts: &mut Facts<'_>) {
    for source in &facts.protocol.sources {
        let mut readers = BTreeMap::new();
        for column in &source.columns {
            let first = *readers.entry((&column.from, column.labels)).or_insert(&column.name);
            if *first == column.name {
                continue;
            }
            let message = "two columns read the same column of the file";
            let found = format!("`{first}` and `{}` read `{}`", column.name, column.from);
            facts.report.push(
                Problem::warning("column-read-twice", message)
                    .at(&column.place)
                    .found(found)
                    .hint("remove one, unless both are meant"),
            );
        }
    }
}

pub(super) fn population_source(facts: &mut Facts<'_>) {
    let wanted = &facts.protocol.population.source;
    let names: Vec<&str> = facts.protocol.sources.iter().map(|s| s.name.as_str()).collect();
    if !facts.sound(&["population.source", "sources"]) || names.contains(&wanted.as_str()) {
        return;
    }
    facts.push(
        "population.source",
        Problem::error("unknown-source", format!("there is no source `{wanted}`"))
            .found(format!("`{wanted}`"))
            .allowed(some_of(names.iter().copied()))
            .hint(did_you_mean(wanted, names.iter().copied())),
    );
}

pub(super) fn cluster_label(facts: &mut Facts<'_>) {
    let Some(region) = facts.root.child("region") else {
        return;
    };
    if region.child("cluster").is_some() && region.child("cluster_plural").is_none() {
        facts.push(
            "region.cluster",
            Problem::warning("cluster-without-label", "the report has no name for the clusters")
                .hint("add `cluster_plural = { nl = \"...\", en = \"...\" }`"),
        );
    }
}

pub(super) fn windows(facts: &mut Facts<'_>) {
    let protocol = facts.protocol;
    let period = ("period".to_owned(), protocol.period.first, protocol.period.last);
    let outcomes = protocol.outcomes.iter().enumerate();
    let outcomes = outcomes.map(|(index, o)| (format!("outcome[{index}]"), o.first, o.last));
    for (path, first, last) in std::iter::once(period).chain(outcomes) {
        let (Some(first), Some(last)) = (first, last) else {
            continue;
        };
        if first > last {
            facts.push(
                &format!("{path}.first"),
                Problem::error("empty-window", "the first period comes after the last")
                    .found(format!("first = {first}, last = {last}"))
                    .hint("exchange them"),
            );
        }
    }
}

pub(super) fn covariate_levels(facts: &mut Facts<'_>) {
    for (index, covariate) in facts.protocol.covariates.iter().enumerate() {
        let path = format!("covariate[{index}]");
        let kind = format!("{path}.kind");
        if covariate.kind != CovariateKind::Numeric || !facts.sound(&[&kind]) {
            continue;
        }
        let hint = r#"remove it, or write kind = "categorical""#;
        if covariate.missing == MissingRule::Level {
            facts.push(
                &format!("{path}.missing"),
                Problem::error("level-of-number", "a numeric covariate has no levels")
                    .found("missing = \"level\"")
                    .allowed("missing = \"drop\"")
                    .hint(hint),
            );
        }
        if covariate.reference.is_some() {
            facts.push(
                &format!("{path}.reference"),
                Problem::error("level-of-number", "a numeric covariate has no reference level")
                    .hint(hint),
            );
        }
        let labels =
            [("codelist", covariate.codelist.is_some()), ("levels", !covariate.levels.is_empty())];
        for (key, _) in labels.iter().filter(|(_, given)| *given) {
            facts.push(
                &format!("{path}.{key}"),
                Problem::error("level-of-number", "a numeric covariate has no levels to name")
                    .hint(hint),
            );
        }
    }
}
