//! The public summary: what was asked, what was found, what that means and what it does not.

use verschil_study::results::OutcomeFacts;

use crate::sentences::plain::Plain;
use crate::sentences::standing::{Standing, ruled_out, standing};
use crate::sentences::{answer, effect};
use crate::view::View;
use crate::words::capital;

/// A domain with at most this many unclear outcomes tells between what each may lie; with more
/// they are named, and their numbers stand further on.
const EACH: usize = 3;

/// A piece of the summary.
pub(crate) enum Said {
    Heading(String),
    /// The question itself.
    Question(String),
    Sentences(String),
    /// The answer in short, set apart.
    Answer(Vec<String>),
    /// The name of a domain above its outcomes.
    Domain(String),
    Points(Vec<Point>),
}

/// What is told of one outcome, after its name.
pub(crate) struct Point {
    pub(crate) lead: String,
    pub(crate) text: String,
}

impl Said {
    /// The words alone, a line for each paragraph and point.
    pub(crate) fn lines(&self) -> Vec<String> {
        match self {
            Self::Heading(words)
            | Self::Question(words)
            | Self::Sentences(words)
            | Self::Domain(words) => vec![words.clone()],
            Self::Answer(sentences) => sentences.clone(),
            Self::Points(points) => points.iter().map(Point::line).collect(),
        }
    }
}

impl Point {
    fn line(&self) -> String {
        if self.lead.is_empty() {
            self.text.clone()
        } else {
            format!("{}: {}", self.lead, self.text)
        }
    }
}

/// The whole summary.
pub(crate) fn summary(view: &View) -> Vec<Said> {
    let heading = |key| Said::Heading(view.words.text(key));
    let mut said = vec![heading("public-asked")];
    let question = view.label(&view.results.study.question);
    if !question.is_empty() {
        said.push(Said::Question(question.to_owned()));
    }
    said.push(Said::Sentences(compared(view)));
    said.push(heading("public-found"));
    said.push(Said::Answer(answer::sentences(view)));
    if view.results.outcomes.len() > 1 {
        said.extend(domains(view));
    }
    said.push(heading("public-means"));
    said.push(Said::Sentences(means(view).join(" ")));
    said.push(heading("public-means-not"));
    said.push(Said::Points(means_not(view)));
    said
}

fn compared(view: &View) -> String {
    let design = &view.results.design;
    let outcomes = view.results.outcomes.len();
    let treated = [
        ("treated", view.regions(design.treated.len()).into()),
        ("intervention", view.intervention().into()),
    ];
    let control = [("control", view.regions(view.controls(view.main)).into())];
    let sentences = [
        view.words.with("public-treated", &treated),
        view.words.with("public-control", &control),
        view.words.with("public-start", &[("start", view.period(design.start).into())]),
        view.words.text("public-expected"),
    ];
    let mut sentences: Vec<String> = sentences.into();
    if !standing(view, Standing::Clear).is_empty() {
        sentences.push(view.words.text("public-named"));
    }
    sentences.push(view.words.with("public-outcomes", &[("n", outcomes.into())]));
    sentences.join(" ")
}

/// Every domain with its outcomes, by what may be said of them.
fn domains(view: &View) -> Vec<Said> {
    let domains = view.domains();
    let mut said = Vec::new();
    for one in &domains {
        if domains.len() > 1 && !one.name.is_empty() {
            said.push(Said::Domain(one.name.to_owned()));
        }
        said.extend(domain(view, &one.outcomes));
    }
    said
}

fn domain(view: &View, outcomes: &[&OutcomeFacts]) -> Vec<Said> {
    let of = |which: Standing| -> Vec<&OutcomeFacts> {
        outcomes.iter().copied().filter(|facts| Standing::of(view, facts) == which).collect()
    };
    let open = of(Standing::Open);
    let few = open.len() <= EACH;
    let mut told = of(Standing::Clear);
    told.extend(of(Standing::Equivalent));
    told.extend(open.iter().copied().filter(|_| few));
    let mut said = Vec::new();
    if !told.is_empty() {
        said.push(Said::Points(told.into_iter().map(|facts| outcome(view, facts)).collect()));
    }
    let rest = [
        (if few { Vec::new() } else { open }, "public-open"),
        (of(Standing::Doubtful), "public-doubtful"),
        (of(Standing::Refused), "public-refused"),
        (of(Standing::Withheld), "public-withheld"),
    ];
    for (outcomes, key) in rest.into_iter().filter(|(outcomes, _)| !outcomes.is_empty()) {
        said.push(Said::Sentences(view.words.with(key, &[("n", outcomes.len().into())])));
        let name =
            |facts: &OutcomeFacts| Point { lead: String::new(), text: capital(view.name(facts)) };
        said.push(Said::Points(outcomes.into_iter().map(name).collect()));
    }
    said
}

/// What is told of one outcome in a few short sentences.
pub(crate) fn outcome(view: &View, facts: &OutcomeFacts) -> Point {
    let lead = capital(view.name(facts));
    let found = view.main_row(facts).and_then(|row| Some((row, row.estimate?)));
    let Some((row, estimate)) = found else {
        let withheld = Standing::of(view, facts) == Standing::Withheld;
        let key = if withheld { "public-one-withheld" } else { "public-one-refused" };
        return Point { lead, text: view.words.text(key) };
    };
    let plain = Plain::new(view, facts, row);
    let bound = ruled_out(view, facts).map(|bound| view.measure(facts).effect(bound));
    let mut text = Vec::new();
    match Standing::of(view, facts) {
        Standing::Clear => {
            let arguments = [
                ("direction", if estimate < 0.0 { "down" } else { "up" }.into()),
                ("value", effect::value(facts, estimate).into()),
            ];
            text.push(view.words.with("public-one-clear", &arguments));
            text.extend([plain.estimate(estimate), plain.range(false)]);
            text.extend(plain.base());
            let small =
                |bound: String| view.words.with("public-one-small", &[("bound", bound.into())]);
            text.extend(bound.map(small));
        }
        Standing::Equivalent => {
            let bound = bound.unwrap_or_default();
            text.push(view.words.with("public-one-equivalent", &[("bound", bound.into())]));
        }
        Standing::Doubtful => text.push(view.words.text("public-one-doubtful")),
        _ => text.extend([view.words.text("public-one-open"), plain.range(true)]),
    }
    if row.trend_holds.is_none() {
        text.push(view.words.text("public-one-untested"));
    }
    Point { lead, text: text.join(" ") }
}

fn means(view: &View) -> Vec<String> {
    let count = |which| standing(view, which).len();
    let arguments = [("intervention", view.intervention().into())];
    let (clear, refused) = (count(Standing::Clear), count(Standing::Refused));
    if count(Standing::Withheld) == view.results.outcomes.len() {
        return vec![view.words.text("public-means-withheld")];
    }
    if refused == view.results.outcomes.len() {
        return vec![view.words.text("public-means-nothing")];
    }
    let mut sentences = Vec::new();
    // what may all be chance is not then called hard to explain by it
    if clear > 0 && answer::left(view) == Some(0) {
        sentences.push(view.words.with("public-means-weak", &arguments));
    } else if clear > 0 {
        sentences.push(view.words.with("public-means-clear", &arguments));
        sentences.push(view.words.text("public-means-if"));
    }
    match (count(Standing::Equivalent), clear) {
        (0, 0) => sentences.push(view.words.with("public-means-open", &arguments)),
        (0, _) => {}
        _ => sentences.push(view.words.text("public-means-equivalent")),
    }
    sentences
}

fn means_not(view: &View) -> Vec<Point> {
    let count = |which| standing(view, which).len();
    let (all, clear) = (view.results.outcomes.len(), count(Standing::Clear));
    let treated = view.results.design.treated.len();
    let rules: [(bool, &str, usize); 5] = [
        (count(Standing::Open) > 0, "public-not-absent", all),
        (clear > 0, "public-not-large", clear),
        (
            treated > 1 && all > count(Standing::Refused) + count(Standing::Withheld),
            "public-not-each",
            treated,
        ),
        (!view.results.provenance.locked, "public-not-fixed", all),
        (true, "public-not-elsewhere", all),
    ];
    let told = rules.into_iter().filter(|(applies, _, _)| *applies);
    told.map(|(_, key, n)| Point {
        lead: String::new(),
        text: view.words.with(key, &[("n", n.into())]),
    })
    .collect()
}
