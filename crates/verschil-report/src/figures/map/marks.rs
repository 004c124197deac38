//! Short marks of regions, by which a map and its table name them.

use std::collections::HashSet;

use verschil_study::results::RegionRow;

/// Letters that fit on a hexagon.
const FIT: usize = 3;

/// One mark per region: the end of its code where that tells regions apart, the code itself where
/// it is short, else a number.
pub(super) fn marks(regions: &[RegionRow]) -> Vec<String> {
    let ends: Vec<String> = regions.iter().map(|region| end(&region.code)).collect();
    let codes: Vec<String> = regions.iter().map(|region| region.code.clone()).collect();
    for marks in [ends, codes] {
        let different: HashSet<&String> = marks.iter().collect();
        let fits = |mark: &String| !mark.is_empty() && mark.chars().count() <= FIT;
        if different.len() == marks.len() && marks.iter().all(fits) {
            return marks;
        }
    }
    (1..=regions.len()).map(|number| number.to_string()).collect()
}

/// What follows the last separator.
fn end(code: &str) -> String {
    code.rsplit(['_', '-', ' ', '.']).next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(codes: &[&str]) -> Vec<String> {
        let region = |code: &&str| RegionRow { code: (*code).to_owned(), ..RegionRow::default() };
        marks(&codes.iter().map(region).collect::<Vec<_>>())
    }

    #[test]
    fn marks_are_short_and_different() {
        assert_eq!(of(&["IGO_A", "VSV_01", "VSV_02"]), ["A", "01", "02"]);
        assert_eq!(of(&["A-1", "B-1"]), ["A-1", "B-1"]);
        assert_eq!(of(&["north-1", "south-1"]), ["1", "2"]);
        assert_eq!(of(&["Rotterdam", "Delft"]), ["1", "2"]);
    }
}
