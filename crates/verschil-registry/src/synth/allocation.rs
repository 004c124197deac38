//! Whole numbers that add up: largest remainders.

/// Splits `total` over weights. Each part is its share rounded down or up, and the parts add up to
/// `total`; the largest remainders are rounded up, the earlier of equals first.
pub(super) fn allocate(total: u64, weights: &[f64]) -> Vec<u64> {
    let sum: f64 = weights.iter().sum();
    if sum <= 0.0 {
        return vec![0; weights.len()];
    }
    let exact: Vec<f64> = weights.iter().map(|weight| total as f64 * weight / sum).collect();
    let mut parts: Vec<u64> = exact.iter().map(|share| share.floor() as u64).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    let remainder = |at: usize| exact[at] - exact[at].floor();
    order.sort_by(|&a, &b| remainder(b).total_cmp(&remainder(a)).then(a.cmp(&b)));
    let left = total.saturating_sub(parts.iter().sum()) as usize;
    for &at in order.iter().take(left) {
        parts[at] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::allocate;

    #[test]
    fn parts_add_up_and_stand_within_one_of_their_share() {
        let weights = [3.0, 1.0, 0.0, 2.5, 2.5];
        for total in [0, 1, 7, 10, 49_531] {
            let parts = allocate(total, &weights);
            assert_eq!(parts.iter().sum::<u64>(), total);
            assert_eq!(parts[2], 0);
            for (part, weight) in parts.iter().zip(weights) {
                assert!((*part as f64 - total as f64 * weight / 9.0).abs() < 1.0);
            }
        }
        assert_eq!(allocate(5, &[0.0, 0.0]), [0, 0]);
    }
}
