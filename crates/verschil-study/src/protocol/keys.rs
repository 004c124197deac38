//! The one table of keys, from which checks, defaults, schema and reference follow.

use super::choice::Options;

mod table;

pub(crate) use table::KEYS;

/// What a key holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// A table with the keys listed under it.
    Table,
    /// A list of such tables.
    Tables,
    /// Tables (or values) under names that the author chooses.
    Named(Naming),
    /// A word of a closed list, or a table with the keys listed under it.
    ChoiceOrTable(Options),
    /// A small name: letter, then letters, digits and underscores.
    Id,
    /// A text that is not empty.
    Word,
    /// A text per language.
    Text,
    /// An SQL expression.
    Sql,
    /// One character.
    Character,
    /// A whole number within bounds.
    Integer(i64, i64),
    /// A number between zero and one, both excluded.
    Share,
    /// A number above zero.
    Positive,
    /// Two whole numbers, first and last.
    Window,
    /// True or false.
    Boolean,
    /// A word of a closed list.
    Choice(Options),
    /// A list with at least so many items.
    List(Item, usize),
}

/// What an item of a list is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Item {
    /// Any text, possibly empty.
    Any,
    /// A text that is not empty.
    Word,
    /// A whole number.
    Integer,
    /// A word of a closed list.
    Choice(Options),
}

/// What the author's names are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Naming {
    /// Small names, as of [`Kind::Id`].
    Id,
    /// Any text.
    Any,
    /// Whole numbers.
    Integer,
}

/// Whether a key must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// It must.
    Required,
    /// It may.
    Optional,
    /// It may; this TOML literal stands in its place.
    Default(&'static str),
    /// It may; in its place comes something that the sentence names.
    Derived(&'static str),
}

/// A key of the protocol.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Key {
    /// Names from the top, joined by points; `*` is a name that the author chooses.
    pub(crate) path: &'static str,
    pub(crate) kind: Kind,
    pub(crate) presence: Presence,
    /// One sentence.
    pub(crate) doc: &'static str,
    /// A TOML literal, or empty for tables.
    pub(crate) example: &'static str,
}

impl Key {
    /// The last name of the path.
    pub(crate) fn name(&self) -> &'static str {
        self.path.rsplit('.').next().unwrap_or(self.path)
    }
}

/// The path above a key's path.
fn parent(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(parent, _)| parent)
}

/// Keys directly under a pattern, in order.
pub(crate) fn under(pattern: &str) -> impl Iterator<Item = &'static Key> {
    KEYS.iter().filter(move |key| parent(key.path) == pattern)
}

/// The key with this name under a pattern, or the one for any name there.
pub(crate) fn find(pattern: &str, name: &str) -> Option<&'static Key> {
    under(pattern)
        .find(|key| key.name() == name)
        .or_else(|| under(pattern).find(|key| key.name() == "*"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::METHODS;
    use crate::protocol::node::Node;

    #[test]
    fn every_key_has_a_parent_a_sentence_and_a_unique_path() {
        let mut seen = std::collections::BTreeSet::new();
        for key in KEYS {
            assert!(seen.insert(key.path), "{} twice", key.path);
            assert!(key.doc.ends_with('.'), "{}", key.path);
            let above = parent(key.path);
            assert!(
                above.is_empty() || KEYS.iter().any(|other| other.path == above),
                "{}",
                key.path
            );
        }
    }

    /// Methods that some designs refuse throughout: where clusters are regions, or nobody was matched.
    const NAMED_BY_THE_AUTHOR: [&str; 2] = ["wild_subcluster", "permutation_matched"];

    #[test]
    fn the_default_methods_are_all_that_any_design_bears() {
        let key = find("analysis", "methods").unwrap();
        let Presence::Default(literal) = key.presence else { panic!("no default") };
        let node = Node::literal(literal).unwrap();
        let ids: Vec<_> = node.list().iter().filter_map(Node::text).collect();
        let any = METHODS.iter().map(|(id, _)| *id).filter(|id| !NAMED_BY_THE_AUTHOR.contains(id));
        assert_eq!(ids, any.collect::<Vec<_>>());
    }
}
