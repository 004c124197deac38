//! Reads the shapes of a GeoJSON feature collection.

use geojson::{FeatureCollection, GeometryValue, PolygonType};
use serde_json::Value;
use verschil_study::Problem;

use super::{Found, Ring, broken};

/// The shapes, and the name of their coordinates where the file has one.
pub(super) fn read(document: &Value) -> Result<(Vec<Found>, Option<String>), Vec<Problem>> {
    let collection: FeatureCollection = serde_json::from_value(document.clone()).map_err(|e| {
        vec![
            Problem::error("boundaries-geojson", "this is no valid GeoJSON")
                .found(e.to_string())
                .allowed("features with a geometry and properties (RFC 7946)")
                .hint("export the boundaries again"),
        ]
    })?;
    let mut problems = Vec::new();
    let mut found = Vec::new();
    for (at, feature) in collection.features.into_iter().enumerate() {
        let polygons = match feature.geometry.map(|geometry| geometry.value) {
            Some(GeometryValue::Polygon { coordinates }) => vec![coordinates],
            Some(GeometryValue::MultiPolygon { coordinates }) => coordinates,
            _ => Vec::new(),
        };
        match rings(&polygons) {
            Ok(rings) => found.push(Found {
                properties: feature.properties.unwrap_or_default(),
                id: feature.id.and_then(|id| serde_json::to_value(id).ok()),
                rings,
            }),
            Err(what) => problems.push(broken(at + 1, what)),
        }
    }
    let named = document.pointer("/crs/properties/name").and_then(Value::as_str);
    if problems.is_empty() { Ok((found, named.map(str::to_owned))) } else { Err(problems) }
}

fn rings(polygons: &[PolygonType]) -> Result<Vec<Ring>, &'static str> {
    let mut rings = Vec::new();
    for line in polygons.iter().flatten() {
        let ring: Ring = line
            .iter()
            .map(|place| match place.as_slice() {
                [x, y, ..] => Ok((*x, *y)),
                _ => Err("a place with fewer than two numbers"),
            })
            .collect::<Result<_, _>>()?;
        if ring.len() < 4 {
            return Err("a ring of fewer than four places");
        }
        rings.push(ring);
    }
    Ok(rings)
}
