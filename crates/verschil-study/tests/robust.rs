//! No text makes the parser fail in any way but by problems with places inside the text.

use proptest::prelude::*;
use verschil_study::{Problem, Protocol, template};

fn answered(text: &str) {
    let problems = match Protocol::parse("protocol.toml", text) {
        Ok((_, warnings)) => warnings,
        Err(problems) => {
            assert!(!problems.is_empty());
            problems
        }
    };
    for problem in problems {
        inside(&problem, text);
    }
}

fn inside(problem: &Problem, text: &str) {
    assert!(!problem.to_string().is_empty());
    if let Some(place) = &problem.place {
        assert!(place.line >= 1 && place.column >= 1);
        assert!(text.is_char_boundary(place.offset), "{problem}");
        assert!(text.is_char_boundary(place.offset + place.length), "{problem}");
    }
}

const OUTCOMES: &str = include_str!("files/outcomes.toml");
const PLACES: &str = include_str!("files/codelists/places.csv");
const SECTIONS: &str = include_str!("files/codelists/sections.csv");

/// The maternity protocol with these outcomes and this list of codes.
fn answered_with(protocol: &str, outcomes: &str, places: &str) {
    let load = |name: &str| match name {
        "outcomes.toml" => Ok(outcomes.to_owned()),
        "codelists/places.csv" => Ok(places.to_owned()),
        "codelists/sections.csv" => Ok(SECTIONS.to_owned()),
        _ => Err(std::io::ErrorKind::NotFound.into()),
    };
    let problems = match Protocol::parse_with("protocol.toml", protocol, &load) {
        Ok((protocol, warnings)) => {
            assert_eq!(protocol.hash().len(), 64);
            warnings
        }
        Err(problems) => {
            assert!(!problems.is_empty());
            problems
        }
    };
    for problem in problems {
        let text = match problem.file.as_str() {
            "outcomes.toml" => outcomes,
            "codelists/places.csv" => places.strip_prefix('\u{feff}').unwrap_or(places),
            "codelists/sections.csv" => SECTIONS,
            _ => protocol,
        };
        inside(&problem, text);
    }
}

/// A text with some of its characters replaced.
fn edited(text: &str, edits: Vec<(prop::sample::Index, usize, String)>) -> String {
    let mut text: Vec<char> = text.chars().collect();
    for (index, cut, insert) in edits {
        let at = index.index(text.len().max(1)).min(text.len());
        let end = (at + cut).min(text.len());
        text.splice(at..end, insert.chars());
    }
    text.into_iter().collect()
}

#[test]
fn huge_lists_of_codes_are_answered_soon() {
    let protocol = include_str!("good/maternity.toml");
    let header = "code,nl,en,valid_from,valid_to\n";
    let uses = many(1_000, |n| {
        format!(
            "[[outcome]]\nid = 'x{n}'\nkind = 'binary'\nbetter = 'lower'\nlabel = 'x'\ndomain = 'use'\nvalue = \"in_list(place, 'home_places')\"\n"
        )
    });
    let cases = [
        (OUTCOMES.to_owned(), many(40_000, |n| format!("c{n},,,,\n"))),
        (OUTCOMES.to_owned(), many(40_000, |n| format!("c,,,{n},{n}\n"))),
        (OUTCOMES.to_owned(), many(40_000, |_| "c,,,,\n".to_owned())),
        (OUTCOMES.to_owned(), many(40_000, |_| "c,,,x,\n".to_owned())),
        (OUTCOMES.to_owned(), "\n".repeat(1_000_000)),
        (OUTCOMES.to_owned(), ",".repeat(1_000_000)),
        (OUTCOMES.to_owned(), "\"".repeat(999_999)),
        (format!("{uses}{OUTCOMES}"), many(20_000, |n| format!("c{n},,,,\n"))),
    ];
    for (outcomes, rows) in cases {
        answered_with(protocol, &outcomes, &format!("{header}{rows}"));
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
        add(many(9_000, |n| {
            format!(
                "[[population.link]]\nid = 'l{n}'\nlabel = 'x'\nsource = 'persons'\non.a = 'l{}.a'\n",
                n / 2
            )
        })),
        add(many(9_000, |n| {
            format!(
                "[[population.link]]\nid = 'l{n}'\nlabel = 'x'\nsource = 'linked'\non.a = 'age'\nsums.b = 'a'\n"
            )
        }) + "[sources.linked]\nfiles = ['a.csv']\ncolumns.a = 'integer'\n"),
        add(many(200, |n| {
            format!("[[outcome]]\nid = 'o{n}'\nvalue = '{}'\n", "age +".repeat(790))
        })),
        add(many(250, |n| {
            format!("[[outcome]]\nid = 'o{n}'\nvalue = '{}1'\n", "agee+".repeat(790))
        })),
    ]
}

/// What grew faster than its input would never end.
#[test]
fn huge_protocols_are_answered() {
    for text in huge() {
        answered(&text);
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
    fn any_mutation_of_the_maternity_files_is_answered(
        protocol in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..12, "[\\[\\]{}=\"'.,a-z0-9#\n -]{0,4}"), 0..4),
        outcomes in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..12, "[\\[\\]{}=\"'.,a-z0-9#\n -]{0,4}"), 0..4),
        places in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..12, "[\",;a-z0-9é\r\n -]{0,4}"), 0..4),
    ) {
        answered_with(
            &edited(include_str!("good/maternity.toml"), protocol),
            &edited(OUTCOMES, outcomes),
            &edited(PLACES, places),
        );
    }

    #[test]
    fn any_list_of_codes_is_answered(places in "[\",;a-z0-9é\r\n\u{feff} -]{0,200}") {
        answered_with(include_str!("good/maternity.toml"), OUTCOMES, &places);
        let header = format!("code,nl,en,valid_from,valid_to\n{places}");
        answered_with(include_str!("good/maternity.toml"), OUTCOMES, &header);
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
