//! Maps: hexagons by place, shapes by boundaries, and what is said of regions without either.

use std::fs;
use std::path::{Path, PathBuf};

use verschil_report::{Boundaries, Figure, Report, figures};
use verschil_study::results::{RegionRow, Results};

use crate::fixture::{six_treated, text};
use crate::maternity::maternity;

/// Ten squares in metres: five treated regions, four controls, and one that nobody has.
/// Every figure, on boundaries.
pub fn drawn_with(results: &Results, language: &str, boundaries: &Boundaries) -> Vec<Figure> {
    Report::new(results, language, Some(boundaries)).unwrap().figures().to_vec()
}

pub fn square_boundaries() -> Boundaries {
    let codes = [
        "IGO_A", "IGO_B", "IGO_C", "IGO_D", "IGO_E", "VSV_01", "VSV_02", "VSV_04", "VSV_13",
        "NOBODY",
    ];
    let square = |(at, code): (usize, &&str)| {
        let (x, y) = (100_000 + at % 4 * 20_000, 400_000 + at / 4 * 20_000);
        let ring = format!(
            "[[{x},{y}],[{e},{y}],[{e},{n}],[{x},{n}],[{x},{y}]]",
            e = x + 20_000,
            n = y + 20_000
        );
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"code\":\"{code}\"}},\
             \"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[{ring}]}}}}"
        )
    };
    let features: Vec<String> = codes.iter().enumerate().map(square).collect();
    let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(","));
    Boundaries::read("squares.geojson", &text, "code").unwrap()
}

fn named<'a>(drawn: &'a [Figure], name: &str) -> &'a Figure {
    drawn.iter().find(|figure| figure.name == name).expect(name)
}

/// Hexagons and shapes end with `z`.
fn areas(figure: &Figure, fill: &str) -> usize {
    figure.svg.matches(&format!("z\" fill=\"{fill}\"")).count()
}

#[test]
fn every_region_has_one_hexagon_that_tells_its_role() {
    let drawn = figures(&maternity(), "en").unwrap();
    let map = named(&drawn, "map");
    // One more of each stands in the legend.
    assert_eq!((areas(map, "#0b5480"), areas(map, "#f3d9c3")), (6 + 1, 20 + 1));
    assert_eq!(areas(map, "#ffffff"), 58 + 2);
    assert_eq!(map.rows.len(), 84);
    assert_eq!(map.rows.iter().filter(|row| row[2] == "left out").count(), 6);
    let left_out = map.rows.iter().find(|row| row[1] == "vsv 22").unwrap();
    assert_eq!(left_out[3], "vsvs with an academic hospital or NICU", "{left_out:?}");
}

#[test]
fn a_region_without_a_place_is_named_below_the_map() {
    let mut results = maternity();
    for nowhere in [None, Some(f64::NAN), Some(1e300)] {
        results.regions[12].x = nowhere;
        without_one(&results);
    }
}

fn without_one(results: &Results) {
    let drawn = figures(results, "nl").unwrap();
    let map = named(&drawn, "map");
    assert!(map.caption.contains("omdat de plek niet bekend is: vsv 04."), "{}", map.caption);
    assert_eq!(map.rows.len(), 84);
}

#[test]
fn there_is_no_map_without_places_and_no_scale_without_values() {
    let mut results = maternity();
    for row in &mut results.characteristics {
        row.value = None;
    }
    let drawn = figures(&results, "en").unwrap();
    assert!(drawn.iter().any(|figure| figure.name == "map"));
    assert!(!drawn.iter().any(|figure| figure.name == "map_pregnancies"));
    for region in &mut results.regions {
        region.y = None;
    }
    assert!(!figures(&results, "en").unwrap().iter().any(|figure| figure.name.starts_with("map")));
}

#[test]
fn shapes_are_drawn_where_boundaries_are_given() {
    let boundaries = square_boundaries();
    let drawn = drawn_with(&maternity(), "en", &boundaries);
    let map = named(&drawn, "map_shapes");
    assert_eq!((areas(map, "#0b5480"), areas(map, "#f3d9c3")), (5 + 1, 4 + 1));
    assert_eq!(areas(map, "#eef1f4"), 1, "the area that is not in the data");
    assert!(map.caption.contains("place is not known: 75 regions."), "{}", map.caption);
    let values = named(&drawn, "map_shapes_pregnancies");
    assert!(values.caption.starts_with("Darker is more."));
    assert!(
        Report::new(&maternity(), "en", Some(&boundaries))
            .unwrap()
            .html()
            .contains("figure-map_shapes")
    );
}

#[test]
fn maps_stay_as_they_were_approved() {
    let drawn = figures(&maternity(), "en").unwrap();
    insta::assert_snapshot!("map", named(&drawn, "map").svg);
    insta::assert_snapshot!("map_vulnerable", named(&drawn, "map_vulnerable").svg);
    let boundaries = square_boundaries();
    let drawn = drawn_with(&maternity(), "nl", &boundaries);
    insta::assert_snapshot!("map_shapes", named(&drawn, "map_shapes").svg);
}

#[test]
fn broken_boundaries_say_what_is_wrong_and_the_way_out() {
    let feature = |property: &str, ring: &str| {
        format!(
            "{{\"type\":\"FeatureCollection\",\"features\":[{{\"type\":\"Feature\",\"properties\":\
             {{\"{property}\":\"A\"}},\"geometry\":{{\"type\":\"Polygon\",\"coordinates\":[{ring}]}}}}]}}"
        )
    };
    let topology = |arc: &str| {
        format!(
            "{{\"type\":\"Topology\",\"arcs\":[{arc}],\"objects\":{{\"a\":{{\"type\":\"Polygon\",\
             \"arcs\":[[3]],\"properties\":{{\"code\":\"A\"}}}}}}}}"
        )
    };
    let square = "[[0,0],[9,0],[9,9],[0,0]]";
    let cases = [
        ("{\"type\":".to_owned(), "boundaries-json", "EOF"),
        ("{\"type\":\"Feature\"}".to_owned(), "boundaries-kind", "`Feature`"),
        ("[]".to_owned(), "boundaries-kind", "no text under `type`"),
        (feature("cod", square), "boundaries-code", "the first at position 1"),
        (feature("code", "[[0,0],[1,1]]"), "boundaries-geometry", "fewer than four"),
        (feature("code", "[[0],[1],[2],[3]]"), "boundaries-geometry", "fewer than two numbers"),
        ("{\"type\":\"FeatureCollection\"}".to_owned(), "boundaries-geojson", "features"),
        ("{\"type\":\"FeatureCollection\",\"features\":[]}".to_owned(), "boundaries-empty", ""),
        (topology("[[0,0],[1,1]]"), "boundaries-geometry", "not there"),
        (topology("[[0]]"), "boundaries-topojson", "arc 0"),
        ("{\"type\":\"Topology\"}".to_owned(), "boundaries-topojson", "no list under `arcs`"),
    ];
    for (text, code, found) in cases {
        let problems = Boundaries::read("b.json", &text, "code").unwrap_err();
        assert_eq!(problems[0].code, code, "{text}");
        assert!(problems[0].found.contains(found), "{}", problems[0]);
        assert!(!problems[0].allowed.is_empty() && problems[0].file == "b.json", "{}", problems[0]);
    }
    let problem = &Boundaries::read("b.json", &feature("cod", square), "code").unwrap_err()[0];
    assert!(problem.hint.contains("did you mean `cod`?"), "{problem}");
}

#[test]
fn neighbours_in_a_topology_share_their_line() {
    // Two squares beside each other; the line between them is stored once, in steps.
    let text = "{\"type\":\"Topology\",\"transform\":{\"scale\":[1000,1000],\"translate\":[200000,400000]},\
        \"arcs\":[[[10,0],[0,10]],[[10,10],[-10,0],[0,-10],[10,0]],[[10,0],[10,0],[0,10],[-10,0]]],\
        \"objects\":{\"x\":{\"type\":\"GeometryCollection\",\"geometries\":[\
        {\"type\":\"Polygon\",\"id\":\"W\",\"arcs\":[[0,1]]},\
        {\"type\":\"MultiPolygon\",\"id\":\"E\",\"arcs\":[[[2,-1]]]}]}}}";
    let boundaries = Boundaries::read("t.json", text, "id").unwrap();
    assert_eq!(boundaries.codes(), ["W", "E"]);
    let mut results = six_treated();
    let region = |code: &str, role: &str| RegionRow {
        code: code.to_owned(),
        label: text_of(code),
        role: role.to_owned(),
        ..RegionRow::default()
    };
    results.regions = vec![region("W", "treated"), region("E", "control")];
    let drawn = drawn_with(&results, "en", &boundaries);
    let map = named(&drawn, "map_shapes");
    let corners = |fill: &str| -> usize {
        let shape = map.svg.lines().filter(|line| line.contains("evenodd"));
        let path = shape.filter(|line| line.contains(fill)).collect::<String>();
        path.split(" fill").next().unwrap().matches(['M', 'L']).count()
    };
    assert_eq!((corners("#0b5480"), corners("#f3d9c3")), (5, 5));
}

fn text_of(code: &str) -> verschil_study::results::Text {
    text(code, code)
}

/// Real boundaries beside the repository, which may be absent.
fn shared(file: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(file);
    if !path.exists() {
        println!("skipped: {file} is not beside the repository");
    }
    path.exists().then_some(path)
}

fn country(boundaries: &Boundaries) -> Results {
    let mut results = maternity();
    let roles = ["treated", "control", "other", "excluded"];
    let regions = boundaries.codes().into_iter().enumerate().map(|(at, code)| RegionRow {
        code: code.to_owned(),
        label: text_of(code),
        role: roles[at % 4].to_owned(),
        ..RegionRow::default()
    });
    results.regions = regions.collect();
    results
}

fn height(figure: &Figure) -> f64 {
    let (_, rest) = figure.svg.split_once("viewBox=\"0 0 440 ").unwrap();
    rest.split('"').next().unwrap().parse().unwrap()
}

#[test]
fn dutch_regions_of_a_topology_lie_as_in_the_country() {
    let Some(path) = shared("nl_regions_2015_topojson/CoropGebied_2015_layer_q1e3.json") else {
        return;
    };
    let text = fs::read_to_string(path).unwrap();
    let boundaries = Boundaries::read("corop.json", &text, "statcode").unwrap();
    assert_eq!(boundaries.codes().len(), 40);
    let drawn = drawn_with(&country(&boundaries), "nl", &boundaries);
    let map = named(&drawn, "map_shapes");
    assert_eq!(map.svg.matches("evenodd").count(), 40);
    // The country is 1.2 times as tall as wide; degrees drawn as they are would make it 0.75.
    assert!((530.0..680.0).contains(&height(map)), "{}", height(map));
}

#[test]
fn dutch_municipalities_of_a_feature_collection_are_drawn() {
    let Some(path) = shared("nl_municipality_2017/gemeente_2017.geojson.zst") else {
        return;
    };
    let bytes = zstd::decode_all(fs::File::open(path).unwrap()).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let boundaries = Boundaries::read("gemeente.geojson", &text, "gm_code").unwrap();
    assert_eq!(boundaries.codes().len(), 388);
    let drawn = drawn_with(&country(&boundaries), "en", &boundaries);
    let map = named(&drawn, "map_shapes");
    assert_eq!(map.svg.matches("evenodd").count(), 388);
    assert!(map.svg.len() < 400_000, "{}", map.svg.len());
}
