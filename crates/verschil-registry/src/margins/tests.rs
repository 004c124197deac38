//! Counts that speak of other rows than the totals before them.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, Int64Array, StringArray};
use datafusion::arrow::record_batch::RecordBatch;
use verschil_stats::grams::Dictionaries;
use verschil_study::{Problem, Protocol};

use super::read::{Margins, Summed};
use super::sql::Sums;
use crate::engine::engine_problem;
use crate::query::pass;

const PROTOCOL: &str = r#"
[study]
id = "s"
title = "t"
question = "q"
intervention = "i"
units = "u"
data = "d"
[sources.rows]
files = ["rows.csv"]
columns = { region = "text", year = "integer", sex = "text", y = "boolean" }
[population]
source = "rows"
[region]
value = "region"
label = "region"
plural = "regions"
[period]
value = "year"
label = "year"
[[covariate]]
id = "sex"
kind = "categorical"
value = "sex"
label = "sex"
[[outcome]]
id = "y"
kind = "binary"
value = "y"
better = "lower"
label = "y"
[treatment]
start = 2010
regions = ["R"]
[analysis]
reference_period = 2009
"#;

/// A region in a year, a level or all of them, and the number that was asked for.
type Row = (&'static str, i64, Option<&'static str>, i64);

fn batch(rows: &[Row]) -> RecordBatch {
    let text = |values: Vec<Option<&str>>| Arc::new(StringArray::from(values)) as ArrayRef;
    let number =
        |of: fn(&Row) -> i64| Arc::new(rows.iter().map(of).collect::<Int64Array>()) as ArrayRef;
    let columns = [
        ("region", text(rows.iter().map(|row| Some(row.0)).collect())),
        ("period", number(|row| row.1)),
        ("level", text(rows.iter().map(|row| row.2).collect())),
        ("over", number(|row| i64::from(row.2.is_none()))),
        ("asked", number(|row| row.3)),
    ];
    RecordBatch::try_from_iter(columns).expect("columns of one length")
}

fn counted(counts: &[Row]) -> Result<Summed, Problem> {
    let protocol = Protocol::parse("protocol.toml", PROTOCOL).expect("a protocol").0;
    let (sql, layout) = pass(&protocol, "rows");
    let sums = Sums::new(&protocol, &sql, &layout, vec![0]);
    let totals = [("R", 2009, None, 3), ("R", 2009, Some("f"), 2), ("R", 2009, Some("m"), 1)];
    let margins = Margins::read(&sums, &[batch(&totals)]).expect("totals");
    let asked = (&protocol, &sums);
    margins
        .finish(asked, &Dictionaries::default(), None, [Ok(batch(counts))])
        .map_err(|error| engine_problem(&error))
}

#[test]
fn counts_of_rows_that_totals_have_not_met_are_a_problem() {
    let same = [("R", 2009, None, 9), ("R", 2009, Some("m"), 5), ("R", 2009, Some("f"), 4)];
    let summed = counted(&same).unwrap_or_else(|problem| panic!("{problem:#?}"));
    assert_eq!(summed.grams.slices.len(), 1);
    let others = [("S", 2009, None, 1), ("R", 2010, None, 1), ("R", 2009, Some("x"), 1)];
    for other in others {
        let problem = counted(&[same[0], other]).err().expect("a problem");
        assert_eq!((problem.code.as_str(), problem.hint.is_empty()), ("sources-changed", false));
    }
}
