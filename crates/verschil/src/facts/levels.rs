//! The order in which levels of a covariate are told: that of their list of codes, or of their
//! numbers; unknown comes last.

use std::cmp::Ordering;

use verschil_study::{Covariate, Protocol};

/// Level of rows without a value.
pub(super) const UNKNOWN: &str = "(missing)";

/// Compares two levels of a covariate.
pub(super) fn compare(protocol: &Protocol, covariate: &Covariate, a: &str, b: &str) -> Ordering {
    let list =
        protocol.codelists.iter().find(|list| Some(&list.name) == covariate.codelist.as_ref());
    let listed = |level: &str| {
        let at = list.and_then(|list| list.codes.iter().position(|code| code.code == level));
        at.unwrap_or(usize::MAX)
    };
    (a == UNKNOWN)
        .cmp(&(b == UNKNOWN))
        .then_with(|| listed(a).cmp(&listed(b)))
        .then_with(|| number(a).total_cmp(&number(b)))
        .then_with(|| b.starts_with('<').cmp(&a.starts_with('<')))
        .then_with(|| a.cmp(b))
}

/// The first whole number in a level; after all numbers where there is none.
fn number(level: &str) -> f64 {
    let digits = level.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().unwrap_or(f64::INFINITY)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(protocol: &Protocol, levels: &[&str]) -> Vec<String> {
        let mut levels: Vec<String> = levels.iter().map(|level| (*level).to_owned()).collect();
        levels.sort_by(|a, b| compare(protocol, &protocol.covariates[0], a, b));
        levels
    }

    #[test]
    fn levels_stand_in_the_order_of_their_list_or_of_their_numbers() {
        let text = "[[covariate]]\nid = \"age\"\nkind = \"categorical\"\nvalue = \"age\"\nlabel = \"Age\"\n";
        let declared =
            format!("{text}codelist = \"ages\"\n[codelists.ages]\nfile = \"ages.csv\"\n");
        let rest = include_str!("../../tests/protocols/small.toml");
        let rest = rest.split("[[covariate]]").next().expect("the beginning");
        let end = include_str!("../../tests/protocols/small.toml");
        let end = &end[end.find("[[outcome]]").expect("outcomes")..];
        let load = |_: &str| Ok("code,nl,en\nold,oud,old\nyoung,jong,young\n".to_owned());
        let parse = |covariate: &str| {
            let text = format!("{rest}{covariate}\n{end}");
            Protocol::parse_with("small.toml", &text, &load).expect("parses").0
        };
        let levels = ["40+", "(missing)", "<25", "9-10", "25-29", "young", "old"];
        let by_number = ["9-10", "<25", "25-29", "40+", "old", "young", "(missing)"];
        assert_eq!(sorted(&parse(text), &levels), by_number);
        let by_list = ["old", "young", "9-10", "<25", "25-29", "40+", "(missing)"];
        assert_eq!(sorted(&parse(&declared), &levels), by_list);
    }
}
