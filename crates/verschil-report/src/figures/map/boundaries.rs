//! Boundaries of regions as their author gives them: GeoJSON or TopoJSON, in degrees or metres.

mod features;
mod plane;
mod simple;
mod topology;

use serde_json::{Map, Value};
use verschil_study::{Problem, problem::nearest};

/// A closed line of places in a plane, in metres.
pub(crate) type Ring = Vec<(f64, f64)>;

/// Boundaries of regions in one plane.
#[derive(Debug, Clone, PartialEq)]
pub struct Boundaries {
    pub(crate) shapes: Vec<Shape>,
}

/// One region's rings; whatever lies inside an odd number of them is inside the region.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shape {
    pub(crate) code: String,
    pub(crate) rings: Vec<Ring>,
}

/// A shape as its file has it.
struct Found {
    properties: Map<String, Value>,
    id: Option<Value>,
    rings: Vec<Ring>,
}

impl Boundaries {
    /// Reads a file of boundaries, whose property `code` (or its id, for `id`) holds the code of
    /// the region. Degrees (WGS84) are projected: on the Dutch national grid within the
    /// Netherlands, elsewhere on a plane that touches the middle. Metres stay as they are.
    ///
    /// # Errors
    /// All problems at once: no JSON, another kind of document, broken geometry, no such property,
    /// or no polygon at all.
    pub fn read(file: &str, text: &str, code: &str) -> Result<Self, Vec<Problem>> {
        let told = |problems: Vec<Problem>| -> Vec<Problem> {
            problems.into_iter().map(|problem| problem.in_file(file)).collect()
        };
        let document: Value = serde_json::from_str(text).map_err(|e| told(vec![no_json(&e)]))?;
        let (found, named) = match document.get("type").and_then(Value::as_str) {
            Some("Topology") => topology::read(&document),
            Some("FeatureCollection") => features::read(&document),
            other => Err(vec![other_kind(other)]),
        }
        .map_err(told)?;
        let mut shapes = coded(found, code).map_err(told)?;
        plane::flatten(&mut shapes, named.as_deref()).map_err(|problem| told(vec![problem]))?;
        Ok(Self { shapes })
    }

    /// Codes of the regions, in the order of the file.
    #[must_use]
    pub fn codes(&self) -> Vec<&str> {
        self.shapes.iter().map(|shape| shape.code.as_str()).collect()
    }
}

fn no_json(error: &serde_json::Error) -> Problem {
    Problem::error("boundaries-json", "the boundaries cannot be read")
        .found(error.to_string())
        .allowed("a GeoJSON FeatureCollection or a TopoJSON Topology")
        .hint("export the boundaries again; the file may have been cut off")
}

fn other_kind(found: Option<&str>) -> Problem {
    Problem::error("boundaries-kind", "the boundaries are of a kind that is not known")
        .found(found.map_or_else(
            || "no text under `type`".to_owned(),
            |kind| format!("`type`: `{}`", cut(kind)),
        ))
        .allowed("`FeatureCollection` (GeoJSON) or `Topology` (TopoJSON)")
        .hint("export all regions as one collection")
}

/// A name from a file that may hold anything.
fn cut(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Shapes with their codes; parts of one region are brought together.
fn coded(found: Vec<Found>, code: &str) -> Result<Vec<Shape>, Vec<Problem>> {
    let mut shapes: Vec<Shape> = Vec::new();
    let mut without = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for (at, one) in found.into_iter().enumerate() {
        if one.rings.is_empty() {
            continue;
        }
        let value = one.properties.get(code).or(one.id.as_ref().filter(|_| code == "id"));
        let Some(text) = value.and_then(written) else {
            without.push(at + 1);
            names.extend(one.properties.keys().cloned());
            continue;
        };
        match shapes.iter_mut().find(|shape| shape.code == text) {
            Some(shape) => shape.rings.extend(one.rings),
            None => shapes.push(Shape { code: text, rings: one.rings }),
        }
    }
    if let Some(first) = without.first() {
        names.sort();
        names.dedup();
        let near = nearest(code, names.iter().map(String::as_str));
        return Err(vec![
            Problem::error("boundaries-code", format!("shapes without a code in `{}`", cut(code)))
                .found(format!("{} of them, the first at position {first}", without.len()))
                .allowed(format!("one of the properties: {}", names.join(", ")))
                .hint(near.map_or_else(
                    || "name the property that holds the codes of regions".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                )),
        ]);
    }
    if shapes.is_empty() {
        return Err(vec![
            Problem::error("boundaries-empty", "there is no polygon among the boundaries")
                .allowed("shapes of type `Polygon` or `MultiPolygon`")
                .hint("points and lines have no inside; export areas"),
        ]);
    }
    Ok(shapes)
}

fn written(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A problem with the geometry of the shape at a position, from 1.
fn broken(at: usize, what: &str) -> Problem {
    Problem::error("boundaries-geometry", format!("shape {at} has no readable boundary"))
        .found(what)
        .allowed("rings of at least four places, each with two numbers")
        .hint("repair this shape in the program that made it, and export the boundaries again")
}
