//! Rows of the birth and person registries.

use super::casemix::Flag;
use super::columns::{Block, MISSING, REGISTERED};
use super::draws::Draws;
use super::keys::{Keys, Registered};
use super::model::Model;
use super::pregnancies::{Kind, Pregnancy};

/// Where and when a pregnancy is registered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) year: i64,
    pub(super) region: usize,
    /// Number of the pregnancy among all.
    pub(super) position: u64,
}

impl Entry {
    /// Month of birth as YYYYMM.
    pub(super) fn month(&self, birth: &Pregnancy) -> i32 {
        self.year as i32 * 100 + birth.month
    }
}

/// Adds the children of a pregnancy.
pub(super) fn births(
    block: &mut Block,
    entry: Entry,
    keys: &Keys,
    birth: &Pregnancy,
    mother: (i32, i32),
) {
    let multiple = birth.kind == Kind::Multiple;
    for (rank, child) in birth.children.iter().enumerate().take(1 + usize::from(multiple)) {
        let number = keys.child(entry.position, rank as u64);
        let (kind, number) =
            if child.death == 1 { (MISSING, MISSING) } else { (REGISTERED, number) };
        block.push([
            mother.0,
            mother.1,
            kind,
            number,
            entry.year as i32,
            entry.month(birth),
            birth.children[0].weeks,
            birth.first_visit,
            1 + i32::from(multiple),
            rank as i32 + 1,
            birth.woman.parity,
            child.weight,
            child.percentile,
            child.death,
            child.apgar.unwrap_or(MISSING),
            i32::from(birth.way),
            i32::from(birth.induced),
            birth.start,
            birth.labour,
            birth.transfer,
            birth.place,
            i32::from(birth.epidural),
            i32::from(birth.relief),
            birth.blood,
            birth.tear,
            entry.region as i32,
            i32::from(child.nicu),
        ]);
    }
}

/// Adds a woman, sometimes twice, and sometimes with a second row that says otherwise.
pub(super) fn persons(
    block: &mut Block,
    entry: Entry,
    woman: i32,
    birth: &Pregnancy,
    registered: &Registered,
    home: usize,
) {
    let or_missing = |value: i32| if value == 0 { MISSING } else { value };
    let row = [
        REGISTERED,
        woman,
        entry.year as i32,
        entry.year as i32 - birth.woman.age,
        i32::from(birth.woman.origin),
        or_missing(birth.woman.income),
        or_missing(birth.woman.education),
        i32::from(birth.woman.household),
        birth.woman.urbanisation,
        home as i32,
        i32::from(birth.woman.is(Flag::Vulnerable)),
    ];
    block.push(row);
    if registered.duplicate || registered.conflicting {
        let mut again = row;
        if registered.conflicting {
            again[3] -= 1;
        }
        block.push(again);
    }
}

/// Regions in which the women of a region's care live: itself, and its nearest three.
pub(super) struct Homes {
    own: usize,
    near: Vec<usize>,
    crossing: f64,
}

impl Homes {
    pub(super) fn new(model: &Model, region: usize, year: i64) -> Self {
        let here = &model.regions[region];
        let distance = |other: &usize| {
            let there = model.regions[*other].place;
            (there.0 - here.place.0).hypot(there.1 - here.place.1)
        };
        let mut near: Vec<usize> = (0..model.regions.len())
            .filter(|other| *other != region && model.regions[*other].exists(year))
            .collect();
        near.sort_by(|a, b| distance(a).total_cmp(&distance(b)).then(a.cmp(b)));
        near.truncate(3);
        let structure = &model.parameters.structure;
        let crossing =
            if here.academic { *structure.crossing_academic } else { *structure.crossing };
        Self { own: region, near, crossing }
    }

    /// Draws where a woman lives; always two draws.
    pub(super) fn draw(&self, draws: &mut Draws) -> usize {
        let crosses = draws.happens(self.crossing);
        let which = draws.below(self.near.len().max(1) as u32) as usize;
        if crosses { self.near.get(which).copied().unwrap_or(self.own) } else { self.own }
    }
}
