//! The page: sections in order, in one self-contained file.

mod descriptives;
mod design;
mod findings;
mod found;
mod header;
mod linkage;
mod methods;
mod outcome;
mod population;
mod provenance;
mod regions;
mod scrutiny;
mod status;
mod table;
mod weights;

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
    let invented = view.invented();
    let tab = match invented {
        Some(_) => view.words.with("invented-title", &[("title", title.into())]),
        None => title,
    };
    let sections: Vec<Section> =
        sections(view).into_iter().filter(|section| section.content.is_some()).collect();
    html! {
        (DOCTYPE)
        html lang=(view.language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content="verschil";
                title { (tab) }
                style { (PreEscaped(STYLE)) (PreEscaped(running_head(view))) }
            }
            body {
                a.skip href="#main" { (view.words.text("skip")) }
                @if let Some(mark) = &invented { div.invented-bar { (mark) } }
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

/// What the head of every printed page says: that data are invented, whether the run was locked.
fn running_head(view: &View) -> String {
    let mut rules = String::new();
    let mut add = |place: &str, font: &str, words: &str| {
        rules.push_str(&format!(
            "@page {{ @{place} {{ content: \"{words}\"; font: {font} sans-serif; color: #7a3e00; }} }}\n"
        ));
    };
    if let Some(mark) = view.invented() {
        add("top-left", "bold 11pt", &mark.to_uppercase());
    }
    add("top-right", "8pt", &status::running(view));
    rules
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
        section("scrutiny", "heading-scrutiny", scrutiny::section(view)),
        section("linkage", "heading-linkage", linkage::section(view)),
        section("population", "heading-population", population::attrition(view)),
        section("regions", "heading-regions", regions::section(view)),
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
                            @if view.many() {
                                @let n = view.results.outcomes.len();
                                details {
                                    summary { (view.words.with("outcome-list", &[("n", n.into())])) }
                                    (outcomes(view))
                                }
                            } @else { (outcomes(view)) }
                        }
                        @if section.id == "linkage" { (links(view)) }
                    }
                }
            }
        }
    }
}

/// Outcomes below their domains.
fn outcomes(view: &View) -> Markup {
    let all = view.by_domain();
    html! {
        ol {
            @for domain in all.chunk_by(|a, b| a.domain == b.domain) {
                @let label = view.label(&domain[0].domain_label);
                @if !label.is_empty() { li.group { (label) } }
                @for facts in domain {
                    li { a href={ "#" (outcome::anchor(facts)) } { (view.soft(view.name(facts))) } }
                }
            }
        }
    }
}

fn links(view: &View) -> Markup {
    html! {
        @if !view.results.links.is_empty() {
            ol {
                @for link in &view.results.links {
                    li { a href={ "#" (linkage::anchor(link)) } { (view.soft(view.label(&link.label))) } }
                }
                @if view.results.linkage_weight_facts.is_some() {
                    li { a href="#linkage-weights" { (view.soft(&view.words.text("heading-weights"))) } }
                }
            }
        }
    }
}
