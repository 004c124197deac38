//! The columns of a table of claims.

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Any text.
    Text,
    /// A number as printed.
    Number,
    /// A p-value, with `<` or `>` where it is a bound.
    PValue,
    /// One of these words, or nothing.
    Choice(&'static [&'static str]),
    /// The id of another row.
    Id,
}

/// One column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its heading.
    pub id: &'static str,
    /// Dutch heading, accepted as well.
    pub nl: &'static str,
    /// What its cells hold.
    pub holds: Holds,
    /// What it means, a sentence.
    pub doc: &'static str,
}

const fn column(id: &'static str, nl: &'static str, holds: Holds, doc: &'static str) -> Column {
    Column { id, nl, holds, doc }
}

/// Every column; `outcome` must be there, the others may.
pub const COLUMNS: &[Column] = &[
    column("id", "nummer", Holds::Text, "Name of the claim, unique; `line N` where there is none."),
    column(
        "outcome",
        "uitkomst",
        Holds::Text,
        "What the claim is about; the only column and cell that must be there.",
    ),
    column(
        "label",
        "label",
        Holds::Text,
        "The outcome's name as `text` has it, several separated by `;`. Words of a name say nothing about direction.",
    ),
    column(
        "aspect",
        "aspect",
        Holds::Text,
        "What of the outcome: `effect` (also where empty), `share` or `level` (a percentage of persons), `length` (a number of years), `figure` (the row stands for a figure, `stated` lists its outcomes), or any word of your own.",
    ),
    column("analysis", "analyse", Holds::Text, "Which analysis."),
    column("population", "populatie", Holds::Text, "Which regions or persons."),
    column("period", "periode", Holds::Text, "Which period, such as `2018-2021`."),
    column("denominator", "noemer", Holds::Text, "What a percentage is a percentage of."),
    column(
        "estimate",
        "schatting",
        Holds::Number,
        "The number claimed, with its sign: a decrease of 9 percent is -9.",
    ),
    column("low", "ondergrens", Holds::Number, "Lower end of its interval."),
    column("high", "bovengrens", Holds::Number, "Upper end of its interval."),
    column(
        "unit",
        "eenheid",
        Holds::Text,
        "Unit of these three: `%` for a percentage, `pp` for percentage points, `OR`, `RR` or `HR` for a ratio, otherwise any unit.",
    ),
    column(
        "scale",
        "schaal",
        Holds::Choice(&["linear", "ratio"]),
        "Scale of the interval; where empty, either may be meant.",
    ),
    column(
        "interval",
        "interval",
        Holds::Choice(&["centred", "anywhere"]),
        "`anywhere` for a method that need not put the estimate halfway (a bootstrap, a test turned around).",
    ),
    column(
        "confidence",
        "betrouwbaarheid",
        Holds::Number,
        "Confidence level of the interval in percent; 95 where empty.",
    ),
    column("p_value", "p-waarde", Holds::PValue, "Two-sided p-value, `0.03` or `<0.001`."),
    column(
        "before",
        "voor",
        Holds::Number,
        "Level that the change starts from: before, or expected without the change.",
    ),
    column("after", "na", Holds::Number, "Level that it ends at."),
    column(
        "change",
        "verandering",
        Holds::Number,
        "The change in the unit of the levels, where `estimate` is a percentage.",
    ),
    column(
        "base",
        "basis",
        Holds::Number,
        "The level that the percentage is of; `before` where empty.",
    ),
    column("n", "n", Holds::Number, "How many."),
    column("of", "van", Holds::Number, "Out of how many."),
    column(
        "part_of",
        "deel_van",
        Holds::Id,
        "Id of the row about the whole. Every part of it is in the table; counts are added where all state one, estimates otherwise.",
    ),
    column(
        "stated",
        "gezegd",
        Holds::Text,
        "What is said where it is no number: `2018-2021`, a list, a verdict.",
    ),
    column(
        "cites",
        "verwijst_naar",
        Holds::Id,
        "Id of the row that the claim points at for its proof.",
    ),
    column("text", "tekst", Holds::Text, "The words of the claim."),
    column(
        "language",
        "taal",
        Holds::Choice(&["nl", "en"]),
        "Language of `text`; words of both are known where it is empty.",
    ),
    column("source", "bron", Holds::Text, "Where it stands in the publication."),
];

/// The column with this heading, in whatever case and with spaces for underscores.
pub(crate) fn find(heading: &str) -> Option<&'static Column> {
    let plain = heading.trim().to_lowercase().replace([' ', '-'], "_");
    COLUMNS.iter().find(|column| column.id == plain || column.nl.replace('-', "_") == plain)
}
