//! Queries over parts, and the types of what they hold.

use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::error::Result;
use datafusion::logical_expr::Operator;
use datafusion::logical_expr::type_coercion::binary::BinaryTypeCoercer;
use verschil_study::{Link, Protocol};

use crate::link::{self, beside, inner};
use crate::sources::quoted;

/// Columns under names that no one else has.
pub(super) fn listed(columns: &[String]) -> String {
    let columns = columns.iter().enumerate().map(|(at, sql)| format!("{sql} AS \"#{at}\""));
    columns.collect::<Vec<_>>().join(", ")
}

/// Name of the value that a sum adds up.
fn addend(link: &Link, at: usize) -> String {
    quoted(&inner(&link.id, &format!("sum {at}")))
}

/// SQL of the rows of a link that can be found: what is compared, then what is shown or summed.
pub(super) fn wanted(protocol: &Protocol, link: &Link) -> String {
    let mut columns = link::sides(link);
    let sums = link.sums.iter().enumerate();
    columns.extend(sums.map(|(at, (_, sum))| format!("{} AS {}", sum.sql, addend(link, at))));
    columns.extend(link::used(protocol, link).iter().map(|name| quoted(name)));
    format!("SELECT {} FROM {}", columns.join(", "), link::considered(protocol, link))
}

/// SQL from such rows to one row per key, with the number of its rows.
pub(super) fn reduced(protocol: &Protocol, link: &Link) -> String {
    let sums: Vec<String> = (0..link.sums.len()).map(|at| addend(link, at)).collect();
    let rows = quoted(&inner(&link.id, "rows"));
    let reduced = link::one_row_per_key(protocol, link, &rows, &sums, ", count(*) AS n");
    format!("SELECT * FROM {reduced}")
}

/// SQL from these and what the base asks to what is found.
pub(super) fn found(protocol: &Protocol, link: &Link) -> String {
    let shown = link::shown(protocol, link);
    let shown: String = shown.iter().map(|name| format!(", l.{}", quoted(name))).collect();
    let sides = link::sides(link);
    let equal: Vec<String> = sides.iter().map(|name| format!("l.{name} = b.{name}")).collect();
    format!(
        "SELECT b.row{shown}, NOT coalesce(l.{}, false) AS {} FROM {} l JOIN {} b ON {}",
        link::conflict_of(link),
        quoted(&beside(&link.id, "linked")),
        quoted(&inner(&link.id, "unique")),
        quoted(&inner(&link.id, "asked")),
        equal.join(" AND ")
    )
}

/// The types in which the engine compares keys of a link with what is asked.
pub(super) fn compared(link: &Link, own: &Schema, asked: &Schema) -> Result<Vec<DataType>> {
    let pairs = own.fields().iter().zip(asked.fields()).take(link.on.len());
    let types = pairs.map(|(own, asked)| {
        let coercer = BinaryTypeCoercer::new(own.data_type(), &Operator::Eq, asked.data_type());
        Ok(coercer.get_input_types()?.0)
    });
    types.collect()
}

/// The columns of a link's rows: keys as they are compared, whole numbers as sums have them.
pub(super) fn stored(link: &Link, own: &Schema, types: &[DataType]) -> Schema {
    let fields = own.fields().iter().enumerate().map(|(at, field)| {
        let own = match (types.get(at), field.data_type()) {
            (Some(compared), _) => compared.clone(),
            (None, own) if link.sums.is_empty() => own.clone(),
            (None, own) if own.is_signed_integer() => DataType::Int64,
            (None, own) if own.is_unsigned_integer() => DataType::UInt64,
            (None, own) => own.clone(),
        };
        Field::new(field.name(), own, true)
    });
    Schema::new(fields.collect::<Vec<_>>())
}
