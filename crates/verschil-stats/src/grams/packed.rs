//! How sums are stored: counts as whole numbers, which a compact format writes in a byte or two.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Largest count that a float holds exactly.
const EXACT: f64 = 9_007_199_254_740_992.0;

#[derive(Serialize, Deserialize)]
enum Packed {
    Counts(Vec<u64>),
    Numbers(Vec<f64>),
}

impl Packed {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn new(numbers: Vec<f64>) -> Self {
        let count = |x: &f64| x.fract() == 0.0 && x.is_sign_positive() && *x <= EXACT;
        if numbers.iter().all(count) {
            Self::Counts(numbers.into_iter().map(|x| x as u64).collect())
        } else {
            Self::Numbers(numbers)
        }
    }

    fn numbers(self) -> Vec<f64> {
        match self {
            Self::Counts(counts) => counts.into_iter().map(super::count).collect(),
            Self::Numbers(numbers) => numbers,
        }
    }
}

/// Any numbers.
pub(super) mod numbers {
    use super::{Deserialize, Deserializer, Packed, Serialize, Serializer};

    pub fn serialize<S: Serializer>(numbers: &[f64], to: S) -> Result<S::Ok, S::Error> {
        Packed::new(numbers.to_vec()).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<f64>, D::Error> {
        Ok(Packed::deserialize(from)?.numbers())
    }
}

#[cfg(test)]
mod tests {
    use crate::grams::Slice;

    #[test]
    fn what_is_stored_comes_back() {
        for xy in [vec![], vec![3.0, 1.0, 2.0, 9e15], vec![3.0, -1.5, 1e300, -0.0]] {
            let slice = Slice { region: 3, period: 2, classes: vec![], xy, yy: vec![0.5] };
            let text = serde_json::to_string(&slice).expect("written");
            assert_eq!(serde_json::from_str::<Slice>(&text).expect("read"), slice);
        }
    }
}
