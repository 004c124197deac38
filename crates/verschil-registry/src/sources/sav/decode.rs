//! Columns of an SPSS file: codes to labels, missing codes to NULL, seconds to dates.
//!
//! The library gives arrays of an older version of Arrow than the engine's. Every value is looked
//! at anyway, so each array is built anew: no memory is shared between the two, and no unsafe
//! bridge is needed.

use std::collections::HashMap;
use std::sync::Arc;

use ambers::{MissingSpec, SpssMetadata, metadata::Value};
use arrow57::array::{Array as _, Float64Array as Held, StringViewArray as HeldText};
use datafusion::arrow::array::{
    ArrayRef, Date32Array, Float64Array, StringArray, StringBuilder, TimestampMicrosecondArray,
};
use datafusion::arrow::datatypes::{DataType, Field, TimeUnit};
use verschil_study::SourceColumn;

use super::super::fault::Fault;

const DAY: f64 = 86_400.0;
/// Days and seconds from 14 October 1582, where SPSS begins to count, to 1970.
const EPOCH_DAYS: f64 = 141_428.0;
const EPOCH_SECONDS: f64 = EPOCH_DAYS * DAY;
/// The years 1 to 9999, in days from 1970.
const DAYS: std::ops::RangeInclusive<f64> = -719_162.0..=2_932_896.0;

/// What a column's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    Number,
    Day,
    Moment,
    Text,
}

/// A declared column as it stands in a file.
#[derive(Debug, Clone)]
pub(super) struct SavColumn {
    /// Name in the file.
    pub(super) name: String,
    declared: String,
    content: Content,
    missing: Vec<MissingSpec>,
    labels: Option<Labels>,
}

/// Labels of the codes of a column.
#[derive(Debug, Clone, Default)]
struct Labels {
    of_number: HashMap<u64, String>,
    of_text: HashMap<String, String>,
}

impl Labels {
    fn new(column: &str, metadata: &SpssMetadata) -> Self {
        let mut labels = Self::default();
        for (value, label) in metadata.value_labels(column).into_iter().flatten() {
            let label = label.trim();
            if label.is_empty() {
                continue;
            }
            match value {
                Value::Numeric(code) => labels.of_number.insert(bits(*code), label.to_owned()),
                Value::String(code) => labels.of_text.insert(code.clone(), label.to_owned()),
            };
        }
        labels
    }

    fn is_empty(&self) -> bool {
        self.of_number.is_empty() && self.of_text.is_empty()
    }
}

/// One pattern of bits for every number: zero has two.
fn bits(number: f64) -> u64 {
    (number + 0.0).to_bits()
}

impl SavColumn {
    pub(super) fn new(
        declared: &SourceColumn,
        name: &str,
        metadata: &SpssMetadata,
    ) -> Result<Self, Fault> {
        let content = match metadata.arrow_data_types.get(name).map(String::as_str) {
            Some("Date32") => Content::Day,
            Some("Timestamp[us]") => Content::Moment,
            Some("String") => Content::Text,
            _ => Content::Number,
        };
        let labels = declared.labels.then(|| Labels::new(name, metadata));
        if labels.as_ref().is_some_and(Labels::is_empty) {
            return Err(Fault::NoLabels(name.to_owned()));
        }
        Ok(Self {
            name: name.to_owned(),
            declared: declared.name.clone(),
            content,
            missing: metadata.variable_missing_values.get(name).cloned().unwrap_or_default(),
            labels,
        })
    }

    /// Name and type under which the column goes on.
    pub(super) fn field(&self) -> Field {
        let kind = match (&self.labels, self.content) {
            (Some(_), _) | (None, Content::Text) => DataType::Utf8,
            (None, Content::Number) => DataType::Float64,
            (None, Content::Day) => DataType::Date32,
            (None, Content::Moment) => DataType::Timestamp(TimeUnit::Microsecond, None),
        };
        Field::new(&self.declared, kind, true)
    }

    /// A batch of the column, `done` rows of the file before it.
    pub(super) fn decode(
        &self,
        held: &dyn arrow57::array::Array,
        done: u64,
    ) -> Result<ArrayRef, Fault> {
        let other = Fault::Broken("a column of another type than its description");
        if self.content == Content::Text {
            let texts = held.as_any().downcast_ref::<HeldText>().ok_or(other)?;
            return self.texts(texts, done);
        }
        let numbers = held.as_any().downcast_ref::<Held>().ok_or(other)?;
        let present = (0..numbers.len()).map(|row| {
            let number = numbers.is_valid(row).then(|| numbers.value(row))?;
            (!number.is_nan() && !self.is_missing(number)).then_some(number)
        });
        if let Some(labels) = &self.labels {
            let label = |number: f64| match labels.of_number.get(&bits(number)) {
                Some(label) => label.clone(),
                None => number.to_string(),
            };
            return Ok(Arc::new(present.map(|n| n.map(label)).collect::<StringArray>()));
        }
        match self.content {
            Content::Day => {
                let days = self.days(present, done)?;
                let day = |days: f64| days.floor() as i32;
                Ok(Arc::new(days.into_iter().map(|d| d.map(day)).collect::<Date32Array>()))
            }
            Content::Moment => {
                let days = self.days(present, done)?;
                let moment = |days: f64| (days * DAY * 1e6).round() as i64;
                let moments = days.into_iter().map(|d| d.map(moment));
                Ok(Arc::new(moments.collect::<TimestampMicrosecondArray>()))
            }
            _ => Ok(Arc::new(present.collect::<Float64Array>())),
        }
    }

    /// Days from 1970, refused outside the calendar.
    fn days(
        &self,
        seconds: impl Iterator<Item = Option<f64>>,
        done: u64,
    ) -> Result<Vec<Option<f64>>, Fault> {
        let day = |(row, seconds): (u64, Option<f64>)| {
            let Some(seconds) = seconds else { return Ok(None) };
            let days = (seconds - EPOCH_SECONDS) / DAY;
            if !DAYS.contains(&days) {
                return Err(self.bad_value(done + row, "a date outside the years 1 to 9999"));
            }
            Ok(Some(days))
        };
        (0..).zip(seconds).map(day).collect()
    }

    fn texts(&self, texts: &HeldText, done: u64) -> Result<ArrayRef, Fault> {
        let mut column = StringBuilder::with_capacity(texts.len(), texts.len() * 8);
        for (row, text) in (0..).zip(texts) {
            // a character that the width of the column cuts in two is no character
            let text = text.unwrap_or_default().trim_end_matches(['\u{fffd}', ' ', '\0']);
            if text.contains('\u{fffd}') {
                return Err(
                    self.bad_value(done + row, "bytes that the file's encoding does not have")
                );
            }
            let is_missing = self
                .missing
                .iter()
                .any(|spec| matches!(spec, MissingSpec::StringValue(code) if code == text));
            if text.is_empty() || is_missing {
                column.append_null();
            } else {
                let label = self.labels.as_ref().and_then(|labels| labels.of_text.get(text));
                column.append_value(label.map_or(text, String::as_str));
            }
        }
        Ok(Arc::new(column.finish()))
    }

    fn is_missing(&self, number: f64) -> bool {
        self.missing.iter().any(|spec| match spec {
            MissingSpec::Value(code) => number == *code,
            MissingSpec::Range { lo, hi } => (*lo..=*hi).contains(&number),
            MissingSpec::StringValue(_) => false,
        })
    }

    /// `row` counts from 0.
    fn bad_value(&self, row: u64, what: &'static str) -> Fault {
        Fault::Value { column: self.name.clone(), row: row + 1, what }
    }
}
