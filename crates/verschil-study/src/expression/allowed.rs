//! The allow-list: functions, types, date parts and SQL words with a better way out.

use sqlparser::ast::{BinaryOperator, DataType};

/// A function that an expression may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Function {
    /// Name as printed.
    pub name: &'static str,
    /// Other names for the same.
    pub aliases: &'static [&'static str],
    /// Fewest arguments.
    pub min: usize,
    /// Most arguments.
    pub max: usize,
    /// What it gives.
    pub sentence: &'static str,
}

const MANY: usize = 64;

const fn function(
    name: &'static str,
    aliases: &'static [&'static str],
    (min, max): (usize, usize),
    sentence: &'static str,
) -> Function {
    Function { name, aliases, min, max, sentence }
}

/// Every function that an expression may call.
pub const FUNCTIONS: &[Function] = &[
    function("abs", &[], (1, 1), "Absolute value."),
    function("ceil", &["ceiling"], (1, 1), "Smallest whole number that is not below."),
    function("floor", &[], (1, 1), "Largest whole number that is not above."),
    function("round", &[], (1, 2), "Rounded, to a number of decimals if given."),
    function("sqrt", &[], (1, 1), "Square root."),
    function("ln", &[], (1, 1), "Natural logarithm."),
    function("log10", &[], (1, 1), "Logarithm to base ten."),
    function("exp", &[], (1, 1), "Exponential."),
    function("power", &["pow"], (2, 2), "First to the power of the second."),
    function("least", &[], (1, MANY), "Smallest of its arguments."),
    function("greatest", &[], (1, MANY), "Largest of its arguments."),
    function("coalesce", &[], (1, MANY), "First argument that is not missing."),
    function("nullif", &[], (2, 2), "Missing when both are equal, else the first."),
    function("lower", &[], (1, 1), "In lower case."),
    function("upper", &[], (1, 1), "In upper case."),
    function("btrim", &["trim"], (1, 2), "Without spaces (or the given characters) at both ends."),
    function("ltrim", &[], (1, 2), "Without them at the start."),
    function("rtrim", &[], (1, 2), "Without them at the end."),
    function("substr", &["substring"], (2, 3), "From a position, from one, for a length if given."),
    function("left", &[], (2, 2), "The first characters."),
    function("right", &[], (2, 2), "The last characters."),
    function("lpad", &[], (2, 3), "Filled at the start to a length."),
    function("length", &["char_length", "character_length"], (1, 1), "Number of characters."),
    function("concat", &[], (1, MANY), "Its arguments, one after the other."),
    function("starts_with", &[], (2, 2), "Whether the first begins with the second."),
    function("replace", &[], (3, 3), "With every second replaced by the third."),
    function("date_part", &["datepart"], (2, 2), "A part of a date, as in EXTRACT(YEAR FROM d)."),
    function("to_date", &[], (1, 2), "A date from text, in a format if given."),
];

/// The condition on a list of codes, which is written out in the canonical text.
pub const IN_LIST: Function = function(
    "in_list",
    &[],
    (2, 3),
    "Whether a code stands in a list of [codelists], in a year if given: in_list(code, 'name', year).",
);

/// The function with this name or alias, in any case.
pub(crate) fn function_named(name: &str) -> Option<&'static Function> {
    let lower = name.to_lowercase();
    FUNCTIONS
        .iter()
        .find(|function| function.name == lower || function.aliases.contains(&lower.as_str()))
}

/// Names of all functions, comma-separated.
pub(crate) fn function_names() -> String {
    FUNCTIONS.iter().map(|function| function.name).collect::<Vec<_>>().join(", ")
}

/// Types to which an expression may cast.
pub const TYPES: &[&str] = &["BIGINT", "DOUBLE", "VARCHAR", "BOOLEAN", "DATE"];

/// The canonical name of an allowed type.
pub(crate) fn type_name(data_type: &DataType) -> Option<&'static str> {
    use sqlparser::ast::ExactNumberInfo::None as Plain;
    match data_type {
        DataType::TinyInt(None)
        | DataType::SmallInt(None)
        | DataType::Int(None)
        | DataType::Integer(None)
        | DataType::BigInt(None) => Some("BIGINT"),
        DataType::Float(Plain)
        | DataType::Double(Plain)
        | DataType::DoublePrecision
        | DataType::Real => Some("DOUBLE"),
        DataType::Varchar(None) | DataType::Text | DataType::String(None) => Some("VARCHAR"),
        DataType::Bool | DataType::Boolean => Some("BOOLEAN"),
        DataType::Date => Some("DATE"),
        _ => None,
    }
}

/// Parts of a date.
pub(crate) const DATE_PARTS: &[&str] = &["year", "quarter", "month", "week", "day", "dow", "doy"];

/// Operators that may be chained without parentheses, and the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// `+` and `-`.
    Sum,
    /// `*`, `/` and `%`.
    Product,
    /// `AND`.
    And,
    /// `OR`.
    Or,
    /// Comparisons, never chained.
    Comparison,
}

/// Class and canonical text of an allowed operator.
pub(crate) fn operator(op: &BinaryOperator) -> Option<(Class, &'static str)> {
    Some(match op {
        BinaryOperator::Plus => (Class::Sum, "+"),
        BinaryOperator::Minus => (Class::Sum, "-"),
        BinaryOperator::Multiply => (Class::Product, "*"),
        BinaryOperator::Divide => (Class::Product, "/"),
        BinaryOperator::Modulo => (Class::Product, "%"),
        BinaryOperator::And => (Class::And, "AND"),
        BinaryOperator::Or => (Class::Or, "OR"),
        BinaryOperator::Eq => (Class::Comparison, "="),
        BinaryOperator::NotEq => (Class::Comparison, "<>"),
        BinaryOperator::Lt => (Class::Comparison, "<"),
        BinaryOperator::LtEq => (Class::Comparison, "<="),
        BinaryOperator::Gt => (Class::Comparison, ">"),
        BinaryOperator::GtEq => (Class::Comparison, ">="),
        _ => return None,
    })
}

/// Aggregates, which belong to the engine and not to an expression over one row.
const AGGREGATES: &[&str] = &[
    "sum",
    "count",
    "avg",
    "mean",
    "min",
    "max",
    "median",
    "stddev",
    "var",
    "variance",
    "array_agg",
    "string_agg",
    "approx_distinct",
    "first_value",
    "last_value",
    "row_number",
    "rank",
    "lag",
    "lead",
    "ntile",
    "corr",
    "covar",
];

/// Why a function is not on the list, when there is more to say than that.
pub(crate) fn aggregate_hint(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    match lower.as_str() {
        "min" => Some("an expression sees one row; the smallest of several values is least(a, b)"),
        "max" => {
            Some("an expression sees one row; the largest of several values is greatest(a, b)")
        }
        name if AGGREGATES.contains(&name) => {
            Some("an expression sees one row; sums and means over rows are made by the analysis")
        }
        _ => None,
    }
}

/// SQL words that never belong in an expression, with the way out.
pub(crate) const REFUSED_WORDS: &[(&str, &str)] = &[
    ("select", "use the declared columns directly; there are no subqueries"),
    ("exists", "use the declared columns directly; there are no subqueries"),
    ("with", "use the declared columns directly; there are no subqueries"),
    ("union", "use the declared columns directly; there are no subqueries"),
    ("over", "an expression sees one row; there are no windows"),
    ("filter", "use CASE WHEN condition THEN value END"),
    ("distinct", "an expression sees one row; compare with <> and IS NULL"),
    ("interval", "compare date parts, as in EXTRACT(YEAR FROM d)"),
    ("ilike", "use lower(x) LIKE 'pattern'"),
    ("similar", "use LIKE, or several conditions with OR"),
    ("rlike", "use LIKE, or several conditions with OR"),
    ("regexp", "use LIKE, or several conditions with OR"),
    ("glob", "use LIKE, or several conditions with OR"),
    ("collate", "compare lower(x) or upper(x)"),
    ("convert", "use CAST(x AS type)"),
    ("safe_cast", "use TRY_CAST(x AS type)"),
    ("array", "use several columns"),
    ("struct", "use several columns"),
    ("escape", "use replace or starts_with"),
    ("lambda", "write the condition out"),
];
