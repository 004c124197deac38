//! The report as one self-contained page.

mod table;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::document::{
    Block, Document, Entry, Inline, Link, ListKind, Notice, NoticeKind, Parts, Placed, Shown, Term,
    TermsKind, Text, Told, Voice,
};

const STYLE: &str = include_str!("html/style.css");

/// The whole page.
pub(crate) fn page(document: &Document) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(document.language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content="verschil";
                title { (document.tab) }
                style { (PreEscaped(STYLE)) (PreEscaped(running_head(document))) }
            }
            body {
                a.skip href="#main" { (document.navigation.skip) }
                @if let Some(mark) = &document.invented { aside.invented-bar aria-label=(mark) { (mark) } }
                (banner(document))
                (contents(document))
                main #main { (sections(document)) }
                footer {
                    p { (document.footer.text) }
                    p.print { (document.footer.paper) }
                }
            }
        }
    }
}

/// What the head of every printed page says: that data are invented, whether a run was locked.
fn running_head(document: &Document) -> String {
    let mut rules = String::new();
    let mut add = |place: &str, font: &str, words: &str| {
        rules.push_str(&format!(
            "@page {{ @{place} {{ content: \"{}\"; font: {font} sans-serif; color: #7a3e00; }} }}\n",
            quoted(words)
        ));
    };
    if let Some(mark) = &document.invented {
        add("top-left", "bold 11pt", &mark.to_uppercase());
    }
    if !document.running_head.is_empty() {
        add("top-right", "8pt", &document.running_head);
    }
    rules
}

/// Words within quotes of a style sheet, which also cannot end the style sheet.
fn quoted(words: &str) -> String {
    words.replace('\\', "\\\\").replace('"', "\\\"").replace('<', "\\3c ").replace('\n', " ")
}

fn banner(document: &Document) -> Markup {
    html! {
        header {
            p.kind { (document.kind) }
            h1 { (document.title) }
            @for told in &document.notices { (notice(told)) }
        }
    }
}

fn notice(told: &Notice) -> Markup {
    let class = match told.kind {
        NoticeKind::Invented => "status invented-banner",
        NoticeKind::Locked => "status locked",
        NoticeKind::Exploratory => "status exploratory",
    };
    html! { div class=(class) role="note" { strong { (told.head) } " " (told.text) } }
}

fn contents(document: &Document) -> Markup {
    html! {
        nav.contents aria-labelledby="contents-heading" {
            h2 #contents-heading { (document.navigation.heading) }
            ol {
                @for section in &document.sections {
                    li {
                        a href={ "#" (section.id) } { (section.heading) }
                        @if !section.parts.entries.is_empty() { (parts(&section.parts)) }
                    }
                }
            }
        }
    }
}

fn parts(parts: &Parts) -> Markup {
    let entries = html! {
        ol {
            @for entry in &parts.entries {
                @match entry {
                    Entry::Group { words } => li.group { (words) },
                    Entry::To(link) => li { (to(link)) },
                }
            }
        }
    };
    html! {
        @if let Some(summary) = &parts.summary { details { summary { (summary) } (entries) } }
        @else { (entries) }
    }
}

fn to(link: &Link) -> Markup {
    html! { a href={ "#" (link.to) } { (link.words) } }
}

fn sections(document: &Document) -> Markup {
    html! {
        @for section in &document.sections {
            section id=(section.id) aria-labelledby={ (section.id) "-heading" } {
                h2 id={ (section.id) "-heading" } { (section.heading) }
                (blocks(document, &section.blocks))
            }
        }
    }
}

fn blocks(document: &Document, blocks: &[Block]) -> Markup {
    html! { @for one in blocks { (block(document, one)) } }
}

fn block(document: &Document, block: &Block) -> Markup {
    match block {
        Block::Heading { level: 3, id, text } => html! { h3 id=[id.as_ref()] { (line(text)) } },
        Block::Heading { id, text, .. } => html! { h4 id=[id.as_ref()] { (line(text)) } },
        Block::Paragraph { voice, text } => html! { p class=[class(*voice)] { (line(text)) } },
        Block::List { kind, items } => list(*kind, items),
        Block::Terms { kind, items } => terms(*kind, items),
        Block::Findings { items } => findings(items),
        Block::Answer { paragraphs } => {
            html! { div.answer { @for text in paragraphs { p { (line(text)) } } } }
        }
        Block::Table(table) => table::scroll(table),
        Block::Figures { figures } => side_by_side(document, figures),
        Block::Folded { title, repeats, blocks: inside } => html! {
            details.folded.screen[*repeats] { summary { (title) } (blocks(document, inside)) }
        },
        Block::Part { id, blocks: inside } => {
            html! { article.outcome id=(id) { (blocks(document, inside)) } }
        }
        Block::Notes { title, lines } => html! {
            div.notes { h4 { (title) } @for _ in 0..*lines { hr; } }
        },
        Block::Steps { label, before, up, after } => html! {
            nav.steps aria-label=(label) {
                span { @if let Some(link) = before { (to(link)) } }
                (to(up))
                span { @if let Some(link) = after { (to(link)) } }
            }
        },
    }
}

fn class(voice: Voice) -> Option<&'static str> {
    match voice {
        Voice::Plain => None,
        Voice::Lead => Some("lead"),
        Voice::Reading => Some("reading"),
        Voice::Caption => Some("caption"),
        Voice::Domain => Some("domain"),
    }
}

fn list(kind: ListKind, items: &[Text]) -> Markup {
    let class = match kind {
        ListKind::Plain => None,
        ListKind::Points => Some("points"),
        ListKind::Literature => Some("literature"),
    };
    html! { ul class=[class] { @for item in items { li { (line(item)) } } } }
}

fn terms(kind: TermsKind, items: &[Term]) -> Markup {
    let class = match kind {
        TermsKind::Facts => "facts",
        TermsKind::Methods => "methods",
    };
    html! {
        dl class=(class) {
            @for term in items {
                div { dt { (term.name) } @if let Some(text) = &term.text { dd { (line(text)) } } }
            }
        }
    }
}

fn findings(items: &[Told]) -> Markup {
    html! {
        ul.findings {
            @for told in items {
                li {
                    a.name href={ "#" (told.link.to) } { (told.link.words) }
                    @if let Some(flag) = &told.flag { " " span.flag { (flag) } }
                    p { (line(&told.text)) }
                }
            }
        }
    }
}

/// Figures side by side where there is room.
fn side_by_side(document: &Document, figures: &[Placed]) -> Markup {
    html! {
        div.figures.single[figures.len() == 1] { @for placed in figures { (figure(document, placed)) } }
    }
}

fn figure(document: &Document, placed: &Placed) -> Markup {
    let Placed { figure, data, table, .. } = placed;
    html! {
        figure id={ "figure-" (figure.name) } {
            figcaption { strong { (figure.title) } }
            (PreEscaped(&figure.svg))
            p.caption { (figure.caption) }
            @match data {
                Shown::Elsewhere => {},
                Shown::Open => (table::scroll(table)),
                Shown::Folded => details.needed[figure.table_needed] {
                    summary { (document.navigation.figure_data) }
                    (table::scroll(table))
                },
            }
        }
    }
}

/// Words in a line.
fn line(text: &Text) -> Markup {
    html! { @for inline in &text.0 { (words(inline)) } }
}

fn words(inline: &Inline) -> Markup {
    match inline {
        Inline::Words { words } => html! { (words) },
        Inline::Strong { words } => html! { strong { (words) } },
        Inline::Flag { words } => html! { span.flag { (words) } },
        Inline::Invented { words } => html! { strong.invented { (words) } },
        Inline::Small { words } => html! { span.unit { (words) } },
        Inline::Code { words } => html! { code { (words) } },
        Inline::English { words } => html! { span lang="en" { (words) } },
        Inline::Break => html! { br; },
    }
}
