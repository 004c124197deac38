//! The answer in short: how many outcomes are clear, and how many are not.

use crate::sentences::public;
use crate::sentences::standing::{Standing, corrected, standing};
use crate::view::View;

/// What is said of each standing, in this order.
const COUNTED: [(Standing, &str); 6] = [
    (Standing::Clear, "answer-clear"),
    (Standing::Equivalent, "answer-equivalent"),
    (Standing::Open, "answer-open"),
    (Standing::Doubtful, "answer-doubtful"),
    (Standing::Refused, "answer-refused"),
    (Standing::Withheld, "answer-withheld"),
];

/// A few short sentences; of a single outcome all that is told of it.
pub(crate) fn sentences(view: &View) -> Vec<String> {
    let outcomes = &view.results.outcomes;
    if let [only] = outcomes.as_slice() {
        let point = public::outcome(view, only);
        return vec![format!("{}: {}", point.lead, point.text)];
    }
    let all = outcomes.len();
    let say =
        |key: &'static str, n: usize| view.words.with(key, &[("n", n.into()), ("all", all.into())]);
    for (which, key) in [
        (Standing::Open, "answer-open-all"),
        (Standing::Refused, "answer-nothing"),
        (Standing::Withheld, "answer-withheld-all"),
    ] {
        if standing(view, which).len() == all {
            return vec![say(key, all)];
        }
    }
    let mut sentences = Vec::new();
    for (which, key) in COUNTED {
        let n = standing(view, which).len();
        if n > 0 || which == Standing::Clear {
            sentences.push(say(key, n));
        }
        if which == Standing::Clear {
            sentences.extend(chance(view));
        }
    }
    sentences
}

/// What is left of the clear effects with the correction for many outcomes.
fn chance(view: &View) -> Option<String> {
    Some(view.words.with("answer-chance", &[("k", left(view)?.into())]))
}

/// How many clear effects stand with the correction for many outcomes, where all have one.
pub(crate) fn left(view: &View) -> Option<usize> {
    let clear = standing(view, Standing::Clear);
    let stand: Option<Vec<bool>> = clear.iter().map(|facts| corrected(view, facts)).collect();
    let stand = stand.filter(|stand| !stand.is_empty())?;
    Some(stand.into_iter().filter(|stands| *stands).count())
}
