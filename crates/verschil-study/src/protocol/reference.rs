//! The reference page of the protocol, made from the tables of keys, rules and functions.

use std::fmt::Write as _;

use super::choice::Options;
use super::keys::{self, Item, KEYS, Key, Kind, Presence};
use super::rules::RULES;
use crate::expression::{FUNCTIONS, Function, IN_LIST, MAX_DEPTH, MAX_LENGTH, TYPES};

const HEAD: &str = "\
# Protocol reference

<!-- Generated from the table of keys; edit that, then run the tests with UPDATE_DOCS=1. -->

A study is written in [TOML](https://toml.io), in one file or in several that `study.include` puts
together. Below stands every key. A key that is not listed is a problem, never ignored; all problems
are reported together, each with its place.
A **text** is written per language, `{ nl = \"...\", en = \"...\" }`, or once for all languages.
A **JSON Schema** for editors is in `protocol.schema.json`.
";

const TAIL: &str = "
`EXTRACT(part FROM date)` and `TRIM(BOTH x FROM y)` are understood too.

`in_list(code, 'name')` stands for `code IN (...)` with every code of the list, and with a year for
the codes that are valid in it. The codes are written out in the canonical text, so that the hash of
the protocol covers them.

Columns of other tables have a name before them:

| name | gives | known to |
|---|---|---|
| `ID.COLUMN` | a column of the link's source, or one of its keys or sums | later links, and everything else but subgroups |
| `ID.linked` | whether the row is linked: true or false, never missing | the same |
| `register.ATTRIBUTE` | an attribute of the row's region in its period | everything but links, region.value and period.value |

`where` and `sums` of a link see the columns of the linked source alone, `identity.holds` the
identifiers of outcomes.
";

/// The reference page in Markdown.
#[must_use]
pub fn reference() -> String {
    let mut page = HEAD.to_owned();
    for key in KEYS.iter().filter(|key| is_section(key)) {
        section(&mut page, key);
    }
    expressions(&mut page);
    page.push_str("\n## What is checked between keys\n\n");
    for rule in RULES {
        let _ = writeln!(page, "- {}", rule.sentence);
    }
    page
}

fn is_section(key: &Key) -> bool {
    matches!(key.kind, Kind::Table | Kind::Tables | Kind::Named(_) | Kind::ChoiceOrTable(_))
}

fn section(page: &mut String, key: &Key) {
    let path = key.path.replace('*', "NAME");
    let head = if key.kind == Kind::Tables { format!("[[{path}]]") } else { format!("[{path}]") };
    let _ = writeln!(page, "\n## `{head}`\n\n{} {}", key.doc, presence(key));
    let leaves: Vec<&Key> = keys::under(key.path).filter(|key| key.name() != "*").collect();
    if leaves.is_empty() {
        return;
    }
    page.push_str("\n| key | holds | default | meaning | example |\n|---|---|---|---|---|\n");
    for leaf in leaves {
        let default = match leaf.presence {
            Presence::Required => "**required**".to_owned(),
            Presence::Optional => "none".to_owned(),
            Presence::Default(literal) => code(literal),
            Presence::Derived(from) => cell(from),
        };
        let (name, holds, doc) = (leaf.name(), cell(&holds(leaf.kind)), cell(leaf.doc));
        let _ =
            writeln!(page, "| `{name}` | {holds} | {default} | {doc} | {} |", code(leaf.example));
    }
    for leaf in keys::under(key.path) {
        choices(page, leaf);
    }
}

fn presence(key: &Key) -> String {
    match key.presence {
        Presence::Required => "Required.".to_owned(),
        Presence::Optional | Presence::Default(_) => "Optional.".to_owned(),
        Presence::Derived(from) => format!("Without it: {from}."),
    }
}

/// A list of the words that can be chosen, with what they mean.
fn choices(page: &mut String, key: &Key) {
    let options: Options = match key.kind {
        Kind::Choice(options) | Kind::List(Item::Choice(options), _) => options,
        _ => return,
    };
    let _ = writeln!(page, "\n`{}`:\n", key.name());
    for (id, sentence) in options {
        let _ = writeln!(page, "- `{id}`: {sentence}");
    }
}

fn holds(kind: Kind) -> String {
    match kind {
        Kind::Table => "table".to_owned(),
        Kind::Tables => "list of tables".to_owned(),
        Kind::Named(_) => "table of names".to_owned(),
        Kind::ChoiceOrTable(options) => format!("{} or a table", words(options)),
        Kind::Id => "identifier".to_owned(),
        Kind::Word => "words".to_owned(),
        Kind::Text => "text".to_owned(),
        Kind::Sql => "SQL expression".to_owned(),
        Kind::Character => "one character".to_owned(),
        Kind::Integer(i64::MIN, i64::MAX) => "whole number".to_owned(),
        Kind::Integer(low, high) => format!("whole number, {low} to {high}"),
        Kind::Share => "number between 0 and 1".to_owned(),
        Kind::Positive => "number above 0".to_owned(),
        Kind::Window => "list of two whole numbers".to_owned(),
        Kind::Boolean => "true or false".to_owned(),
        Kind::Choice(options) => words(options),
        Kind::List(item, least) => {
            let of = match item {
                Item::Any | Item::Word => "words".to_owned(),
                Item::Integer => "whole numbers".to_owned(),
                Item::Choice(options) => words(options),
            };
            if least > 0 { format!("list of {of}, not empty") } else { format!("list of {of}") }
        }
    }
}

fn words(options: Options) -> String {
    options.iter().map(|(id, _)| format!("`{id}`")).collect::<Vec<_>>().join(", ")
}

fn code(literal: &str) -> String {
    if literal.is_empty() { String::new() } else { format!("`{}`", cell(literal)) }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn expressions(page: &mut String) {
    let _ = writeln!(
        page,
        "\n## Expressions\n\n\
        An expression is one SQL value over the declared columns of the population's source, at\n\
        most {MAX_LENGTH} characters long and {MAX_DEPTH} levels deep. Column names are matched in\n\
        any case; a name that is an SQL word or has spaces stands between double quotes, a text\n\
        between single quotes. Allowed are columns, numbers, texts, `TRUE`, `FALSE`, `NULL`,\n\
        `DATE 'YYYY-MM-DD'`, `+ - * / %`, `= <> < <= > >=`, `AND`, `OR`, `NOT`, `IS [NOT] NULL`,\n\
        `[NOT] BETWEEN`, `[NOT] IN (...)`, `[NOT] LIKE`, `CASE`, `CAST` and `TRY_CAST` to\n\
        {}, and these functions:\n\n\
        | function | also | gives |\n|---|---|---|",
        TYPES.join(", ")
    );
    for Function { name, aliases, sentence, .. } in FUNCTIONS.iter().chain([&IN_LIST]) {
        let _ = writeln!(page, "| `{name}` | {} | {sentence} |", aliases.join(", "));
    }
    page.push_str(TAIL);
}
