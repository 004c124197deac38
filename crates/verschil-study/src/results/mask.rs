//! Results in which regions go by letters and numbers instead of their names and codes.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{
    CharacteristicRow, ClusterRow, ComparisonFacts, DesignFacts, EstimateRow, Finding, FunnelFacts,
    LinkageRate, LinkageWeightRow, MatchingRow, RegionFacts, RegionRow, Results, SyntheticWeight,
    Text,
};

/// What a region is called where the protocol does not say.
const REGION: [(&str, &str); 2] = [("en", "region"), ("nl", "regio")];
/// What a cluster is called, which has no word for one of its kind.
const CLUSTER: &str = "cluster";
/// Words of generated texts after which the code of a region or cluster stands.
const BEFORE: [&str; 4] = ["region ", "cluster ", "next: ", "tie: "];

/// The same results with treated regions as A, B, ..., other regions as 1, 2, ... and clusters that
/// are not regions likewise, without their places on a map.
///
/// The order is drawn from a hash of the effects in full precision, so that it cannot be told from a list of the
/// regions; the same results are masked in the same way. What the protocol itself says in its
/// titles and labels stays, and so do numbers of units and characteristics.
#[must_use]
pub fn masked(mut results: Results) -> Results {
    let masks = Masks::new(&results);
    let Results {
        design,
        estimates,
        synthetic_weights,
        clusters,
        linkage_rates,
        linkage_weights,
        regions,
        matching,
        characteristics,
        findings,
        trend_checks,
        adjusted,
        power,
        trend_power,
        honest,
        specifications,
        funnels,
        // what follows knows arms and periods, not regions
        schema: _,
        study: _,
        provenance: _,
        outcomes: _,
        bands: _,
        curves: _,
        levels: _,
        attrition: _,
        linkage: _,
        links: _,
        subgroups: _,
        linkage_balance: _,
        linkage_keys: _,
        linkage_weight_facts: _,
        descriptives: _,
        balance: _,
        matching_facts: _,
        trajectories: _,
        identities: _,
    } = &mut results;
    masks.design(design);
    estimates.iter_mut().for_each(|row| masks.estimate(row));
    synthetic_weights.iter_mut().for_each(|row| masks.weight(row));
    clusters.iter_mut().for_each(|row: &mut ClusterRow| masks.cluster(&mut row.cluster));
    linkage_rates.iter_mut().for_each(|row| masks.rate(row));
    linkage_weights.iter_mut().for_each(|row| masks.stratum(row));
    regions.iter_mut().for_each(|row| masks.row(row));
    regions.sort_by(|a, b| place(&a.code).cmp(&place(&b.code)));
    matching.iter_mut().for_each(|row| masks.matched(row));
    characteristics.iter_mut().for_each(|row: &mut CharacteristicRow| {
        masks.region(&mut row.region);
    });
    funnels.iter_mut().for_each(|funnel| masks.funnel(funnel));
    findings.iter_mut().for_each(|row: &mut Finding| masks.text(&mut row.message));
    let notes = trend_checks.iter_mut().map(|row| &mut row.note);
    let notes = notes.chain(adjusted.iter_mut().map(|row| &mut row.note));
    let notes = notes.chain(power.iter_mut().map(|row| &mut row.note));
    let notes = notes.chain(trend_power.iter_mut().map(|row| &mut row.note));
    let notes = notes.chain(honest.iter_mut().map(|row| &mut row.note));
    let notes = notes.chain(specifications.iter_mut().map(|row| &mut row.note));
    notes.for_each(|note| masks.text(note));
    results
}

/// What takes the place of each code.
struct Masks {
    regions: BTreeMap<String, String>,
    clusters: BTreeMap<String, String>,
    /// Names as they may stand in texts, and what they become; longest first.
    names: Vec<(String, String)>,
    /// What a region is called, per language.
    noun: BTreeMap<String, String>,
}

impl Masks {
    fn new(results: &Results) -> Self {
        let design = &results.design;
        // effects in full precision, which nobody outside has, decide the order
        let mut whole = Sha256::new();
        for number in results.estimates.iter().filter_map(|row| row.estimate) {
            whole.update(number.to_bits().to_le_bytes());
        }
        let drawn = |codes: Vec<&str>| {
            let mut codes: Vec<_> = codes
                .into_iter()
                .map(|code| (whole.clone().chain_update(code).finalize(), code))
                .collect();
            codes.sort_unstable();
            codes.dedup();
            codes.into_iter().map(|(_, code)| code.to_owned()).collect::<Vec<_>>()
        };
        let treated: Vec<&str> = design.treated.iter().map(|region| region.id.as_str()).collect();
        let listed = results.regions.iter().map(|row| row.code.as_str());
        let compared = design.comparisons.iter().flat_map(|one| &one.regions).map(String::as_str);
        let rated = results.linkage_rates.iter().filter(|row| row.dimension == "region");
        let rated = rated.map(|row| row.level.as_str());
        let others = listed.chain(compared).chain(rated).filter(|code| !treated.contains(code));
        let others = drawn(others.collect());
        let mut regions: BTreeMap<String, String> = BTreeMap::new();
        for (at, code) in drawn(treated).into_iter().enumerate() {
            regions.insert(code, letters(at));
        }
        let numbers = (1..).map(|number: usize| number.to_string());
        regions.extend(others.into_iter().zip(numbers));
        let rows = results.clusters.iter().map(|row| row.cluster.as_str());
        let rows = rows.chain(results.matching.iter().map(|row| row.cluster.as_str()));
        let clusters = if design.cluster_is_region {
            regions.clone()
        } else {
            let numbers = (1..).map(|number: usize| format!("{CLUSTER} {number}"));
            drawn(rows.filter(|code| !code.is_empty()).collect()).into_iter().zip(numbers).collect()
        };
        let noun = REGION.map(|(language, fallback)| {
            let own = design.region_label.get(language);
            (language.to_owned(), if own.is_empty() { fallback } else { own }.to_owned())
        });
        let mut masks = Self { regions, clusters, names: Vec::new(), noun: BTreeMap::from(noun) };
        masks.names = masks.names_of(results);
        masks
    }

    /// Labels of regions, and codes that are not mere numbers.
    fn names_of(&self, results: &Results) -> Vec<(String, String)> {
        let treated = results.design.treated.iter().map(|region| (&region.id, &region.label));
        let listed = results.regions.iter().map(|row| (&row.code, &row.label));
        let labels = treated.chain(listed).flat_map(|(code, label)| {
            let mask = self.regions.get(code).cloned().unwrap_or_default();
            label.0.values().map(move |label| (label.clone(), mask.clone()))
        });
        let codes = self.regions.iter().chain(&self.clusters);
        let codes = codes.map(|(code, mask)| (code.clone(), mask.clone()));
        let telling = |name: &str| name.chars().filter(|c| c.is_alphabetic()).count() > 1;
        let mut names: Vec<_> = labels.chain(codes).filter(|(name, _)| telling(name)).collect();
        names.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        names.dedup();
        names
    }

    fn region(&self, code: &mut String) {
        replace(&self.regions, code);
    }

    fn cluster(&self, code: &mut String) {
        replace(&self.clusters, code);
    }

    fn label(&self, code: &str) -> Text {
        let named = |(language, noun): (&String, &String)| {
            let mut letters = noun.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            (language.clone(), format!("{} {code}", first.chain(letters).collect::<String>()))
        };
        Text(self.noun.iter().map(named).collect())
    }

    fn design(&self, design: &mut DesignFacts) {
        design.regions_masked = true;
        for region in &mut design.treated {
            self.region(&mut region.id);
            *region = RegionFacts { label: self.label(&region.id), id: region.id.clone() };
        }
        design.treated.sort_by(|a, b| place(&a.id).cmp(&place(&b.id)));
        for ComparisonFacts { regions, .. } in &mut design.comparisons {
            regions.iter_mut().for_each(|code| self.region(code));
            regions.sort_by(|a, b| place(a).cmp(&place(b)));
        }
    }

    fn estimate(&self, row: &mut EstimateRow) {
        self.analysis(&mut row.analysis);
        self.text(&mut row.note);
    }

    /// `region:ID` and `leave_out:ID`.
    fn analysis(&self, analysis: &mut String) {
        for kind in ["region:", "leave_out:"] {
            if let Some(mask) = analysis.strip_prefix(kind).and_then(|code| self.regions.get(code))
            {
                *analysis = format!("{kind}{mask}");
                return;
            }
        }
    }

    fn weight(&self, row: &mut SyntheticWeight) {
        self.analysis(&mut row.analysis);
        if row.kind == "region" {
            self.region(&mut row.id);
        }
    }

    fn rate(&self, row: &mut LinkageRate) {
        if row.dimension == "region" {
            self.region(&mut row.level);
        }
    }

    fn stratum(&self, row: &mut LinkageWeightRow) {
        let parts = row.stratum.iter_mut().chain(row.merged_from.iter_mut().flatten());
        for part in parts {
            if let Some(mask) = part.strip_prefix("region=").and_then(|code| self.regions.get(code))
            {
                *part = format!("region={mask}");
            }
        }
    }

    fn funnel(&self, funnel: &mut FunnelFacts) {
        funnel.regions.iter_mut().for_each(|row| self.region(&mut row.region));
        funnel.regions.sort_by(|a, b| place(&a.region).cmp(&place(&b.region)));
        self.text(&mut funnel.note);
    }

    fn row(&self, row: &mut RegionRow) {
        self.region(&mut row.code);
        row.label = self.label(&row.code);
        (row.x, row.y) = (None, None);
    }

    fn matched(&self, row: &mut MatchingRow) {
        self.region(&mut row.region);
        self.region(&mut row.matched_to);
        self.cluster(&mut row.cluster);
        self.text(&mut row.note);
    }

    /// Codes after the words that announce them, and names wherever they stand.
    fn text(&self, text: &mut String) {
        let mut told = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(next) = rest.chars().next() {
            let found = if ends_word(&told) { self.named(&told, rest) } else { None };
            match found {
                Some((name, mask)) => {
                    told.push_str(mask);
                    rest = &rest[name.len()..];
                }
                None => {
                    told.push(next);
                    rest = &rest[next.len_utf8()..];
                }
            }
        }
        *text = told;
    }

    /// The name with which a text goes on, and what takes its place.
    fn named(&self, before: &str, rest: &str) -> Option<(&str, &str)> {
        let whole = |name: &str| {
            rest.strip_prefix(name)
                .is_some_and(|after| !after.chars().next().is_some_and(char::is_alphanumeric))
        };
        let names = self.names.iter().map(|(name, mask)| (name.as_str(), mask.as_str()));
        let announced = BEFORE.iter().any(|word| before.ends_with(word));
        let codes = self.regions.iter().chain(&self.clusters).filter(|_| announced);
        let codes = codes.map(|(code, mask)| (code.as_str(), mask.as_str()));
        names.chain(codes).filter(|(name, _)| whole(name)).max_by_key(|(name, _)| name.len())
    }
}

fn ends_word(text: &str) -> bool {
    !text.chars().next_back().is_some_and(char::is_alphanumeric)
}

fn replace(masks: &BTreeMap<String, String>, code: &mut String) {
    if let Some(mask) = masks.get(code) {
        code.clone_from(mask);
    }
}

/// Where a mask stands: 2 before 10, Z before AA.
fn place(mask: &str) -> (usize, &str) {
    (mask.len(), mask)
}

/// A, B, ..., Z, AA, AB, ...
fn letters(mut at: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + u8::try_from(at % 26).unwrap_or(0)));
        if at < 26 {
            break;
        }
        at = at / 26 - 1;
    }
    letters.iter().rev().collect()
}
