//! The report as a tree: sections, blocks and words, which every format writes in its own way.

mod table;
mod text;

use serde::Serialize;

use crate::figure::Figure;
pub(crate) use table::{Cell, Column, Row, Rows, Table, TableKind};
pub(crate) use text::{Inline, Text};

/// A whole report in one language.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Document {
    pub(crate) language: String,
    pub(crate) layout: Layout,
    /// What kind of document this is, above its title.
    pub(crate) kind: String,
    pub(crate) title: String,
    /// The title on the tab of a browser and in the properties of a file.
    pub(crate) tab: String,
    /// The mark on everything whose data are invented.
    pub(crate) invented: Option<String>,
    /// The head of every page on paper: whether the protocol was locked.
    pub(crate) running_head: String,
    pub(crate) notices: Vec<Notice>,
    pub(crate) sections: Vec<Section>,
    pub(crate) footer: Footer,
    pub(crate) navigation: Navigation,
}

/// How sections follow each other on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Layout {
    /// One after the other, below a table of contents.
    Report,
    /// Each on a page of its own, to be handed out.
    Sheets,
}

/// Something that must be known before reading on.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Notice {
    pub(crate) kind: NoticeKind,
    pub(crate) head: String,
    pub(crate) text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NoticeKind {
    Invented,
    Locked,
    Exploratory,
}

/// Last words.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Footer {
    pub(crate) text: String,
    /// What only paper needs: that more stands in the files.
    pub(crate) paper: String,
}

/// Words around the table of contents.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Navigation {
    pub(crate) skip: String,
    pub(crate) heading: String,
    /// The summary above the data of a figure.
    pub(crate) figure_data: String,
}

/// One section; its parts stand below it in the contents.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Section {
    pub(crate) id: String,
    pub(crate) heading: String,
    pub(crate) parts: Parts,
    pub(crate) blocks: Vec<Block>,
}

/// What stands below a section in the contents.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Parts {
    /// Said instead of the parts until asked, when there are many.
    pub(crate) summary: Option<String>,
    pub(crate) entries: Vec<Entry>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub(crate) enum Entry {
    /// A name above those that follow.
    Group {
        words: String,
    },
    To(Link),
}

/// A way to a place in the document.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Link {
    pub(crate) to: String,
    pub(crate) words: String,
}

/// What a section is made of.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "block", rename_all = "snake_case")]
pub(crate) enum Block {
    /// A heading below that of the section: 3 or 4.
    Heading {
        level: u8,
        id: Option<String>,
        text: Text,
    },
    Paragraph {
        voice: Voice,
        text: Text,
    },
    List {
        kind: ListKind,
        items: Vec<Text>,
    },
    /// Terms with what is said of them.
    Terms {
        kind: TermsKind,
        items: Vec<Term>,
    },
    /// Outcomes with a sentence that leads.
    Findings {
        items: Vec<Told>,
    },
    /// Sentences that answer the question, set apart.
    Answer {
        paragraphs: Vec<Text>,
    },
    Table(Table),
    /// Figures, side by side where there is room.
    Figures {
        figures: Vec<Placed>,
    },
    /// What opens on demand on a screen; on paper it is there, unless it only repeats.
    Folded {
        title: String,
        repeats: bool,
        blocks: Vec<Block>,
    },
    /// A part with a place of its own: an outcome, a region.
    Part {
        id: String,
        blocks: Vec<Block>,
    },
    /// Room to write on paper, below what is asked.
    Notes {
        title: String,
        lines: u8,
    },
    /// The way to the parts beside this one; only a screen needs it.
    Steps {
        label: String,
        before: Option<Link>,
        up: Link,
        after: Option<Link>,
    },
}

/// How a paragraph is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Voice {
    Plain,
    /// The question itself.
    Lead,
    /// How to read what follows.
    Reading,
    /// Below a table.
    Caption,
    /// The name of a domain above its outcomes.
    Domain,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ListKind {
    Plain,
    Points,
    Literature,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TermsKind {
    /// Short facts, side by side with their names.
    Facts,
    /// Methods, with a sentence each.
    Methods,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Term {
    pub(crate) name: String,
    /// Nothing where there is no more to say than the name.
    pub(crate) text: Option<Text>,
}

/// An outcome and what is told of it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Told {
    pub(crate) link: Link,
    pub(crate) flag: Option<String>,
    pub(crate) text: Text,
}

/// A figure in its place.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Placed {
    #[serde(flatten)]
    pub(crate) figure: Figure,
    pub(crate) data: Shown,
    /// Whether the table stands beneath it on paper, where nothing opens on demand.
    pub(crate) on_paper: bool,
    /// The same data as a table.
    pub(crate) table: Table,
}

/// Where the data of a figure stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Shown {
    /// In the text around it.
    Elsewhere,
    /// In a table that opens on demand.
    Folded,
    /// In a table beneath it.
    Open,
}

impl Block {
    pub(crate) fn paragraph(text: impl Into<Text>) -> Self {
        Self::Paragraph { voice: Voice::Plain, text: text.into() }
    }

    pub(crate) fn caption(text: impl Into<Text>) -> Self {
        Self::Paragraph { voice: Voice::Caption, text: text.into() }
    }

    pub(crate) fn heading(level: u8, text: impl Into<Text>) -> Self {
        Self::Heading { level, id: None, text: text.into() }
    }
}
