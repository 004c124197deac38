//! The report on paper: a tagged PDF (PDF/UA-1), set by Typst.
//!
//! `paper/report.typ` says what it looks like and reads the document as data, so no word of a
//! study is ever taken for markup. Nothing is read from disk or fetched.

use std::sync::LazyLock;

use serde_json::Value;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Coverage, Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_kit::fonts::{self, FontStore};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::ReportError;
use crate::document::Document;

const TEMPLATE: &str = include_str!("paper/report.typ");

/// The fonts of text and figures; others are there for letters that these lack.
pub(crate) const FONTS: [&[u8]; 6] = [
    include_bytes!("../fonts/sans-400.ttf"),
    include_bytes!("../fonts/sans-400-italic.ttf"),
    include_bytes!("../fonts/sans-600.ttf"),
    include_bytes!("../fonts/serif-400.ttf"),
    include_bytes!("../fonts/serif-400-italic.ttf"),
    include_bytes!("../fonts/serif-600.ttf"),
];

/// What every document shares.
struct Press {
    library: LazyHash<Library>,
    fonts: FontStore,
}

static PRESS: LazyLock<Press> = LazyLock::new(|| {
    let mut store = FontStore::new();
    let own = FONTS.into_iter().flat_map(|font| Font::iter(Bytes::new(font)));
    store.extend(own.map(|font| {
        let info = font.info().clone();
        (font, info)
    }));
    store.extend(fonts::embedded());
    Press { library: LazyHash::new(Library::default()), fonts: store }
});

/// The letters that some font has.
static COVERED: LazyLock<Coverage> = LazyLock::new(|| {
    let book = PRESS.fonts.book();
    let infos = book.families().flat_map(|(_, faces)| faces).filter_map(|face| book.info(face));
    Coverage::from_vec(infos.flat_map(|info| info.coverage.iter()).collect())
});

/// Stands for a letter that no font has.
const BOX: char = '\u{25a1}';

/// One document on the press.
struct Sheet {
    template: Source,
    document: Bytes,
    data: FileId,
}

impl World for Sheet {
    fn library(&self) -> &LazyHash<Library> {
        &PRESS.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        PRESS.fonts.book()
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() {
            Ok(self.template.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data { Ok(self.document.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        PRESS.fonts.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// The document as PDF/UA-1; the same bytes for the same document.
///
/// # Errors
/// [`ReportError::Paper`] when it cannot be set: a fault of this program.
pub(crate) fn pdf(document: &Document) -> Result<Vec<u8>, ReportError> {
    let sheet = Sheet::new(document)?;
    let set = typst::compile::<PagedDocument>(&sheet).output.map_err(|found| told(&found))?;
    let standards = PdfStandards::new(&[PdfStandard::Ua_1])
        .map_err(|found| ReportError::Paper(found.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Auto,
        creator: Smart::Custom(Some("verschil".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&set, &options).map_err(|found| told(&found))
}

impl Sheet {
    fn new(document: &Document) -> Result<Self, ReportError> {
        let fault = |error: String| ReportError::Paper(error);
        let place = |name: &str| {
            let path = VirtualPath::new(name).map_err(|error| fault(error.to_string()))?;
            Ok(RootedPath::new(VirtualRoot::Project, path).intern())
        };
        let mut data = serde_json::to_value(document).map_err(|error| fault(error.to_string()))?;
        only_what_can_be_drawn(&mut data);
        Ok(Self {
            template: Source::new(place("report.typ")?, TEMPLATE.to_owned()),
            document: Bytes::from_string(data.to_string()),
            data: place("document.json")?,
        })
    }
}

/// Puts a box in place of letters that no font has: PDF/UA takes none that would be lost.
fn only_what_can_be_drawn(data: &mut Value) {
    match data {
        Value::String(text) if !text.chars().all(drawn) => {
            let shown = text.chars().filter(|&c| c == '\n' || !c.is_control());
            *text = shown.map(|c| if drawn(c) { c } else { BOX }).collect();
        }
        Value::Array(items) => items.iter_mut().for_each(only_what_can_be_drawn),
        Value::Object(fields) => fields.values_mut().for_each(only_what_can_be_drawn),
        _ => {}
    }
}

/// Whether a font has the letter, or it is not drawn at all.
fn drawn(letter: char) -> bool {
    let unseen = matches!(letter, '\n' | '\u{ad}' | '\u{a0}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}');
    unseen || letter.is_ascii_graphic() || letter == ' ' || COVERED.contains(u32::from(letter))
}

fn told(found: &[SourceDiagnostic]) -> ReportError {
    let messages: Vec<String> = found.iter().map(|one| one.message.to_string()).collect();
    ReportError::Paper(messages.join("; "))
}
