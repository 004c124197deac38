//! Which files there are, and filling those of a year.

use std::io::Result;
use std::path::Path;

use super::claims::{Bill, Care};
use super::columns::{self, Block, Column, REGISTERED};
use super::draws::Draws;
use super::keys::{Keys, Registered};
use super::model::Model;
use super::persons::{self, Entry, Homes};
use super::pregnancies::{HOME, Kind, Place, Pregnancy};
use super::sinks::{Sink, SynthFormat};

/// Everything that is written together because it tells of the same women.
#[derive(Debug, Clone)]
pub(super) struct Delivery {
    year: i64,
    /// The year after the last, of which only some births are delivered.
    incomplete: bool,
    births: Vec<Births>,
    persons: Vec<bool>,
}

/// One file of the birth registry.
#[derive(Debug, Clone)]
struct Births {
    vintage: String,
    version: u32,
    /// Fewer rows than the version after it.
    first: bool,
    new: bool,
}

/// The files of the years asked for.
pub(super) fn deliveries(model: &Model, years: (i64, i64)) -> Vec<Delivery> {
    let (_, last) = model.years();
    let old = format!("2000-{last}");
    let new = format!("{last}-{}", last + 1);
    let twice = |of: &[i64], year: i64| {
        if of.contains(&year) { vec![true, false] } else { vec![false] }
    };
    let parameters = &model.parameters.deliveries;
    let mut plan: Vec<Delivery> = (years.0..=years.1)
        .map(|year| {
            let versions = twice(&parameters.births_twice, year);
            let file = |(at, first): (usize, bool)| Births {
                vintage: old.clone(),
                version: at as u32 + 1,
                first,
                new: false,
            };
            let mut births: Vec<Births> = versions.into_iter().enumerate().map(file).collect();
            if year == last {
                births.push(Births { vintage: new.clone(), version: 1, first: false, new: true });
            }
            let persons = twice(&parameters.persons_twice, year);
            Delivery { year, incomplete: false, births, persons }
        })
        .collect();
    if years.1 == last {
        let births = vec![Births { vintage: new, version: 1, first: false, new: true }];
        plan.push(Delivery { year: last + 1, incomplete: true, births, persons: Vec::new() });
    }
    plan
}

/// An open table: rows wait in the block until it is full.
struct Table {
    block: Block,
    sink: Sink,
}

impl Table {
    fn new(
        format: SynthFormat,
        folder: &Path,
        stem: &str,
        year: i64,
        layout: Vec<Column>,
    ) -> Result<Self> {
        Ok(Self {
            block: Block::new(&layout),
            sink: Sink::new(format, folder, stem, year, layout)?,
        })
    }

    fn flush(&mut self, all: bool) -> Result<()> {
        if self.block.is_full() || (all && self.block.rows() > 0) {
            self.sink.write(&self.block)?;
            self.block.clear();
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(String, u64)> {
        self.flush(true)?;
        self.sink.finish()
    }
}

/// The tables of a year.
struct Tables {
    births: Vec<Table>,
    persons: Vec<Table>,
    trajectories: Option<Table>,
    claims: Option<Table>,
}

impl Tables {
    fn all(&mut self) -> impl Iterator<Item = &mut Table> {
        let rest = self.trajectories.iter_mut().chain(&mut self.claims);
        self.births.iter_mut().chain(&mut self.persons).chain(rest)
    }
}

impl Delivery {
    pub(super) fn file_count(&self) -> usize {
        self.births.len() + self.persons.len() + if self.incomplete { 0 } else { 2 }
    }

    /// Writes the files; names and rows.
    pub(super) fn write(
        &self,
        model: &Model,
        format: SynthFormat,
        folder: &Path,
    ) -> Result<Vec<(String, u64)>> {
        let mut tables = self.open(model, format, folder)?;
        let keys = Keys::new(model);
        for region in 0..model.regions.len() {
            if self.incomplete {
                self.some_births(model, &keys, region, &mut tables)?;
            } else {
                self.region(model, &keys, region, &mut tables)?;
            }
        }
        let rest = tables.trajectories.into_iter().chain(tables.claims);
        let all = tables.births.into_iter().chain(tables.persons).chain(rest);
        all.map(Table::finish).collect()
    }

    fn open(&self, model: &Model, format: SynthFormat, folder: &Path) -> Result<Tables> {
        let year = self.year;
        let table = |stem: String, layout| Table::new(format, folder, &stem, year, layout);
        let births = self.births.iter().map(|births| {
            let stem = format!("births_{}_{year}V{}", births.vintage, births.version);
            table(stem, columns::births(model))
        });
        let persons = (1..=self.persons.len())
            .map(|version| table(format!("persons_{year}V{version}"), columns::persons(model)));
        let complete = |stem: &str, layout: Vec<Column>| {
            if self.incomplete {
                Ok(None)
            } else {
                table(format!("{stem}_{year}V1"), layout).map(Some)
            }
        };
        Ok(Tables {
            births: births.collect::<Result<_>>()?,
            persons: persons.collect::<Result<_>>()?,
            trajectories: complete("trajectories", columns::trajectories())?,
            claims: complete("claims", columns::claims(model))?,
        })
    }

    fn region(&self, model: &Model, keys: &Keys, region: usize, tables: &mut Tables) -> Result<()> {
        let count = model.count(region, self.year);
        if count.all() == 0 {
            return Ok(());
        }
        let cell = model.cell(region, self.year);
        let place = place(model, region, self.year);
        let homes = Homes::new(model, region, self.year);
        let stream = 3 * model.cell_number(region, self.year) as u64;
        let mut draws = [0, 1, 2].map(|purpose| Draws::new(model.seed, stream + purpose));
        let mut bill = Bill::default();
        let first = model.offset(region, self.year);
        for number in 0..count.all() {
            let kind = kind(number, count.multiples, count.early, count.all());
            let birth = Pregnancy::draw(model, &cell, &mut draws[0], &place, kind);
            let entry = Entry { year: self.year, region, position: first + number };
            let woman = keys.woman(entry.position);
            let registered = Registered::draw(model, &mut draws[1], &birth, self.year, woman);
            let home = homes.draw(&mut draws[1]);
            self.enter(tables, keys, entry, &birth, &registered);
            if registered.person {
                for (table, first) in tables.persons.iter_mut().zip(&self.persons) {
                    if !first || registered.first_version {
                        persons::persons(&mut table.block, entry, woman, &birth, &registered, home);
                    }
                }
            }
            if let (true, Some(trajectories), Some(claims)) =
                (registered.trajectory, &mut tables.trajectories, &mut tables.claims)
            {
                let trajectory = keys.trajectory(entry.position);
                trajectories.block.push([REGISTERED, woman, trajectory, entry.month(&birth)]);
                let stray = registered.stray_claim;
                let care = Care { model, entry, birth: &birth, woman, trajectory, stray };
                bill.write(&mut claims.block, &mut draws[2], &care);
            }
            for table in tables.all() {
                table.flush(false)?;
            }
        }
        Ok(())
    }

    /// Adds a pregnancy to every file of the birth registry that holds it.
    fn enter(
        &self,
        tables: &mut Tables,
        keys: &Keys,
        entry: Entry,
        birth: &Pregnancy,
        registered: &Registered,
    ) {
        for (table, births) in tables.births.iter_mut().zip(&self.births) {
            if !births.first || registered.first_version {
                let mother = if births.new { registered.new } else { registered.old };
                persons::births(&mut table.block, entry, keys, birth, mother);
            }
        }
    }

    /// The incomplete year: a few births, mostly at home, of women who are in no other file.
    fn some_births(
        &self,
        model: &Model,
        keys: &Keys,
        region: usize,
        tables: &mut Tables,
    ) -> Result<()> {
        let parameters = &model.parameters.deliveries;
        let last = model.years().1;
        let cell = model.cell(region, last);
        let place = place(model, region, last);
        let stream = 3 * (model.cell_number(0, last + 1) + region) as u64;
        let mut draws = Draws::new(model.seed, stream);
        let before: u64 = (0..region).map(|r| incomplete_births(model, r)).sum();
        for number in 0..incomplete_births(model, region) {
            let home = draws.happens(*parameters.incomplete_home);
            let mut draw = || Pregnancy::draw(model, &cell, &mut draws, &place, Kind::Study);
            let mut birth = draw();
            for _ in 0..TRIES {
                if (birth.place == HOME) == home {
                    break;
                }
                birth = draw();
            }
            let position = before + number;
            let woman = keys.stranger(position);
            let registered = Registered::draw(model, &mut draws, &birth, self.year, woman);
            // children beyond those of the complete years
            let entry = Entry { year: self.year, region, position: model.pregnancies() + position };
            self.enter(tables, keys, entry, &birth, &registered);
            for table in tables.all() {
                table.flush(false)?;
            }
        }
        Ok(())
    }
}

/// Draws after which a birth of the wanted place is given up.
const TRIES: usize = 400;

fn incomplete_births(model: &Model, region: usize) -> u64 {
    let share = *model.parameters.deliveries.incomplete_share;
    (model.count(region, model.years().1).all() as f64 * share).round() as u64
}

fn place(model: &Model, region: usize, year: i64) -> Place {
    Place { groups: model.groups(region, year), urbanisation: model.regions[region].urbanisation }
}

/// Spreads multiples and early births evenly over the numbers of a cell.
fn kind(number: u64, multiples: u64, early: u64, all: u64) -> Kind {
    let steps = |of: u64| (number + 1) * of / all - number * of / all;
    if steps(multiples + early) == 0 {
        return Kind::Study;
    }
    let earlier = number * (multiples + early) / all;
    let extras = multiples + early;
    if (earlier + 1) * early / extras > earlier * early / extras {
        Kind::Early
    } else {
        Kind::Multiple
    }
}
