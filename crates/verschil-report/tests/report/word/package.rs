//! A Word document, opened as an archive of XML; and the page as lines, to compare it with.

use std::io::{Cursor, Read};

use roxmltree::{Document, Node};
use zip::ZipArchive;

/// The files of a document, in their order.
pub struct Package {
    raw: Vec<u8>,
    files: Vec<(String, Vec<u8>, u16)>,
}

impl Package {
    pub fn read(raw: Vec<u8>) -> Self {
        let mut archive = ZipArchive::new(Cursor::new(raw.as_slice())).unwrap();
        let mut files = Vec::new();
        for at in 0..archive.len() {
            let mut file = archive.by_index(at).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            let year = file.last_modified().unwrap().year();
            files.push((file.name().to_owned(), bytes, year));
        }
        assert_eq!(files[0].0, "[Content_Types].xml");
        drop(archive);
        Self { raw, files }
    }

    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|(name, ..)| name.as_str())
    }

    pub fn times(&self) -> impl Iterator<Item = u16> {
        self.files.iter().map(|(_, _, year)| *year)
    }

    pub fn holds(&self, name: &str) -> bool {
        self.names().any(|one| one == name)
    }

    pub fn bytes(&self, name: &str) -> &[u8] {
        let found = self.files.iter().find(|(one, ..)| one == name);
        &found.unwrap_or_else(|| panic!("no part {name}")).1
    }

    pub fn part(&self, name: &str) -> Document<'_> {
        let text = std::str::from_utf8(self.bytes(name)).unwrap();
        Document::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Every part of XML.
    pub fn each_part(&self, check: impl Fn(&str, Document<'_>)) {
        for name in self.names().filter(|name| !name.ends_with(".png")) {
            check(name, self.part(name));
        }
    }
}

pub fn is(node: Node, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

/// The elements of that name inside a node.
pub fn inside<'a, 'b>(
    node: Node<'a, 'b>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'b>> {
    node.descendants().filter(move |one| is(*one, name))
}

pub fn attribute(node: Node, name: &str) -> String {
    let found = node.attributes().find(|attribute| attribute.name() == name);
    found.unwrap_or_else(|| panic!("{node:?} has no {name}")).value().to_owned()
}

/// The style that a paragraph or table names; nothing for other elements.
pub fn style(node: Node) -> String {
    let properties = node.children().find(|one| is(*one, "pPr") || is(*one, "tblPr"));
    let style = properties.and_then(|properties| {
        properties.children().find(|one| is(*one, "pStyle") || is(*one, "tblStyle"))
    });
    style.map_or_else(String::new, |style| attribute(style, "val"))
}

/// The text of every paragraph.
pub fn paragraphs(part: &Document) -> Vec<String> {
    let text = |paragraph: Node| -> String {
        let pieces = paragraph.descendants().filter_map(|node| match node.tag_name().name() {
            "t" => node.text(),
            "br" | "tab" if node.parent().is_some_and(|parent| is(parent, "r")) => Some(" "),
            "noBreakHyphen" => Some("-"),
            _ => None,
        });
        pieces.collect()
    };
    part.descendants().filter(|node| is(*node, "p")).map(text).collect()
}

/// Words without marks of where they may break, one space between them.
pub fn normal(text: &str) -> String {
    let text = text.replace('\u{ad}', "").replace('\u{2011}', "-");
    let shown: String = text.chars().filter(|c| c.is_whitespace() || !c.is_control()).collect();
    shown
        .chars()
        .filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}'))
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// What a page says on paper, one line for each block: without drawings, the data of figures that
/// open on demand, what only repeats, and the way from part to part.
pub fn lines_of_page(page: &str) -> Vec<String> {
    let mut text = page.split_once("<header>").unwrap().1.to_owned();
    let contents = text.find("<nav class=\"contents\"").unwrap();
    let main = text.find("<main").unwrap();
    text.replace_range(contents..main, "");
    for (from, to) in [
        ("<svg", "</svg>"),
        ("<details class=\"\">", "</details>"),
        ("<details class=\"needed\"><summary>", "</summary>"),
        ("<details class=\"folded screen\">", "</details>"),
        ("<nav class=\"steps\"", "</nav>"),
    ] {
        while let Some(start) = text.find(from) {
            let end = start + text[start..].find(to).unwrap() + to.len();
            text.replace_range(start..end, "\n");
        }
    }
    let mut lines = String::new();
    for piece in text.split('<') {
        let (tag, words) = piece.split_once('>').unwrap_or(("", piece));
        let name = tag.trim_start_matches('/').split(' ').next().unwrap();
        if !["strong", "span", "code", "a"].contains(&name) {
            lines.push('\n');
        }
        lines.push_str(words);
    }
    let plain = |line: &str| {
        let line = line.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
        normal(&line.replace("&amp;", "&"))
    };
    lines.lines().map(plain).filter(|line| !line.is_empty()).collect()
}
