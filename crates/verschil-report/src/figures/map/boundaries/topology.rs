//! Reads the shapes of a TopoJSON topology, whose neighbours share their lines.

use serde_json::Value;
use verschil_study::Problem;

use super::{Found, Ring, broken};

/// The shapes, and the name of their coordinates where the file has one.
pub(super) fn read(document: &Value) -> Result<(Vec<Found>, Option<String>), Vec<Problem>> {
    let arcs = arcs(document).map_err(|what| vec![broken_arcs(&what)])?;
    let mut problems = Vec::new();
    let mut found = Vec::new();
    let mut named = None;
    let objects = document.get("objects").and_then(Value::as_object);
    for object in objects.into_iter().flat_map(|objects| objects.values()) {
        let name = object.pointer("/crs/properties/name").and_then(Value::as_str);
        named = named.or(name.map(str::to_owned));
        for geometry in members(object) {
            match rings(geometry, &arcs) {
                Ok(rings) => found.push(Found {
                    properties: geometry
                        .get("properties")
                        .and_then(Value::as_object)
                        .cloned()
                        .unwrap_or_default(),
                    id: geometry.get("id").cloned(),
                    rings,
                }),
                Err(what) => problems.push(broken(found.len() + problems.len() + 1, what)),
            }
        }
    }
    if problems.is_empty() { Ok((found, named)) } else { Err(problems) }
}

fn broken_arcs(what: &str) -> Problem {
    Problem::error("boundaries-topojson", "this is no valid TopoJSON")
        .found(what)
        .allowed("`arcs`: lists of places of two numbers; `transform`: `scale` and `translate`")
        .hint("export the boundaries again")
}

/// Geometries of an object: those of a collection, or the object itself.
fn members(object: &Value) -> Vec<&Value> {
    match object.get("geometries").and_then(Value::as_array) {
        Some(members) => members.iter().flat_map(members_of).collect(),
        None => vec![object],
    }
}

fn members_of(geometry: &Value) -> Vec<&Value> {
    if geometry.get("geometries").is_some() { members(geometry) } else { vec![geometry] }
}

fn pair(value: &Value) -> Option<(f64, f64)> {
    Some((value.get(0)?.as_f64()?, value.get(1)?.as_f64()?))
}

/// The lines in coordinates: quantised ones are steps from the place before.
fn arcs(document: &Value) -> Result<Vec<Ring>, String> {
    let transform = match document.get("transform") {
        None => None,
        Some(transform) => {
            let part = |name: &str| transform.get(name).and_then(pair);
            let missing = || "a `transform` without numbers for `scale` and `translate`".to_owned();
            Some((part("scale").ok_or_else(missing)?, part("translate").ok_or_else(missing)?))
        }
    };
    let lines = document.get("arcs").and_then(Value::as_array).ok_or("no list under `arcs`")?;
    let mut arcs = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        let places = line.as_array().map(|line| line.iter().map(pair).collect::<Option<Ring>>());
        let mut places =
            places.flatten().ok_or_else(|| format!("arc {at} is no list of places"))?;
        if let Some((scale, translate)) = transform {
            let mut sum = (0.0, 0.0);
            for place in &mut places {
                sum = (sum.0 + place.0, sum.1 + place.1);
                *place = (sum.0 * scale.0 + translate.0, sum.1 * scale.1 + translate.1);
            }
        }
        arcs.push(places);
    }
    Ok(arcs)
}

fn rings(geometry: &Value, arcs: &[Ring]) -> Result<Vec<Ring>, &'static str> {
    let lists = || geometry.get("arcs").and_then(Value::as_array).ok_or("no `arcs`");
    let polygons: Vec<&Value> = match geometry.get("type").and_then(Value::as_str) {
        Some("Polygon") => lists()?.iter().collect(),
        Some("MultiPolygon") => {
            let parts = lists()?.iter().map(|part| part.as_array().ok_or("a part without rings"));
            parts.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect()
        }
        _ => Vec::new(),
    };
    polygons.into_iter().map(|ring| joined(ring, arcs)).collect()
}

/// One ring from the numbers of its lines; a negative number runs a line backwards.
fn joined(ring: &Value, arcs: &[Ring]) -> Result<Ring, &'static str> {
    let mut places: Ring = Vec::new();
    for number in ring.as_array().ok_or("a ring that is no list")? {
        let number = number.as_i64().ok_or("a ring of something else than whole numbers")?;
        let index = usize::try_from(if number < 0 { !number } else { number });
        let arc = index.ok().and_then(|index| arcs.get(index));
        let arc = arc.ok_or("the number of a line that is not there")?;
        let skip = usize::from(!places.is_empty());
        if number < 0 {
            places.extend(arc.iter().rev().skip(skip));
        } else {
            places.extend(arc.iter().skip(skip));
        }
    }
    if places.len() < 4 {
        // Rough quantisation may leave nothing of a small island.
        places.clear();
    }
    Ok(places)
}
