//! What the manifests say: arrows between crates, the engine's place, the crates' own words.

use toml::{Table, Value};

use crate::repository::File;

/// Which of our crates each crate may depend on. `registry` makes Grams and so knows `stats`.
const ALLOWED: [(&str, &[&str]); 9] = [
    ("verschil-stats", &[]),
    ("verschil-disclosure", &[]),
    ("verschil-bundle", &[]),
    ("verschil-study", &[]),
    ("verschil-registry", &["verschil-stats", "verschil-study"]),
    ("verschil-report", &["verschil-study", "verschil-disclosure"]),
    (
        "verschil-web",
        &[
            "verschil-report",
            "verschil-study",
            "verschil-stats",
            "verschil-disclosure",
            "verschil-bundle",
        ],
    ),
    (
        "verschil",
        &[
            "verschil-stats",
            "verschil-study",
            "verschil-registry",
            "verschil-report",
            "verschil-disclosure",
            "verschil-bundle",
            "verschil-web",
        ],
    ),
    ("verschil-cluster", &["verschil", "verschil-registry", "verschil-study"]),
];

/// The crate that may know DataFusion.
const ENGINE_CRATE: &str = "verschil-registry";

/// A crate as its manifest describes it.
struct Manifest {
    name: String,
    description: String,
    folder: String,
    dependencies: Vec<String>,
}

fn manifests(files: &[File]) -> Vec<Manifest> {
    let of_crate = |file: &&File| {
        file.path.starts_with("crates/")
            && file.path.ends_with("/Cargo.toml")
            && file.path.split('/').count() == 3
    };
    files.iter().filter(of_crate).map(read).collect()
}

fn read(file: &File) -> Manifest {
    let table: Table = toml::from_str(&file.text).unwrap_or_else(|e| panic!("{}: {e}", file.path));
    let word = |key: &str| {
        let package = table.get("package").and_then(|package| package.get(key));
        package.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let mut dependencies = dependencies(&table);
    for target in table.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values)
    {
        dependencies.extend(target.as_table().map(self::dependencies).unwrap_or_default());
    }
    Manifest {
        name: word("name"),
        description: word("description"),
        folder: file.path.trim_end_matches("/Cargo.toml").to_owned(),
        dependencies,
    }
}

/// Packages of every kind of dependency in a table, by their own names.
fn dependencies(table: &Table) -> Vec<String> {
    ["dependencies", "dev-dependencies", "build-dependencies"]
        .iter()
        .filter_map(|kind| table.get(*kind)?.as_table())
        .flat_map(Table::iter)
        .map(|(key, value)| value.get("package").and_then(Value::as_str).unwrap_or(key).to_owned())
        .collect()
}

/// Dependencies between our crates that no row of the table allows.
pub(crate) fn arrows(files: &[File]) -> Vec<String> {
    let mut violations = Vec::new();
    for manifest in manifests(files) {
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == manifest.name) else {
            violations.push(format!(
                "{}: no row of the table of arrows names {}",
                manifest.folder, manifest.name
            ));
            continue;
        };
        let ours = manifest.dependencies.iter().filter(|name| name.starts_with("verschil"));
        violations.extend(
            ours.filter(|name| !allowed.contains(&name.as_str()))
                .map(|name| format!("{} may not depend on {name}", manifest.name)),
        );
    }
    violations
}

/// Crates that know DataFusion and should not.
pub(crate) fn engine(files: &[File]) -> Vec<String> {
    let knows = |manifest: &Manifest| {
        manifest.dependencies.iter().any(|name| name.starts_with("datafusion"))
    };
    manifests(files)
        .iter()
        .filter(|manifest| manifest.name != ENGINE_CRATE && knows(manifest))
        .map(|manifest| format!("{} depends on DataFusion", manifest.name))
        .collect()
}

/// Crates whose `lib.rs` opens with something else than their description.
pub(crate) fn openings(files: &[File]) -> Vec<String> {
    let mut violations = Vec::new();
    for manifest in manifests(files) {
        let path = format!("{}/src/lib.rs", manifest.folder);
        let wanted = format!("//! {}", manifest.description);
        let found =
            files.iter().find(|file| file.path == path).and_then(|file| file.text.lines().next());
        if found != Some(wanted.as_str()) {
            violations.push(format!("{path} opens with {found:?}, not {wanted:?}"));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(name: &str, rest: &str) -> File {
        let text = format!("[package]\nname = \"{name}\"\ndescription = \"Words.\"\n{rest}");
        File::new(&format!("crates/{name}/Cargo.toml"), &text)
    }

    #[test]
    fn an_arrow_that_is_not_allowed_is_found_wherever_it_is_written() {
        let files = [
            manifest("verschil-stats", "[dev-dependencies]\nverschil-study.workspace = true\n"),
            manifest(
                "verschil-report",
                "[dependencies]\nnumbers = { package = \"verschil-stats\" }\n",
            ),
            manifest(
                "verschil-study",
                "[target.'cfg(unix)'.dependencies]\nverschil.workspace = true\n",
            ),
            manifest("verschil-odds", "[dependencies]\n"),
            manifest("verschil-registry", "[dependencies]\nverschil-stats.workspace = true\n"),
        ];
        assert_eq!(arrows(&files).len(), 4, "{:?}", arrows(&files));
    }

    #[test]
    fn the_engine_in_another_crate_is_found() {
        let knows = "[dependencies]\ndatafusion-common.workspace = true\n";
        let files = [manifest("verschil-report", knows), manifest("verschil-registry", knows)];
        assert_eq!(engine(&files), ["verschil-report depends on DataFusion"]);
    }

    #[test]
    fn an_opening_that_differs_from_the_description_is_found() {
        let good = File::new("crates/verschil-stats/src/lib.rs", "//! Words.\n");
        let bad = File::new("crates/verschil-study/src/lib.rs", "//! Other words.\n");
        let files = [manifest("verschil-stats", ""), good, manifest("verschil-study", ""), bad];
        assert_eq!(openings(&files).len(), 1);
    }
}
