//! Columns of a Stata file: codes to labels, missing codes to NULL, days from 1960 to dates.

use std::collections::HashMap;
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, Date32Builder, Float64Builder, Int64Builder, StringBuilder,
    TimestampMicrosecondBuilder,
};
use datafusion::arrow::datatypes::{DataType, Field, TimeUnit};
use dta::stata::dta::value::Value;
use dta::stata::dta::variable::Variable;
use dta::stata::dta::variable_type::VariableType;
use dta::stata::stata_byte::StataByte;
use dta::stata::stata_double::StataDouble;
use dta::stata::stata_float::StataFloat;
use dta::stata::stata_int::StataInt;
use dta::stata::stata_long::StataLong;
use dta::stata::temporal::TemporalKind;
use verschil_study::SourceColumn;

use super::super::fault::Fault;

/// Days from 1 January 1960, where Stata begins to count, to 1970.
const EPOCH_DAYS: f64 = 3_653.0;
const DAY_MILLISECONDS: f64 = 86_400_000.0;
/// The years 1 to 9999, in days from 1970.
const DAYS: std::ops::RangeInclusive<f64> = -719_162.0..=2_932_896.0;

/// What a column's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Whole,
    Number,
    Day,
    Moment,
    Text,
}

/// A declared column as it stands in a file.
#[derive(Debug, Clone)]
pub(super) struct DtaColumn {
    /// Position in the file.
    pub(super) at: usize,
    name: String,
    declared: String,
    content: Content,
    labels: Option<HashMap<i32, String>>,
}

/// Values of a column that are gathered.
pub(super) enum Column {
    Whole(Int64Builder),
    Number(Float64Builder),
    Day(Date32Builder),
    Moment(TimestampMicrosecondBuilder),
    Text(StringBuilder),
}

impl Column {
    pub(super) fn finish(self) -> ArrayRef {
        match self {
            Self::Whole(mut values) => Arc::new(values.finish()),
            Self::Number(mut values) => Arc::new(values.finish()),
            Self::Day(mut values) => Arc::new(values.finish()),
            Self::Moment(mut values) => Arc::new(values.finish()),
            Self::Text(mut values) => Arc::new(values.finish()),
        }
    }
}

/// A present number as the file holds it.
#[derive(Clone, Copy)]
enum Present {
    Whole(i32),
    Number(f64),
}

impl Present {
    fn number(self) -> f64 {
        match self {
            Self::Whole(number) => f64::from(number),
            Self::Number(number) => number,
        }
    }
}

impl DtaColumn {
    pub(super) fn new(
        declared: &SourceColumn,
        at: usize,
        variable: &Variable,
        labels: Option<HashMap<i32, String>>,
    ) -> Result<Self, Fault> {
        let whole = matches!(
            variable.variable_type(),
            VariableType::Byte | VariableType::Int | VariableType::Long
        );
        let content = match (variable.variable_type(), TemporalKind::from_format(variable.format()))
        {
            (VariableType::LongString, _) => {
                return Err(Fault::Unsupported("a column of long texts (strL); use a fixed width"));
            }
            (VariableType::FixedString(_), _) => Content::Text,
            (_, Some(TemporalKind::Date)) => Content::Day,
            (_, Some(TemporalKind::DateTime)) => Content::Moment,
            _ if whole => Content::Whole,
            _ => Content::Number,
        };
        if labels.as_ref().is_some_and(HashMap::is_empty) {
            return Err(Fault::NoLabels(variable.name().to_owned()));
        }
        let name = variable.name().to_owned();
        Ok(Self { at, name, declared: declared.name.clone(), content, labels })
    }

    /// Name and type under which the column goes on.
    pub(super) fn field(&self) -> Field {
        let kind = match (&self.labels, self.content) {
            (Some(_), _) | (None, Content::Text) => DataType::Utf8,
            (None, Content::Whole) => DataType::Int64,
            (None, Content::Number) => DataType::Float64,
            (None, Content::Day) => DataType::Date32,
            (None, Content::Moment) => DataType::Timestamp(TimeUnit::Microsecond, None),
        };
        Field::new(&self.declared, kind, true)
    }

    /// An empty column of this type.
    pub(super) fn column(&self) -> Column {
        match (&self.labels, self.content) {
            (Some(_), _) | (None, Content::Text) => Column::Text(StringBuilder::new()),
            (None, Content::Whole) => Column::Whole(Int64Builder::new()),
            (None, Content::Number) => Column::Number(Float64Builder::new()),
            (None, Content::Day) => Column::Day(Date32Builder::new()),
            (None, Content::Moment) => Column::Moment(TimestampMicrosecondBuilder::new()),
        }
    }

    /// Adds a value; `row` counts from 1.
    pub(super) fn push(
        &self,
        column: &mut Column,
        value: &Value<'_>,
        row: u64,
    ) -> Result<(), Fault> {
        let number = present(value);
        match column {
            Column::Whole(values) => values.append_option(number.map(|n| n.number() as i64)),
            Column::Number(values) => values.append_option(number.map(Present::number)),
            Column::Day(values) => {
                let day = number.map(|n| self.day(n.number() - EPOCH_DAYS, row)).transpose()?;
                values.append_option(day.map(|day| day.floor() as i32));
            }
            Column::Moment(values) => {
                let days = |n: Present| n.number() / DAY_MILLISECONDS - EPOCH_DAYS;
                let day = number.map(|n| self.day(days(n), row)).transpose()?;
                let moment = |day: f64| (day * DAY_MILLISECONDS).round() as i64 * 1_000;
                values.append_option(day.map(moment));
            }
            Column::Text(values) => values.append_option(self.text(value, number)),
        }
        Ok(())
    }

    fn day(&self, day: f64, row: u64) -> Result<f64, Fault> {
        if DAYS.contains(&day) {
            return Ok(day);
        }
        let what = "a date outside the years 1 to 9999";
        Err(Fault::Value { column: self.name.clone(), row, what })
    }

    /// A text, or the label of a code; a code without a label is its own.
    fn text(&self, value: &Value<'_>, number: Option<Present>) -> Option<String> {
        if let Value::String(text) = value {
            let text = text.trim_end_matches([' ', '\0']);
            return (!text.is_empty()).then(|| text.to_owned());
        }
        let number = number?;
        let code = match number {
            Present::Whole(code) => Some(code),
            Present::Number(code) => Some(code as i32).filter(|whole| f64::from(*whole) == code),
        };
        let label = code.and_then(|code| self.labels.as_ref()?.get(&code));
        Some(label.cloned().unwrap_or_else(|| number.number().to_string()))
    }
}

/// The number of a value; nothing for missing codes, texts and what is no number.
fn present(value: &Value<'_>) -> Option<Present> {
    match value {
        Value::Byte(StataByte::Present(number)) => Some(Present::Whole(i32::from(*number))),
        Value::Int(StataInt::Present(number)) => Some(Present::Whole(i32::from(*number))),
        Value::Long(StataLong::Present(number)) => Some(Present::Whole(*number)),
        Value::Float(StataFloat::Present(number)) => Some(Present::Number(f64::from(*number))),
        Value::Double(StataDouble::Present(number)) => Some(Present::Number(*number)),
        _ => None,
    }
    .filter(|number| !number.number().is_nan())
}
