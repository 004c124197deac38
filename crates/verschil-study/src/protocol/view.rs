//! Reads values under one table, with the defaults of the table of keys.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::keys::{self, Presence};
use super::node::Node;
use super::report::Report;
use super::texts::{Loader, Texts};
use super::{LANGUAGES, quoting};
use crate::expression::{CodeList, Columns, Expression, Fault};
use crate::problem::{Place, Problem, Severity};
use crate::results::Text;

/// What reading needs besides the tree.
pub(crate) struct Reading<'a> {
    pub(crate) report: &'a mut Report,
    pub(crate) texts: &'a Texts,
    /// Reads files that the protocol names; without it there are none.
    pub(crate) loader: Option<Loader<'a>>,
    /// Languages of the report.
    pub(crate) languages: Vec<String>,
    /// Columns that expressions may use; none when they are not known.
    pub(crate) columns: Columns,
    /// Lists of codes that expressions may use.
    pub(crate) lists: Arc<Vec<CodeList>>,
    /// Length of all canonical texts so far, in bytes.
    pub(crate) written: usize,
}

/// Most canonical text of all expressions together, in bytes; lists of codes make it long.
const MAX_WRITTEN: usize = 64 << 20;

/// One table of the document, or its absence.
#[derive(Clone, Copy)]
pub(crate) struct View<'n> {
    pattern: &'static str,
    node: Option<&'n Node>,
}

impl<'n> View<'n> {
    pub(crate) fn new(pattern: &'static str, node: Option<&'n Node>) -> Self {
        Self { pattern, node }
    }

    pub(crate) fn exists(&self) -> bool {
        self.node.is_some()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.node.is_some_and(|node| node.child(name).is_some())
    }

    pub(crate) fn place(&self) -> Place {
        self.node.map(|node| node.place.clone()).unwrap_or_default()
    }

    /// Tables of a list of tables.
    pub(crate) fn tables(&self, pattern: &'static str, name: &str) -> Vec<View<'n>> {
        let items = self.node.and_then(|node| node.child(name)).map_or(&[][..], Node::list);
        items.iter().map(|item| View::new(pattern, Some(item))).collect()
    }

    /// A table under this one, or its absence.
    pub(crate) fn inner(&self, pattern: &'static str, name: &str) -> View<'n> {
        View::new(pattern, self.node.and_then(|node| node.child(name)))
    }

    /// Its own values, when the author chose their names.
    pub(crate) fn entries(&self) -> &'n [(String, Node)] {
        self.node.map_or(&[], Node::table)
    }

    /// Values under names that the author chose.
    pub(crate) fn named(&self, name: &str) -> &'n [(String, Node)] {
        self.node.and_then(|node| node.child(name)).map_or(&[], Node::table)
    }

    /// The value of a key, or its default.
    fn get(&self, name: &str) -> Option<Cow<'n, Node>> {
        if let Some(node) = self.node.and_then(|node| node.child(name)) {
            return Some(Cow::Borrowed(node));
        }
        match keys::find(self.pattern, name)?.presence {
            Presence::Default(literal) => Node::literal(literal).map(Cow::Owned),
            _ => None,
        }
    }

    pub(crate) fn maybe_word(&self, name: &str) -> Option<String> {
        self.get(name).and_then(|node| node.text().map(str::to_owned))
    }

    pub(crate) fn word(&self, name: &str) -> String {
        self.maybe_word(name).unwrap_or_default()
    }

    pub(crate) fn maybe_integer(&self, name: &str) -> Option<i64> {
        self.get(name).and_then(|node| node.integer())
    }

    pub(crate) fn integer(&self, name: &str) -> i64 {
        self.maybe_integer(name).unwrap_or_default()
    }

    pub(crate) fn count(&self, name: &str) -> u64 {
        u64::try_from(self.integer(name)).unwrap_or_default()
    }

    pub(crate) fn maybe_number(&self, name: &str) -> Option<f64> {
        self.get(name).and_then(|node| node.number())
    }

    pub(crate) fn number(&self, name: &str) -> f64 {
        self.maybe_number(name).unwrap_or_default()
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.get(name).and_then(|node| node.boolean()).unwrap_or_default()
    }

    pub(crate) fn character(&self, name: &str) -> char {
        self.word(name).chars().next().unwrap_or(',')
    }

    pub(crate) fn words(&self, name: &str) -> Vec<String> {
        let node = self.get(name);
        let items = node.as_deref().map_or(&[][..], Node::list);
        items.iter().filter_map(|item| item.text().map(str::to_owned)).collect()
    }

    pub(crate) fn integers(&self, name: &str) -> Vec<i64> {
        let node = self.get(name);
        node.as_deref().map_or(&[][..], Node::list).iter().filter_map(Node::integer).collect()
    }

    /// Two whole numbers, first and last.
    pub(crate) fn window(&self, name: &str) -> (i64, i64) {
        match self.integers(name).as_slice() {
            [first, last] => (*first, *last),
            _ => (0, 0),
        }
    }

    /// Places of the items that [`Self::words`] gives.
    pub(crate) fn item_places(&self, name: &str) -> Vec<Place> {
        let node = self.node.and_then(|node| node.child(name));
        let items = node.map_or(&[][..], Node::list);
        items.iter().filter(|item| item.text().is_some()).map(|item| item.place.clone()).collect()
    }

    pub(crate) fn choice<T>(&self, name: &str, from_id: fn(&str) -> Option<T>, otherwise: T) -> T {
        self.maybe_word(name).and_then(|id| from_id(&id)).unwrap_or(otherwise)
    }

    /// Words of a closed list.
    pub(crate) fn choices<T>(&self, name: &str, from_id: fn(&str) -> Option<T>) -> Vec<T> {
        self.words(name).iter().filter_map(|id| from_id(id)).collect()
    }

    pub(crate) fn text(&self, reading: &mut Reading<'_>, name: &str) -> Text {
        self.node
            .and_then(|node| node.child(name))
            .map(|node| reading.localized(node))
            .unwrap_or_default()
    }

    pub(crate) fn maybe_expression(
        &self,
        reading: &mut Reading<'_>,
        name: &str,
    ) -> Option<Expression> {
        self.node.and_then(|node| node.child(name)).map(|node| reading.expression(node, false))
    }

    /// An expression that may well be the same for every row.
    pub(crate) fn any_expression(&self, reading: &mut Reading<'_>, name: &str) -> Expression {
        let node = self.node.and_then(|node| node.child(name));
        let read = node.map(|node| reading.expression(node, true));
        read.unwrap_or_else(|| unread("", Place::default()))
    }

    /// Expressions under names that the author chose; one may be the same for every row.
    pub(crate) fn expressions(
        &self,
        reading: &mut Reading<'_>,
        name: &str,
    ) -> Vec<(String, Expression)> {
        let entries = self.named(name).iter();
        entries.map(|(name, node)| (name.clone(), reading.expression(node, true))).collect()
    }

    pub(crate) fn expression(&self, reading: &mut Reading<'_>, name: &str) -> Expression {
        self.maybe_expression(reading, name).unwrap_or_else(|| unread("", Place::default()))
    }
}

/// Stands where an expression could not be read; a protocol with one is never given out.
fn unread(text: &str, place: Place) -> Expression {
    Expression {
        sql: String::new(),
        text: text.to_owned(),
        columns: Vec::new(),
        qualified: Vec::new(),
        place,
    }
}

impl Reading<'_> {
    /// A text in every language; a plain one stands for all.
    pub(crate) fn localized(&mut self, node: &Node) -> Text {
        if let Some(text) = node.text() {
            let every = LANGUAGES.iter().map(|(code, _)| ((*code).to_owned(), text.to_owned()));
            return Text(every.collect());
        }
        let texts: BTreeMap<String, String> = node
            .table()
            .iter()
            .filter_map(|(code, child)| Some((code.clone(), child.text()?.to_owned())))
            .collect();
        if self.report.sound(&node.place.path) && !texts.is_empty() {
            let missing: Vec<&str> = self
                .languages
                .iter()
                .map(String::as_str)
                .filter(|code| !texts.contains_key(*code))
                .collect();
            for code in missing {
                self.report.push(untranslated(node, code));
            }
        }
        Text(texts)
    }

    /// What `read` gives where expressions may use these columns.
    pub(crate) fn within<T>(&mut self, columns: Columns, read: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.columns, columns);
        let given = read(self);
        self.columns = outer;
        given
    }

    /// A checked expression; with `constants` it may be the same for every row.
    fn expression(&mut self, node: &Node, constants: bool) -> Expression {
        let Some(text) = node.text() else {
            return unread("", node.place.clone());
        };
        if !self.report.sound(&node.place.path) || self.report.is_full(Severity::Error) {
            return unread(text, node.place.clone());
        }
        let known = !self.columns.is_empty();
        match Expression::check(text, &self.columns) {
            Ok(mut expression) => {
                expression.place = node.place.clone();
                self.written = self.written.saturating_add(expression.sql.len());
                if self.written > MAX_WRITTEN {
                    self.report.push(too_much(node));
                    return unread("", node.place.clone());
                }
                if known && !constants && expression.is_constant() {
                    self.report.push(
                        Problem::warning("constant-expression", "this is the same for every row")
                            .at(&node.place)
                            .hint("name a column; a text in single quotes is a value"),
                    );
                }
                expression
            }
            Err(faults) => {
                for fault in faults.into_iter().filter(|f| known || f.code != "unknown-column") {
                    let place = self.fault_place(node, text, &fault);
                    self.report.push(fault.into_problem(self.report.file(), &place));
                }
                self.report.mark(&node.place.path);
                unread(text, node.place.clone())
            }
        }
    }

    /// Where in the document a fault of an expression stands.
    fn fault_place(&self, node: &Node, text: &str, fault: &Fault) -> Place {
        let place = &node.place;
        let document = self.texts.of(&place.file);
        let raw = document.get(place.offset..place.offset + place.length).unwrap_or_default();
        let start = quoting::raw_offset(raw, text, fault.start);
        let end = quoting::raw_offset(raw, text, fault.start + fault.length);
        let (Some(start), Some(end)) = (start, end) else {
            return place.clone();
        };
        let before = &raw[..start];
        let newlines = before.matches('\n').count();
        let column = match before.rfind('\n') {
            Some(index) => before[index + 1..].chars().count() + 1,
            None => place.column + before.chars().count(),
        };
        Place {
            file: place.file.clone(),
            path: place.path.clone(),
            line: place.line + newlines,
            column,
            offset: place.offset + start,
            length: end.saturating_sub(start),
        }
    }
}

fn too_much(node: &Node) -> Problem {
    Problem::error("expressions-too-long", "the expressions up to here are too long together")
        .at(&node.place)
        .allowed(format!("{MAX_WRITTEN} bytes, with lists of codes written out"))
        .hint("link a long list of codes as a source, instead of many uses of `in_list`")
}

fn untranslated(node: &Node, code: &str) -> Problem {
    let name = LANGUAGES.iter().find(|(known, _)| *known == code).map_or(code, |(_, name)| *name);
    Problem::warning("untranslated", format!("`{}` has no {name} text", node.place.path))
        .at(&node.place)
        .hint(format!("add `{code} = \"...\"`, or leave {code} out of report.languages"))
}
