//! The public summary and the key messages, before everything else.

use crate::document::{Block, ListKind, Text, Voice};
use crate::sentences::public::{Point, Said};
use crate::sentences::{message, public};
use crate::view::View;

/// The public summary.
pub(crate) fn summary(view: &View) -> Option<Vec<Block>> {
    Some(public::summary(view).into_iter().map(|said| block(view, said)).collect())
}

/// The key messages.
pub(crate) fn messages(view: &View) -> Option<Vec<Block>> {
    let items = message::messages(view).into_iter();
    let said = |message: message::Message| {
        Text::default().strong(format!("{}.", message.lead)).words(" ").words(message.text)
    };
    let items = items.map(said).collect();
    Some(vec![Block::List { kind: ListKind::Points, items }])
}

fn block(view: &View, said: Said) -> Block {
    match said {
        Said::Heading(words) => Block::heading(3, words),
        Said::Domain(words) => Block::heading(4, words),
        Said::Question(words) => Block::Paragraph { voice: Voice::Lead, text: words.into() },
        Said::Sentences(words) => Block::paragraph(words),
        Said::Answer(sentences) => {
            let invented = view.results.study.synthetic;
            let mark =
                invented.then(|| Text::default().invented(view.words.text("invented-answer")));
            let told = sentences.into_iter().map(Text::from);
            Block::Answer { paragraphs: mark.into_iter().chain(told).collect() }
        }
        Said::Points(points) => Block::List {
            kind: ListKind::Points,
            items: points.into_iter().map(|Point { lead, text }| point(lead, text)).collect(),
        },
    }
}

fn point(lead: String, text: String) -> Text {
    if lead.is_empty() { text.into() } else { Text::default().strong(lead).words(": ").words(text) }
}
