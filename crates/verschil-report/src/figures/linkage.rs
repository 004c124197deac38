//! The share that a link found: overall, over time, by region and by subgroup.

use verschil_study::results::LinkageRate;

use crate::figure::{Figure, Told, slug};
use crate::figures::dots::{Dots, Lane, MANY, NOW};
use crate::view::View;
use crate::words::capital;

/// A dimension with more levels than this is one lane of dots.
const MANY_LEVELS: usize = 24;

/// The figure of one link.
pub(crate) fn draw(view: &View, link: &str, label: &str) -> Option<Figure> {
    let rates: Vec<&LinkageRate> = view.rates(link).filter(|rate| rate.share.is_some()).collect();
    if rates.is_empty() {
        return None;
    }
    let mut lanes = Vec::new();
    for run in rates.chunk_by(|a, b| a.dimension == b.dimension) {
        lanes.extend(if run.len() > MANY_LEVELS {
            vec![strip(view, run)]
        } else {
            each(view, run)
        });
    }
    let heading = view.words.text("linkage-heading");
    let canvas =
        Dots { heading: &heading, legend: Vec::new(), lanes, lines: Vec::new() }.canvas(view);
    let columns =
        ["column-dimension", "column-level", "column-units", "column-linked", "column-share"];
    let rows = view.rates(link).map(|rate| {
        vec![
            dimension(view, &rate.dimension),
            level(view, rate),
            view.numbers.whole(rate.units),
            view.numbers.whole(rate.linked),
            percent(view, rate.share),
        ]
    });
    Some(
        Told {
            name: slug(&format!("linkage_{link}")),
            title: view.words.with("figure-linkage", &[("link", label.to_owned().into())]),
            caption: caption(view, &rates),
            columns: columns.map(|key| view.words.text(key)).to_vec(),
            rows: rows.collect(),
            table_needed: false,
        }
        .figure(view, &canvas),
    )
}

fn caption(view: &View, rates: &[&LinkageRate]) -> String {
    let text = view.words.text("caption-linkage");
    if rates.iter().any(|rate| rate.dimension.starts_with("delivery")) {
        return format!("{text} {}", view.words.text("caption-linkage-delivery"));
    }
    text
}

fn percent(view: &View, share: Option<f64>) -> String {
    share.map_or_else(|| view.missing(), |share| view.percent(share * 100.0, 1))
}

/// One lane per level.
fn each(view: &View, run: &[&LinkageRate]) -> Vec<Lane> {
    let lane = |(at, rate): (usize, &&LinkageRate)| Lane {
        group: (at == 0 && rate.dimension != "all").then(|| dimension(view, &rate.dimension)),
        label: level(view, rate),
        value: percent(view, rate.share),
        dots: rate.share.map(|share| (share * 100.0, NOW)).into_iter().collect(),
    };
    run.iter().enumerate().map(lane).collect()
}

/// All levels on one lane, with the lowest and the highest number.
fn strip(view: &View, run: &[&LinkageRate]) -> Lane {
    let shares: Vec<f64> = run.iter().filter_map(|rate| rate.share).collect();
    let low = shares.iter().copied().fold(f64::INFINITY, f64::min);
    let high = shares.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let name = &run[0].dimension;
    let words = if name == "region" {
        view.regions(run.len())
    } else {
        view.words.with("linkage-levels", &[("n", run.len().into())])
    };
    let end = |share: f64| view.numbers.decimal(share * 100.0, 1);
    Lane {
        group: Some(dimension(view, name)),
        label: words,
        value: view
            .words
            .with("linkage-range", &[("low", end(low).into()), ("high", end(high).into())]),
        dots: shares.into_iter().map(|share| (share * 100.0, MANY)).collect(),
    }
}

/// The name of a dimension at the head of its levels.
pub(crate) fn dimension(view: &View, id: &str) -> String {
    match id {
        "all" => view.words.text("linkage-all"),
        "period" => capital(&view.words.text("period-label")),
        "region" => capital(&view.words.text("region-label")),
        "delivery" => view.words.text("linkage-delivery"),
        other => match other.strip_prefix("delivery:").map(str::parse) {
            Some(Ok(period)) => {
                view.words.with("linkage-delivery-in", &[("period", view.period(period).into())])
            }
            _ => capital(&view.subgroup(other)),
        },
    }
}

/// The name of a level.
pub(crate) fn level(view: &View, rate: &LinkageRate) -> String {
    match rate.dimension.as_str() {
        "all" => view.words.text("linkage-all"),
        "period" => {
            rate.level.parse().map_or_else(|_| rate.level.clone(), |period| view.period(period))
        }
        "region" => view.region(&rate.level),
        subgroup => view.subgroup_level(subgroup, &rate.level),
    }
}
