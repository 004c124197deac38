//! Limits of this run, each a sentence with its numbers and only where it applies.

use verschil_study::results::{OutcomeFacts, Text};

use crate::sentences::refusal;
use crate::sentences::standing::{Standing, power, standing};
use crate::view::View;

/// With fewer treated regions than this, cluster-robust and wild methods are known to mislead
/// (MacKinnon and Webb 2017).
const FEW_TREATED: usize = 10;

/// More outcomes than this are counted rather than named.
const NAMED: usize = 6;

type Rule = fn(&View) -> Vec<String>;

const RULES: [Rule; 10] = [
    invented,
    exploratory,
    refused,
    refused_elsewhere,
    few_treated,
    trends,
    linked,
    many,
    irrelevance,
    regression,
];

/// All limits that apply.
pub(crate) fn sentences(view: &View) -> Vec<String> {
    RULES.iter().flat_map(|rule| rule(view)).collect()
}

fn invented(view: &View) -> Vec<String> {
    let told = view.results.study.synthetic.then(|| view.words.text("limit-invented"));
    told.into_iter().collect()
}

fn exploratory(view: &View) -> Vec<String> {
    let told = !view.results.provenance.locked;
    told.then(|| view.words.text("limit-exploratory")).into_iter().collect()
}

/// Outcomes without an estimate, those with the same reason together.
fn refused(view: &View) -> Vec<String> {
    let mut reasons: Vec<(String, Vec<String>)> = Vec::new();
    for facts in standing(view, Standing::Refused) {
        let reason = view.main_row(facts).and_then(|row| refusal::in_row(view, row));
        let reason = reason.unwrap_or_default();
        let phrase = view.phrase(facts).to_owned();
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, phrases)) => phrases.push(phrase),
            None => reasons.push((reason, vec![phrase])),
        }
    }
    let sentence = |(reason, phrases): (String, Vec<String>)| {
        let list = view.words.list(&phrases);
        if reason.is_empty() {
            return view.words.with("effect-absent", &[("phrase", list.into())]);
        }
        let arguments = [("phrase", list.into()), ("reason", reason.into())];
        view.words.with("effect-refused", &arguments)
    };
    reasons.into_iter().map(sentence).collect()
}

/// Other numbers that the data could not bear: effects per region or period, other methods.
fn refused_elsewhere(view: &View) -> Vec<String> {
    let refused = standing(view, Standing::Refused);
    let main = |outcome: &str| refused.iter().any(|facts| facts.id == outcome);
    let findings = view.results.findings.iter();
    let n = findings.filter(|found| found.verdict == "refusal" && !main(&found.outcome)).count();
    let told = (n > 0).then(|| view.words.with("limit-refused", &[("n", n.into())]));
    told.into_iter().collect()
}

fn few_treated(view: &View) -> Vec<String> {
    let n = view.results.design.treated.len();
    let arguments = [("n", n.into()), ("treated", view.regions(n).into())];
    let told = (n < FEW_TREATED).then(|| view.words.with("limit-few-treated", &arguments));
    told.into_iter().collect()
}

/// Outcomes whose trend check failed, and those for which there is no verdict.
fn trends(view: &View) -> Vec<String> {
    let all = view.results.outcomes.len();
    let verdict = |facts: &OutcomeFacts| {
        view.main_row(facts).filter(|row| row.estimate.is_some()).map(|row| row.trend_holds)
    };
    let with = |which: Option<bool>| -> Vec<String> {
        let found = view.by_domain().into_iter().filter(|facts| verdict(facts) == Some(which));
        found.map(|facts| view.phrase(facts).to_owned()).collect()
    };
    let kinds = [(Some(false), "limit-trends-failed"), (None, "limit-trends-untested")];
    let sentence = |(which, key): (Option<bool>, &'static str)| {
        let found = with(which);
        let named = if found.len() > NAMED { "no" } else { "yes" };
        let arguments = [
            ("n", found.len().into()),
            ("all", all.into()),
            ("named", named.into()),
            ("list", view.words.list(&found).into()),
        ];
        (!found.is_empty()).then(|| view.words.with(key, &arguments))
    };
    kinds.into_iter().filter_map(sentence).collect()
}

/// Links that did not find everybody.
fn linked(view: &View) -> Vec<String> {
    let results = view.results;
    let sentence = |rate: &verschil_study::results::LinkageRate| {
        let lost = rate.units.checked_sub(rate.linked).filter(|lost| *lost > 0)?;
        let link = results.links.iter().find(|link| link.id == rate.link);
        let name = link.map_or(rate.link.as_str(), |link| view.label(&link.label));
        let arguments = [
            ("lost", view.numbers.whole(lost).into()),
            ("units", view.numbers.whole(rate.units).into()),
            ("noun", view.units().into()),
            ("share", view.percent(100.0 * rate.share?, 1).into()),
            ("link", name.to_owned().into()),
        ];
        Some(view.words.with("limit-linked", &arguments))
    };
    results
        .linkage_rates
        .iter()
        .filter(|rate| rate.dimension == "all")
        .filter_map(sentence)
        .collect()
}

fn many(view: &View) -> Vec<String> {
    let all = view.results.outcomes.len();
    let arguments = [("n", all.into()), ("alpha", view.alpha().into())];
    (all > 1).then(|| view.words.with("limit-many", &arguments)).into_iter().collect()
}

/// Outcomes for which the protocol names no smallest relevant effect, or whose method has no
/// standard error to test it with.
fn irrelevance(view: &View) -> Vec<String> {
    let estimated = view.results.outcomes.iter();
    let estimated: Vec<&OutcomeFacts> =
        estimated.filter(|facts| Standing::of(view, facts) != Standing::Refused).collect();
    let without = estimated.iter().filter(|facts| {
        power(view, facts).is_none_or(|row| row.smallest_relevant_effect.is_none())
    });
    let n = without.count();
    let which = if n == estimated.len() { "all" } else { "some" };
    let arguments = [("n", n.into()), ("all", estimated.len().into()), ("which", which.into())];
    (n > 0).then(|| view.words.with("limit-no-bounds", &arguments)).into_iter().collect()
}

/// Controls that were matched on an outcome (Daw and Hatfield 2018): a characteristic with the id or
/// the label of one.
fn regression(view: &View) -> Vec<String> {
    let same = |id: &str, label: &Text| {
        let mut outcomes = view.results.outcomes.iter();
        outcomes.any(|facts| {
            facts.id == id || !label.is_empty() && view.label(&facts.label) == view.label(label)
        })
    };
    let facts = view.results.matching_facts.iter();
    let matched = facts.flat_map(|facts| &facts.characteristics);
    let mut names: Vec<String> = Vec::new();
    for one in matched.filter(|one| same(&one.id, &one.label)) {
        let name = if one.label.is_empty() { one.id.as_str() } else { view.label(&one.label) };
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    let arguments = [("list", view.words.list(&names).into()), ("n", names.len().into())];
    (!names.is_empty())
        .then(|| view.words.with("limit-regression", &arguments))
        .into_iter()
        .collect()
}
