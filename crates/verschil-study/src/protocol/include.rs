//! Puts the files that a protocol includes together with it: tables merge, lists of tables grow.

use super::node::{Node, Value, join};
use super::read;
use super::report::Report;
use super::texts::{Loader, Texts, beside, load};
use crate::problem::{Place, Problem};

/// Reads every included file and merges it into `root`; whether all of them could be read.
pub(crate) fn merge(
    report: &mut Report,
    texts: &mut Texts,
    loader: Option<Loader<'_>>,
    root: &mut Node,
) -> bool {
    let include = root.child("study").and_then(|study| study.child("include"));
    let items: Vec<(String, Place)> = include
        .map_or(&[][..], Node::list)
        .iter()
        .filter_map(|item| Some((item.text()?.to_owned(), item.place.clone())))
        .filter(|(file, _)| !file.trim().is_empty())
        .collect();
    let mut all = true;
    let mut read_before: Vec<String> = Vec::new();
    for (file, place) in items {
        // a file that is named twice is a problem of the list, told with its shape
        if read_before.contains(&file) {
            continue;
        }
        match document(report, texts, loader, &place, &file) {
            Some(node) => tables(report, root, node),
            None => all = false,
        }
        read_before.push(file);
    }
    all
}

/// One included file as a tree without `study.include`.
fn document(
    report: &mut Report,
    texts: &mut Texts,
    loader: Option<Loader<'_>>,
    place: &Place,
    file: &str,
) -> Option<Node> {
    let text = load(report, loader, place, file)?;
    let name = beside(report.file(), file);
    report.also(&name);
    let root = read::document(report, &name, &text);
    texts.add(name, text);
    let mut root = root?;
    let Value::Table(entries) = &mut root.value else {
        return Some(root);
    };
    for (_, section) in entries.iter_mut().filter(|(name, _)| name == "study") {
        let Value::Table(entries) = &mut section.value else { continue };
        entries.retain(|(name, node)| {
            if name == "include" {
                report.push(
                    Problem::error("nested-include", "an included file cannot include others")
                        .at(node.key.as_ref().unwrap_or(&node.place))
                        .hint(format!("name them all under [study] of {}", report.file())),
                );
            }
            name != "include"
        });
    }
    Some(root)
}

/// Merges the entries of one table into another.
fn tables(report: &mut Report, into: &mut Node, from: Node) {
    let path = into.place.path.clone();
    let (Value::Table(entries), Value::Table(more)) = (&mut into.value, from.value) else {
        return;
    };
    for (name, node) in more {
        match entries.iter_mut().find(|(known, _)| *known == name) {
            None => entries.push((name, node)),
            Some((_, known)) => both(report, known, node, &join(&path, &name)),
        }
    }
}

/// Merges two values of the same key, when they are of a kind that merges.
fn both(report: &mut Report, known: &mut Node, node: Node, path: &str) {
    let lists = is_tables(known) && is_tables(&node);
    match (&mut known.value, node.value) {
        (Value::List(items), Value::List(more)) if lists => {
            for item in more {
                let from = item.place.path.clone();
                let to = format!("{path}[{}]", items.len());
                items.push(item.moved(&from, &to));
            }
        }
        (Value::Table(_), value @ Value::Table(_)) => {
            tables(report, known, Node { place: node.place, key: node.key, value });
        }
        _ => {
            let file = if known.place.file.is_empty() { report.file() } else { &known.place.file };
            let found = format!("the first is in {file}, line {}", known.place.line);
            report.push(
                Problem::error("key-twice", format!("`{path}` stands in two files"))
                    .at(node.key.as_ref().unwrap_or(&node.place))
                    .found(found)
                    .allowed("tables and lists of tables merge; every other key stands once")
                    .hint("remove one of the two"),
            );
        }
    }
}

fn is_tables(node: &Node) -> bool {
    !node.list().is_empty() && node.list().iter().all(|item| matches!(item.value, Value::Table(_)))
}
