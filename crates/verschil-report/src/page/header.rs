//! Title and status.

use crate::document::{Notice, NoticeKind};
use crate::page::status;
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
