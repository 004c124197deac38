//! Places that links lead to, and what stands on paper.

use std::collections::HashMap;

use maud::{Markup, html};

use crate::document::{Block, Document};

/// Bookmarks by the id of their place. Their names are numbers behind an underscore: Word allows
/// 40 letters and no hyphen, and shows no name that begins so.
pub(crate) struct Places<'a>(HashMap<&'a str, usize>);

impl<'a> Places<'a> {
    pub(crate) fn of(document: &'a Document) -> Self {
        let mut ids: Vec<&str> = Vec::new();
        for section in &document.sections {
            ids.push(&section.id);
            each(&section.blocks, &mut |block| match block {
                Block::Part { id, .. } | Block::Heading { id: Some(id), .. } => ids.push(id),
                _ => {}
            });
        }
        Self(ids.into_iter().enumerate().map(|(at, id)| (id, at + 1)).collect())
    }

    /// The bookmark of a place; nothing where there is none.
    pub(crate) fn mark(&self, id: &str) -> Markup {
        html! {
            @if let Some(at) = self.0.get(id) {
                w:bookmarkStart w:id=(at) w:name={ "_place" (at) } {}
                w:bookmarkEnd w:id=(at) {}
            }
        }
    }

    /// Words that lead to a place; plain words where it does not stand in this document.
    pub(crate) fn link(&self, to: &str, words: Markup) -> Markup {
        html! {
            @if let Some(at) = self.0.get(to) {
                w:hyperlink w:anchor={ "_place" (at) } w:history="1" { (words) }
            } @else { (words) }
        }
    }
}

/// Every block that stands on paper, each before those inside it.
pub(crate) fn each<'a>(blocks: &'a [Block], visit: &mut impl FnMut(&'a Block)) {
    for block in blocks {
        visit(block);
        match block {
            Block::Folded { repeats: false, blocks, .. } | Block::Part { blocks, .. } => {
                each(blocks, visit);
            }
            _ => {}
        }
    }
}
