//! A protocol with everything: links, register, matching, codes, definitions, included outcomes.

use std::io;
use std::path::Path;

use verschil_study::{
    ColumnKind, Distance, MatchMethod, Outcome, Problem, Protocol, Several, Statistic,
};

const MATERNITY: &str = include_str!("good/maternity.toml");

fn file(name: &str) -> io::Result<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files");
    std::fs::read_to_string(folder.join(name))
}

fn parse_from(text: &str, load: &dyn Fn(&str) -> io::Result<String>) -> Protocol {
    match Protocol::parse_with("study/protocol.toml", text, load) {
        Ok((protocol, warnings)) => {
            assert!(warnings.is_empty(), "{warnings:#?}");
            protocol
        }
        Err(problems) => panic!("{problems:#?}"),
    }
}

fn parse(text: &str) -> Protocol {
    parse_from(text, &file)
}

/// Problems when this file has another text.
fn problems(other: &str, text: &str) -> Vec<Problem> {
    let load = |name: &str| if name == other { Ok(text.to_owned()) } else { file(name) };
    Protocol::parse_with("study/protocol.toml", MATERNITY, &load).expect_err("no problem")
}

fn outcome<'p>(protocol: &'p Protocol, id: &str) -> &'p Outcome {
    protocol.outcomes.iter().find(|outcome| outcome.id == id).expect("outcome")
}

fn changed(from: &str, to: &str) -> String {
    assert!(MATERNITY.contains(from), "{from}");
    MATERNITY.replacen(from, to, 1)
}

#[test]
fn links_and_keys_are_read() {
    let protocol = parse(MATERNITY);
    assert!(protocol.study.synthetic);
    let key = &protocol.sources[0].keys[0];
    assert_eq!((key.name.as_str(), key.kind.as_deref()), ("mother", Some("rinpersoons_moeder")));
    assert_eq!((key.valid.as_slice(), key.digits, key.pad), (&["R".to_owned()][..], 9, false));
    assert!(protocol.sources[2].keys[0].pad);
    let links = &protocol.population.links;
    let ids: Vec<&str> = links.iter().map(|link| link.id.as_str()).collect();
    assert_eq!(ids, ["person", "baseline", "trajectory", "claims"]);
    assert_eq!(links[0].on[0].0, "person");
    assert_eq!(links[0].on[0].1.sql, r#""mother""#);
    assert_eq!(links[1].on[1].1.sql, "2016");
    assert_eq!((links[0].several, links[2].several), (Several::Unlinked, Several::Refuse));
    assert_eq!(links[3].on[0].1.sql, r#""trajectory"."trajectid""#);
    let trajectory = ("trajectory".to_owned(), "trajectid".to_owned());
    assert_eq!(links[3].on[0].1.qualified, [trajectory]);
    assert_eq!(links[3].condition.as_ref().unwrap().columns, ["ib_indeling", "trajectid"]);
    assert_eq!(links[3].sums[0].0, "spending_cents");
    assert_eq!(protocol.population.exclusions[1].condition.sql, r#"NOT "person"."linked""#);
}

#[test]
fn weights_of_the_linked_are_read_with_every_default_filled_in() {
    assert_eq!(parse(MATERNITY).linkage_weights, None);
    let with = |rest: &str| {
        let text = changed("[treatment]", &format!("[linkage_weights]\n{rest}\n[treatment]"));
        parse(&text).linkage_weights.expect("weights")
    };
    let plain = with(r#"links = ["person"]"#);
    assert_eq!(plain.links, ["person"]);
    assert_eq!(plain.by, ["period", "vintage", "academic"]);
    assert_eq!((plain.min_stratum, plain.max_weight), (50, None));
    let all = r#"by = ["academic", "region"]
        min_stratum = 10
        max_weight = 2.5
        links = ["person"]"#;
    let all = with(all);
    assert_eq!(all.by, ["academic", "region"]);
    assert_eq!((all.min_stratum, all.max_weight), (10, Some(2.5)));
}

#[test]
fn the_register_and_matching_are_read() {
    let protocol = parse(MATERNITY);
    let register = protocol.region.register.as_ref().unwrap();
    assert_eq!(register.file, "regions.csv");
    assert_eq!(register.columns[2], ("igo_from".to_owned(), ColumnKind::Integer));
    let condition = protocol.treatment.condition.as_ref().unwrap();
    assert_eq!(condition.sql, r#""register"."igo_from" = 2017"#);
    assert_eq!(protocol.subgroups[1].value.sql, r#""register"."academic""#);
    let statistics: Vec<Statistic> =
        protocol.characteristics.iter().map(|item| item.statistic).collect();
    assert_eq!(statistics, [Statistic::Total, Statistic::Mean, Statistic::Mean]);
    assert_eq!(protocol.characteristics[0].decimals, 0);
    let main = protocol.main_comparison().matching.as_ref().unwrap();
    assert_eq!((main.controls, main.per_treated, main.window), (Some(20), None, (2013, 2016)));
    assert_eq!((main.distance, main.method), (Distance::Mahalanobis, MatchMethod::Nearest));
    assert_eq!((main.replacement, main.caliper), (false, None));
    let second = protocol.comparisons[1].matching.as_ref().unwrap();
    assert_eq!((second.per_treated, second.caliper), (Some(3), Some(2.5)));
    assert_eq!((second.distance, second.method), (Distance::Euclidean, MatchMethod::Optimal));
    assert!(protocol.comparisons[2].matching.is_none());
}

#[test]
fn the_chosen_definition_stands_in_the_place_of_the_own_one() {
    let protocol = parse(MATERNITY);
    let chosen = outcome(&protocol, "u03");
    assert_eq!(chosen.definition.as_deref(), Some("started_pregnancy"));
    assert_eq!(chosen.value.sql, r#""overdracht" = 2"#);
    assert_eq!(chosen.among.as_ref().unwrap().sql, r#""start_zorg" = 1"#);
    assert_eq!(chosen.alternatives.len(), 2);
    assert_eq!(outcome(&protocol, "u12").definition, None);
    let outcomes = file("outcomes.toml").unwrap();
    let other = outcomes.replace(r#"u03 = "started_pregnancy""#, r#"u03 = "any_transfer""#);
    assert_ne!(outcomes, other);
    let load = |name: &str| if name == "outcomes.toml" { Ok(other.clone()) } else { file(name) };
    let protocol = parse_from(MATERNITY, &load);
    let chosen = outcome(&protocol, "u03");
    assert_eq!(chosen.value.sql, r#""overdracht" IN (1, 2, 3)"#);
    assert_eq!(chosen.among.as_ref().unwrap().sql, r#""start_baring" = 1"#);
    assert_eq!(protocol.identities[0].holds.sql, r#""u12" = ("u13" + "u14")"#);
    assert_eq!(protocol.identities[0].holds.columns, ["u12", "u13", "u14"]);
}

#[test]
fn codes_are_written_out_with_their_validity() {
    let protocol = parse(MATERNITY);
    let list = &protocol.codelists[0];
    assert_eq!(list.codes.len(), 4);
    assert_eq!(list.codes[2].label.get("nl"), "geboortehuis, buiten het ziekenhuis");
    assert_eq!((list.codes[1].valid_from, list.codes[1].valid_to), (None, Some(2015)));
    assert_eq!(list.sha256.len(), 64);
    let sections = r#""type_partus" IN ('200148001', '200149009')"#;
    assert_eq!(outcome(&protocol, "u12").value.sql, sections);
    assert_eq!(
        outcome(&protocol, "u05").value.sql,
        concat!(
            r#"(("place" IN ('1')) OR (("place" IN ('2')) AND ("jaar" <= 2015)) OR "#,
            r#"(("place" IN ('3')) AND ("jaar" BETWEEN 2012 AND 2019)) OR "#,
            r#"(("place" IN ('2')) AND ("jaar" >= 2016))) AND ("place" = '1')"#,
        )
    );
}

#[test]
fn the_canonical_text_covers_everything() {
    insta::assert_snapshot!(parse(MATERNITY).canonical_json());
}

#[test]
fn a_place_names_the_file_in_which_it_stands() {
    let protocol = parse(MATERNITY);
    let outcomes = file("outcomes.toml").unwrap();
    let value = &outcome(&protocol, "s22").value;
    let place = &value.place;
    assert_eq!(place.file, "study/outcomes.toml");
    assert_eq!(place.path, "outcome[5].value");
    let written = &outcomes[place.offset..place.offset + place.length];
    assert_eq!(written.trim_matches('"'), value.text);
    assert_eq!(protocol.region.value.place.file, "");
    let late = Problem::error("x", "x").at(place).in_file("study/protocol.toml");
    assert_eq!(late.file, "study/outcomes.toml");
    let late = Problem::error("x", "x").at(&protocol.region.value.place).in_file("a.toml");
    assert_eq!(late.file, "a.toml");
}

#[test]
fn a_fault_in_an_included_expression_is_pointed_at() {
    let text = file("outcomes.toml").unwrap().replace("overdracht = 2", "overdrahct = 2");
    let found = problems("outcomes.toml", &text);
    let [problem] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!(
        (problem.code.as_str(), problem.file.as_str()),
        ("unknown-column", "study/outcomes.toml")
    );
    let place = problem.place.as_ref().unwrap();
    assert_eq!(&text[place.offset..place.offset + place.length], "overdrahct");
    assert_eq!(problem.hint, "did you mean `overdracht`?");
}

#[test]
fn a_fault_in_a_list_of_codes_is_pointed_at() {
    let text = file("codelists/places.csv").unwrap() + "3,nog een,another,2019,\n";
    let found = problems("codelists/places.csv", &text);
    let [problem] = found.as_slice() else { panic!("{found:#?}") };
    assert_eq!(problem.code, "overlapping-validity");
    assert_eq!(problem.file, "study/codelists/places.csv");
    let place = problem.place.as_ref().unwrap();
    assert_eq!(&text[place.offset..place.offset + place.length], "3,nog een,another,2019,");
    assert_eq!(place.line, 6);
}

#[test]
fn a_text_by_itself_names_no_other_files() {
    let found = Protocol::parse("protocol.toml", MATERNITY).unwrap_err();
    assert_eq!(found[0].code, "no-other-files");
    let include = r#"include = ["outcomes.toml"]"#;
    let whole = changed(include, "") + &file("outcomes.toml").unwrap();
    let found = Protocol::parse("protocol.toml", &whole).unwrap_err();
    let places: Vec<&str> =
        found.iter().filter_map(|problem| Some(problem.place.as_ref()?.path.as_str())).collect();
    assert_eq!(places[..2], ["codelists.home_places.file", "codelists.sections.file"]);
}

#[test]
fn the_hash_follows_the_meaning_of_all_files() {
    let plain = parse(MATERNITY).hash();
    let include = r#"include = ["outcomes.toml"]"#;
    let outcomes = file("outcomes.toml").unwrap();
    let whole = changed(include, "") + &outcomes;
    assert_eq!(parse(&whole).hash(), plain, "one file or two");
    let swapped = changed(
        "on = { person = \"mother\", jaar = \"jaar\" }",
        "on = { JAAR = \"Jaar\", person = \"mother\" }",
    );
    assert_eq!(parse(&swapped).hash(), plain, "order and case under `on`");
    let places = file("codelists/places.csv").unwrap();
    let mut lines: Vec<&str> = places.lines().collect();
    lines[1..].reverse();
    let with = |text: String| {
        let load = move |name: &str| {
            if name == "codelists/places.csv" { Ok(text.clone()) } else { file(name) }
        };
        parse_from(MATERNITY, &load).hash()
    };
    assert_eq!(with(lines.join("\r\n")), plain, "order and ends of lines of a list");
    let mut seen = std::collections::BTreeSet::from([plain]);
    for (from, to) in [("2012", "2013"), ("home", "at home"), ("\n3,", "\n4,")] {
        assert!(seen.insert(with(places.replacen(from, to, 1))), "{to}");
    }
    for (from, to) in CHANGES {
        assert!(seen.insert(parse(&changed(from, to)).hash()), "{to}");
    }
    for (from, to) in [
        ("u12 = u13 + u14", "u12 = u14 + u13"),
        ("u03 = \"started_pregnancy\"\n", ""),
        ("overdracht IN (1, 2, 3)", "overdracht > 0"),
    ] {
        assert!(outcomes.contains(from), "{from}");
        let text = outcomes.replacen(from, to, 1);
        let load = |name: &str| if name == "outcomes.toml" { Ok(text.clone()) } else { file(name) };
        assert!(seen.insert(parse_from(MATERNITY, &load).hash()), "{to}");
    }
}

/// Changes of the protocol, each of which means something else.
const CHANGES: &[(&str, &str)] = &[
    ("synthetic = true\n", ""),
    ("valid = [\"R\"]", "valid = [\"R\", \"F\"]"),
    ("digits = 9", "digits = 8"),
    ("pad = true\n", ""),
    ("en = \"persons\"", "en = \"people\""),
    ("jaar = \"2016\"", "jaar = \"2015\""),
    ("several = \"refuse\"\n", ""),
    ("trajectid IS NOT NULL", "trajectid <> ''"),
    ("spending_cents = \"bedrag_cents\"", "spending_cents = \"bedrag_cents + 1\""),
    ("NOT person.linked", "NOT baseline.linked"),
    ("value = \"vintage\"", "value = \"omv\""),
    ("regions.csv", "regions2.csv"),
    ("nicu = \"boolean\", igo_from = \"integer\"", "nicu = \"boolean\", igo_from = \"number\""),
    ("statistic = \"mean\"", "statistic = \"total\""),
    ("person.kwetsbaar", "1 - person.kwetsbaar"),
    ("decimals = 2", "decimals = 3"),
    ("window = [2013, 2016]", "window = [2012, 2016]"),
    ("controls = 20", "controls = 21"),
    ("controls = 20", "per_treated = 20"),
    ("controls = 20", "controls = 20\nexact = [\"vulnerable\"]"),
    ("controls = 20", "controls = 20\nreplacement = true"),
    ("method = \"optimal\"", "method = \"nearest\""),
    ("caliper = 2.5", "caliper = 2.25"),
    ("distance = \"euclidean\"", "distance = \"mahalanobis\""),
];

#[test]
fn levels_are_named_by_the_latest_description_or_by_hand() {
    let subgroup = "value = \"register.academic\"\n";
    let levels = "levels = { \"1\" = { nl = \"in huis\", en = \"in the house\" } }\n";
    let text = changed(subgroup, &format!("{subgroup}codelist = \"home_places\"\n{levels}"));
    let protocol = parse(&text);
    let subgroup = &protocol.subgroups[1];
    let named = protocol.labels_of_levels(subgroup.codelist.as_deref(), &subgroup.levels);
    let of = |level: &str, language: &str| named[level].get(language).to_owned();
    assert_eq!((of("1", "nl"), of("1", "en")), ("in huis".into(), "in the house".into()));
    assert_eq!(of("2", "en"), "birth house, outside the hospital");
    assert_eq!(of("3", "nl"), "polikliniek");
    assert!(protocol.labels_of_levels(None, &subgroup.levels).len() == 1);
    assert_ne!(protocol.hash(), parse(MATERNITY).hash());
}

#[test]
fn codes_without_a_description_are_told_where_they_name_levels() {
    let subgroup = "value = \"register.academic\"\n";
    let text = changed(subgroup, &format!("{subgroup}codelist = \"home_places\"\n"));
    let list = "code,nl,en\n1,thuis,home\n2,geboortecentrum,\n3,,\n";
    let load = |name: &str| match name {
        "codelists/places.csv" => Ok(list.to_owned()),
        other => file(other),
    };
    let (_, warnings) = Protocol::parse_with("study/protocol.toml", &text, &load).expect("parses");
    let [problem] = &warnings[..] else { panic!("{warnings:#?}") };
    assert_eq!((problem.code.as_str(), problem.found.as_str()), ("undescribed-level", "2, 3"));
    assert_eq!(problem.place.as_ref().expect("place").path, "subgroup[1].codelist");
}
