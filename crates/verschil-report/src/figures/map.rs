//! Maps: one equal hexagon per region, and the regions' own shapes where boundaries are given.

pub(crate) mod boundaries;
mod grid;
mod ground;
mod legend;
mod marks;
mod roles;
mod values;

use verschil_study::results::RegionRow;

use crate::chart::hexagon::Edge;
use crate::chart::point::Shape;
use crate::chart::{Canvas, ink};
use crate::figure::Figure;
use crate::view::View;
use crate::words::capital;

use ground::Ground;
pub(crate) use roles::draw as roles;
pub(crate) use values::Values;

/// More regions without a place than this are counted rather than named.
const NAMED: usize = 8;

/// How one region looks.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Look {
    fill: &'static str,
    edge: Edge,
    /// Colour of the words on it.
    words: &'static str,
    sign: Option<Sign>,
}

/// A mark on a region, so that its kind can be told without colour.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Sign {
    shape: Shape,
    filled: bool,
    color: &'static str,
}

/// The kinds of region, the words for them, and how they look.
struct Role {
    id: &'static str,
    key: &'static str,
    look: Look,
}

const fn edge(color: &'static str, width: f64, dashed: bool) -> Edge {
    Edge { color, width, dashed }
}

const ROLES: [Role; 4] = [
    Role {
        id: "treated",
        key: "role-treated",
        look: Look {
            fill: ink::TREATED,
            edge: edge(ink::TREATED, 1.0, false),
            words: ink::PAPER,
            sign: Some(Sign { shape: Shape::Disc, filled: true, color: ink::PAPER }),
        },
    },
    Role {
        id: "control",
        key: "role-control",
        look: Look {
            fill: ink::CONTROL_TINT,
            edge: edge(ink::CONTROL, 1.6, false),
            words: ink::TEXT,
            sign: Some(Sign { shape: Shape::Square, filled: false, color: ink::CONTROL }),
        },
    },
    Role {
        id: "other",
        key: "role-other",
        look: Look {
            fill: ink::PAPER,
            edge: edge(ink::AXIS, 1.0, false),
            words: ink::MUTED,
            sign: None,
        },
    },
    Role {
        id: "excluded",
        key: "role-excluded",
        look: Look {
            fill: ink::PAPER,
            edge: edge(ink::AXIS, 1.0, true),
            words: ink::MUTED,
            sign: Some(Sign { shape: Shape::Cross, filled: false, color: ink::AXIS }),
        },
    },
];

/// The role of a region; an unknown one is neither treated nor control.
fn role(region: &RegionRow) -> &'static Role {
    ROLES.iter().find(|role| role.id == region.role).unwrap_or(&ROLES[2])
}

/// Grounds that regions can be drawn on, with the beginning of the figure's name.
fn grounds(view: &View) -> Vec<(&'static str, Ground)> {
    let regions = &view.results.regions;
    let hexagons = Ground::hexagons(view).map(|ground| ("map", ground));
    let shapes = view.boundaries.and_then(|boundaries| Ground::shapes(regions, boundaries));
    hexagons.into_iter().chain(shapes.map(|ground| ("map_shapes", ground))).collect()
}

/// Sentences about the ground: what a hexagon is, and which regions have no place.
fn about(view: &View, ground: &Ground) -> String {
    let mut text = view.words.text(if ground.is_grid() { "map-grid" } else { "map-shapes" });
    let without: Vec<String> =
        ground.without().map(|at| view.region(&view.results.regions[at].code)).collect();
    let told = match without.len() {
        0 => return text,
        1..=NAMED => view.words.with("map-without", &[("list", view.words.list(&without).into())]),
        n => view.words.with("map-without-many", &[("n", n.into())]),
    };
    text.push(' ');
    text.push_str(&told);
    text
}

/// The ground with its regions, below whatever stands above `top`.
fn paint(ground: &Ground, top: f64, looks: &[Look], marks: &[String]) -> Canvas {
    let mut canvas = Canvas::new(top + ground.height() + 4.0);
    ground.draw(&mut canvas, top, looks, marks);
    canvas
}

/// Maps of every characteristic that controls were matched on, or that is there at all.
pub(crate) fn characteristics(view: &View) -> Vec<Figure> {
    let facts = view.characteristics();
    let maps = facts.iter().map(|facts| {
        let rows = &view.results.characteristics;
        let of = |code: &str| {
            rows.iter().find(|row| row.region == code && row.characteristic == facts.id)?.value
        };
        let label = view.label(&facts.label);
        let label = if label.is_empty() { &facts.id } else { label };
        Values {
            name: facts.id.clone(),
            title: view.words.with("figure-map-values", &[("value", capital(label).into())]),
            heading: capital(label),
            decimals: facts.decimals,
            percent: false,
            values: view.results.regions.iter().map(|region| of(&region.code)).collect(),
        }
        .draw(view)
    });
    maps.flatten().collect()
}

/// The map of the share that one link found in each region.
pub(crate) fn linked(view: &View, link: &str, label: &str) -> Vec<Figure> {
    let rates = &view.results.linkage_rates;
    let of = |code: &str| {
        let here = rates
            .iter()
            .find(|rate| rate.link == link && rate.dimension == "region" && rate.level == code);
        here?.share
    };
    Values {
        name: format!("linkage_{link}"),
        title: view.words.with("figure-map-linked", &[("link", label.to_owned().into())]),
        heading: view.words.text("linkage-heading"),
        decimals: 1,
        percent: true,
        values: view.results.regions.iter().map(|region| of(&region.code)).collect(),
    }
    .draw(view)
}
