//! How sums are stored: half of a symmetric matrix, and counts as whole numbers, which a compact
//! format writes in a byte or two.

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

/// The upper triangle of a square matrix, row-major; what is below it is zero.
pub(super) mod triangle {
    use super::{Deserialize, Deserializer, Packed, Serialize, Serializer};

    pub fn serialize<S: Serializer>(square: &[f64], to: S) -> Result<S::Ok, S::Error> {
        let width = square.len().isqrt();
        let rows = square.chunks_exact(width.max(1)).enumerate();
        Packed::new(rows.flat_map(|(i, row)| &row[i..]).copied().collect()).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<f64>, D::Error> {
        let numbers = Packed::deserialize(from)?.numbers();
        // n numbers fill the triangle of a matrix of this width
        let width = ((8 * numbers.len() + 1).isqrt() - 1) / 2;
        if width * (width + 1) / 2 != numbers.len() {
            return Err(serde::de::Error::custom("not a triangle"));
        }
        let mut square = vec![0.0; width * width];
        let mut rest = numbers.as_slice();
        for i in 0..width {
            let (row, after) = rest.split_at(width - i);
            square[i * width + i..(i + 1) * width].copy_from_slice(row);
            rest = after;
        }
        Ok(square)
    }
}

#[cfg(test)]
mod tests {
    use crate::grams::Moments;

    #[test]
    fn what_is_stored_comes_back() {
        let upper = |xx: [f64; 9]| Moments { n: 7, xx: xx.to_vec() };
        for moments in [
            Moments::default(),
            upper([3.0, 1.0, 2.0, 0.0, 5.0, 9.0, 0.0, 0.0, 4.0]),
            upper([3.0, -1.5, 2.0, 0.0, 5.0, 1e300, 0.0, 0.0, 4.0]),
        ] {
            let text = serde_json::to_string(&moments).expect("written");
            assert_eq!(serde_json::from_str::<Moments>(&text).expect("read"), moments);
        }
        assert!(serde_json::from_str::<Moments>(r#"{"n":1,"xx":{"Counts":[1,2]}}"#).is_err());
    }
}
