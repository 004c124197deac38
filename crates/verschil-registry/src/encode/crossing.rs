//! Counts of eligible and linked rows by every crossing of characteristics: what the weights of the
//! linked are made of.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use verschil_stats::grams::Part;
use verschil_stats::strata::{self, Rule};
use verschil_study::{LinkageWeights, Protocol, STRATA};

use super::tally::Counted;
use super::{Coder, NONE};

/// Rows that get the same weight.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Stratum {
    /// Levels that its rows share, in the first of the protocol's dimensions; those that follow were
    /// dropped. None stands for rows without a level.
    pub levels: Vec<Option<String>>,
    /// Levels of the crossings that it was merged from; its own alone where it was not.
    pub crossings: Vec<Vec<Option<String>>>,
    /// Rows of the base, in the window and with a region, that meet no exclusion but those that ask
    /// for a link.
    pub eligible: u64,
    /// Those of them that have all the links.
    pub linked: u64,
    /// Rows of the population that have them.
    pub rows: u64,
    /// eligible / linked, or the largest weight allowed; none where nobody is linked.
    pub weight: Option<f64>,
    /// Whether the weight was set to the largest allowed.
    pub trimmed: bool,
}

/// Weights by linkage, when all rows are read.
pub(crate) struct Weighing {
    /// Sorted.
    pub(crate) strata: Vec<Stratum>,
    /// By code, with the weight of its crossing; zero where there is none.
    pub(crate) parts: Vec<Part>,
    /// Rows kept that lack a link.
    pub(crate) unlinked: u64,
}

/// One dimension of the strata.
enum Dimension {
    Period(Coder),
    Region,
    /// Position of the subgroup.
    Subgroup(usize),
}

/// Rows that are alike in every dimension.
struct Crossing {
    codes: Box<[u32]>,
    eligible: u64,
    linked: u64,
    rows: u64,
}

/// Accumulates over batches.
pub(crate) struct Crossings {
    rule: Rule,
    dimensions: Vec<Dimension>,
    /// Positions of the links that a row must have.
    links: Vec<usize>,
    found: Vec<Crossing>,
    of_codes: FxHashMap<Box<[u32]>, u32>,
    /// For each of the present rows its crossing; [`NONE`] where it is not eligible and linked.
    of_row: Vec<u32>,
    /// For each row of the present batch that is kept, the same.
    kept: Vec<u32>,
    codes: Vec<u32>,
    /// Regions in parts whose rows weigh the same: region and crossing of each.
    parts: Vec<(u32, u32)>,
    of_part: FxHashMap<(u32, u32), u32>,
    /// Rows kept that lack a link.
    unlinked: u64,
}

impl Crossings {
    /// None for a protocol that weighs nothing by linkage.
    pub(super) fn new(protocol: &Protocol) -> Option<Self> {
        let LinkageWeights { links, by, min_stratum, max_weight, .. } =
            protocol.linkage_weights.as_ref()?;
        let dimension = |name: &String| {
            let group = protocol.subgroups.iter().position(|group| group.id == *name);
            match group {
                Some(at) => Dimension::Subgroup(at),
                None if name == STRATA[0] => Dimension::Period(Coder::default()),
                None => Dimension::Region,
            }
        };
        let all = protocol.population.links.iter().enumerate();
        Some(Self {
            rule: Rule { min_stratum: *min_stratum, max_weight: *max_weight },
            dimensions: by.iter().map(dimension).collect(),
            links: all.filter(|(_, link)| links.contains(&link.id)).map(|(at, _)| at).collect(),
            found: Vec::new(),
            of_codes: FxHashMap::default(),
            of_row: Vec::new(),
            kept: Vec::new(),
            codes: Vec::new(),
            parts: Vec::new(),
            of_part: FxHashMap::default(),
            unlinked: 0,
        })
    }

    /// A new batch begins.
    pub(super) fn begin(&mut self) {
        self.kept.clear();
    }

    /// Some rows of the batch begin.
    pub(super) fn begin_rows(&mut self) {
        self.of_row.clear();
    }

    /// Counts the next of the present rows, with the number of equal rows that it stands for; a period
    /// outside the window is none.
    pub(super) fn count(
        &mut self,
        counted: &Counted,
        (row, times): (usize, u64),
        region: u32,
        period: Option<i64>,
    ) {
        let crossing = match period.filter(|_| region != NONE && counted.eligible(row)) {
            Some(period) => {
                let linked = self.links.iter().all(|&link| counted.linked(link, row));
                let at = self.crossing(counted, row, region, period);
                let crossing = &mut self.found[at as usize];
                crossing.eligible += times;
                crossing.linked += u64::from(linked) * times;
                if linked { at } else { NONE }
            }
            None => NONE,
        };
        self.of_row.push(crossing);
    }

    fn crossing(&mut self, counted: &Counted, row: usize, region: u32, period: i64) -> u32 {
        self.codes.clear();
        for dimension in &mut self.dimensions {
            self.codes.push(match dimension {
                Dimension::Period(periods) => periods.number(period),
                Dimension::Region => region,
                Dimension::Subgroup(at) => counted.subgroup(*at, row),
            });
        }
        if let Some(&at) = self.of_codes.get(self.codes.as_slice()) {
            return at;
        }
        let codes: Box<[u32]> = self.codes.as_slice().into();
        let at = u32::try_from(self.found.len()).unwrap_or(NONE);
        self.found.push(Crossing { codes: codes.clone(), eligible: 0, linked: 0, rows: 0 });
        self.of_codes.insert(codes, at);
        at
    }

    /// One of the present rows that is kept, with the number of equal rows that it stands for.
    pub(super) fn keep(&mut self, (row, times): (usize, u64)) {
        let crossing = self.of_row[row];
        match self.found.get_mut(crossing as usize) {
            Some(crossing) => crossing.rows += times,
            None => self.unlinked += times,
        }
        self.kept.push(crossing);
    }

    /// For each row kept of the batch its part of the region, whose codes are given.
    pub(super) fn parts_of_kept(&mut self, regions: &[u32]) -> Vec<u32> {
        let Self { kept, parts, of_part, .. } = self;
        let part = |(&region, &crossing): (&u32, &u32)| {
            *of_part.entry((region, crossing)).or_insert_with(|| {
                parts.push((region, crossing));
                u32::try_from(parts.len() - 1).unwrap_or(NONE)
            })
        };
        regions.iter().zip(kept.iter()).map(part).collect()
    }

    /// Strata and weights of what was counted; `regions` and `subgroups` say what codes mean.
    pub(super) fn weighing(&self, regions: &Coder, subgroups: &[Coder]) -> Weighing {
        let names: Vec<&[String]> =
            self.dimensions.iter().map(|d| d.names(regions, subgroups)).collect();
        let ranks: Vec<Vec<u32>> = self
            .dimensions
            .iter()
            .zip(&names)
            .map(|(dimension, names)| dimension.ranks(names))
            .collect();
        let rank = |(at, &code): (usize, &u32)| ranks[at].get(code as usize).map_or(NONE, |&r| r);
        let crossings: Vec<strata::Crossing> = self
            .found
            .iter()
            .map(|crossing| strata::Crossing {
                levels: crossing.codes.iter().enumerate().map(rank).collect(),
                eligible: crossing.eligible,
                linked: crossing.linked,
            })
            .collect();
        let name = |(at, &code): (usize, &u32)| names[at].get(code as usize).cloned();
        let levels = |crossing: usize| -> Vec<Option<String>> {
            self.found[crossing].codes.iter().enumerate().map(name).collect()
        };
        let mut weights = vec![0.0; crossings.len()];
        let strata = strata::strata(&crossings, self.rule);
        let told = strata.iter().map(|stratum| {
            stratum.crossings.iter().for_each(|&at| weights[at] = stratum.weight.unwrap_or(0.0));
            Stratum {
                levels: levels(stratum.crossings[0])
                    .into_iter()
                    .take(stratum.levels.len())
                    .collect(),
                crossings: stratum.crossings.iter().map(|&at| levels(at)).collect(),
                eligible: stratum.eligible,
                linked: stratum.linked,
                rows: stratum.crossings.iter().map(|&at| self.found[at].rows).sum(),
                weight: stratum.weight,
                trimmed: stratum.trimmed,
            }
        });
        let strata = told.collect();
        // rows without a link weigh nothing
        let weight = |crossing: u32| weights.get(crossing as usize).copied().unwrap_or(0.0);
        let part = |&(region, crossing): &(u32, u32)| Part { region, weight: weight(crossing) };
        let parts = self.parts.iter().map(part).collect();
        Weighing { strata, parts, unlinked: self.unlinked }
    }
}

impl Dimension {
    /// What its codes mean.
    fn names<'a>(&'a self, regions: &'a Coder, subgroups: &'a [Coder]) -> &'a [String] {
        match self {
            Self::Period(periods) => &periods.names,
            Self::Region => &regions.names,
            Self::Subgroup(at) => &subgroups[*at].names,
        }
    }

    /// For each code its place in the order of its meaning, so that the order in which rows come
    /// does not matter.
    fn ranks(&self, names: &[String]) -> Vec<u32> {
        let mut order: Vec<usize> = (0..names.len()).collect();
        match self {
            Self::Period(_) => order.sort_by_key(|&code| names[code].parse::<i64>().ok()),
            _ => order.sort_by(|&a, &b| names[a].cmp(&names[b])),
        }
        let mut ranks = vec![NONE; names.len()];
        for (rank, code) in (0..).zip(order) {
            ranks[code] = rank;
        }
        ranks
    }
}
