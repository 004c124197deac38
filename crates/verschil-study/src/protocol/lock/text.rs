//! A lock as text, in TOML that people can read and version control can compare.

use serde_json::Value;

use super::{Act, LOCK_SCHEMA, Lock, LockEntry};

const HEAD: &str = "\
# What was fixed of this protocol, and when. Written by `verschil lock` and `verschil unblind`.
# Each entry holds the hash of the one before, so an edit by hand shows: leave this file as it is
# and keep it with the protocol.
";

impl Lock {
    /// The text of the file.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut text = format!("{HEAD}schema = {}\n", literal(LOCK_SCHEMA));
        for entry in &self.entries {
            add(&mut text, entry);
        }
        let pretty = serde_json::from_str::<Value>(&self.canonical)
            .and_then(|value| serde_json::to_string_pretty(&value));
        // what cannot be laid out is written as it is, and read the same
        let pretty = pretty.unwrap_or_else(|_| self.canonical.clone());
        text.push_str(&format!(
            "\n# The protocol as it was fixed last, every default written out.\n\
             [protocol]\ncanonical = {}\n",
            literal(&format!("{pretty}\n"))
        ));
        text
    }
}

fn add(text: &mut String, entry: &LockEntry) {
    let mut line = |key: &str, value: String| text.push_str(&format!("{key} = {value}\n"));
    line("\n[[entry]]\nnumber", entry.number.to_string());
    line("kind", literal(entry.act.kind()));
    line("time", literal(&entry.time));
    line("author", literal(&entry.author));
    match &entry.act {
        Act::Lock => {}
        Act::Amendment { reason, seen, changes } => {
            line("reason", literal(reason));
            line("seen", literal(seen.as_str()));
            let rows = changes.iter().map(|change| {
                [("place", &change.place), ("old", &change.old), ("new", &change.new)]
            });
            line("changes", list(rows.map(|row| inline(&row))));
        }
        Act::Unblinding { reason, accepted } => {
            line("reason", literal(reason));
            line("accepted", list(accepted.iter().map(|id| literal(id))));
        }
    }
    line("protocol_hash", literal(&entry.protocol_hash));
    let files = entry.files.iter().map(|file| [("file", &file.file), ("sha256", &file.sha256)]);
    line("files", list(files.map(|row| inline(&row))));
    line("previous", literal(&entry.previous));
    line("hash", literal(&entry.hash));
}

fn literal(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A text on one line, as an inline table needs it.
fn flat(text: &str) -> String {
    // JSON escapes less than TOML allows, and nothing that TOML does not know but `\/`, which it
    // never writes; DEL is the one character that TOML wants escaped beside JSON's
    Value::String(text.to_owned()).to_string().replace('\u{7f}', "\\u007F")
}

fn inline(pairs: &[(&str, &String)]) -> String {
    let parts: Vec<String> =
        pairs.iter().map(|(key, value)| format!("{key} = {}", flat(value))).collect();
    format!("{{ {} }}", parts.join(", "))
}

fn list(items: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> = items.map(|item| format!("  {item},\n")).collect();
    if lines.is_empty() { "[]".to_owned() } else { format!("[\n{}]", lines.concat()) }
}
