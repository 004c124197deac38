//! No text makes the parser fail in any way but by problems with places inside the text.

use proptest::prelude::*;
use verschil_study::{Protocol, template};

fn answered(text: &str) {
    let problems = match Protocol::parse("protocol.toml", text) {
        Ok((_, warnings)) => warnings,
        Err(problems) => {
            assert!(!problems.is_empty());
            problems
        }
    };
    for problem in problems {
        assert!(!problem.to_string().is_empty());
        if let Some(place) = problem.place {
            assert!(place.line >= 1 && place.column >= 1);
            assert!(place.offset + place.length <= text.len());
        }
    }
}

#[test]
fn nested_tables_do_not_exhaust_the_stack() {
    let dotted = vec!["a"; 79].join(".");
    let mut hostile = String::new();
    for _ in 0..78 {
        hostile.push_str(&dotted);
        hostile.push_str(" = { ");
    }
    for text in [
        hostile.clone(),
        format!("{hostile}a = 1{}", " }".repeat(78)),
        format!("{}= 1", "a.".repeat(100_000)),
        format!("a = {}", "[".repeat(100_000)),
        format!("a = {}", "{a=".repeat(100_000)),
        format!("[{}a]", "a.".repeat(100_000)),
        "[[a]]\n".repeat(50_000),
        "x".repeat(2_000_000),
    ] {
        answered(&text);
    }
}

fn many(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

/// The template with one part of it repeated or replaced a great many times.
fn huge() -> Vec<String> {
    let text = template("study");
    let outcome = "value = 'age'\nkind = 'count'\nbetter = 'lower'\nlabel = 'x'\n";
    let put = |key: &str, list: String| text.replace(key, &list);
    let add = |lines: String| format!("{text}\n{lines}");
    let regions = many(30_000, |n| format!("'r{n}',"));
    let columns = many(40_000, |n| format!("c{n} = 'text'\n")) + "sex = {";
    let condition = many(250, |n| format!("c39{n} < x{n} or "));
    vec![
        many(80_000, |n| format!("a{n} = 1\n")),
        put("transition = []", format!("transition = [{}]", many(90_000, |n| format!("{n},")))),
        put("references = []", format!("references = [{}]", many(70_000, |n| format!("'{n}',")))),
        add(many(25_000, |n| format!("[sources.s{n}]\nfiles = ['a']\n"))),
        add(many(18_000, |n| format!("[sources.s{n}]\nfiles = ['/a.csv']\ncolumns.a = 'text'\n"))),
        put("sex = {", columns.clone()).replace("\"age < 18\"", &format!("'{condition}1'")),
        put("sex = {", columns)
            .replace("\"age\"", &format!("'{}1'", many(400, |n| format!("c39{n} + ")))),
        add(many(20_000, |n| format!("[[outcome]]\nid = 'o{n}'\nvalue = 'agee'\n"))),
        add(many(11_000, |n| format!("[[outcome]]\nid = 'o{n}'\n{outcome}"))),
        add(many(11_000, |_| format!("[[outcome]]\nid = 'o'\n{outcome}"))),
        add("[region.names]\n".to_owned() + &many(25_000, |n| format!("r{n} = {{ en = \"x\" }}\n"))),
        put("[\"North\", \"East\"]", format!("[{regions}]"))
            .replace("main = true", &format!("regions = [{regions}]\nexclude = [{regions}]")),
        add(many(200, |n| {
            format!("[[outcome]]\nid = 'o{n}'\nvalue = '{}'\n", "age +".repeat(790))
        })),
        add(many(250, |n| {
            format!("[[outcome]]\nid = 'o{n}'\nvalue = '{}1'\n", "agee+".repeat(790))
        })),
    ]
}

#[test]
fn huge_protocols_are_answered_soon() {
    for (index, text) in huge().into_iter().enumerate() {
        let started = std::time::Instant::now();
        answered(&text);
        let elapsed = started.elapsed();
        println!("{index}: {elapsed:?} for {} bytes", text.len());
        assert!(elapsed.as_secs() < 20, "{index}: {elapsed:?}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        answered(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_mutation_of_the_template_is_answered(
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..12, "[\\[\\]{}=\"'.,a-z0-9#\n é-]{0,4}"), 1..6)
    ) {
        let mut text: Vec<char> = template("study").chars().collect();
        for (index, cut, insert) in edits {
            let at = index.index(text.len());
            let end = (at + cut).min(text.len());
            text.splice(at..end, insert.chars());
        }
        answered(&text.into_iter().collect::<String>());
    }

    #[test]
    fn any_removed_line_is_answered(index in any::<prop::sample::Index>(), count in 1_usize..4) {
        let text = template("study");
        let lines: Vec<&str> = text.lines().collect();
        let at = index.index(lines.len());
        let kept: Vec<&str> = lines.iter().enumerate()
            .filter(|(line, _)| !(at..at + count).contains(line)).map(|(_, line)| *line).collect();
        answered(&kept.join("\n"));
    }
}
