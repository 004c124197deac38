//! Parts of regions whose rows weigh the same by linkage, as an engine tells them apart.

use datafusion::arrow::error::ArrowError;
use datafusion::arrow::record_batch::RecordBatch;
use rustc_hash::FxHashMap;
use verschil_stats::grams::Part;
use verschil_study::{LinkageWeights, Protocol, STRATA};

use super::read::Cell;
use crate::encode::{Coder, NONE, Stratum};
use crate::query::Layout;

/// Columns by which the rows of a region and period are told apart: whether a row has all the links,
/// then the subgroups that strata are made of. None where nothing is weighed by linkage.
pub(super) fn columns(protocol: &Protocol, layout: &Layout) -> Vec<String> {
    let Some(LinkageWeights { links, by, .. }) = &protocol.linkage_weights else {
        return Vec::new();
    };
    let positions = layout.linked.clone().zip(&protocol.population.links);
    let linked = positions.filter(|(_, link)| links.contains(&link.id)).map(|(at, _)| at);
    let conditions: Vec<String> =
        layout.eligible.into_iter().chain(linked).map(|at| format!("\"#{at}\"")).collect();
    let weighed = format!("CASE WHEN {} THEN 1 ELSE 0 END", conditions.join(" AND "));
    let groups = by.iter().filter_map(|name| subgroup(protocol, name));
    let groups = groups.map(|at| format!("\"#{}\"", layout.subgroups.start + at));
    std::iter::once(weighed).chain(groups).collect()
}

fn subgroup(protocol: &Protocol, name: &str) -> Option<usize> {
    protocol.subgroups.iter().position(|group| group.id == name)
}

/// The parts that were met.
pub(super) struct Parts {
    columns: Vec<Coder>,
    found: Vec<(Cell, Vec<u32>)>,
    of: FxHashMap<(Cell, Vec<u32>), u32>,
}

impl Parts {
    pub(super) fn new(columns: usize) -> Self {
        Self {
            columns: (0..columns).map(|_| Coder::default()).collect(),
            found: Vec::new(),
            of: FxHashMap::default(),
        }
    }

    /// The part of each row, given its cell; the columns stand from `first`.
    pub(super) fn read(
        &mut self,
        batch: &RecordBatch,
        first: usize,
        cells: &[Cell],
    ) -> Result<Vec<u32>, ArrowError> {
        let columns = self.columns.iter_mut().enumerate();
        let codes: Vec<Vec<u32>> = columns
            .map(|(at, coder)| coder.codes(batch.column(first + at)))
            .collect::<Result<_, _>>()?;
        let rows = cells.iter().enumerate();
        Ok(rows
            .map(|(row, &cell)| self.part(cell, codes.iter().map(|codes| codes[row]).collect()))
            .collect())
    }

    fn part(&mut self, cell: Cell, codes: Vec<u32>) -> u32 {
        let Self { found, of, .. } = self;
        *of.entry((cell, codes)).or_insert_with_key(|key| {
            found.push(key.clone());
            u32::try_from(found.len() - 1).unwrap_or(NONE)
        })
    }

    /// Number of parts.
    pub(super) fn met(&self) -> usize {
        self.found.len()
    }

    /// All parts with the weights of their strata; `named` tells region and period of a cell.
    pub(super) fn weighed(
        &self,
        protocol: &Protocol,
        strata: &[Stratum],
        named: impl Fn(Cell) -> (String, i64),
    ) -> Vec<Part> {
        let crossings = strata
            .iter()
            .flat_map(|stratum| stratum.crossings.iter().map(move |levels| (levels, stratum)));
        let weights: FxHashMap<&Vec<Option<String>>, f64> = crossings
            .map(|(levels, stratum)| (levels, stratum.weight.unwrap_or_default()))
            .collect();
        let by = protocol.linkage_weights.as_ref().map_or(&[][..], |weights| &weights.by);
        let part = |(cell, codes): &(Cell, Vec<u32>)| {
            let mut columns = self.columns.iter().zip(codes).map(|(coder, &code)| {
                coder.names.get(code as usize).filter(|_| code != NONE).cloned()
            });
            let linked = columns.next().flatten().is_some_and(|flag| flag == "1");
            let (region, period) = named(*cell);
            let level = |name: &String| match subgroup(protocol, name) {
                Some(_) => columns.next().flatten(),
                None if name == STRATA[0] => Some(period.to_string()),
                None => Some(region.clone()),
            };
            let levels: Vec<Option<String>> = by.iter().map(level).collect();
            let weight = weights.get(&levels).copied().filter(|_| linked);
            Part { region: cell.0, weight: weight.unwrap_or_default() }
        };
        self.found.iter().map(part).collect()
    }
}
