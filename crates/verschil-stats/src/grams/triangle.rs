//! Symmetric matrices of sums, half of each: counts take four bytes, other sums eight.

use serde::{Deserialize, Serialize, Serializer};

use super::count;

/// The upper triangle of a symmetric matrix, row-major: (0, 0), (0, 1), ..., (1, 1), (1, 2), ...
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(try_from = "Entries")]
pub struct Triangle {
    width: usize,
    entries: Entries,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Entries {
    /// Whole numbers, none above `u32::MAX`.
    Counts(Vec<u32>),
    Numbers(Vec<f64>),
}

impl Default for Entries {
    fn default() -> Self {
        Self::Counts(Vec::new())
    }
}

impl Serialize for Triangle {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.entries.serialize(to)
    }
}

impl TryFrom<Entries> for Triangle {
    type Error = &'static str;

    fn try_from(entries: Entries) -> Result<Self, Self::Error> {
        let entries_of = match &entries {
            Entries::Counts(counts) => counts.len(),
            Entries::Numbers(numbers) => numbers.len(),
        };
        let width = ((8 * entries_of + 1).isqrt() - 1) / 2;
        if size(width) == entries_of { Ok(Self { width, entries }) } else { Err("not a triangle") }
    }
}

/// Number of entries.
pub(crate) fn size(width: usize) -> usize {
    width * (width + 1) / 2
}

/// Where the diagonal entry of a row stands; those right of it follow.
pub(crate) fn diagonal(width: usize, row: usize) -> usize {
    size(width) - size(width - row)
}

/// Where an entry stands, named on either side of the diagonal.
pub(crate) fn entry(width: usize, i: usize, j: usize) -> usize {
    diagonal(width, i.min(j)) + i.abs_diff(j)
}

impl Triangle {
    /// Zeros.
    #[must_use]
    pub fn zeros(width: usize) -> Self {
        Self { width, entries: Entries::Counts(vec![0; size(width)]) }
    }

    /// An entry, on either side of the diagonal.
    #[must_use]
    pub fn at(&self, i: usize, j: usize) -> f64 {
        let at = entry(self.width, i, j);
        match &self.entries {
            Entries::Counts(counts) => f64::from(counts[at]),
            Entries::Numbers(numbers) => numbers[at],
        }
    }

    /// Adds the entries to a triangle of as many.
    pub fn add_to(&self, sums: &mut [f64]) {
        match &self.entries {
            Entries::Counts(counts) => {
                sums.iter_mut().zip(counts).for_each(|(sum, &count)| *sum += f64::from(count));
            }
            Entries::Numbers(numbers) => {
                sums.iter_mut().zip(numbers).for_each(|(sum, number)| *sum += number);
            }
        }
    }

    /// Adds counts, of which the first is the largest. Beyond `u32` they go on as floats, which hold
    /// them exactly up to 2^53.
    pub(super) fn add_counts(&mut self, more: &[u32]) {
        if let Entries::Counts(counts) = &mut self.entries {
            let mut pairs = counts.iter().zip(more);
            if pairs.next().is_none_or(|(count, more)| count.checked_add(*more).is_some()) {
                counts.iter_mut().zip(more).for_each(|(count, more)| *count += more);
                return;
            }
        }
        let numbers = self.numbers_mut();
        numbers.iter_mut().zip(more).for_each(|(sum, &more)| *sum += f64::from(more));
    }

    /// Number of rows and of columns.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Adds a triangle of the same width.
    pub(super) fn add(&mut self, more: &Self) {
        match &more.entries {
            Entries::Counts(counts) => self.add_counts(counts),
            Entries::Numbers(_) => self.add_weighted(more, 1.0),
        }
    }

    /// Adds a multiple of a triangle of the same width.
    pub(super) fn add_weighted(&mut self, more: &Self, weight: f64) {
        let sums = self.numbers_mut().iter_mut();
        match &more.entries {
            Entries::Counts(counts) => {
                sums.zip(counts).for_each(|(sum, &count)| *sum += weight * f64::from(count));
            }
            Entries::Numbers(numbers) => {
                sums.zip(numbers).for_each(|(sum, number)| *sum += weight * number);
            }
        }
    }

    /// Adds a count to one entry.
    pub(super) fn add_count(&mut self, (i, j): (usize, usize), rows: u64) {
        let at = entry(self.width, i, j);
        if let (Entries::Counts(counts), Ok(rows)) = (&mut self.entries, u32::try_from(rows))
            && let Some(sum) = counts[at].checked_add(rows)
        {
            counts[at] = sum;
            return;
        }
        self.numbers_mut()[at] += count(rows);
    }

    /// The entries as floats from now on.
    pub(super) fn numbers_mut(&mut self) -> &mut [f64] {
        if let Entries::Counts(counts) = &self.entries {
            self.entries = Entries::Numbers(counts.iter().map(|&count| f64::from(count)).collect());
        }
        match &mut self.entries {
            Entries::Numbers(numbers) => numbers,
            Entries::Counts(_) => unreachable!("they have just become numbers"),
        }
    }

    /// Counts again, where all entries are such: equal sums are then stored alike.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub(super) fn settle(&mut self) {
        if let Entries::Numbers(numbers) = &self.entries {
            let is_count =
                |x: &f64| x.fract() == 0.0 && x.is_sign_positive() && *x <= f64::from(u32::MAX);
            if numbers.iter().all(is_count) {
                self.entries = Entries::Counts(numbers.iter().map(|&x| x as u32).collect());
            }
        }
    }

    /// A triangle of `width` in which row and column `i` are what stood in `from[i]`; zeros where
    /// nothing stood.
    pub(super) fn arranged(&self, from: &[Option<usize>]) -> Self {
        let place =
            |i: usize, j: usize| -> Option<usize> { Some(entry(self.width, from[i]?, from[j]?)) };
        let width = from.len();
        let places = || (0..width).flat_map(move |i| (i..width).map(move |j| (i, j)));
        let entries = match &self.entries {
            Entries::Counts(counts) => Entries::Counts(
                places().map(|(i, j)| place(i, j).map_or(0, |at| counts[at])).collect(),
            ),
            Entries::Numbers(numbers) => Entries::Numbers(
                places().map(|(i, j)| place(i, j).map_or(0.0, |at| numbers[at])).collect(),
            ),
        };
        Self { width, entries }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(upper: &[u32]) -> Triangle {
        Triangle::try_from(Entries::Counts(upper.to_vec())).expect("a triangle")
    }

    fn broken(upper: &[f64]) -> Triangle {
        Triangle::try_from(Entries::Numbers(upper.to_vec())).expect("a triangle")
    }

    #[test]
    fn entries_stand_on_both_sides_of_the_diagonal() {
        let triangle = whole(&[1, 2, 3, 4, 5, 6]);
        let square: Vec<f64> = (0..3)
            .flat_map(|i| (0..3).map(move |j| (i, j)))
            .map(|(i, j)| triangle.at(i, j))
            .collect();
        assert_eq!(square, [1.0, 2.0, 3.0, 2.0, 4.0, 5.0, 3.0, 5.0, 6.0]);
    }

    #[test]
    fn what_is_stored_comes_back() {
        for triangle in [
            Triangle::default(),
            whole(&[3, 1, 2, 5, 9, 4]),
            broken(&[3.0, -1.5, 2.0, 5.0, 1e300, 4.0]),
        ] {
            let text = serde_json::to_string(&triangle).expect("written");
            assert_eq!(serde_json::from_str::<Triangle>(&text).expect("read"), triangle);
        }
        assert!(serde_json::from_str::<Triangle>(r#"{"Counts":[1,2]}"#).is_err());
    }

    #[test]
    fn counts_beyond_four_bytes_go_on_as_floats() {
        let mut triangle = whole(&[u32::MAX - 1, 7, 9]);
        triangle.add_counts(&[1, 1, 0]);
        assert_eq!(triangle, whole(&[u32::MAX, 8, 9]));
        triangle.add_counts(&[3, 0, 1]);
        assert_eq!(triangle, broken(&[4_294_967_298.0, 8.0, 10.0]));
        triangle.settle();
        assert_eq!(triangle, broken(&[4_294_967_298.0, 8.0, 10.0]));
        let mut one = whole(&[1, 2, 3]);
        one.add_count((0, 1), 5);
        assert_eq!(one, whole(&[1, 7, 3]));
        one.add_count((1, 1), 1 << 33);
        assert_eq!(one, broken(&[1.0, 7.0, 8_589_934_595.0]));
        let mut full = whole(&[u32::MAX]);
        full.add_count((0, 0), 1);
        assert_eq!(full, broken(&[4_294_967_296.0]));
    }

    #[test]
    fn whole_numbers_settle_as_counts_and_add_up_alike() {
        let mut triangle = broken(&[4.0, 0.0, 2.0]);
        let (mut before, mut after) = ([0.5; 3], [0.5; 3]);
        triangle.add_to(&mut before);
        triangle.settle();
        triangle.add_to(&mut after);
        assert_eq!((triangle, before), (whole(&[4, 0, 2]), after));
        for no_count in [-1.0, 0.5, -0.0] {
            let mut triangle = broken(&[4.0, no_count, 2.0]);
            triangle.settle();
            assert_eq!(triangle.at(0, 1).to_bits(), f64::to_bits(no_count));
        }
    }

    #[test]
    fn rows_and_columns_move_together_and_new_ones_are_zero() {
        let moved = whole(&[1, 2, 3, 4, 5, 6]).arranged(&[Some(2), None, Some(0), Some(1)]);
        assert_eq!(moved, whole(&[6, 0, 3, 5, 0, 0, 0, 1, 2, 4]));
    }
}
