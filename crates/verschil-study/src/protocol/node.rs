//! The document as a tree of values that know where they stand.

use serde_spanned::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::Place;

/// A text with the means to turn bytes into lines and columns.
pub(crate) struct Document<'a> {
    pub(crate) text: &'a str,
    /// Its name in places; empty for the protocol itself.
    file: &'a str,
    line_starts: Vec<usize>,
    /// Number of characters that start before each byte.
    characters: Vec<u32>,
}

impl<'a> Document<'a> {
    pub(crate) fn new(file: &'a str, text: &'a str) -> Self {
        let mut line_starts = vec![0];
        let mut characters = Vec::with_capacity(text.len() + 1);
        let mut count = 0;
        for (index, byte) in text.bytes().enumerate() {
            characters.push(count);
            if !matches!(byte, 0x80..=0xbf) {
                count += 1;
            }
            if byte == b'\n' {
                line_starts.push(index + 1);
            }
        }
        characters.push(count);
        Self { text, file, line_starts, characters }
    }

    /// The place of a range of bytes.
    pub(crate) fn place(&self, path: &str, start: usize, end: usize) -> Place {
        let start = start.min(self.text.len());
        let line = self.line_starts.partition_point(|&first| first <= start).max(1);
        let column = self.characters[start] - self.characters[self.line_starts[line - 1]] + 1;
        Place {
            file: self.file.to_owned(),
            path: path.to_owned(),
            line,
            column: column as usize,
            offset: start,
            length: end.min(self.text.len()).saturating_sub(start),
        }
    }
}

/// Deepest nesting that is read; no key of a protocol stands nearly as deep.
const MAX_NESTING: usize = 16;

/// A value of the document.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Text(String),
    Integer(i64),
    Number(f64),
    Boolean(bool),
    List(Vec<Node>),
    Table(Vec<(String, Node)>),
    /// Something that no key takes.
    Other(&'static str),
}

/// A value with its place, and that of its key.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) key: Option<Place>,
    pub(crate) value: Value,
}

impl Node {
    /// The whole document as a tree.
    pub(crate) fn root(document: &Document<'_>, table: &Spanned<DeTable<'_>>) -> Self {
        Self {
            place: document.place("", 0, 0),
            key: None,
            value: Value::Table(entries(document, "", 0, table.get_ref())),
        }
    }

    /// The value of a TOML literal that stands in no document, such as a default.
    pub(crate) fn literal(text: &str) -> Option<Self> {
        let value = DeValue::parse(text).ok()?;
        Some(node(&Document::new("", text), "", 0, &value))
    }

    /// The same value with another start of the paths in it, for a list that grows.
    pub(crate) fn moved(mut self, from: &str, to: &str) -> Self {
        let places = std::iter::once(&mut self.place).chain(&mut self.key);
        for place in places {
            if let Some(rest) = place.path.strip_prefix(from) {
                place.path = format!("{to}{rest}");
            }
        }
        self.value = match self.value {
            Value::List(items) => {
                Value::List(items.into_iter().map(|item| item.moved(from, to)).collect())
            }
            Value::Table(entries) => Value::Table(
                entries.into_iter().map(|(name, node)| (name, node.moved(from, to))).collect(),
            ),
            other => other,
        };
        self
    }

    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.table().iter().find(|(key, _)| key == name).map(|(_, node)| node)
    }

    pub(crate) fn table(&self) -> &[(String, Self)] {
        match &self.value {
            Value::Table(entries) => entries,
            _ => &[],
        }
    }

    pub(crate) fn list(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn integer(&self) -> Option<i64> {
        match self.value {
            Value::Integer(number) => Some(number),
            _ => None,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a number written without decimals")]
    pub(crate) fn number(&self) -> Option<f64> {
        match self.value {
            Value::Integer(number) => Some(number as f64),
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    pub(crate) fn boolean(&self) -> Option<bool> {
        match self.value {
            Value::Boolean(flag) => Some(flag),
            _ => None,
        }
    }

    /// What the value is, in words.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.value {
            Value::Text(_) => "a text",
            Value::Integer(_) => "a whole number",
            Value::Number(_) => "a number with decimals",
            Value::Boolean(_) => "true or false",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
            Value::Other(kind) => kind,
        }
    }
}

/// A path with one more key.
pub(crate) fn join(path: &str, key: &str) -> String {
    let bare = !key.is_empty()
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    let key = if bare { key.to_owned() } else { format!("{key:?}") };
    if path.is_empty() { key } else { format!("{path}.{key}") }
}

/// Entries in the order of the document; the parser keeps them by name.
fn entries(
    document: &Document<'_>,
    path: &str,
    depth: usize,
    table: &DeTable<'_>,
) -> Vec<(String, Node)> {
    let mut entries: Vec<_> = table
        .iter()
        .map(|(key, value)| {
            let path = join(path, key.get_ref());
            let mut child = node(document, &path, depth + 1, value);
            let span = key.span();
            child.key = Some(document.place(&path, span.start, span.end));
            (span.start, key.get_ref().to_string(), child)
        })
        .collect();
    entries.sort_by_key(|(start, _, _)| *start);
    entries.into_iter().map(|(_, key, child)| (key, child)).collect()
}

fn node(document: &Document<'_>, path: &str, depth: usize, value: &Spanned<DeValue<'_>>) -> Node {
    let span = value.span();
    let content = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or(Value::Other("a whole number beyond 64 bits"), Value::Integer),
        DeValue::Float(number) => match number.as_str().parse::<f64>() {
            Ok(number) if number.is_finite() => Value::Number(number),
            _ => Value::Other("a number that is not finite"),
        },
        DeValue::Boolean(flag) => Value::Boolean(*flag),
        DeValue::Datetime(_) => Value::Other("a date"),
        DeValue::Array(_) | DeValue::Table(_) if depth > MAX_NESTING => {
            Value::Other("a value that nests too deep")
        }
        DeValue::Array(items) => Value::List(
            items
                .iter()
                .enumerate()
                .map(|(index, item)| node(document, &format!("{path}[{index}]"), depth + 1, item))
                .collect(),
        ),
        DeValue::Table(table) => Value::Table(entries(document, path, depth, table)),
    };
    Node { place: document.place(path, span.start, span.end), key: None, value: content }
}
