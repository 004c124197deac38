//! Brings boundaries into a plane: degrees are projected, metres stay as they are.

use proj4rs::Proj;
use proj4rs::transform::transform;
use verschil_study::Problem;

use super::Shape;

/// Longitude and latitude on WGS84.
const DEGREES: &str = "+proj=longlat +datum=WGS84 +no_defs";

/// The Dutch national grid (RD, EPSG:28992) with its shift to WGS84.
const NATIONAL_GRID: &str = "+proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 \
     +k=0.9999079 +x_0=155000 +y_0=463000 +ellps=bessel \
     +towgs84=565.4171,50.3319,465.5524,-0.398957388243134,0.343987817378283,-1.87740163998045,4.0725 +units=m +no_defs";

/// Where the Dutch national grid is meant for, in degrees: west, east, south, north.
const NETHERLANDS: [f64; 4] = [3.0, 7.4, 50.6, 53.8];

/// West, east, south and north of all places.
pub(super) fn extent(shapes: &[Shape]) -> [f64; 4] {
    let mut extent = [f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY];
    for (x, y) in shapes.iter().flat_map(|shape| shape.rings.iter().flatten()) {
        extent[0] = extent[0].min(*x);
        extent[1] = extent[1].max(*x);
        extent[2] = extent[2].min(*y);
        extent[3] = extent[3].max(*y);
    }
    extent
}

/// What a file of ours calls its coordinates.
pub(super) const METRES: &str = "metres";

/// Projects degrees to metres. `named` is what the file calls its coordinates: a name that says
/// RD or metres settles it, otherwise places that can be degrees are taken for degrees.
pub(super) fn flatten(shapes: &mut [Shape], named: Option<&str>) -> Result<(), Problem> {
    let extent = extent(shapes);
    if extent.iter().any(|end| !end.is_finite()) {
        return Err(unplaced("coordinates that are not finite"));
    }
    let [west, east, south, north] = extent;
    let degrees = west >= -180.0 && east <= 180.0 && south >= -90.0 && north <= 90.0;
    if named.is_some_and(|name| name.contains("28992") || name == METRES) || !degrees {
        return Ok(());
    }
    let inside = west >= NETHERLANDS[0]
        && east <= NETHERLANDS[1]
        && south >= NETHERLANDS[2]
        && north <= NETHERLANDS[3];
    let plane = if inside {
        NATIONAL_GRID.to_owned()
    } else {
        let (lat, lon) = (f64::midpoint(south, north), f64::midpoint(west, east));
        format!("+proj=sterea +lat_0={lat} +lon_0={lon} +k=1 +datum=WGS84 +units=m +no_defs")
    };
    let project = || -> Result<(Proj, Proj), proj4rs::errors::Error> {
        Ok((Proj::from_proj_string(DEGREES)?, Proj::from_proj_string(&plane)?))
    };
    let (from, to) = project().map_err(|e| unplaced(&e.to_string()))?;
    for place in shapes.iter_mut().flat_map(|shape| shape.rings.iter_mut().flatten()) {
        let mut point = (place.0.to_radians(), place.1.to_radians(), 0.0);
        transform(&from, &to, &mut point).map_err(|e| unplaced(&e.to_string()))?;
        *place = (point.0, point.1);
    }
    Ok(())
}

fn unplaced(what: &str) -> Problem {
    Problem::error("boundaries-plane", "the boundaries cannot be laid in a plane")
        .found(what)
        .allowed("degrees on WGS84, or metres in the Dutch national grid or any plane")
        .hint("export the boundaries in one of these")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Metres as PROJ 9 gives them for EPSG:4326 to EPSG:28992 without a correction grid.
    #[test]
    fn degrees_become_the_national_grid() {
        let places = [
            ((5.387_203_658, 52.155_172_897), (155_000.010_354, 463_000.066_736)),
            ((5.691, 50.8514), (176_395.001_608, 317_996.190_423)),
            ((6.5665, 53.2194), (233_769.704_922, 582_065.416_664)),
            ((3.6, 51.5), (30_911.438_823, 391_629.927_093)),
        ];
        for ((lon, lat), wanted) in places {
            let mut shapes = vec![Shape { code: "a".to_owned(), rings: vec![vec![(lon, lat); 4]] }];
            flatten(&mut shapes, None).unwrap();
            let (x, y) = shapes[0].rings[0][0];
            let off = (x - wanted.0).hypot(y - wanted.1);
            // a millimetre: beyond it the programs carry different digits of the datum's shift
            assert!(off < 1e-3, "{x} {y} {wanted:?}");
        }
    }

    #[test]
    fn metres_stay_and_a_named_grid_is_believed() {
        let ring = vec![(121_000.0, 487_000.0); 4];
        let metres = vec![Shape { code: "a".to_owned(), rings: vec![ring] }];
        let mut shapes = metres.clone();
        flatten(&mut shapes, None).unwrap();
        assert_eq!(shapes, metres);
        let near = vec![Shape { code: "a".to_owned(), rings: vec![vec![(10.0, 20.0); 4]] }];
        let mut shapes = near.clone();
        flatten(&mut shapes, Some("urn:ogc:def:crs:EPSG::28992")).unwrap();
        assert_eq!(shapes, near);
    }

    #[test]
    fn other_countries_keep_their_shape() {
        // Half a degree around 60 degrees north: east and west are half as far as north and south.
        let ring = vec![(9.5, 59.5), (10.5, 59.5), (10.5, 60.5), (9.5, 60.5), (9.5, 59.5)];
        let mut shapes = vec![Shape { code: "a".to_owned(), rings: vec![ring] }];
        flatten(&mut shapes, None).unwrap();
        let [west, east, south, north] = extent(&shapes);
        let ratio = (east - west) / (north - south);
        assert!((ratio - 0.51).abs() < 0.01, "{ratio}");
    }
}
