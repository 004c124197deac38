//! Why each control was chosen and every other candidate was not.

use verschil_stats::matching::{Because, Controls, MatchOptions, Taken, WhyNot, choose};

use crate::examples::{NEAREST, OPTIMAL, line, with_classes};

#[test]
fn a_choice_names_the_next_best_and_what_stood_nearer() {
    let input =
        with_classes(line(&[0.0, 0.5], &[0.2, 1.0, 0.1, 4.0]), &["a", "a", "a", "a", "b", "a"]);
    let matched = choose(&input, &NEAREST).expect("a match");
    let [first, second] = &matched.pairs[..] else { panic!("two pairs") };
    assert_eq!((first.treated, first.control, first.order, first.round), (0, 2, 1, 1));
    assert_eq!(first.why.because, Because::NearestInClass);
    assert_eq!(first.why.other_class[0].unit, 4);
    assert_eq!(first.why.next.expect("one").unit, 3);
    assert_eq!((second.treated, second.control, second.order), (1, 3, 2));
    assert_eq!(second.why.because, Because::NearestFreeInClass);
    let Taken { unit, by, .. } = second.why.taken[0];
    assert_eq!((unit, by), (2, 0));
    assert_eq!(second.why.next.expect("one").unit, 5);
    let next = second.why.next.expect("one").distance;
    let note = format!("nearest_free_in_class; next c3 {next:.3}; taken 1; other_class 1");
    assert_eq!(second.why.note(&input.units), note);
    let told: Vec<(usize, &str)> =
        matched.unchosen.iter().map(|u| (u.unit, u.why_not.code())).collect();
    assert_eq!(told, [(4, "other_class"), (5, "farther")]);
}

#[test]
fn an_optimal_choice_names_whom_a_nearer_one_serves() {
    // both want c0; t1 would lose more without it
    let input = line(&[0.0, 3.0], &[1.0, -2.0]);
    let matched = choose(&input, &OPTIMAL).expect("a match");
    let pair = |t: usize| matched.pairs.iter().find(|pair| pair.treated == t).expect("a pair");
    assert_eq!((pair(0).control, pair(1).control), (3, 2));
    assert_eq!(pair(0).why.because, Because::NearestFree);
    assert_eq!(pair(0).why.taken[0].by, 1);
    assert_eq!(pair(1).why.because, Because::Nearest);
    assert!(pair(1).why.next.is_none(), "nobody is left");
}

#[test]
fn a_caliper_is_told_of() {
    let input = line(&[0.0, 1.0], &[0.1, 1.2, 30.0, 2.0]);
    let options = MatchOptions { caliper: Some(0.5), ..NEAREST };
    let matched = choose(&input, &options).expect("a match");
    assert!(matched.pairs.iter().all(|pair| pair.why.beyond_caliper == 1));
    let far = matched.unchosen.iter().find(|u| u.unit == 4).expect("told");
    assert_eq!((far.nearest, far.why_not), (1, WhyNot::BeyondCaliper));
    let near = matched.unchosen.iter().find(|u| u.unit == 5).expect("told");
    assert!(matches!(near.why_not, WhyNot::Farther { controls: 1, farthest: Some(_) }));
}

#[test]
fn a_total_is_spread_in_rounds_and_ends_with_the_nearest_pairs() {
    let input = line(&[0.0, 10.0, 20.0], &[0.1, 0.2, 9.0, 11.5, 20.3, 20.4, 30.0]);
    for options in [NEAREST, OPTIMAL] {
        let options = MatchOptions { controls: Controls::Total(5), ..options };
        let matched = choose(&input, &options).expect("a match");
        let rounds: Vec<usize> = matched.pairs.iter().map(|pair| pair.round).collect();
        assert_eq!(rounds, [1, 1, 1, 2, 2]);
        let orders: Vec<usize> = matched.pairs.iter().map(|pair| pair.order).collect();
        assert_eq!(orders, [1, 2, 3, 4, 5]);
        let mut last: Vec<usize> = matched.pairs[3..].iter().map(|pair| pair.treated).collect();
        last.sort_unstable();
        assert_eq!(last, [0, 2], "t1 has its second candidate farther away");
    }
}

#[test]
fn a_control_that_serves_two_counts_twice() {
    let input = line(&[0.0, 0.4], &[0.2, 7.0]);
    let matched = choose(&input, &MatchOptions { replacement: true, ..NEAREST }).expect("a match");
    assert_eq!(matched.weights(), [(2, 2.0)]);
    assert_eq!(matched.pairs[1].why.because, Because::Nearest);
    assert_eq!(matched.pairs[1].why.next.expect("one").unit, 3);
}
