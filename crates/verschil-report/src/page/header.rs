//! Title, status, question and the answer in short.

use crate::document::{Block, Notice, NoticeKind, Text, Voice};
use crate::sentences;
use crate::view::View;

/// The title of the study, or its id.
pub(crate) fn title(view: &View) -> String {
    let study = &view.results.study;
    let title = view.label(&study.title);
    if title.is_empty() { study.id.clone() } else { title.to_owned() }
}

/// What the head of every page on paper says of the run; nothing when it was locked.
pub(crate) fn running_head(view: &View) -> String {
    if view.results.provenance.locked {
        String::new()
    } else {
        view.words.text("status-running-head")
    }
}

/// Whether the data are invented, and whether the run was preregistered.
pub(crate) fn notices(view: &View) -> Vec<Notice> {
    let notice = |kind, head: &'static str, text: &'static str| Notice {
        kind,
        head: view.words.text(head),
        text: view.words.text(text),
    };
    let mut notices = Vec::new();
    if view.results.study.synthetic {
        notices.push(notice(NoticeKind::Invented, "invented-banner", "invented-banner-text"));
    }
    notices.push(if view.results.provenance.locked {
        notice(NoticeKind::Locked, "status-locked", "status-locked-text")
    } else {
        notice(NoticeKind::Exploratory, "status-exploratory", "status-exploratory-text")
    });
    notices
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
