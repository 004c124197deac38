//! From the rows that the engine gives to Grams and characteristics.

use std::collections::BTreeMap;

use datafusion::arrow::array::{ArrayRef, AsArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Decimal128Type, Float64Type, Int64Type};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::error::DataFusionError;
use verschil_stats::cells::{Cells, Counted};
use verschil_stats::grams::{Dictionaries, Grams, Level, MarginBuilder};
use verschil_study::{Problem, Protocol};

use super::parts::Parts;
use super::sql::Sums;
use crate::encode::{Coder, MAX_LEVELS, MISSING_LEVEL, NONE, Portion, Weighing};
use crate::extract::{shape, steps_per_unit};
use crate::reweigh::Reweighted;

/// Region and period, by code.
pub(super) type Cell = (u32, u32);

/// One crossing: where, which levels, and the numbers asked for.
struct Entry<T> {
    cell: Cell,
    /// The part of the region; the region itself where it has none.
    part: u32,
    levels: Vec<Level>,
    told: T,
}

/// Sums of one crossing.
struct Totals {
    sums: Vec<i64>,
    /// Of outcomes that are numbers.
    squares: Vec<i128>,
    /// For each characteristic rows, sum, and values that are not whole.
    characteristics: Vec<(u64, f64, u64)>,
}

/// What rows add up to.
pub(super) struct Summed {
    pub(super) grams: Grams,
    pub(super) reweighted: Option<Reweighted>,
    /// Where they were added.
    pub(super) cells: Option<Cells>,
}

/// Where the rows of a batch stand.
struct Crossings {
    cells: Vec<Cell>,
    parts: Vec<u32>,
    levels: Vec<Vec<Level>>,
}

impl Crossings {
    fn entries<T>(self, told: Vec<T>) -> impl Iterator<Item = Entry<T>> {
        let places = self.cells.into_iter().zip(self.parts).zip(self.levels).zip(told);
        places.map(|(((cell, part), levels), told)| Entry { cell, part, levels, told })
    }
}

/// What the queries gave but the counts of pairs, which are added as they come: they are thousands for
/// a region and period. Totals are at every level, so that all names are known before.
pub(super) struct Margins {
    regions: Coder,
    periods: Vec<i64>,
    levels: Vec<Coder>,
    numbers: Vec<bool>,
    class_of: Vec<usize>,
    parts: Parts,
    totals: Vec<Entry<Totals>>,
    cells: Option<Counted>,
}

impl Margins {
    pub(super) fn read(sums: &Sums, totals: &[RecordBatch]) -> Result<Self, ArrowError> {
        let mut margins = Self {
            regions: Coder::default(),
            periods: Vec::new(),
            levels: sums.covariates.iter().map(|_| Coder::default()).collect(),
            numbers: sums.numbers.clone(),
            class_of: sums.class_of.clone(),
            parts: Parts::new(sums.parts.len()),
            totals: Vec::new(),
            cells: None,
        };
        let parts = sums.parts.len();
        let first = sums.first_asked();
        for batch in totals {
            let crossings = margins.crossings(batch, parts)?;
            let told = margins.totals_of(batch, first, sums.characteristics)?;
            margins.totals.extend(crossings.entries(told));
        }
        Ok(margins)
    }

    /// Adds rows that are alike in all covariates, as [`Sums::cells`] asks for them.
    pub(super) fn add_cells(
        &mut self,
        sums: &Sums,
        alike: &[RecordBatch],
    ) -> Result<(), ArrowError> {
        let (covariates, outcomes) = (self.levels.len(), self.numbers.len());
        let (first, classes) = (2 + 2 * covariates, sums.classes());
        let numbers: Vec<usize> = (0..outcomes).filter(|&k| self.numbers[k]).collect();
        let mut cells = Counted {
            codes: vec![Vec::new(); covariates],
            known: vec![Vec::new(); outcomes],
            sums: vec![Vec::new(); outcomes],
            range: vec![Vec::new(); outcomes],
            ..Counted::default()
        };
        for batch in alike {
            let crossings = self.crossings(batch, 0)?;
            cells.region.extend(crossings.cells.iter().map(|cell| cell.0));
            cells.period.extend(crossings.cells.iter().map(|cell| cell.1));
            let levels = crossings.levels.into_iter().flatten();
            levels.for_each(|(at, code)| cells.codes[at].push(code));
            let column = |at: usize| whole(batch.column(first + at));
            for (k, &class) in self.class_of.iter().enumerate() {
                cells.known[k].extend(column(class)?.into_iter().map(i64::cast_unsigned));
                cells.sums[k].extend(column(classes + k)?);
            }
            for (at, &k) in numbers.iter().enumerate() {
                let ends = classes + outcomes + 2 * at;
                cells.range[k].extend(column(ends)?.into_iter().zip(column(ends + 1)?));
            }
        }
        self.cells = Some(cells);
        Ok(())
    }

    /// Where each row stands; behind region and period come so many columns of parts.
    fn crossings(&mut self, batch: &RecordBatch, parts: usize) -> Result<Crossings, ArrowError> {
        let regions = self.regions.codes(batch.column(0))?;
        let periods = whole(batch.column(1))?;
        let cells: Vec<Cell> = regions
            .into_iter()
            .zip(periods)
            .map(|(region, period)| (self.regions.keep(region), self.period(period)))
            .collect();
        let parts_of = match parts {
            0 => cells.iter().map(|cell| cell.0).collect(),
            _ => self.parts.read(batch, 2, &cells)?,
        };
        let (first, covariates) = (2 + parts, self.levels.len());
        let mut levels: Vec<Vec<Level>> = vec![Vec::new(); cells.len()];
        for (at, coder) in self.levels.iter_mut().enumerate() {
            let codes = coder.codes(batch.column(first + at))?;
            let summed = whole(batch.column(first + covariates + at))?;
            for ((row, code), over) in levels.iter_mut().zip(codes).zip(summed) {
                if over == 0 {
                    let code = if code == NONE { coder.text(MISSING_LEVEL) } else { code };
                    row.push((at, coder.keep(code)));
                }
            }
        }
        Ok(Crossings { cells, parts: parts_of, levels })
    }

    fn period(&mut self, period: i64) -> u32 {
        let at = self.periods.iter().position(|known| *known == period).unwrap_or_else(|| {
            self.periods.push(period);
            self.periods.len() - 1
        });
        u32::try_from(at).unwrap_or(NONE)
    }

    fn totals_of(
        &self,
        batch: &RecordBatch,
        first: usize,
        characteristics: usize,
    ) -> Result<Vec<Totals>, ArrowError> {
        let outcomes = self.numbers.len();
        let numbers = self.numbers.iter().filter(|&&number| number).count();
        let column = |at: usize| batch.column(first + at);
        let sums: Vec<Vec<i64>> =
            (0..outcomes).map(|k| whole(column(k))).collect::<Result<_, _>>()?;
        let squares: Vec<Vec<i128>> =
            (0..numbers).map(|k| wide(column(outcomes + k))).collect::<Result<_, _>>()?;
        let mut told = Vec::new();
        for k in 0..characteristics {
            let at = outcomes + numbers + 3 * k;
            told.push((whole(column(at))?, float(column(at + 1))?, whole(column(at + 2))?));
        }
        let row = |row: usize| Totals {
            sums: sums.iter().map(|column| column[row]).collect(),
            squares: squares.iter().map(|column| column[row]).collect(),
            characteristics: told
                .iter()
                .map(|(rows, sum, broken)| {
                    (rows[row].cast_unsigned(), sum[row], broken[row].cast_unsigned())
                })
                .collect(),
        };
        Ok((0..batch.num_rows()).map(row).collect())
    }

    /// Characteristics whose sums hang on the order of rows, and covariates with too many levels.
    pub(super) fn problems(&self, protocol: &Protocol) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (k, characteristic) in protocol.characteristics.iter().enumerate() {
            let all = self.totals.iter().filter(|entry| entry.levels.is_empty());
            let broken: u64 = all.map(|entry| entry.told.characteristics[k].2).sum();
            if broken > 0 {
                problems.push(
                    Problem::error("not-by-margins", "a cluster adds up whole numbers only")
                        .at(&characteristic.value.place)
                        .found(format!("{broken} rows with a fraction"))
                        .allowed("a value that is a whole number in every row")
                        .hint("count in smaller units, or run it on one machine"),
                );
            }
        }
        let categorical = protocol.covariates.iter();
        for (coder, covariate) in self.levels.iter().zip(categorical) {
            if coder.kept() > MAX_LEVELS {
                problems.push(crate::encode::too_many_levels(covariate));
            }
        }
        problems
    }

    /// Sums of characteristics by region and period, sorted. They are sums of whole numbers, so that
    /// the order of parts changes nothing.
    pub(super) fn portions(&self) -> Vec<Portion> {
        let mut portions: BTreeMap<(String, i64), Vec<(u64, f64)>> = BTreeMap::new();
        for entry in self.totals.iter().filter(|entry| entry.levels.is_empty()) {
            let told = &entry.told.characteristics;
            if !told.is_empty() {
                let sums = portions.entry(self.named(entry.cell));
                let sums = sums.or_insert_with(|| vec![(0, 0.0); told.len()]);
                for (sum, &(rows, total, _)) in sums.iter_mut().zip(told) {
                    *sum = (sum.0 + rows, sum.1 + total);
                }
            }
        }
        let portion = |((region, period), sums)| Portion { region, period, sums };
        portions.into_iter().map(portion).collect()
    }

    /// Region and period of a cell.
    fn named(&self, (region, period): Cell) -> (String, i64) {
        (self.region(region), self.periods[period as usize])
    }

    fn region(&self, code: u32) -> String {
        self.regions.names[self.regions.order[code as usize] as usize].clone()
    }

    /// The sums; `names` holds the cluster of each region, and `counts` is what [`Sums::counts`] asks
    /// for.
    pub(super) fn finish(
        mut self,
        (protocol, sums): (&Protocol, &Sums),
        names: &Dictionaries,
        weighing: Option<Weighing>,
        counts: impl IntoIterator<Item = Result<RecordBatch, DataFusionError>>,
    ) -> Result<Summed, DataFusionError> {
        let names = self.names(names);
        let (shape, steps) = (shape(protocol), steps_per_unit(protocol));
        let cells = self.cells.take().map(|cells| cells.finish(&steps, &shape.binary, &names));
        let mut builder = MarginBuilder::new(shape, &steps, self.class_of.clone(), names);
        self.add_totals(&mut builder);
        for batch in counts {
            self.add_counts(protocol, sums, &batch?, &mut builder)?;
        }
        let Some(Weighing { strata, unlinked, .. }) = weighing else {
            return Ok(Summed { grams: builder.finish(), reweighted: None, cells });
        };
        let parts = self.parts.weighed(protocol, &strata, |cell| self.named(cell));
        let (grams, weighted) = builder.finish_weighted(&parts);
        Ok(Summed {
            grams,
            reweighted: Some(Reweighted { grams: weighted, strata, unlinked }),
            cells,
        })
    }

    /// What the codes mean.
    fn names(&self, known: &Dictionaries) -> Dictionaries {
        let cluster_of: BTreeMap<&String, &String> =
            known.regions.iter().zip(&known.clusters).collect();
        let regions = self.regions.kept_names();
        let cluster = |region| cluster_of.get(region).map_or(region, |cluster| *cluster).clone();
        Dictionaries {
            clusters: regions.iter().map(cluster).collect(),
            regions,
            periods: self.periods.clone(),
            levels: self.levels.iter().map(Coder::kept_names).collect(),
        }
    }

    fn add_totals(&mut self, builder: &mut MarginBuilder) {
        for Entry { cell, part, levels, told } in std::mem::take(&mut self.totals) {
            let cell = (part, cell.1);
            builder.sum(cell, levels.first().copied(), &told.sums);
            if levels.is_empty() {
                let mut numbers = told.squares.into_iter();
                let square = |&number: &bool| number.then(|| numbers.next()).flatten();
                let squares: Vec<i128> =
                    self.numbers.iter().map(square).map(Option::unwrap_or_default).collect();
                builder.square(cell, &squares);
            }
        }
    }

    fn add_counts(
        &mut self,
        protocol: &Protocol,
        sums: &Sums,
        batch: &RecordBatch,
        builder: &mut MarginBuilder,
    ) -> Result<(), DataFusionError> {
        let met = self.met();
        let crossings = self.crossings(batch, sums.parts.len())?;
        if self.met() != met {
            return Err(DataFusionError::External(Box::new(changed(protocol))));
        }
        let columns: Vec<Vec<i64>> = (sums.first_asked()..batch.num_columns())
            .map(|at| whole(batch.column(at)))
            .collect::<Result<_, _>>()?;
        let mut rows = vec![0; columns.len()];
        let places = crossings.cells.iter().zip(&crossings.parts).zip(&crossings.levels);
        for (row, ((cell, &part), levels)) in places.enumerate() {
            let counted = columns.iter().map(|column| column[row].cast_unsigned());
            rows.iter_mut().zip(counted).for_each(|(rows, counted)| *rows = counted);
            builder.count((part, cell.1), levels, &rows);
        }
        Ok(())
    }

    /// How many regions, periods, parts and levels were met.
    fn met(&self) -> (usize, usize, usize, usize) {
        let levels = self.levels.iter().map(Coder::kept).sum();
        (self.regions.kept(), self.periods.len(), self.parts.met(), levels)
    }
}

/// One query met what the one before it had not: they read different rows.
fn changed(protocol: &Protocol) -> Problem {
    Problem::error("sources-changed", "the sources changed while they were read")
        .at(&protocol.population.place)
        .found("a region, a period or a level that was not there a moment before")
        .allowed("sources that stay as they are until the run ends")
        .hint("run again when nothing writes to them")
}

/// Whole numbers; a sum over nothing is zero.
fn whole(column: &ArrayRef) -> Result<Vec<i64>, ArrowError> {
    let column = cast(column, &DataType::Int64)?;
    Ok(column.as_primitive::<Int64Type>().iter().map(Option::unwrap_or_default).collect())
}

fn wide(column: &ArrayRef) -> Result<Vec<i128>, ArrowError> {
    let column = cast(column, &DataType::Decimal128(38, 0))?;
    Ok(column.as_primitive::<Decimal128Type>().iter().map(Option::unwrap_or_default).collect())
}

fn float(column: &ArrayRef) -> Result<Vec<f64>, ArrowError> {
    let column = cast(column, &DataType::Float64)?;
    Ok(column.as_primitive::<Float64Type>().iter().map(Option::unwrap_or_default).collect())
}
