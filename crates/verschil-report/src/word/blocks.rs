//! Sections and blocks, as paragraphs in named styles.

use maud::{Markup, html};

use crate::document::{
    Block, Document, ListKind, Notice, NoticeKind, Section, Term, TermsKind, Text, Told, Voice,
};
use crate::hyphens::SOFT;
use crate::word::figure::Picture;
use crate::word::line::{self, line};
use crate::word::places::Places;
use crate::word::table::{self, Size};
use crate::word::{WIDTH, letters, package};

/// The width of the names of facts, in twentieths of a point.
const NAMES: u32 = 2438;

/// What a document is written with.
pub(crate) struct Writer<'a> {
    document: &'a Document,
    places: Places<'a>,
    pub(crate) pictures: &'a [Picture<'a>],
}

impl<'a> Writer<'a> {
    pub(crate) fn new(document: &'a Document, pictures: &'a [Picture<'a>]) -> Self {
        Self { document, places: Places::of(document), pictures }
    }

    /// The main part: everything between header and footer.
    pub(crate) fn body(&self) -> Markup {
        let document = self.document;
        html! {
            w:document
                xmlns:w=(letters::WORD)
                xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"
                xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
                xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
                xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"
            {
                w:body {
                    (paragraph("Kind", line::plain(&document.kind)))
                    (paragraph("Title", line::plain(&letters::plain(&document.title))))
                    @for told in &document.notices { (notice(told)) }
                    (self.contents())
                    @for section in &document.sections { (self.section(section)) }
                    (paragraph("LastWordsFirst", line::plain(&document.footer.text)))
                    (paragraph("LastWords", line::plain(&document.footer.paper)))
                    (page())
                }
            }
        }
    }

    /// The contents: a field that Word can make again, filled with links to the sections.
    fn contents(&self) -> Markup {
        let mark = |kind: &str| html! { w:r { w:fldChar w:fldCharType=(kind) {} } };
        let mut entries = Vec::new();
        for (at, section) in self.document.sections.iter().enumerate() {
            entries.push(paragraph(
                "TOC1",
                html! {
                    @if at == 0 {
                        (mark("begin"))
                        w:r { w:instrText xml:space="preserve" { " TOC \\o \"1-1\" \\h \\z " } }
                        (mark("separate"))
                    }
                    (self.places.link(&section.id, line::plain(&section.heading.replace(SOFT, ""))))
                    @if at + 1 == self.document.sections.len() { (mark("end")) }
                },
            ));
        }
        html! {
            w:sdt {
                w:sdtPr {
                    w:docPartObj {
                        w:docPartGallery w:val="Table of Contents" {}
                        w:docPartUnique {}
                    }
                }
                w:sdtContent {
                    (paragraph("TOCHeading", line::plain(&self.document.navigation.heading)))
                    @for entry in entries { (entry) }
                }
            }
        }
    }

    fn section(&self, section: &Section) -> Markup {
        let heading = Text::from(section.heading.as_str());
        html! {
            (self.heading("Heading1", Some(&section.id), &heading))
            (self.blocks(&section.blocks))
        }
    }

    fn heading(&self, style: &str, id: Option<&str>, text: &Text) -> Markup {
        let mark = id.map(|id| self.places.mark(id));
        paragraph(style, html! { @if let Some(mark) = mark { (mark) } (line::heading(text)) })
    }

    fn blocks(&self, blocks: &[Block]) -> Markup {
        html! { @for one in blocks { (self.block(one)) } }
    }

    fn block(&self, block: &Block) -> Markup {
        match block {
            Block::Heading { level, id, text } => {
                let style = if *level == 3 { "Heading2" } else { "Heading3" };
                self.heading(style, id.as_deref(), text)
            }
            Block::Paragraph { voice, text } => said(*voice, text),
            Block::List { kind, items } => list(*kind, items),
            Block::Terms { kind: TermsKind::Facts, items } => facts(items),
            Block::Terms { kind: TermsKind::Methods, items } => methods(items),
            Block::Findings { items } => html! { @for told in items { (self.finding(told)) } },
            Block::Answer { paragraphs } => {
                html! { @for text in paragraphs { (paragraph("Answer", line(text))) } }
            }
            Block::Table(one) => table::table(one, Size::Usual),
            Block::Figures { figures } => self.figures(figures),
            Block::Notes { title, lines } => html! {
                (paragraph("Heading3", line::plain(title)))
                @for _ in 0..*lines { (paragraph("Part", line::plain("\u{a0}"))) }
            },
            Block::Folded { repeats: true, .. } | Block::Steps { .. } => Markup::default(),
            Block::Folded { title, blocks, .. } => html! {
                (paragraph("Folded", line::plain(title)))
                (self.blocks(blocks))
            },
            Block::Part { id, blocks } => html! {
                (paragraph("Part", self.places.mark(id)))
                (self.blocks(blocks))
            },
        }
    }

    fn finding(&self, told: &Told) -> Markup {
        let name = line::styled("Hyperlink", &told.link.words);
        html! {
            (paragraph("FindingName", html! {
                (self.places.link(&told.link.to, name))
                @if let Some(flag) = &told.flag { (line::plain(" ")) (line::flag(flag)) }
            }))
            (paragraph("Finding", line(&told.text)))
        }
    }
}

fn paragraph(style: &str, runs: Markup) -> Markup {
    html! { w:p { w:pPr { w:pStyle w:val=(style) {} } (runs) } }
}

fn said(voice: Voice, text: &Text) -> Markup {
    let style = match voice {
        Voice::Plain => return html! { w:p { (line(text)) } },
        Voice::Lead => "Lead",
        Voice::Reading => "Reading",
        Voice::Caption => "Note",
        Voice::Domain => "Domain",
    };
    paragraph(style, line(text))
}

fn notice(told: &Notice) -> Markup {
    let (style, head) = match told.kind {
        NoticeKind::Invented => ("NoticeInvented", "CautionWords"),
        NoticeKind::Exploratory => ("NoticeCaution", "CautionWords"),
        NoticeKind::Locked => ("NoticeCalm", "CalmWords"),
    };
    let said =
        html! { (line::styled(head, &told.head)) (line::plain(" ")) (line::plain(&told.text)) };
    paragraph(style, said)
}

fn list(kind: ListKind, items: &[Text]) -> Markup {
    let style = match kind {
        ListKind::Plain | ListKind::Points => "ListBullet",
        ListKind::Literature => "Literature",
    };
    html! { @for item in items { (paragraph(style, line(item))) } }
}

/// Short facts beside their names.
fn facts(items: &[Term]) -> Markup {
    let cell = |width: u32, style: &str, words: Markup| {
        html! {
            w:tc { w:tcPr { w:tcW w:w=(width) w:type="dxa" {} } (paragraph(style, words)) }
        }
    };
    html! {
        w:tbl {
            w:tblPr {
                w:tblStyle w:val="Facts" {}
                w:tblW w:w=(WIDTH) w:type="dxa" {}
                w:tblLayout w:type="fixed" {}
                w:tblLook w:val="0680" w:firstRow="0" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" w:noHBand="1" w:noVBand="1" {}
            }
            w:tblGrid { w:gridCol w:w=(NAMES) {} w:gridCol w:w=(WIDTH - NAMES) {} }
            @for term in items {
                w:tr {
                    w:trPr { w:cantSplit {} }
                    (cell(NAMES, "FactName", line::plain(&term.name)))
                    (cell(WIDTH - NAMES, "Fact", term.text.as_ref().map(line).unwrap_or_default()))
                }
            }
        }
        (table::room())
    }
}

fn methods(items: &[Term]) -> Markup {
    html! {
        @for term in items {
            w:p {
                (line::styled("Strong", &term.name))
                @if let Some(text) = &term.text { (line::plain(": ")) (line(text)) }
            }
        }
    }
}

/// The page: A4 with the margins of the report on paper.
fn page() -> Markup {
    html! {
        w:sectPr {
            w:headerReference w:type="default" r:id=(package::HEADER) {}
            w:footerReference w:type="default" r:id=(package::FOOTER) {}
            w:pgSz w:w="11906" w:h="16838" {}
            w:pgMar w:top="1247" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="510" w:gutter="0" {}
            w:cols w:space="708" {}
        }
    }
}
