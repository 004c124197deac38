//! Protocols that must parse.

use verschil_study::{Format, Protocol, template};

fn show<T: std::fmt::Display>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join("\n")
}

fn parse(text: &str) -> Protocol {
    match Protocol::parse("protocol.toml", text) {
        Ok((protocol, warnings)) => {
            assert!(warnings.is_empty(), "{}", show(&warnings));
            protocol
        }
        Err(problems) => panic!("{}", show(&problems)),
    }
}

const CASTLE: &str = include_str!("good/castle.toml");

#[test]
fn castle_parses_with_every_default_filled_in() {
    let protocol = parse(CASTLE);
    assert_eq!(protocol.study.id, "castle");
    let source = &protocol.sources[0];
    assert_eq!((source.format, source.separator, source.decimal), (Format::Csv, ',', '.'));
    assert_eq!(source.columns[0].name, "state");
    assert_eq!(source.columns[6].from, "effective year");
    assert_eq!(source.missing, [""]);
    assert_eq!(
        protocol.population.exclusions[0].condition.sql,
        r#"("effyear" IS NOT NULL) AND ("effyear" <> 2006)"#
    );
    assert_eq!(protocol.region.plural.get("nl"), "staten");
    assert_eq!(protocol.outcomes[0].phrase, protocol.outcomes[0].label);
    assert_eq!(protocol.outcomes[0].decimals, 3);
    assert_eq!(protocol.analysis.methods.len(), 10);
    assert_eq!(protocol.analysis.headline, "cr3");
    assert_eq!(protocol.analysis.wild_draws, 9999);
    assert!(protocol.analysis.event_study && protocol.analysis.per_period);
    assert_eq!(protocol.main_comparison().id, "never");
    assert_eq!(protocol.treatment.region_places.len(), 2);
    insta::assert_snapshot!(protocol.canonical_json());
}

#[test]
fn the_template_parses_without_problems() {
    assert_eq!(parse(&template("my_study")).study.id, "my_study");
    assert_eq!(parse(&template("2 Wörds")).study.id, "x_2_w_rds");
}

#[test]
fn without_comparison_every_untreated_region_is_one() {
    let start = CASTLE.find("[[comparison]]").unwrap();
    let end = CASTLE.find("[trend_rule]").unwrap();
    let protocol = parse(&format!("{}{}", &CASTLE[..start], &CASTLE[end..]));
    let main = protocol.main_comparison();
    assert_eq!((main.id.as_str(), main.regions.as_ref()), ("all", None));
    assert!(main.main);
}

#[test]
fn expressions_know_their_place() {
    let protocol = parse(CASTLE);
    let place = &protocol.outcomes[0].value.place;
    assert_eq!(place.path, "outcome[0].value");
    assert_eq!(&CASTLE[place.offset..place.offset + place.length], "\"l_homicide\"");
    let line = CASTLE.lines().nth(place.line - 1).unwrap();
    assert_eq!(line.find("\"l_homicide\"").unwrap() + 1, place.column);
}
