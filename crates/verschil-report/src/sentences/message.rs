//! Key messages for those who decide: three to seven, each chosen by a rule from the results.
//!
//! In order, each only when it applies: what was compared; how many outcomes are clear (of a single
//! outcome: its trend check); the largest clear effects, or that there is none; effects of relevant
//! size that are ruled out; whether clear effects stand with the correction for many outcomes and
//! with other control groups; whether they stand when trends differ and regions are left out; and
//! what the study would have missed. The first three always apply.

use verschil_study::results::{EstimateRow, OutcomeFacts};

use crate::range::Range;
use crate::sentences::standing::{
    Estimated, Standing, clear_effects, corrected, power, ruled_out, standing,
};
use crate::sentences::{base, clear, effect};
use crate::view::{Domain, View};

/// As many clear effects are told with their numbers.
const LARGEST: usize = 3;

/// How far trends may differ in the test of a clear effect: as much as they did before.
const AS_BEFORE: f64 = 1.0;

/// A message with the words that lead it.
pub(crate) struct Message {
    pub(crate) lead: String,
    pub(crate) text: String,
}

type Rule = fn(&View) -> Option<String>;

/// Said above the clear effects, of which a single outcome has no list.
const LARGEST_LEAD: &str = "message-largest-lead";

const RULES: [(&str, Rule); 8] = [
    ("message-basis-lead", basis),
    ("message-trend-lead", trend),
    ("message-counts-lead", counts),
    (LARGEST_LEAD, largest),
    ("message-equivalent-lead", equivalent),
    ("message-choices-lead", choices),
    ("message-strain-lead", strain),
    ("message-power-lead", detectable),
];

/// All messages that apply.
pub(crate) fn messages(view: &View) -> Vec<Message> {
    let single = view.results.outcomes.len() == 1;
    let told = RULES.iter().filter_map(|&(lead, rule)| {
        let text = rule(view)?;
        let lead = if single && lead == LARGEST_LEAD { "message-effect-lead" } else { lead };
        Some(Message { lead: view.words.text(lead), text })
    });
    told.collect()
}

fn basis(view: &View) -> Option<String> {
    let design = &view.results.design;
    let locked = if view.results.provenance.locked { "yes" } else { "no" };
    let arguments = [
        ("treated", view.regions(design.treated.len()).into()),
        ("control", view.regions(view.controls(view.main)).into()),
        ("intervention", view.intervention().into()),
        ("start", view.period(design.start).into()),
        ("locked", locked.into()),
    ];
    Some(view.words.with("message-basis", &arguments))
}

/// What is counted, in this order.
const COUNTED: [(Standing, &str); 6] = [
    (Standing::Clear, "count-clear"),
    (Standing::Equivalent, "count-equivalent"),
    (Standing::Open, "count-open"),
    (Standing::Doubtful, "count-doubtful"),
    (Standing::Refused, "count-refused"),
    (Standing::Withheld, "count-withheld"),
];

/// The trend check of a single outcome.
fn trend(view: &View) -> Option<String> {
    let [only] = view.results.outcomes.as_slice() else {
        return None;
    };
    let holds = view.main_row(only).and_then(|row| row.trend_holds);
    Some(view.words.text(match holds {
        Some(true) => "message-trend-holds",
        Some(false) => "caution",
        None => "caution-untested",
    }))
}

fn counts(view: &View) -> Option<String> {
    let all = view.by_domain();
    if all.len() < 2 {
        return None;
    }
    let list = tally(view, &all);
    let arguments = [("n", all.len().into()), ("list", list.into())];
    let mut sentences = vec![view.words.with("message-counts", &arguments)];
    let domains = view.domains();
    if domains.len() > 1 {
        let one = |domain: Domain| {
            let (name, list) = (domain.name.to_owned(), tally(view, &domain.outcomes));
            let key = if name.is_empty() { "message-domain-rest" } else { "message-domain" };
            view.words.with(key, &[("domain", name.into()), ("list", list.into())])
        };
        // a rest is told once, after the domains that have a name
        let (named, nameless): (Vec<_>, Vec<_>) =
            domains.into_iter().partition(|domain| !domain.name.is_empty());
        let outcomes = nameless.into_iter().flat_map(|domain| domain.outcomes).collect();
        let rest = Domain { name: "", outcomes };
        if !named.is_empty() {
            sentences.extend(named.into_iter().map(one));
            sentences.extend((!rest.outcomes.is_empty()).then(|| one(rest)));
        }
    }
    let doubtful = all.iter().any(|facts| Standing::of(view, facts) == Standing::Doubtful);
    sentences.extend(doubtful.then(|| view.words.text("message-doubtful")));
    Some(sentences.join(" "))
}

/// "3 duidelijk, 8 onduidelijk en 4 met een voorbehoud".
fn tally(view: &View, outcomes: &[&OutcomeFacts]) -> String {
    let one = |&(which, key): &(Standing, &'static str)| {
        let n = outcomes.iter().filter(|facts| Standing::of(view, facts) == which).count();
        (n > 0).then(|| view.words.with(key, &[("n", n.into())]))
    };
    view.words.list(&COUNTED.iter().filter_map(one).collect::<Vec<_>>())
}

/// The clear effects, those that are largest relative to their base first.
fn largest(view: &View) -> Option<String> {
    let mut found = clear_effects(view);
    if found.is_empty() {
        return Some(none(view));
    }
    let size = |row: &EstimateRow| row.relative.map_or(0.0, f64::abs);
    found.sort_by(|a, b| size(b.1).total_cmp(&size(a.1)));
    let n = found.len();
    let shown: Vec<String> = found.iter().take(LARGEST).map(|effect| item(view, effect)).collect();
    let arguments = [
        ("n", n.into()),
        ("shown", shown.len().into()),
        ("list", view.words.list(&shown).into()),
        ("which", if n > LARGEST { "some" } else { "all" }.into()),
    ];
    let mut sentences = vec![view.words.with("message-largest", &arguments)];
    if found.iter().take(LARGEST).any(|effect| effect.1.relative.is_some()) {
        let of = [("base", base(view).into())];
        sentences.push(view.words.with("message-relative-base", &of));
    }
    let untested = found.iter().filter(|effect| effect.1.trend_holds.is_none());
    let untested: Vec<String> = untested.map(|effect| view.phrase(effect.0).to_owned()).collect();
    if !untested.is_empty() {
        let list = [("list", view.words.list(&untested).into())];
        sentences.push(view.words.with("message-untested", &list));
    }
    Some(sentences.join(" "))
}

/// "a decrease in the homicide rate (-0.3 per 100,000; 95% confidence interval: -0.5 to -0.1;
/// relative: -4%, -7% to -1%)".
fn item(view: &View, &(facts, row, estimate): &Estimated) -> String {
    let measure = view.measure(facts);
    let mut numbers = vec![measure.effect(estimate)];
    let range = Range::effect(row);
    if range != Range::Missing {
        let range = view.range(range, |end| measure.bare(end));
        let interval = [("level", view.confidence().into()), ("range", range.into())];
        numbers.push(view.words.with("interval", &interval));
    }
    if let Some(relative) = row.relative {
        let relative = view.relative(relative);
        numbers.push(match Range::relative(row) {
            Range::Missing => {
                view.words.with("message-relative-alone", &[("relative", relative.into())])
            }
            range => {
                let range = view.range(range, |end| view.relative(end));
                let arguments = [("relative", relative.into()), ("range", range.into())];
                view.words.with("message-relative", &arguments)
            }
        });
    }
    let arguments = [
        ("change", effect::change(view, facts, estimate).into()),
        ("numbers", numbers.join("; ").into()),
        ("value", effect::value(facts, estimate).into()),
    ];
    view.words.with("message-item", &arguments)
}

/// That no effect is clear; of a single outcome with its numbers.
fn none(view: &View) -> String {
    let outcomes = &view.results.outcomes;
    if let [only] = outcomes.as_slice() {
        return single(view, only);
    }
    if standing(view, Standing::Refused).len() == outcomes.len() {
        return view.words.with("message-nothing", &[("n", outcomes.len().into())]);
    }
    if standing(view, Standing::Withheld).len() == outcomes.len() {
        return view.words.text("message-withheld");
    }
    let arguments = [("n", outcomes.len().into()), ("intervention", view.intervention().into())];
    view.words.with("message-none", &arguments)
}

/// The verdict with its numbers; the trend check has a message of its own.
fn single(view: &View, facts: &OutcomeFacts) -> String {
    let (verdict, _) = effect::parts(view, facts, false);
    let row = view.main_row(facts).filter(|row| row.estimate.is_some());
    let rest =
        row.map(|row| [effect::estimate(view, facts, row), effect::bounds(view, facts, row)]);
    let rest = rest.into_iter().flatten().flatten();
    std::iter::once(verdict).chain(rest).collect::<Vec<_>>().join(" ")
}

fn equivalent(view: &View) -> Option<String> {
    let one = |facts: &OutcomeFacts| {
        let bound = view.measure(facts).effect(ruled_out(view, facts)?);
        let phrase = view.phrase(facts).to_owned();
        let arguments = [("phrase", phrase.into()), ("bound", bound.into())];
        Some(view.words.with("message-equivalent-item", &arguments))
    };
    let shown = standing(view, Standing::Equivalent);
    let items: Vec<String> = shown.into_iter().filter_map(one).collect();
    let list = [("list", view.words.list(&items).into())];
    (!items.is_empty()).then(|| view.words.with("message-equivalent", &list))
}

/// Many outcomes and other control groups.
fn choices(view: &View) -> Option<String> {
    let found = clear_effects(view);
    let told: Vec<String> =
        [adjusted(view, &found), groups(view, &found)].into_iter().flatten().collect();
    (!told.is_empty()).then(|| told.join(" "))
}

/// How many of the clear effects stand, or nothing where none was put to the test.
fn stands(
    view: &View,
    key: &'static str,
    found: &[Estimated],
    test: impl Fn(&Estimated) -> Option<bool>,
) -> Option<String> {
    let tested: Vec<bool> = found.iter().filter_map(test).collect();
    let k = tested.iter().filter(|stands| **stands).count();
    let arguments = [("n", tested.len().into()), ("k", k.into())];
    (!tested.is_empty()).then(|| view.words.with(key, &arguments))
}

fn adjusted(view: &View, found: &[Estimated]) -> Option<String> {
    if view.results.outcomes.len() < 2 {
        return None;
    }
    stands(view, "message-adjusted", found, |(facts, _, _)| corrected(view, facts))
}

/// Clear and in the same direction with every other control group; where nothing is clear,
/// how many outcomes would be with some other one.
fn groups(view: &View, found: &[Estimated]) -> Option<String> {
    let all = view.results.design.comparisons.iter();
    let others: Vec<&str> =
        all.map(|one| one.id.as_str()).filter(|id| *id != view.main.id).collect();
    if others.is_empty() {
        return None;
    }
    let with = |facts: &OutcomeFacts, other: &str| {
        view.headline(&facts.id, "main", other).filter(|row| row.estimate.is_some())
    };
    if !found.is_empty() {
        return stands(view, "message-groups", found, |(facts, _, estimate)| {
            let same = |other: &&str| {
                with(facts, other).is_some_and(|row| {
                    clear(view, row) && row.estimate.is_some_and(|e| (e < 0.0) == (*estimate < 0.0))
                })
            };
            Some(others.iter().all(same))
        });
    }
    let open = standing(view, Standing::Open);
    let changed = |facts: &&&OutcomeFacts| {
        others.iter().any(|other| with(facts, other).is_some_and(|row| clear(view, row)))
    };
    let k = open.iter().filter(changed).count();
    let arguments = [("n", open.len().into()), ("k", k.into())];
    (!open.is_empty()).then(|| view.words.with("message-groups-open", &arguments))
}

/// Trends that differ as much as before, and every cluster left out in turn.
fn strain(view: &View) -> Option<String> {
    let found = clear_effects(view);
    let honest = stands(view, "message-honest", &found, |(facts, _, _)| {
        let mut rows = view.results.honest.iter();
        let row = rows.find(|row| {
            row.outcome == facts.id
                && row.comparison == view.main.id
                && row.restriction == "relative_magnitudes"
                && row.bound.is_some_and(|bound| (bound - AS_BEFORE).abs() < 1e-9)
        })?;
        let (low, high) = (row.ci_low?, row.ci_high?);
        Some(low > 0.0 || high < 0.0)
    });
    let left_out = stands(view, "message-left-out", &found, |(facts, _, estimate)| {
        let rows = view.results.clusters.iter();
        let mut rows =
            rows.filter(|row| row.outcome == facts.id && row.comparison == view.main.id).peekable();
        rows.peek()?;
        let same = |without: f64| (without < 0.0) == (*estimate < 0.0);
        Some(rows.all(|row| row.without.is_some_and(same)))
    });
    let told: Vec<String> = [honest, left_out].into_iter().flatten().collect();
    (!told.is_empty()).then(|| told.join(" "))
}

/// The smallest effects that the study would find, from the least to the most per unit.
fn detectable(view: &View) -> Option<String> {
    let rows: Vec<(&OutcomeFacts, f64, f64)> = view
        .by_domain()
        .into_iter()
        .filter_map(|facts| {
            let row = power(view, facts)?;
            Some((facts, row.minimal_detectable_effect?, row.power))
        })
        .collect();
    let chance = view.percent(100.0 * rows.first()?.2, 0);
    let mut units: Vec<String> = Vec::new();
    for (facts, _, _) in &rows {
        let unit = unit(view, facts);
        if !units.contains(&unit) {
            units.push(unit);
        }
    }
    let items: Vec<String> = units.iter().filter_map(|name| span(view, &rows, name)).collect();
    let arguments = [
        ("list", view.words.list(&items).into()),
        ("power", chance.into()),
        ("n", rows.len().into()),
    ];
    Some(view.words.with("message-power", &arguments))
}

fn unit(view: &View, facts: &OutcomeFacts) -> String {
    view.measure(facts).effect_unit()
}

/// "0,9 tot 16,1 procentpunt", or one number with its outcome.
fn span(view: &View, rows: &[(&OutcomeFacts, f64, f64)], name: &str) -> Option<String> {
    let mut within: Vec<_> = rows.iter().filter(|row| unit(view, row.0) == name).collect();
    within.sort_by(|a, b| a.1.total_cmp(&b.1));
    let (first, last) = (within.first()?, within.last()?);
    let (low, high) = (view.measure(first.0), view.measure(last.0));
    let top = high.effect(last.1);
    if within.len() == 1 {
        let arguments = [("end", top.into()), ("phrase", view.phrase(last.0).to_owned().into())];
        return Some(view.words.with("message-power-one", &arguments));
    }
    let arguments = [("low", low.bare(first.1).into()), ("high", top.into())];
    Some(view.words.with("message-power-span", &arguments))
}
