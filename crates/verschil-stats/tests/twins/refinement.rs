//! Sample classes: outcomes share one exactly when they miss the same rows.

use verschil_stats::grams::{Batch, Dictionaries, GramBuilder, Grams, Shape, Weighting};

use crate::study::Random;

const OUTCOMES: usize = 7;

/// Rows of two regions and two periods whose outcomes go missing in a few random patterns, new
/// patterns turning up late.
fn random_rows(seed: u64) -> Vec<(u32, u32, Vec<f64>)> {
    let mut random = Random::new(seed);
    let patterns: Vec<u64> = (0..4).map(|_| random.bits()).collect();
    (0..60)
        .map(|row| {
            let known = 1 + row / 15;
            let pattern = if random.below(3) == 0 { patterns[random.below(known)] } else { 0 };
            let outcomes = (0..OUTCOMES)
                .map(|k| if pattern >> k & 1 == 1 { f64::NAN } else { random.normal() })
                .collect();
            (u32::from(random.below(2) == 1), u32::from(random.below(2) == 1), outcomes)
        })
        .collect()
}

fn grams(rows: &[(u32, u32, Vec<f64>)], batch: usize) -> Grams {
    let shape =
        Shape { categorical: vec![], binary: vec![false; OUTCOMES], weighting: Weighting::None };
    let mut builder = GramBuilder::new(shape.clone());
    for rows in rows.chunks(batch) {
        let mut batch = Batch::default();
        for (region, period, outcomes) in rows {
            batch.region.push(*region);
            batch.period.push(*period);
            batch.push_outcomes(&shape, outcomes);
        }
        builder.push(&mut batch, &[]);
    }
    let regions = vec!["a".to_owned(), "b".to_owned()];
    builder.finish(&Dictionaries {
        clusters: regions.clone(),
        regions,
        periods: vec![1, 2],
        levels: vec![],
    })
}

#[test]
fn outcomes_share_a_class_exactly_when_they_miss_the_same_rows() {
    for seed in 0..60 {
        let rows = random_rows(seed);
        for batch in [1, 7, rows.len()] {
            let grams = grams(&rows, batch);
            for a in 0..OUTCOMES {
                for b in 0..OUTCOMES {
                    let same = rows.iter().all(|row| row.2[a].is_nan() == row.2[b].is_nan());
                    assert_eq!(grams.class_of[a] == grams.class_of[b], same, "seed {seed}");
                }
                let present = rows.iter().filter(|row| !row.2[a].is_nan()).count();
                let counted: u64 =
                    grams.slices.iter().map(|s| s.classes[grams.class_of[a]].n).sum();
                assert_eq!(counted, present as u64, "seed {seed}, batches of {batch}");
            }
        }
    }
}
