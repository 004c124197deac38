//! A map coloured by any number that regions have.

use super::{Ground, Look, about, edge, grounds, legend, marks, paint, role};
use crate::chart::heading::Heading;
use crate::chart::linear::Linear;
use crate::chart::{WIDTH, ink};
use crate::figure::{Figure, Told, slug};
use crate::view::View;

/// Numbers of regions, and what they are.
pub(crate) struct Values {
    /// End of the figure's name.
    pub(crate) name: String,
    pub(crate) title: String,
    /// What the scale shows.
    pub(crate) heading: String,
    pub(crate) decimals: u8,
    /// Shares, shown in per cent.
    pub(crate) percent: bool,
    /// One per region of the results.
    pub(crate) values: Vec<Option<f64>>,
}

impl Values {
    /// A map on each ground that there is; none without two regions that have a value.
    pub(crate) fn draw(&self, view: &View) -> Vec<Figure> {
        if self.values.iter().flatten().count() < 2 {
            return Vec::new();
        }
        grounds(view).iter().map(|(name, ground)| self.map(view, name, ground)).collect()
    }

    fn map(&self, view: &View, name: &str, ground: &Ground) -> Figure {
        let regions = &view.results.regions;
        let marks = marks::marks(regions);
        let known: Vec<f64> = self.values.iter().flatten().map(|v| v * self.factor()).collect();
        let scale = Linear::covering(&known, 5, 8.0, WIDTH - 8.0);
        let fills = fills(scale.ticks().len() - 1);
        let looks: Vec<Look> = regions
            .iter()
            .zip(&self.values)
            .map(|(region, value)| self.look(role(region).look, *value, &scale, &fills))
            .collect();
        let heading = Heading::new(&self.heading);
        let top = heading.height() + 6.0;
        let entries: Vec<_> =
            legend::kinds(view).into_iter().filter(|entry| entry.look.sign.is_some()).collect();
        let ground_top = top + legend::SCALE + legend::height(&entries) + 6.0;
        let mut canvas = paint(ground, ground_top, &looks, &marks);
        heading.draw(&mut canvas);
        let decimals = scale.decimals();
        legend::scale(&mut canvas, top, &scale, &fills, |tick| {
            let number = view.numbers.decimal(tick, decimals);
            if self.percent {
                view.words.with("percent", &[("value", number.into())])
            } else {
                number
            }
        });
        legend::draw(&mut canvas, top + legend::SCALE, &signs(entries));
        self.told(view, slug(&format!("{name}_{}", self.name)), ground, marks).figure(view, &canvas)
    }

    fn told(&self, view: &View, name: String, ground: &Ground, marks: Vec<String>) -> Told {
        let write = |value: Option<f64>| match value {
            None => view.missing(),
            Some(value) if self.percent => view.percent(value * 100.0, self.decimals),
            Some(value) => view.numbers.decimal(value, self.decimals),
        };
        let rows = view.results.regions.iter().zip(&self.values).zip(marks);
        let mut columns = ["column-mark", "column-region"].map(|key| view.words.text(key)).to_vec();
        columns.push(self.heading.clone());
        let mut caption = view.words.text("map-values");
        if self.values.iter().any(Option::is_none) {
            caption = format!("{caption} {}", view.words.text("map-no-value"));
        }
        Told {
            name,
            title: if ground.is_grid() {
                self.title.clone()
            } else {
                view.words.with("map-in-shapes", &[("title", self.title.clone().into())])
            },
            caption: format!("{caption} {}", about(view, ground)),
            columns,
            rows: rows
                .map(|((region, value), mark)| vec![mark, view.region(&region.code), write(*value)])
                .collect(),
            table_needed: false,
        }
    }

    fn factor(&self) -> f64 {
        if self.percent { 100.0 } else { 1.0 }
    }

    /// The look of a region: darker for more, with the sign of its kind.
    fn look(&self, kind: Look, value: Option<f64>, scale: &Linear, fills: &[&'static str]) -> Look {
        let recolored = |color: &'static str| kind.sign.map(|sign| super::Sign { color, ..sign });
        let Some(value) = value else {
            let (fill, words) = (ink::PAPER, ink::MUTED);
            return Look { fill, edge: legend::NO_VALUE, words, sign: recolored(ink::MUTED) };
        };
        let ticks = scale.ticks();
        let class = ticks.windows(2).position(|pair| value * self.factor() <= pair[1]);
        let class = class.unwrap_or(fills.len() - 1);
        let fill = fills[class];
        let dark = ink::STEPS.iter().position(|step| *step == fill).is_some_and(|at| at > 3);
        let words = if dark { ink::PAPER } else { ink::TEXT };
        Look { fill, edge: edge(ink::AXIS, 0.8, false), words, sign: recolored(words) }
    }
}

/// Signs without the colours that mean something else here.
fn signs(entries: Vec<legend::Entry>) -> Vec<legend::Entry> {
    let plain = |mut entry: legend::Entry| {
        let sign = entry.look.sign.map(|sign| super::Sign { color: ink::TEXT, ..sign });
        let edge = edge(ink::AXIS, 0.8, false);
        entry.look = Look { fill: ink::PAPER, edge, words: ink::TEXT, sign };
        entry
    };
    entries.into_iter().map(plain).collect()
}

/// Fills of `classes` classes, spread over the steps from light to dark.
fn fills(classes: usize) -> Vec<&'static str> {
    let last = ink::STEPS.len() - 1;
    let steps = classes.max(2) - 1;
    (0..classes).map(|class| ink::STEPS[(class * last / steps).min(last)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_run_from_light_to_dark() {
        assert_eq!(fills(2), [ink::STEPS[0], ink::STEPS[5]]);
        assert_eq!(fills(6), ink::STEPS);
        assert_eq!(fills(1), [ink::STEPS[0]]);
        assert_eq!(fills(9).len(), 9);
    }
}
