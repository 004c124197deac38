//! Lists of codes, and the condition that `in_list` stands for.

use std::collections::{BTreeMap, BTreeSet};

use super::term::{Term, quoted};

/// First and last period of validity; nothing where it is open.
pub type Validity = (Option<i64>, Option<i64>);

/// A named list of codes, each with its validity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeList {
    /// Name in `in_list`.
    pub name: String,
    /// Codes, in any order.
    pub codes: Vec<(String, Validity)>,
}

impl CodeList {
    /// The condition that `value` is one of the codes; with a `year`, of those valid in it.
    pub(super) fn condition(&self, value: &Term, year: Option<&Term>) -> Term {
        let Some(year) = year else {
            let codes: BTreeSet<&str> = self.codes.iter().map(|(code, _)| code.as_str()).collect();
            return among(value, &codes);
        };
        let mut windows: BTreeMap<Validity, BTreeSet<&str>> = BTreeMap::new();
        for (code, validity) in &self.codes {
            windows.entry(*validity).or_default().insert(code);
        }
        let parts: Vec<Term> = windows
            .into_iter()
            .map(|(validity, codes)| match window(year, validity) {
                None => among(value, &codes),
                Some(window) => {
                    let codes = among(value, &codes);
                    Term::compound(format!("{} AND {}", codes.operand(), window.operand()))
                }
            })
            .collect();
        match parts.as_slice() {
            [only] => only.clone(),
            _ => {
                let parts: Vec<String> = parts.iter().map(Term::operand).collect();
                Term::compound(parts.join(" OR "))
            }
        }
    }
}

fn among(value: &Term, codes: &BTreeSet<&str>) -> Term {
    let codes: Vec<String> = codes.iter().map(|code| quoted(code, '\'')).collect();
    Term::compound(format!("{} IN ({})", value.operand(), codes.join(", ")))
}

/// The condition that a year lies in a window; nothing when every year does.
fn window(year: &Term, validity: Validity) -> Option<Term> {
    let year = year.operand();
    Some(Term::compound(match validity {
        (None, None) => return None,
        (Some(from), None) => format!("{year} >= {}", whole(from)),
        (None, Some(to)) => format!("{year} <= {}", whole(to)),
        (Some(from), Some(to)) => format!("{year} BETWEEN {} AND {}", whole(from), whole(to)),
    }))
}

/// A whole number as an operand.
fn whole(number: i64) -> String {
    if number < 0 { format!("(-{})", number.unsigned_abs()) } else { number.to_string() }
}
