//! Calls of functions, by name and number of arguments.

use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, Value,
};

use super::super::allowed::{FUNCTIONS, IN_LIST, aggregate_hint, function_named, function_names};
use super::super::term::Term;
use super::super::{CodeList, Fault, locate};
use super::Walk;
use crate::problem::{did_you_mean, some_of};

/// Longest text that lists of codes may stand for in one expression, in bytes.
const MAX_EXPANDED: usize = 1 << 18;

impl Walk<'_> {
    /// A call as the parser read it.
    pub(super) fn call(&mut self, function: &Function, depth: usize) -> Option<Term> {
        let ident = match function.name.0.as_slice() {
            [part] => part.as_ident(),
            _ => None,
        };
        let Some(ident) = ident else {
            return self.refuse("a function with a schema", "write the function's name alone");
        };
        if matches!(function.args, FunctionArguments::None) {
            return self.column(ident);
        }
        let is_list = ident.quote_style.is_none() && ident.value.eq_ignore_ascii_case(IN_LIST.name);
        let known = if is_list { Some(IN_LIST.name) } else { self.known(ident) };
        if function.over.is_some() {
            return self.refuse("a window (OVER)", "an expression sees one row");
        }
        if function.filter.is_some()
            || function.null_treatment.is_some()
            || !function.within_group.is_empty()
            || function.uses_odbc_syntax
            || !matches!(function.parameters, FunctionArguments::None)
        {
            return self.refuse("this form of a call", "write name(arguments) only");
        }
        let Some(args) = plain_arguments(&function.args) else {
            return self.refuse("this form of an argument", "write expressions between commas");
        };
        if is_list {
            return self.in_list(ident, &args, depth);
        }
        if known? == "date_part" {
            return self.date_part_call(ident, &args, depth);
        }
        self.counted(known?, ident, &args, depth)
    }

    /// A call of a function on the list that has a syntax of its own.
    pub(super) fn named(
        &mut self,
        name: &'static str,
        args: &[&Expr],
        depth: usize,
    ) -> Option<Term> {
        self.counted(name, &Ident::new(name), args, depth)
    }

    /// Canonical name of the function, or a fault.
    fn known(&mut self, ident: &Ident) -> Option<&'static str> {
        let name = ident.value.as_str();
        if let Some(function) = function_named(name).filter(|_| ident.quote_style.is_none()) {
            return Some(function.name);
        }
        let span = locate::bytes(self.text, ident.span);
        let fault = match aggregate_hint(name) {
            Some(hint) => {
                Fault::new("aggregate", span, format!("`{name}` works over rows")).hint(hint)
            }
            None => {
                let names =
                    FUNCTIONS.iter().flat_map(|f| f.aliases.iter().copied().chain([f.name]));
                let names = names.chain([IN_LIST.name]);
                Fault::new("unknown-function", span, format!("`{name}` is not an allowed function"))
                    .hint(did_you_mean(name, names))
            }
        };
        self.faults.push(fault.found(format!("`{name}`")).allowed(function_names()));
        None
    }

    fn counted(
        &mut self,
        name: &'static str,
        ident: &Ident,
        args: &[&Expr],
        depth: usize,
    ) -> Option<Term> {
        let terms: Vec<_> = args.iter().map(|arg| self.term(arg, depth)).collect();
        self.check_count(name, ident, args.len())?;
        let terms: Vec<String> =
            terms.into_iter().map(|term| term.map(|term| term.sql)).collect::<Option<_>>()?;
        Some(Term::atom(format!("{name}({})", terms.join(", "))))
    }

    fn check_count(&mut self, name: &'static str, ident: &Ident, count: usize) -> Option<()> {
        let function = if name == IN_LIST.name { &IN_LIST } else { function_named(name)? };
        if (function.min..=function.max).contains(&count) {
            return Some(());
        }
        let allowed = if function.min == function.max {
            format!("{}", function.min)
        } else {
            format!("{} to {}", function.min, function.max)
        };
        let span = locate::bytes(self.text, ident.span);
        self.faults.push(
            Fault::new("argument-count", span, format!("`{name}` takes {allowed} arguments"))
                .found(count.to_string())
                .allowed(allowed)
                .hint(format!("`{name}` gives: {}", function.sentence)),
        );
        None
    }

    /// `in_list(code, 'name', year)`, written out as the codes of the list.
    fn in_list(&mut self, ident: &Ident, args: &[&Expr], depth: usize) -> Option<Term> {
        self.check_count(IN_LIST.name, ident, args.len())?;
        let (value, year) = (args.first()?, args.get(2));
        let value = self.term(value, depth);
        let year = year.map(|year| self.term(year, depth));
        let name = match args.get(1)? {
            Expr::Value(value) => match &value.value {
                Value::SingleQuotedString(name) => Some(name.as_str()),
                _ => None,
            },
            _ => None,
        };
        let lists = self.columns.lists();
        let list = lists.iter().find(|list| Some(list.name()) == name);
        let Some(list) = list else {
            let names = || lists.iter().map(CodeList::name);
            let near = did_you_mean(name.unwrap_or_default(), names());
            let (message, hint) = match name {
                None => (
                    "the second argument of `in_list` is the name of a list".to_owned(),
                    "write it in single quotes: in_list(code, 'name')".to_owned(),
                ),
                Some(name) if near.is_empty() => (
                    format!("there is no list of codes `{name}`"),
                    format!("declare it: [codelists.{name}] with file = \"...\""),
                ),
                Some(name) => (format!("there is no list of codes `{name}`"), near),
            };
            let span = locate::bytes(self.text, ident.span);
            let found = args[1].to_string();
            self.faults.push(
                Fault::new("unknown-codelist", span, message)
                    .found(found)
                    .allowed(some_of(names()))
                    .hint(hint),
            );
            return None;
        };
        let (value, year) = (value?, year.map_or(Some(None), |year| year.map(Some))?);
        // a long list is refused before it is written out
        let least = self.expanded + list.length();
        let term = (least <= MAX_EXPANDED).then(|| list.condition(&value, year.as_ref()));
        self.expanded = term.as_ref().map_or(least, |term| self.expanded + term.sql.len());
        if self.expanded > MAX_EXPANDED {
            return self.refuse(
                "this much of lists of codes",
                "declare the list as a source with a column of its own, and link it",
            );
        }
        term
    }

    /// `date_part('year', d)`, whose first argument must be one of the known parts.
    fn date_part_call(&mut self, ident: &Ident, args: &[&Expr], depth: usize) -> Option<Term> {
        self.check_count("date_part", ident, args.len())?;
        let [first, second] = args[..] else {
            return None;
        };
        let part = match first {
            Expr::Value(value) => match &value.value {
                Value::SingleQuotedString(part) => self.date_part(part),
                _ => self.date_part(&value.to_string()),
            },
            _ => self.date_part("an expression"),
        };
        let inner = self.term(second, depth)?;
        Some(Term::atom(format!("date_part('{}', {})", part?, inner.sql)))
    }
}

/// The arguments, when all of them are plain expressions.
fn plain_arguments(arguments: &FunctionArguments) -> Option<Vec<&Expr>> {
    let FunctionArguments::List(list) = arguments else {
        return None;
    };
    if list.duplicate_treatment.is_some() || !list.clauses.is_empty() {
        return None;
    }
    list.args
        .iter()
        .map(|arg| match arg {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
            _ => None,
        })
        .collect()
}
