//! Axes: grid lines and labels, thinned so that they never run into each other.

use super::linear::Linear;
use super::rule::Rule;
use super::slots::Slots;
use super::text::{Anchor, Text, width};
use super::{Canvas, WIDTH, ink};

/// A vertical axis at the left: grid lines over the whole width and labels beside them.
pub(crate) fn left(canvas: &mut Canvas, scale: &Linear, left: f64, label: impl Fn(f64) -> String) {
    for tick in scale.ticks() {
        let y = scale.at(tick);
        canvas.add(&Rule {
            from: (left, y),
            to: (WIDTH - 8.0, y),
            color: ink::GRID,
            dashed: false,
        });
        let words = label(tick);
        canvas.add(&Text {
            x: left - 7.0,
            y: y + 4.5,
            words: &words,
            anchor: Anchor::End,
            color: ink::MUTED,
            bold: false,
        });
    }
}

/// How wide the labels of a vertical axis are.
pub(crate) fn room(scale: &Linear, label: impl Fn(f64) -> String) -> f64 {
    scale.ticks().into_iter().map(|tick| width(&label(tick))).fold(18.0, f64::max) + 12.0
}

/// Labels of a horizontal axis under a lying plot.
pub(crate) fn bottom(canvas: &mut Canvas, scale: &Linear, y: f64, label: impl Fn(f64) -> String) {
    let mut free_from = f64::NEG_INFINITY;
    for tick in scale.ticks() {
        let x = scale.at(tick);
        let words = label(tick);
        let half = width(&words) / 2.0;
        let middle = x.clamp(half, WIDTH - half);
        if middle - half >= free_from {
            canvas.add(&Text {
                x: middle,
                y: y + 17.0,
                words: &words,
                anchor: Anchor::Middle,
                color: ink::MUTED,
                bold: false,
            });
            free_from = middle + half + 6.0;
        }
    }
}

/// Labels under slots; every second, third, ... when there are many.
pub(crate) fn slots(canvas: &mut Canvas, slots: &Slots, y: f64, labels: &[String]) {
    let widest = labels.iter().map(|label| width(label)).fold(0.0, f64::max) + 12.0;
    let mut every = 1_usize;
    let mut room = slots.width();
    while room < widest && every < labels.len().max(1) {
        every += 1;
        room += slots.width();
    }
    for (index, label) in labels.iter().enumerate().filter(|(index, _)| index % every == 0) {
        let half = width(label) / 2.0;
        let x = slots.middle(index).min(WIDTH - half);
        canvas.add(&Text {
            x,
            y: y + 18.0,
            words: label,
            anchor: Anchor::Middle,
            color: ink::MUTED,
            bold: false,
        });
    }
}
