//! The same study with another start or without a region: what a placebo or a left-out region
//! would have shown.

use crate::did::Setting;
use crate::fit::Fit;
use crate::refusal::Refusal;

/// A start that never was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceboDate {
    /// First period that counts as treated, a position in the Grams.
    pub start: usize,
    /// The study as though treatment began there.
    pub setting: Setting,
}

/// The study without one of its regions.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftOut {
    /// The region, a position in the Grams.
    pub region: usize,
    /// The study without it, or why nothing is left to compare.
    pub setting: Result<Setting, Refusal>,
}

/// One study per fake start within the periods before the real one: periods from the real start
/// are not used, `transition` periods before the fake one are left out, and at least `fewest`
/// periods stay before and from it.
///
/// The reference stays where it lies before the fake start; elsewhere it is the last period that
/// does. Placebo dates share their data: their estimates depend on each other.
#[must_use]
pub fn placebo_dates(setting: &Setting, transition: usize, fewest: usize) -> Vec<PlaceboDate> {
    let fewest = fewest.max(1);
    let periods = &setting.pre;
    let starts = fewest + transition..(periods.len() + 1).saturating_sub(fewest);
    let fake = |at: usize| {
        let (pre, post) = (periods[..at - transition].to_vec(), periods[at..].to_vec());
        let kept = pre.contains(&setting.reference);
        let reference = if kept { setting.reference } else { pre[pre.len() - 1] };
        PlaceboDate {
            start: periods[at],
            setting: Setting { pre, post, reference, ..setting.clone() },
        }
    };
    starts.map(fake).collect()
}

/// One study per region, treated ones first, without that region.
#[must_use]
pub fn leave_one_region_out(setting: &Setting) -> Vec<LeftOut> {
    let without = |list: &[usize], region: usize| -> Vec<usize> {
        list.iter().copied().filter(|&r| r != region).collect()
    };
    let rest = |region: usize| {
        let treated = without(&setting.treated, region);
        let controls = without(&setting.controls, region);
        match (treated.is_empty(), controls.is_empty()) {
            (true, _) => Err(Refusal::NothingTreated),
            (_, true) => Err(Refusal::NoControls),
            _ => Ok(Setting { treated, controls, ..setting.clone() }),
        }
    };
    let regions = setting.treated.iter().chain(&setting.controls);
    regions.map(|&region| LeftOut { region, setting: rest(region) }).collect()
}

/// Coefficient `term` of the outcome at position `at` without each cluster, by the cluster's code:
/// the deletions of the jackknife, which are the left-out regions where every region is a cluster.
///
/// # Errors
/// As [`Fit::deleted`], when the coefficient is not identified without one of them; then
/// [`leave_one_region_out`] still answers for the others.
pub fn without_each_cluster(
    fit: &Fit,
    term: usize,
    at: usize,
) -> Result<Vec<(String, f64)>, Refusal> {
    let codes = fit.normal.blocks.iter().map(|block| block.cluster.clone());
    Ok(codes.zip(fit.deleted(term, at)?).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting() -> Setting {
        Setting {
            treated: vec![1],
            controls: vec![0, 2],
            pre: vec![0, 1, 2, 3, 4],
            post: vec![6, 7],
            reference: 3,
            references: vec![],
        }
    }

    #[test]
    fn placebo_dates_lie_within_the_periods_before_and_keep_the_reference_before_them() {
        let dates = placebo_dates(&setting(), 0, 2);
        assert_eq!(dates.iter().map(|d| d.start).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(dates[0].setting.pre, [0, 1]);
        assert_eq!((dates[0].setting.reference, dates[1].setting.reference), (1, 2));
        assert_eq!(dates[1].setting.post, [3, 4]);
        let late = placebo_dates(&setting(), 0, 1);
        assert_eq!(late.last().map(|d| (d.start, d.setting.reference)), Some((4, 3)));
        let gap = placebo_dates(&setting(), 1, 2);
        assert_eq!(gap.len(), 1);
        assert_eq!((gap[0].start, &gap[0].setting.pre[..]), (3, &[0, 1][..]));
        assert!(placebo_dates(&setting(), 3, 2).is_empty());
    }

    #[test]
    fn the_only_treated_region_cannot_be_left_out() {
        let left = leave_one_region_out(&setting());
        assert_eq!(left.len(), 3);
        assert_eq!(left[0].setting, Err(Refusal::NothingTreated));
        assert_eq!(left[1].setting.as_ref().map(|s| s.controls.clone()), Ok(vec![2]));
    }
}
