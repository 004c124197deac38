//! The package: its parts, how they hang together, and the archive around them.

use std::io::{Cursor, Write};

use maud::{Markup, html};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::ReportError;

const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const KIND: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// Parts that the document refers to: kind of relation, file, kind of content.
const AROUND: [(&str, &str, &str); 6] = [
    ("styles", "styles.xml", "styles"),
    ("settings", "settings.xml", "settings"),
    ("numbering", "numbering.xml", "numbering"),
    ("fontTable", "fontTable.xml", "fontTable"),
    ("header", "header1.xml", "header"),
    ("footer", "footer1.xml", "footer"),
];
/// Relations of header and footer, by their place above.
pub(crate) const HEADER: &str = "rId5";
pub(crate) const FOOTER: &str = "rId6";

/// One file of the package.
pub(crate) struct Part {
    path: String,
    bytes: Vec<u8>,
    /// What is compressed already is kept as it is.
    method: CompressionMethod,
}

impl Part {
    pub(crate) fn xml(path: &str, text: String) -> Self {
        let bytes = text.into_bytes();
        Self { path: path.to_owned(), bytes, method: CompressionMethod::Deflated }
    }

    pub(crate) fn picture(path: String, bytes: Vec<u8>) -> Self {
        Self { path: format!("word/{path}"), bytes, method: CompressionMethod::Stored }
    }
}

/// The file of a picture, by its place among all.
pub(crate) fn picture(at: usize) -> String {
    format!("media/figure{}.png", at + 1)
}

/// The relation between the document and a picture.
pub(crate) fn relation(at: usize) -> String {
    format!("rIdFigure{}", at + 1)
}

/// What each part holds.
pub(crate) fn content_types() -> Markup {
    html! {
        Types xmlns={ (PACKAGE) "/content-types" } {
            Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml" {}
            Default Extension="xml" ContentType="application/xml" {}
            Default Extension="png" ContentType="image/png" {}
            Override PartName="/word/document.xml" ContentType={ (KIND) ".document.main+xml" } {}
            Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml" {}
            @for (_, file, kind) in AROUND {
                Override PartName={ "/word/" (file) } ContentType={ (KIND) "." (kind) "+xml" } {}
            }
        }
    }
}

/// Where the document and its properties stand.
pub(crate) fn package_relations() -> Markup {
    html! {
        Relationships xmlns={ (PACKAGE) "/relationships" } {
            Relationship Id="rId1" Type={ (OFFICE) "/officeDocument" } Target="word/document.xml" {}
            Relationship Id="rId2" Type={ (PACKAGE) "/relationships/metadata/core-properties" } Target="docProps/core.xml" {}
        }
    }
}

/// What the document refers to, with so many pictures.
pub(crate) fn relations(pictures: usize) -> Markup {
    html! {
        Relationships xmlns={ (PACKAGE) "/relationships" } {
            @for (at, (kind, file, _)) in AROUND.iter().enumerate() {
                Relationship Id={ "rId" (at + 1) } Type={ (OFFICE) "/" (kind) } Target=(file) {}
            }
            @for at in 0..pictures {
                Relationship Id=(relation(at)) Type={ (OFFICE) "/image" } Target=(picture(at)) {}
            }
        }
    }
}

/// The archive. Its files bear the earliest time there is, so that no clock shows in it.
///
/// # Errors
/// [`ReportError::Word`] when it cannot be written.
pub(crate) fn pack(parts: impl Iterator<Item = Part>) -> Result<Vec<u8>, ReportError> {
    let fault = |error: zip::result::ZipError| ReportError::Word(error.to_string());
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for part in parts {
        let options = SimpleFileOptions::DEFAULT
            .compression_method(part.method)
            .last_modified_time(DateTime::DEFAULT);
        archive.start_file(part.path, options).map_err(fault)?;
        archive.write_all(&part.bytes).map_err(|error| fault(error.into()))?;
    }
    Ok(archive.finish().map_err(fault)?.into_inner())
}
