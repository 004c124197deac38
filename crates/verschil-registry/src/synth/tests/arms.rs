//! Numbers of pregnancies, the matching that they are made for, and the arms' paths.

use super::super::levels::Rate;
use super::super::model::Model;
use super::super::register::Arm;
use super::super::truth::truth_of;
use super::model;

fn of_arm(model: &Model, arm: Arm) -> Vec<usize> {
    (0..model.regions.len()).filter(|region| model.regions[*region].arm == arm).collect()
}

fn in_window(model: &Model, regions: &[usize]) -> u64 {
    let cells = regions.iter().flat_map(|region| (2013..=2016).map(move |year| (*region, year)));
    cells.map(|(region, year)| model.count(region, year).study).sum()
}

#[test]
fn the_numbers_asked_for_are_met_at_every_scale() {
    for scale in [0.01, 0.37, 1.0, 50.0] {
        let model = model(scale);
        let asked = |number: f64| (number * scale).round() as u64;
        assert_eq!(in_window(&model, &of_arm(&model, Arm::Treated)), asked(49_531.0));
        assert_eq!(in_window(&model, &of_arm(&model, Arm::Matched)), asked(159_159.0));
        for (year, total) in (2008..=2021).zip(model.parameters.size.totals.iter()) {
            let made = model.pregnancies_of_year(year) as f64;
            // three kinds of pregnancy are rounded by themselves
            assert!((made - total * scale).abs() <= 1.5, "{year} at {scale}: {made}");
        }
    }
}

#[test]
fn a_code_has_pregnancies_only_while_it_is_valid_and_its_successor_takes_them_over() {
    let model = model(1.0);
    let mut ended = 0;
    for (region, here) in model.regions.iter().enumerate() {
        for year in 2008..=2021 {
            assert_eq!(
                model.count(region, year).all() > 0,
                here.exists(year),
                "{} {year}",
                here.code
            );
        }
        if let Some(successor) = here.successor {
            ended += 1;
            let last = here.valid.1;
            let of = |region: usize, year: i64| model.count(region, year).all() as f64;
            let before = of(region, last) + of(successor, last);
            assert!((of(successor, last + 1) / before - 1.0).abs() < 0.05);
        }
    }
    assert_eq!(ended, 2);
    assert_eq!(model.regions.len(), 84);
    let academic: Vec<Arm> =
        model.regions.iter().filter(|r| r.academic).map(|region| region.arm).collect();
    assert!(!academic.is_empty() && academic.iter().all(|arm| *arm == Arm::Other));
}

/// Nearest neighbours in rounds, each treated region taking its nearest free one, the last round by
/// smallest distance.
fn nearest(
    points: &[[f64; 2]],
    treated: &[usize],
    pool: &[usize],
    wanted: usize,
) -> Vec<(usize, f64)> {
    let inverse = inverse_covariance(points, &[treated, pool]);
    let distance = |a: usize, b: usize| {
        let d = [points[a][0] - points[b][0], points[a][1] - points[b][1]];
        let square =
            d[0] * d[0] * inverse[0] + 2.0 * d[0] * d[1] * inverse[1] + d[1] * d[1] * inverse[2];
        square.sqrt()
    };
    let mut chosen: Vec<(usize, f64)> = Vec::new();
    while chosen.len() < wanted {
        let mut round: Vec<(usize, f64)> = Vec::new();
        for t in treated {
            let free = pool.iter().filter(|p| !chosen.iter().chain(&round).any(|(c, _)| c == *p));
            let near = free.map(|p| (*p, distance(*t, *p))).min_by(|a, b| a.1.total_cmp(&b.1));
            round.extend(near);
        }
        round.sort_by(|a, b| a.1.total_cmp(&b.1));
        chosen.extend(round.into_iter().take(wanted - chosen.len()));
    }
    chosen
}

/// Inverse of the covariance pooled within groups: xx, xy, yy.
fn inverse_covariance(points: &[[f64; 2]], groups: &[&[usize]]) -> [f64; 3] {
    let mut sums = [0.0; 3];
    for group in groups {
        let mean = |k: usize| group.iter().map(|i| points[*i][k]).sum::<f64>() / group.len() as f64;
        let means = [mean(0), mean(1)];
        for i in *group {
            let d = [points[*i][0] - means[0], points[*i][1] - means[1]];
            sums = [sums[0] + d[0] * d[0], sums[1] + d[0] * d[1], sums[2] + d[1] * d[1]];
        }
    }
    let freedom = groups.iter().map(|group| group.len()).sum::<usize>() - groups.len();
    let [xx, xy, yy] = sums.map(|sum| sum / freedom as f64);
    let determinant = xx * yy - xy * xy;
    [yy / determinant, -xy / determinant, xx / determinant]
}

#[test]
fn matching_on_urbanisation_and_number_finds_the_twenty_and_no_other_comes_near() {
    for scale in [0.05, 1.0] {
        let model = model(scale);
        let points: Vec<[f64; 2]> = (0..model.regions.len())
            .map(|r| [model.regions[r].urbanisation, in_window(&model, &[r]) as f64 / 4.0])
            .collect();
        let treated = of_arm(&model, Arm::Treated);
        let pool: Vec<usize> = (0..model.regions.len())
            .filter(|r| {
                let region = &model.regions[*r];
                region.igo.is_none() && !region.academic && region.successor.is_none()
            })
            .collect();
        let chosen = nearest(&points, &treated, &pool, 20);
        let mut codes: Vec<usize> = chosen.iter().map(|(region, _)| *region).collect();
        codes.sort_unstable();
        assert_eq!(codes, of_arm(&model, Arm::Matched), "at scale {scale}");
        let more = nearest(&points, &treated, &pool, 21);
        assert!(more[20].1 > 2.0 * chosen[19].1, "the 21st is as near as the 20th");
    }
}

/// Outcomes for which the trend rule holds, from the study's report.
const HOLDING: [&str; 10] = ["u01", "u02", "u03", "u05", "u13", "u15", "h19", "h20", "h21", "s22"];

/// Six minus 20, by year, without any effect.
fn differences(model: &Model, outcome: &str) -> Vec<(i64, f64)> {
    let mean = |arm: Arm, year: i64| {
        let all = of_arm(model, arm);
        let weight = |r: usize| model.regions[r].volume;
        let total: f64 = all.iter().map(|r| weight(*r)).sum();
        let sum: f64 =
            all.iter().map(|r| weight(*r) * truth_of(model, outcome, *r, year).baseline).sum();
        sum / total
    };
    (2008..=2015).map(|year| (year, mean(Arm::Treated, year) - mean(Arm::Matched, year))).collect()
}

#[test]
fn the_arms_are_parallel_for_the_ten_outcomes_and_not_for_the_twelve() {
    let model = model(1.0);
    for (outcome, _) in super::super::truth::OUTCOMES {
        let differences = differences(&model, outcome);
        let reference = differences[7].1;
        let baseline = truth_of(&model, outcome, 0, 2015).baseline;
        // of a share, the standard error of a lead with the counts of 2013-2016; the spread of
        // spending is its coefficient of variation
        let spread =
            if outcome == "s22" { 0.35 * baseline } else { (baseline * (1.0 - baseline)).sqrt() };
        let counted = match outcome {
            "u03" => 0.47,
            "u04" => 0.27,
            _ => 1.0,
        };
        let arms: f64 = 1.0 / 12_383.0 + 1.0 / 39_790.0;
        let error = spread * (2.0 * arms / counted).sqrt();
        let ratios: Vec<f64> =
            differences[..7].iter().map(|(_, d)| ((d - reference) / error).abs()).collect();
        let far = ratios.iter().filter(|ratio| **ratio > 3.0).count();
        if HOLDING.contains(&outcome) {
            assert!(ratios.iter().all(|ratio| *ratio < 0.8), "{outcome}: {ratios:?}");
        } else {
            assert!(far >= 2, "{outcome}: {ratios:?}");
            assert!(
                ratios.iter().all(|ratio| *ratio < 9.0),
                "{outcome} is a caricature: {ratios:?}"
            );
        }
    }
}

#[test]
fn pain_relief_of_two_kinds_differs_between_regions_in_opposite_directions() {
    let model = model(1.0);
    let all = of_arm(&model, Arm::Other);
    let level = |rate: Rate, r: usize| model.levels.untreated(rate, r, 2015);
    let mean = |rate: Rate| all.iter().map(|r| level(rate, *r)).sum::<f64>() / all.len() as f64;
    let (epidural, relief) = (mean(Rate::Epidural), mean(Rate::Relief));
    let product =
        |r: &usize| (level(Rate::Epidural, *r) - epidural) * (level(Rate::Relief, *r) - relief);
    assert!(all.iter().map(product).sum::<f64>() < 0.0);
}
