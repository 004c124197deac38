//! Names of columns, bare or behind the name of their table.

use sqlparser::ast::Ident;

use super::super::term::{Term, quoted};
use super::super::{Fault, locate};
use super::{MAX_FAULTS, Walk};
use crate::problem::{did_you_mean, some_of};

impl Walk<'_> {
    /// A column, matched exactly or, when only one fits, in any case.
    pub(super) fn column(&mut self, ident: &Ident) -> Option<Term> {
        let name = ident.value.as_str();
        if let Some(column) = self.columns.find(name) {
            self.used.insert(column.to_owned());
            return Some(Term::atom(quoted(column, '"')));
        }
        if self.faults.len() >= MAX_FAULTS {
            return None;
        }
        let (thing, advice) = self.columns.thing();
        let near = did_you_mean(name, self.columns.names());
        let tables: Vec<&str> = self
            .columns
            .tables()
            .filter(|table| table.names().any(|column| column.eq_ignore_ascii_case(name)))
            .map(|table| table.name())
            .collect();
        let hint = match (ident.quote_style, near.as_str(), tables.as_slice()) {
            (_, _, [table, ..]) => format!("did you mean `{table}.{name}`?"),
            (Some('"'), "", _) => {
                format!("a text is written in single quotes: {}", quoted(name, '\''))
            }
            (_, "", _) => advice.to_owned(),
            _ => near,
        };
        let span = locate::bytes(self.text, ident.span);
        self.faults.push(
            Fault::new("unknown-column", span, format!("`{name}` is not {thing}"))
                .found(format!("`{name}`"))
                .allowed(some_of(self.columns.names()))
                .hint(hint),
        );
        None
    }

    /// A column behind the name of its table.
    pub(super) fn compound(&mut self, parts: &[Ident]) -> Option<Term> {
        let [table, column] = parts else {
            return self.refuse("a name of more than two parts", "write table.column");
        };
        if self.faults.len() >= MAX_FAULTS {
            return None;
        }
        let Some(known) = self.columns.table(&table.value) else {
            let names = || self.columns.tables().map(|table| table.name());
            let near = did_you_mean(&table.value, names());
            let alone = self.columns.find(&column.value);
            let hint = match (near.is_empty(), alone) {
                (false, _) => near,
                (true, Some(column)) => format!("write `{column}` alone"),
                (true, None) => self.columns.table_advice().to_owned(),
            };
            let allowed = some_of(names());
            let span = locate::bytes(self.text, table.span);
            self.faults.push(
                Fault::new("unknown-table", span, format!("`{}` is not known here", table.value))
                    .found(format!("`{}.{}`", table.value, column.value))
                    .allowed(allowed)
                    .hint(hint),
            );
            return None;
        };
        let name = column.value.as_str();
        if let Some(found) = known.find(name) {
            let sql = format!("{}.{}", quoted(known.name(), '"'), quoted(found, '"'));
            self.qualified.insert((known.name().to_owned(), found.to_owned()));
            return Some(Term::atom(sql));
        }
        let near = did_you_mean(name, known.names());
        let hint = if near.is_empty() { known.advice().to_owned() } else { near };
        let message = format!("`{}` has no column `{name}`", known.name());
        let span = locate::bytes(self.text, column.span);
        let fault = Fault::new("unknown-column", span, message)
            .found(format!("`{}.{name}`", known.name()))
            .allowed(some_of(known.names()))
            .hint(hint);
        self.faults.push(fault);
        None
    }
}
