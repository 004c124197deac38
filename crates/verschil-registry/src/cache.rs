//! Grams kept by the hash of everything that shaped them.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use verschil_study::Protocol;

use crate::extract::{Extract, Wanted};
use crate::inputs::Input;

/// Raised when the content of a cached file changes meaning.
const VERSION: u32 = 9;

/// Hash of the inputs and of the part of the protocol that shapes the Grams: not the
/// comparisons, the treatment or the analysis, which may change without reading data again.
pub(crate) fn key(protocol: &Protocol, inputs: &[Input]) -> String {
    let outcomes: Vec<_> = protocol
        .outcomes
        .iter()
        .map(|o| {
            let among = o.among.as_ref().map(|among| &among.sql);
            (&o.kind, &o.value.sql, o.value_decimals, among, o.first, o.last)
        })
        .collect();
    let covariates: Vec<_> =
        protocol.covariates.iter().map(|c| (&c.id, &c.kind, &c.value.sql, &c.missing)).collect();
    let exclusions: Vec<_> =
        protocol.population.exclusions.iter().map(|e| (&e.id, &e.condition.sql)).collect();
    let hashes: Vec<_> =
        inputs.iter().map(|input| (&input.source, &input.sha256, &input.name)).collect();
    let mut hasher = Sha256::new();
    let mut add = |part: serde_json::Result<String>| {
        hasher.update(part.unwrap_or_default().as_bytes());
        hasher.update([0]);
    };
    fn json(value: &impl Serialize) -> serde_json::Result<String> {
        serde_json::to_string(value)
    }
    add(json(&(VERSION, env!("CARGO_PKG_VERSION"))));
    add(json(&hashes));
    add(json(&protocol.sources));
    add(json(&(&protocol.population.source, exclusions)));
    add(json(&(&protocol.region.value.sql, protocol.region.cluster.as_ref().map(|c| &c.sql))));
    add(json(&(&protocol.period.value.sql, protocol.period.first, protocol.period.last)));
    add(json(&protocol.weights.as_ref().map(|w| (&w.kind, &w.value.sql))));
    add(json(&(covariates, outcomes)));
    add(json(&protocol.treatment.condition.as_ref().map(|c| &c.sql)));
    let links = &protocol.population.links;
    let groups: Vec<_> = protocol.subgroups.iter().map(|g| (&g.id, &g.value.sql)).collect();
    let characteristics: Vec<_> = protocol.characteristics.iter().map(|c| &c.value.sql).collect();
    // an identity names outcomes, whose ids shape nothing else
    let ids: Vec<_> = protocol.outcomes.iter().map(|outcome| &outcome.id).collect();
    let identities: Vec<_> = protocol.identities.iter().map(|i| (&i.holds.sql, &ids)).collect();
    add(json(&(links, groups, &protocol.region.register)));
    add(json(&protocol.linkage_weights));
    add(json(&(characteristics, identities)));
    // what a link shows depends on every expression that reads it
    add(json(&protocol.expressions().iter().flat_map(|e| &e.qualified).collect::<BTreeSet<_>>()));
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn file(folder: &Path, key: &str, kind: &str) -> PathBuf {
    folder.join(format!("{key}.{kind}"))
}

/// What was kept under this key; a file that cannot be read counts as none and is made anew.
pub(crate) fn load(folder: &Path, key: &str, wanted: Wanted) -> Option<Extract> {
    let mut extract: Extract = read(&file(folder, key, "grams"))?;
    if wanted.cells {
        extract.cells = Some(read(&file(folder, key, "cells"))?);
    }
    Some(extract)
}

fn read<T: DeserializeOwned>(path: &Path) -> Option<T> {
    postcard::from_bytes(&std::fs::read(path).ok()?).ok()
}

/// Keeps an extract, each file whole or not at all.
pub(crate) fn store(folder: &Path, key: &str, extract: &Extract) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    if let Some(cells) = &extract.cells {
        write(folder, &file(folder, key, "cells"), cells)?;
    }
    write(folder, &file(folder, key, "grams"), extract)
}

fn write(folder: &Path, path: &Path, value: &impl Serialize) -> std::io::Result<()> {
    let bytes = postcard::to_stdvec(value).map_err(std::io::Error::other)?;
    let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
    temporary.write_all(&bytes)?;
    temporary.persist(path)?;
    Ok(())
}
