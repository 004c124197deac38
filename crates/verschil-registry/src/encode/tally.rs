//! What is counted beside the sums: linkage, characteristics of regions, identities, and which
//! exclusion took a region away.

use std::collections::BTreeMap;

use datafusion::arrow::array::{Array, AsArray, BooleanArray, Float64Array};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Float64Type};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::record_batch::RecordBatch;
use serde::{Deserialize, Serialize};
use verschil_stats::grams::count;
use verschil_study::Protocol;

use super::{Coder, NONE};
use crate::query::Layout;

/// Rows that could be linked, and those that are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// Rows of the base that meet no exclusion but those that ask for a link.
    pub units: u64,
    /// Those with a linked row.
    pub linked: u64,
}

impl Rate {
    fn add(&mut self, linked: bool, times: u64) {
        self.units += times;
        self.linked += u64::from(linked) * times;
    }
}

/// The linkage of one link.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linkage {
    /// Rows without the key that the link asks for.
    pub without_key: u64,
    /// All rows.
    pub all: Rate,
    /// By period.
    pub periods: BTreeMap<i64, Rate>,
    /// By region.
    pub regions: BTreeMap<String, Rate>,
    /// By level, for each subgroup of the protocol; rows without a level are counted under none.
    pub subgroups: Vec<BTreeMap<Option<String>, Rate>>,
    /// By delivery and period, before the protocol chooses between deliveries; empty where the base
    /// has no column of it.
    pub deliveries: BTreeMap<String, BTreeMap<i64, Rate>>,
}

/// The sum of a characteristic over the rows of one region and period.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Portion {
    /// Region code.
    pub region: String,
    /// Period.
    pub period: i64,
    /// For each characteristic the rows with a value, and the sum of their values; a row with a
    /// frequency weight counts as that many.
    pub sums: Vec<(u64, f64)>,
}

/// How often an identity could be checked, and how often it did not hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// Rows in which every outcome of the identity is known.
    pub rows: u64,
    /// Rows in which it does not hold.
    pub broken: u64,
}

/// Counts of codes: by code, for one link.
type Rates = Vec<Rate>;

#[derive(Default)]
struct Link {
    without_key: u64,
    all: Rate,
    periods: BTreeMap<i64, Rate>,
    regions: Rates,
    subgroups: Vec<Rates>,
    unknown: Vec<Rate>,
    /// By code of a delivery, and period.
    deliveries: BTreeMap<(u32, i64), Rate>,
}

/// Accumulates over batches.
#[derive(Default)]
pub(crate) struct Tally {
    links: Vec<Link>,
    subgroups: Vec<Coder>,
    deliveries: Coder,
    /// By region code and period: for each characteristic rows and sum.
    portions: BTreeMap<(u32, i64), Vec<(u64, f64)>>,
    identities: Vec<Checked>,
    /// By region code: rows kept, then rows taken by each exclusion.
    taken: Vec<Vec<u64>>,
    /// Region codes that the register does not know in the row's period.
    unknown: Vec<u32>,
}

/// Columns of one batch that are only counted.
pub(super) struct Counted {
    eligible: Option<BooleanArray>,
    delivered: Option<BooleanArray>,
    deliveries: Vec<u32>,
    keys: Vec<BooleanArray>,
    linked: Vec<BooleanArray>,
    subgroups: Vec<Vec<u32>>,
    known: Option<BooleanArray>,
    characteristics: Vec<Float64Array>,
    identities: Vec<BooleanArray>,
}

impl Counted {
    /// Whether the row meets no exclusion but those that ask for a link.
    pub(super) fn eligible(&self, row: usize) -> bool {
        self.eligible.as_ref().is_some_and(|eligible| eligible.value(row))
    }

    /// Whether rows that are kept have something to be counted.
    pub(super) fn asks_kept(&self) -> bool {
        !self.characteristics.is_empty() || !self.identities.is_empty()
    }

    /// Whether the row has this link.
    pub(super) fn linked(&self, link: usize, row: usize) -> bool {
        self.linked[link].value(row)
    }

    /// The row's code in this subgroup.
    pub(super) fn subgroup(&self, group: usize, row: usize) -> u32 {
        self.subgroups[group][row]
    }
}

impl Tally {
    pub(crate) fn new(protocol: &Protocol) -> Self {
        let groups = protocol.subgroups.len();
        let link = || Link {
            subgroups: vec![Vec::new(); groups],
            unknown: vec![Rate::default(); groups],
            ..Link::default()
        };
        Self {
            links: protocol.population.links.iter().map(|_| link()).collect(),
            subgroups: protocol.subgroups.iter().map(|_| Coder::default()).collect(),
            identities: vec![Checked::default(); protocol.identities.len()],
            ..Self::default()
        }
    }

    pub(super) fn columns(
        &mut self,
        layout: &Layout,
        record: &RecordBatch,
    ) -> Result<Counted, ArrowError> {
        let flag = |at: usize| record.column(at).as_boolean().clone();
        let flags = |range: &std::ops::Range<usize>| range.clone().map(flag).collect();
        let number = |at: usize| -> Result<Float64Array, ArrowError> {
            let column = cast(record.column(at), &DataType::Float64)?;
            Ok(column.as_primitive::<Float64Type>().clone())
        };
        let groups = self.subgroups.iter_mut().zip(layout.subgroups.clone());
        Ok(Counted {
            eligible: layout.eligible.map(flag),
            delivered: layout.delivered.map(flag),
            deliveries: match layout.delivery {
                Some(at) => self.deliveries.codes(record.column(at))?,
                None => Vec::new(),
            },
            keys: flags(&layout.keys),
            linked: flags(&layout.linked),
            subgroups: groups
                .map(|(coder, at)| coder.codes(record.column(at)))
                .collect::<Result<_, _>>()?,
            known: layout.known.map(flag),
            characteristics: layout
                .characteristics
                .clone()
                .map(number)
                .collect::<Result<_, _>>()?,
            identities: flags(&layout.identities),
        })
    }

    /// Counts a row for its linkage, with the number of equal rows that it stands for.
    pub(super) fn link(
        &mut self,
        counted: &Counted,
        (row, times): (usize, u64),
        region: u32,
        period: Option<i64>,
    ) {
        if let Some(period) = period.filter(|_| is(&counted.delivered, row)) {
            let delivery = counted.deliveries[row];
            for (link, linked) in self.links.iter_mut().zip(&counted.linked) {
                link.deliveries
                    .entry((delivery, period))
                    .or_default()
                    .add(linked.value(row), times);
            }
        }
        if !counted.eligible(row) {
            return;
        }
        for (at, link) in self.links.iter_mut().enumerate() {
            let linked = counted.linked(at, row);
            link.without_key += u64::from(!counted.keys[at].value(row)) * times;
            link.all.add(linked, times);
            if let Some(period) = period {
                link.periods.entry(period).or_default().add(linked, times);
            }
            if region != NONE {
                slot(&mut link.regions, region).add(linked, times);
            }
            for (group, codes) in counted.subgroups.iter().enumerate() {
                match codes[row] {
                    NONE => link.unknown[group].add(linked, times),
                    code => slot(&mut link.subgroups[group], code).add(linked, times),
                }
            }
        }
    }

    /// Counts a row with a region: kept, or taken by an exclusion.
    pub(super) fn region(
        &mut self,
        counted: &Counted,
        (row, times): (usize, u64),
        region: u32,
        taken: usize,
    ) {
        let steps = slot(&mut self.taken, region);
        if steps.len() <= taken {
            steps.resize(taken + 1, 0);
        }
        steps[taken] += times;
        let known = counted.known.as_ref().is_none_or(|known| known.value(row));
        if taken == 0 && !known && !self.unknown.contains(&region) {
            self.unknown.push(region);
        }
    }

    /// Adds the characteristics and identities of a row that is kept; `units` is how many equal rows
    /// it stands for, which identities do not ask for.
    pub(super) fn keep(
        &mut self,
        counted: &Counted,
        (row, times): (usize, u64),
        cell: (u32, i64),
        units: u64,
    ) {
        if !counted.characteristics.is_empty() {
            let sums = self
                .portions
                .entry(cell)
                .or_insert_with(|| vec![(0, 0.0); counted.characteristics.len()]);
            for ((rows, sum), values) in sums.iter_mut().zip(&counted.characteristics) {
                if values.is_valid(row) && values.value(row).is_finite() {
                    *rows += units;
                    *sum += count(units) * values.value(row);
                }
            }
        }
        for (checked, holds) in self.identities.iter_mut().zip(&counted.identities) {
            if holds.is_valid(row) {
                checked.rows += times;
                checked.broken += u64::from(!holds.value(row)) * times;
            }
        }
    }

    /// What the codes of subgroups mean.
    pub(super) fn subgroups(&self) -> &[Coder] {
        &self.subgroups
    }

    /// Regions that the register does not know.
    pub(super) fn unknown<'a>(&'a self, regions: &'a Coder) -> impl Iterator<Item = &'a str> {
        self.unknown.iter().map(|&code| regions.names[code as usize].as_str())
    }

    /// For each link its counts.
    pub(crate) fn linkage(&self, regions: &Coder) -> Vec<Linkage> {
        let named = |rates: &Rates, coder: &Coder| -> BTreeMap<String, Rate> {
            let seen = rates.iter().enumerate().filter(|(_, rate)| rate.units > 0);
            seen.map(|(code, rate)| (coder.names[code].clone(), *rate)).collect()
        };
        let group = |link: &Link, at: usize| {
            let unknown = Some((None, link.unknown[at])).filter(|(_, rate)| rate.units > 0);
            let levels = named(&link.subgroups[at], &self.subgroups[at]).into_iter();
            levels.map(|(level, rate)| (Some(level), rate)).chain(unknown).collect()
        };
        let deliveries = |link: &Link| {
            let mut named: BTreeMap<String, BTreeMap<i64, Rate>> = BTreeMap::new();
            for ((delivery, period), rate) in &link.deliveries {
                let name = self.deliveries.names[*delivery as usize].clone();
                named.entry(name).or_default().insert(*period, *rate);
            }
            named
        };
        self.links
            .iter()
            .map(|link| Linkage {
                deliveries: deliveries(link),
                without_key: link.without_key,
                all: link.all,
                periods: link.periods.clone(),
                regions: named(&link.regions, regions),
                subgroups: (0..self.subgroups.len()).map(|at| group(link, at)).collect(),
            })
            .collect()
    }

    /// Characteristics by region and period, sorted.
    pub(crate) fn portions(&self, regions: &Coder) -> Vec<Portion> {
        let mut portions: Vec<Portion> = self
            .portions
            .iter()
            .map(|((region, period), sums)| Portion {
                region: regions.names[*region as usize].clone(),
                period: *period,
                sums: sums.clone(),
            })
            .collect();
        portions.sort_by(|a, b| (&a.region, a.period).cmp(&(&b.region, b.period)));
        portions
    }

    /// For each identity how often it held.
    pub(crate) fn identities(&self) -> Vec<Checked> {
        self.identities.clone()
    }

    /// Regions of which no row is kept, with the number (from 0) of the exclusion that took most,
    /// and how many rows they had.
    pub(crate) fn gone(&self, regions: &Coder) -> Vec<(String, usize, u64)> {
        let gone = self.taken.iter().enumerate().filter(|(_, steps)| steps.first() == Some(&0));
        let mut gone: Vec<(String, usize, u64)> = gone
            .filter_map(|(code, steps)| {
                let most =
                    (1..steps.len()).max_by_key(|&step| (steps[step], steps.len() - step))?;
                Some((regions.names[code].clone(), most - 1, steps.iter().sum()))
            })
            .collect();
        gone.sort();
        gone
    }
}

fn is(flags: &Option<BooleanArray>, row: usize) -> bool {
    flags.as_ref().is_some_and(|flags| flags.value(row))
}

/// The place of a code, made where there is none yet.
fn slot<T: Default + Clone>(places: &mut Vec<T>, code: u32) -> &mut T {
    let code = code as usize;
    if places.len() <= code {
        places.resize(code + 1, T::default());
    }
    &mut places[code]
}
