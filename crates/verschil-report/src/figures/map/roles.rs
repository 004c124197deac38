//! The map of who took part: treated, control, other and excluded regions.

use super::{Ground, about, grounds, legend, marks, paint, role};
use crate::figure::{Figure, Told, slug};
use crate::view::View;

/// A map on each ground that there is.
pub(crate) fn draw(view: &View) -> Vec<Figure> {
    grounds(view).iter().map(|(name, ground)| map(view, name, ground)).collect()
}

fn map(view: &View, name: &str, ground: &Ground) -> Figure {
    let regions = &view.results.regions;
    let marks = marks::marks(regions);
    let looks: Vec<_> = regions.iter().map(|region| role(region).look).collect();
    let entries = legend::kinds(view);
    let top = legend::height(&entries) + 6.0;
    let mut canvas = paint(ground, top, &looks, &marks);
    legend::draw(&mut canvas, 2.0, &entries);
    let title = view.words.text(if ground.is_grid() { "figure-map" } else { "figure-map-shapes" });
    let columns = ["column-mark", "column-region", "column-role", "column-reason", "column-units"];
    let rows = regions.iter().zip(marks).map(|(region, mark)| {
        vec![
            mark,
            view.region(&region.code),
            view.words.text(role(region).key),
            view.reason(&region.reason),
            view.numbers.count(region.units),
        ]
    });
    Told {
        name: slug(name),
        title,
        caption: about(view, ground),
        columns: columns.map(|key| view.words.text(key)).to_vec(),
        rows: rows.collect(),
        table_needed: false,
    }
    .figure(view, &canvas)
}
