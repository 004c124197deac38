//! The page: sections in order, in one self-contained file.

mod design;
mod findings;
mod found;
mod header;
mod methods;
mod outcome;
mod population;
mod provenance;
mod table;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::view::View;

const STYLE: &str = include_str!("page/style.css");

/// One section: its id, the key of its heading and its content; absent ones are left out.
struct Section {
    id: &'static str,
    heading: &'static str,
    content: Option<Markup>,
}

/// The whole document.
pub(crate) fn document(view: &View) -> Markup {
    let title = header::title(view);
    let sections: Vec<Section> =
        sections(view).into_iter().filter(|section| section.content.is_some()).collect();
    html! {
        (DOCTYPE)
        html lang=(view.language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content="verschil";
                title { (title) }
                style { (PreEscaped(STYLE)) (PreEscaped(running_head(view))) }
            }
            body {
                a.skip href="#main" { (view.words.text("skip")) }
                (header::banner(view))
                (contents(view, &sections))
                main #main {
                    @for section in &sections {
                        section #(section.id) aria-labelledby={ (section.id) "-heading" } {
                            h2 id={ (section.id) "-heading" } { (view.words.text(section.heading)) }
                            @if let Some(content) = &section.content { (content) }
                        }
                    }
                }
                footer {
                    p { (view.words.text("footer")) }
                    p.print { (view.words.text("footer-print")) }
                }
            }
        }
    }
}

/// A run that was not locked says so at the head of every printed page.
fn running_head(view: &View) -> String {
    if view.results.provenance.locked {
        return String::new();
    }
    let words = view.words.text("status-running-head");
    format!(
        "@page {{ @top-right {{ content: \"{words}\"; font: 8pt sans-serif; color: #7a3e00; }} }}\n"
    )
}

fn sections(view: &View) -> Vec<Section> {
    let section = |id, heading, content| Section { id, heading, content };
    vec![
        section("question", "heading-question", header::question(view)),
        section("answer", "heading-answer", Some(header::answer(view))),
        section("design", "heading-design", Some(design::section(view))),
        section("found", "heading-found", Some(found::section(view))),
        section("comparisons", "heading-comparisons", found::comparisons(view)),
        section("outcomes", "heading-outcomes", outcome::section(view)),
        section("population", "heading-population", population::attrition(view)),
        section("groups", "heading-groups", population::groups(view)),
        section("findings", "heading-findings", findings::section(view)),
        section("limitations", "heading-limitations", findings::limitations(view)),
        section("methods", "heading-methods", Some(methods::section(view))),
        section("provenance", "heading-provenance", Some(provenance::section(view))),
    ]
}

fn contents(view: &View, sections: &[Section]) -> Markup {
    html! {
        nav.contents aria-labelledby="contents-heading" {
            h2 #contents-heading { (view.words.text("heading-contents")) }
            ol {
                @for section in sections {
                    li {
                        a href={ "#" (section.id) } { (view.words.text(section.heading)) }
                        @if section.id == "outcomes" {
                            ol {
                                @for facts in &view.results.outcomes {
                                    li { a href={ "#" (outcome::anchor(facts)) } { (view.name(facts)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
