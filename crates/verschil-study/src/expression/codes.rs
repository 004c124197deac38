//! Lists of codes, and the condition that `in_list` stands for.

use std::collections::{BTreeMap, BTreeSet};

use super::allowed::Class;
use super::term::{Term, quoted};

/// First and last period of validity; nothing where it is open.
pub type Validity = (Option<i64>, Option<i64>);

/// A named list of codes, each with its validity, written out once for many expressions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeList {
    name: String,
    /// Every code once, sorted and quoted.
    all: String,
    /// Those of each validity.
    windows: Vec<(Validity, String)>,
}

impl CodeList {
    /// A list by the name that it has in `in_list`; the order of its codes does not matter.
    #[must_use]
    pub fn new(name: &str, codes: &[(String, Validity)]) -> Self {
        let mut windows: BTreeMap<Validity, BTreeSet<&str>> = BTreeMap::new();
        for (code, validity) in codes {
            windows.entry(*validity).or_default().insert(code);
        }
        let all: BTreeSet<&str> = codes.iter().map(|(code, _)| code.as_str()).collect();
        let windows = windows.into_iter().map(|(validity, codes)| (validity, listed(&codes)));
        Self { name: name.to_owned(), all: listed(&all), windows: windows.collect() }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Least length in bytes of the condition that it stands for.
    pub(super) fn length(&self) -> usize {
        self.all.len()
    }

    /// The condition that `value` is one of the codes; with a `year`, of those valid in it.
    pub(super) fn condition(&self, value: &Term, year: Option<&Term>) -> Term {
        if self.windows.is_empty() {
            return Term::atom("FALSE");
        }
        let Some(year) = year else {
            return among(value, &self.all);
        };
        let parts: Vec<Term> = self
            .windows
            .iter()
            .map(|(validity, codes)| match window(year, *validity) {
                None => among(value, codes),
                Some(window) => {
                    let codes = among(value, codes);
                    let both = format!("{} AND {}", codes.operand(), window.operand());
                    Term::chain(Class::And, both)
                }
            })
            .collect();
        match parts.as_slice() {
            [only] => only.clone(),
            _ => {
                let parts: Vec<String> = parts.iter().map(Term::operand).collect();
                Term::chain(Class::Or, parts.join(" OR "))
            }
        }
    }
}

/// Codes as they stand in a condition.
fn listed(codes: &BTreeSet<&str>) -> String {
    codes.iter().map(|code| quoted(code, '\'')).collect::<Vec<_>>().join(", ")
}

fn among(value: &Term, codes: &str) -> Term {
    Term::compound(format!("{} IN ({codes})", value.operand()))
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
