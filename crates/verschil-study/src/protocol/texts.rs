//! The texts that make up a protocol: its own, and those it names.

use std::collections::BTreeMap;
use std::io;

use crate::problem::{Place, Problem};

use super::report::Report;

/// Reads a file that a protocol names, by its name relative to the protocol.
pub(crate) type Loader<'a> = &'a dyn Fn(&str) -> io::Result<String>;

/// Longest file that a protocol may name, in bytes.
const MAX_BYTES: usize = 4 << 20;

/// The text of a protocol and those of the files that it includes.
pub(crate) struct Texts {
    own: String,
    included: BTreeMap<String, String>,
}

impl Texts {
    pub(crate) fn new(own: &str) -> Self {
        Self { own: own.to_owned(), included: BTreeMap::new() }
    }

    pub(crate) fn add(&mut self, file: String, text: String) {
        self.included.insert(file, text);
    }

    /// The text in which a place with this file stands.
    pub(crate) fn of(&self, file: &str) -> &str {
        if file.is_empty() { &self.own } else { self.included.get(file).map_or("", String::as_str) }
    }
}

/// The name in messages of a file beside the protocol.
pub(crate) fn beside(protocol: &str, file: &str) -> String {
    let folder = protocol.rfind(['/', '\\']).map_or("", |end| &protocol[..=end]);
    format!("{folder}{file}")
}

/// The text of a file that the protocol names at `place`; a problem there when it cannot be read.
pub(crate) fn load(
    report: &mut Report,
    loader: Option<Loader<'_>>,
    place: &Place,
    file: &str,
) -> Option<String> {
    let Some(loader) = loader else {
        report.push(
            Problem::error("no-other-files", "a text by itself cannot use other files")
                .at(place)
                .found(format!("{file:?}"))
                .hint("give the protocol as a file, so that the files beside it can be read"),
        );
        return None;
    };
    let (code, message, hint) = match loader(file) {
        Ok(text) if text.len() <= MAX_BYTES => {
            return Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text));
        }
        Ok(_) => ("file-too-long", format!("{file:?} is too long"), "split it"),
        Err(error) if error.kind() == io::ErrorKind::NotFound => (
            "file-not-found",
            format!("{file:?} is not there"),
            "write the name relative to the folder of the protocol, with its extension",
        ),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            ("not-utf8", format!("{file:?} is not UTF-8 text"), "save the file as UTF-8")
        }
        Err(error) => (
            "file-unreadable",
            format!("{file:?} cannot be read: {}", error.kind()),
            "see that it is a file and that you may read it",
        ),
    };
    report.push(Problem::error(code, message).at(place).found(format!("{file:?}")).hint(hint));
    None
}
