//! Names that an expression may use, found in any case.

use std::collections::HashMap;
use std::sync::Arc;

use super::codes::CodeList;

/// Names of one table, indexed once for many expressions.
#[derive(Debug, Default)]
struct Names {
    names: Vec<String>,
    exact: HashMap<String, usize>,
    /// By name in lower case; nothing where two names differ in case only.
    folded: HashMap<String, Option<usize>>,
}

impl Names {
    fn new(names: impl IntoIterator<Item = String>) -> Self {
        let mut columns = Self::default();
        for name in names {
            if columns.exact.contains_key(&name) {
                continue;
            }
            let index = columns.names.len();
            columns
                .folded
                .entry(name.to_lowercase())
                .and_modify(|known| *known = None)
                .or_insert(Some(index));
            columns.exact.insert(name.clone(), index);
            columns.names.push(name);
        }
        columns
    }

    fn find(&self, name: &str) -> Option<&str> {
        let exact = self.exact.get(name).copied();
        let index = exact.or_else(|| *self.folded.get(&name.to_lowercase())?)?;
        self.names.get(index).map(String::as_str)
    }
}

/// Columns that are written with a name before them: `person.birth_year`.
#[derive(Debug, Clone)]
pub(super) struct Table {
    name: String,
    /// Nothing when its columns are not known, because of an error elsewhere.
    columns: Option<Arc<Names>>,
    advice: &'static str,
}

impl Table {
    pub(super) fn find<'n>(&'n self, name: &'n str) -> Option<&'n str> {
        self.columns.as_ref().map_or(Some(name), |columns| columns.find(name))
    }

    /// How to make a missing column known.
    pub(super) fn advice(&self) -> &'static str {
        self.advice
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().flat_map(|columns| columns.names.iter().map(String::as_str))
    }
}

/// Names that an expression may use: columns of its own source, those of other tables behind
/// their name, and lists of codes.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    own: Arc<Names>,
    tables: Vec<Table>,
    lists: Arc<Vec<CodeList>>,
    thing: Option<(&'static str, &'static str)>,
}

impl Columns {
    /// Indexes declared names.
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        Self { own: Arc::new(Names::new(names)), ..Self::default() }
    }

    /// The same, where a name is this thing (with its article) instead of a declared column, and
    /// how to make one known.
    #[must_use]
    pub fn called(self, thing: &'static str, advice: &'static str) -> Self {
        Self { thing: Some((thing, advice)), ..self }
    }

    /// The same with lists of codes for `in_list`.
    #[must_use]
    pub fn with_lists(self, lists: Arc<Vec<CodeList>>) -> Self {
        Self { lists, ..self }
    }

    /// Adds columns that are written behind `name` and a point; `None` takes any column, for a
    /// table of which nothing is known. `advice` says how to make a missing one known.
    pub fn add_table(&mut self, name: &str, columns: Option<&Columns>, advice: &'static str) {
        let columns = columns.map(|columns| Arc::clone(&columns.own));
        self.tables.push(Table { name: name.to_owned(), columns, advice });
    }

    /// The declared spelling of `name`: exact, or in any case when only one column fits.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&str> {
        self.own.find(name)
    }

    /// The table with this name, in any case.
    pub(super) fn table(&self, name: &str) -> Option<&Table> {
        let exact = self.tables.iter().find(|table| table.name == name);
        exact.or_else(|| self.tables.iter().find(|table| table.name.eq_ignore_ascii_case(name)))
    }

    pub(super) fn tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter()
    }

    pub(super) fn lists(&self) -> &[CodeList] {
        &self.lists
    }

    /// What a bare name is, and how to make one known.
    pub(super) fn thing(&self) -> (&'static str, &'static str) {
        self.thing.unwrap_or(("a declared column", "declare it under the population's source"))
    }

    /// What to do about a table that is not known.
    pub(super) fn table_advice(&self) -> &'static str {
        let links = "columns of a link are known to what is read after it";
        self.thing.map_or(links, |(_, advice)| advice)
    }

    /// Whether some column has this name in some case.
    pub(super) fn resembles(&self, name: &str) -> bool {
        self.own.folded.contains_key(&name.to_lowercase())
    }

    /// Declared names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.own.names.iter().map(String::as_str)
    }

    /// Whether there is no column of its own.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.own.names.is_empty()
    }
}
