//! The second wall: walks the syntax tree, prints what is allowed and collects what is not.

use std::collections::BTreeSet;

use sqlparser::ast::{
    BinaryOperator, CaseWhen, CastKind, CeilFloorKind, DataType, Expr, TrimWhereField, TypedString,
    UnaryOperator, Value,
};
use sqlparser::tokenizer::Span;

use super::allowed::{Class, DATE_PARTS, TYPES, operator, type_name};
use super::term::{Term, is_day, number, quoted};
use super::{Columns, Fault, MAX_DEPTH, locate, tokens};
use crate::problem::did_you_mean;

mod call;
mod name;

/// Most unknown columns that are told of one expression.
const MAX_FAULTS: usize = 20;

/// One walk over one expression.
pub(super) struct Walk<'a> {
    text: &'a str,
    columns: &'a Columns,
    /// Declared names of the columns met.
    pub(super) used: BTreeSet<String>,
    /// Declared names of the columns met of other tables, behind the table's name.
    pub(super) qualified: BTreeSet<(String, String)>,
    /// Length in bytes of what lists of codes stand for.
    expanded: usize,
    /// What is not allowed.
    pub(super) faults: Vec<Fault>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(text: &'a str, columns: &'a Columns) -> Self {
        Self {
            text,
            columns,
            used: BTreeSet::new(),
            qualified: BTreeSet::new(),
            expanded: 0,
            faults: Vec::new(),
        }
    }

    fn whole(&self) -> (usize, usize) {
        (0, self.text.len())
    }

    fn refuse(&mut self, what: &str, hint: &str) -> Option<Term> {
        let fault = Fault::new(
            "expression-not-allowed",
            self.whole(),
            format!("{what} is not allowed in an expression"),
        )
        .allowed("columns, values, operators, CASE, CAST and the listed functions")
        .hint(hint);
        self.faults.push(fault);
        None
    }

    /// Canonical SQL of a tree, or nothing when something in it is not allowed.
    pub(super) fn term(&mut self, expr: &Expr, depth: usize) -> Option<Term> {
        if depth > MAX_DEPTH {
            self.faults.push(tokens::too_deep(self.whole()));
            return None;
        }
        let next = depth + 1;
        match expr {
            // brackets are no level: the canonical text has some where the author's has none
            Expr::Nested(inner) => self.term(inner, depth),
            Expr::Identifier(ident) => self.column(ident),
            Expr::Value(value) => self.value(&value.value, value.span),
            Expr::TypedString(typed) => self.typed(typed),
            Expr::UnaryOp { op, expr } => self.unary(*op, expr, next),
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right, next),
            Expr::IsNull(inner) => self.suffixed(inner, "IS NULL", next),
            Expr::IsNotNull(inner) => self.suffixed(inner, "IS NOT NULL", next),
            Expr::Between { .. } | Expr::InList { .. } | Expr::Like { .. } => {
                self.predicate(expr, next)
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                self.case(operand.as_deref(), conditions, else_result.as_deref(), next)
            }
            Expr::Cast { kind, expr, data_type, array: false, format: None } => {
                self.cast(kind, expr, data_type, next)
            }
            other => self.special(other, next),
        }
    }

    /// BETWEEN, IN and LIKE, with or without NOT.
    fn predicate(&mut self, expr: &Expr, next: usize) -> Option<Term> {
        match expr {
            Expr::Between { expr, negated, low, high } => {
                let (expr, low, high) =
                    (self.term(expr, next), self.term(low, next), self.term(high, next));
                let (expr, low, high) = (expr?.operand(), low?.operand(), high?.operand());
                Some(Term::compound(format!("{expr} {}BETWEEN {low} AND {high}", not(*negated))))
            }
            Expr::InList { expr, list, negated } => {
                let expr = self.term(expr, next);
                let list = self.list(list, next);
                let (expr, list) = (expr?.operand(), list?.join(", "));
                Some(Term::compound(format!("{expr} {}IN ({list})", not(*negated))))
            }
            Expr::Like { negated, any: false, expr, pattern, escape_char: None } => {
                let (expr, pattern) = (self.term(expr, next), self.term(pattern, next));
                let (expr, pattern) = (expr?.operand(), pattern?.operand());
                Some(Term::compound(format!("{expr} {}LIKE {pattern}", not(*negated))))
            }
            other => self.special(other, next),
        }
    }

    /// Functions that have a syntax of their own, and everything that is refused.
    fn special(&mut self, expr: &Expr, depth: usize) -> Option<Term> {
        use sqlparser::ast::DateTimeField::NoDateTime;
        match expr {
            Expr::Function(function) => self.call(function, depth),
            Expr::Ceil { expr, field: CeilFloorKind::DateTimeField(NoDateTime) } => {
                self.named("ceil", &[expr], depth)
            }
            Expr::Floor { expr, field: CeilFloorKind::DateTimeField(NoDateTime) } => {
                self.named("floor", &[expr], depth)
            }
            Expr::Substring { expr, substring_from: Some(from), substring_for, .. } => {
                let mut args: Vec<&Expr> = vec![expr, from];
                args.extend(substring_for.as_deref());
                self.named("substr", &args, depth)
            }
            Expr::Trim { trim_where, trim_what, expr, trim_characters } => {
                let name = match trim_where {
                    Some(TrimWhereField::Leading) => "ltrim",
                    Some(TrimWhereField::Trailing) => "rtrim",
                    _ => "btrim",
                };
                let mut args: Vec<&Expr> = vec![expr];
                args.extend(trim_what.as_deref());
                args.extend(trim_characters.iter().flatten());
                self.named(name, &args, depth)
            }
            Expr::Extract { field, expr, .. } => {
                let field = field.to_string();
                let part = self.date_part(&field);
                let inner = self.term(expr, depth)?;
                Some(Term::atom(format!("date_part('{}', {})", part?, inner.sql)))
            }
            Expr::Subquery(_) | Expr::InSubquery { .. } | Expr::Exists { .. } => {
                self.refuse("a subquery", "use the declared columns directly")
            }
            Expr::CompoundIdentifier(parts) => self.compound(parts),
            Expr::Tuple(_) => self.refuse("a list of values here", "use IN (...) for a list"),
            _ => self.refuse(
                "part of this",
                "use columns, values, operators, CASE, CAST and the listed functions",
            ),
        }
    }

    fn list(&mut self, list: &[Expr], depth: usize) -> Option<Vec<String>> {
        let terms: Vec<_> = list.iter().map(|item| self.term(item, depth)).collect();
        terms.into_iter().map(|term| term.map(|term| term.sql)).collect()
    }

    fn suffixed(&mut self, inner: &Expr, suffix: &str, depth: usize) -> Option<Term> {
        let inner = self.term(inner, depth)?;
        Some(Term::compound(format!("{} {suffix}", inner.operand())))
    }

    fn value(&mut self, value: &Value, span: Span) -> Option<Term> {
        match value {
            Value::Number(text, false) => {
                if let Some(sql) = number(text) {
                    return Some(Term::atom(sql));
                }
                let span = locate::bytes(self.text, span);
                self.faults.push(
                    Fault::new("expression-number", span, "this number cannot be used")
                        .found(format!("`{text}`"))
                        .allowed("digits, a point and an exponent, within double precision"),
                );
                None
            }
            Value::SingleQuotedString(text) => Some(Term::atom(quoted(text, '\''))),
            Value::Boolean(true) => Some(Term::atom("TRUE")),
            Value::Boolean(false) => Some(Term::atom("FALSE")),
            Value::Null => Some(Term::atom("NULL")),
            _ => self.refuse("this kind of value", "use a number, a 'text', TRUE, FALSE or NULL"),
        }
    }

    fn typed(&mut self, typed: &TypedString) -> Option<Term> {
        match (&typed.data_type, &typed.value.value) {
            (DataType::Date, Value::SingleQuotedString(day)) if !typed.uses_odbc_syntax => {
                if is_day(day) {
                    return Some(Term::atom(format!("DATE '{day}'")));
                }
                let span = locate::bytes(self.text, typed.value.span);
                self.faults.push(
                    Fault::new("expression-date", span, "this is not an existing day")
                        .found(format!("`{day}`"))
                        .allowed("DATE 'YYYY-MM-DD'"),
                );
                None
            }
            _ => self.refuse("a typed text", "only DATE 'YYYY-MM-DD' is; otherwise use CAST"),
        }
    }

    fn unary(&mut self, op: UnaryOperator, inner: &Expr, depth: usize) -> Option<Term> {
        match op {
            UnaryOperator::Plus => self.term(inner, depth),
            UnaryOperator::Minus => {
                Some(Term::compound(format!("-{}", self.term(inner, depth)?.operand())))
            }
            UnaryOperator::Not => {
                Some(Term::compound(format!("NOT {}", self.term(inner, depth)?.operand())))
            }
            _ => self.refuse("this operator", "use -, + or NOT"),
        }
    }

    /// A chain such as `a + b - c` is taken apart in a loop; a long one does not count as deep.
    fn binary(
        &mut self,
        left: &Expr,
        op: &BinaryOperator,
        right: &Expr,
        depth: usize,
    ) -> Option<Term> {
        let Some((class, sign)) = operator(op) else {
            return self
                .refuse(&format!("the operator `{op}`"), "use + - * / %, comparisons, AND, OR");
        };
        let mut chain = vec![(sign, right)];
        let first = unchain(left, class, &mut chain);
        let mut sql = self.term(first, depth).map(|term| term.first_of(class));
        for (sign, right) in chain.into_iter().rev() {
            let right = self.term(right, depth);
            sql = sql.zip(right).map(|(sql, right)| format!("{sql} {sign} {}", right.operand()));
        }
        sql.map(Term::compound)
    }

    fn case(
        &mut self,
        operand: Option<&Expr>,
        conditions: &[CaseWhen],
        otherwise: Option<&Expr>,
        depth: usize,
    ) -> Option<Term> {
        let mut parts = vec![Some("CASE".to_owned())];
        if let Some(operand) = operand {
            parts.push(self.term(operand, depth).map(|term| term.operand()));
        }
        for CaseWhen { condition, result } in conditions {
            parts.push(self.term(condition, depth).map(|term| format!("WHEN {}", term.sql)));
            parts.push(self.term(result, depth).map(|term| format!("THEN {}", term.sql)));
        }
        if let Some(otherwise) = otherwise {
            parts.push(self.term(otherwise, depth).map(|term| format!("ELSE {}", term.sql)));
        }
        parts.push(Some("END".to_owned()));
        let parts: Vec<String> = parts.into_iter().collect::<Option<_>>()?;
        Some(Term::atom(parts.join(" ")))
    }

    fn cast(&mut self, kind: &CastKind, inner: &Expr, to: &DataType, depth: usize) -> Option<Term> {
        let inner = self.term(inner, depth);
        let Some(to) = type_name(to) else {
            self.faults.push(
                Fault::new(
                    "expression-type",
                    self.whole(),
                    format!("a cast to {to} is not allowed"),
                )
                .found(format!("`{to}`"))
                .allowed(TYPES.join(", ")),
            );
            return None;
        };
        match kind {
            CastKind::Cast | CastKind::DoubleColon => {
                Some(Term::atom(format!("CAST({} AS {to})", inner?.sql)))
            }
            CastKind::TryCast => Some(Term::atom(format!("TRY_CAST({} AS {to})", inner?.sql))),
            CastKind::SafeCast => self.refuse("SAFE_CAST", "use TRY_CAST(x AS type)"),
        }
    }

    fn date_part(&mut self, part: &str) -> Option<&'static str> {
        let lower = part.to_lowercase();
        if let Some(known) = DATE_PARTS.iter().find(|known| **known == lower) {
            return Some(known);
        }
        self.faults.push(
            Fault::new("expression-date-part", self.whole(), "this part of a date is not known")
                .found(format!("`{part}`"))
                .allowed(DATE_PARTS.join(", "))
                .hint(did_you_mean(&lower, DATE_PARTS.iter().copied())),
        );
        None
    }
}

fn not(negated: bool) -> &'static str {
    if negated { "NOT " } else { "" }
}

/// Takes the links of the same class off the left of a chain; what remains is its first operand.
fn unchain<'e>(
    mut first: &'e Expr,
    class: Class,
    chain: &mut Vec<(&'static str, &'e Expr)>,
) -> &'e Expr {
    if class == Class::Comparison {
        return first;
    }
    loop {
        match first {
            Expr::Nested(inner) => first = inner,
            Expr::BinaryOp { left, op, right } => match operator(op) {
                Some((same, sign)) if same == class => {
                    chain.push((sign, right));
                    first = left;
                }
                _ => return first,
            },
            _ => return first,
        }
    }
}
