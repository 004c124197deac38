//! Title, status, question and the answer in short.

use maud::{Markup, html};

use crate::page::status;
use crate::sentences;
use crate::view::View;

/// The title of the study, or its id.
pub(crate) fn title(view: &View) -> String {
    let study = &view.results.study;
    let title = view.label(&study.title);
    if title.is_empty() { study.id.clone() } else { title.to_owned() }
}

/// Title and whether the run was preregistered.
pub(crate) fn banner(view: &View) -> Markup {
    html! {
        header {
            p.kind { (view.words.text("kind")) }
            h1 { (view.soft(&title(view))) }
            @if view.results.study.synthetic {
                div.status.invented-banner role="note" {
                    strong { (view.words.text("invented-banner")) } " " (view.words.text("invented-banner-text"))
                }
            }
            (status::banner(view))
        }
    }
}

/// The question as the protocol puts it.
pub(crate) fn question(view: &View) -> Option<Markup> {
    let question = &view.results.study.question;
    (!question.is_empty()).then(|| html! { p.lead { (view.label(question)) } })
}

/// The answer in short.
pub(crate) fn answer(view: &View) -> Markup {
    html! {
        div.answer {
            @if view.results.study.synthetic { p { strong.invented { (view.words.text("invented-answer")) } } }
            @for sentence in sentences::answer::sentences(view) { p { (sentence) } }
        }
    }
}
