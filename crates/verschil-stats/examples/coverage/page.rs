//! The page: one table for each question.

use std::fmt::Write;

use verschil_stats::grams::count;

use crate::cases::{Record, Tally, methods};

const HEAD: &str = "\
# Coverage

How often each method is wrong when nothing happened. Made by `cargo run --release -p verschil-stats --example coverage -- DRAWS CPS.csv`;
do not edit by hand.

Each draw is a study of fourteen years, nine before the start, without any effect. In the made-up ones a region's outcome is a stationary first-order
autoregression (0.6) plus sampling noise that shrinks with its size; unequal sizes are log-normal with a spread of 0.8. In the placebo laws the
outcomes are those of real American states (Current Population Survey, 1979-2018, as shipped with the R package synthdid): 26 states, the
adopting ones among them and the fourteen years are drawn. A method that keeps its promise claims an effect in 5% of them, and its 95% interval
holds the truth, which is zero, in 95%.

The wild methods use 999 draws here; `permutation` visits every assignment. Where a method is refused in every draw the cell says so.
";

/// The whole page.
pub fn write(records: &[Record], draws: usize) -> String {
    let mut page = HEAD.to_owned();
    let error = (0.05 * 0.95 / count(draws as u64)).sqrt();
    let _ = writeln!(
        page,
        "\n{draws} draws for each row; the Monte Carlo error of a share near 5% or 95% is {:.1} percentage points.",
        100.0 * error
    );
    page.push_str("\n## Claims an effect where there is none, % (should be 5)\n\n");
    table(&mut page, records, |tally, _| percent(tally.rejects()));
    page.push_str("\n## Interval holds the truth, % (should be 95)\n\n");
    table(&mut page, records, |tally, _| percent(tally.covers()));
    page.push_str("\n## Median length of the interval, as a share of that of `permutation`\n\n");
    page.push_str("`open` where at least half of the intervals have an open end.\n\n");
    table(&mut page, records, |tally, record| {
        if tally.intervals == 0 {
            return "-".into();
        }
        let base = method(record, "permutation").and_then(Tally::length);
        match (tally.length(), base) {
            (Some(length), Some(base)) => format!("{:.2}", length / base),
            (None, _) => "open".into(),
            (Some(_), None) => "-".into(),
        }
    });
    page
}

fn method<'a>(record: &'a Record, id: &str) -> Option<&'a Tally> {
    methods().position(|method| method.id == id).map(|at| &record.tallies[at])
}

fn percent(share: Option<f64>) -> String {
    share.map_or("-".into(), |share| format!("{:.1}", 100.0 * share))
}

fn table(page: &mut String, records: &[Record], cell: impl Fn(&Tally, &Record) -> String) {
    let names: Vec<String> = methods().map(|method| format!("`{}`", method.id)).collect();
    let _ = writeln!(page, "| treated regions | {} |", names.join(" | "));
    let _ = writeln!(page, "|---|{}", "---|".repeat(names.len()));
    for record in records {
        let cells: Vec<String> =
            record
                .tallies
                .iter()
                .map(|tally| {
                    if tally.refused == tally.asked {
                        "refused".into()
                    } else {
                        cell(tally, record)
                    }
                })
                .collect();
        let _ = writeln!(page, "| {} | {} |", record.name, cells.join(" | "));
    }
}
