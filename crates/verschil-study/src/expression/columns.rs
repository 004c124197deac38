//! Declared columns, found by name in any case.

use std::collections::HashMap;

/// Declared columns of a source, indexed once for many expressions.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    names: Vec<String>,
    exact: HashMap<String, usize>,
    /// By name in lower case; nothing where two names differ in case only.
    folded: HashMap<String, Option<usize>>,
}

impl Columns {
    /// Indexes declared names.
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
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

    /// The declared spelling of `name`: exact, or in any case when only one column fits.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&str> {
        let exact = self.exact.get(name).copied();
        let index = exact.or_else(|| *self.folded.get(&name.to_lowercase())?)?;
        self.names.get(index).map(String::as_str)
    }

    /// Whether some column has this name in some case.
    pub(super) fn resembles(&self, name: &str) -> bool {
        self.folded.contains_key(&name.to_lowercase())
    }

    /// Declared names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    /// Whether there is no column.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}
