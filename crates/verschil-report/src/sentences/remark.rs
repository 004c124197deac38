//! What stands beside a row in a table of methods: refusals and remarks in words.

use verschil_study::results::EstimateRow;

use crate::note::{Assignments, Note};
use crate::sentences::refusal;
use crate::view::View;
use crate::words::capital;

/// Remarks that are said by their code alone.
const PLAIN: [(&str, &str); 3] = [
    ("unbounded", "remark-unbounded"),
    ("disconnected", "remark-disconnected"),
    ("no_interval", "remark-no-interval"),
];

/// Whose small-sample convention a standard error follows.
const CONVENTIONS: [(&str, &str); 5] = [
    ("fixest", "remark-convention-fixest"),
    ("stata", "remark-convention-stata"),
    ("summclust", "remark-convention-summclust"),
    ("clubsandwich", "remark-convention-clubsandwich"),
    ("clubsandwich_inverse_var", "remark-convention-clubsandwich-inverse-var"),
];

/// All remarks of a row, as one text.
pub(crate) fn of_row(view: &View, row: &EstimateRow) -> String {
    let note = Note::read(&row.note);
    let mut remarks = Vec::new();
    if row.headline {
        remarks.push(view.words.text("remark-headline"));
    }
    remarks.extend(refusal::in_row(view, row));
    remarks.extend(note.assignments().map(|assignments| {
        let (key, n) = match assignments {
            Assignments::All(n) => ("remark-enumerated", n),
            Assignments::Drawn(n) => ("remark-draws", n),
        };
        view.words.with(key, &[("n", view.numbers.whole(n).into())])
    }));
    let p =
        |key: &'static str, p: f64| view.words.with(key, &[("p", view.numbers.p_value(p).into())]);
    // A floor that rounds away in print binds nobody.
    remarks.extend(note.permutation_floor().filter(|f| *f >= 0.001).map(|f| p("remark-floor", f)));
    remarks.extend(note.p_value_t().map(|value| p("remark-p-t", value)));
    remarks.extend(note.number("rank_p_value").map(|value| p("remark-rank-p", value)));
    let controls = note.number("effective_controls");
    remarks.extend(
        controls.map(|n| {
            view.words.with("remark-controls", &[("n", view.numbers.decimal(n, 1).into())])
        }),
    );
    let told = note.told("convention");
    let convention = CONVENTIONS.iter().find(|(code, _)| told == Some(code));
    remarks.extend(convention.map(|(_, key)| view.words.text(key)));
    remarks.extend(degrees(view, row));
    let plain = PLAIN.iter().filter(|(code, _)| note.has(code));
    remarks.extend(plain.map(|(_, key)| view.words.text(key)));
    capital(&remarks.join("; "))
}

/// Degrees of freedom, where they are not those of the number of clusters.
fn degrees(view: &View, row: &EstimateRow) -> Option<String> {
    let df = row.df.filter(|_| row.method == "cr2")?;
    Some(view.words.with("remark-degrees", &[("df", view.numbers.decimal(df, 1).into())]))
}
