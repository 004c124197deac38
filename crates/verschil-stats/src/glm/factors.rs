//! Covariates crossed into fewer factors, so that a row has fewer codes to look up and to add to.
//!
//! A crossing of two covariates has the one-way sums of both and their two-way sums within its own
//! one-way sums: of what is summed by factor, sums by covariate are sums of parts.

/// Most levels of a crossing, by preference: tables of pairs of such factors stay in the fastest
/// memory.
const LEVELS: [usize; 4] = [64, 32, 16, 8];
/// Pairs of codes that may be taken apart for each row.
const PAIRS: usize = 4;

/// How the categorical covariates are crossed. Codes count through all factors; behind them stand the
/// numeric covariates.
#[derive(Debug)]
pub(super) struct Factors {
    /// For each code the columns of the Grams that are not zero where it stands.
    columns_of: Vec<Vec<u32>>,
    /// Codes of factors.
    codes: usize,
    groups: Vec<Group>,
    /// Levels of each covariate.
    sizes: Vec<usize>,
    /// Columns of the Grams.
    columns: usize,
}

/// Covariates that make one factor.
#[derive(Debug, Clone)]
struct Group {
    members: Vec<usize>,
    levels: usize,
    /// Code of its first level.
    first: usize,
}

impl Factors {
    /// `levels` holds for each categorical covariate the columns of its levels; `numerics` numeric
    /// ones stand at the end of `columns`. Sums are taken apart again for each region, so that covariates
    /// are crossed only where a region has many `rows`.
    pub(super) fn new(
        levels: &[Vec<u32>],
        (columns, numerics): (usize, usize),
        rows: usize,
    ) -> Self {
        let codes = |groups: Vec<Group>| groups.iter().map(|group| group.levels).sum::<usize>();
        let few = |most: &usize| codes(grouped(levels, *most)).pow(2) <= PAIRS * rows;
        let mut groups = grouped(levels, LEVELS.into_iter().find(few).unwrap_or_default());
        let mut columns_of = Vec::new();
        for group in &mut groups {
            group.first = columns_of.len();
            columns_of.extend((0..group.levels).map(|code| group.columns_of(code, levels)));
        }
        let codes = columns_of.len();
        let numeric = (columns - numerics..columns).map(|at| vec![position(at)]);
        columns_of.extend(numeric);
        let sizes = levels.iter().map(Vec::len).collect();
        Self { columns_of, codes, groups, sizes, columns }
    }

    /// Factors of a row.
    pub(super) fn count(&self) -> usize {
        self.groups.len()
    }

    /// Codes and numeric covariates together.
    pub(super) fn width(&self) -> usize {
        self.columns_of.len()
    }

    /// The place of the first numeric covariate behind the codes.
    pub(super) fn first_numeric(&self) -> usize {
        self.codes
    }

    /// Codes of a row, given its level of each covariate.
    pub(super) fn codes(&self, level: impl Fn(usize) -> u32) -> impl Iterator<Item = u32> {
        self.groups.iter().map(move |group| {
            let cross = |code, &at: &usize| code * self.sizes[at] + level(at) as usize;
            position(group.first + group.members.iter().fold(0, cross))
        })
    }

    /// For each code the sum of what its columns have.
    pub(super) fn spread(&self, of_columns: &[f64]) -> Vec<f64> {
        let sum = |columns: &Vec<u32>| columns.iter().map(|&at| of_columns[at as usize]).sum();
        self.columns_of.iter().map(sum).collect()
    }

    /// For each column what the codes in which it stands have, added up.
    pub(super) fn gathered<T: Clone + Default>(
        &self,
        of_codes: &[T],
        add: impl Fn(&mut T, &T),
    ) -> Vec<T> {
        let mut sums = vec![T::default(); self.columns];
        for (columns, own) in self.columns_of.iter().zip(of_codes) {
            columns.iter().for_each(|&at| add(&mut sums[at as usize], own));
        }
        sums
    }

    /// For each pair of columns (the upper triangle of a square, row-major) what the pairs of codes in
    /// which they stand have, added up; a code with itself stands on the diagonal.
    pub(super) fn gathered_pairs(&self, of_codes: &[f64]) -> Vec<f64> {
        let width = self.width();
        let mut sums = vec![0.0; self.columns * self.columns];
        for (one, line) in of_codes.chunks_exact(width.max(1)).enumerate() {
            for (two, &own) in line.iter().enumerate().skip(one) {
                if own == 0.0 {
                    continue;
                }
                for &a in &self.columns_of[one] {
                    // within a crossing each pair of its columns stands once
                    for &b in self.columns_of[two].iter().filter(|&&b| one != two || b >= a) {
                        sums[a.min(b) as usize * self.columns + a.max(b) as usize] += own;
                    }
                }
            }
        }
        sums
    }
}

impl Group {
    fn columns_of(&self, mut code: usize, levels: &[Vec<u32>]) -> Vec<u32> {
        let mut columns = Vec::new();
        for &at in self.members.iter().rev() {
            columns.push(levels[at][code % levels[at].len()]);
            code /= levels[at].len();
        }
        columns
    }
}

/// Crosses the two with the fewest levels, as long as they have no more than `most` together.
fn grouped(levels: &[Vec<u32>], most: usize) -> Vec<Group> {
    let alone = |(at, levels): (usize, &Vec<u32>)| Group {
        members: vec![at],
        levels: levels.len(),
        first: 0,
    };
    let mut groups: Vec<Group> = levels.iter().enumerate().map(alone).collect();
    loop {
        groups.sort_by_key(|group| (group.levels, group.members[0]));
        let [one, two, ..] = &groups[..] else { break };
        if one.levels * two.levels > most {
            break;
        }
        let members = one.members.iter().chain(&two.members).copied().collect();
        let levels = one.levels * two.levels;
        groups.splice(..2, [Group { members, levels, first: 0 }]);
    }
    groups.sort_by_key(|group| group.members.iter().min().copied());
    groups
}

fn position(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::rows::Numbers;

    /// Columns of four covariates, a numeric one behind them.
    fn levels(sizes: [usize; 4]) -> Vec<Vec<u32>> {
        let mut next = 0..;
        sizes.map(|size| next.by_ref().take(size).collect()).to_vec()
    }

    #[test]
    fn sums_by_factor_are_those_by_covariate() {
        let sizes = [7, 2, 3, 5];
        let levels = levels(sizes);
        let columns = sizes.iter().sum::<usize>() + 1;
        for (rows, expected) in [(0, 4), (60, 4), (100, 3), (100_000, 2)] {
            let factors = Factors::new(&levels, (columns, 1), rows);
            assert_eq!(factors.count(), expected, "{rows} rows");
            let width = factors.width();
            let (mut ones, mut pairs) = (vec![0.0; width], vec![0.0; width * width]);
            let mut own = vec![0.0; columns];
            let mut own_pairs = vec![0.0; columns * columns];
            let mut numbers = Numbers(5);
            for _ in 0..200 {
                let row = sizes.map(|size| u32::try_from(numbers.below(size as u64)).expect("few"));
                let value = f64::from(u32::try_from(1 + numbers.below(9)).expect("few"));
                let codes: Vec<usize> =
                    factors.codes(|at| row[at]).map(|code| code as usize).collect();
                for (at, &code) in codes.iter().enumerate() {
                    ones[code] += value;
                    codes[at..].iter().for_each(|&other| pairs[code * width + other] += value);
                }
                let at: Vec<usize> = row
                    .iter()
                    .zip(&levels)
                    .map(|(&code, own)| own[code as usize] as usize)
                    .collect();
                for (a, &one) in at.iter().enumerate() {
                    own[one] += value;
                    at[a..].iter().for_each(|&two| own_pairs[one * columns + two] += value);
                }
                let weights: Vec<f64> = std::iter::successors(Some(1.0), |last| Some(last / 2.0))
                    .take(columns)
                    .collect();
                let spread = factors.spread(&weights);
                let sum: f64 = at.iter().map(|&at| weights[at]).sum();
                assert_eq!(codes.iter().map(|&code| spread[code]).sum::<f64>(), sum);
                assert_eq!(spread[width - 1], weights[columns - 1]);
            }
            assert_eq!(factors.gathered(&ones, |sum, own| *sum += own), own);
            assert_eq!(factors.gathered_pairs(&pairs), own_pairs);
        }
    }

    #[test]
    fn the_smallest_are_crossed_first_and_order_stays() {
        let levels = levels([31, 3, 40, 4]);
        let factors = Factors::new(&levels, (78, 0), 1_000_000);
        let members: Vec<&[usize]> = factors.groups.iter().map(|g| g.members.as_slice()).collect();
        assert_eq!(members, [&[0][..], &[1, 3], &[2]]);
        assert_eq!(factors.width(), 31 + 12 + 40);
        assert_eq!(Factors::new(&[], (0, 0), 9).gathered_pairs(&[]), Vec::<f64>::new());
    }
}
