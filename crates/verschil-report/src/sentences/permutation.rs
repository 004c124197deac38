//! What a permutation test with few assignments can and cannot tell.

use verschil_study::results::EstimateRow;

use crate::note::{Assignments, Note};
use crate::range::Range;
use crate::view::View;

/// The tests over all clusters, and within matched sets.
const METHODS: [&str; 2] = ["permutation", MATCHED];
const MATCHED: &str = "permutation_matched";

/// The level of an interval by inversion of a test with few assignments.
pub(crate) struct Attained {
    /// Assignments that were compared, the real one included.
    pub(crate) n: u64,
    /// How many must be as extreme for a value to stay inside.
    k: u64,
    /// The level that the interval has.
    pub(crate) level: f64,
}

/// The level that the interval of `row` attains, where that is not the level asked for.
pub(crate) fn attained(view: &View, row: &EstimateRow) -> Option<Attained> {
    let Assignments::All(n) = Note::read(&row.note).assignments()? else { return None };
    if !METHODS.contains(&row.method.as_str())
        || matches!(Range::effect(row), Range::Missing)
        || n == 0
    {
        return None;
    }
    let alpha = 1.0 - view.results.design.level;
    // Tiny slack, so that 5% of 20 assignments is one and not a hair less.
    let beaten = (1..=n).take_while(|k| share(*k, n) <= alpha + 1e-9).count() as u64;
    let level = 1.0 - share(beaten, n);
    let differs = (level - view.results.design.level).abs() >= 0.000_5;
    differs.then_some(Attained { n, k: beaten + 1, level })
}

fn share(part: u64, whole: u64) -> f64 {
    let number = |n: u64| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    number(part) / number(whole)
}

/// The smallest p-value, and what the interval is made of.
pub(crate) fn sentences(view: &View, row: &EstimateRow) -> Vec<String> {
    let note = Note::read(&row.note);
    let mut sentences = Vec::new();
    // A floor that rounds away in print binds nobody.
    if let Some(floor) = note.permutation_floor().filter(|floor| *floor >= 0.001) {
        let p = view.numbers.p_value(floor);
        sentences.push(match note.assignments() {
            Some(Assignments::All(n)) => {
                let n = view.numbers.whole(n);
                let key = if row.method == MATCHED { "floor-of-matched" } else { "floor-of" };
                view.words.with(key, &[("n", n.into()), ("p", p.into())])
            }
            _ => view.words.with("floor", &[("p", p.into())]),
        });
    }
    sentences.extend(attained(view, row).map(|found| {
        let arguments = [
            ("k", view.numbers.whole(found.k).into()),
            ("n", view.numbers.whole(found.n).into()),
            ("attained", view.percent(found.level * 100.0, 1).into()),
            ("level", view.confidence().into()),
        ];
        view.words.with("inverted", &arguments)
    }));
    sentences
}
