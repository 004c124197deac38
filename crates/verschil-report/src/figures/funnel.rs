//! How regions lie around their common level: shares against numbers of units, within limits.

mod names;
mod plot;

use verschil_study::results::{FunnelFacts, FunnelRegion, OutcomeFacts};

use crate::figure::{Figure, Told};
use crate::figures::name;
use crate::view::View;
use crate::words::capital;

/// Regions beyond the outer limits that are named at most; with more the table tells.
const NAMED: usize = 8;

/// Treated regions that are all named at most.
const TREATED: usize = 12;

/// The funnel from the start; the one before where there is no other.
fn funnel<'a>(view: &View<'a>, outcome: &OutcomeFacts) -> Option<&'a FunnelFacts> {
    ["post", "pre"].into_iter().find_map(|phase| of(view, outcome, phase))
}

fn of<'a>(view: &View<'a>, outcome: &OutcomeFacts, phase: &str) -> Option<&'a FunnelFacts> {
    view.results.funnels.iter().find(|funnel| {
        funnel.outcome == outcome.id
            && funnel.comparison == view.main.id
            && funnel.phase == phase
            && funnel.centre.is_some()
    })
}

/// Whether a region lies beyond the outer limits.
fn alarm(region: &FunnelRegion) -> bool {
    matches!(region.class.as_str(), "below_998" | "above_998")
}

/// Whether it lies between the inner and the outer ones.
fn alert(region: &FunnelRegion) -> bool {
    matches!(region.class.as_str(), "below_95" | "above_95")
}

/// The figure of one outcome; nothing without a funnel.
pub(crate) fn draw(view: &View, outcome: &OutcomeFacts) -> Option<Figure> {
    let funnel = funnel(view, outcome)?;
    let canvas = plot::draw(view, outcome, funnel)?;
    let before = if funnel.phase == "post" { of(view, outcome, "pre") } else { None };
    let units = capital(&view.units());
    let mut columns = vec![capital(&view.words.text("region-label"))];
    columns.extend([view.words.text("column-group"), units]);
    columns.push(view.words.text("column-share"));
    columns.push(view.words.text("column-place"));
    if before.is_some() {
        columns.push(view.words.text("column-share-before"));
        columns.push(view.words.text("column-place-before"));
    }
    let row = |region: &FunnelRegion| {
        let mut row = vec![
            view.region(&region.region),
            view.words.text(arm(&region.role)),
            view.numbers.count(region.n),
        ];
        row.extend(place(view, outcome, Some(region)));
        if let Some(before) = before {
            let earlier = before.regions.iter().find(|found| found.region == region.region);
            row.extend(place(view, outcome, earlier));
        }
        row
    };
    let told = ("outcome", view.name(outcome).to_owned().into());
    Some(
        Told {
            name: name("funnel", outcome, view),
            title: view.words.with("figure-funnel", &[told]),
            caption: caption(view, outcome, funnel),
            columns,
            rows: funnel.regions.iter().map(row).collect(),
            table_needed: false,
        }
        .figure(view, &canvas),
    )
}

fn arm(role: &str) -> &'static str {
    if role == "treated" { "arm-treated" } else { "arm-control" }
}

/// The share of a region and where it lies.
fn place(view: &View, outcome: &OutcomeFacts, region: Option<&FunnelRegion>) -> [String; 2] {
    let share = region.and_then(|region| region.share);
    let class = match region.map_or("", |region| region.class.as_str()) {
        "within" => "place-within",
        "below_95" => "place-below-inner",
        "above_95" => "place-above-inner",
        "below_998" => "place-below-outer",
        "above_998" => "place-above-outer",
        _ => "place-not-compared",
    };
    let share = share.map_or_else(|| view.missing(), |share| view.measure(outcome).level(share));
    [share, view.words.text(class)]
}

fn caption(view: &View, outcome: &OutcomeFacts, funnel: &FunnelFacts) -> String {
    let centre = funnel.centre.unwrap_or_default();
    let arguments = [
        ("phase", funnel.phase.clone().into()),
        ("units", view.units().into()),
        ("centre", view.measure(outcome).level(centre).into()),
    ];
    let mut sentences = vec![view.words.with("caption-funnel", &arguments)];
    sentences.push(outside(view, funnel));
    let phi = funnel.phi.unwrap_or_default();
    let wide = if funnel.tau2.is_some_and(|tau2| tau2 > 0.0) { "yes" } else { "no" };
    let phi = view.numbers.decimal(phi, 1);
    sentences.push(
        view.words.with("caption-funnel-spread", &[("wide", wide.into()), ("phi", phi.into())]),
    );
    sentences.push(view.words.text("caption-funnel-raw"));
    if plot::compressed(funnel) {
        sentences.push(view.words.text("caption-funnel-ratio"));
    }
    let small: Vec<String> = funnel
        .regions
        .iter()
        .filter(|region| region.class == "not_compared")
        .map(|region| view.region(&region.region))
        .collect();
    if !small.is_empty() {
        let arguments = [
            ("fewest", view.numbers.whole(funnel.fewest).into()),
            ("units", view.units().into()),
            ("which", view.words.list(&small).into()),
        ];
        sentences.push(view.words.with("caption-funnel-small", &arguments));
    }
    sentences.join(" ")
}

/// Who lies beyond the lines.
fn outside(view: &View, funnel: &FunnelFacts) -> String {
    let names = |side: &str| -> Vec<String> {
        let there = funnel.regions.iter().filter(|region| region.class == side);
        there.map(|region| view.region(&region.region)).collect()
    };
    let mut sentences = Vec::new();
    let beyond = funnel.regions.iter().filter(|region| alarm(region)).count();
    if beyond == 0 {
        sentences.push(view.words.text("caption-funnel-none-out"));
    }
    for (side, key) in
        [("above_998", "caption-funnel-above"), ("below_998", "caption-funnel-below")]
    {
        let found = names(side);
        if !found.is_empty() {
            let named = if found.len() > NAMED { "no" } else { "yes" };
            let arguments = [
                ("n", found.len().into()),
                ("named", named.into()),
                ("which", view.words.list(&found).into()),
            ];
            sentences.push(view.words.with(key, &arguments));
        }
    }
    let between = funnel.regions.iter().filter(|region| alert(region)).count();
    let arguments = [("n", between.into()), ("compared", funnel.compared.into())];
    sentences.push(view.words.with("caption-funnel-between", &arguments));
    sentences.join(" ")
}

/// Regions whose names stand in the drawing.
fn named(funnel: &FunnelFacts) -> Vec<&FunnelRegion> {
    let drawn = || funnel.regions.iter().filter(|region| region.share.is_some());
    let treated = drawn().filter(|region| region.role == "treated").count();
    let beyond = drawn().filter(|region| alarm(region)).count();
    let wanted = |region: &&FunnelRegion| {
        (region.role == "treated" && treated <= TREATED) || (alarm(region) && beyond <= NAMED)
    };
    drawn().filter(wanted).collect()
}
