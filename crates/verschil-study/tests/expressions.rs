//! Expressions: what is allowed, in which canonical spelling, and that nothing hostile harms.

use proptest::prelude::*;
use verschil_study::Expression;
use verschil_study::expression::{CodeList, Columns};

fn columns() -> Columns {
    let names = ["state", "year", "Age", "age group", "a\"b", "end", "d"];
    Columns::new(names.map(str::to_owned))
}

/// The same columns with tables beside them and lists of codes.
fn with_tables() -> Columns {
    let code = |code: &str, from: Option<i64>, to: Option<i64>| (code.to_owned(), (from, to));
    let places = vec![
        code("2", None, Some(2015)),
        code("1", None, None),
        code("it's", Some(-5), None),
        code("2", Some(2016), Some(2017)),
    ];
    let always = vec![code("b", None, None), code("a", None, None)];
    let lists = vec![CodeList::new("places", &places), CodeList::new("always", &always)];
    let mut columns = columns().with_lists(lists.into());
    let person = Columns::new(["birth year", "Home", "end", "linked"].map(str::to_owned));
    columns.add_table("person", Some(&person), "declare it");
    columns.add_table("unknown", None, "");
    columns
}

/// A text with tables and lists of codes, and its canonical spelling.
const TABLE_SPELLINGS: &[(&str, &str)] = &[
    ("person.home", r#""person"."Home""#),
    ("PERSON.\"birth year\" + 1", r#""person"."birth year" + 1"#),
    ("not \"person\".linked", r#"NOT "person"."linked""#),
    ("person.end = 1", r#""person"."end" = 1"#),
    ("unknown.anything", r#""unknown"."anything""#),
    ("in_list(state, 'always')", r#""state" IN ('a', 'b')"#),
    ("IN_LIST(year + 1, 'always', year)", r#"("year" + 1) IN ('a', 'b')"#),
    ("in_list(state, 'places')", r#""state" IN ('1', '2', 'it''s')"#),
    ("not in_list(person.home, 'always')", r#"NOT ("person"."Home" IN ('a', 'b'))"#),
    (
        "in_list(state, 'places', year) or person.linked",
        concat!(
            r#"("state" IN ('1')) OR (("state" IN ('2')) AND ("year" <= 2015)) OR "#,
            r#"(("state" IN ('it''s')) AND ("year" >= (-5))) OR "#,
            r#"(("state" IN ('2')) AND ("year" BETWEEN 2016 AND 2017)) OR "person"."linked""#,
        ),
    ),
    (
        "in_list(state, 'places', year - 1)",
        concat!(
            r#"("state" IN ('1')) OR (("state" IN ('2')) AND (("year" - 1) <= 2015)) OR "#,
            r#"(("state" IN ('it''s')) AND (("year" - 1) >= (-5))) OR "#,
            r#"(("state" IN ('2')) AND (("year" - 1) BETWEEN 2016 AND 2017))"#,
        ),
    ),
];

#[test]
fn names_with_tables_and_lists_have_one_spelling() {
    for &(text, sql) in TABLE_SPELLINGS {
        for text in [text, sql] {
            match Expression::check(text, &with_tables()) {
                Ok(expression) => assert_eq!(expression.sql, sql, "{text}"),
                Err(faults) => panic!("{text}: {faults:#?}"),
            }
        }
        assert!(Expression::check(text, &columns()).is_err(), "{text}");
    }
    let used = Expression::check("person.home = state or person.linked", &with_tables()).unwrap();
    let pair = |name: &str| ("person".to_owned(), name.to_owned());
    assert_eq!(used.columns, ["state"]);
    assert_eq!(used.qualified, [pair("Home"), pair("linked")]);
}

/// Texts that no expression may be, whatever tables and lists there are.
const REFUSED_WITH_TABLES: &[(&str, &str)] = &[
    ("persons.home", "unknown-table"),
    ("person.hom", "unknown-column"),
    ("home", "unknown-column"),
    ("person", "unknown-column"),
    ("main.person.home", "expression-not-allowed"),
    ("person.*", "expression-qualified"),
    ("person..home", "expression-qualified"),
    (".home", "expression-qualified"),
    ("person.", "expression-qualified"),
    ("(person).home", "expression-qualified"),
    ("person.home[1]", "expression-not-allowed"),
    ("person.abs(year)", "expression-not-allowed"),
    ("person.in_list(state, 'places')", "expression-not-allowed"),
    ("in_list(state)", "argument-count"),
    ("in_list(state, 'places', year, 1)", "argument-count"),
    ("in_list(state, 'place')", "unknown-codelist"),
    ("in_list(state, places)", "unknown-codelist"),
    ("in_list(state, lower('PLACES'))", "unknown-codelist"),
    ("in_list(state, 'places') over ()", "expression-not-allowed"),
    ("in_list(distinct state, 'places')", "expression-not-allowed"),
    ("in_list(code => state, 'places')", "expression-not-allowed"),
    ("\"in_list\"(state, 'places')", "unknown-function"),
    ("in_lst(state, 'places')", "unknown-function"),
    ("in_list((select 1), 'places')", "expression-not-allowed"),
];

#[test]
fn tables_and_lists_open_no_other_door() {
    for &(text, code) in REFUSED_WITH_TABLES {
        match Expression::check(text, &with_tables()) {
            Ok(expression) => panic!("{text} is allowed: {}", expression.sql),
            Err(faults) => {
                assert!(faults.iter().any(|fault| fault.code == code), "{text}: {faults:#?}");
            }
        }
    }
    for text in REFUSED.iter().filter(|text| **text != "state.*") {
        assert!(Expression::check(text, &with_tables()).is_err(), "{text}");
    }
}

#[test]
fn a_list_that_would_be_too_long_is_refused() {
    let codes: Vec<_> = (0..20_000).map(|n| (format!("code {n}"), (None, None))).collect();
    let list = CodeList::new("long", &codes);
    let columns = columns().with_lists(vec![list].into());
    let long = |text: &str| Expression::check(text, &columns).unwrap_err()[0].code;
    assert_eq!(long("in_list(state, 'long')"), "expression-not-allowed");
    let codes: Vec<_> = (0..2_000).map(|n| (format!("code {n}"), (None, None))).collect();
    let list = CodeList::new("long", &codes);
    let columns = self::columns().with_lists(vec![list].into());
    assert!(Expression::check("in_list(state, 'long')", &columns).is_ok());
    let often = vec!["in_list(state, 'long')"; 20].join(" or ");
    let faults = Expression::check(&often, &columns).unwrap_err();
    assert!(faults.iter().all(|fault| fault.code == "expression-not-allowed"), "{faults:#?}");
}

fn canonical(text: &str) -> String {
    match Expression::check(text, &columns()) {
        Ok(expression) => expression.sql,
        Err(faults) => panic!("{text}: {faults:#?}"),
    }
}

fn codes(text: &str) -> Vec<&'static str> {
    match Expression::check(text, &columns()) {
        Ok(expression) => panic!("{text} is allowed: {}", expression.sql),
        Err(faults) => faults.into_iter().map(|fault| fault.code).collect(),
    }
}

/// A text, and its canonical spelling.
const SPELLINGS: &[(&str, &str)] = &[
    ("STATE", r#""state""#),
    ("age", r#""Age""#),
    ("\"age group\" = 'x'", r#""age group" = 'x'"#),
    ("\"a\"\"b\"", r#""a""b""#),
    ("\"end\" + 1", r#""end" + 1"#),
    ("((year)) + 1 - (2 * 3)", r#""year" + 1 - (2 * 3)"#),
    ("(year + 1) - 2", r#""year" + 1 - 2"#),
    ("year - (1 - 2)", r#""year" - (1 - 2)"#),
    ("- -year", r#"-(-"year")"#),
    ("+5", "5"),
    ("not year = 1 or year != 2", r#"(NOT ("year" = 1)) OR ("year" <> 2)"#),
    (
        "year between 1 and 2 and age not in (1,2)",
        r#"("year" BETWEEN 1 AND 2) AND ("Age" NOT IN (1, 2))"#,
    ),
    ("state not like 'A%'", r#""state" NOT LIKE 'A%'"#),
    ("state = 'it''s'", r#""state" = 'it''s'"#),
    ("year is not null", r#""year" IS NOT NULL"#),
    ("case when year > 1 then 'a' else null end", r#"CASE WHEN "year" > 1 THEN 'a' ELSE NULL END"#),
    ("case year when 1 then true end", r#"CASE "year" WHEN 1 THEN TRUE END"#),
    ("cast(year as int) / year::double", r#"CAST("year" AS BIGINT) / CAST("year" AS DOUBLE)"#),
    (
        "try_cast(state as date) > date '2020-02-29'",
        r#"TRY_CAST("state" AS DATE) > DATE '2020-02-29'"#,
    ),
    ("ceil(year) + floor(year) % 2", r#"ceil("year") + (floor("year") % 2)"#),
    ("substring(state from 1 for 2)", r#"substr("state", 1, 2)"#),
    ("SUBSTRING(state, 2)", r#"substr("state", 2)"#),
    ("trim(state)", r#"btrim("state")"#),
    ("trim(leading 'x' from state)", r#"ltrim("state", 'x')"#),
    ("extract(year from d)", r#"date_part('year', "d")"#),
    ("DATE_PART('YEAR', d)", r#"date_part('year', "d")"#),
    ("left(state, 1) = right(state, 1)", r#"left("state", 1) = right("state", 1)"#),
    ("char_length(state)", r#"length("state")"#),
    ("coalesce(year, age, 0)", r#"coalesce("year", "Age", 0)"#),
    ("replace(state, 'a', '')", r#"replace("state", 'a', '')"#),
    ("to_date(state) -- remark", r#"to_date("state")"#),
    ("year in (-1, 2) /* remark */", r#""year" IN (-1, 2)"#),
    ("pow(year, .5)", r#"power("year", 0.5)"#),
];

#[test]
fn each_construct_has_one_spelling() {
    for &(text, sql) in SPELLINGS {
        assert_eq!(canonical(text), sql, "{text}");
        assert_eq!(canonical(sql), sql, "again: {text}");
    }
}

#[test]
fn every_listed_function_can_be_called() {
    for function in verschil_study::expression::FUNCTIONS {
        for name in function.aliases.iter().chain([&function.name]) {
            let arguments = match function.name {
                "date_part" => "'month', d".to_owned(),
                _ => vec!["year"; function.min].join(", "),
            };
            let sql = canonical(&format!("{name}({arguments})"));
            assert!(sql.starts_with(&format!("{}(", function.name)), "{name}: {sql}");
            assert_eq!(canonical(&sql), sql);
        }
    }
}

/// Texts that no expression may be.
const REFUSED: &[&str] = &[
    "(select 1)",
    "exists (select 1)",
    "year in (select 1)",
    "t.year",
    "sum(year)",
    "count(*)",
    "abs(distinct year)",
    "abs(year) filter (where year > 1)",
    "lag(year) over ()",
    "?",
    "$1",
    "@x",
    ":x",
    "read_csv('x')",
    "pg_read_file('x')",
    "interval '1 day'",
    "array[1]",
    "[1]",
    "year[1]",
    "{fn abs(year)}",
    "x'1f'",
    "n'a'",
    "e'a'",
    "$$a$$",
    "year ~ 'a'",
    "year & 1",
    "year ^ 2",
    "year is true",
    "year is distinct from 1",
    "state ilike 'a'",
    "state like 'a' escape 'b'",
    "state similar to 'a'",
    "year at time zone 'x'",
    "(year, year)",
    "row(1)",
    "*",
    "state.*",
    "timestamp '2020-01-01 00:00:00'",
    "date '2020-1-1'",
    "current_date",
    "current_user",
    "position('a' in state)",
    "overlay(state placing 'a' from 1)",
    "year := 1",
    "state || 'x' = 'y'",
    "year -> 1",
    "ceil(year to day)",
    "substring(state for 2)",
    "year; year",
    "cast(year as json)",
    "1 = any(year)",
    "prior year",
    "abs(x => 1)",
    "public.abs(year)",
    "\"abs\"(year)",
    "safe_cast(year as int)",
    "convert(year, char)",
    "year collate x",
    "case end",
    "",
    "  ",
    "'a",
    "\"a",
    "(year",
    "year)",
    "year as y",
    "year, year",
    "year desc",
    "unnest(year)",
    "struct(1)",
    "map {1: 2}",
    "1_000",
    "10L",
    "round(year, 1, 2)",
    "x -> x",
    "a.b.c",
    "grouping sets ((year))",
    "not",
    "nullif(year)",
];

#[test]
fn what_is_not_listed_is_refused() {
    for text in REFUSED {
        assert!(!codes(text).is_empty(), "{text}");
    }
}

#[test]
fn a_name_that_fits_two_columns_is_refused() {
    let two = Columns::new(["Age".to_owned(), "age".to_owned()]);
    assert_eq!(Expression::check("age", &two).unwrap().columns, ["age"]);
    assert_eq!(Expression::check("AGE", &two).unwrap_err()[0].code, "unknown-column");
}

/// Brackets make the canonical text of a chain deeper than the chain itself: found by fuzzing.
#[test]
fn what_is_accepted_can_be_read_again() {
    let mut refused = 0;
    for length in 1..120 {
        for step in [" > 1", " = 1 * 2 > 3", " > 64 > 6 = 8"] {
            match Expression::check(&format!("1{}", step.repeat(length)), &columns()) {
                Ok(first) => {
                    let second = Expression::check(&first.sql, &columns());
                    assert_eq!(second.map(|second| second.sql), Ok(first.sql), "{length}{step}");
                }
                Err(faults) => {
                    assert!(faults.iter().all(|fault| fault.code == "expression-too-deep"));
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 0, "no chain is deep enough to be refused");
}

#[test]
fn long_chains_are_fine_and_deep_ones_are_refused() {
    let chain = vec!["year = 1"; 200].join(" OR ");
    assert_eq!(canonical(&canonical(&chain)), canonical(&chain));
    for text in [
        "(".repeat(2_000),
        "-".repeat(3_900),
        "- ".repeat(1_900) + "1",
        "+ ".repeat(1_900) + "1",
        "not ".repeat(900) + "year",
        "abs(".repeat(900),
        "case when ".repeat(390),
        "case ".repeat(790),
        "year is null".to_owned() + &" is null".repeat(400),
        "year".to_owned() + &"::int".repeat(700),
        "1".to_owned() + &" between 1 and 2".repeat(200),
        "1".to_owned() + &" = 1 < 2".repeat(400),
        "cast(".repeat(60) + "1" + &" as int)".repeat(60) + " )",
        "date ".repeat(700),
        "interval ".repeat(400),
        "year in (".repeat(400),
        "((year,".repeat(400),
        "a(b.".repeat(900),
        "[".repeat(3_900),
        "{".repeat(3_900),
        "x".repeat(4_001),
    ] {
        assert!(!codes(&text).is_empty(), "{text}");
    }
    let deep = format!("{}year{}", "(".repeat(60), ")".repeat(60));
    assert_eq!(canonical(&deep), "\"year\"");
    let plus = vec!["1"; 2_000].join("+");
    assert!(canonical(&plus).len() > 4_000);
}

/// Texts that are allowed, of every construct.
fn sentences() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("year".to_owned()),
        Just("\"age group\"".to_owned()),
        (0_u32..1_000).prop_map(|number| number.to_string()),
        (0.0_f64..1e6).prop_map(|number| format!("{number:e}")),
        "[ a-z'é%_-]{0,6}".prop_map(|text| format!("'{}'", text.replace('\'', "''"))),
        Just("NULL".to_owned()),
        Just("date '2020-01-31'".to_owned()),
        Just("person.home".to_owned()),
        Just("PERSON.\"birth year\"".to_owned()),
    ];
    leaf.prop_recursive(5, 40, 3, |inner| {
        let two = (inner.clone(), inner.clone());
        let operator =
            prop::sample::select(vec!["+", "-", "*", "/", "%", "=", "<>", "<=", "and", "or"]);
        prop_oneof![
            (two.clone(), operator).prop_map(|((a, b), op)| format!("{a} {op} {b}")),
            inner.clone().prop_map(|a| format!("({a})")),
            inner.clone().prop_map(|a| format!("- {a}")),
            inner.clone().prop_map(|a| format!("not {a}")),
            inner.clone().prop_map(|a| format!("{a} is not null")),
            two.clone().prop_map(|(a, b)| format!("{a} not between {b} and 3")),
            two.clone().prop_map(|(a, b)| format!("{a} in ({b}, 1)")),
            two.clone().prop_map(|(a, b)| format!("{a} like {b}")),
            two.clone().prop_map(|(a, b)| format!("case {a} when 1 then {b} else 2 end")),
            two.clone().prop_map(|(a, b)| format!("case when {a} then {b} end")),
            inner.clone().prop_map(|a| format!("cast({a} as bigint)")),
            inner.clone().prop_map(|a| format!("try_cast({a} as text)")),
            two.clone().prop_map(|(a, b)| format!("coalesce({a}, {b})")),
            inner.clone().prop_map(|a| format!("in_list({a}, 'places')")),
            two.prop_map(|(a, b)| format!("in_list({a}, 'places', {b})")),
            inner.clone().prop_map(|a| format!("trim(both 'x' from {a})")),
            inner.prop_map(|a| format!("extract(month from {a})")),
        ]
    })
}

proptest! {
    #[test]
    fn canonical_text_reads_back_to_itself(text in sentences()) {
        if let Ok(first) = Expression::check(&text, &with_tables())
            && first.sql.chars().count() <= 4_000
        {
            let second = Expression::check(&first.sql, &with_tables());
            prop_assert_eq!(second.map(|e| e.sql), Ok(first.sql), "{}", text);
        }
    }

    #[test]
    fn most_sentences_are_allowed(text in sentences()) {
        if let Err(faults) = Expression::check(&text, &with_tables()) {
            let serious = faults.iter().any(|fault| fault.code != "expression-syntax" && fault.code != "expression-trailing");
            prop_assert!(!serious, "{}: {:?}", text, faults);
        }
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,120}") {
        let _ = Expression::check(&text, &with_tables());
    }

    #[test]
    fn any_pile_of_sql_is_answered(words in prop::collection::vec(
        prop::sample::select(vec![
            "year", "1", "'a'", "(", ")", ",", "+", "-", "*", "/", "=", "<", "and", "or", "not", "is",
            "null", "case", "when", "then", "else", "end", "cast", "as", "int", "in", "between", "like",
            "::", ".", "abs", "trim", "from", "extract", "substring", "date", "select", "interval", "[",
            "]", "{", "}", ":", "?", "over", "filter", "distinct", "exists", "\"year\"", "any", "all",
            "position", "overlay", "person", "home", "linked", "in_list", "'places'", "array", "struct", "x'", "--", "/*", "*/", ";", "ceil", "to", "day",
        ]), 0..40)) {
        if let Ok(first) = Expression::check(&words.join(" "), &with_tables()) {
            let second = Expression::check(&first.sql, &with_tables());
            prop_assert_eq!(second.map(|e| e.sql), Ok(first.sql));
        }
    }
}
