//! What cannot be matched, and what is said then.

use verschil_stats::matching::{
    Controls, Distance, MatchInput, MatchOptions, MatchRefusal, NoCandidate, Short, choose,
};

use crate::examples::{NEAREST, OPTIMAL, line, with_classes};

const EUCLIDEAN: MatchOptions = MatchOptions { distance: Distance::Euclidean, ..NEAREST };

fn refused(input: &MatchInput, options: &MatchOptions) -> Vec<MatchRefusal> {
    choose(input, options).expect_err("refused")
}

fn codes(input: &MatchInput, options: &MatchOptions) -> Vec<&'static str> {
    refused(input, options).iter().map(MatchRefusal::code).collect()
}

/// Two treated units and five candidates with the columns given.
fn columns(columns: &[(&str, [f64; 7])]) -> MatchInput {
    let mut input = line(&[0.0; 2], &[0.0; 5]);
    input.names = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
    input.characteristics =
        (0..7).flat_map(|unit| columns.iter().map(move |(_, values)| values[unit])).collect();
    input
}

const A: [f64; 7] = [1.0, 4.0, 2.0, 8.0, 5.0, 7.0, 3.0];
const B: [f64; 7] = [2.0, 7.0, 1.0, 8.0, 2.0, 8.0, 1.0];

#[test]
fn everything_wrong_with_the_input_is_told_at_once() {
    let mut input = with_classes(line(&[0.0, f64::NAN], &[1.0, f64::INFINITY]), &["a"; 4]);
    input.exact[0].labels[2] = None;
    input.pool.push(0);
    let options = MatchOptions { controls: Controls::Total(0), caliper: Some(f64::NAN), ..NEAREST };
    let expected = [
        "no_controls_asked",
        "bad_caliper",
        "missing_value",
        "missing_value",
        "missing_value",
        "twice",
    ];
    assert_eq!(codes(&input, &options), expected);
    assert_eq!(refused(&input, &options)[2].to_string(), "x of t1 is not known");
    let nothing = MatchInput {
        treated: vec![],
        pool: vec![],
        names: vec![],
        units: vec![],
        characteristics: vec![],
        exact: vec![],
    };
    assert_eq!(codes(&nothing, &NEAREST), ["no_treated", "no_pool", "no_characteristic"]);
}

#[test]
fn an_unknown_value_of_a_unit_that_takes_no_part_does_not_matter() {
    let mut input = line(&[0.0, 1.0], &[1.0, 2.0, 5.0, f64::NAN]);
    assert_eq!(codes(&input, &NEAREST), ["missing_value"]);
    input.pool.pop();
    assert!(choose(&input, &NEAREST).is_ok());
}

#[test]
fn a_characteristic_that_does_not_vary_is_named() {
    let input = columns(&[("a", A), ("same", [0.1; 7])]);
    for options in [NEAREST, EUCLIDEAN] {
        let same = MatchRefusal::ZeroVariance { characteristic: "same".into() };
        assert_eq!(refused(&input, &options), [same]);
    }
    // it tells treated units from candidates, and nothing else
    let input = columns(&[("a", A), ("arm", [0.3, 0.3, 0.7, 0.7, 0.7, 0.7, 0.7])]);
    let arm = MatchRefusal::ZeroVarianceWithin { characteristic: "arm".into() };
    assert_eq!(refused(&input, &NEAREST), [arm]);
    assert!(choose(&input, &EUCLIDEAN).is_ok());
}

#[test]
fn a_singular_covariance_names_what_is_collinear() {
    let sum: [f64; 7] = std::array::from_fn(|i| 3.0 * A[i] - 0.2 * B[i] + 11.0);
    let other = [5.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0];
    let input = columns(&[("a", A), ("other", other), ("b", B), ("sum", sum)]);
    let collinear = MatchRefusal::Collinear {
        characteristic: "sum".into(),
        with: vec!["a".into(), "b".into()],
    };
    assert_eq!(refused(&input, &NEAREST), [collinear]);
    assert!(choose(&input, &EUCLIDEAN).is_ok());
    let few = columns(&[("a", A), ("b", B), ("c", other)]);
    let few = MatchInput { treated: vec![0], pool: vec![2, 3, 4], ..few };
    let refusal = MatchRefusal::TooFewUnits { units: 4, characteristics: 3 };
    assert_eq!(refused(&few, &NEAREST), [refusal]);
}

#[test]
fn a_level_far_from_zero_is_no_lack_of_variation() {
    let far = A.map(|x| 1e7 + x);
    let input = columns(&[("far", far), ("b", B)]);
    let near = columns(&[("near", A), ("b", B)]);
    let distances = |input| -> Vec<f64> {
        choose(input, &NEAREST).expect("a match").pairs.iter().map(|pair| pair.distance).collect()
    };
    for (far, near) in distances(&input).iter().zip(distances(&near)) {
        assert!((far - near).abs() < 1e-8 * near, "{far} {near}");
    }
}

#[test]
fn a_treated_unit_without_a_candidate_is_named_with_the_reason() {
    let input = with_classes(line(&[0.0, 1.0], &[0.5, 9.0, 0.7]), &["a", "b", "a", "b", "c"]);
    let options = MatchOptions { caliper: Some(1.0), ..NEAREST };
    let [MatchRefusal::NoCandidate { treated, reason }] = &refused(&input, &options)[..] else {
        panic!("one refusal");
    };
    assert_eq!(treated, "t1");
    assert!(matches!(reason, NoCandidate::Caliper { nearest, .. } if nearest == "c1"));
    let alone = with_classes(line(&[0.0, 1.0], &[0.5, 9.0, 0.7]), &["a", "b", "a", "a", "c"]);
    let reason = NoCandidate::Class { labels: vec!["b".into()] };
    let refusal = MatchRefusal::NoCandidate { treated: "t1".into(), reason };
    assert_eq!(refused(&alone, &NEAREST), [refusal]);
}

#[test]
fn too_few_controls_are_counted_and_placed() {
    let input = with_classes(
        line(&[0.0, 1.0, 2.0], &[0.5, 9.0, 0.7, 3.0]),
        &["a", "a", "b", "a", "a", "a", "b"],
    );
    let options = MatchOptions { controls: Controls::PerTreated(2), ..NEAREST };
    let short =
        |treated: &str, found, candidates| Short { treated: treated.into(), found, candidates };
    let refusal = MatchRefusal::NotEnough {
        wanted: 6,
        found: 4,
        short: vec![short("t1", 1, 3), short("t2", 1, 1)],
        optimal_finds_enough: false,
    };
    assert_eq!(refused(&input, &options), std::slice::from_ref(&refusal));
    let sentence =
        "4 of 6 controls found; too few for t1 (1 of 3 candidates), t2 (1 of 1 candidates)";
    assert_eq!(refusal.to_string(), sentence);
    let total = MatchOptions { controls: Controls::Total(5), ..OPTIMAL };
    assert_eq!(codes(&input, &total), ["not_enough"]);
    let total = MatchOptions { controls: Controls::Total(4), ..OPTIMAL };
    assert!(choose(&input, &total).is_ok());
}

#[test]
fn a_pool_smaller_than_the_total_leaves_somebody_short() {
    let input = line(&[0.0, 1.0, 2.0], &[0.5, 9.0, 0.7, 3.0]);
    for options in [NEAREST, OPTIMAL] {
        let options = MatchOptions { controls: Controls::Total(5), ..options };
        let [MatchRefusal::NotEnough { wanted: 5, found: 4, short, optimal_finds_enough: false }] =
            &refused(&input, &options)[..]
        else {
            panic!("{:?}", choose(&input, &options));
        };
        assert_eq!(short.len(), 2, "{short:?}");
        assert!(short.iter().all(|short| (short.found, short.candidates) == (1, 4)));
    }
}

#[test]
fn it_is_told_when_only_the_greedy_order_stands_in_the_way() {
    // t0 takes the only candidate that t1 may have
    let input = line(&[0.0, 2.0], &[1.0, -1.5]);
    let options = MatchOptions { caliper: Some(1.1), ..EUCLIDEAN };
    let [MatchRefusal::NotEnough { found: 1, short, optimal_finds_enough: true, .. }] =
        &refused(&input, &options)[..]
    else {
        panic!("{:?}", choose(&input, &options));
    };
    assert_eq!(short[0].treated, "t1");
    assert!(
        choose(
            &input,
            &MatchOptions { caliper: Some(1.1), distance: Distance::Euclidean, ..OPTIMAL }
        )
        .is_ok()
    );
}
