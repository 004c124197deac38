//! Title, status, question and the answer in short.

use crate::document::{Block, Notice, NoticeKind, Text, Voice};
use crate::page::status;
use crate::sentences;
use crate::view::View;

/// The title of the study, or its id.
pub(crate) fn title(view: &View) -> String {
    let study = &view.results.study;
    let title = view.label(&study.title);
    if title.is_empty() { study.id.clone() } else { title.to_owned() }
}

/// Whether the data are invented, and whether the run was preregistered.
pub(crate) fn notices(view: &View) -> Vec<Notice> {
    let invented = view.results.study.synthetic.then(|| Notice {
        kind: NoticeKind::Invented,
        head: view.words.text("invented-banner"),
        text: view.words.text("invented-banner-text"),
    });
    invented.into_iter().chain(status::notices(view)).collect()
}

/// The question as the protocol puts it.
pub(crate) fn question(view: &View) -> Option<Vec<Block>> {
    let question = &view.results.study.question;
    (!question.is_empty())
        .then(|| vec![Block::Paragraph { voice: Voice::Lead, text: view.label(question).into() }])
}

/// The answer in short.
pub(crate) fn answer(view: &View) -> Option<Vec<Block>> {
    let invented = view.results.study.synthetic;
    let mark = invented.then(|| Text::default().invented(view.words.text("invented-answer")));
    let told = sentences::answer::sentences(view).into_iter().map(Text::from);
    Some(vec![Block::Answer { paragraphs: mark.into_iter().chain(told).collect() }])
}
