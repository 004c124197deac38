//! The four registries as tables of whole numbers, and what the numbers stand for.

use super::claims;
use super::model::Model;
use super::pregnancies::WAYS;

/// No value.
pub(super) const MISSING: i32 = i32::MIN;

/// What a column's whole numbers stand for.
#[derive(Debug, Clone)]
pub(super) enum Meaning {
    /// Themselves; value labels for formats that have them.
    Integer(&'static [(i32, &'static str)]),
    /// Text of nine digits with leading zeros, blank when missing.
    Digits,
    /// Position in a list of words, blank when missing.
    Words(Vec<String>),
}

/// One column.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) meaning: Meaning,
}

impl Column {
    /// Name in the file of a year: capitals in even years, as deliveries differ.
    pub(super) fn name_in(&self, year: i64) -> String {
        if year % 2 == 0 { self.name.to_uppercase() } else { self.name.to_owned() }
    }
}

/// Rows of one table, by column.
#[derive(Debug)]
pub(super) struct Block {
    columns: Vec<Vec<i32>>,
}

/// Rows after which a block is written.
const FULL: usize = 16_384;

impl Block {
    pub(super) fn new(layout: &[Column]) -> Self {
        Self { columns: vec![Vec::with_capacity(FULL + 4096); layout.len()] }
    }

    /// Adds a row, in the order of the layout.
    pub(super) fn push<const N: usize>(&mut self, row: [i32; N]) {
        debug_assert_eq!(N, self.columns.len());
        for (column, value) in self.columns.iter_mut().zip(row) {
            column.push(value);
        }
    }

    pub(super) fn rows(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }

    pub(super) fn is_full(&self) -> bool {
        self.rows() >= FULL
    }

    pub(super) fn columns(&self) -> &[Vec<i32>] {
        &self.columns
    }

    pub(super) fn clear(&mut self) {
        self.columns.iter_mut().for_each(Vec::clear);
    }
}

/// Kinds of person numbers.
pub(super) const KINDS: [&str; 2] = ["R", "F"];
/// Position in [`KINDS`] of numbers that identify a person.
pub(super) const REGISTERED: i32 = 0;
/// Position in [`KINDS`] of numbers that do not.
pub(super) const FOREIGN: i32 = 1;

const PLACES: [(i32, &str); 5] = [
    (1, "thuis"),
    (2, "geboortecentrum"),
    (3, "poliklinisch, eerste lijn"),
    (4, "ziekenhuis, tweede lijn"),
    (9, "onbekend"),
];
const LINES: [(i32, &str); 2] = [(1, "eerste lijn"), (2, "tweede lijn")];
const TRANSFERS: [(i32, &str); 4] =
    [(0, "geen"), (1, "voor de bevalling"), (2, "tijdens de bevalling"), (3, "na de bevalling")];
const DEATHS: [(i32, &str); 3] = [(0, "levend"), (1, "doodgeboren"), (3, "neonataal overleden")];
const URBAN: [(i32, &str); 5] = [
    (1, "zeer sterk stedelijk"),
    (2, "sterk stedelijk"),
    (3, "matig stedelijk"),
    (4, "weinig stedelijk"),
    (5, "niet stedelijk"),
];
const EDUCATION: [(i32, &str); 3] = [(1, "laag"), (2, "midden"), (3, "hoog")];
const YES: [(i32, &str); 2] = [(0, "nee"), (1, "ja")];

fn words<T: ToString>(words: impl IntoIterator<Item = T>) -> Meaning {
    Meaning::Words(words.into_iter().map(|word| word.to_string()).collect())
}

fn layout(columns: Vec<(&'static str, Meaning)>) -> Vec<Column> {
    columns.into_iter().map(|(name, meaning)| Column { name, meaning }).collect()
}

fn regions(model: &Model) -> Meaning {
    words(model.regions.iter().map(|region| &region.code))
}

/// The birth registry: one row per child.
pub(super) fn births(model: &Model) -> Vec<Column> {
    let number = || Meaning::Integer(&[]);
    layout(vec![
        ("rinpersoons_moeder", words(KINDS)),
        ("rinpersoon_moeder", Meaning::Digits),
        ("rinpersoons_kind", words(KINDS)),
        ("rinpersoon_kind", Meaning::Digits),
        ("jaar", number()),
        ("bevallingsmaand", number()),
        ("amww", number()),
        ("amddd1ond", number()),
        ("omv", number()),
        ("rangnummer", number()),
        ("par", number()),
        ("geboortegew", number()),
        ("hoftiezer", number()),
        ("sterfte", Meaning::Integer(&DEATHS)),
        ("apgar5", number()),
        ("type_partus", words(WAYS)),
        ("inleiding", Meaning::Integer(&YES)),
        ("start_zorg", Meaning::Integer(&LINES)),
        ("start_baring", Meaning::Integer(&LINES)),
        ("overdracht", Meaning::Integer(&TRANSFERS)),
        ("plaats", Meaning::Integer(&PLACES)),
        ("epiduraal", Meaning::Integer(&YES)),
        ("pijn_overig", Meaning::Integer(&YES)),
        ("bloedverlies", number()),
        ("ruptuur", number()),
        ("vsv", regions(model)),
        ("nicuopname", Meaning::Integer(&YES)),
    ])
}

/// The person registry: one row per woman and year.
pub(super) fn persons(model: &Model) -> Vec<Column> {
    let mix = &model.parameters.casemix;
    layout(vec![
        ("rinpersoons", words(KINDS)),
        ("rinpersoon", Meaning::Digits),
        ("jaar", Meaning::Integer(&[])),
        ("geboortejaar", Meaning::Integer(&[])),
        ("herkomst", words(&*mix.origins)),
        ("inkomen_kwintiel", Meaning::Integer(&[])),
        ("opleiding", Meaning::Integer(&EDUCATION)),
        ("huishouden", words(&*mix.households)),
        ("stedelijkheid", Meaning::Integer(&URBAN)),
        ("vsv_woon", regions(model)),
        ("kwetsbaar", Meaning::Integer(&YES)),
    ])
}

/// Trajectories of maternity care in the claims registry.
pub(super) fn trajectories() -> Vec<Column> {
    layout(vec![
        ("rinpersoons", words(KINDS)),
        ("rinpersoon", Meaning::Digits),
        ("trajectid", Meaning::Digits),
        ("bevallingsmaand", Meaning::Integer(&[])),
    ])
}

/// Claims: many rows per trajectory.
pub(super) fn claims(model: &Model) -> Vec<Column> {
    layout(vec![
        ("rinpersoons", words(KINDS)),
        ("rinpersoon", Meaning::Digits),
        ("trajectid", Meaning::Digits),
        ("prestatiemaand", Meaning::Integer(&[])),
        ("ib_indeling", words(claims::names(model))),
        ("aantal", Meaning::Integer(&[])),
        ("bedrag_cents", Meaning::Integer(&[])),
    ])
}
