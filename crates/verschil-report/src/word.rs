//! The report for Word: the document as a package of WordprocessingML parts (ECMA-376).
//!
//! `word/styles.xml` says what it looks like, with the names that Word itself uses where it has
//! them. Elements stand in the order of the standard, which Word asks for when it opens a file.

mod blocks;
mod figure;
mod letters;
mod line;
mod package;
mod places;
mod table;

use maud::{Markup, PreEscaped, html};

use crate::ReportError;
use crate::document::Document;
use blocks::Writer;
use letters::{plain, xml};
use package::Part;

/// The width of the text on A4 in twentieths of a point: 170 mm.
const WIDTH: u32 = 9638;

const STYLES: &str = include_str!("word/styles.xml");
const SETTINGS: &str = include_str!("word/settings.xml");
const NUMBERING: &str = include_str!("word/numbering.xml");
const FONTS: &str = include_str!("word/fonts.xml");

/// The document as a .docx; the same bytes for the same document.
///
/// # Errors
/// [`ReportError::Picture`] when a figure cannot be drawn, [`ReportError::Word`] when the parts
/// cannot be packed: faults of this program.
pub(crate) fn docx(document: &Document) -> Result<Vec<u8>, ReportError> {
    let pictures = figure::pictures(document)?;
    let body = Writer::new(document, &pictures).body();
    let language = if document.language == "nl" { "nl-NL" } else { "en-GB" };
    let dressed = |part: &str| {
        let decimal = if document.language == "nl" { "," } else { "." };
        part.replace("{language}", language).replace("{decimal}", decimal)
    };
    let parts = vec![
        Part::xml("[Content_Types].xml", xml(package::content_types())),
        Part::xml("_rels/.rels", xml(package::package_relations())),
        Part::xml("docProps/core.xml", xml(properties(document, language))),
        Part::xml("word/document.xml", xml(body)),
        Part::xml("word/_rels/document.xml.rels", xml(package::relations(pictures.len()))),
        Part::xml("word/styles.xml", dressed(STYLES)),
        Part::xml("word/settings.xml", dressed(SETTINGS)),
        Part::xml("word/numbering.xml", NUMBERING.to_owned()),
        Part::xml("word/fontTable.xml", FONTS.to_owned()),
        Part::xml("word/header1.xml", xml(header(document))),
        Part::xml("word/footer1.xml", xml(footer(document))),
    ];
    let drawn = pictures.into_iter().enumerate();
    let drawn = drawn.map(|(at, picture)| Part::picture(package::picture(at), picture.png));
    package::pack(parts.into_iter().chain(drawn))
}

/// Title and language; no time, because the same results give the same file.
fn properties(document: &Document, language: &str) -> Markup {
    html! {
        cp:coreProperties
            xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
            xmlns:dc="http://purl.org/dc/elements/1.1/"
        {
            dc:title { (plain(&document.tab)) }
            dc:creator { "verschil" }
            cp:keywords { "verschil" }
            dc:language { (language) }
        }
    }
}

/// The head of every page: that data are invented, whether a run was locked.
fn header(document: &Document) -> Markup {
    html! {
        w:hdr xmlns:w=(letters::WORD) {
            w:p {
                w:pPr { w:pStyle w:val="Header" {} }
                @if let Some(mark) = &document.invented {
                    w:r {
                        w:rPr { w:b {} w:caps {} }
                        (line::letters(mark))
                    }
                }
                w:r { w:tab {} (line::letters(&document.running_head)) }
            }
        }
    }
}

fn footer(document: &Document) -> Markup {
    let field = |code: &str| {
        html! { w:fldSimple w:instr=(code) { w:r { w:t { "1" } } } }
    };
    html! {
        w:ftr xmlns:w=(letters::WORD) {
            w:p {
                w:pPr { w:pStyle w:val="Footer" {} }
                w:r { (line::letters(&plain(&document.tab))) w:tab {} }
                (field(" PAGE "))
                w:r { (PreEscaped("<w:t xml:space=\"preserve\"> / </w:t>")) }
                (field(" NUMPAGES "))
            }
        }
    }
}
