//! Names to codes: those met, and those of rows that stay.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::arrow::error::ArrowError;
use rustc_hash::FxHashMap;

/// A code that stands for no value.
pub(crate) const NONE: u32 = u32::MAX;

/// Names met so far; only those of rows that stay get a final code, in order of appearance.
#[derive(Default)]
pub(crate) struct Coder {
    pub(crate) names: Vec<String>,
    final_code: Vec<u32>,
    pub(crate) order: Vec<u32>,
    of_text: FxHashMap<String, u32>,
    of_number: FxHashMap<i64, u32>,
    /// The last dictionary that a column came with, and its codes.
    last: Option<(ArrayRef, Vec<u32>)>,
}

impl Coder {
    pub(crate) fn text(&mut self, name: &str) -> u32 {
        if let Some(&code) = self.of_text.get(name) {
            return code;
        }
        let code = u32::try_from(self.names.len()).unwrap_or(NONE);
        self.names.push(name.to_owned());
        self.final_code.push(NONE);
        self.of_text.insert(name.to_owned(), code);
        code
    }

    pub(crate) fn number(&mut self, number: i64) -> u32 {
        if let Some(&code) = self.of_number.get(&number) {
            return code;
        }
        let code = self.text(&number.to_string());
        self.of_number.insert(number, code);
        code
    }

    /// The final code of a name whose row stays.
    pub(crate) fn keep(&mut self, code: u32) -> u32 {
        let slot = &mut self.final_code[code as usize];
        if *slot == NONE {
            *slot = u32::try_from(self.order.len()).unwrap_or(NONE);
            self.order.push(code);
        }
        *slot
    }

    /// Number of final codes.
    pub(crate) fn kept(&self) -> usize {
        self.order.len()
    }

    /// What the final codes mean.
    pub(crate) fn kept_names(&self) -> Vec<String> {
        self.order.iter().map(|&code| self.names[code as usize].clone()).collect()
    }

    /// Codes of a dictionary; parts of one column share theirs.
    fn codes_of(&mut self, values: &ArrayRef) -> Result<Vec<u32>, ArrowError> {
        match self.last.take() {
            Some((last, codes)) if Arc::ptr_eq(&last, values) => Ok(codes),
            _ => self.codes(values),
        }
    }

    /// Codes of a column, [`NONE`] where there is no value.
    pub(crate) fn codes(&mut self, array: &ArrayRef) -> Result<Vec<u32>, ArrowError> {
        match array.data_type() {
            DataType::Dictionary(_, _) => {
                let dictionary = array.as_any_dictionary();
                let values = self.codes_of(dictionary.values())?;
                let codes = if values.is_empty() {
                    vec![NONE; array.len()]
                } else {
                    let keys = dictionary.normalized_keys().into_iter();
                    match array.nulls().filter(|nulls| nulls.null_count() > 0) {
                        None => keys.map(|key| values[key]).collect(),
                        Some(known) => keys
                            .zip(known)
                            .map(|(key, known)| if known { values[key] } else { NONE })
                            .collect(),
                    }
                };
                self.last = Some((dictionary.values().clone(), values));
                Ok(codes)
            }
            DataType::Utf8 => {
                let texts = array.as_string::<i32>();
                Ok(texts.iter().map(|t| t.map_or(NONE, |t| self.text(t))).collect())
            }
            other if other.is_integer() => {
                let numbers = cast(array, &DataType::Int64)?;
                let numbers = numbers.as_primitive::<Int64Type>();
                Ok(numbers.iter().map(|n| n.map_or(NONE, |n| self.number(n))).collect())
            }
            DataType::Float64 => {
                let numbers = array.as_primitive::<Float64Type>();
                // `{}` writes 3.0 as "3", so a code is the same whether stored as 3 or 3.0
                Ok(numbers.iter().map(|n| n.map_or(NONE, |n| self.text(&n.to_string()))).collect())
            }
            _ => self.codes(&cast(array, &DataType::Utf8)?),
        }
    }
}
