//! Texts of a case as references and tables, each thing in them named by its place.

use std::collections::BTreeMap;

use serde_json::Value;

use super::faults::Fault;
use super::tables::Table;

/// The files that a case asked for.
#[derive(Debug)]
pub struct Files {
    texts: BTreeMap<&'static str, String>,
}

impl Files {
    pub(super) fn new(texts: BTreeMap<&'static str, String>) -> Self {
        Self { texts }
    }

    fn text(&self, path: &str) -> Result<&str, Fault> {
        let missing = || Fault::Unreadable { file: path.into(), found: "it is not there".into() };
        self.texts.get(path).map(String::as_str).ok_or_else(missing)
    }

    /// A whole JSON document.
    pub(super) fn json(&self, path: &str) -> Result<Node, Fault> {
        let value = serde_json::from_str(self.text(path)?)
            .map_err(|error| Fault::Unreadable { file: path.into(), found: error.to_string() })?;
        Ok(Node { value, place: format!("{path}:") })
    }

    /// What a reference gives as its results.
    pub(super) fn results(&self, id: &str) -> Result<Node, Fault> {
        self.json(&format!("reference/{id}.json"))?.get("results")
    }

    /// A table with commas.
    pub(super) fn table(&self, path: &str) -> Result<Table, Fault> {
        Table::read(self.text(path)?, path, b',')
    }

    /// A table with semicolons.
    pub(super) fn table_with_semicolons(&self, path: &str) -> Result<Table, Fault> {
        Table::read(self.text(path)?, path, b';')
    }
}

/// A value within a reference.
#[derive(Debug, Clone)]
pub(super) struct Node {
    value: Value,
    place: String,
}

impl Node {
    fn unexpected(&self, wanted: &'static str) -> Fault {
        let found = match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "yes or no",
            Value::Number(_) => "a number",
            Value::String(_) => "a text",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        Fault::Unexpected { place: self.place.clone(), found, wanted }
    }

    /// What stands under a key; nothing there is told when it is used.
    pub(super) fn get(&self, key: &str) -> Result<Self, Fault> {
        let object = self.value.as_object().ok_or_else(|| self.unexpected("an object"))?;
        let value = object.get(key).cloned().unwrap_or(Value::Null);
        Ok(Self { value, place: format!("{} {key}", self.place) })
    }

    /// The item of a list, from 0.
    pub(super) fn at(&self, index: usize) -> Result<Self, Fault> {
        let list = self.value.as_array().ok_or_else(|| self.unexpected("a list"))?;
        let value = list.get(index).cloned().unwrap_or(Value::Null);
        Ok(Self { value, place: format!("{} {index}", self.place) })
    }

    /// Keys one after the other; a number is a position in a list.
    pub(super) fn down(&self, keys: &[&str]) -> Result<Self, Fault> {
        keys.iter().try_fold(self.clone(), |node, key| match key.parse() {
            Ok(index) if node.value.is_array() => node.at(index),
            _ => node.get(key),
        })
    }

    pub(super) fn number(&self) -> Result<f64, Fault> {
        self.value.as_f64().ok_or_else(|| self.unexpected("a number"))
    }

    /// The number below these keys.
    pub(super) fn number_at(&self, keys: &[&str]) -> Result<f64, Fault> {
        self.down(keys)?.number()
    }

    pub(super) fn is_number(&self) -> bool {
        self.value.is_number()
    }

    pub(super) fn is_text(&self) -> bool {
        self.value.is_string()
    }

    pub(super) fn is_true(&self) -> bool {
        self.value == Value::Bool(true)
    }

    pub(super) fn text(&self) -> Result<String, Fault> {
        self.value.as_str().map(str::to_owned).ok_or_else(|| self.unexpected("a text"))
    }

    pub(super) fn list(&self) -> Result<Vec<Self>, Fault> {
        let list = self.value.as_array().ok_or_else(|| self.unexpected("a list"))?;
        (0..list.len()).map(|index| self.at(index)).collect()
    }

    /// Keys with what stands there; of a list, its positions.
    pub(super) fn entries(&self) -> Result<Vec<(String, Self)>, Fault> {
        if let Some(list) = self.value.as_array() {
            return (0..list.len()).map(|i| Ok((i.to_string(), self.at(i)?))).collect();
        }
        let object = self.value.as_object().ok_or_else(|| self.unexpected("an object"))?;
        object.keys().map(|key| Ok((key.clone(), self.get(key)?))).collect()
    }

    pub(super) fn numbers(&self) -> Result<Vec<f64>, Fault> {
        self.list()?.iter().map(Self::number).collect()
    }

    pub(super) fn texts(&self) -> Result<Vec<String>, Fault> {
        self.list()?.iter().map(Self::text).collect()
    }

    /// The first item of a list whose `key` is this text.
    pub(super) fn find(&self, key: &str, wanted: &str) -> Result<Self, Fault> {
        for item in self.list()? {
            if item.get(key)?.text()? == wanted {
                return Ok(item);
            }
        }
        let place = format!("{} {key} {wanted}", self.place);
        Err(Fault::Unexpected { place, found: "nothing", wanted: "an item" })
    }
}
