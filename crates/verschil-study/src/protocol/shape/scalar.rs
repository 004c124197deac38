//! Checks of single values.

use crate::problem::{Problem, did_you_mean};
use crate::protocol::LANGUAGES;
use crate::protocol::choice::Options;
use crate::protocol::keys::{Item, Key, Kind};
use crate::protocol::node::{Node, Value};
use crate::protocol::report::Report;

use super::{bad_id, ids, is_id};

/// A value as it is shown in a message.
pub(super) fn shown(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => {
            let short: String = text.chars().take(80).collect();
            if short.len() < text.len() { format!("{short:?}...") } else { format!("{short:?}") }
        }
        Value::Integer(number) => number.to_string(),
        Value::Number(number) => format!("{number:?}"),
        Value::Boolean(flag) => flag.to_string(),
        _ => node.kind().to_owned(),
    }
}

pub(super) fn wrong_type(report: &mut Report, node: &Node, wanted: &str, hint: &str) {
    let found = match &node.value {
        Value::List(_) | Value::Table(_) | Value::Other(_) => node.kind().to_owned(),
        _ => format!("{} ({})", shown(node), node.kind()),
    };
    report.push(
        Problem::error("wrong-type", format!("`{}` takes {wanted}", node.place.path))
            .at(&node.place)
            .found(found)
            .allowed(wanted)
            .hint(hint),
    );
}

/// Checks a value that is not of a nesting kind.
pub(super) fn check(report: &mut Report, key: &Key, node: &Node) {
    let example = match key.name() {
        "*" => format!("for example {}", key.example),
        name => format!("for example `{name} = {}`", key.example),
    };
    match (key.kind, &node.value) {
        (Kind::Id, Value::Text(text)) if !is_id(text) => report.push(bad_id(text).at(&node.place)),
        (Kind::Word | Kind::Text | Kind::Sql, Value::Text(text)) => not_empty(report, node, text),
        (Kind::Character, Value::Text(text)) => character(report, node, text),
        (
            Kind::Integer(..) | Kind::Share | Kind::Positive,
            Value::Integer(_) | Value::Number(_),
        ) => numeric(report, key.kind, node),
        (Kind::Window, Value::List(items)) => window(report, key, node, items),
        (Kind::Integer(..) | Kind::Share | Kind::Positive, Value::Text(text))
            if text.trim().parse::<f64>().is_ok() =>
        {
            let hint = "write the number without quotes";
            wrong_type(report, node, wanted(key.kind), hint);
        }
        (Kind::Id, Value::Text(_)) | (Kind::Boolean, Value::Boolean(_)) => {}
        (Kind::Boolean, Value::Text(_)) => {
            wrong_type(report, node, "true or false", "write true or false without quotes");
        }
        (Kind::List(..), Value::Text(_) | Value::Integer(_)) => {
            let hint = format!("write [{}]", shown(node));
            wrong_type(report, node, "a list", &hint);
        }
        (Kind::Tables, Value::Table(_)) => {
            let hint = format!("write `[[{0}]]` instead of `[{0}]`", node.place.path);
            wrong_type(report, node, "a list of tables", &hint);
        }
        (Kind::Table | Kind::Tables | Kind::Named(_), _) => {
            let hint = format!("write its keys under `[{}]`", node.place.path);
            wrong_type(report, node, wanted(key.kind), &hint);
        }
        _ => wrong_type(report, node, wanted(key.kind), &example),
    }
}

/// Checks a number against the bounds of its kind.
fn numeric(report: &mut Report, kind: Kind, node: &Node) {
    let number = node.number().unwrap_or(f64::NAN);
    match (kind, &node.value) {
        (Kind::Integer(low, high), Value::Integer(whole)) if !(low..=high).contains(whole) => {
            let allowed = format!("whole numbers from {low} to {high}");
            out_of_range(report, node, &allowed, "");
        }
        (Kind::Integer(..), Value::Number(number)) => {
            wrong_type(report, node, "a whole number", &format!("write {number:.0}"));
        }
        (Kind::Share, _) if number > 1.0 && number < 100.0 => {
            let hint = format!("write {}, not a percentage", number / 100.0);
            out_of_range(report, node, "numbers between 0 and 1", &hint);
        }
        (Kind::Positive, _) if number <= 0.0 => {
            out_of_range(report, node, "numbers above 0", "");
        }
        (Kind::Share, _) if number <= 0.0 || number >= 1.0 => {
            out_of_range(report, node, "numbers between 0 and 1", "");
        }
        _ => {}
    }
}

/// Checks the first and the last of a window.
fn window(report: &mut Report, key: &Key, node: &Node, items: &[Node]) {
    let hint = format!("for example `{} = {}`", key.name(), key.example);
    let numbers: Vec<i64> = items.iter().filter_map(Node::integer).collect();
    match numbers.as_slice() {
        [first, last] if items.len() == 2 && first > last => report.push(
            Problem::error("empty-window", "the first period comes after the last")
                .at(&node.place)
                .found(format!("{first} and {last}"))
                .hint("exchange them"),
        ),
        [_, _] if items.len() == 2 => {}
        _ => {
            let found = items.iter().map(shown).collect::<Vec<_>>().join(", ");
            report.push(
                Problem::error("wrong-type", format!("`{}` takes first and last", node.place.path))
                    .at(&node.place)
                    .found(found)
                    .allowed(wanted(key.kind))
                    .hint(hint),
            );
        }
    }
}

fn wanted(kind: Kind) -> &'static str {
    match kind {
        Kind::Table | Kind::Named(_) => "a table",
        Kind::Tables => "a list of tables",
        Kind::ChoiceOrTable(_) => "a word or a table",
        Kind::Text => "a text or a text per language",
        Kind::Id | Kind::Word | Kind::Choice(_) => "a text",
        Kind::Sql => "an SQL expression between quotes",
        Kind::Character => "one character",
        Kind::Integer(..) => "a whole number",
        Kind::Share | Kind::Positive => "a number",
        Kind::Window => "a list of two whole numbers",
        Kind::Boolean => "true or false",
        Kind::List(..) => "a list",
    }
}

fn out_of_range(report: &mut Report, node: &Node, allowed: &str, hint: &str) {
    report.push(
        Problem::error("out-of-range", format!("`{}` is out of range", node.place.path))
            .at(&node.place)
            .found(shown(node))
            .allowed(allowed)
            .hint(hint),
    );
}

fn not_empty(report: &mut Report, node: &Node, text: &str) {
    if text.trim().is_empty() {
        report.push(
            Problem::error("empty-text", format!("`{}` is empty", node.place.path))
                .at(&node.place)
                .hint("write something, or remove the key if it is optional"),
        );
    }
}

fn character(report: &mut Report, node: &Node, text: &str) {
    let mut characters = text.chars();
    let fits = match (characters.next(), characters.next()) {
        (Some(only), None) => only.is_ascii() && !matches!(only, '"' | '\n' | '\r' | '\0'),
        _ => false,
    };
    if !fits {
        report.push(
            Problem::error("bad-character", format!("`{}` takes one character", node.place.path))
                .at(&node.place)
                .found(shown(node))
                .allowed("one ASCII character, not a quote or a line end")
                .hint(r#"for example ",", ";" or "\t""#),
        );
    }
}

/// Checks a word of a closed list.
pub(super) fn choice(report: &mut Report, node: &Node, options: Options, text: &str) {
    if options.iter().any(|(id, _)| *id == text) {
        return;
    }
    report.push(
        Problem::error("unknown-choice", format!("`{text}` cannot be chosen here"))
            .at(&node.place)
            .found(format!("`{text}`"))
            .allowed(ids(options))
            .hint(did_you_mean(text, options.iter().map(|(id, _)| *id))),
    );
}

/// Checks a text per language.
pub(super) fn languages(report: &mut Report, node: &Node, entries: &[(String, Node)]) {
    if entries.is_empty() {
        not_empty(report, node, "");
    }
    for (language, child) in entries {
        if !LANGUAGES.iter().any(|(code, _)| code == language) {
            report.push(
                Problem::error("unknown-language", format!("`{language}` is not a known language"))
                    .at(child.key.as_ref().unwrap_or(&child.place))
                    .found(format!("`{language}`"))
                    .allowed(ids(LANGUAGES))
                    .hint(did_you_mean(language, LANGUAGES.iter().map(|(code, _)| *code))),
            );
        }
        match child.text() {
            Some(text) => not_empty(report, child, text),
            None => wrong_type(report, child, "a text", "write the text between quotes"),
        }
    }
}

/// Checks an item of a list; whether it is of the right type.
pub(super) fn item(report: &mut Report, node: &Node, item: Item) -> bool {
    match (item, &node.value) {
        (Item::Any, Value::Text(_)) | (Item::Integer, Value::Integer(_)) => true,
        (Item::Word, Value::Text(text)) => {
            not_empty(report, node, text);
            true
        }
        (Item::Choice(options), Value::Text(text)) => {
            choice(report, node, options, text);
            true
        }
        (Item::Integer, _) => {
            wrong_type(report, node, "a whole number", "for example 2006");
            false
        }
        (_, Value::Integer(number)) => {
            wrong_type(report, node, "a text", &format!("write \"{number}\""));
            false
        }
        _ => {
            wrong_type(report, node, "a text", "write it between quotes");
            false
        }
    }
}
