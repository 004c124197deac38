//! Reads a lock: every problem of its keys at once, then every break of its chain.

use serde_json::Value as Json;

use super::{Act, LOCK_SCHEMA, Lock, LockEntry, LockedFile, Seen, hex};
use crate::problem::{Problem, did_you_mean};
use crate::protocol::canonical::sorted;
use crate::protocol::node::{Document, Node, Value};
use crate::protocol::read::{on_large_stack, syntax};
use crate::protocol::report::Report;
use crate::results::ChangeFacts;

/// The way out of a lock that was changed.
const RESTORE: &str = "restore the file from version control or a copy; without one, move it away \
                       and lock again: the history then starts anew";

/// Keys of every entry.
const KEYS: [&str; 8] =
    ["number", "kind", "time", "author", "protocol_hash", "files", "previous", "hash"];

impl Lock {
    /// Reads a lock; `file` is its name in messages.
    ///
    /// # Errors
    /// All problems of the text, each with its place; where there is none, all breaks of the chain.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let mut report = Report::new(file);
        let document = Document::new("", text);
        let Some((root, errors)) = on_large_stack(&document) else {
            report.push(
                Problem::error("unreadable", "the lock could not be read")
                    .hint("try again with more memory"),
            );
            return Err(report.finish());
        };
        for error in errors.iter().take(10) {
            syntax(&mut report, &document, error);
        }
        if !errors.is_empty() {
            return Err(report.finish());
        }
        let mut reader = Reader { report: &mut report };
        let entries = reader.whole(&root);
        let canonical = reader.word(&root, "protocol.canonical");
        if report.has_errors() {
            return Err(report.finish());
        }
        let canonical = serde_json::from_str::<Json>(&canonical)
            .map_or(canonical, |value| sorted(value).to_string());
        let lock = Self { entries, canonical };
        lock.chain(&root, &mut report);
        if report.has_errors() { Err(report.finish()) } else { Ok(lock) }
    }

    /// Checks every entry against its hash, its neighbour and the protocol that is kept.
    fn chain(&self, root: &Node, report: &mut Report) {
        let nodes = root.child("entry").map_or(&[][..], Node::list);
        let mut tell = |node: &Node, key: &str, code: &str, message: &str, found: String| {
            let place = node.child(key).map_or(&node.place, |child| &child.place);
            report.push(Problem::error(code, message).at(place).found(found).hint(RESTORE));
        };
        let mut before: Option<&LockEntry> = None;
        for (at, (entry, node)) in self.entries.iter().zip(nodes).enumerate() {
            if entry.digest() != entry.hash {
                let found = format!("entry {} does not have the hash that it says", entry.number);
                tell(
                    node,
                    "hash",
                    "lock-edited",
                    "this entry was changed after it was written",
                    found,
                );
            }
            let expected = before.map_or("", |before| before.hash.as_str());
            let ordered = entry.number == at as u64 + 1 && entry.previous == expected;
            if !ordered || matches!(entry.act, Act::Lock) != before.is_none() {
                let found = format!("entry {} in place {}", entry.number, at + 1);
                let message = "an entry before this one was changed, added or taken away";
                tell(node, "previous", "lock-broken", message, found);
            }
            before = Some(entry);
        }
        let last = self.entries.last().map(|entry| entry.protocol_hash.as_str());
        if last != Some(hex(self.canonical.as_bytes()).as_str()) {
            let node = root.child("protocol").unwrap_or(root);
            let message = "the protocol that is kept here is not the one that was fixed last";
            let found = "its hash differs from that of the last entry".to_owned();
            tell(node, "canonical", "lock-edited", message, found);
        }
    }
}

/// Decodes the tree and notes what is wrong with it.
struct Reader<'a> {
    report: &'a mut Report,
}

impl Reader<'_> {
    fn whole(&mut self, root: &Node) -> Vec<LockEntry> {
        let schema = self.word(root, "schema");
        if let Some(node) = root.child("schema").filter(|_| schema != LOCK_SCHEMA) {
            self.report.push(
                Problem::error("lock-version", "this lock has a schema that is not known here")
                    .at(&node.place)
                    .found(schema)
                    .allowed(LOCK_SCHEMA)
                    .hint("use the version of verschil that wrote it, or a later one"),
            );
            return Vec::new();
        }
        self.unknown(root, &["schema", "entry", "protocol"]);
        if let Some(protocol) = root.child("protocol") {
            self.unknown(protocol, &["canonical"]);
        }
        let entries = root.child("entry").map_or(&[][..], Node::list);
        if entries.is_empty() {
            self.report.push(
                Problem::error("lock-empty", "a lock has at least one entry")
                    .at(&root.place)
                    .hint(RESTORE),
            );
        }
        entries.iter().map(|node| self.entry(node)).collect()
    }

    fn entry(&mut self, node: &Node) -> LockEntry {
        let number = node.child("number").and_then(Node::integer);
        if number.is_none() {
            self.wrong(node, "number", "a whole number");
        }
        LockEntry {
            number: number.and_then(|number| u64::try_from(number).ok()).unwrap_or_default(),
            act: self.act(node),
            time: self.word(node, "time"),
            author: self.word(node, "author"),
            protocol_hash: self.word(node, "protocol_hash"),
            files: self
                .rows(node, "files", ["file", "sha256"])
                .into_iter()
                .map(|[file, sha256]| LockedFile { file, sha256 })
                .collect(),
            previous: self.word(node, "previous"),
            hash: self.word(node, "hash"),
        }
    }

    fn act(&mut self, node: &Node) -> Act {
        let kind = self.word(node, "kind");
        let own: &[&str] = match kind.as_str() {
            "amendment" => &["reason", "seen", "changes"],
            "unblinding" => &["reason", "accepted"],
            "lock" => &[],
            // what belongs to a kind that is not known cannot be told
            _ => &["reason", "seen", "changes", "accepted"],
        };
        let known: Vec<&str> = KEYS.iter().chain(own).copied().collect();
        self.unknown(node, &known);
        match kind.as_str() {
            "amendment" => {
                let seen = self.word(node, "seen");
                let known = Seen::from_id(&seen);
                if known.is_none() {
                    self.wrong(node, "seen", "nothing, population or results");
                }
                let changes = self.rows(node, "changes", ["place", "old", "new"]);
                Act::Amendment {
                    reason: self.word(node, "reason"),
                    seen: known.unwrap_or(Seen::Nothing),
                    changes: changes
                        .into_iter()
                        .map(|[place, old, new]| ChangeFacts { place, old, new })
                        .collect(),
                }
            }
            "unblinding" => {
                let accepted = node.child("accepted").map_or(&[][..], Node::list);
                let words = accepted.iter().filter_map(Node::text).map(str::to_owned).collect();
                if node.child("accepted").is_none() || accepted.iter().any(|n| n.text().is_none()) {
                    self.wrong(node, "accepted", "a list of texts");
                }
                Act::Unblinding { reason: self.word(node, "reason"), accepted: words }
            }
            "lock" => Act::Lock,
            _ => {
                self.wrong(node, "kind", "lock, amendment or unblinding");
                Act::Lock
            }
        }
    }

    /// A text under a path of keys; its absence is a problem.
    fn word(&mut self, node: &Node, path: &str) -> String {
        let (above, key) = path
            .split_once('.')
            .map_or((Some(node), path), |(table, key)| (node.child(table), key));
        match above.and_then(|above| above.child(key)).and_then(Node::text) {
            Some(text) => text.to_owned(),
            None => {
                self.wrong(above.unwrap_or(node), key, "a text");
                String::new()
            }
        }
    }

    /// Tables with these texts.
    fn rows<const N: usize>(
        &mut self,
        node: &Node,
        key: &str,
        names: [&str; N],
    ) -> Vec<[String; N]> {
        let Some(Value::List(items)) = node.child(key).map(|child| &child.value) else {
            self.wrong(node, key, "a list of tables");
            return Vec::new();
        };
        items
            .iter()
            .map(|item| {
                self.unknown(item, &names);
                names.map(|name| self.word(item, name))
            })
            .collect()
    }

    fn wrong(&mut self, node: &Node, key: &str, allowed: &str) {
        let child = node.child(key);
        let found = child.map_or("it is not there", Node::kind);
        self.report.push(
            Problem::error("lock-key", format!("`{key}` of a lock is not what it should be"))
                .at(child.map_or(&node.place, |child| &child.place))
                .found(found)
                .allowed(allowed)
                .hint(RESTORE),
        );
    }

    fn unknown(&mut self, node: &Node, known: &[&str]) {
        for (key, child) in node.table().iter().filter(|(key, _)| !known.contains(&key.as_str())) {
            let near = did_you_mean(key, known.iter().copied());
            self.report.push(
                Problem::error("unknown-key", format!("a lock has no key `{key}`"))
                    .at(child.key.as_ref().unwrap_or(&child.place))
                    .allowed(known.join(", "))
                    .hint(if near.is_empty() { RESTORE.to_owned() } else { near }),
            );
        }
    }
}
